"""``callotasis outcome``: what became of a bone, for people and for a registry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest

from callotasis.cli import outcome as command
from callotasis.cli.outcome import OutcomeFiles, run_outcome
from callotasis.errors import PlanRefusal, RecordRefusal
from callotasis.outcome import Outcome, from_csv, from_parquet, pseudonym
from callotasis.record import CaseFolder
from dora import CASE, SURGEON
from ended import ENDED, outcome
from looks import pages_of


class Tell(Protocol):
    """Tells outcomes."""

    def __call__(
        self, outcomes: list[Outcome], files: OutcomeFiles | None = None, *, json: bool
    ) -> None: ...


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A file with the clinic's secret."""
    path = tmp_path / "key"
    path.write_text("a secret of the clinic\n")
    return path


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Tell these outcomes of a case that exists."""
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON).path

    def tell(
        outcomes: list[Outcome], files: OutcomeFiles | None = None, *, json: bool
    ) -> None:
        monkeypatch.setattr(command, "outcomes_of", lambda *_, **__: tuple(outcomes))
        run_outcome(case, None, files, json=json)

    return tell


def files(
    out: Path, key: Path | None = None, paper: str = "a4", *, parquet: bool = False
) -> OutcomeFiles:
    """Ask for files in a folder."""
    return OutcomeFiles(out, key, parquet, paper)


def test_it_speaks_to_people(told: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    told([ENDED], json=False)
    said = capsys.readouterr().out
    for words in (
        "right femur: outcome",
        "48.6 mm (47.4 to 49.9)",
        "below",
        "later",
        "healing index, osteotomy to called solid by a clinician: 35.2 days/cm",
        "complication: nerve, Paley minor complication",
    ):
        assert words in said


def test_it_is_one_document_by_segment(
    told: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    told([ENDED], json=True)
    document = json.loads(capsys.readouterr().out)
    femur = document["segments"]["R.femur"]
    assert femur["gained_mm"]["low"] == 47.4
    assert femur["healing"]["from"] == "osteotomy"
    assert femur["healing"]["to_day"] == 171
    assert [part["verdict"] for part in femur["expected"]][:2] == ["below", "above"]
    assert femur["complications"][0]["gradings"]["paley"]["level"] == "problem"
    assert "files" not in document


def test_a_bone_of_which_little_is_known_is_told_too(
    told: Tell,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bare = outcome(gained_mm=None, healing=None, expected=())
    told([bare], json=True)
    femur = json.loads(capsys.readouterr().out)["segments"]["R.femur"]
    assert (femur["gained_mm"], femur["healing"]) == (None, None)
    told([bare], json=False)
    assert "not known yet" in capsys.readouterr().out


def test_it_writes_page_registry_and_dictionary(
    told: Tell, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow", reason="python -m pip install pyarrow")
    out = tmp_path / "out"
    told([ENDED], files(out, key, parquet=True), json=True)
    assert {*json.loads(capsys.readouterr().out)["files"]} == {
        "outcome-R.femur.pdf",
        "registry.csv",
        "registry.parquet",
        "dictionary.csv",
    }
    assert "RIGHT FEMUR" in pages_of(out / "outcome-R.femur.pdf")[0]
    rows = from_csv((out / "registry.csv").read_bytes())
    assert rows == from_parquet((out / "registry.parquet").read_bytes())
    assert rows[0]["person"] == pseudonym(CASE, b"a secret of the clinic")
    assert out.stat().st_mode & 0o077 == 0


def test_without_a_key_nobody_gets_into_a_registry(
    told: Tell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    told([ENDED], files(out), json=False)
    assert [path.name for path in out.iterdir()] == ["outcome-R.femur.pdf"]
    assert "written:" in capsys.readouterr().out


def test_nothing_is_written_when_anything_is_refused(
    told: Tell, tmp_path: Path, key: Path
) -> None:
    out = tmp_path / "out"
    wishes = files(out, key)
    with pytest.raises(RecordRefusal, match=r"holds .* R femur twice"):
        told([ENDED, ENDED], wishes, json=True)
    with pytest.raises(PlanRefusal, match="paper 'a5'"):
        told([ENDED], files(out, paper="a5"), json=True)
    missing = files(out, tmp_path / "no key")
    with pytest.raises(RecordRefusal, match=r"key .* cannot be read"):
        told([ENDED], missing, json=True)
    assert not out.exists()


def test_a_registry_of_an_earlier_run_does_not_stay_behind(
    told: Tell, tmp_path: Path, key: Path
) -> None:
    out = tmp_path / "out"
    told([ENDED], files(out, key), json=True)
    assert (out / "registry.csv").is_file()
    told([ENDED], files(out), json=True)
    assert [path.name for path in out.iterdir()] == ["outcome-R.femur.pdf"]

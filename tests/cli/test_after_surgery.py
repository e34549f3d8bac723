"""Commands after surgery, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callotasis.record import CaseFolder
from commands import callotasis, refused
from dora import everything_in
from livedyears import healed, lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Look at a case; nothing is entered any more."""
    folder = lived(tmp_path_factory.mktemp("lived"))
    healed(folder)
    return folder.path


def test_following_writes_a_report_and_prints_one_document(
    case: Path, tmp_path: Path
) -> None:
    outcome = callotasis(
        "follow", case, "--as-of", "30", "--out", tmp_path / "report", "--json"
    )
    told = json.loads(outcome.out)
    femur = told["segments"]["R.femur"]
    assert femur["measured_mm"]["value"] == 17.5
    assert femur["proposal"]["binds"] is False
    assert femur["proposal"]["because"]
    assert {finding["key"] for finding in told["findings"]} >= {
        "length.short",
        "knee.low",
    }
    assert "follow-up.pdf" in everything_in(tmp_path / "report")


def test_a_refused_report_prints_and_writes_nothing(case: Path, tmp_path: Path) -> None:
    words = ("follow", case, "--as-of", "30", "--out", tmp_path / "out", "--paper=a5")
    assert "paper 'a5' is unknown" in refused(*words)
    assert not (tmp_path / "out").exists()


def test_an_outcome_is_told_and_written(case: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a secret of the clinic")
    out = tmp_path / "out"
    outcome = callotasis(
        "outcome", case, "--as-of", "365", "--out", out, "--key", key, "--json"
    )
    femur = json.loads(outcome.out)["segments"]["R.femur"]
    assert femur["gained_mm"]["value"] == 36.0
    assert femur["healing"]["to_day"] == 136
    assert {*everything_in(out)} == {
        "outcome-R.femur.pdf",
        "registry.csv",
        "dictionary.csv",
    }


def test_a_registry_needs_a_folder(case: Path) -> None:
    assert callotasis("outcome", case, "--parquet").code == 2


def test_complications_of_cases_are_counted(case: Path) -> None:
    outcome = callotasis("register", case, "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)


def test_an_exercise_sheet_is_drawn_for_a_side(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    words = ("--bone=femur", "--phase=distraction", "--device=nail", "--side=R")
    outcome = callotasis("exercises", *words, "--exercise=ankle_pump", "--out", sheet)
    assert outcome.code == 0, outcome.err
    assert sheet.read_bytes().startswith(b"%PDF")


def test_a_side_that_nobody_has_is_refused(tmp_path: Path) -> None:
    words = ("--bone=femur", "--phase=distraction", "--device=nail", "--side=X")
    assert "side" in refused("exercises", *words, "--out", tmp_path / "sheet.pdf")
    assert not everything_in(tmp_path)


def test_an_outcome_before_surgery_is_refused(case: Path) -> None:
    assert "there is no outcome yet" in refused("outcome", case, "--as-of=-5")
    assert CaseFolder(case).findings == ()

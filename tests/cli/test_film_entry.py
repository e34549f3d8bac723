"""Keeping a reading in a case, as it is typed beside ``length`` and ``callus``."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.cli.film_entry import Keep
from callotasis.errors import Refusal
from callotasis.followup import FilmRead, Grows
from callotasis.record import CaseFolder
from dora import CASE, SURGEON

READ = FilmRead(of=Grows.RINGS, measured_mm=120.0, sd_mm=0.2)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Start a case."""
    return CaseFolder.create(tmp_path / "case", CASE, SURGEON).path


def test_without_a_case_nothing_is_kept() -> None:
    assert Keep.asked(None, "R.femur", "Ben", None) is None


def test_a_reading_is_kept_by_name_and_time(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = Keep.asked(case, "R.femur", "Ben", "2026-02-01T09:00:00+01:00")
    assert keep is not None
    keep.reading(READ)
    [entry] = CaseFolder(case).case().of_kind("measurement")
    assert (entry.author, entry.segment) == ("Ben", "R.femur")
    assert entry.happened_at == "2026-02-01T09:00:00+01:00"
    said = capsys.readouterr()
    assert said.out == ""
    assert entry.id in said.err


@pytest.mark.parametrize(
    ("segment", "by", "taken_at", "says"),
    [
        (None, "Ben", None, "--segment, --by"),
        ("R.femur", None, None, "--segment, --by"),
        ("R.femur", "Ben", "yesterday", "taken-at is 'yesterday'"),
        ("R.arm", "Ben", "2026-02-01T09:00:00+01:00", "arm"),
        ("R.femur", "Ben", None, "--taken-at"),
    ],
)
def test_what_is_missing_is_asked_for(
    case: Path, segment: str | None, by: str | None, taken_at: str | None, says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        Keep.asked(case, segment, by, taken_at)

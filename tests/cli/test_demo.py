"""``callotasis demo``: a whole case with one command, ending with five lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from callotasis.demo import CASE, STEPS
from callotasis.record import CaseFolder
from commands import Outcome, callotasis, refused
from dora import everything_in
from looks import Page


@dataclass(frozen=True)
class Shown:
    """What a demonstration said and where it left its files."""

    outcome: Outcome
    folder: Path

    @property
    def lines(self) -> list[str]:
        """Its result, line by line."""
        return self.outcome.out.splitlines()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The whole demonstration as a person starts it: this takes some seconds."""
    folder = tmp_path_factory.mktemp("shown") / "new" / "demo"
    return Shown(callotasis("demo", "--out", folder), folder)


@pytest.mark.slow
def test_the_demonstration_ends_with_five_lines(shown: Shown) -> None:
    assert shown.outcome.code == 0
    heads = [line.partition(":")[0] for line in shown.lines]
    assert heads == ["Discrepancy", "Planned", "Dates", "Findings", "Report"]


@pytest.mark.slow
def test_what_the_year_brought_is_told_beside_the_result(shown: Shown) -> None:
    assert "Day 21, this week: On the film the right femur is" in shown.outcome.err
    assert "Day 38, this week: The knee bends 52 degrees" in shown.outcome.err
    assert str(shown.folder / "year") in shown.outcome.err


@pytest.mark.slow
def test_the_interval_of_the_discrepancy_holds_the_truth(shown: Shown) -> None:
    value, low, high, truth = map(
        float, re.findall(r"-?\d+\.\d+(?= mm| to|,)", shown.lines[0])
    )
    assert low < value < high
    assert low <= truth <= high


@pytest.mark.slow
def test_what_is_planned_is_said_with_sign_and_side(shown: Shown) -> None:
    assert re.search(r"L\.tibia turned \+\d+\.\d° \(valgus \+\)", shown.lines[1])
    assert re.search(r"R\.femur lengthened by \d+(\.\d+)? mm", shown.lines[1])


@pytest.mark.slow
def test_dates_are_ranges_and_no_stop_is_open(shown: Shown) -> None:
    assert "surgery 11 January 2027" in shown.lines[2]
    assert re.search(r"bone consolidated \d+ \w+ to \d+ \w+ 2027", shown.lines[2])
    assert shown.lines[3].endswith(" 0 stop")


@pytest.mark.slow
def test_case_pictures_calendar_and_report_are_written(shown: Shown) -> None:
    written = everything_in(shown.folder)
    assert {
        "film.dcm",
        "film.truth.json",
        "film.landmarks.json",
        "case/entries.jsonl",
        "report/report.html",
        "report/report.pdf",
        "report/film.jpg",
        "report/before_after.jpg",
        "report/timeline.png",
        "report/prescription.png",
        "report/turns.ics",
        "report/turns.csv",
        "year/report/report.html",
        "year/follow-up/day-021/follow-up.pdf",
        "year/follow-up/day-365/follow-up.html",
        "year/outcome/outcome-R.femur.pdf",
        "year/outcome/registry.csv",
    } <= {*written}
    assert all(
        len(data) > 0 for name, data in written.items() if not name.endswith("lock")
    )
    assert shown.lines[4] == f"Report: {shown.folder / 'report' / 'report.html'}"


@pytest.mark.slow
def test_the_report_of_the_demonstration_is_a_synthetic_draft(shown: Shown) -> None:
    page = Page((shown.folder / "report" / "report.html").read_text("utf-8"))
    assert CASE in page.text
    assert "SYNTHETIC" in page.text
    assert "DRAFT" in page.text


@pytest.mark.slow
def test_the_case_of_the_demonstration_can_be_looked_into_and_signed(
    shown: Shown, tmp_path: Path
) -> None:
    case = shown.folder / "case"
    assert CASE in callotasis("case", "show", case).out
    signed = callotasis("case", "sign", case, "--by=Ada", "--out", tmp_path / "signed")
    assert signed.code == 0, signed.err
    assert len(CaseFolder(case).case().of_kind("signature")) == 1


def test_a_folder_that_holds_something_is_refused_and_left_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "letter").write_text("Dear Ada,", "utf-8")
    before = everything_in(tmp_path)
    assert "is not empty" in refused("demo", "--out", tmp_path)
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("name", ["letter", "letter/demo"])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter").write_text("Dear Ada,", "utf-8")
    before = everything_in(tmp_path)
    refused("demo", "--out", tmp_path / name)
    assert everything_in(tmp_path) == before


def test_the_steps_have_names_that_a_person_understands() -> None:
    assert len({*STEPS}) == len(STEPS)
    assert all(step == step.lower().strip() for step in STEPS)

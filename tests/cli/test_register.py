"""``callotasis register``: what cases hold, counted beside what was published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callotasis.cli.register import run_register, treated_of
from callotasis.errors import RecordRefusal
from callotasis.pose import Segment
from callotasis.record import CaseFolder
from dora import LEFT_TIBIA, RIGHT_FEMUR
from followcases import at_day, entered, signed_case, turned
from mishaps import SETTLED

ENDS = {"ends_treatment": True, "reason": "solid, walking"}


def stiff(case: CaseFolder, day: int, segment: Segment = RIGHT_FEMUR) -> None:
    """Enter a stiff knee on a day."""
    on = at_day(day).date().isoformat()
    body = {**SETTLED, "noticed_on": on, "resolved_on": on}
    entered(case, "complication", body, at_day(day), segment)


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """A case that is turned, with one stiff knee."""
    folder = signed_case(tmp_path)
    turned(folder, 8)
    stiff(folder, 20)
    return folder


def printed(capsys: pytest.CaptureFixture[str], *cases: Path) -> Any:
    """The register as its one document."""
    run_register([*cases], json=True)
    return json.loads(capsys.readouterr().out)


def test_it_counts_bones_that_were_turned(
    case: CaseFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    told = printed(capsys, case.path)
    assert (told["cases"], told["segments"], told["ended"]) == (1, 1, 0)
    every = told["lines"][0]
    assert (every["name"], every["events"], every["provisional"]) == ("all", 1, 1)
    assert every["per_100"]["value"] == 100.0
    assert every["beside"][0]["source"] == "Acta Orthop 2021;92:120"


def test_the_end_of_treatment_makes_gradings_final(
    case: CaseFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    entered(case, "decision", ENDS, at_day(300), RIGHT_FEMUR)
    told = printed(capsys, case.path)
    assert told["ended"] == 1
    assert told["lines"][0]["provisional"] == 0


def test_it_speaks_to_people(
    case: CaseFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    run_register([case.path], json=False)
    said = capsys.readouterr().out
    for words in (
        "Cases: 1; lengthened segments: 1; treatment ended: 0",
        "joint contracture",
        "beside: complication, PRECICE and FITBONE",
        "33.8 (30.2 to 37.6)",
        "[second-hand]",
        "are provisional",
        "no risk of one person",
    ):
        assert words in said
    assert "deep infection" not in said


def test_a_case_that_is_given_twice_is_refused(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="comes twice"):
        run_register([case.path, case.path], json=True)


def test_a_complication_of_another_bone_is_refused(case: CaseFolder) -> None:
    stiff(case, 21, LEFT_TIBIA)
    with pytest.raises(RecordRefusal, match=r"L\.tibia, which was not lengthened"):
        treated_of(case.case())


def test_a_case_without_an_operation_has_nothing_to_count(tmp_path: Path) -> None:
    with pytest.raises(RecordRefusal, match="no lengthened segment"):
        run_register([signed_case(tmp_path).path], json=True)

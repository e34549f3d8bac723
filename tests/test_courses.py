"""Every bone's course as it was known at the end of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callotasis.courses import look_at
from callotasis.distraction import Phase, Protocol, prescribe
from callotasis.errors import RecordRefusal
from callotasis.fixation import every_device
from callotasis.followup import Step
from callotasis.record import CaseFolder, new_entry
from callotasis.signatures import SIGNED, Signed
from dora import CASE, LEFT_TIBIA, RIGHT_FEMUR, SURGEON, SURGERY_ON
from followcases import (
    CUT_MM,
    FEMUR_MM,
    PLAN,
    SURGERY,
    at_day,
    entered,
    entry_at,
    femur,
    operated,
    signed_case,
    turned,
)

RAIL = prescribe(LEFT_TIBIA, "example-rail", 30.0, Protocol(7, 0.75, 3, ()), SURGERY_ON)


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow one femur, operated on the planned day."""
    folder = signed_case(tmp_path)
    operated(folder)
    return folder


def changed(case: CaseFolder, day: int, done: float, answers: tuple[str, ...]) -> None:
    """Sign another prescription of the femur at noon of a day."""
    shorter = replace(PLAN, turns=PLAN.turns[-20:])
    start = at_day(day).replace(tzinfo=None)
    signed = Signed(
        "a draft",
        {"R.femur": shorter},
        {"R.femur": "antegrade"},
        start_mm={"R.femur": done},
        starts_at={"R.femur": start},
        answers=answers,
    )
    body = SIGNED.dump_python(signed, mode="json")
    case.append(entry_at("signature", body, at_day(day), "", SURGEON))


def test_a_day_is_a_number_since_surgery_or_a_date(case: CaseFolder) -> None:
    looked = look_at(case, 9)
    assert (looked.day, looked.on) == (9, SURGERY_ON + timedelta(days=9))
    assert look_at(case, looked.on).on == looked.on
    assert look_at(case).day < 0  # this case is operated in 2027


def test_what_happened_later_is_not_seen(case: CaseFolder) -> None:
    turned(case, 40)
    entered(case, "symptom", {"signs": ["fever"]}, at_day(9, 23))
    assert [e.kind for e in look_at(case, 8).seen.of_kind("symptom")] == []
    assert len(look_at(case, 9).seen.of_kind("symptom")) == 1
    assert len(look_at(case, 8).seen.of_kind("turn")) == 8


def test_a_changed_prescription_binds_from_the_day_it_was_signed(
    case: CaseFolder,
) -> None:
    changed(case, 20, 13.5, ("knee.stop@R.femur",))
    before, after = femur(case, 19), femur(case, 20)
    assert [len(c.bounds) for c in (before, after)] == [1, 2]
    assert before.prescription == PLAN
    assert len(after.prescription.turns) == 20
    assert before.answered == {}
    assert after.answered == {"knee.stop": (20.5,)}
    [answer] = look_at(case, 20).answers
    assert (answer.by, answer.reason) == (SURGEON, "a changed prescription was signed")


def test_answers_speak_of_one_bone_or_of_all(tmp_path: Path) -> None:
    case = signed_case(tmp_path, PLAN, RAIL)
    for day, silences in (
        (9, "knee.low@R.femur"),
        (11, "pain.high"),
        (12, "ankle.neutral@L.tibia"),
    ):
        body = {"silences": silences, "reason": "Seen."}
        entered(case, "decision", body, at_day(day), "", SURGEON)
    courses = look_at(case, 20).courses
    assert courses[RIGHT_FEMUR].answered == {"knee.low": (9.5,), "pain.high": (11.5,)}
    assert courses[LEFT_TIBIA].answered == {
        "pain.high": (11.5,),
        "ankle.neutral": (12.5,),
    }
    assert look_at(case, 8).answers == ()


def test_the_last_permission_of_a_step_counts(case: CaseFolder) -> None:
    for day in (100, 110):
        body = {"allows": "sport", "reason": "Seen."}
        entered(case, "decision", body, at_day(day), by=SURGEON)
    assert femur(case, 99).allowed == {}
    assert femur(case, 105).allowed == {Step.SPORT: 100}
    assert femur(case, 120).allowed == {Step.SPORT: 110}


def test_the_cut_is_the_surgeons_and_the_length_the_plans(tmp_path: Path) -> None:
    case = signed_case(tmp_path, length_mm={"R.femur": FEMUR_MM})
    planned = femur(case, -1).cut
    body = {**SURGERY, "cut_mm": 150.0, "done_on": SURGERY_ON.isoformat()}
    entered(case, "surgery", body, at_day(0))
    done = femur(case, 1).cut
    assert planned is not None
    assert done is not None
    assert (planned.cut_mm, done.cut_mm) == (CUT_MM, 150.0)
    assert done.bone_length_mm == FEMUR_MM
    assert femur(case, 1).gap_zero_mm == 1.0
    assert femur(case, -1).gap_zero_mm is None


@pytest.mark.parametrize("length_mm", [CUT_MM, 100.0, 9000.0])
def test_a_cut_that_cannot_be_is_no_cut(tmp_path: Path, length_mm: float) -> None:
    case = signed_case(tmp_path, length_mm={"R.femur": length_mm})
    assert femur(case, 1).cut is None


def test_the_device_is_the_implanted_one_with_its_confirmed_figures(
    case: CaseFolder,
) -> None:
    assert femur(case, 1).device == every_device()["example-nail"]
    body = {
        "confirms": "example-nail",
        "stroke_mm": 50.0,
        "step_mm": 0.5,
        "document": "Instructions, revision 3",
    }
    entered(case, "decision", body, at_day(-40), "", SURGEON)
    read = femur(case, 1).device
    assert (read.stroke_mm, read.step_mm) == (50.0, 0.5)


def test_another_nail_that_was_implanted_has_the_word(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    body = {
        **SURGERY,
        "device": "precice-stryde",
        "reason": "The planned one was not there.",
        "done_on": SURGERY_ON.isoformat(),
    }
    entered(case, "surgery", body, at_day(0))
    assert femur(case, 1).device.name == "precice-stryde"
    assert femur(case, -1).device.name == "example-nail"


def test_what_is_felt_where_no_followed_bone_is_is_felt_by_the_person(
    case: CaseFolder,
) -> None:
    entered(case, "symptom", {"signs": ["calf_pain"]}, at_day(30), "L")
    entered(case, "symptom", {"signs": ["fever"]}, at_day(30), "R")
    said = femur(case, 31).said
    assert said["calf_pain"] == said["fever"] == [(30.5, 1.0)]


def test_what_is_felt_in_another_followed_leg_stays_there(tmp_path: Path) -> None:
    case = signed_case(tmp_path, PLAN, RAIL)
    entered(case, "symptom", {"signs": ["numbness"]}, at_day(30), "L")
    courses = look_at(case, 31).courses
    assert "numbness" in courses[LEFT_TIBIA].said
    assert "numbness" not in courses[RIGHT_FEMUR].said


def test_days_count_from_the_real_operation(tmp_path: Path) -> None:
    case = signed_case(tmp_path, PLAN, RAIL)
    operated(case, day=3)
    looked = look_at(case, SURGERY_ON + timedelta(days=5))
    assert looked.first == SURGERY_ON  # of the tibia
    assert {str(b): c.day for b, c in looked.courses.items()} == {
        "R.femur": 2,
        "L.tibia": 5,
    }


def test_without_a_signed_plan_nothing_is_followed(tmp_path: Path) -> None:
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON)
    with pytest.raises(RecordRefusal, match="holds no signed plan"):
        look_at(case)
    case.append(new_entry(CASE, "signature", SURGEON, {"prescriptions": 3}))
    with pytest.raises(RecordRefusal, match="signature"):
        look_at(case)


def test_a_year_of_entries_is_gathered(case: CaseFolder) -> None:
    many = [
        entry_at("symptom", {"pain": day % 5}, at_day(day, hour), "")
        for day in range(1, 366)
        for hour in (7, 11, 15, 19, 21)
    ]
    case.append(*many)
    turned(case, len(PLAN.turns))
    looked = look_at(case, 365)
    assert len(looked.seen.entries) > 1980
    course = looked.courses[RIGHT_FEMUR]
    assert course.phase is Phase.CONSOLIDATION
    assert course.diary.now("pain") == 0.0
    assert len(course.said["pain"]) == len(many)

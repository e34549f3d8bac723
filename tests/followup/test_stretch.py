"""Stretch that is not yet grown, read off joint ranges of a course."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.adapting import draft_change, sign_draft
from callotasis.distraction import Adaptation, Change
from callotasis.followup import (
    nerve_of,
    outlooks_of,
    stretch_findings,
    stretch_of,
)
from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR, SURGEON
from followcases import (
    FEMUR_MM,
    PLAN,
    at_day,
    entered,
    femur,
    operated,
    signed_case,
    turned_until,
)

FREE = {
    "knee_flexion_deg": 140,
    "knee_flexion_prone_deg": 130,
    "knee_extension_lack_deg": 0,
    "popliteal_angle_deg": 20,
}


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow a femur, turned until day 27, measured before surgery."""
    folder = signed_case(tmp_path, length_mm={"R.femur": FEMUR_MM})
    operated(folder)
    turned_until(folder, 27)
    measured(folder, -9, **FREE)
    return folder


def measured(case: CaseFolder, day: int, **ranges: float) -> None:
    """Measure ranges of the right leg."""
    entered(case, "exam", {"ranges": ranges}, at_day(day), "R", "Ben")


def test_a_knee_that_bends_less_says_what_the_quadriceps_has_not_grown(
    case: CaseFolder,
) -> None:
    measured(case, 14, **(FREE | {"knee_flexion_deg": 130}))
    measured(case, 27, **(FREE | {"knee_flexion_deg": 110}))
    early, late = stretch_of(femur(case, 15)), stretch_of(femur(case, 27))
    assert early.keys() == late.keys()
    assert early
    assert late["vasti"].value > early["vasti"].value > 0
    assert late["vasti"].low < late["vasti"].value < late["vasti"].high


def test_without_ranges_on_both_sides_of_surgery_no_stretch_is_told(
    case: CaseFolder,
) -> None:
    assert stretch_of(femur(case, 27)) == {}


def test_without_the_length_of_the_bone_no_stretch_is_told(tmp_path: Path) -> None:
    folder = signed_case(tmp_path)
    operated(folder)
    measured(folder, -9, **FREE)
    measured(folder, 20, **(FREE | {"knee_flexion_deg": 70}))
    assert femur(folder, 27).cut is None
    assert stretch_of(femur(folder, 27)) == {}


def test_nobody_is_stretched_by_more_than_was_turned(case: CaseFolder) -> None:
    measured(case, 9, **(FREE | {"knee_flexion_deg": 40}))
    course = femur(case, 10)
    most = course.turning.turned_mm(course.now).high
    found = stretch_of(course)
    assert found
    assert all(stretch.high <= most for stretch in found.values())


def test_what_surgery_cost_is_not_called_stretch(case: CaseFolder) -> None:
    stiff = FREE | {"knee_flexion_deg": 95}
    measured(case, 27, **stiff)
    alone = stretch_of(femur(case, 27))["vasti"]
    measured(case, 6, **stiff)
    parted = stretch_of(femur(case, 27))["vasti"]
    assert parted.value < alone.value


def test_exams_that_no_lag_explains_are_told_once(case: CaseFolder) -> None:
    for day, deg in ((8, 140), (12, 40), (16, 140), (20, 40), (24, 140)):
        measured(case, day, **(FREE | {"knee_flexion_deg": deg}))
    [observed] = stretch_findings(femur(case, 27))
    assert observed.finding.key == "softtissue.not_explained"
    assert "vasti" in observed.finding.sentence


def test_a_steady_knee_raises_nothing(case: CaseFolder) -> None:
    for day, deg in ((8, 138), (15, 132), (22, 127)):
        measured(case, day, **(FREE | {"knee_flexion_deg": deg}))
    assert stretch_findings(femur(case, 27)) == ()


def test_the_outlook_has_three_rates_and_ends_with_the_turning(
    case: CaseFolder,
) -> None:
    measured(case, 20, **(FREE | {"knee_flexion_deg": 120}))
    ahead = outlooks_of(femur(case, 27))
    assert "vasti" in ahead
    assert [one.rate_mm_per_day for one in ahead["vasti"]] == [0.5, 0.75, 1.0]
    slow, _, fast = ahead["vasti"]
    assert slow.end_day > fast.end_day
    assert slow.at_end.stretch_mm.value < fast.at_end.stretch_mm.value
    turned_on = femur(case, PLAN.last_day + 40)
    assert turned_on.phase == "distraction"


def test_before_turning_and_without_ranges_there_is_no_outlook(
    case: CaseFolder,
) -> None:
    assert outlooks_of(femur(case, 3)) == {}
    assert outlooks_of(femur(case, 27)) == {}


# The nerve of the leg, in name only.


@pytest.fixture
def measured_leg(tmp_path: Path) -> CaseFolder:
    """Follow a femur of 430 mm above a tibia of 370 mm, 20 mm turned by day 26."""
    lengths = {"R.femur": FEMUR_MM, "R.tibia": 370.0, "L.tibia": 300.0}
    folder = signed_case(tmp_path, length_mm=lengths)
    operated(folder)
    turned_until(folder, 26)
    return folder


def test_a_nerve_is_drawn_out_by_the_leg_at_least_and_the_bone_at_most(
    measured_leg: CaseFolder,
) -> None:
    told = nerve_of(femur(measured_leg, 26))
    assert told is not None
    assert told.in_all.segment_percent == pytest.approx(100 * 20 / FEMUR_MM)
    assert told.per_day.segment_percent == pytest.approx(100 / FEMUR_MM)
    whole = told.in_all.whole_leg_percent / told.in_all.segment_percent
    assert whole == pytest.approx(FEMUR_MM / (0.98 * 800), rel=0.02)


def test_nothing_is_drawn_out_before_the_first_turn(measured_leg: CaseFolder) -> None:
    assert nerve_of(femur(measured_leg, 3)) is None


def test_no_nerve_without_the_other_bone(case: CaseFolder) -> None:
    assert nerve_of(femur(case, 27)) is None


def test_a_changed_prescription_keeps_the_lengths_of_the_plan(
    measured_leg: CaseFolder,
) -> None:
    slow = Adaptation(Change.SLOW, at_day(27).date(), rate_mm_per_day=0.5)
    entry, _ = draft_change(measured_leg, RIGHT_FEMUR, SURGEON, slow, at_day(26, 21))
    sign_draft(measured_leg, entry, SURGEON, at_day(26, 22))
    told = nerve_of(femur(measured_leg, 27))
    assert told is not None
    assert told.per_day.segment_percent == pytest.approx(100 * 0.5 / FEMUR_MM)

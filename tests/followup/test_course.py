"""One bone's whole course until a day: phases, ends, facts and what is told anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from callotasis.distraction import (
    Adaptation,
    Bound,
    Change,
    Phase,
    Protocol,
    adapted,
    prescribe,
    schedule_of,
)
from callotasis.fixation import every_device
from callotasis.followup import BoneCourse, FilmRead, Step
from callotasis.followup.course import newest_read
from callotasis.followup.gathered import FilmOn
from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR, SURGEON, SURGERY_ON
from followcases import (
    HOME,
    PLAN,
    at_day,
    entered,
    femur,
    operated,
    signed_case,
    turned,
    turned_until,
)

LAST = PLAN.last_day
NAIL = every_device()["example-nail"]


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow one femur, operated on the planned day."""
    folder = signed_case(tmp_path)
    operated(folder)
    return folder


def allow(case: CaseFolder, step: Step, day: int) -> None:
    """Let the surgeon allow a step."""
    body = {"allows": step.value, "reason": "Seen."}
    entered(case, "decision", body, at_day(day), by=SURGEON)


# Phases.


@pytest.mark.parametrize("allowed", [2, LAST, LAST + 60])
def test_a_bone_is_loaded_once_it_is_drawn_out_and_allowed(
    case: CaseFolder, allowed: int
) -> None:
    turned(case, len(PLAN.turns))
    allow(case, Step.FULL_WEIGHT_BEARING, allowed)
    assert femur(case, LAST - 1).phase is Phase.DISTRACTION
    loaded = femur(case, LAST + 60)
    assert loaded.phase is Phase.LOADING
    assert loaded.phase_start == max(allowed, LAST)
    assert loaded.way.loaded_day == allowed
    if allowed > LAST:
        assert femur(case, allowed - 1).phase is Phase.CONSOLIDATION


def test_other_steps_load_nothing(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    allow(case, Step.SPORT, LAST + 10)
    course = femur(case, LAST + 20)
    assert course.phase is Phase.CONSOLIDATION
    assert course.allowed == {Step.SPORT: LAST + 10}
    assert course.way.loaded_day is None


def test_a_phase_begins_when_its_bone_entered_it(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    starts = {day: femur(case, day).phase_start for day in (-3, 3, 20, LAST + 9)}
    assert starts == {-3: 0, 3: 0, 20: 7, LAST + 9: LAST}


def test_a_bone_that_was_turned_early_is_drawn_out(case: CaseFolder) -> None:
    entered(case, "turn", {"turned_mm": 0.25}, at_day(5))
    assert femur(case, 4).phase is Phase.LATENCY
    early = femur(case, 5)
    assert early.phase is Phase.DISTRACTION
    assert (early.first_turn_day, early.last_turn_day) == (5, 5)


def test_a_bone_that_is_turned_back_first_is_not_done(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    course = femur(case, LAST + 5)
    change = Adaptation(Change.BACK_AND_FORTH, at_day(LAST + 6).date(), mm=5.0)
    bound = adapted(course.bounds[-1], 40.0, change, NAIL)
    bounds = (*course.bounds, replace(bound, starts_at=course.now))
    turning = replace(
        course.turning,
        schedule=tuple((t.at, t.turn_mm) for b in bounds for t in b.prescription.turns),
    )
    assert course.phase is Phase.CONSOLIDATION
    again = replace(course, bounds=bounds, turning=turning)
    assert again.phase is Phase.DISTRACTION


# Ends.


def test_the_end_is_as_planned_while_turning_is_in_time(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    for day in (-3, 3, 10, 30, LAST, LAST + 50):
        assert femur(case, day).end_day == LAST


@pytest.mark.parametrize(("left_out", "later"), [(1, 1), (4, 1), (5, 2), (12, 3)])
def test_turns_left_out_move_the_end(
    case: CaseFolder, left_out: int, later: int
) -> None:
    turned_until(case, 20)
    course = femur(case, 20)
    turns = course.turning.turns[:-left_out]
    behind = replace(
        course,
        turning=replace(course.turning, turns=turns, doubtful=(False,) * len(turns)),
    )
    assert course.end_day == LAST
    assert behind.end_day == LAST + later


@pytest.mark.parametrize(
    ("change", "sooner"),
    [
        (Adaptation(Change.FASTER, at_day(21).date(), 1.25, 4), 1),
        (Adaptation(Change.HOLD, at_day(21).date(), days=7), -7),
        (Adaptation(Change.EXTEND, at_day(21).date(), mm=3.0), -3),
    ],
)
def test_the_end_with_a_change_is_that_of_its_last_turn(
    case: CaseFolder, change: Adaptation, sooner: int
) -> None:
    turned_until(case, 20)
    course = femur(case, 20)
    bound = adapted(course.bounds[-1], 14.0, change, NAIL)
    assert course.end_with(bound) == LAST - sooner == bound.prescription.last_day


def test_a_stopped_bone_ended_with_its_last_turn_and_keeps_its_length(
    case: CaseFolder,
) -> None:
    turned_until(case, 20)
    course = femur(case, 25)
    stop = Adaptation(Change.STOP, at_day(26).date())
    bound = adapted(course.bounds[-1], 14.0, stop, NAIL)
    ended = replace(
        course,
        bounds=(*course.bounds, bound),
        turning=replace(
            course.turning,
            prescription=bound.prescription,
            schedule=course.turning.turns,
        ),
    )
    assert ended.phase is Phase.CONSOLIDATION
    assert (ended.end_day, ended.way.gain_mm) == (20, 14.0)


# Facts.


def facts(course: BoneCourse) -> dict[str, object]:
    """Name what is known today."""
    return {name: course.diary.now(name) for name in course.diary.facts}


def test_days_are_facts(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    latency, turning, rest = (facts(femur(case, day)) for day in (3, 20, LAST + 9))
    assert (latency["day"], latency["turning_days"]) == (3.0, None)
    assert (turning["day"], turning["turning_days"]) == (20.0, 13.0)
    assert rest["day"] == LAST + 9.0
    assert rest["market"] == NAIL.market.value


def test_slower_turning_is_counted_from_the_day_it_was_signed(case: CaseFolder) -> None:
    turned_until(case, 20)
    course = femur(case, 30)
    slow = Adaptation(Change.SLOW, at_day(21).date(), 0.75)
    bound = adapted(course.bounds[-1], 14.0, slow, NAIL)
    slowed = replace(course, bounds=(*course.bounds, bound))
    assert facts(course)["slowed_days"] is None
    assert facts(slowed)["slowed_days"] == 9.0
    hold = adapted(
        course.bounds[-1],
        14.0,
        Adaptation(Change.HOLD, at_day(21).date(), days=3),
        NAIL,
    )
    held = replace(course, bounds=(*course.bounds, hold))
    assert facts(held)["slowed_days"] is None


# A rest that waits for a signature.


def test_a_bone_that_rests_still_lengthens_and_waits_for_nobody(
    case: CaseFolder,
) -> None:
    turned_until(case, 20)
    course = femur(case, 30)
    rest = adapted(
        course.bounds[-1],
        course.turning.turned_mm(course.now).value,
        Adaptation(Change.HOLD, course.on + timedelta(days=1)),
        course.device,
    )
    bounds = (*course.bounds, rest)
    turning = replace(course.turning, schedule=schedule_of(bounds))
    resting = replace(course, bounds=bounds, turning=turning)
    assert resting.rests
    assert resting.phase is Phase.DISTRACTION
    assert resting.turn_expected_day is None
    assert resting.turning.all_mm == pytest.approx(14.0)


def test_turns_written_twice_end_no_distraction(case: CaseFolder) -> None:
    turned_until(case, 30)
    for turn in PLAN.turns[:96]:
        at = (turn.at + timedelta(minutes=2)).replace(tzinfo=HOME)
        entered(case, "turn", {"turned_mm": turn.turn_mm}, at)
    course = femur(case, 30)
    assert course.turning.turned_mm(course.now).high >= PLAN.total_mm
    assert course.phase is Phase.DISTRACTION


# Films and ranges.


def test_the_newest_readings_of_one_visit_are_put_together() -> None:
    def film(day: int, **read: object) -> FilmOn:
        return FilmOn(day, at_day(day).replace(tzinfo=None), FilmRead(**read))

    old = film(60, ratio={"medial": 0.5}, width_ratio=0.6)
    frontal = film(100, ratio={"medial": 0.9, "lateral": 0.8}, width_ratio=0.9)
    side = film(110, ratio={"anterior": 0.7}, bridged_cortices=3)
    length = film(112, callus_seen=True)
    read = newest_read([old, frontal, side, length])
    assert read is not None
    assert read.ratio == {"medial": 0.9, "lateral": 0.8, "anterior": 0.7}
    assert (read.width_ratio, read.bridged_cortices) == (0.9, 3)
    assert newest_read([length]) is None
    assert newest_read([]) is None


def test_ranges_before_surgery_are_the_newest_of_them(case: CaseFolder) -> None:
    for day, deg in ((-90, 120), (-9, 135), (9, 80), (16, 70)):
        body = {"ranges": {"knee_flexion_deg": deg}}
        entered(case, "exam", body, at_day(day), "R")
    course = femur(case, 20)
    assert course.before is not None
    assert course.before.knee_flexion_deg == 135
    assert [(e.day, e.ranges.knee_flexion_deg) for e in course.range_exams] == [
        (9, 80),
        (16, 70),
    ]
    assert femur(case, -20).before is not None
    assert femur(case, -99).before is None


def test_turns_are_added_up_until_the_noon_of_each_day(case: CaseFolder) -> None:
    turned_until(case, 10)
    until = femur(case, 12).turned_until(np.array([3.0, 7.0, 8.0, 10.0, 12.0]))
    assert until == pytest.approx([0.0, 0.5, 1.5, 3.5, 4.0])


def test_a_bone_of_another_plan_keeps_its_own_days(tmp_path: Path) -> None:
    plan = prescribe(
        RIGHT_FEMUR, "example-nail", 20.0, Protocol(5, 0.5, 2, ()), SURGERY_ON
    )
    case = signed_case(tmp_path, plan)
    turned(case, 8, plan)
    course = femur(case, 8)
    assert course.bounds == (Bound(plan),)
    assert (course.first_asked_day, course.last_turn_day) == (5, 8)
    assert course.prescription.total_mm == 20.0


def test_a_turn_that_nobody_logged_at_the_end_is_not_waited_for(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    operated(case)
    turned(case, len(PLAN.turns) - 1)
    assert femur(case, PLAN.last_day + 10).phase is Phase.DISTRACTION
    assert femur(case, PLAN.last_day + 15).phase is Phase.CONSOLIDATION


def test_a_whole_day_that_is_missing_is_waited_for(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    operated(case)
    turned(case, len(PLAN.turns) - 4)
    assert femur(case, PLAN.last_day + 100).phase is Phase.DISTRACTION

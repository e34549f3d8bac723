"""Exercises of the diary and recorded walks, as a follow-up tells them."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.followed import follow
from callotasis.followup import walking_change
from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR
from followcases import at_day, entered, operated, signed_case, turned_until


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow a femur that is turned from day 7 on."""
    folder = signed_case(tmp_path)
    operated(folder)
    turned_until(folder, 27)
    return folder


def practise(case: CaseFolder, day: int, exercise: str, rounds: int) -> None:
    """Write an exercise down."""
    body = {"exercise": exercise, "rounds": rounds}
    entered(case, "exercise", body, at_day(day, 20))


def walk(case: CaseFolder, day: int, left_s: float, right_s: float) -> None:
    """Record a walk of three even steps a side."""
    steps = {
        "L": [left_s - 0.01, left_s, left_s + 0.01],
        "R": [right_s - 0.01, right_s, right_s + 0.01],
    }
    entered(case, "gait", {"stance_s": steps}, at_day(day, 11), "")


def test_nobody_who_keeps_no_diary_is_held_against_it(case: CaseFolder) -> None:
    assert follow(case, 20).segments[RIGHT_FEMUR].practised == ()


def test_weeks_count_from_the_phase_and_the_last_two_are_told(case: CaseFolder) -> None:
    practise(case, 15, "heel_slide", 3)
    practise(case, 21, "heel_slide", 4)
    practise(case, 21, "physiotherapy", 1)
    last, running = follow(case, 23).segments[RIGHT_FEMUR].practised
    assert (last.first_day, running.first_day) == (at_day(14).date(), at_day(21).date())
    slides = [
        next(e for e in week.exercises if e.what == "heel_slide")
        for week in (last, running)
    ]
    assert [line.logged for line in slides] == [3, 4]
    assert (last.sessions.logged, running.sessions.logged) == (0, 1)
    assert running.days == 3


def test_what_is_practised_later_is_not_seen(case: CaseFolder) -> None:
    practise(case, 22, "heel_slide", 3)
    assert follow(case, 21).segments[RIGHT_FEMUR].practised == ()


def test_an_early_turn_does_not_stop_the_diary(tmp_path: Path) -> None:
    folder = signed_case(tmp_path)
    operated(folder)
    entered(folder, "turn", {"turned_mm": 0.25}, at_day(4))
    practise(folder, 4, "ankle_pump", 6)
    [week] = follow(folder, 5).segments[RIGHT_FEMUR].practised
    assert week.days == 1


def test_a_walk_is_held_against_the_last_one_before_surgery(case: CaseFolder) -> None:
    walk(case, -20, 0.80, 0.60)
    walk(case, -3, 0.72, 0.64)
    walk(case, 27, 0.66, 0.64)
    walks = follow(case, 27).walks
    assert [one.day for one in walks] == [-20, -3, 27]
    changed = walking_change(walks)
    assert changed is not None
    assert changed.before.asymmetry_percent.value == pytest.approx(100 * 0.08 / 0.68)
    assert changed.gained_percent.value > 5
    assert "rehabilitation.stance_after" in changed.evidence


@pytest.mark.parametrize("days", [(), (-3,), (27,)])
def test_no_change_without_a_walk_before_and_after(
    case: CaseFolder, days: tuple[int, ...]
) -> None:
    for day in days:
        walk(case, day, 0.7, 0.6)
    assert walking_change(follow(case, 27).walks) is None

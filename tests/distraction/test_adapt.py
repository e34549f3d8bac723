"""A prescription changed in mid-course: sums, rates and steps stay right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import (
    Adaptation,
    Bound,
    Change,
    Prescription,
    Protocol,
    Turn,
    adapted,
    prescribe,
    prescribe_frame,
    schedule_of,
)
from callotasis.errors import PlanRefusal
from callotasis.fixation import FrameDay, every_device
from dora import LEFT_TIBIA, RIGHT_FEMUR, SURGERY_ON

NAIL, FRAME = every_device()["example-nail"], every_device()["example-hexapod"]
ONE_WAY = replace(NAIL, name="ratchet", reversible=False)
PLAN = prescribe(RIGHT_FEMUR, "example-nail", 40.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
ROWS = prescribe_frame(
    LEFT_TIBIA,
    "example-hexapod",
    [FrameDay((150.0 + k,) * 6, 1.0, k + 1.0) for k in range(20)],
    Protocol(10, 1.0, 1, ()),
    SURGERY_ON,
)


def from_day(day: int, change: Change, **amounts: Any) -> Adaptation:
    """Ask for a change from a day since surgery."""
    return Adaptation(change, SURGERY_ON + timedelta(days=day), **amounts)


def of_day(day: int) -> float:
    """All that is asked of the nail until the end of a day [mm]."""
    return sum(turn.turn_mm for turn in PLAN.turns if turn.day <= day)


def renewed(change: Adaptation, turned_mm: float | None = None) -> Prescription:
    """Change the nail's prescription where it was turned as asked until then."""
    before = of_day((change.from_on - SURGERY_ON).days - 1)
    done = before if turned_mm is None else turned_mm
    return adapted(Bound(PLAN), done, change, NAIL).prescription


def days_of(turns: tuple[Turn, ...]) -> list[int]:
    """Name the day of each turn."""
    return [turn.day for turn in turns]


changes = st.one_of(
    st.builds(lambda d: {"change": Change.HOLD, "days": d}, st.integers(1, 30)),
    st.sampled_from([0.25, 0.5, 0.75]).map(
        lambda r: {"change": Change.SLOW, "rate_mm_per_day": r}
    ),
    st.builds(
        lambda r, d: {"change": Change.FASTER, "rate_mm_per_day": r, "days": d},
        st.sampled_from([1.25, 1.5]),
        st.integers(1, 60),
    ),
    st.integers(1, 100).map(lambda n: {"change": Change.EXTEND, "mm": n * 0.25}),
    st.integers(1, 20).map(lambda n: {"change": Change.BACK_AND_FORTH, "mm": n * 0.25}),
)


@given(wish=changes, done=st.integers(20, 159), day=st.integers(1, 80))
def test_an_adapted_nail_ends_at_its_goal_in_whole_steps_and_never_too_fast(
    wish: dict[str, Any], done: int, day: int
) -> None:
    turned = done * 0.25
    change = from_day(day, **wish)
    bound = adapted(Bound(PLAN), turned, change, NAIL)
    turns = bound.prescription.turns
    goal = 40.0 + (change.mm or 0) * (change.change is Change.EXTEND)
    assert turned + sum(t.turn_mm for t in turns) == pytest.approx(goal)
    assert bound.goal_mm == pytest.approx(goal) == turns[-1].total_mm
    assert all(t.turn_mm / 0.25 == round(t.turn_mm / 0.25) for t in turns)
    fastest = max(change.rate_mm_per_day or 0, 1.0)
    if change.change is Change.SLOW:
        fastest = change.rate_mm_per_day or 0
    for _, of_one_day in groupby(turns, key=lambda t: t.day):
        assert sum(abs(t.turn_mm) for t in of_one_day) <= fastest + 1e-9
    assert all(a.at < b.at for a, b in pairwise(turns))
    assert turns[0].at.date() >= change.from_on
    assert turns[0].day >= PLAN.protocol.latency_days
    assert [t.number for t in turns] == [*range(1, len(turns) + 1)]
    totals = [turned, *(t.total_mm for t in turns)]
    ways = [b - a for a, b in pairwise(totals)]
    assert ways == pytest.approx([t.turn_mm for t in turns])


@given(wish=changes, done=st.integers(20, 159), day=st.integers(12, 60))
def test_what_was_missed_or_too_much_is_settled_in_the_course_of_turns(
    wish: dict[str, Any], done: int, day: int
) -> None:
    change = from_day(day, **wish)
    bound = adapted(Bound(PLAN), done * 0.25, change, NAIL)
    whole = schedule_of([Bound(PLAN), bound])
    assert sum(mm for _, mm in whole) == pytest.approx(bound.goal_mm)
    start = datetime.combine(change.from_on, time())
    until = sum(mm for at, mm in whole if at <= start)
    assert until == pytest.approx(done * 0.25)


def test_a_pause_moves_every_later_turn_by_its_days() -> None:
    turns = renewed(from_day(17, Change.HOLD, days=7)).turns
    assert [t.at for t in turns] == [
        t.at + timedelta(days=7) for t in PLAN.turns if t.day >= 17
    ]


def test_slower_turning_lasts_longer_and_says_its_rate_and_rhythm() -> None:
    plan = renewed(from_day(17, Change.SLOW, rate_mm_per_day=0.75))
    assert days_of(plan.turns) == [17 + k // 3 for k in range(120)]
    assert (plan.protocol.rate_mm_per_day, plan.protocol.rhythm_per_day) == (0.75, 3)


def test_faster_turning_is_for_some_days_and_then_as_before() -> None:
    plan = renewed(from_day(17, Change.FASTER, rate_mm_per_day=1.25, days=4))
    daily = [
        sum(t.turn_mm for t in turns)
        for _, turns in groupby(plan.turns, key=lambda t: t.day)
    ]
    assert daily == [1.25] * 4 + [1.0] * 25
    assert plan.protocol == PLAN.protocol


def test_after_a_pause_the_rhythm_that_was_signed_goes_on() -> None:
    twice = prescribe(RIGHT_FEMUR, "x", 40.0, Protocol(7, 1.0, 2, ()), SURGERY_ON)
    hold = from_day(17, Change.HOLD, days=1)
    turns = adapted(Bound(twice), 10.0, hold, NAIL).prescription.turns
    assert {t.turn_mm for t in turns} == {0.5}


def test_stopping_leaves_no_turns_and_the_length_so_far() -> None:
    bound = adapted(Bound(PLAN), 10.0, from_day(17, Change.STOP), NAIL)
    assert bound.prescription.turns == ()
    assert (bound.start_mm, bound.goal_mm) == (10.0, 10.0)


def test_what_was_stopped_can_be_gone_on_with_but_never_turned_back() -> None:
    stopped = adapted(Bound(PLAN), 10.0, from_day(17, Change.STOP), NAIL)
    more = adapted(stopped, 10.0, from_day(30, Change.EXTEND, mm=5.0), NAIL)
    assert more.goal_mm == 15.0
    assert all(t.turn_mm > 0 for t in more.prescription.turns)
    with pytest.raises(PlanRefusal, match=r"all 10 mm of R\.femur are turned"):
        adapted(stopped, 10.0, from_day(30, Change.HOLD, days=3), NAIL)


def test_what_was_turned_beyond_the_goal_is_not_turned_back() -> None:
    extend = from_day(60, Change.EXTEND, mm=2.0)
    turns = adapted(Bound(PLAN), 41.0, extend, NAIL).prescription.turns
    assert sum(t.turn_mm for t in turns) == pytest.approx(1.0)
    again = from_day(60, Change.BACK_AND_FORTH, mm=2.0)
    turns = adapted(Bound(PLAN), 41.0, again, NAIL).prescription.turns
    assert sum(t.turn_mm for t in turns) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (from_day(2, Change.SLOW, rate_mm_per_day=0.75), 7),
        (from_day(2, Change.HOLD, days=3), 7),
        (from_day(2, Change.HOLD, days=7), 9),
    ],
)
def test_a_change_within_the_latency_does_not_shorten_it(
    change: Adaptation, first: int
) -> None:
    assert renewed(change, 0.0).turns[0].day == first
    rows = adapted(Bound(ROWS), 0.0, change, FRAME).prescription.turns
    assert rows[0].day == 10


@pytest.mark.parametrize(
    "wish",
    [
        {"change": Change.SLOW, "rate_mm_per_day": 0.5},
        {"change": Change.FASTER, "rate_mm_per_day": 1.25, "days": 3},
        {"change": Change.EXTEND, "mm": 3.0},
        {"change": Change.BACK_AND_FORTH, "mm": 3.0},
    ],
)
def test_a_pause_that_is_signed_lasts_whatever_else_changes(
    wish: dict[str, Any],
) -> None:
    held = adapted(Bound(PLAN), 10.0, from_day(17, Change.HOLD, days=7), NAIL)
    again = adapted(held, 10.0, from_day(19, **wish), NAIL)
    assert again.prescription.turns[0].day == 24


@pytest.mark.parametrize(("days", "first"), [(1, 20), (7, 26)])
def test_another_pause_takes_the_place_of_the_first(days: int, first: int) -> None:
    held = adapted(Bound(PLAN), 10.0, from_day(17, Change.HOLD, days=7), NAIL)
    again = adapted(held, 10.0, from_day(19, Change.HOLD, days=days), NAIL)
    assert again.prescription.turns[0].day == first


def test_back_and_forth_goes_there_and_back_and_then_on() -> None:
    turns = renewed(from_day(27, Change.BACK_AND_FORTH, mm=5.0)).turns
    assert min(t.total_mm for t in turns) == 15.0
    assert turns[19].total_mm == 15.0
    assert turns[39].total_mm == 20.0
    assert turns[-1].total_mm == 40.0


@pytest.mark.parametrize(
    ("wish", "goal"),
    [
        ({"change": Change.HOLD, "days": 3}, 40.0),
        ({"change": Change.SLOW, "rate_mm_per_day": 0.5}, 40.0),
        ({"change": Change.EXTEND, "mm": 2.0}, 42.0),
    ],
)
@pytest.mark.parametrize(("day", "at_mm", "low"), [(29, 18.0, 15.0), (34, 17.0, 17.25)])
def test_a_way_back_that_is_under_way_is_gone_to_its_end(
    wish: dict[str, Any], goal: float, day: int, at_mm: float, low: float
) -> None:
    back = from_day(27, Change.BACK_AND_FORTH, mm=5.0)
    there = adapted(Bound(PLAN), 20.0, back, NAIL)  # 15 mm on day 31, 20 mm on day 36
    turns = adapted(there, at_mm, from_day(day, **wish), NAIL).prescription.turns
    assert min(t.total_mm for t in turns) == low
    assert turns[-1].total_mm == goal
    assert at_mm + sum(t.turn_mm for t in turns) == pytest.approx(goal)


# Between the decision and the first day.


def test_turns_before_the_first_day_of_a_change_stay_as_they_were() -> None:
    noon = PLAN.turns[0].at.replace(hour=13) + timedelta(days=10)  # day 17
    done = of_day(16) + 0.5
    slow = from_day(21, Change.SLOW, rate_mm_per_day=0.5)
    turns = adapted(Bound(PLAN), done, slow, NAIL, noon).prescription.turns
    old = [t.at for t in PLAN.turns if noon < t.at and t.day < 21]
    assert [t.at for t in turns][: len(old)] == old
    assert turns[len(old)].day == 21
    assert done + sum(t.turn_mm for t in turns) == pytest.approx(40.0)
    assert [t.number for t in turns] == [*range(1, len(turns) + 1)]


def test_a_turn_that_was_done_early_is_not_asked_again() -> None:
    noon = PLAN.turns[0].at.replace(hour=13) + timedelta(days=10)
    slow = from_day(18, Change.SLOW, rate_mm_per_day=0.5)
    turns = adapted(Bound(PLAN), of_day(17), slow, NAIL, noon).prescription.turns
    assert turns[0].day == 18


@pytest.mark.parametrize(
    "wish", [{"change": Change.STOP}, {"change": Change.HOLD, "days": 7}]
)
def test_a_rest_from_tomorrow_begins_at_once_and_a_later_one_later(
    wish: dict[str, Any],
) -> None:
    noon = PLAN.turns[0].at.replace(hour=13) + timedelta(days=10)
    done = of_day(16) + 0.5
    at_once = adapted(Bound(PLAN), done, from_day(18, **wish), NAIL, noon)
    assert all(t.day >= 18 for t in at_once.prescription.turns)
    later = adapted(Bound(PLAN), done, from_day(20, **wish), NAIL, noon)
    assert [t.day for t in later.prescription.turns][:10] == [
        *(17, 17),
        *(18, 18, 18, 18),
        *(19, 19, 19, 19),
    ]


# Refusals.


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (from_day(17, Change.SLOW, rate_mm_per_day=1.0), "allowed is below that"),
        (from_day(17, Change.SLOW, rate_mm_per_day=1.5), "allowed is below that"),
        (from_day(17, Change.FASTER, rate_mm_per_day=1.0, days=3), "is above that"),
        (from_day(17, Change.SLOW, rate_mm_per_day=0.8), "in steps of 0.25"),
        (from_day(17, Change.EXTEND, mm=0.3), "0.3 mm are no whole steps"),
        (from_day(17, Change.BACK_AND_FORTH, mm=1.1), "are no whole steps"),
        (from_day(17, Change.EXTEND, mm=40.25), "has a stroke of 80 mm"),
        (from_day(17, Change.BACK_AND_FORTH, mm=10.25), "where 10 mm were turned"),
    ],
)
def test_what_a_nail_cannot_do_is_refused(change: Adaptation, says: str) -> None:
    with pytest.raises(PlanRefusal, match=says):
        adapted(Bound(PLAN), 10.0, change, NAIL)


def test_a_nail_may_be_extended_to_its_stroke_and_no_further() -> None:
    bound = adapted(Bound(PLAN), 10.0, from_day(17, Change.EXTEND, mm=40.0), NAIL)
    assert bound.goal_mm == NAIL.stroke_mm


def test_a_device_that_cannot_reverse_is_not_asked_to() -> None:
    change = from_day(17, Change.BACK_AND_FORTH, mm=5.0)
    with pytest.raises(PlanRefusal, match="ratchet cannot go backwards"):
        adapted(Bound(PLAN), 10.0, change, ONE_WAY)


@given(wish=changes, done=st.integers(20, 159), day=st.integers(1, 80))
def test_no_other_change_ever_turns_backwards(
    wish: dict[str, Any], done: int, day: int
) -> None:
    change = from_day(day, **wish)
    if change.change is not Change.BACK_AND_FORTH:
        bound = adapted(Bound(PLAN), done * 0.25, change, ONE_WAY)
        assert all(t.turn_mm > 0 for t in bound.prescription.turns)


@pytest.mark.parametrize(
    "wish",
    [
        {"change": Change.STOP},
        {"change": Change.HOLD, "days": 3},
        {"change": Change.SLOW, "rate_mm_per_day": 0.5},
        {"change": Change.FASTER, "rate_mm_per_day": 1.25, "days": 3},
    ],
)
def test_where_all_is_turned_nothing_is_left_to_change(wish: dict[str, Any]) -> None:
    for plan, device, all_mm in ((PLAN, NAIL, 40.0), (ROWS, FRAME, 20.0)):
        with pytest.raises(PlanRefusal, match="nothing is left"):
            adapted(Bound(plan), all_mm, from_day(60, **wish), device)


# Frames.


def numbered(bound: Bound) -> list[int]:
    """Rows of the signed sheet in the order in which they are set."""
    return [turn.number for turn in bound.prescription.turns]


@given(st.integers(0, 19), st.integers(11, 40), st.integers(1, 9))
def test_a_frame_goes_on_through_its_signed_rows_after_a_pause(
    done: int, day: int, days: int
) -> None:
    bound = adapted(Bound(ROWS), done, from_day(day, Change.HOLD, days=days), FRAME)
    assert numbered(bound) == [*range(done + 1, 21)]
    signed = {t.number: t.lengths_mm for t in ROWS.turns}
    assert all(t.lengths_mm == signed[t.number] for t in bound.prescription.turns)
    assert days_of(bound.prescription.turns) == [
        day + days + k for k in range(20 - done)
    ]
    assert bound.goal_mm == pytest.approx(20.0)


def test_a_slower_frame_rests_on_some_days() -> None:
    slow = from_day(15, Change.SLOW, rate_mm_per_day=0.75)
    bound = adapted(Bound(ROWS), 5.0, slow, FRAME)
    assert days_of(bound.prescription.turns)[:6] == [15, 16, 17, 19, 20, 21]
    assert numbered(bound) == [*range(6, 21)]
    assert bound.prescription.protocol.rate_mm_per_day == 0.75
    assert bound.prescription.protocol.rhythm_per_day == 1


def test_a_frame_goes_back_and_forth_through_signed_rows_alone() -> None:
    back = from_day(20, Change.BACK_AND_FORTH, mm=3.0)
    bound = adapted(Bound(ROWS), 10.0, back, FRAME)
    assert numbered(bound)[:8] == [9, 8, 7, 8, 9, 10, 11, 12]
    assert [t.turn_mm for t in bound.prescription.turns][:6] == [-1] * 3 + [1] * 3
    assert bound.goal_mm == pytest.approx(20.0)
    with pytest.raises(PlanRefusal, match="signed settings go back by 4 mm"):
        adapted(Bound(ROWS), 5.0, back_by(5.0), FRAME)


def back_by(mm: float) -> Adaptation:
    """Go back this far and forth again."""
    return from_day(20, Change.BACK_AND_FORTH, mm=mm)


def test_a_frame_that_was_left_out_for_a_day_goes_on_where_it_stands() -> None:
    noon = datetime.combine(date(2027, 1, 28), time(13))  # day 17, row 8 is due
    slow = from_day(20, Change.SLOW, rate_mm_per_day=0.5)
    bound = adapted(Bound(ROWS), 6.0, slow, FRAME, noon)  # rows 7 and 8 were missed
    assert numbered(bound) == [*range(7, 21)]
    assert days_of(bound.prescription.turns)[:4] == [18, 19, 20, 22]


@pytest.mark.parametrize(
    "wish",
    [
        {"change": Change.EXTEND, "mm": 3.0},
        {"change": Change.FASTER, "rate_mm_per_day": 1.5, "days": 3},
    ],
)
def test_a_frame_needs_a_new_program_for_settings_nobody_signed(
    wish: dict[str, Any],
) -> None:
    with pytest.raises(PlanRefusal, match="work out and sign a new program"):
        adapted(Bound(ROWS), 5.0, from_day(15, **wish), FRAME)


def test_a_stopped_frame_has_no_rows_left() -> None:
    bound = adapted(Bound(ROWS), 5.0, from_day(15, Change.STOP), FRAME)
    assert numbered(bound) == []

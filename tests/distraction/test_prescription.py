"""The dated prescription: each turn, when, how much, total so far; and its pace."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import (
    Prescription,
    Protocol,
    daily_mm,
    prescribe,
    rate_findings,
)
from callotasis.distraction.protocol import TURN_HOURS
from callotasis.evidence import constant
from callotasis.findings import Level
from dora import LEFT_TIBIA, RIGHT_FEMUR, SURGERY_ON

STEP_MM = 0.25

steps = st.integers(1, 400)
protocols = st.builds(
    lambda latency, turn, rhythm: Protocol(
        latency, turn * STEP_MM * rhythm, rhythm, ()
    ),
    st.integers(0, 30),
    st.integers(1, 2),
    st.sampled_from(sorted(TURN_HOURS)),
)
days_of_surgery = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def prescribed(
    extension_mm: float,
    rate: float = 1.0,
    rhythm: int = 4,
    latency: int = 7,
    surgery_on: date = SURGERY_ON,
) -> Prescription:
    """Prescribe for a right femur."""
    protocol = Protocol(latency, rate, rhythm, ())
    return prescribe(RIGHT_FEMUR, "example-nail", extension_mm, protocol, surgery_on)


# The worked example.


def test_fifty_millimetres_in_quarters_are_two_hundred_turns_in_fifty_days() -> None:
    plan = prescribed(50.0)
    assert len(plan.turns) == 200
    assert (plan.turns[0].day, plan.last_day) == (7, 56)
    assert plan.total_mm == 50.0
    assert daily_mm(plan.turns) == [1.0] * 50


def test_a_tibia_takes_longer_for_the_same_gain() -> None:
    plan = prescribed(50.0, rate=0.75, rhythm=3)
    assert len(plan.turns) == 200
    assert plan.last_day == 73  # 66 whole days after the first, and two turns


def test_the_last_turn_is_shorter_where_the_extension_asks_for_it() -> None:
    plan = prescribed(10.25, rate=1.0, rhythm=2)
    assert [t.turn_mm for t in plan.turns] == [0.5] * 20 + [0.25]


# Laws.


@given(count=steps, protocol=protocols, surgery_on=days_of_surgery)
def test_the_turns_add_up_to_the_extension_and_never_beyond(
    count: int, protocol: Protocol, surgery_on: date
) -> None:
    extension = count * STEP_MM
    plan = prescribe(RIGHT_FEMUR, "example-nail", extension, protocol, surgery_on)
    assert sum(t.turn_mm for t in plan.turns) == extension
    assert plan.total_mm == extension
    totals = [0.0, *(t.total_mm for t in plan.turns)]
    assert all(before < after for before, after in pairwise(totals))
    for before, turn in zip(totals, plan.turns, strict=False):
        assert before + turn.turn_mm == turn.total_mm


@given(count=steps, protocol=protocols)
def test_rate_times_days_is_the_gap(count: int, protocol: Protocol) -> None:
    extension = count * STEP_MM
    plan = prescribe(RIGHT_FEMUR, "example-nail", extension, protocol, SURGERY_ON)
    *full, last = daily_mm(plan.turns)
    assert full == [protocol.rate_mm_per_day] * len(full)
    assert 0 < last <= protocol.rate_mm_per_day
    assert len(full) * protocol.rate_mm_per_day + last == extension


@given(count=steps, protocol=protocols)
def test_all_turns_are_equal_but_the_last(count: int, protocol: Protocol) -> None:
    plan = prescribe(RIGHT_FEMUR, "x", count * STEP_MM, protocol, SURGERY_ON)
    usual = protocol.rate_mm_per_day / protocol.rhythm_per_day
    *most, last = (t.turn_mm for t in plan.turns)
    assert set(most) <= {usual}
    assert 0 < last <= usual


@given(count=steps, protocol=protocols, surgery_on=days_of_surgery)
def test_turning_starts_after_the_latency_and_keeps_to_waking_hours(
    count: int, protocol: Protocol, surgery_on: date
) -> None:
    plan = prescribe(RIGHT_FEMUR, "x", count * STEP_MM, protocol, surgery_on)
    assert plan.turns[0].day == protocol.latency_days
    for day, turns in groupby(plan.turns, key=lambda t: t.day):
        at = [t.at for t in turns]
        assert {moment.date() for moment in at} == {surgery_on + timedelta(days=day)}
        hours = tuple(moment.hour for moment in at)
        assert hours == TURN_HOURS[protocol.rhythm_per_day][: len(hours)]


@given(count=steps, protocol=protocols)
def test_turns_are_numbered_in_the_order_in_which_they_come(
    count: int, protocol: Protocol
) -> None:
    plan = prescribe(RIGHT_FEMUR, "x", count * STEP_MM, protocol, SURGERY_ON)
    assert [t.number for t in plan.turns] == list(range(1, len(plan.turns) + 1))
    assert all(a.at < b.at for a, b in pairwise(plan.turns))


@given(day=st.integers(0, 400), surgery_on=days_of_surgery)
def test_day_nought_is_the_day_of_surgery(day: int, surgery_on: date) -> None:
    plan = prescribed(1.0, surgery_on=surgery_on)
    assert plan.on_day(0) == surgery_on
    assert plan.on_day(day) - surgery_on == timedelta(days=day)


def test_where_nothing_is_distracted_nothing_is_turned() -> None:
    plan = prescribed(0.0)
    assert plan.turns == ()
    assert (plan.total_mm, plan.last_day) == (0.0, 0)
    assert daily_mm(plan.turns) == []
    assert rate_findings(plan) == []


# The pace.


def test_a_usual_pace_is_nothing_to_speak_of() -> None:
    assert rate_findings(prescribed(50.0)) == []
    assert rate_findings(prescribed(50.0, rate=0.75, rhythm=3)) == []


@pytest.mark.parametrize(("rate", "rhythm"), [(1.75, 1), (2.0, 4), (3.0, 6)])
def test_a_pace_above_the_evidence_is_a_stop(rate: float, rhythm: int) -> None:
    (found,) = rate_findings(prescribed(40.0, rate, rhythm))
    assert found.level is Level.STOP
    assert found.reference == "rate.fast@R.femur"
    assert f"{rate:.2f} mm a day" in found.sentence
    assert constant(found.evidence).value == 1.5


def test_the_fastest_pace_of_the_evidence_is_allowed() -> None:
    assert rate_findings(prescribed(40.0, rate=1.5, rhythm=6)) == []


def test_two_fast_days_alone_do_not_make_a_fast_course() -> None:
    assert rate_findings(prescribed(4.0, rate=2.0, rhythm=4)) == []
    assert rate_findings(prescribed(5.0, rate=2.0, rhythm=4))


@pytest.mark.parametrize(("rate", "rhythm"), [(0.25, 1)])
def test_a_pace_at_which_the_gap_may_close_is_a_caution(
    rate: float, rhythm: int
) -> None:
    (found,) = rate_findings(prescribed(10.0, rate, rhythm))
    assert found.level is Level.CAUTION
    assert found.reference == "rate.slow@R.femur"
    assert constant(found.evidence).value == 0.5


def test_the_slowest_pace_of_the_evidence_is_allowed() -> None:
    assert rate_findings(prescribed(10.0, rate=0.5, rhythm=2)) == []


def test_a_slow_course_of_less_than_a_week_is_no_caution() -> None:
    assert rate_findings(prescribed(1.5, rate=0.25, rhythm=1)) == []


def test_a_short_last_day_is_no_sign_of_a_slow_course() -> None:
    assert rate_findings(prescribed(7 * 0.5 + 0.25, rate=0.5, rhythm=2)) == []


@given(count=steps, protocol=protocols)
def test_a_pace_within_the_evidence_is_never_a_finding(
    count: int, protocol: Protocol
) -> None:
    plan = prescribe(LEFT_TIBIA, "x", count * STEP_MM, protocol, SURGERY_ON)
    levels = {f.level for f in rate_findings(plan)}
    if protocol.rate_mm_per_day <= 1.5:
        assert Level.STOP not in levels
    if protocol.rate_mm_per_day >= 0.5:
        assert Level.CAUTION not in levels

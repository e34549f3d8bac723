"""How long to wait, how fast to turn, how often: by bone, age and wish."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Protocol, Wish, usual_protocol
from callotasis.distraction.protocol import TURN_HOURS
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.fixation import every_device
from callotasis.pose import Segment
from dora import LEFT_TIBIA, RIGHT_FEMUR

QUARTER_MM = 0.25


def protocol(
    segment: Segment = RIGHT_FEMUR,
    age_years: float | None = 24.0,
    step_mm: float = QUARTER_MM,
    **wish: Any,
) -> Protocol:
    """Ask for a protocol; the wish goes by its names."""
    return usual_protocol(segment, age_years, step_mm, Wish(**wish))


@pytest.mark.parametrize(
    ("segment", "age_years", "rate", "rhythm"),
    [
        pytest.param(RIGHT_FEMUR, 24.0, 1.0, 4, id="femur"),
        pytest.param(RIGHT_FEMUR, None, 1.0, 4, id="femur of unknown age"),
        pytest.param(RIGHT_FEMUR, 50.0, 1.0, 4, id="femur at fifty"),
        pytest.param(RIGHT_FEMUR, 50.1, 0.75, 3, id="femur above fifty"),
        pytest.param(LEFT_TIBIA, 24.0, 0.75, 3, id="tibia"),
        pytest.param(LEFT_TIBIA, 70.0, 0.75, 3, id="tibia above fifty"),
    ],
)
def test_rate_and_rhythm_follow_bone_and_age(
    segment: Segment, age_years: float | None, rate: float, rhythm: int
) -> None:
    found = protocol(segment, age_years)
    assert found.rate_mm_per_day == rate
    assert found.rhythm_per_day == rhythm
    assert found.latency_days == 7


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, LEFT_TIBIA])
@pytest.mark.parametrize("age_years", [24.0, 60.0])
def test_latency_and_rate_name_the_rows_behind_them(
    segment: Segment, age_years: float
) -> None:
    found = protocol(segment, age_years)
    latency, rate = (constant(key) for key in found.evidence)
    assert (latency.unit, latency.value) == ("day", found.latency_days)
    assert (rate.unit, rate.value) == ("mm/day", found.rate_mm_per_day)
    assert str(segment.bone) in rate.statement


def test_a_wish_replaces_the_usual_and_nothing_else() -> None:
    assert protocol(latency_days=10) == Protocol(10, 1.0, 4, protocol().evidence)
    assert protocol(rate_mm_per_day=0.5) == Protocol(7, 0.5, 2, protocol().evidence)
    assert protocol(rhythm_per_day=2) == Protocol(7, 1.0, 2, protocol().evidence)


def test_no_latency_may_be_wished_for() -> None:
    assert protocol(latency_days=0).latency_days == 0


@pytest.mark.parametrize("days", [-1, 31, 1000])
def test_a_latency_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(
        PlanRefusal, match=rf"latency of R\.femur is {days} days; allowed is 0 to 30"
    ):
        protocol(latency_days=days)


@pytest.mark.parametrize("rate", [0.0, -1.0, 3.25, math.nan, math.inf])
def test_a_rate_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(PlanRefusal, match=rf"rate of L\.tibia is {rate:g} mm a day"):
        protocol(LEFT_TIBIA, rate_mm_per_day=rate)


@pytest.mark.parametrize("rhythm", [-4, 0, 7, 60])
def test_a_rhythm_that_nobody_can_turn_is_refused(rhythm: int) -> None:
    with pytest.raises(
        PlanRefusal, match=rf"rhythm of R\.femur is {rhythm} turns a day; .* 1 to 6"
    ):
        protocol(rhythm_per_day=rhythm)


@pytest.mark.parametrize(
    ("rate", "rhythm"),
    [
        pytest.param(1.0, 3, id="a third of a millimetre"),
        pytest.param(1.0, 6, id="less than a step"),
        pytest.param(0.1, 1, id="far less than a step"),
        pytest.param(0.9, 3, id="not a whole step"),
    ],
)
def test_turns_that_are_no_whole_steps_of_the_device_are_refused(
    rate: float, rhythm: int
) -> None:
    with pytest.raises(
        PlanRefusal, match=r"mm a turn for R\.femur; .* in steps of 0\.25 mm"
    ):
        protocol(rate_mm_per_day=rate, rhythm_per_day=rhythm)


@given(steps=st.integers(1, 4), rhythm=st.sampled_from(sorted(TURN_HOURS)))
def test_whole_steps_within_the_range_are_allowed(steps: int, rhythm: int) -> None:
    rate = steps * QUARTER_MM * rhythm
    if rate > 3:
        with pytest.raises(PlanRefusal, match="allowed is above 0, up to 3"):
            protocol(rate_mm_per_day=rate, rhythm_per_day=rhythm)
        return
    found = protocol(rate_mm_per_day=rate, rhythm_per_day=rhythm)
    assert found.rate_mm_per_day / found.rhythm_per_day == pytest.approx(
        steps * QUARTER_MM
    )


TELESCOPES = [n for n, device in every_device().items() if not device.kind.turns_bone]


@pytest.mark.parametrize("name", TELESCOPES)
@pytest.mark.parametrize("segment", [RIGHT_FEMUR, LEFT_TIBIA])
def test_every_device_can_turn_at_the_usual_rate(name: str, segment: Segment) -> None:
    found = protocol(segment, step_mm=every_device()[name].step_mm)
    assert found == protocol(segment)


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, LEFT_TIBIA])
def test_a_frame_is_set_by_a_table_once_a_day_at_the_usual_rate(
    segment: Segment,
) -> None:
    found = usual_protocol(segment, 24.0, None, Wish())
    assert found.rhythm_per_day == 1
    assert found.rate_mm_per_day == protocol(segment).rate_mm_per_day
    with pytest.raises(PlanRefusal, match="set once a day by a table; allowed is 1"):
        usual_protocol(segment, 24.0, None, Wish(rhythm_per_day=4))


def test_a_coarse_device_turns_less_often() -> None:
    assert protocol(step_mm=0.5).rhythm_per_day == 2
    assert protocol(step_mm=1.0).rhythm_per_day == 1


def test_a_fine_device_does_not_ask_for_more_turns_than_a_carer_repeats() -> None:
    assert protocol(step_mm=0.05).rhythm_per_day == 4


def test_a_day_has_as_many_hours_of_turning_as_turns_all_of_them_waking() -> None:
    for rhythm, hours in TURN_HOURS.items():
        assert len(hours) == rhythm
        assert list(hours) == sorted(set(hours))
        assert 6 <= hours[0] <= hours[-1] <= 22

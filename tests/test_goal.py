"""Goals: what may be wanted, and what is refused before anything is planned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.goal import Goal, Maturity
from callotasis.pose import Segment

RIGHT_FEMUR = Segment.parse("R.femur")
LEFT_FEMUR = Segment.parse("L.femur")
LEFT_TIBIA = Segment.parse("L.tibia")
SEGMENTS = (RIGHT_FEMUR, LEFT_FEMUR, LEFT_TIBIA)


@pytest.mark.parametrize(
    ("gain_mm", "said"),
    [
        pytest.param(-5.0, "-5 mm", id="negative"),
        pytest.param(0.0, "0 mm", id="zero"),
        pytest.param(-0.0, "-0 mm", id="minus zero"),
        pytest.param(math.nan, "nan mm", id="not a number"),
        pytest.param(math.inf, "inf mm", id="infinite"),
        pytest.param(-math.inf, "-inf mm", id="minus infinite"),
    ],
)
def test_a_gain_that_lengthens_nothing_is_refused(gain_mm: float, said: str) -> None:
    with pytest.raises(PlanRefusal, match=rf"gain of R\.femur is {said}; .* than 0 mm"):
        Goal(gain_mm={RIGHT_FEMUR: gain_mm})


@given(gain_mm=st.floats(max_value=0.0))
def test_every_gain_of_zero_or_less_is_refused(gain_mm: float) -> None:
    with pytest.raises(PlanRefusal, match="allowed is more than 0 mm"):
        Goal(gain_mm={RIGHT_FEMUR: gain_mm})


def test_one_bad_gain_among_good_ones_is_refused_by_its_name() -> None:
    with pytest.raises(PlanRefusal, match=r"gain of L\.tibia is -1 mm"):
        Goal(gain_mm={RIGHT_FEMUR: 30.0, LEFT_TIBIA: -1.0})


def test_an_empty_goal_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="the goal is empty"):
        Goal()


def test_maturity_and_age_alone_are_no_goal() -> None:
    with pytest.raises(PlanRefusal, match="the goal is empty"):
        Goal(maturity=Maturity.MATURE, age_years=30.0)


def test_a_segment_cannot_equalise_and_gain_a_fixed_length() -> None:
    with pytest.raises(PlanRefusal, match=r"R\.femur .* allowed is one of the two"):
        Goal(equalise=RIGHT_FEMUR, gain_mm={RIGHT_FEMUR: 30.0})


def test_one_segment_may_equalise_while_another_gains() -> None:
    goal = Goal(equalise=RIGHT_FEMUR, gain_mm={LEFT_TIBIA: 30.0})
    assert goal.segments == (LEFT_TIBIA, RIGHT_FEMUR)


@pytest.mark.parametrize("age", [0.0, -1.0, 120.0, 1000.0, math.nan, math.inf])
def test_an_age_that_nobody_has_is_refused(age: float) -> None:
    with pytest.raises(PlanRefusal, match=f"age is {age:g} years; allowed is 0 to 120"):
        Goal(equalise=RIGHT_FEMUR, age_years=age)


def test_what_nobody_said_stays_unknown() -> None:
    goal = Goal(equalise=RIGHT_FEMUR)
    assert goal.maturity is Maturity.UNKNOWN
    assert goal.age_years is None


@given(
    gains=st.dictionaries(st.sampled_from(SEGMENTS), st.floats(0.01, 100.0)),
    correct=st.lists(st.sampled_from(SEGMENTS), min_size=1),
    data=st.data(),
)
def test_the_touched_segments_are_each_named_once_whatever_the_order(
    gains: dict[Segment, float], correct: list[Segment], data: st.DataObject
) -> None:
    goal = Goal(gain_mm=gains, correct_axis=tuple(correct))
    again = Goal(
        gain_mm=dict(data.draw(st.permutations(list(gains.items())))),
        correct_axis=tuple(data.draw(st.permutations(correct))),
    )
    assert goal.segments == again.segments
    assert len(set(goal.segments)) == len(goal.segments)
    assert set(goal.segments) == {*gains, *correct}

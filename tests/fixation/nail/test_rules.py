"""How long a nail must be, how long it runs, where it is held, and what limits it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import (
    blocking_screws,
    controller_time,
    every_device,
    label_findings,
    reach_beyond_cut,
    reach_findings,
    stroke_findings,
)
from callotasis.pose import Segment
from dora import LEFT_FEMUR, LEFT_TIBIA, RIGHT_FEMUR, RIGHT_TIBIA

NAIL, RAIL = every_device()["example-nail"], every_device()["example-rail"]


@pytest.mark.parametrize(("gain_mm", "reach_mm"), [(50, 130), (80, 160)])
def test_a_nail_reaches_as_far_as_in_the_worked_examples(
    gain_mm: float, reach_mm: float
) -> None:
    assert reach_beyond_cut(gain_mm) == reach_mm


@given(gain=st.floats(0, 100))
def test_every_millimetre_of_gain_asks_for_one_of_nail(gain: float) -> None:
    assert reach_beyond_cut(gain) - reach_beyond_cut(0) == pytest.approx(gain)


@given(gain=st.floats(1, 80), bone=st.floats(0, 400))
def test_a_bone_is_too_short_exactly_where_the_nail_would_leave_it(
    gain: float, bone: float
) -> None:
    found = reach_findings(RIGHT_FEMUR, gain, bone)
    assert bool(found) == (reach_beyond_cut(gain) > bone)


def test_a_bone_that_just_holds_the_nail_is_long_enough() -> None:
    assert reach_findings(RIGHT_FEMUR, 50, 130) == []


def test_a_bone_that_is_too_short_is_a_stop_with_both_lengths() -> None:
    (found,) = reach_findings(LEFT_TIBIA, 50, 129)
    assert found.level is Level.STOP
    assert found.reference == "fixation.nail_reach@L.tibia"
    assert "50 mm must reach 130 mm" in found.sentence
    assert "left tibia" in found.sentence
    assert "129 mm of bone" in found.sentence
    assert constant(found.evidence).value == 50


# On the controller.


def test_a_quarter_of_a_millimetre_takes_as_long_as_the_maker_says() -> None:
    time = controller_time(NAIL, 50.0, 1.0, 4)
    assert time.minutes_per_session == 1.75  # 1 min 45 s
    assert time.minutes_per_day == 7.0
    assert time.hours_in_all == pytest.approx(350 / 60)
    assert time.reversible


@pytest.mark.parametrize(
    ("rate", "rhythm", "sessions"), [(1.0, 4, 200), (0.99, 3, 152), (0.75, 3, 200)]
)
def test_fifty_millimetres_take_as_many_sessions_as_in_the_worked_examples(
    rate: float, rhythm: int, sessions: int
) -> None:
    assert controller_time(NAIL, 50.0, rate, rhythm).sessions == sessions


@given(steps=st.integers(0, 320), rhythm=st.integers(1, 6), rate=st.floats(0.3, 1.5))
def test_sessions_just_reach_the_extension(
    steps: int, rhythm: int, rate: float
) -> None:
    gain, turn = steps * NAIL.step_mm, rate / rhythm
    sessions = controller_time(NAIL, gain, rate, rhythm).sessions
    assert (sessions - 1) * turn < gain or sessions == 0
    assert sessions * turn >= gain - 1e-5


def test_a_device_without_a_known_time_is_given_none() -> None:
    time = controller_time(every_device()["fitbone-taa"], 50.0, 1.0, 4)
    assert time.sessions == 200
    assert time.minutes_per_session is None
    assert time.minutes_per_day is None
    assert time.hours_in_all is None


@pytest.mark.parametrize(("rate", "rhythm"), [(0.0, 4), (-1.0, 4), (1.0, 0)])
def test_a_course_that_does_not_move_is_refused(rate: float, rhythm: int) -> None:
    with pytest.raises(DeviceRefusal, match="allowed is more than 0 mm in 1 session"):
        controller_time(NAIL, 50.0, rate, rhythm)


# Blocking screws.


@pytest.mark.parametrize(
    ("segment", "level", "first"),
    [
        (RIGHT_TIBIA, 0.25, "lateral to the nail in the proximal part"),
        (LEFT_TIBIA, 0.8, "medial to the nail in the distal part"),
        (RIGHT_FEMUR, 0.35, "medial to the nail in the proximal part"),
        (LEFT_FEMUR, 0.68, "lateral to the nail in the distal part"),
    ],
)
def test_a_blocking_screw_lies_on_the_hollow_side_in_the_shorter_part(
    segment: Segment, level: float, first: str
) -> None:
    frontal, sagittal = blocking_screws(segment, level)
    assert frontal.place == first
    assert sagittal.place.startswith("behind the nail in the ")
    valgus = constant(frontal.evidence).value > 0
    assert frontal.against == ("valgus" if valgus else "varus")
    assert frontal.place.startswith("lateral") == valgus


# Limits.


@pytest.mark.parametrize(("extension", "said"), [(75.0, False), (75.25, True)])
def test_a_stroke_that_is_nearly_used_up_is_a_caution(
    extension: float, *, said: bool
) -> None:
    found = stroke_findings(RIGHT_FEMUR, NAIL, extension)
    assert bool(found) == said
    if found:
        assert found[0].level is Level.CAUTION
        assert found[0].reference == "nail.stroke@R.femur"
        assert "4.75 mm of its stroke of 80 mm" in found[0].sentence


def test_more_than_two_nails_at_once_are_a_caution() -> None:
    three = dict.fromkeys((RIGHT_FEMUR, LEFT_FEMUR, RIGHT_TIBIA), NAIL)
    (found,) = label_findings(three, 30.0)
    assert (found.level, found.key) == (Level.CAUTION, "nail.at_once")
    assert "3 lengthening nails" in found.sentence
    assert label_findings({**three, RIGHT_TIBIA: RAIL}, 30.0) == []


@pytest.mark.parametrize(("age", "said"), [(12.0, True), (12.5, False), (None, False)])
def test_a_nail_in_a_child_is_a_caution_where_the_age_is_known(
    age: float | None, *, said: bool
) -> None:
    assert bool(label_findings({RIGHT_FEMUR: NAIL}, age)) == said
    assert label_findings({RIGHT_FEMUR: RAIL}, age) == []

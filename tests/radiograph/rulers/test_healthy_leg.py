"""The other leg as a ruler: a rule of three that a film's scale cannot touch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.landmarks import Landmarks
from callotasis.radiograph.rulers import BonePair, bone_length, bone_pair
from callotasis.worlds import Interval

FIRST = BonePair(2000.0, 2050.0, 3.0, 3.0)
LEGS = {
    Side.RIGHT: {"hip_centre": (100.0, 100.0), "knee_centre": (100.0, 2100.0)},
    Side.LEFT: {"hip_centre": (900.0, 100.0), "knee_centre": (900.0, 2200.0)},
}


@given(st.floats(0.5, 2.0), st.floats(1.0, 1.3))
def test_the_scale_of_todays_film_cancels(scale: float, grown: float) -> None:
    today = BonePair(2000 * scale * grown, 2050 * scale, 3.0, 3.0)
    found = bone_length(FIRST, today, 400.0)
    assert found.measured_mm.value == pytest.approx(400 * grown)


def test_what_the_first_film_did_is_not_todays_scatter() -> None:
    today = BonePair(2200.0, 2050.0, 3.0, 3.0)
    exact = bone_length(FIRST, today, 400.0)
    loose = bone_length(FIRST, today, Interval(400.0, 392.0, 408.0))
    assert loose.sd_mm == pytest.approx(exact.sd_mm)
    assert loose.measured_mm.high > exact.measured_mm.high


def test_rougher_clicks_scatter_more() -> None:
    fine, rough = (
        bone_length(FIRST, BonePair(2200.0, 2050.0, sd, sd), 400.0).sd_mm
        for sd in (1.0, 20.0)
    )
    assert rough > fine


def test_it_says_that_it_is_too_rough_for_a_small_shortfall() -> None:
    (finding,) = bone_length(FIRST, FIRST, 400.0).findings
    assert finding.key == "length.rough"


def test_a_bone_and_its_fellow_are_taken_from_the_landmarks() -> None:
    pair = bone_pair(Landmarks(LEGS), Segment(Side.LEFT, Bone.FEMUR), 0.2)
    assert (pair.operated_px, pair.healthy_px) == (2100.0, 2000.0)
    assert pair.operated_sd_px > 0


def test_a_leg_that_was_not_clicked_is_refused() -> None:
    alone = Landmarks({Side.RIGHT: LEGS[Side.RIGHT]})
    with pytest.raises(FilmRefusal, match="of the left leg is not clicked"):
        bone_pair(alone, Segment(Side.RIGHT, Bone.FEMUR), 0.2)


def test_a_bone_twice_as_long_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="is the healthy side the same"):
        bone_length(FIRST, BonePair(4000.0, 2050.0, 3.0, 3.0), 400.0)


@pytest.mark.parametrize("px", [0.0, 99.0, float("nan")])
def test_a_bone_of_no_length_is_refused(px: float) -> None:
    with pytest.raises(FilmRefusal, match="needed are 100"):
        BonePair(px, 2000.0, 3.0, 3.0)


def test_a_scatter_larger_than_a_tenth_of_the_bone_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="a tenth of its"):
        BonePair(2000.0, 2000.0, 300.0, 3.0)

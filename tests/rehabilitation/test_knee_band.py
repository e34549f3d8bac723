"""The rough band: only published anchors, and nothing between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.rehabilitation import knee_band


def test_a_framed_femur_has_five_anchors() -> None:
    found = knee_band(Bone.FEMUR, Kind.RING, 129.0, 7, 57)
    assert [p.day for p in found] == [7, 57, 183, 548, 1248]
    first, stiff, half_year, late, final = found
    assert first.low_deg == pytest.approx(129 - 79 - 45.6)
    assert first.high_deg == pytest.approx(129 - 79 + 45.6)
    assert stiff.low_deg == stiff.high_deg == 29
    assert (half_year.low_deg, half_year.high_deg) == pytest.approx(
        (0.88 * 129, 129 - 0.12 * 79)
    )
    assert (late.low_deg, late.high_deg) == pytest.approx((0.97 * 129, 129 - 0.03 * 79))
    assert final.low_deg == 121


def test_a_nailed_femur_has_one_anchor_and_a_nailed_tibia_none() -> None:
    (end,) = knee_band(Bone.FEMUR, Kind.NAIL, 148.3, 7, 57)
    assert (end.day, end.low_deg) == (871, pytest.approx(148.4))
    assert knee_band(Bone.TIBIA, Kind.NAIL, 140.0, 7, 57) == ()
    assert len(knee_band(Bone.TIBIA, Kind.RING, 140.0, 7, 57)) == 1


@given(
    st.sampled_from(Bone),
    st.sampled_from(Kind),
    st.floats(1, 170),
    st.integers(0, 20),
    st.integers(21, 200),
)
def test_every_point_is_rough_and_says_whose_knees_it_speaks_of(
    bone: Bone, kind: Kind, before: float, latency: int, end: int
) -> None:
    found = knee_band(bone, kind, before, latency, end)
    assert [p.day for p in found] == sorted(p.day for p in found)
    for point in found:
        assert point.label == "rough"
        assert 0 <= point.low_deg <= point.high_deg <= 170
        assert point.who == constant(point.evidence).population
        assert point.band_is


@pytest.mark.parametrize("before", [0.0, 171.0, float("nan")])
def test_a_bend_that_no_knee_has_is_refused(before: float) -> None:
    with pytest.raises(PlanRefusal, match="before_deg is"):
        knee_band(Bone.FEMUR, Kind.RING, before, 7, 57)


def test_days_that_do_not_rise_are_refused() -> None:
    with pytest.raises(PlanRefusal, match="latency_days is 60 and end_day 57"):
        knee_band(Bone.FEMUR, Kind.RING, 129.0, 60, 57)

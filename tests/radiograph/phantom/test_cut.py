"""A leg cut across one bone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.radiograph.phantom import CloseUpSpec
from callotasis.radiograph.phantom.cut import cut_leg

SEGMENTS = ["R.femur", "L.femur", "R.tibia", "L.tibia"]


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(SEGMENTS), st.floats(0, 80), st.floats(-8, 8))
def test_the_gap_is_as_wide_as_asked_whatever_the_drift(
    segment: str, gap: float, drift: float
) -> None:
    leg = cut_leg(CloseUpSpec(segment=segment, gap_mm=gap, drift_deg=drift))
    way = leg.lower_end - leg.upper_end
    assert np.linalg.norm(way) == pytest.approx(gap, abs=1e-6)
    cos = float(leg.upper_axis @ leg.lower_axis)
    assert np.degrees(np.arccos(min(cos, 1))) == pytest.approx(abs(drift), abs=1e-3)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_no_fragment_reaches_into_the_gap(segment: str) -> None:
    leg = cut_leg(CloseUpSpec(segment=segment, gap_mm=30))
    upper = (leg.upper.outer.vertices - leg.upper_end) @ leg.upper_axis
    lower = (leg.lower.outer.vertices - leg.lower_end) @ leg.lower_axis
    assert upper.max() == pytest.approx(0, abs=1e-6)
    assert lower.min() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_valgus_takes_the_distal_end_outward(segment: str) -> None:
    leg = cut_leg(CloseUpSpec(segment=segment, drift_deg=6))
    assert leg.lower_axis @ leg.medial < -0.09


def test_the_bone_lies_parallel_to_the_detector_unless_asked_otherwise() -> None:
    flat, tilted = (
        cut_leg(CloseUpSpec(tilt_deg=tilt)).upper_axis[1] for tilt in (0.0, 5.0)
    )
    assert flat == pytest.approx(0, abs=1e-9)
    assert tilted == pytest.approx(np.sin(np.radians(5)), abs=1e-6)


def test_the_fibula_of_a_lengthened_tibia_is_cut_too() -> None:
    leg = cut_leg(CloseUpSpec(segment="R.tibia", gap_mm=20))
    assert sum(piece.name == "fibula" for piece in leg.others) == 2

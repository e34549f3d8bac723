"""How the mechanical axis wanders when a femur is lengthened along its canal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment import Limb
from callotasis.evidence import constant
from callotasis.fixation import (
    axis_angle_after,
    drift_of,
    every_device,
    mounted,
    neutral_leg_shift,
)
from callotasis.plan import limb_after
from callotasis.pose import Pose, Segment
from dora import LEFT_FEMUR, RIGHT_FEMUR, RIGHT_TIBIA
from legs import built_from, limb_of

FEMUR_MM, TIBIA_MM = 430.0, 370.0

angles = st.floats(0.5, 12.0)
lengths = st.floats(300.0, 520.0)
gains = st.floats(1.0, 80.0)


def lengthened(
    segment: Segment, angle_deg: float, gain_mm: float, level_mm: float = 150.0
) -> tuple[Limb, Limb]:
    """Draw a straight leg out along a canal that leans medially by this angle."""
    angle = np.radians(angle_deg)
    points = built_from(88, 88, 0, femur_mm=FEMUR_MM, tibia_mm=TIBIA_MM)
    flat = limb_of(points, segment.side)
    # Two more worlds, so that intervals can be formed.
    before = Limb(
        flat.side, {n: np.repeat(p, 3, axis=0) for n, p in flat.points.items()}
    )
    shift = gain_mm * np.array([-np.sin(angle), -np.cos(angle)])
    pose = Pose(lateral_mm=float(shift[0]), proximal_mm=float(shift[1]))
    return before, limb_after(before, segment, level_mm, pose)


# Published and worked examples: the tolerance is the last printed digit.


@pytest.mark.parametrize(
    ("gain_mm", "shift_mm", "digit"),
    [(10, 0.557, 5e-4), (50, 2.65, 5e-3), (80, 4.10, 5e-3)],
)
def test_the_axis_shifts_as_in_the_worked_examples(
    gain_mm: float, shift_mm: float, digit: float
) -> None:
    shift = neutral_leg_shift(gain_mm, 7, FEMUR_MM, TIBIA_MM)
    assert shift == pytest.approx(shift_mm, abs=digit)


@pytest.mark.parametrize(
    ("angle_deg", "fall_deg"),
    [(5, -0.454), (6, -0.545), (6.27, -0.569), (7, -0.635), (9, -0.816)],
)
def test_a_tenth_more_femur_lets_the_angle_fall_as_in_the_worked_examples(
    angle_deg: float, fall_deg: float
) -> None:
    fall = axis_angle_after(angle_deg, 0.10) - angle_deg
    assert fall == pytest.approx(fall_deg, abs=5e-4)


def test_the_mean_angle_falls_by_what_was_observed_for_each_tenth() -> None:
    assert axis_angle_after(6.27, 0.10) - 6.27 == pytest.approx(-0.57, abs=5e-3)


@pytest.mark.parametrize(("gain_mm", "valgus_deg"), [(50, 0.73), (80, 1.10)])
def test_the_leg_turns_into_valgus_as_in_the_worked_examples(
    gain_mm: float, valgus_deg: float
) -> None:
    fall = 7 - axis_angle_after(7, gain_mm / FEMUR_MM)
    assert fall == pytest.approx(valgus_deg, abs=5e-3)


# Laws.


@given(angle=angles, femur=lengths, tibia=lengths)
def test_no_gain_shifts_nothing(angle: float, femur: float, tibia: float) -> None:
    assert neutral_leg_shift(0, angle, femur, tibia) == 0
    assert axis_angle_after(angle, 0) == pytest.approx(angle)


@given(angle=angles, femur=lengths, tibia=lengths, gains=st.tuples(gains, gains))
def test_more_gain_shifts_the_axis_further_laterally(
    angle: float, femur: float, tibia: float, gains: tuple[float, float]
) -> None:
    less, more = sorted(gains)
    near, far = (neutral_leg_shift(g, angle, femur, tibia) for g in (less, more))
    assert 0 < near <= far


@given(angle=angles, share=st.floats(0.01, 0.5))
def test_lengthening_along_the_canal_brings_both_axes_together(
    angle: float, share: float
) -> None:
    assert 0 < axis_angle_after(angle, share) < angle


@given(angle=angles, gain=gains)
def test_along_the_mechanical_axis_nothing_shifts(angle: float, gain: float) -> None:
    assert neutral_leg_shift(gain, 0, FEMUR_MM, TIBIA_MM) == 0
    assert axis_angle_after(0, gain / FEMUR_MM) == 0


# On a leg.


@given(angle=angles, gain=gains)
def test_on_a_straight_leg_the_drift_is_the_textbook_shift(
    angle: float, gain: float
) -> None:
    before, after = lengthened(RIGHT_FEMUR, angle, gain)
    drift = drift_of(RIGHT_FEMUR, before, after, gain, along_canal=True)
    shift = neutral_leg_shift(gain, angle, FEMUR_MM, TIBIA_MM)
    assert drift.geometry_mm.value == pytest.approx(shift, abs=0.05)


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, LEFT_FEMUR])
def test_the_drift_is_lateral_on_either_side(segment: Segment) -> None:
    before, after = lengthened(segment, 7, 50)
    drift = drift_of(segment, before, after, 50, along_canal=True)
    assert drift.geometry_mm.value == pytest.approx(2.65, abs=0.05)


@pytest.mark.parametrize("level_mm", [80.0, 150.0, 300.0])
def test_the_level_of_the_cut_does_not_change_the_drift(level_mm: float) -> None:
    before, after = lengthened(RIGHT_FEMUR, 7, 50, level_mm)
    drift = drift_of(RIGHT_FEMUR, before, after, 50, along_canal=True)
    assert drift.geometry_mm.value == pytest.approx(2.65, abs=0.05)


def test_the_published_drift_is_a_millimetre_a_centimetre() -> None:
    before, after = lengthened(RIGHT_FEMUR, 7, 50)
    drift = drift_of(RIGHT_FEMUR, before, after, 50, along_canal=True)
    assert drift.published_mm is not None
    shown = drift.published_mm
    assert (shown.value, shown.low, shown.high) == pytest.approx((5.0, 0.0, 17.5))
    assert constant(drift.evidence).value == 1.0


@pytest.mark.parametrize(
    ("segment", "along_canal"), [(RIGHT_FEMUR, False), (RIGHT_TIBIA, True)]
)
def test_nothing_published_speaks_of_rails_or_tibiae(
    segment: Segment, along_canal: bool
) -> None:
    before, after = lengthened(segment, 0, 50, 100.0)
    drift = drift_of(segment, before, after, 50, along_canal=along_canal)
    assert drift.published_mm is None
    assert drift.evidence == ""
    assert drift.geometry_mm.value == pytest.approx(0, abs=1e-9)


def test_a_mounted_rail_does_not_let_the_axis_drift() -> None:
    before, _ = lengthened(RIGHT_FEMUR, 7, 50)
    telescope = mounted(every_device()["example-rail"], RIGHT_FEMUR, before)
    settings, _ = telescope.settings(Pose(proximal_mm=-50.0))
    after = limb_after(before, RIGHT_FEMUR, 150.0, telescope.pose(settings))
    drift = drift_of(RIGHT_FEMUR, before, after, 50, along_canal=False)
    assert drift.geometry_mm.value == pytest.approx(0, abs=1e-9)

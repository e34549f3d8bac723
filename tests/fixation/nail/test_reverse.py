"""Reverse planning: from the final limb back to what must be done at surgery."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment import Limb, sample_limb
from callotasis.errors import DeviceRefusal
from callotasis.fixation import (
    Canals,
    ReversePlan,
    Telescope,
    axis_angle_after,
    canals_of,
    every_device,
    neutral_leg_shift,
    reverse_plan,
)
from callotasis.fixation.nail.canal import CanalSeen
from callotasis.plan import Hinge, Osteotomy, Rule, Target, limb_after
from callotasis.pose import HIDDEN, Pose, Segment, joined
from callotasis.worlds import Worlds
from dora import LEFT_FEMUR, RIGHT_FEMUR, RIGHT_TIBIA
from legs import built_from, limb_of

FEMUR_MM, TIBIA_MM = 430.0, 370.0
NAIL = every_device()["example-nail"]

canal_angles = st.floats(2.0, 11.0)
gains = st.floats(5.0, 75.0)
levels = st.floats(110.0, 310.0)
reaches = st.floats(40.0, 160.0)


def leg(
    angle_deg: float = 7.0,
    medial_mm: float = 0.0,
    segment: Segment = RIGHT_FEMUR,
    mldfa_deg: float = 88.0,
) -> Limb:
    """Stand a leg whose femoral canal leans like this and passes the knee so."""
    points = built_from(mldfa_deg, 88, 0, femur_mm=FEMUR_MM, tibia_mm=TIBIA_MM)
    lean = np.tan(np.radians(angle_deg))
    for name, height in (("fem_shaft_prox", 300.0), ("fem_shaft_dist", 100.0)):
        points[name] = (height * lean - medial_mm, height)
    points |= {"tib_shaft_prox": (-4.0, -120.0), "tib_shaft_dist": (-4.0, -250.0)}
    return limb_of(points, segment.side)


def wanted(
    gain_mm: float,
    level_mm: float,
    acute: Pose | None = None,
    segment: Segment = RIGHT_FEMUR,
) -> Target:
    """Want a gain along the mechanical axis, after a correction or none."""
    cut = Osteotomy(level_mm)
    if acute is not None:
        cut = Osteotomy(level_mm, Rule.ANGULATION, Hinge.CORA)
    down = Pose(proximal_mm=-gain_mm, not_measured=HIDDEN)
    length = FEMUR_MM if segment.bone == "femur" else TIBIA_MM
    start = acute or Pose(not_measured=HIDDEN)
    return Target(segment, cut, start, down, gain_mm, length)


def planned(limb: Limb, target: Target, meets_mm: float) -> ReversePlan:
    """Plan backwards, alone in world 0."""
    return reverse_plan(limb, target, canals_of(limb, target, Worlds(1)), meets_mm)


def measured_after(limb: Limb, target: Target, pose: Pose) -> dict[str, float]:
    """Measure the limb after a motion."""
    after = limb_after(limb, target.segment, target.cut.level_mm, pose)
    return {name: float(values[0]) for name, values in sample_limb(after).items()}


def to_knee(level_mm: float, angle_deg: float = 7.0) -> float:
    """From the cut to the knee along the canal."""
    return float((FEMUR_MM - level_mm) / np.cos(np.radians(angle_deg)))


# The worked example: neutral leg, 7 degrees, 50 mm, femur 430 mm.


@pytest.mark.parametrize("level_mm", [130.0, 215.0, 300.0])
def test_a_nail_in_the_middle_of_the_knee_asks_for_the_varus_of_the_worked_example(
    level_mm: float,
) -> None:
    plan = planned(leg(), wanted(50.0, level_mm), to_knee(level_mm))
    assert plan.turn_deg == pytest.approx(-0.732, abs=5e-4)
    cancelled = 7 - axis_angle_after(7, 50 / FEMUR_MM)
    assert -plan.turn_deg == pytest.approx(cancelled, abs=0.01)


@pytest.mark.parametrize(
    ("meets_mm", "varus_deg", "step_mm"),
    [(0.0, 1.789, 0.0), (130.0, 1.075, 2.438), (282.103, 0.732, 3.605)],
)
def test_the_deeper_the_nail_is_held_the_less_turn_and_the_more_step(
    meets_mm: float, varus_deg: float, step_mm: float
) -> None:
    plan = planned(leg(), wanted(50.0, 150.0), meets_mm)
    assert -plan.turn_deg == pytest.approx(varus_deg, abs=1e-3)
    assert plan.step_mm == pytest.approx(step_mm, abs=1e-3)


def test_without_the_plan_the_leg_would_drift_as_the_textbook_says() -> None:
    limb, target = leg(), wanted(50.0, 150.0)
    plan = planned(limb, target, 130.0)
    slide = Pose(float(plan.axis[0] * 50), float(plan.axis[2] * 50))
    drifted = measured_after(limb, target, slide)
    assert drifted["hka_deviation_deg"] == pytest.approx(0.73, abs=5e-3)
    assert -drifted["mad_mm"] == pytest.approx(
        neutral_leg_shift(50, 7, FEMUR_MM, TIBIA_MM), abs=0.01
    )


# Laws.


@given(angle=canal_angles, gain=gains, level=levels, meets=reaches)
def test_the_drift_is_cancelled_and_no_length_is_lost(
    angle: float, gain: float, level: float, meets: float
) -> None:
    limb, target = leg(angle, medial_mm=8.0), wanted(gain, level)
    plan = planned(limb, target, meets)
    end, straight = (
        measured_after(limb, target, p) for p in (plan.target.pose, target.pose)
    )
    for name in ("hka_deviation_deg", "mad_mm", "leg_length_mm", "mldfa_deg"):
        assert end[name] == pytest.approx(straight[name], abs=1e-6)
    assert end["hka_deviation_deg"] == pytest.approx(0, abs=1e-6)


@given(
    angle=canal_angles,
    gain=gains,
    level=levels,
    turn=st.floats(-12, 12),
    lateral=st.floats(-8, 8),
)
def test_a_correction_ends_in_the_same_limb_as_without_a_nail(
    angle: float, gain: float, level: float, turn: float, lateral: float
) -> None:
    limb = leg(angle, medial_mm=8.0, mldfa_deg=80.0)
    acute = Pose(lateral, 0.5, turn, not_measured=HIDDEN)
    target = wanted(gain, level, acute)
    plan = planned(limb, target, 130.0)
    end, straight = (
        measured_after(limb, target, p) for p in (plan.target.pose, target.pose)
    )
    for name in ("hka_deviation_deg", "mad_mm", "leg_length_mm", "mldfa_deg"):
        assert end[name] == pytest.approx(straight[name], abs=1e-6)


@given(gain=gains, level=st.floats(80.0, 200.0), turn=st.floats(-12, 12))
def test_a_tibia_keeps_plateau_and_load_line_and_may_turn_its_ankle(
    gain: float, level: float, turn: float
) -> None:
    limb = leg()
    acute = Pose(1.0, 0.5, turn, not_measured=HIDDEN)
    target = wanted(gain, level, acute, RIGHT_TIBIA)
    plan = planned(limb, target, 120.0)
    end, straight = (
        measured_after(limb, target, p) for p in (plan.target.pose, target.pose)
    )
    for name in ("hka_deviation_deg", "mad_mm", "leg_length_mm", "mpta_deg"):
        assert end[name] == pytest.approx(straight[name], abs=1e-6)


@given(angle=canal_angles, gain=gains, level=levels, meets=reaches)
def test_the_nail_ends_in_the_middle_of_the_other_canal(
    angle: float, gain: float, level: float, meets: float
) -> None:
    limb, target = leg(angle, medial_mm=8.0), wanted(gain, level)
    canals = canals_of(limb, target, Worlds(1))
    plan = reverse_plan(limb, target, canals, meets)
    tip = canals.distal.point[0] + meets * canals.distal.distally[0]
    shaft = Limb(
        limb.side, {**limb.points, "knee_tip": np.array([[tip[0], 0, tip[1]]])}
    )
    after = limb_after(shaft, RIGHT_FEMUR, level, plan.target.pose)
    arm = after.frontal("knee_tip")[0] - canals.proximal.point[0]
    across = np.array([-plan.axis[2], plan.axis[0]])
    assert float(arm @ across) == pytest.approx(0, abs=1e-6)


@given(angle=canal_angles, gain=gains, level=levels, meets=reaches)
def test_at_surgery_both_ends_touch_and_only_step_aside(
    angle: float, gain: float, level: float, meets: float
) -> None:
    limb, target = leg(angle, medial_mm=8.0), wanted(gain, level)
    canals = canals_of(limb, target, Worlds(1))
    plan = reverse_plan(limb, target, canals, meets)
    middle = canals.at_cut[0]
    seen = Limb(
        limb.side, {**limb.points, "knee_middle": np.array([[middle[0], 0, middle[1]]])}
    )
    acute = limb_after(seen, RIGHT_FEMUR, level, plan.target.acute)
    apart = acute.frontal("knee_middle")[0] - middle
    axis = plan.axis[[0, 2]]
    assert float(apart @ axis) == pytest.approx(0, abs=1e-6)
    assert float(apart @ [-axis[1], axis[0]]) == pytest.approx(plan.step_mm, abs=1e-6)


@given(angle=canal_angles, gain=gains, level=levels)
def test_the_device_leaves_nothing_but_half_a_step(
    angle: float, gain: float, level: float
) -> None:
    limb, target = leg(angle), wanted(gain, level)
    plan = planned(limb, target, 130.0)
    telescope = Telescope(NAIL, RIGHT_FEMUR, plan.axis)
    settings, remains = telescope.settings(plan.target.gradual)
    left = np.hypot(remains.lateral_mm, remains.proximal_mm)
    assert left <= NAIL.step_mm / 2 + 1e-9
    made = joined(plan.target.acute, telescope.pose(settings))
    assert made.valgus_deg == plan.target.pose.valgus_deg


@given(level=levels, meets=reaches)
def test_a_straight_bone_that_gains_nothing_needs_nothing(
    level: float, meets: float
) -> None:
    plan = planned(leg(), wanted(0.0, level), meets)
    assert plan.turn_deg == pytest.approx(0, abs=1e-9)
    assert plan.step_mm == pytest.approx(0, abs=1e-9)
    assert plan.target.gradual.lengthening_mm == 0


def test_a_left_leg_is_planned_like_a_right_one() -> None:
    right, left = (
        planned(leg(segment=s), wanted(50.0, 150.0, segment=s), 130.0)
        for s in (RIGHT_FEMUR, LEFT_FEMUR)
    )
    assert left.turn_deg == right.turn_deg
    assert left.step_mm == right.step_mm


def test_what_a_frontal_film_hides_stays_not_measured() -> None:
    plan = planned(leg(), wanted(50.0, 150.0), 130.0)
    for pose in (plan.target.acute, plan.target.gradual, plan.target.pose):
        assert pose.not_measured == HIDDEN


def test_a_canal_that_no_turn_can_reach_is_refused() -> None:
    limb, target = leg(), wanted(50.0, 150.0)
    far, near = (
        canals_of(leg(medial_mm=m), target, Worlds(1)).proximal for m in (-600.0, 8.0)
    )
    apart = Canals(far, near, near.point, CanalSeen.PARTS)
    with pytest.raises(DeviceRefusal, match=r"no turn of R\.femur .* beside the far"):
        reverse_plan(limb, target, apart, 130.0)

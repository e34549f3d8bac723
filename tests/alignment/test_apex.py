"""The apex of a bend: where two axes meet, and at which angle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callotasis.alignment.apex import Apex, apex_of
from callotasis.alignment.axes import Axes
from callotasis.pose import Bone, Side
from callotasis.worlds import Worlds
from crooked import STILL, TIBIA_MM, loose, still, straight

SCATTERED = Worlds(count=400)


def _two_lines(
    valgus_deg: float, level_mm: float, lateral_mm: float = 0.0, worlds: Worlds = STILL
) -> Axes:
    """Axes of an upright tibia that meet below its top, the lower one in valgus."""
    count = worlds.count + 1
    upper = np.array([0.0, -1.0])
    lean = np.radians(valgus_deg)
    lower = np.array([np.sin(lean), -np.cos(lean)])
    apex = np.array([lateral_mm, -level_mm])
    rows = [apex - 80 * upper, upper, apex + 90 * lower, lower]
    return Axes(*(np.tile(row, (count, 1)) for row in rows))


def _found(axes: Axes) -> Apex | None:
    upright = straight() | {"ankle_centre": (0.0, -TIBIA_MM)}
    return apex_of(still(upright), Bone.TIBIA, axes)


@given(st.floats(-30, 30), st.floats(20, TIBIA_MM - 20), st.floats(-15, 15))
def test_two_lines_meet_at_their_angle_level_and_offset(
    valgus: float, level: float, lateral: float
) -> None:
    assume(abs(valgus) > 0.1)
    found = _found(_two_lines(valgus, level, lateral))
    assert found is not None
    assert found.angle_deg.value == pytest.approx(valgus, abs=1e-9)
    assert found.level_mm.value == pytest.approx(level, abs=1e-6)
    assert found.lateral_mm.value == pytest.approx(lateral, abs=1e-6)


@given(st.floats(0.5, 30), st.floats(20, TIBIA_MM - 20))
def test_a_left_leg_is_computed_as_a_right_one(valgus: float, level: float) -> None:
    axes = _two_lines(valgus, level)
    right, left = (apex_of(still(straight(), side), Bone.TIBIA, axes) for side in Side)
    assert right == left


def test_lines_that_run_in_one_direction_have_no_apex() -> None:
    assert _found(_two_lines(0.0, 100.0)) is None


def test_an_angle_whose_interval_holds_zero_has_no_apex() -> None:
    sure = _two_lines(3.0, 100.0, worlds=SCATTERED)
    turn = np.radians(SCATTERED.normal("test/lower", 2.0))
    cos, sin = np.cos(turn), np.sin(turn)
    x, z = sure.distal.T
    unsure = Axes(
        sure.proximal_point,
        sure.proximal,
        sure.distal_point,
        np.stack([x * cos - z * sin, x * sin + z * cos], axis=1),
    )
    limb = still(straight(), worlds=SCATTERED)
    assert apex_of(limb, Bone.TIBIA, sure) is not None
    assert apex_of(limb, Bone.TIBIA, unsure) is None


@pytest.mark.parametrize("bone", Bone)
def test_the_level_is_told_along_the_bone_that_scatters(bone: Bone) -> None:
    limb = loose(straight(), Side.RIGHT, SCATTERED, 1.0)
    top = {Bone.FEMUR: "hip_centre", Bone.TIBIA: "knee_centre"}[bone]
    lines = _two_lines(20.0, 0.0, worlds=SCATTERED)
    down = limb.frontal(top)[0] + np.array([0.0, -100.0])
    shifted = Axes(
        lines.proximal_point + down,
        lines.proximal,
        lines.distal_point + down,
        lines.distal,
    )
    found = apex_of(limb, bone, shifted)
    assert found is not None
    assert found.level_mm.value == pytest.approx(100.0, abs=0.5)
    assert found.level_mm.low < found.level_mm.value < found.level_mm.high

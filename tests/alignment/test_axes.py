"""Axes of both parts of a bone: which ways of drawing them can be believed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment import Planning, axes_of, level_on, normals_for
from callotasis.alignment.axes import shaft_is_straight
from callotasis.pose import Bone, Side
from callotasis.worlds import Worlds
from crooked import (
    FEMUR_MM,
    STILL,
    TIBIA_MM,
    crooked,
    normals,
    still,
    straight,
    without,
)


@pytest.mark.parametrize("bone", list(Bone))
@pytest.mark.parametrize("side", list(Side))
def test_a_straight_leg_has_straight_shafts(bone: Bone, side: Side) -> None:
    assert shaft_is_straight(still(straight(), side), bone)


@pytest.mark.parametrize("valgus", [-15.0, 15.0])
def test_a_bend_between_the_shaft_points_betrays_itself(valgus: float) -> None:
    assert not shaft_is_straight(still(crooked(Bone.TIBIA, valgus, 0.72)), Bone.TIBIA)


@pytest.mark.parametrize("valgus", [-15.0, 15.0])
def test_a_bend_above_the_shaft_points_leaves_the_shaft_straight(valgus: float) -> None:
    assert shaft_is_straight(still(crooked(Bone.TIBIA, valgus, 0.3)), Bone.TIBIA)


def test_shaft_points_that_were_not_placed_make_no_straight_shaft() -> None:
    limb = still(without(straight(), "fem_shaft"))
    assert not shaft_is_straight(limb, Bone.FEMUR)


@given(valgus=st.floats(4.0, 25.0), share=st.floats(0.2, 0.45))
def test_both_ways_of_a_tibia_find_one_bend(valgus: float, share: float) -> None:
    limb = still(crooked(Bone.TIBIA, valgus, share))
    for axes in axes_of(limb, Bone.TIBIA, normals(), STILL).values():
        assert axes.angle_deg[0] == pytest.approx(valgus)


def test_axes_that_meet_outside_the_bone_are_no_apex() -> None:
    found = axes_of(still(straight()), Bone.TIBIA, normals(), STILL)
    for axes in found.values():
        assert 0 < level_on(still(straight()), Bone.TIBIA, axes.apex)[0] < TIBIA_MM


def test_without_joint_lines_only_shaft_lines_can_be_drawn() -> None:
    bare = without(crooked(Bone.TIBIA, 12.0, 0.5), "tib_plateau", "tib_shaft")
    assert axes_of(still(bare), Bone.TIBIA, normals(), STILL) == {}
    lines = bare | {
        "tib_above_1": (0.0, -0.1 * TIBIA_MM),
        "tib_above_2": (0.0, -0.3 * TIBIA_MM),
        "tib_below_1": bare["ankle_centre"],
        "tib_below_2": bare["ankle_centre"],
    }
    apex = np.array([0.0, -0.5 * TIBIA_MM])
    ankle = np.array(bare["ankle_centre"])
    lines["tib_below_1"] = tuple(apex + 0.3 * (ankle - apex))
    found = axes_of(still(lines), Bone.TIBIA, normals(), STILL)
    assert set(found) == {Planning.ANATOMIC}
    assert found[Planning.ANATOMIC].angle_deg[0] == pytest.approx(12.0)


def test_levels_run_from_the_upper_joint_to_the_lower() -> None:
    limb = still(straight())
    ends = (limb.frontal("hip_centre"), limb.frontal("knee_centre"))
    levels = [level_on(limb, Bone.FEMUR, end)[0] for end in ends]
    assert levels == pytest.approx([0.0, FEMUR_MM])


def test_a_normal_other_leg_lends_its_angles() -> None:
    worlds = Worlds(50)
    own = normals_for({}, worlds)["mpta_deg"]
    lent = normals_for({"mpta_deg": np.full(51, 88.0)}, worlds)["mpta_deg"]
    crooked_too = normals_for({"mpta_deg": np.full(51, 80.0)}, worlds)["mpta_deg"]
    assert np.ptp(lent) == 0
    assert lent[0] == 88.0
    assert own[0] == crooked_too[0] == 87.0
    assert np.ptp(own) > 0

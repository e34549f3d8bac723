"""Mounting: which way a ring lies on a leg, and the bone's motion as the ring's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.fixation.hexapod import Placement
from callotasis.fixation.hexapod.mounting import (
    Mounting,
    Reference,
    fragment_after,
    frame_after,
    motion_of,
    parameters_of,
    ring_on_bone,
)
from callotasis.pose import PARAMETERS, Pose, moved
from callotasis.worlds import Array

SHIFTS, TURNS = st.floats(-100, 100), st.floats(-50, 50)
SIX = st.tuples(*[SHIFTS] * 3, *[TURNS] * 3).map(np.array)
MOTIONS = SIX.map(motion_of)


def close(a: Placement, b: Placement) -> bool:
    return np.allclose(a.translation_mm, b.translation_mm, atol=1e-9) and np.allclose(
        a.rotation, b.rotation, atol=1e-12
    )


@pytest.mark.parametrize(
    ("frame_axis", "limb_axis"),
    [
        ((1, 0, 0), (1, 0, 0)),  # lateral stays lateral
        ((0, 1, 0), (0, -1, 0)),  # y of the frame looks backward
        ((0, 0, 1), (0, 0, -1)),  # z of the frame runs distally
    ],
)
def test_a_square_ring_has_the_stated_axes(
    frame_axis: tuple[int, ...], limb_axis: tuple[int, ...]
) -> None:
    square = ring_on_bone(np.array([10.0, 20.0, 70.0, 0, 0, 0]))
    [found] = square.carried(np.array([frame_axis], float))
    assert found == pytest.approx(np.array([10, 20, 70]) + np.array(limb_axis))


def test_frame_and_limb_are_both_right_handed() -> None:
    assert np.linalg.det(ring_on_bone(np.zeros(6)).rotation) == pytest.approx(1)


@given(SIX)
def test_six_parameters_are_a_motion_and_back(six: Array) -> None:
    assert parameters_of(motion_of(six)) == pytest.approx(six, abs=1e-9)


@given(SIX)
def test_a_motion_is_that_of_a_pose(six: Array) -> None:
    pose = Pose(**dict(zip(PARAMETERS, map(float, six), strict=True)))
    point = np.array([12.0, -7.0, -90.0])
    [found] = motion_of(six).carried(point[None])
    assert found == pytest.approx(moved(point, pose, np.zeros(3)), abs=1e-9)


def test_a_valgus_tilt_of_a_ring_turns_its_axis_outwards() -> None:
    """Valgus turns what is distal outwards: the ring's axis points down and out."""
    tilted = ring_on_bone(np.array([0, 0, 0, 0, 10.0, 0]))
    [axis] = tilted.carried(np.array([[0.0, 0.0, 1.0]]))
    assert axis[0] == pytest.approx(np.sin(np.radians(10)))
    assert axis[2] < 0


@given(MOTIONS, MOTIONS, MOTIONS, MOTIONS)
def test_the_bone_moves_as_the_ring_and_back(
    ring: Placement, frame: Placement, before: Placement, after: Placement
) -> None:
    then = frame_after(ring, frame, before, after)
    assert close(fragment_after(ring, frame, before, then), after)


@given(MOTIONS, MOTIONS, MOTIONS, MOTIONS)
def test_the_distal_ring_stays_on_the_distal_fragment(
    ring: Placement, frame: Placement, before: Placement, after: Placement
) -> None:
    """X·T = D·Y before and after, with one and the same Y."""
    then = frame_after(ring, frame, before, after)
    assert close(before.inverse() @ ring @ frame, after.inverse() @ ring @ then)


@given(MOTIONS, MOTIONS, MOTIONS)
def test_a_mounting_on_either_fragment_is_one_mounting(
    ring: Placement, frame: Placement, fragment: Placement
) -> None:
    proximal = Mounting(Reference.PROXIMAL, ring)
    distal = Mounting(Reference.DISTAL, fragment.inverse() @ ring @ frame)
    assert close(
        proximal.proximal_ring(fragment, frame), distal.proximal_ring(fragment, frame)
    )

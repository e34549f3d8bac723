"""Solids and what carries them: rigid where it must be, and mirrored inside out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from callotasis.pose import Side
from callotasis.radiograph.phantom.solid import Leg, Move, Solid, in_turn, turned_about
from callotasis.worlds import Array
from solids import angle_of, is_closed, motion, sphere, volume_mm3

CLOUD = np.random.default_rng(5).normal(0, 100, (30, 3))
POINT = arrays(float, 3, elements=st.floats(-500, 500, width=32))
ANGLE = st.floats(-np.pi, np.pi)


def _shifted(by: Array) -> Move:
    return lambda points: points + by


# One move after the other.


@given(POINT, POINT)
def test_moves_are_done_in_the_order_in_which_they_are_given(
    first: Array, second: Array
) -> None:
    move = in_turn((_shifted(first), lambda points: 2 * points, _shifted(second)))
    expected = 2 * (CLOUD + first) + second
    np.testing.assert_allclose(move(CLOUD), expected, atol=1e-9)


def test_no_move_leaves_everything_where_it_is() -> None:
    assert np.array_equal(in_turn(())(CLOUD), CLOUD)


def test_moves_may_be_given_once_and_be_done_often() -> None:
    move = in_turn(_shifted(np.ones(3)) for _ in range(3))
    assert np.array_equal(move(CLOUD), move(CLOUD))
    np.testing.assert_allclose(move(CLOUD), CLOUD + 3)


# Turning about a line.


@given(POINT, ANGLE, POINT)
def test_a_turn_is_rigid_and_as_large_as_asked(
    axis: Array, angle: float, through: Array
) -> None:
    assume(np.linalg.norm(axis) > 1)
    turn, _, off = motion(CLOUD, turned_about(axis, angle, through)(CLOUD))
    assert off < 1e-6
    assert angle_of(turn) == pytest.approx(abs(np.degrees(angle)), abs=1e-5)


@given(POINT, ANGLE, POINT, st.floats(-3, 3))
def test_a_turn_leaves_its_own_line_where_it_is(
    axis: Array, angle: float, through: Array, along: float
) -> None:
    assume(np.linalg.norm(axis) > 1)
    point = (through + along * axis)[None]
    found = turned_about(axis, angle, through)(point)
    np.testing.assert_allclose(found, point, atol=1e-6)


@given(POINT, ANGLE, POINT)
def test_turning_back_undoes_a_turn(axis: Array, angle: float, through: Array) -> None:
    assume(np.linalg.norm(axis) > 1)
    there = turned_about(axis, angle, through)
    back = turned_about(axis, -angle, through)
    np.testing.assert_allclose(in_turn((there, back))(CLOUD), CLOUD, atol=1e-6)


@pytest.mark.parametrize("axis", range(3))
def test_a_quarter_turn_is_right_handed(axis: int) -> None:
    unit = np.eye(3)
    (found,) = turned_about(unit[axis], np.pi / 2, np.zeros(3))(unit[[axis - 2]])
    assert found == pytest.approx(unit[axis - 1], abs=1e-12)


@given(ANGLE, st.floats(0.01, 100))
def test_the_length_of_an_axis_does_not_matter(angle: float, length: float) -> None:
    axis = np.array([1.0, -2.0, 0.5])
    one, other = (turned_about(a, angle, CLOUD[0]) for a in (axis, length * axis))
    np.testing.assert_allclose(one(CLOUD), other(CLOUD), atol=1e-9)


# Solids and legs.


def _leg() -> Leg:
    bones = {"femur": sphere(np.array([90.0, 0, 700]), 30.0, 6)}
    return Leg(Side.LEFT, bones, {"hip_centre": np.array([90.0, 5, 900])})


@given(POINT)
def test_a_solid_is_carried_along_and_keeps_its_faces(by: Array) -> None:
    solid = sphere(np.zeros(3), 30.0, 6)
    moved = solid.moved(_shifted(by))
    np.testing.assert_array_equal(moved.vertices, solid.vertices + by)
    assert moved.faces is solid.faces
    assert volume_mm3(moved) == pytest.approx(volume_mm3(solid), rel=1e-9)


@given(POINT)
def test_bones_and_landmarks_of_a_leg_are_carried_alike(by: Array) -> None:
    leg = _leg()
    moved = leg.moved(_shifted(by))
    assert moved.side is leg.side
    femur, hip = leg.bones["femur"].vertices, leg.points["hip_centre"]
    np.testing.assert_array_equal(moved.bones["femur"].vertices, femur + by)
    np.testing.assert_array_equal(moved.points["hip_centre"], hip + by)


def test_a_leg_that_is_moved_leaves_the_one_it_came_from_alone() -> None:
    leg, before = _leg(), _leg()
    leg.moved(_shifted(np.ones(3))).points["hip_centre"] += 5
    leg.mirrored().points["hip_centre"] += 5
    np.testing.assert_array_equal(leg.points["hip_centre"], before.points["hip_centre"])


def test_a_mirrored_leg_is_a_right_one_whose_bones_are_not_inside_out() -> None:
    leg = _leg()
    right = leg.mirrored()
    assert right.side is Side.RIGHT
    assert right.points["hip_centre"] == pytest.approx([-90, 5, 900])
    bone = right.bones["femur"]
    assert is_closed(bone.faces)
    assert volume_mm3(bone) == pytest.approx(volume_mm3(leg.bones["femur"]))
    assert volume_mm3(bone) > 0


def test_a_solid_knows_no_equal_but_itself() -> None:
    vertices, faces = CLOUD, np.array([[0, 1, 2]])
    assert Solid(vertices, faces) != Solid(vertices, faces)

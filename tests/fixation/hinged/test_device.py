"""Devices that turn about one axis and slide along one line, there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from callotasis.errors import DeviceRefusal
from callotasis.fixation.hinged.device import (
    HingedDevice,
    HingeSettings,
    Travel,
    turn_about,
)
from callotasis.pose import HIDDEN, Pose, rotation_from_pose
from callotasis.worlds import Array
from dora import LEFT_TIBIA

TRAVEL = Travel(-60.0, 60.0, 100.0, 0.25, "the test")
SEEN = ("external_rotation_deg",)

parts = st.floats(-1, 1)
directions = (
    st.tuples(parts, parts, parts)
    .filter(lambda v: np.linalg.norm(v) > 0.1)
    .map(lambda v: np.array(v) / np.linalg.norm(v))
)
places = st.tuples(*[st.floats(-120, 120)] * 3).map(np.array)
turns = st.floats(-59, 59)
steps = st.integers(0, 400)


def device(
    axis: Array, hinge: Array, line: Array, hidden: tuple[str, ...] = ()
) -> HingedDevice:
    """Make a device of the test."""
    return HingedDevice(LEFT_TIBIA, hinge, axis, line, TRAVEL, hidden)


FRONTAL = device(np.array([0, -1.0, 0]), np.zeros(3), np.array([0, 0, -1.0]), HIDDEN)


# Laws.


@given(directions, turns)
def test_a_turn_is_the_one_that_others_compute(axis: Array, turn: float) -> None:
    expected = Rotation.from_rotvec(np.radians(turn) * axis).as_matrix()
    assert turn_about(axis, turn) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.tuples(directions, turns), min_size=1, max_size=4))
def test_many_turns_at_once_are_the_same_as_one_by_one(
    drawn: list[tuple[Array, float]],
) -> None:
    axes, angles = np.array([a for a, _ in drawn]), np.array([t for _, t in drawn])
    alone = [turn_about(a, t) for a, t in drawn]
    assert turn_about(axes, angles) == pytest.approx(np.array(alone))


@given(directions, places, directions, turns, steps)
def test_settings_undo_a_pose(
    axis: Array, hinge: Array, line: Array, turn: float, count: int
) -> None:
    made = device(axis, hinge, line)
    settings = HingeSettings(turn, count * 0.25)
    found, rest = made.settings(made.pose(settings))
    assert found.turn_deg == pytest.approx(turn, abs=1e-6)
    assert found.extension_mm == pytest.approx(count * 0.25, abs=1e-6)
    assert rotation_from_pose(rest) == pytest.approx(np.eye(3), abs=1e-7)
    assert rest.lateral_mm == pytest.approx(0, abs=1e-5)


@given(directions, places, directions, turns, steps)
def test_turned_or_drawn_out_first_the_bone_ends_in_the_same_place(
    axis: Array, hinge: Array, line: Array, turn: float, count: int
) -> None:
    out = count * 0.25
    point = np.array([[10.0, -20.0, -90.0]])
    made = device(axis, hinge, line)
    drawn_then_turned = device(axis, hinge + out * line, line).carried(
        point + out * line, turn, 0.0
    )
    assert made.carried(point, turn, out) == pytest.approx(drawn_then_turned)


@given(turns, turns, turns, st.floats(-30, 30), st.floats(-40, 0))
def test_device_and_rest_together_make_what_was_wanted(
    valgus: float, apex: float, external: float, lateral: float, proximal: float
) -> None:
    wanted = Pose(
        lateral_mm=lateral,
        proximal_mm=proximal,
        valgus_deg=valgus,
        apex_anterior_deg=apex,
        external_rotation_deg=external / 10,
    )
    travel = Travel(-180, 180, 100, 0.25, "the test")
    axis = np.array([0.6, -0.8, 0.0])
    made = HingedDevice(
        LEFT_TIBIA, np.array([30.0, 5, -8]), axis, np.array([0, 0, -1.0]), travel, ()
    )
    found, rest = made.settings(wanted)
    done = made.pose(found)
    both = rotation_from_pose(rest) @ rotation_from_pose(done)
    assert both == pytest.approx(rotation_from_pose(wanted), abs=1e-9)
    assert done.lateral_mm + rest.lateral_mm == pytest.approx(lateral)
    assert done.proximal_mm + rest.proximal_mm == pytest.approx(proximal)


@given(turns, turns, turns)
def test_no_other_turn_about_the_axis_comes_nearer(
    valgus: float, apex: float, other: float
) -> None:
    axis = np.array([0.6, -0.8, 0.0])
    made = HingedDevice(
        LEFT_TIBIA,
        np.zeros(3),
        axis,
        np.array([0, 0, -1.0]),
        Travel(-180, 180, 100, 0.25, "the test"),
        (),
    )
    wanted = Pose(valgus_deg=valgus, apex_anterior_deg=apex)
    found, _ = made.settings(wanted)

    def left(turn: float) -> float:
        rest = rotation_from_pose(wanted) @ turn_about(axis, turn).T
        return float(Rotation.from_matrix(rest).magnitude())

    assert left(found.turn_deg) <= left(other) + 1e-7


# What is seen, and what is not.


def test_what_no_film_shows_stays_unmeasured_and_empty() -> None:
    pose = FRONTAL.pose(HingeSettings(10.0, 5.0))
    assert pose.not_measured == HIDDEN
    assert pose.valgus_deg == pytest.approx(10)
    assert pose.lengthening_mm == pytest.approx(5)
    assert (pose.anterior_mm, pose.apex_anterior_deg) == (0, 0)


def test_the_turn_is_valgus_where_the_axis_points_backwards() -> None:
    found, rest = FRONTAL.settings(Pose(valgus_deg=12.0, not_measured=HIDDEN))
    assert found == HingeSettings(12.0, 0.0)
    assert rest.seen()["not_measured"] == [*HIDDEN]


def test_a_device_is_never_drawn_in_and_says_what_remains() -> None:
    found, rest = FRONTAL.settings(Pose(proximal_mm=3.0, not_measured=HIDDEN))
    assert found.extension_mm == 0
    assert rest.proximal_mm == 3


def test_an_extension_is_in_whole_steps_and_the_rest_remains() -> None:
    found, rest = FRONTAL.settings(Pose(proximal_mm=-10.1, not_measured=HIDDEN))
    assert found.extension_mm == 10
    assert rest.proximal_mm == pytest.approx(-0.1)


# Refusals.


def test_a_turn_out_of_range_is_refused_with_range_and_source() -> None:
    with pytest.raises(
        DeviceRefusal, match=r"L\.tibia .* turned 61\.00°.*-60 to 60° \(the test\)"
    ):
        FRONTAL.settings(Pose(valgus_deg=61.0, not_measured=HIDDEN))


def test_a_stroke_that_is_too_short_is_refused() -> None:
    with pytest.raises(
        DeviceRefusal, match=r"drawn out 101\.0 mm; allowed is up to 100"
    ):
        FRONTAL.settings(Pose(proximal_mm=-101.0, not_measured=HIDDEN))


def test_a_slanted_axis_is_refused_where_nobody_saw_the_leg_from_the_side() -> None:
    slanted = device(
        np.array([0.6, -0.8, 0.0]), np.zeros(3), np.array([0, 0, -1.0]), SEEN
    )
    with pytest.raises(DeviceRefusal, match="measure a lateral film"):
        slanted.settings(Pose(valgus_deg=10.0, not_measured=HIDDEN))

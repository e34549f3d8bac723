"""A pose from six struts: it closes, and no false one is given."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import (
    Placement,
    check_placement,
    condition_of,
    pose_from_struts,
    poses_from_struts,
    struts_of,
)
from callotasis.fixation.hexapod.forward import neutral_of
from callotasis.pose import angles_xyz
from callotasis.worlds import Array
from hexapods import (
    NEUTRAL,
    RUBIN,
    RUBIN_MOVED,
    RUBIN_ZERO,
    USUAL,
    held,
    poses,
)


def turned_apart_deg(one: Placement, other: Placement) -> Array:
    """Turns from one pose to the other about x, y and z."""
    relative = one.rotation @ np.swapaxes(other.rotation, -1, -2)
    return np.degrees(np.abs(angles_xyz(relative)))


def test_case_h1_is_read_back_from_zero() -> None:
    struts = struts_of(RUBIN, RUBIN_MOVED)[None]
    found, misfit = poses_from_struts(RUBIN, struts, RUBIN_ZERO)
    assert misfit < 1e-9
    assert np.allclose(found.translation_mm[0], RUBIN_MOVED.translation_mm, atol=1e-6)
    assert turned_apart_deg(found, RUBIN_MOVED).max() < 1e-6


def closes(placement: Placement) -> None:
    """Read a pose back from its own struts."""
    found = pose_from_struts(USUAL, struts_of(USUAL, placement))
    assert np.allclose(found.translation_mm, placement.translation_mm, atol=1e-6)
    assert turned_apart_deg(found, placement).max() < 1e-6


@given(placement=poses())
def test_inverse_after_forward_closes_over_the_reachable_space(
    placement: Placement,
) -> None:
    assume(held(USUAL, placement))
    closes(placement)


def test_a_pose_beyond_a_singular_one_is_refused_though_it_is_held_firmly() -> None:
    """Its condition is below 20, and the frame passed 0 on its way there."""
    beyond = Placement.at((0, 0, 110), (43, 49, 24))
    assert condition_of(USUAL, beyond) < 20
    with pytest.raises(FrameRefusal, match="lie beyond a singular pose"):
        check_placement(USUAL, beyond)


def test_inverse_after_forward_closes_for_ten_thousand_poses_at_once() -> None:
    random = np.random.default_rng(4)
    at = random.uniform((-30, -30, 110), (30, 30, 220), (10_000, 3))
    placed = Placement.at(at, random.uniform(-40, 40, (10_000, 3)))
    kept = [held(USUAL, Placement(t, r)) for t, r in zip(at, placed.rotation)]  # noqa: B905
    placed = Placement(at[kept], placed.rotation[kept])
    assert len(placed.translation_mm) > 5000
    found, misfit = poses_from_struts(USUAL, struts_of(USUAL, placed))
    assert misfit.max() < 1e-6
    assert np.abs(found.translation_mm - placed.translation_mm).max() < 1e-6
    assert turned_apart_deg(found, placed).max() < 1e-6


@given(
    aside=st.tuples(st.floats(-60, 60), st.floats(-60, 60)),
    height=st.floats(20, 250),
    turns=st.tuples(*[st.floats(-180, 180)] * 3),
)
def test_struts_of_a_pose_that_cannot_be_held_give_no_false_one(
    aside: tuple[float, ...], height: float, turns: tuple[float, ...]
) -> None:
    placement = Placement.at((*aside, height), turns)
    assume(not held(USUAL, placement))
    struts = struts_of(USUAL, placement)
    try:
        found = pose_from_struts(USUAL, struts)
    except FrameRefusal:
        return
    assert held(USUAL, found)
    assert np.abs(struts_of(USUAL, found) - struts).max() <= 1e-6


@given(placement=poses())
def test_the_mirrored_pose_behind_the_ring_is_never_given(placement: Placement) -> None:
    assume(held(USUAL, placement))
    struts = struts_of(USUAL, placement)
    flip = np.diag([1.0, 1.0, -1.0])
    behind = Placement(
        flip @ placement.translation_mm, flip @ placement.rotation @ flip
    )
    assert np.allclose(struts_of(USUAL, behind), struts)
    assert pose_from_struts(USUAL, struts).translation_mm[2] > 0
    with pytest.raises(FrameRefusal):
        pose_from_struts(USUAL, struts, behind)


@given(struts=st.lists(st.floats(20, 500), min_size=6, max_size=6))
def test_random_lengths_give_a_pose_that_fits_or_none(struts: list[float]) -> None:
    lengths = np.array(struts)
    try:
        found = pose_from_struts(USUAL, lengths)
    except FrameRefusal:
        return
    assert held(USUAL, found)
    assert np.abs(struts_of(USUAL, found) - lengths).max() <= 1e-6


def test_lengths_that_no_pose_fits_are_refused_with_strut_and_millimetres() -> None:
    struts = np.array([100.0, 300, 100, 300, 100, 600])
    with pytest.raises(FrameRefusal, match="no pose fits these struts") as refusal:
        pose_from_struts(USUAL, struts)
    said = re.search(
        r"misses strut (\d) by ([\d.]+) mm \(([\d.]+) read, ([\d.]+) fits\)",
        str(refusal.value),
    )
    assert said is not None
    strut, off, read, fits = (float(word) for word in said.groups())
    assert read == struts[int(strut) - 1]
    assert off == pytest.approx(abs(fits - read), abs=0.011)
    assert off > 1


def test_a_pose_near_the_last_one_is_found_from_there() -> None:
    placement = Placement.at((20, -25, 170), (35, 20, -30))
    assert held(USUAL, placement)
    near = Placement.at((15, -20, 165), (30, 18, -25))
    found = pose_from_struts(USUAL, struts_of(USUAL, placement), near)
    assert np.allclose(found.translation_mm, placement.translation_mm, atol=1e-6)


def test_the_neutral_frame_of_equal_struts_is_the_straight_one() -> None:
    start = neutral_of(USUAL, struts_of(USUAL, NEUTRAL)[None])
    assert np.allclose(start.translation_mm, [[0, 0, 150]])
    assert np.allclose(start.rotation, np.eye(3))


def test_each_frame_of_many_starts_where_it_stood() -> None:
    many = Placement.at([[0, 0, 150], [5, -8, 160]], [[0, 0, 0], [10, -5, 7]])
    found, misfit = poses_from_struts(USUAL, struts_of(USUAL, many), many)
    assert misfit.max() < 1e-9
    assert np.allclose(found.translation_mm, many.translation_mm, atol=1e-9)

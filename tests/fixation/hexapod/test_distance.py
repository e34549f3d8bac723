"""Distances: against sampling, under motion, and in cases with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.fixation.hexapod.distance import (
    Washer,
    point_apart,
    segments_apart,
    washer_apart,
)
from callotasis.pose import rotation_xyz
from callotasis.worlds import Array

FULL = Washer(70, 90, -4, 4)
OPEN = Washer(70, 90, -4, 4, gap_rad=np.radians(90), gap_at_rad=0.0)

coordinate = st.floats(-150, 150).map(lambda v: round(v, 2))
points = st.tuples(coordinate, coordinate, coordinate).map(np.array)
turns = st.tuples(*[st.floats(-3, 3)] * 3).map(np.array)


def line(start: Array, end: Array, count: int) -> Array:
    """So many points of a segment."""
    return start + np.linspace(0, 1, count)[:, None] * (end - start)


@pytest.mark.parametrize(
    ("other", "other_end", "apart"),
    [
        ((0, 5, 0), (10, 5, 0), 5),  # parallel, side by side
        ((13, 4, 0), (20, 4, 0), 5),  # parallel, one behind the other
        ((12, 0, 0), (20, 0, 0), 2),  # on one line
        ((4, -5, 3), (4, 5, 3), 3),  # crossing over
        ((4, 2, 0), (4, 9, 0), 2),  # an end over a middle
        ((13, 4, 0), (13, 4, 0), 5),  # a point
        ((4, -5, 0), (4, 5, 0), 0),  # meeting
    ],
)
def test_two_segments_with_a_known_distance(
    other: Array, other_end: Array, apart: float
) -> None:
    start, end = np.zeros(3), np.array([10.0, 0, 0])
    found = segments_apart(start, end, np.array(other, float), np.array(other_end))
    assert found == pytest.approx(apart, abs=1e-9)


@given(points, points, points, points)
def test_sampling_finds_nothing_nearer_and_nearly_as_near(
    a: Array, b: Array, c: Array, d: Array
) -> None:
    found = float(segments_apart(a, b, c, d))
    one, other = line(a, b, 81), line(c, d, 81)
    sampled = np.linalg.norm(one[:, None] - other, axis=-1).min()
    coarse = (np.linalg.norm(b - a) + np.linalg.norm(d - c)) / 160
    assert found - 1e-6 <= sampled <= found + coarse + 1e-6


@given(points, points, points, points)
def test_the_distance_is_the_same_from_both_sides(
    a: Array, b: Array, c: Array, d: Array
) -> None:
    found = segments_apart(a, b, c, d)
    for again in (segments_apart(c, d, a, b), segments_apart(b, a, d, c)):
        assert again == pytest.approx(found, abs=1e-5)


@given(points, points, points, points, turns, points)
def test_a_motion_of_all_changes_no_distance(
    a: Array, b: Array, c: Array, d: Array, turn: Array, shift: Array
) -> None:
    before = segments_apart(a, b, c, d)
    moved = [p @ rotation_xyz(turn).T + shift for p in (a, b, c, d)]
    assert segments_apart(*moved) == pytest.approx(before, abs=1e-5)


def test_many_pairs_are_measured_at_once() -> None:
    rng = np.random.default_rng(5)
    a, b, c, d = rng.uniform(-100, 100, (4, 7, 3, 3))
    found = segments_apart(a, b, c, d)
    assert found.shape == (7, 3)
    assert found[4, 1] == segments_apart(a[4, 1], b[4, 1], c[4, 1], d[4, 1])


# Rings.


@pytest.mark.parametrize(
    ("washer", "at", "apart"),
    [
        (FULL, (0, 0, 0), 70),
        (FULL, (80, 0, 0), 0),
        (FULL, (0, -80, 9), 5),
        (FULL, (93, 0, 8), 5),
        (FULL, (0, 67, -8), 5),
        (OPEN, (-80, 0, 0), 0),
        (OPEN, (0, 80, 0), 0),
        (OPEN, (110, 0, 0), 110 * np.sin(np.pi / 4)),
        (OPEN, (0, 0, 0), 70),
    ],
)
def test_a_point_beside_a_ring(washer: Washer, at: Array, apart: float) -> None:
    x, y, z = np.array(at, float)
    assert point_apart(x, y, z, washer) == pytest.approx(apart)


@given(st.sampled_from([FULL, OPEN]), points)
def test_a_point_is_as_far_as_the_nearest_of_the_rings_own_points(
    washer: Washer, at: Array
) -> None:
    reach = np.pi - washer.gap_rad / 2
    turn = washer.gap_at_rad + np.pi + np.linspace(-reach, reach, 241)
    radius = np.linspace(washer.inner_mm, washer.outer_mm, 9)[:, None]
    level = np.linspace(washer.low_mm, washer.high_mm, 5)[:, None, None]
    x, y = radius * np.cos(turn), radius * np.sin(turn)
    away = np.sqrt((x - at[0]) ** 2 + (y - at[1]) ** 2 + (level - at[2]) ** 2)
    found = float(point_apart(*at, washer))
    assert found - 1e-9 <= away.min() <= found + 2.5


@given(st.sampled_from([FULL, OPEN]), points, points)
def test_a_segment_is_as_near_as_the_nearest_of_its_points(
    washer: Washer, start: Array, end: Array
) -> None:
    found = float(washer_apart(start, end, washer))
    x, y, z = line(start, end, 4001).T
    sampled = float(point_apart(x, y, z, washer).min())
    assert found == pytest.approx(sampled, abs=0.06)


def test_a_rod_through_the_middle_of_a_ring_is_its_inner_radius_away() -> None:
    foot, top = np.array([0, 0, -99.0]), np.array([0, 0, 99.0])
    assert washer_apart(foot, top, FULL) == pytest.approx(70)


def test_a_rod_through_the_opening_passes_between_the_ends() -> None:
    inside, outside = np.zeros(3), np.array([150.0, 0, 0])
    assert washer_apart(inside, outside, FULL) == pytest.approx(0, abs=1e-9)
    ends = 70 * np.sin(np.pi / 4)
    assert washer_apart(inside, outside, OPEN) == pytest.approx(ends, abs=1e-3)


def test_a_rod_from_one_side_through_a_ring_to_the_other_meets_it() -> None:
    below, above = np.array([80.0, 0, -30]), np.array([80.0, 0, 30])
    assert washer_apart(below, above, FULL) == 0

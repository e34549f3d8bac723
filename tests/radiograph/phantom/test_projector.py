"""The projector: thickness along each ray, against chords that anybody can check."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.pose import Side
from callotasis.radiograph.phantom import FilmSpec
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.skeleton import stand
from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array
from solids import box, rays, sphere, volume_mm3

# A short source distance and a solid off the central ray: perspective must show.
BEAM = Beam(1500.0, (30.0, 900.0), -60.0, 1060.0, 1.0, 160, 180)
CENTRE = np.array([20.0, 150.0, 970.0])
RADIUS = 40.0
COORDINATE = st.floats(-300, 300)


def _shadow(solid: Solid, beam: Beam = BEAM) -> Picture:
    thickness = np.zeros((beam.rows, beam.columns), np.float32)
    beam.add_thickness(solid, thickness)
    return thickness


def _chord(axes: Array, beam: Beam = BEAM) -> Array:
    """Length of each ray within an ellipsoid at CENTRE: exact, by a quadratic."""
    source, direction = rays(beam)
    d, w = direction / axes, (source - CENTRE) / axes
    a, b, c = (d * d).sum(-1), d @ w, w @ w - 1
    return np.asarray(2 * np.sqrt(np.maximum(b * b - a * c, 0)) / a)


def _ellipsoid(axes: Array, rings: int) -> Solid:
    ball = sphere(np.zeros(3), 1.0, rings)
    return Solid(ball.vertices * axes + CENTRE, ball.faces)


def _error(axes: Array, rings: int) -> float:
    true = _chord(axes)
    return float(np.abs(_shadow(_ellipsoid(axes, rings)) - true)[true > 0].mean())


ROUND = np.full(3, RADIUS)


@pytest.mark.parametrize("axes", [ROUND, np.array([25.0, 60.0, 45.0])])
def test_the_shadow_of_an_ellipsoid_is_its_chord_along_each_ray(axes: Array) -> None:
    assert _error(axes, 160) < 0.02


def test_the_error_falls_with_the_square_of_the_size_of_the_faces() -> None:
    errors = [_error(ROUND, rings) for rings in (10, 20, 40, 80)]
    for coarse, fine in pairwise(errors):
        assert coarse / fine == pytest.approx(4, rel=0.1)


def test_nothing_is_seen_beside_a_sphere() -> None:
    source, direction = rays(BEAM)
    beside = np.linalg.norm(np.cross(direction, CENTRE - source), axis=2) > RADIUS
    assert beside.any()
    assert _shadow(sphere(CENTRE, RADIUS, 60))[beside].max() == 0


def test_the_shadow_of_a_box_is_its_chord_along_each_ray() -> None:
    low, high = CENTRE - np.array([30.0, 35, 20]), CENTRE + np.array([25.0, 40, 45])
    source, direction = rays(BEAM)
    planes = [(side - source) / direction for side in (low, high)]
    enter, leave = np.minimum(*planes).max(-1), np.maximum(*planes).min(-1)
    true = np.maximum(leave - enter, 0)
    found = _shadow(box(low, high))
    assert found[true == 0].max() == 0
    assert found[true > 0].min() > 0
    # Depth is drawn straight across faces of 80 mm, 0.3 % of the way on average.
    assert np.abs(found - true).max() < 1.5
    assert np.abs(found - true)[true > 0].mean() < 0.25


@pytest.mark.parametrize("name", ["femur", "tibia", "fibula", "patella", "talus"])
def test_the_shadow_of_a_bone_holds_its_whole_volume_and_no_streak(name: str) -> None:
    bone = stand(FilmSpec()).upright[Side.LEFT].bones[name]
    solid = Solid(bone.vertices - bone.vertices.mean(axis=0) + CENTRE, bone.faces)
    beam = Beam(60_000.0, (CENTRE[0], CENTRE[2]), -110.0, 1250.0, 1.0, 560, 260)
    found = _shadow(solid, beam)
    assert found.sum() == pytest.approx(volume_mm3(solid), rel=0.01)
    assert found.max() < np.ptp(solid.vertices[:, 1])


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_faces_and_of_their_corners_changes_nothing(shuffle) -> None:  # type: ignore[no-untyped-def]
    solid = sphere(CENTRE, RADIUS, 12)
    order = list(range(len(solid.faces)))
    shuffle.shuffle(order)
    turned = np.array([np.roll(solid.faces[k], shuffle.randrange(3)) for k in order])
    again = _shadow(Solid(solid.vertices, turned))
    np.testing.assert_allclose(again, _shadow(solid), atol=1e-4)


@pytest.mark.parametrize("hair_mm", [1e-7, -1e-7])
def test_corners_and_edges_on_the_middle_of_a_pixel_leave_no_streak(
    hair_mm: float,
) -> None:
    # Magnified exactly twice, every corner of this octahedron meets a pixel's middle.
    beam = Beam(2048.0, (0.0, 0.0), -20.5, 20.5, 1.0, 41, 41)
    axes = np.array([[5.0, 0, 0], [0, 30.0, 0], [0, 0, 5.0]])
    corners = np.vstack([axes, -axes]) + np.array([0, 1024.0, 0])
    faces = [
        (x, y, z) if (x < 3) ^ (y < 3) ^ (z < 3) else (x, z, y)
        for x in (0, 3)
        for y in (1, 4)
        for z in (2, 5)
    ]
    solid = Solid(corners, np.array(faces, dtype=np.int64))
    found = _shadow(solid, beam)
    beside = Solid(corners + np.array([hair_mm, 0, 2 * hair_mm]), solid.faces)
    assert found == pytest.approx(_shadow(beside, beam), abs=1e-3)
    assert found[20, 20] == pytest.approx(60, abs=1e-3)
    row, column = np.indices(found.shape) - 20
    assert found[abs(row) + abs(column) > 10].max() == 0


def test_a_surface_turned_inside_out_casts_the_same_shadow() -> None:
    solid = sphere(CENTRE, RADIUS, 12)
    inside_out = Solid(solid.vertices, solid.faces[:, ::-1])
    np.testing.assert_allclose(_shadow(inside_out), _shadow(solid), atol=1e-4)


def test_shadows_add_up() -> None:
    first, second = sphere(CENTRE, 30.0, 20), sphere(CENTRE + 15.0, 20.0, 20)
    both = np.zeros((BEAM.rows, BEAM.columns), np.float32)
    BEAM.add_thickness(first, both)
    BEAM.add_thickness(second, both)
    np.testing.assert_allclose(both, _shadow(first) + _shadow(second), atol=1e-4)


def test_the_shadow_lies_in_the_box_that_is_given_back() -> None:
    thickness = np.zeros((BEAM.rows, BEAM.columns), np.float32)
    rows, columns = BEAM.add_thickness(sphere(CENTRE, RADIUS, 20), thickness)
    touched = np.argwhere(thickness > 0)
    assert touched.min(axis=0).tolist() >= [rows.start, columns.start]
    assert touched.max(axis=0).tolist() < [rows.stop, columns.stop]
    thickness[rows, columns] = 0
    assert thickness.max() == 0


def test_a_solid_at_the_edge_of_a_film_is_cut_off_there() -> None:
    solid = sphere(CENTRE, RADIUS, 20)
    whole = _shadow(solid)
    narrow = replace(BEAM, left_mm=BEAM.left_mm + 70, columns=40, rows=90)
    seen = _shadow(solid, narrow)
    assert seen[:, 0].max() > 0
    np.testing.assert_allclose(seen, whole[:90, 70:110], atol=1e-3)


@pytest.mark.parametrize("shift", [-1000.0, 1000.0])
@pytest.mark.parametrize("axis", [0, 2])
def test_a_solid_beside_the_film_casts_no_shadow_on_it(axis: int, shift: float) -> None:
    away = np.zeros(3)
    away[axis] = shift
    assert _shadow(sphere(CENTRE + away, RADIUS, 12)).max() == 0


def test_larger_pixels_see_the_same_field() -> None:
    coarse = BEAM.coarser(4)
    assert (coarse.rows, coarse.columns, coarse.pitch_mm) == (40, 45, 4.0)
    solid = sphere(CENTRE, RADIUS, 40)
    blocks = _shadow(solid).reshape(40, 4, 45, 4).mean(axis=(1, 3))
    assert np.abs(_shadow(solid, coarse) - blocks).mean() < 0.2


def test_a_last_pixel_that_is_not_full_is_kept() -> None:
    coarse = BEAM.coarser(7)
    assert coarse.rows * 7 >= BEAM.rows
    assert coarse.columns * 7 >= BEAM.columns


# Similar triangles.


@given(COORDINATE, st.floats(0, 1000), COORDINATE)
def test_a_point_is_magnified_about_the_central_ray(
    x: float, depth: float, z: float
) -> None:
    point = np.array([[BEAM.centre_mm[0] + x, depth, BEAM.centre_mm[1] + z]])
    middle = BEAM.film_points(np.array([[BEAM.centre_mm[0], 0, BEAM.centre_mm[1]]]))
    offset = (BEAM.film_points(point) - middle)[0] * BEAM.pitch_mm
    magnification = BEAM.source_mm / (BEAM.source_mm - depth)
    assert offset == pytest.approx([x * magnification, -z * magnification], abs=1e-9)


@given(COORDINATE, COORDINATE)
def test_a_point_on_the_detector_lies_where_it_is(x: float, z: float) -> None:
    (found,) = BEAM.film_points(np.array([[x, 0.0, z]]))
    assert found == pytest.approx([x - BEAM.left_mm, BEAM.top_mm - z], abs=1e-9)


@given(COORDINATE, st.floats(1, 800), COORDINATE, st.floats(0.01, 0.99))
def test_all_points_of_a_ray_fall_on_one_point(
    x: float, depth: float, z: float, share: float
) -> None:
    source = np.array([BEAM.centre_mm[0], BEAM.source_mm, BEAM.centre_mm[1]])
    near = np.array([x, depth, 900 + z])
    far = near + share * (source - near)
    found = BEAM.film_points(np.array([near, far]))
    assert found[0] == pytest.approx(found[1], abs=1e-6)


@pytest.mark.parametrize(
    ("source_cm", "object_cm", "magnification"),
    [(305, 15, 1.0517), (180, 10, 1.0588), (120, 20, 1.2000)],
)
def test_the_published_magnifications_are_reproduced(
    source_cm: float, object_cm: float, magnification: float
) -> None:
    beam = replace(BEAM, source_mm=10 * source_cm)
    x, z = beam.centre_mm
    ends = np.array([[x, 10 * object_cm, z], [x + 100, 10 * object_cm, z]])
    length = np.ptp(beam.film_points(ends)[:, 0]) * beam.pitch_mm
    assert length / 100 == pytest.approx(magnification, abs=5e-5)


# From the side.


@pytest.mark.parametrize("along", [(1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.6, 0.8)])
def test_points_before_a_turned_detector_are_turned_and_nothing_else(
    along: tuple[float, float],
) -> None:
    beam = replace(BESIDE, along=along)
    points = np.random.default_rng(3).normal(0, 100, (20, 3))
    placed = beam.before_detector(points)
    np.testing.assert_allclose(placed[:, 0], points[:, :2] @ along)
    np.testing.assert_allclose(placed[:, 2], points[:, 2])
    there, here = (np.linalg.norm(p, axis=1) for p in (placed, points))
    np.testing.assert_allclose(there, here)
    flat = replace(beam, along=(1.0, 0.0)).film_points(placed)
    np.testing.assert_allclose(beam.film_points(points), flat)


def test_a_frontal_beam_leaves_points_as_they_are() -> None:
    points = np.random.default_rng(4).normal(0, 100, (20, 3))
    np.testing.assert_array_equal(BESIDE.before_detector(points), points)


def test_a_box_seen_from_the_side_is_as_thick_as_it_is_wide() -> None:
    low, high = np.array([80.0, -10.0, -10.0]), np.array([120.0, 10.0, 10.0])
    beam = replace(BESIDE, along=(0.0, -1.0), source_mm=1e7)
    into = np.zeros((beam.rows, beam.columns), np.float32)
    beam.add_thickness(box(low, high), into)
    assert into.max() == pytest.approx(40, abs=0.01)
    assert (into > 1).sum() * beam.pitch_mm**2 == pytest.approx(400, rel=0.01)


def test_the_central_ray_meets_the_film_where_it_says() -> None:
    x, z = BESIDE.centre_mm
    on_film = BESIDE.film_points(np.array([[x, 0.0, z], [x, 300.0, z]]))
    assert BESIDE.centre_px == pytest.approx(tuple(on_film[0]))
    assert on_film[1] == pytest.approx(on_film[0])


BESIDE = Beam(2000.0, (3.0, -4.0), -50.0, 50.0, 0.5, 200, 200)

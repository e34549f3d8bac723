"""Spongy bone: strands that run with the bone, and fan out in the upper femur."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.pose import Side
from callotasis.radiograph.phantom import FilmSpec
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.texture import (
    CLUMPS,
    STRANDS,
    TILE,
    Flow,
    Weave,
    flow_of,
    sponge,
    weave_of,
)
from callotasis.worlds import Array

PERSON, BEAM = scene(FilmSpec(pitch_mm=0.5))
FINE = replace(BEAM, pitch_mm=0.2)
SHAPE = (240, 260)
BOX = (slice(100, 340), slice(50, 310))
FULL = np.ones(SHAPE, np.float32)

few = settings(max_examples=15, deadline=None)


def _weave(seed: int = 1, beam: Beam = FINE) -> Weave:
    return weave_of(beam, np.random.default_rng(seed))


WEAVE = _weave()


def _sponge(axis: Array, offset: int = 11, weave: Weave = WEAVE) -> Picture:
    return sponge(weave, FULL, BOX, Flow(axis, FINE.pitch_mm, offset))


def _likeness(picture: Picture, rows: int, columns: int) -> float:
    """Correlation of a picture with itself, shifted (columns may be negative)."""
    turned = picture if columns >= 0 else picture[:, ::-1]
    columns = abs(columns)
    height, width = turned.shape
    here = turned[: height - rows, : width - columns]
    there = turned[rows:, columns:]
    return float(np.corrcoef(here.ravel(), there.ravel())[0, 1])


# The noise.


def test_the_noise_of_a_film_is_standardised_and_covers_a_tile() -> None:
    for picture in (WEAVE.grain, WEAVE.clumps):
        assert picture.shape == (TILE, TILE)
        assert picture.dtype == np.float32
        assert picture.std() == pytest.approx(1, abs=1e-3)
        assert abs(picture.mean()) < 0.1


def test_tiles_join_without_a_seam() -> None:
    for picture in (WEAVE.grain, WEAVE.clumps):
        inner = np.corrcoef(picture[:, 500], picture[:, 501])[0, 1]
        seam = np.corrcoef(picture[:, -1], picture[:, 0])[0, 1]
        assert seam == pytest.approx(inner, abs=0.15)


def test_clumps_are_coarser_than_grain() -> None:
    assert _likeness(WEAVE.clumps, 0, 5) > _likeness(WEAVE.grain, 0, 5) + 0.3


def test_a_seed_makes_the_noise_repeatable() -> None:
    assert np.array_equal(_weave(3).grain, _weave(3).grain)
    assert not np.array_equal(_weave(3).grain, _weave(4).grain)


# Strands.


@given(st.floats(-np.pi, np.pi))
@few
def test_the_density_of_a_sponge_is_one_on_average(angle: float) -> None:
    found = _sponge(np.array([np.sin(angle), np.cos(angle)]))
    assert found.shape == SHAPE
    assert found.dtype == np.float32
    assert found.mean() == pytest.approx(1, abs=0.03)
    assert found.std() == pytest.approx(np.hypot(STRANDS, CLUMPS), rel=0.25)
    assert found.min() > 0


ACROSS = np.array([1.0, 0.0])
DOWN = np.array([0.0, 1.0])
OBLIQUE = np.array([1.0, 1.0]) / np.sqrt(2)


@pytest.mark.parametrize(
    ("axis", "along", "beside"),
    [(DOWN, (6, 0), (0, 6)), (ACROSS, (0, 6), (6, 0)), (OBLIQUE, (4, 4), (4, -4))],
)
def test_strands_run_along_the_bone(
    axis: Array, along: tuple[int, int], beside: tuple[int, int]
) -> None:
    found = _sponge(axis)
    assert _likeness(found, *along) > _likeness(found, *beside) + 0.15


def test_strands_that_run_up_are_strands_that_run_down() -> None:
    down, up = _sponge(DOWN), _sponge(-DOWN)
    assert np.corrcoef(down.ravel(), up.ravel())[0, 1] > 0.9


def test_every_bone_has_its_own_piece_of_the_noise() -> None:
    one, other = _sponge(DOWN, 11), _sponge(DOWN, 148)
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.2
    assert np.array_equal(one, _sponge(DOWN, 11))


def test_no_strand_is_drawn_where_there_is_no_sponge() -> None:
    mask = FULL.copy()
    mask[:, 100:] = 0
    weave = Weave(WEAVE.grain, np.zeros_like(WEAVE.clumps))
    found = sponge(weave, mask, BOX, Flow(DOWN, FINE.pitch_mm, 11))
    assert (found[:, 100:] == 1).all()
    assert found[:, :100].std() == pytest.approx(STRANDS, rel=0.01)


@pytest.mark.parametrize("shape", [(0, 0), (0, 30), (20, 30)])
def test_a_bone_that_is_not_on_the_film_has_no_strands_and_makes_no_noise(
    shape: tuple[int, int],
) -> None:
    box = (slice(0, shape[0]), slice(0, shape[1]))
    mask = np.zeros(shape, np.float32)
    found = sponge(WEAVE, mask, box, Flow(DOWN, FINE.pitch_mm, 11))
    assert found.shape == shape
    assert np.isfinite(found).all()


# Lines of force.


@given(st.floats(-0.6, 0.6))
@few
def test_without_a_head_all_strands_follow_the_bone(lean: float) -> None:
    axis = np.array([np.sin(lean), np.cos(lean)])
    field, density = Flow(axis, 0.5, 3).on(np.arange(5), np.arange(7))
    assert field.shape == (2, 5, 7)
    assert (density == 1).all()
    np.testing.assert_allclose(field[0], axis[1], rtol=1e-6)
    np.testing.assert_allclose(field[1], axis[0], rtol=1e-6, atol=1e-9)


def _flow(side: Side, name: str = "femur") -> Flow:
    leg = PERSON.legs[side]
    return flow_of(name, leg.points, BEAM, 11)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", ["tibia", "fibula", "talus", "patella"])
def test_below_the_hip_strands_follow_the_axis_of_the_leg(
    name: str, side: Side
) -> None:
    flow = _flow(side, name)
    ends = [PERSON.legs[side].points[f"{joint}_centre"] for joint in ("knee", "ankle")]
    upper, lower = BEAM.film_points(np.array(ends))
    assert np.linalg.norm(flow.axis) == pytest.approx(1)
    assert flow.axis == pytest.approx((lower - upper) / np.linalg.norm(lower - upper))
    assert flow.head is None


def test_the_strands_of_a_pelvis_stand_upright() -> None:
    flow = flow_of("pelvis", {}, BEAM, 11)
    assert flow.axis == pytest.approx([0, 1])
    assert flow.head is None


def _upper_femur(side: Side) -> tuple[Flow, Picture, npt.NDArray[np.float32]]:
    """Lines of force of an upper femur, and its pictures around head and calcar."""
    flow = _flow(side)
    assert flow.head is not None
    column, row = flow.head.astype(int)
    rows, columns = (
        np.arange(row - 90, row + 260),
        np.arange(column - 160, column + 160),
    )
    field, density = flow.on(rows, columns)
    return flow, field, density


@pytest.mark.parametrize("side", Side)
def test_the_calcar_lies_in_the_femur_under_its_head(side: Side) -> None:
    flow = _flow(side)
    assert flow.head is not None
    assert flow.calcar is not None
    femur = BEAM.film_points(PERSON.legs[side].bones["femur"].vertices)
    level = femur[np.abs(femur[:, 1] - flow.calcar[1]) < 10, 0]
    assert level.min() < flow.calcar[0] < level.max()
    assert flow.calcar[1] > flow.head[1] + 50


@pytest.mark.parametrize("side", Side)
def test_strands_rise_from_the_calcar_to_the_head_and_follow_the_shaft_below(
    side: Side,
) -> None:
    flow, field, _ = _upper_femur(side)
    assert flow.head is not None
    assert flow.calcar is not None
    to_calcar = (flow.calcar - flow.head) / np.linalg.norm(flow.calcar - flow.head)
    at_head = field[::-1, 90, 160]  # column, row
    assert at_head == pytest.approx(to_calcar, abs=0.02)
    assert field[::-1, -5, 160] == pytest.approx(flow.axis, abs=1e-6)


@pytest.mark.parametrize("side", Side)
def test_bone_is_denser_between_calcar_and_head(side: Side) -> None:
    flow, _, density = _upper_femur(side)
    assert flow.head is not None
    assert flow.calcar is not None
    half_way = (flow.calcar - flow.head) / 2
    column, row = (half_way + np.array([160, 90])).astype(int)
    assert density[row, column] > 1.15
    assert density.max() < 1.35
    assert density[-1] == pytest.approx(1)


@pytest.mark.parametrize("side", Side)
def test_the_lucent_triangle_lies_in_the_neck_lateral_of_the_dense_strands(
    side: Side,
) -> None:
    flow, _, density = _upper_femur(side)
    assert flow.head is not None
    row, column = np.unravel_index(density.argmin(), density.shape)
    outward = -1 if side is Side.RIGHT else 1
    place = flow.head + np.array([column - 160, row - 90])
    assert (place[0] - flow.head[0]) * outward > 0
    femur = BEAM.film_points(PERSON.legs[side].bones["femur"].vertices)
    level = femur[np.abs(femur[:, 1] - place[1]) < 10, 0]
    assert level.min() < place[0] < level.max()


def test_both_hips_are_woven_as_mirror_images() -> None:
    right, left = (_upper_femur(side)[2] for side in Side)
    # A pixel has a middle: mirrored, it may lie one aside.
    apart = np.abs(right[:, 1:] - left[:, :0:-1])
    assert apart.max() < 0.05

"""Real bones on film: the films are films, and their truth is that of the raters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bonepoints import femoral_head
from callotasis.pose import Side
from callotasis.radiograph.landmarks import (
    REFINED,
    SCATTER,
    Landmarks,
    click_spread_mm,
)
from callotasis.radiograph.refine import Refined, refined
from callotasis.radiograph.sides import check_on_film
from realbones import (
    KNEE_TO_DETECTOR_MM,
    PEOPLE,
    SOURCE_MM,
    RealFilm,
    rater_points,
    rater_scatter,
    real_film,
)
from solids import is_closed, volume_mm3

RATED_BY_EXTREME = ("fem_condyle_med", "fem_condyle_lat", "troch_tip")


@pytest.fixture(params=PEOPLE)
def shown(request: pytest.FixtureRequest, data_folder: Path) -> RealFilm:
    return real_film(data_folder, request.param)


@pytest.fixture
def z013(data_folder: Path) -> RealFilm:
    return real_film(data_folder, "z013")


def _apart_mm(shown: RealFilm, side: Side, name: str) -> tuple[float, float]:
    """How far the outline's landmark lies from the projected one, in x and in z."""
    seen, true = (np.array(m.sides[side][name]) for m in (shown.seen, shown.true))
    across, down = np.abs(seen - true) * shown.beam.pitch_mm
    return float(across), float(down)


def _grey(shown: RealFilm, point: tuple[float, float], below_mm: float) -> float:
    """Median grey of a flat patch, 3 mm wide, above or below a point."""
    pitch = shown.beam.pitch_mm
    column, row = int(point[0]), int(point[1] + below_mm / pitch)
    half = max(1, round(1.5 / pitch))
    patch = shown.film.pixels[row - 1 : row + 2, column - half : column + half + 1]
    return float(np.median(patch))


# The people.


def test_bones_are_closed_and_face_outward(shown: RealFilm) -> None:
    bones = {"pelvis": shown.person.pelvis, **shown.person.legs[Side.RIGHT].bones}
    for name, bone in bones.items():
        assert is_closed(bone.faces), name
        assert volume_mm3(bone) > 0, name


@pytest.mark.parametrize("side", Side)
def test_a_head_lies_in_its_socket(shown: RealFilm, side: Side) -> None:
    femur = shown.person.legs[side].bones["femur"]
    centre, radius = femoral_head(femur, side)
    reach = np.linalg.norm(shown.person.pelvis.vertices - centre, axis=1).min()
    assert 18 < radius < 28
    assert 0.5 < reach - radius < 5


@pytest.mark.parametrize("side", Side)
def test_a_leg_stands_with_its_knee_forward(shown: RealFilm, side: Side) -> None:
    points = shown.person.legs[side].points
    hip, knee, ankle = (points[f"{j}_centre"] for j in ("hip", "knee", "ankle"))
    assert hip[2] > knee[2] > ankle[2]
    assert points["patella_centre"][1] > knee[1] + 25
    assert (points["fem_condyle_lat"] - points["fem_condyle_med"])[0] * hip[0] > 0


# The films.


def test_a_film_shows_bone_flesh_and_air(shown: RealFilm) -> None:
    film, beam = shown.film, shown.beam
    assert film.pixels.shape == (beam.rows, beam.columns)
    assert film.pixels.dtype == np.float32
    assert (film.pixels.min(), film.pixels.max()) == (0.0, 1.0)
    assert film.spacing_mm == (beam.pitch_mm, beam.pitch_mm)
    assert film.source_mm == beam.source_mm
    column, row = shown.true.sides[Side.RIGHT]["fem_shaft_dist"]
    far = 45 / beam.pitch_mm
    bone, flesh = (_grey(shown, (c, row), 0) for c in (column, column + far))
    air = _grey(shown, (5.0, row), 0)
    assert bone > flesh > air


@pytest.mark.parametrize("where", ["true", "seen"])
def test_every_landmark_lies_on_the_film_on_its_own_side(
    shown: RealFilm, where: str
) -> None:
    landmarks: Landmarks = getattr(shown, where)
    assert set(landmarks.sides) == set(Side)
    for points in landmarks.sides.values():
        assert set(points) <= set(SCATTER)
        assert len(points) == 17
    check_on_film(landmarks, shown.film)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("condyle", ["fem_condyle_med", "fem_condyle_lat"])
def test_a_condyle_ends_on_the_film_where_its_outline_does(
    shown: RealFilm, condyle: str, side: Side
) -> None:
    point = shown.seen.sides[side][condyle]
    assert _grey(shown, point, -1.2) > _grey(shown, point, 1.2)


@pytest.mark.parametrize("side", Side)
def test_outline_and_projection_agree(shown: RealFilm, side: Side) -> None:
    for name in ("hip_centre", "fem_condyle_med", "fem_condyle_lat"):
        assert max(_apart_mm(shown, side, name)) < 0.5, name
    for name in ("troch_tip", "tib_plateau_med", "tib_plateau_lat", "ankle_centre"):
        assert _apart_mm(shown, side, name)[1] < 2, name
    for name in ("fem_shaft_prox", "fem_shaft_dist", "tib_shaft_prox"):
        assert _apart_mm(shown, side, name)[0] < 1.5, name


def test_the_same_person_turned_is_another_film_of_the_same_bones(
    z013: RealFilm, data_folder: Path
) -> None:
    turned = real_film(data_folder, "z013", turn_deg=8.0)
    check_on_film(turned.seen, turned.film)
    for side in Side:
        before, after = (
            np.array([*f.person.legs[side].points.values()]) for f in (z013, turned)
        )
        assert after[:, 2] == pytest.approx(before[:, 2])
        assert np.abs(after - before).max() > 3
    hips = {s: leg.points["hip_centre"] for s, leg in turned.person.legs.items()}
    assert hips[Side.RIGHT][1] > hips[Side.LEFT][1] + 10


# The raters.


def test_the_head_fitted_to_the_surface_is_that_of_the_raters(
    z013: RealFilm, data_folder: Path
) -> None:
    fitted = z013.person.legs[Side.LEFT].points["hip_centre"]
    rated = rater_scatter(data_folder, z013.beam)["hip_centre"].mean_mm
    assert np.linalg.norm(fitted - rated) < 1.0


@pytest.mark.parametrize("name", RATED_BY_EXTREME)
def test_an_extreme_point_lies_as_high_as_the_raters_say(
    z013: RealFilm, data_folder: Path, name: str
) -> None:
    fitted = z013.person.legs[Side.LEFT].points[name]
    rated = rater_scatter(data_folder, z013.beam)[name]
    assert abs(fitted[2] - rated.mean_mm[2]) < 0.5
    # Nobody can say where on a flat top the highest point lies.
    assert np.abs(fitted - rated.mean_mm)[:2].max() < 3


def test_every_click_lies_on_the_left_femur_as_it_stands(
    z013: RealFilm, data_folder: Path
) -> None:
    femur = z013.person.legs[Side.LEFT].bones["femur"].vertices
    for name, clicks in rater_points(data_folder).items():
        assert clicks.shape == (5, 4, 3)
        off = [np.linalg.norm(femur - p, axis=1).min() for p in clicks.reshape(-1, 3)]
        if name != "hip_centre":
            # To the nearest corner of a face; the edges are 2 to 3 mm long.
            assert max(off) < 2, name


def test_the_scatter_of_raters_is_small_and_adds_up(
    z013: RealFilm, data_folder: Path
) -> None:
    for name, rated in rater_scatter(data_folder, z013.beam).items():
        column, row = rated.mean_px
        assert 0 < column < z013.film.columns, name
        assert 0 < row < z013.film.rows, name
        total, between, within = (
            np.array(sd)
            for sd in (rated.film_sd_mm, rated.film_between_mm, rated.film_within_mm)
        )
        # Sums of squares of five raters with four trials each.
        assert 19 * total**2 == pytest.approx(16 * between**2 + 15 * within**2)
        assert (total > 0.05).all()
        assert (total < 5).all()
        assert all(type(v) is float for values in astuple(rated) for v in values)


def test_the_head_is_rated_far_better_than_the_trochanter(
    z013: RealFilm, data_folder: Path
) -> None:
    rated = rater_scatter(data_folder, z013.beam)
    assert max(rated["hip_centre"].film_sd_mm) < 0.5
    assert rated["troch_tip"].film_sd_mm[0] > 2


# Refined landmarks.

SEEDS = range(5)
CLICK_SD_MM = 1.5
HEAD_MM = 1.0
BONE_MM_PER_DETECTOR_MM = 1 - KNEE_TO_DETECTOR_MM / SOURCE_MM

WITHIN_A_READERS = {
    # Of the refined points, the share within a reader's scatter of the outline; and
    # the share of the clicks that are refined.
    "fem_condyle": (0.95, 0.9),
    "troch_tip": (0.95, 0.9),
    "fem_shaft": (0.95, 0.9),
    # Both tibiae of one person are kept: their shadow is as wide as a marrow.
    "tib_shaft": (0.95, 0.65),
    # A plateau is not flat: it shows a front and a back rim, up to 2 mm apart.
    "tib_plateau": (0.85, 0.9),
}
MEDIAN_MM = {
    "fem_condyle": 0.7,
    "troch_tip": 1.0,
    "fem_shaft": 0.5,
    "tib_shaft": 1.3,
    "tib_plateau": 1.5,
}
"""Of the distance across the line, for each person [mm]."""


@cache
def _refined_from(data_folder: Path, name: str, seed: int) -> Refined:
    """Click off every landmark of a person, and refine."""
    shown, rng = real_film(data_folder, name), np.random.default_rng(seed)
    sd_px = CLICK_SD_MM / (BONE_MM_PER_DETECTOR_MM * shown.beam.pitch_mm)
    clicks = {
        side: {n: tuple(np.array(p) + rng.normal(0, sd_px, 2)) for n, p in leg.items()}
        for side, leg in shown.seen.sides.items()
    }
    return refined(shown.film, Landmarks(clicks))


def _across(leg: dict[str, tuple[float, float]], name: str) -> np.ndarray:
    """Direction across the line that a landmark lies on, as columns and rows."""
    ends = {
        "fem_condyle": ("fem_condyle_med", "fem_condyle_lat"),
        "tib_plateau": ("tib_plateau_med", "tib_plateau_lat"),
        "fem_shaft": ("fem_shaft_prox", "fem_shaft_dist"),
        "tib_shaft": ("tib_shaft_prox", "tib_shaft_dist"),
    }
    start, end = ends.get(name.rpartition("_")[0], (None, None))
    along = np.subtract(leg[end], leg[start]) if start and end else np.array([1.0, 0])
    return np.array([-along[1], along[0]]) / np.hypot(*along)


def _every_refined(
    data_folder: Path, people: tuple[str, ...], kind: str
) -> Iterator[tuple[str, float | None]]:
    """Name and distance across the line [mm] of each point; None where it was kept."""
    for person in people:
        shown = real_film(data_folder, person)
        mm = BONE_MM_PER_DETECTOR_MM * shown.beam.pitch_mm
        for seed in SEEDS:
            found = _refined_from(data_folder, person, seed).landmarks
            for side, leg in shown.seen.sides.items():
                for name in [n for n in leg if n.startswith(kind) and n in REFINED]:
                    off = np.subtract(found.sides[side][name], leg[name])
                    seen = name in found.refined[side]
                    across = float(abs(off @ _across(leg, name)) * mm)
                    yield name, across if seen else None


@pytest.mark.parametrize("person", PEOPLE)
def test_a_refined_head_lies_within_a_millimetre_of_the_sphere(
    data_folder: Path, person: str
) -> None:
    shown = real_film(data_folder, person)
    mm = BONE_MM_PER_DETECTOR_MM * shown.beam.pitch_mm
    for seed in SEEDS:
        found = _refined_from(data_folder, person, seed).landmarks
        for side in Side:
            assert "hip_centre" in found.refined[side]
            centre = shown.true.sides[side]["hip_centre"]
            off = np.subtract(found.sides[side]["hip_centre"], centre)
            assert np.hypot(*off) * mm < HEAD_MM


def test_a_refined_head_lies_within_a_millimetre_of_the_raters_mean(
    z013: RealFilm, data_folder: Path
) -> None:
    rated = rater_scatter(data_folder, z013.beam)["hip_centre"].mean_px
    mm = BONE_MM_PER_DETECTOR_MM * z013.beam.pitch_mm
    for seed in SEEDS:
        found = _refined_from(data_folder, "z013", seed).landmarks.sides[Side.LEFT]
        assert np.hypot(*np.subtract(found["hip_centre"], rated)) * mm < HEAD_MM


@pytest.mark.parametrize("name", RATED_BY_EXTREME)
def test_a_refined_point_is_as_high_as_the_raters_say(
    z013: RealFilm, data_folder: Path, name: str
) -> None:
    rated = rater_scatter(data_folder, z013.beam)[name]
    for seed in SEEDS:
        found = _refined_from(data_folder, "z013", seed).landmarks
        if name not in found.refined[Side.LEFT]:
            continue
        off = found.sides[Side.LEFT][name][1] - rated.mean_px[1]
        assert abs(off) * z013.beam.pitch_mm < 1.96 * rated.film_sd_mm[1]


@pytest.mark.parametrize("kind", WITHIN_A_READERS)
def test_refined_points_lie_within_a_readers_scatter_of_the_outline(
    data_folder: Path, kind: str
) -> None:
    every = [*_every_refined(data_folder, PEOPLE, kind)]
    found = [(name, off) for name, off in every if off is not None]
    near = [off <= 1.96 * click_spread_mm(name)[1] for name, off in found]
    share_near, share_found = WITHIN_A_READERS[kind]
    assert np.mean(near) >= share_near
    assert len(found) >= share_found * len(every)


@pytest.mark.parametrize("kind", MEDIAN_MM)
@pytest.mark.parametrize("person", PEOPLE)
def test_half_of_a_persons_refined_points_lie_near_the_outline(
    data_folder: Path, person: str, kind: str
) -> None:
    off = [o for _, o in _every_refined(data_folder, (person,), kind) if o is not None]
    assert not off or np.median(off) < MEDIAN_MM[kind]

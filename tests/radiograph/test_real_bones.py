"""Real bones on film: the films are films, and their truth is that of the raters."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from bonepoints import femoral_head
from callotasis.pose import Side
from callotasis.radiograph.landmarks import SCATTER, Landmarks, check_on_film
from realbones import PEOPLE, RealFilm, rater_points, rater_scatter, real_film
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

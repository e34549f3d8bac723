"""The exposure: bone bright, steel brightest, and the same film from the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.pose import Side
from callotasis.radiograph.phantom import make_film, spec_from
from callotasis.radiograph.phantom.exposure import BLACK, WHITE, ball_at, expose, stamp
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.skeleton import stand
from callotasis.worlds import Array
from solids import is_closed, volume_mm3
from studio import developed, plain, plain_film

PERSON = stand(spec_from({}))
# A field around the right knee, where a ball stands.
KNEE = PERSON.legs[Side.RIGHT].points["knee_centre"]
BEAM = Beam(2600.0, (KNEE[0], KNEE[2]), KNEE[0] - 150, KNEE[2] + 150, 1.0, 300, 300)
BALL = ball_at(KNEE + np.array([-100.0, 10.0, 90.0]), 25.0)


def _exposed(seed: int = 1) -> Picture:
    return expose(PERSON, BEAM, BALL, np.random.default_rng(seed))


def _grey(point: Array, picture: Picture, half_px: int = 2) -> float:
    """Median grey around a point in space."""
    column, row = BEAM.film_points(point[None])[0].astype(int)
    near = np.s_[row - half_px : row + half_px, column - half_px : column + half_px]
    return float(np.median(picture[near]))


def test_steel_is_brighter_than_bone_bone_than_flesh_and_flesh_than_air() -> None:
    picture = _exposed()
    points = PERSON.legs[Side.RIGHT].points
    steel = _grey(BALL.vertices.mean(axis=0), picture)
    bone = _grey(points["fem_condyle_lat"] + [0, 0, 10], picture)
    flesh = _grey(KNEE + np.array([40, 0, 100]), picture)
    air = float(np.median(picture[-60:, :30]))
    assert steel > bone > flesh > air


def test_the_cortex_of_a_shaft_is_brighter_than_its_marrow() -> None:
    shaft = PERSON.legs[Side.RIGHT].bones["femur"].vertices
    shaft = shaft[np.abs(shaft[:, 2] - KNEE[2] - 130) < 6]
    middle = shaft.mean(axis=0)
    picture = _exposed()
    for edge, inwards in ((shaft[:, 0].min(), 3), (shaft[:, 0].max(), -3)):
        cortex = np.array([edge + inwards, middle[1], middle[2]])
        assert _grey(cortex, picture, 1) > _grey(middle, picture) * 1.05


def test_a_picture_stays_within_its_grey_scale() -> None:
    picture = _exposed()
    assert picture.shape == (BEAM.rows, BEAM.columns)
    assert picture.dtype == np.float32
    assert BLACK <= picture.min() < picture.max() <= WHITE


def test_a_seed_makes_the_picture_repeatable() -> None:
    assert np.array_equal(_exposed(3), _exposed(3))
    assert not np.array_equal(_exposed(3), _exposed(4))


def _film(**spec: Any) -> Picture:
    return developed(make_film(spec_from({"pitch_mm": 1.0, **spec}))).pixels


def test_a_film_without_a_ball_differs_at_the_ball_and_nowhere_else() -> None:
    with_ball, without = _film(noise=False), _film(noise=False, ball_mm=None)
    far = np.ones(with_ball.shape, bool)
    column, row = (int(v / 2) for v in plain().truth["ball"]["centre_px"])
    near = np.s_[row - 8 : row + 8, column - 8 : column + 8]
    assert (with_ball[near] > without[near] + 0.3).all()
    far[row - 80 : row + 80, :120] = False
    # The grey scale follows the brightest of the film, and so the ball, a little.
    assert np.abs(with_ball - without)[far].max() < 0.1
    assert np.abs(with_ball - without)[far].mean() < 0.03


def test_a_film_without_noise_is_smoother_and_else_the_same() -> None:
    loud, silent = _film(), _film(noise=False)
    apart = loud - silent
    assert 0 < apart.std() < 0.02
    assert abs(apart.mean()) < 0.002
    roughness = [np.abs(np.diff(p, axis=0)).mean() for p in (loud, silent)]
    assert roughness[0] > roughness[1]


def test_a_film_without_noise_keeps_the_weave_of_the_bone() -> None:
    one, other = _film(noise=False, seed=1), _film(noise=False, seed=2)
    assert not np.array_equal(one, other)


# Letters.


def test_a_stamp_marks_its_place_and_nothing_else() -> None:
    picture = np.zeros((200, 300), np.float32)
    stamp(picture, "R", BEAM, np.array([40.0, 60.0]), 22.0)
    rows, columns = np.nonzero(picture)
    assert rows.size > 50
    assert rows.min() >= 60
    assert columns.min() >= 40
    assert np.ptp(rows) <= 30
    assert np.ptp(columns) <= 30


@given(st.floats(0, 400), st.floats(0, 300))
def test_a_stamp_at_the_edge_is_cut_off_there(left: float, top: float) -> None:
    picture = np.zeros((200, 300), np.float32)
    stamp(picture, "SYNTHETIC", BEAM, np.array([left, top]), 9.0)
    assert picture.shape == (200, 300)
    assert set(np.unique(picture)) <= {0.0, 63_000.0}


def test_the_marker_stands_on_the_patients_right() -> None:
    film, made = plain_film(), plain()
    ink = np.argwhere(film.pixels > 0.999 * film.pixels.max())
    pitch = made.truth["pixel_pitch_mm"]
    letter = ink[(ink[:, 0] * pitch > 55) & (ink[:, 0] * pitch < 90)]
    assert len(letter) > 50
    assert (letter[:, 1] < film.columns / 4).all()


# The ball.


@given(st.floats(5, 60), st.tuples(*[st.floats(-500, 500)] * 3))
def test_a_ball_has_its_centre_its_diameter_and_its_volume(
    diameter: float, centre: tuple[float, float, float]
) -> None:
    ball = ball_at(np.array(centre), diameter)
    assert np.ptp(ball.vertices, axis=0) == pytest.approx([diameter] * 3, rel=0.01)
    assert ball.vertices.mean(axis=0) == pytest.approx(centre, abs=0.01 * diameter)
    assert abs(volume_mm3(ball)) == pytest.approx(np.pi / 6 * diameter**3, rel=0.01)


def test_a_ball_is_closed() -> None:
    assert is_closed(ball_at(np.zeros(3), 25.0).faces)


@pytest.mark.parametrize("seen_from_deg", [0.0, 2.0, 4.0, 6.0])
def test_a_ball_is_round_to_a_thousandth_from_wherever_the_beam_comes(
    seen_from_deg: float,
) -> None:
    across = np.array(
        [np.cos(np.radians(seen_from_deg)), np.sin(np.radians(seen_from_deg)), 0.0]
    )
    width = np.ptp(ball_at(np.zeros(3), 25.0).vertices @ across)
    assert width == pytest.approx(25.0, rel=0.001)

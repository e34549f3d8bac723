"""The exposure: bone bright, steel brightest, and the same film from the same seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.pose import Side
from callotasis.radiograph.phantom import (
    FilmSpec,
    Implant,
    ImplantKind,
    make_film,
    spec_from,
)
from callotasis.radiograph.phantom.exposure import BLACK, WHITE, expose, stamp
from callotasis.radiograph.phantom.hardware import (
    ball_centres,
    implant_ends,
    ruler_ends,
)
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.skeleton import stand
from callotasis.worlds import Array
from studio import developed, plain, plain_film

SPEC = FilmSpec()
PERSON = stand(SPEC)
# A field around the right knee, where a ball stands.
KNEE = PERSON.legs[Side.RIGHT].points["knee_centre"]
BEAM = Beam(2600.0, (KNEE[0], KNEE[2]), KNEE[0] - 150, KNEE[2] + 150, 1.0, 300, 300)
BALL = ball_centres(PERSON, SPEC)[0]


def _exposed(seed: int = 1, spec: FilmSpec = SPEC, beam: Beam = BEAM) -> Picture:
    return expose(PERSON, beam, spec, np.random.default_rng(seed))


def _grey(point: Array, picture: Picture, half_px: int = 2) -> float:
    """Median grey around a point in space."""
    column, row = BEAM.film_points(point[None])[0].astype(int)
    near = np.s_[row - half_px : row + half_px, column - half_px : column + half_px]
    return float(np.median(picture[near]))


def test_steel_is_brighter_than_bone_bone_than_flesh_and_flesh_than_air() -> None:
    picture = _exposed()
    points = PERSON.legs[Side.RIGHT].points
    steel = _grey(BALL, picture)
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
    assert abs(apart.mean()) < 0.005
    roughness = [np.abs(np.diff(p, axis=0)).mean() for p in (loud, silent)]
    assert roughness[0] > roughness[1]


def test_a_film_without_noise_keeps_the_weave_of_the_bone() -> None:
    one, other = _film(noise=False, seed=1), _film(noise=False, seed=2)
    assert not np.array_equal(one, other)


# What is asked for.


BARE = replace(SPEC, ball_mm=None)
TALL = replace(BEAM, top_mm=KNEE[2] + 450, rows=600)


@pytest.mark.parametrize("kind", ImplantKind)
def test_metal_in_a_bone_is_brighter_than_the_bone(kind: ImplantKind) -> None:
    implant = Implant(kind, 200.0, 12.0)
    ends = implant_ends(PERSON, "R.femur", implant)
    column, row = TALL.film_points(np.mean(ends, axis=0)[None])[0].astype(int)
    near = np.s_[row - 20 : row + 20, column - 1 : column + 2]
    metal, bone = (
        _exposed(spec=replace(BARE, implant=worn), beam=TALL)[near].mean()
        for worn in ({"R.femur": implant}, {})
    )
    assert metal > bone + 0.1 * WHITE


def test_a_ruler_marks_every_centimetre_between_the_knees() -> None:
    spec = replace(BARE, ruler_mm=200.0)
    top, bottom = ruler_ends(PERSON, spec) or (KNEE, KNEE)
    beam = replace(BEAM, left_mm=-150.0, centre_mm=(0.0, KNEE[2]))
    picture = _exposed(spec=spec, beam=beam) - _exposed(spec=BARE, beam=beam)
    on_film = beam.film_points(np.array([top, bottom]))
    column, first, last = int(on_film[0, 0]), *on_film[:, 1].astype(int)
    line = picture[first - 3 : last + 4, column - 2 : column + 3].mean(axis=1)
    peaks = (line[1:-1] > line[:-2]) & (line[1:-1] > line[2:])
    peaks &= line[1:-1] > line.min() + np.ptp(line) / 3
    assert peaks.sum() == 21


def test_an_open_growth_plate_is_a_darker_line_above_the_knee() -> None:
    closed, open_ = (
        _exposed(spec=replace(SPEC, growth_plates=grown)) for grown in (False, True)
    )
    column, row = BEAM.film_points(KNEE[None])[0].astype(int)
    above = np.s_[row - 45 : row - 15, column - 15 : column + 15]
    change = (open_ - closed)[above].mean(axis=1) / WHITE
    assert change.min() < -0.02
    assert change.max() > 0


def _raw(**fields: Any) -> Picture:
    """Expose without any evening out of thick and thin."""
    return _exposed(spec=replace(BARE, equalised=False, **fields))


def _bone_above_flesh(picture: Picture) -> float:
    shaft = PERSON.legs[Side.RIGHT].bones["femur"].vertices
    shaft = shaft[np.abs(shaft[:, 2] - KNEE[2] - 130) < 6]
    edge, middle = shaft[:, 0].max() - 3, shaft.mean(axis=0)
    cortex = np.array([edge, *middle[1:]])
    flesh = cortex + np.array([12.0, 0, 0])
    return _grey(cortex, picture, 1) - _grey(flesh, picture, 1)


def test_scatter_takes_contrast_away() -> None:
    clear, hazy = (_bone_above_flesh(_raw(scatter=share)) for share in (0.005, 0.25))
    assert clear > 1.05 * hazy > 0


def test_thicker_flesh_is_brighter_than_thinner_flesh() -> None:
    place = KNEE + np.array([38.0, 0, 100])
    grey = [_grey(place, _raw(flesh=flesh)) for flesh in (0.7, 1.0, 1.4)]
    assert grey == sorted(grey)


def test_equalising_brings_thick_and_thin_closer() -> None:
    points = PERSON.legs[Side.RIGHT].points
    thick = points["fem_condyle_med"] + [0, 0, 15]
    spread = [
        _grey(thick, p) - float(np.median(p[-60:, :30]))
        for p in (
            _exposed(spec=replace(SPEC, equalised=equalised))
            for equalised in (False, True)
        )
    ]
    assert spread[0] > spread[1]


@pytest.mark.parametrize("beside", [300.0, -300.0])
def test_metal_beside_the_field_is_no_hindrance(beside: float) -> None:
    field = replace(BEAM, left_mm=BEAM.left_mm + beside, rows=40, columns=30)
    spec = replace(SPEC, ruler_mm=1000.0, implant={"L.femur": Implant()})
    picture = _exposed(spec=spec, beam=field)
    assert picture.shape == (40, 30)
    assert np.isfinite(picture).all()


def test_a_ruler_may_be_longer_than_the_film() -> None:
    spec = {"height_scale": 0.55, "ruler_mm": 1000.0, "noise": False}
    assert _film(**spec).shape[0] < 1000


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

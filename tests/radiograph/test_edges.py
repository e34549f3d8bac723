"""Edges: strips lie where they say, and an edge is found to a tenth of a millimetre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, special

from callotasis.radiograph.edges import (
    STEP_MM,
    Strip,
    clearness,
    falls,
    first_of,
    likely,
    rest_of,
    smooth_edge,
    strip_on,
)
from callotasis.radiograph.film import Film
from darkroom import film_of

PITCH_MM = 0.4
ASPECTS = st.floats(0.7, 1.4)
ANGLES = st.floats(0.0, 2 * np.pi)
HALF_MM = (8.0, 10.0)


def _direction(angle: float) -> np.ndarray:
    return np.array([np.cos(angle), np.sin(angle)])


def _stepped_film(angle: float, beyond_mm: float, aspect: float = 1.0) -> Film:
    """Bright on one side of a line that lies so far across from the film's middle."""
    rows, columns = np.mgrid[0:200, 0:200] + 0.5 - 100
    along = _direction(angle)
    across = (-along[1] * columns + along[0] * rows * aspect) * PITCH_MM
    grey = 0.2 + 0.6 * special.expit((beyond_mm - across) / 0.3)
    return film_of(grey, spacing_mm=(PITCH_MM, PITCH_MM * aspect))


def _strip(film: Film, angle: float, middle: tuple[float, float] = (100, 100)) -> Strip:
    return strip_on(film, np.array(middle), _direction(angle), HALF_MM, PITCH_MM)


def _edge_mm(strip: Strip) -> np.ndarray:
    path = smooth_edge(np.maximum(falls(strip), 0))
    return np.interp(path, np.arange(len(strip.across_mm)), strip.across_mm)


# Strips.


@settings(max_examples=40)
@given(ANGLES, ASPECTS, st.tuples(st.floats(60, 140), st.floats(60, 140)))
def test_a_place_in_a_strip_is_the_place_on_the_film_that_it_was_taken_from(
    angle: float, aspect: float, middle: tuple[float, float]
) -> None:
    columns = np.broadcast_to(np.arange(200) + 0.5, (200, 200))
    known = {"spacing_mm": (PITCH_MM, PITCH_MM * aspect)}
    by_column = _strip(film_of(columns, **known), angle, middle)
    by_row = _strip(film_of(columns.T, **known), angle, middle)
    # Blurring leaves a plane as it is, except where it meets the strip's end.
    for across in range(15, len(by_row.across_mm) - 15, 17):
        for along in range(20, len(by_row.along_mm) - 20, 13):
            place = by_row.on_film(by_row.along_mm[along], by_row.across_mm[across])
            seen = by_column.grey[across, along], by_row.grey[across, along]
            assert place == pytest.approx(seen, abs=0.02)


@given(ANGLES, ASPECTS)
def test_a_strip_is_measured_in_square_millimetres(angle: float, aspect: float) -> None:
    film = film_of(np.zeros((200, 200)), spacing_mm=(PITCH_MM, PITCH_MM * aspect))
    strip = _strip(film, angle)
    middle = np.array(strip.on_film(0, 0))
    assert middle == pytest.approx([100, 100])
    size = np.array([PITCH_MM, PITCH_MM * aspect])
    along, across = (
        (np.array(strip.on_film(*to)) - middle) * size for to in ((3, 0), (0, 3))
    )
    assert np.hypot(*along) == pytest.approx(3)
    assert np.hypot(*across) == pytest.approx(3)
    assert along @ across == pytest.approx(0, abs=1e-9)
    # Clockwise, as rows count downwards.
    assert along[0] * across[1] - along[1] * across[0] == pytest.approx(9)


def test_what_lies_off_the_film_repeats_its_edge() -> None:
    film = film_of(np.tile(np.linspace(0.2, 0.8, 200), (200, 1)))
    strip = _strip(film, 0.0, (0.5, 0.5))
    assert strip.grey.min() == pytest.approx(0.2, abs=0.01)
    assert np.isfinite(strip.grey).all()


# The edge.


@settings(max_examples=40)
@given(ANGLES, st.floats(-6, 6), ASPECTS)
def test_a_step_is_found_to_a_tenth_of_a_millimetre(
    angle: float, beyond_mm: float, aspect: float
) -> None:
    strip = _strip(_stepped_film(angle, beyond_mm, aspect), angle)
    found = _edge_mm(strip)
    assert np.abs(found - beyond_mm).max() < 0.1


@settings(max_examples=20)
@given(st.floats(-0.15, 0.15), st.floats(-4, 4), st.integers(0, 1000))
def test_a_leaning_step_in_noise_is_followed_from_end_to_end(
    lean: float, beyond_mm: float, seed: int
) -> None:
    film = _stepped_film(lean, beyond_mm)
    noise = 0.02 * np.random.default_rng(seed).standard_normal(film.pixels.shape)
    strip = _strip(film_of(film.pixels + noise, spacing_mm=film.spacing_mm), 0.0)
    line = beyond_mm / np.cos(lean) + np.tan(lean) * strip.along_mm
    off = _edge_mm(strip) - line
    assert abs(np.median(off)) < 0.1
    assert np.abs(off).max() < 0.5


@settings(max_examples=20)
@given(st.integers(0, 1000), st.floats(0.0, 4.0))
def test_noise_is_no_edge_however_coarse_it_is(seed: int, grain_px: float) -> None:
    noise = np.random.default_rng(seed).standard_normal((200, 200))
    strip = _strip(film_of(ndimage.gaussian_filter(noise, grain_px)), 0.0)
    # An edge that is as good as none costs all that a path can choose from.
    strength = np.maximum(falls(strip), 0)
    assert clearness(strength, smooth_edge(strength, 2.0), falls(strip)) < 3


@given(st.floats(-5, 5), st.floats(0.2, 5.0))
def test_a_step_is_clear_whatever_its_contrast(beyond_mm: float, gain: float) -> None:
    film = _stepped_film(0.0, beyond_mm)
    noise = 0.02 * np.random.default_rng(1).standard_normal(film.pixels.shape)
    strip = _strip(film_of(gain * (film.pixels + noise)), 0.0)
    strength = np.maximum(falls(strip), 0)
    assert clearness(strength, smooth_edge(strength), falls(strip)) > 10


@given(st.integers(3, 30), st.integers(2, 30), st.integers(0, 1000))
def test_a_path_stays_within_its_strip_and_bends_by_few_steps(
    rows: int, columns: int, seed: int
) -> None:
    strength = np.random.default_rng(seed).random((rows, columns))
    path = smooth_edge(strength)
    assert path.shape == (columns,)
    assert path.min() >= 0
    assert path.max() <= rows - 1
    # Two steps, and a fraction at either end.
    assert np.abs(np.diff(path)).max() <= 4


def test_a_strip_without_any_edge_still_gives_a_path() -> None:
    assert np.isfinite(smooth_edge(np.zeros((11, 5)))).all()


# The right edge of several.


def _bump(at_mm: float, height: float, wide_mm: float = 0.4) -> np.ndarray:
    across = np.arange(0, 20, STEP_MM)[:, None]
    return height * np.exp(-0.5 * ((across - at_mm) / wide_mm) ** 2) * np.ones((1, 9))


@given(st.floats(0.55, 1.5))
def test_the_first_of_two_edges_is_taken_if_it_is_nearly_as_strong(
    share: float,
) -> None:
    path = smooth_edge(first_of(_bump(5, share) + _bump(10, 1.0)))
    assert path * STEP_MM == pytest.approx(5, abs=0.1)


@given(st.floats(0.0, 0.45))
def test_a_weak_edge_does_not_hide_the_one_beyond_it(share: float) -> None:
    path = smooth_edge(first_of(_bump(5, share) + _bump(10, 1.0)))
    assert path * STEP_MM == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize(
    ("beyond", "rest_mm"),
    [
        pytest.param(0 * _bump(8, 1), 0.0, id="nothing"),
        pytest.param(_bump(8, 0.9), 3.0, id="a crest"),
        pytest.param(_bump(8, 0.3), 0.0, id="a shadow"),
        pytest.param(-_bump(6.5, 0.5) + _bump(8, 0.9), 0.0, id="a fibula"),
        pytest.param(_bump(12, 0.9), 0.0, id="too far"),
    ],
)
def test_a_bone_ends_where_grey_has_fallen_for_good(
    beyond: np.ndarray, rest_mm: float
) -> None:
    path = np.full(9, 5 / STEP_MM)
    assert rest_of(_bump(5, 1.0) + beyond, path) == pytest.approx(rest_mm, abs=0.11)


def test_a_place_is_the_likelier_the_nearer_it_lies_to_the_click() -> None:
    weight = likely(np.array([-3.0, 0.0, 3.0, 6.0]), 3.0)
    assert weight[1] == 1
    assert weight[0] == weight[2] == pytest.approx(np.exp(-0.5))
    assert weight[3] < weight[2]

"""Balls: found by themselves, fitted below a pixel, and nothing else taken for one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.radiograph.ball import find_balls
from callotasis.radiograph.film import Film
from darkroom import Picture, ball_film, disc, film_of

PITCH_MM = 0.2
DIAMETERS = st.floats(30.0, 120.0)
CENTRES = st.tuples(st.floats(90.0, 210.0), st.floats(90.0, 210.0))
TURNS = st.floats(0.0, np.pi)
MAGNIFICATION = 1.05


def _ball_mm(diameter_px: float) -> float:
    return diameter_px * PITCH_MM / MAGNIFICATION


@settings(max_examples=40)
@given(DIAMETERS, CENTRES, TURNS, st.floats(1.0, 1.02))
def test_a_ball_is_found_and_measured_below_a_pixel(
    diameter: float, centre: tuple[float, float], turn: float, longer: float
) -> None:
    flat = disc((300, 300), centre, (diameter * longer, diameter), turn)
    film = film_of(ndimage.gaussian_filter(0.1 + 0.8 * flat, 1.0))
    (ball,) = find_balls(film, _ball_mm(diameter))
    assert abs(ball.minor_px - diameter) < 0.6
    assert abs(ball.major_px - diameter * longer) < 0.6
    assert np.hypot(ball.column - centre[0], ball.row - centre[1]) < 0.1


@settings(max_examples=15)
@given(DIAMETERS, CENTRES)
def test_bone_and_noise_beside_a_ball_do_not_move_it(
    diameter: float, centre: tuple[float, float]
) -> None:
    flat = disc((300, 400), centre, (diameter, diameter))
    bone = 0.4 * (np.abs(np.arange(400) - 340) < 30)
    noise = 0.01 * np.random.default_rng(1).standard_normal(flat.shape)
    film = film_of(ndimage.gaussian_filter(0.1 + 0.8 * flat + bone, 1.0) + noise)
    (ball,) = find_balls(film, _ball_mm(diameter))
    assert abs(ball.minor_px - diameter) < 0.6
    assert np.hypot(ball.column - centre[0], ball.row - centre[1]) < 0.1


def _logarithmic_film(diameter: float, behind: float) -> Film:
    """Film of a steel ball that follows the logarithm of the exposure.

    ``behind`` is what the detector still receives behind the ball (scatter), as a
    share of the free beam. Blur acts on the exposure, before the logarithm is taken.
    """
    open_beam = 1 - disc((300, 300), (150.3, 149.6), (diameter, diameter))
    exposure = behind + (1 - behind) * ndimage.gaussian_filter(open_beam, 1.0)
    dark = -np.log(exposure)
    return film_of(dark / dark.max(), logarithmic=True)


@pytest.mark.parametrize("diameter", [40.0, 80.0, 131.0])
@pytest.mark.parametrize("behind", [0.0001, 0.01])
def test_a_ball_on_a_logarithmic_film_is_as_large_as_the_evidence_promises(
    diameter: float, behind: float
) -> None:
    film = _logarithmic_film(diameter, behind)
    (ball,) = find_balls(film, _ball_mm(diameter))
    promised = constant("calibration.ball_edge")
    error_mm = (ball.minor_px - diameter) * PITCH_MM
    assert abs(error_mm - promised.value) < 2 * promised.spread


@pytest.mark.parametrize("diameter", [40.0, 80.0, 131.0])
def test_much_scatter_on_an_unprocessed_film_is_outside_the_evidence(
    diameter: float,
) -> None:
    """A known weakness, with its size: docs/hazards.md."""
    (ball,) = find_balls(_logarithmic_film(diameter, 0.1), _ball_mm(diameter))
    assert 0.2 < (ball.minor_px - diameter) * PITCH_MM < 0.27


@pytest.mark.parametrize("diameter", [25.0, 40.0, 60.0])
def test_a_round_bright_foot_is_no_ball(diameter: float) -> None:
    """Bright, round, in the dark, but as uneven as bones that lie over each other."""
    px = diameter / PITCH_MM
    foot = disc((500, 500), (250, 250), (px, px))
    grain = np.random.default_rng(3).standard_normal(foot.shape)
    bones = ndimage.gaussian_filter(grain, 6)
    film = film_of(0.05 + foot * (0.7 + 0.2 * bones / bones.std()).clip(0, 1))
    with pytest.raises(FilmRefusal, match=f"no ball of {diameter:g} mm"):
        find_balls(film, diameter)


def test_the_one_ball_of_the_sample_film_is_found_and_no_other(
    sample_film: Film, sample_truth: dict[str, Any]
) -> None:
    (true,) = sample_truth["balls"]
    (ball,) = find_balls(sample_film, true["diameter_mm"])
    column, row = true["centre_uv"]
    assert np.hypot(ball.column - column, ball.row - row) < 0.3
    assert abs(ball.minor_px - true["height_px"]) < 1.0


def test_several_balls_are_given_largest_first() -> None:
    film = ball_film((80.0, 80.0, 50.0), (200.0, 90.0, 54.0), (300.0, 200.0, 47.0))
    balls = find_balls(film, 10.0)
    assert [round(b.column) for b in balls] == [200, 80, 300]
    assert [b.minor_px for b in balls] == pytest.approx([54, 50, 47], abs=0.6)


def test_a_ball_is_found_where_the_size_of_a_pixel_is_unknown() -> None:
    film = ball_film((120.0, 130.0, 30.0), spacing_mm=None)
    (ball,) = find_balls(film, 25.0)
    assert ball.minor_px == pytest.approx(30, abs=0.6)


def test_a_ball_is_measured_along_columns_where_pixels_are_no_squares() -> None:
    flat = disc((300, 300), (140.0, 160.0), (60.0, 60.0 * 0.2 / 0.22))
    blurred = ndimage.gaussian_filter(0.1 + 0.8 * flat, 1.0)
    film = film_of(blurred, spacing_mm=(0.2, 0.22))
    (ball,) = find_balls(film, 11.5)
    assert ball.minor_px == pytest.approx(60, abs=0.6)
    assert (ball.column, ball.row) == pytest.approx((140, 160), abs=0.1)


def test_the_smallest_ball_is_found_on_the_largest_film() -> None:
    film = ball_film((160.3, 160.7, 26.25), shape=(4000, 2000))
    (ball,) = find_balls(film, 5.0)
    assert ball.minor_px == pytest.approx(26.25, abs=0.6)


def test_a_film_without_a_ball_is_refused() -> None:
    film = ball_film((120.0, 130.0, 20.0))
    with pytest.raises(FilmRefusal, match="no ball of 25 mm was found on the film"):
        find_balls(film, 25.0)


def _box(rows: slice, columns: slice) -> Picture:
    metal = np.zeros((300, 300), np.float32)
    metal[rows, columns] = 1
    return metal


_ROUND = disc((300, 300), (150.0, 150.0), (60.0, 60.0))
NO_DISC = {
    "square": _box(slice(120, 180), slice(120, 180)),
    "bar": _box(slice(140, 160), slice(90, 210)),
    "half disc": _ROUND * (np.arange(300) < 150),
    "washer": _ROUND - disc((300, 300), (150.0, 150.0), (45.0, 45.0)),
}


@pytest.mark.parametrize("shape", NO_DISC)
def test_metal_that_is_no_disc_is_no_ball(shape: str) -> None:
    film = film_of(ndimage.gaussian_filter(0.1 + 0.8 * NO_DISC[shape], 1.0))
    with pytest.raises(FilmRefusal, match=r"no ball of 11\.4 mm was found"):
        find_balls(film, 11.4)


@pytest.mark.parametrize("ball_mm", [0.0, -25.0, 4.9, 60.1, float("nan"), float("inf")])
def test_a_diameter_that_no_ball_has_is_refused(ball_mm: float) -> None:
    with pytest.raises(FilmRefusal, match="allowed is 5 to 60 mm"):
        find_balls(ball_film((120.0, 130.0, 50.0)), ball_mm)

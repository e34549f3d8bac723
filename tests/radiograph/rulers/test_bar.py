"""A bar's radius, below a hundredth of a millimetre where the physics is its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.radiograph.rulers.bar import Bar, fitted_bar, rough_edges, straight_line
from callotasis.radiograph.rulers.ribbon import STEP_PX, Pieces
from callotasis.radiograph.rulers.rim import rim_curve
from callotasis.worlds import Array

MM = 0.17
ACROSS = np.arange(-60, 60 + STEP_PX / 2, STEP_PX)
ALONG = np.arange(0.0, 400.0, 20.0)
CURVE = np.array([np.log(2.1), np.log(0.15), 0.9, 0.5])


def pieces(radius: float, taper: float = 0.0, lean: float = 0.0, noise: float = 0.0,
           *, logarithmic: bool = True) -> Pieces:  # fmt: skip
    """Profiles of a bar that widens and leans along the ribbon, on a background."""
    off, curve = rim_curve(radius, CURVE, MM, logarithmic=logarithmic)
    middle = lean * (ALONG - ALONG.mean())
    rim = radius + taper * (ALONG - ALONG.mean())
    distance = np.abs(ACROSS[:, None] - middle) - rim
    grey = 0.15 + 0.3 * np.interp(distance, off, curve) + 0.001 * ACROSS[:, None]
    shake = np.random.default_rng(1).normal(0, noise, grey.shape) if noise else 0.0
    grey = grey - grey.min() + 0.05 + shake
    return Pieces(np.clip(grey / 1.2, 0, 1), ACROSS, ALONG)


def fitted(seen: Pieces, *, logarithmic: bool = True) -> Bar:
    """Find and fit."""
    return fitted_bar(seen, rough_edges(seen, 15, 50), MM, logarithmic=logarithmic)


@settings(max_examples=10, deadline=None)
@given(st.floats(24, 38), st.floats(-0.003, 0.003), st.floats(-0.01, 0.01))
def test_radius_taper_and_axis_come_back(
    radius: float, taper: float, lean: float
) -> None:
    found = fitted(pieces(radius, taper, lean))
    assert found.radius_px == pytest.approx(radius, abs=0.1)
    assert found.taper == pytest.approx(taper, abs=3e-4)
    assert found.slope == pytest.approx(lean, abs=3e-4)
    assert found.radius_at(found.middle_px + 100) == pytest.approx(
        found.radius_px + 100 * found.taper
    )


def test_noise_is_averaged_away() -> None:
    found = fitted(pieces(31.0, noise=0.01))
    assert found.radius_px == pytest.approx(31, abs=0.2)


def test_a_film_that_is_linear_in_the_exposure_is_read_as_such() -> None:
    seen = pieces(31.0, logarithmic=False)
    assert fitted(seen, logarithmic=False).radius_px == pytest.approx(31, abs=0.15)


def test_a_bright_edge_beyond_the_bar_is_not_taken_for_it() -> None:
    seen = pieces(28.0)
    cortex = np.where(np.abs(ACROSS) < 44, 0.25, 0.0)[:, None]
    left, right = rough_edges(replace(seen, grey=seen.grey + cortex), 15, 50)
    assert left == pytest.approx(-28, abs=2)
    assert right == pytest.approx(28, abs=2)


def test_no_metal_is_refused() -> None:
    grain = np.random.default_rng(2).normal(0.5, 0.01, (len(ACROSS), len(ALONG)))
    with pytest.raises(FilmRefusal, match="no edge of metal"):
        rough_edges(Pieces(grain, ACROSS, ALONG), 15, 50)


@pytest.mark.parametrize("gain", [40.0, -40.0])
def test_an_edge_at_either_end_of_the_grey_scale_is_refused(gain: float) -> None:
    seen = pieces(30.0)
    rough = rough_edges(seen, 15, 50)
    burnt = replace(seen, grey=np.clip(seen.grey + gain, 0, 1))
    with pytest.raises(FilmRefusal, match="at the end of the grey scale"):
        fitted_bar(burnt, rough, MM, logarithmic=True)


def test_a_straight_line_leaves_out_what_lies_far_off() -> None:
    at = np.arange(20.0)
    off: Array = 0.5 * at + 3
    off[[4, 11]] = 90
    assert straight_line(at, off) == pytest.approx([0.5, 3])

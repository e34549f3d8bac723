"""The curve of a rim: its limits, and the place it gives back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.radiograph.rulers.rim import Rim, rim_curve, rim_place

MM = 0.17
RIM = Rim(30.0, 18.0, (np.log(2.0), np.log(0.2), 0.9, 0.4), MM)
PLACES = np.arange(0.0, 120.0)


def profile(at_px: float, rim: Rim = RIM, *, logarithmic: bool = True) -> np.ndarray:
    """Grey along a line that leaves metal, on a sloping background."""
    off, curve = rim_curve(
        rim.radius_px, np.array(rim.curve), MM, logarithmic=logarithmic
    )
    return 0.2 + 0.3 * np.interp(PLACES - at_px, off, curve) + 0.0005 * PLACES


def test_half_the_height_of_the_grey_lies_inside_the_bar() -> None:
    off, grey = rim_curve(30.0, np.array(RIM.curve), MM, logarithmic=True)
    half = (grey[off < -20].mean() + grey[off > 4].mean()) / 2
    assert off[grey > half].max() < -1


def test_more_scatter_lowers_the_bar_and_nothing_beside_it() -> None:
    little, much = (
        rim_curve(
            30.0, np.array([np.log(2.0), np.log(s), 0.9, 0.0]), MM, logarithmic=True
        )[1]
        for s in (0.05, 0.8)
    )
    assert much.max() < little.max()
    assert much[-1] == pytest.approx(little[-1], abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.floats(55, 75), st.floats(-4, 4), st.booleans())
def test_the_rim_is_found_below_a_tenth_of_a_pixel(
    at_px: float, off: float, logarithmic: bool
) -> None:
    grey = profile(at_px, logarithmic=logarithmic)
    found, rest = rim_place(PLACES, grey, at_px + off, RIM, logarithmic=logarithmic)
    assert found == pytest.approx(at_px, abs=0.1)
    assert rest < 1e-4


def test_a_wrong_belief_of_the_scatter_moves_the_rim_by_less_than_a_tenth_of_a_mm() -> (
    None
):
    peak, _, blur, sharpening = RIM.curve
    wrong = replace(RIM, curve=(peak, np.log(0.4), blur, sharpening))
    found, _ = rim_place(PLACES, profile(60.0), 60.0, wrong, logarithmic=True)
    assert abs(found - 60) * MM < 0.1


def test_a_saturated_rim_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="saturated or off the film"):
        rim_place(PLACES, np.ones(120), 60.0, RIM, logarithmic=True)

"""Femoral heads: a drawn disc gives its centre, and what is no disc gives nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from callotasis.radiograph.edges import Strip, strip_on
from callotasis.radiograph.head import HALF_MM, head_in
from darkroom import Picture, disc, film_of

PITCH_MM = 0.4
SIZE_PX = 300
MIDDLE = np.array([150.0, 150.0])
RADII = st.floats(15.0, 28.0)
OFF = st.tuples(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5))


def _square(grey: Picture) -> Strip:
    film = film_of(grey, spacing_mm=(PITCH_MM, PITCH_MM))
    right = np.array([1.0, 0.0])
    return strip_on(film, MIDDLE, right, (HALF_MM, HALF_MM), PITCH_MM)


def _disc_at(off_mm: tuple[float, float], radius_mm: float) -> Picture:
    centre = MIDDLE + np.array(off_mm) / PITCH_MM
    across = 2 * radius_mm / PITCH_MM
    return disc((SIZE_PX, SIZE_PX), (centre[0], centre[1]), (across, across))


def _noise(seed: int, sd: float) -> Picture:
    drawn = np.random.default_rng(seed).standard_normal((SIZE_PX, SIZE_PX))
    return sd * ndimage.gaussian_filter(drawn, 1.0) / 0.28


@settings(max_examples=12)
@given(OFF, RADII, st.sampled_from([-1.0, 1.0]), st.integers(0, 1000))
def test_a_drawn_head_is_found_within_three_tenths_of_a_millimetre(
    off: tuple[float, float], radius: float, outward: float, seed: int
) -> None:
    grey = 0.3 + 0.4 * ndimage.gaussian_filter(_disc_at(off, radius), 1.0)
    found = head_in(_square(grey + _noise(seed, 0.02)), outward)
    assert found is not None
    assert np.hypot(found[0] - off[0], found[1] - off[1]) < 0.3


@pytest.mark.parametrize("outward", [-1.0, 1.0])
def test_a_neck_does_not_move_its_head(outward: float) -> None:
    off, radius = (1.0, -1.5), 22.0
    down, right = np.mgrid[0:SIZE_PX, 0:SIZE_PX] - MIDDLE[0]
    # Down and to the side, at 45 degrees, as wide as two thirds of the head.
    beside = np.abs(down - outward * right) < 28
    neck = beside & (down + outward * right > 0)
    grey = 0.3 + 0.4 * np.maximum(_disc_at(off, radius), neck)
    found = head_in(_square(ndimage.gaussian_filter(grey, 1.0)), outward)
    assert found == pytest.approx(off, abs=0.3)


@settings(max_examples=4)
@given(OFF)
def test_the_mirror_image_of_a_head_is_found_at_the_mirror_image(
    off: tuple[float, float],
) -> None:
    grey = 0.3 + 0.4 * _disc_at(off, 20.0) + _noise(3, 0.01)
    one, other = (
        head_in(_square(seen), side) for seen, side in ((grey, 1), (grey[:, ::-1], -1))
    )
    assert one is not None
    assert other is not None
    # The click lies on a corner of four pixels, so that the mirror needs no shift.
    assert other == pytest.approx((-one[0], one[1]), abs=0.05)


@pytest.mark.parametrize(
    "grey",
    [
        pytest.param(np.full((SIZE_PX, SIZE_PX), 0.5), id="blank"),
        pytest.param(0.5 + _noise(1, 0.02), id="noise"),
        pytest.param(np.tile(np.linspace(0, 1, SIZE_PX), (SIZE_PX, 1)), id="ramp"),
        pytest.param(0.3 + 0.4 * (np.mgrid[0:300, 0:300][1] > 150), id="step"),
        pytest.param(0.7 - 0.4 * _disc_at((0, 0), 20), id="dark disc"),
    ],
)
def test_where_no_head_is_none_is_found(grey: Picture) -> None:
    assert head_in(_square(grey), 1.0) is None


@pytest.mark.parametrize(
    ("off_mm", "believed"), [(0.0, True), (2.0, True), (7.0, False)]
)
def test_a_head_with_half_its_rim_is_believed_near_the_click_only(
    off_mm: float, believed: bool
) -> None:
    seen = ndimage.gaussian_filter(_disc_at((off_mm, 0.0), 20.0), 1.0)
    # Something as bright as the head hides its lower third.
    seen[int(MIDDLE[1] + 7 / PITCH_MM) :] = 1.0
    found = head_in(_square(0.3 + 0.4 * seen), 1.0)
    assert (found is not None) is believed
    assert found is None or found == pytest.approx((off_mm, 0.0), abs=0.3)

"""Rings as their own ruler: exact geometry, and true on films."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.radiograph.rulers import FilmLength, ring_distance
from callotasis.radiograph.rulers.rings import ring_centres
from callotasis.worlds import Array, Worlds
from ruled_films import Ruled, bare_film, ring_film

FEW = Worlds(count=200)
LEVEL = np.zeros((1, 2))


def read(ruled: Ruled, outer_mm: float = 120.0) -> FilmLength:
    """Measure both rings of a film by their ends."""
    at = ruled.points
    return ring_distance(
        ruled.film,
        (at["upper left"], at["upper right"]),
        (at["lower left"], at["lower right"]),
        outer_mm,
        draws=FEW,
    )


def touched(centre: Array, normal: Array, radius: float) -> list[Array]:
    """Where rays from the origin touch a ring, left and right, by trying all round."""
    u = np.array([1.0, 0.0, 0.0])  # the axis leans towards the source, not aside
    v = np.cross(normal, u)
    angle = np.linspace(0, 2 * np.pi, 40_001)[:, None]
    rim = centre + radius * (np.cos(angle) * u + np.sin(angle) * v)
    seen = rim[:, 0] / rim[:, 2]
    return [rim[seen.argmin()], rim[seen.argmax()]]


@settings(max_examples=25, deadline=None)
@given(st.floats(-12, 12), st.floats(80, 250), st.floats(700, 1100), st.floats(-60, 60))
def test_centres_come_back_from_the_rays_that_touch_both_rings(
    tilt: float, apart: float, far: float, up: float
) -> None:
    way = np.array([0.0, np.cos(np.radians(tilt)), np.sin(np.radians(tilt))])
    middle = np.array([10.0, up, far])
    centres = np.array([middle - apart / 2 * way, middle + apart / 2 * way])
    ways = np.array([[touched(centre, way, 90.0) for centre in centres]])
    found = ring_centres(ways, np.array([90.0]), LEVEL)[0]
    assert np.linalg.norm(found[1] - found[0]) == pytest.approx(apart, abs=0.05)


@pytest.mark.parametrize("magnification", [1.08, 1.3])
@pytest.mark.parametrize("apart", [90.0, 120.0])
def test_the_way_is_true_whatever_the_magnification(
    magnification: float, apart: float
) -> None:
    found = read(ring_film(apart, magnification))
    assert found.measured_mm.value == pytest.approx(apart, abs=0.5)
    assert 0 < found.sd_mm < 0.6


@pytest.mark.parametrize("tilt", [-10.0, 10.0])
def test_a_frame_that_leans_against_the_film_is_no_shorter(tilt: float) -> None:
    found = read(ring_film(100.0, 1.15, tilt))
    assert found.measured_mm.value == pytest.approx(100, abs=0.6)


def test_clicks_a_few_millimetres_off_give_the_same() -> None:
    ruled = ring_film(100.0)
    rng = np.random.default_rng(4)
    moved = {n: (c + rng.normal(0, 6), r + rng.normal(0, 6))
             for n, (c, r) in ruled.points.items()}  # fmt: skip
    found = read(replace(ruled, points=moved)).measured_mm.value
    assert found == pytest.approx(read(ruled).measured_mm.value, abs=0.15)


# Refusals.


@pytest.mark.parametrize("outer", [79.0, 321.0])
def test_a_diameter_that_no_ring_has_is_refused(outer: float) -> None:
    with pytest.raises(FilmRefusal, match="allowed is 80 to 320 mm"):
        read(ring_film(100.0), outer)


def test_a_diameter_that_makes_the_magnification_impossible_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="magnified"):
        read(ring_film(100.0), 220.0)


def test_rings_that_cannot_be_of_one_diameter_are_refused() -> None:
    ruled = ring_film(100.0)
    left, right = ruled.points["lower left"], ruled.points["lower right"]
    other = (right[0] - 0.45 * (right[0] - left[0]), right[1])
    with pytest.raises(FilmRefusal, match=r"rings of one diameter|no end|no bar"):
        read(replace(ruled, points=ruled.points | {"lower right": other}))


def test_one_point_for_both_ends_is_refused() -> None:
    ruled = ring_film(100.0)
    both = ruled.points | {"upper right": ruled.points["upper left"]}
    with pytest.raises(FilmRefusal, match="give the left and the right end"):
        read(replace(ruled, points=both))


def test_flesh_without_rings_is_refused() -> None:
    points = {"upper left": (60.0, 80.0), "upper right": (300.0, 80.0),
              "lower left": (60.0, 500.0), "lower right": (300.0, 500.0)}  # fmt: skip
    with pytest.raises(FilmRefusal, match=r"no end of a ring|no bar of metal"):
        read(Ruled(bare_film(), points))

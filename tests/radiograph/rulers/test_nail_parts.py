"""Tube, rod and step of a nail, in pixels."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.telescope import TelescopicNail
from callotasis.radiograph.rulers.nail_parts import nail_on
from ruled_films import nail_film

PX_PER_MM = 1.15 / 0.2


@pytest.mark.parametrize("rod_mm", [7.0, 8.5])
def test_tube_and_rod_are_as_wide_as_they_were_drawn(rod_mm: float) -> None:
    ruled = nail_film(TelescopicNail(rod_mm=rod_mm, exposed_mm=50.0))
    at = ruled.points
    seen = nail_on(ruled.film, at["tube"], at["tip"], 10.7, to_screw=False)
    assert 2 * seen.tube.radius_px / PX_PER_MM == pytest.approx(10.7, abs=0.07)
    assert 2 * seen.rod.radius_px / PX_PER_MM == pytest.approx(rod_mm, abs=0.07)


def test_step_and_tip_lie_where_they_were_drawn() -> None:
    ruled = nail_film(TelescopicNail(exposed_mm=50.0))
    at = ruled.points
    seen = nail_on(ruled.film, at["tube"], at["tip"], 10.7, to_screw=False)
    for name, along, bar in (
        ("end", seen.step_px, seen.tube), ("tip", seen.mark_px, seen.rod),
    ):  # fmt: skip
        found = seen.ribbon.on_film(along, bar.axis_at(along))
        assert found == pytest.approx(np.array(at[name]), abs=0.15 * PX_PER_MM)


def test_points_too_near_to_each_other_are_refused() -> None:
    ruled = nail_film(TelescopicNail(exposed_mm=50.0))
    column, row = ruled.points["end"]
    with pytest.raises(FilmRefusal, match="mm apart; needed are 15 mm"):
        nail_on(
            ruled.film, (column, row - 20), (column, row + 20), 10.7, to_screw=False
        )


def test_a_rod_hardly_thinner_than_its_tube_is_refused() -> None:
    ruled = nail_film(TelescopicNail(rod_mm=10.5, exposed_mm=50.0))
    at = ruled.points
    with pytest.raises(FilmRefusal, match="not told apart"):
        nail_on(ruled.film, at["tube"], at["tip"], 10.7, to_screw=False)

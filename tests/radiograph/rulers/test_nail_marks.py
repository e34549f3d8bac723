"""Tip and screw: found within reach of a click, and refused beyond."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.telescope import TelescopicNail
from callotasis.radiograph.rulers.nail_marks import rough_tip, screw_place, step_place
from callotasis.radiograph.rulers.nail_parts import NailSeen, nail_on
from ruled_films import nail_film

MM = 0.2 / 1.15


@pytest.fixture
def seen() -> NailSeen:
    """A nail of which 50 mm stand out, with screws 10 and 20 mm from the tip."""
    ruled = nail_film(TelescopicNail(exposed_mm=50.0))
    at = ruled.points
    return nail_on(ruled.film, at["tube"], at["tip"], 10.7, to_screw=False)


@pytest.mark.parametrize("which", [10.0, 20.0])
def test_the_screw_nearest_to_the_click_is_taken(seen: NailSeen, which: float) -> None:
    true = seen.mark_px - which / MM
    found = screw_place(seen.ribbon, seen.rod, true + 2.5 / MM, MM)
    assert found == pytest.approx(true, abs=0.3 / MM)


def test_where_no_screw_crosses_none_is_found(seen: NailSeen) -> None:
    with pytest.raises(FilmRefusal, match="no screw was found"):
        screw_place(seen.ribbon, seen.rod, seen.mark_px - 40 / MM, MM)


def test_the_tip_is_found_within_reach_of_the_click(seen: NailSeen) -> None:
    found = rough_tip(seen.ribbon, seen.mark_px - 8 / MM, seen.rod.radius_px, MM)
    assert found == pytest.approx(seen.mark_px, abs=0.7 / MM)


def test_where_the_rod_goes_on_no_tip_is_found(seen: NailSeen) -> None:
    with pytest.raises(FilmRefusal, match="no tip of the rod"):
        rough_tip(seen.ribbon, seen.step_px - 40 / MM, seen.rod.radius_px, MM)


def test_where_the_tube_goes_on_it_does_not_end(seen: NailSeen) -> None:
    with pytest.raises(FilmRefusal, match="the end of the tube was not found"):
        step_place(seen.ribbon, seen.tube, seen.rod, seen.step_px - 30 / MM, MM)


def test_the_way_from_end_to_tip_is_what_stands_out(seen: NailSeen) -> None:
    assert (seen.mark_px - seen.step_px) * MM == pytest.approx(50, abs=0.4)
    assert np.isfinite(seen.tube.curve).all()

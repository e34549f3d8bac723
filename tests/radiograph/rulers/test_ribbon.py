"""A ribbon over a film: places come back, pieces are means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.rulers.ribbon import ribbon_on
from ruled_films import bare_film

FILM = bare_film()
START, END = np.array([50.0, 80.0]), np.array([170.0, 240.0])


@pytest.mark.parametrize("aspect", [1.0, 1.1])
def test_the_ends_of_a_ribbon_are_those_asked_for(aspect: float) -> None:
    film = replace(FILM, spacing_mm=(0.2, 0.2 * aspect))
    ribbon = ribbon_on(film, START, END, 20.0)
    way = np.linalg.norm((END - START) * [1.0, aspect])
    assert ribbon.on_film(0.0) == pytest.approx(START)
    assert ribbon.on_film(float(way)) == pytest.approx(END)
    across = (ribbon.on_film(0.0, 10.0) - START) * [1.0, aspect]
    assert np.linalg.norm(across) == pytest.approx(10)
    assert across @ ribbon.unit == pytest.approx(0)


def test_a_ribbon_shows_the_grey_under_it() -> None:
    ramp = np.add.outer(np.arange(400.0), 2 * np.arange(300.0)).astype(np.float32)
    film = replace(FILM, pixels=ramp)
    ribbon = ribbon_on(film, START, END, 20.0, before_px=10.0)
    column, row = ribbon.on_film(30.0, ribbon.across_px[7])
    assert ribbon.grey[7, 30] == pytest.approx((row - 0.5) + 2 * (column - 0.5))


def test_pieces_are_means_along_the_ribbon() -> None:
    ribbon = ribbon_on(FILM, START, END, 20.0)
    pieces = ribbon.pieces((20.0, 80.0), 15.0)
    assert pieces.along_px == pytest.approx([27, 42, 57, 72])
    assert pieces.grey[:, 1] == pytest.approx(ribbon.grey[:, 35:50].mean(axis=1))


def test_too_short_a_stretch_is_refused() -> None:
    ribbon = ribbon_on(FILM, START, END, 20.0)
    with pytest.raises(FilmRefusal, match="20 pixels of the bar's edge"):
        ribbon.pieces((20.0, 40.0), 15.0)


def test_too_few_free_pieces_are_refused() -> None:
    pieces = ribbon_on(FILM, START, END, 20.0).pieces((20.0, 80.0), 15.0)
    assert pieces.kept(np.array([True, True, True, False])).grey.shape[1] == 3
    with pytest.raises(FilmRefusal, match="2 of 4 pieces"):
        pieces.kept(np.array([True, True, False, False]))

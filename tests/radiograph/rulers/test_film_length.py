"""What every reading of a length keeps to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.rulers.film_length import (
    check_on_the_film,
    check_size,
    interval_of,
    magnified,
    read_from,
    size_draws,
    too_rough,
)
from callotasis.worlds import Interval, Worlds
from ruled_films import bare_film


def test_a_bare_number_has_no_tolerance() -> None:
    assert interval_of(10.7) == Interval(10.7, 10.7, 10.7)


def test_a_tolerance_is_drawn_unless_the_film_stands_alone() -> None:
    size = Interval(10.0, 9.8, 10.2)
    together = size_draws(Worlds(count=4000), "size", size, alone=False)
    assert together.std() == pytest.approx(0.102, rel=0.05)
    assert np.ptp(size_draws(Worlds(count=10), "size", size, alone=True)) == 0


def test_points_on_the_edge_are_on_the_film_and_beyond_are_refused() -> None:
    film = bare_film()
    check_on_the_film(film, [(0.0, 0.0), (film.columns, film.rows)])
    with pytest.raises(FilmRefusal, match=r"\(-1, 5\) lies outside the film of"):
        check_on_the_film(film, [(-1.0, 5.0)])


def test_a_size_out_of_range_is_refused_with_the_range() -> None:
    with pytest.raises(FilmRefusal, match="allowed is 5 to 16 mm"):
        check_size("diameter", 107.0, "rulers.nail_limits")


def test_a_film_without_pixel_size_has_no_magnification() -> None:
    film = bare_film()
    assert magnified(film, "a tube", 6.0) == pytest.approx(1.2)
    assert magnified(replace(film, spacing_mm=None), "a tube", 6.0) is None


@pytest.mark.parametrize("scale", [4.0, 9.0])
def test_an_impossible_magnification_is_refused(scale: float) -> None:
    with pytest.raises(FilmRefusal, match=r"allowed is 0\.9 to 1\.6"):
        magnified(bare_film(), "a tube", scale)


def test_the_value_is_that_of_the_nominal_world() -> None:
    drawn = np.array([5.0, 4.0, 6.0, 7.0])
    found, sd = read_from(drawn, np.array([5.0, 5.0, 5.0, 5.3]))
    assert found.value == 5.0
    assert found.low < 5 < found.high
    assert sd == pytest.approx(0.1414, abs=1e-3)


def test_only_a_rough_reading_is_a_caution() -> None:
    assert too_rough(0.5) == ()
    (finding,) = too_rough(0.9)
    assert finding.level == "caution"
    assert finding.evidence == "rulers.sd_wanted"

"""What is refused before anything is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.pose import Segment
from callotasis.radiograph import Film
from callotasis.radiograph.callus.readable import (
    hidden_cortices,
    straight_film,
    under_metal,
)
from callus_steps import SEGMENT, Steps

ABOVE, BELOW = (500.0, 300.0), (500.0, 900.0)


def _lay(film: Film, segment: str = SEGMENT) -> None:
    straight_film(film, Segment.parse(segment), ABOVE, BELOW)


def test_a_picture_without_a_header_is_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="says nothing about how its greys"):
        _lay(replace(steps.film, processing=None, kind="JPEG"))


def test_a_lateral_film_is_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="from the side"):
        _lay(replace(steps.film, lateral=True))


def test_the_other_side_is_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="shows side R; asked for is"):
        _lay(steps.film, "L.femur")


def test_a_film_without_pixel_size_is_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="no size of its pixels"):
        _lay(replace(steps.film, spacing_mm=None))


def test_a_point_off_the_film_is_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="lies off the film of"):
        straight_film(steps.film, Segment.parse(SEGMENT), ABOVE, (500.0, 9e4))


def test_columns_of_unknown_direction_are_cautioned(steps: Steps) -> None:
    film = replace(steps.film, columns_to_left=None)
    _, findings = straight_film(film, Segment.parse(SEGMENT), ABOVE, BELOW)
    assert [f.key for f in findings] == ["callus.side_assumed"]


def test_a_saturated_cortex_is_hidden_and_a_sound_one_is_not(steps: Steps) -> None:
    pair = (steps.upper, steps.lower)
    assert not hidden_cortices(steps.film, steps.bone, steps.levels, pair)
    bright = float(np.quantile(steps.film.pixels, 0.7))
    film = replace(steps.film, pixels=np.minimum(steps.film.pixels, bright))
    hidden = hidden_cortices(film, steps.bone, steps.levels, pair)
    assert "saturated" in hidden["medial"]


def test_metal_over_one_cortex_hides_that_one(steps: Steps) -> None:
    assert not under_metal(steps.seen.excess, steps.levels)
    covered = steps.seen.excess | {"lateral": 4 * steps.seen.excess["lateral"]}
    assert under_metal(covered, steps.levels) == {"lateral": "metal lies over it"}

"""From where films were taken, told by the ring on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal
from callotasis.exchange import checked
from callotasis.fixation.hexapod.films import (
    POINTS,
    VIEWS,
    Taken,
    TwoFilms,
    parameters_seen,
)
from callotasis.fixation.hexapod.matching import Strays, films_at, matched
from callotasis.fixation.hexapod.mounting import (
    Reference,
    motion_of,
    parameters_of,
    ring_on_bone,
)
from callotasis.worlds import Array, Worlds
from hexapods import USUAL
from sawbones import Shank, film_file, seen_on, square_films

BEND = np.array([3.0, -2, 4, 6, -28, 5])
SHANK = Shank(motion_of(BEND), ring_on_bone(np.array([5.0, -8, 72, 3, -4, 10])))
POINT_MM, ANGLE_DEG, SOURCE_MM = 0.5, 1.5, 10.0
COORDINATES = 2 * 2 * (len(POINTS) + 6)


def two_films() -> TwoFilms:
    seen = seen_on(SHANK, USUAL, square_films())
    return checked(TypeAdapter(TwoFilms), film_file(seen), "films", FrameRefusal)


def strays(drawn: Array, angle_deg: float = ANGLE_DEG) -> Strays:
    sd = np.array([*[angle_deg] * 3, SOURCE_MM] * 2)
    return Strays(drawn, sd, np.full(COORDINATES, POINT_MM))


def taken(*off: float) -> dict[str, Taken]:
    """Two films that stray by eight figures."""
    return films_at(np.array([off], float), two_films())


def found_on(seen: dict[str, Array], films: dict[str, Taken]) -> Array:
    deformity, _ = parameters_seen(USUAL, Reference.PROXIMAL, seen, films, 0.0)
    return parameters_of(deformity)


def test_square_films_stay_square() -> None:
    seen = seen_on(SHANK, USUAL, square_films())
    films = matched(seen, USUAL.proximal_mm, two_films(), strays(np.zeros((1, 8))))
    for view in VIEWS:
        assert films[view].turn[0] == pytest.approx(np.eye(3), abs=1e-9)
        assert films[view].source_mm == pytest.approx([1100.0], abs=1e-6)
    assert found_on(seen, films)[0] == pytest.approx(BEND, abs=1e-6)


SMALL = st.floats(-4, 4)


@settings(max_examples=25, deadline=None)
@given(st.tuples(SMALL, SMALL, SMALL), st.tuples(SMALL, SMALL, SMALL))
def test_films_that_stray_are_read_better_once_the_ring_is_asked(
    frontal: tuple[float, ...], side: tuple[float, ...]
) -> None:
    films = taken(*frontal, 8.0, *side, -8.0)
    seen = seen_on(SHANK, USUAL, films)
    asked = matched(seen, USUAL.proximal_mm, two_films(), strays(np.zeros((1, 8))))
    off = np.abs(found_on(seen, asked)[0] - BEND)
    assert off[3:5].max() < 0.25
    assert off[:3].max() < 0.5


def test_ten_degrees_beside_are_found_where_films_may_stray_so_far() -> None:
    seen = seen_on(SHANK, USUAL, taken(4, -6, 10, 0, -8, 5, -10, 0))
    plain = np.abs(found_on(seen, square_films())[0] - BEND)
    loose = strays(np.zeros((1, 8)), angle_deg=10.0)
    asked = matched(seen, USUAL.proximal_mm, two_films(), loose)
    off = np.abs(found_on(seen, asked)[0] - BEND)
    assert plain[3:5].max() > 1.5
    assert off[3:5].max() < 0.25
    assert off[:3].max() < 0.5


def test_worlds_spread_as_the_truth_does() -> None:
    """The spread over worlds is that of the error over many pairs of films."""
    worlds, trials = Worlds(count=600), 120
    random = np.random.default_rng(7)
    errors, said = [], []
    for _ in range(trials):
        stray = random.normal(0, [*[ANGLE_DEG] * 3, SOURCE_MM] * 2)
        seen = {
            view: points + random.normal(0, POINT_MM, points.shape)
            for view, points in seen_on(SHANK, USUAL, taken(*stray)).items()
        }
        drawn = worlds.normal("s", 1.0, (8,)) * np.array(
            [*[ANGLE_DEG] * 3, SOURCE_MM] * 2
        )
        read = {
            view: points + worlds.normal(view, POINT_MM, points.shape[1:])
            for view, points in seen.items()
        }
        films = matched(read, USUAL.proximal_mm, two_films(), strays(drawn))
        found = found_on(read, films)
        errors.append(found[0] - BEND)
        said.append(found[1:].std(axis=0))
    ratio = np.std(errors, axis=0) / np.mean(said, axis=0)
    assert ratio == pytest.approx(np.ones(6), abs=0.2)


@pytest.mark.parametrize(
    ("point", "name"),
    [(2, "origin"), (len(POINTS) + 2, "joint 3 of the ring")],
)
def test_a_point_that_the_others_contradict_is_named(point: int, name: str) -> None:
    seen = seen_on(SHANK, USUAL, square_films())
    seen["side"][0, point] += [0.0, 14.0]
    with pytest.raises(FrameRefusal, match=rf"film: {name} was read \d"):
        matched(seen, USUAL.proximal_mm, two_films(), strays(np.zeros((1, 8))))


def test_films_given_for_each_other_are_refused() -> None:
    seen = seen_on(SHANK, USUAL, square_films())
    swapped = {"frontal": seen["side"], "side": seen["frontal"]}
    with pytest.raises(FrameRefusal, match="mind which film is which"):
        matched(swapped, USUAL.proximal_mm, two_films(), strays(np.zeros((1, 8))))

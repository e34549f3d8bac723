"""Two films of a leg in its frame: rays meet where the points are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.fixation.hexapod.films import (
    VIEWS,
    Taken,
    met,
    parameters_seen,
    projected,
    ring_seen,
)
from callotasis.fixation.hexapod.mounting import (
    Reference,
    motion_of,
    parameters_of,
    ring_on_bone,
)
from hexapods import USUAL
from sawbones import Shank, seen_on, square_films

TURN = st.floats(-10, 10)
POINTS = st.lists(st.tuples(*[st.floats(-150, 150)] * 3), min_size=1, max_size=5)


def taken(*angles: float) -> Taken:
    return Taken.by(np.array([angles]), np.array([1100.0]), np.array([950.0]))


@given(POINTS, st.tuples(TURN, TURN, TURN), st.tuples(TURN, TURN, TURN))
def test_rays_meet_where_the_points_are(
    points: list[tuple[float, ...]], front: tuple[float, ...], side: tuple[float, ...]
) -> None:
    places = np.array([points])
    films = dict(zip(VIEWS, (taken(*front), taken(*side)), strict=True))
    seen = {view: projected(places, view, film) for view, film in films.items()}
    assert met(seen, films) == pytest.approx(places, abs=1e-6)


def test_what_is_nearer_to_the_source_is_seen_larger() -> None:
    """In front of the leg on the frontal film, on its medial side on the side film."""
    front = projected(
        np.array([[[10.0, 50, 0], [10, -50, 0]]]), "frontal", taken(0, 0, 0)
    )
    side = projected(np.array([[[-50.0, 10, 0], [50, 10, 0]]]), "side", taken(0, 0, 0))
    for seen in (front, side):
        assert seen[0, 0, 0] > seen[0, 1, 0] > 10


def test_a_ring_is_found_from_its_joints() -> None:
    wanted = ring_on_bone(np.array([5.0, -8, 70, 4, -6, 12]))
    found = ring_seen(USUAL.proximal_mm, wanted.carried(USUAL.proximal_mm)[None])
    assert found.translation_mm[0] == pytest.approx(wanted.translation_mm)
    assert found.rotation[0] == pytest.approx(wanted.rotation)


@pytest.mark.parametrize("reference", list(Reference))
@pytest.mark.parametrize("torsion", [0.0, 25.0])
def test_films_without_scatter_give_the_truth(
    reference: Reference, torsion: float
) -> None:
    deformity = np.array([4.0, -3, 6, 8, -28, 5])
    ring = np.array([7.0, -9, 72, 3, -4, 10])
    shank = Shank(motion_of(deformity), ring_on_bone(ring), reference, torsion)
    films = square_films()
    found, mounting = parameters_seen(
        USUAL, reference, seen_on(shank, USUAL, films), films, torsion
    )
    assert parameters_of(found)[0] == pytest.approx(deformity, abs=1e-9)
    assert mounting.reference is reference
    assert mounting.ring.translation_mm[0] == pytest.approx(
        ring_on_bone(ring).translation_mm
    )
    assert mounting.ring.rotation[0] == pytest.approx(ring_on_bone(ring).rotation)


def test_a_film_turned_as_a_whole_changes_nothing() -> None:
    """Both films turned alike are one leg that stands otherwise."""
    shank = Shank(motion_of(np.array([0.0, 0, 0, 5, 20, 0])), ring_on_bone(np.zeros(6)))
    turned = dict.fromkeys(VIEWS, taken(3, -4, 5))
    square = square_films()
    seen = seen_on(shank, USUAL, turned)
    wrong, _ = parameters_seen(USUAL, Reference.PROXIMAL, seen, square, 0.0)
    right, _ = parameters_seen(USUAL, Reference.PROXIMAL, seen, turned, 0.0)
    for found in (wrong, right):
        assert parameters_of(found)[0] == pytest.approx([0, 0, 0, 5, 20, 0], abs=0.5)
    assert parameters_of(right)[0] == pytest.approx([0, 0, 0, 5, 20, 0], abs=1e-9)


def test_a_film_off_its_direction_misreads_the_bend() -> None:
    """The frontal film looks past a bend forward, and takes some of it for valgus."""
    shank = Shank(motion_of(np.array([0.0, 0, 0, 30, 0, 0])), ring_on_bone(np.zeros(6)))
    films = square_films()
    askew = {**films, "frontal": taken(0, 0, 5)}
    found, _ = parameters_seen(
        USUAL, Reference.PROXIMAL, seen_on(shank, USUAL, askew), films, 0.0
    )
    assert 1 < abs(parameters_of(found)[0][4]) < 5

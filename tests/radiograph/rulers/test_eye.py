"""How far apart two points are, from their places and their scales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.evidence import constant
from callotasis.radiograph.rulers.eye import apart_mm, eye_of
from callotasis.worlds import Worlds
from ruled_films import bare_film

PLACE = st.tuples(st.floats(-200, 200), st.floats(-200, 200), st.floats(600, 1100))


@given(PLACE, PLACE, st.floats(0.9, 1.2))
def test_points_in_space_come_back_from_the_film(
    one: tuple[float, float, float], other: tuple[float, float, float], aspect: float
) -> None:
    far, centre = 6000.0, np.array([500.0, 700.0])
    places = np.array([one, other])
    scale = far / places[:, 2]
    on_film = centre + places[:, :2] * scale[:, None] / [1.0, aspect]
    found = apart_mm(
        (on_film[0], on_film[1]), (scale[0], scale[1]), np.array(far), centre, aspect
    )
    assert found == pytest.approx(np.linalg.norm(places[1] - places[0]), abs=1e-6)


def test_a_film_that_names_its_source_is_believed() -> None:
    film = bare_film()
    named, silent = eye_of(film, 0.2), eye_of(replace(film, source_mm=None), 0.2)
    assert named.far_px == pytest.approx(1200 / 0.2)
    believed = constant("rulers.source_unknown").value
    assert silent.far_px == pytest.approx(believed / 0.2)
    assert silent.far_sd > named.far_sd


def test_a_given_beam_centre_does_not_scatter() -> None:
    eye = eye_of(bare_film(), 0.2, (100.0, 200.0))
    assert np.unique(eye.centre_draws(Worlds(count=5)), axis=0).tolist() == [[100, 200]]


def test_the_source_is_what_all_films_share() -> None:
    eye = eye_of(bare_film(), 0.2)
    assert np.ptp(eye.far_draws(Worlds(count=5), alone=True)) == 0
    assert np.ptp(eye.far_draws(Worlds(count=5), alone=False)) > 0

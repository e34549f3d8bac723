"""The bone laid straight."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.radiograph.callus.straight import (
    below_metal,
    frame_between,
    straightened,
)
from callus_steps import Steps


@given(st.floats(-0.4, 0.4), st.sampled_from([-1.0, 1.0]))
def test_places_on_the_line_are_where_the_points_are(lean: float, right: float) -> None:
    above, below = (100.0, 50.0), (100.0 + 400 * lean, 450.0)
    frame = frame_between(above, below, (0.2, 0.2), right)
    found = frame.on_film(np.array([0.0, frame.length_mm]), np.zeros(2))
    assert found == pytest.approx(np.array([above, below]))
    assert frame.down @ frame.medial == pytest.approx(0)
    assert np.sign(frame.medial[0]) == right


def test_a_slope_of_the_film_is_the_slope_of_the_window() -> None:
    film = np.broadcast_to(np.arange(600.0), (800, 600)).astype(np.float32)
    frame = frame_between((300.0, 200.0), (300.0, 600.0), (0.2, 0.2), 1.0)
    bone = straightened(film, frame, 0.2)
    assert np.diff(bone.values[100, 150:250]) == pytest.approx(1.0, abs=1e-3)
    here = bone.sampled(np.array([20.0]), np.array([0.0]))
    assert here == pytest.approx(299.5, abs=0.01)


def test_a_bone_without_a_nail_is_left_as_it_is(steps: Steps) -> None:
    assert below_metal(steps.bone) is steps.bone
    assert np.isinf(steps.bone.ceiling)


def test_points_side_by_side_are_refused() -> None:
    with pytest.raises(FilmRefusal, match="mainly downwards"):
        frame_between((100.0, 50.0), (400.0, 60.0), (0.2, 0.2), 1.0)

"""Edges of the native bone and its axis."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.callus.outline import fragment_of
from callus_steps import Steps


def test_the_native_width_is_found(steps: Steps) -> None:
    zero = np.zeros(1)
    found = [2 * float(f.half(zero)[0]) for f in (steps.upper, steps.lower)]
    true = steps.truth["native_width_on_detector_mm"]
    assert found == pytest.approx(true, abs=0.5)


def test_edges_counted_from_another_end_stay_where_they_are(steps: Steps) -> None:
    other = steps.lower.moved(steps.lower.end_mm + 3.0)
    assert other.middle(np.array([2.0])) == pytest.approx(
        steps.lower.middle(np.array([5.0]))
    )
    assert other.half(np.array([2.0])) == pytest.approx(
        steps.lower.half(np.array([5.0]))
    )


def test_a_film_that_ends_at_the_gap_is_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="of bone below the gap"):
        fragment_of(steps.bone, float(steps.bone.along[-1]) - 5.0, upper=False)

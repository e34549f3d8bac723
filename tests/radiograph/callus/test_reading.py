"""From a film and two points to a regenerate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.callus import CallusShape, read_callus
from callotasis.worlds import Interval
from callus_steps import SEGMENT, Steps


def test_a_reading_holds_the_truth_of_its_film(steps: Steps) -> None:
    scale = steps.truth["mm_per_px"]
    above, below = steps.made.points["axis_above"], steps.made.points["axis_below"]
    found = read_callus(
        steps.film, SEGMENT, above, below, Interval(scale, scale, scale)
    )
    assert found.gap_mm.value == pytest.approx(steps.truth["gap_mm"], abs=0.5)
    for side, ratio in found.ratio.items():
        assert ratio.low < steps.truth["ratio"][side] < ratio.high
    assert found.shape is CallusShape.CYLINDRICAL
    assert found.bridged_cortices.value == 1
    assert {"callus.shaped_grey", "callus.above_ground"} <= {
        f.key for f in found.findings
    }


def test_where_exactly_a_reader_points_hardly_matters(steps: Steps) -> None:
    (a, b), (c, d) = (
        steps.made.points["axis_above"],
        steps.made.points["axis_below"],
    )
    near = read_callus(steps.film, SEGMENT, (a, b), (c, d))
    far = read_callus(steps.film, SEGMENT, (a + 9, b + 20), (c - 9, d - 20))
    assert near.gap_mm.value == pytest.approx(far.gap_mm.value, abs=0.4)
    assert near.ratio["medial"].value == pytest.approx(
        far.ratio["medial"].value, abs=0.03
    )


def test_a_film_without_any_contrast_is_refused(steps: Steps) -> None:
    above, below = steps.made.points["axis_above"], steps.made.points["axis_below"]
    bright = float(np.quantile(steps.film.pixels, 0.6))
    film = replace(steps.film, pixels=np.minimum(steps.film.pixels, bright))
    with pytest.raises(FilmRefusal, match=r"no edge of a bone|no gap found"):
        read_callus(film, SEGMENT, above, below)

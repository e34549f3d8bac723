"""From a film and two points to a regenerate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph import read_film
from callotasis.radiograph.callus import CallusShape, read_callus
from callotasis.radiograph.phantom import (
    CallusSpec,
    CloseUpSpec,
    FilmSpec,
    closeup_scene,
    make_closeup,
)
from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.hardware import MU_TITANIUM, Metal
from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array, Interval
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


def test_cortices_beside_a_telescopic_nail_are_read(tmp_path: Path) -> None:
    spec = CloseUpSpec(
        gap_mm=30.0,
        callus=CallusSpec(medial=0.7, lateral=0.5),
        person=FilmSpec(ball_mm=None, seed=2),
        pitch_mm=0.2,
        high_mm=260.0,
    )
    leg = closeup_scene(spec).leg
    middle = (leg.upper_end + leg.lower_end) / 2
    made = make_closeup(
        spec,
        [
            _rod(leg.upper_end - 100 * leg.upper_axis, middle, 5.5),
            _rod(middle, leg.lower_end + 100 * leg.lower_axis, 4.3),
        ],
    )
    path = tmp_path / "nail.dcm"
    path.write_bytes(made.dicom)
    scale = made.truth["mm_per_px"]
    found = read_callus(
        read_film(path),
        SEGMENT,
        made.points["axis_above"],
        made.points["axis_below"],
        Interval(scale, scale, scale),
    )
    assert found.gap_mm.value == pytest.approx(30, abs=0.6)
    for side, true in made.truth["ratio"].items():
        assert found.ratio[side].value == pytest.approx(true, abs=0.04)
    assert found.texture is None


def _rod(start: Array, end: Array, radius_mm: float) -> Metal:
    path = start + np.linspace(0, 1, 30)[:, None] * (end - start)
    return Metal(Solid(*loft(path, np.full((30, 2), radius_mm))), MU_TITANIUM)

"""Drawing a regenerate, and the truth about it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from callotasis.radiograph.callus import CallusShape, CallusTexture
from callotasis.radiograph.phantom import CallusSpec, CloseUpSpec, closeup_scene
from callotasis.radiograph.phantom.callus_drawing import (
    callus_truth,
    drawn_callus,
    outline,
)
from callotasis.radiograph.phantom.gap_frame import Native, gap_frame

ALONG = np.linspace(0, 1, 21)


@cache
def _bare() -> Native:
    scene = closeup_scene(CloseUpSpec(pitch_mm=0.3, gap_mm=30))
    shape = (scene.beam.rows, scene.beam.columns)
    thick = [np.zeros(shape, np.float32) for _ in range(2)]
    for piece, into in zip((scene.leg.upper, scene.leg.lower), thick, strict=True):
        scene.beam.add_thickness(piece.outer, into)
        inner = np.zeros(shape, np.float32)
        scene.beam.add_thickness(piece.marrow, inner)
        into[:] = into - inner
    frame = gap_frame(scene.leg, scene.beam)
    return Native(thick[0], thick[1], thick[0], thick[1], frame)


def _truth(callus: CallusSpec, seed: int = 1) -> dict[str, Any]:
    bare = _bare()
    drawn = drawn_callus(callus, bare, np.random.default_rng(seed))
    return callus_truth(
        callus,
        Native(bare.upper, bare.lower, bare.upper_mm, bare.lower_mm, bare.frame, drawn),
    )


@pytest.mark.parametrize("hollow", [0.0, 1.0])
def test_a_homogeneous_callus_has_the_ratio_it_was_asked_for(hollow: float) -> None:
    truth = _truth(CallusSpec(medial=0.8, lateral=0.4, hollow=hollow))
    assert truth["ratio"]["medial"] == pytest.approx(0.8, abs=0.06)
    assert truth["ratio"]["lateral"] == pytest.approx(0.4, abs=0.06)


def test_a_broken_cortex_has_a_low_least() -> None:
    truth = _truth(CallusSpec(bridged=("medial",)))
    assert truth["least_ratio"]["lateral"] < 0.3 < truth["least_ratio"]["medial"]


@pytest.mark.parametrize(
    ("shape", "width", "narrowest"),
    [("concave", 0.7, 0.7), ("central", 0.5, 0.5), ("lateral", 1.0, 0.575)],
)
def test_the_narrowest_width_is_that_of_the_shape(
    shape: str, width: float, narrowest: float
) -> None:
    truth = _truth(CallusSpec(shape=CallusShape(shape), width=width))
    assert truth["width_ratio"] == pytest.approx(narrowest, abs=0.01)


def test_a_fusiform_callus_is_widest_half_way() -> None:
    low, high = outline(CallusSpec(shape=CallusShape.FUSIFORM, width=1.3), ALONG)
    assert (high - low).argmax() == 10
    assert high[10] == pytest.approx(1.3)


@pytest.mark.parametrize("texture", [*CallusTexture])
def test_every_texture_is_drawn_without_a_gap_in_the_numbers(
    texture: CallusTexture,
) -> None:
    drawn = drawn_callus(CallusSpec(texture=texture), _bare(), np.random.default_rng(2))
    assert np.isfinite(drawn).all()
    assert drawn.min() >= 0
    assert drawn.max() > 0


def test_no_callus_leaves_the_gap_empty() -> None:
    drawn = drawn_callus(None, _bare(), np.random.default_rng(2))
    assert not drawn.any()
    assert "ratio" not in callus_truth(None, _bare())

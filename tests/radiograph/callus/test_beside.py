"""Outline of the callus and what lies beside it."""

from __future__ import annotations

import numpy as np

from callotasis.radiograph.callus.beside import native_strips, neighbours
from callotasis.radiograph.callus.levels import Where
from callotasis.radiograph.callus.regions import SIDES
from callus_steps import Steps


def test_a_femur_has_no_other_bone_beside_it(steps: Steps) -> None:
    for side in SIDES:
        assert np.isinf(neighbours(steps.levels, side)).all()


def test_the_outline_of_a_cylindrical_callus_follows_the_bone(steps: Steps) -> None:
    gap = steps.levels.part(Where.GAP)
    for side in SIDES:
        outline = steps.seen.beside[side].outline[gap] / steps.levels.half[gap]
        assert np.abs(np.nanmedian(outline) - 1) < 0.06


def test_native_strips_lie_outside_the_bone(steps: Steps) -> None:
    levels = steps.levels
    strips = native_strips(
        levels, {side: np.full(len(levels.half), np.inf) for side in SIDES}
    )
    inside = np.abs(levels.offset) < levels.half[:, None]
    assert not (strips & inside).any()
    assert not strips[levels.part(Where.GAP)].any()

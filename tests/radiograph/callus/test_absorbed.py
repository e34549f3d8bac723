"""What bone and callus absorb above the ground."""

from __future__ import annotations

import numpy as np

from callotasis.radiograph.callus.levels import Where
from callotasis.radiograph.callus.regions import SIDES
from callus_steps import Steps


def test_native_cortices_hold_more_than_the_callus(steps: Steps) -> None:
    gap = steps.levels.part(Where.GAP)
    for side in SIDES:
        held = steps.seen.excess[side]
        assert held[~gap].min() > held[gap].mean() > 0


def test_nothing_is_left_of_soft_tissue(steps: Steps) -> None:
    levels, seen = steps.levels, steps.seen
    beside = (np.abs(levels.offset) > 1.3 * levels.half[:, None]) & (
        np.abs(levels.offset) < 1.6 * levels.half[:, None]
    )
    left = (levels.values - seen.ground)[beside]
    assert abs(left.mean()) < 0.02 * seen.excess["medial"].mean()

"""The bone level by level."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.radiograph.callus.levels import Where, band_places, smoothed
from callotasis.radiograph.callus.regions import BAND
from callus_steps import Steps


def test_levels_run_from_above_the_gap_to_below_it(steps: Steps) -> None:
    levels = steps.levels
    changes = [str(w) for w in dict.fromkeys(levels.where)]
    assert changes == ["above", "gap", "below"]
    assert np.diff(levels.along[levels.part(Where.GAP)]).min() > 0
    assert np.isfinite(levels.values).all()


def test_native_levels_are_brighter_in_their_cortex_than_beside(steps: Steps) -> None:
    levels = steps.levels
    across = np.abs(levels.offset / levels.half[:, None])
    on = np.where((across > BAND[0]) & (across < BAND[1]), levels.values, np.nan)
    off = np.where((across > 1.2) & (across < 1.4), levels.values, np.nan)
    native = ~levels.part(Where.GAP)
    assert (np.nanmean(on, axis=1) > np.nanmean(off, axis=1))[native].all()


def test_averaging_over_neighbours_keeps_the_mean_and_calms_noise(
    steps: Steps,
) -> None:
    calm = smoothed(steps.levels, 2)
    assert calm.mean() == pytest.approx(steps.levels.values.mean(), rel=0.01)
    assert np.diff(calm[:, :40]).std() < np.diff(steps.levels.values[:, :40]).std()


def test_places_of_a_band_lie_between_the_cut_ends(steps: Steps) -> None:
    along, across = band_places(steps.upper, steps.lower, "medial")[Where.GAP]
    assert along.min() > steps.upper.end_mm
    assert along.max() < steps.lower.end_mm
    assert along.shape == across.shape

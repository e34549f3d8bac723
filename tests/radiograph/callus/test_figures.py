"""Figures of a regenerate with their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.radiograph.callus.figures import (
    axis_drift,
    bridged_cortices,
    gap_length,
    least_ratio,
    narrowest_width,
    native_cortex,
    ratio_of,
    shaped_grey,
    why_unread,
)
from callotasis.radiograph.callus.looks import Widths
from callotasis.worlds import Interval
from callus_steps import Steps


@pytest.mark.parametrize("side", ["medial", "lateral"])
def test_the_ratio_is_within_its_interval_of_the_truth(steps: Steps, side: str) -> None:
    read = ratio_of(steps.seen, side, shaped=True)
    assert read is not None
    true = steps.truth["ratio"][side]
    assert read.low < true < read.high
    assert read.value == pytest.approx(true, abs=0.05)
    assert not why_unread(steps.seen, side, read)


def test_a_grey_scale_shaped_for_the_eye_widens_the_interval(steps: Steps) -> None:
    shaped, plain = (ratio_of(steps.seen, "medial", shaped=s) for s in (True, False))
    assert shaped is not None
    assert plain is not None
    assert shaped.high - shaped.low > plain.high - plain.low
    assert shaped_grey(steps.film)


def test_a_ratio_that_nobody_can_tell_is_not_read(steps: Steps) -> None:
    assert "known to ± 0.30" in why_unread(
        steps.seen, "medial", Interval(0.5, 0.2, 0.8)
    )
    assert "no brighter" in why_unread(steps.seen, "medial", None)


def test_the_broken_cortex_has_its_least_at_the_break(steps: Steps) -> None:
    pair = (steps.upper, steps.lower)
    least = {}
    for side in ("medial", "lateral"):
        ratio = ratio_of(steps.seen, side, shaped=True)
        assert ratio is not None
        least[side] = least_ratio(steps.seen, steps.bone, side, pair, ratio)
        true = steps.truth["least_ratio"][side]
        assert least[side].value == pytest.approx(true, abs=0.1)
    assert bridged_cortices(least).value == 1


def test_a_cortex_that_was_not_read_may_be_bridged() -> None:
    count = bridged_cortices({"medial": Interval(0.8, 0.7, 0.9)})
    assert (count.value, count.low, count.high) == (1, 1, 2)


def test_the_drift_is_valgus_and_within_its_interval(steps: Steps) -> None:
    read = axis_drift(steps.upper, steps.lower)
    assert read.low < steps.truth["axis_drift_deg"] < read.high
    assert read.value > 2


def test_the_gap_is_found_with_and_without_a_scale(steps: Steps) -> None:
    scale = steps.truth["mm_per_px"]
    exact = gap_length(steps.film, steps.ends, Interval(scale, scale, scale))
    loose = gap_length(
        steps.film, steps.ends, Interval(scale, 0.97 * scale, 1.03 * scale)
    )
    bare = gap_length(steps.film, steps.ends, None)
    assert exact.value == pytest.approx(steps.truth["gap_mm"], abs=0.4)
    assert loose.high - loose.low > exact.high - exact.low
    assert bare.value == pytest.approx(steps.truth["gap_on_detector_mm"], abs=0.4)


def test_the_narrowest_width_is_the_least_of_all_levels() -> None:
    along = np.linspace(0, 1, 5)
    side = np.array([1.0, 0.9, 0.7, 0.9, 1.0])
    assert narrowest_width(Widths(along, side, side, 0.01)).value == pytest.approx(0.7)


def test_the_native_cortex_counts_both_sides_of_the_gap_alike(steps: Steps) -> None:
    levels = steps.levels
    held = np.where(levels.where == "above", 1.0, 3.0)
    assert native_cortex(held, steps.seen) == pytest.approx(2.0)

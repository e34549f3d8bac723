"""Places on the film, for drawing."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.radiograph.callus.marks import cut_ends_px, regions_px
from callus_steps import Steps


def test_cut_ends_lie_where_the_film_has_them(steps: Steps) -> None:
    found = cut_ends_px(steps.bone, steps.upper, steps.lower)
    true = [steps.made.points[name] for name in ("cut_above", "cut_below")]
    assert np.array(found) == pytest.approx(np.array(true), abs=2.5)


def test_the_medial_regions_of_a_right_leg_lie_to_the_right(steps: Steps) -> None:
    regions = regions_px(steps.bone, steps.upper, steps.lower)
    assert len(regions) == 6
    for part in ("above", "gap", "below"):
        medial, lateral = (
            np.mean(regions[f"{side} {part}"], axis=0) for side in ("medial", "lateral")
        )
        assert medial[0] > lateral[0]

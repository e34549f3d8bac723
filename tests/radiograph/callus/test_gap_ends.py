"""Both cut ends along the bone."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.callus.gap_ends import coarse_ends
from callus_steps import Steps


def _true_ends(steps: Steps) -> list[float]:
    frame = steps.bone.frame
    ends = np.array([steps.made.points[name] for name in ("cut_above", "cut_below")])
    return list(((ends - frame.start) * frame.spacing_mm) @ frame.down)


def test_the_coarse_ends_are_near_the_cuts(steps: Steps) -> None:
    assert steps.coarse == pytest.approx(_true_ends(steps), abs=2.0)


def test_the_fine_ends_are_at_the_cuts(steps: Steps) -> None:
    found = [end.along_mm for end in steps.ends]
    assert found == pytest.approx(_true_ends(steps), abs=0.3)
    assert all(end.sigmas > 10 for end in steps.ends)


def test_points_without_room_between_them_are_refused(steps: Steps) -> None:
    with pytest.raises(FilmRefusal, match="no room for a gap"):
        coarse_ends(steps.bone, -5.0)

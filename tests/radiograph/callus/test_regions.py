"""Regions in the coordinates of the gap."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from callotasis.radiograph.callus.regions import BAND, SIDES, in_band


@given(st.floats(-2, 2))
def test_the_bands_mirror_each_other_and_never_meet(across: float) -> None:
    at = np.array([across])
    assert in_band(at, "medial") == in_band(-at, "lateral")
    assert not (in_band(at, "medial") & in_band(at, "lateral")).any()


def test_a_band_lies_inside_the_edge_of_its_own_side() -> None:
    for side, sign in SIDES.items():
        assert in_band(np.array([sign * np.mean(BAND)]), side).all()
        assert not in_band(np.array([sign, 0.0, -sign]), side).any()

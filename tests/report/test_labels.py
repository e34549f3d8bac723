"""Labels: in their order, apart, and no farther from where they belong than needed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.report.labels import apart_shares, spread_out
from callotasis.worlds import Array

PLACES = st.tuples(st.floats(-100, 100), st.floats(-100, 100))
LINES = st.lists(st.tuples(PLACES, PLACES), min_size=6, max_size=6)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=8).map(np.array),
    st.floats(0.01, 0.3),
)
def test_labels_keep_their_order_and_their_distance(
    wanted: Array, apart: float
) -> None:
    placed = spread_out(wanted, apart)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= apart - 1e-9).all()
    assert placed.mean() == pytest.approx(wanted.mean())


def test_labels_far_from_each_other_stay_where_they_are() -> None:
    assert spread_out([0.1, 0.9, 0.5], 0.1) == pytest.approx([0.1, 0.9, 0.5])


def nearest(lines: Array, shares: Array) -> float:
    """Least distance of two places in any picture."""
    places = lines[:, :, 0] + shares[:, None] * (lines[:, :, 1] - lines[:, :, 0])
    return min(
        float(np.linalg.norm(one - other))
        for shown in places
        for one, other in combinations(list(shown), 2)
    )


@given(st.lists(LINES, min_size=1, max_size=3).map(np.array))
def test_one_share_of_a_line_serves_every_picture(lines: Array) -> None:
    shares = apart_shares(lines)
    assert shares.shape == (6,)
    assert ((shares >= 0.2 - 1e-9) & (shares <= 0.8 + 1e-9)).all()
    assert nearest(lines, shares) >= nearest(lines, np.full(6, 0.5)) - 1e-9


def test_lines_that_cover_each_other_get_numbers_side_by_side() -> None:
    line = np.array([[0.0, 0.0], [0.0, 100.0]])
    lines = np.stack([line] * 6)[None]
    assert nearest(lines, apart_shares(lines)) >= 100 * 0.6 / 5 * 0.75


def test_numbers_of_struts_that_cross_come_apart() -> None:
    """Three pairs; in the middle the numbers of a pair would cover each other."""
    tops, bottoms = [-80, -60, -20, 20, 60, 80], [-60, -80, 20, -20, 80, 60]
    ends = [[[x, 160.0], [u, 0.0]] for x, u in zip(tops, bottoms, strict=True)]
    lines = np.array([ends], float)
    shares = apart_shares(lines)
    assert nearest(lines, np.full(6, 0.5)) == pytest.approx(0)
    assert nearest(lines, shares) > 30

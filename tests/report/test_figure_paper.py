"""Paper: outlines hold their circles, and what is mirrored is mirrored once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from callotasis.report.figure_paper import Paper, capsule

AWAY = st.floats(15, 60)
RADIUS = st.floats(1, 12)


@given(AWAY, AWAY, RADIUS, RADIUS)
def test_a_limb_holds_both_of_its_ends(
    x: float, y: float, wide: float, narrow: float
) -> None:
    start, end = np.zeros(2), np.array([x, y])
    outline = capsule(start, end, wide, narrow)
    from_start = np.hypot(*outline.T)
    from_end = np.hypot(*(outline - end).T)
    assert from_start.min() >= min(wide, narrow) - 1e-9
    assert np.minimum(from_start - wide, from_end - narrow).max() == pytest.approx(
        0, abs=1e-6
    )


@pytest.mark.parametrize("flip", [1.0, -1.0])
def test_everything_drawn_is_seen_on_the_side_that_is_meant(flip: float) -> None:
    paper = Paper(Figure().subplots(), flip)
    paper.block(2, 1, 6, 3)
    paper.line([(10, 0), (20, 5)])
    paper.cushion((30, 2), (4, 1))
    paper.blob(np.array([50.0, 5.0]), 2.0, 2.0, "#000000")
    seen = np.concatenate(paper.seen)
    assert (seen[:, 0] * flip).min() == pytest.approx(2)
    assert (seen[:, 0] * flip).max() == pytest.approx(52)
    assert len(paper.axes.patches) == 3
    assert len(paper.axes.lines) == 1

"""The end of a ring is its own rim, not that of what is bolted to it."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.rulers.ring_ends import ring_end
from ruled_films import bare_film, ring_film

MM = 0.2 / 1.15


@pytest.mark.parametrize("name", ["upper", "lower"])
def test_both_ends_of_a_ring_are_as_far_apart_as_it_is_wide(name: str) -> None:
    ruled = ring_film(100.0)
    clicks = [ruled.points[f"{name} {side}"] for side in ("left", "right")]
    ends = [ring_end(ruled.film, clicks[k], clicks[1 - k], MM, 120.0) for k in (0, 1)]
    wide = float(np.linalg.norm(ends[1] - ends[0])) * MM
    assert wide == pytest.approx(120, abs=0.6)


def test_a_click_some_millimetres_off_finds_the_same_end() -> None:
    ruled = ring_film(100.0)
    left, right = ruled.points["upper left"], ruled.points["upper right"]
    here = ring_end(ruled.film, left, right, MM, 120.0)
    off = (left[0] + 3 / MM, left[1] - 2.5 / MM)
    assert ring_end(ruled.film, off, right, MM, 120.0) == pytest.approx(here, abs=1.0)


def test_flesh_has_no_ring_end() -> None:
    with pytest.raises(FilmRefusal, match=r"no end of a ring|no bar of metal"):
        ring_end(bare_film(), (150.0, 300.0), (320.0, 300.0), MM, 120.0)

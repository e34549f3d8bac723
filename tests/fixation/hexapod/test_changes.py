"""Change-outs: the fewest, on days on which both sizes fit."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod.changes import StrutChange
from callotasis.fixation.hexapod.changes import strut_changes as sizes_and_changes
from callotasis.fixation.hexapod.files import StrutSize
from callotasis.worlds import Array

SHORT = StrutSize("short", 90, 125)
MEDIUM = StrutSize("medium", 116, 178)
LONG = StrutSize("long", 169, 283)
SIZES = (SHORT, MEDIUM, LONG)


def strut_changes(
    lengths: Array, sizes: tuple[StrutSize, ...]
) -> tuple[StrutChange, ...]:
    """The changes alone."""
    return sizes_and_changes(lengths, sizes)[1]


def growing(start: float, end: float) -> Array:
    """All struts but the first stay at 120 mm; the first grows 1 mm a day."""
    days = int(abs(end - start)) + 1
    lengths = np.full((days, 6), 120.0)
    lengths[:, 0] = np.linspace(start, end, days)
    return lengths


def test_a_strut_that_stays_in_its_size_is_never_changed() -> None:
    assert strut_changes(growing(120, 170), (MEDIUM,)) == ()


@pytest.mark.parametrize(("start", "end"), [(100.0, 175.0), (175.0, 100.0)])
def test_a_change_is_made_while_both_sizes_fit(start: float, end: float) -> None:
    lengths = growing(start, end)
    (change,) = strut_changes(lengths, SIZES)
    assert change.strut == 1
    sizes = {s.name: s for s in SIZES}
    for name in (change.before, change.after):
        assert sizes[name].min_mm <= lengths[change.day, 0] <= sizes[name].max_mm


def test_the_longest_lasting_size_comes_first() -> None:
    """At 120 mm both short and medium fit; growing, only medium lasts."""
    assert strut_changes(growing(120, 150), SIZES) == ()


def test_the_sizes_at_the_start_are_told() -> None:
    """At 120 mm both short and medium last; the first strut begins short at 95."""
    sizes, _ = sizes_and_changes(growing(95, 120), SIZES)
    assert sizes[0] == "short"
    assert all(name in {"short", "medium"} for name in sizes)


def test_two_changes_come_in_the_order_of_days() -> None:
    assert strut_changes(growing(95, 200), SIZES) == (
        StrutChange(1, 30, "short", "medium"),
        StrutChange(1, 83, "medium", "long"),
    )


def test_sizes_that_do_not_overlap_are_refused() -> None:
    apart = (SHORT, StrutSize("medium", 126, 178))
    with pytest.raises(
        FrameRefusal, match="strut 1 must be changed before day 26, and no size fits"
    ):
        strut_changes(growing(100, 150), apart)


def test_a_strut_out_of_every_size_names_strut_day_and_length() -> None:
    with pytest.raises(
        FrameRefusal,
        match=r"strut 1 is 284\.0 mm on day 114; allowed is short 90 to 125, medium",
    ):
        strut_changes(growing(170, 290), SIZES)


def test_a_size_may_be_used_to_its_last_mark() -> None:
    assert strut_changes(growing(116, 178), (MEDIUM,)) == ()

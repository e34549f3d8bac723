"""When a strut must be changed for another size, planned ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod.files import StrutSize
from callotasis.worlds import Array

SLACK_MM = 1e-6


@dataclass(frozen=True)
class StrutChange:
    """One strut, changed for another size at the end of a day.

    Attributes
    ----------
    strut : int
        1 to 6.
    day : int
        Both sizes fit at the end of this day.
    before, after : str
        Names of the sizes.
    """

    strut: int
    day: int
    before: str
    after: str


def strut_changes(
    struts_mm: Array, sizes: tuple[StrutSize, ...]
) -> tuple[tuple[str, ...], tuple[StrutChange, ...]]:
    """Choose the sizes to begin with, and plan the fewest changes.

    Parameters
    ----------
    struts_mm : Array
        Shape (days + 1, 6) [mm].
    sizes : tuple of StrutSize
        Every size there is [mm].

    Returns
    -------
    tuple of (str, ...) and (StrutChange, ...)
        Size of each strut at the start; changes in the order of days.

    Raises
    ------
    FrameRefusal
        With the strut, the day and its length, where no size fits, or two sizes do not
        overlap.

    References
    ----------
    .. [1] Greedy: the size that lasts longest from each day on; optimal for intervals.
    """
    found = [
        _sizes_of(index + 1, struts_mm[:, index], sizes)
        for index in range(struts_mm.shape[1])
    ]
    changes = [change for _, own in found for change in own]
    return tuple(first for first, _ in found), tuple(
        sorted(changes, key=lambda change: (change.day, change.strut))
    )


def _sizes_of(
    strut: int, lengths: Array, sizes: tuple[StrutSize, ...]
) -> tuple[str, list[StrutChange]]:
    """Size of one strut at the start, and its changes."""
    fits = np.array(
        [
            (lengths >= s.min_mm - SLACK_MM) & (lengths <= s.max_mm + SLACK_MM)
            for s in sizes
        ]
    )
    day, now, first = 0, -1, ""
    changes: list[StrutChange] = []
    while day < len(lengths):
        best, until = _longest(fits, day)
        if best < 0:
            ranges = ", ".join(f"{s.name} {s.min_mm:g} to {s.max_mm:g}" for s in sizes)
            raise FrameRefusal(
                f"strut {strut} is {lengths[day]:.1f} mm on day {day}; allowed is "
                f"{ranges} mm"
            )
        if now >= 0:
            _check_overlap(strut, day, bool(fits[best, day - 1]))
            changes.append(
                StrutChange(strut, day - 1, sizes[now].name, sizes[best].name)
            )
        first = first or sizes[best].name
        day, now = until, best
    return first, changes


def _longest(fits: np.typing.NDArray[np.bool_], day: int) -> tuple[int, int]:
    """The size that fits longest from a day on, and the first day it does not.

    Of sizes that fit from here, one that fitted the day before too comes first: the
    change is made on a day on which both do.
    """
    best, until, early = -1, day, False
    for index, row in enumerate(fits):
        if not row[day]:
            continue
        ends = np.flatnonzero(~row[day:])
        end = day + int(ends[0]) if len(ends) else len(row)
        overlaps = day == 0 or bool(row[day - 1])
        if (overlaps, end) > (early, until):
            best, until, early = index, end, overlaps
    return best, until


def _check_overlap(strut: int, day: int, overlaps: bool) -> None:  # noqa: FBT001
    if not overlaps:
        raise FrameRefusal(
            f"strut {strut} must be changed before day {day}, and no size fits both "
            f"day {day - 1} and day {day}; give sizes that overlap"
        )

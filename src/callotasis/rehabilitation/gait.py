"""How evenly a person walks: left against right, with an interval from the steps.

The symmetry index is SI = 200·(L − R)/(L + R), in percent of the mean of both sides;
positive where the left is more. Asymmetry is its size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field, TypeAdapter
from scipy.special import stdtrit

from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.record import Case, Entry
from callotasis.worlds import LEVEL, Array, Interval

# Neither "0.7" nor true is a time.
Number = Annotated[float, Field(strict=True)]
MOST_ALIKE = 0.8  # correlation of neighbouring steps
FEWEST_STEPS = 3  # of each side: fewer give no scatter worth the name


class Quantity(StrEnum):
    """What is compared between left and right."""

    STANCE = "stance_s"
    STEP = "step_s"
    PEAK = "peak_percent"


TRUE_RANGE = {
    Quantity.STANCE: ("rehabilitation.contact_time", "seconds; is it in milliseconds?"),
    Quantity.STEP: ("rehabilitation.contact_time", "seconds; is it in milliseconds?"),
    Quantity.PEAK: (
        "rehabilitation.peak_force",
        "percent of body weight; is it in newtons, or in times the weight?",
    ),
}


@dataclass(frozen=True)
class Sides:
    """One quantity of every step, on either side.

    Attributes
    ----------
    L, R : tuple of float
        Left and right, in the unit of the quantity.
    """

    L: tuple[Number, ...]
    R: tuple[Number, ...]

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Walk:
    """One recorded walk: the body of a ``gait`` entry.

    Attributes
    ----------
    stance_s : Sides
        How long each foot stood [s].
    step_s : Sides or None
        How long each step took [s].
    peak_percent : Sides or None
        Second peak of the ground reaction of each step [% of body weight].
    """

    stance_s: Sides
    step_s: Sides | None = None
    peak_percent: Sides | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        for quantity in Quantity:
            sides: Sides | None = getattr(self, quantity.value)
            if sides is not None:
                _check(quantity, sides)


WALK = TypeAdapter(Walk)


def walk_of(entry: Entry) -> Walk:
    """Read the body of a ``gait`` entry.

    Raises
    ------
    RecordRefusal
        If a key is unknown, there are too few steps, or a unit has slipped.
    """
    return checked(WALK, entry.body, "gait", RecordRefusal)


def walks_of(case: Case) -> list[tuple[datetime, Walk]]:
    """All recorded walks of a person, in the order in which they were walked.

    Raises
    ------
    RecordRefusal
        If an entry cannot be read.
    """
    return sorted(
        ((entry.wall_clock, walk_of(entry)) for entry in case.held("gait")),
        key=lambda walk: walk[0],
    )


@dataclass(frozen=True)
class Symmetry:
    """How even one quantity is.

    Attributes
    ----------
    quantity : Quantity
        Which.
    left, right : float
        Means, in the unit of the quantity.
    index_percent : Interval
        SI = 200·(L − R)/(L + R); its interval is from the scatter of steps [%].
    asymmetry_percent : Interval
        Size of the index; ``low`` is 0 where the sides may be alike [%].
    """

    quantity: Quantity
    left: float
    right: float
    index_percent: Interval
    asymmetry_percent: Interval

    @property
    def uneven(self) -> bool:
        """Whether the steps show a difference of the sides at all."""
        return self.index_percent.excludes(0.0)


def symmetry(quantity: Quantity, sides: Sides) -> Symmetry:
    """Compare left and right of one walk.

    Parameters
    ----------
    quantity : Quantity
        What was measured, which says its unit.
    sides : Sides
        Every step of either side [s or % of body weight].

    Returns
    -------
    Symmetry
        Index and asymmetry, with 95 % intervals [%].

    Raises
    ------
    RecordRefusal
        If there are fewer than 3 steps of a side, or a value is none of this unit.

    References
    ----------
    .. [1] Robinson's index, SI = 200·(L − R)/(L + R). Interval: Student's t with
       Welch's degrees of freedom, carried through by the index's two slopes, and
       enlarged where steps resemble the one before. Bench: ``bench/symmetry.py``.

    Examples
    --------
    >>> found = symmetry(Quantity.STANCE, Sides((0.70, 0.71, 0.69), (0.62, 0.63, 0.61)))
    >>> round(found.index_percent.value, 1), found.uneven
    (12.1, True)
    """
    _check(quantity, sides)
    left, right = (np.array(side, float) for side in (sides.L, sides.R))
    a, b = float(left.mean()), float(right.mean())
    slopes = 400 * b / (a + b) ** 2, 400 * a / (a + b) ** 2
    parts = [
        float(slope**2 * side.var(ddof=1) / len(side)) * _alike(side)
        for slope, side in zip(slopes, (left, right), strict=True)
    ]
    index = 200 * (a - b) / (a + b)
    wide = _width(parts, (len(left), len(right)))
    found = Interval(index, index - wide, index + wide)
    return Symmetry(quantity, a, b, found, size_of(found))


def size_of(index: Interval) -> Interval:
    """Size of a signed quantity that may be nothing.

    Parameters
    ----------
    index : Interval
        Signed [any].

    Returns
    -------
    Interval
        Of its absolute value; from 0 where the sign is open [as ``index``].

    References
    ----------
    .. [1] The image of an interval under the absolute value.

    Examples
    --------
    >>> size_of(Interval(-3.0, -5.0, 1.0))
    Interval(value=3.0, low=0.0, high=5.0, level=0.95)
    """
    ends = abs(index.low), abs(index.high)
    low = min(ends) if index.excludes(0.0) else 0.0
    return Interval(abs(index.value), low, max(ends), index.level)


@dataclass(frozen=True)
class Change:
    """Asymmetry before, and on a later walk.

    Attributes
    ----------
    before, now : Symmetry
        Both walks.
    gained_percent : Interval
        Before minus now: positive is more even [%].
    words : str
        Both beside what is published.
    evidence : tuple of str
        Rows that the words quote.
    """

    before: Symmetry
    now: Symmetry
    gained_percent: Interval
    words: str
    evidence: tuple[str, ...]


def change(before: Symmetry, now: Symmetry) -> Change:
    """Compare two walks, beside the published before and after.

    Parameters
    ----------
    before, now : Symmetry
        Of one quantity, before surgery and later [%].

    Returns
    -------
    Change
        The interval joins both walks as independent [%].

    Raises
    ------
    RecordRefusal
        If they are of different quantities.

    References
    ----------
    .. [1] Bhave 1999: stance 12 % before, 2.4 % after, 2 % in controls. How that
       asymmetry was calculated was not read.
    """
    if before.quantity is not now.quantity:
        raise RecordRefusal(
            f"{before.quantity} before and {now.quantity} now; allowed is one quantity"
        )
    was, is_now = before.asymmetry_percent, now.asymmetry_percent
    gained = was.value - is_now.value
    better = math.hypot(was.high - was.value, is_now.value - is_now.low)
    worse = math.hypot(was.value - was.low, is_now.high - is_now.value)
    keys, words = _beside(now.quantity)
    said = f"{was.value:.1f} % before, {is_now.value:.1f} % now{words}"
    return Change(
        before, now, Interval(gained, gained - worse, gained + better), said, keys
    )


def _beside(quantity: Quantity) -> tuple[tuple[str, ...], str]:
    """What is published on a quantity; nothing on step times."""
    if quantity is Quantity.STEP:
        return (), "; nothing was read to hold step times against"
    keys = (
        (
            "rehabilitation.stance_before",
            "rehabilitation.stance_after",
            "rehabilitation.stance_controls",
        )
        if quantity is Quantity.STANCE
        else ("rehabilitation.peak_before", "rehabilitation.peak_after")
    )
    rows = [constant(key) for key in keys]
    said = ", ".join(
        f"{row.statement[0].lower()}{row.statement[1:]} {row.value:g}" for row in rows
    )
    return keys, f"; published, {rows[0].population}: {said}"


def _check(quantity: Quantity, sides: Sides) -> None:
    key, slip = TRUE_RANGE[quantity]
    row = constant(key)
    for name, values in (("L", sides.L), ("R", sides.R)):
        if len(values) < FEWEST_STEPS:
            raise RecordRefusal(
                f"{quantity} of {name} has {len(values)} steps; allowed are "
                f"{FEWEST_STEPS} or more"
            )
        for value in values:
            if not row.low <= value <= row.high:
                raise RecordRefusal(
                    f"{quantity} of {name} is {value:g}; allowed is {row.low:g} to "
                    f"{row.high:g} {slip}"
                )


def _alike(side: Array) -> float:
    """By how much steps that resemble the one before enlarge the error of their mean.

    (1 + r) / (1 - r) for the correlation r of neighbours, which few steps show too
    small by about one in their number; never below 1.
    """
    off = side - side.mean()
    total = float((off**2).sum())
    if not total:
        return 1.0
    found = float((off[1:] * off[:-1]).sum()) / total + 1 / len(side)
    r = min(max(found, 0.0), MOST_ALIKE)
    return (1 + r) / (1 - r)


def _width(parts: Sequence[float], counts: Sequence[int]) -> float:
    """Half width of the interval: Welch's degrees of freedom."""
    total = sum(parts)
    if not total:
        return 0.0
    freedom = total**2 / sum(
        part**2 / (count - 1) for part, count in zip(parts, counts, strict=True)
    )
    return float(stdtrit(freedom, (1 + LEVEL) / 2)) * math.sqrt(total)

"""Right minus left: how much longer one leg is, and whether that can be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from callotasis.pose import Side
from callotasis.worlds import Array, interval


class Longer(StrEnum):
    """Which leg is longer."""

    RIGHT = "R"
    LEFT = "L"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Discrepancy:
    """Right minus left, with the leg that is longer if the interval decides."""

    value: float
    low: float
    high: float
    level: float
    longer: Longer


def discrepancy(right: Array, left: Array) -> Discrepancy:
    """Right minus left, and which leg is longer.

    Parameters
    ----------
    right, left : Array
        Shape (worlds,) [mm].

    Returns
    -------
    Discrepancy
        ``undecided`` while the interval holds zero [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".

    Examples
    --------
    >>> import numpy as np
    >>> ones = np.ones(11)
    >>> str(discrepancy(700 * ones, 690 * ones).longer)
    'R'
    """
    found = interval(right - left, "the discrepancy")
    longer = Longer.UNDECIDED
    if found.excludes(0.0):
        longer = Longer.RIGHT if found.value > 0 else Longer.LEFT
    return Discrepancy(found.value, found.low, found.high, found.level, longer)


def split_of(samples: Mapping[Side, Mapping[str, Array]]) -> dict[str, Discrepancy]:
    """Right minus left of each part that was seen on both legs.

    Parameters
    ----------
    samples : dict of Side to dict of str to Array
        Both legs, shape (worlds,) each [mm or deg, as the name says].

    Returns
    -------
    dict of str to Discrepancy
        Leg, femur and tibia; foot and hip to sole where both soles were clicked [mm].

    References
    ----------
    .. [1] Planning facts 1.6.
    """
    split = {
        name: discrepancy(*(samples[s][f"{name}_length_mm"] for s in Side))
        for name in ("leg", "femur", "tibia")
    }
    if all("foot_height_mm" in samples[s] for s in Side):
        right, left = (
            (samples[s]["foot_height_mm"], samples[s]["leg_length_mm"]) for s in Side
        )
        split["foot"] = discrepancy(right[0], left[0])
        split["hip_to_sole"] = discrepancy(right[0] + right[1], left[0] + left[1])
    return split

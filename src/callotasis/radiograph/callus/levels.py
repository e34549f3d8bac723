"""The bone level by level: profiles across it, above, in and below the gap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from callotasis.radiograph.callus.outline import Fragment
from callotasis.radiograph.callus.regions import (
    GAP_MARGIN_MM,
    NATIVE_FROM_MM,
    NATIVE_TO_MM,
    in_band,
)
from callotasis.radiograph.callus.straight import Straight
from callotasis.worlds import Array

NATIVE_LEVEL_MM, GAP_LEVEL_MM = 2.5, 2.0
REACH_MM, STEP_MM = 40.0, 0.28
FINE_MM = 0.14


class Where(StrEnum):
    """Which part of the bone a level belongs to."""

    ABOVE = "above"
    GAP = "gap"
    BELOW = "below"


@dataclass(frozen=True, eq=False)
class Levels:
    """Profiles across the bone, one for each level.

    Attributes
    ----------
    where : Array
        Shape (n,), of :class:`Where`.
    along : Array
        Shape (n,), middle of each level; in the gap as a share of it, beside it the
        distance from the cut end [1 or mm].
    middle : Array
        Shape (n,), middle of the bone, across the line through the points [mm].
    half : Array
        Shape (n,), half width of the native bone, carried across the gap [mm].
    offset : Array
        Shape (m,), from the middle of the bone, medial positive [mm].
    values : Array
        Shape (n, m), mean absorption of each level [1].
    ceiling : float
        Above which all is metal; infinite where there is none [1].
    """

    where: npt.NDArray[np.str_]
    along: Array
    middle: Array
    half: Array
    offset: Array
    values: Array
    ceiling: float = np.inf

    def part(self, where: Where) -> npt.NDArray[np.bool_]:
        """Which levels belong to a part, shape (n,) of bool."""
        return np.asarray([part == where for part in self.where], dtype=bool)


def levels_of(
    bone: Straight, upper: Fragment, lower: Fragment, slants: tuple[float, float]
) -> Levels:
    """Average the bone over levels that follow its edges.

    Parameters
    ----------
    bone : Straight
        Laid straight.
    upper, lower : Fragment
        Native bone above and below the gap, their ends in place.
    slants : tuple of float
        Of the upper and the lower cut: rise along the bone for each mm across [1].

    Returns
    -------
    Levels
        Above the gap, through it, and below it.

    References
    ----------
    .. [1] ``docs/callus.md``, "Regions".
    """
    offset = np.arange(-REACH_MM, REACH_MM + STEP_MM / 2, STEP_MM)
    above = _native(bone, upper, offset)
    below = _native(bone, lower, offset)
    inside = _in_gap(bone, (upper, lower), slants, offset)
    parts = [
        (Where.ABOVE, [row[::-1] for row in above]),
        (Where.GAP, inside),
        (Where.BELOW, below),
    ]
    along, middle, half, values = (
        np.concatenate([found[k] for _, found in parts]) for k in range(4)
    )
    where = np.concatenate([[part] * len(found[0]) for part, found in parts])
    return Levels(where, along, middle, half, offset, values, bone.ceiling)


_Rows = list[Array]  # along, middle, half width and profile of each level


def _native(bone: Straight, fragment: Fragment, offset: Array) -> _Rows:
    """Levels of a fragment, from its cut end away."""
    rows = []
    for start in np.arange(NATIVE_FROM_MM, NATIVE_TO_MM - 0.1, NATIVE_LEVEL_MM):
        distance = np.arange(start, start + NATIVE_LEVEL_MM, FINE_MM)
        at, middle = fragment.places(distance)
        profile = bone.sampled(at[:, None] + 0 * offset, middle[:, None] + offset)
        rows.append(
            (
                start + NATIVE_LEVEL_MM / 2,
                middle.mean(),
                fragment.half(distance).mean(),
                profile.mean(axis=0),
            )
        )
    return [np.array(part) for part in zip(*rows, strict=True)]


def _in_gap(
    bone: Straight,
    fragments: tuple[Fragment, Fragment],
    slants: tuple[float, float],
    offset: Array,
) -> _Rows:
    """Levels of the gap, from the upper cut end down."""
    zero = np.zeros(1)
    gap = fragments[1].end_mm - fragments[0].end_mm
    halves = [float(fragment.half(zero)[0]) for fragment in fragments]
    lines = [
        fragment.across_end(offset, slant)
        for fragment, slant in zip(fragments, slants, strict=True)
    ]
    margin = min(GAP_MARGIN_MM / gap, 1 / 4)
    count = max(3, round((gap - 2 * GAP_MARGIN_MM) / GAP_LEVEL_MM))
    edges = np.linspace(margin, 1 - margin, count + 1)
    rows = []
    for low, high in pairwise(edges):
        share = np.linspace(low, high, max(2, round((high - low) * gap / FINE_MM)))
        at, middle = (
            (1 - share)[:, None] * first + share[:, None] * second
            for first, second in zip(*lines, strict=True)
        )
        share_mid = (low + high) / 2
        rows.append(
            (
                share_mid,
                middle.mean(),
                np.interp(share_mid, [0, 1], halves),
                bone.sampled(at, middle).mean(axis=0),
            )
        )
    return [np.array(part) for part in zip(*rows, strict=True)]


def band_places(
    upper: Fragment, lower: Fragment, side: str
) -> dict[Where, tuple[Array, Array]]:
    """Fine grids of places within one cortex, by part of the bone.

    Parameters
    ----------
    upper, lower : Fragment
        Native bone above and below the gap, their ends in place.
    side : str
        ``medial`` or ``lateral``.

    Returns
    -------
    dict of Where to tuple of Array
        Along and across, each of shape (n, m) [mm].

    References
    ----------
    .. [1] ``docs/callus.md``, "Regions".
    """
    across = np.linspace(-1, 1, 201)
    band = across[in_band(across, side)]
    found = {}
    for where, fragment in ((Where.ABOVE, upper), (Where.BELOW, lower)):
        distance = np.arange(NATIVE_FROM_MM, NATIVE_TO_MM, BAND_STEP_MM)
        at, middle = fragment.places(distance)
        width = fragment.half(distance)[:, None] * band
        found[where] = (at[:, None] + 0 * width, middle[:, None] + width)
    zero = np.zeros(1)
    gap = lower.end_mm - upper.end_mm
    margin = min(GAP_MARGIN_MM / gap, 1 / 4)
    share = np.arange(margin, 1 - margin, BAND_STEP_MM / gap)
    middle, half = (
        np.interp(share, [0, 1], ends)
        for ends in (
            [float(f.middle(zero)[0]) for f in (upper, lower)],
            [float(f.half(zero)[0]) for f in (upper, lower)],
        )
    )
    width = half[:, None] * band
    at = upper.end_mm + share * gap
    found[Where.GAP] = (at[:, None] + 0 * width, middle[:, None] + width)
    return found


BAND_STEP_MM = 0.35


def smoothed(levels: Levels, reach: int, *, within: bool = False) -> Array:
    """Profiles averaged over neighbouring levels at the same places of the film.

    Parameters
    ----------
    levels : Levels
        From above the gap to below it.
    reach : int
        How many levels to each side; as many to one side as to the other.
    within : bool
        Whether levels of another part of the bone are left out.

    Returns
    -------
    Array
        Shape (n, m) [1].

    References
    ----------
    .. [1] Soft tissue changes slowly along a limb.
    """
    count = len(levels.values)
    found = np.empty_like(levels.values)
    for k in range(count):
        near = min(reach, k, count - 1 - k)
        rows = [
            j
            for j in range(k - near, k + near + 1)
            if not within or levels.where[j] == levels.where[k]
        ]
        found[k] = np.mean(
            [
                np.interp(
                    levels.offset + levels.middle[k] - levels.middle[j],
                    levels.offset,
                    levels.values[j],
                )
                for j in rows
            ],
            axis=0,
        )
    return found

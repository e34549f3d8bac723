"""What bone and callus absorb above the ground, in each cortex and level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from callotasis.radiograph.callus.beside import (
    CLEAR_MM,
    FOOT_MM,
    STRIP_MM,
    TIGHT_MM,
    Beside,
    native_strips,
    neighbours,
    outlines,
)
from callotasis.radiograph.callus.ground import (
    Field,
    Places,
    fitted_field,
    ground_under,
)
from callotasis.radiograph.callus.levels import Levels, Where, smoothed
from callotasis.radiograph.callus.regions import SIDES, in_band
from callotasis.worlds import Array

CALM = 3  # levels to each side over which the ground is averaged
START_MM = 0.3  # beyond a foot


@dataclass(frozen=True, eq=False)
class Absorbed:
    """Absorption above the ground.

    Attributes
    ----------
    levels : Levels
        The levels.
    beside : dict of str to Beside
        Outline and neighbour by side.
    ground : Array
        Shape (n, m) [1].
    excess : dict of str to Array
        By side, mean of each level's cortex above the ground, shape (n,) [1].
    variance : dict of str to Array
        Of the ground under it, shape (n,) [1].
    strip : dict of str to Array
        By side, how many places of soft tissue each level has, shape (n,).
    """

    levels: Levels
    beside: dict[str, Beside]
    ground: Array
    excess: dict[str, Array]
    variance: dict[str, Array]
    strip: dict[str, Array]


def absorbed(levels: Levels) -> Absorbed:
    """Take the ground away.

    Parameters
    ----------
    levels : Levels
        Profiles across the bone.

    Returns
    -------
    Absorbed
        Of every level.

    References
    ----------
    .. [1] ``docs/callus.md``, "The ground".
    """
    others = {side: neighbours(levels, side) for side in SIDES}
    strips = native_strips(levels, others)
    field = fitted_field(strips, levels.offset, levels.values)
    weights = _weights(levels)
    native = np.flatnonzero(~levels.part(Where.GAP))
    cortex = float(
        np.median([_above(field, levels, strips, weights, int(k)) for k in native])
    )
    beside = {
        side: outlines(levels, side, others[side], field, cortex) for side in SIDES
    }
    beside = _even(levels, beside)
    calm = smoothed(levels, CALM)
    strips = _strips(levels, beside)
    field = fitted_field(strips, levels.offset, calm)
    ground, variance = np.empty_like(levels.values), np.empty((len(calm), len(SIDES)))
    for k in range(len(calm)):
        ground[k], variance[k] = ground_under(
            field, levels.offset, calm[k], strips[k], weights[k]
        )
    excess = np.einsum("nsm,nm->ns", weights, levels.values - ground)
    return Absorbed(
        levels,
        beside,
        ground,
        {side: excess[:, k] for k, side in enumerate(SIDES)},
        {side: variance[:, k] for k, side in enumerate(SIDES)},
        {
            side: (strips & (levels.offset * sign > 0)).sum(axis=1)
            for side, sign in SIDES.items()
        },
    )


def _weights(levels: Levels) -> Array:
    """Means over each cortex, shape (n, sides, m); each sums to 1."""
    across = levels.offset / levels.half[:, None]
    found = np.stack([in_band(across, side) for side in SIDES], axis=1).astype(float)
    return np.asarray(found / found.sum(axis=2, keepdims=True))


def _above(
    field: Field, levels: Levels, strips: Places, weights: Array, k: int
) -> float:
    ground = ground_under(
        field,
        levels.offset,
        levels.values[k],
        strips[k],
        weights[k],
    )[0]
    return float((weights[k] @ (levels.values[k] - ground)).mean())


def _even(levels: Levels, beside: dict[str, Beside]) -> dict[str, Beside]:
    """Where one side cannot be told, a callus is as wide as on the other side."""
    medial, lateral = (beside[side] for side in SIDES)
    found = {}
    for side, own, other in (
        ("medial", medial, lateral),
        ("lateral", lateral, medial),
    ):
        tight = (own.other - levels.half < TIGHT_MM) & levels.part(Where.GAP)
        as_wide = np.clip(other.foot, levels.half + FOOT_MM, None)
        found[side] = replace(
            own, foot=np.where(tight, np.maximum(own.foot, as_wide), own.foot)
        )
    return found


def _strips(levels: Levels, beside: dict[str, Beside]) -> Places:
    """Places that show soft tissue alone on all levels that are averaged."""
    found = np.zeros(levels.values.shape, bool)
    for side, sign in SIDES.items():
        own = beside[side]
        foot, other = _widest(own.foot), -_widest(-own.other)
        x = levels.offset * sign
        start = foot + START_MM
        stop = np.minimum(
            np.maximum(start, levels.half) + STRIP_MM - 2.0, other - CLEAR_MM
        )
        found |= (x >= start[:, None]) & (x <= stop[:, None])
    return found


def _widest(values: Array) -> Array:
    """Largest of neighbouring levels."""
    padded = np.pad(values, CALM, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * CALM + 1)
    return np.asarray(windows.max(axis=1))

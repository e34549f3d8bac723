"""Where bone ends and soft tissue lies beside it, level by level and side by side.

From the bone outwards the first sharp rise is another bone, or metal. From there
inwards soft tissue foretells itself; the first place that is brighter than foretold is
the foot of the bone or callus.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from callotasis.radiograph.callus.ground import (
    NEAR,
    SPARED,
    Field,
    Places,
    surprise,
)
from callotasis.radiograph.callus.levels import Levels, Where, smoothed
from callotasis.radiograph.callus.regions import SIDES
from callotasis.worlds import Array

SMOOTH_MM = 0.35
CLEAR_MM, STRIP_MM = 0.8, 12.0
FROM_EDGE_MM = 1.0  # beyond the native edge, where another bone may begin
OTHER_SHARE = 0.17  # of a native edge's steepness
MOST_WIDE, LEAST_WIDE = 1.75, -0.6  # of a callus on one side, in half widths
TALL = 3  # levels that are looked at together
SIDEWAYS_MM = 1.2  # which another bone's edge may move from one level to the next
STRIPS = (36, 18, 9)  # places that foretell, the most that there are
TIGHT_MM, FOOT_MM = 6.0, 0.8  # of another bone, and of a foot beyond the edge
SIGMAS, LEAST_SHARE = 4.5, 0.05  # of the noise, and of the native cortex


@dataclass(frozen=True, eq=False)
class Beside:
    """Outline and neighbour on one side.

    Attributes
    ----------
    foot : Array
        Shape (n,), where soft tissue begins, from the middle of the bone, outward
        positive [mm].
    outline : Array
        Shape (n,), steepest fall inside the foot [mm].
    other : Array
        Shape (n,), near edge of another bone or of metal; infinite where there is
        none [mm].
    """

    foot: Array
    outline: Array
    other: Array


def _outward(levels: Levels, side: str) -> tuple[Array, npt.NDArray[np.intp]]:
    """Places from the far side of the bone outwards, and which column each is."""
    outward = levels.offset * SIDES[side]
    order = np.argsort(outward)
    return outward[order], order


def neighbours(levels: Levels, side: str) -> Array:
    """Near edge of another bone or metal on one side, shape (n,) [mm]."""
    x, order = _outward(levels, side)
    step = float(x[1] - x[0])
    rise = gaussian_filter1d(levels.values, SMOOTH_MM / step, axis=1, order=1) / step
    rise = rise[:, order] * SIDES[side]
    native = ~levels.part(Where.GAP)
    at_edge = np.abs(x - levels.half[:, None]) < FROM_EDGE_MM
    steep = float(np.median(np.where(at_edge, -rise, 0).max(axis=1)[native]))
    gain = np.clip(uniform_filter1d(rise, TALL, axis=0) / (OTHER_SHARE * steep), -1, 2)
    half = levels.half[:, None]
    allowed = (x > half + FROM_EDGE_MM) & (x < half + STRIP_MM + 4)
    gain = np.where(allowed, gain, -3.0)
    path = _best_path(gain, max(1, round(SIDEWAYS_MM / step)))
    held = uniform_filter1d(gain[np.arange(len(path)), path], TALL) > 1.0
    if not held[native].any():  # a callus' own texture is no other bone
        held[:] = False
    return np.where(held, x[path], np.inf)


def _best_path(gain: Array, reach: int) -> npt.NDArray[np.intp]:
    """Column of each row, moving at most ``reach``, that gains most in all."""
    total, came = gain[0], []
    for row in gain[1:]:
        padded = np.pad(total, reach, constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        best = windows.argmax(axis=1)
        came.append(np.arange(len(total)) + best - reach)
        total = row + windows[np.arange(len(total)), best]
    path = [int(total.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1])


def native_strips(levels: Levels, others: dict[str, Array]) -> Places:
    """Places beside native bone that show soft tissue alone, shape (n, m)."""
    found = np.zeros(levels.values.shape, bool)
    native = ~levels.part(Where.GAP)[:, None]
    for side, sign in SIDES.items():
        x = levels.offset * sign
        start = (levels.half + CLEAR_MM)[:, None]
        stop = np.minimum(start + STRIP_MM, others[side][:, None] - CLEAR_MM)
        found |= native & (x >= start) & (x <= stop)
    return found


def outlines(
    levels: Levels, side: str, other: Array, field: Field, cortex: float
) -> Beside:
    """Foot and outline of bone and callus on one side.

    Parameters
    ----------
    levels : Levels
        Profiles across the bone.
    side : str
        ``medial`` or ``lateral``.
    other : Array
        Shape (n,), as :func:`neighbours` says [mm].
    field : Field
        Of soft tissue, for single levels [1].
    cortex : float
        What a native cortex absorbs above the ground [1].

    Returns
    -------
    Beside
        For each level.

    References
    ----------
    .. [1] ``docs/callus.md``, "The ground".
    """
    x, order = _outward(levels, side)
    step = float(x[1] - x[0])
    profile = smoothed(levels, 1, within=True)[:, order]  # a level and its neighbours
    sign = SIDES[side]
    quiet = replace(
        field,
        noise=field.noise / 3,
        trend=(sign * field.trend[0], field.trend[1]),
    )
    last = x + (NEAR + SPARED) * step
    rises = np.full(profile.shape, -np.inf)
    for strip in STRIPS[::-1]:
        risen, sd = surprise(quiet, profile, x, strip)
        fits = (last + strip * step)[None, :] <= (other - CLEAR_MM)[:, None]
        least = max(SIGMAS * sd, LEAST_SHARE * cortex)
        rises = np.where(fits & np.isfinite(risen), risen / least, rises)
    half = levels.half[:, None]
    rises = np.where((x < MOST_WIDE * half) & (x > LEAST_WIDE * half), rises, -np.inf)
    hit = rises > 1
    first = hit.shape[1] - 1 - hit[:, ::-1].argmax(axis=1)
    none = ~hit.any(axis=1)
    foot = np.where(none, LEAST_WIDE * levels.half, x[first] + NEAR * step)
    bare = foot
    # Where another bone lies too near to tell, a callus is taken to be as wide as the
    # bone.
    tight = other - levels.half < TIGHT_MM
    sure = tight | ~levels.part(Where.GAP)
    foot = np.where(sure, np.maximum(foot * tight, levels.half + FOOT_MM), foot)
    fall = -gaussian_filter1d(profile, SMOOTH_MM / step, axis=1, order=1)
    inside = (x <= bare[:, None]) & (x >= bare[:, None] - 3.0)
    steepest = x[np.where(inside, fall, -np.inf).argmax(axis=1)]
    return Beside(foot, np.where(none, np.nan, steepest), other)

"""Where the native bone stops and the gap begins: both cut ends along the bone.

First coarsely: of all pairs of places, the one that best parts the bone into native
bone, regenerate and native bone. Then each end by itself: a straight step across the
bone, blurred, its place and slant by least squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from callotasis.errors import FilmRefusal
from callotasis.radiograph.callus.outline import Fragment
from callotasis.radiograph.callus.straight import Straight
from callotasis.worlds import Array

COARSE_MM, CHANNEL_MM, REACH_MM = 0.5, 2.0, 12.0
LEAST_NATIVE_MM, LEAST_GAP_MM, MOST_GAP_MM = 7.0, 4.0, 105.0
STEP_REACH_MM = 6.0  # round a coarse end, where the step is fitted
LEAST_SIGMA = 6.0  # of the step's height, below which no end is called found


@dataclass(frozen=True)
class CutEnd:
    """One cut end.

    Attributes
    ----------
    along_mm : float
        On the line through the points, from the upper one [mm].
    slant : float
        Rise of the cut along the bone for each mm towards medial [1].
    sd_mm : float
        Of ``along_mm`` [mm].
    sigmas : float
        Height of the step in standard deviations [1].
    """

    along_mm: float
    slant: float
    sd_mm: float
    sigmas: float


def coarse_ends(bone: Straight, length_mm: float) -> tuple[float, float]:
    """Part the bone between two points into native bone, gap and native bone.

    Parameters
    ----------
    bone : Straight
        Laid straight.
    length_mm : float
        From the upper point (0) to the lower one [mm].

    Returns
    -------
    tuple of float
        Upper and lower end of the gap [mm].

    Raises
    ------
    FilmRefusal
        If the points leave no room for a gap between native bone.

    References
    ----------
    .. [1] Two change points of a piecewise straight signal by maximum likelihood, each
       piece with a scatter of its own.
    """
    signal, along = _channels(bone)
    sums = _Sums(signal, along)
    first = np.flatnonzero((along > LEAST_NATIVE_MM - SLACK) & (along < length_mm))
    last = np.flatnonzero((along > 0) & (along < length_mm - LEAST_NATIVE_MM + SLACK))
    start, stop = np.searchsorted(along, [-SLACK, length_mm + SLACK])
    start = max(0, int(start) - 2 * LEAST_ROWS)
    upper = np.array([_native_cost(signal, along, start, int(i)) for i in first])
    lower = np.array([_native_cost(signal, along, int(j), int(stop)) for j in last])
    sharp = STEP_WEIGHT * _steps(signal, along)
    upper, lower = upper - sharp[first], lower - sharp[last]
    best, found = np.inf, None
    for k, i in enumerate(first):
        gap = along[last] - along[i]
        open_ = (gap >= LEAST_GAP_MM) & (gap <= MOST_GAP_MM)
        if not open_.any():
            continue
        ends = last[open_]
        cost = upper[k] + lower[open_] + sums.cost(int(i), ends)
        at = int(cost.argmin())
        if cost[at] < best:
            best, found = float(cost[at]), (i, ends[at])
    if found is None:
        raise FilmRefusal(
            f"no room for a gap between two points {length_mm:.0f} mm apart; needed "
            f"are {LEAST_NATIVE_MM:g} mm of native bone on each side"
        )
    half = (along[1] - along[0]) / 2
    return float(along[found[0]] - half), float(along[found[1]] - half)


SLACK, LEAST_ROWS, FLOOR = 10.0, 10, 1e-9
STEP_MM, STEP_WEIGHT = 1.1, 320.0


def _steps(signal: Array, along: Array) -> Array:
    """How sharply the bone changes at each row against how it mostly does, as a log."""
    rows = max(2, round(STEP_MM / (along[1] - along[0])))
    sums = np.concatenate([np.zeros((1, signal.shape[1])), signal.cumsum(axis=0)])
    steps = np.zeros(len(signal))
    at = np.arange(rows, len(signal) - rows)
    change = (sums[at + rows] - 2 * sums[at] + sums[at - rows]) ** 2
    usual = np.maximum(np.median(change, axis=0), FLOOR)
    # Channel by channel: a cut crosses all of them, a hole amid a callus only some.
    steps[at] = np.log1p(change / usual).mean(axis=1)
    return steps


def _native_cost(signal: Array, along: Array, i: int, j: int) -> float:
    """Cost of native bone between two rows: a parabola, since bones widen."""
    x = (along[i:j] - along[i:j].mean()) / 20
    basis = np.linalg.qr(np.stack([np.ones_like(x), x, x * x], axis=1))[0]
    piece = signal[i:j] - signal[i:j].mean(axis=0)
    left = float((piece**2).sum() - ((basis.T @ piece) ** 2).sum())
    return float(piece.size * np.log(max(left, 0) / piece.size + FLOOR))


def _channels(bone: Straight) -> tuple[Array, Array]:
    """Means over small fields, shape (n, channels), and their places along [mm]."""
    rows = max(1, round(COARSE_MM / bone.step_mm))
    count = len(bone.along) // rows
    along = bone.along[: count * rows].reshape(count, rows).mean(axis=1)
    edges = np.arange(-REACH_MM, REACH_MM + 0.1, CHANNEL_MM)
    at = np.searchsorted(bone.across, edges)
    part = bone.values[: count * rows].reshape(count, rows, -1).mean(axis=1)
    signal = [part[:, a:b].mean(axis=1) for a, b in pairwise(at)]
    found = np.stack(signal, axis=1).astype(float)
    return found[:, _bare(bone, edges)], along


def _bare(bone: Straight, edges: Array) -> npt.NDArray[np.bool_]:
    """Channels without metal in the canal: a nail's own steps are no cut ends."""
    at = np.searchsorted(bone.across, edges)
    hit = [(bone.values[:, a:b] >= bone.ceiling).mean() for a, b in pairwise(at)]
    return _clear(np.array(hit))


def _clear(hit: Array) -> npt.NDArray[np.bool_]:
    """Strips that hold little metal, as do their neighbours; all if none do."""
    held = np.pad(hit > MOST_METAL, 1)
    clear = ~(held[:-2] | held[1:-1] | held[2:])
    return clear if clear.any() else np.full(len(hit), fill_value=True)


MOST_METAL = 0.05  # of a strip


class _Sums:
    """Running sums, so that a straight line through any piece costs nothing."""

    def __init__(self, signal: Array, along: Array) -> None:
        x = (along - along.mean())[:, None]
        y = signal - signal.mean(axis=0)
        parts = np.stack([np.ones_like(y), x + 0 * y, x * x + 0 * y, y, x * y, y * y])
        zero = np.zeros((6, 1, y.shape[1]))
        self.sums = np.concatenate([zero, parts.cumsum(axis=1)], axis=1)

    def cost(self, i: int | Array, j: int | Array) -> Array:
        """Twice the negative logarithm of the likelihood of rows i to j."""
        n, sx, sxx, sy, sxy, syy = (
            self.sums[:, np.atleast_1d(j)] - self.sums[:, np.atleast_1d(i)]
        )
        vx, cxy, vy = sxx - sx * sx / n, sxy - sx * sy / n, syy - sy * sy / n
        left = np.maximum(vy - cxy**2 / np.maximum(vx, 1e-9), 0).sum(axis=-1)
        count = n[..., 0]
        wide = n.shape[-1]
        return np.asarray(count * wide * np.log(left / (count * wide) + FLOOR))


def fine_end(bone: Straight, fragment: Fragment, room_mm: float) -> CutEnd:
    """Place one cut end.

    Parameters
    ----------
    bone : Straight
        Laid straight.
    fragment : Fragment
        Edges of the native bone beyond the end.
    room_mm : float
        How far the gap reaches, at least [mm].

    Returns
    -------
    CutEnd
        Where the middle of the bone meets the cut, with its scatter.

    References
    ----------
    .. [1] A blurred step between two straight lines in each of several strips, one
       slant for all, by least squares on a grid; the scatter from the curvature of
       the sum of squares, neighbouring rows being alike.
    """
    reach = float(np.clip(GAP_SHARE * room_mm, LEAST_REACH_MM, STEP_REACH_MM))
    depth = np.arange(-STEP_REACH_MM, reach, bone.step_mm)  # into the gap positive
    strips = np.linspace(-STRIP_SHARE, STRIP_SHARE, STRIPS)
    into = -fragment.away
    zero = np.zeros(1)
    half, lean = float(fragment.half(zero)[0]), fragment.lean(0.0)[0]
    middle = float(fragment.middle(zero)[0]) + lean * into * depth
    width = np.linspace(-0.5, 0.5, 5) * (strips[1] - strips[0])
    seen = bone.sampled(
        (fragment.end_mm + into * depth)[:, None, None]
        - lean * half * strips[None, :, None],
        middle[:, None, None] + half * (strips[:, None] + width)[None],
    )
    clear = _clear((seen >= bone.ceiling).mean(axis=(0, 2)))
    values, strips = seen.mean(axis=2)[:, clear], strips[clear]
    places = np.arange(depth[0] + NATIVE_LEFT_MM, reach - GAP_LEFT_MM, GRID_MM)
    left = _left_over(values, depth, places)
    return _best_line(values, depth, places, left, half * strips, fragment)


STRIPS, STRIP_SHARE, GRID_MM = 10, 0.86, 0.07
GAP_SHARE, LEAST_REACH_MM, NATIVE_LEFT_MM, GAP_LEFT_MM = 0.45, 2.2, 2.5, 1.0
BLUR_MM = 0.25  # of a step on a film, seen by a wide focus a little askew
MOST_SLANT = 0.12


def _left_over(values: Array, depth: Array, places: Array) -> Array:
    """Sum of squares left by a step at each place, shape (places, strips)."""
    centred = values - values.mean(axis=0)
    total = (centred**2).sum(axis=0)
    left = np.empty((len(places), values.shape[1]))
    for k, place in enumerate(places):
        step = ndtr((depth - place) / BLUR_MM)
        x = (depth - place) / STEP_REACH_MM
        basis = np.stack([np.ones_like(x), x * (1 - step), step, x * step], axis=1)
        q = np.linalg.qr(basis)[0]
        left[k] = total - ((q.T @ centred) ** 2).sum(axis=0)
    return np.maximum(left, 1e-12)


def _best_line(
    values: Array,
    depth: Array,
    places: Array,
    left: Array,
    across: Array,
    fragment: Fragment,
) -> CutEnd:
    """The line across all strips that leaves least."""
    weight = len(depth) / np.sort(left, axis=0)[0]
    slants = np.linspace(-MOST_SLANT, MOST_SLANT, 25)
    costs = np.zeros((len(slants), len(places)))
    for k, slant in enumerate(slants):
        for strip in range(left.shape[1]):
            costs[k] += weight[strip] * np.interp(
                places + slant * across[strip], places, left[:, strip]
            )
    best = np.unravel_index(costs.argmin(), costs.shape)
    curve = costs[best[0]]
    at = int(np.clip(best[1], 2, len(places) - 3))
    fit = np.polyfit(places[at - 2 : at + 3] - places[at], curve[at - 2 : at + 3], 2)
    shift = (
        float(np.clip(-fit[1] / (2 * fit[0]), -GRID_MM, GRID_MM)) if fit[0] > 0 else 0.0
    )
    alike = 3.0
    sd = float(np.sqrt(alike / max(fit[0], 1e-3)))
    depth_mm = float(places[at] + shift)
    none = weight @ _without_step(values, depth)
    sigmas = float(np.sqrt(max(none - curve[at], 0) / alike))
    into = -fragment.away
    slant = float(slants[best[0]])
    lean = fragment.lean(0.0)[0]
    return CutEnd(fragment.end_mm + into * depth_mm, into * slant - lean, sd, sigmas)


def _without_step(values: Array, depth: Array) -> Array:
    """Sum of squares that a parabola leaves, shape (strips,)."""
    x = depth / STEP_REACH_MM
    q = np.linalg.qr(np.stack([np.ones_like(x), x, x * x], axis=1))[0]
    return np.asarray((values**2).sum(axis=0) - ((q.T @ values) ** 2).sum(axis=0))

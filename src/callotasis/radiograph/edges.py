"""Edges on a film: strips laid over it, and the smooth line where grey falls most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from callotasis.radiograph.film import Film
from callotasis.worlds import Array

STEP_MM = 0.2
BLUR_ALONG_MM, BLUR_ACROSS_MM = 0.8, 0.4


@dataclass(frozen=True, eq=False)
class Strip:
    """A film resampled along and across a line.

    Attributes
    ----------
    grey : Array
        Shape (across, along), 0 to 1.
    along_mm, across_mm : Array
        Shape (along,) and (across,), from the strip's middle [mm].
    middle_px : Array
        Shape (2,), column and row of the middle.
    axes_px : Array
        Shape (2, 2), column and row of one millimetre along and one across [px].
    """

    grey: Array
    along_mm: Array
    across_mm: Array
    middle_px: Array
    axes_px: Array

    def on_film(self, along_mm: float, across_mm: float) -> tuple[float, float]:
        """Column and row of a place in the strip [px]."""
        point = self.middle_px + np.array([along_mm, across_mm]) @ self.axes_px
        return float(point[0]), float(point[1])


def strip_on(
    film: Film,
    middle_px: Array,
    direction: Array,
    half_mm: tuple[float, float],
    mm_per_px: float,
) -> Strip:
    """Lay a strip over a film.

    Parameters
    ----------
    film : Film
        Bone bright.
    middle_px : Array
        Shape (2,), column and row of its middle [px].
    direction : Array
        Shape (2,), columns and rows, in square millimetres; across is a right angle
        clockwise from it on the picture (down, where the strip runs to the right).
    half_mm : tuple of float
        Half its length along and across [mm].
    mm_per_px : float
        Along columns, at the bone [mm].

    Returns
    -------
    Strip
        Smoothed a little; what lies off the film repeats its edge.

    References
    ----------
    .. [1] Plane geometry.
    """
    unit = np.asarray(direction, float) / np.hypot(*direction)
    across = np.array([-unit[1], unit[0]])
    size = np.array([mm_per_px, mm_per_px * film.aspect])
    axes = np.array([unit / size, across / size])
    u, v = (np.arange(-half, half + STEP_MM / 2, STEP_MM) for half in half_mm)
    columns = middle_px[0] + u[None, :] * axes[0, 0] + v[:, None] * axes[1, 0]
    rows = middle_px[1] + u[None, :] * axes[0, 1] + v[:, None] * axes[1, 1]
    grey = ndimage.map_coordinates(
        film.pixels, [rows - 0.5, columns - 0.5], order=1, mode="nearest"
    )
    blur = (BLUR_ACROSS_MM / STEP_MM, BLUR_ALONG_MM / STEP_MM)
    return Strip(
        ndimage.gaussian_filter(grey.astype(np.float64), blur),
        u,
        v,
        np.asarray(middle_px, float),
        axes,
    )


def falls(strip: Strip) -> Array:
    """How much grey falls across the strip, shape (across, along) [1/mm]."""
    return np.asarray(-np.gradient(strip.grey, STEP_MM, axis=0))


def smooth_edge(strength: Array, stiffness: float = 1.0) -> Array:
    """Find the smooth line of greatest strength from one end of a strip to the other.

    Parameters
    ----------
    strength : Array
        Shape (across, along); the more, the likelier an edge.
    stiffness : float
        What one step across costs, in medians of the strongest of each column.

    Returns
    -------
    Array
        Shape (along,), index across, to a fraction.

    References
    ----------
    .. [1] Dynamic programming: Bellman 1957; Amini et al. 1990 for contours.
    """
    rows, columns = strength.shape
    cost = stiffness * float(np.median(strength.max(axis=0))) + 1e-12
    total = strength[:, 0].copy()
    came = np.zeros((rows, columns), np.int64)
    shifts = np.array([-2, -1, 0, 1, 2])
    for column in range(1, columns):
        padded = np.pad(total, 2, constant_values=-np.inf)
        choices = np.stack(
            [padded[2 + s : 2 + s + rows] - cost * s * s * 0.15 for s in shifts]
        )
        best = choices.argmax(axis=0)
        came[:, column] = np.arange(rows) + shifts[best]
        total = choices.max(axis=0) + strength[:, column]
    path = np.empty(columns, np.int64)
    path[-1] = int(total.argmax())
    for column in range(columns - 1, 0, -1):
        path[column - 1] = came[path[column], column]
    return _between(strength, path)


def _between(strength: Array, path: npt.NDArray[np.int64]) -> Array:
    """Move each place of a path to the top of the parabola through its neighbours."""
    inner = np.clip(path, 1, strength.shape[0] - 2)
    every = np.arange(strength.shape[1])
    before, here, after = (strength[inner + s, every] for s in (-1, 0, 1))
    curve = before - 2 * here + after
    shift = np.where(curve < 0, (before - after) / np.where(curve < 0, 2 * curve, 1), 0)
    return np.asarray(inner + np.clip(shift, -1, 1))


def clearness(strength: Array, path: Array, fall: Array) -> float:
    """How far an edge stands out of its strip.

    Parameters
    ----------
    strength : Array
        Shape (across, along), of edges [1/mm].
    path : Array
        Shape (along,), index across of the edge.
    fall : Array
        Any shape, falls of grey in the strip, rises too [1/mm].

    Returns
    -------
    float
        Strength of the edge in robust standard deviations of all falls [1].

    References
    ----------
    .. [1] Median absolute deviation: Hampel 1974.
    """
    on = strength[np.round(path).astype(int), np.arange(strength.shape[1])]
    usual = 1.4826 * float(np.median(np.abs(fall - np.median(fall)))) + 1e-9
    return float(np.median(on)) / usual


def likely(from_click_mm: Array, spread: float) -> Array:
    """Weight of a place by how far it lies from the click [1]."""
    return np.asarray(np.exp(-0.5 * (from_click_mm / spread) ** 2))


FIRST_SHARE = 0.5


def first_of(strength: Array, share: float = FIRST_SHARE) -> Array:
    """Weaken edges that lie beyond another one of that share of their strength."""
    gap = round(1.5 / STEP_MM)
    before = np.maximum.accumulate(strength, axis=0)
    before = np.pad(before, ((gap, 0), (0, 0)))[: len(strength)]
    return np.asarray(np.where(before > share * strength, 0.2, 1.0) * strength)


def rest_of(outward: Array, path: Array) -> float:
    """How much farther than an edge grey goes on falling until the bone ends.

    Parameters
    ----------
    outward : Array
        Shape (across, along), falls of grey out of the bone [1/mm].
    path : Array
        Shape (along,), index across of the edge that was found.

    Returns
    -------
    float
        A crest leaves the bone in two falls; what comes after a rise is another
        bone [mm].

    References
    ----------
    .. [1] Profiles across four people's tibiae: ``docs/accuracy.md``.
    """
    steps = np.arange(round(REST_MM / STEP_MM) + 1)
    at = np.clip(np.round(path).astype(int) + steps[:, None], 0, len(outward) - 1)
    fall = np.median(outward[at, np.arange(outward.shape[1])], axis=1)
    least = REST_SHARE * fall[0]
    rises = (fall < -REST_RISE * fall[0]).nonzero()[0]
    fall = fall[: rises[0]] if len(rises) else fall
    tops = [
        k
        for k in range(1, len(fall) - 1)
        if fall[k] >= max(fall[k - 1], fall[k + 1], least)
    ]
    return STEP_MM * (tops[-1] if tops else 0)


REST_MM = 4.5
REST_SHARE, REST_RISE = 0.65, 0.1  # of the fall at the first edge

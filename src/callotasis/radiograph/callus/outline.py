"""Outer edges of the native bone beside the gap, and the axis between them.

Where the profile across the bone is steepest: first one straight line for each edge,
the one along which the picture is steepest in all, so that a fibula or the inner side
of a cortex cannot lead astray; then each level by itself near that line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from callotasis.errors import FilmRefusal
from callotasis.radiograph.callus.regions import AXIS_TO_MM
from callotasis.radiograph.callus.straight import Straight
from callotasis.worlds import Array

LEVEL_MM, SMOOTH_MM, FROM_MM = 2.0, 0.35, 2.5
HALF_MM = (5.0, 24.0)  # half width of a shaft on a film
MOST_LEAN = 0.22  # of a fragment against the line between the points
NEAR_MM = 1.2
LEAST_LEVELS = 5
OUTLIER = 3.0
METAL, METAL_EDGE_MM = 0.97, 1.6  # of the ceiling, and what its blur reaches
# A shaft thins out like the end of a circle, so it is steepest inside its edge: found
# on 160 synthetic fragments, where blur 0.3 to 0.4 mm explains it.
EDGE_INSIDE_MM = 0.26


@dataclass(frozen=True, eq=False)
class Fragment:
    """Edges of one native fragment, as parabolas of the distance from its cut end.

    Attributes
    ----------
    end_mm : float
        Where the cut end was taken to be, along the line [mm].
    away : float
        1 for the lower fragment, -1 for the upper one: which way leads into it.
    lateral, medial : Array
        Shape (3,), coefficients of the edge, highest power first [mm].
    levels : Array
        Shape (n,), distances from the end at which edges were found [mm].
    scatter_mm : float
        Of single levels about the parabolas [mm].
    """

    end_mm: float
    away: float
    lateral: Array
    medial: Array
    levels: Array
    scatter_mm: float

    def middle(self, distance: Array) -> Array:
        """Middle of the bone at distances from the end [mm]."""
        return np.asarray(
            (np.polyval(self.lateral, distance) + np.polyval(self.medial, distance)) / 2
        )

    def half(self, distance: Array) -> Array:
        """Half width at distances from the end [mm]."""
        return np.asarray(
            (np.polyval(self.medial, distance) - np.polyval(self.lateral, distance)) / 2
        )

    def places(self, distance: Array) -> tuple[Array, Array]:
        """Along and across of the middle at distances from the end [mm]."""
        return self.end_mm + self.away * distance, self.middle(distance)

    def moved(self, end_mm: float) -> Fragment:
        """The same edges, counted from another cut end."""
        by = (end_mm - self.end_mm) * self.away
        shift = np.poly1d([1.0, by])
        lateral, medial = (
            np.atleast_1d(np.poly1d(c)(shift).coeffs)
            for c in (self.lateral, self.medial)
        )
        return replace(
            self,
            end_mm=end_mm,
            lateral=lateral,
            medial=medial,
            levels=self.levels - by,
        )

    def across_end(self, offset: Array, slant: float) -> tuple[Array, Array]:
        """Along and across of places on the cut, by offset from its middle [mm]."""
        middle = float(self.middle(np.zeros(1))[0])
        return self.end_mm + slant * offset, middle + offset

    def lean(self, from_mm: float) -> tuple[float, float]:
        """Rise of the middle towards medial for each mm distal, and its scatter [1]."""
        levels = self.levels[self.levels >= from_mm]
        slope = np.polyfit(levels, self.middle(levels), 1)[0] * self.away
        spread = float(np.sqrt(((levels - levels.mean()) ** 2).sum()))
        return float(slope), self.scatter_mm / max(spread, 1e-6)


def fragment_of(bone: Straight, end_mm: float, *, upper: bool) -> Fragment:
    """Find the outer edges of the bone beyond one end of the gap.

    Parameters
    ----------
    bone : Straight
        Laid straight.
    end_mm : float
        Cut end along the line [mm].
    upper : bool
        Whether the fragment is the upper one.

    Returns
    -------
    Fragment
        With its edges.

    Raises
    ------
    FilmRefusal
        If the film shows too little of the fragment.

    References
    ----------
    .. [1] Largest gradient; straight lines by adding up along them.
    """
    away = -1.0 if upper else 1.0
    distance = np.arange(FROM_MM, AXIS_TO_MM, LEVEL_MM)
    profiles = []
    for start in distance:
        low, high = sorted((end_mm + away * start, end_mm + away * (start + LEVEL_MM)))
        rows = bone.rows(low, high)
        inside = bone.along[0] <= low and high <= bone.along[-1]
        profiles.append(bone.values[rows].mean(axis=0) if inside else None)
    known = [k for k, p in enumerate(profiles) if p is not None]
    if len(known) < LEAST_LEVELS:
        word = "above" if upper else "below"
        raise FilmRefusal(
            f"the film shows {len(known) * LEVEL_MM:.0f} mm of bone {word} the gap; "
            f"needed are {LEAST_LEVELS * LEVEL_MM:.0f} mm"
        )
    levels = distance[known] + LEVEL_MM / 2
    shown = np.array([profiles[k] for k in known])
    steep = gaussian_filter1d(shown, SMOOTH_MM / bone.step_mm, order=1)
    around = 2 * round(METAL_EDGE_MM / bone.step_mm) + 1
    metal = maximum_filter1d(shown >= METAL * bone.ceiling, around, axis=1)
    steep = np.where(metal, 0.0, steep)
    lateral, off = _edge(bone, levels, steep, sign=-1.0)
    medial, more = _edge(bone, levels, steep, sign=1.0)
    scatter = float(np.sqrt((off**2 + more**2) / 2))
    return Fragment(end_mm, away, lateral, medial, levels, scatter)


def _edge(
    bone: Straight, levels: Array, steep: Array, *, sign: float
) -> tuple[Array, float]:
    """Parabola of one edge, and the scatter of single levels about it [mm]."""
    # Towards medial the film grows dark at the medial edge and bright at the lateral.
    fall = np.nan_to_num(-sign * steep)
    step = bone.step_mm
    start = np.arange(HALF_MM[0], HALF_MM[1], 2 * step) * sign
    lean = np.linspace(-MOST_LEAN, MOST_LEAN, 45)
    line = start[:, None, None] + lean[None, :, None] * levels
    at = np.clip(
        ((line - bone.across[0]) / step).round().astype(int), 0, steep.shape[1] - 1
    )
    total = np.minimum(fall[np.arange(len(levels)), at], np.median(fall.max(axis=1)))
    best = np.unravel_index(total.sum(axis=2).argmax(), total.shape[:2])
    near = start[best[0]] + lean[best[1]] * levels
    found = _peaks(fall, near, bone, sign * EDGE_INSIDE_MM)
    keep = np.isfinite(found)
    if keep.sum() < LEAST_LEVELS:
        raise FilmRefusal(
            f"no edge of a bone is seen beside the gap: {keep.sum()} of {len(levels)} "
            f"levels show one; needed are {LEAST_LEVELS}"
        )
    for _ in range(3):
        power = 2 if keep.sum() >= 2 * LEAST_LEVELS else 1
        fit = np.polyfit(levels[keep], found[keep], power)
        off = np.abs(np.nan_to_num(found - np.polyval(fit, levels), nan=np.inf))
        keep = off <= max(OUTLIER * float(np.median(off[keep])) * 1.48, step)
    return np.concatenate([np.zeros(2 - power), fit]), float(off[keep].std() + 1e-3)


def _peaks(fall: Array, near: Array, bone: Straight, inside: float) -> Array:
    """Steepest place of each level near a line, between pixels [mm]."""
    reach = round(NEAR_MM / bone.step_mm)
    found = np.full(len(near), np.nan)
    for k, where in enumerate(near):
        middle = round((where - bone.across[0]) / bone.step_mm)
        low = max(1, middle - reach)
        window = fall[k, low : middle + reach + 1]
        if not 0 < window.argmax() < len(window) - 1:
            continue
        peak = low + int(window.argmax())
        a, b, c = fall[k, peak - 1 : peak + 2]
        shift = (a - c) / (2 * (a - 2 * b + c))
        found[k] = bone.across[0] + (peak + shift) * bone.step_mm + inside
    return found

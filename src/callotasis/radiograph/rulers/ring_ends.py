"""Where a ring of a frame, seen from the side, ends."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.radiograph.film import Film
from callotasis.radiograph.rulers.film_length import Point
from callotasis.radiograph.rulers.ribbon import Ribbon, ribbon_on
from callotasis.radiograph.rulers.rim import Rim, rim_place
from callotasis.worlds import Array

WITHIN_MM, INSIDE_MM, BEYOND_MM, HALF_MM = 6.0, 20.0, 12.0, 9.0
BAR_MM = (0.4, 2.0)  # from the end inwards: where the bar's middle is looked for
METALS = (0.02, 0.075, 0.9)  # carbon, aluminium, steel [1/mm]
LEAST_FALL, LEAST_BAR = 6.0, 0.02
OUTERMOST = 0.03  # of the greatest fall: what still counts as an end
RIM_INSIDE_MM = 2.5


def ring_end(
    film: Film, clicked: Point, other: Point, mm_per_px: float, outer_mm: float
) -> Array:
    """Find the end of a ring near a click.

    Parameters
    ----------
    film : Film
        Metal bright.
    clicked, other : tuple of float
        Near this end and near the other end of the ring [px].
    mm_per_px : float
        Roughly, at the ring [mm].
    outer_mm : float
        Outer diameter of the ring [mm].

    Returns
    -------
    Array
        Shape (2,), column and row where a ray touches the ring [px].

    Raises
    ------
    FilmRefusal
        If no bar of metal ends there.

    References
    ----------
    .. [1] The chord of a ring near its rim is that of a disc:
       :func:`callotasis.radiograph.rulers.rim.rim_curve`.
    """
    here, there = np.array(clicked, float), np.array(other, float)
    for _ in range(2):  # the ribbon follows the bar once
        ribbon = _about(film, here, there, mm_per_px)
        across = _middle(ribbon, _rough_end(ribbon, 0.0, mm_per_px), mm_per_px)
        along = _rough_end(ribbon, across, mm_per_px)
        across = _middle(ribbon, along, mm_per_px)
        here = ribbon.on_film(along, across)
    lane = _lane(ribbon, across, 0.8 / mm_per_px)
    rim = _rim(film, ribbon.along_px, lane, along, (mm_per_px, outer_mm))
    return ribbon.on_film(rim, across)


def _about(film: Film, here: Array, there: Array, mm: float) -> Ribbon:
    """From inside the ring outwards, past its end."""
    square = np.array([1.0, film.aspect])
    unit = (here - there) * square
    unit = unit / np.linalg.norm(unit) / square
    return ribbon_on(
        film, here - INSIDE_MM / mm * unit, here + BEYOND_MM / mm * unit, HALF_MM / mm
    )


def _lane(ribbon: Ribbon, across: float, half: float) -> Array:
    lane = np.abs(ribbon.across_px - across) <= half
    return np.asarray(ribbon.grey[lane].mean(axis=0))


def _rough_end(ribbon: Ribbon, across: float, mm: float) -> float:
    """Where grey falls most along the bar, near the click [px]."""
    lane = _lane(ribbon, across, (3.5 if across == 0 else 1.2) / mm)
    fall = -np.gradient(ndimage.gaussian_filter1d(lane, 0.3 / mm))
    near = np.abs(ribbon.along_px - INSIDE_MM / mm) < WITHIN_MM / mm
    beyond = fall[ribbon.along_px > (INSIDE_MM + WITHIN_MM) / mm]
    usual = 1.4826 * float(np.median(np.abs(beyond))) + 1e-9
    least = max(LEAST_FALL * usual, OUTERMOST * float(fall[near].max()))
    tops = (fall[1:-1] >= np.maximum(fall[:-2], fall[2:])) & (fall[1:-1] > least)
    ends = ribbon.along_px[1:-1][tops & near[1:-1]]
    if len(ends) == 0:
        raise FilmRefusal(
            f"no end of a ring was found within {WITHIN_MM:g} mm of the point: grey "
            f"falls {fall[near].max() / usual:.1f} times as fast as beyond; needed is "
            f"{LEAST_FALL:g} times"
        )
    return float(ends[-1])  # a rod through the ring falls more, and lies inside


def _middle(ribbon: Ribbon, along: float, mm: float) -> float:
    """Middle of the bar just inside its end [px across]."""
    back = (along - ribbon.along_px) * mm
    inside = (back > BAR_MM[0]) & (back < BAR_MM[1])
    beyond = (back < -1.5) & (back > -4.0)  # noqa: PLR2004 - past the rim's blur
    grey = ribbon.grey[:, inside].mean(axis=1) - ribbon.grey[:, beyond].mean(axis=1)
    grey = grey - np.quantile(grey, 0.2)
    top = float(np.quantile(grey, 0.95))
    if top < LEAST_BAR:
        raise FilmRefusal(
            f"no bar of metal ends at the point: it is {top:.3f} of the grey scale "
            f"brighter than what lies beyond; needed is {LEAST_BAR:g}"
        )
    labels, _ = ndimage.label(grey > top / 2)
    sizes = np.bincount(labels)[1:]
    bar = np.flatnonzero(labels == 1 + int(np.argmax(sizes)))
    x = ribbon.across_px
    return float(_crossing(x, grey, bar[0] - 1, top / 2) +
                 _crossing(x, grey, bar[-1], top / 2)) / 2  # fmt: skip


def _crossing(x: Array, grey: Array, i: int, level: float) -> float:
    """Where grey passes a level between one place and the next."""
    if not 0 <= i < len(x) - 1 or grey[i + 1] == grey[i]:
        return float(x[min(max(i, 0), len(x) - 1)])
    return float(x[i] + (level - grey[i]) / (grey[i + 1] - grey[i]) * (x[i + 1] - x[i]))


def _rim(
    film: Film, along: Array, lane: Array, rough: float, size: tuple[float, float]
) -> float:
    """Rim of the ring, by the metal whose curve fits best [px]."""
    mm, outer_mm = size
    scatter = constant("rulers.ring_scatter").value
    blur = constant("rulers.film_blur").value
    sharp = constant("rulers.film_sharpening").value
    tries = [
        rim_place(
            along,
            lane,
            rough,
            Rim(
                outer_mm / 2 / mm,
                RIM_INSIDE_MM / mm,
                (math.log(mu * outer_mm), math.log(scatter), blur / mm, sharp),
                mm,
            ),
            logarithmic=film.logarithmic,
        )
        for mu in METALS
    ]
    return min(tries, key=lambda found: found[1])[0]

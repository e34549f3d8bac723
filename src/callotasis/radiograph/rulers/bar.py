"""A round bar of metal on a film: its radius and axis, below a pixel.

One curve (:mod:`callotasis.radiograph.rulers.rim`) is fitted to the whole bar, with the
rim as its unknown, and for each piece of each edge its own height and its own bent
background, since bone lies behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage, optimize

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.radiograph.rulers.ribbon import STEP_PX, Pieces
from callotasis.radiograph.rulers.rim import (
    BACKGROUND,
    BLACK,
    OUTER_MM,
    SATURATED,
    rim_curve,
)
from callotasis.worlds import Array

INNER_SHARE = 0.7  # of the radius: deeper, a tube may be hollow
BELIEF = 0.06  # weight of what is believed, against heights of the bar
LEAST_SEEN = 0.5  # share of an edge that must not be saturated
FIRST_SHARE, TOP_WITHIN = 0.6, 6  # of the greatest fall; so many steps across
LEAST_FALL = 3.5  # of an edge, in robust deviations of all falls beside it


@dataclass(frozen=True, eq=False)
class Bar:
    """A fitted piece of a round bar.

    Attributes
    ----------
    middle_px : float
        Of the fitted stretch, along the ribbon [px].
    radius_px, taper : float
        Radius there [px], and how it grows along the ribbon [1].
    offset_px, slope : float
        Axis beside the ribbon's there [px], and how it leans [1].
    length_px : float
        Of the fitted stretch [px].
    curve : tuple of float
        Logarithms of peak attenuation and of scatter, blur [px], sharpening [1].
    """

    middle_px: float
    radius_px: float
    taper: float
    offset_px: float
    slope: float
    length_px: float
    curve: tuple[float, float, float, float]

    def radius_at(self, along_px: float) -> float:
        """Radius at a place of the ribbon [px]."""
        return self.radius_px + self.taper * (along_px - self.middle_px)

    def axis_at(self, along_px: float) -> float:
        """Axis beside the ribbon's [px]."""
        return self.offset_px + self.slope * (along_px - self.middle_px)


def rough_edges(pieces: Pieces, least_px: float, most_px: float) -> tuple[Array, Array]:
    """Where grey falls most on either side of the middle, shape (pieces,) each [px].

    Parameters
    ----------
    pieces : Pieces
        Profiles across the bar.
    least_px, most_px : float
        Between which distances from the middle to look [px].

    Returns
    -------
    tuple of Array
        Left and right [px].

    Raises
    ------
    FilmRefusal
        If nothing falls as metal does.

    References
    ----------
    .. [1] The rim of metal is the first steep place of a profile from inside.
    """
    x = pieces.across_px
    fall = np.gradient(
        ndimage.gaussian_filter1d(pieces.grey, 1.0 / STEP_PX, axis=0), x, axis=0
    )
    right = (x > least_px) & (x < most_px)
    usual = 1.4826 * float(np.median(np.abs(fall))) + 1e-6
    outward = fall[::-1][right], -fall[right]  # the ribbon is as wide on either side
    strength = float(np.median([side.max(axis=0) for side in outward]))
    if strength < LEAST_FALL * usual:
        raise FilmRefusal(
            f"no edge of metal was found beside the points: grey falls "
            f"{strength / usual:.1f} times as fast as usual there; needed is "
            f"{LEAST_FALL:g} times"
        )
    left_px, right_px = (x[right][_innermost(side)] for side in outward)
    return -left_px, right_px


def _innermost(fall: Array) -> Array:
    """Top of the first great fall from inside: a cortex beyond it may fall as much."""
    first = (fall >= FIRST_SHARE * fall.max(axis=0)).argmax(axis=0)
    near = first + np.arange(TOP_WITHIN)[:, None]
    near = np.minimum(near, len(fall) - 1)
    top = np.take_along_axis(fall, near, axis=0).argmax(axis=0)
    return np.asarray(np.minimum(first + top, len(fall) - 1))


def fitted_bar(
    pieces: Pieces, rough: tuple[Array, Array], mm_per_px: float, *, logarithmic: bool
) -> Bar:
    """Fit the rim of a round bar to all pieces of both edges at once.

    Parameters
    ----------
    pieces : Pieces
        Profiles across the bar.
    rough : tuple of Array
        Left and right edge of each piece, to a few pixels [px].
    mm_per_px : float
        Roughly, at the bar [mm].
    logarithmic : bool
        Whether grey follows the logarithm of the exposure.

    Returns
    -------
    Bar
        Radius and axis as straight lines along the ribbon.

    Raises
    ------
    FilmRefusal
        If the edges are saturated.

    References
    ----------
    .. [1] Beer-Lambert; least squares, heights and backgrounds solved for in between.
       Beliefs: rows ``rulers.metal_attenuation``, ``rulers.metal_scatter``,
       ``rulers.film_blur``, ``rulers.film_sharpening``.
    """
    at = pieces.along_px
    half = np.ptp(at) / 2
    share = (at - at.mean()) / half
    left, right = (straight_line(share, edge) for edge in rough)
    believed = _believed((right[1] - left[1]) / 2, mm_per_px)
    found = np.r_[
        (right[1] - left[1]) / 2, (right[0] - left[0]) / 2,
        (right[1] + left[1]) / 2, (right[0] + left[0]) / 2,
        believed[0],
    ]  # fmt: skip
    for _ in range(2):  # the window follows the rim once
        edges = _Edges.around(pieces, share, found, mm_per_px)
        found = edges.fit(found, believed, mm_per_px, logarithmic=logarithmic)
    return Bar(
        float(at.mean()), float(found[0]), float(found[1] / half),
        float(found[2]), float(found[3] / half), float(2 * half),
        tuple(float(v) for v in found[4:]),  # type: ignore[arg-type]
    )  # fmt: skip


def straight_line(share: Array, edge: Array) -> Array:
    """Straight line through most of the places, slope first.

    Parameters
    ----------
    share, edge : Array
        Shape (n,): along, and across [px].

    Returns
    -------
    Array
        Shape (2,): slope and level [px].

    References
    ----------
    .. [1] Least squares, without what lies far off three times over.
    """
    line = np.polyfit(share, edge, 1)
    for _ in range(3):
        off = np.abs(edge - np.polyval(line, share))
        keep = off <= max(3 * float(np.median(off)), STEP_PX)
        line = np.polyfit(share[keep], edge[keep], 1)
    return np.asarray(line)


def _believed(radius_px: float, mm_per_px: float) -> tuple[Array, Array]:
    """What is believed of the curve, and how firmly."""
    attenuation = constant("rulers.metal_attenuation")
    scatter = constant("rulers.metal_scatter")
    blur, sharpening = constant("rulers.film_blur"), constant("rulers.film_sharpening")
    thick = 2 * radius_px * mm_per_px
    means = [
        np.log(attenuation.value * thick),
        np.log(scatter.value),
        blur.value / mm_per_px,
        sharpening.value,
    ]
    spreads = [
        np.log(attenuation.high / attenuation.low) / 4,
        np.log(scatter.high / scatter.low) / 4,
        (blur.high - blur.low) / 4 / mm_per_px,
        (sharpening.high - sharpening.low) / 4,
    ]
    return np.array(means), np.array(spreads)


@dataclass(frozen=True, eq=False)
class _Edges:
    """Both edges of all pieces, each seen from inside outwards, shape (edges, n)."""

    grey: Array
    outward_px: Array
    side: Array
    share: Array
    weight: Array

    @classmethod
    def around(
        cls, pieces: Pieces, share: Array, found: Array, mm_per_px: float
    ) -> _Edges:
        """Cut a window of one size about each edge."""
        side = np.repeat([-1.0, 1.0], len(share))
        both = np.tile(share, 2)
        rim = side * (found[2] + found[3] * both) + found[0] + found[1] * both
        inner = (1 - INNER_SHARE) * found[0]
        count = int((inner + OUTER_MM / mm_per_px) / STEP_PX)
        middle = len(pieces.across_px) // 2
        first = np.ceil((rim - inner) / STEP_PX).astype(int)
        index = np.clip(first[:, None] + np.arange(count), 0, middle)
        column = np.tile(np.arange(len(share)), 2)
        grey = pieces.grey[middle + side.astype(int)[:, None] * index, column[:, None]]
        clear = (grey < SATURATED) & (grey > BLACK)
        if clear.mean() < LEAST_SEEN:
            raise FilmRefusal(
                f"the edge of the metal is saturated: {1 - clear.mean():.0%} of it is "
                f"at the end of the grey scale; allowed is {1 - LEAST_SEEN:.0%}"
            )
        return cls(grey, index * STEP_PX, side, both, clear.astype(float))

    def fit(
        self,
        start: Array,
        believed: tuple[Array, Array],
        mm_per_px: float,
        *,
        logarithmic: bool,
    ) -> Array:
        """Radius, taper, offset, slope and curve that leave the least."""
        third = self.grey.shape[1] // 4
        height = float(
            np.median(self.grey[:, :third].mean(1) - self.grey[:, -third:].mean(1))
        )
        means, spreads = believed

        def left(guess: Array) -> Array:
            off = (
                self.outward_px
                - (guess[0] + guess[1] * self.share)[:, None]
                - (self.side * (guess[2] + guess[3] * self.share))[:, None]
            )
            at, grey = rim_curve(
                guess[0], guess[4:], mm_per_px, logarithmic=logarithmic
            )
            powers = [(off / guess[0]) ** k for k in range(BACKGROUND)]
            columns = np.stack([np.interp(off, at, grey), *powers], axis=-1)
            basis = np.linalg.qr(columns * self.weight[..., None])[0]
            seen = self.grey * self.weight / height
            rest = seen - np.einsum("eik,ejk,ej->ei", basis, basis, seen, optimize=True)
            belief = BELIEF * (guess[4:] - means) / spreads
            return np.concatenate([rest.ravel(), belief])

        reach = np.array([0.3, 0.3, 0.3, 0.5]) * start[0]
        low = np.r_[start[:4] - reach, means - 4 * spreads]
        high = np.r_[start[:4] + reach, means + 4 * spreads]
        low[6] = max(low[6], 0.2)  # a blur is never negative
        inside = np.clip(start, low + 1e-6, high - 1e-6)
        scale = np.r_[1.0, 1.0, 1.0, 1.0, spreads]
        solved = optimize.least_squares(
            left, inside, bounds=(low, high), x_scale=scale, xtol=1e-5, ftol=1e-7
        )
        return np.asarray(solved.x)

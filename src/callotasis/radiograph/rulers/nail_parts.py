"""Tube, rod, the step between them, and the mark of the rod, found on a film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.radiograph.film import Film
from callotasis.radiograph.rulers.bar import (
    Bar,
    fitted_bar,
    rough_edges,
    straight_line,
)
from callotasis.radiograph.rulers.film_length import Point
from callotasis.radiograph.rulers.nail_marks import (
    SCREW_MM,
    rough_tip,
    screw_place,
    step_place,
    tip_place,
)
from callotasis.radiograph.rulers.ribbon import Pieces, Ribbon, ribbon_on
from callotasis.worlds import Array

PIECE_MM, FIT_PIECE_MM, SHORT_PIECES = 1.0, 3.0, 8  # of a short stretch so many
TUBE_SEEN_MM, BEYOND_MM = 170.0, 18.0
USUAL_MAGNIFICATION = 1.2
LEAST_CLICKS_MM = 15.0  # between both points
LEAST_SPLIT, STEP_CAP = 3, 0.15  # pieces on each side; of a width
LEAST_STEP = 0.05  # of the tube's radius: how much thinner a rod is
BESIDE_STEP_MM = 1.5
ALIKE, LOST, LOST_OF = 0.12, 5, 6  # of a width; so many pieces of so many
CORE_PX, CROSSED = 2, 0.15  # of the bar's height: how bright a screw beside it is


@dataclass(frozen=True, eq=False)
class NailSeen:
    """A nail on a film.

    Attributes
    ----------
    ribbon : Ribbon
        Along its axis, from the tube towards the tip.
    tube, rod : Bar
        Fitted.
    step_px, mark_px : float
        End of the tube and mark of the rod, along the ribbon [px].
    """

    ribbon: Ribbon
    tube: Bar
    rod: Bar
    step_px: float
    mark_px: float


def nail_on(
    film: Film, tube_px: Point, rod_px: Point, tube_mm: float, *, to_screw: bool
) -> NailSeen:
    """Find a nail between two points.

    Parameters
    ----------
    film : Film
        Metal bright.
    tube_px, rod_px : tuple of float
        On the tube, and near the mark of the rod [px].
    tube_mm : float
        Diameter of the tube [mm].
    to_screw : bool
        Whether the mark is the screw nearest to the point, not the tip.

    Returns
    -------
    NailSeen
        In pixels.

    Raises
    ------
    FilmRefusal
        If the nail or one of its parts is not found.

    References
    ----------
    .. [1] :mod:`callotasis.radiograph.rulers.metal_edge`.
    """
    mm = _mm_per_px(film, tube_px, rod_px, tube_mm)
    clicked = np.array([tube_px, rod_px], float)
    apart = float(np.linalg.norm((clicked[1] - clicked[0]) * [1.0, film.aspect]))
    if apart * mm < LEAST_CLICKS_MM:
        raise FilmRefusal(
            f"the points on tube and rod lie {apart * mm:.0f} mm apart; needed are "
            f"{LEAST_CLICKS_MM:g} mm"
        )
    ribbon = _along_axis(film, clicked, tube_mm, mm)
    rough = _Rough.of(ribbon, tube_mm, mm)
    ends = _at(ribbon, clicked[0]), _at(ribbon, clicked[1])
    where, thick, thin = rough.step(ends)
    tube = _fitted(film, ribbon, rough.around(where, thick, -1, mm), mm, tube_mm)
    mm = tube_mm / (2 * tube.radius_px)
    first, last = rough.around(where, thin, 1, mm)
    tip = ends[1] if to_screw else rough_tip(ribbon, ends[1], thin, mm)
    last = min(last, tip - (SCREW_MM if to_screw else 1.3 * thin * mm) / mm)
    rod = _fitted(film, ribbon, (first, last), mm, 2 * thin * mm)
    step = step_place(ribbon, tube, rod, where, mm)
    if to_screw:
        return NailSeen(ribbon, tube, rod, step, screw_place(ribbon, rod, tip, mm))
    return NailSeen(ribbon, tube, rod, step, tip_place(film, ribbon, rod, tip, mm))


def _mm_per_px(film: Film, tube_px: Point, rod_px: Point, tube_mm: float) -> float:
    """Roughly, at the nail: by the size of pixels, or by the widest bar of metal."""
    if film.spacing_mm is not None:
        return film.spacing_mm[0] / USUAL_MAGNIFICATION
    ends = np.array(tube_px), np.array(rod_px)
    apart = float(np.linalg.norm((ends[1] - ends[0]) * [1.0, film.aspect]))
    ribbon = ribbon_on(film, *ends, 0.45 * apart)
    upper = ribbon.pieces((0.0, 0.3 * apart), max(1.0, 0.02 * apart))
    left, right = rough_edges(upper, 3.0, 0.4 * apart)
    return tube_mm / float(np.median(right - left))


def _along_axis(film: Film, clicked: Array, tube_mm: float, mm: float) -> Ribbon:
    """Turn the line between both clicks onto the nail's axis, then lengthen it."""
    start, end = clicked
    half = 0.8 * tube_mm / mm + 4 / mm
    for _ in range(2):
        ribbon = ribbon_on(film, start, end, half)
        left, right, at = _edges(ribbon, tube_mm, mm)
        slope, level = straight_line(at, (left + right) / 2)
        far = ribbon.along_px[-1]
        start, end = (ribbon.on_film(u, level + slope * u) for u in (0.0, far))
    before = _room(film, start, start - end, TUBE_SEEN_MM / mm)
    beyond = _room(film, end, end - start, BEYOND_MM / mm)
    unit = (end - start) * [1.0, film.aspect]
    unit /= np.linalg.norm(unit)
    return ribbon_on(
        film, start, end + beyond * unit / [1.0, film.aspect], half, before
    )


def _room(film: Film, point: Array, way: Array, wanted_px: float) -> float:
    """How far one can go from a point before the film ends, at most as wanted [px]."""
    square = np.array([1.0, film.aspect])
    unit = way * square / np.linalg.norm(way * square) / square
    ahead = np.where(unit > 0, [film.columns, film.rows] - point, point)
    return float(min(wanted_px, (ahead / np.maximum(np.abs(unit), 1e-9)).min()))


def _edges(ribbon: Ribbon, tube_mm: float, mm: float) -> tuple[Array, Array, Array]:
    pieces = ribbon.pieces((0.0, float(ribbon.along_px[-1])), PIECE_MM / mm)
    left, right = rough_edges(pieces, 0.05 * tube_mm / mm, 0.68 * tube_mm / mm)
    return left, right, pieces.along_px


def _at(ribbon: Ribbon, point: Array) -> float:
    """Place of a point along a ribbon [px]."""
    way = (point - ribbon.start_px) * [1.0, ribbon.aspect]
    return float(way @ ribbon.unit)


def _misfit(half: Array) -> float:
    """How far widths lie from their median; what lies far off counts no more [px]."""
    middle = float(np.median(half))
    return float(np.minimum(np.abs(half - middle), STEP_CAP * middle).sum())


@dataclass(frozen=True, eq=False)
class _Rough:
    """Half the width of the nail and its middle at each millimetre, (n,) each [px]."""

    along_px: Array
    half_px: Array
    middle_px: Array

    @classmethod
    def of(cls, ribbon: Ribbon, tube_mm: float, mm: float) -> _Rough:
        left, right, at = _edges(ribbon, tube_mm, mm)
        return cls(at, (right - left) / 2, (right + left) / 2)

    def step(self, ends: tuple[float, float]) -> tuple[float, float, float]:
        """Where between two places the nail becomes thinner; half widths [px]."""
        inside = (self.along_px > ends[0]) & (self.along_px < ends[1])
        half, at = self.half_px[inside], self.along_px[inside]
        splits = range(LEAST_SPLIT, len(half) - LEAST_SPLIT)
        if len(splits) == 0:
            raise FilmRefusal("the points lie too near to each other along the nail")
        thinner = [k for k in splits if np.median(half[k:]) < np.median(half[:k])]
        best = min(
            thinner or splits, key=lambda k: _misfit(half[:k]) + _misfit(half[k:])
        )
        thick, thin = float(np.median(half[:best])), float(np.median(half[best:]))
        if thick - thin < LEAST_STEP * thick:
            raise FilmRefusal(
                f"tube and rod are not told apart: {2 * thick:.1f} and "
                f"{2 * thin:.1f} pixels wide; the rod must be thinner by "
                f"{LEAST_STEP:.0%} at least. Is one point on each?"
            )
        return float(at[best - 1] + at[best]) / 2, thick, thin

    def around(
        self, where: float, half: float, way: int, mm: float
    ) -> tuple[float, float]:
        """Stretch beside a place in which the width stays the same [px]."""
        near = way * (self.along_px - where)
        order = np.argsort(near)[np.sort(near) > BESIDE_STEP_MM / mm]
        good = np.abs(self.half_px[order] - half) < ALIKE * half
        lost = np.convolve(~good, np.ones(LOST_OF), "full")[: len(good)] >= LOST
        stop = int(np.argmax(lost)) if lost.any() else len(order)
        far = self.along_px[order[: max(stop, 1)]]
        begin = where + way * BESIDE_STEP_MM / mm
        end = float(far[-1])
        return (end, begin) if way < 0 else (begin, end)


def _fitted(
    film: Film, ribbon: Ribbon, ends: tuple[float, float], mm: float, wide_mm: float
) -> Bar:
    """Fit a bar to a stretch, without the pieces that something else crosses."""
    piece = min(FIT_PIECE_MM / mm, (ends[1] - ends[0]) / SHORT_PIECES)
    pieces = ribbon.pieces(ends, piece)
    left, right = rough_edges(pieces, 0.35 * wide_mm / mm, 0.65 * wide_mm / mm)
    clear = _uncrossed(pieces, left, right, mm)
    return fitted_bar(
        pieces.kept(clear),
        (left[clear], right[clear]),
        mm,
        logarithmic=film.logarithmic,
    )


def _uncrossed(pieces: Pieces, left: Array, right: Array, mm: float) -> Array:
    """Which pieces have no bright bar beside them, as a screw would be."""
    x = pieces.across_px[:, None]
    inside = np.median(pieces.grey[np.abs(pieces.across_px) < CORE_PX], axis=0)
    clear = np.ones(len(left), bool)
    for side, rim in ((-1, -np.median(left)), (1, np.median(right))):
        lane = (side * x > rim + 0.5 / mm) & (side * x < rim + 2.0 / mm)
        beside = pieces.grey[lane[:, 0]].mean(axis=0)
        usual = np.median(beside)
        clear &= beside - usual < CROSSED * (np.median(inside) - usual)
    return clear

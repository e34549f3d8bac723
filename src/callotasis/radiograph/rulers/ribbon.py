"""A film resampled along and across a bar of metal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from callotasis.errors import FilmRefusal
from callotasis.radiograph.film import Film
from callotasis.worlds import Array

STEP_PX = 0.5  # across the bar


@dataclass(frozen=True, eq=False)
class Ribbon:
    """A film resampled along and across a bar.

    Attributes
    ----------
    grey : Array
        Shape (across, along), 0 to 1.
    across_px, along_px : Array
        From the axis, and from the ribbon's start [px of columns].
    start_px, unit : Array
        Shape (2,): where it starts, column and row [px], and the direction along, in
        square pixels.
    aspect : float
        Row pitch divided by column pitch [1].
    """

    grey: Array
    across_px: Array
    along_px: Array
    start_px: Array
    unit: Array
    aspect: float

    def on_film(self, along_px: float, across_px: float = 0.0) -> Array:
        """Column and row of a place, shape (2,) [px]."""
        normal = np.array([-self.unit[1], self.unit[0]])
        square = self.unit * along_px + normal * across_px
        return np.asarray(self.start_px + square / [1.0, self.aspect])

    def pieces(self, ends_px: tuple[float, float], long_px: float) -> Pieces:
        """Means along pieces of a stretch of the ribbon."""
        step = max(1, round(long_px))
        first, last = (int(np.searchsorted(self.along_px, end)) for end in ends_px)
        count = (last - first) // step
        if count < LEAST_PIECES:
            raise FilmRefusal(
                f"{max(0, last - first)} pixels of the bar's edge can be seen; needed "
                f"are {LEAST_PIECES * step}"
            )
        grey = self.grey[:, first : first + count * step]
        shape = (len(self.across_px), count, step)
        at = self.along_px[first : first + count * step].reshape(count, step)
        return Pieces(grey.reshape(shape).mean(axis=2), self.across_px, at.mean(axis=1))


LEAST_PIECES = 3


@dataclass(frozen=True, eq=False)
class Pieces:
    """Mean profiles across a bar: grey (across, pieces), and where they lie [px]."""

    grey: Array
    across_px: Array
    along_px: Array

    def kept(self, which: Array) -> Pieces:
        """Only some of the pieces."""
        if which.sum() < LEAST_PIECES:
            raise FilmRefusal(
                f"{which.sum()} of {len(which)} pieces of the bar are free of other "
                f"metal; needed are {LEAST_PIECES}"
            )
        return Pieces(self.grey[:, which], self.across_px, self.along_px[which])


def ribbon_on(
    film: Film, start_px: Array, end_px: Array, half_px: float, before_px: float = 0.0
) -> Ribbon:
    """Lay a ribbon over a film.

    Parameters
    ----------
    film : Film
        Metal bright.
    start_px, end_px : Array
        Shape (2,), column and row of two points of the axis [px].
    half_px : float
        Half its width [px of columns].
    before_px : float
        How far it begins before the start [px of columns].

    Returns
    -------
    Ribbon
        In steps of one pixel along; what lies off the film repeats its edge.

    References
    ----------
    .. [1] Plane geometry.
    """
    square = np.array([1.0, film.aspect])
    way = (np.asarray(end_px) - start_px) * square
    unit = way / np.linalg.norm(way)
    start = np.asarray(start_px) - before_px * unit / square
    along = np.arange(0.0, float(np.linalg.norm(way)) + before_px, 1.0)
    across = np.arange(-half_px, half_px + STEP_PX / 2, STEP_PX)
    columns = start[0] + along * unit[0] - across[:, None] * unit[1]
    rows = start[1] + (along * unit[1] + across[:, None] * unit[0]) / film.aspect
    grey = ndimage.map_coordinates(
        film.pixels, [rows - 0.5, columns - 0.5], order=1, mode="nearest"
    )
    return Ribbon(grey.astype(np.float64), across, along, start, unit, film.aspect)

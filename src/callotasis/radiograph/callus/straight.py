"""The bone laid straight: a window of the film in millimetres along and across it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import map_coordinates

from callotasis.errors import FilmRefusal
from callotasis.worlds import Array

BEYOND_MM, BESIDE_MM = 48.0, 46.0  # of the two points, and of the line between them


@dataclass(frozen=True, eq=False)
class Frame:
    """A straight line on a film, and places beside it.

    Attributes
    ----------
    start : Array
        Shape (2,), column and row of the upper point [px].
    down, medial : Array
        Shape (2,), unit vectors along and across, in millimetres of the detector [1].
    spacing_mm : Array
        Shape (2,), column and row pitch [mm].
    length_mm : float
        From the upper to the lower point [mm].
    """

    start: Array
    down: Array
    medial: Array
    spacing_mm: Array
    length_mm: float

    def on_film(self, along: Array, across: Array) -> Array:
        """Column and row of places, shape (..., 2) [px]."""
        along, across = np.broadcast_arrays(along, across)
        way = along[..., None] * self.down + across[..., None] * self.medial
        return np.asarray(self.start + way / self.spacing_mm)


@dataclass(frozen=True, eq=False)
class Straight:
    """A window of the film whose rows run across the bone.

    Attributes
    ----------
    values : array
        Shape (n, m), absorption as the film holds it, up to a scale [1].
    along : Array
        Shape (n,), from the upper point, distal positive [mm].
    across : Array
        Shape (m,), from the line between the points, medial positive [mm].
    frame : Frame
        Where it lies on the film.
    """

    values: npt.NDArray[np.float32]
    along: Array
    across: Array
    frame: Frame

    @property
    def step_mm(self) -> float:
        """Between neighbouring places [mm]."""
        return float(self.along[1] - self.along[0])

    def rows(self, low_mm: float, high_mm: float) -> slice:
        """Rows between two places along the bone."""
        first, last = np.searchsorted(self.along, [low_mm, high_mm])
        return slice(int(first), int(last))

    def sampled(self, along: Array, across: Array) -> Array:
        """Values at places, straight in between [1]."""
        along, across = np.broadcast_arrays(along, across)
        places = [
            (along - self.along[0]) / self.step_mm,
            (across - self.across[0]) / self.step_mm,
        ]
        return np.asarray(map_coordinates(self.values, places, order=1, mode="nearest"))


def frame_between(
    above: tuple[float, float],
    below: tuple[float, float],
    spacing_mm: tuple[float, float],
    medial_right: float,
) -> Frame:
    """Lay a line through two points of a bone.

    Parameters
    ----------
    above, below : tuple of float
        Column and row [px].
    spacing_mm : tuple of float
        Column and row pitch [mm].
    medial_right : float
        1 where medial is to the right of the film, else -1.

    Returns
    -------
    Frame
        From the upper to the lower point.

    Raises
    ------
    FilmRefusal
        If the lower point does not lie below the upper one, or both are too near.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film".
    """
    start, pitch = np.array(above, float), np.array(spacing_mm, float)
    way = (np.array(below, float) - start) * pitch
    length = float(np.hypot(*way))
    if not way[1] > 0.5 * length or length < LEAST_MM:
        raise FilmRefusal(
            f"the point below the gap lies {way[1]:.1f} mm further down and "
            f"{abs(way[0]):.1f} mm beside the one above it; needed is at least "
            f"{LEAST_MM:g} mm, mainly downwards"
        )
    down = way / length
    medial = np.array([down[1], -down[0]]) * medial_right
    return Frame(start, down, medial, pitch, length)


LEAST_MM = 20.0


def straightened(
    pixels: npt.NDArray[np.float32], frame: Frame, step_mm: float
) -> Straight:
    """Cut the window round a line out of a film.

    Parameters
    ----------
    pixels : array
        Shape (rows, columns), absorption up to a scale [1].
    frame : Frame
        The line.
    step_mm : float
        Between neighbouring places [mm].

    Returns
    -------
    Straight
        As much of the window as the film holds; places beside the film are NaN.

    References
    ----------
    .. [1] Bilinear interpolation.
    """
    along = np.arange(-BEYOND_MM, frame.length_mm + BEYOND_MM, step_mm)
    across = np.arange(-BESIDE_MM, BESIDE_MM, step_mm)
    at = frame.on_film(along[:, None], across[None, :])
    places = np.moveaxis(at[..., ::-1] - 0.5, -1, 0)
    values = map_coordinates(pixels, places, order=1, cval=np.nan)
    inside = np.isfinite(values).mean(axis=1) > HALF
    kept = np.flatnonzero(inside)
    first, last = (int(kept[0]), int(kept[-1]) + 1) if kept.size else (0, 0)
    return Straight(values[first:last], along[first:last], across, frame)


HALF = 0.5

"""The bone laid straight: a window of the film in millimetres along and across it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, map_coordinates

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
    ceiling : float
        Above which all is metal; infinite where there is none [1].
    """

    values: npt.NDArray[np.float32]
    along: Array
    across: Array
    frame: Frame
    ceiling: float = np.inf

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


def below_metal(bone: Straight) -> Straight:
    """Cut metal in the canal down to little more than the cortex beside it.

    Parameters
    ----------
    bone : Straight
        Laid straight.

    Returns
    -------
    Straight
        With its ceiling; as it was if no metal lies in the middle of the bone.

    References
    ----------
    .. [1] Titanium of a nail absorbs several times what the cortices do, and its edges
       would be taken for those of the bone.
    """
    length = bone.frame.length_mm
    ceilings = [
        _ceiling(bone, bone.rows(*ends))
        for ends in ((-4.0, 8.0), (length - 8.0, length + 4.0))
    ]
    if None in ceilings:  # a nail runs through both fragments
        return bone
    ceiling = max(c for c in ceilings if c is not None)
    cut = np.minimum(bone.values, np.float32(ceiling))
    return replace(bone, values=cut, ceiling=ceiling)


def _ceiling(bone: Straight, rows: slice) -> float | None:
    """Value above which native bone at these rows is metal; None without metal."""
    if rows.stop <= rows.start:
        return None
    calm = gaussian_filter1d(np.nanmedian(bone.values[rows], axis=0), 3)
    steep = np.where(np.abs(bone.across) < NAIL_MM, np.gradient(calm), 0)
    left, right = int(steep.argmax()), int(steep.argmin())
    if right <= left:
        return None
    top = float(calm[left : right + 1].max())
    brightest, cortex, soft = _flanks(bone, calm, left, right)
    middle = float(calm[(left + right) // 2])
    # A bone alone is darkest amid its shadow, a nail brightest.
    if top - middle > ROUND * (top - soft) or middle - soft < METAL * cortex:
        return None
    return brightest + HEADROOM * cortex


def _flanks(
    bone: Straight, calm: Array, left: int, right: int
) -> tuple[float, float, float]:
    """Brightest flank, how far flanks stand above soft tissue, and that itself."""
    off, wide, far = (round(mm / bone.step_mm) for mm in (CLEAR_MM, CORTEX_MM, SOFT_MM))
    sides = [
        (calm[max(left - off - wide, 0) : left - off], calm[max(left - far, 0)]),
        (
            calm[right + off : right + off + wide],
            calm[min(right + far, len(calm) - 1)],
        ),
    ]
    brightest = [float(flank.max()) for flank, _ in sides if flank.size]
    stands = [float(flank.max() - soft) for flank, soft in sides if flank.size]
    softs = float(np.mean([soft for _, soft in sides]))
    return max(brightest), max(*stands, 0.0), softs


NAIL_MM, SOFT_MM, CLEAR_MM, CORTEX_MM = 11.0, 14.0, 2.2, 7.0
METAL, HEADROOM, ROUND = 1.8, 0.4, 0.06  # of the cortex, twice, and of the nail

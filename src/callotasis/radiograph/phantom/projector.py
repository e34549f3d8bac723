"""Rays through closed surfaces: how much of a solid each ray of the beam crosses.

The detector is the plane y = 0, the source stands at y = source distance; for a
lateral film both are turned about the vertical, and the person stays. Thickness is
the signed sum, over all faces, of the depth at which a ray meets them. A pixel
belongs to a face by a half-open rule, so each ray through a closed surface enters as
often as it leaves. Depth is taken as linear across a face: exact but for perspective
within one face, far below a tenth of a millimetre for bones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numba
import numpy as np
import numpy.typing as npt

from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array

Picture = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Beam:
    """Source, detector and field.

    Attributes
    ----------
    source_mm : float
        Source to detector distance [mm].
    centre_mm : tuple of float
        x and z of the source: where the central ray meets the detector [mm].
    left_mm, top_mm : float
        x and z of the film's top-left corner [mm].
    pitch_mm : float
        Detector pitch [mm].
    rows, columns : int
        Size of the film [px].
    along : tuple of float
        Horizontal unit vector (x, y) along which the columns of the film run: the
        patient's left on a frontal film, backward or forward on a lateral one [1].
    """

    source_mm: float
    centre_mm: tuple[float, float]
    left_mm: float
    top_mm: float
    pitch_mm: float
    rows: int
    columns: int
    along: tuple[float, float] = (1.0, 0.0)

    def before_detector(self, points: Array) -> Array:
        """Turn points about the vertical until their y is the distance in front.

        Parameters
        ----------
        points : Array
            Shape (n, 3), in the person's frame [mm].

        Returns
        -------
        Array
            Shape (n, 3): x along the columns, y in front of the detector, z up [mm].

        References
        ----------
        .. [1] A detector beside the person instead of behind.
        """
        right, ahead = self.along
        x, y, z = points.T
        return np.stack([x * right + y * ahead, y * right - x * ahead, z], axis=1)

    def film_points(self, points: Array) -> Array:
        """Project points.

        Parameters
        ----------
        points : Array
            Shape (n, 3), in the person's frame [mm].

        Returns
        -------
        Array
            Shape (n, 2), column and row [px].

        References
        ----------
        .. [1] Similar triangles: planning facts 1.5.
        """
        x, y, z = self.before_detector(points).T
        grow = self.source_mm / (self.source_mm - y)
        x = self.centre_mm[0] + (x - self.centre_mm[0]) * grow
        z = self.centre_mm[1] + (z - self.centre_mm[1]) * grow
        return np.stack(
            [(x - self.left_mm) / self.pitch_mm, (self.top_mm - z) / self.pitch_mm],
            axis=1,
        )

    @property
    def centre_px(self) -> tuple[float, float]:
        """Column and row where the central ray meets the detector [px]."""
        x, z = self.centre_mm
        return (x - self.left_mm) / self.pitch_mm, (self.top_mm - z) / self.pitch_mm

    def coarser(self, factor: int) -> Beam:
        """The same field on larger pixels, for what has no sharp edge."""
        return replace(
            self,
            pitch_mm=self.pitch_mm * factor,
            rows=-(-self.rows // factor),
            columns=-(-self.columns // factor),
        )

    def within(self, box: tuple[slice, slice], factor: int) -> Beam:
        """A part of the field on smaller pixels, for what has a sharp edge."""
        rows, columns = box
        return replace(
            self,
            left_mm=self.left_mm + columns.start * self.pitch_mm,
            top_mm=self.top_mm - rows.start * self.pitch_mm,
            pitch_mm=self.pitch_mm / factor,
            rows=(rows.stop - rows.start) * factor,
            columns=(columns.stop - columns.start) * factor,
        )

    def box_of(self, solid: Solid) -> tuple[slice, slice]:
        """Rows and columns that the shadow of a solid touches."""
        return _box(self.film_points(solid.vertices), self.rows, self.columns)

    def add_thickness(self, solid: Solid, into: Picture) -> tuple[slice, slice]:
        """Add the thickness of a solid along each ray to a picture.

        Parameters
        ----------
        solid : Solid
            Closed, faces turned one way.
        into : Picture
            Shape (rows, columns), changed in place [mm].

        Returns
        -------
        tuple of slice
            Rows and columns that the solid's shadow touches.

        References
        ----------
        .. [1] Signed sum over faces; exact for closed surfaces.
        """
        on_film = self.film_points(solid.vertices)
        source = np.array([self.centre_mm[0], self.source_mm, self.centre_mm[1]])
        placed = self.before_detector(solid.vertices)
        depth = np.linalg.norm(placed - source, axis=1) - self.source_mm
        box = _box(on_film, self.rows, self.columns)
        window = np.zeros((box[0].stop - box[0].start, box[1].stop - box[1].start))
        corner = np.array([box[1].start, box[0].start])
        _accumulate(on_film - corner, depth, solid.faces, window)
        total = window.sum()
        into[box] += np.maximum(window if total >= 0 else -window, 0)
        return box


def _box(on_film: Array, rows: int, columns: int) -> tuple[slice, slice]:
    low = np.floor(on_film.min(axis=0)).astype(int) - 1
    high = np.ceil(on_film.max(axis=0)).astype(int) + 2
    column, row = np.clip(low, 0, [columns, rows])
    last_column, last_row = np.clip(high, [column, row], [columns, rows])
    return slice(int(row), int(last_row)), slice(int(column), int(last_column))


@numba.njit(cache=True)
def _accumulate(on_film, depth, faces, window):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0915 - one compiled loop
    """Add each face's depth, signed by the way it faces, to the pixels it covers."""
    rows, columns = window.shape
    x = np.empty(3)
    y = np.empty(3)
    for face in range(faces.shape[0]):
        for corner in range(3):
            x[corner] = on_film[faces[face, corner], 0]
            y[corner] = on_film[faces[face, corner], 1]
        area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
        if area == 0.0:
            continue
        t0 = depth[faces[face, 0]]
        t1 = depth[faces[face, 1]] - t0
        t2 = depth[faces[face, 2]] - t0
        by_column = (t1 * (y[2] - y[0]) - t2 * (y[1] - y[0])) / area
        by_row = (t2 * (x[1] - x[0]) - t1 * (x[2] - x[0])) / area
        sign = 1.0 if area > 0.0 else -1.0
        first = max(0, int(np.ceil(y.min() - 0.5)))
        last = min(rows, int(np.ceil(y.max() - 0.5)))
        for row in range(first, last):
            centre = row + 0.5
            left, right = np.inf, -np.inf
            for corner in range(3):
                a, b = corner, (corner + 1) % 3
                # Each edge is walked upwards, whichever face asks: both faces that
                # share it cut the scan line at the very same place.
                if y[a] > y[b]:
                    a, b = b, a
                if y[a] <= centre < y[b]:
                    cut = x[a] + (x[b] - x[a]) * ((centre - y[a]) / (y[b] - y[a]))
                    left, right = min(left, cut), max(right, cut)
            if right < left:
                continue
            start = max(0, int(np.ceil(left - 0.5)))
            stop = min(columns, int(np.ceil(right - 0.5)))
            base = t0 + by_row * (centre - y[0]) - by_column * x[0]
            for column in range(start, stop):
                window[row, column] += sign * (base + by_column * (column + 0.5))

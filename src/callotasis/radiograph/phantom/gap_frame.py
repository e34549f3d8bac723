"""The gap on the film: coordinates along and across, and the native bone beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import map_coordinates

from callotasis.radiograph.callus.regions import (
    AXIS_FROM_MM,
    AXIS_TO_MM,
    NATIVE_FROM_MM,
    NATIVE_TO_MM,
)
from callotasis.radiograph.phantom.cut import CutLeg
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.worlds import Array

REACH_MM, STEP_MM = 45.0, 0.1  # across, where edges are looked for
EDGE_MM = 0.4  # thickness of bone that is called its edge
ACROSS = np.linspace(-1.3, 1.3, 261)  # half widths


@dataclass(frozen=True, eq=False)
class GapFrame:
    """Both cut ends on the film.

    Attributes
    ----------
    ends : Array
        Shape (2, 2): upper and lower cut end, column and row [px].
    down, medial : Array
        Shape (2, 2): unit vectors along and across each fragment [1].
    pitch_mm : float
        [mm].
    """

    ends: Array
    down: Array
    medial: Array
    pitch_mm: float

    @property
    def gap_mm(self) -> float:
        """Way between the cut ends on the detector [mm]."""
        return float(np.linalg.norm(self.ends[1] - self.ends[0]) * self.pitch_mm)

    def inside(self, rows: Array, columns: Array) -> tuple[Array, Array]:
        """Depth of pixels below the upper and above the lower cut end [mm]."""
        at = np.stack(np.broadcast_arrays(columns + 0.5, rows + 0.5), axis=-1)
        below = (at - self.ends[0]) @ self.down[0] * self.pitch_mm
        above = -((at - self.ends[1]) @ self.down[1]) * self.pitch_mm
        return below, above


@dataclass(frozen=True, eq=False)
class Native:
    """What the native bone absorbs more than flesh, and its thickness.

    Attributes
    ----------
    upper, lower : Picture
        Absorption of each fragment above that of flesh [1].
    upper_mm, lower_mm : Picture
        Thickness of each fragment, marrow included [mm].
    frame : GapFrame
        Where the gap is.
    regenerate : Picture or None
        Absorption of the callus above that of flesh [1].
    """

    upper: Picture
    lower: Picture
    upper_mm: Picture
    lower_mm: Picture
    frame: GapFrame
    regenerate: Picture | None = None

    def edges(self, which: int, from_mm: float, to_mm: float) -> tuple[Array, Array]:
        """Middle and half width of a fragment between two distances from its end.

        Returns distances, shape (n,), and (middle, half width), shape (n, 2) [mm].
        """
        s = np.arange(from_mm, to_mm, 0.5)
        t = np.arange(-REACH_MM, REACH_MM, STEP_MM)
        thick = self._sampled(
            (self.upper_mm, self.lower_mm)[which], which, s[:, None], t
        )
        on = thick > EDGE_MM
        first = t[on.argmax(axis=1)]
        last = t[len(t) - 1 - on[:, ::-1].argmax(axis=1)]
        return s, np.stack([(first + last) / 2, (last - first) / 2], axis=1)

    def end(self, which: int) -> Array:
        """Middle and half width at the cut end, shape (2,) [mm]."""
        s, edges = self.edges(which, NATIVE_FROM_MM, NATIVE_TO_MM)
        return np.array([np.polyfit(s, part, 1)[1] for part in edges.T])

    def profile(self, which: int) -> Array:
        """Mean absorption beside the gap at :data:`ACROSS`, shape (n,) [1]."""
        s, edges = self.edges(which, NATIVE_FROM_MM, NATIVE_TO_MM)
        t = edges[:, :1] + edges[:, 1:] * ACROSS
        found = self._sampled((self.upper, self.lower)[which], which, s[:, None], t)
        return np.asarray(found.mean(axis=0))

    def axis_deg(self, which: int) -> float:
        """Direction of a fragment's middle line, medial distal end positive [deg]."""
        s, edges = self.edges(which, AXIS_FROM_MM, AXIS_TO_MM)
        slope = np.polyfit(s, edges[:, 0], 1)[0] * (-1 if which == 0 else 1)
        middle = np.array([self.frame.down[which] + slope * self.frame.medial[which]])
        along, across = (self.frame.down[0], self.frame.medial[0])
        return float(np.degrees(np.arctan2(*(middle @ np.array([across, along]).T)[0])))

    def _sampled(self, picture: Picture, which: int, s: Array, t: Array) -> Array:
        """Values at distances from a cut end into its fragment, and across [mm]."""
        frame = self.frame
        away = -1.0 if which == 0 else 1.0
        s, t = np.broadcast_arrays(s, t)
        at = (
            frame.ends[which]
            + (
                away * s[..., None] * frame.down[which]
                + t[..., None] * frame.medial[which]
            )
            / frame.pitch_mm
        )
        places = np.moveaxis(at[..., ::-1] - 0.5, -1, 0)
        return np.asarray(map_coordinates(picture, places, order=1, mode="nearest"))


def gap_frame(leg: CutLeg, beam: Beam) -> GapFrame:
    """Project the cut ends of a leg.

    Parameters
    ----------
    leg : CutLeg
        With its gap [mm].
    beam : Beam
        Source and field.

    Returns
    -------
    GapFrame
        On the film.

    References
    ----------
    .. [1] Similar triangles.
    """
    ends = beam.film_points(np.array([leg.upper_end, leg.lower_end]))
    tips = beam.film_points(
        np.array([leg.upper_end - leg.upper_axis, leg.lower_end + leg.lower_axis])
    )
    down = np.stack([ends[0] - tips[0], tips[1] - ends[1]])
    down /= np.linalg.norm(down, axis=1, keepdims=True)
    medial = np.stack([-down[:, 1], down[:, 0]], axis=1)
    side = beam.film_points(np.array([leg.upper_end + leg.medial]))[0] - ends[0]
    medial *= np.sign(medial @ side)[:, None]
    return GapFrame(ends, down, medial, beam.pitch_mm)

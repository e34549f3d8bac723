"""Paper for drawn exercises: outlines, lines, cushions, mirrored at the door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Polygon

from callotasis.report.style import INK
from callotasis.worlds import Array

FURNITURE, CLOTH = "#f3f0ea", "#f2d7a6"
ARC_POINTS = 24
OUTLINE_PT, THICK_PT = 0.8, 2.2
BEHIND, IN_FRONT = 0.5, 12.0


@dataclass
class Paper:
    """Axes on which centimetres of a person are drawn.

    Attributes
    ----------
    axes : Axes
        Where it is drawn.
    flip : float
        1, or -1 where the paper is mirrored for the other side.
    seen : list of Array
        Every point drawn so far, shape (points, 2) [cm].
    """

    axes: Axes
    flip: float
    seen: list[Array] = field(default_factory=list)

    def at(self, points: Array) -> Array:
        """Where points come to lie on the paper."""
        return np.asarray(points * np.array([self.flip, 1.0]))

    def area(self, points: Array, colour: str) -> None:
        """Fill an outline."""
        placed = self.at(points)
        self.seen.append(placed)
        self.axes.add_patch(
            Polygon(placed, facecolor=colour, edgecolor=INK, linewidth=OUTLINE_PT)
        )

    def line(
        self,
        points: Iterable[Iterable[float]],
        width: float = THICK_PT,
        before: float = BEHIND,
    ) -> None:
        """Draw a thick line, behind the body unless said."""
        placed = self.at(np.array([list(p) for p in points], float))
        self.seen.append(placed)
        self.axes.plot(
            *placed.T, color=INK, linewidth=width, solid_capstyle="round", zorder=before
        )

    def block(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a piece of furniture."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.area(np.array(corners, float), FURNITURE)

    def cushion(self, at: Iterable[float], size: tuple[float, float]) -> None:
        """Draw a rolled towel, a pad or a pillow."""
        middle = self.at(np.array(at))
        wide, high = size
        self.seen.append(middle + np.array([[-wide, -high], [wide, high]]))
        self.axes.add_patch(
            Ellipse(
                tuple(middle),
                2 * wide,
                2 * high,
                facecolor=CLOTH,
                edgecolor=INK,
                linewidth=OUTLINE_PT,
            )
        )

    def blob(self, middle: Array, wide: float, high: float, colour: str) -> None:
        """Draw a head, a hand or an eye."""
        turn = np.linspace(0, 2 * np.pi, 2 * ARC_POINTS)
        ring = np.stack([wide * np.cos(turn), high * np.sin(turn)], axis=1)
        self.area(middle + ring, colour)


def capsule(start: Array, end: Array, wide: float, narrow: float) -> Array:
    """Outline of two circles and what lies between them.

    Parameters
    ----------
    start, end : Array
        Middles of the circles, shape (2,) [cm].
    wide, narrow : float
        Radii of the first and the last one [cm].

    Returns
    -------
    Array
        Shape (points, 2) [cm].
    """
    way = end - start
    far = float(np.hypot(*way))
    ahead = float(np.arctan2(way[1], way[0]))
    lean = float(np.arccos(np.clip((wide - narrow) / max(far, 1e-9), -1.0, 1.0)))
    back = np.linspace(ahead + lean, ahead + 2 * np.pi - lean, ARC_POINTS)
    front = np.linspace(ahead - lean, ahead + lean, ARC_POINTS)
    return np.concatenate([start + wide * _round(back), end + narrow * _round(front)])


def _round(turn: Array) -> Array:
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)

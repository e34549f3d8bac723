"""Closed surfaces, the leg that they make up, and what carries both along.

Frame: x to the patient's left, y anterior, z up, in millimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callotasis.pose import Side
from callotasis.worlds import Array

Faces = npt.NDArray[np.int64]
Move = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Solid:
    """A closed surface.

    Attributes
    ----------
    vertices : Array
        Shape (n, 3) [mm].
    faces : array of int
        Shape (m, 3).
    """

    vertices: Array
    faces: Faces

    def moved(self, move: Move) -> Solid:
        """Carry the surface along."""
        return Solid(move(self.vertices), self.faces)


@dataclass(frozen=True, eq=False)
class Leg:
    """Bones and landmarks of one leg, in one frame."""

    side: Side
    bones: dict[str, Solid]
    points: dict[str, Array]

    def moved(self, move: Move) -> Leg:
        """Carry bones and landmarks along."""
        places = move(np.array([*self.points.values()]).reshape(-1, 3))
        return Leg(
            self.side,
            {n: s.moved(move) for n, s in self.bones.items()},
            dict(zip(self.points, places, strict=True)),
        )

    def mirrored(self) -> Leg:
        """The same leg on the right; the faces turn round with it."""
        flip = np.array([-1.0, 1.0, 1.0])
        return Leg(
            Side.RIGHT,
            {
                n: Solid(s.vertices * flip, s.faces[:, ::-1])
                for n, s in self.bones.items()
            },
            {n: p * flip for n, p in self.points.items()},
        )


def in_turn(moves: Iterable[Move]) -> Move:
    """Carry points by one move after the other.

    Parameters
    ----------
    moves : iterable of callable
        Each from points to points, shape (n, 3) [mm].

    Returns
    -------
    callable
        From points to points [mm].

    References
    ----------
    .. [1] Composition of maps.
    """
    every = tuple(moves)

    def move(points: Array) -> Array:
        for each in every:
            points = each(points)
        return points

    return move


def turned_about(axis: Array, angle: float, through: Array) -> Move:
    """Turn points about a line, right-handed.

    Parameters
    ----------
    axis : Array
        Shape (3,), direction of the line.
    angle : float
        [rad].
    through : Array
        Shape (3,), a point of the line [mm].

    Returns
    -------
    callable
        From points to points, shape (n, 3) [mm].

    References
    ----------
    .. [1] Rodrigues' formula.
    """
    unit = axis / np.linalg.norm(axis)
    cos, sin = np.cos(angle), np.sin(angle)
    along, across = np.outer(unit, unit), np.cross(np.eye(3), unit)
    matrix = along + cos * (np.eye(3) - along) + sin * across

    def move(points: Array) -> Array:
        return np.asarray(through + (points - through) @ matrix.T)

    return move

"""Mounting and deformity from two films of a leg in its frame.

Thirteen numbers are usually read off two films by hand, as if every film lay exactly
square and at one scale. Here the points are read, and rays do the rest: each point lies
where its rays from both sources meet, the reference ring lies where its six joints were
seen, and in every world the films were taken from slightly elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod.files import Number
from callotasis.fixation.hexapod.frame import Frame, Placement
from callotasis.fixation.hexapod.mounting import Mounting, Reference
from callotasis.pose import rotation_xyz
from callotasis.worlds import Array

Seen = tuple[Number, Number]
BONE_POINTS = {
    "proximal": ("proximal_medial", "proximal_lateral", "origin"),
    "distal": ("distal_medial", "distal_lateral", "corresponding"),
}
POINTS = tuple(name for part in BONE_POINTS.values() for name in part)
VIEWS = ("frontal", "side")
NEAREST_MM, FARTHEST_MM = 300.0, 5000.0


@dataclass(frozen=True)
class FilmReading:
    """What was read on one film, in millimetres on the detector from the central ray.

    On the frontal film a point is (lateral, proximal), on the side film (anterior,
    proximal).

    Attributes
    ----------
    proximal_medial, proximal_lateral : tuple of float
        Ends of the line across the proximal joint [mm].
    origin, corresponding : tuple of float
        Where both fragments shall meet: on the proximal and on the distal one [mm].
    distal_medial, distal_lateral : tuple of float
        Ends of the line across the distal joint [mm].
    ring : tuple of tuple
        Joints 1 to 6 of the reference ring [mm].
    """

    proximal_medial: Seen
    proximal_lateral: Seen
    origin: Seen
    corresponding: Seen
    distal_medial: Seen
    distal_lateral: Seen
    ring: tuple[Seen, Seen, Seen, Seen, Seen, Seen]

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def points(self) -> dict[str, Array]:
        """Points by name, shape (1, 2), and the ring's joints, shape (6, 2) [mm]."""
        found = {n: np.array([getattr(self, n)], float) for n in POINTS}
        return {**found, "ring": np.array(self.ring, float)}


@dataclass(frozen=True)
class TwoFilms:
    """A frontal and a side film of a leg in its frame.

    Attributes
    ----------
    source_mm : float
        From the source to the detector [mm].
    object_mm : float
        From the source to the middle of the leg [mm].
    normal_torsion_deg : float
        External turn of the distal against the proximal joint line in the healthy
        leg [deg].
    frontal, side : FilmReading
        The source stands in front of the leg; on the medial side of it.
    """

    source_mm: Number
    object_mm: Number
    normal_torsion_deg: Number
    frontal: FilmReading
    side: FilmReading

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def check(self) -> None:
        """Refuse distances that no film has.

        Raises
        ------
        FrameRefusal
            With the distance and what is allowed.
        """
        if not NEAREST_MM <= self.object_mm < self.source_mm <= FARTHEST_MM:
            raise FrameRefusal(
                f"object_mm is {self.object_mm:g} and source_mm {self.source_mm:g}; "
                f"allowed is {NEAREST_MM:g} <= object_mm < source_mm <= {FARTHEST_MM:g}"
            )


@dataclass(frozen=True, eq=False)
class Taken:
    """How one film was taken, in every world.

    Attributes
    ----------
    turn : Array
        Shape (worlds, 3, 3): turns the leg into the film's axes [1].
    source_mm, object_mm : Array
        Shape (worlds,): source to detector, source to leg [mm].
    """

    turn: Array
    source_mm: Array
    object_mm: Array

    @classmethod
    def by(cls, angles_deg: Array, source_mm: Array, object_mm: Array) -> Taken:
        """From turns about x, y and z, shape (worlds, 3), and distances [deg, mm]."""
        return cls(rotation_xyz(np.radians(angles_deg)), source_mm, object_mm)


def projected(points_mm: Array, view: str, film: Taken) -> Array:
    """Where points are seen on a film.

    Parameters
    ----------
    points_mm : Array
        Shape (worlds, n, 3), limb axes, from the middle of the leg [mm].
    view : str
        ``frontal`` or ``side``.
    film : Taken
        How it was taken.

    Returns
    -------
    Array
        Shape (worlds, n, 2), on the detector from the central ray [mm].

    References
    ----------
    .. [1] Central projection.
    """
    turned = np.einsum("wij,wnj->wni", film.turn, points_mm)
    x, y, z = np.moveaxis(turned, -1, 0)
    across, toward = (x, y) if view == "frontal" else (y, -x)
    size = film.source_mm[:, None] / (film.object_mm[:, None] - toward)
    return np.stack([across * size, z * size], axis=-1)


def met(seen: dict[str, Array], films: dict[str, Taken]) -> Array:
    """Where the rays of two films meet.

    Parameters
    ----------
    seen : dict of str to Array
        By view, shape (worlds, n, 2) [mm].
    films : dict of str to Taken
        By view.

    Returns
    -------
    Array
        Shape (worlds, n, 3): least squares of four equations a point [mm].

    References
    ----------
    .. [1] Linear triangulation (Hartley and Zisserman, section 12.2).
    """
    rows, right = [], []
    for view, film in films.items():
        x, y, z = (film.turn[:, None, i] for i in range(3))
        across, toward = (x, y) if view == "frontal" else (y, -x)
        away = film.source_mm[:, None, None]
        for axis, value in ((across, seen[view][..., 0]), (z, seen[view][..., 1])):
            rows.append(away * axis + value[..., None] * toward)
            right.append(value * film.object_mm[:, None])
    matrix, wanted = np.stack(rows, axis=-2), np.stack(right, axis=-1)[..., None]
    turned = np.swapaxes(matrix, -1, -2)
    return np.asarray(np.linalg.solve(turned @ matrix, turned @ wanted)[..., 0])


def fragment_frames(points: dict[str, Array]) -> dict[str, Placement]:
    """Axes of both fragments: z up the bone, x across the joint, laterally.

    Parameters
    ----------
    points : dict of str to Array
        Shape (worlds, 3), by the names of ``BONE_POINTS`` [mm].

    Returns
    -------
    dict of str to Placement
        ``proximal`` about the origin, ``distal`` about its corresponding point [mm].

    References
    ----------
    .. [1] Gram-Schmidt.
    """
    found = {}
    for part, (medial, lateral, near) in BONE_POINTS.items():
        joint = (points[medial] + points[lateral]) / 2
        away = joint - points[near]
        up = _unit(away if part == "proximal" else -away)
        across = points[lateral] - points[medial]
        outward = _unit(across - (across * up).sum(-1, keepdims=True) * up)
        forward = np.cross(up, outward)
        axes = np.stack([outward, forward, up], axis=-1)
        found[part] = Placement(points[near], axes)
    return found


def ring_seen(joints_mm: Array, seen_mm: Array) -> Placement:
    """Where a ring of known joints lies.

    Parameters
    ----------
    joints_mm : Array
        Shape (6, 3), in the ring's own frame [mm].
    seen_mm : Array
        Shape (worlds, 6, 3) [mm].

    Returns
    -------
    Placement
        From the ring's frame to where it was seen [mm].

    References
    ----------
    .. [1] Kabsch, Acta Cryst 1976;A32:922.
    """
    middle, centre = joints_mm.mean(axis=0), seen_mm.mean(axis=1)
    spread = np.einsum("ni,wnj->wij", joints_mm - middle, seen_mm - centre[:, None])
    left, _, right = np.linalg.svd(spread)
    hand = np.linalg.det(left) * np.linalg.det(right)
    right[:, 2] *= hand[:, None]
    turn = np.swapaxes(left @ right, -1, -2)
    return Placement(centre - turn @ middle, turn)


def parameters_seen(
    frame: Frame,
    reference: Reference,
    seen: dict[str, Array],
    films: dict[str, Taken],
    torsion_deg: float,
) -> tuple[Placement, Mounting]:
    """Deformity and mounting from what was read on two films.

    Parameters
    ----------
    frame : Frame
        Joints of both rings, as a right leg wears them [mm].
    reference : Reference
        Whose joints were read.
    seen : dict of str to Array
        By view, shape (worlds, points, 2): ``POINTS``, then the ring's joints [mm].
    films : dict of str to Taken
        By view.
    torsion_deg : float
        External turn between both joint lines in the healthy leg [deg].

    Returns
    -------
    tuple of Placement and Mounting
        The distal fragment and the reference ring, in every world [mm].

    References
    ----------
    .. [1] :func:`met`, :func:`fragment_frames`, :func:`ring_seen`.
    """
    places = met(seen, films)
    bones = fragment_frames({n: places[:, i] for i, n in enumerate(POINTS)})
    ring = ring_seen(frame.joints_of(reference), places[:, len(POINTS) :])
    healthy = Placement(np.zeros(3), rotation_xyz(np.radians([0, 0, -torsion_deg])))
    bones["distal"] = bones["distal"] @ healthy.inverse()
    deformity = bones["proximal"].inverse() @ bones["distal"]
    return deformity, Mounting(reference, bones[reference].inverse() @ ring)


def _unit(directions: Array) -> Array:
    return np.asarray(directions / np.linalg.norm(directions, axis=-1, keepdims=True))

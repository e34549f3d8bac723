"""Solids that the tests can weigh: volume, closedness, what lies inside."""

from __future__ import annotations

from collections import Counter

import numpy as np

from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.solid import Faces, Solid
from callotasis.worlds import Array


def volume_mm3(solid: Solid) -> float:
    """Volume by the divergence theorem; its sign says which way the faces turn."""
    a, b, c = (solid.vertices[solid.faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def is_closed(faces: Faces) -> bool:
    """Tell whether each edge is walked as often one way as the other."""
    steps = Counter(
        (int(face[k]), int(face[(k + 1) % 3])) for face in faces for k in range(3)
    )
    return all(steps[end, start] == times for (start, end), times in steps.items())


def inside(points: Array, solid: Solid) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which points lie in a closed solid, by the solid angle it fills."""
    angle = np.zeros(len(points))
    for chunk in np.array_split(solid.faces, max(1, len(solid.faces) // 500)):
        a, b, c = (
            solid.vertices[chunk[:, k]][None] - points[:, None] for k in range(3)
        )
        la, lb, lc = (np.linalg.norm(v, axis=2) for v in (a, b, c))
        ab, bc, ca = (np.sum(p * q, axis=2) for p, q in ((a, b), (b, c), (c, a)))
        triple = np.sum(a * np.cross(b, c), axis=2)
        flat = la * lb * lc + ab * lc + bc * la + ca * lb
        angle += 2 * np.arctan2(triple, flat).sum(axis=1)
    return np.asarray(np.abs(angle) > 2 * np.pi)


def motion(before: Array, after: Array) -> tuple[Array, Array, float]:
    """Rigid motion (turn, shift) nearest to what was done, and how far off it is."""
    middle, there = before.mean(axis=0), after.mean(axis=0)
    u, _, v = np.linalg.svd((before - middle).T @ (after - there))
    flip = np.diag([1, 1, np.sign(np.linalg.det(v.T @ u.T))])
    turn = v.T @ flip @ u.T
    off = np.linalg.norm((before - middle) @ turn.T + there - after, axis=1)
    return turn, there - turn @ middle, float(off.max())


def angle_of(turn: Array) -> float:
    """Angle of a rotation, 0 to 180 [deg]."""
    skew = turn - turn.T
    sine = np.linalg.norm([skew[2, 1], skew[0, 2], skew[1, 0]])
    return float(np.degrees(np.arctan2(sine, np.trace(turn) - 1)))


def fitted_sphere(points: Array) -> tuple[Array, float, float]:
    """Centre, radius, and largest distance of a point from the best sphere."""
    design = np.c_[2 * points, np.ones(len(points))]
    solved = np.linalg.lstsq(design, (points**2).sum(axis=1), rcond=None)[0]
    centre = solved[:3]
    radius = float(np.sqrt(solved[3] + centre @ centre))
    off = np.abs(np.linalg.norm(points - centre, axis=1) - radius)
    return centre, radius, float(off.max())


def sphere(centre: Array, radius: float, rings: int) -> Solid:
    """Sphere of triangles whose corners lie on it; finer with more rings."""
    polar = np.linspace(0, np.pi, rings + 1)[1:-1]
    around = np.arange(2 * rings) * np.pi / rings
    belt = np.stack(
        [
            np.outer(np.sin(polar), np.cos(around)),
            np.outer(np.sin(polar), np.sin(around)),
            np.outer(np.cos(polar), np.ones(2 * rings)),
        ],
        axis=2,
    ).reshape(-1, 3)
    unit = np.vstack([belt, [0, 0, 1], [0, 0, -1]])
    return Solid(centre + radius * unit, _sphere_faces(rings))


def _sphere_faces(rings: int) -> Faces:
    count = 2 * rings
    top, bottom = (rings - 1) * count, (rings - 1) * count + 1
    faces = []
    for k in range(count):
        after = (k + 1) % count
        faces.append((top, k, after))
        low = (rings - 2) * count
        faces.append((bottom, low + after, low + k))
        for ring in range(rings - 2):
            here, below = ring * count, (ring + 1) * count
            faces.append((here + k, below + k, below + after))
            faces.append((here + k, below + after, here + after))
    return np.array(faces, dtype=np.int64)


def box(low: Array, high: Array) -> Solid:
    """Box of twelve triangles."""
    corners = np.array(
        [[(low, high)[k][i] for i, k in enumerate(at)] for at in np.ndindex(2, 2, 2)]
    )
    quads = (
        (0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1),
        (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3),
    )  # fmt: skip
    faces = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    return Solid(corners, np.array(faces, dtype=np.int64))


def rays(beam: Beam) -> tuple[Array, Array]:
    """Source, and unit directions to the middle of every pixel, (rows, columns, 3)."""
    source = np.array([beam.centre_mm[0], beam.source_mm, beam.centre_mm[1]])
    row, column = np.indices((beam.rows, beam.columns))
    target = np.stack(
        [
            beam.left_mm + (column + 0.5) * beam.pitch_mm,
            np.zeros_like(row, dtype=float),
            beam.top_mm - (row + 0.5) * beam.pitch_mm,
        ],
        axis=2,
    )
    direction = target - source
    return source, direction / np.linalg.norm(direction, axis=2, keepdims=True)

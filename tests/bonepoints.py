"""Bone landmarks: where a surface has its points, by the definitions of a reader.

Frame: x to the patient's left, y anterior, z up [mm]. Written apart from the phantom's
own, so that neither is tested by itself.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from callotasis.pose import Side
from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array

Points = dict[str, Array]

LATERAL_OF_HEAD_MM = 30.0  # the trochanter begins there, the neck ends before
SLICE_MM = 4.0
ANKLE_SPACE_MM = 7.0
NEARLY_MM = 0.3


# Surfaces.


def parts(solid: Solid) -> list[Solid]:
    """Take a surface apart, the largest part first."""
    one, other = solid.faces[:, [0, 1, 2]].ravel(), solid.faces[:, [1, 2, 0]].ravel()
    count = len(solid.vertices)
    edges = coo_matrix((np.ones(len(one)), (one, other)), shape=(count, count))
    _, label = connected_components(edges, directed=False)
    found = []
    for part in np.unique(label[solid.faces[:, 0]]):
        own = label == part
        number = np.cumsum(own) - 1
        faces = solid.faces[own[solid.faces[:, 0]]]
        found.append(Solid(solid.vertices[own], number[faces]))
    return sorted(found, key=lambda part: len(part.faces), reverse=True)


def joined(solids: list[Solid]) -> Solid:
    """Put surfaces together as one."""
    first = np.cumsum([0, *(len(s.vertices) for s in solids)])
    return Solid(
        np.vstack([s.vertices for s in solids]),
        np.vstack([s.faces + n for s, n in zip(solids, first, strict=False)]),
    )


def mirror_image(solid: Solid) -> Solid:
    """Swap right and left; the faces turn round with it."""
    return Solid(solid.vertices * [-1.0, 1.0, 1.0], solid.faces[:, ::-1])


# Landmarks of the surfaces.


def bone_points(bones: dict[str, Solid], side: Side) -> Points:
    """Compute the landmarks of one leg from its bones [mm]."""
    flip = np.array([-1.0 if side is Side.RIGHT else 1.0, 1.0, 1.0])
    femur, tibia, talus, patella = (
        mirror_image(bones[n]) if side is Side.RIGHT else bones[n]
        for n in ("femur", "tibia", "talus", "patella")
    )
    points = {
        "patella_centre": _middle(patella.vertices),
        **_femur_points(femur),
        **_tibia_points(tibia, talus),
    }
    return {name: point * flip for name, point in points.items()}


def femoral_head(femur: Solid, side: Side) -> tuple[Array, float]:
    """Centre and radius of the sphere that fits the head best [mm]."""
    flip = np.array([-1.0 if side is Side.RIGHT else 1.0, 1.0, 1.0])
    centre, radius = _head_of_left(femur.vertices * flip)
    return centre * flip, radius


def sphere_through(points: Array) -> tuple[Array, float]:
    """Centre and radius of the sphere nearest to some points [mm]."""
    design = np.c_[2 * points, np.ones(len(points))]
    x, y, z, rest = np.linalg.lstsq(design, (points**2).sum(axis=1), rcond=None)[0]
    centre = np.array([x, y, z])
    return centre, float(np.sqrt(rest + centre @ centre))


def _head_of_left(femur: Array) -> tuple[Array, float]:
    top = femur[femur[:, 2] > femur[:, 2].max() - 60]
    seed = top[np.argmax(0.6 * top[:, 2] - top[:, 0])]
    from_seed = np.linalg.norm(top - seed, axis=1)
    near = from_seed < 28
    for _ in range(30):
        centre, radius = sphere_through(top[near])
        off = np.linalg.norm(top - centre, axis=1) - radius
        near = (np.abs(off) < 1.2) & (from_seed < 1.75 * radius)
    return centre, radius


def _femur_points(femur: Solid) -> Points:
    """Landmarks of a left femur: lateral is +x."""
    bone = femur.vertices
    hip, _ = _head_of_left(bone)
    low = bone[bone[:, 2] < bone[:, 2].min() + 40]
    middle = (low[:, 0].min() + low[:, 0].max()) / 2
    medial, lateral = low[low[:, 0] < middle - 4], low[low[:, 0] > middle + 4]
    outer = bone[bone[:, 0] > hip[0] + LATERAL_OF_HEAD_MM]
    condyles = [_farthest(half, 2, -1) for half in (medial, lateral)]
    return {
        "hip_centre": hip,
        "knee_centre": (condyles[0] + condyles[1]) / 2,
        "fem_condyle_med": condyles[0],
        "fem_condyle_lat": condyles[1],
        "troch_tip": _farthest(outer, 2, 1),
        "fem_shaft_prox": _slice_centre(bone, 0.62),
        "fem_shaft_dist": _slice_centre(bone, 0.35),
    }


def _farthest(points: Array, axis: int, sign: int) -> Array:
    """Farthest point one way; the middle of all that reach nearly as far."""
    reach = sign * points[:, axis]
    point = points[reach > reach.max() - NEARLY_MM].mean(axis=0)
    point[axis] = sign * reach.max()
    return np.asarray(point)


def _slice_centre(bone: Array, share: float) -> Array:
    z = bone[:, 2].min() + share * np.ptp(bone[:, 2])
    ring = bone[np.abs(bone[:, 2] - z) < SLICE_MM]
    x, y, _ = _middle(ring)
    return np.array([x, y, z])


def _middle(points: Array) -> Array:
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2)


def _tibia_points(tibia: Solid, talus: Solid) -> Points:
    """Landmarks of a left tibia without its fibula: lateral is +x."""
    bone = tibia.vertices
    top = bone[bone[:, 2] > bone[:, 2].max() - 18]
    return {
        "tib_rim_med": _farthest(top, 0, -1),
        "tib_rim_lat": _farthest(top, 0, 1),
        "tib_shaft_prox": _slice_centre(bone, 0.70),
        "tib_shaft_dist": _slice_centre(bone, 0.35),
        **_plateau_points(tibia),
        **_plafond_points(tibia, talus),
    }


def _facing(solid: Solid, upwards: float) -> tuple[Array, Array]:
    """Middles and areas of the faces that look up (1) or down (-1) within 30 deg."""
    a, b, c = (solid.vertices[solid.faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    size = np.linalg.norm(normal, axis=1)
    steep = upwards * normal[:, 2] > 0.87 * size
    return ((a + b + c) / 3)[steep], size[steep] / 2


def _plateau_points(tibia: Solid) -> Points:
    """Middles of both plateaus: of what looks up beside the spines."""
    level = tibia.vertices[:, 2].max() - 18
    top = tibia.vertices[tibia.vertices[:, 2] > level]
    up, _ = _facing(tibia, 1.0)
    up = up[up[:, 2] > level]
    share = (up[:, 0] - top[:, 0].min()) / np.ptp(top[:, 0])
    return {
        f"tib_plateau_{name}": np.median(up[(share > low) & (share < high)], axis=0)
        for name, low, high in (("med", 0.10, 0.30), ("lat", 0.70, 0.90))
    }


def _plafond_points(tibia: Solid, talus: Solid) -> Points:
    """Ends and middle of a line through what looks down on the talus."""
    down, area = _facing(tibia, -1.0)
    apart, _ = cKDTree(talus.vertices).query(down)
    floor, area = down[apart < ANKLE_SPACE_MM], area[apart < ANKLE_SPACE_MM]
    slope, height = np.polyfit(floor[:, 0], floor[:, 2], 1, w=np.sqrt(area))
    depth = float(np.average(floor[:, 1], weights=area))
    order = np.argsort(floor[:, 0])
    share = np.cumsum(area[order]) / area.sum()
    low, high = np.interp([0.1, 0.9], share, floor[order, 0])
    at = {"plafond_med": low, "plafond_lat": high, "ankle_centre": (low + high) / 2}
    return {n: np.array([x, depth, height + slope * x]) for n, x in at.items()}

"""What lies around and inside the bones: muscle and skin, cortex and marrow."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.skeleton import Leg, Person, Solid
from callotasis.worlds import Array

LONG_BONES = ("femur", "tibia", "fibula")
SHELL_MM = 0.9
FOOT_SHELL_MM = 0.5
LEVELS = 64

# Leg outline from 70 mm above the hip to 40 mm below the ankle: share of the way
# hip-knee (0 to 1) or knee-ankle (1 to 2), radius, and how far it lies behind [mm].
_OUTLINE = np.array(
    [
        [-0.35, 60.0, -2.0], [-0.05, 86.0, -6.0], [0.15, 88.0, -8.0],
        [0.50, 74.0, -2.0], [0.85, 58.0, -4.0], [1.00, 54.0, -8.0],
        [1.10, 52.0, -14.0], [1.30, 56.0, -24.0], [1.55, 46.0, -18.0],
        [1.80, 35.0, -8.0], [1.95, 33.0, -4.0], [2.05, 35.0, 2.0], [2.15, 36.0, 8.0],
    ]
)  # fmt: skip


def flesh_of(person: Person) -> list[Solid]:
    """Soft outlines of both legs, both feet and the trunk.

    Parameters
    ----------
    person : Person
        For where the bones are [mm].

    Returns
    -------
    list of Solid
        To be joined smoothly, not added [mm].

    References
    ----------
    .. [1] Outlines drawn by the makers after an average adult.
    """
    solids = []
    for leg in person.legs.values():
        solids += [_leg_outline(leg), _foot_outline(leg)]
    return [*solids, _trunk(person)]


def _leg_outline(leg: Leg) -> Solid:
    hip, knee, ankle = (leg.points[f"{j}_centre"] for j in ("hip", "knee", "ankle"))
    share = np.linspace(_OUTLINE[0, 0], _OUTLINE[-1, 0], 80)
    line = np.array(
        [np.interp(share, [0, 1, 2], c) for c in zip(hip, knee, ankle, strict=True)]
    ).T
    over, under = (
        np.clip(-share, 0, None)[:, None],
        np.clip(share - 2, 0, None)[:, None],
    )
    line += over * (hip - knee) + under * (ankle - knee)
    radius, behind = (
        gaussian_filter1d(np.interp(share, _OUTLINE[:, 0], _OUTLINE[:, k]), 3)
        for k in (1, 2)
    )
    line[:, 1] += behind
    size = np.linalg.norm(hip - ankle) / 800 * _rounded_end(share, _OUTLINE[0, 0], 0.25)
    return Solid(*loft(line, np.stack([radius, radius * 1.04], axis=1) * size[:, None]))


def _rounded_end(along: Array, start: float, length: float) -> Array:
    """Quarter of an ellipse from nothing at ``start`` to one: no edge shows there."""
    left = np.clip(1 - (along - start) / length, 0, 1)
    return np.asarray(np.sqrt(np.maximum(1 - left**2, 1e-3)))


def _foot_outline(leg: Leg) -> Solid:
    every = np.vstack([leg.bones[n].vertices for n in leg.bones if n in _FOOT])
    y = np.linspace(every[:, 1].min() - 8, every[:, 1].max() + 8, 24)
    centre, half = [], []
    for at in y:
        near = every[np.abs(every[:, 1] - at) < 16]  # noqa: PLR2004 - a slice of foot
        low, high = near.min(axis=0), near.max(axis=0)
        centre.append([(low[0] + high[0]) / 2, at, (low[2] + high[2]) / 2])
        half.append([(high[0] - low[0]) / 2 + 9, (high[2] - low[2]) / 2 + 9])
    smooth = gaussian_filter1d(np.array(half), 2, axis=0)
    path = gaussian_filter1d(np.array(centre), 2, axis=0)
    return Solid(*loft(path, smooth, power=2.4))


_FOOT = ("talus", "heel", "midfoot", *(f"ray_{k}" for k in range(1, 6)))


def _trunk(person: Person) -> Solid:
    pelvis = person.pelvis.vertices
    hips = [leg.points["hip_centre"] for leg in person.legs.values()]
    floor = min(h[2] for h in hips) - 110
    z = np.linspace(floor, pelvis[:, 2].max() + 140, 50)
    wide = np.ptp(pelvis[:, 0]) / 2
    half = np.interp(
        z,
        [floor, floor + 130, floor + 190, pelvis[:, 2].max(), z[-1]],
        [wide * 1.0, wide * 1.18, wide * 1.28, wide * 1.12, wide * 1.02],
    )
    deep = np.interp(z, [floor, floor + 150, z[-1]], [70, 100, 108])
    middle = pelvis.mean(axis=0)
    path = np.stack([0 * z + middle[0], 0 * z + middle[1], z], axis=1)
    widths = gaussian_filter1d(np.stack([half, deep], axis=1), 3, axis=0)
    # The trunk thins out over the thighs, front to back only: no seam at the groin.
    widths[:, 1] *= _rounded_end(z, floor, 150)
    return Solid(*loft(path, widths, power=2.6))


def marrow_of(name: str, bone: Solid) -> Solid:
    """Inner surface of the cortex: thick in the shaft, a thin shell at the ends.

    Parameters
    ----------
    name : str
        Femur, tibia and fibula have a shaft.
    bone : Solid
        Outer surface [mm].

    Returns
    -------
    Solid
        Same faces, vertices moved inwards [mm].

    References
    ----------
    .. [1] Cortex drawn by the makers: up to 6.5 mm in the shaft, 0.9 mm at the ends,
       0.5 mm in the foot.
    """
    normal = _inward(bone)
    if name not in LONG_BONES:
        shell = FOOT_SHELL_MM if name in _FOOT else SHELL_MM
        return Solid(bone.vertices + normal * shell, bone.faces)
    share = shaft_share(bone.vertices[:, 2])
    thickness = SHELL_MM + share * np.clip(0.44 * _radius(bone) - SHELL_MM, 0.6, 6.0)
    return Solid(bone.vertices + normal * thickness[:, None], bone.faces)


def shaft_share(z: Array) -> Array:
    """How much of a shaft a level is: 0 at both ends, 1 in the middle.

    Parameters
    ----------
    z : Array
        Heights of one bone [mm].

    Returns
    -------
    Array
        Same shape [1].

    References
    ----------
    .. [1] Drawn by the makers.
    """
    share = (z - z.min()) / np.ptp(z)
    ramp = np.clip(np.minimum(share - 0.12, 0.88 - share) / 0.18, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp))


def _radius(bone: Solid) -> Array:
    """Mean radius of the bone at the level of each vertex, smooth along the shaft."""
    z = bone.vertices[:, 2]
    level = np.minimum(((z - z.min()) / np.ptp(z) * LEVELS).astype(int), LEVELS - 1)
    radius = np.full(LEVELS, np.nan)
    for k in np.unique(level):
        ring = bone.vertices[level == k, :2]
        radius[k] = np.linalg.norm(ring - ring.mean(axis=0), axis=1).mean()
    known = np.isfinite(radius)
    filled = np.interp(np.arange(LEVELS), np.flatnonzero(known), radius[known])
    return np.asarray(gaussian_filter1d(filled, 2.5)[level])


def _inward(bone: Solid) -> Array:
    corners = bone.vertices[bone.faces]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    volume = np.einsum("ij,ij->", corners[:, 0], face)
    normal = np.zeros_like(bone.vertices)
    for k in range(3):
        np.add.at(normal, bone.faces[:, k], face)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    return np.asarray(-np.sign(volume) * normal)

"""What lies around and inside the bones: muscle and skin, cortex and marrow."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.skeleton import Person
from callotasis.radiograph.phantom.solid import Leg, Solid
from callotasis.worlds import Array

LONG_BONES = ("femur", "tibia", "fibula")
SHELL_MM = 0.9
FOOT_SHELL_MM = 0.25
FOOT_SKIN_MM, FOOT_FAT_MM = 6.0, 1.0  # skin over the bones; fat between them
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


def flesh_of(person: Person, flesh: float = 1.0, share: float = 1.0) -> list[Solid]:
    """Soft outlines of both legs, both feet and the trunk.

    Parameters
    ----------
    person : Person
        For where the bones are [mm].
    flesh : float
        Thickness relative to the mean [1].
    share : float
        Of the radius: 1 for the skin, less for what lies beneath [1].

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
        solids += [_leg_outline(leg, flesh, share), _foot_outline(leg, share)]
    if len(person.legs) == 1:  # lateral, from the thigh down; the trunk leans away
        return solids
    return [*solids, _trunk(person, flesh * share)]


def _leg_outline(leg: Leg, flesh: float, inside: float) -> Solid:
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
    # Ankles stay lean, whoever stands on them.
    size = size * inside * np.interp(share, [1.7, 2.0], [flesh, 1.0])
    return Solid(*loft(line, np.stack([radius, radius * 1.04], axis=1) * size[:, None]))


def _rounded_end(along: Array, start: float, length: float) -> Array:
    """Quarter of an ellipse from nothing at ``start`` to one: no edge shows there."""
    left = np.clip(1 - (along - start) / length, 0, 1)
    return np.asarray(np.sqrt(np.maximum(1 - left**2, 1e-3)))


def _foot_outline(leg: Leg, share: float) -> Solid:
    every = np.vstack([leg.bones[n].vertices for n in leg.bones if n in FOOT])
    y = np.linspace(every[:, 1].min() - 8, every[:, 1].max() + 8, 24)
    centre, half = [], []
    for at in y:
        near = every[np.abs(every[:, 1] - at) < 16]  # noqa: PLR2004 - a slice of foot
        low, high = near.min(axis=0), near.max(axis=0)
        centre.append([(low[0] + high[0]) / 2, at, (low[2] + high[2]) / 2])
        skin = FOOT_SKIN_MM if share == 1 else -FOOT_FAT_MM
        half.append([(high[0] - low[0]) / 2 + skin, (high[2] - low[2]) / 2 + skin])
    smooth = gaussian_filter1d(np.maximum(half, 2.0), 2, axis=0)
    path = gaussian_filter1d(np.array(centre), 2, axis=0)
    return Solid(*loft(path, smooth, power=2.4))


FOOT = ("talus", "heel", "midfoot", *(f"ray_{k}" for k in range(1, 6)))


def _trunk(person: Person, flesh: float) -> Solid:
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
    size = flesh * wide / 137.0
    deep = size * np.interp(z, [floor, floor + 150, z[-1]], [70, 100, 108])
    half *= flesh
    middle = pelvis.mean(axis=0)
    path = np.stack([0 * z + middle[0], 0 * z + middle[1], z], axis=1)
    widths = gaussian_filter1d(np.stack([half, deep], axis=1), 3, axis=0)
    # The trunk thins out over the thighs, front to back only: no seam at the groin.
    widths[:, 1] *= _rounded_end(z, floor, 150) ** 2
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
       0.25 mm in the foot.
    """
    normal = _inward(bone)
    if name not in LONG_BONES:
        shell = FOOT_SHELL_MM if name in FOOT else SHELL_MM
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


PLATE_MM, DENSE_MM = 1.9, 0.7
NECK_RISE = 0.8  # of the neck, against its way inwards
ANTEVERTED = 0.7  # how much of its direction is that from the trochanter to the head
_PLATES = {  # height above the lower end of a bone, as a share of its length
    "femur": (0.062,),
    "tibia": (0.045, 0.950),
    "fibula": (0.075, 0.955),
}


def growth_plates_of(leg: Leg) -> list[tuple[Solid, bool]]:
    """Open growth plates of one leg.

    Parameters
    ----------
    leg : Leg
        With its long bones [mm].

    Returns
    -------
    list of (Solid, bool)
        Discs of cartilage, and (True) the dense borders above and below them [mm].

    References
    ----------
    .. [1] Levels drawn by the makers after films of ten-year-olds.
    """
    found = []
    for name, levels in _PLATES.items():
        z = leg.bones[name].vertices[:, 2]
        for level in levels:
            at = float(z.min() + level * np.ptp(z))
            ring = _ring(leg.bones[name].vertices, np.array([0, 0, at]), _UP)
            found += _plate(ring, _UP)
    return found + _head_plate(leg)


def _level(direction: Array) -> Array:
    """Unit vector of the level part of a direction."""
    level = direction * [1.0, 1.0, 0.0]
    return np.asarray(level / np.linalg.norm(level))


def _head_plate(leg: Leg) -> list[tuple[Solid, bool]]:
    """Growth plate of the femoral head, square to the neck."""
    hip = leg.points["hip_centre"]
    inwards = leg.points["fem_condyle_med"] - leg.points["fem_condyle_lat"]
    towards = hip - leg.points["troch_tip"]
    # The tip of the trochanter lies behind the neck: it alone turns it too far forward.
    neck = _level(inwards) + ANTEVERTED * _level(towards)
    neck[2] = NECK_RISE * np.linalg.norm(neck)
    neck /= np.linalg.norm(neck)
    vertices = leg.bones["femur"].vertices
    reach = float(np.linalg.norm(vertices - hip, axis=1).min())  # of the head
    base = hip - 0.4 * reach * neck
    near = vertices[np.linalg.norm(vertices - base, axis=1) < 1.2 * reach]
    return _plate(_ring(near, base, neck), neck)


_UP = np.array([0.0, 0.0, 1.0])
RING_CORNERS, RING_SLAB_MM = 40, 7.0


def _ring(vertices: Array, through: Array, normal: Array) -> Array:
    """Outline of a bone in a plane: the far end of each sector, shape (n, 3)."""
    height = (vertices - through) @ normal
    slab = vertices[np.abs(height) < RING_SLAB_MM]
    slab = slab - ((slab - through) @ normal)[:, None] * normal
    middle = (slab.min(axis=0) + slab.max(axis=0)) / 2
    across = np.cross(normal, [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    forward = np.cross(across, normal)
    x, y = (slab - middle) @ across, (slab - middle) @ forward
    angle = np.arctan2(y, x)
    at = np.linspace(-np.pi, np.pi, RING_CORNERS, endpoint=False)
    # What lies farthest in a direction: the outline's hull, without a wild corner.
    reach = np.array([np.max(np.hypot(x, y) * np.cos(angle - a)) for a in at])
    reach = gaussian_filter1d(0.94 * reach, 1.0, mode="wrap")
    return np.asarray(
        middle
        + (reach * np.cos(at))[:, None] * across
        + (reach * np.sin(at))[:, None] * forward
    )


def _plate(ring: Array, normal: Array) -> list[tuple[Solid, bool]]:
    """A disc of cartilage between two thin dense ones."""
    half = PLATE_MM / 2
    return [
        (_disc(ring, normal, -half, half), False),
        (_disc(ring, normal, half, half + DENSE_MM), True),
        (_disc(ring, normal, -half - DENSE_MM, -half), True),
    ]


def _disc(ring: Array, normal: Array, low: float, high: float) -> Solid:
    """Prism over a ring, waved a little as growth plates are."""
    count = len(ring)
    wave = 0.9 * np.sin(np.arange(count) * 4 * np.pi / count)[:, None] * normal
    levels = [ring + wave + low * normal, ring + wave + high * normal]
    centres = [level.mean(axis=0) for level in levels]
    vertices = np.vstack([*levels, *centres])
    k = np.arange(count)
    nxt = (k + 1) % count
    faces = [
        np.c_[k, nxt, count + nxt], np.c_[k, count + nxt, count + k],
        np.c_[nxt, k, np.full(count, 2 * count)],
        np.c_[count + k, count + nxt, np.full(count, 2 * count + 1)],
    ]  # fmt: skip
    return Solid(vertices, np.vstack(faces))

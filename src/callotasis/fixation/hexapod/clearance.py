"""Room between struts, rings and the limb, on every day of a path.

Struts and limb are capsules (round rods with round ends), rings are flat and may be
open. The limb is its skin: one part stands still with the proximal ring, the other
moves with the distal ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import Evidence, constant
from callotasis.findings import Finding, Level
from callotasis.fixation.hexapod.distance import Washer, segments_apart, washer_apart
from callotasis.fixation.hexapod.frame import STRUTS, Frame, Placement
from callotasis.fixation.hexapod.hardware import FULL_DEG, Hardware, Mounted, Ring
from callotasis.worlds import Array

RINGS = ("proximal ring", "distal ring")
PARTS = ("limb above the cut", "limb below the cut")


@dataclass(frozen=True, eq=False)
class Capsule:
    """A round rod with round ends.

    Attributes
    ----------
    start_mm, end_mm : Array
        Shape (3,), ends of its axis [mm].
    radius_mm : float
        [mm].
    """

    start_mm: Array
    end_mm: Array
    radius_mm: float

    def __post_init__(self) -> None:
        ends = np.stack([self.start_mm, self.end_mm])
        if not (np.isfinite(ends).all() and 0 < self.radius_mm <= WIDEST_LIMB_MM):
            raise FrameRefusal(
                f"a capsule of radius {self.radius_mm:g} mm between "
                f"{ends.round(1).tolist()}; allowed is a radius above 0 and up to "
                f"{WIDEST_LIMB_MM:g} mm between finite points"
            )


WIDEST_LIMB_MM = 250.0


@dataclass(frozen=True, eq=False)
class Fragments:
    """What stands still with the proximal ring, and what moves with the distal one.

    Attributes
    ----------
    proximal, distal : tuple of Capsule
        Skin or bone, each in the frame of its ring; several in a row make a taper.
    """

    proximal: tuple[Capsule, ...]
    distal: tuple[Capsule, ...]

    def __post_init__(self) -> None:
        if not (self.proximal and self.distal):
            raise FrameRefusal(
                f"{len(self.proximal)} proximal and {len(self.distal)} distal "
                "capsules; at least one of each is needed"
            )


@dataclass(frozen=True)
class Pair:
    """Two things that must not touch, and the room wanted between them."""

    one: str
    other: str
    row: Evidence

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"


@dataclass(frozen=True, eq=False)
class Clearance:
    """Room of every pair on every day.

    Attributes
    ----------
    pairs : tuple of Pair
        What was checked against what.
    room_mm : Array
        Shape (days, pairs); negative where they would run into each other [mm].
    sharing : tuple of str
        Pairs of struts that share a joint and were not checked.
    """

    pairs: tuple[Pair, ...]
    room_mm: Array
    sharing: tuple[str, ...]

    @property
    def least_mm(self) -> Array:
        """Least room on each day, shape (days,) [mm]."""
        return np.asarray(self.room_mm.min(axis=1))

    @property
    def closest(self) -> tuple[Pair, ...]:
        """The pair with the least room on each day."""
        return tuple(self.pairs[i] for i in self.room_mm.argmin(axis=1))


def clearances(
    hardware: Hardware,
    poses: Placement,
    limb: Fragments | None = None,
    strut_radius_mm: float | None = None,
) -> Clearance:
    """Measure the room between all parts of a frame, and the limb.

    All of it in the axes of the frame file, on the leg's own side. Rings are not
    checked against each other.

    Parameters
    ----------
    hardware : Hardware
        Rings [mm].
    poses : Placement
        Of the distal ring, one or many; days of worlds are put in one row [mm].
    limb : Fragments, optional
        Its skin [mm].
    strut_radius_mm : float, optional
        As the maker says; else that of the evidence row [mm].

    Returns
    -------
    Clearance
        Of every pair on every day [mm].

    Raises
    ------
    FrameRefusal
        If the radius cannot be.

    References
    ----------
    .. [1] Evidence rows ``clearance.*``.
    """
    row = constant("clearance.strut_radius")
    radius = row.value if strut_radius_mm is None else strut_radius_mm
    if not 0 < radius <= MOST_STRUT_RADIUS_MM:
        raise FrameRefusal(
            f"strut radius is {radius:g} mm; allowed is more than 0 and up to "
            f"{MOST_STRUT_RADIUS_MM:g} mm"
        )
    poses = Placement(
        poses.translation_mm.reshape(-1, 3), poses.rotation.reshape(-1, 3, 3)
    )
    frame = hardware.frame
    tops = np.broadcast_to(frame.proximal_mm, (len(poses.translation_mm), STRUTS, 3))
    bottoms = poses.carried(frame.distal_mm)
    sharing = _sharing(frame, radius)
    found = [_among_struts(tops, bottoms, radius, sharing)]
    found.append(_struts_and_rings(hardware, poses, (tops, bottoms), radius))
    if limb is not None:
        found.append(_struts_and_limb((tops, bottoms), radius, limb, poses))
        found.append(_rings_and_limb(hardware, poses, limb))
    return Clearance(
        tuple(pair for pairs, _ in found for pair in pairs),
        np.concatenate([room for _, room in found], axis=1),
        tuple(f"{_strut(i)} and {_strut(j)}" for i, j in sharing),
    )


MOST_STRUT_RADIUS_MM = 30.0
Measured = tuple[list[Pair], Array]


def _strut(index: int) -> str:
    return f"strut {index + 1}"


def _sharing(frame: Frame, radius: float) -> list[tuple[int, int]]:
    """Struts whose joints are too near for two cylinders to stand side by side."""
    return [
        (i, j)
        for i, j in combinations(range(STRUTS), 2)
        if any(
            np.linalg.norm(joints[i] - joints[j]) < 2 * radius
            for joints in (frame.proximal_mm, frame.distal_mm)
        )
    ]


def _among_struts(
    tops: Array, bottoms: Array, radius: float, sharing: list[tuple[int, int]]
) -> Measured:
    row = constant("clearance.hardware")
    every = [p for p in combinations(range(STRUTS), 2) if p not in sharing]
    one, other = (list(side) for side in zip(*every, strict=True))
    room = segments_apart(
        tops[:, one], bottoms[:, one], tops[:, other], bottoms[:, other]
    )
    return [Pair(_strut(i), _strut(j), row) for i, j in every], room - 2 * radius


def _struts_and_rings(
    hardware: Hardware, poses: Placement, struts: tuple[Array, Array], radius: float
) -> Measured:
    """Each strut against both rings, without the piece next to its own joint."""
    tops, bottoms = struts
    long = np.linalg.norm(bottoms - tops, axis=-1, keepdims=True)
    zone = constant("clearance.joint_zone").value
    step = np.minimum(zone / long, 0.5) * (bottoms - tops)
    upper = washer_apart(tops + step, bottoms, proximal_body(hardware.proximal))
    lower = washer_apart(
        _seen_from(poses, tops),
        _seen_from(poses, bottoms - step),
        distal_body(hardware.distal),
    )
    row = constant("clearance.hardware")
    pairs = [Pair(_strut(i), ring, row) for ring in RINGS for i in range(STRUTS)]
    return pairs, np.concatenate([upper, lower], axis=1) - radius


def _struts_and_limb(
    struts: tuple[Array, Array], radius: float, limb: Fragments, poses: Placement
) -> Measured:
    tops, bottoms = (ends[:, :, None] for ends in struts)
    rooms = []
    for start, end, skin in _parts(limb, poses):
        apart = segments_apart(tops, bottoms, start[:, None], end[:, None])
        rooms.append((apart - skin).min(axis=-1) - radius)
    row = constant("clearance.strut_skin")
    pairs = [Pair(_strut(i), part, row) for part in PARTS for i in range(STRUTS)]
    return pairs, np.concatenate(rooms, axis=1)


def _rings_and_limb(hardware: Hardware, poses: Placement, limb: Fragments) -> Measured:
    upper, lower = proximal_body(hardware.proximal), distal_body(hardware.distal)
    rooms: list[Array] = []
    for start, end, skin in _parts(limb, poses):
        there = _seen_from(poses, start), _seen_from(poses, end)
        apart = washer_apart(start, end, upper), washer_apart(*there, lower)
        rooms.extend((a - skin).min(axis=-1) for a in apart)
    row = constant("clearance.ring_skin")
    pairs = [Pair(ring, part, row) for part in PARTS for ring in RINGS]
    return pairs, np.stack(rooms, axis=1)


def _parts(limb: Fragments, poses: Placement) -> list[tuple[Array, Array, Array]]:
    """Axes of both parts of the limb in the proximal frame, and their radii."""
    days = len(poses.translation_mm)
    found = []
    for part, moves in ((limb.proximal, False), (limb.distal, True)):
        ends = np.array([[c.start_mm, c.end_mm] for c in part])
        start, end = (
            poses.carried(ends[:, i])
            if moves
            else np.broadcast_to(ends[:, i], (days, *ends[:, i].shape))
            for i in (0, 1)
        )
        found.append((start, end, np.array([c.radius_mm for c in part])))
    return found


def _seen_from(poses: Placement, points_mm: Array) -> Array:
    """Points of the proximal frame in the distal ring's, shape (days, n, 3) [mm]."""
    away = points_mm - poses.translation_mm[:, None]
    return np.asarray(away @ poses.rotation)


def proximal_body(ring: Ring) -> Washer:
    """Body of the upper ring, in the frame of its joints."""
    face = -ring.joint_offset_mm
    return _body(ring, ring.proximal, (face - ring.thickness_mm, face))


def distal_body(ring: Ring) -> Washer:
    """Body of the lower ring, in the frame of its joints."""
    face = ring.joint_offset_mm
    return _body(ring, ring.distal, (face, face + ring.thickness_mm))


def _body(ring: Ring, mounted: Mounted, reach: tuple[float, float]) -> Washer:
    return Washer(
        inner_mm=ring.inner_mm / 2,
        outer_mm=ring.outer_mm / 2,
        low_mm=reach[0],
        high_mm=reach[1],
        gap_rad=float(np.radians(FULL_DEG - ring.arc_deg)),
        gap_at_rad=float(np.radians(mounted.gap_deg)),
    )


def clearance_findings(found: Clearance, about: str) -> list[Finding]:
    """Say which parts touch, or come too near, and on which days.

    Parameters
    ----------
    found : Clearance
        From :func:`clearances` [mm].
    about : str
        The segment that the frame is for.

    Returns
    -------
    list of Finding
        A stop for each pair that touches, a caution for each that comes near, and a
        note for struts that share a joint.

    References
    ----------
    .. [1] Evidence rows ``clearance.hardware``, ``clearance.strut_skin``,
       ``clearance.ring_skin``.
    """
    findings = [
        _told(pair, room, about)
        for pair, room in zip(found.pairs, found.room_mm.T, strict=True)
        if room.min() < pair.row.value
    ]
    if found.sharing:
        findings.append(
            Finding(
                Level.NOTE,
                "clearance.unchecked",
                f"These share a joint: {', '.join(found.sharing)}.",
                "Look yourself whether they run free of each other.",
                "clearance.strut_radius",
                about,
            )
        )
    return findings


def _told(pair: Pair, room: Array, about: str) -> Finding:
    worst, least = int(room.argmin()), float(room.min())
    on = f"{about}, {pair}"
    name = str(pair).capitalize()
    if least <= 0:
        touching = np.flatnonzero(room <= 0)
        first, last = int(touching[0]), int(touching[-1])
        days = f"on day {first}" if first == last else f"from day {first} to day {last}"
        return Finding(
            Level.STOP,
            "clearance.contact",
            f"{name} touch {days}: on day {worst} they would lie {-least:.1f} mm in "
            "each other.",
            "Choose another path, ring or place of the frame.",
            pair.row.key,
            on,
        )
    return Finding(
        Level.CAUTION,
        "clearance.near",
        f"{name} come within {least:.1f} mm of each other on day {worst}; wanted are "
        f"{pair.row.value:g} mm.",
        "Look at the frame on that day, or choose another path, ring or place.",
        pair.row.key,
        on,
    )

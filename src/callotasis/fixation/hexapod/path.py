"""From one pose to another: by a screw, straight, or in phases; in how many days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.spatial.transform import Rotation

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod.frame import Placement
from callotasis.worlds import Array

SAMPLES = 201
MOST_DAYS = 1000  # catches slips; no leg is drawn out for so long
FARTHEST_MM = 600.0  # of a structure from its ring or bone: a leg is no longer
NO_TURN = 1e-6  # [rad]: below it, screw and straight way differ by 1e-5 mm at most
Part = Callable[[Array], Placement]


@dataclass(frozen=True, eq=False)
class Course:
    """A path cut into days: poses at the end of each, the start first."""

    days: int
    poses: Placement


def course(
    start: Placement,
    target: Placement,
    structures_mm: Array,
    rate_mm_per_day: float,
    way: str,
) -> Course:
    """Cut a path into days in which no structure moves faster than the rate.

    Parameters
    ----------
    start, target : Placement
        One pose each [mm].
    structures_mm : Array
        Shape (n, 3), points that move with the distal ring, in its frame [mm].
    rate_mm_per_day : float
        [mm/day].
    way : str
        ``screw``, ``straight`` or ``phases``.

    Returns
    -------
    Course
        Equal fractions of each part of the path.

    Raises
    ------
    FrameRefusal
        If the way is unknown, or a turn moves no structure.

    References
    ----------
    .. [1] Velocity of a structure at risk: planning facts 5.1.
    """
    away = np.abs(structures_mm).max(initial=0.0)
    if not away <= FARTHEST_MM:
        raise FrameRefusal(
            f"a structure at risk lies {away:g} mm away; allowed is up to "
            f"{FARTHEST_MM:g} mm in any direction"
        )
    if way not in WAYS:
        raise FrameRefusal(f"path '{way:.20}' is unknown; known are {', '.join(WAYS)}")
    translations = [start.translation_mm[None]]
    rotations = [start.rotation[None]]
    for part in WAYS[way](start, target):
        days = _days(part, structures_mm, rate_mm_per_day)
        if days:
            placed = part(np.arange(1, days + 1) / days)
            translations.append(placed.translation_mm)
            rotations.append(placed.rotation)
    poses = Placement(np.concatenate(translations), np.concatenate(rotations))
    return Course(len(poses.translation_mm) - 1, poses)


def _days(part: Part, structures_mm: Array, rate: float) -> int:
    """Days of one part: its fastest structure, anywhere on the way, sets them."""
    speed = _fastest(part, structures_mm, SAMPLES - 1) * (SAMPLES - 1)
    if not speed / rate <= MOST_DAYS:
        raise FrameRefusal(
            f"at {rate:g} mm a day the way takes more than {MOST_DAYS} days: its "
            f"fastest structure goes {speed:.4g} mm"
        )
    days = int(np.ceil(speed / rate - 1e-9))
    ends = part(np.array([0.0, 1.0])).rotation
    if not days and np.abs(ends[1] - ends[0]).max() > NO_TURN:
        raise FrameRefusal(
            "the ring turns, but no structure at risk moves, so that the rate sets no "
            "number of days; name structures_at_risk_mm away from the ring's centre"
        )
    # A chord of the samples is shorter than the arc of a shorter day.
    while days and _fastest(part, structures_mm, days) > rate * (1 + 1e-9):
        days += 1
    return days


def _fastest(part: Part, structures_mm: Array, steps: int) -> float:
    """Longest way of a structure in one of so many equal steps [mm]."""
    places = part(np.linspace(0, 1, steps + 1)).carried(structures_mm)
    return float(np.linalg.norm(np.diff(places, axis=0), axis=-1).max())


def _screw(start: Placement, target: Placement) -> list[Part]:
    """One screw motion: every point moves at a constant speed of its own."""
    relative = target.rotation @ start.rotation.T
    turn = Rotation.from_matrix(relative).as_rotvec()
    shift = target.translation_mm - relative @ start.translation_mm
    # A shift along the axis, and the point of the axis next to the origin; a turn too
    # small to have an axis is a straight way.
    square = float(turn @ turn)
    if square < NO_TURN**2:
        return _straight(start, target)
    along = turn * (turn @ shift) / square
    half = np.cross(turn, shift - along) / (2 * square)
    angle = np.sqrt(square)
    through = (shift - along) / 2 + half * angle / np.tan(angle / 2)

    def part(share: Array) -> Placement:
        turned = Rotation.from_rotvec(share[:, None] * turn).as_matrix()
        carried = turned @ (start.translation_mm - through) + through
        return Placement(carried + share[:, None] * along, turned @ start.rotation)

    return [part]


def _straight(start: Placement, target: Placement) -> list[Part]:
    """The ring's centre on a straight line, turning evenly about one axis."""
    return [_between(start, target)]


def _between(start: Placement, target: Placement) -> Part:
    shift = target.translation_mm - start.translation_mm
    turn = Rotation.from_matrix(target.rotation @ start.rotation.T).as_rotvec()

    def part(share: Array) -> Placement:
        turned = Rotation.from_rotvec(share[:, None] * turn).as_matrix()
        return Placement(
            start.translation_mm + share[:, None] * shift, turned @ start.rotation
        )

    return part


def _phases(start: Placement, target: Placement) -> list[Part]:
    """Lengthen, then translate, then turn: bone ends part before they pass."""
    lengthened = start.translation_mm.copy()
    lengthened[2] = target.translation_mm[2]
    stops = [
        start,
        Placement(lengthened, start.rotation),
        Placement(target.translation_mm, start.rotation),
        target,
    ]
    return [_between(a, b) for a, b in pairwise(stops)]


WAYS: dict[str, Callable[[Placement, Placement], list[Part]]] = {
    "screw": _screw,
    "straight": _straight,
    "phases": _phases,
}

"""A person as limbs on paper, computed from joint angles.

Lengths are centimetres of a person of 170 cm; x is to the right and y up. Every figure
is laid out once; which of the patient's sides is nearer then follows from the way the
figure faces, and the paper is mirrored where the other side is meant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.pose import Side
from callotasis.worlds import Array

THIGH, SHANK, TRUNK, UPPER_ARM, FOREARM = 42.0, 42.0, 50.0, 28.0, 30.0
NECK, HEAD = 14.0, 10.0  # shoulder to chin, and radius of the head
SOLE, HEEL_BACK, TOE_AHEAD = 4.0, 4.0, 16.0  # of the foot, from the ankle
HALF_PELVIS, HALF_SHOULDERS = 8.0, 15.0  # seen from the front
REACH_SLACK = 1.0  # a target may lie so far beyond a stretched limb

Point = tuple[float, float]


@dataclass(frozen=True)
class Leg:
    """Angles of one leg, or where its ankle shall be.

    Attributes
    ----------
    hip, knee, ankle : float
        Flexion; of the ankle dorsiflexion. Seen from the front, hip is abduction [deg].
    ankle_at : tuple of float or None
        Where the ankle shall be; hip and knee then follow [cm].
    sole : float or None
        Rise of the toes above level ground; the ankle then follows [deg].
    """

    hip: float = 0.0
    knee: float = 0.0
    ankle: float = 0.0
    ankle_at: Point | None = None
    sole: float | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Arm:
    """Angles of one arm, or where its hand shall be.

    Attributes
    ----------
    shoulder, elbow : float
        Flexion; seen from the front, shoulder is abduction [deg].
    hand_at : tuple of float or None
        Where the hand shall be; both angles then follow [cm].
    """

    shoulder: float = 0.0
    elbow: float = 0.0
    hand_at: Point | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Posture:
    """One way to lie, sit, kneel or stand.

    Attributes
    ----------
    hip : tuple of float
        Where the hips are [cm].
    trunk : float
        Direction from hips to shoulders, anticlockwise from the right [deg].
    near, far : Leg
        The leg that is trained, on the viewer's side, and the other one.
    near_arm, far_arm : Arm
        Both arms.
    faces : int
        1 or -1: whether bending a hip turns the thigh anticlockwise or clockwise.
    head : float
        Nod towards the front [deg].
    front : bool
        Whether the person looks at the viewer.
    """

    hip: Point
    trunk: float
    near: Leg = Leg()
    far: Leg = Leg()
    near_arm: Arm = Arm()
    far_arm: Arm = Arm()
    faces: int = 1
    head: float = 0.0
    front: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    @property
    def near_side(self) -> Side:
        """Whose leg is the near one as laid out; from the front it is the left one."""
        return Side.LEFT if self.front or self.faces < 0 else Side.RIGHT


@dataclass(frozen=True)
class Joints:
    """Where every joint is, and the angles that were solved for.

    Attributes
    ----------
    points : dict of str to Array
        ``hip``, ``shoulder``, ``chin``, ``head``, ``nose``, and ``near_`` or ``far_``
        with ``hip``, ``knee``, ``ankle``, ``heel``, ``toe``, ``shoulder``, ``elbow``,
        ``hand``; each of shape (2,) [cm].
    near, far : Leg
        Both legs with their angles [deg].
    """

    points: Mapping[str, Array]
    near: Leg
    far: Leg


def along(degrees: float) -> Array:
    """Unit vector of a direction, anticlockwise from the right."""
    radians = math.radians(degrees)
    return np.array([math.cos(radians), math.sin(radians)])


def reach(start: Array, target: Point, upper: float, lower: float) -> tuple[float, ...]:
    """Solve a limb of two parts: direction to the target, turn of the upper, bend.

    Parameters
    ----------
    start : Array
        Where the limb begins, shape (2,) [cm].
    target : tuple of float
        Where it shall end [cm].
    upper, lower : float
        Length of its parts [cm].

    Returns
    -------
    tuple of float
        Direction of the target, angle between it and the upper part, and by how much
        the joint between is bent [deg].

    Raises
    ------
    PlanRefusal
        If the limb does not reach so far.

    Examples
    --------
    >>> [round(a) for a in reach(np.zeros(2), (0.0, -84.0), 42.0, 42.0)]
    [-90, 0, 0]
    """
    way = np.array(target) - start
    far = float(np.hypot(*way))
    if far > upper + lower + REACH_SLACK or far < abs(upper - lower):
        raise PlanRefusal(
            f"a limb of {upper + lower:g} cm cannot end {far:.1f} cm from its root"
        )
    far = min(far, upper + lower)
    turn = _corner(upper, far, lower)
    bend = 180.0 - _corner(upper, lower, far)
    return math.degrees(math.atan2(way[1], way[0])), turn, bend


def _corner(a: float, b: float, opposite: float) -> float:
    """Angle between two sides of a triangle [deg]."""
    cosine = (a**2 + b**2 - opposite**2) / (2 * a * b)
    return math.degrees(math.acos(min(1.0, max(-1.0, cosine))))


def joints_of(posture: Posture) -> Joints:
    """Place every joint of a posture.

    Parameters
    ----------
    posture : Posture
        Its angles and targets [deg, cm].

    Returns
    -------
    Joints
        Points and solved angles.

    Raises
    ------
    PlanRefusal
        If a hand or foot shall be where no limb reaches.
    """
    hip = np.array(posture.hip, float)
    shoulder = hip + TRUNK * along(posture.trunk)
    nod = posture.trunk - posture.faces * posture.head
    chin = shoulder + NECK / 2 * along(nod)
    head = shoulder + (NECK + HEAD / 2) * along(nod)
    points = {"hip": hip, "shoulder": shoulder, "chin": chin, "head": head}
    points["nose"] = head + HEAD * along(nod - 90.0 * posture.faces)
    legs = {}
    for name, apart in (("near", 1), ("far", -1)):
        root, turn = _root(posture, apart, hip, HALF_PELVIS)
        leg: Leg = getattr(posture, name)
        legs[name], found = _leg(posture, leg, root, turn)
        points |= {f"{name}_{part}": at for part, at in found.items()}
        arm: Arm = getattr(posture, f"{name}_arm")
        root, turn = _root(posture, apart, shoulder, HALF_SHOULDERS)
        found = _arm(posture, arm, root, turn)
        points |= {f"{name}_{part}": at for part, at in found.items()}
    return Joints(points, legs["near"], legs["far"])


def _root(
    posture: Posture, apart: int, middle: Array, half: float
) -> tuple[Array, int]:
    """Where a limb begins, and which way it turns when its root joint bends."""
    if not posture.front:
        return middle, posture.faces
    return middle + apart * half * along(posture.trunk - 90.0), apart


def _leg(
    posture: Posture, leg: Leg, hip: Array, turn: int
) -> tuple[Leg, dict[str, Array]]:
    rest = posture.trunk + 180.0
    bend, flexion = leg.knee, leg.hip
    if leg.ankle_at is not None:
        way, corner, bend = reach(hip, leg.ankle_at, THIGH, SHANK)
        flexion = turn * (way + turn * corner - rest)
        flexion = (flexion + 180.0) % 360.0 - 180.0
    thigh = rest + turn * flexion
    shank = thigh - turn * bend
    ankle_deg = leg.ankle
    if leg.sole is not None:
        level = 0.0 if posture.faces > 0 else 180.0
        ankle_deg = turn * (level + turn * leg.sole - shank) - 90.0
        ankle_deg = (ankle_deg + 180.0) % 360.0 - 180.0
    knee = hip + THIGH * along(thigh)
    ankle = knee + SHANK * along(shank)
    solved = Leg(flexion, bend, ankle_deg, leg.ankle_at, leg.sole)
    ahead = along(shank + turn * (90.0 + ankle_deg))
    down = along(shank + turn * ankle_deg)
    if posture.front:
        ahead = np.zeros(2)
        down = along(shank)
    return solved, {
        "hip": hip,
        "knee": knee,
        "ankle": ankle,
        "heel": ankle - HEEL_BACK * ahead + SOLE * down,
        "toe": ankle + TOE_AHEAD * ahead + (SOLE + 1.0) * down,
    }


def _arm(posture: Posture, arm: Arm, shoulder: Array, turn: int) -> dict[str, Array]:
    rest = posture.trunk + 180.0
    upper, bend = rest + turn * arm.shoulder, arm.elbow
    if arm.hand_at is not None:
        way, corner, bend = reach(shoulder, arm.hand_at, UPPER_ARM, FOREARM)
        upper = way - turn * corner
    elbow = shoulder + UPPER_ARM * along(upper)
    hand = elbow + FOREARM * along(upper + turn * bend)
    return {"shoulder": shoulder, "elbow": elbow, "hand": hand}

"""Sides, segments and rigid motions: which leg, which bone, moved how.

The limb frame is x lateral, y anterior, z proximal, in millimetres; it is
right-handed for a right leg. A left leg is mirrored at the door, computed as a
right leg, and mirrored back. Clinical angles (valgus, apex anterior and external
rotation positive) are negative right-handed turns of the distal fragment about
y, x and z; this file is the only place that converts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.worlds import Array


class Side(StrEnum):
    """The patient's side."""

    RIGHT = "R"
    LEFT = "L"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.LEFT if self is Side.RIGHT else Side.RIGHT

    @property
    def word(self) -> str:
        """The side in words, for sentences."""
        return "right" if self is Side.RIGHT else "left"


class Bone(StrEnum):
    """The bones that are lengthened."""

    FEMUR = "femur"
    TIBIA = "tibia"


@dataclass(frozen=True, order=True)
class Segment:
    """One bone of one leg, written ``R.femur``.

    Examples
    --------
    >>> str(Segment.parse("L.tibia"))
    'L.tibia'
    """

    side: Side
    bone: Bone

    def __str__(self) -> str:
        return f"{self.side}.{self.bone}"

    @property
    def words(self) -> str:
        """The segment in words, for sentences."""
        return f"{self.side.word} {self.bone}"

    @property
    def beside(self) -> Segment:
        """The other bone of its leg."""
        other = Bone.TIBIA if self.bone is Bone.FEMUR else Bone.FEMUR
        return Segment(self.side, other)

    @classmethod
    def parse(cls, text: str) -> Segment:
        """Read ``R.femur``, ``R.tibia``, ``L.femur`` or ``L.tibia``.

        Raises
        ------
        PlanRefusal
            If the text names no segment.
        """
        match = re.fullmatch(r"(R|L)\.(femur|tibia)", text)
        if match is None:
            raise PlanRefusal(
                f"segment '{text}' is unknown; allowed are "
                "R.femur, R.tibia, L.femur and L.tibia"
            )
        return cls(Side(match[1]), Bone(match[2]))


PLANES = {
    "frontal": ("lateral_mm", "proximal_mm", "valgus_deg"),
    "hidden": ("anterior_mm", "apex_anterior_deg", "external_rotation_deg"),
}
"""Components of a pose that a frontal film shows, and those that it hides."""

HIDDEN = PLANES["hidden"]
PARAMETERS = (
    "lateral_mm",
    "anterior_mm",
    "proximal_mm",
    "apex_anterior_deg",
    "valgus_deg",
    "external_rotation_deg",
)
"""The six numbers of a motion, in the order of arrays: along and about x, y and z."""


@dataclass(frozen=True)
class Pose:
    """Rigid motion of the moving fragment about the planned cut centre.

    Relative to the state before surgery, in the limb frame. Components named in
    ``not_measured`` were seen by nobody: they carry no meaning and are never shown.

    Attributes
    ----------
    lateral_mm, anterior_mm, proximal_mm : float
        Where the cut centre of the moving fragment goes [mm].
    valgus_deg, apex_anterior_deg, external_rotation_deg : float
        Turn of the moving fragment [deg].
    not_measured : tuple of str
        Names of the components that no film shows.
    """

    lateral_mm: float = 0.0
    proximal_mm: float = 0.0
    valgus_deg: float = 0.0
    anterior_mm: float = 0.0
    apex_anterior_deg: float = 0.0
    external_rotation_deg: float = 0.0
    not_measured: tuple[str, ...] = ()

    @property
    def lengthening_mm(self) -> float:
        """How far the moving (distal) fragment goes distally [mm]."""
        return -self.proximal_mm

    @property
    def turns(self) -> bool:
        """Whether it is more than a shift."""
        angles = (self.valgus_deg, self.apex_anterior_deg, self.external_rotation_deg)
        return any(angles)

    def seen(self) -> dict[str, object]:
        """The measured components by name, and what was not measured."""
        names = (*PLANES["frontal"], *HIDDEN)
        shown = {n: getattr(self, n) for n in names if n not in self.not_measured}
        return {**shown, "not_measured": list(self.not_measured)}


def joined(one: Pose, other: Pose) -> Pose:
    """Two motions as one, at least one of them a pure shift, in either order.

    Parameters
    ----------
    one, other : Pose
        About the cut centre, wherever that is by then [mm, deg].

    Returns
    -------
    Pose
        Shifts add, the turn stays [mm, deg].

    Raises
    ------
    ValueError
        If both turn: then their order matters.

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    turn, shift = (other, one) if other.turns else (one, other)
    if shift.turns:
        raise ValueError("two turns are no sum")
    return replace(
        turn,
        lateral_mm=turn.lateral_mm + shift.lateral_mm,
        anterior_mm=turn.anterior_mm + shift.anterior_mm,
        proximal_mm=turn.proximal_mm + shift.proximal_mm,
    )


def rotation_from_pose(pose: Pose) -> Array:
    """Turn of the moving fragment as a matrix, R = Rx·Ry·Rz.

    Parameters
    ----------
    pose : Pose
        Clinical angles [deg].

    Returns
    -------
    Array
        Shape (3, 3) [1].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".

    Examples
    --------
    Valgus carries a distal point laterally:

    >>> distal = np.array([0.0, 0.0, -100.0])
    >>> bool((rotation_from_pose(Pose(valgus_deg=10)) @ distal)[0] > 0)
    True
    """
    return clinical_turn(
        np.array([pose.apex_anterior_deg, pose.valgus_deg, pose.external_rotation_deg])
    )


def clinical_turn(angles_deg: Array) -> Array:
    """Clinical angles as turns of the moving fragment, R = Rx·Ry·Rz.

    Parameters
    ----------
    angles_deg : Array
        Shape (..., 3): apex anterior, valgus, external rotation [deg].

    Returns
    -------
    Array
        Shape (..., 3, 3) [1].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    return rotation_xyz(-np.radians(angles_deg))


def clinical_angles(rotation: Array) -> Array:
    """Apex anterior, valgus and external rotation; undoes :func:`clinical_turn`.

    Parameters
    ----------
    rotation : Array
        Shape (..., 3, 3), R = Rx·Ry·Rz [1].

    Returns
    -------
    Array
        Shape (..., 3); valid while the valgus turn stays inside ±90 degrees [deg].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    return np.asarray(-np.degrees(angles_xyz(rotation)))


def rotation_xyz(angles_rad: Array) -> Array:
    """Right-handed turns about x, y and z as a matrix, R = Rx·Ry·Rz.

    Parameters
    ----------
    angles_rad : Array
        Shape (..., 3) [rad].

    Returns
    -------
    Array
        Shape (..., 3, 3) [1].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    x, y, z = np.moveaxis(np.asarray(angles_rad, float), -1, 0)
    (cx, sx), (cy, sy), (cz, sz) = ((np.cos(a), np.sin(a)) for a in (x, y, z))
    rows = [
        [cy * cz, -cy * sz, sy],
        [cx * sz + sx * sy * cz, cx * cz - sx * sy * sz, -sx * cy],
        [sx * sz - cx * sy * cz, sx * cz + cx * sy * sz, cx * cy],
    ]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def angles_xyz(rotation: Array) -> Array:
    """Turns about x, y and z of a matrix R = Rx·Ry·Rz; undoes :func:`rotation_xyz`.

    Parameters
    ----------
    rotation : Array
        Shape (..., 3, 3) [1].

    Returns
    -------
    Array
        Shape (..., 3); valid while the turn about y stays inside ±90 degrees [rad].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    return np.stack(
        [
            np.arctan2(-rotation[..., 1, 2], rotation[..., 2, 2]),
            np.arcsin(np.clip(rotation[..., 0, 2], -1, 1)),
            np.arctan2(-rotation[..., 0, 1], rotation[..., 0, 0]),
        ],
        axis=-1,
    )


def pose_from_rotation(rotation: Array, translation_mm: Array) -> Pose:
    """Clinical pose of a motion; the inverse of :func:`rotation_from_pose`.

    Parameters
    ----------
    rotation : Array
        Shape (3, 3), R = Rx·Ry·Rz [1].
    translation_mm : Array
        Shape (3,), lateral, anterior, proximal [mm].

    Returns
    -------
    Pose
        Valid while the valgus turn stays inside ±90 degrees.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    apex, valgus, external = map(float, clinical_angles(rotation))
    lateral, anterior, proximal = (float(t) for t in translation_mm)
    return Pose(
        lateral_mm=lateral,
        proximal_mm=proximal,
        valgus_deg=valgus,
        anterior_mm=anterior,
        apex_anterior_deg=apex,
        external_rotation_deg=external,
    )


def moved(points_mm: Array, pose: Pose, centre_mm: Array) -> Array:
    """Carry points along with the moving fragment.

    Parameters
    ----------
    points_mm : Array
        Shape (..., 3), limb frame [mm].
    pose : Pose
        The motion.
    centre_mm : Array
        Shape (..., 3), the planned cut centre [mm].

    Returns
    -------
    Array
        Shape (..., 3), limb frame [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    shift = np.array([pose.lateral_mm, pose.anterior_mm, pose.proximal_mm])
    turned = (points_mm - centre_mm) @ rotation_from_pose(pose).T
    return np.asarray(turned + centre_mm + shift)


def mirrored(points_mm: Array, side: Side) -> Array:
    """Swap patient frame (x to the patient's right) and limb frame (x lateral).

    Parameters
    ----------
    points_mm : Array
        Shape (..., 2) or (..., 3), x first [mm].
    side : Side
        A right leg stays as it is; a left leg is mirrored. Twice is nothing.

    Returns
    -------
    Array
        Same shape [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Frames".
    """
    if side is Side.RIGHT:
        return points_mm
    flip = np.ones(points_mm.shape[-1])
    flip[0] = -1.0
    return np.asarray(points_mm * flip)

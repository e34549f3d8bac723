"""Devices that turn the bone about one axis and draw it out along one line.

A ring frame with hinges does this, and a rail with a clamp that turns. Points are in
the limb frame, seen from the planned cut centre; a left leg is computed as a right one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from callotasis.errors import DeviceRefusal
from callotasis.pose import (
    HIDDEN,
    Pose,
    Segment,
    pose_from_rotation,
    rotation_from_pose,
)
from callotasis.worlds import Array

NOTHING = 1e-9  # [mm, deg, 1]: what rounding leaves of nothing


@dataclass(frozen=True)
class Travel:
    """How far a device can go, and who says so.

    Attributes
    ----------
    low_deg, high_deg : float
        Range of its turn [deg].
    stroke_mm, step_mm : float
        How far it can be drawn out, and its smallest turn [mm].
    source : str
        Of these figures.
    """

    low_deg: float
    high_deg: float
    stroke_mm: float
    step_mm: float
    source: str


@dataclass(frozen=True)
class HingeSettings:
    """What is set on the device.

    Attributes
    ----------
    turn_deg : float
        About its axis [deg].
    extension_mm : float
        How far it is drawn out besides, in whole steps [mm].
    """

    turn_deg: float
    extension_mm: float


@dataclass(frozen=True, eq=False)
class HingedDevice:
    """A device on a bone.

    Attributes
    ----------
    segment : Segment
        The bone.
    hinge_mm : Array
        Shape (3,), a point of its axis, seen from the cut centre [mm].
    axis : Array
        Shape (3,), unit vector; the distal fragment turns right-handed about it [1].
    line : Array
        Shape (3,), unit vector along which it is drawn out, distally [1].
    travel : Travel
        How far it can go.
    not_measured : tuple of str
        Components of its poses that no film shows.
    """

    segment: Segment
    hinge_mm: Array
    axis: Array
    line: Array
    travel: Travel
    not_measured: tuple[str, ...] = HIDDEN

    def pose(self, settings: HingeSettings) -> Pose:
        """Motion that the settings make; turned or drawn out first, it is the same.

        Parameters
        ----------
        settings : HingeSettings
            As set on the device [deg, mm].

        Returns
        -------
        Pose
            About the cut centre [mm, deg].

        References
        ----------
        .. [1] Turn about a fixed axis: p = h + R (x - h) + extension · line.
        """
        rotation, shift = self.motion(settings.turn_deg, settings.extension_mm)
        return _as_seen(pose_from_rotation(rotation, shift), self.not_measured)

    def motion(
        self, turn_deg: float | Array, extension_mm: float | Array
    ) -> tuple[Array, Array]:
        """Turn, shape (..., 3, 3) [1], and shift of the cut centre, (..., 3) [mm]."""
        rotation = turn_about(self.axis, turn_deg)
        out = np.asarray(extension_mm)[..., None] * self.line
        return rotation, self.hinge_mm - rotation @ self.hinge_mm + out

    def carried(
        self, points_mm: Array, turn_deg: float | Array, extension_mm: float | Array
    ) -> Array:
        """Points (n, 3) of the distal fragment after the motion, (..., n, 3) [mm]."""
        rotation, shift = self.motion(turn_deg, extension_mm)
        turned = np.einsum("...ij,nj->...ni", rotation, points_mm)
        return np.asarray(turned + shift[..., None, :])

    def settings(self, pose: Pose) -> tuple[HingeSettings, Pose]:
        """Nearest settings, and the motion that remains.

        The turn is the nearest one that the axis allows. The extension brings the cut
        centre nearest to where it shall be; the device is never drawn in.

        Parameters
        ----------
        pose : Pose
            Wanted motion of the distal fragment [mm, deg].

        Returns
        -------
        tuple of HingeSettings and Pose
            What remains is done after the device's motion [mm, deg].

        Raises
        ------
        DeviceRefusal
            If the turn is out of range, the stroke too short, or the device turns in a
            plane of which the pose says nothing.

        References
        ----------
        .. [1] Nearest turn: tan θ = n·a / (tr R - n·R n), with a the vector of R - Rᵀ.
        """
        self._check_planes(pose)
        wanted = rotation_from_pose(pose)
        turn = self._nearest_turn(wanted)
        goal = np.array([pose.lateral_mm, pose.anterior_mm, pose.proximal_mm])
        rotation, by_turn = self.motion(turn, 0.0)
        left = goal - by_turn
        hidden = {*pose.not_measured, *self.not_measured}
        seen = left * [name not in hidden for name in _SHIFTS]
        extension = self._in_steps(max(0.0, float(seen @ self.line)))
        if extension > self.travel.stroke_mm:
            raise DeviceRefusal(
                f"{self.segment} shall be drawn out {extension:.1f} mm; allowed is up "
                f"to {self.travel.stroke_mm:g} mm ({self.travel.source})"
            )
        rest = pose_from_rotation(wanted @ rotation.T, left - extension * self.line)
        return HingeSettings(turn, extension), _as_seen(
            rest, tuple(n for n in HIDDEN if n in hidden)
        )

    def _check_planes(self, pose: Pose) -> None:
        if "apex_anterior_deg" in pose.not_measured and abs(self.axis[0]) > NOTHING:
            raise DeviceRefusal(
                f"the hinges of {self.segment} turn it forward or back as well; the "
                "wanted motion says nothing of that plane: measure a lateral film"
            )

    def _nearest_turn(self, rotation: Array) -> float:
        n = self.axis
        skew = rotation - rotation.T
        sine = float(n @ [skew[2, 1], skew[0, 2], skew[1, 0]])
        cosine = float(np.trace(rotation) - n @ rotation @ n)
        turn = round(math.degrees(math.atan2(sine, cosine)), 9)
        low, high = self.travel.low_deg, self.travel.high_deg
        if not low <= turn <= high:
            raise DeviceRefusal(
                f"{self.segment} shall be turned {turn:.2f}° about the device's axis; "
                f"allowed is {low:g} to {high:g}° ({self.travel.source})"
            )
        return turn + 0.0  # no minus zero

    def _in_steps(self, millimetres: float) -> float:
        step = self.travel.step_mm
        return round(round(millimetres / step) * step, 6)


_SHIFTS = ("lateral_mm", "anterior_mm", "proximal_mm")


def _as_seen(pose: Pose, hidden: tuple[str, ...]) -> Pose:
    """Forget what no film shows."""
    return replace(pose, **dict.fromkeys(hidden, 0.0), not_measured=hidden)


def turn_about(axis: Array, turn_deg: float | Array) -> Array:
    """Right-handed turns about an axis.

    Parameters
    ----------
    axis : Array
        Shape (..., 3), unit vectors [1].
    turn_deg : float or Array
        Shape (...) [deg].

    Returns
    -------
    Array
        Shape (..., 3, 3) [1].

    References
    ----------
    .. [1] Rotation vectors, as in ``scipy.spatial.transform``.
    """
    turn = np.radians(turn_deg)[..., None] * np.asarray(axis, float)
    matrices = Rotation.from_rotvec(turn.reshape(-1, 3)).as_matrix()
    return np.asarray(matrices.reshape(*turn.shape, 3))

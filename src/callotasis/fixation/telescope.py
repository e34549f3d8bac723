"""A device that does one thing: it slides one bone end away from the other.

A lengthening nail slides along its own line, a monolateral rail along its body. Both
are the same device with another axis; whatever else the plan asks must be done at
surgery, and what the axis cannot give remains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.alignment import ENDS, Limb
from callotasis.errors import DeviceRefusal
from callotasis.fixation.catalogue import Device
from callotasis.pose import HIDDEN, Pose, Segment
from callotasis.worlds import Array


@dataclass(frozen=True)
class Settings:
    """What is set on the device.

    Attributes
    ----------
    extension_mm : float
        How far it is drawn out, in whole steps [mm].
    step_mm : float
        Its tolerance: the smallest turn [mm].
    """

    extension_mm: float
    step_mm: float


@dataclass(frozen=True, eq=False)
class Telescope:
    """A device on a bone.

    Attributes
    ----------
    device : Device
        Its model.
    segment : Segment
        The bone it lengthens.
    axis : Array
        Shape (3,), unit vector in the limb frame along which it slides, distally [1].
    """

    device: Device
    segment: Segment
    axis: Array

    def settings(self, pose: Pose) -> tuple[Settings, Pose]:
        """Settings that reach the wanted length, and the motion that remains.

        The extension gives the whole wanted shift along its own direction; what a
        slanted axis adds to the side remains.

        Parameters
        ----------
        pose : Pose
            Wanted motion of the distal fragment [mm, deg].

        Returns
        -------
        tuple of Settings and Pose
            In whole steps; what remains includes every turn [mm, deg].

        Raises
        ------
        DeviceRefusal
            If the extension is negative or beyond the stroke.

        References
        ----------
        .. [1] Plane geometry: wanted² / (wanted · axis).
        """
        shift = np.array([pose.lateral_mm, 0.0, pose.proximal_mm])
        wanted, along = float(shift @ shift), float(shift @ self.axis)
        extension = self._in_steps(wanted / along if along else 0.0)
        if wanted and not extension:
            raise DeviceRefusal(
                f"{self.segment} shall gain {wanted**0.5:.2f} mm; {self.device.name} "
                f"turns in steps of {self.device.step_mm:g} mm ({self.device.source})"
            )
        if not 0 <= extension <= self.device.stroke_mm:
            raise DeviceRefusal(
                f"{self.segment} needs {extension:.1f} mm from {self.device.name}; its "
                f"stroke is 0 to {self.device.stroke_mm:g} mm ({self.device.source})"
            )
        rest = shift - extension * self.axis
        return Settings(extension, self.device.step_mm), Pose(
            lateral_mm=float(rest[0]),
            proximal_mm=float(rest[2]),
            valgus_deg=pose.valgus_deg,
            not_measured=HIDDEN,
        )

    def pose(self, settings: Settings) -> Pose:
        """Motion that the settings make.

        Parameters
        ----------
        settings : Settings
            As set on the device [mm].

        Returns
        -------
        Pose
            A pure shift along the axis [mm].

        References
        ----------
        .. [1] Plane geometry.
        """
        shift = settings.extension_mm * self.axis
        return Pose(
            lateral_mm=float(shift[0]),
            proximal_mm=float(shift[2]),
            not_measured=HIDDEN,
        )

    def _in_steps(self, millimetres: float) -> float:
        step = self.device.step_mm
        return round(round(millimetres / step) * step, 6)


def mounted(
    device: Device, segment: Segment, limb: Limb, lean_deg: float = 0.0
) -> Telescope:
    """Set a device beside a bone, along its mechanical axis after the acute part.

    Parameters
    ----------
    device : Device
        An external one.
    segment : Segment
        The bone.
    limb : Limb
        After the acute part of the plan [mm].
    lean_deg : float
        How far its distal end leans laterally from that axis [deg].

    Returns
    -------
    Telescope
        With its axis in world 0.

    Raises
    ------
    DeviceRefusal
        If the device is a nail: its line is planned backwards from the final limb.

    References
    ----------
    .. [1] Planning facts 3.3; :func:`callotasis.fixation.nail.reverse.reverse_plan`.
    """
    if not device.kind.external:
        raise DeviceRefusal(
            f"{device.name} is a {device.kind}; only an external device is set beside "
            f"the bone ({device.source})"
        )
    top, bottom = (limb[name][0] for name in ENDS[segment.bone])
    down = _unit(bottom - top)
    lateral = np.array([-down[2], 0.0, down[0]])
    lean = np.radians(lean_deg)
    return Telescope(device, segment, np.cos(lean) * down + np.sin(lean) * lateral)


def _unit(direction: Array) -> Array:
    frontal = direction * np.array([1.0, 0.0, 1.0])
    return np.asarray(frontal / np.linalg.norm(frontal))

"""Threaded rods beside the hinges: how long they are, and what their length says.

A rod ends on both rings and turns about its ends: its length is the distance of two
points, one of which turns about the hinges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import DeviceRefusal
from callotasis.fixation.hinged.device import NOTHING, HingedDevice
from callotasis.fixation.hinged.hinges import Point
from callotasis.worlds import Array

Flags = np.typing.NDArray[np.bool_]


@dataclass(frozen=True)
class Rod:
    """A threaded rod from ring to ring that turns about its ends.

    Attributes
    ----------
    name : str
        As the table shall call it.
    proximal_mm, distal_mm : tuple of float
        Its ends before the first turn, seen from the cut centre, limb frame [mm].
    least_mm, most_mm : float
        Lengths between which it can be set [mm].
    """

    name: str
    proximal_mm: Point
    distal_mm: Point
    least_mm: float
    most_mm: float

    def __post_init__(self) -> None:
        apart = np.linalg.norm(np.subtract(self.distal_mm, self.proximal_mm))
        if not 0 < self.least_mm <= apart <= self.most_mm:
            raise DeviceRefusal(
                f"{self.name} is {apart:.2f} mm long at the start; allowed is "
                f"{self.least_mm:g} to {self.most_mm:g} mm, and more than 0"
            )


def rod_lengths(
    device: HingedDevice,
    rods: tuple[Rod, ...],
    turn_deg: float | Array,
    extension_mm: float | Array,
) -> Array:
    """Lengths of rods once the device is turned and drawn out.

    Parameters
    ----------
    device : HingedDevice
        The frame on its bone.
    rods : tuple of Rod
        Of the frame [mm].
    turn_deg, extension_mm : float or Array
        Shape (...) [deg, mm].

    Returns
    -------
    Array
        Shape (..., rods) [mm].

    References
    ----------
    .. [1] Distance of both ends; no small angles.
    """
    top, bottom = _ends(rods)
    moved = device.carried(bottom, turn_deg, extension_mm)
    return np.asarray(np.linalg.norm(moved - top, axis=-1))


def rod_levers(
    device: HingedDevice,
    rods: tuple[Rod, ...],
    turn_deg: float | Array,
    extension_mm: float | Array,
) -> Array:
    """How far a rod's line passes from the axis: what it lengthens by a radian.

    A point of the bone at a distance w from the axis moves w / lever times as fast as
    the rod is turned.

    Parameters
    ----------
    device : HingedDevice
        The frame on its bone.
    rods : tuple of Rod
        Of the frame [mm].
    turn_deg, extension_mm : float or Array
        Shape (...) [deg, mm].

    Returns
    -------
    Array
        Shape (..., rods); negative where the turn shortens the rod [mm].

    References
    ----------
    .. [1] Similar triangles; the derivative of :func:`rod_lengths`.
    """
    top, bottom = _ends(rods)
    moved = device.carried(bottom, turn_deg, extension_mm)
    legs = moved - top
    along = legs / np.linalg.norm(legs, axis=-1, keepdims=True)
    arms = moved - _hinge(device, extension_mm)[..., None, :]
    return np.asarray(np.sum(along * np.cross(device.axis, arms), axis=-1))


def turn_from_rods(
    device: HingedDevice,
    rods: tuple[Rod, ...],
    lengths_mm: Array,
    extension_mm: float | Array,
) -> Array:
    """Turn about the hinges that each rod's length says; undoes :func:`rod_lengths`.

    Parameters
    ----------
    device : HingedDevice
        The frame on its bone.
    rods : tuple of Rod
        Of the frame [mm].
    lengths_mm : Array
        Shape (..., rods), as read [mm].
    extension_mm : float or Array
        Shape (...), of the rods that bear the hinges [mm].

    Returns
    -------
    Array
        Shape (..., rods), on the side of its dead centre on which the rod started
        [deg].

    Raises
    ------
    DeviceRefusal
        If a rod is longer or shorter than any turn makes it.

    References
    ----------
    .. [1] Law of cosines in the plane of the turn.
    """
    top, bottom = _ends(rods)
    arm = bottom - device.hinge_mm
    along = np.outer(arm @ device.axis, device.axis)
    other = top - _hinge(device, extension_mm)[..., None, :]
    cosine = np.sum(other * (arm - along), axis=-1)
    sine = np.sum(other * np.cross(device.axis, arm), axis=-1)
    squares = np.sum(arm**2, axis=-1) + np.sum(other**2, axis=-1)
    wanted = (squares - np.asarray(lengths_mm) ** 2) / 2 - np.sum(other * along, -1)
    reach = np.hypot(cosine, sine)
    _check_reach(rods, np.abs(wanted) > reach * (1 + NOTHING), lengths_mm)
    way = np.sign(rod_levers(device, rods, 0.0, extension_mm))
    turn = np.arctan2(sine, cosine) + way * np.arccos(np.clip(wanted / reach, -1, 1))
    return np.asarray(np.degrees((turn + np.pi) % (2 * np.pi) - np.pi))


def _ends(rods: tuple[Rod, ...]) -> tuple[Array, Array]:
    return (
        np.array([rod.proximal_mm for rod in rods], float),
        np.array([rod.distal_mm for rod in rods], float),
    )


def _hinge(device: HingedDevice, extension_mm: float | Array) -> Array:
    """A point of the axis once the frame is drawn out, shape (..., 3) [mm]."""
    out = np.asarray(extension_mm)[..., None] * device.line
    return np.asarray(device.hinge_mm + out)


def _check_reach(rods: tuple[Rod, ...], beyond: Flags, lengths_mm: Array) -> None:
    if not beyond.any():
        return
    *_, column = np.argwhere(beyond)[0]
    read = np.broadcast_to(lengths_mm, beyond.shape)[beyond][0]
    raise DeviceRefusal(
        f"{rods[column].name} is read as {read:.2f} mm; no turn about the hinges makes "
        "it so: read it again"
    )

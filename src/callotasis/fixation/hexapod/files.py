"""Frame files: what comes from outside, checked once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import AliasChoices, Field

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.frame import STRUTS, Frame, Placement

# Neither "150" nor true is a length.
Number = Annotated[float, Field(strict=True)]
Point = tuple[Number, Number, Number]
Lengths = tuple[Number, Number, Number, Number, Number, Number]
Joints = tuple[Point, Point, Point, Point, Point, Point]
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class PoseFile:
    """Where the distal ring stands.

    Attributes
    ----------
    translation_mm : tuple of float
        Centre of the distal ring in the proximal frame [mm].
    rotation_deg : tuple of float
        Right-handed turns about x, y and z, R = Rx·Ry·Rz [deg].
    """

    translation_mm: Point
    rotation_deg: Point = (0.0, 0.0, 0.0)

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def placement(self, name: str = "pose") -> Placement:
        """As a placement.

        Raises
        ------
        FrameRefusal
            If a figure is not finite.
        """
        _check_finite(name, (*self.translation_mm, *self.rotation_deg))
        return Placement.at(self.translation_mm, self.rotation_deg)


@dataclass(frozen=True)
class PlacedFrame:
    """A frame and its pose: what ``callotasis frame settings`` takes."""

    proximal_joints_mm: Joints
    distal_joints_mm: Joints
    pose: PoseFile

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class ReadFrame:
    """A frame and its struts: what ``callotasis frame pose`` takes.

    Attributes
    ----------
    proximal_joints_mm, distal_joints_mm : tuple
        Six joints each, in the frame of their own ring [mm].
    struts_mm : tuple of float
        Joint to joint [mm].
    near : PoseFile or None
        Where the frame stood last.
    """

    proximal_joints_mm: Joints
    distal_joints_mm: Joints
    struts_mm: Lengths
    near: PoseFile | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def lengths(self) -> np.typing.NDArray[np.float64]:
        """Strut lengths, shape (6,) [mm].

        Raises
        ------
        FrameRefusal
            If one is no length.
        """
        return checked_lengths(self.struts_mm)


def checked_lengths(struts_mm: Lengths) -> np.typing.NDArray[np.float64]:
    """Six lengths as struts can have them.

    Parameters
    ----------
    struts_mm : tuple of float
        Joint to joint [mm].

    Returns
    -------
    Array
        Shape (6,) [mm].

    Raises
    ------
    FrameRefusal
        With the strut and what is allowed.

    References
    ----------
    .. [1] Planning facts 5.4.
    """
    _check_finite("struts_mm", struts_mm)
    for index, length in enumerate(struts_mm):
        if not 0 < length <= LONGEST_STRUT_MM:
            raise FrameRefusal(
                f"strut {index + 1} is {length:g} mm; allowed is more than 0 and up to "
                f"{LONGEST_STRUT_MM:g} mm"
            )
    return np.array(struts_mm)


@dataclass(frozen=True)
class StrutSize:
    """One size of strut: the shortest and longest it can be [mm]."""

    name: str
    min_mm: Number
    max_mm: Number

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class ScheduleOrder:
    """What ``callotasis frame schedule`` takes.

    Attributes
    ----------
    proximal_joints_mm, distal_joints_mm : tuple
        Six joints each, in the frame of their own ring [mm].
    start_pose, target_pose : PoseFile
        Of the distal ring, before and after.
    rate_mm_per_day : float
        Fastest that a structure at risk may move [mm/day].
    structures_at_risk_mm : tuple of tuple
        Points that move with the distal ring, in its frame; the ring's centre if none
        is named [mm].
    strut_range_mm : tuple of float or None
        Shortest and longest strut [mm].
    strut_sizes : tuple of StrutSize
        Several sizes instead, for change-outs.
    graduation_mm : float
        Smallest step on a strut's scale [mm].
    path : str
        ``screw``, ``straight`` or ``phases`` (lengthen, then translate, then turn).
    """

    proximal_joints_mm: Joints
    distal_joints_mm: Joints
    start_pose: Annotated[
        PoseFile, Field(validation_alias=AliasChoices("start_pose", "start"))
    ]
    target_pose: Annotated[
        PoseFile, Field(validation_alias=AliasChoices("target_pose", "target"))
    ]
    rate_mm_per_day: Number
    structures_at_risk_mm: tuple[Point, ...] = ()
    strut_range_mm: tuple[Number, Number] | None = None
    strut_sizes: tuple[StrutSize, ...] = field(default_factory=tuple)
    graduation_mm: Number = 1.0
    path: str = "screw"

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def sizes(self) -> tuple[StrutSize, ...]:
        """Strut sizes, checked, shortest first.

        Raises
        ------
        FrameRefusal
            If there is none, or one is empty.
        """
        return checked_sizes(self.strut_range_mm, self.strut_sizes)


def checked_sizes(
    only: tuple[float, float] | None, sizes: tuple[StrutSize, ...]
) -> tuple[StrutSize, ...]:
    """Strut sizes as a frame of a leg can have them, shortest first.

    Parameters
    ----------
    only : tuple of float or None
        Range of a single size [mm].
    sizes : tuple of StrutSize
        Several of them [mm].

    Returns
    -------
    tuple of StrutSize
        At least one [mm].

    Raises
    ------
    FrameRefusal
        If there is none, or one is empty.

    References
    ----------
    .. [1] Planning facts 5.4.
    """
    if only is not None:
        sizes = (*sizes, StrutSize("strut", *only))
    if not sizes:
        raise FrameRefusal("no strut_range_mm and no strut_sizes; give one of them")
    for size in sizes:
        _check_finite(f"size {size.name:.40}", (size.min_mm, size.max_mm))
        if not 0 < size.min_mm < size.max_mm <= LONGEST_STRUT_MM:
            raise FrameRefusal(
                f"strut size {size.name:.40} goes from {size.min_mm:g} to "
                f"{size.max_mm:g} mm; allowed is 0 < min < max <= "
                f"{LONGEST_STRUT_MM:g} mm"
            )
    return tuple(sorted(sizes, key=lambda size: size.min_mm))


LONGEST_STRUT_MM = 600.0
LEAST_APART_MM = 1e-3
LARGEST_RING_MM = 2000.0  # far beyond a leg; an observatory's hexapod still passes


def checked_frame(proximal: Joints, distal: Joints) -> Frame:
    """Joints of a frame, as a frame of a leg can have them.

    Parameters
    ----------
    proximal, distal : tuple
        Six joints each, in the frame of their own ring [mm].

    Returns
    -------
    Frame
        Checked [mm].

    Raises
    ------
    FrameRefusal
        If a figure is not finite, a ring too small or too large, or all joints of a
        ring lie on one place.

    References
    ----------
    .. [1] Evidence row ``hexapod.ring_radius``.
    """
    row = constant("hexapod.ring_radius")
    for name, joints in (("proximal", proximal), ("distal", distal)):
        _check_finite(f"{name}_joints_mm", [c for joint in joints for c in joint])
        if np.abs(joints).max() > LARGEST_RING_MM:
            raise FrameRefusal(
                f"{name}_joints_mm holds {np.abs(joints).max():g} mm; allowed is up to "
                f"{LARGEST_RING_MM:g} mm in any direction"
            )
        radius = float(np.hypot(*np.array(joints)[:, :2].T).mean())
        if not row.low <= radius <= row.high:
            raise FrameRefusal(
                f"{name} joints lie {radius:g} mm from their ring's axis on average; "
                f"allowed is {row.low:g} to {row.high:g} mm ({row.locator})"
            )
        spread = np.ptp(np.array(joints), axis=0)[:2]
        if spread.min() < LEAST_APART_MM * STRUTS:
            raise FrameRefusal(f"{name} joints lie on one line; a ring is needed")
    return Frame(np.array(proximal, float), np.array(distal, float))


def _check_finite(name: str, values: object) -> None:
    if not all(math.isfinite(v) for v in values):  # type: ignore[attr-defined]
        raise FrameRefusal(f"{name} holds a number that is not finite")

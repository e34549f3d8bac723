"""Rings and struts as data, of any maker, and the frame that they make.

A ring lies flat on the circle of its joints: the frame of a ring has its origin in the
middle of that circle. The ring's face is ``joint_offset_mm`` away from it, on the side
that looks away from the other ring, and its body lies behind the face.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from callotasis.errors import DeviceRefusal, FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.files import LONGEST_STRUT_MM, Number, StrutSize
from callotasis.fixation.hexapod.frame import Frame
from callotasis.worlds import Array

Six = tuple[Number, Number, Number, Number, Number, Number]
FULL_DEG = 360.0
LARGEST_RING_MM = 600.0
THICKEST_MM = 100.0
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class StrutColour:
    """How one strut is told apart; the number is always written too."""

    number: int
    word: str
    colour: str


STRUT_COLOURS = (
    StrutColour(1, "red", "#B3001B"),
    StrutColour(2, "orange", "#E06C00"),
    StrutColour(3, "yellow", "#F0E442"),
    StrutColour(4, "green", "#009E73"),
    StrutColour(5, "blue", "#2563EB"),
    StrutColour(6, "violet", "#7B2D8E"),
)
"""Struts in the order of their numbers; colour-blind people tell any two apart."""


@dataclass(frozen=True)
class Mounted:
    """A ring as one of the two of a frame, seen from its proximal side.

    Attributes
    ----------
    joints_deg : tuple of float
        Where struts 1 to 6 are joined, from x towards y [deg].
    gap_deg : float
        Middle of a partial ring's opening [deg].
    """

    joints_deg: Six
    gap_deg: Number = 0.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class Ring:
    """One model of ring.

    Attributes
    ----------
    system, name : str
        Whose it is, and what its maker calls it.
    inner_mm, outer_mm, thickness_mm : float
        Inner and outer diameter, and height of the body [mm].
    joint_radius_mm, joint_offset_mm : float
        Radius of the joints' circle, and its distance from the ring's face [mm].
    proximal, distal : Mounted
        As the upper and as the lower ring of a frame.
    arc_deg : float
        How much of a circle the ring is; 360 for a full one [deg].
    """

    system: str
    name: str
    inner_mm: Number
    outer_mm: Number
    thickness_mm: Number
    joint_radius_mm: Number
    joint_offset_mm: Number
    proximal: Mounted
    distal: Mounted
    arc_deg: Number = FULL_DEG

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        _check_sizes(self)
        for mounted in (self.proximal, self.distal):
            _check_joints(self, mounted)


@dataclass(frozen=True)
class Strut(StrutSize):
    """One size of strut and the system it belongs to [mm]."""

    system: str

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        if not 0 < self.min_mm < self.max_mm <= LONGEST_STRUT_MM:
            raise DeviceRefusal(
                f"strut {self.name:.40} of {self.system:.40} goes from {self.min_mm:g} "
                f"to {self.max_mm:g} mm; allowed is 0 < min < max <= "
                f"{LONGEST_STRUT_MM:g} mm"
            )


@dataclass(frozen=True)
class Hardware:
    """Two rings and the sizes of strut at hand, all of one system.

    Attributes
    ----------
    proximal, distal : Ring
        Upper and lower ring.
    struts : tuple of Strut
        Sizes to choose from, shortest first.
    """

    proximal: Ring
    distal: Ring
    struts: tuple[Strut, ...]

    def __post_init__(self) -> None:
        rings = {self.proximal.system, self.distal.system}
        systems = sorted(rings | {strut.system for strut in self.struts})
        if len(systems) > 1:
            raise FrameRefusal(
                f"rings and struts of {' and '.join(systems)} in one frame; allowed is "
                "one system: figures of one say nothing about another (PMID 25786500)"
            )

    @property
    def frame(self) -> Frame:
        """Joints of both rings [mm]."""
        upper, lower = self.proximal, self.distal
        return Frame(
            joints_on_circle(upper.joint_radius_mm, upper.proximal.joints_deg),
            joints_on_circle(lower.joint_radius_mm, lower.distal.joints_deg),
        )


def joints_on_circle(radius_mm: float, joints_deg: Iterable[float]) -> Array:
    """Joints on a circle, in the frame of their ring.

    Parameters
    ----------
    radius_mm : float
        Of the circle [mm].
    joints_deg : iterable of float
        From x towards y [deg].

    Returns
    -------
    Array
        Shape (n, 3), z = 0 [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Frame files".
    """
    turns = np.radians(np.fromiter(joints_deg, float))
    flat = radius_mm * np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    return np.concatenate([flat, np.zeros((len(flat), 1))], axis=-1)


def _check_sizes(ring: Ring) -> None:
    row = constant("hexapod.ring_radius")
    sound = (
        0 < ring.inner_mm < ring.outer_mm <= LARGEST_RING_MM
        and 0 < ring.thickness_mm <= THICKEST_MM
        and 0 <= ring.joint_offset_mm <= THICKEST_MM
        and 0 < ring.arc_deg <= FULL_DEG
        and max(row.low, ring.inner_mm / 2) <= ring.joint_radius_mm <= row.high
    )
    if not sound:
        raise DeviceRefusal(
            f"ring {ring.name:.40} of {ring.system:.40}: inner {ring.inner_mm:g}, "
            f"outer {ring.outer_mm:g}, thickness {ring.thickness_mm:g}, joint radius "
            f"{ring.joint_radius_mm:g}, joint offset {ring.joint_offset_mm:g} mm, arc "
            f"{ring.arc_deg:g}°; allowed is 0 < inner < outer <= {LARGEST_RING_MM:g}, "
            f"0 < thickness <= {THICKEST_MM:g}, 0 <= offset <= {THICKEST_MM:g}, joints "
            f"not inside the ring and {row.low:g} to {row.high:g} mm from its axis "
            f"({row.locator}), 0 < arc <= 360"
        )


def _check_joints(ring: Ring, mounted: Mounted) -> None:
    """Refuse joints that hang in the opening, or that lie on one another."""
    gap = FULL_DEG - ring.arc_deg
    from_gap = [abs(_turned(a - mounted.gap_deg)) for a in mounted.joints_deg]
    for number, (angle, away) in enumerate(
        zip(mounted.joints_deg, from_gap, strict=True), 1
    ):
        if not away >= gap / 2:
            raise DeviceRefusal(
                f"ring {ring.name:.40} of {ring.system:.40}: joint {number} at "
                f"{angle:g}° lies in the opening of {gap:g}° about "
                f"{mounted.gap_deg:g}°"
            )


def _turned(angle_deg: float) -> float:
    """The same direction between -180 and 180 degrees."""
    return (angle_deg + FULL_DEG / 2) % FULL_DEG - FULL_DEG / 2

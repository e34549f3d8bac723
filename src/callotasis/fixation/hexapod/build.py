"""Of which rings and struts a frame is built, and whether they run free."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.findings import Finding, Level
from callotasis.fixation.hexapod.clearance import (
    Capsule,
    Fragments,
    clearance_findings,
    clearances,
)
from callotasis.fixation.hexapod.files import (
    LONGEST_STRUT_MM,
    Joints,
    StrutSize,
    checked_sizes,
)
from callotasis.fixation.hexapod.frame import Placement
from callotasis.fixation.hexapod.hardware import Hardware
from callotasis.fixation.hexapod.orders import LimbRoom, ProgramOrder
from callotasis.fixation.hexapod.schedule import check_graduation
from callotasis.fixation.hexapod.systems import System, hardware_findings
from callotasis.pose import Segment, Side, mirrored


@dataclass(frozen=True, eq=False)
class Built:
    """A frame as it is built, on the leg's own side.

    Attributes
    ----------
    proximal_mm, distal_mm : tuple
        Six joints each, in the frame of their own ring [mm].
    sizes : tuple of StrutSize
        Of struts at hand [mm].
    system, hardware : System and Hardware, or None
        Where rings were named.
    """

    proximal_mm: Joints
    distal_mm: Joints
    sizes: tuple[StrutSize, ...]
    system: System | None = None
    hardware: Hardware | None = None

    def findings(self, segment: Segment) -> list[Finding]:
        """Say what is known against its system."""
        if self.system is None:
            return []
        return hardware_findings(self.system, str(segment))


def built_from(order: ProgramOrder) -> Built:
    """Rings and struts by name, or by their figures.

    Parameters
    ----------
    order : ProgramOrder
        With ``rings``, or with joints and sizes.

    Returns
    -------
    Built
        [mm].

    Raises
    ------
    FrameRefusal, DeviceRefusal
        If both are given, or neither, or nobody has read the figures.

    References
    ----------
    .. [1] The design of this library, "Evidence has an audience".
    """
    upper, lower = order.proximal_joints_mm, order.distal_joints_mm
    sized = order.strut_sizes or order.strut_range_mm
    if order.rings is not None and not (upper or lower or sized):
        system, hardware = order.rings.found()
        frame = hardware.frame
        return Built(
            _six(frame.proximal_mm.tolist()),
            _six(frame.distal_mm.tolist()),
            hardware.struts,
            system,
            hardware,
        )
    if order.rings is not None or upper is None or lower is None:
        raise FrameRefusal(
            "give rings, or proximal_joints_mm, distal_joints_mm and strut_range_mm or "
            "strut_sizes, and not both"
        )
    sizes = checked_sizes(order.strut_range_mm, order.strut_sizes)
    return Built(upper, lower, sizes)


def _six(rows: list[list[float]]) -> Joints:
    one, two, three, four, five, six = ((x, y, z) for x, y, z in rows)
    return one, two, three, four, five, six


def scale_offset(
    offsets_mm: Mapping[str, float], sizes: tuple[StrutSize, ...], graduation_mm: float
) -> float:
    """What the scales read beyond the length joint to joint, up to whole marks.

    Parameters
    ----------
    offsets_mm : dict of str to float
        Of each size, where somebody said so [mm].
    sizes : tuple of StrutSize
        Of struts at hand [mm].
    graduation_mm : float
        Distance of two marks [mm].

    Returns
    -------
    float
        That of the first size named; 0 where nobody said anything [mm].

    Raises
    ------
    FrameRefusal
        If a size is unknown, an offset or the marks' distance cannot be, or the marks
        of two sizes lie at different lengths joint to joint.

    References
    ----------
    .. [1] A strut can only be set to a mark of its scale.
    """
    check_graduation(graduation_mm)
    known = {size.name for size in sizes}
    for name, offset in offsets_mm.items():
        if name not in known or not abs(offset) <= LONGEST_STRUT_MM:
            raise FrameRefusal(
                f"scale_offset_mm of size '{name:.40}' is {offset:g}; allowed is "
                f"-{LONGEST_STRUT_MM:g} to {LONGEST_STRUT_MM:g} mm for "
                f"{', '.join(sorted(known))}"
            )
    first = next(iter(offsets_mm.items()), ("", 0.0))
    for name, offset in offsets_mm.items():
        if abs(math.remainder(offset - first[1], graduation_mm)) > OFF_A_MARK_MM:
            raise FrameRefusal(
                f"scales of '{first[0]:.40}' and '{name:.40}' read {first[1]:g} and "
                f"{offset:g} mm beyond the length: they differ by no whole number of "
                f"marks of {graduation_mm:g} mm, and one schedule cannot serve both"
            )
    return first[1]


OFF_A_MARK_MM = 1e-6


def limb_in_frame(
    room: LimbRoom, upper: Placement, lower: Placement, side: Side
) -> Fragments:
    """The skin of the limb, in the frames of both rings.

    Parameters
    ----------
    room : LimbRoom
        How wide and long it is [mm].
    upper, lower : Placement
        Each ring on its own fragment, as a right leg's [mm].
    side : Side
        The leg's own side.

    Returns
    -------
    Fragments
        A capsule above and one below the cut, on the leg's own side [mm].

    References
    ----------
    .. [1] The bone is taken to run in the middle of the limb.
    """
    capsules = []
    for ring, reach, radius in (
        (upper, room.proximal_mm, room.proximal_radius_mm),
        (lower, -room.distal_mm, room.distal_radius_mm),
    ):
        ends = np.array([[0, 0, 0], [0, 0, reach]], float)
        start, end = mirrored(ring.inverse().carried(ends), side)
        capsules.append(Capsule(start, end, radius))
    return Fragments((capsules[0],), (capsules[1],))


def room_findings(
    built: Built, poses: Placement, limb: Fragments | None, about: str
) -> list[Finding]:
    """Say what touches or comes near, and what was not checked.

    Parameters
    ----------
    built : Built
        The frame [mm].
    poses : Placement
        Of the distal ring on every day, on the leg's own side [mm].
    limb : Fragments or None
        Its skin; None where nobody said how wide it is [mm].
    about : str
        The segment.

    Returns
    -------
    list of Finding
        Stops, cautions and notes.

    References
    ----------
    .. [1] :func:`callotasis.fixation.hexapod.clearance.clearances`.
    """
    if built.hardware is None:
        return [_unchecked("Rings were given by their joints alone", about)]
    found = clearance_findings(clearances(built.hardware, poses, limb), about)
    if limb is None:
        found.append(_unchecked("Nobody said how wide the limb is", about))
    return found


def _unchecked(because: str, about: str) -> Finding:
    what = "the skin" if because.startswith("Nobody") else "each other, rings and skin"
    return Finding(
        Level.CAUTION,
        "clearance.not_checked",
        f"{because}: struts were not checked against {what}.",
        "Name the rings and give the limb's radii.",
        about=about,
    )

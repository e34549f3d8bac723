"""A hexapod for a planned motion: square on the bone, straight at the end.

Before surgery nobody knows how the frame will sit. The plan builds it square on both
fragments and lets its rings mirror the deformity; after surgery the program is made
again from what two films show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from callotasis.alignment import Limb
from callotasis.errors import DeviceRefusal, FrameRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.catalogue import Device
from callotasis.fixation.doubt import Doubt
from callotasis.fixation.frame_sheet import (
    Framed,
    FrameDay,
    FrameSheet,
    joint_findings,
    shaft_findings,
)
from callotasis.fixation.hexapod.frame import Placement
from callotasis.fixation.hexapod.hardware import Ring
from callotasis.fixation.hexapod.mounting import Reference, parameters_of
from callotasis.fixation.hexapod.orders import (
    FARTHEST_MM,
    LimbRoom,
    Mode,
    MountingFile,
    ProgramOrder,
    RingsChosen,
    SixParameters,
)
from callotasis.fixation.hexapod.program import (
    SQUARE,
    Programmed,
    cut_surface,
    programmed,
)
from callotasis.fixation.hexapod.systems import fitting_rings, system_named
from callotasis.fixation.hinged.planned_bend import axis_at_cut, bend_of
from callotasis.fixation.telescope import Settings
from callotasis.plan import Target
from callotasis.pose import (
    HIDDEN,
    PARAMETERS,
    Pose,
    pose_from_rotation,
    rotation_from_pose,
)
from callotasis.worlds import Worlds

OF_READINGS = ("frame.typed", "frame.read_again")  # nothing was read off a frame yet
SKIN_ABOVE_MM = 150.0  # of the limb above the cut that a frame can meet


@dataclass(frozen=True, eq=False, kw_only=True)
class PlannedHexapod(Framed):
    """With the program behind it, for pictures.

    Attributes
    ----------
    programmed : Programmed
        Frame and poses.
    room : LimbRoom
        The skin that its struts were checked against [mm].
    """

    programmed: Programmed
    room: LimbRoom


def planned_hexapod(
    device: Device,
    target: Target,
    limb: Limb,
    rate_mm_per_day: float,
    limb_radius_mm: float,
    worlds: Worlds,
) -> PlannedHexapod:
    """Build a hexapod for a planned motion, and make its program.

    Parameters
    ----------
    device : Device
        A hexapod of the catalogue.
    target : Target
        The motion of one segment [mm, deg].
    limb : Limb
        Before surgery [mm].
    rate_mm_per_day : float
        [mm/day].
    limb_radius_mm : float
        Half the width of the limb at the rings [mm].
    worlds : Worlds
        For the doubt.

    Returns
    -------
    PlannedHexapod
        All of the motion, day by day [mm, deg].

    Raises
    ------
    DeviceRefusal, FrameRefusal
        If nobody read the figures of its rings and struts, no ring is wide enough, or
        the program cannot be.

    References
    ----------
    .. [1] Planning facts 5.1, chronic mode; evidence rows ``hexapod.ring_from_cut``,
       ``hexapod.rings_apart``.
    """
    bone = _on_bone(target, limb)
    wanted = _in_bone(target.pose, bone)
    rings = fitting_rings(system_named(device.system, {}), limb_radius_mm)
    room = _limb(target, limb_radius_mm)
    order = _order(device, target, wanted, rate_mm_per_day)
    place, found = _smallest(replace(order, limb=room), rings, worlds)
    days, done = _days(found), _done(found, bone)
    program = found.program
    sheet = FrameSheet(
        built=place.words,
        parts=tuple(f"strut {n}" for n in range(1, 7)),
        start_mm=program.schedule.struts_mm[0],
        sizes=program.schedule.sizes,
        changes=tuple(
            f"strut {c.strut}: {c.before} to {c.after}, end of day of turning {c.day}"
            for c in program.schedule.changes
        ),
    )
    return PlannedHexapod(
        target=replace(target, acute=Pose(not_measured=HIDDEN), gradual=target.pose),
        settings=Settings(_reached(device, target, days), device.step_mm),
        pose=done,
        remaining=_left(target.pose, done),
        days=days,
        doubt=_seen(program.doubt),
        own=replace(
            found.own,
            at_mm=bone.carried(found.ends.before.translation_mm[None])[0],
            axes=(bone.rotation @ SQUARE).T,
        ),
        sheet=sheet,
        findings=(
            *(f for f in program.findings if f.key not in OF_READINGS),
            _frontal_only(target, program.doubt),
            *_meeting(target, found),
            *place.beyond(target),
            *shaft_findings(target, limb),
        ),
        programmed=found,
        room=room,
    )


def _reached(device: Device, target: Target, days: tuple[FrameDay, ...]) -> float:
    """How much longer the bone is at the end; refuse more than the device's stroke."""
    if target.gain_mm > device.stroke_mm:
        raise DeviceRefusal(
            f"{target.segment} shall gain {target.gain_mm:.1f} mm; the stroke of "
            f"{device.name} is {device.stroke_mm:g} mm ({device.source})"
        )
    return days[-1].gained_mm if days else 0.0


def _left(wanted: Pose, done: Pose) -> Pose:
    """What is done after the frame's motion, in the film's plane."""
    return Pose(
        lateral_mm=wanted.lateral_mm - done.lateral_mm,
        proximal_mm=wanted.proximal_mm - done.proximal_mm,
        valgus_deg=wanted.valgus_deg - done.valgus_deg,
        not_measured=HIDDEN,
    )


def _seen(doubt: Doubt) -> Doubt:
    """Leave out what no frontal film shows."""
    shown = {name: x for name, x in doubt.residual.items() if name not in HIDDEN}
    return replace(doubt, residual=shown)


def _on_bone(target: Target, limb: Limb) -> Placement:
    """From the axes of the straight bone, where it is cut, into the limb frame [mm]."""
    bend = bend_of(target, limb)
    lateral, anterior, down = bend.axes
    return Placement(axis_at_cut(bend), np.stack([lateral, anterior, -down], axis=1))


def _in_bone(pose: Pose, bone: Placement) -> Placement:
    shift = np.array([pose.lateral_mm, pose.anterior_mm, pose.proximal_mm])
    return bone.inverse() @ Placement(shift, rotation_from_pose(pose)) @ bone


def _smallest(
    order: ProgramOrder, rings: Sequence[Ring], worlds: Worlds
) -> tuple[_Square, Programmed]:
    """The smallest rings with which no strut touches or runs out."""
    refused = []
    for ring in rings:
        place = _Square(ring, order.gain_mm)
        chosen = replace(
            order,
            rings=RingsChosen(ring.system, ring.name, ring.name),
            neutral_mm=place.apart_mm,
        )
        try:
            return place, programmed(chosen, worlds)
        except FrameRefusal as why:
            refused.append(why)
    raise refused[0]


@dataclass(frozen=True)
class _Square:
    """Two equal rings, square on the bone, straight once the gain is reached."""

    ring: Ring
    gain_mm: float

    @property
    def apart_mm(self) -> float:
        return constant("hexapod.rings_apart").value + self.gain_mm

    def beyond(self, target: Target) -> list[Finding]:
        above = constant("hexapod.ring_from_cut")
        below = constant("hexapod.rings_apart").value - above.value
        high = self.ring.joint_offset_mm
        return joint_findings(target, above.value + high, below + high, above.key)

    @property
    def words(self) -> str:
        above = constant("hexapod.ring_from_cut").value
        return (
            f"two rings {self.ring.name} of {self.ring.system}, square on the bone; "
            f"the upper ring's joints {above:g} mm above the cut, rings "
            f"{self.apart_mm:.0f} mm apart and straight at the end"
        )


def _order(
    device: Device,
    target: Target,
    wanted: Placement,
    rate_mm_per_day: float,
) -> ProgramOrder:
    longer = Placement(np.array([0.0, 0.0, -target.gain_mm]), np.eye(3))
    deformity = parameters_of(wanted.inverse() @ longer)
    above = constant("hexapod.ring_from_cut").value
    square = {**dict.fromkeys(PARAMETERS, 0.0), "proximal_mm": above}
    return ProgramOrder(
        segment=str(target.segment),
        frame_side=target.segment.side,
        mode=Mode.CHRONIC,
        rate_mm_per_day=rate_mm_per_day,
        deformity=SixParameters(
            **dict(zip(PARAMETERS, map(float, deformity), strict=True))
        ),
        mounting=MountingFile(Reference.PROXIMAL, SixParameters(**square)),
        gain_mm=target.gain_mm,
        graduation_mm=device.step_mm,
        path="phases",
    )


def _limb(target: Target, radius_mm: float) -> LimbRoom:
    level = target.cut.level_mm
    below = target.bone_length_mm - level
    return LimbRoom(
        radius_mm, radius_mm, min(level, SKIN_ABOVE_MM), min(below, FARTHEST_MM)
    )


def _bone_by_day(found: Programmed) -> Placement:
    """The distal fragment on each day as planned, the start first."""
    _, on_fragment = found.ends.rings()
    return found.ends.ring @ found.way.poses @ on_fragment.inverse()


def _meeting(target: Target, found: Programmed) -> list[Finding]:
    """Say when the convex side would be pressed into the other fragment."""
    heights = _bone_by_day(found).carried(cut_surface())[..., 2]
    pressed = float((heights - heights[0]).max())
    row = constant("hexapod.second_program_mm")
    if pressed <= row.value:
        return []
    return [
        Finding(
            Level.CAUTION,
            "frame.fragments_meet",
            f"The turn presses both fragments of the {target.segment.words} "
            f"{pressed:.1f} mm into each other on the convex side.",
            "Ask for more gain, or take out that wedge at surgery.",
            row.key,
            str(target.segment),
        )
    ]


def _days(found: Programmed) -> tuple[FrameDay, ...]:
    """What the frame does on each day: struts as set, the bone's pace as planned."""
    bone = _bone_by_day(found)
    places = bone.carried(cut_surface())
    ways = np.linalg.norm(np.diff(places, axis=0), axis=-1).max(axis=1)
    gained = np.maximum(-bone.translation_mm[1:, 2], 0.0)
    rows = found.program.schedule.struts_mm[1:]
    return tuple(
        FrameDay(row, round(float(way), 3), round(float(longer), 2))
        for row, way, longer in zip(rows, ways, gained, strict=True)
    )


def _done(found: Programmed, bone: Placement) -> Pose:
    """Motion of the distal fragment once the last day is set, in the limb frame."""
    ends = found.ends
    _, on_fragment = ends.rings()
    last = found.poses.on(found.side)[-1]
    done = ends.ring @ last @ on_fragment.inverse() @ ends.before.inverse()
    motion = bone @ done @ bone.inverse()
    pose = pose_from_rotation(motion.rotation, motion.translation_mm)
    return replace(pose, **dict.fromkeys(HIDDEN, 0.0), not_measured=HIDDEN)


def _frontal_only(target: Target, doubt: Doubt) -> Finding:
    return Finding(
        Level.CAUTION,
        "frame.frontal_only",
        f"The frame of the {target.segment.words} was planned off a frontal film, and "
        "square on the bone; what is bent forward or turned is not in it. In "
        f"{doubt.chance_of_second_program:.0%} of the worlds a second program is "
        "needed.",
        "Read two films once the frame is on, and make the program again from them.",
        "hexapod.second_program_deg",
        str(target.segment),
    )

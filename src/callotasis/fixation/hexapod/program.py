"""A whole program: from what was read on a leg to a strut table, and how sure it is.

Chronic, residual and total residual programs are one: the first or the last pose of the
frame is known, and the bone's correction, carried over to the rings, gives the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level, by_urgency
from callotasis.fixation.doubt import Doubt, Left, doubt_about
from callotasis.fixation.hexapod.build import (
    Built,
    built_from,
    limb_in_frame,
    room_findings,
    scale_offset,
)
from callotasis.fixation.hexapod.cautions import (
    mark_findings,
    reading_findings,
    strut_findings,
)
from callotasis.fixation.hexapod.files import PoseFile, checked_frame, checked_lengths
from callotasis.fixation.hexapod.forward import pose_from_struts, poses_from_struts
from callotasis.fixation.hexapod.frame import Frame, Placement
from callotasis.fixation.hexapod.mounting import frame_after
from callotasis.fixation.hexapod.orders import Mode, ProgramOrder
from callotasis.fixation.hexapod.path import Course, course
from callotasis.fixation.hexapod.reading import Reading, reading_of
from callotasis.fixation.hexapod.residual import residuals
from callotasis.fixation.hexapod.schedule import Schedule, check_rate, schedule_of
from callotasis.pose import Segment, Side
from callotasis.worlds import Array, Worlds

MOST_GAIN_MM = 200.0


@dataclass(frozen=True, eq=False)
class Ends:
    """The frame and the bone before and after, in world 0, as a right leg's.

    Attributes
    ----------
    ring : Placement
        The proximal ring on the proximal fragment [mm].
    start, target : Placement
        The distal ring in the frame of the proximal one [mm].
    before, wanted : Placement
        The distal fragment in the frame of the bone [mm].
    """

    ring: Placement
    start: Placement
    target: Placement
    before: Placement
    wanted: Placement

    def rings(self) -> tuple[Placement, Placement]:
        """Each ring on its own fragment, from its frame into the fragment's."""
        return self.ring, self.before.inverse() @ self.ring @ self.start


@dataclass(frozen=True)
class Program:
    """What ``callotasis frame program`` prints.

    Attributes
    ----------
    start_pose, target_pose : PoseFile
        Of the distal ring, as in frame files [mm, deg].
    schedule : Schedule
        Every strut for every day [mm].
    fastest_as_set_mm : float
        Way of the fastest point of the cut on any day, struts on their marks; as
        planned it is the rate at most [mm].
    doubt : Doubt
        How wrong it may be.
    chance_if_read_again : float
        Of a second program, if the first reading of ``doubt.read_again`` is made once
        more and the mean is taken [1].
    """

    segment: str
    mode: Mode
    start_pose: PoseFile
    target_pose: PoseFile
    schedule: Schedule
    fastest_as_set_mm: float
    doubt: Doubt
    chance_if_read_again: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Programmed:
    """A program with what stands behind it, for pictures and checks.

    Attributes
    ----------
    built : Built
        Of which rings and struts.
    frame : Frame
        Joints of both rings, as a right leg wears them [mm].
    ends : Ends
        First and last pose, as a right leg's [mm].
    way : Course
        Of the distal ring as planned, before rounding, as a right leg's [mm].
    poses : Placement
        Of the distal ring on every day as set, on the leg's own side [mm].
    own : Left
        As if the deformity had been read without error; in the frame of the bone.
    """

    program: Program
    built: Built
    frame: Frame
    ends: Ends
    way: Course
    poses: Placement
    own: Left

    @property
    def side(self) -> Side:
        """The leg's own side."""
        return Segment.parse(self.program.segment).side


def programmed(order: ProgramOrder, worlds: Worlds | None = None) -> Programmed:
    """Work out a program.

    Parameters
    ----------
    order : ProgramOrder
        Frame, readings and wishes.
    worlds : Worlds, optional
        For the intervals; 2,000 if unsaid.

    Returns
    -------
    Programmed
        [mm, deg, day].

    Raises
    ------
    FrameRefusal, DeviceRefusal
        If the frame is of the other side or of figures that nobody read, a reading is
        missing or cannot be, the schedule is refused, or parts would touch.

    References
    ----------
    .. [1] Taylor, chronic, residual and total residual methods: planning facts 5.1.
    """
    segment = Segment.parse(order.segment)
    if order.frame_side is not segment.side:
        raise FrameRefusal(
            f"the frame was built for a {order.frame_side.word} leg; the segment is "
            f"the {segment.words}"
        )
    worlds = worlds or Worlds()
    built = built_from(order)
    own = checked_frame(built.proximal_mm, built.distal_mm)
    frame = own.on(segment.side)
    reading = reading_of(order, frame, worlds)
    ends = ends_of(order, frame, reading)
    way = way_of(order, ends)
    offset = scale_offset(order.scale_offset_mm, built.sizes, order.graduation_mm)
    schedule = schedule_of(frame, way, built.sizes, order.graduation_mm, offset)
    struts = np.array(schedule.struts_mm)
    poses, _ = poses_from_struts(own, struts, ends.start.on(segment.side))
    doubt = _doubt(frame, reading, struts, ends)
    right = reading.deformity_right()
    alone = Left(
        _residuals(frame, right, struts, ends), right.inputs, np.zeros(3), SQUARE
    )
    again = _read_again(order, doubt.read_again[0].reading)
    better = _doubt(frame, reading_of(again, frame, worlds), struts, ends)
    fastest = _fastest(ends, poses.on(segment.side))
    limb = None
    if order.limb is not None:
        limb = limb_in_frame(order.limb, *ends.rings(), segment.side)
    findings = by_urgency(
        [
            *built.findings(segment),
            *room_findings(built, poses, limb, str(segment)),
            *mark_findings(order, fastest),
            *strut_findings(struts, str(segment)),
            *reading_findings(order, doubt),
        ]
    )
    _check_stops(findings)
    program = Program(
        segment=str(segment),
        mode=order.mode,
        start_pose=_as_file(ends.start.on(segment.side)),
        target_pose=_as_file(ends.target.on(segment.side)),
        schedule=schedule,
        fastest_as_set_mm=fastest,
        doubt=doubt,
        chance_if_read_again=better.chance_of_second_program,
        findings=findings,
    )
    return Programmed(program, built, frame, ends, way, poses, alone)


def _check_stops(findings: tuple[Finding, ...]) -> None:
    """Nobody can answer a stop here: there is no case that keeps the decision."""
    for finding in findings:
        if finding.level is Level.STOP:
            raise FrameRefusal(f"{finding.sentence} {finding.action}")


def ends_of(order: ProgramOrder, frame: Frame, reading: Reading) -> Ends:
    """First and last pose of frame and bone, decided in world 0.

    Parameters
    ----------
    order : ProgramOrder
        Its mode says which pose of the frame is known.
    frame : Frame
        Joints of both rings, as a right leg wears them [mm].
    reading : Reading
        Of every world.

    Returns
    -------
    Ends
        [mm].

    Raises
    ------
    FrameRefusal
        If the figure that the mode needs is missing, or one that it has no use for is
        given.

    References
    ----------
    .. [1] :func:`callotasis.fixation.hexapod.mounting.frame_after`.
    """
    if not 0 <= order.gain_mm <= MOST_GAIN_MM:
        raise FrameRefusal(
            f"gain_mm is {order.gain_mm:g}; allowed is 0 to {MOST_GAIN_MM:g}"
        )
    known = _known_pose(order, frame)
    before = reading.deformity[0]
    wanted = Placement(np.array([0.0, 0.0, -order.gain_mm]), np.eye(3))
    mounting = replace(reading.mounting, ring=reading.mounting.ring[0])
    if order.mode is Mode.CHRONIC:
        ring = mounting.proximal_ring(wanted, known)
        start, target = frame_after(ring, known, wanted, before), known
    else:
        ring = mounting.proximal_ring(before, known)
        start, target = known, frame_after(ring, known, before, wanted)
    return Ends(ring, start, target, before, wanted)


def _known_pose(order: ProgramOrder, frame: Frame) -> Placement:
    """The pose of the frame that the mode starts from, or ends with."""
    reads_struts = order.mode is Mode.TOTAL_RESIDUAL
    given = {"struts_mm": order.struts_mm, "neutral_mm": order.neutral_mm}
    needed, useless = ("struts_mm", "neutral_mm")[:: 1 if reads_struts else -1]
    if given[needed] is None or given[useless] is not None:
        raise FrameRefusal(
            f"a {order.mode} program needs {needed} and has no use for {useless}"
        )
    if order.struts_mm is not None:
        return pose_from_struts(frame, checked_lengths(order.struts_mm))
    return Placement(np.array([0.0, 0.0, order.neutral_mm]), np.eye(3))


def way_of(order: ProgramOrder, ends: Ends) -> Course:
    """The way of the bone, cut into days, as the way of the ring.

    Parts of the path (lengthen, translate, turn) are parts of the bone's motion: it
    turns about the place where both fragments shall meet, not about the ring.

    Parameters
    ----------
    order : ProgramOrder
        Rate, path and structures at risk [mm].
    ends : Ends
        First and last pose [mm].

    Returns
    -------
    Course
        Of the distal ring, as a right leg's [mm].

    Raises
    ------
    FrameRefusal
        If rate or path cannot be.

    References
    ----------
    .. [1] Planning facts 5.1.
    """
    check_rate(order.rate_mm_per_day)
    named = np.array(order.structures_at_risk_mm, float).reshape(-1, 3)
    if not np.isfinite(named).all():
        raise FrameRefusal("structures_at_risk_mm holds a number that is not finite")
    own = ends.before.inverse().carried(named)
    structures = np.concatenate([cut_surface(), own])
    bone = course(
        ends.before, ends.wanted, structures, order.rate_mm_per_day, order.path
    )
    _, ring_on_fragment = ends.rings()
    poses = ends.ring.inverse() @ bone.poses @ ring_on_fragment
    return Course(bone.days, poses)


def cut_surface() -> Array:
    """Middle and rim of the distal fragment's cut: new bone bears no more.

    Returns
    -------
    Array
        Shape (17, 3), in the frame of the distal fragment [mm].

    References
    ----------
    .. [1] Evidence row ``hexapod.fragment_radius``.
    """
    radius = constant("hexapod.fragment_radius").value
    turns = np.linspace(0, 2 * np.pi, RIM, endpoint=False)
    rim = radius * np.stack([np.cos(turns), np.sin(turns), 0 * turns], axis=-1)
    return np.concatenate([np.zeros((1, 3)), rim])


RIM = 16  # points; between two of them none moves 2 % faster


def _as_file(placement: Placement) -> PoseFile:
    return PoseFile(
        tuple(placement.translation_mm.tolist()),
        tuple(placement.rotation_deg.tolist()),
    )


SQUARE = np.diag([1.0, 1.0, -1.0])
"""Lateral, anterior and distal in the frame of the bone."""


def _doubt(frame: Frame, reading: Reading, struts: Array, ends: Ends) -> Doubt:
    return doubt_about(_residuals(frame, reading, struts, ends), reading.inputs)


def _residuals(frame: Frame, reading: Reading, struts: Array, ends: Ends) -> Array:
    return residuals(
        frame,
        reading,
        (struts[0], struts[-1]),
        (ends.start, ends.target),
        ends.wanted,
    )


def _fastest(ends: Ends, poses: Placement) -> float:
    """Way of the fastest point of the cut on any day [mm]."""
    _, on_fragment = ends.rings()
    places = (ends.ring @ poses @ on_fragment.inverse()).carried(cut_surface())
    ways = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    return float(ways.max(initial=0.0))


def _read_again(order: ProgramOrder, name: str) -> ProgramOrder:
    times = dict(order.read_times)
    return replace(order, read_times={**times, name: times.get(name, 1) + 1})

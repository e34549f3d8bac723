"""What is asked of the library for one case, and the sheet that it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from callotasis.alignment import Discrepancy
from callotasis.distraction import Milestone, Prescription, Wish
from callotasis.findings import Finding
from callotasis.fixation import (
    AxisDrift,
    ConfirmedData,
    Framed,
    FrameSheet,
    NailSheet,
    Settings,
)
from callotasis.fixation.doubt import Doubt
from callotasis.goal import Goal
from callotasis.plan import Adjunct, Alternative, Choices, Fibula, Osteotomy, Target
from callotasis.pose import Pose, Segment, Side
from callotasis.proposal.option import SideBySide
from callotasis.worlds import Interval


@dataclass(frozen=True)
class Request:
    """Everything that people decided before the library is asked.

    Attributes
    ----------
    goal : Goal
        What is wanted.
    devices : dict of Segment to str
        A device for every segment of the goal.
    surgery_on : date
        Day 0.
    choices, wishes, fibula : dict by Segment
        Cut and hinge, protocol, and fibula; what is absent takes the usual.
    approach : dict of Segment to str
        ``antegrade`` or ``retrograde``, for nails.
    confirmed : dict of str to ConfirmedData
        Devices whose data a clinician confirmed against the instructions.
    limb_radius_mm : dict of Segment to float
        Half the width of a limb in a frame [mm].
    rail_lean_deg : dict of Segment to float
        How far the distal end of a rail leans laterally from the bone [deg].
    bow_radius_mm : dict of Segment to Interval
        Of the shaft, from lateral films [mm].
    answered : frozenset of str
        References of stops that a named clinician decided on, for this very plan.
    findings : tuple of Finding
        What the record and the people who asked want said as well.
    """

    goal: Goal
    devices: Mapping[Segment, str]
    surgery_on: date
    choices: Mapping[Segment, Choices] = field(default_factory=dict)
    wishes: Mapping[Segment, Wish] = field(default_factory=dict)
    fibula: Mapping[Segment, Fibula] = field(default_factory=dict)
    approach: Mapping[Segment, str] = field(default_factory=dict)
    confirmed: Mapping[str, ConfirmedData] = field(default_factory=dict)
    limb_radius_mm: Mapping[Segment, float] = field(default_factory=dict)
    rail_lean_deg: Mapping[Segment, float] = field(default_factory=dict)
    bow_radius_mm: Mapping[Segment, Interval] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    @property
    def touched(self) -> frozenset[Segment]:
        """Every segment that a decision beside its device names."""
        return frozenset(
            {
                *self.choices,
                *self.wishes,
                *self.fibula,
                *self.approach,
                *self.limb_radius_mm,
                *self.rail_lean_deg,
            }
        )


@dataclass(frozen=True)
class SegmentSheet:
    """The plan of one segment.

    While a stop is open, ``prescription`` has no turns and ``timeline`` no dates. A
    nail is planned backwards: its acute part holds what cancels the drift, and only
    what its steps leave remains. A frame does all of the motion day by day: nothing is
    acute. ``axis_drift`` is what the axis moves between the turned and the lengthened
    limb. ``doubt`` speaks of an external device at the bone; a nail's own sheet speaks
    of the whole leg.
    """

    cut: Osteotomy
    target_pose: Mapping[str, object]
    acute_pose: Mapping[str, object]
    gradual_pose: Mapping[str, object]
    gain_mm: float
    gain_percent: float
    device: str
    approach: str
    settings: Settings
    remaining_pose: Mapping[str, object]
    axis_drift: AxisDrift
    prescription: Prescription
    timeline: tuple[Milestone, ...]
    fibula: Fibula | None
    adjuncts: tuple[Adjunct, ...]
    doubt: Doubt | None = None
    nail: NailSheet | None = None
    frame: FrameSheet | None = None


@dataclass(frozen=True)
class After:
    """The limbs as planned, measured like the film was."""

    sides: Mapping[Side, Mapping[str, Interval]]
    discrepancy_mm: Discrepancy | None


@dataclass(frozen=True)
class Proposal:
    """What ``callotasis plan`` prints."""

    goal: Goal
    surgery_on: date
    segments: Mapping[Segment, SegmentSheet]
    after: After
    alternatives: tuple[Alternative, ...]
    side_by_side: Mapping[Segment, SideBySide]
    withheld: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Worked:
    """A proposal with targets, poses and frames behind it, for pictures."""

    proposal: Proposal
    targets: Mapping[Segment, Target]
    poses: Mapping[Segment, Pose]
    frames: Mapping[Segment, Framed] = field(default_factory=dict)


def without_turns(sheet: SegmentSheet) -> SegmentSheet:
    """Return the sheet as it may be shown while a stop is open: no turn, no date."""
    return replace(
        sheet,
        prescription=replace(sheet.prescription, turns=()),
        timeline=(),
    )

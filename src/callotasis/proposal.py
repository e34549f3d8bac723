"""The whole proposal for one case: every room's answer, on one sheet.

Decisions (target, cut, settings, turns) are plain numbers from world 0; what they
lead to (the limb after, the drift, the dates) is an interval. Open stops withhold
every prescription.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from callotasis.alignment import (
    Discrepancy,
    Limb,
    MeasuredFilm,
    discrepancy,
    sample_limb,
    summarised,
)
from callotasis.distraction import (
    Milestone,
    Prescription,
    Protocol,
    Wish,
    prescribe,
    rate_findings,
    timeline_of,
    usual_protocol,
)
from callotasis.errors import DeviceRefusal, NoScale, PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level, by_urgency
from callotasis.fixation import (
    AxisDrift,
    Device,
    Kind,
    Settings,
    device_findings,
    device_named,
    drift_of,
    mounted,
    reach_findings,
)
from callotasis.goal import Goal
from callotasis.plan import (
    Adjunct,
    Alternative,
    Choices,
    Fibula,
    Osteotomy,
    Target,
    adjuncts_for,
    alternatives_to,
    fibula_findings,
    gain_findings,
    limbs_after,
    maturity_findings,
    plan_targets,
    rule_findings,
)
from callotasis.pose import Bone, Pose, Segment, Side
from callotasis.radiograph import Method
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
    confirmed : frozenset of str
        Devices whose data a clinician confirmed.
    answered : frozenset of str
        References of stops that a named clinician decided on.
    """

    goal: Goal
    devices: Mapping[Segment, str]
    surgery_on: date
    choices: Mapping[Segment, Choices] = field(default_factory=dict)
    wishes: Mapping[Segment, Wish] = field(default_factory=dict)
    fibula: Mapping[Segment, Fibula] = field(default_factory=dict)
    approach: Mapping[Segment, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SegmentSheet:
    """The plan of one segment."""

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
    protocol: Protocol
    prescription: Prescription
    timeline: tuple[Milestone, ...]
    fibula: Fibula | None
    adjuncts: tuple[Adjunct, ...]


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
    withheld: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Worked:
    """A proposal with the targets and poses behind it, for pictures."""

    proposal: Proposal
    targets: Mapping[Segment, Target]
    poses: Mapping[Segment, Pose]


def propose(measured: MeasuredFilm, request: Request) -> Worked:
    """Plan, choose settings, prescribe and date, for every segment of the goal.

    Parameters
    ----------
    measured : MeasuredFilm
        A film with a scale.
    request : Request
        Goal, devices and decisions.

    Returns
    -------
    Worked
        The proposal [mm, deg, day].

    Raises
    ------
    NoScale
        If the film has no scale.
    PlanRefusal, DeviceRefusal
        If goal or device cannot stand.

    References
    ----------
    .. [1] The rooms ``plan``, ``fixation`` and ``distraction``.
    """
    if measured.calibration.method is Method.NONE:
        raise NoScale(
            "the film has no scale; a plan needs millimetres: give the diameter of a "
            "calibration ball or a magnification"
        )
    goal_findings = maturity_findings(request.goal)
    devices = {s: _device(s, request) for s in request.goal.segments}
    targets = plan_targets(measured, request.goal, request.choices)
    acute = {s: (t.cut.level_mm, t.acute) for s, t in targets.items()}
    sheets, poses = {}, {}
    findings = [*measured.measurement.findings, *goal_findings]
    for segment, target in targets.items():
        alone = limbs_after(measured.limbs, {segment: acute[segment]})[segment.side]
        telescope = mounted(devices[segment], segment, alone)
        settings, remaining = telescope.settings(target.gradual)
        poses[segment] = _joined(target.acute, telescope.pose(settings))
        level_and_pose = {segment: (target.cut.level_mm, poses[segment])}
        done = limbs_after(measured.limbs, level_and_pose)[segment.side]
        drift = drift_of(
            segment,
            alone,
            done,
            settings.extension_mm,
            along_canal=devices[segment].kind is Kind.NAIL,
        )
        prescription = _prescription(target, devices[segment], settings, request)
        fibula = request.fibula.get(segment, Fibula())
        approach = _approach(segment, devices[segment], request)
        findings += _segment_findings(target, devices[segment], prescription, fibula)
        findings += _nail_findings(target, approach, settings)
        sheets[segment] = SegmentSheet(
            cut=target.cut,
            target_pose=target.pose.seen(),
            acute_pose=target.acute.seen(),
            gradual_pose=target.gradual.seen(),
            gain_mm=target.gain_mm,
            gain_percent=100 * target.gain_mm / target.bone_length_mm,
            device=devices[segment].name,
            approach=approach,
            settings=settings,
            remaining_pose=remaining.seen(),
            axis_drift=drift,
            protocol=prescription.protocol,
            prescription=prescription,
            timeline=timeline_of(
                prescription,
                devices[segment].kind,
                approach,
                measured.worlds,
            ),
            fibula=fibula if segment.bone is Bone.TIBIA else None,
            adjuncts=tuple(adjuncts_for(target)),
        )
    after = _after(measured, targets, poses)
    every = by_urgency([*findings, *_after_findings(after)])
    return Worked(_sheet(measured, request, sheets, after, every), targets, poses)


def _sheet(
    measured: MeasuredFilm,
    request: Request,
    sheets: dict[Segment, SegmentSheet],
    after: After,
    findings: tuple[Finding, ...],
) -> Proposal:
    """Put the sheet together; open stops withhold the prescriptions."""
    found = measured.measurement.discrepancy_mm
    return Proposal(
        goal=request.goal,
        surgery_on=request.surgery_on,
        segments=sheets,
        after=after,
        alternatives=tuple(
            alternatives_to(found.value if found else None, tuple(sheets))
        ),
        withheld=tuple(
            f.reference
            for f in findings
            if f.level is Level.STOP and f.reference not in request.answered
        ),
        findings=findings,
    )


def _device(segment: Segment, request: Request) -> Device:
    if segment not in request.devices:
        raise DeviceRefusal(f"no device was chosen for {segment}")
    return device_named(request.devices[segment], segment, request.confirmed)


def _approach(segment: Segment, device: Device, request: Request) -> str:
    """How a nail goes in; a rail has no approach."""
    if device.kind is Kind.RAIL:
        return ""
    chosen = request.approach.get(segment, "antegrade")
    allowed = (
        ("antegrade", "retrograde") if segment.bone is Bone.FEMUR else ("antegrade",)
    )
    if chosen not in allowed:
        raise PlanRefusal(
            f"approach to {segment} is '{chosen}'; allowed is {' or '.join(allowed)}"
        )
    return chosen


def _joined(acute: Pose, gradual: Pose) -> Pose:
    """Turn and shift at surgery, then the shift of the distraction."""
    return Pose(
        lateral_mm=acute.lateral_mm + gradual.lateral_mm,
        proximal_mm=acute.proximal_mm + gradual.proximal_mm,
        valgus_deg=acute.valgus_deg,
        not_measured=acute.not_measured,
    )


def _prescription(
    target: Target, device: Device, settings: Settings, request: Request
) -> Prescription:
    protocol = usual_protocol(
        target.segment,
        request.goal.age_years,
        device.step_mm,
        request.wishes.get(target.segment, Wish()),
    )
    return prescribe(
        target.segment,
        device.name,
        settings.extension_mm,
        protocol,
        request.surgery_on,
    )


def _segment_findings(
    target: Target, device: Device, prescription: Prescription, fibula: Fibula
) -> list[Finding]:
    return [
        *gain_findings(target),
        *rule_findings(target.segment, target.cut),
        *fibula_findings(target, fibula),
        *device_findings(device, target.segment),
        *rate_findings(prescription),
        *_no_dates(prescription),
    ]


def _nail_findings(target: Target, approach: str, settings: Settings) -> list[Finding]:
    """Ask whether the bone beyond the cut, seen from the entry, holds the nail."""
    if not approach or not settings.extension_mm:
        return []
    below = target.bone_length_mm - target.cut.level_mm
    beyond = below if approach == "antegrade" else target.cut.level_mm
    return reach_findings(target.segment, settings.extension_mm, beyond)


def _no_dates(prescription: Prescription) -> list[Finding]:
    if prescription.turns:
        return []
    return [
        Finding(
            Level.NOTE,
            "timeline.no_distraction",
            f"The {prescription.segment.words} is cut but not lengthened: no healing "
            "index speaks of it, so no date of healing is given.",
            "Judge healing on films.",
            about=str(prescription.segment),
        )
    ]


def _after(
    measured: MeasuredFilm,
    targets: Mapping[Segment, Target],
    poses: Mapping[Segment, Pose],
) -> After:
    """Carry out what the devices really do, and measure again."""
    motions = {s: (t.cut.level_mm, poses[s]) for s, t in targets.items()}
    limbs: Mapping[Side, Limb] = limbs_after(measured.limbs, motions)
    samples = {side: sample_limb(limb) for side, limb in limbs.items()}
    both = len(samples) == 2  # noqa: PLR2004 - both legs
    return After(
        {side: summarised(found) for side, found in samples.items()},
        discrepancy(*(samples[s]["leg_length_mm"] for s in Side)) if both else None,
    )


def _after_findings(after: After) -> list[Finding]:
    """Say what difference is left, if it still counts as one."""
    left = after.discrepancy_mm
    row = constant("plan.residual_discrepancy")
    if left is None or abs(left.value) <= row.value:
        return []
    return [
        Finding(
            Level.CAUTION,
            "plan.residual",
            f"The legs still differ by {abs(left.value):.0f} mm after the plan "
            f"(up to {row.value:g} mm counts as equal).",
            "Say whether this is wanted.",
            row.key,
        )
    ]

"""Plan, choose settings, prescribe and date: every room asked in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from callotasis.alignment import MeasuredFilm
from callotasis.distraction import (
    Prescription,
    Wish,
    prescribe,
    rate_findings,
    timeline_findings,
    timeline_of,
    usual_protocol,
)
from callotasis.errors import DeviceRefusal, NoScale, PlanRefusal
from callotasis.findings import Finding, Level, by_urgency
from callotasis.fixation import (
    Device,
    Kind,
    Pace,
    Settings,
    device_findings,
    device_named,
    drift_of,
    label_findings,
    mounted,
    nail_findings,
    nail_sheet,
    nailed,
)
from callotasis.plan import (
    Choices,
    Fibula,
    Hinge,
    Target,
    acute_findings,
    adjuncts_for,
    alternatives_to,
    fibula_findings,
    gain_findings,
    limbs_after,
    maturity_findings,
    plan_targets,
    rule_findings,
)
from callotasis.pose import Bone, Pose, Segment, joined
from callotasis.proposal.after import after_findings, measured_after
from callotasis.proposal.sheet import (
    After,
    Proposal,
    Request,
    SegmentSheet,
    Worked,
    without_turns,
)
from callotasis.radiograph import SIDE_UNPROVEN, Method

FIRST_YEAR, LAST_YEAR = 1950, 2150  # the nails and rails of today, and no slip


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
    _check_touched(request)
    if not FIRST_YEAR <= request.surgery_on.year <= LAST_YEAR:
        raise PlanRefusal(
            f"surgery is on {request.surgery_on}; allowed are the years "
            f"{FIRST_YEAR} to {LAST_YEAR}"
        )
    goal_findings = maturity_findings(request.goal)
    devices = {s: _device(s, request) for s in request.goal.segments}
    targets = plan_targets(measured, request.goal, _choices(request, devices))
    planned = {
        s: _planned(measured, t, devices[s], request) for s, t in targets.items()
    }
    targets = {s: p.target for s, p in planned.items()}
    poses = {s: p.pose for s, p in planned.items()}
    after = measured_after(measured, targets, poses)
    findings = by_urgency(
        [
            *_stopping(measured.measurement.findings),
            *request.findings,
            *goal_findings,
            *assumption_findings(request, devices),
            *label_findings(devices, request.goal.age_years),
            *(f for p in planned.values() for f in p.findings),
            *after_findings(measured, targets, after),
        ]
    )
    sheets = {s: p.sheet for s, p in planned.items()}
    return Worked(_sheet(measured, request, sheets, after, findings), targets, poses)


@dataclass(frozen=True, eq=False)
class _Planned:
    """One segment worked out; its target as its device shares it out."""

    target: Target
    sheet: SegmentSheet
    pose: Pose
    findings: list[Finding]


def _planned(
    measured: MeasuredFilm, wanted: Target, device: Device, request: Request
) -> _Planned:
    segment, level = wanted.segment, wanted.cut.level_mm
    side, approach = segment.side, approach_of(segment, device, request)
    nail = nailed(measured, wanted, device, approach) if approach else None
    target = nail.target if nail else wanted
    acute = limbs_after(measured.limbs, {segment: (level, target.acute)})[side]
    telescope = nail.telescope if nail else mounted(device, segment, acute)
    settings, remaining = telescope.settings(target.gradual)
    pose = joined(target.acute, telescope.pose(settings))
    done = limbs_after(measured.limbs, {segment: (level, pose)})[side]
    prescription = _prescription(target, device, settings, request)
    fibula = request.fibula.get(segment, Fibula())
    timeline = timeline_of(prescription, device.kind, approach, measured.worlds)
    pace = _pace(prescription, request)
    in_bone = nail_sheet(nail, settings, pace) if nail else None
    sheet = SegmentSheet(
        cut=target.cut,
        target_pose=target.pose.seen(),
        acute_pose=target.acute.seen(),
        gradual_pose=target.gradual.seen(),
        gain_mm=target.gain_mm,
        gain_percent=100 * target.gain_mm / target.bone_length_mm,
        device=device.name,
        approach=approach,
        settings=settings,
        remaining_pose=remaining.seen(),
        axis_drift=drift_of(
            segment,
            acute,
            done,
            settings.extension_mm,
            along_canal=device.kind is Kind.NAIL,
        ),
        prescription=prescription,
        timeline=timeline,
        fibula=fibula if segment.bone is Bone.TIBIA else None,
        adjuncts=tuple(adjuncts_for(target)),
        nail=in_bone,
    )
    findings = [
        *_segment_findings(target, device, prescription, fibula),
        *(nail_findings(nail, in_bone, settings) if nail and in_bone else []),
        *timeline_findings(segment, timeline),
    ]
    return _Planned(target, sheet, pose, findings)


def _pace(prescription: Prescription, request: Request) -> Pace:
    protocol, segment = prescription.protocol, prescription.segment
    return Pace(
        protocol.rate_mm_per_day,
        protocol.rhythm_per_day,
        request.bow_radius_mm.get(segment),
        equal=segment == request.goal.equalise,
    )


def _check_touched(request: Request) -> None:
    """Refuse a decision about a segment out of the goal: perhaps a wrong side."""
    extra = request.touched - set(request.goal.segments)
    if extra:
        named = ", ".join(map(str, sorted(extra)))
        wanted = ", ".join(map(str, request.goal.segments))
        raise PlanRefusal(
            f"{named} is given options but is not in the goal; the goal is {wanted}"
        )
    for segment in request.fibula:
        if segment.bone is not Bone.TIBIA:
            raise PlanRefusal(f"{segment} has no fibula; a fibula goes with a tibia")
    for segment, chosen in request.choices.items():
        if chosen.hinge is Hinge.CUT and segment not in request.goal.correct_axis:
            raise PlanRefusal(
                f"{segment} is given a hinge but no correction; a hinge goes with one"
            )


def _stopping(findings: tuple[Finding, ...]) -> list[Finding]:
    """A side that nothing proves is a caution on a film and a stop in a plan."""
    return [
        replace(f, level=Level.STOP) if f.key == SIDE_UNPROVEN else f for f in findings
    ]


def _choices(
    request: Request, devices: Mapping[Segment, Device]
) -> dict[Segment, Choices]:
    """Fill in that a retrograde nail wants a lower cut."""
    return {
        segment: replace(
            request.choices.get(segment, Choices()),
            retrograde=approach_of(segment, device, request) == "retrograde",
        )
        for segment, device in devices.items()
    }


def _sheet(
    measured: MeasuredFilm,
    request: Request,
    sheets: dict[Segment, SegmentSheet],
    after: After,
    findings: tuple[Finding, ...],
) -> Proposal:
    """Put the sheet together; open stops withhold every turn and every date."""
    found = measured.measurement.discrepancy_mm
    withheld = tuple(
        f.reference
        for f in findings
        if f.level is Level.STOP and f.reference not in request.answered
    )
    if withheld:
        sheets = {segment: without_turns(sheet) for segment, sheet in sheets.items()}
    return Proposal(
        goal=request.goal,
        surgery_on=request.surgery_on,
        segments=sheets,
        after=after,
        alternatives=tuple(
            alternatives_to(found.value if found else None, tuple(sheets))
        ),
        withheld=withheld,
        findings=findings,
    )


def _device(segment: Segment, request: Request) -> Device:
    if segment not in request.devices:
        raise DeviceRefusal(
            f"no device was chosen for {segment}; 'callotasis schema device' and "
            "fixation/devices.toml describe them"
        )
    return device_named(request.devices[segment], segment, request.confirmed)


def approach_of(segment: Segment, device: Device, request: Request) -> str:
    """How a nail goes in; nothing else has an approach.

    Raises
    ------
    PlanRefusal
        If a tibial nail shall go in from below.
    """
    if device.kind is not Kind.NAIL:
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
        *acute_findings(target),
        *rule_findings(target.segment, target.cut),
        *fibula_findings(target, fibula),
        *device_findings(device, target.segment),
        *rate_findings(prescription),
        *_no_dates(prescription),
    ]


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


def assumption_findings(
    request: Request, devices: Mapping[Segment, Device]
) -> list[Finding]:
    """Say what nobody said and the library took as usual.

    Parameters
    ----------
    request : Request
        What people decided.
    devices : dict of Segment to Device
        For which segments get a nail.

    Returns
    -------
    list of Finding
        Cautions for age and approach.

    References
    ----------
    .. [1] Evidence rows ``distraction.rate_femur_older`` and
       ``distraction.healing_retrograde_femur``.
    """
    found = []
    if request.goal.age_years is None:
        found.append(
            Finding(
                Level.CAUTION,
                "plan.age_assumed",
                "Nobody said the age; the protocol of a younger adult is taken.",
                "Give the age: above 50 years a femur is lengthened more slowly.",
                "distraction.rate_femur_older",
            )
        )
    found += [
        Finding(
            Level.CAUTION,
            "plan.approach_assumed",
            f"Nobody said how the nail goes into the {segment.words}; from above is "
            "taken.",
            "Say antegrade or retrograde: a retrograde femur heals more slowly.",
            "distraction.healing_retrograde_femur",
            str(segment),
        )
        for segment, device in devices.items()
        if device.kind is Kind.NAIL
        and segment.bone is Bone.FEMUR
        and segment not in request.approach
    ]
    return found

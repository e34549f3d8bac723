"""Plan, choose settings, prescribe and date: every room asked in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callotasis.alignment import MeasuredFilm
from callotasis.errors import DeviceRefusal, NoScale, PlanRefusal
from callotasis.findings import Finding, Level, by_urgency
from callotasis.fixation import (
    Device,
    Kind,
    device_named,
    label_findings,
)
from callotasis.goal import MOST_GAIN_MM, Goal
from callotasis.plan import (
    Choices,
    Hinge,
    Target,
    alternatives_to,
    maturity_findings,
    plan_targets,
)
from callotasis.pose import Bone, Segment, Side
from callotasis.proposal.after import after_findings, measured_after
from callotasis.proposal.beside import side_by_side
from callotasis.proposal.option import SideBySide
from callotasis.proposal.segment import Planned, approach_of, planned_segment
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
    wanted, planned = _worked_out(measured, request, devices)
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
    frames = {s: p.framed for s, p in planned.items() if p.framed is not None}
    beside = side_by_side(measured, wanted, request, planned)
    sheet = _sheet(measured, request, (sheets, beside), after, findings)
    return Worked(sheet, targets, poses, frames)


def _worked_out(
    measured: MeasuredFilm, request: Request, devices: Mapping[Segment, Device]
) -> tuple[dict[Segment, Target], dict[Segment, Planned]]:
    """What is wanted of every bone, and what its device does.

    A device may lengthen where nobody asked for it, as an opening wedge does: where
    legs shall be equal, the gain is corrected once by what that leaves.
    """
    goal, choices = request.goal, _choices(request, devices)

    def tried(asked: Goal) -> tuple[dict[Segment, Target], dict[Segment, Planned]]:
        wanted = plan_targets(measured, asked, choices)
        return wanted, {
            s: planned_segment(measured, t, devices[s], request)
            for s, t in wanted.items()
        }

    wanted, planned = tried(goal)
    if goal.equalise is None:
        return wanted, planned
    left = measured_after(
        measured,
        {s: p.target for s, p in planned.items()},
        {s: p.pose for s, p in planned.items()},
    ).discrepancy_mm
    if left is None or abs(left.value) <= UNEQUAL_MM:
        return wanted, planned
    longer = left.value if goal.equalise.side is Side.RIGHT else -left.value
    gain = wanted[goal.equalise].gain_mm - longer
    if not 0 < gain <= MOST_GAIN_MM:
        return wanted, planned
    gains = {**goal.gain_mm, goal.equalise: gain}
    return tried(replace(goal, equalise=None, gain_mm=gains))


UNEQUAL_MM = 0.5  # less is what the steps of devices leave


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
    segments: tuple[dict[Segment, SegmentSheet], dict[Segment, SideBySide]],
    after: After,
    findings: tuple[Finding, ...],
) -> Proposal:
    """Put the sheet together; open stops withhold every turn and every date."""
    found = measured.measurement.discrepancy_mm
    sheets, beside = segments
    withheld = tuple(
        f.reference
        for f in findings
        if f.level is Level.STOP and f.reference not in request.answered
    )
    if withheld:
        sheets = {segment: without_turns(sheet) for segment, sheet in sheets.items()}
        beside = {segment: found.undated() for segment, found in beside.items()}
    return Proposal(
        goal=request.goal,
        surgery_on=request.surgery_on,
        segments=sheets,
        after=after,
        alternatives=tuple(
            alternatives_to(found.value if found else None, tuple(sheets))
        ),
        side_by_side=beside,
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

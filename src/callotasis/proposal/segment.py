"""One segment with one device: what it does, when, and what must be said."""

from __future__ import annotations

from dataclasses import dataclass

from callotasis.alignment import MeasuredFilm
from callotasis.distraction import (
    Prescription,
    Wish,
    prescribe,
    prescribe_frame,
    rate_findings,
    timeline_findings,
    timeline_of,
    usual_protocol,
)
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation import (
    AxisDrift,
    Device,
    Framed,
    Kind,
    NailSheet,
    Pace,
    Settings,
    Telescope,
    device_findings,
    drift_of,
    mounted,
    nail_findings,
    nail_sheet,
    nailed,
)
from callotasis.fixation.doubt import Doubt, Left
from callotasis.fixation.hexapod.planned import planned_hexapod
from callotasis.fixation.hinged.lean import lean_findings
from callotasis.fixation.hinged.planned import planned_ring, rail_doubts
from callotasis.plan import (
    Fibula,
    Target,
    acute_findings,
    adjuncts_for,
    fibula_findings,
    gain_findings,
    limbs_after,
    rule_findings,
)
from callotasis.pose import Bone, Pose, Segment, joined
from callotasis.proposal.sheet import Request, SegmentSheet


@dataclass(frozen=True, eq=False)
class Applied:
    """What a device does to a bone; its target as the device shares it out.

    Attributes
    ----------
    target : Target
        Its acute and gradual part [mm, deg].
    pose, remaining : Pose
        What is done in all, and what is left [mm, deg].
    doubts : tuple of Doubt and Left, or None
        Of an external device: with the film's readings, and alone.
    """

    target: Target
    settings: Settings
    pose: Pose
    remaining: Pose
    drift: AxisDrift
    prescription: Prescription
    doubts: tuple[Doubt, Left] | None = None
    nail: NailSheet | None = None
    framed: Framed | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Planned:
    """One segment worked out.

    Attributes
    ----------
    framed : Framed or None
        The frame, for pictures.
    own : Left or None
        What an external device alone may leave.
    """

    target: Target
    sheet: SegmentSheet
    pose: Pose
    findings: list[Finding]
    framed: Framed | None = None
    own: Left | None = None


def planned_segment(
    measured: MeasuredFilm, wanted: Target, device: Device, request: Request
) -> Planned:
    """Work out one segment with one device.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery.
    wanted : Target
        The motion that the goal asks for [mm, deg].
    device : Device
        Of the catalogue.
    request : Request
        What people decided.

    Returns
    -------
    Planned
        [mm, deg, day].

    Raises
    ------
    PlanRefusal, DeviceRefusal, FrameRefusal
        If the device cannot do it.

    References
    ----------
    .. [1] The rooms ``fixation`` and ``distraction``.
    """
    segment = wanted.segment
    approach = approach_of(segment, device, request)
    # A ring frame that turns nothing draws out equal rods, as a rail its body.
    turned = bool(wanted.acute.valgus_deg)
    in_frame = device.kind is Kind.HEXAPOD or (device.kind is Kind.RING and turned)
    apply = _in_frame if in_frame else _on_line
    applied = apply(measured, wanted, device, request)
    target, prescription = applied.target, applied.prescription
    fibula = request.fibula.get(segment, Fibula())
    timeline = timeline_of(prescription, device.kind, approach, measured.worlds)
    sheet = SegmentSheet(
        cut=target.cut,
        target_pose=target.pose.seen(),
        acute_pose=target.acute.seen(),
        gradual_pose=target.gradual.seen(),
        gain_mm=target.gain_mm,
        gain_percent=100 * target.gain_mm / target.bone_length_mm,
        device=device.name,
        approach=approach,
        settings=applied.settings,
        remaining_pose=applied.remaining.seen(),
        axis_drift=applied.drift,
        prescription=prescription,
        timeline=timeline,
        fibula=fibula if segment.bone is Bone.TIBIA else None,
        adjuncts=tuple(adjuncts_for(target)),
        doubt=applied.doubts[0] if applied.doubts else None,
        nail=applied.nail,
        frame=applied.framed.sheet if applied.framed else None,
    )
    findings = [
        *gain_findings(target),
        *acute_findings(target),
        *rule_findings(segment, target.cut),
        *fibula_findings(target, fibula),
        *device_findings(device, segment),
        *rate_findings(prescription),
        *_no_dates(prescription),
        *applied.findings,
        *timeline_findings(segment, timeline),
    ]
    own = applied.doubts[1] if applied.doubts else None
    return Planned(target, sheet, applied.pose, findings, applied.framed, own)


def _on_line(
    measured: MeasuredFilm, wanted: Target, device: Device, request: Request
) -> Applied:
    """With a device that slides along one line; turns are done at surgery."""
    segment, level = wanted.segment, wanted.cut.level_mm
    side, approach = segment.side, approach_of(segment, device, request)
    nail = nailed(measured, wanted, device, approach) if approach else None
    target = nail.target if nail else wanted
    acute = limbs_after(measured.limbs, {segment: (level, target.acute)})[side]
    lean = request.rail_lean_deg.get(segment, 0.0)
    telescope = nail.telescope if nail else mounted(device, segment, acute, lean)
    settings, remaining = telescope.settings(target.gradual)
    pose = joined(target.acute, telescope.pose(settings))
    done = limbs_after(measured.limbs, {segment: (level, pose)})[side]
    protocol = usual_protocol(
        segment,
        request.goal.age_years,
        device.step_mm,
        request.wishes.get(segment, Wish()),
    )
    prescription = prescribe(
        segment, device.name, settings.extension_mm, protocol, request.surgery_on
    )
    in_bone = nail_sheet(nail, settings, _pace(prescription, request)) if nail else None
    found = nail_findings(nail, in_bone, settings) if nail and in_bone else []
    found += lean_findings(segment, lean, settings.extension_mm)
    drift = drift_of(
        segment,
        acute,
        done,
        settings.extension_mm,
        along_canal=device.kind is Kind.NAIL,
    )
    return Applied(
        target,
        settings,
        pose,
        remaining,
        drift,
        prescription,
        doubts=_beside_bone(measured, target, telescope, settings),
        nail=in_bone,
        findings=tuple(found),
    )


def _beside_bone(
    measured: MeasuredFilm, target: Target, telescope: Telescope, settings: Settings
) -> tuple[Doubt, Left] | None:
    """How wrong a rail may be; a nail's own sheet speaks of the whole leg."""
    if not telescope.device.kind.external:
        return None
    limb = measured.limbs[target.segment.side]
    return rail_doubts(telescope, target, limb, settings.extension_mm, measured.worlds)


def _in_frame(
    measured: MeasuredFilm, wanted: Target, device: Device, request: Request
) -> Applied:
    """With a frame that does all of the motion, day by day."""
    segment, level = wanted.segment, wanted.cut.level_mm
    wish = request.wishes.get(segment, Wish())
    protocol = usual_protocol(segment, request.goal.age_years, None, wish)
    radius = _limb_radius(segment, request)
    limb = measured.limbs[segment.side]
    plan = planned_hexapod if device.kind is Kind.HEXAPOD else planned_ring
    framed: Framed = plan(
        device, wanted, limb, protocol.rate_mm_per_day, radius, measured.worlds
    )
    turned, done = (
        limbs_after(measured.limbs, {segment: (level, pose)})[segment.side]
        for pose in (wanted.acute, framed.pose)
    )
    extension = framed.settings.extension_mm
    return Applied(
        framed.target,
        framed.settings,
        framed.pose,
        framed.remaining,
        drift_of(segment, turned, done, extension, along_canal=False),
        prescribe_frame(
            segment, device.name, framed.days, protocol, request.surgery_on
        ),
        doubts=(framed.doubt, framed.own),
        framed=framed,
        findings=(*framed.findings, *_limb_findings(segment, request)),
    )


def _limb_radius(segment: Segment, request: Request) -> float:
    """Half the width of the limb, as somebody said or as usual [mm]."""
    usual = constant("hexapod.limb_radius")
    radius = request.limb_radius_mm.get(segment, usual.value)
    if not SLIMMEST_MM <= radius <= WIDEST_MM:
        raise PlanRefusal(
            f"limb radius of {segment} is {radius:g} mm; allowed is {SLIMMEST_MM:g} to "
            f"{WIDEST_MM:g} mm: half the width of the limb where the rings shall sit"
        )
    return radius


SLIMMEST_MM, WIDEST_MM = 20.0, 150.0


def _limb_findings(segment: Segment, request: Request) -> list[Finding]:
    row = constant("hexapod.limb_radius")
    if segment in request.limb_radius_mm:
        return []
    return [
        Finding(
            Level.CAUTION,
            "frame.limb_assumed",
            f"Nobody said how wide the limb is at the {segment.words}; {row.value:g} "
            f"mm from its middle to the skin are taken.",
            "Measure the limb where the rings shall sit.",
            row.key,
            str(segment),
        )
    ]


def _pace(prescription: Prescription, request: Request) -> Pace:
    protocol, segment = prescription.protocol, prescription.segment
    return Pace(
        protocol.rate_mm_per_day,
        protocol.rhythm_per_day,
        request.bow_radius_mm.get(segment),
        equal=segment == request.goal.equalise,
    )


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

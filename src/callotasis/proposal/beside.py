"""One bone, every device: what each would do, side by side and never ranked.

What a device does is computed for this leg. What was published stands beside it with
its own people and years: they differ, so no row is better than another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callotasis.alignment import MeasuredFilm
from callotasis.errors import Refusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import Device, Kind, device_named, every_device
from callotasis.fixation.published import Construct
from callotasis.plan import Target
from callotasis.pose import Segment
from callotasis.proposal.after import measured_after
from callotasis.proposal.missed import missed_by
from callotasis.proposal.option import NotPossible, Option, SideBySide
from callotasis.proposal.segment import Planned, approach_of, planned_segment
from callotasis.proposal.sheet import Request

CONSTRUCT = {
    Kind.NAIL: Construct.NAIL,
    Kind.RAIL: Construct.RAIL,
    Kind.RING: Construct.RING,
    Kind.HEXAPOD: Construct.HEXAPOD,
}


def side_by_side(
    measured: MeasuredFilm,
    targets: Mapping[Segment, Target],
    request: Request,
    chosen: Mapping[Segment, Planned],
) -> dict[Segment, SideBySide]:
    """Try every device that somebody vouches for on every bone of the goal.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery.
    targets : dict of Segment to Target
        What the goal asks for, before any device shares it out [mm, deg].
    request : Request
        What people decided.
    chosen : dict of Segment to Planned
        What the other bones get: an option changes one bone alone.

    Returns
    -------
    dict of Segment to SideBySide
        [mm, deg, day].

    References
    ----------
    .. [1] :func:`callotasis.proposal.segment.planned_segment` for each device.
    """
    return {
        segment: _compared(measured, target, request, chosen)
        for segment, target in targets.items()
    }


def _compared(
    measured: MeasuredFilm,
    target: Target,
    request: Request,
    chosen: Mapping[Segment, Planned],
) -> SideBySide:
    options: list[Option] = []
    beyond: list[NotPossible] = []
    for name, known in every_device().items():
        try:
            device = device_named(name, target.segment, request.confirmed)
            options.append(_option(measured, target, device, request, chosen))
        except Refusal as refusal:
            beyond.append(NotPossible(name, known.kind, str(refusal)))
    order = list(Kind)
    return SideBySide(
        tuple(sorted(options, key=lambda o: (order.index(o.kind), o.device))),
        tuple(sorted(beyond, key=lambda o: (order.index(o.kind), o.device))),
    )


def _option(
    measured: MeasuredFilm,
    target: Target,
    device: Device,
    request: Request,
    chosen: Mapping[Segment, Planned],
) -> Option:
    segment = target.segment
    asked = request
    if device.name != request.devices[segment]:
        # A wish about turns a day fits the chosen device and need not fit another.
        wishes = {
            s: replace(wish, rhythm_per_day=None) for s, wish in request.wishes.items()
        }
        asked = replace(request, wishes=wishes)
    planned = planned_segment(measured, target, device, asked)
    sheet = planned.sheet
    missed = missed_by(measured, target, planned, device, asked)
    after = measured_after(
        measured,
        {**{s: p.target for s, p in chosen.items()}, segment: planned.target},
        {**{s: p.pose for s, p in chosen.items()}, segment: planned.pose},
    )
    key = (
        constant("fixation.operations_nail")
        if device.kind is Kind.NAIL
        else constant("fixation.operations_frame")
    )
    milestones = {m.name: m for m in sheet.timeline}
    turns = sheet.prescription.turns
    return Option(
        device=device.name,
        kind=device.kind,
        approach=approach_of(segment, device, request),
        stroke_mm=device.stroke_mm,
        extension_mm=sheet.settings.extension_mm,
        turns_per_day=sheet.prescription.protocol.rhythm_per_day,
        minutes_per_day=sheet.nail.controller.minutes_per_day if sheet.nail else None,
        turning_days=turns[-1].day - turns[0].day + 1 if turns else 0,
        acute_turn_deg=planned.target.acute.valgus_deg,
        missed=missed,
        axis_drift_mm=sheet.axis_drift.geometry_mm,
        hka_after_deg=after.sides[segment.side]["hka_deviation_deg"],
        operations=key,
        loading=milestones.get("loading as tolerated, in the frame"),
        full_weight=milestones.get("full weight bearing"),
        stops=_stops(planned),
    )


def _stops(planned: Planned) -> tuple[str, ...]:
    return tuple(f.sentence for f in planned.findings if f.level is Level.STOP)

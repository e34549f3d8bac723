"""One case, from its folder to its report: what each command does to the record.

An order is what people decided, as plain data: it comes from options or a file, is
kept in the log with version and seed, and can be worked out again at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis import __version__
from callotasis.alignment import MeasuredFilm
from callotasis.case_films import bow_radii, measured_case, newest_film
from callotasis.distraction import Wish
from callotasis.errors import PlanRefusal, RecordRefusal
from callotasis.exchange import as_json, checked
from callotasis.findings import Finding
from callotasis.fixation import ConfirmedData
from callotasis.goal import Goal, Maturity
from callotasis.plan import Choices, Fibula, Hinge
from callotasis.pose import Bone, Segment
from callotasis.proposal import Request, Worked, propose
from callotasis.record import Case, CaseFolder, Entry, new_entry
from callotasis.report import Report, ready_folder, rendered, write_report
from callotasis.signatures import SIGNED, Signed, signed_turns
from callotasis.worlds import Worlds


@dataclass(frozen=True)
class Order:
    """What people decided for a plan, as plain data keyed by segment."""

    surgery_on: date
    device: dict[str, str]
    equalise: str | None = None
    gain_mm: dict[str, float] = field(default_factory=dict)
    correct: tuple[str, ...] = ()
    maturity: Maturity = Maturity.UNKNOWN
    age_years: float | None = None
    cut_mm: dict[str, float] = field(default_factory=dict)
    hinge: dict[str, Hinge] = field(default_factory=dict)
    approach: dict[str, str] = field(default_factory=dict)
    fibula: dict[str, Fibula] = field(default_factory=dict)
    latency_days: dict[str, int] = field(default_factory=dict)
    rate_mm_per_day: dict[str, float] = field(default_factory=dict)
    rhythm_per_day: dict[str, int] = field(default_factory=dict)
    limb_radius_mm: dict[str, float] = field(default_factory=dict)
    rail_lean_deg: dict[str, float] = field(default_factory=dict)

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def request(
        self,
        confirmed: Mapping[str, ConfirmedData],
        answered: frozenset[str] = frozenset(),
        findings: tuple[Finding, ...] = (),
    ) -> Request:
        """Read every segment's name and put the request together."""
        parse = Segment.parse
        goal = Goal(
            parse(self.equalise) if self.equalise else None,
            {parse(s): mm for s, mm in self.gain_mm.items()},
            tuple(parse(s) for s in self.correct),
            self.maturity,
            self.age_years,
        )
        cuts = {*self.cut_mm, *self.hinge}
        wishes = {*self.latency_days, *self.rate_mm_per_day, *self.rhythm_per_day}
        return Request(
            goal=goal,
            devices={parse(s): name for s, name in self.device.items()},
            surgery_on=self.surgery_on,
            choices={
                parse(s): Choices(self.cut_mm.get(s), self.hinge.get(s, Hinge.CORA))
                for s in cuts
            },
            wishes={
                parse(s): Wish(
                    self.latency_days.get(s),
                    self.rate_mm_per_day.get(s),
                    self.rhythm_per_day.get(s),
                )
                for s in wishes
            },
            fibula={parse(s): f for s, f in self.fibula.items()},
            approach={parse(s): a for s, a in self.approach.items()},
            limb_radius_mm={parse(s): mm for s, mm in self.limb_radius_mm.items()},
            rail_lean_deg={parse(s): deg for s, deg in self.rail_lean_deg.items()},
            confirmed=confirmed,
            answered=answered,
            findings=findings,
        )


@dataclass(frozen=True)
class KeptPlan:
    """Everything that a plan entry keeps: what it was made from, and what came out."""

    order: Order
    made_on: date
    paper: str
    film: str
    film_sha256: str
    landmarks: str
    seed: int
    worlds: int
    version: str
    proposal: dict[str, Any]

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


KEPT_PLAN = TypeAdapter(KeptPlan)
ORDER = TypeAdapter(Order)
CONFIRMED = TypeAdapter(ConfirmedData)


def order_from(raw: object) -> Order:
    """Check an order that came from outside.

    Raises
    ------
    PlanRefusal
        With the field and what is allowed.
    """
    return checked(ORDER, raw, "order", PlanRefusal)


def confirmation_of(entry: Entry) -> ConfirmedData | None:
    """Read a decision that confirms a device; None if it decides something else.

    Raises
    ------
    RecordRefusal
        If it lacks the document or a figure.
    """
    if "confirms" not in entry.body:
        return None
    return checked(
        CONFIRMED,
        {k: v for k, v in entry.body.items() if k != "confirms"},
        f"confirmation of {entry.body['confirms']}",
        RecordRefusal,
    )


def confirmed_devices(case: Case) -> dict[str, ConfirmedData]:
    """Device data that clinicians confirmed against the maker's instructions.

    Raises
    ------
    RecordRefusal
        If a confirmation lacks the document or a figure.
    """
    return {
        str(entry.body["confirms"]): read
        for entry in case.of_kind("decision")
        if (read := confirmation_of(entry)) is not None
    }


def answered_stops(folder: CaseFolder, plan: str) -> frozenset[str]:
    """Stops of one plan that a clinician decided on, with a reason.

    A decision speaks of one plan: the next plan asks again.
    """
    return frozenset(
        str(entry.body["answers"])
        for entry in folder.case().of_kind("decision")
        if "answers" in entry.body
        and entry.body.get("plan") == plan
        and str(entry.body.get("reason", "")).strip()
    )


def signed_devices(folder: CaseFolder) -> dict[str, str]:
    """Device of every segment that was signed; the newest word counts.

    Raises
    ------
    RecordRefusal
        If a signed plan cannot be read.
    """
    case = folder.case()
    signed = {e.body.get("signs") for e in case.of_kind("signature")}
    planned = {
        segment: device
        for plan in case.of_kind("plan")
        if plan.id in signed and "destroyed" not in plan.body
        for segment, device in checked(
            KEPT_PLAN, plan.body, "plan entry", RecordRefusal
        ).order.device.items()
    }
    turned = {s: bone.prescription.device for s, bone in signed_turns(case).items()}
    return planned | turned


@dataclass(frozen=True, eq=False)
class PlannedCase:
    """A plan with the entry that keeps it and the files that show it."""

    entry: Entry
    measured: MeasuredFilm
    worked: Worked
    report: Report


def plan_case(
    folder: CaseFolder,
    order: Order,
    author: str,
    out: Path,
    *,
    made_on: date,
    paper: str = "a4",
) -> PlannedCase:
    """Work out an order, keep it in the log, and write its report.

    Raises
    ------
    Refusal
        Before anything is written.
    """
    measured = measured_case(folder)
    newest = newest_film(folder)
    worked = propose(measured, _request(folder, order, measured))
    kept = KeptPlan(
        order=order,
        made_on=made_on,
        paper=paper,
        film=newest.film.id,
        film_sha256=measured.film.sha256,
        landmarks=newest.landmarks.id,
        seed=measured.worlds.seed,
        worlds=measured.worlds.count,
        version=__version__,
        proposal=json.loads(as_json(worked.proposal)),
    )
    body = KEPT_PLAN.dump_python(kept, mode="json")
    entry = new_entry(folder.name, "plan", author, body)
    parts = rendered(
        folder.name, measured, worked, made_on=made_on, signed="", paper=paper
    )
    ready_folder(out)
    folder.append(entry)
    return PlannedCase(entry, measured, worked, write_report(out, parts))


def sign_plan(
    folder: CaseFolder, author: str, out: Path, at: datetime | None = None
) -> tuple[Entry, Report]:
    """Sign the newest plan by name and write its report without DRAFT.

    The plan is worked out again from what the case holds now; it must come out as it
    was kept, and every stop must have been decided on for this very plan.

    Raises
    ------
    RecordRefusal
        If there is no plan, it is signed already, stale, or a stop is open.
    """
    case = folder.case()
    plans = case.of_kind("plan")
    if not plans:
        raise RecordRefusal(f"{folder.path} holds no plan to sign")
    plan = plans[-1]
    if any(e.body.get("signs") == plan.id for e in case.of_kind("signature")):
        raise RecordRefusal(f"plan {plan.id} is signed already")
    kept = checked(KEPT_PLAN, plan.body, "plan entry", RecordRefusal)
    measured = measured_case(folder, Worlds(kept.worlds, kept.seed))
    request = _request(folder, kept.order, measured)
    again = propose(measured, request)
    newest = newest_film(folder)
    same = (kept.film_sha256, kept.landmarks) == (
        measured.film.sha256,
        newest.landmarks.id,
    )
    if not same or json.loads(as_json(again.proposal)) != kept.proposal:
        raise RecordRefusal(
            "the plan is stale: film, landmarks, device data or library have changed "
            f"since {plan.id} was made (by version {kept.version}); plan again"
        )
    answered = answered_stops(folder, plan.id)
    worked = propose(measured, replace(request, answered=answered))
    if worked.proposal.withheld:
        raise RecordRefusal(
            f"open stops: {', '.join(worked.proposal.withheld)}; each needs a "
            f"decision entry with plan {plan.id}, answers and reason, by a named "
            "clinician, before signing"
        )
    sheets = worked.proposal.segments
    signed = Signed(
        signs=plan.id,
        prescriptions={str(s): sheet.prescription for s, sheet in sheets.items()},
        approach={str(s): sheet.approach for s, sheet in sheets.items()},
        cut_mm={str(s): sheet.cut.level_mm for s, sheet in sheets.items()},
        length_mm=_lengths_mm(measured),
    )
    body = SIGNED.dump_python(signed, mode="json")
    entry = new_entry(folder.name, "signature", author, body, happened_at=at)
    parts = rendered(
        folder.name,
        measured,
        worked,
        made_on=kept.made_on,
        signed=f"signed by {author} on {_day(entry.happened)}",
        paper=kept.paper,
    )
    ready_folder(out)
    folder.append(entry)
    return entry, write_report(out, parts)


def _lengths_mm(measured: MeasuredFilm) -> dict[str, float]:
    """Length of every bone on the film, by its segment [mm]."""
    return {
        str(Segment(side, bone)): found[name].value
        for side, found in measured.measurement.sides.items()
        for bone in Bone
        if (name := f"{bone.value}_length_mm") in found
    }


def _request(folder: CaseFolder, order: Order, measured: MeasuredFilm) -> Request:
    """What people decided, with everything that the case holds about it."""
    record = (*folder.findings, *folder.case().findings)
    request = order.request(confirmed_devices(folder.case()), findings=record)
    return replace(request, bow_radius_mm=bow_radii(folder, measured.worlds))


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"

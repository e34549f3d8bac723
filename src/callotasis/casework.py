"""One case, from its folder to its report: what each command does to the record.

An order is what people decided, as plain data: it comes from options or a file, is
kept in the log with version and seed, and can be worked out again at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import TypeAdapter, ValidationError

from callotasis import __version__
from callotasis.alignment import MeasuredFilm, measure_film
from callotasis.distraction import Wish
from callotasis.errors import PlanRefusal, RecordRefusal, Refusal
from callotasis.exchange import as_json
from callotasis.findings import Finding
from callotasis.fixation import ConfirmedData
from callotasis.goal import Goal, Maturity
from callotasis.plan import Choices, Fibula, Hinge
from callotasis.pose import Segment
from callotasis.proposal import Request, Worked, propose
from callotasis.radiograph import (
    FilmNotes,
    landmarks_from,
    read_film,
    read_landmarks,
)
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.report import Report, ready_folder, rendered, write_report
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


FILM_NOTES = TypeAdapter(FilmNotes)
KEPT_PLAN = TypeAdapter(KeptPlan)
ORDER = TypeAdapter(Order)
CONFIRMED = TypeAdapter(ConfirmedData)
TRIAL_WORLDS = 2  # enough to see whether a film can be measured at all

T = TypeVar("T")


def order_from(raw: object) -> Order:
    """Check an order that came from outside.

    Raises
    ------
    PlanRefusal
        With the field and what is allowed.
    """
    return _checked(ORDER, raw, "order", PlanRefusal)


def add_film(
    folder: CaseFolder, film: Path, landmarks: Path, notes: FilmNotes, author: str
) -> tuple[Entry, Entry]:
    """Bring a film and its landmarks into a case, if they can be measured together.

    Raises
    ------
    FilmRefusal, LandmarkRefusal, RecordRefusal
        Before anything is written.
    """
    read, points = read_film(film), read_landmarks(landmarks)
    measure_film(read, points, notes.known, notes.facts, Worlds(count=TRIAL_WORLDS))
    name = folder.name
    film_entry = new_entry(
        name,
        "film",
        author,
        {"sha256": read.sha256, "file": film.name, "notes": asdict(notes)},
    )
    landmark_entry = new_entry(
        name, "landmarks", author, {"film": film_entry.id, "points": points.as_json()}
    )
    folder.keep_film(film.read_bytes())
    folder.append(film_entry, landmark_entry)
    return film_entry, landmark_entry


@dataclass(frozen=True)
class FilmInCase:
    """The newest film of a case with its newest landmarks."""

    film: Entry
    landmarks: Entry


def newest_film(folder: CaseFolder) -> FilmInCase:
    """Find the newest film of a case and the newest landmarks on it.

    Raises
    ------
    RecordRefusal
        If the case has no film, or the film has no landmarks.
    """
    case = folder.case()
    films, placed = case.of_kind("film"), case.of_kind("landmarks")
    if not films:
        raise RecordRefusal(f"{folder.path} holds no film; add one first")
    film = films[-1]
    # A corrected film keeps its place: landmarks may name the entry it replaced.
    versions = [said for said in case.history.values() if said[-1] == film]
    names = {film.id, *(entry.id for said in versions for entry in said)}
    own = [e for e in placed if str(e.body.get("film")) in names]
    if not own:
        raise RecordRefusal(f"the newest film of {folder.path} has no landmarks")
    return FilmInCase(film, own[-1])


def measured_case(folder: CaseFolder, worlds: Worlds | None = None) -> MeasuredFilm:
    """Measure the newest film of a case with its newest landmarks.

    Raises
    ------
    RecordRefusal
        If the case has no film, or the film has no landmarks.
    """
    newest = newest_film(folder)
    notes = _checked(
        FILM_NOTES, newest.film.body.get("notes"), "film notes", RecordRefusal
    )
    kept = str(newest.film.body.get("sha256"))
    film = read_film(folder.film_path(kept))
    if film.sha256 != kept:
        raise RecordRefusal(
            f"film {kept[:12]} was changed on the disk: its content is now "
            f"{film.sha256[:12]}"
        )
    return measure_film(
        film,
        landmarks_from(newest.landmarks.body.get("points")),
        notes.known,
        notes.facts,
        worlds,
    )


def confirmed_devices(folder: CaseFolder) -> dict[str, ConfirmedData]:
    """Device data that clinicians confirmed against the maker's instructions.

    Raises
    ------
    RecordRefusal
        If a confirmation lacks the document or a figure.
    """
    return {
        str(entry.body["confirms"]): _checked(
            CONFIRMED,
            {k: v for k, v in entry.body.items() if k != "confirms"},
            f"confirmation of {entry.body['confirms']}",
            RecordRefusal,
        )
        for entry in folder.case().of_kind("decision")
        if "confirms" in entry.body
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
    record = (*folder.findings, *folder.case().findings)
    worked = propose(
        measured, order.request(confirmed_devices(folder), findings=record)
    )
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


def sign_plan(folder: CaseFolder, author: str, out: Path) -> tuple[Entry, Report]:
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
    kept = _checked(KEPT_PLAN, plan.body, "plan entry", RecordRefusal)
    measured = measured_case(folder, Worlds(kept.worlds, kept.seed))
    order, confirmed = kept.order, confirmed_devices(folder)
    record = (*folder.findings, *case.findings)
    again = propose(measured, order.request(confirmed, findings=record))
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
    worked = propose(measured, order.request(confirmed, answered, record))
    if worked.proposal.withheld:
        raise RecordRefusal(
            f"open stops: {', '.join(worked.proposal.withheld)}; each needs a "
            f"decision entry with plan {plan.id}, answers and reason, by a named "
            "clinician, before signing"
        )
    entry = new_entry(folder.name, "signature", author, {"signs": plan.id})
    parts = rendered(
        folder.name,
        measured,
        worked,
        made_on=kept.made_on,
        signed=f"signed by {author} on {_day(entry.recorded)}",
        paper=kept.paper,
    )
    ready_folder(out)
    folder.append(entry)
    return entry, write_report(out, parts)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _checked(
    adapter: TypeAdapter[T], raw: object, what: str, refusal: type[Refusal]
) -> T:
    """Check data from outside; the refusal names the field."""
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        named = f"{what}, {where}" if where else what
        raise refusal(f"{named}: {first['msg']}") from None

"""One case, from its folder to its report: what each command does to the record.

An order is what people decided, as plain data: it comes from options or a file, is
kept in the log with version and seed, and can be worked out again at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from callotasis import __version__
from callotasis.alignment import MeasuredFilm, measure_film
from callotasis.distraction import Wish
from callotasis.errors import PlanRefusal, RecordRefusal
from callotasis.exchange import plain
from callotasis.goal import Goal, Maturity
from callotasis.plan import Choices, Fibula, Hinge
from callotasis.pose import Segment, Side
from callotasis.proposal import Request, Worked, propose
from callotasis.radiograph import (
    FilmFacts,
    Joint,
    KnownGeometry,
    check_on_film,
    landmarks_from,
    read_film,
    read_landmarks,
)
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.report import Report, write_report
from callotasis.worlds import Worlds


@dataclass(frozen=True)
class FilmNotes:
    """What is known about a film, as plain data.

    Attributes
    ----------
    ball_mm, magnification, magnification_sd, source_mm : float or None
        As in :class:`callotasis.radiograph.KnownGeometry`.
    beam_centre_px : tuple of float or None
        Column and row [px].
    depth_mm : dict of str to float
        Like ``{"R.hip": 135.6}``, in front of the detector [mm].
    patella_forward, knee_flexion_deg : bool or float or None
        As in :class:`callotasis.radiograph.FilmFacts`.
    block_mm : dict of str to float, or None
        Like ``{"R": 40}``; empty where no block was used, None if unknown [mm].
    """

    ball_mm: float | None = None
    magnification: float | None = None
    magnification_sd: float | None = None
    source_mm: float | None = None
    beam_centre_px: tuple[float, float] | None = None
    depth_mm: dict[str, float] = field(default_factory=dict)
    patella_forward: bool | None = None
    knee_flexion_deg: float | None = None
    block_mm: dict[str, float] | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def known(self) -> KnownGeometry:
        """The part that gives the scale."""
        return KnownGeometry(
            self.ball_mm,
            self.magnification,
            self.magnification_sd,
            self.source_mm,
            self.beam_centre_px,
            {_joint(name): mm for name, mm in self.depth_mm.items()},
        )

    @property
    def facts(self) -> FilmFacts:
        """The part about how the patient stood."""
        blocks = self.block_mm
        return FilmFacts(
            self.patella_forward,
            self.knee_flexion_deg,
            None if blocks is None else {_side(s): mm for s, mm in blocks.items()},
        )


def _joint(name: str) -> tuple[Side, Joint]:
    side, _, joint = name.partition(".")
    if side not in set(Side) or joint not in set(Joint):
        raise PlanRefusal(
            f"joint '{name}' is unknown; allowed are R or L with .hip, .knee or .ankle"
        )
    return Side(side), Joint(joint)


def _side(name: str) -> Side:
    if name not in set(Side):
        raise PlanRefusal(f"side '{name}' is unknown; allowed are R and L")
    return Side(name)


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

    def request(self, confirmed: frozenset[str], answered: frozenset[str]) -> Request:
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
        )


FILM_NOTES = TypeAdapter(FilmNotes)
ORDER = TypeAdapter(Order)


def order_from(raw: object) -> Order:
    """Check an order that came from outside.

    Raises
    ------
    PlanRefusal
        With the field and what is allowed.
    """
    try:
        return ORDER.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "order"
        raise PlanRefusal(f"{where}: {first['msg']}") from None


def add_film(
    folder: CaseFolder, film: Path, landmarks: Path, notes: FilmNotes, author: str
) -> tuple[Entry, Entry]:
    """Bring a film and its landmarks into a case; nothing is kept if either is bad.

    Raises
    ------
    FilmRefusal, LandmarkRefusal, RecordRefusal
        Before anything is written.
    """
    read, points = read_film(film), read_landmarks(landmarks)
    check_on_film(points, read)
    _ = notes.known, notes.facts
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


def measured_case(folder: CaseFolder, worlds: Worlds | None = None) -> MeasuredFilm:
    """Measure the newest film of a case with its newest landmarks.

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
    names = {
        film.id,
        *(e.id for said in case.history.values() if said[-1] == film for e in said),
    }
    own = [e for e in placed if e.body.get("film") in names]
    if not own:
        raise RecordRefusal(f"the newest film of {folder.path} has no landmarks")
    notes = _notes_from(film.body.get("notes"))
    return measure_film(
        read_film(folder.film_path(str(film.body.get("sha256")))),
        landmarks_from(own[-1].body.get("points")),
        notes.known,
        notes.facts,
        worlds,
    )


def _notes_from(raw: object) -> FilmNotes:
    try:
        return FILM_NOTES.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise RecordRefusal(f"film notes, {where}: {first['msg']}") from None


def decisions_in(folder: CaseFolder) -> tuple[frozenset[str], frozenset[str]]:
    """Devices that clinicians confirmed, and stops that they answered with a reason."""
    confirmed, answered = set(), set()
    for entry in folder.case().of_kind("decision"):
        reason = str(entry.body.get("reason", "")).strip()
        if "confirms" in entry.body and str(entry.body.get("document", "")).strip():
            confirmed.add(str(entry.body["confirms"]))
        if "answers" in entry.body and reason:
            answered.add(str(entry.body["answers"]))
    return frozenset(confirmed), frozenset(answered)


@dataclass(frozen=True, eq=False)
class PlannedCase:
    """A plan with the entry that keeps it and the files that show it."""

    entry: Entry
    measured: MeasuredFilm
    worked: Worked
    report: Report


def plan_case(
    folder: CaseFolder, order: Order, author: str, out: Path, *, made_on: date
) -> PlannedCase:
    """Work out an order, keep it in the log, and write its report.

    Raises
    ------
    Refusal
        Before anything is written.
    """
    measured = measured_case(folder)
    worked = propose(measured, order.request(*decisions_in(folder)))
    entry = new_entry(
        folder.name,
        "plan",
        author,
        {
            "order": ORDER.dump_python(order, mode="json"),
            "made_on": made_on.isoformat(),
            "film_sha256": measured.film.sha256,
            "seed": measured.worlds.seed,
            "worlds": measured.worlds.count,
            "version": __version__,
            "proposal": plain(worked.proposal),
        },
    )
    folder.append(entry)
    report = write_report(out, folder.name, measured, worked, made_on=made_on)
    return PlannedCase(entry, measured, worked, report)


def sign_plan(folder: CaseFolder, author: str, out: Path) -> tuple[Entry, Report]:
    """Sign the newest plan by name and write its report without DRAFT.

    Raises
    ------
    RecordRefusal
        If there is no plan, it is signed already, or a stop is open.
    """
    case = folder.case()
    plans = case.of_kind("plan")
    if not plans:
        raise RecordRefusal(f"{folder.path} holds no plan to sign")
    plan = plans[-1]
    if any(e.body.get("signs") == plan.id for e in case.of_kind("signature")):
        raise RecordRefusal(f"plan {plan.id} is signed already")
    measured = measured_case(folder)
    _check_same_film(plan.body, measured)
    order = order_from(plan.body["order"])
    worked = propose(measured, order.request(*decisions_in(folder)))
    if worked.proposal.withheld:
        raise RecordRefusal(
            f"open stops: {', '.join(worked.proposal.withheld)}; each needs a "
            "decision entry by a named clinician, with a reason, before signing"
        )
    entry = new_entry(folder.name, "signature", author, {"signs": plan.id})
    folder.append(entry)
    report = write_report(
        out,
        folder.name,
        measured,
        worked,
        made_on=date.fromisoformat(plan.body["made_on"]),
        signed=f"signed by {author} on {_day(entry.recorded)}",
    )
    return entry, report


def _check_same_film(body: Mapping[str, Any], measured: MeasuredFilm) -> None:
    """Refuse to sign a plan whose film was replaced since: it is stale."""
    if body.get("film_sha256") != measured.film.sha256:
        raise RecordRefusal(
            "the plan is stale: the case holds a newer film than the one it was made "
            "on; plan again"
        )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"

"""What became of every bone of a case, read from its record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from callotasis.case_films import frontal_films, measured_again
from callotasis.casework import KEPT_PLAN, Order
from callotasis.complications import ended_on, events_of
from callotasis.courses import FollowedCase, look_at
from callotasis.distraction import Phase
from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.followup import BoneCourse, Forecast, Step, forecast
from callotasis.instruments import given_of, score
from callotasis.outcome import (
    BeforeAfter,
    Expected,
    HealingEvent,
    HealingIndex,
    Milestones,
    Outcome,
    as_csv,
    as_parquet,
    dictionary_csv,
    pseudonym,
    row,
)
from callotasis.pose import Segment
from callotasis.record import Case, CaseFolder
from callotasis.report.outcome_page import OutcomePageOrder, outcome_page
from callotasis.wording import dates
from callotasis.worlds import Interval

ALIGNMENT = ("mad_mm", "hka_deviation_deg", "mldfa_deg", "mpta_deg")
SEVERAL = 2  # films, sheets or exams from which before and after can be told


def outcomes_of(
    folder: CaseFolder, as_of: int | date | None = None, *, synthetic: bool = False
) -> tuple[Outcome, ...]:
    """Say what became of every lengthened bone.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan.
    as_of : int, date or None
        Day at whose end to look; today if None.
    synthetic : bool
        Whether the case is made up.

    Returns
    -------
    tuple of Outcome
        Bones that are not lengthened are absent.

    Raises
    ------
    RecordRefusal
        If no plan is signed, or no bone of it is lengthened.

    References
    ----------
    .. [1] ``docs/outcome.md``.
    """
    looked = look_at(folder, as_of)
    lengthened = {
        bone: course
        for bone, course in looked.courses.items()
        if course.bounds[0].prescription.turns and course.phase is not Phase.PLANNED
    }
    if not lengthened:
        raise RecordRefusal(
            f"{folder.path} holds no bone that was operated on and lengthened; there "
            "is no outcome yet"
        )
    order = _order(folder.case())
    alignment = _alignment(folder, looked)
    return tuple(
        _outcome(
            looked,
            course,
            look_at(folder, (course.zero - looked.first).days).courses[bone],
            order=order,
            alignment=alignment.get(bone, ()),
            synthetic=synthetic,
        )
        for bone, course in lengthened.items()
    )


@dataclass(frozen=True)
class OutcomeWishes:
    """What is to be written of an outcome.

    Attributes
    ----------
    made_on : date
        Printed on every page.
    key : bytes or None
        The clinic's secret; without it no registry row is made.
    parquet : bool
        Whether the registry is written as Parquet too.
    signed, paper : str
        As the page takes them.
    """

    made_on: date
    key: bytes | None = None
    parquet: bool = False
    signed: str = ""
    paper: str = "a4"


def outcome_files(
    case: str, outcomes: Sequence[Outcome], wishes: OutcomeWishes
) -> dict[str, bytes]:
    """Work out every file of an outcome: a page a bone, and the registry.

    Parameters
    ----------
    case : str
        Name of the case.
    outcomes : sequence of Outcome
        One a bone.
    wishes : OutcomeWishes
        What is wanted.

    Returns
    -------
    dict of str to bytes
        By name of the file.

    Raises
    ------
    RecordRefusal
        If a row does not agree with the dictionary, or pyarrow is not installed.

    References
    ----------
    .. [1] ``docs/outcome.md``.
    """
    signed, paper = wishes.signed, wishes.paper
    files = {
        f"outcome-{one.segment}.pdf": outcome_page(
            OutcomePageOrder(one, case, wishes.made_on, signed, paper)
        )
        for one in outcomes
    }
    if wishes.key is None:
        return files
    person = pseudonym(case, wishes.key)
    rows = [row(outcome, person) for outcome in outcomes]
    files |= {"registry.csv": as_csv(rows), "dictionary.csv": dictionary_csv()}
    return files | ({"registry.parquet": as_parquet(rows)} if wishes.parquet else {})


def end_of_treatment_by(case: Case) -> str:
    """Say who ended the last treatment and when; empty while one goes on.

    Parameters
    ----------
    case : Case
        The folded record.

    Returns
    -------
    str
        Like ``treatment ended by Ada on 11 January 2028``.

    References
    ----------
    .. [1] :func:`callotasis.complications.ended_on`.
    """
    ended = ended_on(case)
    ends = [
        entry
        for entry in case.of_kind("decision")
        if entry.segment in ended and "ends_treatment" in entry.body
    ]
    if not ends:
        return ""
    on = ends[-1].wall_clock.date()
    return f"treatment ended by {ends[-1].author} on {dates(on, on)}"


def _outcome(
    looked: FollowedCase,
    course: BoneCourse,
    before: BoneCourse,
    *,
    order: Order | None,
    alignment: tuple[BeforeAfter, ...],
    synthetic: bool,
) -> Outcome:
    gained = course.lengths.gained
    length = gained[-1].gained_mm if gained else None
    reached = _milestones(course)
    age = None if order is None else order.age_years
    return Outcome(
        segment=course.segment,
        device=course.device.name,
        kind=course.device.kind,
        planned_gain_mm=course.bounds[0].prescription.total_mm,
        gained_mm=length,
        followed_days=course.day,
        ended=str(course.segment) in ended_on(looked.seen),
        age_years=None if age is None else int(age),
        indication=_indication(order),
        synthetic=synthetic,
        milestones=reached,
        healing=_healing(reached, length, _not_yet(course)),
        alignment=alignment,
        ranges=tuple(_ranges(course)),
        scores=tuple(_scores(looked, course)),
        events=tuple(
            event
            for event in events_of(looked.seen)
            if event.segment in {"", str(course.segment)}
        ),
        expected=tuple(_expected(before, reached, _not_yet(course))),
    )


def _milestones(course: BoneCourse) -> Milestones:
    over = course.phase in {Phase.CONSOLIDATION, Phase.LOADING}
    solid = [day for day, is_solid in _solid(course) if is_solid]
    return Milestones(
        distraction_ended=course.end_day if over else None,
        consolidated=solid[0] if solid else None,
        full_weight_bearing=course.allowed.get(Step.FULL_WEIGHT_BEARING),
    )


def _solid(course: BoneCourse) -> list[tuple[int, bool]]:
    """Tell of each film that counted cortices whether the bone was solid on it."""
    need = constant("rehabilitation.bridged_cortices").value
    return [
        (film.day, film.read.bridged_cortices >= need)
        for film in course.films
        if film.read.bridged_cortices is not None
    ]


def _not_yet(course: BoneCourse) -> int | None:
    """Day of the last film before it was solid; None without one [day]."""
    early = list(takewhile(lambda seen: not seen[1], _solid(course)))
    return early[-1][0] if early else None


def _healing(
    reached: Milestones, gained: Interval | None, not_yet: int | None
) -> HealingIndex | None:
    if reached.consolidated is None or gained is None or gained.low <= 0:
        return None
    return HealingIndex(
        HealingEvent.OSTEOTOMY,
        0,
        HealingEvent.THREE_CORTICES,
        reached.consolidated,
        gained,
        not_yet,
    )


def _order(case: Case) -> Order | None:
    """What people decided in the newest plan that was signed."""
    signed = {entry.body.get("signs") for entry in case.of_kind("signature")}
    plans = [plan for plan in case.of_kind("plan") if plan.id in signed]
    if not plans or "destroyed" in plans[-1].body:
        return None
    return checked(KEPT_PLAN, plans[-1].body, "plan entry", RecordRefusal).order


def _indication(order: Order | None) -> str:
    if order is None:
        return ""
    if order.equalise:
        return "unequal legs"
    return "deformity" if order.correct else "other"


def _ranges(course: BoneCourse) -> Iterable[BeforeAfter]:
    """Ranges before surgery and at the last exam, each with the goniometer's error."""
    before = {} if course.before is None else course.before.measured()
    exams = course.range_exams
    after = exams[-1].ranges.measured() if exams else {}
    error = constant("softtissue.goniometer").value
    names = [name for name in _COLUMNS if name in before or name in after]
    for name in names:
        yield BeforeAfter(
            name, _around(before.get(name), error), _around(after.get(name), error)
        )


_COLUMNS = (
    "knee_flexion_deg",
    "knee_extension_lack_deg",
    "dorsiflexion_knee_straight_deg",
    "dorsiflexion_knee_bent_deg",
    "hip_extension_deg",
)


def _around(value: float | None, error: float) -> Interval | None:
    return None if value is None else Interval(value, value - error, value + error)


def _scores(looked: FollowedCase, course: BoneCourse) -> Iterable[BeforeAfter]:
    """First total before surgery and newest after it; of a knee, that of this side."""
    told: dict[str, tuple[list[float], list[float]]] = {}
    for given in given_of(looked.seen):
        total = score(given.answers).total
        if total is None or given.segment[:1] not in {"", str(course.segment.side)}:
            continue
        early, late = told.setdefault(given.answers.instrument, ([], []))
        (early if given.on < course.zero else late).append(float(total))
    for name, (early, late) in sorted(told.items()):
        yield BeforeAfter(name, _exact(early[:1]), _exact(late[-1:]))


def _exact(values: list[float]) -> Interval | None:
    return Interval(values[0], values[0], values[0]) if values else None


def _expected(
    before: BoneCourse, reached: Milestones, not_yet: int | None
) -> Iterable[Expected]:
    """What was forecast on the day of surgery against what happened."""
    planned = before.bounds[0].prescription.last_day
    yield Expected(
        "distraction_ended_day",
        Interval(float(planned), float(planned), float(planned)),
        0,
        _on_day(reached.distraction_ended),
        before.bounds[0].prescription.protocol.evidence,
    )
    said: Forecast | None = forecast(before.way)
    if said is None:
        return
    solid, loaded = reached.consolidated, reached.full_weight_bearing
    for name, band, happened in (
        ("consolidated_day", said.consolidation_day, _between(not_yet, solid)),
        ("full_weight_bearing_day", said.full_weight_bearing_day, _on_day(loaded)),
    ):
        yield Expected(name, band, 0, happened, said.evidence)


def _between(not_yet: int | None, day: int | None) -> Interval | None:
    """Between the last film that said no and the first that said yes."""
    if day is None:
        return None
    low = float(day if not_yet is None or not_yet > day else not_yet)
    return Interval(float(day), low, float(day))


def _on_day(day: int | None) -> Interval | None:
    return _exact([] if day is None else [float(day)])


def _alignment(
    folder: CaseFolder, looked: FollowedCase
) -> dict[Segment, tuple[BeforeAfter, ...]]:
    """Angles of the leg on the first and on the newest standing film."""
    films = [one for one in frontal_films(folder) if one.film in looked.seen.entries]
    if not films:
        return {}
    first = measured_again(folder, films[0]).measurement
    several = len(films) >= SEVERAL
    last = measured_again(folder, films[-1]).measurement if several else None
    found = {}
    for bone in looked.courses:
        before = first.sides.get(bone.side, {})
        after = {} if last is None else last.sides.get(bone.side, {})
        found[bone] = tuple(
            BeforeAfter(name, before.get(name), after.get(name))
            for name in ALIGNMENT
            if name in before or name in after
        )
    return found

"""Every bone's course as it was known at the end of a day, gathered from the record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from callotasis.casework import confirmed_devices
from callotasis.entered import HAPPENED, readable
from callotasis.errors import PlanRefusal, RecordRefusal
from callotasis.fixation import ConfirmedData, Device, every_device
from callotasis.followup import (
    BoneCourse,
    Step,
    exams_of,
    films_of,
    gathered,
    permission_of,
    silence_of,
    turning_of,
)
from callotasis.followup.diary import day_of
from callotasis.pose import Segment
from callotasis.record import Case, CaseFolder, Entry
from callotasis.signatures import SignedBone, answers_of_signatures, signed_turns
from callotasis.softtissue import Cut
from callotasis.surgery import Surgery, surgeries_of

MOST_DAYS_BEFORE, MOST_DAYS_AFTER = 3_650, 10_950  # ten years, and thirty


@dataclass(frozen=True)
class Answer:
    """A finding that a named person answered on a day.

    Attributes
    ----------
    reference : str
        ``key`` or ``key@segment`` of the finding.
    by, reason : str
        Who answered it, and why.
    at : datetime
        When, by the clock beside them.
    until : date or None
        Last day on which it holds; None holds for good.
    """

    reference: str
    by: str
    reason: str
    at: datetime
    until: date | None = None


@dataclass(frozen=True, eq=False)
class FollowedCase:
    """A case as it was known at the end of a day.

    Attributes
    ----------
    on, first : date
        That day, and the day of the first osteotomy.
    seen : Case
        Without what happened later.
    courses : dict of Segment to BoneCourse
        Every bone that a signed plan holds.
    operated : dict of Segment to Surgery
        What was done to each.
    answers : tuple of Answer
        Findings that were answered.
    unread : tuple of (Entry, str)
        Entries that could not be read, with the reason.
    later : tuple of Entry
        What is dated after today, where today is looked at: it is not counted yet.
    """

    on: date
    first: date
    seen: Case
    courses: Mapping[Segment, BoneCourse]
    operated: Mapping[Segment, Surgery]
    answers: tuple[Answer, ...]
    unread: tuple[tuple[Entry, str], ...]
    later: tuple[Entry, ...] = ()

    @property
    def day(self) -> int:
        """Since the first osteotomy; negative before it [day]."""
        return (self.on - self.first).days


def look_at(folder: CaseFolder, as_of: int | date | None = None) -> FollowedCase:
    """Gather what was known at the end of a day.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan.
    as_of : int, date or None
        Day since the first osteotomy, or date; today if None.

    Returns
    -------
    FollowedCase
        Of every bone with a signed prescription.

    Raises
    ------
    RecordRefusal
        If no plan is signed, or an entry cannot be read.

    References
    ----------
    .. [1] ``design/follow-up.md``.
    """
    case, unread = readable(folder.case())
    signed = {Segment.parse(name): bone for name, bone in signed_turns(case).items()}
    if not signed:
        raise RecordRefusal(
            f"{folder.path} holds no signed plan; nothing can be followed"
        )
    operated = surgeries_of(case)
    zero = {bone: _zero(said, operated.get(bone)) for bone, said in signed.items()}
    first = min(zero.values())
    on = _date(as_of, first)
    seen = _heard(_until(case, on), signed)
    answers = tuple(
        answer
        for answer in (*_silences(seen), *_signed_answers(seen))
        if answer.until is None or on <= answer.until
    )
    operated = surgeries_of(seen)
    confirmed = confirmed_devices(seen)
    courses = {
        bone: _course(
            seen,
            bone,
            _known(said, on),
            zero[bone],
            on=on,
            surgery=operated.get(bone),
            answers=answers,
            device=_device(said, operated.get(bone), confirmed),
            until=_now(seen) if as_of is None else None,
        )
        for bone, said in signed.items()
    }
    later = tuple(
        entry
        for entry in case.entries
        if as_of is None and entry.kind in HAPPENED and entry.wall_clock > _end(on)
    )
    broken = tuple(pair for pair in unread if _known_since(pair[0]) <= _end(on))
    return FollowedCase(on, first, seen, courses, operated, answers, broken, later)


def _course(  # noqa: PLR0913 - a course is gathered from this many places
    seen: Case,
    bone: Segment,
    said: SignedBone,
    zero: date,
    *,
    on: date,
    surgery: Surgery | None,
    answers: Iterable[Answer],
    device: Device,
    until: datetime | None,
) -> BoneCourse:
    exams = exams_of(seen, bone, zero)
    return BoneCourse(
        segment=bone,
        bounds=said.bounds,
        approach=said.approach,
        device=device,
        zero=zero,
        on=on,
        turning=turning_of(seen, *said.bounds),
        films=tuple(films_of(seen, bone, zero)),
        ranges=tuple((day, exam.ranges) for day, exam in exams if exam.ranges),
        said=gathered(seen, bone, zero),
        answered=_days_of(answers, bone, zero),
        allowed=_allowed(seen, bone, zero),
        gap_zero_mm=None if surgery is None else surgery.gap_zero_mm,
        cut=_cut(said, bone, surgery),
        beside_mm=said.beside_mm,
        until=until,
    )


def _device(
    said: SignedBone, surgery: Surgery | None, confirmed: Mapping[str, ConfirmedData]
) -> Device:
    """The device that was implanted, with the figures that a clinician confirmed."""
    name = said.prescription.device
    if surgery is not None and surgery.device in every_device():
        name = surgery.device
    device, read = every_device()[name], confirmed.get(name)
    return device if read is None else read.instead_of(device)


def _cut(said: SignedBone, bone: Segment, surgery: Surgery | None) -> Cut | None:
    level = said.cut_mm if surgery is None else surgery.cut_mm
    if level is None or said.length_mm is None:
        return None
    try:
        return Cut(bone.bone, level, said.length_mm)
    except PlanRefusal:
        return None  # no muscle table speaks of such a cut; the rest is followed


def _known(said: SignedBone, on: date) -> SignedBone:
    """Leave out prescriptions that were signed for later days."""
    bounds = tuple(
        bound
        for bound in said.bounds
        if bound.starts_at is None or bound.starts_at.date() <= on
    )
    return replace(said, bounds=bounds or said.bounds[:1])


def _days_of(
    answers: Iterable[Answer], bone: Segment, zero: date
) -> dict[str, tuple[float, ...]]:
    days: dict[str, tuple[float, ...]] = {}
    for answer in answers:
        key, _, about = answer.reference.partition("@")
        if about in {"", str(bone)}:
            days[key] = (*days.get(key, ()), day_of(answer.at, zero))
    return days


def _allowed(seen: Case, bone: Segment, zero: date) -> dict[Step, int]:
    return {
        permission.allows: (entry.wall_clock.date() - zero).days
        for entry in seen.of_kind("decision", str(bone))
        if (permission := permission_of(entry)) is not None
    }


def _silences(seen: Case) -> list[Answer]:
    return [
        Answer(said.silences, entry.author, said.reason, entry.wall_clock)
        for entry in seen.of_kind("decision")
        if (said := silence_of(entry)) is not None
    ]


def _signed_answers(seen: Case) -> list[Answer]:
    """A finding is answered, too, by signing the prescription that it asked for."""
    return [
        Answer(
            reference,
            entry.author,
            "a changed prescription was signed",
            entry.wall_clock,
            until,
        )
        for entry, references, until in answers_of_signatures(seen)
        for reference in references
    ]


def _zero(said: SignedBone, surgery: Surgery | None) -> date:
    return said.prescription.surgery_on if surgery is None else surgery.done_on


def _date(as_of: int | date | None, first: date) -> date:
    if as_of is None:
        return _today()
    day = as_of if isinstance(as_of, int) else (as_of - first).days
    if not -MOST_DAYS_BEFORE <= day <= MOST_DAYS_AFTER:
        raise RecordRefusal(
            f"as-of is day {day}; allowed is day -{MOST_DAYS_BEFORE} to "
            f"{MOST_DAYS_AFTER} since surgery on {first}"
        )
    return first + timedelta(days=day)


def _today() -> date:
    return datetime.now().astimezone().date()


def _now(seen: Case) -> datetime:
    """Now, or the moment of an entry whose clock is ahead of ours."""
    here = datetime.now().astimezone().replace(tzinfo=None)
    return max([here, *(entry.wall_clock for entry in seen.of_kind("turn"))])


def _until(case: Case, on: date) -> Case:
    """The case without what happened on later days."""
    seen = tuple(entry for entry in case.entries if entry.wall_clock <= _end(on))
    return replace(case, entries=seen)


def _heard(case: Case, bones: Collection[Segment]) -> Case:
    """Take what is felt where no followed bone is as felt by the person."""
    places = {"", *map(str, bones), *(str(bone.side) for bone in bones)}
    entries = tuple(
        replace(entry, segment="")
        if entry.kind == "symptom" and entry.segment not in places
        else entry
        for entry in case.entries
    )
    return replace(case, entries=entries)


def _known_since(entry: Entry) -> datetime:
    """When it happened, or when it was written down if that was before."""
    return min(entry.wall_clock, entry.recorded.replace(tzinfo=None))


def _end(on: date) -> datetime:
    """The last moment of a day, by the patient's clock."""
    return datetime.combine(on, time.max)

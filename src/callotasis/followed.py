"""How a case stands on a day: each bone's course, what was found, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from callotasis.casework import confirmed_devices
from callotasis.distraction import Phase
from callotasis.emergency import emergency_number
from callotasis.entered import readable
from callotasis.errors import RecordRefusal
from callotasis.findings import Finding, Level
from callotasis.fixation import ConfirmedData, Device, every_device
from callotasis.followup import (
    BoneCourse,
    Due,
    Followed,
    Judged,
    Observed,
    Silenced,
    Soon,
    Standing,
    Step,
    due_of,
    effect_of,
    exams_of,
    films_of,
    forecast,
    gates_of,
    gathered,
    healed_of,
    judge,
    one_for_each_cause,
    permission_of,
    proposed_for,
    silence_of,
    stretch_of,
    turning_findings,
    turning_of,
)
from callotasis.instruments import due as questionnaires_due
from callotasis.instruments import given_of
from callotasis.pose import Segment
from callotasis.record import Case, CaseFolder, Entry
from callotasis.signatures import SignedBone, answers_of_signatures, signed_turns
from callotasis.softtissue import Cut
from callotasis.surgery import Surgery, surgeries_of


@dataclass(frozen=True)
class _Answer:
    """A finding that a named person answered on a day."""

    reference: str
    by: str
    reason: str
    on: date


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
    answers : tuple of _Answer
        Findings that were answered.
    unread : tuple of (Entry, str)
        Entries that could not be read, with the reason.
    """

    on: date
    first: date
    seen: Case
    courses: Mapping[Segment, BoneCourse]
    operated: Mapping[Segment, Surgery]
    answers: tuple[_Answer, ...]
    unread: tuple[tuple[Entry, str], ...]

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
    seen = _until(case, on)
    answers = (*_silences(seen), *_signed_answers(seen))
    operated = surgeries_of(seen)
    confirmed = confirmed_devices(folder)
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
        )
        for bone, said in signed.items()
    }
    broken = tuple(pair for pair in unread if pair[0].wall_clock <= _end(on))
    return FollowedCase(on, first, seen, courses, operated, answers, broken)


def follow(folder: CaseFolder, as_of: int | date | None = None) -> Standing:
    """Say how the case stands.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan.
    as_of : int, date or None
        Day since the first osteotomy, or date, at whose end to look; today if None.
        What happened later is not seen.

    Returns
    -------
    Standing
        Of every bone with a signed prescription.

    Raises
    ------
    RecordRefusal
        If no plan is signed, or an entry cannot be read.

    References
    ----------
    .. [1] ``design/follow-up.md``.
    """
    return standing_of(look_at(folder, as_of))


def standing_of(case: FollowedCase) -> Standing:
    """Judge a case as it was known at the end of a day.

    Parameters
    ----------
    case : FollowedCase
        From :func:`look_at`.

    Returns
    -------
    Standing
        Findings that were answered stand apart.

    References
    ----------
    .. [1] ``design/follow-up.md``.
    """
    emergency = emergency_number(case.seen)
    found = [
        one
        for bone, course in case.courses.items()
        for one in _found(course, case.operated.get(bone), emergency)
    ]
    found += [_unread(entry, reason, case) for entry, reason in case.unread]
    spoken, silenced = _answered(one_for_each_cause(found), case)
    return Standing(
        day=case.day,
        on=case.on,
        segments={
            bone: _followed(course, [x for x in spoken if x.finding.about == str(bone)])
            for bone, course in case.courses.items()
        },
        findings=spoken,
        silenced=silenced,
        due=tuple(_due(case)),
    )


def _followed(course: BoneCourse, spoken: list[Observed]) -> Followed:
    days = forecast(course.way, course.films)
    proposal = proposed_for(course, spoken)
    return Followed(
        phase=course.phase,
        day=course.day,
        prescribed_mm=course.turning.prescribed_mm(course.now),
        turned_mm=course.turning.turned_mm(course.now),
        lengths=course.lengths,
        forecast=days,
        residual_stretch_mm=stretch_of(course),
        proposal=proposal,
        effect=effect_of(course, proposal),
        gates=gates_of(healed_of(course, days, spoken)),
    )


def _found(
    course: BoneCourse, surgery: Surgery | None, emergency: str
) -> list[Observed]:
    """Findings of one bone, before any is silenced."""
    found = [
        *turning_findings(course.turning, course.zero, course.now),
        *_surgery_findings(course, surgery),
    ]
    if course.phase is Phase.PLANNED:
        return found
    bone = Judged(course.segment, course.device.kind, course.phase, course.diary)
    return [*found, *judge(bone, emergency=emergency)]


def _course(  # noqa: PLR0913 - a course is gathered from this many places
    seen: Case,
    bone: Segment,
    said: SignedBone,
    zero: date,
    *,
    on: date,
    surgery: Surgery | None,
    answers: Iterable[_Answer],
    device: Device,
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
    )


def _device(
    said: SignedBone, surgery: Surgery | None, confirmed: Mapping[str, ConfirmedData]
) -> Device:
    """The device that was implanted, with the figures that a clinician confirmed."""
    name = said.prescription.device
    if surgery is not None and surgery.device in every_device():
        name = surgery.device
    device, read = every_device()[name], confirmed.get(name)
    if read is None:
        return device
    return replace(device, stroke_mm=read.stroke_mm, step_mm=read.step_mm)


def _cut(said: SignedBone, bone: Segment, surgery: Surgery | None) -> Cut | None:
    level = said.cut_mm if surgery is None else surgery.cut_mm
    if level is None or said.length_mm is None or not 0 < level < said.length_mm:
        return None
    return Cut(bone.bone, level, said.length_mm)


def _known(said: SignedBone, on: date) -> SignedBone:
    """Leave out prescriptions that were signed for later days."""
    bounds = tuple(
        bound
        for bound in said.bounds
        if bound.starts_at is None or bound.starts_at.date() <= on
    )
    return replace(said, bounds=bounds or said.bounds[:1])


def _days_of(
    answers: Iterable[_Answer], bone: Segment, zero: date
) -> dict[str, tuple[int, ...]]:
    days: dict[str, tuple[int, ...]] = {}
    for answer in answers:
        key, _, about = answer.reference.partition("@")
        if about in {"", str(bone)}:
            days[key] = (*days.get(key, ()), (answer.on - zero).days)
    return days


def _allowed(seen: Case, bone: Segment, zero: date) -> dict[Step, int]:
    return {
        permission.allows: (entry.wall_clock.date() - zero).days
        for entry in seen.of_kind("decision", str(bone))
        if (permission := permission_of(entry)) is not None
    }


def _silences(seen: Case) -> list[_Answer]:
    return [
        _Answer(said.silences, entry.author, said.reason, entry.wall_clock.date())
        for entry in seen.of_kind("decision")
        if (said := silence_of(entry)) is not None
    ]


def _signed_answers(seen: Case) -> list[_Answer]:
    """A finding is answered, too, by signing the prescription that it asked for."""
    return [
        _Answer(reference, entry.author, "a changed prescription was signed", on)
        for entry, references in answers_of_signatures(seen)
        for on in [entry.wall_clock.date()]
        for reference in references
    ]


def _answered(
    found: Iterable[Observed], case: FollowedCase
) -> tuple[tuple[Observed, ...], tuple[Silenced, ...]]:
    """Part findings into those that speak and those that were answered since."""
    spoken: list[Observed] = []
    silenced: list[Silenced] = []
    for one in found:
        zero = _zero_of(one, case)
        began = zero + timedelta(days=one.since_day)
        names = {one.finding.key, one.finding.reference}
        answers = [
            answer
            for answer in case.answers
            if answer.reference in names and answer.on >= began
        ]
        if answers:
            last = answers[-1]
            day = (last.on - zero).days
            silenced.append(Silenced(one, last.by, last.reason, day))
        else:
            spoken.append(one)
    return tuple(spoken), tuple(silenced)


def _zero_of(one: Observed, case: FollowedCase) -> date:
    for bone, course in case.courses.items():
        if one.finding.about == str(bone):
            return course.zero
    return case.first


def _surgery_findings(course: BoneCourse, surgery: Surgery | None) -> list[Observed]:
    """Say where the turns rest on a day of surgery that was not the real one."""
    asked, bone = course.prescription, course.segment
    if surgery is None:
        if course.on < asked.surgery_on:
            return []
        finding = Finding(
            Level.CAUTION,
            "surgery.unsaid",
            f"Nobody wrote down what was done to the {bone.words} on "
            f"{asked.surgery_on}; days are counted from then.",
            "Add the surgery entry.",
            about=str(bone),
        )
        return [Observed(finding, 0)]
    if surgery.done_on == asked.surgery_on:
        return []
    finding = Finding(
        Level.CAUTION,
        "surgery.other_day",
        f"The {bone.words} was operated on {surgery.done_on}; its turns are dated from "
        f"{asked.surgery_on}.",
        "Plan and sign again with the real day.",
        about=str(bone),
    )
    return [Observed(finding, 0)]


def _unread(entry: Entry, reason: str, case: FollowedCase) -> Observed:
    """Say that an entry is not counted."""
    finding = Finding(
        Level.CAUTION,
        "record.unreadable",
        f"The {entry.kind} of {entry.happened_at[:10]} by {entry.author} is not counted: "
        f"{reason}",
        "Write a correction of it.",
        about=entry.segment,
    )
    day = (entry.wall_clock.date() - case.first).days
    return Observed(finding, day, Soon.WEEK, f"entry {entry.id}")


def _due(case: FollowedCase) -> Iterable[Due]:
    for bone, course in case.courses.items():
        yield from due_of(
            course.phase,
            course.day,
            str(bone),
            last_film=course.films[-1].day if course.films else None,
            last_exam=course.ranges[-1][0] if course.ranges else None,
            last_turn=course.last_turn_day or course.first_asked_day,
        )
    if not emergency_number(case.seen) and case.day >= 0:
        yield Due("the emergency number: not written in the case yet", 0, "", "")
    yield from _questions_due(case)


def _questions_due(case: FollowedCase) -> Iterable[Due]:
    """Questionnaires of the bone that is farthest behind: one person answers them."""
    last = {
        given.answers.instrument: (given.on - case.first).days
        for given in given_of(case.seen)
    }
    phases = [course.phase for course in case.courses.values()]
    phase = min(phases, key=[*Phase].index)
    for one in questionnaires_due(case.day, phase, last):
        yield Due(one.title, one.since_day, "", one.evidence)


def _zero(said: SignedBone, surgery: Surgery | None) -> date:
    return said.prescription.surgery_on if surgery is None else surgery.done_on


def _date(as_of: int | date | None, first: date) -> date:
    if as_of is None:
        return datetime.now().astimezone().date()
    return first + timedelta(days=as_of) if isinstance(as_of, int) else as_of


def _until(case: Case, on: date) -> Case:
    """The case without what happened on later days."""
    seen = tuple(entry for entry in case.entries if entry.wall_clock <= _end(on))
    return replace(case, entries=seen)


def _end(on: date) -> datetime:
    """The last moment of a day, by the patient's clock."""
    return datetime.combine(on, time.max)

"""How a case stands on a day: each bone's course, what was found, and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from callotasis.complications import deep_infection_findings, events_of
from callotasis.courses import Answer, FollowedCase, look_at
from callotasis.distraction import Change, Phase
from callotasis.emergency import emergency_number
from callotasis.findings import Finding, Level
from callotasis.followup import (
    BoneCourse,
    Due,
    Followed,
    Judged,
    Observed,
    Silenced,
    Soon,
    Standing,
    due_of,
    effect_of,
    forecast,
    gates_of,
    healed_of,
    judge,
    loading_of,
    nerve_of,
    one_for_each_cause,
    practised,
    proposed_for,
    stretch_findings,
    stretch_of,
    turning_findings,
    walked,
)
from callotasis.followup.diary import day_of
from callotasis.followup.rules import grave, whole_rules
from callotasis.instruments import due as questionnaires_due
from callotasis.instruments import given_of
from callotasis.pose import Segment
from callotasis.record import CaseFolder, Entry
from callotasis.rehabilitation import Loading, Week
from callotasis.rehabilitation import Step as Rung
from callotasis.surgery import Surgery


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
        _by_case(one, course, case)
        for bone, course in case.courses.items()
        for one in _found(course, case.operated.get(bone), emergency)
    ]
    found += _deep_infections(case)
    found += [_unread(entry, reason, case) for entry, reason in case.unread]
    found += [Observed(finding, 0, Soon.WEEK) for finding in case.seen.findings]
    found += [*_other_bones(case), *_later(case)]
    spoken, silenced = _answered(found, case)
    segments = {
        bone: _followed(
            course,
            [x for x in spoken if x.finding.about == str(bone)],
            practised(case.seen, course),
        )
        for bone, course in case.courses.items()
    }
    return Standing(
        day=case.day,
        on=case.on,
        segments=dict(_one_load_a_leg(segments)),
        findings=_once_a_leg(_at_rest(spoken)),
        silenced=silenced,
        due=tuple(_due(case, emergency)),
        walks=walked(case.seen, case.first),
    )


def _one_load_a_leg(
    segments: Mapping[Segment, Followed],
) -> Iterator[tuple[Segment, Followed]]:
    """A leg bears what its weaker bone bears."""
    for bone, followed in segments.items():
        beside = segments.get(bone.beside)
        own, other = followed.loading, None if beside is None else beside.loading
        if own is None or other is None or _rung(own) <= _rung(other):
            yield bone, followed
            continue
        why = f"the {bone.beside.words} bears no more"
        yield bone, replace(followed, loading=replace(other, why=(why, *other.why)))


def _rung(loading: Loading) -> int:
    return [*Rung].index(loading.step)


def _at_rest(spoken: Iterable[Observed]) -> list[Observed]:
    """Where a finding asks for rest, nobody is asked to make turns up."""
    found = [*spoken]
    resting = {one.finding.about for one in found if one.proposes is Change.HOLD}
    return [
        replace(one, finding=replace(one.finding, action=REST))
        if one.finding.key == "turn.missed" and one.finding.about in resting
        else one
        for one in found
    ]


REST = "Do not make it up: a finding asks for rest; the surgeon decides how to go on."


def _once_a_leg(spoken: Iterable[Observed]) -> tuple[Observed, ...]:
    """Say once what two bones of one leg would say in the same words."""
    kept: dict[tuple[str, str], Observed] = {}
    for one in spoken:
        kept.setdefault((one.finding.sentence, one.finding.about[:1]), one)
    return tuple(kept.values())


def _other_bones(case: FollowedCase) -> Iterable[Observed]:
    """Turns of bones that no signed plan holds: perhaps the other leg was turned."""
    strange: dict[str, list[Entry]] = {}
    for entry in case.seen.of_kind("turn"):
        if Segment.parse(entry.segment) not in case.courses:
            strange.setdefault(entry.segment, []).append(entry)
    for name, turns in strange.items():
        held = ", ".join(bone.words for bone in case.courses)
        finding = Finding(
            Level.CAUTION,
            "turn.other_bone",
            f"Turns of the {Segment.parse(name).words} were entered ({len(turns)}); "
            f"signed are the {held}.",
            "Ask today which leg was turned, and correct the entries.",
            about=name,
        )
        day = min((turn.wall_clock.date() - case.first).days for turn in turns)
        yield Observed(finding, day, Soon.TODAY)


def _later(case: FollowedCase) -> Iterable[Observed]:
    """Say what is dated after today: it would wait unseen."""
    if not case.later:
        return
    first = min(entry.wall_clock.date() for entry in case.later)
    finding = Finding(
        Level.CAUTION,
        "record.later",
        f"Entries are dated after today ({len(case.later)}, the first {first}); they "
        "are not counted yet.",
        "Look at the clocks they were written with, and correct their time.",
    )
    yield Observed(finding, case.day, Soon.TODAY)


def _followed(
    course: BoneCourse, spoken: list[Observed], weeks: tuple[Week, ...]
) -> Followed:
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
        loading=loading_of(course, spoken),
        gates=gates_of(healed_of(course, spoken)),
        nerve=nerve_of(course),
        practised=weeks,
    )


def _found(
    course: BoneCourse, surgery: Surgery | None, emergency: str
) -> list[Observed]:
    """Findings of one bone, before any is silenced."""
    found = [
        *turning_findings(course.turning, course.zero, course.now),
        *_surgery_findings(course, surgery),
    ]
    bone = Judged(
        course.segment,
        course.device.kind,
        course.phase,
        course.diary,
        course.answered,
    )
    if course.phase is Phase.PLANNED:
        # Nothing is cut yet; how the person feels is heard all the same.
        return [
            *found,
            *judge(replace(bone, phase=Phase.LATENCY), whole_rules(), emergency),
        ]
    if course.rests:
        found.append(_resting(course))
    return [*found, *judge(bone, emergency=emergency), *stretch_findings(course)]


def _resting(course: BoneCourse) -> Observed:
    """Say that turning waits, for as long as it does."""
    start = course.bounds[-1].starts_at or course.now
    finding = Finding(
        Level.NOTE,
        "turn.resting",
        f"The {course.segment.words} is not turned until a surgeon signs to go on.",
        "See the leg; sign to go on, slower, or to end the lengthening.",
        about=str(course.segment),
    )
    return Observed(finding, (start.date() - course.zero).days, Soon.WEEK)


def _by_case(one: Observed, course: BoneCourse, case: FollowedCase) -> Observed:
    """What speaks of the person counts from the first operation."""
    if one.finding.about:
        return one
    later = (course.zero - case.first).days
    renewed = None if one.renewed_day is None else one.renewed_day + later
    return replace(one, since_day=one.since_day + later, renewed_day=renewed)


def _answered(
    found: Iterable[Observed], case: FollowedCase
) -> tuple[tuple[Observed, ...], tuple[Silenced, ...]]:
    """Part findings into those that speak and those that were answered since.

    An answer covers what is less grave and has the same cause, if it had begun by then.
    """
    spoken: list[Observed] = []
    silenced: list[Silenced] = []
    covered: dict[tuple[str, str], Answer] = {}
    for one in sorted(found, key=grave):
        zero, place = (
            _zero_of(one, case),
            (one.cause or one.finding.key, one.finding.about),
        )
        answer = _answer_to(one, zero, case) or covered.get(place)
        if answer is None or day_of(answer.at, zero) < one.said_day:
            spoken.append(one)
            continue
        covered[place] = answer
        day = math.floor(day_of(answer.at, zero))
        silenced.append(Silenced(one, answer.by, answer.reason, day))
    return one_for_each_cause(spoken), tuple(silenced)


def _answer_to(one: Observed, zero: date, case: FollowedCase) -> Answer | None:
    """The newest answer to a finding that had begun by then."""
    names = {one.finding.key, one.finding.reference}
    answers = [
        answer
        for answer in case.answers
        if answer.reference in names and day_of(answer.at, zero) >= one.said_day
    ]
    return answers[-1] if answers else None


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


def _deep_infections(case: FollowedCase) -> Iterable[Observed]:
    """What the assessment of a deep infection asks for, while it is open."""
    for event in events_of(case.seen):
        found = event.complication
        if found.deep is None or not found.is_open_on(case.on):
            continue
        day = (found.noticed_on - case.first).days
        for finding in deep_infection_findings(found.deep, event.segment):
            soon = Soon.TODAY if finding.level is Level.STOP else Soon.WEEK
            yield Observed(finding, day, soon)


def _unread(entry: Entry, reason: str, case: FollowedCase) -> Observed:
    """Say that an entry is not counted."""
    finding = Finding(
        Level.CAUTION,
        "record.unreadable",
        f"The {entry.kind} of {entry.happened_at[:10]} by {entry.author} is not "
        f"counted: {reason}",
        "Write a correction of it.",
        about=entry.segment,
    )
    day = min((entry.wall_clock.date() - case.first).days, case.day)
    return Observed(finding, day, Soon.WEEK, f"entry {entry.id}")


def _due(case: FollowedCase, emergency: str) -> Iterable[Due]:
    for bone, course in case.courses.items():
        yield from due_of(
            course.phase,
            course.day,
            str(bone),
            last_film=course.films[-1].day if course.films else None,
            last_exam=course.ranges[-1][0] if course.ranges else None,
            last_turn=course.turn_expected_day,
        )
    if not emergency and case.day >= 0:
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
    start = min(course.phase_start for course in case.courses.values())
    for one in questionnaires_due(case.day, phase, last, phase_start=start):
        yield Due(one.title, one.since_day, "", one.evidence)

"""A changed prescription: worked out, kept as a draft, and signed by name.

The draft is a ``prescription`` entry; nothing binds until a surgeon signs it. What
bound before stays in its own signature, readable for ever.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.courses import look_at
from callotasis.distraction import (
    Adaptation,
    Bound,
    Change,
    Phase,
    Prescription,
    Turn,
    adapted,
)
from callotasis.distraction.change import STEP_MM
from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.followed import standing_of
from callotasis.followup import Followed, Standing
from callotasis.followup.course import BoneCourse
from callotasis.followup.proposals import words_of
from callotasis.pose import Segment
from callotasis.record import Case, CaseFolder, Entry, new_entry
from callotasis.signatures import SIGNED, Signed

MOST_DAYS_AHEAD = 14  # a change decided today is not for next month


@dataclass(frozen=True)
class Draft:
    """The body of a ``prescription`` entry: a change that waits for a signature.

    Attributes
    ----------
    adaptation : Adaptation
        What changes, and from when.
    bound : Bound
        Every new turn.
    approach : str
        Of a nail; empty for a frame.
    answers : tuple of str
        Findings that it answers once it is signed.
    text : str
        The change in one sentence.
    """

    adaptation: Adaptation
    bound: Bound
    approach: str
    answers: tuple[str, ...] = ()
    text: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


DRAFT = TypeAdapter(Draft)


def draft_change(
    folder: CaseFolder,
    segment: Segment,
    author: str,
    adaptation: Adaptation | None = None,
    at: datetime | None = None,
) -> tuple[Entry, Draft]:
    """Work a changed prescription out and keep it as a draft.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan.
    segment : Segment
        The bone.
    author : str
        Who asks for it.
    adaptation : Adaptation or None
        What to change; None takes what the findings propose.
    at : datetime or None
        When, with offset; now if None.

    Returns
    -------
    tuple of (Entry, Draft)
        The entry that keeps it.

    Raises
    ------
    RecordRefusal
        If no signed plan holds the bone, it has not been operated, nothing is
        proposed, or the change begins in the past.
    PlanRefusal
        If the device cannot do it.
    """
    looked = look_at(folder, None if at is None else at.date())
    if segment not in looked.courses:
        held = ", ".join(map(str, looked.courses))
        raise RecordRefusal(f"no signed plan holds {segment}; signed are: {held}")
    course = looked.courses[segment]
    if course.phase is Phase.PLANNED:
        raise RecordRefusal(
            f"{segment} has not been operated; before surgery plan and sign again"
        )
    standing = standing_of(looked)
    followed = standing.segments[segment]
    chosen = adaptation or _proposed(followed, segment)
    _check_stops(standing, chosen, segment)
    _check_soon(chosen, course.on)
    clock = course.now if at is None else at.replace(tzinfo=None)
    turned = course.turning.turned_mm(clock).value
    midnight = datetime.combine(clock.date(), time())
    today = turned - course.turning.turned_mm(midnight).value
    draft = Draft(
        adaptation=chosen,
        bound=adapted(course.bounds[-1], turned, chosen, course.device, clock, today),
        approach=course.approach,
        answers=_answers(followed, chosen, course),
        text=words_of(chosen, course.bounds[-1], course.on),
    )
    body = DRAFT.dump_python(draft, mode="json")
    entry = new_entry(
        folder.name, "prescription", author, body, segment=str(segment), happened_at=at
    )
    folder.append(entry)
    return entry, draft


def _proposed(followed: Followed, segment: Segment) -> Adaptation:
    if followed.proposal is None:
        raise RecordRefusal(
            f"nothing asks for a change of {segment} on day {followed.day}; say which "
            "change is wanted"
        )
    return followed.proposal.adaptation


DRAWS_OUT = frozenset({Change.FASTER, Change.EXTEND, Change.GO_ON})


def _check_stops(standing: Standing, chosen: Adaptation, segment: Segment) -> None:
    """Refuse to draw a bone out further while a finding asks to rest."""
    rests = [
        one
        for one in standing.findings
        if one.proposes is Change.HOLD and one.finding.about == str(segment)
    ]
    if chosen.change in DRAWS_OUT and rests:
        worst = rests[0]
        raise RecordRefusal(
            f"'{chosen.change}' while {worst.finding.key} asks for rest since day "
            f"{worst.since_day} ({worst.finding.sentence}); first a clinician answers "
            "it by a decision with a reason"
        )


def _check_soon(adaptation: Adaptation, on: date) -> None:
    ahead = (adaptation.from_on - on).days
    if not 0 < ahead <= MOST_DAYS_AHEAD:
        raise RecordRefusal(
            f"a change from {adaptation.from_on}, decided on {on}; allowed is from "
            f"tomorrow to {on + timedelta(days=MOST_DAYS_AHEAD)}"
        )


def _answers(
    followed: Followed, chosen: Adaptation, course: BoneCourse
) -> tuple[str, ...]:
    """Findings that asked for this very change."""
    proposal = followed.proposal
    if proposal is None or proposal.adaptation.change is not chosen.change:
        return ()
    return tuple(f"{key}@{course.segment}" for key in proposal.because)


def open_draft(case: Case) -> Entry | None:
    """The newest changed prescription that nobody has signed.

    Of one bone only the newest waits, and none that a later plan has overtaken.

    Parameters
    ----------
    case : Case
        The folded record.

    Returns
    -------
    Entry or None
        None where nothing waits.
    """
    signed = {entry.body.get("signs") for entry in case.of_kind("signature")}
    newest = {draft.segment: draft for draft in case.held("prescription")}
    planned = max((plan.happened for plan in case.of_kind("plan")), default=None)
    waiting = [
        draft
        for draft in newest.values()
        if draft.id not in signed and (planned is None or planned <= draft.happened)
    ]
    return max(waiting, key=lambda draft: draft.happened, default=None)


def sign_draft(
    folder: CaseFolder, draft: Entry, author: str, at: datetime | None = None
) -> Entry:
    """Sign a changed prescription; from this moment it binds.

    Parameters
    ----------
    folder : CaseFolder
        That holds the draft.
    draft : Entry
        From :func:`open_draft`.
    author : str
        The surgeon who signs.
    at : datetime or None
        When, with offset; now if None.

    Returns
    -------
    Entry
        The signature; the one before stays.

    Raises
    ------
    RecordRefusal
        If other turns than its own were entered since it was worked out, or its first
        day has passed.
    """
    kept = checked(DRAFT, draft.body, "prescription", RecordRefusal)
    segment = Segment.parse(draft.segment)
    moment = at or datetime.now().astimezone()
    clock = moment.replace(tzinfo=None)
    if clock.date() >= kept.adaptation.from_on:
        raise RecordRefusal(
            f"the changed prescription of {segment} begins on "
            f"{kept.adaptation.from_on}; it is signed before that day, or drafted again"
        )
    course = look_at(folder, clock.date()).courses[segment]
    turned = course.turning.turned_mm(clock).value
    if not _is_as_foreseen(turned, kept.bound, clock):
        raise RecordRefusal(
            f"the changed prescription of {segment} is stale: {kept.bound.start_mm:g} "
            f"mm had been turned when it was made, {turned:g} mm now; draft it again"
        )
    signed = Signed(
        signs=draft.id,
        prescriptions={str(segment): kept.bound.prescription},
        approach={str(segment): kept.approach},
        start_mm={str(segment): kept.bound.start_mm},
        starts_at={str(segment): clock},
        answers=kept.answers,
        answers_until=_rests_until(kept.adaptation),
        waits=(str(segment),) if kept.bound.waits else (),
    )
    body = SIGNED.dump_python(signed, mode="json")
    entry = new_entry(folder.name, "signature", author, body, happened_at=moment)
    folder.append(entry)
    return entry


def _rests_until(adaptation: Adaptation) -> date | None:
    """A timed rest answers its findings until it ends; None answers for good."""
    if adaptation.change is not Change.HOLD or adaptation.days is None:
        return None
    return adaptation.from_on + timedelta(days=adaptation.days)


def _is_as_foreseen(turned_mm: float, bound: Bound, at: datetime) -> bool:
    """Tell whether only turns that the draft itself asks for were turned since."""
    asked = [turn.turn_mm for turn in bound.prescription.turns if turn.at <= at]
    most = bound.start_mm + math.fsum(asked)
    return bound.start_mm - STEP_MM <= turned_mm <= most + STEP_MM


Turns = list[tuple[Prescription, Turn]]


def binding_turns(
    folder: CaseFolder, as_of: date | None = None
) -> tuple[list[Prescription], Turns]:
    """What binds today, bone by bone, and what binds no more.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan.
    as_of : date or None
        Day at whose end to look; today if None.

    Returns
    -------
    tuple of (list of Prescription, list of (Prescription, Turn))
        Prescriptions whose turns do not wait for a signature; and turns of earlier
        ones that were not due when they were changed.
    """
    asked: list[Prescription] = []
    gone: Turns = []
    for course in look_at(folder, as_of).courses.values():
        binding = [] if course.rests else [course.prescription]
        asked += binding
        kept = {(t.number, t.at) for one in binding for t in one.turns}
        start = course.bounds[-1].starts_at
        gone += [
            (bound.prescription, turn)
            for bound in course.bounds[:-1]
            for turn in bound.prescription.turns
            if start is not None
            and turn.at > start
            and (turn.number, turn.at) not in kept
        ]
    return asked, gone

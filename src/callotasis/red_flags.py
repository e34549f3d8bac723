"""A red flag is answered at once: what to do now, and whom to call."""

from __future__ import annotations

from callotasis.courses import look_at
from callotasis.distraction import Phase
from callotasis.emergency import emergency_number
from callotasis.errors import Refusal
from callotasis.findings import Finding
from callotasis.fixation import Kind
from callotasis.followup import (
    Judged,
    Observed,
    Soon,
    exam_of,
    felt_of,
    judge,
)
from callotasis.followup.diary import diary_of
from callotasis.followup.gathered import answer_facts, exam_facts, symptom_facts
from callotasis.followup.rules import grave
from callotasis.instruments import Contact, answers_of, contacts, score
from callotasis.pose import Bone, Segment, Side
from callotasis.record import CaseFolder, Entry

URGENT = (Soon.NOW, Soon.TODAY)
UNKNOWN_DAY = 30  # of a case that is not followed: neither days nor years after surgery


def answers_at_once(folder: CaseFolder, entry: Entry) -> tuple[Finding, ...]:
    """Answer what somebody feels or says, from this entry alone.

    Parameters
    ----------
    folder : CaseFolder
        For phase, device and emergency number.
    entry : Entry
        A ``symptom``, ``questionnaire`` or ``exam``.

    Returns
    -------
    tuple of Finding
        What must be done now or today, the most urgent first; empty where nothing is.

    Raises
    ------
    RecordRefusal
        If the entry cannot be read.

    References
    ----------
    .. [1] The rules of ``followup/rules.toml``.
    """
    emergency = emergency_number(folder.case())
    found: dict[tuple[str, str], Observed] = {}
    said = {name: [(0, v)] for name, v in _facts(entry).items() if v is not None}
    for segment, kind, phase, day in _bones(folder, entry):
        diary = diary_of({**said, "day": [(0, float(day))]}, 0)
        bone = Judged(segment, kind, phase, diary)
        for one in judge(bone, emergency=emergency):
            found.setdefault((one.finding.key, one.finding.about), one)
    urgent = [one for one in found.values() if one.soon in URGENT]
    return tuple(one.finding for one in sorted(urgent, key=grave))


def whom_to_call(entry: Entry) -> tuple[Contact, ...]:
    """Say who speaks with the patient after a sheet of answers.

    Parameters
    ----------
    entry : Entry
        Of any kind.

    Returns
    -------
    tuple of Contact
        Empty where nobody needs to, and for what is no questionnaire.

    Raises
    ------
    RecordRefusal
        If the answers cannot be read.

    References
    ----------
    .. [1] :func:`callotasis.instruments.contacts`.
    """
    if entry.kind != "questionnaire":
        return ()
    return contacts(score(answers_of(entry)))


def _facts(entry: Entry) -> dict[str, float | str | None]:
    if entry.kind == "symptom":
        return symptom_facts(felt_of(entry))
    if entry.kind == "exam":
        return exam_facts(exam_of(entry))
    return answer_facts(score(answers_of(entry)))


def _bones(folder: CaseFolder, entry: Entry) -> list[tuple[Segment, Kind, Phase, int]]:
    """Bones the entry may speak of; a case that is not followed is taken gravely."""
    try:
        looked = look_at(folder, entry.wall_clock.date())
    except Refusal:  # whatever is wrong with the case: a flag is answered
        side = Side(entry.segment[0]) if entry.segment else Side.RIGHT
        bone = Segment(side, Bone.FEMUR)
        every = (Kind.NAIL, Kind.RING)  # pins and nails have rules of their own
        return [(bone, kind, Phase.DISTRACTION, UNKNOWN_DAY) for kind in every]
    courses = [
        course
        for course in looked.courses.values()
        if str(course.segment).startswith(entry.segment)
    ] or [*looked.courses.values()]
    return [
        (
            course.segment,
            course.device.kind,
            Phase.LATENCY if course.phase is Phase.PLANNED else course.phase,
            course.day,
        )
        for course in courses
    ]

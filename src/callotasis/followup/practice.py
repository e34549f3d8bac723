"""What was practised and how evenly the person walks, as entries tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from callotasis.distraction import Phase
from callotasis.followup.course import BoneCourse
from callotasis.record import Case
from callotasis.rehabilitation import (
    Change,
    Quantity,
    Symmetry,
    Week,
    adherence,
    change,
    diary_of,
    programme,
    symmetry,
    walks_of,
)

SHOWN_WEEKS = 2


def practised(case: Case, course: BoneCourse) -> tuple[Week, ...]:
    """Hold the diary of exercises against the programme of the phase.

    Parameters
    ----------
    case : Case
        The folded record, as far as it shall be seen.
    course : BoneCourse
        Of the bone.

    Returns
    -------
    tuple of Week
        The last whole week of the phase and the running one; empty where nobody keeps
        a diary.

    Raises
    ------
    RecordRefusal
        If an entry cannot be read.

    References
    ----------
    .. [1] :func:`callotasis.rehabilitation.adherence`.
    """
    diary = diary_of(case, str(course.segment))
    if not diary or course.phase is Phase.PLANNED:
        return ()
    asked = programme(course.segment.bone, course.phase, course.device.kind)
    # Whoever turns before the first asked day is ahead of the phase.
    started = course.zero + timedelta(days=min(course.phase_start, course.day))
    return adherence(asked, diary, started, course.on)[-SHOWN_WEEKS:]


@dataclass(frozen=True)
class Walked:
    """How evenly a person walked on a day.

    Attributes
    ----------
    day : int
        Since the first operation; negative is before it [day].
    stance : Symmetry
        Of the time that each foot stood.
    """

    day: int
    stance: Symmetry


def walked(case: Case, first: date) -> tuple[Walked, ...]:
    """All walks that were recorded, by their day.

    Parameters
    ----------
    case : Case
        The folded record, as far as it shall be seen.
    first : date
        Day 0.

    Returns
    -------
    tuple of Walked
        In the order in which they were walked.

    Raises
    ------
    RecordRefusal
        If an entry cannot be read.

    References
    ----------
    .. [1] :func:`callotasis.rehabilitation.symmetry`.
    """
    return tuple(
        Walked((at.date() - first).days, symmetry(Quantity.STANCE, walk.stance_s))
        for at, walk in walks_of(case)
    )


def walking_change(walks: tuple[Walked, ...]) -> Change | None:
    """Hold the newest walk against the last one before surgery.

    Parameters
    ----------
    walks : tuple of Walked
        From :func:`walked`.

    Returns
    -------
    Change or None
        None without a walk before and one after.

    References
    ----------
    .. [1] :func:`callotasis.rehabilitation.change`.
    """
    before = [walk.stance for walk in walks if walk.day < 0]
    after = [walk.stance for walk in walks if walk.day >= 0]
    return change(before[-1], after[-1]) if before and after else None

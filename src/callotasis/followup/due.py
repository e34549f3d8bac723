"""What should be looked at again, and when: never a reproach, only a reminder."""

from __future__ import annotations

from dataclasses import dataclass

from callotasis.distraction import Phase
from callotasis.evidence import constant

FILM = {
    Phase.DISTRACTION: "course.film_distraction",
    Phase.CONSOLIDATION: "course.film_consolidation",
    Phase.LOADING: "course.film_loading",
}
EXAM = {
    Phase.LATENCY: "course.exam_distraction",
    Phase.DISTRACTION: "course.exam_distraction",
    Phase.CONSOLIDATION: "course.exam_later",
    Phase.LOADING: "course.exam_later",
}


@dataclass(frozen=True)
class Due:
    """Something that has not been logged for its time.

    Attributes
    ----------
    what : str
        In plain words.
    since_day : int
        Day since which it is due, counted from surgery [day].
    about : str
        Segment; empty for the person.
    evidence : str
        Row behind the interval.
    """

    what: str
    since_day: int
    about: str
    evidence: str


def due_of(
    phase: Phase,
    day: int,
    about: str,
    *,
    last_film: int | None,
    last_exam: int | None,
    last_turn: int | None,
) -> tuple[Due, ...]:
    """Say what of one bone is due.

    Parameters
    ----------
    phase : Phase
        Where it stands.
    day : int
        Today, since surgery [day].
    about : str
        The bone.
    last_film, last_exam, last_turn : int or None
        Days of the newest of each; None, or a day before surgery, counts from the
        day of surgery; a turn is asked for only where a day is given [day].

    Returns
    -------
    tuple of Due
        Nothing once the watch has ended.

    References
    ----------
    .. [1] Rows ``course.film_*``, ``course.exam_*``, ``course.turn_unlogged`` and
       ``course.watch``.
    """
    if day > constant("course.watch").value:
        return ()
    asked = [
        ("a film", FILM.get(phase), last_film),
        ("ranges of the joints", EXAM.get(phase), last_exam),
    ]
    if phase is Phase.DISTRACTION and last_turn is not None:
        asked.append(("a turn: not logged yet", "course.turn_unlogged", last_turn))
    found = []
    for what, key, last in asked:
        if key is None:
            continue
        since = max(last or 0, 0) + round(constant(key).value)
        if day >= since:
            found.append(Due(what, since, about, key))
    return tuple(found)

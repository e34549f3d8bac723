"""What was practised, week by week, beside the programme; nobody is blamed.

What is not in the diary was perhaps done and not written down. So the words are
"not logged yet", and nothing here is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Case, Entry
from callotasis.rehabilitation.exercises import every_exercise
from callotasis.rehabilitation.programme import Programme

SESSION = "physiotherapy"
MOST_ROUNDS = 24  # of one exercise in one entry: one an hour, all day and night
WEEK = 7


@dataclass(frozen=True)
class Practised:
    """One line of the diary: the body of an ``exercise`` entry.

    Attributes
    ----------
    exercise : str
        Name of an exercise, or ``physiotherapy`` for a session with a therapist.
    rounds : int
        How many rounds were done [1].
    """

    exercise: str
    rounds: Annotated[int, Field(strict=True)] = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        known = (*every_exercise(), SESSION)
        if self.exercise not in known:
            raise RecordRefusal(
                f"exercise '{self.exercise:.30}' is unknown; known are "
                f"{', '.join(known)}"
            )
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise RecordRefusal(
                f"rounds is {self.rounds}; allowed in one entry is 1 to {MOST_ROUNDS}"
            )


PRACTISED = TypeAdapter(Practised)


def practised_of(entry: Entry) -> Practised:
    """Read the body of an ``exercise`` entry.

    Raises
    ------
    RecordRefusal
        If a key or an exercise is unknown, or the rounds are none that a day holds.
    """
    return checked(PRACTISED, entry.body, "exercise", RecordRefusal)


@dataclass(frozen=True)
class Logged:
    """How much of one thing stands in the diary of one week.

    Attributes
    ----------
    what : str
        Name of the exercise, or ``physiotherapy``.
    logged : int
        Rounds or sessions in the diary [1].
    asked : int
        At the least, of the days that have passed [1].
    """

    what: str
    logged: int
    asked: int

    @property
    def open(self) -> int:
        """How many are not logged yet; never negative."""
        return max(0, self.asked - self.logged)

    @property
    def words(self) -> str:
        """What a page says."""
        if not self.open:
            return f"{self.logged} logged"
        return f"{self.logged} of {self.asked} logged, {self.open} not logged yet"


@dataclass(frozen=True)
class Week:
    """One week of the diary beside the programme.

    Attributes
    ----------
    first_day : date
        Of the week.
    days : int
        How many of its days have come, 1 to 7 [day].
    sessions : Logged
        With a physiotherapist.
    exercises : tuple of Logged
        Each exercise of the programme.
    besides : tuple of Logged
        Exercises that were logged and are not in this programme.
    """

    first_day: date
    days: int
    sessions: Logged
    exercises: tuple[Logged, ...]
    besides: tuple[Logged, ...]

    @property
    def share(self) -> float:
        """Share of the rounds asked that stand in the diary, each capped [1]."""
        asked = sum(e.asked for e in self.exercises)
        if not asked:
            return 1.0
        return sum(min(e.logged, e.asked) for e in self.exercises) / asked


def adherence(
    found: Programme,
    diary: Sequence[tuple[date, Practised]],
    first_day: date,
    today: date,
) -> tuple[Week, ...]:
    """Hold a diary against a programme, week by week.

    Parameters
    ----------
    found : Programme
        What was asked; the least of each dose counts.
    diary : sequence of (date, Practised)
        In any order; what lies outside the weeks is left out.
    first_day : date
        From which the programme holds.
    today : date
        The last day that counts; the running week asks only for days that have come.

    Returns
    -------
    tuple of Week
        From the first to the running one.

    Raises
    ------
    RecordRefusal
        If today is before the first day.

    Examples
    --------
    >>> from callotasis.distraction import Phase
    >>> from callotasis.fixation.catalogue import Kind
    >>> from callotasis.pose import Bone
    >>> from callotasis.rehabilitation.programme import programme
    >>> asked = programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL)
    >>> (week,) = adherence(asked, [], date(2027, 1, 18), date(2027, 1, 24))
    >>> week.sessions.words
    '0 of 3 logged, 3 not logged yet'
    """
    if today < first_day:
        raise RecordRefusal(
            f"today is {today}, before the programme began on {first_day}"
        )
    starts = range(0, (today - first_day).days + 1, WEEK)
    return tuple(
        _week(found, diary, first_day + timedelta(days=start), today)
        for start in starts
    )


def diary_of(case: Case, segment: str) -> list[tuple[date, Practised]]:
    """All diary lines of one bone, by the clock of whoever practised.

    Raises
    ------
    RecordRefusal
        If an entry cannot be read.
    """
    return [
        (entry.wall_clock.date(), practised_of(entry))
        for entry in case.held("exercise", segment)
    ]


def _week(
    found: Programme, diary: Sequence[tuple[date, Practised]], first: date, today: date
) -> Week:
    last = min(first + timedelta(days=WEEK - 1), today)
    days = (last - first).days + 1
    done: dict[str, int] = {}
    for on, line in diary:
        if first <= on <= last:
            done[line.exercise] = done.get(line.exercise, 0) + line.rounds
    sessions = Logged(SESSION, done.pop(SESSION, 0), _sessions(found, days))
    exercises = tuple(
        Logged(e.name, done.pop(e.name, 0), days * int(e.amount.times_a_day[0]))
        for e in found.exercises
    )
    besides = tuple(Logged(name, rounds, 0) for name, rounds in sorted(done.items()))
    return Week(first, days, sessions, exercises, besides)


def _sessions(found: Programme, days: int) -> int:
    """Sessions due in a week of which so many days have come: rounded down."""
    return int(found.sessions_a_week[0] * days / WEEK)

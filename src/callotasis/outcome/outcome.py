"""What became of one bone: its length, healing, axis, joints, and what was expected.

What was said beforehand and what happened stand beside each other as intervals. The
healing index names its two events: papers that print one number mean different days.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from callotasis.complications import Event, Graded, graded
from callotasis.errors import RecordRefusal
from callotasis.fixation import Kind
from callotasis.pose import Segment
from callotasis.worlds import Interval

MM_PER_CM = 10.0
CONSOLIDATION = "consolidation index"


class HealingEvent(StrEnum):
    """Days between which healing is counted."""

    OSTEOTOMY = "osteotomy"
    DISTRACTION_ENDED = "end of distraction"
    FRAME_REMOVED = "frame removed"
    THREE_CORTICES = "three cortices bridged"
    CALLED_SOLID = "called solid by a clinician"
    FULL_WEIGHT = "full weight bearing"


NAMES: Mapping[tuple[HealingEvent, HealingEvent], str] = {
    (HealingEvent.OSTEOTOMY, HealingEvent.CALLED_SOLID): "healing index",
    (HealingEvent.OSTEOTOMY, HealingEvent.THREE_CORTICES): "healing index",
    (HealingEvent.DISTRACTION_ENDED, HealingEvent.CALLED_SOLID): "consolidation index",
    (
        HealingEvent.DISTRACTION_ENDED,
        HealingEvent.THREE_CORTICES,
    ): "consolidation index",
    (HealingEvent.OSTEOTOMY, HealingEvent.FRAME_REMOVED): "external fixation index",
    (HealingEvent.OSTEOTOMY, HealingEvent.DISTRACTION_ENDED): "distraction index",
}
"""What papers mostly call it; every other pair is named by its events alone."""


@dataclass(frozen=True)
class HealingIndex:
    """Days per centimetre between two events.

    Attributes
    ----------
    start, end : HealingEvent
        From which event to which.
    start_day, end_day : int
        Their days; day 0 is the osteotomy [day].
    gained_mm : Interval
        Length gained [mm].
    not_yet_day : int or None
        Last day on which the end had surely not come, as of the film before; None
        where the day of the end is exact [day].
    """

    start: HealingEvent
    start_day: int
    end: HealingEvent
    end_day: int
    gained_mm: Interval
    not_yet_day: int | None = None

    def __post_init__(self) -> None:
        if self.end_day <= self.start_day:
            raise RecordRefusal(
                f"healing ends on day {self.end_day} ({self.end}) and starts on day "
                f"{self.start_day} ({self.start}); the end comes later"
            )
        early = self.end_day if self.not_yet_day is None else self.not_yet_day
        if not self.start_day <= early <= self.end_day:
            raise RecordRefusal(
                f"not yet on day {early}; allowed is day {self.start_day} "
                f"({self.start}) to day {self.end_day} ({self.end})"
            )
        if not self.gained_mm.low > 0:
            raise RecordRefusal(
                f"gained length is {self.gained_mm.value:g} mm "
                f"({self.gained_mm.low:g} to {self.gained_mm.high:g}); days per cm "
                "need a gain that is surely more than 0"
            )

    @property
    def days(self) -> int:
        """Days between both events [day]."""
        return self.end_day - self.start_day

    @property
    def days_per_cm(self) -> Interval:
        """Days for each centimetre; the interval is of gain and end [day/cm]."""
        gain = self.gained_mm
        early = self.end_day if self.not_yet_day is None else self.not_yet_day
        return Interval(
            self.days * MM_PER_CM / gain.value,
            (early - self.start_day) * MM_PER_CM / gain.high,
            self.days * MM_PER_CM / gain.low,
            gain.level,
        )

    @property
    def name(self) -> str:
        """What it is, always with its two events."""
        called = NAMES.get((self.start, self.end), "days per cm")
        return f"{called}, {self.start} to {self.end}"


@dataclass(frozen=True)
class BeforeAfter:
    """One measured quantity before and after.

    Attributes
    ----------
    name : str
        As the data dictionary calls it, like ``mad_mm``; it carries its unit.
    before, after : Interval or None
        None where nobody measured it [mm, deg, 1].
    """

    name: str
    before: Interval | None
    after: Interval | None


class Verdict(StrEnum):
    """How what happened stands to what was said."""

    WITHIN = "as expected"
    BELOW = "below"
    ABOVE = "above"
    UNDECIDED = "at the edge"
    OPEN = "not known yet"


@dataclass(frozen=True)
class Expected:
    """What was said to be expected, and what happened.

    Attributes
    ----------
    name : str
        As the data dictionary calls it, like ``consolidated_day``.
    said : Interval
        What was said; both ends alike where a number was decided [day, mm, deg].
    said_on_day : int
        Day on which it was said; day 0 is the osteotomy [day].
    happened : Interval or None
        What happened; None while it is not known [day, mm, deg].
    evidence : tuple of str
        Rows that it was said from.
    """

    name: str
    said: Interval
    said_on_day: int
    happened: Interval | None
    evidence: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether it came as expected; at the edge where the intervals cross."""
        said, happened = self.said, self.happened
        if happened is None:
            return Verdict.OPEN
        if happened.high < said.low:
            return Verdict.BELOW
        if happened.low > said.high:
            return Verdict.ABOVE
        decided = said.low == said.high
        inside = said.low <= happened.low and happened.high <= said.high
        return Verdict.WITHIN if decided or inside else Verdict.UNDECIDED


@dataclass(frozen=True)
class Milestones:
    """Days on which something was reached; None while it is not known [day]."""

    distraction_ended: int | None = None
    consolidated: int | None = None
    full_weight_bearing: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one bone.

    Attributes
    ----------
    segment : Segment
        Which bone.
    device, kind : str, Kind
        The device's key, and how it lengthens.
    planned_gain_mm : float
        As prescribed [mm].
    gained_mm : Interval or None
        As measured; None while no film tells [mm].
    followed_days : int
        From the osteotomy to the last look [day].
    ended : bool
        Whether treatment has ended: before that gradings are provisional.
    age_years : int or None
        At surgery [year].
    indication : str
        Why; empty if nobody said.
    synthetic : bool
        Whether it is made up.
    milestones : Milestones
        Days reached.
    healing : HealingIndex or None
        With its two events; None while the bone has not healed.
    alignment, ranges, scores : tuple of BeforeAfter
        Before and after.
    events : tuple of Event
        Complications of this bone and of the whole person.
    expected : tuple of Expected
        Said beforehand against what happened.
    """

    segment: Segment
    device: str
    kind: Kind
    planned_gain_mm: float
    gained_mm: Interval | None
    followed_days: int
    ended: bool
    age_years: int | None = None
    indication: str = ""
    synthetic: bool = False
    milestones: Milestones = Milestones()
    healing: HealingIndex | None = None
    alignment: tuple[BeforeAfter, ...] = ()
    ranges: tuple[BeforeAfter, ...] = ()
    scores: tuple[BeforeAfter, ...] = ()
    events: tuple[Event, ...] = ()
    expected: tuple[Expected, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.planned_gain_mm < math.inf:
            raise RecordRefusal(
                f"planned gain is {self.planned_gain_mm:g} mm; allowed is more than 0"
            )
        stray = {e.segment for e in self.events} - {"", str(self.segment)}
        if stray:
            raise RecordRefusal(
                f"the outcome of {self.segment} has a complication of "
                f"{', '.join(sorted(stray))}"
            )
        self._check_names()

    def _check_names(self) -> None:
        for parts in (self.alignment, self.ranges, self.scores, self.expected):
            names = [part.name for part in parts]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise RecordRefusal(
                    f"the outcome of {self.segment} tells {', '.join(twice)} twice"
                )

    @property
    def gain(self) -> Expected:
        """Length gained against the length that was decided."""
        decided = self.planned_gain_mm
        said = Interval(decided, decided, decided)
        return Expected("gained_mm", said, 0, self.gained_mm)

    @property
    def graded(self) -> tuple[tuple[Event, Graded], ...]:
        """Each complication with its gradings."""
        return tuple(
            (event, graded(event.complication, closed=self.ended))
            for event in self.events
        )

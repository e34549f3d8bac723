"""The register: complications per 100 segments, beside what others have published.

It counts what happened; it says nothing of what will happen to one person. Published
rates stand beside its own with their intervals and what they were counted of; they are
never subtracted, since people, devices and words of counting differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callotasis.complications.event import Event, Origin, What
from callotasis.complications.gradings import Graded, graded
from callotasis.complications.rates import (
    PublishedRate,
    events_per_100,
    published_rates,
    share_percent,
)
from callotasis.complications.stated import Black, Lascombes, Paley, Sink
from callotasis.errors import RecordRefusal
from callotasis.worlds import Interval

NO_PREDICTION = (
    "Counts of what happened, no risk of one person. People, devices and ways of "
    "counting differ between rows: they may stand side by side and not be subtracted."
)
UNGRADED = "open"


@dataclass(frozen=True)
class Treated:
    """What one case brings to the register.

    Attributes
    ----------
    segments : frozenset of str
        Bones that were lengthened, like ``R.femur``.
    ended : frozenset of str
        Those whose treatment has ended: their gradings are final.
    events : tuple of Event
        Every complication.
    """

    segments: frozenset[str]
    ended: frozenset[str]
    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        stray = {e.segment for e in self.events if e.segment} - self.segments
        if stray:
            raise RecordRefusal(
                f"a complication of {', '.join(sorted(stray))}, which was not "
                f"lengthened; lengthened are: {', '.join(sorted(self.segments)) or '-'}"
            )
        if not self.ended <= self.segments:
            raise RecordRefusal(
                f"treatment ended of {', '.join(sorted(self.ended - self.segments))}, "
                "which was not lengthened"
            )

    def is_final(self, event: Event) -> bool:
        """Whether the treatment of the bone, or of all bones, has ended."""
        return {event.segment or s for s in self.segments} <= self.ended


@dataclass(frozen=True)
class Line:
    """One line of the register.

    Attributes
    ----------
    group, name : str
        All, or by what happened, origin, or level of a grading.
    events : int
        How many; one segment may have several.
    per_100 : Interval
        Events per 100 segments [events/100].
    segments : int
        Segments with at least one; what belongs to no bone is not among them.
    share : Interval
        Share of such segments [%].
    provisional : int
        Events whose gradings may still change.
    beside : tuple of PublishedRate
        What others have published of the same; never subtracted.
    """

    group: str
    name: str
    events: int
    per_100: Interval
    segments: int
    share: Interval
    provisional: int
    beside: tuple[PublishedRate, ...]


@dataclass(frozen=True)
class Register:
    """What happened in one or many cases.

    Attributes
    ----------
    cases, segments, ended : int
        Cases, bones that were lengthened, and those whose treatment has ended.
    lines : tuple of Line
        All, by what happened, by origin, and by each grading.
    words : str
        What the numbers are not.
    """

    cases: int
    segments: int
    ended: int
    lines: tuple[Line, ...]
    words: str = NO_PREDICTION


@dataclass(frozen=True)
class _Counted:
    """An event with its gradings, and which segment of the register it hit."""

    event: Event
    grade: Graded
    hit: tuple[int, str]
    final: bool


GROUPS: Mapping[str, tuple[Sequence[str], Callable[[_Counted], str]]] = {
    "all": (("all",), lambda _: "all"),
    "what": (tuple(What), lambda c: c.event.complication.what),
    "origin": (tuple(Origin), lambda c: c.event.complication.origin),
    "black": ((*Black, UNGRADED), lambda c: c.grade.black.level or UNGRADED),
    "paley": ((*Paley, UNGRADED), lambda c: c.grade.paley.level or UNGRADED),
    "lascombes": (
        (*Lascombes, UNGRADED),
        lambda c: c.grade.lascombes.level or UNGRADED,
    ),
    "sink": ((*Sink, UNGRADED), lambda c: c.grade.sink.level or UNGRADED),
}


def register(cases: Sequence[Treated]) -> Register:
    """Count complications per 100 segments, beside the published series.

    Parameters
    ----------
    cases : sequence of Treated
        What each case brings; a case without complications counts too.

    Returns
    -------
    Register
        Every line, those without an event too [events/100].

    Raises
    ------
    RecordRefusal
        If no segment was lengthened.

    References
    ----------
    .. [1] Garwood 1936 for events, Wilson 1927 for shares; the published rows name
       their own sources.
    """
    segments = sum(len(case.segments) for case in cases)
    if not segments:
        raise RecordRefusal("no lengthened segment; a register counts per 100 segments")
    counted = [c for place, case in enumerate(cases) for c in _counted(place, case)]
    lines = tuple(
        _line((group, name), [c for c in counted if of(c) == name], segments)
        for group, (names, of) in GROUPS.items()
        for name in names
    )
    ended = sum(len(case.ended) for case in cases)
    return Register(len(cases), segments, ended, lines)


def _counted(place: int, case: Treated) -> list[_Counted]:
    return [
        _Counted(
            event,
            graded(event.complication, closed=case.is_final(event)),
            (place, event.segment),
            case.is_final(event),
        )
        for event in case.events
    ]


def _line(what: tuple[str, str], those: Sequence[_Counted], segments: int) -> Line:
    group, name = what
    hit = len({c.hit for c in those if c.event.segment})
    return Line(
        group=group,
        name=str(name),
        events=len(those),
        per_100=events_per_100(len(those), segments),
        segments=hit,
        share=share_percent(hit, segments),
        provisional=sum(not c.final for c in those),
        beside=tuple(
            rate
            for rate in published_rates()
            if (rate.group, rate.name) == (group, name)
        ),
    )

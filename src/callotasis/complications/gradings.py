"""Gradings worked out from the facts of an event, where the rule allows it.

Where a rule needs what nobody said, or what its text as it was read does not cover, the
level stays open and says why; a clinician may state it. What is stated has the word,
and what the rule gives stays beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from callotasis.complications.event import (
    Complication,
    Fault,
    Goal,
    Origin,
    Threat,
    Treatment,
    When,
)
from callotasis.complications.stated import (
    Black,
    DeviceClass,
    Lascombes,
    Paley,
    Sink,
)


class How(StrEnum):
    """Where a level comes from."""

    WORKED_OUT = "worked out"
    STATED = "stated"
    OPEN = "open"


@dataclass(frozen=True)
class Grade:
    """One event on one scale.

    Attributes
    ----------
    level : str
        Empty while it is open.
    how : How
        From the facts, stated, or open.
    provisional : bool
        Whether it may still change.
    why : str
        The fact that made it, who stated it, or what is missing.
    by_rule : str
        What the facts give where another level was stated; else empty.
    """

    level: str
    how: How
    provisional: bool
    why: str
    by_rule: str = ""


@dataclass(frozen=True)
class Graded:
    """One event on every scale.

    Attributes
    ----------
    paley, lascombes, black, sink, device : Grade
        Level, where it comes from, and whether it may still change.
    """

    paley: Grade
    lascombes: Grade
    black: Grade
    sink: Grade
    device: Grade


Ruling = tuple[StrEnum | None, str]
"""A level or None, and why."""


def graded(event: Complication, *, closed: bool) -> Graded:
    """Grade one event on every scale.

    Parameters
    ----------
    event : Complication
        What is known of it.
    closed : bool
        Whether the treatment of its bone has ended: before that a grade is
        provisional.

    Returns
    -------
    Graded
        Stated levels have the word.

    References
    ----------
    .. [1] ``scales.toml`` of this package names the source of each scale.

    Examples
    --------
    >>> from datetime import date
    >>> from callotasis.complications import Complication, What
    >>> stiff = Complication(
    ...     What.CONTRACTURE, Origin.JOINT, date(2027, 2, 1), Treatment.OUTPATIENT,
    ...     goal=Goal.REACHED, resolved_on=date(2027, 3, 1), sequela="", time_kept=True,
    ... )
    >>> graded(stiff, closed=True).paley.level
    'problem'
    """
    return Graded(
        **{
            name: _grade(event, name, rule(event, closed), closed=closed)
            for name, rule in RULES.items()
        }
    )


def _grade(event: Complication, name: str, ruling: Ruling, *, closed: bool) -> Grade:
    level, why = ruling
    found = "" if level is None else level.value
    stated = event.stated.levels.get(name)
    if stated is not None:
        other = found if found != stated.value else ""
        by = f"stated by {event.stated.by}"
        return Grade(stated.value, How.STATED, not closed, by, other)
    how = How.OPEN if level is None else How.WORKED_OUT
    return Grade(found, how, not closed, why)


WHY_COMPLICATION = {
    When.OPERATION: "at the operation",
    When.TREATMENT: "unsolved at the end of treatment",
    When.AFTER: "after treatment",
}


def _paley(event: Complication, closed: bool) -> Ruling:  # noqa: FBT001
    if _lasting(event):
        return Paley.MAJOR, "something stayed"
    unsolved = closed and event.resolved_on is None
    if event.during is When.TREATMENT and not unsolved:
        if event.treatment.in_theatre:
            return Paley.OBSTACLE, "an operation during treatment"
        return Paley.PROBLEM, "no operation"
    why = WHY_COMPLICATION[event.during]
    if event.goal is Goal.OPEN:
        return None, f"{why}; whether the goal was reached is not said"
    return (Paley.MINOR if event.goal is Goal.REACHED else Paley.MAJOR), why


def _first(*cases: tuple[bool, StrEnum | None, str]) -> Ruling:
    """The first rule that holds; the last one always does."""
    return next((level, why) for holds, level, why in cases if holds)


def _lasting(event: Complication) -> bool:
    return bool(event.sequela) or event.threat is Threat.DEATH


def _lascombes(event: Complication, closed: bool) -> Ruling:  # noqa: FBT001
    unsaid = event.sequela is None or event.time_kept is None
    theatre = event.treatment is Treatment.UNPLANNED_THEATRE
    return _first(
        (_lasting(event), Lascombes.IV, "something stayed"),
        (event.time_kept is False, Lascombes.III, "time not kept or broken off"),
        (event.goal is Goal.MISSED, None, "length missed in time; the rule is silent"),
        (closed and unsaid, None, "time kept, or what stayed, is not said"),
        (theatre, Lascombes.II, "unplanned theatre"),
        (True, Lascombes.I, "no unplanned theatre"),
    )


def _black(event: Complication, closed: bool) -> Ruling:  # noqa: FBT001
    unsaid = event.goal is Goal.OPEN or event.sequela is None
    theatre = event.treatment is Treatment.UNPLANNED_THEATRE
    between = event.treatment in {Treatment.ADMISSION, Treatment.PLANNED_THEATRE}
    silent = f"{event.treatment} without a changed plan; the rule is silent"
    return _first(
        (_lasting(event), Black.IIIB, "something stayed"),
        (event.goal is Goal.MISSED, Black.IIIA, "goal not reached"),
        (closed and unsaid, None, "goal reached, or what stayed, is not said"),
        (event.plan_changed, Black.II, "plan changed"),
        (theatre, Black.II, "unplanned theatre"),
        (between, None, silent),
        (True, Black.I, "minimal intervention"),
    )


def _sink(event: Complication, closed: bool) -> Ruling:  # noqa: FBT001
    theatre = event.treatment is Treatment.PLANNED_THEATRE
    outpatient = event.treatment is Treatment.OUTPATIENT
    stake = event.threat is Threat.LIFE_OR_LIMB
    return _first(
        (event.threat is Threat.DEATH, Sink.FIVE, "death"),
        (stake, Sink.FOUR, "life or limb at stake"),
        (bool(event.sequela), Sink.FOUR, "something stayed"),
        (closed and event.sequela is None, None, "what stayed is not said"),
        (event.treatment is Treatment.NONE, Sink.ONE, "no treatment"),
        (outpatient, Sink.TWO, "outpatient treatment"),
        (theatre, None, "planned theatre; the rule speaks of unplanned"),
        (True, Sink.THREE, str(event.treatment)),
    )


CLASSES = {Fault.DISTRACTION: "I", Fault.STABILITY: "II", Fault.OTHER: "III"}
LETTERS: dict[str, str] = {Paley.PROBLEM: "a", Paley.OBSTACLE: "b"}


def _device(event: Complication, closed: bool) -> Ruling:  # noqa: FBT001
    if event.origin is not Origin.DEVICE:
        return None, "did not begin at the device"
    if event.fault is None:
        return None, "what the device failed at is not said"
    level, why = _paley(event, closed)
    letter = "c" if event.sequela else LETTERS.get(level or "")
    if letter is None:
        return None, "no problem, no obstacle and no sequela; the rule is silent"
    return DeviceClass(f"{CLASSES[event.fault]}{letter}"), why


RULES: dict[str, Callable[[Complication, bool], Ruling]] = {
    "paley": _paley,
    "lascombes": _lascombes,
    "black": _black,
    "sink": _sink,
    "device": _device,
}

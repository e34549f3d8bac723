"""One thing that went wrong, once: the body of a ``complication`` entry.

The facts come first: what, where it began, when it was noticed, what it took to treat,
whether the goal was reached, what stayed. Every grading is worked out from these facts
or stated by a clinician (``gradings``). When more is known, the entry is corrected: one
event stays one entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.complications.deep_infection import DeepInfection
from callotasis.complications.pin_site import PinSite
from callotasis.complications.stated import Stated
from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Case, Entry

A_DAY = timedelta(days=1)  # clocks of two places may differ by a date


class What(StrEnum):
    """What went wrong, in the clinician's words."""

    PIN_SITE = "pin-site infection"
    DEEP_INFECTION = "deep infection"
    NERVE = "nerve"
    CONTRACTURE = "joint contracture"
    SUBLUXATION = "subluxation"
    PREMATURE = "premature consolidation"
    DELAYED = "delayed consolidation or non-union"
    FRACTURE = "regenerate fracture"
    HARDWARE = "hardware failure"
    AXIS_DRIFT = "axis drift"
    THROMBOSIS = "DVT or PE"
    FAT_EMBOLISM = "fat embolism"
    COMPARTMENT = "compartment syndrome"
    OTHER = "other"


OF_THE_PERSON = frozenset({What.THROMBOSIS, What.FAT_EMBOLISM, What.OTHER})
"""What may belong to no one bone."""


class Origin(StrEnum):
    """Where it began."""

    DEVICE = "device"
    BONE = "bone"
    JOINT = "joint"
    NERVE = "nerve"
    VESSEL = "vessel"
    SOFT_TISSUE = "soft tissue"
    INFECTION = "infection"
    GENERAL = "general"


class When(StrEnum):
    """During what it happened."""

    OPERATION = "operation"
    TREATMENT = "treatment"
    AFTER = "after treatment"


class Treatment(StrEnum):
    """The most that it took."""

    NONE = "none"
    OUTPATIENT = "outpatient"
    ADMISSION = "admission"
    PLANNED_THEATRE = "planned theatre"
    UNPLANNED_THEATRE = "unplanned theatre"

    @property
    def in_theatre(self) -> bool:
        """Whether it was operated on."""
        return self in {Treatment.PLANNED_THEATRE, Treatment.UNPLANNED_THEATRE}


class Goal(StrEnum):
    """Whether what was planned for this bone was reached."""

    OPEN = "not known yet"
    REACHED = "reached"
    MISSED = "not reached"


class Threat(StrEnum):
    """Whether life or limb was at stake."""

    NONE = "none"
    LIFE_OR_LIMB = "life or limb"
    DEATH = "death"


class Fault(StrEnum):
    """What a device failed at (Lee 2017)."""

    DISTRACTION = "distraction control"
    STABILITY = "stability"
    OTHER = "other"


@dataclass(frozen=True)
class Complication:
    """One event: the body of a ``complication`` entry.

    Attributes
    ----------
    what : What
        What went wrong; ``other`` needs ``in_words``.
    origin : Origin
        Where it began.
    noticed_on : date
        Day on which it was noticed, and on which the entry happened.
    treatment : Treatment
        The most that it took so far.
    during : When
        At the operation, during treatment or after it.
    goal : Goal
        Whether the goal of this bone was reached.
    plan_changed : bool
        Whether the plan had to be changed substantially.
    time_kept : bool or None
        Whether the time that was agreed was kept and the programme not broken off;
        null while nobody can say.
    resolved_on : date or None
        Day on which it was over; null while it is open.
    sequela : str or None
        What stayed, in words; empty if nothing, null while nobody can say.
    threat : Threat
        Whether life or limb was at stake.
    fault : Fault or None
        Of a device: what failed.
    in_words : str
        What else should be known.
    stated : Stated
        Gradings that a clinician states.
    pin_site : PinSite or None
        Of an infected pin site: what was seen.
    deep : DeepInfection or None
        Of a deep infection: how it was assessed.
    """

    what: What
    origin: Origin
    noticed_on: date
    treatment: Treatment
    during: When = When.TREATMENT
    goal: Goal = Goal.OPEN
    plan_changed: bool = False
    time_kept: bool | None = None
    resolved_on: date | None = None
    sequela: str | None = None
    threat: Threat = Threat.NONE
    fault: Fault | None = None
    in_words: str = ""
    stated: Stated = field(default_factory=Stated)
    pin_site: PinSite | None = None
    deep: DeepInfection | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.what is What.OTHER and not self.in_words.strip():
            raise RecordRefusal("what is 'other' and in_words is empty; say what it is")
        if self.resolved_on is not None and self.resolved_on < self.noticed_on:
            raise RecordRefusal(
                f"resolved_on is {self.resolved_on}, before it was noticed on "
                f"{self.noticed_on}"
            )
        if self.threat is Threat.DEATH and self.resolved_on is not None:
            raise RecordRefusal(
                "threat is death and resolved_on is given; a death is not resolved"
            )
        self._check_belongings()

    def _check_belongings(self) -> None:
        for name, value, owner, owns in (
            ("fault", self.fault, "origin device", self.origin is Origin.DEVICE),
            ("pin_site", self.pin_site, What.PIN_SITE, self.what is What.PIN_SITE),
            ("deep", self.deep, What.DEEP_INFECTION, self.what is What.DEEP_INFECTION),
        ):
            if value is not None and not owns:
                raise RecordRefusal(
                    f"{name} is given with what '{self.what}' and origin "
                    f"'{self.origin}'; it belongs to {owner}"
                )

    def is_open_on(self, day: date) -> bool:
        """Tell whether it was noticed by a day and not over yet."""
        if self.noticed_on > day:
            return False
        return self.resolved_on is None or self.resolved_on > day


COMPLICATION = TypeAdapter(Complication)


@dataclass(frozen=True)
class Event:
    """A complication with the bone that it belongs to.

    Attributes
    ----------
    segment : str
        Like ``R.femur``; empty for the whole person.
    complication : Complication
        What is known of it.
    entry : str
        Id of the entry that holds now.
    """

    segment: str
    complication: Complication
    entry: str = ""


def complication_of(entry: Entry) -> Complication:
    """Read the body of a ``complication`` entry.

    Raises
    ------
    RecordRefusal
        If a key or word is unknown, no bone is named where one is needed, or the entry
        happened on another day than the complication was noticed.
    """
    found = checked(COMPLICATION, entry.body, "complication", RecordRefusal)
    if "." not in entry.segment and (entry.segment or found.what not in OF_THE_PERSON):
        raise RecordRefusal(
            f"{found.what} of segment '{entry.segment}': needed is one bone, like "
            f"R.femur; without a bone go only {', '.join(sorted(OF_THE_PERSON))}"
        )
    if entry.wall_clock.date() != found.noticed_on:
        raise RecordRefusal(
            f"noticed_on is {found.noticed_on} and the entry happened on "
            f"{entry.wall_clock.date()}; give happened_at the time of noticing"
        )
    written = entry.recorded.date() + A_DAY
    for name in ("noticed_on", "resolved_on"):
        on = getattr(found, name)
        if on is not None and on > written:
            raise RecordRefusal(
                f"{name} is {on}, after it was written down on {entry.recorded.date()}"
            )
    return found


def events_of(case: Case) -> tuple[Event, ...]:
    """Every complication that the record still holds, in order of noticing.

    Raises
    ------
    RecordRefusal
        If an entry of this kind cannot be read.
    """
    return tuple(
        Event(entry.segment, complication_of(entry), entry.id)
        for entry in case.held("complication")
    )

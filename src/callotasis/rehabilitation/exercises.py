"""Exercises as data: what to do, what it is for, how much, and when to stop."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, ClassVar

from pydantic import Field, TypeAdapter

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.evidence import Mark, constant
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone

Range = tuple[float, float]

NO_FACT = frozenset({Mark.PROPOSAL, Mark.UNCERTAIN, Mark.FROM_KNOWLEDGE})


@dataclass(frozen=True)
class Dose:
    """How much of an exercise, as ranges; nothing of it binds before a person agrees.

    Attributes
    ----------
    repetitions : tuple of float
        In one round at home; (0, 0) where time alone counts [1].
    in_session : tuple of float
        In a session with a therapist, where a source tells it; else (0, 0) [1].
    hold_s : tuple of float
        How long each is held; (0, 0) for none [s].
    minutes : tuple of float
        How long a round lasts where time counts; else (0, 0) [min].
    times_a_day : tuple of float
        Rounds [1/day].
    evidence : tuple of str
        Rows behind these numbers.
    """

    repetitions: Range
    in_session: Range
    hold_s: Range
    minutes: Range
    times_a_day: Range
    evidence: tuple[str, ...]

    @property
    def proposed(self) -> bool:
        """Whether any of its numbers was read in no source."""
        return any(constant(key).mark in NO_FACT for key in self.evidence)


@dataclass(frozen=True)
class DoseRows:
    """Which evidence row gives which part of a dose; empty where it has none."""

    times_a_day: str
    repetitions: str = ""
    in_session: str = ""
    hold_s: str = ""
    minutes: str = ""


DOSES = {
    "pump": DoseRows("rehabilitation.pump_times", "rehabilitation.pump_repetitions"),
    "two-joint stretch": DoseRows(
        "rehabilitation.stretch_times",
        "rehabilitation.home_repetitions",
        "rehabilitation.two_joint_repetitions",
        "rehabilitation.stretch_hold",
    ),
    "one-joint stretch": DoseRows(
        "rehabilitation.stretch_times",
        "rehabilitation.home_repetitions",
        "rehabilitation.one_joint_repetitions",
        "rehabilitation.stretch_hold",
    ),
    "long stretch": DoseRows(
        "rehabilitation.long_stretch_times", minutes="rehabilitation.long_stretch"
    ),
    "strength": DoseRows(
        "rehabilitation.strength_times",
        "rehabilitation.strength_repetitions",
        hold_s="rehabilitation.strength_hold",
    ),
    "practice": DoseRows(
        "rehabilitation.practice_times", minutes="rehabilitation.practice_minutes"
    ),
}
"""Kinds of dose, by the words of ``exercises.toml``."""


@dataclass(frozen=True)
class Exercise:
    """One exercise, in words that a patient reads.

    Attributes
    ----------
    name : str
        Short name in the record, like ``heel_slide``.
    title, purpose, muscles : str
        What it is called, what it is for, and what it trains or stretches.
    steps : tuple of str
        What to do, one thing a sentence.
    dose : str
        Kind of dose, one of ``DOSES``.
    stop_when : str
        Alarm words: goes on from "Stop if".
    bones : tuple of Bone
        Lengthened bones that it suits.
    nail, external : tuple of Phase
        When it suits a leg with a nail, and one with a frame or rail.
    """

    name: str
    title: str
    purpose: str
    muscles: str
    steps: Annotated[tuple[str, ...], Field(min_length=2)]
    dose: str
    stop_when: str
    bones: tuple[Bone, ...]
    nail: tuple[Phase, ...]
    external: tuple[Phase, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.dose not in DOSES:
            raise PlanRefusal(
                f"dose of {self.name} is '{self.dose}'; known are {', '.join(DOSES)}"
            )

    @property
    def amount(self) -> Dose:
        """How much of it, from the evidence rows of its kind of dose."""
        return dose_of(self.dose)

    def suits(self, bone: Bone, phase: Phase, kind: Kind) -> bool:
        """Whether it is offered to a leg in this state."""
        phases = self.external if kind.external else self.nail
        return bone in self.bones and phase in phases


@cache
def every_exercise() -> dict[str, Exercise]:
    """All exercises by name, in the order in which they are done."""
    text = files(__package__).joinpath("exercises.toml").read_text("utf-8")
    adapter = TypeAdapter(Exercise)
    return {
        name: adapter.validate_python({"name": name, **raw})
        for name, raw in tomllib.loads(text).items()
    }


def dose_of(kind: str) -> Dose:
    """Put a dose together from its evidence rows.

    Parameters
    ----------
    kind : str
        One of ``DOSES``.

    Returns
    -------
    Dose
        Every number is the interval of its row.

    Examples
    --------
    >>> dose_of("two-joint stretch").hold_s
    (20.0, 30.0)
    """
    rows = DOSES[kind]
    keys = (
        rows.repetitions,
        rows.in_session,
        rows.hold_s,
        rows.minutes,
        rows.times_a_day,
    )
    return Dose(
        _range(rows.repetitions),
        _range(rows.in_session),
        _range(rows.hold_s),
        _range(rows.minutes),
        _range(rows.times_a_day),
        evidence=tuple(key for key in keys if key),
    )


def _range(key: str) -> Range:
    """Interval of a row; nothing where there is none."""
    return (constant(key).low, constant(key).high) if key else (0.0, 0.0)

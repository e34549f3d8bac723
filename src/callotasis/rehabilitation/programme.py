"""The programme: what to train, how often, how to rest and walk, what to leave."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import ClassVar

from pydantic import TypeAdapter

from callotasis.distraction import Phase
from callotasis.evidence import Mark, constant
from callotasis.findings import Level
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.rehabilitation.exercises import Exercise, Range, every_exercise
from callotasis.rehabilitation.ranges import Motion, RangeLine, lines_crossed

PROPOSAL = "a proposal: a clinician decides"
SESSIONS = {
    Phase.PLANNED: "rehabilitation.sessions_planned",
    Phase.LATENCY: "rehabilitation.sessions_latency",
    Phase.DISTRACTION: "rehabilitation.sessions_distraction",
    Phase.CONSOLIDATION: "rehabilitation.sessions_consolidation",
    Phase.LOADING: "rehabilitation.sessions_loading",
}
NOTHING_MEASURED: Mapping[str, float] = MappingProxyType({})


class About(StrEnum):
    """What an advice is about."""

    BEFORE = "before"
    REST = "rest"
    WALKING = "walking"
    AVOID = "avoid"


@dataclass(frozen=True)
class Advice:
    """One sentence that goes with the exercises.

    Attributes
    ----------
    about : About
        Before stretching, at rest, walking, or what not to do.
    text : str
        In words that a patient reads.
    bones : tuple of Bone
        Lengthened bones that it is for.
    phases : tuple of Phase
        When it holds.
    evidence : str
        Row behind it; empty where it is plain care of the makers.
    """

    about: About
    text: str
    bones: tuple[Bone, ...]
    phases: tuple[Phase, ...]
    evidence: str = ""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    @property
    def mark(self) -> Mark:
        """How its source was read; a proposal where there is none."""
        return constant(self.evidence).mark if self.evidence else Mark.PROPOSAL


@dataclass(frozen=True)
class Programme:
    """What one leg shall train now.

    Attributes
    ----------
    bone : Bone
        That is lengthened.
    phase : Phase
        Where it stands.
    kind : Kind
        Of its device.
    sessions_a_week : tuple of float
        With a physiotherapist, beside daily exercises at home [1/week].
    sessions_evidence : str
        Row behind the sessions.
    exercises : tuple of Exercise
        In the order in which they are done.
    advice : tuple of Advice
        Splints and rest, walking, what not to do.
    crossed : tuple of RangeLine
        Alarm lines that the last ranges crossed, with what to do.
    status : str
        What the whole is: a proposal.
    """

    bone: Bone
    phase: Phase
    kind: Kind
    sessions_a_week: Range
    sessions_evidence: str
    exercises: tuple[Exercise, ...]
    advice: tuple[Advice, ...]
    crossed: tuple[RangeLine, ...] = ()
    status: str = PROPOSAL

    def about(self, what: About) -> tuple[str, ...]:
        """Texts of all advice about one thing."""
        return tuple(a.text for a in self.advice if a.about is what)


@cache
def every_advice() -> tuple[Advice, ...]:
    """All advice, in order."""
    text = files(__package__).joinpath("advice.toml").read_text("utf-8")
    return TypeAdapter(tuple[Advice, ...]).validate_python(
        tomllib.loads(text)["advice"]
    )


def programme(
    bone: Bone,
    phase: Phase,
    kind: Kind,
    measured_deg: Mapping[str, float] = NOTHING_MEASURED,
) -> Programme:
    """Propose what a leg shall train.

    Parameters
    ----------
    bone : Bone
        That is lengthened.
    phase : Phase
        Where it stands.
    kind : Kind
        Of its device: nail, rail, ring or hexapod.
    measured_deg : dict of str to float
        Last ranges of motion, by their names in an ``exam`` entry; a crossed alarm
        line asks for more sessions and for its splint [deg].

    Returns
    -------
    Programme
        A proposal; every dose names its evidence.

    Raises
    ------
    PlanRefusal
        If a range is unknown, or none that a joint can have.

    References
    ----------
    .. [1] Evidence rows ``rehabilitation.*``; which exercise suits when is a proposal.

    Examples
    --------
    >>> found = programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL)
    >>> found.sessions_a_week, len(found.exercises)
    ((3.0, 5.0), 13)
    """
    crossed = lines_crossed(bone, phase, measured_deg)
    alarms = [line for line in crossed if line.level is not Level.NOTE]
    sessions = "rehabilitation.sessions_stiff" if alarms else SESSIONS[phase]
    return Programme(
        bone,
        phase,
        kind,
        (constant(sessions).low, constant(sessions).high),
        sessions,
        tuple(e for e in every_exercise().values() if e.suits(bone, phase, kind)),
        _advice(bone, phase, alarms),
        crossed,
    )


SPLINTS = {
    Motion.KNEE_EXTENSION_LACK: (
        "An extension splint for the knee, by night or by day. Your team fits it.",
        "rehabilitation.contracture_device",
    ),
    Motion.DORSIFLEXION: (
        "Ask your team if the ankle splint shall stay on nearly all day and night.",
        "rehabilitation.ankle_splint_hours",
    ),
}


INSTEAD = {Motion.DORSIFLEXION: "rehabilitation.ankle_rest"}
"""Usual advice whose place the splint of a crossed line takes."""


def _advice(bone: Bone, phase: Phase, alarms: list[RangeLine]) -> tuple[Advice, ...]:
    """Usual advice, and the splints that crossed lines ask for."""
    replaced = {INSTEAD[line.motion] for line in alarms if line.motion in INSTEAD}
    usual = (
        a
        for a in every_advice()
        if bone in a.bones and phase in a.phases and a.evidence not in replaced
    )
    splints = (
        Advice(About.REST, text, (bone,), (phase,), evidence)
        for line in alarms
        if line.motion in SPLINTS
        for text, evidence in [SPLINTS[line.motion]]
    )
    return (*usual, *splints)

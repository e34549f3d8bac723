"""Finding and action: the rules of follow-up as data, and how they are judged.

A rule lies in ``rules.toml``: on which facts it fires, in which phases, what it says,
what to do, how urgent it is and on whose word. Of rules with one cause only the
gravest speaks.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import numpy as np
from pydantic import TypeAdapter

from callotasis.distraction import Change, Phase
from callotasis.findings import URGENCY, Finding, Level
from callotasis.fixation import Kind
from callotasis.followup.diary import Diary
from callotasis.followup.findings import Observed, Soon
from callotasis.followup.lines import Line
from callotasis.pose import Bone, Segment


@dataclass(frozen=True)
class Rule:
    """One rule of follow-up.

    Attributes
    ----------
    key : str
        Name by which a decision silences it.
    cause : str
        What lies behind it; of several rules with one cause the gravest speaks.
    level : Level
        How strongly it speaks.
    soon : Soon
        How soon it must be answered.
    when : tuple of tuple of Line
        It fires if all lines of any group hold.
    text : str
        One sentence; facts stand in braces, ``{bone}`` is the bone.
    action : str
        What to do.
    evidence : str
        Row behind it.
    phases : tuple of Phase
        In which it is judged; empty in all but the plan.
    bones : tuple of Bone
        Of which bones it speaks; empty of all.
    kinds : tuple of Kind
        Of which devices; empty of all.
    whole : bool
        Whether it speaks of the person, not of one bone.
    proposes : Change or None
        What it wants of the prescription while the bone is drawn out.
    """

    key: str
    cause: str
    level: Level
    soon: Soon
    when: tuple[tuple[Line, ...], ...]
    text: str
    action: str
    evidence: str
    phases: tuple[Phase, ...] = ()
    bones: tuple[Bone, ...] = ()
    kinds: tuple[Kind, ...] = ()
    whole: bool = False
    proposes: Change | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def speaks_of(self, bone: Bone, kind: Kind, phase: Phase) -> bool:
        """Tell whether it is judged for such a bone, device and phase."""
        return (
            bone in (self.bones or (*Bone,))
            and kind in (self.kinds or (*Kind,))
            and phase in (self.phases or _AFTER_SURGERY)
        )

    def fires(self, diary: Diary, answered: Sequence[float] = ()) -> Fired | None:
        """Tell since when it holds, and when it last gave reason to be said.

        Parameters
        ----------
        diary : Diary
            What is known.
        answered : sequence of float
            When a person answered it [day].

        Returns
        -------
        Fired or None
            None where no group of lines holds today.

        References
        ----------
        .. [1] Each group is a reason of its own: an answer to one answers no other.
        """
        runs = [run for group in self.when if (run := _run(group, diary)) is not None]
        if not runs:
            return None
        last = max(answered, default=-math.inf)
        fresh = [run for run in runs if run.renewed > last] or runs
        return Fired(
            since_day=min(run.since_after(last) for run in fresh),
            renewed_day=max(run.renewed for run in fresh),
        )


@dataclass(frozen=True)
class Fired:
    """A rule that holds.

    Attributes
    ----------
    since_day : int
        Since when without a break, or since an answer that came before [day].
    renewed_day : float
        When it last gave reason to be said: an answer after it silences [day].
    """

    since_day: int
    renewed_day: float


@dataclass(frozen=True)
class _Run:
    """Days on which all lines of a group hold, up to today."""

    since: int
    renewed: float

    def since_after(self, answered: float) -> int:
        said_before = self.since <= answered < self.renewed
        return max(math.floor(self.renewed), 0) if said_before else self.since


def _run(group: Sequence[Line], diary: Diary) -> _Run | None:
    held = np.logical_and.reduce([line.holds(diary) for line in group])
    if not held[-1]:
        return None
    broken = np.flatnonzero(~held)
    since = int(broken[-1]) + 1 if len(broken) else 0
    said = [line.renewed(diary, since) for line in group]
    known = [day for day in said if day is not None]
    # What was said before surgery has an older beginning than day 0.
    start = float(since) if since or not known else -math.inf
    return _Run(since, max([start, *known]))


_AFTER_SURGERY = tuple(phase for phase in Phase if phase is not Phase.PLANNED)


@dataclass(frozen=True)
class _RuleFile:
    rule: tuple[Rule, ...]
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@cache
def every_rule() -> tuple[Rule, ...]:
    """All rules in the order of their file."""
    text = files(__package__).joinpath("rules.toml").read_text("utf-8")
    return TypeAdapter(_RuleFile).validate_python(tomllib.loads(text)).rule


def whole_rules() -> tuple[Rule, ...]:
    """Rules about the whole person, which are heard before surgery, too."""
    return tuple(rule for rule in every_rule() if rule.whole)


@dataclass(frozen=True, eq=False)
class Judged:
    """One bone as rules see it.

    Attributes
    ----------
    segment : Segment
        The bone.
    kind : Kind
        Of its device.
    phase : Phase
        Where it stands.
    diary : Diary
        What is known.
    answered : dict of str to sequence of float
        When a person answered each rule, by its key [day].
    """

    segment: Segment
    kind: Kind
    phase: Phase
    diary: Diary
    answered: Mapping[str, Sequence[float]] = field(default_factory=dict)


def judge(
    bone: Judged, rules: Iterable[Rule] | None = None, emergency: str = ""
) -> tuple[Observed, ...]:
    """Hold one bone against every rule.

    Parameters
    ----------
    bone : Judged
        With its diary.
    rules : iterable of Rule or None
        All if None.
    emergency : str
        Number to call, put where an action names it.

    Returns
    -------
    tuple of Observed
        All that fire, the most urgent first.

    References
    ----------
    .. [1] The rows that the rules name.
    """
    fired = [
        _said(rule, bone, found, emergency)
        for rule in (every_rule() if rules is None else rules)
        if rule.speaks_of(bone.segment.bone, bone.kind, bone.phase)
        if (found := rule.fires(bone.diary, bone.answered.get(rule.key, ())))
    ]
    return tuple(sorted(fired, key=grave))


def one_for_each_cause(observed: Iterable[Observed]) -> tuple[Observed, ...]:
    """Keep the gravest finding of each cause and place.

    Parameters
    ----------
    observed : iterable of Observed
        In any order.

    Returns
    -------
    tuple of Observed
        The most urgent first; of equals the one that was there first.

    References
    ----------
    .. [1] Two alarms for one cause teach people to overhear both.
    """
    kept: dict[tuple[str, str], Observed] = {}
    for one in sorted(observed, key=grave):
        kept.setdefault((one.cause or one.finding.key, one.finding.about), one)
    return tuple(kept.values())


def grave(one: Observed) -> tuple[int, int, int]:
    """Sort key: how soon, how strongly, since when."""
    soon = [*Soon].index(one.soon)
    return soon, URGENCY[one.finding.level], one.since_day


EMERGENCY_UNSAID = "your local emergency number (none is written in this case)"


def _said(rule: Rule, bone: Judged, found: Fired, emergency: str) -> Observed:
    """Put a rule that fired into words."""
    finding = Finding(
        rule.level,
        rule.key,
        rule.text.format_map(_Words(bone, rule)),
        rule.action.format(emergency=emergency or EMERGENCY_UNSAID),
        rule.evidence,
        "" if rule.whole else str(bone.segment),
    )
    return Observed(
        finding,
        found.since_day,
        rule.soon,
        rule.cause,
        rule.proposes,
        found.renewed_day,
    )


class _Words(dict[str, object]):
    """What may stand in the braces of a sentence: bone, limit, and every fact."""

    def __init__(self, bone: Judged, rule: Rule) -> None:
        super().__init__(bone=bone.segment.words)
        limits = [line.limit for group in rule.when for line in group]
        self["limit"] = next((x for x in limits if x is not None), None)
        self._diary = bone.diary

    def __missing__(self, name: str) -> object:
        return self._diary.now(name)

"""Finding and action: the rules of follow-up as data, and how they are judged.

A rule lies in ``rules.toml``: on which facts it fires, in which phases, what it says,
what to do, how urgent it is and on whose word. Of rules with one cause only the
gravest speaks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import numpy as np
from pydantic import TypeAdapter

from callotasis.distraction import Change, Phase
from callotasis.evidence import constant
from callotasis.findings import URGENCY, Finding, Level
from callotasis.fixation import Kind
from callotasis.followup.diary import Diary, Fact, Facts
from callotasis.followup.findings import Observed, Soon
from callotasis.pose import Bone, Segment

Limit = float | str


@dataclass(frozen=True)
class Line:
    """One condition: a fact against a limit.

    Attributes
    ----------
    fact : str
        Name in the diary.
    below, at_most, above, at_least : float, str or None
        A number, or the key of the evidence row that holds it, in the fact's unit.
    one_of : tuple of float or str
        Any of these, where the fact is a word or a grade.
    """

    fact: str
    below: Limit | None = None
    at_most: Limit | None = None
    above: Limit | None = None
    at_least: Limit | None = None
    one_of: tuple[Fact, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def limit(self) -> float | None:
        """The first limit as a number; None where words are compared."""
        limits = (self.below, self.at_most, self.above, self.at_least)
        return next((_limit(x) for x in limits if x is not None), None)

    def holds(self, diary: Diary) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell on which days the condition holds, shape (days,)."""
        row = diary.facts.get(self.fact)
        if row is None:
            return np.zeros(diary.today + 1, bool)
        if self.one_of:
            return np.array([value in self.one_of for value in row])
        number = _numbers(row)
        held = np.isfinite(number)
        # A comparison with what is not known is false.
        with np.errstate(invalid="ignore"):
            if self.below is not None:
                held &= number < _limit(self.below)
            if self.at_most is not None:
                held &= number <= _limit(self.at_most)
            if self.above is not None:
                held &= number > _limit(self.above)
            if self.at_least is not None:
                held &= number >= _limit(self.at_least)
        return held


def _numbers(row: Facts) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if value is None else value for value in row], float)


def _limit(limit: Limit) -> float:
    return constant(limit).value if isinstance(limit, str) else limit


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

    def fires(self, diary: Diary) -> int | None:
        """Tell since which day it holds without a break; None if it does not."""
        held = np.zeros(diary.today + 1, bool)
        for group in self.when:
            held |= np.logical_and.reduce([line.holds(diary) for line in group])
        if not held[-1]:
            return None
        broken = np.flatnonzero(~held)
        return int(broken[-1]) + 1 if len(broken) else 0


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


def rules_of(fact: str) -> tuple[str, ...]:
    """Keys of all rules that look at this fact."""
    return tuple(
        rule.key
        for rule in every_rule()
        if any(line.fact == fact for group in rule.when for line in group)
    )


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
    """

    segment: Segment
    kind: Kind
    phase: Phase
    diary: Diary


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
        One for each cause.

    References
    ----------
    .. [1] The rows that the rules name.
    """
    fired = [
        _said(rule, bone, since, emergency)
        for rule in (every_rule() if rules is None else rules)
        if rule.speaks_of(bone.segment.bone, bone.kind, bone.phase)
        if (since := rule.fires(bone.diary)) is not None
    ]
    return one_for_each_cause(fired)


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
    return tuple(sorted(kept.values(), key=grave))


def grave(one: Observed) -> tuple[int, int, int]:
    """Sort key: how soon, how strongly, since when."""
    soon = [*Soon].index(one.soon)
    return soon, URGENCY[one.finding.level], one.since_day


EMERGENCY_UNSAID = "your local emergency number (none is written in this case)"


def _said(rule: Rule, bone: Judged, since: int, emergency: str) -> Observed:
    """Put a rule that fired into words."""
    finding = Finding(
        rule.level,
        rule.key,
        rule.text.format_map(_Words(bone, rule)),
        rule.action.format(emergency=emergency or EMERGENCY_UNSAID),
        rule.evidence,
        "" if rule.whole else str(bone.segment),
    )
    return Observed(finding, since, rule.soon, rule.cause, rule.proposes)


class _Words(dict[str, object]):
    """What may stand in the braces of a sentence: bone, limit, and every fact."""

    def __init__(self, bone: Judged, rule: Rule) -> None:
        super().__init__(bone=bone.segment.words)
        limits = [line.limit for group in rule.when for line in group]
        self["limit"] = next((x for x in limits if x is not None), None)
        self._diary = bone.diary

    def __missing__(self, name: str) -> object:
        return self._diary.now(name)

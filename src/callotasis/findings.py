"""What a person must know: one type for every note, caution and stop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How strongly a finding speaks."""

    NOTE = "note"
    CAUTION = "caution"
    STOP = "stop"


URGENCY = {Level.STOP: 0, Level.CAUTION: 1, Level.NOTE: 2}
"""Place of each level when findings are sorted: the most urgent first."""


@dataclass(frozen=True)
class Finding:
    """One thing a room wants a person to know.

    Attributes
    ----------
    level : Level
        A ``stop`` needs a named clinician's ``decision`` entry with a reason.
    key : str
        Short name that a decision refers to, like ``maturity.unknown``.
    sentence : str
        What is the case, in one plain sentence.
    action : str
        What to do about it.
    evidence : str
        Key of the evidence row behind it; empty where the finding is a fact of
        this case alone.
    about : str
        Segment, side or file it speaks of; empty for the whole case.
    """

    level: Level
    key: str
    sentence: str
    action: str
    evidence: str = ""
    about: str = ""

    @property
    def reference(self) -> str:
        """Name by which a decision answers this finding: ``key`` or ``key@about``."""
        return f"{self.key}@{self.about}" if self.about else self.key


def by_urgency(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: stops first, then cautions, then notes; no repeats.

    Examples
    --------
    >>> note = Finding(Level.NOTE, "a", "A.", "Nothing.")
    >>> stop = Finding(Level.STOP, "b", "B.", "Wait.")
    >>> [f.key for f in by_urgency([note, stop, note])]
    ['b', 'a']
    """
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: URGENCY[f.level]))

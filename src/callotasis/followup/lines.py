"""One condition of a rule: a fact of the diary against a number, a row or words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from callotasis.evidence import constant
from callotasis.followup.diary import Diary, Fact, Facts
from callotasis.followup.symptoms import Sign

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
    margin : float
        By how much a figure must get worse than it was to be said anew: what a
        measurement scatters, in the fact's unit.
    """

    fact: str
    below: Limit | None = None
    at_most: Limit | None = None
    above: Limit | None = None
    at_least: Limit | None = None
    one_of: tuple[Fact, ...] = ()
    margin: float = 0.0

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def limit(self) -> float | None:
        """The first limit as a number; None where words are compared."""
        limits = (self.below, self.at_most, self.above, self.at_least)
        return next((_limit(x) for x in limits if x is not None), None)

    def holds(self, diary: Diary) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell on which days the condition holds, shape (days,)."""
        row = diary.facts.get(self.fact)
        return np.zeros(diary.today + 1, bool) if row is None else self._held(row)

    def _held(self, row: Facts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell for each value whether the condition holds."""
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

    def renewed(self, diary: Diary, since: int) -> float | None:
        """Tell when it was last said anew, or got worse, in a run that still lasts.

        Parameters
        ----------
        diary : Diary
            With the moments at which things were said.
        since : int
            First day of the run; 0 holds what was said before surgery, too [day].

        Returns
        -------
        float or None
            None for what nobody says, like days that pass [day].

        References
        ----------
        .. [1] A sign that is reported again is a new sign; a figure is new where it is
           worse than all that was known before.
        """
        renewed, worst = None, None
        for day, value in diary.said.get(self.fact, ()):
            if (since and day < since) or not self._meets(value):
                continue
            reported = self.fact in REPORTED
            if worst is None or reported or self._is_worse(value, worst):
                renewed, worst = day, value
        return renewed

    def _meets(self, value: Fact) -> bool:
        if isinstance(value, str):
            return value in self.one_of
        return bool(self._held(np.array([value], object))[0])

    def _is_worse(self, value: Fact, worst: Fact) -> bool:
        if self.one_of or isinstance(value, str) or isinstance(worst, str):
            return value != worst
        falls = self.below is not None or self.at_most is not None
        return (worst - value if falls else value - worst) > self.margin


REPORTED = frozenset({*map(str, Sign), "phq9_item9", "own_words"})
"""Facts that somebody reports: each report counts, though it says the same."""


def _numbers(row: Facts) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if value is None else value for value in row], float)


def _limit(limit: Limit) -> float:
    return constant(limit).value if isinstance(limit, str) else limit

"""What was known on each day: entries of one bone as facts, day by day.

A fact is a number or a word with a name, like ``knee_flexion_deg``. It holds from the
day of its entry until another entry says otherwise, so that a rule can ask not only
whether, but since when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Fact = float | str
Facts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Diary:
    """Facts of one bone on every day from surgery to today.

    Attributes
    ----------
    today : int
        Since surgery; not negative [day].
    facts : dict of str to Facts
        Shape (today + 1,) each; None where nothing was known yet.
    """

    today: int
    facts: Mapping[str, Facts]

    def now(self, fact: str) -> Fact | None:
        """What is known today; None if nothing is.

        Parameters
        ----------
        fact : str
            Its name.

        Returns
        -------
        float, str or None
            In the unit that the name says.
        """
        known = self.facts.get(fact)
        value: Fact | None = None if known is None else known[-1]
        return value


def diary_of(said: Mapping[str, Sequence[tuple[int, Fact]]], today: int) -> Diary:
    """Carry every fact forward from the day on which it was said.

    Parameters
    ----------
    said : dict of str to sequence of (int, float or str)
        What was said on which day, in order; days before surgery count as day 0
        [day].
    today : int
        Last day of the diary [day].

    Returns
    -------
    Diary
        Later days are left out.

    References
    ----------
    .. [1] Bookkeeping.

    Examples
    --------
    >>> diary = diary_of({"pain": [(-2, 3.0), (1, 5.0)]}, 3)
    >>> [*diary.facts["pain"]], diary.now("pain"), diary.now("power")
    ([3.0, 5.0, 5.0, 5.0], 5.0, None)
    """
    facts = {}
    for name, values in said.items():
        row = np.full(today + 1, None, dtype=object)
        for day, value in values:
            row[max(day, 0) :] = value
        facts[name] = row
    return Diary(today, facts)


def counted_from(day: int | None, today: int) -> list[tuple[int, Fact]]:
    """Count the days since an event as a fact that grows every day.

    Parameters
    ----------
    day : int or None
        Of the event; None if it has not happened [day].
    today : int
        Last day [day].

    Returns
    -------
    list of (int, float)
        Nothing before the event.

    References
    ----------
    .. [1] Bookkeeping.
    """
    if day is None:
        return []
    return [(d, float(d - day)) for d in range(max(day, 0), today + 1)]

"""What was known on each day: entries of one bone as facts, day by day.

A fact is a number or a word with a name, like ``knee_flexion_deg``. It holds from the
day of its entry until another entry says otherwise, so that a rule can ask not only
whether, but since when.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

Fact = float | str
Facts = NDArray[np.object_]
Saying = tuple[float, Fact]
"""When something was said, in days and parts of a day since surgery, and what."""


def day_of(moment: datetime, zero: date) -> float:
    """Say a moment in days and parts of a day since surgery.

    Parameters
    ----------
    moment : datetime
        By the patient's clock.
    zero : date
        Day 0.

    Returns
    -------
    float
        Negative before surgery [day].

    References
    ----------
    .. [1] Bookkeeping.

    Examples
    --------
    >>> day_of(datetime(2027, 1, 13, 12), date(2027, 1, 11))
    2.5
    """
    return (moment - datetime.combine(zero, time())) / timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Diary:
    """Facts of one bone on every day from surgery to today.

    Attributes
    ----------
    today : int
        Since surgery; not negative [day].
    facts : dict of str to Facts
        Shape (today + 1,) each; None where nothing was known yet.
    said : dict of str to sequence of Saying
        What was said and when, in order.
    """

    today: int
    facts: Mapping[str, Facts]
    said: Mapping[str, Sequence[Saying]] = field(default_factory=dict)

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


def diary_of(said: Mapping[str, Sequence[Saying]], today: int) -> Diary:
    """Carry every fact forward from the day on which it was said.

    Parameters
    ----------
    said : dict of str to sequence of Saying
        What was said and when, in order; what was said before surgery counts from
        day 0 [day].
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
            row[max(math.floor(day), 0) :] = value
        facts[name] = row
    return Diary(today, facts, said)


def counted_from(day: int | None, today: int) -> list[Saying]:
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
    return [(float(d), float(d - day)) for d in range(max(day, 0), today + 1)]

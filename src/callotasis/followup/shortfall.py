"""Did the bone follow the device? Lengths on films held against what was turned.

Each film's difference, measured minus turned, is a constant (the gap at surgery, the
reader's habit) plus scatter, for as long as the device obeys. A stalled nail, a slipped
clamp or a bone that closed early makes the later differences smaller by a step. The
step is looked for between every two films, so that its beginning is told too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.worlds import NORMAL_95, Array, Interval


@dataclass(frozen=True)
class LengthRead:
    """How long the bone, device or gap measured on one film.

    Attributes
    ----------
    day : int
        Of the film; day 0 is the osteotomy [day].
    measured_mm : float
        Any length that grows with the gap: the gap itself, a nail, the way between
        two rings; the same on every film [mm].
    turned_mm : float
        All turns before the film [mm].
    sd_mm : float
        Scatter of this reading alone, without what all films share [mm].
    """

    day: int
    measured_mm: float
    turned_mm: float
    sd_mm: float

    def __post_init__(self) -> None:
        if not self.sd_mm > 0:
            raise FilmRefusal(
                f"sd_mm of the length on day {self.day} is {self.sd_mm:g}; allowed is "
                "more than 0: every reading scatters"
            )


@dataclass(frozen=True)
class Shortfall:
    """By how much the bone stays behind the device, as of the last film.

    Attributes
    ----------
    short_mm : Interval
        Turned minus gained since the step; negative where more was gained [mm].
    after_day, by_day : int
        The step came between these two films [day].
    z : float
        The step in standard deviations; negative is a shortfall [1].
    found : bool
        Whether it is large enough to be called one.
    """

    short_mm: Interval
    after_day: int
    by_day: int
    z: float
    found: bool


def shortfall(readings: Sequence[LengthRead]) -> Shortfall:
    """Look for the step that explains the films best.

    Parameters
    ----------
    readings : sequence of LengthRead
        At least two, by rising day.

    Returns
    -------
    Shortfall
        The most negative step; its interval is that of the step at that place.

    Raises
    ------
    FilmRefusal
        If there are fewer than two films, or days do not rise.

    References
    ----------
    .. [1] Likelihood ratio of one step at an unknown place, known scatter. The limit is
       the row ``followup.shortfall_alarm``, found by simulated courses.

    Examples
    --------
    >>> films = [LengthRead(7 * k, 7 * k - (5 if k > 3 else 0), 7 * k, 0.5)
    ...          for k in range(6)]
    >>> step = shortfall(films)
    >>> step.found, step.after_day, step.by_day, round(step.short_mm.value, 2)
    (True, 21, 28, 5.0)
    """
    days = [reading.day for reading in readings]
    if len(days) < 2 or any(b <= a for a, b in pairwise(days)):  # noqa: PLR2004
        raise FilmRefusal(
            f"lengths of days {', '.join(map(str, days)) or 'none'}; needed are at "
            "least two films, on rising days"
        )
    differences = np.array([[r.measured_mm - r.turned_mm for r in readings]])
    sd = np.array([[r.sd_mm for r in readings]])
    step, step_sd = (part[0] for part in steps(differences, sd))
    place = int(np.argmin(step / step_sd))
    z = float(step[place] / step_sd[place])
    short, wide = float(-step[place]), float(NORMAL_95 * step_sd[place])
    return Shortfall(
        short_mm=Interval(short, short - wide, short + wide),
        after_day=days[place],
        by_day=days[place + 1],
        z=z,
        found=z < -constant("followup.shortfall_alarm").value,
    )


def steps(differences_mm: Array, sd_mm: Array) -> tuple[Array, Array]:
    """Mean after minus mean before each place between two films, with its scatter.

    Parameters
    ----------
    differences_mm, sd_mm : Array
        Shape (courses, films): measured minus turned, and scatter of each [mm].

    Returns
    -------
    tuple of Array
        Step and its standard deviation, each of shape (courses, films - 1) [mm].

    References
    ----------
    .. [1] Means weighted by 1 / sd².
    """
    weight = 1 / sd_mm**2
    before = np.cumsum(weight, axis=1)[:, :-1]
    sums = np.cumsum(weight * differences_mm, axis=1)
    all_weight, all_sum = weight.sum(axis=1, keepdims=True), sums[:, -1:]
    after = all_weight - before
    step = (all_sum - sums[:, :-1]) / after - sums[:, :-1] / before
    return step, np.sqrt(1 / before + 1 / after)

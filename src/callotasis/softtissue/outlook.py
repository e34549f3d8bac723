"""What to expect of a joint if turning goes on at this rate, or at another.

The lag of :mod:`~callotasis.softtissue.lag` carried forward. After the last turn the
lag alone would give motion back within weeks, which patients do not get; so from there
on nothing better than the range at the end is expected, and the lag only says how much
better it may be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.softtissue.course import Turned, lagging_mm
from callotasis.softtissue.cut import Cut, groups_spanning
from callotasis.softtissue.joint_tests import TESTS, JointTest
from callotasis.softtissue.lag import PSI, TAU_DAYS, Lag, fit_lag
from callotasis.softtissue.muscles import Muscle, mean_length_mm
from callotasis.softtissue.ranges import ALLOWED_DEG, Ranges
from callotasis.softtissue.residual import Exam, readings_of
from callotasis.worlds import NORMAL_95, Array, Interval, Worlds

RATES_MM_PER_DAY = (0.5, 0.75, 1.0)
WEEKS = 4
WIDE, NARROW = 0.9, 0.5
DRAWS = 800
FINE_DEG = 0.5


@dataclass(frozen=True)
class Ahead:
    """One day to come.

    Attributes
    ----------
    day : int
        Day 0 is the osteotomy [day].
    turned_mm : float
        All that will have been turned [mm].
    stretch_mm, stretch_half_mm : Interval
        Residual stretch as an exam would find it, with what the operation cost: bands
        of 90 and 50 % [mm].
    range_deg, range_half_deg : Interval
        What the group's test would find: bands of 90 and 50 % [deg].
    """

    day: int
    turned_mm: float
    stretch_mm: Interval
    stretch_half_mm: Interval
    range_deg: Interval
    range_half_deg: Interval


@dataclass(frozen=True)
class Outlook:
    """What one rate leads to, for one muscle group.

    Attributes
    ----------
    group : str
        Muscle group.
    reading : str
        Which range is expected, a field of ``Ranges``.
    rate_mm_per_day : float
        From today on [mm/day].
    today, end_day : int
        Today, and the day on which the remaining length is turned [day].
    ahead : tuple of Ahead
        Every day from today to four weeks after the end.
    """

    group: str
    reading: str
    rate_mm_per_day: float
    today: int
    end_day: int
    ahead: tuple[Ahead, ...]

    @property
    def at_end(self) -> Ahead:
        """On the day of the last turn."""
        return self.ahead[self.end_day - self.today]

    def in_weeks(self, weeks: int) -> Ahead:
        """So many weeks from today, at most four after the last turn [week]."""
        days = 7 * weeks
        if not 0 <= days < len(self.ahead):
            last = self.ahead[-1].day
            raise PlanRefusal(
                f"{weeks} weeks from day {self.today} asked; the outlook ends on day "
                f"{last}"
            )
        return self.ahead[days]


def outlook(  # noqa: PLR0913 - today and rates have their usual values
    cut: Cut,
    before: Ranges,
    exams: Sequence[Exam],
    turned: Turned,
    *,
    remaining_mm: float,
    rates: Sequence[float] = RATES_MM_PER_DAY,
    today: int | None = None,
    lags: Mapping[str, Lag] | None = None,
) -> dict[str, tuple[Outlook, ...]]:
    """Tell, for each muscle group, what each rate leads to.

    Parameters
    ----------
    cut : Cut
        Where the bone was cut [mm].
    before : Ranges
        The patient's own ranges before surgery [deg].
    exams : sequence of Exam
        After surgery [day, deg].
    turned : callable
        All that was turned until a day [day to mm].
    remaining_mm : float
        Still to be turned today [mm].
    rates : sequence of float
        From today on [mm/day].
    today : int or None
        Until when turns are known; None is the day of the last exam [day].
    lags : dict of str to Lag, optional
        As :func:`~callotasis.softtissue.lag.fit_lag` fits these very exams, where that
        has been done.

    Returns
    -------
    dict of str to tuple of Outlook
        By muscle group that the last exam tested, one outlook a rate; empty once the
        last turn before it is two weeks back.

    Raises
    ------
    PlanRefusal
        If a rate is not above 0, the remaining length is negative, or today lies
        before the last exam.

    References
    ----------
    .. [1] Posterior of :func:`~callotasis.softtissue.lag.fit_lag` carried forward;
       degrees by the muscle table. Model estimate, not validated.
    """
    if not 0 <= remaining_mm < math.inf:
        raise PlanRefusal(
            f"remaining_mm is {remaining_mm:g}; allowed is 0 or more, what is still "
            "to be turned"
        )
    most = constant("distraction.rate_stop")
    for rate in rates:
        if not 0 < rate <= most.value:
            raise PlanRefusal(
                f"a rate of {rate:g} mm a day is asked; allowed is above 0, up to "
                f"{most.value:g} ({most.source})"
            )
    last = max(exams, key=lambda exam: exam.day, default=None)
    if last is None:
        return {}
    start = last.day if today is None else today
    if start < last.day:
        raise PlanRefusal(
            f"today is day {start} and the last exam of day {last.day}; allowed is "
            "that day or a later one"
        )
    course = _Course(turned, start, remaining_mm)
    found: dict[str, tuple[Outlook, ...]] = {}
    fitted = fit_lag(cut, before, exams, turned) if lags is None else lags
    for group, lag in fitted.items():
        if lag.days[-1] == last.day:
            scale, drawn = _Scale.of(cut, group, before, last), _drawn(lag.weight)
            found[group] = tuple(
                _ahead(lag, scale, drawn, course, rate) for rate in rates
            )
    return found


@dataclass(frozen=True)
class _Scale:
    """How lost reach of a group reads in degrees, for this patient today."""

    test: JointTest
    readings_deg: Array
    lost_mm: Array
    noise_mm: Array

    @classmethod
    def of(cls, cut: Cut, group: str, before: Ranges, last: Exam) -> _Scale:
        """Lost reach at every reading that a joint may have."""
        test, muscles = TESTS[group], groups_spanning(cut)[group]
        low, high = ALLOWED_DEG[test.reading]
        grid = np.arange(low, high + FINE_DEG, FINE_DEG)
        found = readings_of(cut, before, [last], Worlds(count=DRAWS, seed=11))[group]
        # What the muscle beside explains today is taken to stay, as doubtful as it is.
        apart = found.told_apart_mm[:, 0]
        lost = cut.size * _lost(test, muscles, grid, before, last) + apart[0]
        if test.grows < 0:
            grid, lost = grid[::-1], lost[::-1]
        ordered = np.maximum.accumulate(lost[::-1])
        readings = grid[::-1]
        noise = _start_noise(test, ordered, readings) - (apart[1:] - apart[0])
        return cls(test, readings, ordered, noise)

    def degrees(self, lost_mm: Array) -> Array:
        """Reading at which so much reach is lost."""
        return np.interp(lost_mm, self.lost_mm, self.readings_deg)


def _lost(
    test: JointTest,
    muscles: Sequence[Muscle],
    reading: float | Array,
    before: Ranges,
    last: Exam,
) -> Array:
    """Reach lost at a reading by the model's leg, the rest as at the last exam [mm]."""
    start = test.pose(test.read(before) or 0.0, before)
    here = test.pose(reading, last.ranges)
    return np.asarray(mean_length_mm(muscles, start) - mean_length_mm(muscles, here))


@dataclass(frozen=True)
class _Course:
    """What was turned until today, and what is still to be turned."""

    turned: Turned
    today: int
    remaining_mm: float

    def end_day(self, rate: float) -> int:
        """Day of the last turn."""
        return self.today + math.ceil(self.remaining_mm / rate - 1e-9)

    def at(self, rate: float) -> Turned:
        """All that is turned until a day, if it goes on at this rate."""

        def total(days: Array) -> Array:
            known = self.turned(np.minimum(days, float(self.today)))
            to_come = np.clip(rate * (days - self.today), 0.0, self.remaining_mm)
            return np.asarray(known + to_come)

        return total


Drawn = tuple[Array, Array, Array, Array]


def _ahead(
    lag: Lag, scale: _Scale, drawn: Drawn, course: _Course, rate: float
) -> Outlook:
    today, end = course.today, course.end_day(rate)
    days = np.arange(today, end + 7 * WEEKS + 1)
    total = course.at(rate)(days.astype(float))
    tau, psi, cost, model = drawn
    lagging = lagging_mm(course.at(rate), days.astype(float), TAU_DAYS)[tau]
    stretch = lag.share * ((1 - psi[:, None]) * lagging + psi[:, None] * total)
    stretch = stretch + lag.costs_mm[cost][:, None]
    after = np.arange(len(days)) > end - today
    held = np.where(after, stretch[:, [end - today]], stretch)
    noise = scale.noise_mm[:, None]
    per_lost = lag.per_lost[model][:, None]
    free_deg, held_deg = (scale.degrees(u / per_lost + noise) for u in (stretch, held))
    worse = -scale.test.grows
    bands = [_held(stretch, held, level) for level in (WIDE, NARROW)]
    bands += [_held(free_deg, held_deg, level, worse) for level in (WIDE, NARROW)]
    ahead = tuple(
        Ahead(int(day), float(mm), *of_day)
        for day, mm, *of_day in zip(days, total, *bands, strict=True)
    )
    return Outlook(lag.group, scale.test.reading, rate, today, end, ahead)


def _drawn(weight: Array) -> Drawn:
    """Places of lags, shares, places of costs and models, as often as they weigh."""
    below = np.cumsum(weight.ravel())
    at = np.searchsorted(below, (np.arange(DRAWS) + 0.5) / DRAWS * below[-1])
    at = np.minimum(at, weight.size - 1)
    tau, psi, cost, model = np.unravel_index(at, weight.shape)
    return tau, PSI[psi], cost, model


def _start_noise(test: JointTest, lost_mm: Array, readings_deg: Array) -> Array:
    """Reach that the goniometer's error today stands for, shape (draws,) [mm]."""
    sd = constant("softtissue.goniometer").value / NORMAL_95
    name = f"softtissue/outlook/{test.reading}"
    drawn = Worlds(count=DRAWS, seed=11).normal(name, sd)[1:]
    slopes = np.gradient(lost_mm, readings_deg)
    return np.asarray(drawn * float(np.median(np.abs(slopes))))


def _held(free: Array, held: Array, level: float, worse: int = +1) -> list[Interval]:
    """Bands, day by day, whose worse end and middle are those of the held course."""
    tail = (1 - level) / 2
    worst, middle = np.quantile(held, [0.5 + worse * (0.5 - tail), 0.5], axis=0)
    best = np.quantile(free, 0.5 - worse * (0.5 - tail), axis=0)
    ends = zip(*(part.tolist() for part in (worst, best, middle)), strict=True)
    return [Interval(m, min(w, b, m), max(w, b, m), level) for w, b, m in ends]

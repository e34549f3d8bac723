"""One bone's whole course until a day: what was signed, done, seen and measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from callotasis.distraction import Bound, Phase, Prescription
from callotasis.distraction.change import STEP_MM
from callotasis.fixation import Device
from callotasis.followup.decisions import Step
from callotasis.followup.diary import Diary, counted_from, diary_of
from callotasis.followup.film_reads import FilmRead
from callotasis.followup.forecasts import Way, end_of_turning
from callotasis.followup.gathered import FilmOn, Said
from callotasis.followup.lengths import Lengths, lengths_of
from callotasis.followup.turned import Turning
from callotasis.pose import Segment
from callotasis.softtissue import Cut, Lag, Ranges, fit_lag
from callotasis.softtissue import Exam as RangeExam
from callotasis.worlds import Array

ONE_VISIT_DAYS = 14
SEVERAL = 2  # exams from which a lag can be fitted
READ_LAST = ("width_ratio", "shape", "texture", "density", "bridged_cortices")
LENGTH_KEYS = ("length.short", "callus.dense_behind")


@dataclass(frozen=True, eq=False)
class BoneCourse:
    """Everything that is known of one bone at the end of a day.

    Attributes
    ----------
    segment : Segment
        The bone.
    bounds : tuple of Bound
        Its signed prescriptions; the last one binds.
    approach : str
        Of a nail; empty for a frame.
    device : Device
        What holds it.
    zero, on : date
        Day 0, and the day at whose end it is looked at.
    turning : Turning
        What was turned.
    films : tuple of FilmOn
        By rising day.
    ranges : tuple of (int, Ranges)
        Joint ranges of its leg, with the day; negative is before surgery [day, deg].
    said : dict of str to list of (int, Fact)
        Facts from entries [day].
    answered : dict of str to tuple of float
        When a finding was answered, by its key [day].
    allowed : dict of Step to int
        Steps that a clinician allowed, with the day [day].
    gap_zero_mm : float or None
        Gap at the end of surgery [mm].
    cut : Cut or None
        Where the bone was cut; None where nobody wrote its length down.
    beside_mm : float or None
        Length of the leg's other bone before surgery [mm].
    until : datetime or None
        Last moment that is looked at, by the patient's clock; None is the end of the
        day.
    """

    segment: Segment
    bounds: tuple[Bound, ...]
    approach: str
    device: Device
    zero: date
    on: date
    turning: Turning
    films: tuple[FilmOn, ...]
    ranges: tuple[tuple[int, Ranges], ...]
    said: Said
    answered: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    allowed: Mapping[Step, int] = field(default_factory=dict)
    gap_zero_mm: float | None = None
    cut: Cut | None = None
    beside_mm: float | None = None
    until: datetime | None = None

    @property
    def prescription(self) -> Prescription:
        """What binds now."""
        return self.bounds[-1].prescription

    @property
    def day(self) -> int:
        """Today, since surgery [day]."""
        return (self.on - self.zero).days

    @property
    def now(self) -> datetime:
        """The last moment that is looked at, by the patient's clock."""
        return self.until or datetime.combine(self.on, time.max)

    @cached_property
    def phase(self) -> Phase:
        """By what was done, not by the calendar alone."""
        if self.day < 0:
            return Phase.PLANNED
        if self._is_done():
            # A frame may be fully loaded while it still lengthens.
            loaded = Step.FULL_WEIGHT_BEARING in self.allowed
            return Phase.LOADING if loaded else Phase.CONSOLIDATION
        first = self.turning.schedule[0][0] if self.turning.schedule else self.now
        started = self.turning.turned_mm(self.now).high or self.now >= first
        return Phase.DISTRACTION if started else Phase.LATENCY

    def _is_done(self) -> bool:
        """Tell whether everything is turned, and nothing is to be turned back."""
        to_come = [mm for at, mm in self.turning.schedule if at > self.now]
        missing = self.turning.all_mm - self.turning.turned_mm(self.now).value
        back = any(mm < 0 for mm in to_come)
        return missing <= self._forgiven_mm and not back and not self.rests

    @property
    def _forgiven_mm(self) -> float:
        """What may be missing at the end: less than a day, once nobody waits for it."""
        schedule = self.turning.schedule
        waited = timedelta(days=ONE_VISIT_DAYS)
        if not schedule or self.now < schedule[-1][0] + waited:
            return STEP_MM
        return self.prescription.protocol.rate_mm_per_day - STEP_MM

    @property
    def rests(self) -> bool:
        """Whether turning waits until a surgeon signs to go on."""
        return self.bounds[-1].waits

    @property
    def first_asked_day(self) -> int | None:
        """Of the first turn that was prescribed; None where none is [day]."""
        schedule = self.turning.schedule
        return (schedule[0][0].date() - self.zero).days if schedule else None

    @property
    def turn_expected_day(self) -> int | None:
        """Day from which the next turn is waited for; None where none is asked [day].

        The last turn that was done, or the day before the next one that is asked: a
        signed pause waits for nobody.
        """
        if self.rests:
            return None
        if self.last_turn_day is None:
            return self.first_asked_day
        to_come = [
            (at.date() - self.zero).days
            for at, _ in self.turning.schedule
            if (at.date() - self.zero).days > self.last_turn_day
        ]
        return max(self.last_turn_day, min(to_come, default=self.last_turn_day) - 1)

    @property
    def first_turn_day(self) -> int | None:
        """Of the first turn that was done; None before it [day]."""
        return self._turn_days[0] if self._turn_days else None

    @property
    def last_turn_day(self) -> int | None:
        """Of the last turn that was done; None before the first [day]."""
        return self._turn_days[-1] if self._turn_days else None

    @cached_property
    def _turn_days(self) -> list[int]:
        done = (at.date() for at, _ in self.turning.turns if at <= self.now)
        return [(day - self.zero).days for day in done]

    @property
    def phase_start(self) -> int:
        """First day of the phase that it is in [day]."""
        return {
            Phase.DISTRACTION: self.first_asked_day or 0,
            Phase.CONSOLIDATION: self.end_day,
            Phase.LOADING: max(self._loaded_day or 0, self.end_day),
        }.get(self.phase, 0)

    @property
    def _loaded_day(self) -> int | None:
        """Day on which full weight bearing was allowed [day]."""
        return self.allowed.get(Step.FULL_WEIGHT_BEARING)

    @cached_property
    def end_day(self) -> int:
        """Last day of turning: done, or as far off as it must be [day]."""
        if self.phase in {Phase.CONSOLIDATION, Phase.LOADING}:
            return max(self.last_turn_day or 0, 0)
        return self.end_with(self.bounds[-1])

    def end_with(self, bound: Bound) -> int:
        """Last day of turning if this prescription binds from now on [day]."""
        turns = bound.prescription.turns
        planned = (turns[-1].at.date() - self.zero).days if turns else self.day
        to_come = math.fsum(turn.turn_mm for turn in turns if turn.at > self.now)
        done = self.turning.turned_mm(self.now).value
        rate = bound.prescription.protocol.rate_mm_per_day
        return end_of_turning(bound.goal_mm - done - to_come, rate, self.day, planned)

    @cached_property
    def lags(self) -> Mapping[str, Lag]:
        """How each muscle group follows the bone; empty where too little is known."""
        exams = self.range_exams
        if self.cut is None or self.before is None or len(exams) < SEVERAL:
            return {}
        return fit_lag(self.cut, self.before, exams, self.turned_until)

    @cached_property
    def lengths(self) -> Lengths:
        """What films say of its length."""
        answers = [day for key in LENGTH_KEYS for day in self.answered.get(key, ())]
        return lengths_of(self.films, self.turning, self.gap_zero_mm, sorted(answers))

    @property
    def way(self) -> Way:
        """How far it has come on its way to be solid."""
        return Way(
            segment=self.segment,
            kind=self.device.kind,
            approach=self.approach,
            gain_mm=self.prescription.total_mm or self.bounds[-1].start_mm,
            end_day=self.end_day,
            phase=self.phase,
            loaded_day=self._loaded_day if self.phase is Phase.LOADING else None,
        )

    @cached_property
    def diary(self) -> Diary:
        """Every fact on every day since surgery."""
        today = max(self.day, 0)
        said: Said = {**self.said, **self.lengths.facts}
        counted: Said = {
            "day": counted_from(0, today) if self.day >= 0 else [(0.0, self.day)],
            "turning_days": counted_from(self.first_turn_day, today),
            "slowed_days": counted_from(self._slowed_day(), today),
            "market": [(0, self.device.market.value)],
        }
        # Days that pass are nobody's news.
        return replace(diary_of({**said, **counted}, today), said=said)

    def _slowed_day(self) -> int | None:
        """Day from which it is turned slower than at first; None if it is not."""
        first = self.bounds[0].prescription.protocol.rate_mm_per_day
        for bound in self.bounds[1:]:
            slower = bound.prescription.protocol.rate_mm_per_day < first
            if slower and bound.starts_at is not None:
                return (bound.starts_at.date() - self.zero).days
        return None

    @property
    def before(self) -> Ranges | None:
        """The newest ranges from before surgery; None if nobody measured them."""
        early = [ranges for day, ranges in self.ranges if day < 0]
        return early[-1] if early else None

    @property
    def range_exams(self) -> list[RangeExam]:
        """Ranges since surgery, the last of each day."""
        late = {day: ranges for day, ranges in self.ranges if day >= 0}
        return [RangeExam(day, ranges) for day, ranges in late.items()]

    def turned_until(self, days: Array) -> Array:
        """All that was turned until the middle of each day [mm].

        Parameters
        ----------
        days : Array
            Any shape; a part of a day counts as that part of its turns [day].

        Returns
        -------
        Array
            The same shape [mm].

        References
        ----------
        .. [1] Bookkeeping.
        """
        # An exam of a day is taken to be at its noon.
        totals = self._by_midnight
        return np.interp(days + 0.5, np.arange(float(len(totals))), totals)

    @cached_property
    def _by_midnight(self) -> Array:
        """All that was turned until the beginning of each day, and of tomorrow [mm]."""
        days = range(max(self.day, 0) + 2)
        midnights = [
            datetime.combine(self.zero + timedelta(days=day), time()) for day in days
        ]
        return self.turning.turned_by(midnights)


def newest_read(films: Sequence[FilmOn]) -> FilmRead | None:
    """Put the newest films together: one shows two cortices, the next the others.

    Parameters
    ----------
    films : sequence of FilmOn
        By rising day.

    Returns
    -------
    FilmRead or None
        What was read last of each, no older than two weeks before the newest; None
        where no film speaks of new bone.

    References
    ----------
    .. [1] Two views of one visit.
    """
    said = [f for f in films if f.read.ratio or f.read.bridged_cortices is not None]
    if not said:
        return None
    together = [film for film in films if said[-1].day - film.day <= ONE_VISIT_DAYS]
    merged: dict[str, Any] = {}
    ratio: dict[str, float] = {}
    for film in together:
        ratio |= film.read.ratio
        merged |= {k: v for k in READ_LAST if (v := getattr(film.read, k)) is not None}
    return replace(said[-1].read, ratio=ratio, **merged)

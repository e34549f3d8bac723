"""What films say of a bone's length, beside what was turned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from callotasis.distraction.change import STEP_MM
from callotasis.evidence import constant
from callotasis.followup.diary import Saying
from callotasis.followup.film_reads import Grows
from callotasis.followup.gathered import FilmOn
from callotasis.followup.shortfall import LengthRead, Shortfall, shortfall
from callotasis.followup.turned import Turning
from callotasis.worlds import NORMAL_95, Interval

FILMS_FOR_A_STEP = 2
MOMENT = 1e-3  # between an answer and the next film [day]
CLEAR_OF_ZERO = 3.0  # standard deviations a gain must have before its share is judged


@dataclass(frozen=True)
class Gained:
    """How much longer the bone is on one film.

    Attributes
    ----------
    day : int
        Of the film [day].
    gained_mm : Interval
        Since surgery [mm].
    prescribed_mm, turned_mm : float
        At the time of the film [mm].
    """

    day: int
    gained_mm: Interval
    prescribed_mm: float
    turned_mm: float

    @property
    def behind(self) -> bool:
        """Whether it is below the limit of the row ``course.behind``, and surely so."""
        sd = self.gained_mm.sd
        limit = constant("course.behind").value * self.prescribed_mm
        return self.prescribed_mm > CLEAR_OF_ZERO * sd and self.gained_mm.high < limit


@dataclass(frozen=True)
class Lengths:
    """Every film that measured the bone, and the step between them.

    Attributes
    ----------
    gained : tuple of Gained
        By day; empty without a film from before the first turn and without the zero
        of the gap at surgery.
    steps, ahead : tuple of (int, Shortfall)
        What the films until each day said of a shortfall, and of its contrary [day].
    anew : tuple of int
        Films that were the first to be held against what an answer had seen [day].
    reads : tuple of LengthRead
        Every length, beside what was turned before it.
    """

    gained: tuple[Gained, ...]
    steps: tuple[tuple[int, Shortfall], ...]
    ahead: tuple[tuple[int, Shortfall], ...] = ()
    anew: tuple[int, ...] = ()
    reads: tuple[LengthRead, ...] = ()

    @property
    def facts(self) -> dict[str, list[Saying]]:
        """What rules judge: short of the turns, ahead of them, shrunk, behind twice.

        A step that was found after an answer is a new one: the fact falls to nothing
        in between.
        """
        found = [(day, _found_mm(step)) for day, step in self.steps]
        between: list[Saying] = [(day - MOMENT, 0.0) for day in self.anew]
        short = [(day, mm if mm <= self._most_mm(day) else 0.0) for day, mm in found]
        shrunk = [(day, mm if mm > self._most_mm(day) else 0.0) for day, mm in found]
        ahead = [(day, _found_mm(step)) for day, step in self.ahead]
        pairs = zip(self.gained, self.gained[1:], strict=False)
        twice: list[Saying] = [
            (after.day, float(before.behind and after.behind))
            for before, after in pairs
        ]
        return {
            "short_mm": sorted([*between, *short]),
            "ahead_mm": sorted([*between, *ahead]),
            "shrunk_mm": sorted([*between, *shrunk]),
            "behind_twice": twice,
        }

    def _most_mm(self, day: int) -> float:
        """By how much a bone can be short: what was turned, and then some [mm]."""
        turned = (read.turned_mm for read in self.reads if read.day <= day)
        return max(turned, default=0.0) + constant("course.shrunk").value


def lengths_of(
    films: Sequence[FilmOn],
    turning: Turning,
    gap_zero_mm: float | None = None,
    answered_on: Sequence[float] = (),
) -> Lengths:
    """Hold every film's length against the turns before it.

    Parameters
    ----------
    films : sequence of FilmOn
        By rising day.
    turning : Turning
        What was turned.
    gap_zero_mm : float or None
        Gap at the end of surgery, if it was measured [mm].
    answered_on : sequence of float
        When a clinician answered a shortfall: films before it are no longer
        held against later ones [day].

    Returns
    -------
    Lengths
        Of the kind of length that most films measured. A gap at the end of surgery
        counts as a film of that day, as rough as the first one.

    References
    ----------
    .. [1] :func:`callotasis.followup.shortfall`.
    """
    kind = _usual(films)
    pairs = [(film, _read(film, kind, turning)) for film in films]
    measured = [(film, read) for film, read in pairs if read is not None]
    reads = [read for _, read in measured]
    zero = _zero(reads, gap_zero_mm if kind is Grows.GAP else None)
    gained = tuple(
        _gained(film, read, zero, turning)
        for film, read in measured
        if zero is not None
    )
    if kind is Grows.GAP and gap_zero_mm is not None and reads and reads[0].day > 0:
        reads = [LengthRead(0, gap_zero_mm, 0.0, reads[0].sd_mm), *reads]
    steps, ahead, anew, before = [], [], [], reads[0].day if reads else 0
    for count, last in enumerate(reads, start=1):
        begin = _begin(reads, [day for day in answered_on if day < last.day])
        some = [read for read in reads[:count] if read.day >= begin]
        if len(some) < FILMS_FOR_A_STEP:
            continue
        steps.append((last.day, shortfall(some)))
        ahead.append((last.day, shortfall([_mirrored(read) for read in some])))
        if begin > before:
            anew.append(last.day)
        before = begin
    return Lengths(gained, tuple(steps), tuple(ahead), tuple(anew), tuple(reads))


def _mirrored(read: LengthRead) -> LengthRead:
    """What is short of this is long of the other."""
    return replace(read, measured_mm=-read.measured_mm, turned_mm=-read.turned_mm)


def _found_mm(step: Shortfall) -> float:
    return step.short_mm.value if step.found else 0.0


def _usual(films: Sequence[FilmOn]) -> Grows | None:
    kinds = [film.read.of for film in films if film.read.of is not None]
    return max(Grows, key=kinds.count) if kinds else None


def _read(film: FilmOn, kind: Grows | None, turning: Turning) -> LengthRead | None:
    """Length of this kind, beside what was turned; None where the film has none."""
    measured, sd = film.read.measured_mm, film.read.sd_mm
    if film.read.of is not kind or measured is None or sd is None:
        return None
    return LengthRead(film.day, measured, turning.turned_mm(film.at).value, sd)


def _zero(
    reads: Sequence[LengthRead], gap_zero_mm: float | None
) -> tuple[float, float] | None:
    """The length before any turn with its variance, from films or from surgery."""
    before = [read for read in reads if abs(read.turned_mm) < STEP_MM]
    if before:
        weight = [1 / read.sd_mm**2 for read in before]
        total = math.fsum(weight)
        mean = math.fsum(
            w * read.measured_mm for w, read in zip(weight, before, strict=True)
        )
        return mean / total, 1 / total
    if gap_zero_mm is not None and reads:
        return gap_zero_mm, reads[0].sd_mm ** 2
    return None


def _gained(
    film: FilmOn, read: LengthRead, zero: tuple[float, float], turning: Turning
) -> Gained:
    gain = read.measured_mm - zero[0]
    own = abs(read.turned_mm) < STEP_MM  # this film is part of the zero itself
    wide = NORMAL_95 * math.sqrt(read.sd_mm**2 + (0.0 if own else zero[1]))
    return Gained(
        film.day,
        Interval(gain, gain - wide, gain + wide),
        turning.prescribed_mm(film.at),
        read.turned_mm,
    )


def _begin(reads: Sequence[LengthRead], answered: Sequence[float]) -> int:
    """Day of the film that a clinician had seen at the last answer."""
    first = reads[0].day
    if not answered:
        return first
    return max((r.day for r in reads if r.day <= max(answered)), default=first)

"""When will this bone be solid, and bear all? From turns, films and decisions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callotasis.distraction import HEALING, Phase, nail_bearing
from callotasis.evidence import constant
from callotasis.fixation import Kind
from callotasis.followup.gathered import FilmOn
from callotasis.followup.healing import (
    BAND,
    CallusRead,
    Course,
    consolidation,
    full_weight_bearing,
    ratio_reached,
)
from callotasis.pose import Bone, Segment
from callotasis.rehabilitation import Step
from callotasis.rehabilitation.ladder import MOST_RATIO
from callotasis.worlds import Interval

HALF = 0.5


@dataclass(frozen=True)
class Forecast:
    """Days that nobody can promise.

    Attributes
    ----------
    consolidation_day : Interval
        When the bone will be solid, with the range of 9 in 10 [day].
    consolidation_half_day : Interval
        The same with the range of one in two [day].
    full_weight_bearing_day : Interval
        When it may carry everything; a clinician decides [day].
    loading_day : dict of Step to Interval
        When each step of loading may be proposed, as far as a source tells; a
        clinician decides [day].
    evidence : tuple of str
        Rows behind all days.
    """

    consolidation_day: Interval
    consolidation_half_day: Interval
    full_weight_bearing_day: Interval
    loading_day: Mapping[Step, Interval]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """How far a bone has come on its way to be solid.

    Attributes
    ----------
    segment : Segment
        The bone.
    kind : Kind
        Of its device.
    approach : str
        Of a nail; empty for a frame.
    gain_mm : float
        How much longer it becomes [mm].
    end_day : int
        Last day of distraction, as far as it can be told [day].
    phase : Phase
        Where it stands.
    loaded_day : int or None
        When a clinician allowed full weight bearing [day].
    """

    segment: Segment
    kind: Kind
    approach: str
    gain_mm: float
    end_day: int
    phase: Phase
    loaded_day: int | None = None


def forecast(way: Way, films: Sequence[FilmOn] = ()) -> Forecast | None:
    """Forecast both days from what is known today.

    Parameters
    ----------
    way : Way
        How far the bone has come.
    films : sequence of FilmOn
        Ratios on films after distraction narrow the forecast.

    Returns
    -------
    Forecast or None
        None before surgery, and where no healing index speaks of so small a gain or
        of such a device.

    References
    ----------
    .. [1] Rows ``distraction.healing_*`` and ``distraction.weight_*``.
    """
    least = constant("distraction.least_gain").value
    if way.phase is Phase.PLANNED or way.gain_mm < least:
        return None
    bone = way.segment.bone
    # Another device than the planned one may have been implanted.
    approach = "" if way.kind.external else way.approach
    key = HEALING.get((way.kind, bone, approach))
    if key is None:
        return None
    index = constant(key)
    course = Course(index, way.gain_mm, way.end_day)
    if way.loaded_day is not None:
        day = float(way.loaded_day)
        known = Interval(day, day, day, BAND)
        return Forecast(known, known, known, {Step.FULL: known}, (index.key,))
    ratios = _ratios(way, films)
    solid = consolidation(course, ratios)
    half = consolidation(course, ratios, level=HALF)
    loaded = full_weight_bearing(course, solid, bone, external=way.kind.external)
    loading = nail_bearing(bone, course.gain_mm, way.end_day).evidence
    sources = (index.key,) if way.kind.external else (index.key, loading)
    return Forecast(
        _whole_days(solid),
        _whole_days(half),
        _whole_days(loaded),
        _steps(way, course, ratios, loaded),
        sources,
    )


def _steps(
    way: Way, course: Course, ratios: Sequence[CallusRead], loaded: Interval
) -> dict[Step, Interval]:
    """Days of the rungs of the ladder that a source speaks of."""
    steps = {Step.FULL: _whole_days(loaded)}
    if way.kind in {Kind.RING, Kind.HEXAPOD}:
        row = constant("rehabilitation.ring_loading")
        return {Step.FULL_WITH_AIDS: Interval(row.value, row.low, row.high), **steps}
    if way.kind is Kind.NAIL and way.segment.bone is Bone.FEMUR:
        gate = constant("rehabilitation.femur_half_ratio").value
        return {Step.HALF: _whole_days(ratio_reached(course, gate, ratios)), **steps}
    return steps


def _ratios(way: Way, films: Sequence[FilmOn]) -> list[CallusRead]:
    """Ratios of the finished gap."""
    if way.phase is not Phase.CONSOLIDATION:
        return []
    return [
        CallusRead(film.day, ratio)
        for film in films
        if film.day >= way.end_day
        and (ratio := film.read.mean_ratio) is not None
        and 0 < ratio < MOST_RATIO
    ]


def _whole_days(band: Interval) -> Interval:
    """Say no more than days."""
    value, low, high = (float(round(x)) for x in (band.value, band.low, band.high))
    return Interval(value, low, high, band.level)


def end_of_turning(
    behind_mm: float, rate_mm_per_day: float, day: int, planned_end: int
) -> int:
    """Day on which the last turn will be done, at the earliest.

    Parameters
    ----------
    behind_mm : float
        To be turned beside what is still prescribed; negative where more was turned
        [mm].
    rate_mm_per_day : float
        As prescribed [mm/day].
    day, planned_end : int
        Today, and the last prescribed turn [day].

    Returns
    -------
    int
        Later than planned where turns were left out [day].

    References
    ----------
    .. [1] Bookkeeping.

    Examples
    --------
    >>> end_of_turning(1.5, 0.75, 50, 55), end_of_turning(10.0, 0.75, 60, 55)
    (57, 74)
    """
    more = math.ceil(max(behind_mm, 0.0) / rate_mm_per_day - 1e-9)
    return max(planned_end, day) + more if more else planned_end

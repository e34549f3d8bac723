"""How long to wait, how fast to turn, how often: by bone, age and wish."""

from __future__ import annotations

import math
from dataclasses import dataclass

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.pose import Bone, Segment

TURN_HOURS = {
    1: (8,),
    2: (8, 20),
    3: (8, 14, 20),
    4: (8, 12, 16, 20),
    5: (7, 10, 13, 16, 20),
    6: (7, 10, 12, 15, 18, 21),
}
"""Waking hours at which a carer turns, by turns a day."""


@dataclass(frozen=True)
class Protocol:
    """Latency, rate and rhythm of one segment.

    Attributes
    ----------
    latency_days : int
        From surgery to the first turn [day].
    rate_mm_per_day : float
        [mm/day].
    rhythm_per_day : int
        Turns a day [1/day].
    evidence : tuple of str
        Rows behind latency and rate.
    """

    latency_days: int
    rate_mm_per_day: float
    rhythm_per_day: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What the surgeon wants instead of the usual; None takes the usual.

    Attributes
    ----------
    latency_days : int or None
        [day].
    rate_mm_per_day : float or None
        [mm/day].
    rhythm_per_day : int or None
        Turns a day [1/day].
    """

    latency_days: int | None = None
    rate_mm_per_day: float | None = None
    rhythm_per_day: int | None = None


def usual_protocol(
    segment: Segment, age_years: float | None, step_mm: float | None, wish: Wish
) -> Protocol:
    """Pick latency, rate and rhythm for one segment.

    Parameters
    ----------
    segment : Segment
        The bone.
    age_years : float or None
        Age at surgery [year]; unknown is taken as a younger adult.
    step_mm : float or None
        Smallest turn of the device; None for a frame set once a day by a table [mm].
    wish : Wish
        What the surgeon wants instead.

    Returns
    -------
    Protocol
        Its turn is a whole number of steps.

    Raises
    ------
    PlanRefusal
        If a wish is out of range, or rate and rhythm make no whole step.

    References
    ----------
    .. [1] Evidence rows ``distraction.latency_*`` and ``distraction.rate_*``.
    """
    latency_key, rate_key = _rows_for(segment, age_years)
    latency = wish.latency_days
    rate = wish.rate_mm_per_day
    days = round(constant(latency_key).value) if latency is None else latency
    speed = constant(rate_key).value if rate is None else rate
    _check(segment, days, speed)
    rhythm = wish.rhythm_per_day
    if step_mm is None:
        return _set_by_table(
            segment, Protocol(days, speed, 1, (latency_key, rate_key)), rhythm
        )
    if rhythm is None:
        rhythm = _usual_rhythm(speed, step_mm)
    if rhythm not in TURN_HOURS:
        raise PlanRefusal(
            f"rhythm of {segment} is {rhythm} turns a day; allowed is 1 to "
            f"{max(TURN_HOURS)}"
        )
    steps = speed / rhythm / step_mm
    if steps < 1 or not math.isclose(steps, round(steps), abs_tol=1e-9):
        raise PlanRefusal(
            f"{speed:g} mm a day in {rhythm} turns is {speed / rhythm:g} mm a turn for "
            f"{segment}; the device turns in steps of {step_mm:g} mm"
        )
    return Protocol(days, speed, rhythm, (latency_key, rate_key))


def _set_by_table(segment: Segment, once: Protocol, rhythm: int | None) -> Protocol:
    if rhythm not in {None, 1}:
        raise PlanRefusal(
            f"rhythm of {segment} is {rhythm} turns a day; its frame is set once a day "
            "by a table; allowed is 1"
        )
    return once


def _rows_for(segment: Segment, age_years: float | None) -> tuple[str, str]:
    if segment.bone is Bone.TIBIA:
        return "distraction.latency_tibia", "distraction.rate_tibia"
    older = constant("distraction.older_age").value
    if age_years is not None and age_years > older:
        return "distraction.latency_femur", "distraction.rate_femur_older"
    return "distraction.latency_femur", "distraction.rate_femur"


def _check(segment: Segment, latency_days: int, rate: float) -> None:
    if not 0 <= latency_days <= 30:  # noqa: PLR2004 - a month heals a cut
        raise PlanRefusal(
            f"latency of {segment} is {latency_days} days; allowed is 0 to 30"
        )
    if not (math.isfinite(rate) and 0 < rate <= 3):  # noqa: PLR2004
        raise PlanRefusal(
            f"rate of {segment} is {rate:g} mm a day; allowed is above 0, up to 3"
        )


def _usual_rhythm(rate: float, step_mm: float) -> int:
    """Smallest useful turns: as many a day as the device's step allows."""
    usual = max(step_mm, constant("fixation.shortest_useful_step").value)
    return min(max(1, round(rate / usual)), max(TURN_HOURS))

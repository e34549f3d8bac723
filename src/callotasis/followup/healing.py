"""When will the bone be solid? Published healing, narrowed by this patient's films.

Before any film the day is as uncertain as the published index says. Each film then
tells two things: the bone is not solid yet, and its pixel value ratio has come so far
on the way from the end of distraction to healed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from callotasis.distraction import nail_bearing
from callotasis.errors import PlanRefusal
from callotasis.evidence import Evidence, constant
from callotasis.pose import Bone
from callotasis.rehabilitation.ladder import MOST_RATIO
from callotasis.worlds import Array, Interval, lognormal_moments

BAND = 0.9
DAYS = 400  # places at which the day of consolidation is weighed
FARTHEST_SD = 5.0
FARTHEST = 4.0  # times the earliest day that is still possible
NODES = np.linspace(
    -2.0, 2.0, 7
)  # standard deviations at which a start or end is tried
POWERS = 3
READING_TAIL = 4  # degrees of freedom: a ratio may be read wrongly now and then


@dataclass(frozen=True)
class CallusRead:
    """What one film says about the regenerate.

    Attributes
    ----------
    day : int
        Of the film, after distraction ended; day 0 is the osteotomy [day].
    ratio : float
        Pixel value ratio, regenerate over its neighbours [1].
    """

    day: int
    ratio: float

    def __post_init__(self) -> None:
        if not 0 < self.ratio < MOST_RATIO:
            raise PlanRefusal(
                f"ratio on day {self.day} is {self.ratio:g}; allowed is more than 0 "
                f"and less than {MOST_RATIO:g}"
            )


@dataclass(frozen=True)
class Course:
    """What is known of one bone's way to consolidation before its films.

    Attributes
    ----------
    index : Evidence
        Healing index of device and bone: days from surgery per cm [day/cm].
    gain_mm : float
        How much longer the bone became [mm].
    end_day : int
        Last day of distraction [day].
    """

    index: Evidence
    gain_mm: float
    end_day: int

    def __post_init__(self) -> None:
        least = constant("distraction.least_gain")
        if not self.gain_mm >= least.value:
            raise PlanRefusal(
                f"gain is {self.gain_mm:g} mm; a healing index speaks of "
                f"{least.value:g} mm or more"
            )

    @property
    def earliest_day(self) -> float:
        """Before which no bone is called solid [day]."""
        return self.end_day + constant("distraction.healing_floor").value


def consolidation(
    course: Course,
    reads: Sequence[CallusRead] = (),
    *,
    unhealed_day: int = 0,
    level: float = BAND,
) -> Interval:
    """Forecast the day of consolidation.

    Parameters
    ----------
    course : Course
        Of this bone.
    reads : sequence of CallusRead
        Films on which the bone was not solid yet, in any order.
    unhealed_day : int
        Any later day on which it is known not to be solid [day].
    level : float
        Share of patients inside the range [1].

    Returns
    -------
    Interval
        Median and that range [day].

    Raises
    ------
    PlanRefusal
        If a film was taken before distraction ended.

    References
    ----------
    .. [1] Bayes' rule on a grid of days. Before films: lognormal with the published
       mean and SD, all that lies before the earliest day counted there. Films: the
       rows ``followup.ratio_*``; start, end and course of the ratio are this patient's
       own, unknown, and averaged out.
    """
    early = [read.day for read in reads if read.day < course.end_day]
    if early:
        raise PlanRefusal(
            f"a ratio of day {early[0]}, before distraction ended on day "
            f"{course.end_day}; allowed are films of the finished gap"
        )
    last = max([unhealed_day, *(read.day for read in reads)])
    days, weight = _before_films(course, last)
    if reads:
        weight = weight * _likelihood(days, course.end_day, reads)
    share = np.cumsum(weight) / weight.sum()
    low, middle, high = np.interp([(1 - level) / 2, 0.5, (1 + level) / 2], share, days)
    return Interval(float(middle), float(low), float(high), level)


def full_weight_bearing(
    course: Course, consolidated: Interval, bone: Bone, *, external: bool
) -> Interval:
    """Forecast the day of full weight bearing.

    Parameters
    ----------
    course : Course
        Of this bone.
    consolidated : Interval
        When it will be solid, as :func:`consolidation` says [day].
    bone : Bone
        Femur or tibia.
    external : bool
        Whether a frame holds it: that comes off when the bone is solid.

    Returns
    -------
    Interval
        Of a nail the later of both sources, end by end: published loading may be
        ahead of published healing. A clinician decides [day].

    References
    ----------
    .. [1] Rows ``distraction.weight_femur`` and ``distraction.weight_tibia``.
    """
    if external:
        return consolidated
    source = nail_bearing(bone, course.gain_mm, course.end_day)
    mu, sigma = lognormal_moments(source.mean, source.sd)
    tail = (1 - BAND) / 2
    published = source.after_day + np.exp(mu + sigma * ndtri([0.5, tail, 1 - tail]))
    ours = (consolidated.value, consolidated.low, consolidated.high)
    value, low, high = (float(day) for day in np.maximum(published, ours))
    return Interval(value, low, high, BAND)


def _before_films(course: Course, last: int) -> tuple[Array, Array]:
    """Days that are possible, and how much of the published patients each holds."""
    centimetres = course.gain_mm / 10
    mu, sigma = lognormal_moments(
        course.index.value * centimetres, course.index.spread * centimetres
    )
    first = max(course.earliest_day, last)
    end = max(np.exp(mu + FARTHEST_SD * sigma), FARTHEST * first)
    days = np.geomspace(first, end, DAYS)
    # From the upper tail, where late days keep their digits.
    later = ndtr((mu - np.log(days)) / sigma)
    sooner = 1 - later[0] if first > last else 0.0
    return days, np.concatenate([[sooner], later[:-1] - later[1:]])


def ratio_reached(
    course: Course, ratio: float, reads: Sequence[CallusRead] = ()
) -> Interval:
    """Forecast the day on which the pixel value ratio comes to a gate.

    Parameters
    ----------
    course : Course
        Of this bone.
    ratio : float
        At which a step of loading is proposed [1].
    reads : sequence of CallusRead
        Films of the finished gap, in any order.

    Returns
    -------
    Interval
        Median and the range of 9 in 10; at the latest the day of consolidation [day].

    References
    ----------
    .. [1] The courses that :func:`consolidation` weighs, each read where it comes to
       that ratio.

    Examples
    --------
    >>> from callotasis.evidence import constant
    >>> course = Course(constant("distraction.healing_antegrade_femur"), 50.0, 56)
    >>> half, solid = ratio_reached(course, 0.82), consolidation(course)
    >>> half.value < solid.value
    True
    """
    last = max([0, *(read.day for read in reads)])
    days, weight = _before_films(course, last)
    at_end, healed, powers = _courses()
    joint = weight[:, None, None, None] * _weights(days, course.end_day, reads)
    share = (ratio - at_end[:, None]) / (healed - at_end[:, None])
    way = np.clip(share, 0.0, 1.0)[:, :, None] ** (1 / powers)
    when = course.end_day + (days - course.end_day)[:, None, None, None] * way
    order = np.argsort(when, axis=None)
    below = np.cumsum(joint.ravel()[order])
    shares = [(1 - BAND) / 2, 0.5, (1 + BAND) / 2]
    low, middle, high = np.interp(shares, below / below[-1], when.ravel()[order])
    return Interval(float(middle), float(low), float(high), BAND)


def _courses() -> tuple[Array, Array, Array]:
    """Starts, ends and powers of the ratio's course that are tried [1]."""
    at_end, healed = (
        row.value + row.spread * NODES
        for row in map(
            constant, ("followup.ratio_at_end", "followup.ratio_when_healed")
        )
    )
    power = constant("followup.ratio_course")
    return at_end, healed, np.linspace(power.low, power.high, POWERS)


def _weights(days: Array, end_day: int, reads: Sequence[CallusRead]) -> Array:
    """How well each course explains the ratios, shape (days, starts, ends, powers)."""
    at_end, healed, powers = _courses()
    scatter = constant("followup.ratio_read").value
    nodes = np.exp(-(NODES**2) / 2)
    believed = (nodes[:, None] * nodes)[:, :, None] * np.ones(POWERS)
    log_like = np.zeros((len(days), len(NODES), len(NODES), POWERS))
    for read in reads:
        way = np.clip((read.day - end_day) / (days - end_day), 0.0, 1.0)
        risen = way[:, None, None, None] ** powers
        rise = (healed - at_end[:, None])[:, :, None]
        expected = at_end[:, None, None] + rise * risen
        off = (read.ratio - expected) / scatter
        log_like -= (READING_TAIL + 1) / 2 * np.log1p(off**2 / READING_TAIL)
    like: Array = np.exp(log_like - log_like.max()) * believed
    return like


def _likelihood(days: Array, end_day: int, reads: Sequence[CallusRead]) -> Array:
    """How well each day of consolidation explains the ratios, shape (days,)."""
    averaged: Array = _weights(days, end_day, reads).sum(axis=(1, 2, 3))
    return averaged

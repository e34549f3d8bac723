"""What follows from a bone's course: a proposed change, its effect, load, gates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from callotasis.distraction import Bound, Change, Phase
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.followup.course import BoneCourse, newest_read
from callotasis.followup.findings import Observed
from callotasis.followup.forecasts import forecast
from callotasis.followup.gates import Healed
from callotasis.followup.proposals import ProposedChange, proposed
from callotasis.followup.standing import Effect
from callotasis.rehabilitation import Callus, Loading, Step, weight_bearing
from callotasis.softtissue import outlook
from callotasis.worlds import Interval

WEEKS_AHEAD = 4
UNLOADS = frozenset({"break", "compartment"})
"""Causes under which nobody is told to load."""


def proposed_for(
    course: BoneCourse, spoken: Iterable[Observed]
) -> ProposedChange | None:
    """Propose a change of the prescription while the bone is drawn out.

    Parameters
    ----------
    course : BoneCourse
        Of this bone.
    spoken : iterable of Observed
        Findings about it that nobody has answered.

    Returns
    -------
    ProposedChange or None
        From tomorrow on; None in other phases and where nothing asks for one.

    References
    ----------
    .. [1] The rules of ``rules.toml``.
    """
    turned = course.turning.turned_mm(course.now).value
    short = course.diary.now("short_mm") if course.day >= 0 else None
    change = proposed(
        spoken,
        course.bounds[-1],
        turned,
        course.device,
        tomorrow=course.on + timedelta(days=1),
        short_mm=float(short or 0.0),
    )
    if change is None or course.rests:
        return None
    drawn_out = course.phase in {Phase.LATENCY, Phase.DISTRACTION}
    extends = change.adaptation.change is Change.EXTEND
    # A stall of the last days shows on the first film after them; later loss is none.
    fresh = course.day - course.end_day <= constant("course.film_distraction").value
    just_over = course.phase is Phase.CONSOLIDATION and fresh and extends
    return change if drawn_out or just_over else None


def effect_of(course: BoneCourse, change: ProposedChange | None) -> Effect | None:
    """Say what a proposed change would do to dates and muscles.

    Parameters
    ----------
    course : BoneCourse
        Of this bone.
    change : ProposedChange or None
        What is proposed.

    Returns
    -------
    Effect or None
        None without a change, and where the device cannot do it.

    References
    ----------
    .. [1] Healing index and lag model, as for the course itself.
    """
    if change is None or change.bound is None:
        return None
    end = course.end_with(change.bound)
    goal = change.bound.prescription.total_mm or change.bound.start_mm
    way = replace(course.way, end_day=max(end, 0), gain_mm=goal)
    days = forecast(way)
    return Effect(
        end_day=(course.end_day, end),
        consolidation_day=None if days is None else days.consolidation_day,
        residual_stretch_mm=_stretch_with(course, change.bound, end),
    )


def _stretch_with(course: BoneCourse, bound: Bound, end: int) -> Mapping[str, Interval]:
    """Residual stretch some weeks on, at the mean rate of the new turns."""
    exams = course.range_exams
    left = bound.goal_mm - bound.start_mm
    days = end - course.day
    if course.cut is None or course.before is None or not exams or days <= 0:
        return {}
    if left <= 0:
        return {}
    rate = min(left / days, bound.prescription.protocol.rate_mm_per_day)
    ahead = outlook(
        course.cut,
        course.before,
        exams,
        course.turned_until,
        remaining_mm=left,
        rates=(rate,),
        today=course.day,
        lags=course.lags or None,
    )
    weeks = min(WEEKS_AHEAD, days // 7)
    return {
        group: rates[0].in_weeks(weeks).stretch_mm for group, rates in ahead.items()
    }


def loading_of(course: BoneCourse, spoken: Iterable[Observed] = ()) -> Loading | None:
    """Propose how much the leg may bear.

    Parameters
    ----------
    course : BoneCourse
        Of this bone.
    spoken : iterable of Observed
        Findings that nobody has answered.

    Returns
    -------
    Loading or None
        None before surgery; touching only while the bone may have given way. No
        kilograms: what a device carries is known only from a clinician's word.

    References
    ----------
    .. [1] :func:`callotasis.rehabilitation.weight_bearing`.
    """
    if course.phase is Phase.PLANNED:
        return None
    given_way = [one for one in spoken if one.cause in UNLOADS]
    if given_way:
        finding = given_way[0].finding
        word = ("film and the surgeon's word",)
        return Loading(Step.TOUCH, None, (finding.sentence,), word, (finding.evidence,))
    read = newest_read(course.films)
    callus = Callus()
    if read is not None:
        ratios = {name: ratio for name, ratio in read.ratio.items() if ratio > 0}
        callus = Callus(ratios, read.bridged_cortices)
    bone, kind = course.segment.bone, course.device.kind
    return weight_bearing(bone, kind, course.phase, callus)


def healed_of(course: BoneCourse, spoken: Iterable[Observed]) -> Healed:
    """Put together what gates ask for.

    Parameters
    ----------
    course : BoneCourse
        Of this bone.
    spoken : iterable of Observed
        Findings about it.

    Returns
    -------
    Healed
        With the newest film that speaks of new bone.

    References
    ----------
    .. [1] Bookkeeping.
    """
    return Healed(
        bone=course.segment.bone,
        kind=course.device.kind,
        phase=course.phase,
        day=course.day,
        film=newest_read(course.films),
        allowed=course.allowed,
        findings=tuple(
            one.finding.key for one in spoken if one.finding.level is Level.STOP
        ),
    )

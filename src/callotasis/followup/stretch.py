"""What muscles have not yet grown, read off a course's joint ranges."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from callotasis.distraction import Phase
from callotasis.findings import Finding, Level
from callotasis.followup.course import BoneCourse
from callotasis.followup.findings import Observed, Soon
from callotasis.pose import Bone, Segment
from callotasis.softtissue import (
    NerveStretch,
    Outlook,
    lag_findings,
    nerve_stretch,
    outlook,
    residual_stretch,
)
from callotasis.worlds import Interval

NOT_EXPLAINED = "softtissue.not_explained"


def stretch_of(course: BoneCourse) -> dict[str, Interval]:
    """Tell how much stretch is not yet grown, by all exams together.

    Parameters
    ----------
    course : BoneCourse
        With ranges from before surgery and since.

    Returns
    -------
    dict of str to Interval
        By muscle group, never more than was turned; from the last exam alone where no
        lag can be fitted; empty where ranges or the cut are not known [mm].

    References
    ----------
    .. [1] :func:`callotasis.softtissue.fit_lag`, which parts what surgery alone cost
       from what lengthening stretches.
    """
    exams = course.range_exams
    if course.cut is None or course.before is None or not exams:
        return {}
    most = course.turning.turned_mm(course.now).high
    alone = residual_stretch(course.cut, course.before, exams[-1].ranges)
    fitted = {
        group: lag.from_gain_mm
        for group, lag in course.lags.items()
        if lag.days[-1] == exams[-1].day
    }
    return {group: _at_most(fitted.get(group, mm), most) for group, mm in alone.items()}


def _at_most(stretch: Interval, most: float) -> Interval:
    """Cut off what no lengthening could have stretched."""
    ends = (stretch.value, stretch.low, stretch.high)
    value, low, high = (min(end, most) for end in ends)
    return Interval(value, low, high, stretch.level)


def stretch_findings(course: BoneCourse) -> tuple[Observed, ...]:
    """Say where lost motion is not what lengthening explains.

    Parameters
    ----------
    course : BoneCourse
        While it is drawn out.

    Returns
    -------
    tuple of Observed
        At most one: exams that no lag explains.

    References
    ----------
    .. [1] :func:`callotasis.softtissue.lag_findings`.
    """
    if course.phase is not Phase.DISTRACTION:
        return ()
    bone: Bone = course.segment.bone
    found = {
        group: finding
        for group, lag in course.lags.items()
        for finding in lag_findings(bone, lag)
        if finding.key == NOT_EXPLAINED
    }
    if not found:
        return ()
    finding = _joined(found, course.segment)
    return (Observed(finding, course.range_exams[-1].day, Soon.WEEK),)


def _joined(found: Mapping[str, Finding], segment: Segment) -> Finding:
    return Finding(
        Level.NOTE,
        NOT_EXPLAINED,
        f"Motion beside the {segment.words} does not follow the lengthening alone "
        f"({', '.join(found)}).",
        "Measure again; look for pain, swelling or a pin that tethers before slowing.",
        about=str(segment),
    )


def nerve_of(course: BoneCourse) -> NerveStretch | None:
    """Tell by how much this bone draws its leg's nerve out, in name only.

    Parameters
    ----------
    course : BoneCourse
        With the length of both bones of the leg before surgery.

    Returns
    -------
    NerveStretch or None
        By all that was turned and by a usual day of turning; None where a length is
        not known or nothing was turned.

    References
    ----------
    .. [1] :func:`callotasis.softtissue.nerve_stretch`.
    """
    gain = course.turning.turned_mm(course.now).value
    if course.cut is None or course.beside_mm is None or gain <= 0:
        return None
    own, rate = course.cut.bone_length_mm, course.prescription.protocol.rate_mm_per_day
    return nerve_stretch(
        own,
        course.beside_mm,
        lengthened_mm=own,
        gain_mm=gain,
        rate_mm_per_day=rate if course.phase is Phase.DISTRACTION else 0.0,
    )


def outlooks_of(course: BoneCourse) -> dict[str, tuple[Outlook, ...]]:
    """Look ahead at three rates, for each muscle group.

    Parameters
    ----------
    course : BoneCourse
        While it is drawn out.

    Returns
    -------
    dict of str to tuple of Outlook
        Empty in other phases, and where ranges or the cut are not known.

    References
    ----------
    .. [1] :func:`callotasis.softtissue.outlook`.
    """
    exams = course.range_exams
    if course.cut is None or course.before is None or not exams:
        return {}
    if course.phase is not Phase.DISTRACTION:
        return {}
    left = course.turning.all_mm - float(course.turned_until(np.array([course.day]))[0])
    ahead = outlook(
        course.cut,
        course.before,
        exams,
        course.turned_until,
        remaining_mm=max(left, 0.0),
        today=course.day,
        lags=course.lags or None,
    )
    return dict(ahead)

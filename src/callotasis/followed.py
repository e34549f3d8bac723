"""How a case stands on a day: each bone's turning, its forecast, and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from callotasis.casework import signed_turns
from callotasis.distraction import HEALING, Prescription, nail_bearing
from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.findings import URGENCY, Finding, Level
from callotasis.fixation import every_device
from callotasis.followup import (
    Course,
    Observed,
    Turning,
    consolidation,
    full_weight_bearing,
    turning_findings,
    turning_of,
)
from callotasis.followup.turned import STEP_MM
from callotasis.pose import Segment
from callotasis.record import Case, CaseFolder
from callotasis.surgery import Surgery, surgeries_of
from callotasis.worlds import Interval


class Phase(StrEnum):
    """Where a bone stands in its course."""

    PLANNED = "planned"
    LATENCY = "latency"
    DISTRACTION = "distraction"
    CONSOLIDATION = "consolidation"


@dataclass(frozen=True)
class Forecast:
    """Days that nobody can promise.

    Attributes
    ----------
    consolidation_day : Interval
        When the bone will be solid, with the range of 9 in 10 [day].
    full_weight_bearing_day : Interval
        When it may carry everything; a clinician decides [day].
    evidence : tuple of str
        Rows behind both days.
    """

    consolidation_day: Interval
    full_weight_bearing_day: Interval
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """One bone on one day.

    Attributes
    ----------
    phase : Phase
        By what was done, not by the calendar alone.
    day : int
        Since its own osteotomy [day].
    prescribed_mm : float
        What was to be turned until then [mm].
    turned_mm : Interval
        What was turned; the interval holds turns that may be entered twice [mm].
    forecast : Forecast or None
        None before surgery, and where no healing index speaks of so small a gain.
    """

    phase: Phase
    day: int
    prescribed_mm: float
    turned_mm: Interval
    forecast: Forecast | None


@dataclass(frozen=True)
class Standing:
    """The whole case on one day.

    Attributes
    ----------
    day : int
        Since the first osteotomy; negative before it [day].
    on : date
        The same as a date.
    segments : dict of Segment to Followed
        Every bone that a signed plan holds.
    findings : tuple of Observed
        Most urgent first.
    """

    day: int
    on: date
    segments: Mapping[Segment, Followed]
    findings: tuple[Observed, ...]


def follow(folder: CaseFolder, as_of: int | date | None = None) -> Standing:
    """Say how the case stands.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan.
    as_of : int, date or None
        Day since the first osteotomy, or date, at whose end to look; today if None.
        What happened later is not seen.

    Returns
    -------
    Standing
        Of every bone with a signed prescription.

    Raises
    ------
    RecordRefusal
        If no plan is signed, or an entry cannot be read.
    """
    case = folder.case()
    signed = signed_turns(case)
    if not signed:
        raise RecordRefusal(
            f"{folder.path} holds no signed plan; nothing can be followed"
        )
    operated = surgeries_of(case)
    bones = {Segment.parse(name): said for name, said in signed.items()}
    zero = {
        bone: _zero(prescription, operated.get(bone))
        for bone, (prescription, _) in bones.items()
    }
    first = min(zero.values())
    on = _date(as_of, first)
    seen = _until(case, on)
    operated = surgeries_of(seen)
    segments: dict[Segment, Followed] = {}
    findings: list[Observed] = []
    for bone, (prescription, approach) in bones.items():
        turning = turning_of(seen, prescription)
        segments[bone] = _followed(turning, approach, zero[bone], on)
        findings += turning_findings(turning, zero[bone], _end(on))
        findings += _surgery_findings(prescription, operated.get(bone), on)
    findings.sort(key=lambda o: (URGENCY[o.finding.level], o.since_day))
    return Standing((on - first).days, on, segments, tuple(findings))


def _followed(turning: Turning, approach: str, zero: date, on: date) -> Followed:
    day = (on - zero).days
    turned = turning.turned_mm(_end(on))
    phase = _phase(turning, turned, day)
    return Followed(
        phase=phase,
        day=day,
        prescribed_mm=turning.prescribed_mm(_end(on)),
        turned_mm=turned,
        forecast=_forecast(turning, turned, approach, (zero, day), phase),
    )


def _phase(turning: Turning, turned: Interval, day: int) -> Phase:
    if day < 0:
        return Phase.PLANNED
    if turned.high >= turning.all_mm - STEP_MM:
        return Phase.CONSOLIDATION
    started = bool(turned.high) or day >= turning.prescription.turns[0].day
    return Phase.DISTRACTION if started else Phase.LATENCY


def _forecast(
    turning: Turning,
    turned: Interval,
    approach: str,
    when: tuple[date, int],
    phase: Phase,
) -> Forecast | None:
    """Forecast from the end of distraction, which moves with every turn left out."""
    asked = turning.prescription
    least = constant("distraction.least_gain").value
    if phase is Phase.PLANNED or asked.total_mm < least:
        return None
    zero, day = when
    end = (asked.turns[-1].at.date() - zero).days
    if phase is Phase.CONSOLIDATION:
        end = max((turning.turns[-1][0].date() - zero).days, 0)
    else:
        left = (turning.all_mm - turned.value) / asked.protocol.rate_mm_per_day
        end = max(end, day + math.ceil(left))
    kind = every_device()[asked.device].kind
    index = constant(HEALING[kind, asked.segment.bone, approach])
    course = Course(index, asked.total_mm, end)
    solid = consolidation(course)
    loaded = full_weight_bearing(
        course, solid, asked.segment.bone, external=kind.external
    )
    loading = nail_bearing(asked.segment.bone, course.gain_mm, end).evidence
    sources = (index.key,) if kind.external else (index.key, loading)
    return Forecast(_whole_days(solid), _whole_days(loaded), sources)


def _whole_days(band: Interval) -> Interval:
    """Say no more than days."""
    value, low, high = (float(round(x)) for x in (band.value, band.low, band.high))
    return Interval(value, low, high, band.level)


def _surgery_findings(
    asked: Prescription, surgery: Surgery | None, on: date
) -> list[Observed]:
    """Say where the turns rest on a day of surgery that was not the real one."""
    bone = asked.segment
    if surgery is None:
        if on < asked.surgery_on:
            return []
        finding = Finding(
            Level.CAUTION,
            "surgery.unsaid",
            f"Nobody wrote down what was done to the {bone.words} on "
            f"{asked.surgery_on}; days are counted from then.",
            "Add the surgery entry.",
            about=str(bone),
        )
        return [Observed(finding, 0)]
    if surgery.done_on == asked.surgery_on:
        return []
    finding = Finding(
        Level.CAUTION,
        "surgery.other_day",
        f"The {bone.words} was operated on {surgery.done_on}; its turns are dated from "
        f"{asked.surgery_on}.",
        "Plan and sign again with the real day.",
        about=str(bone),
    )
    return [Observed(finding, 0)]


def _zero(asked: Prescription, surgery: Surgery | None) -> date:
    return asked.surgery_on if surgery is None else surgery.done_on


def _date(as_of: int | date | None, first: date) -> date:
    if as_of is None:
        return datetime.now().astimezone().date()
    return first + timedelta(days=as_of) if isinstance(as_of, int) else as_of


def _end(on: date) -> datetime:
    """The last moment of a day, by the patient's clock."""
    return datetime.combine(on, time.max)


def _until(case: Case, on: date) -> Case:
    """The case without what happened on later days."""
    seen = tuple(entry for entry in case.entries if entry.wall_clock <= _end(on))
    return replace(case, entries=seen)

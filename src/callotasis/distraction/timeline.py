"""Dates as ranges: distraction, healing, full weight bearing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from callotasis.distraction.prescription import Prescription
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation import Kind
from callotasis.pose import Bone, Segment
from callotasis.worlds import Array, Worlds

SHARE = 0.8
"""A range holds 8 of 10 patients of the source."""


@dataclass(frozen=True)
class DayRange:
    """A day that nobody can promise: median and the range of 8 of 10.

    Attributes
    ----------
    value, low, high : int
        Days after surgery [day].
    level : float
        Share of patients inside [1].
    value_on, low_on, high_on : date
        The same as dates.
    """

    value: int
    low: int
    high: int
    level: float
    value_on: date
    low_on: date
    high_on: date


@dataclass(frozen=True)
class Milestone:
    """One line of the timeline.

    Attributes
    ----------
    name : str
        What happens.
    counted_from : str
        The event from which its source counts.
    days : DayRange
        When.
    evidence : str
        Row behind it; empty where the prescription itself decides.
    """

    name: str
    counted_from: str
    days: DayRange
    evidence: str


HEALING = {
    (Kind.NAIL, Bone.FEMUR, "antegrade"): "distraction.healing_antegrade_femur",
    (Kind.NAIL, Bone.FEMUR, "retrograde"): "distraction.healing_retrograde_femur",
    (Kind.NAIL, Bone.TIBIA, "antegrade"): "distraction.healing_antegrade_tibia",
    (Kind.RAIL, Bone.FEMUR, ""): "distraction.healing_rail_femur",
    (Kind.RAIL, Bone.TIBIA, ""): "distraction.healing_rail_tibia",
    (Kind.RING, Bone.FEMUR, ""): "distraction.healing_ring_femur",
    (Kind.RING, Bone.TIBIA, ""): "distraction.healing_rail_tibia",
    (Kind.HEXAPOD, Bone.FEMUR, ""): "distraction.healing_ring_femur",
    (Kind.HEXAPOD, Bone.TIBIA, ""): "distraction.healing_rail_tibia",
}
"""Healing index by device, bone and approach: days from surgery to consolidation."""


def timeline_of(
    prescription: Prescription, kind: Kind, approach: str, worlds: Worlds
) -> tuple[Milestone, ...]:
    """Work out when each phase ends, as ranges.

    Parameters
    ----------
    prescription : Prescription
        For latency, last turn and gain.
    kind : Kind
        Of the device.
    approach : str
        ``antegrade`` or ``retrograde`` for a nail; empty for a frame.
    worlds : Worlds
        Draws the durations.

    Returns
    -------
    tuple of Milestone
        In the order in which they come.

    References
    ----------
    .. [1] Evidence rows ``distraction.healing_*`` and ``distraction.weight_*``;
       durations are lognormal with the published mean and standard deviation.
    """
    surgery = Milestone("surgery", "surgery", _exactly(prescription, 0), "")
    if not prescription.turns:
        return (surgery,)
    turning = (surgery, *_loading(prescription, kind), *_turning(prescription))
    if prescription.total_mm < constant("distraction.least_gain").value:
        # No index speaks of a bone that is cut and hardly lengthened: nothing is said.
        return turning
    healing_key = HEALING[kind, prescription.segment.bone, approach]
    healed = _healed(prescription, healing_key, worlds)
    bearing = _weight_bearing(prescription, kind, healed, worlds)
    return (
        *turning,
        Milestone(
            "bone consolidated",
            "surgery",
            _range(prescription, healed),
            healing_key,
        ),
        Milestone(
            "full weight bearing",
            bearing[1],
            _range(prescription, bearing[0]),
            bearing[2],
        ),
    )


def _turning(prescription: Prescription) -> tuple[Milestone, Milestone]:
    latency, rate = prescription.protocol.evidence[:2]
    first, last = prescription.protocol.latency_days, prescription.last_day
    return (
        Milestone(
            "distraction starts", "surgery", _exactly(prescription, first), latency
        ),
        Milestone("distraction ends", "surgery", _exactly(prescription, last), rate),
    )


def timeline_findings(
    segment: Segment, timeline: tuple[Milestone, ...]
) -> list[Finding]:
    """Say where sources contradict each other about one bone.

    Parameters
    ----------
    segment : Segment
        The bone.
    timeline : tuple of Milestone
        Its dates [day].

    Returns
    -------
    list of Finding
        A caution where full weight bearing would come before consolidation.

    References
    ----------
    .. [1] The evidence rows of both milestones.
    """
    days = {m.name: m for m in timeline}
    healed, bearing = days.get("bone consolidated"), days.get("full weight bearing")
    if healed is None or bearing is None or bearing.days.value >= healed.days.value:
        return []
    return [
        Finding(
            Level.CAUTION,
            "timeline.bearing_first",
            f"For the {segment.words} the source of full weight bearing (median day "
            f"{bearing.days.value}) is ahead of the source of healing (median day "
            f"{healed.days.value}).",
            "Trust the films; take the later one.",
            bearing.evidence,
            str(segment),
        )
    ]


def _loading(prescription: Prescription, kind: Kind) -> tuple[Milestone, ...]:
    """Name when a frame may be loaded; a nail has no such line."""
    if not kind.external:
        return ()
    row = constant("distraction.weight_rail")
    days = _dated(
        prescription, round(row.value), round(row.low), round(row.high), SHARE
    )
    return (Milestone("loading as tolerated, in the frame", "surgery", days, row.key),)


def _healed(prescription: Prescription, key: str, worlds: Worlds) -> Array:
    """Days from surgery to consolidation, never before the floor."""
    row = constant(key)
    name = f"healing/{prescription.segment}"
    centimetres = prescription.total_mm / 10
    drawn = worlds.lognormal(name, row.value, row.spread) * centimetres
    return np.maximum(drawn, _floor(prescription))


def _floor(prescription: Prescription) -> float:
    return prescription.last_day + constant("distraction.healing_floor").value


def _weight_bearing(
    prescription: Prescription, kind: Kind, healed: Array, worlds: Worlds
) -> tuple[Array, str, str]:
    """Days to full weight bearing, from what its source counts, and the source."""
    if kind.external:
        # A frame carries the leg until the bone does: unaided when it is off.
        key = HEALING[kind, prescription.segment.bone, ""]
        return healed, "surgery, frame off when consolidated", key
    bearing = nail_bearing(
        prescription.segment.bone, prescription.total_mm, prescription.last_day
    )
    name = f"weight/{prescription.segment}"
    days = bearing.after_day + worlds.lognormal(name, bearing.mean, bearing.sd)
    counted = "end of distraction" if bearing.after_day else "surgery"
    return np.maximum(days, _floor(prescription)), counted, bearing.evidence


@dataclass(frozen=True)
class Bearing:
    """Published days to full weight bearing on a nail.

    Attributes
    ----------
    after_day : int
        From which they count: 0, or the end of distraction [day].
    mean, sd : float
        Of a lognormal number of days [day].
    evidence : str
        Row behind them.
    """

    after_day: int
    mean: float
    sd: float
    evidence: str


def nail_bearing(bone: Bone, gain_mm: float, end_day: int) -> Bearing:
    """Say when a nailed bone of the published series was fully loaded.

    Parameters
    ----------
    bone : Bone
        Femur or tibia.
    gain_mm : float
        How much longer the bone becomes; of a femur it does not matter [mm].
    end_day : int
        Last day of distraction [day].

    Returns
    -------
    Bearing
        In days.

    References
    ----------
    .. [1] Evidence rows ``distraction.weight_femur`` and ``distraction.weight_tibia``.
    """
    if bone is Bone.FEMUR:
        row = constant("distraction.weight_femur")
        return Bearing(0, row.value, row.spread, row.key)
    row = constant("distraction.weight_tibia")
    healing = constant("distraction.healing_antegrade_tibia")
    # One centre prints 60 days for 50 mm without a spread: that of healing is taken.
    mean = row.value * gain_mm / 50
    return Bearing(end_day, mean, mean * healing.spread / healing.value, row.key)


def _range(prescription: Prescription, days: Array) -> DayRange:
    tail = (1 - SHARE) / 2
    low, high = np.quantile(days[1:], [tail, 1 - tail])
    return _dated(prescription, round(float(days[0])), round(low), round(high), SHARE)


def _exactly(prescription: Prescription, day: int) -> DayRange:
    """Return a day that the prescription decides: exact, whoever keeps to it."""
    return _dated(prescription, day, day, day, 1.0)


def _dated(
    prescription: Prescription, value: int, low: int, high: int, level: float
) -> DayRange:
    on = [prescription.surgery_on + timedelta(days=d) for d in (value, low, high)]
    return DayRange(value, low, high, level, *on)

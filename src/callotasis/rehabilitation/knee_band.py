"""The rough band of knee motion: only where a published series speaks, nothing between.

No month-by-month means of lengthened knees were found. A page may draw these points
beside a patient's own; it must not join them.
"""

from __future__ import annotations

from dataclasses import dataclass

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone

ROUGH = "rough"
DAYS_A_MONTH = 30.4375
FULLEST_DEG = 170.0


@dataclass(frozen=True)
class BandPoint:
    """What one series says of one day, laid on this patient's own bend before.

    Attributes
    ----------
    day : int
        Since surgery [day].
    low_deg, high_deg : float
        Of the band; equal where a mean alone was printed [deg].
    band_is : str
        What the band is.
    who : str
        Whose knees they were.
    evidence : str
        Row behind it.
    label : str
        How sure it is.
    """

    day: int
    low_deg: float
    high_deg: float
    band_is: str
    who: str
    evidence: str
    label: str = ROUGH


MEAN_ALONE = "a mean; how far persons scatter was not read"
TWO_READINGS = "two readings of one sentence: of all bend, or of what was lost"
PERSONS = "mean ± 2 SD of persons"


def knee_band(
    bone: Bone, kind: Kind, before_deg: float, latency_days: int, end_day: int
) -> tuple[BandPoint, ...]:
    """What published series say of the bend of a knee, day by day where they speak.

    Parameters
    ----------
    bone : Bone
        That is lengthened.
    kind : Kind
        Of its device: series of frames say nothing of nails, nor the other way.
    before_deg : float
        Bend of this knee before surgery [deg].
    latency_days : int
        From surgery to the first turn [day].
    end_day : int
        Last day of distraction [day].

    Returns
    -------
    tuple of BandPoint
        By day; between them nothing is known.

    Raises
    ------
    PlanRefusal
        If the bend before is none that a knee has, or the days do not rise.

    References
    ----------
    .. [1] Rows ``rehabilitation.motion_*``. Months are counted from surgery, which the
       abstracts leave open.

    Examples
    --------
    >>> [(p.day, p.low_deg) for p in knee_band(Bone.FEMUR, Kind.NAIL, 140.0, 7, 57)]
    [(871, 140.1)]
    """
    if not 0 < before_deg <= FULLEST_DEG:
        raise PlanRefusal(
            f"before_deg is {before_deg:g}; allowed is more than 0 and up to "
            f"{FULLEST_DEG:g} degrees"
        )
    if not 0 <= latency_days < end_day:
        raise PlanRefusal(
            f"latency_days is {latency_days} and end_day {end_day}; allowed is "
            "0 <= latency_days < end_day"
        )
    if not kind.external:
        return _nailed(bone, before_deg)
    points = (
        _framed_femur(before_deg, latency_days, end_day) if bone is Bone.FEMUR else []
    )
    return tuple(sorted([*points, _in_the_end(before_deg)], key=lambda p: p.day))


FINAL_FRAME_MONTHS, FINAL_NAIL_MONTHS = 41, 28.6


def _nailed(bone: Bone, before: float) -> tuple[BandPoint, ...]:
    """One series of femora with a mechanical nail, at its end."""
    if bone is Bone.TIBIA:
        return ()
    row = constant("rehabilitation.motion_final_nail")
    return (_mean(FINAL_NAIL_MONTHS, before + row.value, row.key),)


def _in_the_end(before: float) -> BandPoint:
    row = constant("rehabilitation.motion_final_frame")
    return _mean(FINAL_FRAME_MONTHS, before - row.value, row.key)


def _framed_femur(before: float, latency: int, end: int) -> list[BandPoint]:
    """Barker's three days, and the knees of Khakharia that went stiff."""
    lost = constant("rehabilitation.motion_before_lengthening")
    stiff = constant("rehabilitation.motion_stiff_quarter")
    first = BandPoint(
        latency,
        _bend(before - lost.high),
        _bend(before - lost.low),
        PERSONS,
        lost.population,
        lost.key,
    )
    at_end = _bend(before - stiff.value)
    worst = BandPoint(end, at_end, at_end, MEAN_ALONE, stiff.population, stiff.key)
    regained = [
        _regained(months, before, lost.value, key)
        for months, key in (
            (6, "rehabilitation.motion_6_months"),
            (18, "rehabilitation.motion_18_months"),
        )
    ]
    return [first, worst, *regained]


def _regained(months: float, before: float, lost: float, key: str) -> BandPoint:
    """Of all bend, or of what was lost: the abstract can be read either way."""
    row = constant(key)
    share = row.value / 100
    both = before * share, before - lost * (1 - share)
    return BandPoint(
        round(months * DAYS_A_MONTH),
        _bend(min(both)),
        _bend(max(both)),
        TWO_READINGS,
        row.population,
        key,
    )


def _mean(months: float, bend: float, key: str) -> BandPoint:
    at = _bend(bend)
    day = round(months * DAYS_A_MONTH)
    return BandPoint(day, at, at, MEAN_ALONE, constant(key).population, key)


def _bend(degrees: float) -> float:
    """A knee bends no less than not at all, and no more than it can."""
    return min(max(degrees, 0.0), FULLEST_DEG)

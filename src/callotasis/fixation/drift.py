"""How the mechanical axis wanders when a femur is lengthened along its canal."""

from __future__ import annotations

import math
from dataclasses import dataclass

from callotasis.alignment import Limb, sample_limb, summarised
from callotasis.evidence import constant
from callotasis.pose import Bone, Segment
from callotasis.worlds import Interval


@dataclass(frozen=True)
class AxisDrift:
    """Lateral shift of the mechanical axis, by geometry and as published.

    Attributes
    ----------
    geometry_mm : Interval
        From this leg's own axes [mm].
    published_mm : Interval or None
        Observed per centimetre, times the gain [mm]; femur with a nail only.
    """

    geometry_mm: Interval
    published_mm: Interval | None
    evidence: str


def axis_angle_after(angle_deg: float, gain_share: float) -> float:
    """Angle between anatomic and mechanical axis after lengthening along the former.

    Parameters
    ----------
    angle_deg : float
        Before [deg].
    gain_share : float
        Gain divided by the length of the femur [1].

    Returns
    -------
    float
        atan2(sin a, cos a + gain share) [deg].

    References
    ----------
    .. [1] Planning facts 3.3; Emara, WJO 2017: -0.57 deg for each 10 %.

    Examples
    --------
    >>> round(axis_angle_after(6.27, 0.10) - 6.27, 3)
    -0.569
    """
    angle = math.radians(angle_deg)
    return math.degrees(math.atan2(math.sin(angle), math.cos(angle) + gain_share))


def neutral_leg_shift(
    gain_mm: float, angle_deg: float, femur_mm: float, tibia_mm: float
) -> float:
    """Lateral shift of the axis of a straight leg lengthened along the canal.

    Parameters
    ----------
    gain_mm, femur_mm, tibia_mm : float
        Gain along the canal and lengths of the bones [mm].
    angle_deg : float
        Between anatomic and mechanical axis [deg].

    Returns
    -------
    float
        s = g·sin a·T / (F + T + g·cos a) [mm].

    References
    ----------
    .. [1] Planning facts 3.3.

    Examples
    --------
    >>> round(neutral_leg_shift(50, 7, 430, 370), 2)
    2.65
    """
    angle = math.radians(angle_deg)
    whole = femur_mm + tibia_mm + gain_mm * math.cos(angle)
    return gain_mm * math.sin(angle) * tibia_mm / whole


def drift_of(
    segment: Segment,
    before: Limb,
    after: Limb,
    extension_mm: float,
    *,
    along_canal: bool,
) -> AxisDrift:
    """Drift of the axis that one device makes on one leg.

    Parameters
    ----------
    segment : Segment
        The lengthened bone.
    before, after : Limb
        Limb after the acute part, and after the distraction [mm].
    extension_mm : float
        Of the device [mm].
    along_canal : bool
        Whether the device slides in the canal.

    Returns
    -------
    AxisDrift
        Lateral positive [mm].

    References
    ----------
    .. [1] Evidence row ``fixation.drift_published``.
    """
    shift = sample_limb(before)["mad_mm"] - sample_limb(after)["mad_mm"]
    geometry = summarised({"axis drift": shift})["axis drift"]
    if segment.bone is not Bone.FEMUR or not along_canal:
        return AxisDrift(geometry, None, "")
    row = constant("fixation.drift_published")
    per_mm = extension_mm / 10
    # The whole observed range, not a 95 % interval.
    published = Interval(
        row.value * per_mm, row.low * per_mm, row.high * per_mm, level=1.0
    )
    return AxisDrift(geometry, published, row.key)

"""A body that leans: what it does to the bone, and how far it may."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.hinged.hinges import Angulation, distal_axis
from callotasis.pose import Segment
from callotasis.worlds import Array

STEEPEST_DEG = 45.0


@dataclass(frozen=True)
class Lean:
    """How the body of a rail points beside the axis along which the bone shall grow.

    Attributes
    ----------
    lateral_deg : float
        Its distal end leans laterally, on the frontal film [deg].
    anterior_deg : float or None
        Its distal end leans forward, on the lateral film [deg]; None if there is none.
    """

    lateral_deg: float
    anterior_deg: float | None = None

    def __post_init__(self) -> None:
        for angle in (self.lateral_deg, self.anterior_deg or 0.0):
            if not abs(angle) <= STEEPEST_DEG:
                raise DeviceRefusal(
                    f"a body that leans {angle:g}° from the bone; allowed is up to "
                    f"{STEEPEST_DEG:g}° either way"
                )


def slide_shift(
    gain_mm: float | Array, lateral_deg: float | Array, anterior_deg: float | Array
) -> Array:
    """Where lengthening along a leaning body carries the distal fragment.

    Parameters
    ----------
    gain_mm : float or Array
        Along the body [mm].
    lateral_deg, anterior_deg : float or Array
        Of the body from the bone's axis, on either film [deg].

    Returns
    -------
    Array
        Shape (..., 3): lateral, anterior, proximal [mm].

    References
    ----------
    .. [1] In one plane: gain·sin(a) to the side; planning facts 3.3.

    Examples
    --------
    >>> [round(float(x), 2) for x in slide_shift(50.0, 5.0, 0.0)]
    [4.36, 0.0, -49.81]
    """
    along = distal_axis(
        Angulation(0.0),
        np.asarray(lateral_deg, float),
        -np.asarray(anterior_deg, float),
    )
    return np.asarray(np.asarray(gain_mm)[..., None] * along)


def largest_lean(gain_mm: float) -> float:
    """Largest angle between body and bone that still leaves the axis where it is.

    Parameters
    ----------
    gain_mm : float
        Along the body [mm].

    Returns
    -------
    float
        In whichever plane the body leans; 90 where the gain itself is less than the
        limit [deg].

    Raises
    ------
    DeviceRefusal
        If nothing is gained.

    References
    ----------
    .. [1] gain·sin(a) is at most ``plan.off_cora``, a shift that counts as none.

    Examples
    --------
    >>> round(largest_lean(50.0), 1), round(largest_lean(80.0), 1)
    (3.4, 2.1)
    """
    if not (math.isfinite(gain_mm) and gain_mm > 0):
        raise DeviceRefusal(f"a gain of {gain_mm:g} mm; allowed is more than 0")
    limit = constant("plan.off_cora").value
    return math.degrees(math.asin(min(1.0, limit / gain_mm)))


def lean_findings(segment: Segment, lean_deg: float, gain_mm: float) -> list[Finding]:
    """Say what a body that leans does to the bone.

    Parameters
    ----------
    segment : Segment
        The bone.
    lean_deg : float
        How far the body's distal end leans laterally [deg].
    gain_mm : float
        Along the body [mm].

    Returns
    -------
    list of Finding
        A caution where the shift counts.

    References
    ----------
    .. [1] :func:`largest_lean`.
    """
    if gain_mm <= 0 or abs(lean_deg) <= largest_lean(gain_mm):
        return []
    aside = gain_mm * math.sin(math.radians(abs(lean_deg)))
    side = "laterally" if lean_deg > 0 else "medially"
    return [
        Finding(
            Level.CAUTION,
            "rail.lean",
            f"A body that leans {abs(lean_deg):g}° carries the distal part of the "
            f"{segment.words} {aside:.1f} mm {side} over {gain_mm:.4g} mm; up to "
            f"{largest_lean(gain_mm):.1f}° counts as none.",
            "Set the body along the bone's axis, or shift the fragment at the end.",
            "plan.off_cora",
            str(segment),
        )
    ]

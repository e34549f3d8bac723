"""How far the joints move: what a physiotherapist measured on one day."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar

from pydantic import Field

from callotasis.errors import RecordRefusal

# Neither "120" nor true is an angle.
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]

STRAIGHT_DEG = 180.0
FOOT_AT_RIGHT_ANGLES_DEG = 90.0
MOST_RADIANS = math.pi

ALLOWED_DEG = {
    "knee_flexion_deg": (0.0, 165.0),
    "knee_flexion_prone_deg": (0.0, 165.0),
    "knee_extension_lack_deg": (-20.0, 90.0),
    "dorsiflexion_knee_straight_deg": (-60.0, 45.0),
    "dorsiflexion_knee_bent_deg": (-60.0, 50.0),
    "popliteal_angle_deg": (0.0, 110.0),
    "hip_extension_deg": (-60.0, 40.0),
}
"""Beyond what joints do; each limit catches a slip of convention or unit."""

COUNTED_FROM = {
    "knee_flexion_deg": "0 is straight",
    "knee_flexion_prone_deg": "0 is straight",
    "knee_extension_lack_deg": "0 is straight, a lack is positive",
    "dorsiflexion_knee_straight_deg": "0 is the foot at right angles to the leg",
    "dorsiflexion_knee_bent_deg": "0 is the foot at right angles to the leg",
    "popliteal_angle_deg": "0 is a straight knee with the hip bent to 90",
    "hip_extension_deg": "0 is the thigh in line with the trunk, a lack negative",
}
"""Zero of each range, as in the neutral-zero method."""

BENDS_FAR = ("knee_flexion_deg", "knee_flexion_prone_deg")


@dataclass(frozen=True)
class Ranges:
    """Passive ranges of one leg on one day; None is not measured, never 0.

    Attributes
    ----------
    knee_flexion_deg : float or None
        Supine, hip bent [deg].
    knee_flexion_prone_deg : float or None
        Prone, hip straight: the rectus femoris is taut [deg].
    knee_extension_lack_deg : float or None
        What is missing to a straight knee; negative is hyperextension [deg].
    dorsiflexion_knee_straight_deg, dorsiflexion_knee_bent_deg : float or None
        Of the ankle, the hindfoot held; negative is equinus [deg].
    popliteal_angle_deg : float or None
        What is missing to a straight knee with the hip bent to 90 [deg].
    hip_extension_deg : float or None
        Behind the line of the trunk; negative is a contracture [deg].

    Examples
    --------
    >>> Ranges(dorsiflexion_knee_straight_deg=95.0)
    Traceback (most recent call last):
    callotasis.errors.RecordRefusal: dorsiflexion_knee_straight_deg is 95; allowed is \
-60 to 45 deg, 0 is the foot at right angles to the leg. Was it counted from there as \
90? Then it is 5
    """

    knee_flexion_deg: Degrees | None = None
    knee_flexion_prone_deg: Degrees | None = None
    knee_extension_lack_deg: Degrees | None = None
    dorsiflexion_knee_straight_deg: Degrees | None = None
    dorsiflexion_knee_bent_deg: Degrees | None = None
    popliteal_angle_deg: Degrees | None = None
    hip_extension_deg: Degrees | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        for name, value in self.measured().items():
            low, high = ALLOWED_DEG[name]
            if not low <= value <= high:
                raise RecordRefusal(
                    f"{name} is {value:g}; allowed is {low:g} to {high:g} deg, "
                    f"{COUNTED_FROM[name]}{_slip(name, value)}"
                )
            if name in BENDS_FAR and _looks_like_radians(value):
                raise RecordRefusal(
                    f"{name} is {value:g}; allowed are degrees, and a knee is not read "
                    f"to {value:g} deg. Is it in radians? Then it is "
                    f"{math.degrees(value):.0f}"
                )

    def measured(self) -> dict[str, float]:
        """Every range that was measured, by name [deg]."""
        every = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in every.items() if value is not None}


def _slip(name: str, value: float) -> str:
    """Ask for the slip that would explain a value beyond its limits."""
    low, high = ALLOWED_DEG[name]
    if "dorsiflexion" in name and low <= value - FOOT_AT_RIGHT_ANGLES_DEG <= high:
        meant = value - FOOT_AT_RIGHT_ANGLES_DEG
        return f". Was it counted from there as 90? Then it is {meant:g}"
    if low <= STRAIGHT_DEG - value <= high:
        meant = STRAIGHT_DEG - value
        return f". Was straight counted as 180? Then it is {meant:g}"
    if low <= -value <= high:
        return ". Is the sign right?"
    return ". Is it in degrees?"


def _looks_like_radians(value: float) -> bool:
    """A knee bends by whole degrees; 2.09 is 120 in radians."""
    return 0 < value < MOST_RADIANS and value != round(value)

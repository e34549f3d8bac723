"""What is wanted: equal legs, more length, a straight axis, or several of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from callotasis.errors import PlanRefusal
from callotasis.pose import Segment

OLDEST_YEARS = 120
MOST_GAIN_MM = 200  # far beyond every device; catches a slip of the unit


class Maturity(StrEnum):
    """Whether the skeleton still grows."""

    MATURE = "mature"
    IMMATURE = "immature"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Goal:
    """What the patient and the surgeon want.

    Attributes
    ----------
    equalise : Segment or None
        Lengthen this segment until both legs are equally long.
    gain_mm : dict of Segment to float
        Wanted gain of each segment [mm].
    correct_axis : tuple of Segment
        Bones whose deformity shall be corrected.
    maturity : Maturity
        Of the skeleton; unknown is a stop, immature is refused for now.
    age_years : float or None
        Age at surgery [year]; None if nobody said.
    """

    equalise: Segment | None = None
    gain_mm: dict[Segment, float] = field(default_factory=dict)
    correct_axis: tuple[Segment, ...] = ()
    maturity: Maturity = Maturity.UNKNOWN
    age_years: float | None = None

    def __post_init__(self) -> None:
        for segment, gain in self.gain_mm.items():
            if not 0 < gain <= MOST_GAIN_MM:
                raise PlanRefusal(
                    f"gain of {segment} is {gain:g} mm; allowed is more than 0 mm and "
                    f"up to {MOST_GAIN_MM} mm (shortening is named as an alternative, "
                    "it is not planned here)"
                )
        if self.equalise in self.gain_mm:
            raise PlanRefusal(
                f"{self.equalise} is asked to equalise and to gain a fixed length; "
                "allowed is one of the two"
            )
        if not (self.equalise or self.gain_mm or self.correct_axis):
            raise PlanRefusal(
                "the goal is empty; allowed are equalise, gain and correct, "
                "alone or together"
            )
        age = self.age_years
        if age is not None and not 0 < age < OLDEST_YEARS:
            raise PlanRefusal(
                f"age is {age:g} years; allowed is 0 to {OLDEST_YEARS} years"
            )

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment that the goal touches, in a fixed order."""
        wanted = {*self.gain_mm, *self.correct_axis}
        if self.equalise:
            wanted.add(self.equalise)
        return tuple(sorted(wanted))

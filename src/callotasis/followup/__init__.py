"""What is really happening, what now? Turns and films held against the prescription."""

from callotasis.followup.healing import CallusRead, Course, consolidation
from callotasis.followup.shortfall import LengthRead, Shortfall, shortfall
from callotasis.followup.turned import (
    Slip,
    SlipKind,
    Turned,
    Turning,
    turned_of,
    turning_of,
)

__all__ = [
    "CallusRead",
    "Course",
    "LengthRead",
    "Shortfall",
    "Slip",
    "SlipKind",
    "Turned",
    "Turning",
    "consolidation",
    "shortfall",
    "turned_of",
    "turning_of",
]

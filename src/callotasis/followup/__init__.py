"""What is really happening, what now? Turns and films held against the prescription."""

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
    "LengthRead",
    "Shortfall",
    "Slip",
    "SlipKind",
    "Turned",
    "Turning",
    "shortfall",
    "turned_of",
    "turning_of",
]

"""What is really happening, what now? Turns and films held against the prescription."""

from callotasis.followup.findings import Observed, turning_findings
from callotasis.followup.healing import (
    CallusRead,
    Course,
    consolidation,
    full_weight_bearing,
)
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
    "Observed",
    "Shortfall",
    "Slip",
    "SlipKind",
    "Turned",
    "Turning",
    "consolidation",
    "full_weight_bearing",
    "shortfall",
    "turned_of",
    "turning_findings",
    "turning_of",
]

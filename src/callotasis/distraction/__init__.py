"""When to turn what, and until when: prescription and timeline."""

from callotasis.distraction.calendar import as_calendar, as_table
from callotasis.distraction.prescription import (
    Prescription,
    Turn,
    daily_mm,
    prescribe,
    prescribe_frame,
    rate_findings,
)
from callotasis.distraction.protocol import Protocol, Wish, usual_protocol
from callotasis.distraction.timeline import (
    HEALING,
    Bearing,
    DayRange,
    Milestone,
    nail_bearing,
    timeline_findings,
    timeline_of,
)

__all__ = [
    "HEALING",
    "Bearing",
    "DayRange",
    "Milestone",
    "Prescription",
    "Protocol",
    "Turn",
    "Wish",
    "as_calendar",
    "as_table",
    "daily_mm",
    "nail_bearing",
    "prescribe",
    "prescribe_frame",
    "rate_findings",
    "timeline_findings",
    "timeline_of",
    "usual_protocol",
]

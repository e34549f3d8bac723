"""When to turn what, and until when: prescription and timeline."""

from callotasis.distraction.adapt import adapted
from callotasis.distraction.calendar import as_calendar, as_table
from callotasis.distraction.change import Adaptation, Bound, Change, schedule_of
from callotasis.distraction.phase import Phase
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
    "Adaptation",
    "Bearing",
    "Bound",
    "Change",
    "DayRange",
    "Milestone",
    "Phase",
    "Prescription",
    "Protocol",
    "Turn",
    "Wish",
    "adapted",
    "as_calendar",
    "as_table",
    "daily_mm",
    "nail_bearing",
    "prescribe",
    "prescribe_frame",
    "rate_findings",
    "schedule_of",
    "timeline_findings",
    "timeline_of",
    "usual_protocol",
]

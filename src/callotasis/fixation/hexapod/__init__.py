"""Six struts between two rings: lengths from pose, pose from lengths, day by day."""

from callotasis.fixation.hexapod.files import (
    PlacedFrame,
    ReadFrame,
    ScheduleOrder,
    checked_frame,
)
from callotasis.fixation.hexapod.forward import pose_from_struts, poses_from_struts
from callotasis.fixation.hexapod.frame import (
    Frame,
    Placement,
    check_placement,
    condition_of,
    jacobian_of,
    struts_of,
)
from callotasis.fixation.hexapod.orders import ProgramOrder
from callotasis.fixation.hexapod.program import Program, Programmed, programmed
from callotasis.fixation.hexapod.schedule import Schedule, scheduled

__all__ = [
    "Frame",
    "PlacedFrame",
    "Placement",
    "Program",
    "ProgramOrder",
    "Programmed",
    "ReadFrame",
    "Schedule",
    "ScheduleOrder",
    "check_placement",
    "checked_frame",
    "condition_of",
    "jacobian_of",
    "pose_from_struts",
    "poses_from_struts",
    "programmed",
    "scheduled",
    "struts_of",
]

"""Which settings make the motion: nails and rails, and back."""

from callotasis.fixation.catalogue import (
    ConfirmedData,
    Device,
    Kind,
    device_findings,
    device_named,
    every_device,
)
from callotasis.fixation.drift import (
    AxisDrift,
    axis_angle_after,
    drift_of,
    neutral_leg_shift,
)
from callotasis.fixation.frame_sheet import Framed, FrameDay, FrameSheet
from callotasis.fixation.nail.canal import Canals, canal_findings, canals_of
from callotasis.fixation.nail.doubt import NailDoubt, nail_doubt
from callotasis.fixation.nail.reverse import ReversePlan, reverse_plan
from callotasis.fixation.nail.rules import (
    BlockingScrew,
    Controller,
    blocking_screws,
    controller_time,
    label_findings,
    reach_beyond_cut,
    reach_findings,
    stroke_findings,
)
from callotasis.fixation.nail.sheet import (
    Nailed,
    NailSheet,
    Pace,
    nail_findings,
    nail_sheet,
    nailed,
)
from callotasis.fixation.nail.size import (
    bow_of,
    bow_over,
    thickness_of,
)
from callotasis.fixation.telescope import Settings, Telescope, mounted

__all__ = [
    "AxisDrift",
    "BlockingScrew",
    "Canals",
    "ConfirmedData",
    "Controller",
    "Device",
    "FrameDay",
    "FrameSheet",
    "Framed",
    "Kind",
    "NailDoubt",
    "NailSheet",
    "Nailed",
    "Pace",
    "ReversePlan",
    "Settings",
    "Telescope",
    "axis_angle_after",
    "blocking_screws",
    "bow_of",
    "bow_over",
    "canal_findings",
    "canals_of",
    "controller_time",
    "device_findings",
    "device_named",
    "drift_of",
    "every_device",
    "label_findings",
    "mounted",
    "nail_doubt",
    "nail_findings",
    "nail_sheet",
    "nailed",
    "neutral_leg_shift",
    "reach_beyond_cut",
    "reach_findings",
    "reverse_plan",
    "stroke_findings",
    "thickness_of",
]

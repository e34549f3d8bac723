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
from callotasis.fixation.nail import reach_beyond_cut, reach_findings
from callotasis.fixation.telescope import Settings, Telescope, mounted

__all__ = [
    "AxisDrift",
    "ConfirmedData",
    "Device",
    "Kind",
    "Settings",
    "Telescope",
    "axis_angle_after",
    "device_findings",
    "device_named",
    "drift_of",
    "every_device",
    "mounted",
    "neutral_leg_shift",
    "reach_beyond_cut",
    "reach_findings",
]

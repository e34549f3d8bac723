"""Orders of a plan that several tests give, and what Dora's film makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callotasis.alignment import MeasuredFilm
from callotasis.casework import Order
from callotasis.goal import Maturity
from callotasis.plan import Fibula
from callotasis.proposal import Proposal
from dora import ORDER, SURGERY_ON, work_out

FIXED = Fibula(90.0, fixed_proximally=True, fixed_distally=True)
AXIS_ONLY = replace(ORDER, equalise=None)


def gaining(segment: str, gain_mm: float, device: str, **other: Any) -> Order:
    """Order a gain in one bone of a grown person."""
    order = Order(
        SURGERY_ON,
        {segment: device},
        gain_mm={segment: gain_mm},
        maturity=Maturity.MATURE,
        fibula={segment: FIXED} if segment.endswith("tibia") else {},
    )
    return replace(order, **other)


def straightening(device: str, gain_mm: float = 0.0, **other: Any) -> Order:
    """Order Dora's left tibia to be made straight, and longer where that is said."""
    order = replace(
        AXIS_ONLY,
        device={"L.tibia": device},
        gain_mm={"L.tibia": gain_mm} if gain_mm else {},
    )
    return replace(order, **other)


def proposal_of(measured: MeasuredFilm, order: Order = ORDER) -> Proposal:
    """Work an order out; nobody has confirmed or answered anything."""
    return work_out(measured, order).proposal

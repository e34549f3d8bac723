"""A prescription changed in mid-course: what is still to be turned, dated anew.

The prescription before stays as it was; the new one begins at a moment and with what
had been turned by then. A frame goes on through the settings that were signed, on
other days: nothing here invents the length of a strut.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from callotasis.distraction.prescription import Prescription, Turn
from callotasis.distraction.protocol import TURN_HOURS, Wish, usual_protocol
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.fixation import Device

STEP_MM = 1e-6  # sums of steps are exact to this


class Change(StrEnum):
    """What becomes of the turns that are left."""

    STOP = "stop"
    HOLD = "hold"
    SLOW = "slow"
    FASTER = "faster"
    EXTEND = "extend"
    BACK_AND_FORTH = "back and forth"


@dataclass(frozen=True)
class Adaptation:
    """A change with its amount; what a change does not need stays None.

    Attributes
    ----------
    change : Change
        What is done.
    from_on : date
        First day of the new turns, or of the pause.
    rate_mm_per_day : float or None
        Of ``slow`` until the end, of ``faster`` for ``days`` [mm/day].
    days : int or None
        How long ``hold`` or ``faster`` lasts [day].
    mm : float or None
        By how much ``extend`` goes further, or how far ``back and forth`` goes back
        [mm].
    """

    change: Change
    from_on: date
    rate_mm_per_day: float | None = None
    days: int | None = None
    mm: float | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        needed = _NEEDED[self.change]
        for name in ("rate_mm_per_day", "days", "mm"):
            value = getattr(self, name)
            if (value is None) is (name in needed):
                word = "needs" if name in needed else "has no"
                raise PlanRefusal(f"change '{self.change}' {word} {name}")
            if value is not None and not (math.isfinite(value) and value > 0):
                raise PlanRefusal(f"{name} is {value:g}; allowed is more than 0")
        fastest = constant("distraction.rate_stop")
        if (self.rate_mm_per_day or 0) > fastest.value:
            raise PlanRefusal(
                f"rate_mm_per_day is {self.rate_mm_per_day:g}; allowed is up to "
                f"{fastest.value:g} ({fastest.source})"
            )


_NEEDED: dict[Change, frozenset[str]] = {
    Change.STOP: frozenset(),
    Change.HOLD: frozenset({"days"}),
    Change.SLOW: frozenset({"rate_mm_per_day"}),
    Change.FASTER: frozenset({"rate_mm_per_day", "days"}),
    Change.EXTEND: frozenset({"mm"}),
    Change.BACK_AND_FORTH: frozenset({"mm"}),
}


@dataclass(frozen=True)
class Bound:
    """A prescription with the moment from which it binds.

    Attributes
    ----------
    prescription : Prescription
        Its turns come after that moment.
    start_mm : float
        What had been turned by then [mm].
    starts_at : datetime or None
        By the patient's clock; None binds from surgery.
    """

    prescription: Prescription
    start_mm: float = 0.0
    starts_at: datetime | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def schedule_of(bounds: Sequence[Bound]) -> tuple[tuple[datetime, float], ...]:
    """Put prescriptions that followed each other into one course of turns.

    Parameters
    ----------
    bounds : sequence of Bound
        In the order in which they were signed.

    Returns
    -------
    tuple of (datetime, float)
        Each turn by the patient's clock; where a later prescription took over, one
        step settles what had been missed or turned too much until then [mm].

    References
    ----------
    .. [1] Bookkeeping.
    """
    turns: list[tuple[datetime, float]] = []
    for bound in bounds:
        new = [(turn.at, turn.turn_mm) for turn in bound.prescription.turns]
        if bound.starts_at is None:
            turns = new
            continue
        kept = [(at, mm) for at, mm in turns if at < bound.starts_at]
        settled = bound.start_mm - math.fsum(mm for _, mm in kept)
        step = [(bound.starts_at, settled)] if abs(settled) > STEP_MM else []
        turns = [*kept, *step, *new]
    return tuple(turns)


def adapted(
    bound: Bound,
    turned_mm: float,
    adaptation: Adaptation,
    device: Device,
) -> Bound:
    """Write the turns that are left down anew.

    Parameters
    ----------
    bound : Bound
        What binds now.
    turned_mm : float
        Everything that was turned before the change [mm].
    adaptation : Adaptation
        What to change, and from when.
    device : Device
        Its smallest step, its stroke, and whether it can go backwards.

    Returns
    -------
    Bound
        Of the same bone and goal, but for ``stop`` and ``extend``.

    Raises
    ------
    PlanRefusal
        If the device cannot do it: backwards, beyond its stroke, no whole step, or a
        frame whose settings nobody has worked out.

    References
    ----------
    .. [1] Evidence row ``distraction.rate_stop``.
    """
    _check_device(bound.prescription, adaptation, device)
    frame = any(turn.lengths_mm for turn in bound.prescription.turns)
    left = _frame_turns if frame else _plain_turns
    turns = tuple(left(bound, turned_mm, adaptation, device))
    numbered = tuple(replace(turn, number=k + 1) for k, turn in enumerate(turns))
    protocol = bound.prescription.protocol
    if adaptation.change is Change.SLOW and adaptation.rate_mm_per_day is not None:
        protocol = replace(protocol, rate_mm_per_day=adaptation.rate_mm_per_day)
    renewed = replace(bound.prescription, turns=numbered, protocol=protocol)
    start = datetime.combine(adaptation.from_on, time())
    return Bound(renewed, round(turned_mm, 6), start)


def _check_device(asked: Prescription, change: Adaptation, device: Device) -> None:
    if change.change is Change.BACK_AND_FORTH and not device.reversible:
        raise PlanRefusal(
            f"{device.name} cannot go backwards ({device.source}); back and forth is "
            "for devices that can"
        )
    if change.change is Change.EXTEND:
        end = asked.total_mm + (change.mm or 0)
        if end > device.stroke_mm:
            raise PlanRefusal(
                f"{end:g} mm in all; {device.name} has a stroke of "
                f"{device.stroke_mm:g} mm ({device.source})"
            )


def _plain_turns(
    bound: Bound, turned_mm: float, change: Adaptation, device: Device
) -> Iterator[Turn]:
    """Turns of a nail or rail: equal steps over the waking day."""
    asked = bound.prescription
    pause = (change.days or 0) if change.change is Change.HOLD else 0
    day = (change.from_on - asked.surgery_on).days + pause
    total = turned_mm
    for way, speed in _legs(asked, turned_mm, change):
        for turn in _stretch(asked, way, speed, (day, total), device):
            yield turn
            day, total = turn.day + 1, turn.total_mm


def _legs(
    asked: Prescription, turned_mm: float, change: Adaptation
) -> list[tuple[float, float]]:
    """How far to go and how fast, stretch by stretch [mm, mm/day]."""
    usual = asked.protocol.rate_mm_per_day
    rate, amount = change.rate_mm_per_day or usual, change.mm or 0.0
    left = asked.total_mm - turned_mm
    legs = [(left, usual)]
    match change.change:
        case Change.STOP:
            legs = []
        case Change.SLOW:
            legs = [(left, rate)]
        case Change.FASTER:
            soon = min(left, rate * (change.days or 0))
            legs = [(soon, rate), (left - soon, usual)]
        case Change.EXTEND:
            legs = [(left + amount, usual)]
        case Change.BACK_AND_FORTH:
            _check_back(amount, turned_mm)
            legs = [(-amount, usual), (amount, usual), (left, usual)]
    return legs


def _check_back(back_mm: float, turned_mm: float) -> None:
    if back_mm > turned_mm + STEP_MM:
        raise PlanRefusal(f"back by {back_mm:g} mm where {turned_mm:g} mm were turned")


def _stretch(
    asked: Prescription,
    way_mm: float,
    rate: float,
    start: tuple[int, float],
    device: Device,
) -> Iterator[Turn]:
    """Go this way at this rate, from a day and a length on."""
    wish = Wish(asked.protocol.latency_days, rate, None)
    rhythm = usual_protocol(asked.segment, None, device.step_mm, wish).rhythm_per_day
    hours = TURN_HOURS[rhythm]
    day, total = start
    sign, left, count = math.copysign(1.0, way_mm), abs(way_mm), 0
    while left > STEP_MM:
        this = round(min(rate / rhythm, left), 6)
        left, total = left - this, round(total + sign * this, 6)
        on = day + count // rhythm
        hour = time(hours[count % rhythm])
        at = datetime.combine(asked.surgery_on + timedelta(days=on), hour)
        yield Turn(count + 1, on, at, sign * this, total)
        count += 1


def _frame_turns(
    bound: Bound, turned_mm: float, change: Adaptation, device: Device
) -> Iterator[Turn]:
    """Signed settings of a frame on other days."""
    done, left = _settings(bound, turned_mm)
    asked = bound.prescription
    day = (change.from_on - asked.surgery_on).days
    days_each = 1.0
    match change.change:
        case Change.STOP:
            return
        case Change.HOLD:
            day += change.days or 0
        case Change.SLOW:
            usual = asked.protocol.rate_mm_per_day
            days_each = usual / (change.rate_mm_per_day or usual)
        case Change.BACK_AND_FORTH:
            left = [*_back_and_forth(done, change.mm or 0.0), *left]
        case _:
            raise PlanRefusal(
                f"{device.name} is set by a table that ends where it was signed; for "
                f"'{change.change}' work out and sign a new program"
            )
    for count, turn in enumerate(left):
        on = day + math.floor(count * days_each)
        at = datetime.combine(asked.surgery_on + timedelta(days=on), turn.at.time())
        yield replace(turn, day=on, at=at)


def _settings(bound: Bound, turned_mm: float) -> tuple[list[Turn], list[Turn]]:
    """Part the settings of a frame into those done and those left."""
    done: list[Turn] = []
    left: list[Turn] = []
    total = bound.start_mm
    for turn in bound.prescription.turns:
        total += turn.turn_mm
        over = total - turned_mm
        if over <= STEP_MM:
            done.append(turn)
        else:
            part = min(over, turn.turn_mm) if turn.turn_mm > 0 else turn.turn_mm
            left.append(replace(turn, turn_mm=round(part, 6)))
    return done, left


def _back_and_forth(done: Sequence[Turn], mm: float) -> list[Turn]:
    """Walk the last settings back until this far, and forth again."""
    way = 0.0
    back: list[Turn] = []
    for before, here in zip(reversed(done[:-1]), reversed(done[1:]), strict=True):
        if way >= mm - STEP_MM:
            break
        way += here.turn_mm
        back.append(replace(before, turn_mm=-here.turn_mm))
    if way < mm - STEP_MM:
        raise PlanRefusal(
            f"back by {mm:g} mm where the signed settings go back by {way:g} mm"
        )
    forth = [*done[-len(back) :]] if back else []
    return [*back, *forth]

"""A prescription changed in mid-course: what is still to be turned, dated anew.

A nail or rail turns in whole steps to the goal that was signed. A frame goes on through
the settings that were signed, on other days: nothing here invents the length of a
strut.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from callotasis.distraction.change import STEP_MM, Adaptation, Bound, Change
from callotasis.distraction.prescription import Prescription, Turn
from callotasis.distraction.protocol import TURN_HOURS, Wish, usual_protocol
from callotasis.errors import PlanRefusal
from callotasis.fixation import Device


def adapted(
    bound: Bound,
    turned_mm: float,
    adaptation: Adaptation,
    device: Device,
    at: datetime | None = None,
    today_mm: float | None = None,
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
    at : datetime or None
        When that was, by the patient's clock: turns between then and the first day of
        the change stay as they are. None is the midnight before that day.
    today_mm : float or None
        What was turned on the day of ``at`` until then: earlier turns of that day that
        are not among it may be done and not logged yet, and stay. None keeps none
        [mm].

    Returns
    -------
    Bound
        Of the same bone and goal, but for ``stop`` and ``extend``.

    Raises
    ------
    PlanRefusal
        If nothing is left to turn, the change is none, or the device cannot do it:
        backwards, beyond its stroke, no whole step, or a frame whose settings nobody
        has worked out.

    References
    ----------
    .. [1] Evidence row ``distraction.rate_stop``.
    """
    _check_change(bound, turned_mm, adaptation)
    _check_device(bound, adaptation, device)
    start = datetime.combine(adaptation.from_on, time())
    kept = _kept(bound, turned_mm, adaptation, at or start, today_mm)
    frame = any(turn.lengths_mm for turn in bound.prescription.turns)
    left = _frame_turns if frame else _plain_turns
    turns = tuple(left(bound, turned_mm, kept, adaptation, device))
    protocol = bound.prescription.protocol
    if adaptation.change is Change.SLOW and adaptation.rate_mm_per_day is not None:
        rate = adaptation.rate_mm_per_day
        rhythm = 1 if frame else _rhythm(bound.prescription, rate, device)
        protocol = replace(protocol, rate_mm_per_day=rate, rhythm_per_day=rhythm)
    renewed = replace(bound.prescription, turns=turns, protocol=protocol)
    waits = adaptation.change is Change.HOLD and adaptation.days is None
    if waits and kept:
        raise PlanRefusal(
            f"a rest from {adaptation.from_on} until somebody signs; it begins "
            "tomorrow at the latest"
        )
    return Bound(renewed, round(turned_mm, 6), start, waits)


def _check_change(bound: Bound, turned_mm: float, change: Adaptation) -> None:
    """Refuse what would change nothing, or the opposite of what it says."""
    bone, kind = bound.prescription.segment, change.change
    goes_on = kind in {Change.EXTEND, Change.BACK_AND_FORTH}
    if not goes_on and bound.goal_mm - turned_mm <= STEP_MM:
        raise PlanRefusal(
            f"all {bound.goal_mm:g} mm of {bone} are turned; nothing is left for "
            f"'{kind}'"
        )
    usual, rate = bound.prescription.protocol.rate_mm_per_day, change.rate_mm_per_day
    if kind is Change.GO_ON and not bound.waits:
        raise PlanRefusal(f"{bone} does not rest; nothing is left for '{kind}'")
    if rate is None:
        return
    wrong = rate >= usual if kind is Change.SLOW else rate <= usual
    if wrong:
        word = "below" if kind is Change.SLOW else "above"
        raise PlanRefusal(
            f"'{kind}' at {rate:g} mm a day; {bone} is turned {usual:g} mm a day, "
            f"allowed is {word} that"
        )


def _check_device(bound: Bound, change: Adaptation, device: Device) -> None:
    if change.change is Change.BACK_AND_FORTH and not device.reversible:
        raise PlanRefusal(
            f"{device.name} cannot go backwards ({device.source}); back and forth is "
            "for devices that can"
        )
    if change.change in {Change.EXTEND, Change.FASTER}:
        end = bound.goal_mm + (change.mm or 0)
        if end > device.stroke_mm + STEP_MM:
            raise PlanRefusal(
                f"{end:g} mm in all; {device.name} has a stroke of "
                f"{device.stroke_mm:g} mm ({device.source})"
            )


def _check_steps(mm: float, device: Device) -> None:
    steps = mm / device.step_mm
    if not math.isclose(steps, round(steps), abs_tol=STEP_MM):
        raise PlanRefusal(
            f"{mm:g} mm are no whole steps; {device.name} turns in steps of "
            f"{device.step_mm:g} mm ({device.source})"
        )


def _kept(
    bound: Bound,
    turned_mm: float,
    change: Adaptation,
    at: datetime,
    today_mm: float | None,
) -> list[Turn]:
    """Turns between the decision and the first day of the change."""
    first = change.from_on
    if bound.waits:
        return []  # nothing is turned while the bone rests
    rests = change.change in {Change.STOP, Change.HOLD}
    if rests and first <= at.date() + timedelta(days=1):
        return []  # a rest from tomorrow on begins at once
    kept: list[Turn] = []
    total, of_today = bound.start_mm, 0.0
    logs = today_mm is not None and _behind_mm(bound, turned_mm - today_mm, at) < (
        bound.prescription.protocol.rate_mm_per_day - STEP_MM
    )
    for turn in bound.prescription.turns:
        total += turn.turn_mm
        of_today += turn.turn_mm if turn.at.date() == at.date() else 0.0
        done_early = turn.turn_mm > 0 and total <= turned_mm + STEP_MM
        # Whoever is less than a day behind may have turned and not logged it yet.
        unlogged = (
            logs
            and turn.at.date() == at.date()
            and of_today > (today_mm or 0.0) + STEP_MM
        )
        if (at < turn.at or unlogged) and turn.at.date() < first and not done_early:
            kept.append(turn)
    return kept


def _behind_mm(bound: Bound, midnight_mm: float, at: datetime) -> float:
    """What was missing when the day began [mm]."""
    midnight = datetime.combine(at.date(), time())
    asked = [t.turn_mm for t in bound.prescription.turns if t.at < midnight]
    return bound.start_mm + math.fsum(asked) - midnight_mm


def _first_day(asked: Prescription, change: Adaptation) -> int:
    """Day of the next turn: after a pause that is signed, and the latency [day]."""
    day = (change.from_on - asked.surgery_on).days
    if change.change is Change.HOLD:  # takes the place of a pause that is signed
        return max(day + (change.days or 0), asked.protocol.latency_days)
    return next((turn.day for turn in asked.turns if turn.day >= day), day)


def _plain_turns(
    bound: Bound,
    turned_mm: float,
    kept: Sequence[Turn],
    change: Adaptation,
    device: Device,
) -> Iterator[Turn]:
    """Turns of a nail or rail: equal steps over the waking day."""
    asked = bound.prescription
    total, number = turned_mm, 0
    for number, turn in enumerate(kept, start=1):
        total = round(total + turn.turn_mm, 6)
        yield replace(turn, number=number, total_mm=total)
    day = _first_day(asked, change)
    for way, speed in _legs(bound, total, change, device):
        for turn in _stretch(asked, way, speed, (day, total), device):
            number += 1
            yield replace(turn, number=number)
            day, total = turn.day + 1, turn.total_mm


def _legs(
    bound: Bound, turned_mm: float, change: Adaptation, device: Device
) -> list[tuple[float, float]]:
    """How far to go and how fast, stretch by stretch [mm, mm/day]."""
    usual = bound.prescription.protocol.rate_mm_per_day
    rate, amount = change.rate_mm_per_day or usual, change.mm or 0.0
    _check_steps(amount, device)
    # What was turned beyond the goal stays: nobody is asked to turn it back.
    left = max(bound.goal_mm - turned_mm, 0.0)
    back = _still_back(bound, turned_mm, change)
    legs = [(-back, usual), (left + back, usual)]
    match change.change:
        case Change.STOP:
            legs = []
        case Change.SLOW:
            legs = [(-back, rate), (left + back, rate)]
        case Change.FASTER:
            soon = min(left + amount, rate * (change.days or 0))
            legs = [(soon, rate), (left + amount - soon, usual)]
        case Change.EXTEND:
            more = max(bound.goal_mm + amount - turned_mm, 0.0)
            legs = [(-back, usual), (more + back, usual)]
        case Change.BACK_AND_FORTH:
            _check_back(amount, turned_mm)
            legs = [(-amount, usual), (amount, usual), (left, usual)]
    return legs


def _still_back(bound: Bound, turned_mm: float, change: Adaptation) -> float:
    """How far a signed way back has still to go from the first day on [mm]."""
    lows = [
        turn.total_mm
        for turn in bound.prescription.turns
        if turn.turn_mm < 0 and turn.at.date() >= change.from_on
    ]
    return max(turned_mm - min(lows), 0.0) if lows else 0.0


def _check_back(back_mm: float, turned_mm: float) -> None:
    if back_mm > turned_mm + STEP_MM:
        raise PlanRefusal(f"back by {back_mm:g} mm where {turned_mm:g} mm were turned")


def _rhythm(asked: Prescription, rate: float, device: Device) -> int:
    """Turns a day of this rate; refused where it makes no whole steps."""
    if rate == asked.protocol.rate_mm_per_day:
        return asked.protocol.rhythm_per_day
    wish = Wish(asked.protocol.latency_days, rate, None)
    return usual_protocol(asked.segment, None, device.step_mm, wish).rhythm_per_day


def _stretch(
    asked: Prescription,
    way_mm: float,
    rate: float,
    start: tuple[int, float],
    device: Device,
) -> Iterator[Turn]:
    """Go this way at this rate, from a day and a length on."""
    rhythm = _rhythm(asked, rate, device)
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
    bound: Bound,
    turned_mm: float,
    kept: Sequence[Turn],
    change: Adaptation,
    device: Device,
) -> Iterator[Turn]:
    """Signed settings of a frame on other days; their numbers are rows of its sheet."""
    done, left = _settings(bound, turned_mm)
    for turn, old in zip(left, kept, strict=False):
        yield replace(turn, day=old.day, at=old.at)
    done, left = [*done, *left[: len(kept)]], left[len(kept) :]
    asked = bound.prescription
    days_each = 1.0
    match change.change:
        case Change.STOP:
            return
        case Change.HOLD | Change.GO_ON:
            pass
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
    day = _first_day(asked, change)
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

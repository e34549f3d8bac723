"""What to change of a prescription, from what was found: a proposal, never an order.

Of several wishes the safest wins: a halt before slower turning, slower before longer,
longer before faster. The new turns are worked out, so that a surgeon signs dates and
not intentions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from callotasis.distraction import Adaptation, Bound, Change, adapted
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import Device
from callotasis.followup.findings import Observed

SAFEST_FIRST = (
    Change.STOP,
    Change.HOLD,
    Change.BACK_AND_FORTH,
    Change.SLOW,
    Change.EXTEND,
    Change.FASTER,
)


@dataclass(frozen=True)
class ProposedChange:
    """A changed prescription that waits for a surgeon.

    Attributes
    ----------
    adaptation : Adaptation
        What would change, and from when.
    because : tuple of str
        Keys of the findings behind it.
    text : str
        The same in one sentence.
    bound : Bound or None
        Every new turn; None where the device cannot do it.
    impossible : str
        Why not, in one sentence; empty where it can.
    evidence : tuple of str
        Rows behind amounts.
    """

    adaptation: Adaptation
    because: tuple[str, ...]
    text: str
    bound: Bound | None
    impossible: str
    evidence: tuple[str, ...]


def proposed(
    observed: Iterable[Observed],
    bound: Bound,
    turned_mm: float,
    device: Device,
    *,
    tomorrow: date,
    short_mm: float = 0.0,
) -> ProposedChange | None:
    """Propose the change that the findings of one bone ask for.

    Parameters
    ----------
    observed : iterable of Observed
        What stands and is not silenced.
    bound : Bound
        What binds now.
    turned_mm : float
        Everything turned so far [mm].
    device : Device
        What it can do.
    tomorrow : date
        First day of the new turns.
    short_mm : float
        By how much the bone is behind its turns [mm].

    Returns
    -------
    ProposedChange or None
        None where nothing asks for a change. A device that cannot go backwards is
        asked to halt instead.

    References
    ----------
    .. [1] Rows ``course.slow_rate``, ``course.fast_rate``, ``course.recheck`` and
       ``course.compress``.
    """
    wishes: dict[Change, list[Observed]] = {}
    for one in observed:
        if one.proposes is not None:
            wish = one.proposes
            if wish is Change.BACK_AND_FORTH and not device.reversible:
                wish = Change.HOLD
            wishes.setdefault(wish, []).append(one)
    if not wishes:
        return None
    change = min(wishes, key=SAFEST_FIRST.index)
    wanted = _with_amount(change, bound, tomorrow, device, short_mm)
    if wanted and change is Change.HOLD and _has_stop(wishes[change]):
        # What stopped the turning lets it go on only by another signature.
        wanted = Adaptation(Change.HOLD, tomorrow), ()
    if wanted is None:
        return None
    adaptation, evidence = wanted
    new, impossible = _tried(bound, turned_mm, adaptation, device)
    return ProposedChange(
        adaptation=adaptation,
        because=tuple(one.finding.key for one in wishes[change]),
        text=words_of(adaptation, bound, tomorrow - timedelta(days=1)),
        bound=new,
        impossible=impossible,
        evidence=evidence,
    )


def _has_stop(observed: Iterable[Observed]) -> bool:
    return any(one.finding.level is Level.STOP for one in observed)


def _tried(
    bound: Bound, turned_mm: float, adaptation: Adaptation, device: Device
) -> tuple[Bound | None, str]:
    try:
        return adapted(bound, turned_mm, adaptation, device), ""
    except PlanRefusal as refusal:
        return None, str(refusal)


def _with_amount(
    change: Change, bound: Bound, from_on: date, device: Device, short_mm: float
) -> tuple[Adaptation, tuple[str, ...]] | None:
    """Give a change its usual amount; None where it would change nothing."""
    recheck, slow = constant("course.recheck"), constant("course.slow_rate")
    now = bound.prescription.protocol.rate_mm_per_day
    missing = math.ceil(short_mm / device.step_mm - 1e-9) * device.step_mm
    slower = next((r for r in (slow.value, slow.low) if r < now - 1e-9), None)
    if change is Change.SLOW and slower is None:
        change = Change.HOLD  # slower than slow is a pause
    amounts: dict[str, Any] = {}
    rows: tuple[str, ...] = ()
    match change:
        case Change.HOLD:
            amounts, rows = {"days": round(recheck.value)}, (recheck.key,)
        case Change.SLOW:
            amounts, rows = {"rate_mm_per_day": slower}, (slow.key,)
        case Change.FASTER:
            fast = constant("course.fast_rate")
            amounts = {"rate_mm_per_day": fast.value, "days": round(recheck.value)}
            amounts |= {"mm": missing} if missing > 0 else {}
            rows = (fast.key, recheck.key)
        case Change.EXTEND:
            amounts, rows = {"mm": missing}, ("followup.shortfall_alarm",)
        case Change.BACK_AND_FORTH:
            back = constant("course.compress")
            amounts, rows = {"mm": back.value}, (back.key,)
    useless = change is Change.FASTER and amounts["rate_mm_per_day"] <= now
    if useless or (change is Change.EXTEND and missing <= 0):
        return None
    return Adaptation(change, from_on, **amounts), rows


def words_of(adaptation: Adaptation, bound: Bound, today: date) -> str:
    """Say a change in one sentence.

    Parameters
    ----------
    adaptation : Adaptation
        What would change.
    bound : Bound
        Of which bone, at which rate now.
    today : date
        On which it is said: a rest from tomorrow begins at once.

    Returns
    -------
    str
        For a clinician.

    References
    ----------
    .. [1] House words.
    """
    bone = bound.prescription.segment.words
    rate = bound.prescription.protocol.rate_mm_per_day
    new, mm = (f"{x or 0:g}" for x in (adaptation.rate_mm_per_day, adaptation.mm))
    first = adaptation.from_on
    until = first + timedelta(days=adaptation.days or 0)
    rest = f"until {until}; then go on as before"
    if adaptation.days is None:
        rest = "until a surgeon signs to go on"
    rests = {Change.STOP, Change.HOLD}
    at_once = adaptation.change in rests and (first - today).days <= 1
    start = "now" if at_once else f"{first}"
    more = f", {mm} mm further than signed" if adaptation.mm else ""
    return {
        Change.STOP: (f"End the lengthening of the {bone} as it is, from {start} on."),
        Change.HOLD: f"Do not turn the {bone} from {start} on {rest}.",
        Change.GO_ON: f"Go on with the {bone} from {first}, at {rate:g} mm a day.",
        Change.SLOW: (
            f"From {first} turn the {bone} {new} mm a day instead of {rate:g}, to the "
            "end."
        ),
        Change.FASTER: (
            f"From {first} turn the {bone} {new} mm a day until {until}, then {rate:g} "
            f"again{more}."
        ),
        Change.EXTEND: (
            f"Turn the {bone} {mm} mm further than signed, at {rate:g} mm a day."
        ),
        Change.BACK_AND_FORTH: (
            f"From {first} bring the ends of the {bone} {mm} mm together and apart, "
            "then go on."
        ),
    }[adaptation.change]

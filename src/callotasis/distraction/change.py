"""What may change of a prescription in mid-course, and the turns that bind then.

The prescription before stays as it was; the new one begins at a moment and with what
had been turned by then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from callotasis.distraction.prescription import Prescription
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant

STEP_MM = 1e-6  # sums of steps are exact to this
MOST_DAYS = 90  # longer than that nobody decides ahead


class Change(StrEnum):
    """What becomes of the turns that are left."""

    STOP = "stop"
    HOLD = "hold"
    SLOW = "slow"
    FASTER = "faster"
    EXTEND = "extend"
    BACK_AND_FORTH = "back and forth"
    GO_ON = "go on"


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
            if (self.change, name) not in _MAY and (value is None) is (name in needed):
                word = "needs" if name in needed else "has no"
                raise PlanRefusal(f"change '{self.change}' {word} {name}")
            if value is not None and not (math.isfinite(value) and value > 0):
                raise PlanRefusal(f"{name} is {value:g}; allowed is more than 0")
        if (self.days or 0) > MOST_DAYS:
            raise PlanRefusal(
                f"days is {self.days}; allowed is up to {MOST_DAYS}; a longer rest is "
                "one without days, which waits for a signature"
            )
        fastest = constant("distraction.rate_stop")
        if (self.rate_mm_per_day or 0) > fastest.value:
            raise PlanRefusal(
                f"rate_mm_per_day is {self.rate_mm_per_day:g}; allowed is up to "
                f"{fastest.value:g} ({fastest.source})"
            )


_NEEDED: dict[Change, frozenset[str]] = {
    Change.STOP: frozenset(),
    Change.HOLD: frozenset(),
    Change.SLOW: frozenset({"rate_mm_per_day"}),
    Change.FASTER: frozenset({"rate_mm_per_day", "days"}),
    Change.EXTEND: frozenset({"mm"}),
    Change.BACK_AND_FORTH: frozenset({"mm"}),
    Change.GO_ON: frozenset(),
}
_MAY = {(Change.HOLD, "days"), (Change.FASTER, "mm")}
"""A rest without days lasts until somebody signs; ``faster`` may go further."""


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
    waits : bool
        Whether its turns wait until a surgeon signs to go on.
    """

    prescription: Prescription
    start_mm: float = 0.0
    starts_at: datetime | None = None
    waits: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def goal_mm(self) -> float:
        """Everything that is turned once its last turn is done [mm]."""
        turns = self.prescription.turns
        return self.start_mm + math.fsum(turn.turn_mm for turn in turns)


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
        asked = () if bound.waits else bound.prescription.turns
        new = [(turn.at, turn.turn_mm) for turn in asked]
        if bound.starts_at is None:
            turns = new
            continue
        start = bound.starts_at
        kept = [(at, mm) for at, mm in turns if at < start]
        # Of the turns written down anew, some may have passed before the signature.
        passed = bound.start_mm + math.fsum(mm for at, mm in new if at < start)
        settled = passed - math.fsum(mm for _, mm in kept)
        step = [(start, settled)] if abs(settled) > STEP_MM else []
        turns = [*kept, *step, *((at, mm) for at, mm in new if at >= start)]
    return tuple(turns)

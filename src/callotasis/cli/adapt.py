"""``callotasis case adapt``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from callotasis.adapting import draft_change
from callotasis.cli.terminal import say
from callotasis.distraction import Adaptation, Change
from callotasis.errors import PlanRefusal
from callotasis.exchange import as_json
from callotasis.pose import Segment
from callotasis.record import CaseFolder


@dataclass(frozen=True)
class ChangeWish:
    """A change as it was typed; all None takes what the findings propose."""

    change: str | None
    rate_mm_per_day: float | None
    days: int | None
    mm: float | None
    start: str | None

    def adaptation(self) -> Adaptation | None:
        """Read it.

        Raises
        ------
        PlanRefusal
            If the change is unknown, or an amount was given without one.
        """
        amounts = (self.rate_mm_per_day, self.days, self.mm, self.start)
        if self.change is None:
            if any(amount is not None for amount in amounts):
                raise PlanRefusal("rate, days, mm and from go with a change; name it")
            return None
        if self.change not in set(Change):
            raise PlanRefusal(
                f"change is '{self.change:.20}'; allowed are {', '.join(Change)}"
            )
        return Adaptation(
            Change(self.change), self._day(), self.rate_mm_per_day, self.days, self.mm
        )

    def _day(self) -> date:
        if self.start is None:
            return date.today() + timedelta(days=1)  # noqa: DTZ011 - the clinic's day
        try:
            return date.fromisoformat(self.start)
        except ValueError:
            raise PlanRefusal(
                f"from is '{self.start:.20}'; allowed is a date, like 2027-02-01"
            ) from None


def run_adapt(
    case: Path, segment: str, wish: ChangeWish, *, by: str, json: bool
) -> None:
    """Draft a changed prescription."""
    entry, draft = draft_change(
        CaseFolder(case), Segment.parse(segment), by, wish.adaptation()
    )
    if json:
        say(as_json({"draft": entry.id, "segment": segment, **vars(draft)}))
        return
    turns = draft.bound.prescription.turns
    say(draft.text)
    if turns:
        first, last = turns[0].at, turns[-1].at
        say(f"{len(turns)} turns from {first:%d %B %Y} to {last:%d %B %Y}.")
    say(
        f"Kept as draft {entry.id}; it binds once a surgeon signs: callotasis case sign"
    )

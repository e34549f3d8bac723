"""Complications of a synthetic case, as clinicians would enter them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from callotasis.complications import Complication, Event, complication_of
from callotasis.record import Entry, new_entry
from dora import CASE, SURGEON

NOTICED = datetime(2026, 3, 2, 9, tzinfo=UTC)
STIFF: Mapping[str, Any] = {
    "what": "joint contracture",
    "origin": "joint",
    "noticed_on": "2026-03-02",
    "treatment": "outpatient",
}
SETTLED: Mapping[str, Any] = {
    **STIFF,
    "goal": "reached",
    "time_kept": True,
    "resolved_on": "2026-04-20",
    "sequela": "",
}


def mishap(
    body: Mapping[str, Any] = STIFF, segment: str = "R.femur", **changed: Any
) -> Entry:
    """Make the entry of a complication with some of its parts changed."""
    return new_entry(
        CASE,
        "complication",
        SURGEON,
        {**body, **changed},
        segment=segment,
        happened_at=NOTICED,
    )


def read(body: Mapping[str, Any] = STIFF, **changed: Any) -> Complication:
    """Read a complication with some of its parts changed."""
    return complication_of(mishap(body, **changed))


def event(segment: str = "R.femur", **changed: Any) -> Event:
    """A settled complication of a bone, with some of its parts changed."""
    return Event(segment, read(SETTLED, **changed))

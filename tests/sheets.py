"""Questionnaires as Dora fills them in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from callotasis.instruments import Answers, Given, catalogue
from callotasis.record import Entry, new_entry
from dora import CASE, PATIENT

ON = datetime(2026, 3, 2, 9, tzinfo=UTC)


def filled(key: str, answer: int = 0, **changed: int) -> Answers:
    """One answer to every item, but for those that are given by name."""
    return Answers(key, {**dict.fromkeys(catalogue()[key].items, answer), **changed})


def given(on: date, key: str, answer: int = 0, **changed: int) -> Given:
    """The same, on a day."""
    return Given(on, filled(key, answer, **changed))


def sheet(body: dict[str, Any], segment: str = "") -> Entry:
    """The entry of a questionnaire."""
    return new_entry(
        CASE, "questionnaire", PATIENT, body, segment=segment, happened_at=ON
    )

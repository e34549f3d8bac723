"""The end of treatment: a decision about one bone, with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from callotasis.complications import ended_on
from callotasis.errors import RecordRefusal
from callotasis.record import Entry, fold, new_entry
from dora import CASE, SURGEON

OVER = {"ends_treatment": True, "reason": "solid, walking"}


def decided(day: int, body: dict[str, Any], segment: str = "R.femur") -> Entry:
    """Write a decision down."""
    at = datetime(2026, 3, day, 9, tzinfo=UTC)
    return new_entry(CASE, "decision", SURGEON, body, segment=segment, happened_at=at)


def test_treatment_lasts_until_somebody_ends_it() -> None:
    other = decided(1, {"plan": "x", "answers": "y", "reason": "z"}, "")
    assert ended_on(fold([other])) == {}
    assert ended_on(fold([other, decided(4, OVER)])) == {"R.femur": date(2026, 3, 4)}


def test_the_first_end_counts_until_it_is_taken_back() -> None:
    back = decided(8, {"ends_treatment": False, "reason": "fracture"})
    ends = [decided(4, OVER), decided(6, OVER)]
    assert ended_on(fold(ends))["R.femur"] == date(2026, 3, 4)
    assert ended_on(fold([*ends, back])) == {}
    again = ended_on(fold([*ends, back, decided(9, OVER)]))
    assert again == {"R.femur": date(2026, 3, 9)}


@pytest.mark.parametrize(
    ("body", "segment", "why"),
    [
        (OVER, "", "needed is one bone"),
        ({"ends_treatment": True, "reason": " "}, "R.femur", "has no reason"),
        ({**OVER, "by": "Ada"}, "R.femur", "decision, by"),
    ],
)
def test_an_end_without_bone_or_reason_is_refused(
    body: dict[str, Any], segment: str, why: str
) -> None:
    with pytest.raises(RecordRefusal, match=why):
        ended_on(fold([decided(4, body, segment)]))

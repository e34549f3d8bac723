"""A named person answers a finding, or allows a step, with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.followup import Permission, Silence, Step, permission_of, silence_of
from callotasis.record import Entry, new_entry
from dora import CASE, SURGEON


def decided(body: dict[str, Any], segment: str = "R.femur") -> Entry:
    """Write a decision of the surgeon's down."""
    return new_entry(CASE, "decision", SURGEON, body, segment=segment)


def test_a_finding_is_silenced_with_a_reason() -> None:
    entry = decided({"silences": "knee.low@R.femur", "reason": "Splint fitted."})
    assert silence_of(entry) == Silence("knee.low@R.femur", "Splint fitted.")
    assert permission_of(entry) is None


@pytest.mark.parametrize("step", Step)
def test_every_step_is_allowed_with_a_reason(step: Step) -> None:
    entry = decided({"allows": step.value, "reason": "Seen on film."})
    assert permission_of(entry) == Permission(step, "Seen on film.")
    assert silence_of(entry) is None


def test_other_decisions_are_neither() -> None:
    entry = decided({"plan": "one", "answers": "a stop", "reason": "Seen."})
    assert silence_of(entry) is permission_of(entry) is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"silences": "knee.low"}, "reason"),
        ({"silences": "knee.low", "reason": " "}, "with a reason"),
        ({"silences": "", "reason": "Seen."}, "like knee.low"),
        ({"silences": "*", "reason": "Seen."}, "like knee.low"),
        ({"silences": "knee.low", "reason": "Seen.", "until": 9}, "until"),
        ({"silences": 7, "reason": "Seen."}, "silences"),
        ({"allows": "sport"}, "reason"),
        ({"allows": "sport", "reason": ""}, "'sport' is allowed without a reason"),
        ({"allows": "running", "reason": "Seen."}, "allows"),
    ],
)
def test_a_decision_without_reason_or_of_nothing_known_is_refused(
    body: dict[str, Any], says: str
) -> None:
    read = permission_of if "allows" in body else silence_of
    with pytest.raises(RecordRefusal, match=says):
        read(decided(body))


def test_a_step_is_allowed_for_one_bone() -> None:
    entry = decided({"allows": "sport", "reason": "Seen."}, "R")
    with pytest.raises(RecordRefusal, match="needed is one bone"):
        permission_of(entry)

"""What an exam may say, and which slips of unit or convention are refused."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.followup import exam_of
from callotasis.record import new_entry
from dora import CASE


def read(body: dict[str, Any], segment: str = "R") -> Any:
    """Read the body of an exam of the right leg."""
    return exam_of(new_entry(CASE, "exam", "Ben", body, segment=segment))


def test_an_exam_keeps_what_was_found_and_nothing_else() -> None:
    exam = read({"ranges": {"knee_flexion_deg": 95}, "ankle_power": 4})
    assert exam.ranges.measured() == {"knee_flexion_deg": 95}
    assert (exam.ankle_power, exam.toe_power, exam.crp_mg_per_l) == (4, None, None)
    assert read({"crp_mg_per_l": 12}, "R.femur").crp_mg_per_l == 12


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "says nothing"),
        ({"ranges": {}}, "says nothing"),
        ({"ranges": {"knee_flexion_deg": 200}}, "knee_flexion_deg is 200; allowed"),
        (
            {"ranges": {"knee_flexion_deg": 2.09}},
            "Is it in radians\\? Then it is 120",
        ),
        (
            {"ranges": {"dorsiflexion_knee_straight_deg": 95}},
            "counted from there as 90\\? Then it is 5",
        ),
        (
            {"ranges": {"knee_extension_lack_deg": 175}},
            "straight counted as 180\\? Then it is 5",
        ),
        ({"ranges": {"knee_flexion_deg": "95"}}, "valid number"),
        ({"ankle_power": 6}, "ankle_power is 6; allowed is 0 to 5"),
        ({"toe_power": -1}, "toe_power is -1"),
        ({"ankle_power": 4.5}, "valid integer"),
        ({"ankle_power": True}, "valid integer"),
        ({"crp_mg_per_l": 5000}, "crp_mg_per_l is 5000; allowed is 0 to 600"),
        ({"flexion_deg": 95}, "flexion_deg"),
    ],
)
def test_a_slip_is_refused_with_what_was_meant(body: dict[str, Any], says: str) -> None:
    with pytest.raises(RecordRefusal, match=says):
        read(body)


def test_an_exam_names_a_leg() -> None:
    with pytest.raises(RecordRefusal, match="names no leg"):
        read({"ankle_power": 5}, "")

"""Whom to call: the emergency number that a case holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.emergency import checked_number, emergency_number, emergency_of
from callotasis.errors import RecordRefusal
from callotasis.record import CaseFolder, fold, new_entry
from dora import CASE, SURGEON


@pytest.mark.parametrize("number", ["112", "911", "+44 20 7946 0999", "030/1234-56"])
def test_a_telephone_number_is_kept_as_it_is(number: str) -> None:
    assert checked_number(f" {number} ") == number


@pytest.mark.parametrize(
    "number", ["call Ada", "1", "112;911", "+", "+-", "0" * 40, "one one two"]
)
def test_what_nobody_can_dial_is_refused(number: str) -> None:
    with pytest.raises(RecordRefusal, match="allowed is a telephone number"):
        checked_number(number)


def test_no_number_is_no_number() -> None:
    assert checked_number("  ") == ""
    folder = [new_entry(CASE, "case", SURGEON, {"opened": True})]
    assert emergency_number(fold(folder)) == ""
    assert emergency_number(fold([])) == ""


def test_a_case_is_opened_with_a_number_and_the_newest_one_counts(
    tmp_path: Path,
) -> None:
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON, "112")
    assert emergency_number(case.case()) == "112"
    case.append(new_entry(CASE, "case", SURGEON, {"emergency": "911"}))
    assert emergency_number(case.case()) == "911"
    case.append(new_entry(CASE, "case", SURGEON, {"opened": False}))
    assert emergency_number(case.case()) == "911"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"emergency": "nobody"}, "emergency is 'nobody'"),
        ({"emergency": 112}, "emergency"),
        ({"phone": "112"}, "phone"),
    ],
)
def test_a_number_that_cannot_be_read_is_refused(
    body: dict[str, object], says: str
) -> None:
    with pytest.raises(RecordRefusal, match=says):
        emergency_of(new_entry(CASE, "case", SURGEON, body))

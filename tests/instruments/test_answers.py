"""Answers: kept as they were given, refused where they cannot be, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.instruments import answers_of, given_of
from callotasis.record import fold
from sheets import ON, filled, sheet

MOOD = dict(filled("phq9", 1).answers)


def body(**changed: Any) -> dict[str, Any]:
    """A whole PHQ-9 as it would be entered, with some of its parts changed."""
    return {"instrument": "phq9", "answers": MOOD, **changed}


def without(*items: str) -> dict[str, int]:
    """The same answers with some left out."""
    return {item: answer for item, answer in MOOD.items() if item not in items}


def test_answers_are_read_as_they_were_given() -> None:
    found = answers_of(sheet(body()))
    assert found.instrument == "phq9"
    assert dict(found.answers) == MOOD
    assert found.unanswered == ()


def test_what_was_left_out_is_named() -> None:
    found = answers_of(sheet(body(answers=without("phq9_3"), unanswered=["phq9_3"])))
    assert found.unanswered == ("phq9_3",)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"answers": without("phq9_3")}, "phq9_3 must be answered, or named"),
        ({"unanswered": ["phq9_3"]}, "phq9_3 must be answered, or named .* not both"),
        ({"answers": {**MOOD, "phq9_3": 4}}, "phq9_3 is 4; allowed is 0 to 3"),
        ({"answers": {**MOOD, "phq9_3": -1}}, "phq9_3 is -1; allowed is 0 to 3"),
        ({"answers": {**MOOD, "phq9_3": True}}, "phq9_3: Input should be a valid int"),
        ({"answers": {**MOOD, "phq9_3": "2"}}, "phq9_3: Input should be a valid int"),
        ({"answers": {**MOOD, "phq9_3": 1.5}}, "phq9_3: Input should be a valid int"),
        ({"answers": {**MOOD, "phq9_10": 1}}, "PHQ-9 does not ask phq9_10"),
        ({"instrument": "phq"}, "questionnaire 'phq' is unknown"),
        ({"instrument": "eq5d5l"}, "belongs to EuroQol"),
        ({"total": 9}, "questionnaire, total"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        answers_of(sheet(body(**changed)))


def test_a_knee_has_a_side() -> None:
    knee = {"instrument": "knee_pain", "answers": {"knee_pain": 2}}
    assert answers_of(sheet(knee, "R")).answers == {"knee_pain": 2}
    with pytest.raises(RecordRefusal, match="knee_pain names no side"):
        answers_of(sheet(knee))


def test_sheets_come_with_day_and_side_and_without_destroyed_ones() -> None:
    knee = {"instrument": "knee_pain", "answers": {"knee_pain": 2}}
    case = fold([sheet(knee, "L"), sheet({"destroyed": True})])
    (found,) = given_of(case)
    assert (found.on, found.segment) == (ON.date(), "L")

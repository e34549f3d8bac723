"""Rows: every column of the dictionary, days in place of dates, nothing left out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.outcome import BeforeAfter, Expected, check_row, data_dictionary, row
from callotasis.worlds import Interval
from ended import ENDED, PERSON, exactly, outcome

ROW = row(ENDED, PERSON)


def test_row_and_dictionary_agree() -> None:
    assert [*ROW] == [column.name for column in data_dictionary()]
    check_row(ROW)


def test_a_row_says_what_the_outcome_says() -> None:
    assert (ROW["person"], ROW["side"], ROW["bone"]) == (PERSON, "R", "femur")
    assert (ROW["gained_mm_low"], ROW["gained_mm_high"]) == (47.4, 49.9)
    assert ROW["gained_verdict"] == "below"
    assert (ROW["healing_from"], ROW["healing_days"]) == ("osteotomy", 171)
    assert ROW["mad_mm_after_low"] == -0.9
    assert ROW["knee_flexion_deg_after"] == 122.0
    assert (ROW["back_pain_before"], ROW["back_pain_after"]) == (5, 2)
    assert ROW["expected_consolidated_day_verdict"] == "as expected"
    assert ROW["expected_consolidated_day_level"] == 0.9
    assert ROW["expected_full_weight_bearing_day_verdict"] == "above"


def test_what_is_not_known_is_empty_and_never_nought() -> None:
    assert ROW["loneliness_before"] is None
    assert ROW["knee_extension_lack_deg_after"] is None
    assert ROW["mpta_deg_before"] is None


def test_complications_are_counted_by_what_and_by_grade() -> None:
    assert (ROW["complications"], ROW["complications_open"]) == (2, 1)
    assert (ROW["n_joint_contracture"], ROW["n_nerve"]) == (1, 1)
    assert ROW["n_deep_infection"] == 0
    assert (ROW["black_i"], ROW["black_open"]) == (2, 0)
    assert (ROW["paley_problem"], ROW["paley_minor_complication"]) == (1, 1)


def test_no_cell_holds_a_date_or_the_name_of_the_case() -> None:
    for cell in ROW.values():
        assert not re.search(r"\d{4}-\d{2}-\d{2}", str(cell))
        assert "Dora" not in str(cell)
        assert "Ada" not in str(cell)


@pytest.mark.parametrize(("age", "told"), [(24, 24), (90, 90), (97, 90), (None, None)])
def test_a_very_old_age_is_not_told(age: int | None, told: int | None) -> None:
    assert row(outcome(age_years=age), PERSON)["age_years"] == told


def test_a_bone_of_which_little_is_known_has_a_row_too() -> None:
    bare = outcome(
        gained_mm=None, healing=None, alignment=(), ranges=(), scores=(), events=(),
        expected=(), age_years=None, indication="", ended=False,
    )  # fmt: skip
    found = row(bare, PERSON)
    assert found["gained_mm"] is None
    assert found["gained_verdict"] == "not known yet"
    assert found["complications"] == 0


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (
            {"alignment": (BeforeAfter("slope_deg", None, None),)},
            "alignment or ranges tell slope_deg, which the data dictionary does not",
        ),
        ({"scores": (BeforeAfter("mood", None, None),)}, "scores tell mood"),
        (
            {"expected": (Expected("joy", exactly(1), 0, None),)},
            "expected tell joy",
        ),
        ({"indication": "wish"}, "indication is 'wish'; allowed is unequal legs"),
        ({"device": "=cmd()"}, "device is '=cmd"),
        ({"device": "a nail"}, "allowed is a word of letters"),
        ({"gained_mm": Interval(1.0, float("nan"), 2.0)}, "needed is a finite number"),
        (
            {"scores": (BeforeAfter("phq9", exactly(4.5), None),)},
            "score phq9 is 4.5; a total is a whole number",
        ),
    ],
)
def test_what_the_dictionary_does_not_know_is_refused_and_not_dropped(
    changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(RecordRefusal, match=why):
        row(outcome(**changed), PERSON)


def test_a_person_by_name_is_refused() -> None:
    with pytest.raises(RecordRefusal, match="no name goes into the registry"):
        row(ENDED, "Dora")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"bone": None}, "bone is empty"),
        ({"followed_days": 3.5}, "followed_days is 3.5; needed is whole"),
        ({"followed_days": True}, "followed_days is True; needed is whole"),
        ({"planned_gain_mm": 50}, "planned_gain_mm is 50; needed is number"),
        ({"ended": 1}, "differ in ended"),
    ],
)
def test_a_row_that_was_changed_is_held_against_the_dictionary(
    changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(RecordRefusal, match=why):
        check_row({**ROW, **changed})

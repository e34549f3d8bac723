"""Contacts: who speaks with the patient after which answer, and how soon."""

from __future__ import annotations

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from callotasis.evidence import constant
from callotasis.instruments import (
    Answers,
    Within,
    catalogue,
    contact_rules,
    contacts,
    score,
)
from sheets import filled


@over(st.integers(1, 3), st.integers(0, 3))
def test_any_answer_to_item_9_is_a_call_the_same_day(nine: int, rest: int) -> None:
    found = contacts(score(filled("phq9", rest, phq9_9=nine)))
    assert found[0].within is Within.SAME_DAY
    assert "by voice" in found[0].who


def test_item_9_is_not_lost_on_a_half_filled_sheet() -> None:
    half = Answers("phq9", {"phq9_9": 1}, tuple(f"phq9_{n}" for n in range(1, 9)))
    (found,) = contacts(score(half))
    assert found.within is Within.SAME_DAY


@pytest.mark.parametrize(
    ("key", "answer", "within"),
    [
        ("phq9", 0, []),
        ("gad7", 1, []),
        ("gad7", 2, [Within.THIS_WEEK]),
        ("gad7", 3, [Within.THIS_WEEK]),
        ("pain", 3, []),
        ("pain", 4, [Within.NEXT_VISIT]),
        ("pain", 7, [Within.SAME_DAY]),
        ("loneliness", 1, []),
        ("loneliness", 2, [Within.THIS_WEEK]),
        ("sleep", 3, []),
        ("sleep", 4, [Within.THIS_WEEK]),
        ("work", 6, []),
        ("work", 7, [Within.NEXT_VISIT]),
        ("back_pain", 6, []),
        ("back_pain", 7, [Within.THIS_WEEK]),
        ("knee_pain", 6, []),
        ("knee_pain", 7, [Within.THIS_WEEK]),
        ("rses", 0, []),
    ],
)
def test_a_contact_begins_at_its_limit(
    key: str, answer: int, within: list[Within]
) -> None:
    assert [c.within for c in contacts(score(filled(key, answer)))] == within


@pytest.mark.parametrize(
    ("total", "within"),
    [(9, []), (10, ["this week"]), (14, ["this week"]), (15, ["this week"])],
)
def test_low_mood_is_followed_by_its_total(total: int, within: list[str]) -> None:
    answers = {f"phq9_{n}": min(3, max(0, total - 3 * (n - 1))) for n in range(1, 10)}
    assert answers["phq9_9"] == 0
    assert [c.within for c in contacts(score(Answers("phq9", answers)))] == within


def test_rules_speak_of_what_is_asked_and_watched_the_sternest_first() -> None:
    seen: dict[tuple[str, str], float] = {}
    for rule in contact_rules():
        known = catalogue()[rule.instrument]
        assert not rule.item or rule.item in known.watched
        limit, place = constant(rule.row).value, (rule.instrument, rule.item)
        assert limit < seen.get(place, float("inf"))
        seen[place] = limit

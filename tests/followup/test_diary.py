"""What was known on each day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.followup.diary import counted_from, diary_of

said = st.lists(st.tuples(st.integers(-20, 60), st.floats(0, 10))).map(
    lambda values: sorted(values, key=lambda value: value[0])
)


@given(said, st.integers(0, 40))
def test_each_day_knows_what_was_said_last(
    values: list[tuple[int, float]], today: int
) -> None:
    row = diary_of({"pain": values}, today).facts["pain"]
    for day in range(today + 1):
        known = [value for when, value in values if when <= day]
        assert row[day] == (known[-1] if known else None)


@given(said, st.integers(0, 40))
def test_a_day_later_changes_no_earlier_day(
    values: list[tuple[int, float]], today: int
) -> None:
    now, next_day = (diary_of({"pain": values}, day) for day in (today, today + 1))
    assert [*next_day.facts["pain"][:-1]] == [*now.facts["pain"]]


def test_words_and_numbers_are_facts_alike() -> None:
    diary = diary_of({"shape": [(3, "concave")], "pain": [(1, 2.0)]}, 5)
    assert (diary.now("shape"), diary.now("pain")) == ("concave", 2.0)
    assert diary.now("mood") is None


@pytest.mark.parametrize(
    ("event", "today", "counted"),
    [
        (None, 5, []),
        (3, 5, [(3, 0.0), (4, 1.0), (5, 2.0)]),
        (-2, 1, [(0, 2.0), (1, 3.0)]),
        (7, 5, []),
    ],
)
def test_days_are_counted_from_an_event(
    event: int | None, today: int, counted: list[tuple[int, float]]
) -> None:
    assert counted_from(event, today) == counted

"""The diary beside the programme: counted by week, and nobody is blamed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Phase
from callotasis.errors import RecordRefusal
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.record import new_entry
from callotasis.rehabilitation import (
    Practised,
    adherence,
    diary_of,
    practised_of,
    programme,
)
from dora import CASE, PATIENT, RIGHT_FEMUR
from followcases import at_day, entered, signed_case

PROGRAMME = programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL)
MONDAY = date(2027, 1, 18)
DAY = timedelta(days=1)
NAMES = [e.name for e in PROGRAMME.exercises]


def slides(*days: int, rounds: int = 3) -> list[tuple[date, Practised]]:
    """Heel slides on some days since the first."""
    return [(MONDAY + d * DAY, Practised("heel_slide", rounds)) for d in days]


def test_a_week_counts_what_was_logged_beside_what_was_asked() -> None:
    diary = [*slides(0, 1, 2), (MONDAY, Practised("physiotherapy"))]
    (week,) = adherence(PROGRAMME, diary, MONDAY, MONDAY + 6 * DAY)
    (found,) = [e for e in week.exercises if e.what == "heel_slide"]
    assert (found.logged, found.asked, found.open) == (9, 21, 12)
    assert found.words == "9 of 21 logged, 12 not logged yet"
    assert week.sessions.words == "1 of 3 logged, 2 not logged yet"


def test_the_running_week_asks_only_for_days_that_have_come() -> None:
    one, two = adherence(PROGRAMME, slides(7), MONDAY, MONDAY + 8 * DAY)
    assert (one.days, two.days) == (7, 2)
    (found,) = [e for e in two.exercises if e.what == "heel_slide"]
    assert (found.logged, found.asked) == (3, 6)
    assert two.sessions.asked == 0


def test_more_than_asked_does_not_make_up_for_another_exercise() -> None:
    diary = slides(*range(7), rounds=24)
    (week,) = adherence(PROGRAMME, diary, MONDAY, MONDAY + 6 * DAY)
    asked = sum(e.asked for e in week.exercises)
    assert week.share == pytest.approx(21 / asked)


def test_what_is_not_in_the_programme_is_counted_beside_it() -> None:
    diary = [(MONDAY, Practised("cycling", 2))]
    (week,) = adherence(PROGRAMME, diary, MONDAY, MONDAY)
    (found,) = week.besides
    assert (found.what, found.words) == ("cycling", "2 logged")


@given(
    st.lists(
        st.tuples(st.integers(0, 27), st.sampled_from(NAMES), st.integers(1, 24)),
        max_size=30,
    )
)
def test_nothing_that_was_logged_is_lost_and_no_share_leaves_its_range(
    lines: list[tuple[int, str, int]],
) -> None:
    diary = [(MONDAY + d * DAY, Practised(name, n)) for d, name, n in lines]
    weeks = adherence(PROGRAMME, diary, MONDAY, MONDAY + 27 * DAY)
    logged = sum(e.logged for week in weeks for e in (*week.exercises, *week.besides))
    assert logged == sum(n for _, _, n in lines)
    assert all(0 <= week.share <= 1 for week in weeks)
    said = " ".join(e.words for week in weeks for e in week.exercises)
    assert "missed" not in said
    assert "fail" not in said


def test_a_diary_is_read_from_the_case(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    body: dict[str, Any] = {"exercise": "heel_slide", "rounds": 2}
    entered(case, "exercise", body, at_day(8), RIGHT_FEMUR)
    entered(case, "exercise", {"exercise": "physiotherapy"}, at_day(9), RIGHT_FEMUR)
    found = diary_of(case.case(), str(RIGHT_FEMUR))
    assert [(line.exercise, line.rounds) for _, line in found] == [
        ("heel_slide", 2),
        ("physiotherapy", 1),
    ]
    assert found[0][0] == at_day(8).date()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"exercise": "handstand"}, "exercise 'handstand' is unknown"),
        ({"exercise": "heel_slide", "rounds": 0}, "rounds is 0"),
        ({"exercise": "heel_slide", "rounds": 100}, "allowed in one entry is 1 to 24"),
        ({"exercise": "heel_slide", "rounds": "3"}, "exercise, rounds"),
        ({"exercise": "heel_slide", "minutes": 3}, "exercise, minutes"),
        ({}, "exercise, exercise: Field required"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused(
    body: dict[str, Any], why: str
) -> None:
    with pytest.raises(RecordRefusal, match=why):
        practised_of(new_entry(CASE, "exercise", PATIENT, body))


def test_a_day_before_the_programme_is_refused() -> None:
    with pytest.raises(RecordRefusal, match="before the programme began"):
        adherence(PROGRAMME, [], MONDAY, MONDAY - DAY)

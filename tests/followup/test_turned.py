"""Turns as they were done: read, added up, held against what was prescribed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Bound, Protocol, prescribe
from callotasis.entered import keep_entry
from callotasis.errors import RecordRefusal
from callotasis.followup import Slip, SlipKind, Turning, turned_of, turning_of
from callotasis.record import CaseFolder, Entry, fold, new_entry
from dora import CASE, PATIENT, RIGHT_FEMUR, SURGERY_ON

PLAN = prescribe(RIGHT_FEMUR, "example-nail", 10.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
HOME = timezone(timedelta(hours=9))
AFTER = PLAN.turns[-1].at + timedelta(days=1)


def turn(
    at: datetime, turned_mm: float = 0.25, *, by: str = PATIENT, **how: Any
) -> Entry:
    """Write one turn down, done at this time of the patient's clock."""
    moment = at.replace(tzinfo=HOME)
    entry = new_entry(
        CASE,
        "turn",
        by,
        {"turned_mm": turned_mm},
        **{"segment": str(RIGHT_FEMUR), "happened_at": moment, **how},
    )
    return Entry(**{**vars(entry), "recorded_at": moment.isoformat()})


def obedient(count: int = len(PLAN.turns)) -> list[Entry]:
    """Do the first turns as prescribed."""
    return [turn(t.at) for t in PLAN.turns[:count]]


def turning(entries: Sequence[Entry]) -> Turning:
    """Fold entries, whatever their order."""
    return turning_of(fold(entries), Bound(PLAN))


def kinds(slips: Sequence[Slip]) -> list[SlipKind]:
    """Name what slipped."""
    return [slip.kind for slip in slips]


def test_turning_as_prescribed_slips_nowhere() -> None:
    done = turning(obedient())
    for prescribed in PLAN.turns:
        assert done.turned_mm(prescribed.at).value == pytest.approx(prescribed.total_mm)
        assert not done.slips(prescribed.at)
    assert done.prescribed_mm(AFTER) == pytest.approx(10.0)
    assert not done.slips(AFTER)


@given(st.permutations(range(12)))
def test_entries_may_come_in_any_order(order: list[int]) -> None:
    entries = obedient(12)
    assert turning([entries[i] for i in order]) == turning(entries)


def test_a_turn_is_missed_once_half_the_time_to_the_next_has_gone() -> None:
    done = turning(obedient(8))
    due = PLAN.turns[8].at
    assert not done.slips(due + timedelta(hours=1))
    [missed] = done.slips(due + timedelta(hours=3))
    assert missed.kind is SlipKind.MISSED
    assert missed.slip_mm == pytest.approx(0.25)
    assert due < missed.since <= due + timedelta(hours=3)


def test_a_missed_turn_that_is_made_up_for_is_missed_no_more() -> None:
    entries = obedient(8)
    late = PLAN.turns[10].at
    makeup = [turn(late, 0.75)]
    assert kinds(turning(entries).slips(late)) == [SlipKind.MISSED]
    assert not turning(entries + makeup).slips(late)


def test_turns_after_the_last_prescribed_one_make_up_for_missed_ones() -> None:
    entries = obedient(30)
    missed_since = PLAN.turns[30].at + timedelta(hours=2)
    late = [turn(AFTER + timedelta(hours=4 * k)) for k in range(10)]
    for count in range(10):
        now = AFTER + timedelta(hours=4 * count)
        [missed] = turning(entries + late[:count]).slips(now)
        amount = pytest.approx(2.5 - 0.25 * count)
        assert missed == Slip(SlipKind.MISSED, missed_since, amount)
    assert not turning(entries + late).slips(AFTER + timedelta(days=9))


def test_a_double_turn_is_extra_from_when_it_was_done() -> None:
    again = PLAN.turns[3].at + timedelta(minutes=40)
    [extra] = turning([*obedient(), turn(again)]).slips(AFTER)
    assert extra == Slip(SlipKind.EXTRA, again, pytest.approx(0.25))


def test_a_turn_backwards_is_told_and_taken_off() -> None:
    entries = obedient()
    wrong = PLAN.turns[20].at
    entries[20] = turn(wrong, -0.25)
    done = turning(entries)
    assert {*kinds(done.slips(AFTER))} == {SlipKind.BACKWARDS, SlipKind.MISSED}
    assert done.turned_mm(AFTER).value == pytest.approx(9.5)


def test_one_turn_from_two_phones_is_counted_once_and_twice() -> None:
    at = PLAN.turns[5].at
    other = turn(at + timedelta(minutes=2), by="Dora's mother")
    done = turning([*obedient(), other])
    total = done.turned_mm(AFTER)
    assert (total.value, total.low, total.high) == pytest.approx((10.0, 10.0, 10.25))
    assert kinds(done.slips(AFTER)) == [SlipKind.TWICE]


def test_the_same_entry_from_two_phones_is_one_entry() -> None:
    entries = obedient()
    assert turning([*entries, *entries]) == turning(entries)


def test_a_correction_takes_the_place_of_the_turn() -> None:
    entries = obedient()
    right = turn(PLAN.turns[2].at, 0.5, corrects=entries[2].id)
    assert turning([*entries, right]).turned_mm(AFTER).value == pytest.approx(10.25)


def test_a_look_back_does_not_see_what_came_later() -> None:
    done = turning([*obedient(), turn(AFTER, -0.25)])
    assert not done.slips(AFTER - timedelta(hours=1))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"turned_mm": 10}, "turned_mm is 10; allowed at once is up to 1.5 mm"),
        ({"turned_mm": -2.0}, "turned_mm is -2; allowed"),
        ({"turned_mm": 0}, "moved nothing"),
        ({"turned_mm": "0.25"}, "turned_mm: Input should be a valid number"),
        ({"turned_mm": True}, "turned_mm: Input should be a valid number"),
        ({"turned": 0.25}, "turned"),
        ({}, "turned_mm"),
    ],
)
def test_a_slip_of_the_unit_or_the_key_is_refused(
    body: dict[str, Any], says: str
) -> None:
    entry = new_entry(CASE, "turn", PATIENT, body, segment=str(RIGHT_FEMUR))
    with pytest.raises(RecordRefusal, match=says):
        turned_of(entry)


@pytest.mark.parametrize("segment", ["", "R"])
def test_a_turn_names_one_bone(segment: str) -> None:
    entry = new_entry(CASE, "turn", PATIENT, {"turned_mm": 0.25}, segment=segment)
    with pytest.raises(RecordRefusal, match="needed is one bone"):
        turned_of(entry)


def test_a_turn_in_the_future_is_refused_and_clocks_may_differ_a_little() -> None:
    now = datetime.now(UTC)
    for ahead, refused in ((timedelta(minutes=5), False), (timedelta(hours=2), True)):
        entry = new_entry(
            CASE,
            "turn",
            PATIENT,
            {"turned_mm": 0.25},
            segment="R.femur",
            happened_at=now + ahead,
        )
        if refused:
            with pytest.raises(RecordRefusal, match="after it was written down"):
                turned_of(entry)
        else:
            assert turned_of(entry).turned_mm == 0.25


def test_a_refused_turn_leaves_the_case_as_it_was(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / "case", CASE, PATIENT)
    before = folder.case()
    entry = new_entry(CASE, "turn", PATIENT, {"turned_mm": 10}, segment="R.femur")
    with pytest.raises(RecordRefusal, match="in millimetres"):
        keep_entry(folder, entry)
    assert folder.case() == before


@given(st.integers(0, 60 * 24 * 8), st.integers(-90, 90))
def test_what_slipped_stands_at_every_later_hour(minutes: int, late: int) -> None:
    punctual = [t.at + timedelta(minutes=late) for t in PLAN.turns]
    now = PLAN.turns[6].at + timedelta(hours=2, minutes=minutes)
    missing = [turn(at) for i, at in enumerate(punctual) if i != 5]
    [missed] = turning(missing).slips(now)
    assert (missed.kind, missed.slip_mm) == (SlipKind.MISSED, pytest.approx(0.25))
    assert missed.since == PLAN.turns[5].at + timedelta(hours=2)
    again = punctual[5] + timedelta(minutes=20)
    [extra] = turning([*map(turn, punctual), turn(again)]).slips(now)
    assert (extra.kind, extra.slip_mm) == (SlipKind.EXTRA, pytest.approx(0.25))
    assert extra.since == again

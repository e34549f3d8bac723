"""The prescription as a calendar and as a table, read back by others' tools."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from icalendar.cal import Component

from callotasis import NOTICE
from callotasis.distraction import (
    Prescription,
    Protocol,
    as_calendar,
    as_table,
    prescribe,
    prescribe_frame,
)
from callotasis.fixation import FrameDay
from dora import CASE, LEFT_TIBIA, RIGHT_FEMUR, SURGERY_ON

FEMUR = prescribe(
    RIGHT_FEMUR, "example-nail", 5.25, Protocol(7, 1.0, 4, ()), SURGERY_ON
)
TIBIA = prescribe(
    LEFT_TIBIA, "example-rail", 2.0, Protocol(10, 0.75, 3, ()), SURGERY_ON
)
BOTH = (FEMUR, TIBIA)


def events(
    *prescriptions: Prescription, case: str = CASE, draft: bool = True
) -> list[Component]:
    """Write a calendar and read its events as a phone would."""
    written = as_calendar(case, prescriptions, draft=draft)
    return list(Calendar.from_ical(written).walk("VEVENT"))


def test_a_calendar_has_an_event_for_every_turn_and_no_other() -> None:
    assert len(events(*BOTH)) == len(FEMUR.turns) + len(TIBIA.turns)


def test_an_event_stands_at_the_local_time_of_its_turn() -> None:
    for event, turn in zip(events(FEMUR), FEMUR.turns, strict=True):
        at = event.decoded("dtstart")
        assert at == turn.at
        assert at.tzinfo is None  # the patient's own clock, wherever it is
        assert event.decoded("duration") == timedelta(minutes=15)


def test_an_event_says_which_bone_and_how_much() -> None:
    for event, turn in zip(events(FEMUR), FEMUR.turns, strict=True):
        assert "right femur" in event["summary"]
        assert f"turn {turn.turn_mm:g} mm" in event["summary"]
        assert f"{turn.total_mm:g} of 5.25 mm" in event["description"]
        assert NOTICE in event["description"]


def test_every_turn_rings() -> None:
    for event in events(*BOTH):
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(0)
        assert alarm["action"] == "DISPLAY"


def test_an_unsigned_turn_says_draft_and_a_signed_one_does_not() -> None:
    assert all("DRAFT" in event["summary"] for event in events(*BOTH, draft=True))
    assert not any("DRAFT" in event["summary"] for event in events(*BOTH, draft=False))


def test_every_event_has_a_name_of_its_own() -> None:
    names = [event["uid"] for event in events(*BOTH)]
    assert len({*names}) == len(names)


def test_a_turn_keeps_its_name_when_the_plan_is_signed() -> None:
    drafted, signed = (
        [event["uid"] for event in events(*BOTH, draft=draft)]
        for draft in (True, False)
    )
    assert drafted == signed


def test_a_turn_of_another_case_has_another_name() -> None:
    ours, theirs = ([e["uid"] for e in events(FEMUR, case=c)] for c in ("Ada", "Eli"))
    assert not {*ours} & {*theirs}


def test_the_same_prescription_gives_the_same_calendar() -> None:
    assert as_calendar(CASE, BOTH, draft=True) == as_calendar(CASE, BOTH, draft=True)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param('Dora, "the brave"; 1\\2', id="signs of the format"),
        pytest.param("Дора 朵拉", id="other alphabets"),
        pytest.param("BEGIN:VEVENT", id="a line of the format"),
        pytest.param("D" * 300, id="longer than a line"),
    ],
)
def test_a_calendar_carries_any_name_and_no_other_event(case: str) -> None:
    written = as_calendar(case, [FEMUR], draft=True)
    read = Calendar.from_ical(written)
    assert read["x-wr-calname"] == f"Turns of {case}"
    assert len(read.walk("VEVENT")) == len(FEMUR.turns)
    assert max(map(len, written.split(b"\r\n"))) <= 75


def test_a_prescription_without_turns_leaves_the_calendar_empty() -> None:
    nothing = prescribe(RIGHT_FEMUR, "x", 0.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
    assert events(nothing) == []


def test_the_table_gives_every_turn_back() -> None:
    rows = list(csv.DictReader(io.StringIO(as_table(BOTH, draft=True))))
    turns = [(p, turn) for p in BOTH for turn in p.turns]
    for row, (prescription, turn) in zip(rows, turns, strict=True):
        assert row["segment"] == str(prescription.segment)
        assert int(row["number"]) == turn.number
        assert int(row["day"]) == turn.day
        at = datetime.fromisoformat(f"{row['date']}T{row['time']}")
        assert at == turn.at
        assert date.fromisoformat(row["date"]) == prescription.on_day(turn.day)
        assert float(row["turn_mm"]) == turn.turn_mm
        assert float(row["total_mm"]) == turn.total_mm


def test_the_table_has_its_heads_even_when_nothing_is_turned() -> None:
    head = "segment,number,day,date,time,turn_mm,total_mm,state,joint_to_joint_mm"
    assert as_table([], draft=True).split() == [head]


FRAME = prescribe_frame(
    LEFT_TIBIA,
    "example-hexapod",
    [FrameDay((150.0, 151.0, 152.0, 153.0, 154.0, 155.0), 0.9, 0.5)],
    Protocol(10, 1.0, 1, ()),
    SURGERY_ON,
)


def test_a_frame_is_told_the_length_of_every_strut() -> None:
    [event] = events(FRAME)
    assert "set the frame by its sheet, row of day of turning 1" in event["summary"]
    assert "150" not in event["summary"]
    [row] = csv.DictReader(io.StringIO(as_table([FRAME], draft=True)))
    assert row["joint_to_joint_mm"] == "150 151 152 153 154 155"
    assert date.fromisoformat(row["date"]) == SURGERY_ON + timedelta(days=10)


def test_a_turn_of_a_nail_has_no_lengths() -> None:
    rows = csv.DictReader(io.StringIO(as_table([FEMUR], draft=True)))
    assert {row["joint_to_joint_mm"] for row in rows} == {""}

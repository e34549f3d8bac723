"""Entries: what may be written down, and what is refused at the door."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import FrozenInstanceError, asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.record import KINDS, Entry, entry_from, new_entry

TURN: dict[str, Any] = {
    "id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
    "case": "dora",
    "segment": "R.femur",
    "kind": "turn",
    "happened_at": "2026-03-01T08:00:00+01:00",
    "recorded_at": "2026-03-01T08:05:00+01:00",
    "author": "Dora",
    "corrects": "",
    "body": {"turned_mm": 0.25},
    "schema": 1,
}

OFFSETS = st.builds(
    lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-840, 840)
)


def test_data_from_outside_becomes_the_entry_it_describes() -> None:
    assert asdict(entry_from(TURN)) == TURN


def test_what_may_be_left_out_is_empty() -> None:
    needed = ("id", "case", "kind", "happened_at", "recorded_at", "author")
    entry = entry_from({name: TURN[name] for name in needed})
    assert (entry.segment, entry.corrects, entry.body) == ("", "", {})


@pytest.mark.parametrize(
    "missing", ["id", "case", "kind", "happened_at", "recorded_at", "author"]
)
def test_a_missing_field_is_refused_by_its_name(missing: str) -> None:
    raw = {name: value for name, value in TURN.items() if name != missing}
    with pytest.raises(RecordRefusal, match=f"^{missing}: "):
        entry_from(raw)


@pytest.mark.parametrize(
    ("field", "value"),
    [("case", 7), ("author", None), ("body", "turned"), ("body", None), ("body", [])],
)
def test_a_field_of_another_type_is_refused_by_its_name(
    field: str, value: object
) -> None:
    with pytest.raises(RecordRefusal, match=f"^{field}: "):
        entry_from({**TURN, field: value})


@pytest.mark.parametrize("raw", [None, 7, "turn", ["turn"]])
def test_what_is_no_entry_at_all_is_refused(raw: object) -> None:
    with pytest.raises(RecordRefusal, match=r"^entry: "):
        entry_from(raw)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_known_kind_is_taken(kind: str) -> None:
    assert entry_from({**TURN, "kind": kind}).kind == kind


@pytest.mark.parametrize("kind", ["", "Turn", "turns", "lengthening", "turn "])
def test_an_unknown_kind_is_refused_and_the_known_ones_are_named(kind: str) -> None:
    with pytest.raises(
        RecordRefusal, match=f"kind '{kind}' is unknown; known are case, complication,"
    ):
        entry_from({**TURN, "kind": kind})


@pytest.mark.parametrize(
    "segment", ["", "R", "L", "R.femur", "R.tibia", "L.femur", "L.tibia"]
)
def test_a_person_a_side_or_a_bone_is_a_segment(segment: str) -> None:
    assert entry_from({**TURN, "segment": segment}).segment == segment


@pytest.mark.parametrize(
    "segment", ["femur", "r.femur", "R.", "R.fibula", "RL", "R.femur ", "R.femur\n"]
)
def test_an_unknown_segment_is_refused(segment: str) -> None:
    with pytest.raises(RecordRefusal, match="is unknown; allowed is nothing, R, L,"):
        entry_from({**TURN, "segment": segment})


@pytest.mark.parametrize("field", ["id", "corrects"])
@pytest.mark.parametrize(
    "text",
    [
        "1",
        "dora-1",
        "6BA7B810-9DAD-41D1-80B4-00C04FD430C8",
        "6ba7b8109dad41d180b400c04fd430c8",
        "{6ba7b810-9dad-41d1-80b4-00c04fd430c8}",
        "6ba7b810-9dad-41d1-80b4-00c04fd430c8\n",
    ],
)
def test_an_id_that_is_no_plain_uuid_is_refused(field: str, text: str) -> None:
    with pytest.raises(RecordRefusal, match=f"^{field} '.*(\n)?' is no UUID"):
        entry_from({**TURN, field: text})


def test_an_entry_without_an_id_is_refused() -> None:
    with pytest.raises(RecordRefusal, match=r"^id '' is no UUID"):
        entry_from({**TURN, "id": ""})


@pytest.mark.parametrize("author", ["", " ", "\t\n"])
def test_an_entry_that_nobody_wrote_is_refused(author: str) -> None:
    with pytest.raises(RecordRefusal, match="author is empty"):
        entry_from({**TURN, "author": author})


@pytest.mark.parametrize("field", ["happened_at", "recorded_at"])
@pytest.mark.parametrize("text", ["2026-03-01T08:00:00", "2026-03-01"])
def test_a_time_without_offset_is_refused(field: str, text: str) -> None:
    with pytest.raises(RecordRefusal, match=f"^{field} '{text}' has no offset"):
        entry_from({**TURN, field: text})


@pytest.mark.parametrize("field", ["happened_at", "recorded_at"])
@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30T08:00:00+01:00", "1"])
def test_what_is_no_time_is_refused(field: str, text: str) -> None:
    with pytest.raises(RecordRefusal, match=f"^{field} '{re.escape(text)}' is no ISO"):
        entry_from({**TURN, field: text})


def test_times_in_different_offsets_are_the_same_instant() -> None:
    here = entry_from({**TURN, "happened_at": "2026-03-01T08:00:00+01:00"})
    there = entry_from({**TURN, "happened_at": "2026-03-01T07:00:00Z"})
    assert here.happened == there.happened


def test_an_entry_cannot_be_changed() -> None:
    entry = entry_from(TURN)
    with pytest.raises(FrozenInstanceError):
        entry.author = "Eli"  # type: ignore[misc]


def test_a_new_entry_gets_its_own_id_and_the_time_of_writing() -> None:
    before = datetime.now(UTC)
    one, other = (new_entry("dora", "exam", "Ben", {"knee_deg": 90}) for _ in "12")
    after = datetime.now(UTC)
    assert one.id != other.id
    assert uuid.UUID(one.id).version == 4
    assert before <= one.recorded <= other.recorded <= after
    assert one.happened == one.recorded


def test_a_new_entry_keeps_when_it_happened_apart_from_when_it_was_written() -> None:
    morning = datetime(2026, 3, 1, 8, tzinfo=UTC)
    entry = new_entry("dora", "turn", "Dora", {}, happened_at=morning)
    assert entry.happened == morning
    assert entry.recorded > morning


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "wish"}, "kind 'wish' is unknown"),
        ({"author": " "}, "author is empty"),
        ({"segment": "R.fibula"}, r"segment 'R\.fibula' is unknown"),
        ({"corrects": "the last one"}, "corrects 'the last one' is no UUID"),
        (
            {"happened_at": datetime(2026, 3, 1)},  # noqa: DTZ001 - the refused case
            "happened_at '2026-03-01T00:00:00' has no offset",
        ),
    ],
)
def test_a_new_entry_is_checked_like_one_from_outside(
    change: dict[str, Any], said: str
) -> None:
    parts: dict[str, Any] = {"case": "dora", "kind": "turn", "author": "Dora"}
    with pytest.raises(RecordRefusal, match=said):
        new_entry(**{**parts, "body": {}, **change})


@given(
    kind=st.sampled_from(sorted(KINDS)),
    happened=st.datetimes(timezones=OFFSETS),
    body=st.dictionaries(st.text(), st.integers() | st.text() | st.booleans()),
)
def test_an_entry_survives_the_way_through_json(
    kind: str, happened: datetime, body: dict[str, Any]
) -> None:
    entry = new_entry("dora", kind, "Cleo", body, happened_at=happened)
    back: Entry = entry_from(json.loads(json.dumps(asdict(entry))))
    assert back == entry
    assert back.happened == happened


@pytest.mark.parametrize("levels", [41, 900, 5000])
def test_a_body_nested_beyond_reason_is_refused(levels: int) -> None:
    body: dict[str, Any] = {}
    for _ in range(levels):
        body = {"in": body}
    with pytest.raises(RecordRefusal, match="nested deeper than 40 levels"):
        new_entry("Dora", "exam", "Ada", body)

"""Entries that people hand in: read before they are kept; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.entered import (
    ALWAYS_READ,
    HAPPENED,
    READERS,
    heard_of,
    keep_entry,
    readable,
    refused,
)
from callotasis.errors import RecordRefusal
from callotasis.followed import follow
from callotasis.record import KINDS, CaseFolder, Entry, fold, new_entry
from dora import CASE, PATIENT, RIGHT_FEMUR, everything_in
from followcases import at_day, entered, entry_at, keys, operated, signed_case, turned

SEGMENT = {"turn": "R.femur", "measurement": "R.femur", "exam": "R"}
GOOD: dict[str, dict[str, Any]] = {
    "turn": {"turned_mm": 0.25},
    "exam": {"ankle_power": 5},
    "measurement": {"callus_seen": True},
    "symptom": {"pain": 3},
    "questionnaire": {"instrument": "pain", "answers": {"pain": 3}},
    "decision": {"silences": "knee.low", "reason": "Seen."},
    "case": {"emergency": "112"},
    "gait": {"stance_s": {"L": [0.7, 0.71, 0.7], "R": [0.6, 0.62, 0.61]}},
    "exercise": {"exercise": "physiotherapy"},
}
SLIPS: list[tuple[str, dict[str, Any], str]] = [
    ("turn", {"turned_mm": 10}, "Is it in millimetres"),
    ("exam", {"ranges": {"knee_flexion_deg": 2.09}}, "Is it in radians"),
    (
        "exam",
        {"ranges": {"dorsiflexion_knee_straight_deg": 95}},
        "counted from there as 90",
    ),
    ("measurement", {"width_ratio": 85}, "width_ratio is 85"),
    ("measurement", {"of": "gap", "measured_mm": 21000, "sd_mm": 1}, "is 21000"),
    ("symptom", {"pain": 70}, "pain is 70"),
    ("questionnaire", {"instrument": "pain", "answers": {"pain": 30}}, "is 30"),
    ("decision", {"silences": "knee.low"}, "reason"),
    ("case", {"emergency": "nobody"}, "telephone number"),
    (
        "gait",
        {"stance_s": {"L": [700, 710, 700], "R": [600, 620, 610]}},
        "is it in milliseconds",
    ),
    ("exercise", {"exercise": "physiotherapy", "rounds": 600}, "rounds is 600"),
]


def entry(kind: str, body: dict[str, Any], **more: Any) -> Entry:
    """Write an entry now."""
    segment = SEGMENT.get(kind, "")
    return new_entry(CASE, kind, PATIENT, body, segment=segment, **more)


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Open a case that holds a signed plan."""
    return signed_case(tmp_path)


@pytest.mark.parametrize("kind", GOOD)
def test_what_can_be_read_is_kept(case: CaseFolder, kind: str) -> None:
    kept = keep_entry(case, entry(kind, GOOD[kind]))
    assert refused(kept) == ""
    assert kept in case.case().of_kind(kind)


@pytest.mark.parametrize(("kind", "body", "says"), SLIPS)
def test_a_slip_is_refused_before_anything_is_written(
    case: CaseFolder, kind: str, body: dict[str, Any], says: str
) -> None:
    before = everything_in(case.path)
    with pytest.raises(RecordRefusal, match=says):
        keep_entry(case, entry(kind, body))
    assert everything_in(case.path) == before


@pytest.mark.parametrize(("kind", "body", "says"), SLIPS)
def test_what_another_program_wrote_is_kept_and_flagged_or_refused(
    case: CaseFolder, kind: str, body: dict[str, Any], says: str
) -> None:
    if kind in ALWAYS_READ:
        with pytest.raises(RecordRefusal, match=says):
            keep_entry(case, entry(kind, body), whole=True)
        return
    kept = keep_entry(case, entry(kind, body), whole=True)
    assert kept in case.case().of_kind(kind)
    assert says in refused(kept)


@pytest.mark.parametrize("kind", sorted(HAPPENED & GOOD.keys()))
def test_what_happened_is_entered_once_it_has_happened(
    case: CaseFolder, kind: str
) -> None:
    now = datetime.now(UTC)
    soon, later = (now + timedelta(minutes=m) for m in (5, 60))
    keep_entry(case, entry(kind, GOOD[kind], happened_at=soon))
    before = everything_in(case.path)
    with pytest.raises(RecordRefusal, match="after it was written down"):
        keep_entry(case, entry(kind, GOOD[kind], happened_at=later))
    assert everything_in(case.path) == before


def test_a_decision_may_speak_of_a_later_day(case: CaseFolder) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    keep_entry(case, entry("decision", GOOD["decision"], happened_at=later))


def test_kinds_that_only_this_library_writes_are_not_read_here() -> None:
    assert READERS.keys() <= KINDS
    for kind in KINDS - READERS.keys():
        assert refused(entry(kind, {"anything": 1})) == ""


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 500)
    | st.floats(-9, 99)
    | st.text("ab"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = (
    *("turned_mm", "ranges", "ankle_power", "of", "ratio", "signs", "gone", "pain"),
    *("instrument", "answers", "silences", "allows", "reason", "emergency", "event"),
    *("segment", "done_on", "device", "acute_pose", "lots", "destroyed"),
    *("stance_s", "exercise", "rounds", "treatment_ended"),
)


@given(
    st.sampled_from(sorted(READERS)),
    st.dictionaries(st.sampled_from(KEYS), json_values, max_size=4),
)
def test_no_body_whatever_breaks_the_reading(kind: str, body: dict[str, Any]) -> None:
    reason = refused(entry(kind, body))
    good, bad = readable(fold([entry(kind, body)]))
    assert len(good.entries) + len(bad) == 1
    assert bool(bad) is bool(reason)


def test_unreadable_entries_are_set_aside_and_the_others_still_heard() -> None:
    good = [entry(kind, body) for kind, body in GOOD.items()]
    bad = [entry(kind, body) for kind, body, _ in SLIPS]
    case, aside = readable(fold([*good, *bad]))
    assert {e.id for e in case.entries} == {e.id for e in good}
    assert {e.id for e, _ in aside} == {e.id for e in bad}
    assert all(reason for _, reason in aside)


def test_a_destroyed_body_is_not_called_unreadable() -> None:
    gone = {"destroyed": True, "body_sha256": "0" * 64}
    assert {refused(entry(kind, gone)) for kind in READERS} == {""}


# What a case says of them.


def test_an_unreadable_entry_is_flagged_and_the_rest_is_judged(
    case: CaseFolder,
) -> None:
    operated(case)
    turned(case, 20)
    entered(case, "exam", {"flexion": 95}, at_day(9), RIGHT_FEMUR)
    entered(case, "symptom", {"signs": ["foot_drop"]}, at_day(10))
    standing = follow(case, 11)
    assert keys(standing) == ["nerve.power", "record.unreadable"]
    [_, unread] = standing.findings
    assert unread.since_day == 9
    assert "The exam of 2027-01-20 by Dora is not counted" in unread.finding.sentence
    assert "flexion" in unread.finding.sentence
    assert keys(follow(case, 8)) == []


def test_an_entry_dated_ahead_is_flagged_from_the_day_it_was_written(
    case: CaseFolder,
) -> None:
    operated(case)
    slip = entry_at("exam", {"ankle_power": 2}, at_day(9), "R")
    case.append(replace(slip, happened_at=at_day(400).isoformat()))
    assert keys(follow(case, 4)) == []
    assert keys(follow(case, 6)) == []  # written down on day 9
    turned(case, 12)
    assert keys(follow(case, 9)) == ["record.unreadable"]


def test_a_later_correction_makes_it_count(case: CaseFolder) -> None:
    operated(case)
    wrong = entry_at("exam", {"flexion": 95}, at_day(3), "R")
    right = entry_at("exam", {"ankle_power": 2}, at_day(3), "R")
    case.append(wrong, replace(right, corrects=wrong.id))
    assert keys(follow(case, 4)) == ["nerve.power"]


def test_the_same_entry_from_two_phones_is_one(case: CaseFolder) -> None:
    operated(case)
    twice = entry_at("symptom", {"signs": ["fever"]}, at_day(3))
    case.append(twice)
    case.append(twice)
    assert len(case.case().of_kind("symptom")) == 1
    assert keys(follow(case, 4)) == ["infection.fever"]


@pytest.mark.parametrize("kind", ["plan", "prescription", "signature"])
@pytest.mark.parametrize("whole", [False, True])
def test_what_binds_people_is_not_handed_in(
    case: CaseFolder, kind: str, whole: bool
) -> None:
    before = everything_in(case.path)
    with pytest.raises(RecordRefusal, match="is made by 'callotasis"):
        keep_entry(case, entry(kind, {"signs": "all"}), whole=whole)
    assert everything_in(case.path) == before


def test_a_decision_that_decides_nothing_is_refused(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="decides nothing"):
        keep_entry(case, entry("decision", {"foo": "bar"}))


def test_a_known_sign_is_heard_beside_a_strange_one(case: CaseFolder) -> None:
    strange = entry("symptom", {"signs": ["chest_pain", "new_sign", ["fever"], {}, 3]})
    heard, reason = heard_of(strange)
    assert heard is not None
    assert reason == refused(strange) != ""
    assert heard.body == {"signs": ["chest_pain"]}
    good, bad = readable(fold([strange]))
    assert [one.body for one in good.entries] == [{"signs": ["chest_pain"]}]
    assert len(bad) == 1
    assert heard_of(entry("symptom", {"signs": ["new_sign"]}))[0] is None

"""The fold: the same case from the same entries, whatever the order they came in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.findings import Level
from callotasis.record import Case, Entry, fold

IDS = [str(uuid.UUID(int=number, version=4)) for number in range(1, 8)]
A, B, C, *_, ABSENT = IDS

INSTANTS = [
    "2026-03-01T08:00:00+00:00",
    "2026-03-01T09:00:00+01:00",  # the same instant as the first
    "2026-03-01T08:30:00+01:00",  # the earliest, though it reads later than the first
    "2026-03-02T08:00:00+00:00",
]


def turn(identity: str, corrects: str = "", **change: Any) -> Entry:
    """One turn that Dora wrote down."""
    entry = Entry(
        id=identity,
        case="dora",
        kind="turn",
        happened_at="2026-03-01T08:00:00+00:00",
        recorded_at="2026-03-01T08:05:00+00:00",
        author="Dora",
        segment="R.femur",
        corrects=corrects,
        body={"turned_mm": 0.25},
    )
    return replace(entry, **change)


ENTRIES = st.lists(
    st.builds(
        turn,
        st.sampled_from(IDS[:-1]),
        # more roots than corrections, a few of them to what never arrives
        st.sampled_from(["", "", "", *IDS]),
        kind=st.sampled_from(["turn", "turn", "turn", "exam"]),
        happened_at=st.sampled_from(INSTANTS),
        recorded_at=st.sampled_from(INSTANTS),
        author=st.sampled_from(["Dora", "Ben"]),
        body=st.fixed_dictionaries({"turned_mm": st.sampled_from([0.25, 0.5])}),
    ),
    max_size=10,
)
# no id twice: only corrections, chains of them, loops and missing targets
DISTINCT = ENTRIES.map(lambda found: list({e.id: e for e in found}.values()))


def distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Entries without repeats; an entry holds a dict and has no hash."""
    found: list[Entry] = []
    for entry in entries:
        if entry not in found:
            found.append(entry)
    return found


def everything_in(case: Case) -> list[Entry]:
    """Each entry that the case shows anywhere."""
    told = [entry for said in case.history.values() for entry in said]
    return distinct(
        [*case.entries, *told, *case.waiting, *case.refused, *case.set_aside]
    )


@given(entries=ENTRIES, data=st.data())
def test_the_order_of_arrival_does_not_matter(
    entries: list[Entry], data: st.DataObject
) -> None:
    assert fold(data.draw(st.permutations(entries))) == fold(entries)


@given(entries=ENTRIES, data=st.data())
def test_repeats_do_not_matter(entries: list[Entry], data: st.DataObject) -> None:
    repeats = data.draw(st.lists(st.sampled_from(entries))) if entries else []
    assert fold([*repeats, *entries, *repeats]) == fold(entries)


@given(entries=ENTRIES)
def test_nothing_that_came_in_is_lost_and_nothing_is_made_up(
    entries: list[Entry],
) -> None:
    shown = everything_in(fold(entries))
    assert all(entry in shown for entry in entries)
    assert all(entry in entries for entry in shown)


@given(entries=ENTRIES)
def test_each_id_stands_in_one_place_only(entries: list[Entry]) -> None:
    case = fold(entries)
    corrected = [e.id for said in case.history.values() for e in said]
    uncorrected = [e.id for e in case.entries if e.id not in corrected]
    unplaced = (*case.waiting, *case.refused)
    places = [*corrected, *uncorrected, *(e.id for e in unplaced)]
    assert sorted(places) == sorted({e.id for e in entries})


@given(entries=ENTRIES)
def test_entries_stand_in_the_order_in_which_they_happened(
    entries: list[Entry],
) -> None:
    case = fold(entries)
    order = [(e.happened, e.id) for e in case.entries]
    assert order == sorted(order)


@given(entries=DISTINCT)
def test_the_last_correction_by_time_of_writing_and_id_holds(
    entries: list[Entry],
) -> None:
    case = fold(entries)
    for root, (first, *corrections) in case.history.items():
        assert first.id == root
        assert not first.corrects
        order = [(e.recorded, e.id) for e in corrections]
        assert order == sorted(order)
        held = [e for e in case.entries if e in (first, *corrections)]
        assert held == [corrections[-1]]


@given(entries=DISTINCT)
def test_a_correction_reaches_its_entry_through_other_corrections(
    entries: list[Entry],
) -> None:
    """The roots found by joining neighbours are those that the fold follows."""
    by_id = {e.id: e for e in entries}
    root = {e.id: e.id for e in entries if not e.corrects}
    for _ in entries:
        for entry in entries:
            target = by_id.get(entry.corrects)
            if target and target.kind == entry.kind and target.id in root:
                root[entry.id] = root[target.id]
    case = fold(entries)
    unplaced = [e.id for e in (*case.waiting, *case.refused)]
    assert sorted(unplaced) == sorted(set(by_id) - set(root))
    for start, said in case.history.items():
        assert {e.id for e in said} == {i for i, r in root.items() if r == start}


def test_an_empty_log_is_an_empty_case() -> None:
    assert fold([]) == Case(entries=(), history={}, waiting=(), set_aside=())
    assert fold([]).findings == ()


def test_entries_of_one_instant_stand_in_the_order_of_their_ids() -> None:
    late = turn(A, happened_at="2026-03-01T09:00:00+01:00")
    early = turn(B, happened_at="2026-03-01T08:00:00+00:00")
    assert fold([early, late]).entries == (late, early)


def test_an_offset_does_not_change_which_came_first() -> None:
    first = turn(B, happened_at="2026-03-01T08:30:00+01:00")
    second = turn(A, happened_at="2026-03-01T08:00:00+00:00")
    assert fold([second, first]).entries == (first, second)


def test_a_correction_holds_and_the_corrected_entry_stays_visible() -> None:
    wrong = turn(A, body={"turned_mm": 2.5})
    right = turn(B, A, recorded_at="2026-03-01T09:00:00+00:00")
    case = fold([right, wrong])
    assert case.entries == (right,)
    assert case.history == {A: (wrong, right)}


def test_a_correction_of_a_correction_corrects_the_entry_itself() -> None:
    said = turn(A)
    second = turn(B, A, recorded_at="2026-03-01T09:00:00+00:00")
    third = turn(C, B, recorded_at="2026-03-01T10:00:00+00:00")
    case = fold([third, second, said])
    assert case.entries == (third,)
    assert case.history == {A: (said, second, third)}


def test_of_two_corrections_the_one_written_last_holds() -> None:
    said = turn(A)
    noon = turn(C, A, recorded_at="2026-03-01T12:00:00+00:00", author="Ben")
    evening = turn(B, A, recorded_at="2026-03-01T18:00:00+00:00", author="Ada")
    case = fold([said, evening, noon])
    assert case.entries == (evening,)
    assert case.history[A] == (said, noon, evening)


def test_of_two_corrections_of_one_instant_the_higher_id_holds() -> None:
    said, low, high = turn(A), turn(B, A), turn(C, A)
    case = fold([high, said, low])
    assert case.entries == (high,)
    assert case.history[A] == (said, low, high)


def test_a_correction_holds_even_where_a_wrong_clock_dates_it_before_its_target() -> (
    None
):
    said = turn(A, recorded_at="2026-03-01T08:05:00+00:00")
    earlier = turn(B, A, recorded_at="2026-02-01T08:05:00+00:00")
    assert fold([said, earlier]).entries == (earlier,)


def test_a_corrected_time_moves_the_entry_to_its_place() -> None:
    evening = turn(A, happened_at="2026-03-01T20:00:00+00:00")
    noon = turn(B, happened_at="2026-03-01T12:00:00+00:00")
    morning = turn(C, A, happened_at="2026-03-01T08:00:00+00:00")
    assert fold([evening, noon, morning]).entries == (morning, noon)


def test_a_correction_waits_until_its_target_arrives() -> None:
    correction = turn(B, A, author="Ada")
    early = fold([correction])
    assert early.entries == ()
    assert early.waiting == (correction,)
    target = turn(A)
    late = fold([correction, target])
    assert late.waiting == ()
    assert late.entries == (correction,)


def test_a_waiting_correction_is_reported_with_the_missing_id() -> None:
    (finding,) = fold([turn(B, A)]).findings
    assert finding.level is Level.CAUTION
    assert finding.key == "record.waiting"
    assert A in finding.sentence
    assert finding.about == B


def test_a_correction_of_a_waiting_correction_waits_too() -> None:
    case = fold([turn(C, B), turn(B, ABSENT)])
    assert [e.id for e in case.waiting] == [B, C]
    assert len(case.findings) == 2


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([turn(A, A)], id="an entry that corrects itself"),
        pytest.param([turn(A, B), turn(B, A)], id="two that correct each other"),
        pytest.param([turn(A, B), turn(B, C), turn(C, A)], id="a ring"),
    ],
)
def test_corrections_in_a_ring_correct_nothing(entries: list[Entry]) -> None:
    case = fold(entries)
    assert case.entries == ()
    assert len(case.refused) == len(entries)
    assert {f.key for f in case.findings} == {"record.cannot_correct"}


def test_a_correction_of_another_kind_does_not_replace_its_target() -> None:
    said, other = turn(A), turn(B, A, kind="exam")
    case = fold([said, other])
    assert case.entries == (said,)
    assert case.refused == (other,)


def test_the_same_id_with_another_body_is_set_aside_and_reported() -> None:
    first = turn(A, recorded_at="2026-03-01T08:05:00+00:00")
    second = replace(
        first, body={"turned_mm": 1.0}, recorded_at="2026-03-01T09:00:00+00:00"
    )
    case = fold([second, first])
    assert case.entries == (first,)
    assert case.set_aside == (second,)
    (finding,) = case.findings
    assert finding.level is Level.CAUTION
    assert finding.key == "record.same_id"
    assert finding.about == A
    assert A in finding.sentence


def test_the_same_id_by_another_author_is_set_aside_too() -> None:
    first = turn(A)
    second = replace(first, author="Eli", recorded_at="2026-03-01T09:00:00+00:00")
    assert fold([second, first]).set_aside == (second,)


def test_a_repeat_is_not_set_aside() -> None:
    case = fold([turn(A), turn(A)])
    assert case.entries == (turn(A),)
    assert case.set_aside == ()
    assert case.findings == ()


def test_entries_are_found_by_kind_and_segment() -> None:
    femur = turn(A)
    tibia = turn(B, segment="L.tibia")
    exam = turn(C, kind="exam", segment="L.tibia")
    case = fold([exam, tibia, femur])
    assert case.of_kind("turn") == (femur, tibia)
    assert case.of_kind("turn", "L.tibia") == (tibia,)
    assert case.of_kind("exam", "R.femur") == ()
    assert case.of_kind("film") == ()


def test_what_was_destroyed_is_an_entry_that_holds_nothing() -> None:
    kept = turn("kept")
    gone = turn("gone", body={"destroyed": True, "body_sha256": "0"})
    case = fold([kept, gone])
    assert {e.id for e in case.of_kind("turn")} == {"kept", "gone"}
    assert case.held("turn") == case.held("turn", "R.femur") == (kept,)
    assert case.held("turn", "L.tibia") == ()

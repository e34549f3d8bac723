"""The register: counts per 100 segments beside published ones, never subtracted."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.complications import Event, Line, Register, Treated, What, register
from callotasis.complications.register import GROUPS, UNGRADED
from callotasis.errors import RecordRefusal
from mishaps import event

BONES = ("R.femur", "R.tibia", "L.femur", "L.tibia")


def treated(*events: Event, bones: tuple[str, ...] = ("R.femur",)) -> Treated:
    """A case whose treatment has ended."""
    return Treated(frozenset(bones), frozenset(bones), events)


def line(found: Register, group: str, name: str) -> Line:
    """One line of a register."""
    (one,) = [x for x in found.lines if (x.group, x.name) == (group, name)]
    return one


def test_a_case_without_complications_counts_too() -> None:
    found = register([treated(), treated(event())])
    assert (found.cases, found.segments, found.ended) == (2, 2, 2)
    every = line(found, "all", "all")
    assert (every.events, every.segments) == (1, 1)
    assert every.per_100.value == 50.0
    assert every.share.value == 50.0


def test_two_events_on_one_bone_are_two_events_and_one_bone() -> None:
    found = register([treated(event(), event(what="nerve", origin="nerve"))])
    every = line(found, "all", "all")
    assert (every.events, every.segments) == (2, 1)
    assert every.per_100.value == 200.0
    assert every.share.value == 100.0
    assert line(found, "what", "nerve").events == 1
    assert line(found, "origin", "joint").events == 1


def test_the_same_bone_of_two_people_is_two_bones() -> None:
    assert line(register([treated(event())] * 2), "all", "all").segments == 2


def test_what_belongs_to_no_bone_is_an_event_of_no_segment() -> None:
    clot = event("", what="DVT or PE", origin="vessel")
    found = line(register([treated(clot)]), "what", "DVT or PE")
    assert (found.events, found.segments) == (1, 0)


def test_frost_stands_beside_each_of_its_lines() -> None:
    found = register([treated(event())])
    beside = {(x.group, x.name): [rate.key for rate in x.beside] for x in found.lines}
    assert beside["all", "all"] == ["frost_all"]
    assert beside["black", "IIIA"] == ["frost_iiia"]
    assert beside["origin", "device"] == ["frost_device"]
    assert beside["paley", "problem"] == []


def test_nothing_in_a_line_is_a_difference_or_a_risk() -> None:
    names = {f.name for f in fields(Line)}
    assert names == {
        "group", "name", "events", "per_100", "segments", "share", "provisional",
        "beside",
    }  # fmt: skip
    assert "no risk of one person" in register([treated()]).words


def test_gradings_are_provisional_until_treatment_ends() -> None:
    during = Treated(frozenset({"R.femur"}), frozenset(), (event(),))
    assert line(register([during]), "black", "I").provisional == 1
    assert line(register([treated(event())]), "black", "I").provisional == 0


def test_an_event_of_the_person_is_final_when_every_bone_is() -> None:
    clot = event("", what="DVT or PE", origin="vessel")
    both = frozenset({"R.femur", "L.femur"})
    half = Treated(both, frozenset({"R.femur"}), (clot,))
    assert not half.is_final(clot)
    assert Treated(both, both, (clot,)).is_final(clot)


def test_an_event_that_no_rule_grades_is_counted_as_open() -> None:
    silent = event(treatment="planned theatre")
    assert line(register([treated(silent)]), "black", UNGRADED).events == 1


@given(
    st.lists(
        st.lists(
            st.builds(
                lambda bone, what: event(bone, what=what.value, in_words="seen"),
                st.sampled_from(BONES),
                st.sampled_from(What),
            ),
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_group_counts_every_event_once(cases: list[list[Event]]) -> None:
    found = register([treated(*events, bones=BONES) for events in cases])
    total = sum(map(len, cases))
    for group in GROUPS:
        lines = [x for x in found.lines if x.group == group]
        assert sum(x.events for x in lines) == total
        for x in lines:
            assert x.segments <= x.events
            assert x.per_100.low <= x.per_100.value <= x.per_100.high
            assert x.share.low <= x.share.value <= x.share.high


def test_a_register_of_no_segment_is_refused() -> None:
    with pytest.raises(RecordRefusal, match="no lengthened segment"):
        register([])
    with pytest.raises(RecordRefusal, match="no lengthened segment"):
        register([treated(bones=())])


def test_a_complication_of_a_bone_that_was_not_lengthened_is_refused() -> None:
    with pytest.raises(RecordRefusal, match=r"of L\.tibia, which was not lengthened"):
        treated(event("L.tibia"))
    with pytest.raises(RecordRefusal, match=r"treatment ended of L\.tibia"):
        Treated(frozenset({"R.femur"}), frozenset({"L.tibia"}), ())

"""What surgeons signed, and what it took the place of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callotasis.distraction import Bound, Prescription
from callotasis.errors import RecordRefusal
from callotasis.record import Entry, fold
from callotasis.signatures import (
    SIGNED,
    Signed,
    SignedBone,
    answers_of_signatures,
    signed_turns,
)
from dora import LEFT_TIBIA, SURGEON
from followcases import PLAN, at_day, entry_at

FEMUR, TIBIA = "R.femur", "L.tibia"
SHORT = replace(PLAN, turns=PLAN.turns[:40])


def signature(day: int, plan: Prescription = PLAN, **more: Any) -> Entry:
    """Sign a prescription of one bone on a day."""
    bone = str(plan.segment)
    signed = Signed(f"plan of day {day}", {bone: plan}, {bone: "antegrade"}, **more)
    body = SIGNED.dump_python(signed, mode="json")
    return entry_at("signature", body, at_day(day), "", SURGEON)


def bones(*entries: Entry) -> dict[str, SignedBone]:
    """Read what was signed."""
    return signed_turns(fold(entries))


def change(day: int, done: float, **more: Any) -> Entry:
    """Sign a changed prescription that takes over at noon of a day."""
    start = at_day(day).replace(tzinfo=None)
    more = {"start_mm": {FEMUR: done}, "starts_at": {FEMUR: start}, **more}
    return signature(day, SHORT, **more)


def test_a_signature_holds_every_turn_and_reads_back_as_it_was() -> None:
    bone = bones(signature(-30))[FEMUR]
    assert bone.bounds == (Bound(PLAN),)
    assert bone.prescription == PLAN
    assert (bone.approach, bone.cut_mm, bone.length_mm) == ("antegrade", None, None)


def test_a_change_is_added_and_what_bound_before_stays_readable() -> None:
    where = {"cut_mm": {FEMUR: 138.0}, "length_mm": {FEMUR: 430.0}}
    bone = bones(signature(-30, **where), change(20, 13.5), change(30, 20.0))[FEMUR]
    assert [b.start_mm for b in bone.bounds] == [0.0, 13.5, 20.0]
    assert bone.bounds[0].prescription == PLAN
    assert bone.prescription == SHORT
    assert bone.bounds[1].starts_at == at_day(20).replace(tzinfo=None)
    assert (bone.cut_mm, bone.length_mm) == (138.0, 430.0)


def test_a_new_plan_takes_the_place_of_all_before() -> None:
    bone = bones(signature(-30), change(20, 13.5), signature(25, SHORT))[FEMUR]
    assert bone.bounds == (Bound(SHORT),)


def test_each_bone_has_its_own_signatures() -> None:
    tibia = replace(PLAN, segment=LEFT_TIBIA)
    found = bones(signature(-30), signature(-20, tibia), change(20, 13.5))
    assert {name: len(bone.bounds) for name, bone in found.items()} == {
        FEMUR: 2,
        TIBIA: 1,
    }


def test_a_change_without_anything_before_binds_alone() -> None:
    [bound] = bones(change(20, 13.5))[FEMUR].bounds
    assert bound.start_mm == 13.5


def test_the_newest_signature_has_the_word_whatever_came_first() -> None:
    entries = [signature(-30), change(20, 13.5), change(30, 20.0)]
    assert bones(*entries) == bones(*reversed(entries))


def test_what_a_signature_answers_is_told_with_it() -> None:
    entry = change(20, 13.5, answers=("knee.stop@R.femur",))
    assert answers_of_signatures(fold([signature(-30), entry])) == [
        (entry, ("knee.stop@R.femur",), None)
    ]


def test_other_signatures_hold_no_turns() -> None:
    entry = entry_at("signature", {"signs": "consent"}, at_day(-30), "", SURGEON)
    assert bones(entry) == {}
    assert answers_of_signatures(fold([entry])) == []


@pytest.mark.parametrize(
    "wrong", [{"prescriptions": {}}, {"signs": "x", "prescriptions": {FEMUR: 3}}]
)
def test_a_signature_that_cannot_be_read_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RecordRefusal, match="signature"):
        bones(entry_at("signature", wrong, at_day(-30), "", SURGEON))

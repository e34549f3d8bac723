"""A changed prescription: drafted, signed by name, and what bound before stays."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from callotasis.adapting import binding_turns, draft_change, open_draft, sign_draft
from callotasis.courses import look_at
from callotasis.distraction import Adaptation, Bound, Change, Protocol, prescribe
from callotasis.errors import PlanRefusal, RecordRefusal
from callotasis.followed import follow
from callotasis.record import CaseFolder, Entry
from dora import LEFT_FEMUR, PATIENT, RIGHT_FEMUR, RIGHT_TIBIA, SURGEON, SURGERY_ON
from followcases import (
    HOME,
    PLAN,
    at_day,
    entered,
    entry_at,
    femur,
    gaps,
    keys,
    operated,
    signed_case,
    turned,
    turned_until,
)

DAY = 27  # in the evening 21 mm are turned


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow a femur that was turned as asked until the evening of day 27."""
    folder = signed_case(tmp_path)
    operated(folder)
    turned_until(folder, DAY)
    return folder


def on(day: int) -> date:
    """Name a day since surgery."""
    return SURGERY_ON + timedelta(days=day)


def slow(day: int = DAY + 1, rate: float = 0.5) -> Adaptation:
    """Ask for slower turning from a day on."""
    return Adaptation(Change.SLOW, on(day), rate_mm_per_day=rate)


def drafted(case: CaseFolder, change: Adaptation | None, hour: int = 21) -> Entry:
    """Draft a change in the evening of day 27."""
    entry, _ = draft_change(case, RIGHT_FEMUR, "Ben", change, at_day(DAY, hour))
    return entry


def signed(case: CaseFolder, hour: int = 22, day: int = DAY) -> Entry:
    """Let the surgeon sign what waits."""
    waits = open_draft(case.case())
    assert waits is not None
    return sign_draft(case, waits, SURGEON, at_day(day, hour))


def obeyed(case: CaseFolder, day: int) -> None:
    """Turn what binds on day 40, from day 28 until a day."""
    plan = femur(case, 40).prescription
    case.append(
        *(
            entry_at(
                "turn", {"turned_mm": t.turn_mm}, t.at.replace(tzinfo=HOME), RIGHT_FEMUR
            )
            for t in plan.turns
            if DAY < t.day <= day
        )
    )


# Drafts bind nobody.


def test_a_draft_binds_nobody(case: CaseFolder) -> None:
    before = follow(case, DAY + 5)
    entry = drafted(case, slow())
    assert (entry.kind, entry.author, entry.segment) == (
        "prescription",
        "Ben",
        "R.femur",
    )
    assert follow(case, DAY + 5) == before
    assert open_draft(case.case()) == entry
    assert entry.body["text"] == (
        "From 2027-02-08 turn the right femur 0.5 mm a day instead of 1, to the end."
    )


def test_a_signature_binds_and_what_bound_before_stays_readable(
    case: CaseFolder,
) -> None:
    draft = drafted(case, slow())
    entry = signed(case)
    assert entry.body["signs"] == draft.id
    course = femur(case, DAY + 1)
    old, new = course.bounds
    assert old == Bound(PLAN)
    assert new.start_mm == 21.0
    assert new.goal_mm == PLAN.total_mm
    assert new.prescription.protocol.rate_mm_per_day == 0.5
    assert open_draft(case.case()) is None


def test_a_look_back_sees_what_bound_then(case: CaseFolder) -> None:
    looked = look_at(case, DAY - 1).courses[RIGHT_FEMUR]
    before = follow(case, DAY - 1)
    drafted(case, slow())
    signed(case)
    assert look_at(case, DAY - 1).courses[RIGHT_FEMUR].bounds == looked.bounds
    assert follow(case, DAY - 1) == before
    after = {day: follow(case, day).segments[RIGHT_FEMUR] for day in (DAY, DAY + 4)}
    assert after[DAY].prescribed_mm == pytest.approx(21.0)
    assert after[DAY + 4].prescribed_mm == pytest.approx(23.0)


def test_turning_by_the_new_prescription_is_in_time(case: CaseFolder) -> None:
    drafted(case, slow())
    signed(case)
    obeyed(case, DAY + 10)
    for day in range(DAY, DAY + 11):
        standing = follow(case, day)
        assert keys(standing) == []
        bone = standing.segments[RIGHT_FEMUR]
        assert bone.turned_mm.value == pytest.approx(bone.prescribed_mm)


def test_turning_on_by_the_old_prescription_is_too_much(case: CaseFolder) -> None:
    drafted(case, slow())
    signed(case)
    late = [t for t in PLAN.turns if DAY < t.day <= DAY + 3]
    for turn in late:
        entered(
            case, "turn", {"turned_mm": 0.25}, turn.at.replace(tzinfo=HOME), RIGHT_FEMUR
        )
    assert keys(follow(case, DAY + 3)) == ["turn.extra"]


def test_what_was_missed_before_a_change_is_missed_no_more(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    operated(case)
    turned_until(case, DAY - 2)
    assert keys(follow(case, DAY)) == ["turn.missed"]
    drafted(case, slow())
    signed(case)
    assert keys(follow(case, DAY)) == []
    obeyed(case, DAY + 4)
    assert keys(follow(case, DAY + 4)) == []
    assert femur(case, 40).bounds[-1].goal_mm == PLAN.total_mm


def test_the_turns_of_tonight_stay_where_a_change_begins_tomorrow(
    tmp_path: Path,
) -> None:
    case = signed_case(tmp_path)
    operated(case)
    noon = sum(t.at < at_day(DAY, 13).replace(tzinfo=None) for t in PLAN.turns)
    turned(case, noon)
    drafted(case, slow(), hour=13)
    signed(case, hour=14)
    turned_until_now = femur(case, DAY).prescription.turns[:2]
    assert [(t.day, t.at.hour) for t in turned_until_now] == [(DAY, 16), (DAY, 20)]
    assert keys(follow(case, DAY)) == ["turn.missed"]  # nobody turned tonight


# What the findings propose.


def test_without_a_wish_the_proposal_of_the_findings_is_drafted(
    case: CaseFolder,
) -> None:
    entered(case, "exam", {"ranges": {"knee_flexion_deg": 40}}, at_day(DAY), "R", "Ben")
    standing = follow(case, DAY)
    assert keys(standing) == ["knee.stop"]
    proposal = standing.segments[RIGHT_FEMUR].proposal
    assert proposal is not None
    entry, draft = draft_change(case, RIGHT_FEMUR, "Ben", None, at_day(DAY, 21))
    assert draft.adaptation == proposal.adaptation
    assert draft.answers == ("knee.stop@R.femur",)
    assert follow(case, DAY).silenced == ()  # a draft answers nothing
    signed(case)
    after = follow(case, DAY)
    assert keys(after) == ["turn.resting"]
    silenced = {one.observed.finding.key: one for one in after.silenced}
    answered = silenced["knee.stop"]
    assert (answered.by, answered.day) == (SURGEON, DAY)
    assert entry.author == "Ben"


def test_another_change_than_the_proposed_one_answers_nothing(case: CaseFolder) -> None:
    entered(case, "exam", {"ranges": {"knee_flexion_deg": 40}}, at_day(DAY), "R", "Ben")
    drafted(case, slow())
    signed(case)
    assert keys(follow(case, DAY)) == ["knee.stop"]


def test_a_shortfall_is_made_up_for_and_not_found_again(case: CaseFolder) -> None:
    gaps(case, [(3, 1.0), (14, 8.5), (21, 12.0), (DAY, 18.0)])
    assert keys(follow(case, DAY)) == ["length.short"]
    entry, draft = draft_change(case, RIGHT_FEMUR, "Ben", None, at_day(DAY, 21))
    assert draft.adaptation.change is Change.EXTEND
    signed(case)
    obeyed(case, 40)
    gaps(case, [(34, 18.0 + 6.5), (40, 18.0 + 12.5)])
    assert keys(follow(case, 40)) == []
    assert femur(case, 40).bounds[-1].goal_mm == 40.0 + (draft.adaptation.mm or 0)
    assert entry.id == signed_by(case)[-1]


def signed_by(case: CaseFolder) -> list[str]:
    """Name what the signatures sign."""
    return [str(e.body["signs"]) for e in case.case().of_kind("signature")]


def test_where_nothing_is_proposed_a_wish_is_needed(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match=r"nothing asks for a change of R\.femur"):
        drafted(case, None)


# Refusals.


@pytest.mark.parametrize("day", [DAY - 3, DAY, DAY + 15])
def test_a_change_begins_tomorrow_or_within_a_fortnight(
    case: CaseFolder, day: int
) -> None:
    with pytest.raises(RecordRefusal, match="allowed is from tomorrow to 2027-02-21"):
        drafted(case, slow(day))
    assert case.case().of_kind("prescription") == ()


def test_a_bone_that_no_plan_holds_is_refused(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match=r"holds R\.tibia; signed are: R\.femur"):
        draft_change(case, RIGHT_TIBIA, "Ben", slow(), at_day(DAY))


def test_before_surgery_a_plan_is_changed_and_no_prescription(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="has not been operated"):
        draft_change(case, RIGHT_FEMUR, "Ben", slow(-1), at_day(-2))


def test_what_the_device_cannot_do_is_not_drafted(case: CaseFolder) -> None:
    far = Adaptation(Change.EXTEND, on(DAY + 1), mm=60.0)
    with pytest.raises(PlanRefusal, match="has a stroke of 80 mm"):
        drafted(case, far)
    assert case.case().of_kind("prescription") == ()


@pytest.mark.parametrize("done", [0, 1, 2])
def test_turns_that_a_draft_leaves_as_they_are_do_not_make_it_stale(
    tmp_path: Path, done: int
) -> None:
    case = signed_case(tmp_path)
    operated(case)
    noon = sum(t.at < at_day(DAY, 13).replace(tzinfo=None) for t in PLAN.turns)
    turned(case, noon)
    drafted(case, slow(), hour=13)
    late = [t.at.replace(tzinfo=HOME) for t in PLAN.turns[noon : noon + done]]
    case.append(
        *(entry_at("turn", {"turned_mm": 0.25}, at, RIGHT_FEMUR) for at in late)
    )
    signed(case)
    assert keys(follow(case, DAY)) == ([] if done == 2 else ["turn.missed"])
    bone = follow(case, DAY).segments[RIGHT_FEMUR]
    assert bone.prescribed_mm == pytest.approx(21.0)
    assert femur(case, DAY).turning.all_mm == pytest.approx(PLAN.total_mm)


def test_a_draft_is_stale_once_somebody_turned(case: CaseFolder) -> None:
    drafted(case, slow())
    entered(case, "turn", {"turned_mm": 0.25}, at_day(DAY, 21), RIGHT_FEMUR)
    with pytest.raises(RecordRefusal, match=r"is stale: 21 mm .*, 21\.25 mm now"):
        signed(case)
    assert len(case.case().of_kind("signature")) == 1


def test_a_draft_is_stale_once_its_first_day_has_come(case: CaseFolder) -> None:
    drafted(case, slow())
    with pytest.raises(
        RecordRefusal, match="begins on 2027-02-08; it is signed before"
    ):
        signed(case, day=DAY + 1)


def test_a_draft_that_somebody_rewrote_is_refused(case: CaseFolder) -> None:
    entry = drafted(case, slow(), hour=20)
    body: dict[str, Any] = {**entry.body, "approved": True}
    case.append(entry_at("prescription", body, at_day(DAY, 21)))
    with pytest.raises(RecordRefusal, match="approved"):
        signed(case)


# Which draft waits.


def test_only_the_newest_draft_of_a_bone_waits(case: CaseFolder) -> None:
    drafted(case, slow(), hour=20)
    newest = drafted(case, slow(rate=0.75), hour=21)
    assert open_draft(case.case()) == newest
    signed(case)
    assert open_draft(case.case()) is None
    assert femur(case, 40).prescription.protocol.rate_mm_per_day == 0.75


def test_drafts_of_two_bones_are_signed_one_after_the_other(tmp_path: Path) -> None:
    left = prescribe(
        LEFT_FEMUR, "example-nail", 40.0, Protocol(7, 1.0, 4, ()), SURGERY_ON
    )
    case = signed_case(tmp_path, PLAN, left)
    for bone in (RIGHT_FEMUR, LEFT_FEMUR):
        draft_change(case, bone, "Ben", slow(3), at_day(2, 8))
    assert {signed(case, 9, day=2).body["signs"] for _ in range(2)} == {
        e.id for e in case.case().of_kind("prescription")
    }
    assert open_draft(case.case()) is None
    courses = look_at(case, 2).courses
    assert [len(course.bounds) for course in courses.values()] == [2, 2]


def test_a_plan_made_later_overtakes_a_draft(case: CaseFolder) -> None:
    drafted(case, slow())
    entered(case, "plan", {"any": "plan"}, at_day(DAY, 22), "", SURGEON)
    assert open_draft(case.case()) is None


def test_a_destroyed_draft_waits_no_more(case: CaseFolder) -> None:
    gone = {"destroyed": True, "body_sha256": "0" * 64}
    entered(case, "prescription", gone, at_day(DAY), RIGHT_FEMUR, PATIENT)
    assert open_draft(case.case()) is None


def test_what_binds_today_is_listed_bone_by_bone(case: CaseFolder) -> None:
    assert binding_turns(case) == ([PLAN], [])


def test_turns_that_bind_no_more_are_named(case: CaseFolder) -> None:
    turned_until(case, 20)
    rest = Adaptation(Change.HOLD, SURGERY_ON + timedelta(days=21))
    entry, draft = draft_change(case, RIGHT_FEMUR, SURGEON, rest, at_day(20, 21))
    assert draft.bound.waits
    sign_draft(case, entry, SURGEON, at_day(20, 22))
    asked, gone = binding_turns(case, SURGERY_ON + timedelta(days=22))
    assert asked == []
    assert [turn for _, turn in gone] == [t for t in PLAN.turns if t.day > 20]
    resting = follow(case, 30)
    assert "turn.resting" in keys(resting)
    assert "turn.missed" not in keys(resting)
    assert resting.segments[RIGHT_FEMUR].phase == "distraction"


def test_after_a_rest_a_surgeon_signs_to_go_on(case: CaseFolder) -> None:
    turned_until(case, 20)
    rest = Adaptation(Change.HOLD, SURGERY_ON + timedelta(days=21))
    entry, _ = draft_change(case, RIGHT_FEMUR, SURGEON, rest, at_day(20, 21))
    sign_draft(case, entry, SURGEON, at_day(20, 22))
    on = Adaptation(Change.GO_ON, SURGERY_ON + timedelta(days=31))
    entry, draft = draft_change(case, RIGHT_FEMUR, SURGEON, on, at_day(30, 12))
    assert draft.bound.goal_mm == pytest.approx(PLAN.total_mm)
    assert draft.bound.prescription.turns[0].day == 31
    sign_draft(case, entry, SURGEON, at_day(30, 13))
    assert "turn.resting" not in keys(follow(case, 31))
    with pytest.raises(PlanRefusal, match="does not rest"):
        draft_change(case, RIGHT_FEMUR, SURGEON, on, at_day(30, 14))


def test_a_timed_rest_answers_its_finding_until_it_ends(case: CaseFolder) -> None:
    turned_until(case, 20)
    entered(case, "exam", {"ranges": {"knee_flexion_deg": 55}}, at_day(20), "R")
    slow = Adaptation(Change.HOLD, SURGERY_ON + timedelta(days=21), days=7)
    kept = follow(case, 20).segments[RIGHT_FEMUR].proposal
    assert kept is not None
    entry, _ = draft_change(case, RIGHT_FEMUR, SURGEON, slow, at_day(20, 21))
    sign_draft(case, entry, SURGEON, at_day(20, 22))
    assert "knee.low" in keys(follow(case, 22))  # another change answers nothing


def test_nothing_draws_a_bone_out_further_while_a_finding_asks_for_rest(
    case: CaseFolder,
) -> None:
    entered(case, "symptom", {"signs": ["foot_drop"]}, at_day(DAY))
    more = Adaptation(Change.EXTEND, SURGERY_ON + timedelta(days=DAY + 1), mm=3.0)
    with pytest.raises(RecordRefusal, match=r"nerve\.power asks for rest"):
        draft_change(case, RIGHT_FEMUR, SURGEON, more, at_day(DAY, 20))


def test_a_turn_of_this_morning_that_is_not_logged_yet_stays(case: CaseFolder) -> None:
    day = DAY + 1
    asked = slow(day + 1)
    entry, draft = draft_change(case, RIGHT_FEMUR, SURGEON, asked, at_day(day, 10))
    today = [t for t in draft.bound.prescription.turns if t.day == day]
    assert [turn.at.hour for turn in today] == [8, 12, 16, 20]
    sign_draft(case, entry, SURGEON, at_day(day, 11))
    turned_on = [turn for turn in PLAN.turns if turn.day == day]
    for turn in turned_on:
        at = turn.at.replace(tzinfo=HOME)
        entered(case, "turn", {"turned_mm": turn.turn_mm}, at)
    assert keys(follow(case, day)) == []


def test_a_device_that_was_read_not_to_run_back_is_never_asked_to(
    case: CaseFolder,
) -> None:
    read = {"confirms": "example-nail", "stroke_mm": 80, "step_mm": 0.25}
    body = {**read, "document": "IFU 12", "reversible": False}
    entered(case, "decision", body, at_day(DAY, 9), "", SURGEON)
    back = Adaptation(Change.BACK_AND_FORTH, on(DAY + 1), mm=5.0)
    with pytest.raises(PlanRefusal, match=r"cannot go backwards \(IFU 12, confirmed"):
        drafted(case, back)

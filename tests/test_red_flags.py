"""A red flag is answered at once: what to do now, and whom to call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callotasis.distraction import Protocol, prescribe
from callotasis.findings import Finding, Level
from callotasis.followed import follow
from callotasis.followup import Sign, Soon, every_rule
from callotasis.followup.rules import EMERGENCY_UNSAID
from callotasis.record import CaseFolder
from callotasis.red_flags import answers_at_once, whom_to_call
from dora import CASE, LEFT_TIBIA, SURGEON, SURGERY_ON
from followcases import PLAN, at_day, entered, entry_at, keys, operated, signed_case

RAIL = prescribe(LEFT_TIBIA, "example-rail", 30.0, Protocol(7, 0.75, 3, ()), SURGERY_ON)
PHQ9 = [f"phq9_{k}" for k in range(1, 10)]


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow one femur of a case with an emergency number."""
    folder = signed_case(tmp_path)
    operated(folder)
    entered(folder, "case", {"emergency": "112"}, at_day(-20), "", SURGEON)
    return folder


def answer(
    case: CaseFolder, day: int, *signs: str, segment: str = "", **more: Any
) -> tuple[Finding, ...]:
    """Answer signs that are told on a day."""
    body = {"signs": [*signs], **more}
    return answers_at_once(case, entry_at("symptom", body, at_day(day), segment))


def named(findings: tuple[Finding, ...]) -> list[str]:
    """Name findings in their order."""
    return [finding.key for finding in findings]


@pytest.mark.parametrize(
    ("sign", "key"),
    [
        ("numbness", "nerve.feeling"),
        ("foot_drop", "nerve.power"),
        ("calf_pain", "flag.clot"),
        ("breathless", "flag.clot"),
        ("fever", "infection.fever"),
        ("pain_out_of_proportion", "flag.compartment"),
        ("fall", "bone.event"),
        ("device_stuck", "device.stuck"),
        ("confused", "flag.confused"),
    ],
)
def test_a_red_flag_is_answered_with_what_to_do_now(
    case: CaseFolder, sign: str, key: str
) -> None:
    [finding] = answer(case, 20, sign)
    assert finding.key == key
    [rule] = [rule for rule in every_rule() if rule.key == key]
    if rule.soon is Soon.NOW:
        assert finding.level is Level.STOP
        assert "112" in finding.action


def test_without_a_number_the_local_one_is_to_be_called(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    [finding] = answer(case, 20, "chest_pain")
    assert EMERGENCY_UNSAID in finding.action


def test_the_newest_number_is_told(case: CaseFolder) -> None:
    entered(case, "case", {"emergency": "+1 911"}, at_day(-10), "", SURGEON)
    assert "+1 911" in answer(case, 20, "chest_pain")[0].action


@pytest.mark.parametrize(("day", "key"), [(2, "flag.fat_embolism"), (9, "flag.clot")])
def test_breathlessness_is_judged_by_its_day(
    case: CaseFolder, day: int, key: str
) -> None:
    assert named(answer(case, day, "breathless")) == [key]


@pytest.mark.parametrize(
    "body",
    [{"signs": ["pin_wet"]}, {"pain": 4}, {"gone": ["calf_pain"]}],
)
def test_what_can_wait_is_not_answered_at_once(
    case: CaseFolder, body: dict[str, Any]
) -> None:
    entry = entry_at("symptom", body, at_day(20), "")
    assert answers_at_once(case, entry) == ()


def test_several_flags_are_answered_the_most_urgent_first(case: CaseFolder) -> None:
    found = answer(case, 20, "fever", "chest_pain", "fall", pain=9)
    assert named(found) == ["flag.clot", "bone.event", "infection.fever", "pain.high"]


def test_an_answer_needs_no_earlier_entry_and_leaves_none(case: CaseFolder) -> None:
    before = case.case()
    first, second = (answer(case, 20, "foot_drop") for _ in range(2))
    assert first == second
    assert case.case() == before


def test_a_flag_is_answered_again_though_it_was_silenced(case: CaseFolder) -> None:
    entered(case, "symptom", {"signs": ["fall"]}, at_day(20))
    body = {"silences": "bone.event", "reason": "Film: nothing broken."}
    entered(case, "decision", body, at_day(21), "", SURGEON)
    assert keys(follow(case, 22)) == ["turn.missed"]
    assert named(answer(case, 23, "fall")) == ["bone.event"]
    entered(case, "symptom", {"signs": ["fall"]}, at_day(23))
    standing = follow(case, 23)
    assert keys(standing)[0] == "bone.event"
    assert standing.findings[0].since_day == 23


def test_thoughts_of_death_told_on_the_next_sheet_speak_again(case: CaseFolder) -> None:
    answers = dict.fromkeys(PHQ9, 1)
    sheet = {"instrument": "phq9", "answers": answers}
    [finding] = answers_at_once(case, entry_at("questionnaire", sheet, at_day(10), ""))
    assert finding.key == "flag.suicide"
    assert "112" in finding.action
    entered(case, "questionnaire", sheet, at_day(10), "")
    body = {"silences": "flag.suicide", "reason": "Cleo spoke with her."}
    entered(case, "decision", body, at_day(11), "", "Cleo")
    assert "flag.suicide" not in keys(follow(case, 12))
    entered(case, "questionnaire", sheet, at_day(20), "")
    assert keys(follow(case, 20))[0] == "flag.suicide"


def test_a_sheet_with_nothing_urgent_is_not_answered(case: CaseFolder) -> None:
    sheet = {"instrument": "phq9", "answers": dict.fromkeys(PHQ9, 0)}
    assert answers_at_once(case, entry_at("questionnaire", sheet, at_day(10), "")) == ()


# Bones.


def test_a_flag_speaks_of_the_bone_or_of_all_it_may_be(tmp_path: Path) -> None:
    case = signed_case(tmp_path, PLAN, RAIL)
    for segment, about in (
        ("R", ["R.femur"]),
        ("L.tibia", ["L.tibia"]),
        ("", ["L.tibia", "R.femur"]),
    ):
        found = answer(case, 20, "numbness", segment=segment)
        assert sorted(finding.about for finding in found) == about
    assert [f.about for f in answer(case, 20, "chest_pain")] == [""]


def test_a_flag_of_a_leg_that_is_not_followed_is_answered(case: CaseFolder) -> None:
    assert named(answer(case, 20, "calf_pain", segment="L")) == ["flag.clot"]


def test_pus_at_a_pin_is_answered_where_there_are_pins(tmp_path: Path) -> None:
    case = signed_case(tmp_path, PLAN, RAIL)
    found = answer(case, 20, "pin_pus")
    assert [(f.key, f.about) for f in found] == [("pin.infected", "L.tibia")]


@pytest.mark.parametrize("segment", ["", "L", "R.tibia"])
def test_a_case_that_is_not_followed_is_taken_gravely(
    tmp_path: Path, segment: str
) -> None:
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON, "112")
    urgent = {"numbness", "foot_drop", "calf_pain", "breathless", "fever"}
    for sign in urgent & {*Sign}:
        [finding] = answer(case, 20, sign, segment=segment)
        assert finding.level in {Level.STOP, Level.CAUTION}


def test_a_flag_is_answered_though_a_device_was_confirmed_with_nonsense(
    case: CaseFolder,
) -> None:
    wrong = {"confirms": "example-nail", "stroke_mm": -1, "step_mm": 1, "document": "x"}
    entered(case, "decision", wrong, at_day(1), "", SURGEON)
    assert "record.unreadable" in keys(follow(case, 20))
    assert named(answer(case, 20, "chest_pain")) == ["flag.clot"]


def test_before_surgery_a_flag_is_answered_too(case: CaseFolder) -> None:
    assert named(answer(case, -10, "chest_pain")) == ["flag.clot"]


def test_each_answer_has_a_person_who_speaks_with_the_patient() -> None:
    lonely = {"instrument": "loneliness", "answers": {"loneliness": 3}}
    [contact] = whom_to_call(entry_at("questionnaire", lonely, at_day(20), ""))
    assert (contact.who, contact.within) == ("psychologist", "this week")
    calm = {"instrument": "loneliness", "answers": {"loneliness": 0}}
    assert whom_to_call(entry_at("questionnaire", calm, at_day(20), "")) == ()
    assert whom_to_call(entry_at("symptom", {"pain": 9}, at_day(20), "R")) == ()


def test_what_is_written_in_own_words_is_read_today(case: CaseFolder) -> None:
    body = {"words": "My chest hurts and I cannot breathe."}
    [finding] = answers_at_once(case, entry_at("symptom", body, at_day(20), "R"))
    assert (finding.key, finding.level) == ("symptom.words", Level.CAUTION)
    assert "Read the entry today" in finding.action


def test_a_foot_without_power_is_answered_at_the_exam(case: CaseFolder) -> None:
    exam = entry_at("exam", {"ankle_power": 0}, at_day(20), "R")
    assert named(answers_at_once(case, exam)) == ["nerve.power"]


def test_pus_at_a_pin_is_answered_in_a_case_that_is_not_followed(
    tmp_path: Path,
) -> None:
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON, "112")
    assert named(answer(case, 20, "pin_pus", segment="R")) == ["pin.infected"]

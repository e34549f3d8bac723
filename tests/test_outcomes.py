"""What became of a bone, read from its record."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.errors import RecordRefusal
from callotasis.outcome import Outcome, Verdict
from callotasis.outcomes import (
    OutcomeWishes,
    end_of_treatment_by,
    outcome_files,
    outcomes_of,
)
from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR, SURGEON, SURGERY_ON
from followcases import at_day, entered, signed_case
from livedyears import healed, lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Look at a case; nothing is entered any more."""
    folder = lived(tmp_path_factory.mktemp("lived"))
    healed(folder)
    contracture = {
        "what": "joint contracture", "origin": "joint", "treatment": "outpatient",
        "noticed_on": at_day(27).date().isoformat(), "plan_changed": False,
        "time_kept": True, "sequela": "", "goal": "reached",
    }  # fmt: skip
    entered(folder, "complication", contracture, at_day(27), by=SURGEON)
    for day, pain in ((-10, 2), (300, 1)):
        body = {"instrument": "pain", "answers": {"pain": pain}}
        entered(folder, "questionnaire", body, at_day(day), "")
    return folder


@pytest.fixture
def outcome(case: CaseFolder) -> Outcome:
    """Tell the femur's outcome after a year."""
    [found] = outcomes_of(case, 365)
    return found


def test_length_is_measured_and_not_taken_from_turns(outcome: Outcome) -> None:
    assert outcome.planned_gain_mm == pytest.approx(40.0)
    assert outcome.gained_mm is not None
    assert outcome.gained_mm.value == pytest.approx(36.0)
    assert outcome.gain.verdict is Verdict.BELOW


def test_days_that_were_reached_are_told(outcome: Outcome) -> None:
    reached = outcome.milestones
    assert (reached.distraction_ended, reached.consolidated) == (46, 136)
    assert reached.full_weight_bearing == 140


def test_healing_lies_between_the_films_that_said_no_and_yes(outcome: Outcome) -> None:
    assert outcome.healing is not None
    assert (outcome.healing.end_day, outcome.healing.not_yet_day) == (136, 108)
    solid = next(x for x in outcome.expected if x.name == "consolidated_day")
    assert solid.happened is not None
    assert (solid.happened.low, solid.happened.high) == (108.0, 136.0)


def test_what_was_expected_was_said_on_the_day_of_surgery(
    outcome: Outcome, case: CaseFolder
) -> None:
    [early] = outcomes_of(case, 60)
    assert {x.name: x.said for x in early.expected} == {
        x.name: x.said for x in outcome.expected
    }
    assert {x.verdict for x in early.expected if x.name != "distraction_ended_day"} == {
        Verdict.OPEN
    }


def test_ranges_and_answers_stand_before_and_after(outcome: Outcome) -> None:
    ranges = {part.name: part for part in outcome.ranges}
    knee = ranges["knee_flexion_deg"]
    assert knee.before is not None
    assert knee.after is not None
    assert (knee.before.value, knee.after.value) == (140.0, 52.0)
    assert knee.before.low < 140.0 < knee.before.high
    [pain] = [part for part in outcome.scores if part.name == "pain"]
    assert pain.before is not None
    assert pain.after is not None
    assert (pain.before.value, pain.after.value) == (2.0, 1.0)


def test_complications_come_with_their_gradings(outcome: Outcome) -> None:
    [(event, grades)] = outcome.graded
    assert event.segment == str(RIGHT_FEMUR)
    assert grades.paley.level == "minor complication"  # still open when it ended


def test_treatment_ends_by_name(outcome: Outcome, case: CaseFolder) -> None:
    assert outcome.ended
    assert end_of_treatment_by(case.case()) == (
        f"treatment ended by {SURGEON} on 11 January 2028"
    )
    [before] = outcomes_of(case, 200)
    assert not before.ended


def test_without_a_lengthened_bone_there_is_no_outcome(tmp_path: Path) -> None:
    with pytest.raises(RecordRefusal, match="there is no outcome yet"):
        outcomes_of(signed_case(tmp_path), -3)


def test_files_are_a_page_a_bone_and_a_registry_under_a_key(
    outcome: Outcome, case: CaseFolder
) -> None:
    made_on = SURGERY_ON
    assert {*outcome_files(case.name, [outcome], OutcomeWishes(made_on))} == {
        "outcome-R.femur.pdf"
    }
    wishes = OutcomeWishes(made_on, key=b"a key of this clinic", parquet=True)
    files = outcome_files(case.name, [outcome], wishes)
    assert {*files} == {
        "outcome-R.femur.pdf", "registry.csv", "registry.parquet", "dictionary.csv",
    }  # fmt: skip
    assert case.name.encode() not in files["registry.csv"]

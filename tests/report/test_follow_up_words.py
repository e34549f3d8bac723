"""What a follow-up report says."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.followed import follow
from callotasis.record import CaseFolder
from callotasis.report.follow_up_words import FollowUp, words_of_standing
from followcases import at_day, entered, signed_case, turned_until
from livedyears import healed, lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Look at a case; nothing is entered any more."""
    folder = lived(tmp_path_factory.mktemp("lived"))
    healed(folder)
    return folder


def words(case: CaseFolder, day: int) -> FollowUp:
    """Say how the case stands on a day."""
    return words_of_standing(case.name, follow(case, day), synthetic=True)


def test_the_first_answers_say_where_and_what_to_do(case: CaseFolder) -> None:
    answers = dict(words(case, 30).answers)
    assert answers["Where do we stand?"] == "Right femur: day 30, distraction."
    assert "mm short of what was turned" in answers["What must be done?"]
    assert "17.5 mm" in answers["Does the bone follow?"]
    assert "on the film of day 28" in answers["Does the bone follow?"]
    assert "it binds once a surgeon signs it" in answers["What would change?"]


def test_a_proposal_says_why_and_what_it_would_do(case: CaseFolder) -> None:
    rows = {row[1]: row[2] for row in words(case, 30).proposals.rows}
    assert "knee.low" in rows["because of"]
    assert "instead of 46" in rows["last turn"]


def test_every_finding_has_a_day_an_action_and_a_source(case: CaseFolder) -> None:
    findings = words(case, 30).findings
    assert len(findings) >= 2
    for finding in findings:
        assert finding["sentence"].startswith("Since day ")
        assert finding["action"]
    assert any("[followup.shortfall_alarm]" in f["why"] for f in findings)


def test_a_loaded_bone_has_no_forecast_any_more(case: CaseFolder) -> None:
    answers = dict(words(case, 365).answers)
    assert answers["When will it be solid?"] == (
        "Right femur: loaded fully since day 140."
    )


def test_gates_say_what_they_wait_for(case: CaseFolder) -> None:
    rows = words(case, 120).gates.rows
    full = next(row for row in rows if row[1] == "full weight bearing")
    assert full[2] == "waits"
    assert "Mean pixel value ratio of all cortices at least 0.93: not yet" in full[3]
    later = words(case, 150).gates.rows
    full = next(row for row in later if row[1] == "full weight bearing")
    assert full[2] == "allowed on day 140"


def test_films_without_a_beginning_are_said_to_have_none(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    turned_until(case, 20)
    body = {"of": "nail", "measured_mm": 258.0, "sd_mm": 0.5, "ruler": "the nail"}
    entered(case, "measurement", body, at_day(20))
    answers = dict(words(case, 20).answers)
    assert "none of them before the first turn" in answers["Does the bone follow?"]

"""What a follow-up report says."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.followed import follow
from callotasis.record import CaseFolder
from callotasis.report.follow_up_words import FollowUp, words_of_standing
from followcases import (
    FEMUR_MM,
    at_day,
    entered,
    operated,
    signed_case,
    turned_until,
)
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


# What was practised, how evenly the person walks, and the nerve in name only.


@pytest.fixture
def busy(tmp_path: Path) -> CaseFolder:
    """Follow a measured leg with a diary and two walks."""
    lengths = {"R.femur": FEMUR_MM, "R.tibia": 370.0}
    folder = signed_case(tmp_path, length_mm=lengths)
    operated(folder)
    turned_until(folder, 26)
    for day, right_s in ((-5, 0.62), (26, 0.69)):
        sides = {
            "L": [0.70, 0.71, 0.69],
            "R": [right_s, right_s + 0.01, right_s - 0.01],
        }
        entered(folder, "gait", {"stance_s": sides}, at_day(day, 11), "")
    body = {"exercise": "heel_slide", "rounds": 3}
    entered(folder, "exercise", body, at_day(22, 20))
    return folder


def test_only_what_was_logged_is_told_of_the_diary(busy: CaseFolder) -> None:
    rows = words(busy, 26).exercises.rows
    assert [row[1] for row in rows] == ["physiotherapy", "Heel slides"]
    assert rows[1][2:] == (
        "0 of 21 logged, 21 not logged yet",
        "3 of 18 logged, 15 not logged yet",
    )


def test_walking_stands_beside_what_is_published(busy: CaseFolder) -> None:
    told = words(busy, 26)
    assert [row[0] for row in told.walking.rows] == ["day -5", "day 26"]
    assert "12.1 % before, 1.4 % now; published, 18 persons" in told.walking.note
    assert "rehabilitation.stance_after" in {row[0] for row in told.sources.rows}


def test_a_nerve_is_told_with_both_bounds_and_no_harm(busy: CaseFolder) -> None:
    told = words(busy, 26)
    [row] = [row for row in told.stretch.rows if "nerve" in row[1]]
    assert row[2].startswith("2.6 to 4.7 % in all; 0.13 to 0.23 % a day")
    assert "says nothing on harm" in told.stretch.note

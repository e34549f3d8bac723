"""What a follow-up says of stretch, exercises and walking."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.followed import follow
from callotasis.record import CaseFolder
from callotasis.report.follow_up_words import words_of_standing
from callotasis.report.motion_words import (
    exercises_table,
    stretch_table,
)
from followcases import (
    FEMUR_MM,
    at_day,
    entered,
    operated,
    signed_case,
    turned_until,
)


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
    rows = exercises_table(follow(busy, 26)).rows
    assert [row[1] for row in rows] == ["Heel slides"]
    assert rows[0][2:] == (
        "0 of 21 logged, 21 not logged yet",
        "3 of 18 logged, 15 not logged yet",
    )


def test_walking_stands_beside_what_is_published(busy: CaseFolder) -> None:
    told = words_of_standing(busy.name, follow(busy, 26), synthetic=True)
    assert [row[0] for row in told.walking.rows] == ["day -5", "day 26"]
    assert "12.1 % before, 1.4 % now; published, 18 persons" in told.walking.note
    assert "rehabilitation.stance_after" in {row[0] for row in told.sources.rows}


def test_a_nerve_is_told_with_both_bounds_and_no_harm(busy: CaseFolder) -> None:
    told = stretch_table(follow(busy, 26))
    [row] = [row for row in told.rows if "nerve" in row[1]]
    assert row[2].startswith("2.6 to 4.7 % in all; 0.13 to 0.23 % a day")
    assert "says nothing on harm" in told.note

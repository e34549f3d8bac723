"""``callotasis follow``: the case on a day, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import callotasis, refused
from followcases import PLAN, signed_case, turned


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Follow a case in its second week, one turn behind."""
    folder = signed_case(tmp_path)
    turned(folder, 11)
    return folder.path


def test_it_prints_the_contract(case: Path) -> None:
    ran = callotasis("follow", str(case), "--as-of", "9", "--json")
    assert ran.code == 0
    told = ran.document
    assert told["day"] == 9
    femur = told["segments"]["R.femur"]
    assert femur["phase"] == "distraction"
    assert femur["prescribed_mm"] == 3.0
    assert femur["turned_mm"] == {
        "value": 2.75,
        "low": 2.75,
        "high": 2.75,
        "level": 0.95,
    }
    day = femur["forecast"]["consolidation_day"]
    assert PLAN.last_day < day["low"] < day["value"] < day["high"]
    loaded = femur["forecast"]["full_weight_bearing_day"]
    assert all(loaded[end] >= day[end] for end in ("value", "low", "high"))
    assert femur["forecast"]["evidence"] == [
        "distraction.healing_antegrade_femur",
        "distraction.weight_femur",
    ]
    assert {finding["level"] for finding in told["findings"]} == {"caution", "note"}
    for finding in told["findings"]:
        assert finding.keys() == {
            *("level", "key", "text", "action", "evidence", "since_day", "segment"),
            "soon",
        }
    [missed] = [f for f in told["findings"] if f["key"] == "turn.missed"]
    assert (missed["since_day"], missed["segment"]) == (9, "R.femur")


def test_it_speaks_to_people(case: Path) -> None:
    ran = callotasis("follow", str(case), "--as-of", "2027-01-20")
    assert ran.code == 0
    for words in (
        "Day 9",
        "distraction",
        "3.00 mm",
        "2.75 mm",
        "9 in 10",
        "Since day 9:",
        "callotasis evidence distraction.weight_femur",
    ):
        assert words in ran.out


@pytest.mark.parametrize("text", ["soon", "2027-13-01", "1.5", "--3"])
def test_a_day_that_is_none_is_refused(case: Path, text: str) -> None:
    assert "as-of is" in refused("follow", str(case), f"--as-of={text}")

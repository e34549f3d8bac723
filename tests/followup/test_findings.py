"""What slips of turning ask a person to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from callotasis.distraction import Bound, Protocol, prescribe, schedule_of
from callotasis.findings import Level
from callotasis.followup import Observed, Turning, turning_findings
from dora import RIGHT_FEMUR, SURGERY_ON

PLAN = prescribe(RIGHT_FEMUR, "example-nail", 10.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
AFTER = PLAN.turns[-1].at + timedelta(days=1)
OBEDIENT = tuple((turn.at, turn.turn_mm) for turn in PLAN.turns)


def found(
    turns: Sequence[tuple[datetime, float]],
    now: datetime = AFTER,
    doubtful: Sequence[bool] = (),
) -> tuple[Observed, ...]:
    """Judge these turns."""
    doubts = tuple(doubtful) or (False,) * len(turns)
    return turning_findings(
        Turning(PLAN, schedule_of([Bound(PLAN)]), tuple(turns), doubts), SURGERY_ON, now
    )


def without(*numbers: int) -> list[tuple[datetime, float]]:
    """Leave out turns by their place."""
    return [turn for i, turn in enumerate(OBEDIENT) if i not in numbers]


def test_turning_as_prescribed_asks_for_nothing() -> None:
    assert found(OBEDIENT) == ()


@pytest.mark.parametrize(
    ("missed", "level"),
    [([4], Level.NOTE), ([4, 5, 6, 7], Level.NOTE), ([4, 5, 6, 7, 8], Level.CAUTION)],
)
def test_more_than_a_day_missed_is_a_caution(missed: list[int], level: Level) -> None:
    [observed] = found(without(*missed))
    assert observed.finding.key == "turn.missed"
    assert observed.finding.level is level
    assert f"{len(missed) * 0.25:.2f} mm" in observed.finding.sentence
    assert observed.finding.about == "R.femur"
    assert observed.since_day == 8  # the fifth turn is the first of the second day


def test_a_turn_too_many_is_a_caution_with_its_day() -> None:
    extra = (PLAN.turns[5].at + timedelta(minutes=50), 0.25)
    [observed] = found(sorted([*OBEDIENT, extra]))
    assert (observed.finding.key, observed.since_day) == ("turn.extra", 8)
    assert observed.finding.level is Level.CAUTION


def test_turns_backwards_are_one_finding_of_all_of_them() -> None:
    turns = [(at, -mm if i in {8, 9} else mm) for i, (at, mm) in enumerate(OBEDIENT)]
    said = {o.finding.key: o for o in found(turns)}
    assert said.keys() == {"turn.missed", "turn.backwards"}
    assert "0.50 mm backwards" in said["turn.backwards"].finding.sentence
    assert said["turn.backwards"].since_day == 9


def test_what_may_be_written_twice_is_a_note() -> None:
    again = (OBEDIENT[0][0] + timedelta(minutes=1), 0.25)
    turns = sorted([*OBEDIENT, again])
    doubts = [turn == again for turn in turns]
    [observed] = found(turns, doubtful=doubts)
    assert (observed.finding.key, observed.finding.level) == ("turn.twice", Level.NOTE)


@pytest.mark.parametrize(("daily_mm", "stopped"), [(1.5, False), (1.75, True)])
def test_three_days_above_the_daily_stop_stop(daily_mm: float, stopped: bool) -> None:
    start = PLAN.turns[0].at
    turns = [(start + timedelta(days=d), daily_mm) for d in range(4)]
    now = turns[-1][0] + timedelta(hours=1)
    said = {o.finding.key: o for o in found(turns, now)}
    assert ("turn.fast" in said) is stopped
    if stopped:
        fast = said["turn.fast"]
        assert fast.finding.level is Level.STOP
        assert "1.75 mm a day" in fast.finding.sentence
        assert fast.finding.evidence == "distraction.rate_stop"

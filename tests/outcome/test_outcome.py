"""Outcomes: indices with their events, and what was said against what happened."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.outcome import (
    BeforeAfter,
    Expected,
    HealingEvent,
    HealingIndex,
    Verdict,
)
from callotasis.worlds import Interval
from ended import ENDED, GAINED, HEALING, exactly, outcome
from mishaps import event


def expected(said: tuple[float, float], happened: tuple[float, float]) -> Verdict:
    """Hold an interval that happened against one that was said."""
    a, b = (Interval(sum(ends) / 2, *ends) for ends in (said, happened))
    return Expected("consolidated_day", a, 0, b).verdict


def test_a_healing_index_names_its_two_events() -> None:
    assert HEALING.name == ("healing index, osteotomy to called solid by a clinician")
    assert HEALING.days == 171
    assert HEALING.days_per_cm.value == pytest.approx(171 / 4.86)


def test_the_same_days_between_other_events_are_another_index() -> None:
    later = HealingIndex(
        HealingEvent.DISTRACTION_ENDED, 57, HealingEvent.CALLED_SOLID, 171, GAINED
    )
    assert later.name.startswith("consolidation index, end of distraction")
    assert later.days_per_cm.high < HEALING.days_per_cm.low
    odd = HealingIndex(
        HealingEvent.FRAME_REMOVED, 90, HealingEvent.FULL_WEIGHT, 100, GAINED
    )
    assert odd.name == "days per cm, frame removed to full weight bearing"


@given(st.floats(1, 100), st.floats(0, 0.9), st.integers(1, 900))
def test_days_per_cm_times_the_gain_are_the_days(
    gain: float, doubt: float, days: int
) -> None:
    gained = Interval(gain, gain * (1 - doubt), gain * (1 + doubt))
    index = HealingIndex(
        HealingEvent.OSTEOTOMY, 0, HealingEvent.CALLED_SOLID, days, gained
    )
    found = index.days_per_cm
    assert found.low <= found.value <= found.high
    assert found.value * gain / 10 == pytest.approx(days)
    assert found.low * gained.high / 10 == pytest.approx(days)
    assert found.high * gained.low / 10 == pytest.approx(days)


def test_a_film_before_on_which_it_was_not_solid_widens_the_index_downwards() -> None:
    found = replace(HEALING, not_yet_day=143).days_per_cm
    assert found.value == HEALING.days_per_cm.value
    assert found.high == HEALING.days_per_cm.high
    assert found.low == pytest.approx(143 / 4.99)


@pytest.mark.parametrize("day", [-1, 172])
def test_a_film_before_lies_between_both_events(day: int) -> None:
    with pytest.raises(RecordRefusal, match=f"not yet on day {day}; allowed is day 0"):
        replace(HEALING, not_yet_day=day)


@pytest.mark.parametrize(("start", "end"), [(171, 171), (171, 60)])
def test_healing_that_ends_before_it_starts_is_refused(start: int, end: int) -> None:
    with pytest.raises(RecordRefusal, match="the end comes later"):
        HealingIndex(
            HealingEvent.OSTEOTOMY, start, HealingEvent.CALLED_SOLID, end, GAINED
        )


@pytest.mark.parametrize("low", [0.0, -1.0, math.nan])
def test_days_per_cm_of_no_sure_gain_are_refused(low: float) -> None:
    with pytest.raises(RecordRefusal, match="surely more than 0"):
        HealingIndex(
            HealingEvent.OSTEOTOMY,
            0,
            HealingEvent.CALLED_SOLID,
            9,
            Interval(2.0, low, 4.0),
        )


@pytest.mark.parametrize(
    ("said", "happened", "verdict"),
    [
        ((85, 190), (171, 171), Verdict.WITHIN),
        ((85, 190), (85, 190), Verdict.WITHIN),
        ((85, 190), (70, 84.9), Verdict.BELOW),
        ((85, 190), (191, 200), Verdict.ABOVE),
        ((85, 190), (180, 200), Verdict.UNDECIDED),
        ((85, 190), (80, 200), Verdict.UNDECIDED),
        ((50, 50), (47.4, 49.9), Verdict.BELOW),
        ((50, 50), (47.4, 50.1), Verdict.WITHIN),
        ((50, 50), (50.1, 52.0), Verdict.ABOVE),
    ],
)
def test_what_happened_is_held_against_what_was_said(
    said: tuple[float, float], happened: tuple[float, float], verdict: Verdict
) -> None:
    assert expected(said, happened) is verdict


def test_what_has_not_happened_yet_is_open() -> None:
    open_still = Expected("consolidated_day", Interval(122, 85, 190), 0, None)
    assert open_still.verdict is Verdict.OPEN


@given(*[st.floats(-100, 100)] * 4)
def test_the_verdict_of_a_mirrored_pair_is_the_mirrored_verdict(
    a: float, b: float, c: float, d: float
) -> None:
    said, happened = sorted((a, b)), sorted((c, d))
    mirrored = {Verdict.BELOW: Verdict.ABOVE, Verdict.ABOVE: Verdict.BELOW}
    found = expected((said[0], said[1]), (happened[0], happened[1]))
    turned = expected((-said[1], -said[0]), (-happened[1], -happened[0]))
    assert turned is mirrored.get(found, found)


def test_a_gain_short_of_the_planned_length_is_below() -> None:
    assert ENDED.gain.verdict is Verdict.BELOW
    assert outcome(planned_gain_mm=49.0).gain.verdict is Verdict.WITHIN
    assert outcome(gained_mm=None).gain.verdict is Verdict.OPEN


def test_gradings_are_final_when_treatment_has_ended() -> None:
    levels = [grade.paley.level for _, grade in ENDED.graded]
    assert levels == ["problem", "minor complication"]
    during = [grade.paley for _, grade in outcome(ended=False).graded]
    assert [grade.level for grade in during] == ["problem", "problem"]
    assert all(grade.provisional for grade in during)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"planned_gain_mm": 0.0}, "planned gain is 0 mm"),
        ({"planned_gain_mm": math.nan}, "planned gain is nan mm"),
        ({"events": (event("L.tibia"),)}, r"R\.femur has a complication of L\.tibia"),
        (
            {"scores": (BeforeAfter("phq9", None, exactly(1)),) * 2},
            "tells phq9 twice",
        ),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        outcome(**changed)

"""Gradings: each level from the facts that make it, open where the rule is silent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.complications import (
    Complication,
    Goal,
    How,
    Threat,
    Treatment,
    When,
    graded,
    scales,
)
from mishaps import SETTLED, STIFF, read

DEVICE = {"what": "hardware failure", "origin": "device", "fault": "stability"}
FOOT = "a foot that drops"


def levels(**changed: Any) -> tuple[str, ...]:
    """Paley, Lascombes, Black and Sink of a settled event, changed, after treatment."""
    found = graded(read(SETTLED, **changed), closed=True)
    return tuple(
        g.level for g in (found.paley, found.lascombes, found.black, found.sink)
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"treatment": "none"}, ("problem", "I", "I", "1")),
        ({}, ("problem", "I", "I", "2")),
        ({"plan_changed": True}, ("problem", "I", "II", "2")),
        ({"treatment": "unplanned theatre"}, ("obstacle", "II", "II", "3")),
        ({"treatment": "admission"}, ("problem", "I", "", "3")),
        ({"treatment": "planned theatre"}, ("obstacle", "I", "", "")),
        ({"time_kept": False}, ("problem", "III", "I", "2")),
        ({"goal": "not reached"}, ("problem", "", "IIIA", "2")),
        ({"resolved_on": None}, ("minor complication", "I", "I", "2")),
        (
            {"resolved_on": None, "goal": "not reached", "time_kept": False},
            ("major complication", "III", "IIIA", "2"),
        ),
        ({"during": "operation"}, ("minor complication", "I", "I", "2")),
        ({"during": "after treatment"}, ("minor complication", "I", "I", "2")),
        ({"sequela": FOOT}, ("major complication", "IV", "IIIB", "4")),
        ({"threat": "life or limb"}, ("problem", "I", "I", "4")),
        (
            {"threat": "death", "resolved_on": None},
            ("major complication", "IV", "IIIB", "5"),
        ),
    ],
)
def test_each_level_comes_from_its_facts(
    changed: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert levels(**changed) == expected


@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ({}, "IIa"),
        ({"fault": "distraction control"}, "Ia"),
        ({"fault": "other", "treatment": "unplanned theatre"}, "IIIb"),
        ({"sequela": FOOT}, "IIc"),
        ({"fault": None}, ""),
        ({"origin": "bone", "fault": None}, ""),
        ({"resolved_on": None}, ""),
    ],
)
def test_the_class_of_a_device_says_what_failed_and_what_became_of_it(
    changed: dict[str, Any], level: str
) -> None:
    found = graded(read(SETTLED, **{**DEVICE, **changed}), closed=True).device
    assert found.level == level
    assert (found.how is How.OPEN) == (not level)
    assert found.why


def test_before_treatment_ends_every_grade_is_provisional() -> None:
    found = graded(read(STIFF), closed=False)
    assert found.paley.level == "problem"
    assert all(grade.provisional for grade in vars(found).values())


def test_after_treatment_what_nobody_said_leaves_the_level_open() -> None:
    found = graded(read(STIFF, resolved_on="2026-04-20"), closed=True)
    assert found.paley.level == "problem"
    for grade in (found.lascombes, found.black, found.sink):
        assert (grade.level, grade.how) == ("", How.OPEN)
        assert "not said" in grade.why


def test_an_event_open_at_the_end_needs_the_goal_to_be_minor_or_major() -> None:
    found = graded(read(STIFF), closed=True).paley
    assert (found.level, found.how) == ("", How.OPEN)
    assert "whether the goal was reached is not said" in found.why


def test_what_a_clinician_states_has_the_word_and_the_rule_stays_beside_it() -> None:
    stated = {"black": "II", "lascombes": "IIIb", "by": "Ada"}
    found = graded(read(SETTLED, stated=stated), closed=True)
    assert (found.black.level, found.black.by_rule) == ("II", "I")
    assert found.black.how is How.STATED
    assert found.black.why == "stated by Ada"
    assert (found.lascombes.level, found.lascombes.by_rule) == ("IIIb", "I")
    assert found.paley.how is How.WORKED_OUT


def test_a_stated_level_that_agrees_is_not_said_twice() -> None:
    stated = {"black": "I", "by": "Ada"}
    assert graded(read(SETTLED, stated=stated), closed=True).black.by_rule == ""


@given(
    treatment=st.sampled_from(Treatment),
    during=st.sampled_from(When),
    goal=st.sampled_from(Goal),
    threat=st.sampled_from([Threat.NONE, Threat.LIFE_OR_LIMB]),
    time_kept=st.sampled_from([True, False, None]),
    sequela=st.sampled_from(["", FOOT, None]),
    resolved=st.booleans(),
    closed=st.booleans(),
)
def test_every_event_gets_a_level_of_its_scale_or_a_reason(
    *, resolved: bool, closed: bool, **facts: Any
) -> None:
    settled = read(SETTLED)
    on = settled.resolved_on if resolved else None
    event = Complication(
        settled.what, settled.origin, settled.noticed_on, resolved_on=on, **facts
    )
    for name, grade in vars(graded(event, closed=closed)).items():
        assert grade.why
        assert grade.level in {"", *scales()[name].levels}
        assert (grade.level == "") == (grade.how is How.OPEN)


@given(st.sampled_from(Treatment), st.sampled_from(Goal))
def test_what_stays_is_never_graded_better_than_what_does_not(
    treatment: Treatment, goal: Goal
) -> None:
    less = levels(treatment=treatment.value, goal=goal.value)
    more = levels(treatment=treatment.value, goal=goal.value, sequela=FOOT)
    assert more == ("major complication", "IV", "IIIB", "4")
    assert less != more

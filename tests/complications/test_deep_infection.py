"""Deep infection: what points to it, what is missing, and who has decided."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from callotasis.complications import DeepInfection, deep_infection_findings
from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.findings import Level
from callotasis.fixation.published import wilson

GREW = {"culture": "growth", "organism": "S. aureus"}
RAISED = {"crp_mg_per_l": 38.0, "crp_limit_mg_per_l": 5.0}


def deep(**facts: Any) -> DeepInfection:
    """Read an assessment as it would be entered."""
    return checked(TypeAdapter(DeepInfection), facts, "deep", RecordRefusal)


def test_without_a_sign_nothing_is_said() -> None:
    assert deep_infection_findings(deep(late_pain=False, discharge=False)) == ()
    assert deep_infection_findings(deep(crp_mg_per_l=4.9, crp_limit_mg_per_l=5.0)) == ()


def test_late_pain_alone_asks_for_what_nobody_looked_at() -> None:
    (found,) = deep_infection_findings(deep(late_pain=True), "L.tibia")
    assert (found.level, found.about) == (Level.CAUTION, "L.tibia")
    assert found.action == "Find out: wound, film, CRP, culture."
    assert "late pain" in found.sentence


def test_when_all_is_looked_at_the_surgeon_is_asked_to_decide() -> None:
    seen = deep(
        late_pain=True, discharge=False, lysis=False, culture="no growth", **RAISED
    )
    (found,) = deep_infection_findings(seen)
    assert found.level is Level.CAUTION
    assert found.action == "The surgeon decides this week."
    assert "late pain, raised CRP" in found.sentence


def test_a_culture_that_grew_is_a_stop_until_somebody_decides() -> None:
    (found,) = deep_infection_findings(deep(late_pain=True, **GREW))
    assert found.level is Level.STOP
    assert "S. aureus" in found.sentence


def test_a_decision_by_name_makes_it_a_note() -> None:
    decided = deep(**GREW, decision="exchange the implant", decided_by="Ada")
    (found,) = deep_infection_findings(decided)
    assert found.level is Level.NOTE
    assert "exchange the implant: Ada" in found.sentence


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"crp_mg_per_l": 12.0}, "CRP is 12 mg/l without crp_limit_mg_per_l"),
        ({"crp_mg_per_l": -1.0, "crp_limit_mg_per_l": 5.0}, "crp_mg_per_l"),
        ({"culture": "growth"}, "an organism is named exactly where something grew"),
        ({"organism": "S. aureus"}, "culture is 'not taken' and organism"),
        ({"decision": "watch"}, "a decision has a name"),
        ({"decided_by": "Ada"}, "no decision has none"),
        ({"score": 3}, "deep, score"),
    ],
)
def test_what_cannot_be_is_refused(facts: dict[str, Any], why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        deep(**facts)


def test_the_rate_behind_the_findings_is_twelve_of_four_hundred_and_twenty() -> None:
    row = constant("complications.deep_infection_nail")
    low, high = wilson(12, 420)
    assert (row.low, row.high) == pytest.approx((100 * low, 100 * high), abs=0.005)
    assert row.value == pytest.approx(1200 / 420, abs=0.005)

"""A synthetic femur whose treatment has ended, a little late and a little stiff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callotasis.fixation import Kind
from callotasis.outcome import (
    BeforeAfter,
    Expected,
    HealingEvent,
    HealingIndex,
    Milestones,
    Outcome,
)
from callotasis.worlds import Interval
from dora import RIGHT_FEMUR
from mishaps import event

PERSON = "p2havhvix2yn2f7a"
GAINED = Interval(48.6, 47.4, 49.9)
HEALING = HealingIndex(
    HealingEvent.OSTEOTOMY, 0, HealingEvent.CALLED_SOLID, 171, GAINED
)


def exactly(value: float) -> Interval:
    """A number without doubt."""
    return Interval(value, value, value)


ENDED = Outcome(
    segment=RIGHT_FEMUR,
    device="example-nail",
    kind=Kind.NAIL,
    planned_gain_mm=50.0,
    gained_mm=GAINED,
    followed_days=365,
    ended=True,
    age_years=24,
    indication="unequal legs",
    synthetic=True,
    milestones=Milestones(57, 171, 184),
    healing=HEALING,
    alignment=(
        BeforeAfter("mad_mm", Interval(6.1, 3.0, 9.2), Interval(2.2, -0.9, 5.4)),
        BeforeAfter(
            "mldfa_deg", Interval(88.9, 87.8, 90.0), Interval(87.4, 86.2, 88.5)
        ),
        BeforeAfter(
            "discrepancy_mm", Interval(-50.8, -53.9, -47.6), Interval(-2.2, -5.4, 1.0)
        ),
    ),
    ranges=(
        BeforeAfter(
            "knee_flexion_deg", Interval(140, 135, 145), Interval(122, 117, 127)
        ),
        BeforeAfter("knee_extension_lack_deg", Interval(0, -3, 3), None),
    ),
    scores=(
        BeforeAfter("phq9", exactly(4), exactly(3)),
        BeforeAfter("back_pain", exactly(5), exactly(2)),
        BeforeAfter("loneliness", None, exactly(1)),
    ),
    events=(event(), event(what="nerve", origin="nerve", resolved_on=None)),
    expected=(
        Expected("distraction_ended_day", exactly(57), 0, exactly(61)),
        Expected(
            "consolidated_day",
            Interval(122, 85, 190, 0.9),
            0,
            exactly(171),
            ("distraction.healing_antegrade_femur",),
        ),
        Expected(
            "full_weight_bearing_day", Interval(126, 87, 165, 0.9), 0, exactly(184)
        ),
        Expected(
            "knee_flexion_deg", Interval(135, 115, 145), 0, Interval(122, 117, 127)
        ),
    ),
)


def outcome(**changed: Any) -> Outcome:
    """The same with some of its parts changed."""
    return replace(ENDED, **changed)

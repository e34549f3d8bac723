"""Print the outcome page of a made-up bone, as a picture for the documentation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pymupdf

from callotasis.complications import (
    Complication,
    Event,
    Goal,
    Origin,
    Treatment,
    What,
)
from callotasis.fixation import Kind
from callotasis.outcome import (
    BeforeAfter,
    Expected,
    HealingEvent,
    HealingIndex,
    Milestones,
    Outcome,
)
from callotasis.pose import Segment
from callotasis.report.outcome_page import OutcomePageOrder, outcome_page
from callotasis.worlds import Interval

IMAGES = Path(__file__).parent / "images"
PAGE_DPI = 80
GAINED = Interval(48.6, 47.4, 49.9)
STIFF = Complication(
    What.CONTRACTURE,
    Origin.JOINT,
    date(2027, 2, 22),
    Treatment.OUTPATIENT,
    goal=Goal.REACHED,
    time_kept=True,
    resolved_on=date(2027, 4, 26),
    sequela="",
    in_words="knee, rate slowed for two weeks",
)


def exactly(value: float) -> Interval:
    """A number without doubt."""
    return Interval(value, value, value)


OUTCOME = Outcome(
    segment=Segment.parse("R.femur"),
    device="example-nail",
    kind=Kind.NAIL,
    planned_gain_mm=50.0,
    gained_mm=GAINED,
    followed_days=365,
    ended=True,
    age_years=24,
    indication="unequal legs",
    synthetic=True,
    milestones=Milestones(61, 171, 184),
    healing=HealingIndex(
        HealingEvent.OSTEOTOMY, 0, HealingEvent.CALLED_SOLID, 171, GAINED
    ),
    alignment=(
        BeforeAfter("mad_mm", Interval(6.1, 3.0, 9.2), Interval(2.2, -0.9, 5.4)),
        BeforeAfter("mldfa_deg", Interval(88.9, 87.8, 90), Interval(87.4, 86.2, 88.5)),
        BeforeAfter(
            "discrepancy_mm", Interval(-50.8, -53.9, -47.6), Interval(-2.2, -5.4, 1.0)
        ),
    ),
    ranges=(
        BeforeAfter(
            "knee_flexion_deg", Interval(140, 135, 145), Interval(128, 123, 133)
        ),
    ),
    scores=(
        BeforeAfter("phq9", exactly(4), exactly(3)),
        BeforeAfter("back_pain", exactly(5), exactly(2)),
        BeforeAfter("sleep", exactly(1), exactly(1)),
    ),
    events=(Event("R.femur", STIFF),),
    expected=(
        Expected("distraction_ended_day", exactly(57), 0, exactly(61)),
        Expected(
            "consolidated_day",
            Interval(115, 85, 190, 0.9),
            0,
            exactly(171),
            ("distraction.healing_antegrade_femur",),
        ),
        Expected(
            "full_weight_bearing_day", Interval(126, 87, 175, 0.9), 0, exactly(184)
        ),
    ),
)


def main() -> None:
    """Print it."""
    order = OutcomePageOrder(OUTCOME, "Dora (synthetic)", date(2028, 1, 11))
    page = pymupdf.open("pdf", outcome_page(order))[0]
    page.get_pixmap(dpi=PAGE_DPI).save(IMAGES / "outcome.png")


if __name__ == "__main__":
    main()

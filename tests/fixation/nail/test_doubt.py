"""How wrong a leg may end, and which reading to repeat first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.alignment import MeasuredFilm
from callotasis.casework import Order
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import NailDoubt
from callotasis.fixation.nail.doubt import (
    CUT,
    ENTRY,
    HEALING,
    RUNS,
    TURN,
    doubt_findings,
)
from callotasis.goal import Maturity
from callotasis.plan import Fibula
from callotasis.pose import Segment
from dora import ORDER, RIGHT_FEMUR, RIGHT_TIBIA, SURGERY_ON, work_out

FIXED = Fibula(90.0, fixed_proximally=True, fixed_distally=True)


def doubt_of(
    measured: MeasuredFilm, segment: Segment, gain_mm: float, approach: str = ""
) -> NailDoubt:
    """Plan a nail for a gain and ask how wrong it may end."""
    name = str(segment)
    order = Order(
        SURGERY_ON,
        {name: "example-nail"},
        gain_mm={name: gain_mm},
        maturity=Maturity.MATURE,
        approach={name: approach} if approach else {},
        fibula={name: FIXED} if segment == RIGHT_TIBIA else {},
    )
    nail = work_out(measured, order).proposal.segments[segment].nail
    assert nail is not None
    return nail.doubt


def spread_of(doubt: NailDoubt) -> tuple[float, float]:
    """Standard deviations of axis and length, from their intervals."""
    both = (doubt.axis_deg, doubt.length_mm)
    axis, length = ((found.high - found.low) / 3.92 for found in both)
    return axis, length


def share(doubt: NailDoubt, name: str) -> float:
    """Share of one input; nothing where it plays no part."""
    return sum(s.share for s in doubt.shares if s.reading == name)


@pytest.mark.parametrize("approach", ["antegrade", "retrograde"])
def test_the_plan_itself_is_hit_and_its_intervals_hold_it(
    dora_measured: MeasuredFilm, approach: str
) -> None:
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, 40.0, approach)
    for found in (doubt.axis_deg, doubt.length_mm):
        assert found.value == 0
        assert found.low < 0 < found.high


@pytest.mark.parametrize("gain_mm", [20.0, 50.0])
def test_length_is_as_uncertain_as_the_published_nails_ran(
    dora_measured: MeasuredFilm, gain_mm: float
) -> None:
    off = np.hypot(
        100 - constant("fixation.nail_accuracy").value,
        100 - constant("fixation.nail_precision").value,
    )
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, gain_mm)
    _, length = spread_of(doubt)
    assert length == pytest.approx(gain_mm * off / 100, rel=0.1)


def test_the_more_is_gained_the_more_is_missed(dora_measured: MeasuredFilm) -> None:
    little, much = (doubt_of(dora_measured, RIGHT_FEMUR, g) for g in (15.0, 60.0))
    assert little.chance_length < much.chance_length
    assert little.chance_axis < much.chance_axis
    assert all(a < b for a, b in zip(spread_of(little), spread_of(much), strict=True))


def test_either_is_missed_at_least_as_often_as_the_worse_one(
    dora_measured: MeasuredFilm,
) -> None:
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, 40.0)
    worse = max(doubt.chance_axis, doubt.chance_length)
    assert worse <= doubt.chance_either <= doubt.chance_axis + doubt.chance_length
    assert 0 < doubt.chance_either < 1


def test_shares_are_largest_first_and_make_up_nearly_everything(
    dora_measured: MeasuredFilm,
) -> None:
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, 40.0)
    shares = [s.share for s in doubt.shares]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.06)
    assert {ENTRY, TURN, CUT, RUNS, HEALING} < {s.reading for s in doubt.shares}


def test_what_is_read_first_is_a_reading_and_no_step_of_the_operation(
    dora_measured: MeasuredFilm,
) -> None:
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, 40.0)
    assert doubt.shares[0].reading == RUNS
    assert doubt.read_first not in {ENTRY, TURN, CUT, RUNS, HEALING}
    best = max(
        (s for s in doubt.shares if s.reading == doubt.read_first),
        key=lambda s: s.share,
    )
    assert best.share > share(doubt, "lower shaft point of the right femur")


def test_equal_legs_ask_for_the_other_leg_and_the_scale_as_well(
    dora_measured: MeasuredFilm,
) -> None:
    nail = work_out(dora_measured, ORDER).proposal.segments[RIGHT_FEMUR].nail
    assert nail is not None
    alone = doubt_of(dora_measured, RIGHT_FEMUR, nail.doubt.length_mm.value or 30.0)
    scale = "scale of the film and depth of the joints"
    other = "ankle centre of the left leg"
    assert share(nail.doubt, scale) > share(alone, scale)
    assert share(nail.doubt, other) > 0 == share(alone, other)
    assert spread_of(nail.doubt)[1] > spread_of(alone)[1]


def test_an_entry_beside_its_place_counts_for_more_in_a_short_part(
    dora_measured: MeasuredFilm,
) -> None:
    """From the knee the same slip lies farther from the cut, but moves the leg more."""
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, 40.0, "antegrade")
    assert share(doubt, ENTRY) > share(doubt, CUT)


def test_nobody_has_published_how_far_a_tibia_leans(
    dora_measured: MeasuredFilm,
) -> None:
    doubt = doubt_of(dora_measured, RIGHT_TIBIA, 30.0)
    assert HEALING not in {s.reading for s in doubt.shares}
    assert "upper shaft point of the right tibia" in {s.reading for s in doubt.shares}


def test_a_turn_carries_over_to_the_axis_by_the_share_of_the_bone_above_it(
    dora_measured: MeasuredFilm,
) -> None:
    """The end of the lower part lies as deep as the cut and the gain together."""
    order = Order(
        SURGERY_ON,
        {"R.femur": "example-nail"},
        gain_mm={"R.femur": 40.0},
        maturity=Maturity.MATURE,
    )
    sheet = work_out(dora_measured, order).proposal.segments[RIGHT_FEMUR]
    assert sheet.nail is not None
    doubt = sheet.nail.doubt
    axis, length = spread_of(doubt)
    length_limit = constant("fixation.nail_length_limit").value
    limit = constant("fixation.nail_axis_limit").value
    whole = (axis / limit) ** 2 + (length / length_limit) ** 2
    femur = dora_measured.measurement.sides[RIGHT_FEMUR.side]["femur_length_mm"].value
    passed_on = (sheet.cut.level_mm + 40.0) / (femur + 40.0)
    turn = constant("fixation.nail_turn_done").value * passed_on / limit
    assert share(doubt, TURN) == pytest.approx(turn**2 / whole, rel=0.25)


@pytest.mark.parametrize(("chance", "said"), [(0.5, False), (0.6, True)])
def test_a_leg_that_more_likely_than_not_misses_its_axis_is_a_caution(
    dora_measured: MeasuredFilm, chance: float, *, said: bool
) -> None:
    doubt = doubt_of(dora_measured, RIGHT_FEMUR, 40.0)
    found = doubt_findings(RIGHT_FEMUR, replace(doubt, chance_axis=chance))
    assert [f.level for f in found] == ([Level.CAUTION] if said else [])
    if found:
        assert "60 %" in found[0].sentence
        assert doubt.read_first in found[0].action

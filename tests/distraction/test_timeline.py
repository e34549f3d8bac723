"""Dates as ranges: distraction, healing, full weight bearing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from callotasis.distraction import (
    HEALING,
    DayRange,
    Milestone,
    Prescription,
    Wish,
    prescribe,
    prescribe_frame,
    timeline_of,
    usual_protocol,
)
from callotasis.evidence import constant
from callotasis.fixation import FrameDay, Kind
from callotasis.pose import Segment
from callotasis.worlds import Worlds
from dora import LEFT_TIBIA, RIGHT_FEMUR, SURGERY_ON

MANY = Worlds(100_000)
FLOOR_DAYS = 28
SEGMENTS = {"femur": RIGHT_FEMUR, "tibia": LEFT_TIBIA}
WAYS = [(kind, SEGMENTS[bone], approach) for kind, bone, approach in HEALING]

ways = pytest.mark.parametrize(
    ("kind", "segment", "approach"),
    WAYS,
    ids=[f"{kind} {segment} {approach}".strip() for kind, segment, approach in WAYS],
)


def prescribed(segment: Segment, gain_mm: float, **wish: Any) -> Prescription:
    """Prescribe a gain in the usual way."""
    protocol = usual_protocol(segment, 24.0, 0.25, Wish(**wish))
    return prescribe(segment, "example-nail", gain_mm, protocol, SURGERY_ON)


def milestones(
    kind: Kind,
    segment: Segment,
    approach: str,
    gain_mm: float = 50.0,
    worlds: Worlds = MANY,
) -> dict[str, Milestone]:
    """Work out a timeline; its milestones by name."""
    found = timeline_of(prescribed(segment, gain_mm), kind, approach, worlds)
    return {m.name: m for m in found}


def eight_of_ten(mean: float, sd: float) -> tuple[float, float, float]:
    """Median and the middle eight tenths of a lognormal with these moments."""
    sigma = np.sqrt(np.log1p((sd / mean) ** 2))
    spread = stats.lognorm(sigma, scale=mean / np.sqrt(1 + (sd / mean) ** 2))
    assert spread.mean() == pytest.approx(mean)
    assert spread.std() == pytest.approx(sd)
    return tuple(spread.ppf([0.5, 0.1, 0.9]))


def days_of(days: DayRange) -> tuple[int, int, int]:
    """Read median, low and high."""
    return days.value, days.low, days.high


# The worked example of 50 mm.


@pytest.mark.parametrize(("segment", "end_day"), [(RIGHT_FEMUR, 57), (LEFT_TIBIA, 74)])
def test_distraction_ends_about_when_the_worked_example_says(
    segment: Segment, end_day: int
) -> None:
    end = milestones(Kind.NAIL, segment, "antegrade")["distraction ends"].days
    assert days_of(end) == (end.value,) * 3
    assert end.value == pytest.approx(end_day, abs=1)


@pytest.mark.parametrize(
    ("segment", "approach", "worked"),
    [
        pytest.param(RIGHT_FEMUR, "antegrade", (75, 122, 170), id="antegrade femur"),
        pytest.param(RIGHT_FEMUR, "retrograde", (95, 168, 240), id="retrograde femur"),
        pytest.param(LEFT_TIBIA, "antegrade", (118, 205, 292), id="tibia"),
    ],
)
def test_the_worked_mean_of_healing_lies_in_the_range(
    segment: Segment, approach: str, worked: tuple[int, int, int]
) -> None:
    low, mean, high = worked
    healed = milestones(Kind.NAIL, segment, approach)["bone consolidated"].days
    assert healed.low < mean < healed.high
    row = constant(HEALING[Kind.NAIL, segment.bone, approach])
    printed = (row.value - row.spread, row.value, row.value + row.spread)
    assert [5 * days for days in printed] == pytest.approx([low, mean, high], abs=1)


@pytest.mark.parametrize(("segment", "day"), [(RIGHT_FEMUR, 126), (LEFT_TIBIA, 134)])
def test_the_worked_day_of_full_weight_bearing_lies_in_the_range(
    segment: Segment, day: int
) -> None:
    found = milestones(Kind.NAIL, segment, "antegrade")["full weight bearing"].days
    assert found.low < day < found.high


# Median and range.


@ways
@pytest.mark.parametrize("gain_mm", [20.0, 30.0, 50.0])
def test_healing_is_the_lognormal_of_its_source_never_before_the_floor(
    kind: Kind, segment: Segment, approach: str, gain_mm: float
) -> None:
    row = constant(HEALING[kind, segment.bone, approach])
    floor = prescribed(segment, gain_mm).last_day + FLOOR_DAYS
    expected = [
        max(per_cm * gain_mm / 10, floor)
        for per_cm in eight_of_ten(row.value, row.spread)
    ]
    healed = milestones(kind, segment, approach, gain_mm)["bone consolidated"]
    assert days_of(healed.days) == pytest.approx(expected, abs=2)
    assert healed.days.level == 0.8
    assert healed.evidence == row.key


def test_a_femoral_nail_bears_weight_when_its_series_did() -> None:
    row = constant("distraction.weight_femur")
    found = milestones(Kind.NAIL, RIGHT_FEMUR, "antegrade")["full weight bearing"]
    expected = eight_of_ten(row.value, row.spread)
    assert days_of(found.days) == pytest.approx(expected, abs=2)
    assert (found.counted_from, found.evidence) == ("surgery", row.key)


def test_a_tibial_nail_bears_weight_in_proportion_to_its_gain() -> None:
    healing = constant("distraction.healing_antegrade_tibia")
    relative = healing.spread / healing.value
    for gain_mm in (30.0, 50.0, 80.0):
        after = constant("distraction.weight_tibia").value * gain_mm / 50
        last = prescribed(LEFT_TIBIA, gain_mm).last_day
        expected = [
            max(last + days, last + FLOOR_DAYS)
            for days in eight_of_ten(after, after * relative)
        ]
        found = milestones(Kind.NAIL, LEFT_TIBIA, "antegrade", gain_mm)
        bearing = found["full weight bearing"]
        assert days_of(bearing.days) == pytest.approx(expected, abs=2)
        assert bearing.counted_from == "end of distraction"


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, LEFT_TIBIA])
def test_with_a_rail_weight_is_borne_unaided_when_the_bone_is_healed(
    segment: Segment,
) -> None:
    found = milestones(Kind.RAIL, segment, "")
    assert found["full weight bearing"].days == found["bone consolidated"].days


def test_two_thousand_worlds_say_the_same_within_days() -> None:
    few = milestones(Kind.NAIL, RIGHT_FEMUR, "retrograde", worlds=Worlds())
    many = milestones(Kind.NAIL, RIGHT_FEMUR, "retrograde", worlds=MANY)
    for name, milestone in many.items():
        assert days_of(few[name].days) == pytest.approx(days_of(milestone.days), abs=10)


# Laws.


@ways
@settings(max_examples=25)
@given(steps=st.integers(40, 320))
def test_nothing_heals_or_bears_weight_within_four_weeks_of_the_last_turn(
    kind: Kind, segment: Segment, approach: str, steps: int
) -> None:
    found = milestones(kind, segment, approach, steps * 0.25, Worlds(200))
    floor = found["distraction ends"].days.value + FLOOR_DAYS
    for name in ("bone consolidated", "full weight bearing"):
        middle, low, high = days_of(found[name].days)
        assert floor <= low <= middle <= high


@ways
def test_milestones_come_in_the_order_in_which_they_happen(
    kind: Kind, segment: Segment, approach: str
) -> None:
    found = milestones(kind, segment, approach)
    loading = ["loading as tolerated, in the frame"] if kind.external else []
    assert list(found) == [
        "surgery",
        *loading,
        "distraction starts",
        "distraction ends",
        "bone consolidated",
        "full weight bearing",
    ]
    days = [m.days.value for m in found.values()][:-1]
    assert days == sorted(days)


@pytest.mark.parametrize("kind", [Kind.RING, Kind.HEXAPOD])
def test_a_bone_that_is_turned_and_not_lengthened_gets_no_date_of_healing(
    kind: Kind,
) -> None:
    days = [FrameDay((160.0,) * 6, 1.0, 0.0)] * 9
    protocol = usual_protocol(LEFT_TIBIA, 24.0, None, Wish())
    turned = prescribe_frame(LEFT_TIBIA, "example-ring", days, protocol, SURGERY_ON)
    found = {m.name: m.days.value for m in timeline_of(turned, kind, "", MANY)}
    latency = protocol.latency_days
    assert found["distraction starts"] == latency
    assert found["distraction ends"] == latency + 8
    assert not {"bone consolidated", "full weight bearing"} & set(found)


@ways
def test_days_and_dates_say_the_same(
    kind: Kind, segment: Segment, approach: str
) -> None:
    for milestone in milestones(kind, segment, approach).values():
        days = milestone.days
        assert days.value_on - SURGERY_ON == timedelta(days=days.value)
        assert days.low_on - SURGERY_ON == timedelta(days=days.low)
        assert days.high_on - SURGERY_ON == timedelta(days=days.high)


@ways
def test_every_milestone_has_a_source_or_is_as_prescribed(
    kind: Kind, segment: Segment, approach: str
) -> None:
    for milestone in milestones(kind, segment, approach).values():
        assert milestone.counted_from
        if milestone.name == "surgery":
            assert milestone.evidence == ""
        else:
            assert constant(milestone.evidence).key == milestone.evidence


@ways
def test_what_the_prescription_decides_is_exact(
    kind: Kind, segment: Segment, approach: str
) -> None:
    found = milestones(kind, segment, approach)
    plan = prescribed(segment, 50.0)
    for name, day in (
        ("surgery", 0),
        ("distraction starts", plan.protocol.latency_days),
        ("distraction ends", plan.last_day),
    ):
        assert days_of(found[name].days) == (day, day, day)
        assert found[name].days.level == 1.0


def test_the_same_worlds_give_the_same_dates() -> None:
    once = milestones(Kind.NAIL, RIGHT_FEMUR, "antegrade", worlds=Worlds(500, 3))
    again = milestones(Kind.NAIL, RIGHT_FEMUR, "antegrade", worlds=Worlds(500, 3))
    other = milestones(Kind.NAIL, RIGHT_FEMUR, "antegrade", worlds=Worlds(500, 4))
    assert once == again != other


def test_a_bone_that_is_only_cut_has_a_day_of_surgery_and_no_promise() -> None:
    plan = prescribed(LEFT_TIBIA, 0.0)
    (only,) = timeline_of(plan, Kind.RAIL, "", MANY)
    assert (only.name, only.evidence) == ("surgery", "")


@pytest.mark.parametrize("key", HEALING.values())
def test_every_healing_index_counts_days_from_surgery_for_each_centimetre(
    key: str,
) -> None:
    row = constant(key)
    assert row.unit == "day/cm"
    assert "from surgery" in row.statement
    assert row.spread > 0

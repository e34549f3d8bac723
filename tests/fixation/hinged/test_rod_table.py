"""The table of rods: quarter turns that reach the angle, and no structure too fast."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, pi, radians

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation.hinged.device import HingeSettings
from callotasis.fixation.hinged.hinges import (
    Angulation,
    Wedge,
    oblique_plane,
    ring_frame,
)
from callotasis.fixation.hinged.rod_table import (
    First,
    RodOrder,
    RodSchedule,
    rod_schedule,
)
from callotasis.fixation.hinged.rods import Rod, rod_levers
from dora import RIGHT_TIBIA

VARUS = Angulation(-20.0)
FRAME = ring_frame(RIGHT_TIBIA, VARUS, 15.0, Wedge.OPENING)
MEDIAL = Rod("medial rod", (-80.0, 0.0, 50.0), (-80.0, 0.0, -60.0), 60.0, 250.0)
LATERAL = Rod("lateral rod", (90.0, 0.0, 50.0), (90.0, 0.0, -60.0), 40.0, 250.0)
CORTEX = (-15.0, 0.0, 0.0)
USUAL = RodOrder((MEDIAL,), (CORTEX,), 1.0)
BOTH = RodOrder((MEDIAL, LATERAL), (CORTEX,), 1.0)
STRAIGHT = HingeSettings(20.0, 0.0)
LONGER = HingeSettings(20.0, 30.0)
STEP = 0.25


def table(order: RodOrder, wanted: HingeSettings = STRAIGHT) -> RodSchedule:
    """Work out a table for the usual frame."""
    return rod_schedule(FRAME, wanted, order)


# A worked example.


def test_the_usual_bend_is_turned_in_as_many_days_as_its_far_cortex_needs() -> None:
    made = table(USUAL)
    width = np.hypot(*(np.array(CORTEX) - FRAME.hinge_mm)[[0, 2]])
    assert made.days == ceil(width * radians(20)) == 11
    assert made.quarter_turns[0] == (12,)
    assert made.rods_mm[0] == (110.0,)
    assert made.rods_mm[-1] == (141.25,)
    assert made.off_at_end_deg < 0.01


def test_a_rod_is_turned_faster_than_the_bone_by_similar_triangles() -> None:
    """Three times as far from the hinges as the cortex: three times as fast."""
    made = table(USUAL)
    width = np.hypot(*(np.array(CORTEX) - FRAME.hinge_mm)[[0, 2]])
    lever = float(rod_levers(FRAME, (MEDIAL,), 10.0, 0.0)[0])
    middle = STEP * np.mean([row[0] for row in made.quarter_turns[4:7]])
    a_day = width * radians(made.turn_deg[6] - made.turn_deg[5])
    assert middle / a_day == pytest.approx(lever / width, rel=0.03)
    assert lever / width == pytest.approx(3.0, abs=0.05)


def test_lengthening_alone_draws_every_rod_alike() -> None:
    made = table(BOTH, HingeSettings(0.0, 10.0))
    assert made.days == 10
    assert made.quarter_turns == ((4, 4),) * 10
    assert made.hinge_quarter_turns == (4,) * 10
    assert made.fastest_mm_per_day == pytest.approx(1)
    assert made.off_deg == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("rate", [0.25, 0.5, 0.75, 0.9, 1.0, 1.5])
def test_the_rods_of_the_hinges_are_never_turned_faster_than_the_rate(
    rate: float,
) -> None:
    made = table(replace(BOTH, rate_mm_per_day=rate), HingeSettings(0.0, 10.25))
    assert sum(made.hinge_quarter_turns) == 41
    assert max(made.hinge_quarter_turns) <= rate / STEP


# Laws.

bends = st.floats(5, 40)
sides = st.floats(-30, 30)
rates = st.floats(0.3, 1.5)
gains = st.integers(0, 160).map(lambda n: n * STEP)
orders = st.sampled_from(First)


@given(bends, sides, rates, gains, orders)
@settings(max_examples=60, deadline=None)
def test_every_table_reaches_the_end_and_keeps_the_rate(
    frontal: float, sagittal: float, rate: float, gain: float, first: First
) -> None:
    angulation = Angulation(-frontal, sagittal)
    angle, plane = (float(x) for x in oblique_plane(-frontal, sagittal))
    frame = ring_frame(RIGHT_TIBIA, angulation, 15.0, Wedge.OPENING)
    concave = np.array([np.cos(plane / 180 * pi), -np.sin(plane / 180 * pi), 0.0])
    top, bottom = 90 * concave + [0, 0, 60], 90 * concave + [0, 0, -60]
    rod = Rod("rod", tuple(top), tuple(bottom), 40.0, 400.0)
    order = RodOrder((rod,), (tuple(15 * concave), (0.0, 0.0, -40.0)), rate, first)
    made = rod_schedule(frame, HingeSettings(angle, gain), order)
    assert made.turn_deg[-1] == pytest.approx(angle)
    assert made.extension_mm[-1] == gain
    assert made.fastest_mm_per_day <= rate * (1 + 1e-9)
    assert sum(made.hinge_quarter_turns) * STEP == pytest.approx(gain)
    turned = STEP * np.cumsum([row[0] for row in made.quarter_turns])
    lengths = np.array([row[0] for row in made.rods_mm])
    assert lengths[1:] == pytest.approx(lengths[0] + turned)
    # Half a quarter turn over the lever is all that rounding may leave.
    assert made.off_deg <= np.degrees(STEP / 2 / 60)


@given(bends, gains)
@settings(max_examples=25, deadline=None)
def test_lengthening_or_turning_first_ends_with_the_same_rods(
    angle: float, gain: float
) -> None:
    frame = ring_frame(RIGHT_TIBIA, Angulation(-angle), 15.0, Wedge.OPENING)
    ends = []
    for first in First:
        made = rod_schedule(
            frame, HingeSettings(angle, gain), replace(USUAL, first=first)
        )
        ends.append((made.rods_mm[-1], made.turn_deg[-1]))
    assert ends[0] == ends[1]


@given(st.integers(1, 21))
@settings(max_examples=20, deadline=None)
def test_a_table_goes_on_from_where_the_frame_stands(day: int) -> None:
    """Read the rod that is turned, give the rest of the way another rate."""
    whole = table(USUAL, LONGER)
    now = HingeSettings(whole.turn_deg[day], whole.extension_mm[day])
    rest = table(replace(USUAL, now=now, rate_mm_per_day=0.75), LONGER)
    assert rest.turn_deg[0] == pytest.approx(now.turn_deg)
    assert rest.rods_mm[0][0] == pytest.approx(whole.rods_mm[day][0], abs=STEP)
    assert rest.turn_deg[-1] == LONGER.turn_deg
    assert rest.extension_mm[-1] == LONGER.extension_mm
    assert rest.rods_mm[-1][0] == pytest.approx(whole.rods_mm[-1][0], abs=STEP)
    assert rest.fastest_mm_per_day <= 0.75


def test_a_frame_can_be_turned_back_at_the_same_rate() -> None:
    there, back = table(USUAL, LONGER), HingeSettings(0.0, 0.0)
    made = table(replace(USUAL, now=LONGER, first=First.TURN), back)
    assert abs(made.days - there.days) <= 1
    assert sum(made.hinge_quarter_turns) == -sum(there.hinge_quarter_turns)
    assert made.rods_mm[-1][0] == pytest.approx(110, abs=STEP / 2)


def test_one_rod_lengthens_while_the_other_shortens_about_hinges_between_them() -> None:
    made = table(BOTH)
    assert all(medial > 0 > lateral for medial, lateral in made.quarter_turns)


def test_a_slower_rate_takes_more_days() -> None:
    days = [
        table(replace(USUAL, rate_mm_per_day=rate)).days for rate in (0.4, 0.75, 1.0)
    ]
    assert days == sorted(days, reverse=True)
    assert len({*days}) == 3


# Refusals.


@pytest.mark.parametrize("rate", [0.0, -1.0, 1.6, float("nan")])
def test_a_rate_of_zero_or_above_the_evidence_is_refused(rate: float) -> None:
    with pytest.raises(
        DeviceRefusal, match=r"rate is .* up to 1\.5 \(rate above which"
    ):
        table(replace(USUAL, rate_mm_per_day=rate))


@pytest.mark.parametrize(
    "wanted",
    [
        HingeSettings(-1.0, 0.0),
        HingeSettings(61.0, 0.0),
        HingeSettings(20.0, -1.0),
        HingeSettings(0.0, 0.0),
        HingeSettings(float("nan"), 5.0),
        USUAL.now,
    ],
)
def test_settings_out_of_range_are_refused(wanted: HingeSettings) -> None:
    with pytest.raises(DeviceRefusal, match="allowed is 0 to 60°"):
        table(USUAL, wanted)


def test_a_rod_that_collapses_is_refused_with_its_day() -> None:
    short = replace(LATERAL, least_mm=100.0)
    with pytest.raises(
        DeviceRefusal, match=r"lateral rod collapses on day 5: .* 100 to 250 mm"
    ):
        table(replace(USUAL, rods=(short,)))


def test_a_rod_that_runs_out_is_refused_with_its_day() -> None:
    short = replace(MEDIAL, most_mm=130.0)
    with pytest.raises(
        DeviceRefusal, match=r"medial rod runs out on day 7: 130\.25 mm"
    ):
        table(replace(USUAL, rods=(short,)))


def test_a_rod_beside_the_hinges_is_refused() -> None:
    near = Rod("near rod", (25.0, 0.0, 50.0), (25.0, 0.0, -60.0), 60.0, 200.0)
    least = constant("hinges.least_lever").value
    with pytest.raises(
        DeviceRefusal, match=rf"near rod passes .* allowed is {least:g} mm"
    ):
        table(replace(USUAL, rods=(near,)))


def test_a_quarter_turn_that_moves_a_nerve_too_far_is_refused() -> None:
    """A nerve four times as far from the hinges as the rod."""
    near = Rod("near rod", (-22.0, 0.0, 50.0), (-22.0, 0.0, -60.0), 60.0, 200.0)
    far = replace(
        USUAL, rods=(near,), structures_mm=((-150.0, 0.0, 0.0),), rate_mm_per_day=0.5
    )
    with pytest.raises(DeviceRefusal, match="one quarter turn moves a structure"):
        table(far)


def test_a_turn_that_takes_more_than_a_year_is_refused() -> None:
    with pytest.raises(DeviceRefusal, match="takes more than 365 days"):
        table(replace(USUAL, rate_mm_per_day=0.01))


def test_a_rate_below_one_step_cannot_lengthen() -> None:
    with pytest.raises(DeviceRefusal, match=r"one step of the device is 0\.25 mm"):
        table(replace(USUAL, rate_mm_per_day=0.2), LONGER)


def test_structures_on_the_hinges_set_no_rate() -> None:
    on_axis = tuple(float(x) for x in FRAME.hinge_mm)
    with pytest.raises(DeviceRefusal, match="name the far cortex"):
        table(replace(USUAL, structures_mm=((on_axis[0], on_axis[1], on_axis[2]),)))


@pytest.mark.parametrize(
    "order",
    [
        replace(USUAL, rods=()),
        replace(USUAL, structures_mm=()),
        replace(USUAL, structures_mm=((0.0, float("nan"), 0.0),)),
    ],
)
def test_a_table_needs_rods_and_structures(order: RodOrder) -> None:
    with pytest.raises(DeviceRefusal, match="at least one rod beside the hinges"):
        table(order)

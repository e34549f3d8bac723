"""Rails: a body that leans, a clamp that sits off the apex, and pins in a row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation import every_device
from callotasis.fixation.hinged.device import HingeSettings
from callotasis.fixation.hinged.hinges import Angulation, hinge_effect
from callotasis.fixation.hinged.lean import Lean, largest_lean, slide_shift
from callotasis.fixation.hinged.rail import (
    Clamp,
    axis_change,
    clamp_effect,
    pin_angle,
    rail_on,
)
from callotasis.pose import HIDDEN, Pose, Segment
from callotasis.worlds import Worlds
from crooked import FEMUR_MM, TIBIA_MM, still, straight
from dora import LEFT_TIBIA, RIGHT_FEMUR, RIGHT_TIBIA

RAIL = every_device()["example-rail"]
NAIL = every_device()["example-nail"]
ALONG = Lean(0.0, 0.0)
CLAMP = Clamp((60.0, 0.0, 0.0), -30.0, 30.0, "Instructions of an invented rail, 2026")

leans = st.floats(-20, 20)
gains = st.floats(5, 80)
turns = st.floats(-30, 30)
places = st.floats(-90, 90)


# A body that leans.


def test_fifty_millimetres_along_a_body_five_degrees_off_shift_by_4_mm() -> None:
    lateral, anterior, proximal = slide_shift(50.0, 5.0, 0.0)
    assert lateral == pytest.approx(50 * np.sin(np.radians(5)))
    assert lateral == pytest.approx(4.36, abs=5e-3)
    assert (anterior, proximal) == pytest.approx((0, -49.81), abs=5e-3)


@given(gains, leans, leans)
def test_the_bone_goes_as_far_as_the_body_and_where_it_points(
    gain: float, lateral: float, anterior: float
) -> None:
    shift = slide_shift(gain, lateral, anterior)
    assert np.linalg.norm(shift) == pytest.approx(gain)
    assert np.degrees(np.arctan2(shift[0], -shift[2])) == pytest.approx(lateral)
    assert np.degrees(np.arctan2(shift[1], -shift[2])) == pytest.approx(anterior)


@given(gains, leans, leans)
@settings(max_examples=30)
def test_a_mounted_rail_shifts_as_the_formula_says(
    gain: float, lateral: float, anterior: float
) -> None:
    made = rail_on(RAIL, RIGHT_TIBIA, Lean(lateral, anterior))
    pose = made.pose(HingeSettings(0.0, gain))
    found = pose.lateral_mm, pose.anterior_mm, pose.proximal_mm
    assert found == pytest.approx(tuple(slide_shift(gain, lateral, anterior)))


def test_worlds_of_leans_shift_at_once() -> None:
    lateral = np.array([0.0, 2.0, -2.0])
    shift = slide_shift(50.0, lateral, np.zeros(3))
    assert shift.shape == (3, 3)
    assert shift[1, 0] == pytest.approx(-shift[2, 0])


@given(st.floats(1, 120))
def test_the_largest_lean_shifts_by_the_limit_and_no_more(gain: float) -> None:
    limit = constant("plan.off_cora").value
    shift = gain * np.sin(np.radians(largest_lean(gain)))
    assert shift == pytest.approx(min(gain, limit))


def test_a_rail_whose_lean_forward_nobody_saw_hides_the_shift_forward() -> None:
    seen, unseen = (
        rail_on(RAIL, RIGHT_TIBIA, Lean(3.0, forward)).pose(HingeSettings(0.0, 40.0))
        for forward in (2.0, None)
    )
    assert "anterior_mm" not in seen.not_measured
    assert seen.anterior_mm == pytest.approx(1.39, abs=0.01)
    assert unseen.not_measured == HIDDEN
    assert unseen.anterior_mm == 0


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, RIGHT_TIBIA, LEFT_TIBIA], ids=str)
def test_a_body_that_leans_laterally_draws_the_axis_laterally(segment: Segment) -> None:
    worlds = Worlds(200)
    limb = still(straight(), segment.side, worlds)
    change = axis_change(limb, segment, 50.0, Lean(5.0, 0.0), worlds)
    shift = 50 * np.sin(np.radians(5))
    assert change.lateral_mm.value == pytest.approx(shift)
    # A tibia carries the ankle; a femur the knee and the ankle.
    whole = FEMUR_MM + TIBIA_MM + 50
    near = FEMUR_MM if segment.bone == "tibia" else -TIBIA_MM
    assert change.mad_mm.value == pytest.approx(-shift * near / whole, rel=0.02)
    assert change.hka_deviation_deg.value * near > 0
    assert change.mad_mm.low < change.mad_mm.value < change.mad_mm.high


def test_a_tibia_shifted_by_four_millimetres_turns_the_leg_by_0_6_degrees() -> None:
    worlds = Worlds(50)
    limb = still(straight(), LEFT_TIBIA.side, worlds)
    change = axis_change(limb, LEFT_TIBIA, 50.0, Lean(5.0), worlds)
    tilt = np.degrees(np.arctan2(4.358, TIBIA_MM + 49.81))
    assert change.hka_deviation_deg.value == pytest.approx(tilt, abs=5e-3)
    assert tilt == pytest.approx(0.62, abs=5e-3)
    assert change.anterior_mm is None


def test_a_body_along_the_bone_changes_nothing_in_the_nominal_world() -> None:
    worlds = Worlds(50)
    limb = still(straight(), RIGHT_FEMUR.side, worlds)
    change = axis_change(limb, RIGHT_FEMUR, 60.0, ALONG, worlds)
    assert change.mad_mm.value == pytest.approx(0, abs=1e-9)
    assert change.hka_deviation_deg.value == pytest.approx(0, abs=1e-9)
    assert change.mad_mm.low < 0 < change.mad_mm.high
    assert change.anterior_mm is not None


# A clamp that turns.


def test_a_clamp_50_mm_above_the_apex_translates_as_in_the_worked_example() -> None:
    """Planning facts 1.2, construction 10: d 50 mm, 20° -> 17.36 mm."""
    made = rail_on(RAIL, RIGHT_TIBIA, ALONG, replace(CLAMP, hinge_mm=(0.0, 0.0, 50.0)))
    found = clamp_effect(made, Angulation(-20.0), 20.0)
    chord = np.hypot(found.translation_mm, found.lengthening_mm)
    assert chord == pytest.approx(17.36, abs=5e-3)
    assert found.translation_mm == pytest.approx(
        17.36 * np.cos(np.radians(10)), abs=0.01
    )


@given(turns, places, places)
def test_a_clamp_does_what_hinges_off_the_apex_do(
    turn: float, aside: float, above: float
) -> None:
    made = rail_on(
        RAIL, RIGHT_TIBIA, ALONG, replace(CLAMP, hinge_mm=(aside, 0.0, above))
    )
    found = clamp_effect(made, Angulation(-turn), turn)
    chord, _ = hinge_effect(float(np.hypot(aside, above)), 0.0, turn)
    assert np.hypot(found.lengthening_mm, found.translation_mm) == pytest.approx(
        abs(float(chord))
    )


@given(turns, places, places, leans)
def test_the_body_brings_the_length_back(
    turn: float, aside: float, above: float, lean: float
) -> None:
    clamp = replace(CLAMP, hinge_mm=(aside, 0.0, above))
    made = rail_on(RAIL, RIGHT_TIBIA, Lean(lean, 0.0), clamp)
    found = clamp_effect(made, Angulation(-turn), turn)
    apex = np.zeros((1, 3))
    lateral, _, proximal = made.carried(apex, turn, found.body_mm)[0]
    assert proximal == pytest.approx(0, abs=1e-9)
    assert lateral == pytest.approx(found.left_mm, abs=1e-9)


def test_a_lateral_clamp_lengthens_a_varus_bone_as_it_is_straightened() -> None:
    made = rail_on(RAIL, RIGHT_TIBIA, ALONG, CLAMP)
    found = clamp_effect(made, Angulation(-10.0), 10.0)
    assert found.lengthening_mm == pytest.approx(60 * np.sin(np.radians(10)))
    assert found.body_mm == pytest.approx(-found.lengthening_mm)


def test_a_rail_turns_and_lengthens_and_says_what_remains() -> None:
    made = rail_on(RAIL, RIGHT_TIBIA, ALONG, CLAMP)
    wanted = Pose(valgus_deg=10.0, proximal_mm=-40.0, not_measured=HIDDEN)
    found, rest = made.settings(wanted)
    assert found.turn_deg == pytest.approx(10)
    assert found.extension_mm == pytest.approx(29.5)
    assert rest.lengthening_mm == pytest.approx(40 - 29.5 - 10.42, abs=0.01)
    assert rest.lateral_mm == pytest.approx(-60 * (1 - np.cos(np.radians(10))))


# Pins.


@given(st.lists(st.floats(-150, 150), min_size=2, max_size=6), st.floats(0.05, 1))
def test_pins_tilt_less_the_farther_they_stand_apart(
    levels: list[float], slack: float
) -> None:
    if np.ptp(levels) < 1:
        return
    near = pin_angle(tuple(levels), slack)
    far = pin_angle(tuple(2 * level for level in levels), slack)
    assert far == pytest.approx(near / 2)


def test_the_tilt_of_pins_is_that_of_a_line_through_them() -> None:
    levels, slack = np.array([0.0, 25.0, 60.0, 75.0]), 0.3
    off = Worlds(4000).normal("pins", slack, (4,))[1:]
    slopes = np.polyfit(levels, off.T, 1)[0]
    assert pin_angle(tuple(levels), slack) == pytest.approx(
        np.degrees(slopes.std()), rel=0.05
    )


def test_the_usual_slack_is_that_of_the_evidence() -> None:
    usual = constant("rail.pin_slack").value
    assert pin_angle((0.0, 30.0, 60.0)) == pin_angle((0.0, 30.0, 60.0), usual)


# Refusals.


def test_a_nail_is_no_rail() -> None:
    with pytest.raises(DeviceRefusal, match="example-nail is a nail; a rail is needed"):
        rail_on(NAIL, RIGHT_FEMUR, ALONG)


def test_a_turn_is_refused_where_nobody_read_the_range_of_the_clamp() -> None:
    made = rail_on(RAIL, RIGHT_FEMUR, ALONG)
    with pytest.raises(DeviceRefusal, match="the range of its clamp is not read"):
        made.settings(Pose(valgus_deg=5.0, not_measured=HIDDEN))
    with pytest.raises(DeviceRefusal, match="the range of its clamp is not read"):
        clamp_effect(made, Angulation(-5.0), 5.0)


def test_a_turn_beyond_the_clamp_is_refused_with_its_document() -> None:
    made = rail_on(RAIL, RIGHT_FEMUR, ALONG, CLAMP)
    with pytest.raises(
        DeviceRefusal, match=r"-30 to 30° \(.*Instructions of an invented rail, 2026\)"
    ):
        made.settings(Pose(valgus_deg=31.0, not_measured=HIDDEN))


def test_a_gain_beyond_the_stroke_is_refused() -> None:
    made = rail_on(RAIL, RIGHT_FEMUR, ALONG)
    with pytest.raises(DeviceRefusal, match="allowed is up to 100 mm"):
        made.settings(Pose(proximal_mm=-101.0, not_measured=HIDDEN))


@pytest.mark.parametrize("angle", [46.0, float("nan")])
def test_a_body_that_leans_too_far_is_refused(angle: float) -> None:
    with pytest.raises(DeviceRefusal, match="allowed is up to 45° either way"):
        Lean(angle)
    with pytest.raises(DeviceRefusal, match="allowed is up to 45° either way"):
        Lean(0.0, angle)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"low_deg": 5.0}, "a clamp turns from 5 to 30°"),
        ({"high_deg": 120.0}, "a clamp turns from -30 to 120°"),
        ({"high_deg": float("nan")}, "a clamp turns from -30 to nan°"),
        ({"document": " "}, "names the document"),
        ({"hinge_mm": (0.0, float("nan"), 0.0)}, "where it sits in millimetres"),
    ],
)
def test_a_clamp_that_nobody_can_vouch_for_is_refused(
    change: dict[str, float], said: str
) -> None:
    with pytest.raises(DeviceRefusal, match=said):
        replace(CLAMP, **change)


@pytest.mark.parametrize("gain", [0.0, -5.0, float("nan"), float("inf")])
def test_a_gain_of_nothing_has_no_largest_lean(gain: float) -> None:
    with pytest.raises(DeviceRefusal, match="allowed is more than 0"):
        largest_lean(gain)


@pytest.mark.parametrize("levels", [(), (10.0,), (10.0, 10.0), (0.0, float("nan"))])
def test_too_few_pins_or_pins_in_one_place_are_refused(
    levels: tuple[float, ...],
) -> None:
    with pytest.raises(DeviceRefusal, match="needed are 2 or more apart"):
        pin_angle(levels)

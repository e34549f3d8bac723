"""How wrong hinges and rails may be: what is left, how often, and what is to blame."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation import every_device
from callotasis.fixation.doubt import Doubt
from callotasis.fixation.hinged.device import HingeSettings
from callotasis.fixation.hinged.doubt import (
    Scatter,
    hinge_doubt,
    rail_scatter,
    ring_scatter,
)
from callotasis.fixation.hinged.hinges import (
    Angulation,
    Wedge,
    hinge_effect,
    oblique_plane,
    ring_frame,
)
from callotasis.fixation.hinged.lean import Lean, slide_shift
from callotasis.fixation.hinged.rail import Clamp, pin_angle, rail_on
from callotasis.worlds import Worlds
from dora import LEFT_TIBIA, RIGHT_FEMUR, RIGHT_TIBIA

WORLDS = Worlds(4000)
VARUS = Angulation(-20.0)
OBLIQUE = Angulation(-20.0, 15.0)
NO_BEND = Angulation(0.0)
NONE = Scatter(**{field.name: 0.0 for field in fields(Scatter)})
USUAL = ring_scatter(VARUS, 95.0)
RAIL = every_device()["example-rail"]
CLAMP = Clamp((60.0, 0.0, 0.0), -30.0, 30.0, "Instructions of an invented rail, 2026")


def ring_doubt(
    angulation: Angulation,
    scatter: Scatter,
    extension_mm: float = 0.0,
    convex_mm: float = 15.0,
) -> Doubt:
    """Straighten a bend with hinges on its convex side."""
    frame = ring_frame(RIGHT_TIBIA, angulation, convex_mm, Wedge.OPENING)
    angle = float(
        oblique_plane(angulation.frontal_deg, angulation.sagittal_deg or 0.0)[0]
    )
    return hinge_doubt(
        frame, angulation, HingeSettings(angle, extension_mm), scatter, WORLDS
    )


def half_width(doubt: Doubt, name: str) -> float:
    """Half the width of a residual's interval, as a standard deviation."""
    found = doubt.residual[name]
    return (found.high - found.low) / 3.92


@pytest.mark.parametrize(
    "angulation", [VARUS, OBLIQUE, Angulation(12.0, -8.0, down=(0.1, 0, -(0.99**0.5)))]
)
def test_nothing_is_left_where_nothing_is_off(angulation: Angulation) -> None:
    found = ring_doubt(angulation, NONE, 40.0)
    for name, left in found.residual.items():
        assert (left.low, left.value, left.high) == pytest.approx(
            (0, 0, 0), abs=1e-6
        ), name
    assert found.chance_of_second_program == 0


@pytest.mark.parametrize("extension", [0.0, 40.0])
@pytest.mark.parametrize("angulation", [VARUS, OBLIQUE])
def test_nothing_is_left_in_the_nominal_world(
    angulation: Angulation, extension: float
) -> None:
    found = ring_doubt(angulation, USUAL, extension)
    for name, left in found.residual.items():
        assert left.value == pytest.approx(0, abs=1e-9), name
        assert left.low < 0 < left.high


# One error at a time: what is left is what a hand computes.


def test_an_apex_misread_along_the_bone_leaves_its_chord_as_translation() -> None:
    found = ring_doubt(VARUS, replace(NONE, apex_mm=5.0))
    # Along the proximal axis, not the mean one: its chord is turned by half the bend.
    chord = float(hinge_effect(0.0, 5.0, 20.0)[1]) * np.cos(np.radians(10))
    assert half_width(found, "lateral_mm") == pytest.approx(chord, rel=0.05)
    assert half_width(found, "valgus_deg") == pytest.approx(0, abs=1e-9)
    assert [s.reading for s in found.read_again] == ["level of the apex"]
    assert found.read_again[0].share == pytest.approx(1)


def test_an_angle_misread_on_the_film_is_left_as_it_is() -> None:
    found = ring_doubt(VARUS, replace(NONE, film_deg=1.0))
    assert half_width(found, "valgus_deg") == pytest.approx(1.0, rel=0.05)
    assert half_width(found, "lateral_mm") == pytest.approx(0, abs=1e-9)
    assert found.read_again[0].reading == "angle on the frontal film"


def test_a_plane_that_is_off_turns_the_bone_out_of_the_film() -> None:
    found = ring_doubt(Angulation(-20.0, 0.0), replace(NONE, plane_deg=5.0))
    expected = np.degrees(np.sin(np.radians(20)) * np.radians(5))
    assert half_width(found, "apex_anterior_deg") == pytest.approx(expected, rel=0.05)


def test_a_rod_that_is_off_turns_the_bone_by_as_much_over_its_lever() -> None:
    rod = constant("hinges.rod_read").value
    assert ring_scatter(VARUS, 95.0).turn_deg == pytest.approx(np.degrees(rod / 95))
    assert ring_scatter(VARUS, 50.0).turn_deg > ring_scatter(VARUS, 95.0).turn_deg


def test_rings_that_are_not_square_shift_the_bone_as_a_leaning_rail_does() -> None:
    found = ring_doubt(VARUS, replace(NONE, line_deg=1.5), 40.0)
    shift = float(slide_shift(40.0, 1.5, 0.0)[0])
    assert half_width(found, "lateral_mm") == pytest.approx(shift, rel=0.05)


def test_two_causes_share_the_blame_by_their_variance() -> None:
    """Three and four degrees: 9 and 16 parts of 25."""
    found = ring_doubt(VARUS, replace(NONE, film_deg=3.0, turn_deg=4.0))
    shares = {s.reading: s.share for s in found.read_again}
    assert shares["turn as set"] == pytest.approx(0.64, abs=0.03)
    assert shares["angle on the frontal film"] == pytest.approx(0.36, abs=0.03)


# All together.


def test_the_chance_of_a_second_correction_grows_with_the_bend() -> None:
    chances = [
        ring_doubt(Angulation(-a), USUAL).chance_of_second_program for a in (5, 15, 30)
    ]
    assert chances == sorted(chances)
    assert chances[0] < 0.2 < chances[1] < chances[2]


def test_the_usual_bend_is_judged_by_its_apex_and_the_plane_first() -> None:
    found = ring_doubt(VARUS, USUAL)
    first, second, *_ = (s.reading for s in found.read_again)
    assert {first, second} == {
        "level of the apex",
        "direction of the axis about the bone",
    }
    assert found.chance_of_second_program == pytest.approx(0.60, abs=0.03)


def test_reading_the_apex_better_lowers_the_chance() -> None:
    better = ring_doubt(VARUS, replace(USUAL, apex_mm=1.0))
    assert (
        better.chance_of_second_program
        < ring_doubt(VARUS, USUAL).chance_of_second_program - 0.05
    )


def test_what_no_film_shows_is_left_out_by_name() -> None:
    assert set(ring_doubt(VARUS, USUAL).residual) == {
        "lateral_mm",
        "proximal_mm",
        "valgus_deg",
    }
    assert set(ring_doubt(OBLIQUE, USUAL).residual) == {
        "lateral_mm",
        "proximal_mm",
        "valgus_deg",
        "anterior_mm",
        "apex_anterior_deg",
    }


def test_the_same_case_gives_the_same_doubt() -> None:
    assert ring_doubt(OBLIQUE, USUAL) == ring_doubt(OBLIQUE, USUAL)


# Rails.


def test_a_leaning_body_leaves_its_shift_in_the_nominal_world() -> None:
    rail = rail_on(RAIL, RIGHT_FEMUR, Lean(3.0, 0.0))
    found = hinge_doubt(
        rail,
        Angulation(0.0, 0.0),
        HingeSettings(0.0, 50.0),
        rail_scatter(NO_BEND, rail),
        WORLDS,
    )
    shift = float(slide_shift(50.0, 3.0, 0.0)[0])
    assert found.residual["lateral_mm"].value == pytest.approx(shift)
    assert found.residual_shift_mm.value == pytest.approx(shift)
    assert found.read_again[0].reading.startswith("line of lengthening")


def test_a_straight_bone_is_not_blamed_for_angles_that_nobody_turned() -> None:
    rail = rail_on(RAIL, LEFT_TIBIA, Lean(0.0, 0.0))
    found = hinge_doubt(
        rail,
        Angulation(0.0),
        HingeSettings(0.0, 50.0),
        rail_scatter(NO_BEND, rail),
        WORLDS,
    )
    assert half_width(found, "valgus_deg") == pytest.approx(0, abs=1e-9)
    blamed = {s.reading for s in found.read_again}
    assert blamed == {
        "length as set",
        "line of lengthening, frontal",
        "line of lengthening, sagittal",
    }


def test_a_clamp_off_the_apex_leaves_the_axis_translated() -> None:
    angulation = Angulation(-15.0, 0.0)
    rail = rail_on(RAIL, LEFT_TIBIA, Lean(0.0, 0.0), CLAMP, angulation)
    found = hinge_doubt(
        rail, angulation, HingeSettings(15.0, 30.0), rail_scatter(NO_BEND, rail), WORLDS
    )
    assert found.residual["lateral_mm"].value == pytest.approx(
        60 * (1 - np.cos(np.radians(15)))
    )
    assert found.chance_of_second_program > 0.5


def test_the_slack_of_pins_adds_to_the_clamp() -> None:
    rail = rail_on(RAIL, LEFT_TIBIA, Lean(0.0, 0.0), CLAMP)
    near, far = (0.0, 15.0, 30.0), (0.0, 40.0, 80.0)
    clamp = constant("rail.clamp_set").value
    assert rail_scatter(NO_BEND, rail).turn_deg == clamp
    assert rail_scatter(NO_BEND, rail, near, far).turn_deg == pytest.approx(
        np.hypot(clamp, np.hypot(pin_angle(near), pin_angle(far)))
    )
    still = rail_on(RAIL, LEFT_TIBIA, Lean(0.0, 0.0))
    assert rail_scatter(NO_BEND, still).turn_deg == 0


@pytest.mark.parametrize("lever", [0.0, 19.0, 300.0, float("nan")])
def test_a_rod_without_a_lever_is_refused(lever: float) -> None:
    with pytest.raises(DeviceRefusal, match="from the hinges; allowed is 20 to 200 mm"):
        ring_scatter(VARUS, lever)

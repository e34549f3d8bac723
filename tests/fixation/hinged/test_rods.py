"""Rods beside the hinges: lengths by chords, levers by similar triangles, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callotasis.errors import DeviceRefusal
from callotasis.fixation.hinged.hinges import Angulation, Wedge, ring_frame
from callotasis.fixation.hinged.rods import Rod, rod_lengths, rod_levers, turn_from_rods
from dora import RIGHT_TIBIA

VARUS = Angulation(-20.0)
FRAME = ring_frame(RIGHT_TIBIA, VARUS, 15.0, Wedge.OPENING)
"""Hinges on the lateral cortex; the bone opens medially."""

MEDIAL = Rod("medial rod", (-80.0, 0.0, 50.0), (-80.0, 0.0, -60.0), 60.0, 200.0)
LATERAL = Rod("lateral rod", (90.0, 0.0, 50.0), (90.0, 0.0, -60.0), 60.0, 200.0)
FRONT = Rod("front rod", (-50.0, 60.0, 50.0), (-55.0, 65.0, -60.0), 60.0, 200.0)
RODS = (MEDIAL, LATERAL, FRONT)

turns = st.floats(0, 60)
out = st.floats(0, 60)


def test_a_rod_that_turns_about_the_hinges_is_as_long_as_its_chord() -> None:
    """Both ends 95 mm from the hinges, from 60° to 80° apart."""
    arm = 95.0

    def end(angle_deg: float) -> tuple[float, float, float]:
        angle = np.radians(angle_deg)
        x, _, z = FRAME.hinge_mm
        return float(x - arm * np.cos(angle)), 0.0, float(z + arm * np.sin(angle))

    rod = Rod("rod", end(30.0), end(-30.0), 10.0, 400.0)
    found = rod_lengths(FRAME, (rod,), np.array([0.0, 20.0]), 0.0)[:, 0]
    assert found == pytest.approx(2 * arm * np.sin(np.radians([30.0, 40.0])))


@given(turns, out)
def test_the_lever_is_the_rate_at_which_a_rod_lengthens(turn: float, mm: float) -> None:
    step = 1e-4
    before, after = (
        rod_lengths(FRAME, RODS, t, mm) for t in (turn - step / 2, turn + step / 2)
    )
    slope = (after - before) / np.radians(step)
    assert rod_levers(FRAME, RODS, turn, mm) == pytest.approx(slope, abs=1e-3)


def test_rates_are_to_each_other_as_the_distances_from_the_hinges() -> None:
    """At the start both rods are square to the line to the hinges."""
    straight = ring_frame(RIGHT_TIBIA, Angulation(-1e-6), 0.0, Wedge.NEUTRAL)
    medial, lateral, _ = rod_levers(straight, RODS, 0.0, 0.0)
    assert medial == pytest.approx(80)
    assert lateral == pytest.approx(-90)


@given(turns, out)
def test_the_length_of_a_rod_says_the_turn(turn: float, mm: float) -> None:
    levers = rod_levers(FRAME, RODS, np.linspace(0, turn, 9), mm)
    assume(np.min(levers * np.sign(levers[0])) > 1)
    lengths = rod_lengths(FRAME, RODS, turn, mm)
    found = turn_from_rods(FRAME, RODS, lengths, mm)
    assert found == pytest.approx(turn, abs=1e-5)


def test_many_days_are_read_at_once() -> None:
    turn, mm = np.array([0.0, 5.0, 20.0]), np.array([0.0, 10.0, 10.0])
    lengths = rod_lengths(FRAME, RODS, turn, mm)
    assert lengths.shape == (3, 3)
    found = turn_from_rods(FRAME, RODS, lengths, mm)
    assert found == pytest.approx(np.repeat(turn[:, None], 3, axis=1), abs=1e-6)


@given(out)
def test_rods_along_the_bone_lengthen_as_the_bone_does(mm: float) -> None:
    assert rod_lengths(FRAME, (MEDIAL, LATERAL), 0.0, mm) == pytest.approx(110 + mm)


def test_a_length_that_no_turn_makes_is_refused_by_name() -> None:
    with pytest.raises(DeviceRefusal, match=r"lateral rod is read as 400\.00 mm"):
        turn_from_rods(FRAME, RODS, np.array([110.0, 400.0, 110.0]), 0.0)


@pytest.mark.parametrize("least", [120.0, -1.0, float("nan")])
def test_a_rod_that_cannot_be_set_as_it_stands_is_refused(least: float) -> None:
    with pytest.raises(DeviceRefusal, match=r"rod is 110\.00 mm long at the start"):
        Rod("rod", MEDIAL.proximal_mm, MEDIAL.distal_mm, least, 200.0)

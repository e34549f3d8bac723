"""The frontal plane: laws of its angles, and one published leg."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment.frontal import QUANTITIES, angle_between, lateral_tilt
from callotasis.alignment.limb import Limb
from callotasis.pose import Side
from legs import built_from, limb_of

JOINT_ANGLES = st.floats(75.0, 105.0)
CONVERGENCE = st.floats(-8.0, 8.0)
LENGTHS = st.floats(200.0, 550.0)


def measured(limb: Limb) -> dict[str, float]:
    """Measure what the landmarks carry, in the one world of a drawn leg."""
    return {q.name: float(q.measure(limb)[0]) for q in QUANTITIES if limb.has(*q.needs)}


@st.composite
def drawn_legs(draw: st.DrawFn) -> dict[str, tuple[float, float]]:
    """Draw a leg that a surgeon could meet, with every landmark (lateral, proximal)."""

    def near(lateral: float, proximal: float, within: float) -> tuple[float, float]:
        return (
            lateral + draw(st.floats(-within, within)),
            proximal + draw(st.floats(-within, within)),
        )

    return {
        "hip_centre": near(0, 400, 40),
        "troch_tip": near(70, 405, 20),
        "fem_shaft_prox": near(45, 280, 10),
        "fem_shaft_dist": near(25, 130, 10),
        "knee_centre": near(0, 0, 10),
        "fem_condyle_med": near(-30, -2, 6),
        "fem_condyle_lat": near(30, -2, 6),
        "tib_plateau_med": near(-30, -8, 6),
        "tib_plateau_lat": near(30, -8, 6),
        "tib_rim_med": near(-36, -15, 4),
        "tib_rim_lat": near(36, -15, 4),
        "tib_shaft_prox": near(0, -100, 10),
        "tib_shaft_dist": near(0, -250, 10),
        "plafond_med": near(-12, -335, 3),
        "plafond_lat": near(12, -335, 3),
        "ankle_centre": near(0, -335, 40),
    }


def moved_in_plane(
    points: dict[str, tuple[float, float]], turn_deg: float, shift: tuple[float, float]
) -> dict[str, tuple[float, float]]:
    """Turn and shift a leg as a whole, as the film in its cassette would."""
    cos, sin = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    return {
        name: (cos * x - sin * z + shift[0], sin * x + cos * z + shift[1])
        for name, (x, z) in points.items()
    }


@given(drawn_legs())
def test_the_deviation_is_what_femur_tibia_and_joint_add_up_to(
    points: dict[str, tuple[float, float]],
) -> None:
    found = measured(limb_of(points))
    parts = found["mldfa_deg"] - found["mpta_deg"] + found["jlca_deg"]
    assert found["hka_deviation_deg"] == pytest.approx(-parts, abs=1e-9)


@given(JOINT_ANGLES, JOINT_ANGLES, CONVERGENCE, LENGTHS, LENGTHS)
def test_a_leg_built_from_its_angles_measures_them_again(
    mldfa: float, mpta: float, jlca: float, femur: float, tibia: float
) -> None:
    found = measured(limb_of(built_from(mldfa, mpta, jlca, femur, tibia)))
    assert found["mldfa_deg"] == pytest.approx(mldfa, abs=1e-9)
    assert found["mpta_deg"] == pytest.approx(mpta, abs=1e-9)
    assert found["jlca_deg"] == pytest.approx(jlca, abs=1e-9)
    assert found["femur_length_mm"] == pytest.approx(femur, abs=1e-9)
    assert found["tibia_length_mm"] == pytest.approx(tibia, abs=1e-9)


def test_the_worked_example_has_9_degrees_of_varus() -> None:
    # mLDFA 90, MPTA 83, JLCA 2: 90 - 83 + 2 = 9 degrees of varus.
    found = measured(limb_of(built_from(90, 83, 2)))
    assert found["hka_deviation_deg"] == pytest.approx(-9, abs=1e-9)


@given(JOINT_ANGLES, JOINT_ANGLES, CONVERGENCE, LENGTHS, LENGTHS)
def test_the_axis_runs_medial_in_varus_by_what_the_triangle_says(
    mldfa: float, mpta: float, jlca: float, femur: float, tibia: float
) -> None:
    found = measured(limb_of(built_from(mldfa, mpta, jlca, femur, tibia)))
    varus = np.radians(-found["hka_deviation_deg"])
    # Height of the triangle hip, knee, ankle over its longest side.
    height = femur * tibia * np.sin(varus) / found["leg_length_mm"]
    assert found["mad_mm"] == pytest.approx(height, abs=1e-9)


@pytest.mark.parametrize(("mpta", "medial"), [(83.0, True), (95.0, False)])
def test_the_axis_runs_medial_in_varus_and_lateral_in_valgus(
    mpta: float, medial: bool
) -> None:
    found = measured(limb_of(built_from(90, mpta, 0)))
    assert (found["mad_mm"] > 0) is medial
    assert (found["hka_deviation_deg"] < 0) is medial


@given(drawn_legs())
def test_the_anatomic_axis_lies_off_the_mechanical_by_the_difference_of_both_angles(
    points: dict[str, tuple[float, float]],
) -> None:
    found = measured(limb_of(points))
    difference = found["mldfa_deg"] - found["aldfa_deg"]
    assert found["ama_deg"] == pytest.approx(difference, abs=1e-9)


@given(
    drawn_legs(),
    st.floats(-60.0, 60.0),
    st.tuples(st.floats(-300, 300), st.floats(-300, 300)),
)
def test_a_turned_or_shifted_film_changes_no_angle_and_no_length(
    points: dict[str, tuple[float, float]],
    turn_deg: float,
    shift: tuple[float, float],
) -> None:
    before = measured(limb_of(points))
    after = measured(limb_of(moved_in_plane(points, turn_deg, shift)))
    assert len(before) == len(QUANTITIES)
    assert after == pytest.approx(before, abs=1e-9)


@given(drawn_legs(), st.floats(0.5, 2.0))
def test_a_larger_leg_has_longer_bones_and_the_same_angles(
    points: dict[str, tuple[float, float]], times: float
) -> None:
    before = measured(limb_of(points))
    larger = {name: (times * x, times * z) for name, (x, z) in points.items()}
    after = measured(limb_of(larger))
    expected = {n: v * (times if n.endswith("_mm") else 1) for n, v in before.items()}
    assert after == pytest.approx(expected, abs=1e-9)


@given(drawn_legs())
def test_a_leg_is_measured_alike_on_either_side(
    points: dict[str, tuple[float, float]],
) -> None:
    right, left = (measured(limb_of(points, side)) for side in Side)
    assert right == left


@given(drawn_legs())
def test_each_quantity_needs_exactly_the_landmarks_that_it_names(
    points: dict[str, tuple[float, float]],
) -> None:
    whole = measured(limb_of(points))
    for quantity in QUANTITIES:
        only = limb_of({name: points[name] for name in quantity.needs})
        assert measured(only)[quantity.name] == whole[quantity.name]


@pytest.mark.parametrize(
    ("change", "name", "grows"),
    [
        ({"troch_tip": (70.0, 430.0)}, "mlpfa_deg", True),
        ({"fem_condyle_lat": (35.0, 5.0)}, "mldfa_deg", False),
        ({"fem_condyle_lat": (35.0, 5.0)}, "aldfa_deg", False),
        ({"tib_plateau_med": (-33.0, 0.0)}, "mpta_deg", True),
        ({"tib_plateau_lat": (33.0, -10.0)}, "jlca_deg", True),
        ({"plafond_lat": (12.0, -340.0)}, "mldta_deg", True),
        ({"fem_shaft_prox": (60.0, 280.0)}, "ama_deg", True),
        ({"ankle_centre": (20.0, -330.0)}, "hka_deviation_deg", True),
        ({"ankle_centre": (20.0, -330.0)}, "mad_mm", False),
    ],
)
def test_each_angle_grows_to_the_side_that_its_name_says(
    change: dict[str, tuple[float, float]], name: str, grows: bool
) -> None:
    straight = built_from(90, 90, 0) | {
        "troch_tip": (70.0, 400.0),
        "fem_shaft_prox": (45.0, 280.0),
        "fem_shaft_dist": (25.0, 130.0),
        "plafond_med": (-12.0, -330.0),
        "plafond_lat": (12.0, -330.0),
    }
    before = measured(limb_of(straight))[name]
    after = measured(limb_of(straight | change))[name]
    assert (after > before) is grows


def test_only_degrees_may_be_printed_without_a_scale() -> None:
    for quantity in QUANTITIES:
        assert quantity.is_angle is not quantity.name.endswith("_mm")


@given(st.floats(-179, 179), st.floats(0.1, 100), st.floats(0.1, 100))
def test_the_angle_between_two_directions_does_not_ask_which_is_first(
    degrees: float, one: float, other: float
) -> None:
    turn = np.radians(degrees)
    u, v = np.array([one, 0.0]), other * np.array([np.cos(turn), np.sin(turn)])
    assert angle_between(u, v) == pytest.approx(abs(degrees), abs=1e-9)
    assert angle_between(v, u) == pytest.approx(abs(degrees), abs=1e-9)


@given(st.floats(-179, 179), st.floats(0.1, 100))
def test_a_direction_tilts_laterally_from_straight_down(
    degrees: float, length: float
) -> None:
    tilt = np.radians(degrees)
    direction = length * np.array([np.sin(tilt), -np.cos(tilt)])
    assert lateral_tilt(direction) == pytest.approx(degrees, abs=1e-9)

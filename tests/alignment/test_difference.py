"""Right minus left: undecided until the interval leaves zero out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callotasis.alignment.difference import Longer, discrepancy, split_of
from callotasis.pose import Side
from callotasis.worlds import Array


@given(st.floats(500, 1000), st.floats(-60, 60), st.floats(0.1, 10))
def test_the_discrepancy_is_right_minus_left_and_undecided_around_zero(
    left: float, longer_by: float, spread: float
) -> None:
    # Draws spread evenly: 95 % of them lie within 0.95 of the largest.
    assume(abs(abs(longer_by) - 0.95 * spread) > 1e-6)
    draws = np.concatenate([[0.0], np.linspace(-spread, spread, 101)])
    found = discrepancy(left + longer_by + draws, np.full(102, left))
    assert found.value == pytest.approx(longer_by, abs=1e-9)
    if abs(longer_by) < 0.95 * spread:
        assert found.longer is Longer.UNDECIDED
    else:
        assert found.longer is (Longer.RIGHT if longer_by > 0 else Longer.LEFT)


@pytest.mark.parametrize(
    ("right", "left", "longer"), [(700.0, 690.0, "R"), (690.0, 700.0, "L")]
)
def test_a_sure_discrepancy_names_the_longer_leg(
    right: float, left: float, longer: str
) -> None:
    found = discrepancy(np.full(11, right), np.full(11, left))
    assert found.longer == longer
    assert found.value == right - left


FEMUR_MM, TIBIA_MM, FOOT_MM = 420.0, 340.0, 70.0


def _leg(shorter_mm: float, foot_mm: float | None = FOOT_MM) -> dict[str, Array]:
    """A straight leg whose femur is shorter by this much."""
    parts = {
        "femur_length_mm": FEMUR_MM - shorter_mm,
        "tibia_length_mm": TIBIA_MM,
        "leg_length_mm": FEMUR_MM + TIBIA_MM - shorter_mm,
    } | ({} if foot_mm is None else {"foot_height_mm": foot_mm})
    return {name: np.full(5, mm) for name, mm in parts.items()}


def test_the_split_names_the_part_that_is_short() -> None:
    split = split_of({Side.RIGHT: _leg(25.0), Side.LEFT: _leg(0.0)})
    assert list(split) == ["leg", "femur", "tibia", "foot", "hip_to_sole"]
    assert {name: part.value for name, part in split.items()} == {
        "leg": -25.0,
        "femur": -25.0,
        "tibia": 0.0,
        "foot": 0.0,
        "hip_to_sole": -25.0,
    }
    assert split["femur"].longer is Longer.LEFT
    assert split["tibia"].longer is Longer.UNDECIDED


def test_feet_count_from_hip_to_sole() -> None:
    legs = {Side.RIGHT: _leg(10.0, 74.0), Side.LEFT: _leg(0.0, 68.0)}
    split = split_of(legs)
    assert split["foot"].value == 6.0
    assert split["hip_to_sole"].value == -4.0
    assert split["hip_to_sole"].longer is Longer.LEFT


def test_one_sole_alone_splits_no_foot() -> None:
    split = split_of({Side.RIGHT: _leg(10.0, None), Side.LEFT: _leg(0.0)})
    assert list(split) == ["leg", "femur", "tibia"]


def test_swapped_legs_swap_the_sign_of_every_part() -> None:
    one, other = _leg(12.0, 66.0), _leg(-3.0)
    here = split_of({Side.RIGHT: one, Side.LEFT: other})
    there = split_of({Side.RIGHT: other, Side.LEFT: one})
    for name, part in here.items():
        assert part.value == -there[name].value
        assert (part.low, part.high) == (-there[name].high, -there[name].low)

"""Gait: the index as defined, its interval, units that slip, and what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.record import new_entry
from callotasis.rehabilitation import (
    Quantity,
    Sides,
    change,
    symmetry,
    walk_of,
    walks_of,
)
from callotasis.rehabilitation.gait import size_of
from callotasis.worlds import Interval
from dora import CASE, PATIENT, RIGHT_FEMUR
from followcases import at_day, entered, signed_case

TIMES = st.lists(st.floats(0.4, 1.5), min_size=3, max_size=20).map(tuple)


def stance(left: float, right: float, spread: float = 0.01) -> Sides:
    """Eight steps of either side about a mean, none like the one before."""
    off = np.array([-2, 2, -1, 1, -2, 2, -1, 1]) * spread
    return Sides(tuple(left + off), tuple(right + off))


def test_the_index_is_robinsons() -> None:
    found = symmetry(Quantity.STANCE, stance(0.72, 0.64))
    assert found.index_percent.value == pytest.approx(200 * 0.08 / 1.36)
    assert found.left == pytest.approx(0.72)


def test_the_published_asymmetry_before_is_told_as_such() -> None:
    """12 % is 53 to 47 of the sum."""
    found = symmetry(Quantity.STANCE, stance(0.53, 0.47))
    assert found.asymmetry_percent.value == pytest.approx(12.0)


@given(TIMES, TIMES)
def test_sides_changed_over_change_only_the_sign(
    left: tuple[float, ...], right: tuple[float, ...]
) -> None:
    one = symmetry(Quantity.STANCE, Sides(left, right))
    two = symmetry(Quantity.STANCE, Sides(right, left))
    assert one.index_percent.value == pytest.approx(-two.index_percent.value)
    assert one.index_percent.low == pytest.approx(-two.index_percent.high)
    assert one.asymmetry_percent.value == pytest.approx(two.asymmetry_percent.value)
    assert one.uneven == two.uneven


@given(TIMES, TIMES, st.floats(0.6, 1.8))
def test_a_slower_clock_changes_nothing(
    left: tuple[float, ...], right: tuple[float, ...], factor: float
) -> None:
    one = symmetry(Quantity.STANCE, Sides(left, right))
    two = symmetry(
        Quantity.STANCE,
        Sides(tuple(factor * t for t in left), tuple(factor * t for t in right)),
    )
    assert one.index_percent.value == pytest.approx(two.index_percent.value, abs=1e-9)
    assert one.index_percent.high == pytest.approx(two.index_percent.high, abs=1e-6)


def test_steps_that_are_all_alike_have_no_width() -> None:
    found = symmetry(Quantity.STANCE, Sides((0.7,) * 4, (0.6,) * 4))
    assert found.index_percent.low == found.index_percent.high


@pytest.mark.parametrize("steps", [4, 12, 40])
def test_the_interval_holds_the_truth_in_95_of_100_walks(steps: int) -> None:
    random, held, walks = np.random.default_rng(steps), 0, 600
    truth = 200 * (0.70 - 0.66) / 1.36
    for _ in range(walks):
        left = random.normal(0.70, 0.03, steps)
        right = random.normal(0.66, 0.05, steps)
        found = symmetry(Quantity.STANCE, Sides(tuple(left), tuple(right)))
        held += not found.index_percent.excludes(truth)
    assert 0.93 <= held / walks <= 0.98


def test_steps_that_resemble_the_one_before_make_a_wider_interval() -> None:
    times = (0.66, 0.67, 0.68, 0.69, 0.70, 0.71, 0.72, 0.73)
    mixed = times[::2] + times[1::2][::-1]
    shuffled = (0.66, 0.73, 0.67, 0.72, 0.68, 0.71, 0.69, 0.70)
    widths = [
        symmetry(Quantity.STANCE, Sides(side, side)).index_percent.high
        for side in (times, mixed, shuffled)
    ]
    assert widths[0] >= widths[1] > widths[2] > 0


def test_the_interval_still_holds_where_steps_resemble_each_other() -> None:
    random, held, walks, steps = np.random.default_rng(7), 0, 400, 20
    for _ in range(walks):
        sides = []
        for mean in (0.70, 0.66):
            drawn = random.normal(size=steps)
            for step in range(1, steps):
                drawn[step] = 0.4 * drawn[step - 1] + 0.9165 * drawn[step]
            sides.append(tuple(mean + 0.03 * drawn))
        found = symmetry(Quantity.STANCE, Sides(*sides))
        held += not found.index_percent.excludes(200 * 0.04 / 1.36)
    assert held / walks >= 0.90


def test_an_asymmetry_that_may_be_none_starts_at_nothing() -> None:
    found = symmetry(Quantity.STANCE, stance(0.70, 0.695, 0.03))
    assert not found.uneven
    assert found.asymmetry_percent.low == 0.0
    assert size_of(Interval(4.0, 1.0, 7.0)) == Interval(4.0, 1.0, 7.0)


def test_two_walks_stand_beside_what_is_published() -> None:
    before = symmetry(Quantity.STANCE, stance(0.53, 0.47))
    now = symmetry(Quantity.STANCE, stance(0.506, 0.494))
    found = change(before, now)
    assert found.gained_percent.value == pytest.approx(9.6)
    assert not found.gained_percent.excludes(9.6)
    assert found.gained_percent.excludes(0.0)
    assert found.words.startswith("12.0 % before, 2.4 % now")
    for number in ("before lengthening 12", "after lengthening 2.4", "equal legs 2"):
        assert number in found.words
    assert len(found.evidence) == 3


def test_step_times_have_nothing_published_beside_them() -> None:
    walk = symmetry(Quantity.STEP, stance(0.53, 0.47))
    found = change(walk, walk)
    assert found.evidence == ()
    assert "nothing was read" in found.words


def test_peaks_are_in_percent_of_the_weight() -> None:
    walk = symmetry(Quantity.PEAK, stance(104.0, 116.0))
    assert "104" in change(walk, walk).words
    with pytest.raises(RecordRefusal, match=r"is it in newtons, or in times"):
        symmetry(Quantity.PEAK, stance(1.04, 1.16))


def test_a_stance_is_not_held_against_a_step() -> None:
    with pytest.raises(RecordRefusal, match="allowed is one quantity"):
        change(
            symmetry(Quantity.STANCE, stance(0.7, 0.6)),
            symmetry(Quantity.STEP, stance(0.7, 0.6)),
        )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"stance_s": {"L": [700, 710, 690], "R": [650] * 3}}, "in milliseconds"),
        ({"stance_s": {"L": [0.7, 0.7], "R": [0.6] * 3}}, "has 2 steps; allowed are 3"),
        ({"stance_s": {"L": [0.7] * 3}}, "gait, stance_s.R: Field required"),
        ({"step_s": {"L": [0.7] * 3, "R": [0.7] * 3}}, "stance_s: Field required"),
        (
            {"stance_s": {"L": [0.7] * 3, "R": [0.7] * 3}, "speed": 1.2},
            "gait, speed: Unexpected",
        ),
        ({"stance_s": {"L": ["0.7"] * 3, "R": [0.7] * 3}}, "gait, stance_s.L.0"),
    ],
)
def test_a_walk_that_cannot_be_read_is_refused(body: object, why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        walk_of(new_entry(CASE, "gait", PATIENT, body))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.1, 3.5])
def test_a_time_that_no_step_takes_is_refused(value: float) -> None:
    with pytest.raises(RecordRefusal, match="stance_s of R is"):
        symmetry(Quantity.STANCE, Sides((0.7,) * 3, (0.7, 0.7, value)))


def test_a_walk_is_read_with_all_its_parts() -> None:
    sides = {"L": [0.7] * 3, "R": [0.6] * 3}
    peaks = {"L": [110] * 3, "R": [104] * 3}
    body = {"stance_s": sides, "step_s": sides, "peak_percent": peaks}
    walk = walk_of(new_entry(CASE, "gait", PATIENT, body))
    assert walk.peak_percent == Sides((110,) * 3, (104,) * 3)


def test_walks_of_a_case_come_in_the_order_in_which_they_were_walked(
    tmp_path: Path,
) -> None:
    case = signed_case(tmp_path)
    for day, right in ((60, 0.69), (-20, 0.62)):
        body = {"stance_s": {"L": [0.7] * 3, "R": [right] * 3}}
        entered(case, "gait", body, at_day(day), RIGHT_FEMUR)
    walks = [walk for _, walk in walks_of(case.case())]
    assert [walk.stance_s.R[0] for walk in walks] == [0.62, 0.69]

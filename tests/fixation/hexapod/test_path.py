"""Paths: they end at the target, and no structure moves faster than the rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import Placement
from callotasis.fixation.hexapod.path import WAYS, course
from hexapods import NEUTRAL, poses

CENTRE = np.zeros((1, 3))
NERVE = np.array([[0.0, 0, 0], [30, -40, 60], [-20, 10, 150]])
TARGET = Placement.at((5, -8, 185), (10, -5, 7))
ways = pytest.mark.parametrize("way", sorted(WAYS))


@ways
@settings(max_examples=30)
@given(start=poses(), target=poses())
def test_every_path_begins_at_the_start_and_ends_at_the_target(
    way: str, start: Placement, target: Placement
) -> None:
    poses_by_day = course(start, target, NERVE, 1.5, way).poses
    for found, wanted in (
        (poses_by_day.translation_mm[0], start.translation_mm),
        (poses_by_day.translation_mm[-1], target.translation_mm),
        (poses_by_day.rotation[0], start.rotation),
        (poses_by_day.rotation[-1], target.rotation),
    ):
        assert np.allclose(found, wanted, atol=1e-5)


@ways
@settings(max_examples=30)
@given(start=poses(), target=poses(), rate=st.floats(0.3, 1.5))
def test_no_structure_moves_more_than_the_rate_on_any_day(
    way: str, start: Placement, target: Placement, rate: float
) -> None:
    found = course(start, target, NERVE, rate, way)
    places = found.poses.carried(NERVE)
    moved = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    assert len(places) == found.days + 1
    assert moved.max(initial=0) <= rate * (1 + 1e-9)


@ways
def test_days_are_no_more_than_the_rate_asks_for(way: str) -> None:
    """One day less, and the fastest structure would break the rate."""
    found = course(NEUTRAL, Placement.at((0, 0, 185), (0, 0, 0)), NERVE, 1.0, way)
    assert found.days == 35


@ways
def test_staying_where_it_is_takes_no_day(way: str) -> None:
    found = course(TARGET, TARGET, NERVE, 1.0, way)
    assert found.days == 0
    assert found.poses.translation_mm.shape == (1, 3)


@ways
def test_twice_the_rate_takes_half_the_days(way: str) -> None:
    slow, fast = (course(NEUTRAL, TARGET, NERVE, r, way).days for r in (0.1, 0.2))
    assert slow / 2 == pytest.approx(fast, abs=3)


def test_phases_lengthen_first_then_translate_then_turn() -> None:
    found = course(NEUTRAL, TARGET, NERVE, 1.0, "phases").poses
    at = found.translation_mm
    turned = np.abs(found.rotation - np.eye(3)).max(axis=(1, 2)) > 1e-9
    aside = np.hypot(at[:, 0], at[:, 1]) > 1e-9
    short = at[:, 2] < 185 - 1e-9
    assert short[0]
    assert not (short & aside).any()
    arrived = np.hypot(*(at[:, :2] - TARGET.translation_mm[:2]).T) < 1e-9
    assert not (turned & ~arrived).any()


def test_a_structure_far_from_the_ring_takes_more_days() -> None:
    turn = Placement.at((0, 0, 150), (20, 0, 0))
    far = np.array([[0.0, 0, 150]])
    assert course(NEUTRAL, turn, far, 1.0, "straight").days == pytest.approx(
        150 * np.radians(20), abs=1
    )


def test_every_point_of_a_screw_goes_at_an_even_pace() -> None:
    found = course(NEUTRAL, TARGET, NERVE, 1.0, "screw").poses.carried(NERVE)
    steps = np.linalg.norm(np.diff(found, axis=0), axis=-1)
    assert np.allclose(steps, steps[0])


@given(share=st.floats(1e-9, 1e-3))
def test_a_screw_of_a_tiny_turn_is_the_straight_way(share: float) -> None:
    turned = Placement.at((5, -8, 185), (10 * share, -5 * share, 7 * share))
    screw, straight = (
        course(NEUTRAL, turned, CENTRE, 1.0, way).poses for way in ("screw", "straight")
    )
    days = min(len(screw.translation_mm), len(straight.translation_mm)) - 1
    assert len(screw.translation_mm) == len(straight.translation_mm)
    off = np.abs(screw.translation_mm - straight.translation_mm).max()
    assert off <= 1e-5 + 10 * share
    assert days == 37


def test_the_ring_goes_straight_on_a_straight_path() -> None:
    found = course(NEUTRAL, TARGET, CENTRE, 1.0, "straight").poses.translation_mm
    share = np.linspace(0, 1, len(found))[:, None]
    wanted = (1 - share) * NEUTRAL.translation_mm + share * TARGET.translation_mm
    assert np.allclose(found, wanted)


def test_an_unknown_path_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="path 'spiral' is unknown; known are screw"):
        course(NEUTRAL, TARGET, CENTRE, 1.0, "spiral")


@ways
def test_a_turn_that_moves_no_structure_is_refused(way: str) -> None:
    turned = Placement.at((0, 0, 150), (0, 0, 30))
    with pytest.raises(FrameRefusal, match="the ring turns, but no structure at risk"):
        course(NEUTRAL, turned, CENTRE, 1.0, way)


@ways
@pytest.mark.parametrize("rate", [1e-9, 5e-324, 0.01])
def test_a_way_that_takes_years_is_refused_before_it_is_cut_into_days(
    way: str, rate: float
) -> None:
    with pytest.raises(FrameRefusal, match="takes more than 1000 days"):
        course(NEUTRAL, TARGET, NERVE, rate, way)


@pytest.mark.parametrize("far", [601.0, 1e9, 1e308])
def test_a_structure_farther_than_a_leg_is_refused(far: float) -> None:
    with pytest.raises(FrameRefusal, match=r"structure at risk lies .* up to 600 mm"):
        course(NEUTRAL, TARGET, np.array([[0.0, far, 0.0]]), 1.0, "screw")

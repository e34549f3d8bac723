"""Sightings: whatever has a known size narrows what it depends on, by its worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.ball import Ball
from callotasis.radiograph.known import (
    DETECTOR,
    FilmFacts,
    Joint,
    KnownGeometry,
    KnownLength,
)
from callotasis.radiograph.sightings import (
    Sighting,
    along_leg,
    narrowed,
    of_balls,
    of_depth,
    of_length,
    of_magnification,
)
from callotasis.radiograph.stance import Posture, Stance
from callotasis.worlds import Array, Worlds
from darkroom import bare_film
from legs import COLUMNS, ROWS, standing

BALL_MM = 25.0
PITCH_MM, SOURCE_MM = 0.5, 2600.0
WORLDS = Worlds(600)
STRAIGHT = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
RIGHT_HIP, RIGHT_KNEE = (Side.RIGHT, Joint.HIP), (Side.RIGHT, Joint.KNEE)
FILM = bare_film(ROWS, COLUMNS, spacing_mm=(PITCH_MM, PITCH_MM), source_mm=SOURCE_MM)
POSTURE = Posture(FILM, standing(), KnownGeometry(), STRAIGHT, PITCH_MM)
DRAWN = POSTURE.drawn(WORLDS)


def _after(*sightings: Sighting, posture: Posture = POSTURE) -> Stance:
    unknowns = posture.drawn(WORLDS)
    return posture.stance(narrowed(posture, unknowns, [*sightings], WORLDS))


def _sd(values: Array) -> float:
    return float(values[1:].std())


def _grown(depth_mm: float, size_mm: float) -> float:
    """Pixels that something of this size takes at a depth."""
    return size_mm * SOURCE_MM / (SOURCE_MM - depth_mm) / PITCH_MM


def _ball(joint: Joint, depth_mm: float) -> Ball:
    """Picture of a ball beside a joint of the right leg, at this depth."""
    column, row = standing().sides[Side.RIGHT][f"{joint}_centre"]
    px = _grown(depth_mm, BALL_MM)
    return Ball(column=column - 80, row=row, minor_px=px, major_px=px)


def _balls(*balls: Ball) -> list[Sighting]:
    return of_balls(balls, BALL_MM, standing())


def _nail(
    depth_mm: float, lies: str, length_mm: float = 300.0, column: float = 160.0
) -> KnownLength:
    """An upright length as it looks at one depth, about the middle of a femur."""
    half = _grown(depth_mm, length_mm) / 2
    return KnownLength(length_mm, (column, 560 - half), (column, 560 + half), lies)


def _length(length: KnownLength) -> Sighting:
    return of_length(0, length, FILM, standing())


# What narrowing is.


def test_where_nothing_was_seen_nothing_changes() -> None:
    found = narrowed(POSTURE, DRAWN, [], WORLDS)
    assert found.keys() == DRAWN.keys()
    for name, drawn in DRAWN.items():
        np.testing.assert_array_equal(found[name], drawn)


@settings(max_examples=25)
@given(st.floats(90, 190), st.sampled_from(list(Side)), st.sampled_from(list(Joint)))
def test_a_sighting_without_error_is_followed_in_every_world(
    depth: float, side: Side, joint: Joint
) -> None:
    exact = replace(of_depth(side, joint, depth), spread=1e-4)
    found = _after(exact).depth_mm[side, joint]
    usual = POSTURE.stance(DRAWN).depth_mm[side, joint]
    # What contradicts the usual stance is believed a hair less; farther off than here
    # an error of almost nothing is doubted altogether.
    assert abs(found[0] - depth) < 0.05 + 0.005 * abs(depth - usual[0])
    before = _sd(usual)
    assert np.abs(found - depth).max() < 0.1 * before


@settings(max_examples=25)
@given(st.floats(90, 210), st.floats(0.1, 100.0))
def test_world_zero_goes_towards_what_was_seen_and_not_beyond(
    depth: float, spread: float
) -> None:
    before = POSTURE.stance(DRAWN).depth_mm[RIGHT_KNEE][0]
    sighting = replace(of_depth(*RIGHT_KNEE, depth), spread=spread)
    after = _after(sighting).depth_mm[RIGHT_KNEE][0]
    assert min(before, depth) - 0.01 <= after <= max(before, depth) + 0.01


@settings(max_examples=25)
@given(st.floats(1.0, 60.0))
def test_a_sighting_narrows_as_two_normal_numbers_do(spread: float) -> None:
    before = _sd(POSTURE.stance(DRAWN).depth_mm[RIGHT_KNEE])
    sighting = replace(of_depth(*RIGHT_KNEE, 130.0), spread=spread)
    after = _sd(_after(sighting).depth_mm[RIGHT_KNEE])
    assert after == pytest.approx(1 / np.hypot(1 / before, 1 / spread), rel=0.12)


def test_the_order_of_sightings_does_not_matter() -> None:
    seen = [*_balls(_ball(Joint.KNEE, 140)), of_depth(*RIGHT_HIP, 170.0)]
    one, other = (narrowed(POSTURE, DRAWN, s, WORLDS) for s in (seen, seen[::-1]))
    for name, values in one.items():
        np.testing.assert_allclose(values, other[name], atol=1e-8)


def test_what_was_drawn_is_left_as_it_was() -> None:
    copies = {name: values.copy() for name, values in DRAWN.items()}
    narrowed(POSTURE, DRAWN, _balls(_ball(Joint.KNEE, 140)), WORLDS)
    for name, values in copies.items():
        np.testing.assert_array_equal(DRAWN[name], values)


# Balls.


@pytest.mark.parametrize("joint", Joint)
def test_a_ball_narrows_the_size_at_its_own_joint_most(joint: Joint) -> None:
    before, after = POSTURE.stance(DRAWN), _after(*_balls(_ball(joint, 140)))
    share = {
        j: _sd(after.depth_mm[Side.RIGHT, j]) / _sd(before.depth_mm[Side.RIGHT, j])
        for j in Joint
    }
    assert share[joint] < 0.8
    assert min(share, key=lambda j: share[j]) is joint


@settings(max_examples=20)
@given(st.floats(60, 180), st.floats(10, 60))
def test_a_ball_that_looks_larger_lies_nearer_to_the_source(
    depth: float, nearer: float
) -> None:
    far, near = (
        _after(*_balls(_ball(Joint.KNEE, mm))).depth_mm[RIGHT_KNEE][0]
        for mm in (depth, depth + nearer)
    )
    assert 0 < near - far < nearer


def test_two_balls_at_two_depths_tell_depths_better_than_one() -> None:
    knee, hip = _ball(Joint.KNEE, 130), _ball(Joint.HIP, 170)
    none, one, two = (_after(*_balls(*b)) for b in ((), (knee,), (knee, hip)))
    lean = [_sd(s.depth_mm[RIGHT_HIP] - s.depth_mm[RIGHT_KNEE]) for s in (one, two)]
    assert lean[1] < 0.9 * lean[0]
    hips = [_sd(s.depth_mm[RIGHT_HIP]) for s in (none, one, two)]
    assert hips[2] < 0.85 * hips[1] < 0.85 * hips[0]
    apart = two.depth_mm[RIGHT_HIP][0] - two.depth_mm[RIGHT_KNEE][0]
    usual = one.depth_mm[RIGHT_HIP][0] - one.depth_mm[RIGHT_KNEE][0]
    assert abs(apart - 40) < abs(usual - 40)


def test_a_ball_gives_size_where_the_file_gives_none() -> None:
    bare = replace(
        POSTURE, film=bare_film(ROWS, COLUMNS, spacing_mm=None), guessed_pitch_mm=0.6
    )
    sizes = []
    for seen in ([], _balls(_ball(Joint.KNEE, 140))):
        stance = _after(*seen, posture=bare)
        sizes.append(stance.log_size(stance.depth_mm[RIGHT_KNEE]))
    assert _sd(sizes[1]) < 0.1 * _sd(sizes[0])
    px = _grown(140, BALL_MM)
    edge = constant("calibration.ball_edge")
    assert np.exp(sizes[1][0]) == pytest.approx(
        px / BALL_MM, rel=(abs(edge.value) + edge.spread) / BALL_MM
    )


def test_balls_of_one_film_share_their_errors() -> None:
    """What is common to all of them cannot be averaged away."""
    one = _after(*_balls(_ball(Joint.KNEE, 140)))
    many = _after(*_balls(*[_ball(Joint.KNEE, 140)] * 12))
    placement = constant("calibration.ball_placement").spread
    assert _sd(many.depth_mm[RIGHT_KNEE]) < _sd(one.depth_mm[RIGHT_KNEE])
    assert _sd(many.depth_mm[RIGHT_KNEE]) > 0.4 * placement


# Known lengths.


@pytest.mark.parametrize(
    ("lies", "joint"), [("R.femur", Joint.HIP), ("R.hip", Joint.HIP)]
)
def test_a_nail_of_known_length_tells_how_deep_its_leg_stands(
    lies: str, joint: Joint
) -> None:
    depths = [
        _after(_length(_nail(mm, lies))).depth_mm[Side.RIGHT, joint]
        for mm in (120, 180)
    ]
    before = POSTURE.stance(DRAWN).depth_mm[Side.RIGHT, joint]
    assert depths[1][0] > depths[0][0]
    assert _sd(depths[0]) < _sd(before)


@settings(max_examples=20)
@given(st.floats(80, 500), st.floats(80, 220))
def test_a_length_is_seen_as_long_as_it_is_where_it_is(
    length: float, depth: float
) -> None:
    sighting = _length(_nail(depth, "R.hip", length))
    stance = POSTURE.stance(DRAWN)
    there = {key: np.full_like(d, depth) for key, d in stance.depth_mm.items()}
    source = np.full_like(stance.source_mm, SOURCE_MM)
    known = replace(stance, depth_mm=there, source_mm=source)
    np.testing.assert_allclose(sighting.predicted(known), sighting.seen, atol=1e-9)
    assert sighting.seen == pytest.approx(np.log(length))


def test_a_longer_length_tells_more() -> None:
    spreads = [_length(_nail(140, "R.hip", mm)).spread for mm in (60, 120, 400)]
    assert spreads == sorted(spreads, reverse=True)


def test_a_ruler_on_the_detector_tells_a_pixel_and_no_depth() -> None:
    bare = replace(POSTURE, film=bare_film(ROWS, COLUMNS, spacing_mm=None))
    ruler = _length(_nail(0, DETECTOR, 400))
    stance = _after(ruler, posture=bare)
    assert stance.pitch_mm[0] == pytest.approx(PITCH_MM, rel=0.01)
    before = bare.stance(bare.drawn(WORLDS))
    assert _sd(stance.pitch_mm) < 0.05 * _sd(before.pitch_mm)
    assert _sd(stance.depth_mm[RIGHT_KNEE]) == pytest.approx(
        _sd(before.depth_mm[RIGHT_KNEE]), rel=0.1
    )


# A typed magnification.


@settings(max_examples=20)
@given(st.floats(1.03, 1.08))
def test_a_typed_magnification_is_that_of_the_joints_on_average(typed: float) -> None:
    stance = _after(of_magnification(typed, 1e-5, PITCH_MM))
    every = np.mean([d[0] for d in stance.depth_mm.values()])
    seen = stance.source_mm[0] / (stance.source_mm[0] - every)
    assert seen == pytest.approx(typed, rel=3e-4)


# Along a leg.


def test_bones_lie_between_their_joints_and_before_the_line() -> None:
    stance = POSTURE.stance(DRAWN)
    rows = [standing().sides[Side.RIGHT][f"{j}_centre"][1] for j in Joint]
    for joint, row in zip(Joint, rows, strict=True):
        at_joint = along_leg(standing(), Side.RIGHT, row)(stance)
        np.testing.assert_allclose(
            at_joint, stance.depth_mm[Side.RIGHT, joint], atol=1e-9
        )
    hip, knee, _ = (stance.depth_mm[Side.RIGHT, joint] for joint in Joint)
    for share in (0.25, 0.5, 0.75):
        row = (1 - share) * rows[0] + share * rows[1]
        line = (1 - share) * hip + share * knee
        assert (along_leg(standing(), Side.RIGHT, row)(stance) > line).all()
    # A nail that sticks out of a bone stays as deep as its end.
    above = along_leg(standing(), Side.RIGHT, rows[0] - 100)(stance)
    np.testing.assert_allclose(above, hip)

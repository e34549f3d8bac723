"""Advice: a ball is advised where it narrows, by what it says, and else nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment.advice import (
    UNKNOWABLE,
    WORTH_SAYING,
    advice_on,
    scale_advice,
)
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.ball import Ball
from callotasis.radiograph.calibration import Calibration, Method
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.sightings import narrowed, of_balls
from callotasis.radiograph.stance import Posture
from callotasis.worlds import Array, Worlds
from darkroom import bare_film
from legs import COLUMNS, ROWS, standing

WORLDS = Worlds(4000)
PITCH_MM, SOURCE_MM = 0.5, 2600.0
FILM = bare_film(ROWS, COLUMNS, spacing_mm=(PITCH_MM, PITCH_MM), source_mm=SOURCE_MM)
STRAIGHT = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
POSTURE = Posture(FILM, standing(), KnownGeometry(), STRAIGHT, PITCH_MM)
SAID = re.compile(
    r"the depth of the (right|left) (hip|knee|ankle) costs (.+) most: .* "
    r"from ±([\d.]+) to ±([\d.]+) mm"
)


def _ball(side: Side, joint: Joint, depth_mm: float = 140.0) -> Ball:
    column, row = standing().sides[side][f"{joint}_centre"]
    usual = constant("calibration.usual_ball").value
    px = usual * SOURCE_MM / (SOURCE_MM - depth_mm) / PITCH_MM
    return Ball(column, row, px, px)


def _calibrated(*balls: Ball, method: Method = Method.BALL) -> Calibration:
    """Calibrate with these balls, as if they had been found on the film."""
    usual = constant("calibration.usual_ball").value
    seen = of_balls(balls, usual, standing())
    found = POSTURE.stance(narrowed(POSTURE, POSTURE.drawn(WORLDS), seen, WORLDS))
    return Calibration(
        method=method,
        aspect=1.0,
        pitch_mm=found.pitch_mm,
        source_mm=found.source_mm,
        centre_px=found.centre_px,
        depth_mm=found.depth_mm,
        rotation_rad={side: np.zeros(WORLDS.count + 1) for side in Side},
        typed_depth_mm={},
        ball_edge_mm=found.ball_edge,
        ball_off_mm=found.ball_off_mm,
    )


def _length(calibration: Calibration, side: Side) -> Array:
    """From hip to ankle, in every world."""
    ends = [
        calibration.points(
            np.tile(standing().sides[side][f"{joint}_centre"], (WORLDS.count + 1, 1)),
            calibration.depth_mm[side, joint],
        )
        for joint in (Joint.HIP, Joint.ANKLE)
    ]
    return np.linalg.norm(ends[0] - ends[1], axis=1)


def _lengths(calibration: Calibration, *sides: Side) -> dict[Side, dict[str, Array]]:
    return {s: {"leg_length_mm": _length(calibration, s)} for s in sides}


def _parsed(finding: Finding) -> tuple[Side, Joint, str, float, float]:
    found = SAID.search(finding.sentence)
    assert found is not None, finding.sentence
    side = next(s for s in Side if s.word == found[1])
    return side, Joint(found[2]), found[3], float(found[4]), float(found[5])


def _half_width(samples: Array) -> float:
    return 1.96 * float(samples[1:].std())


KNEE_BALL = _ball(Side.RIGHT, Joint.KNEE)


@pytest.mark.parametrize("method", [m for m in Method if m in UNKNOWABLE])
def test_where_no_ball_can_help_none_is_advised(method: Method) -> None:
    calibration = _calibrated(KNEE_BALL, method=method)
    assert scale_advice(_lengths(calibration, *Side), calibration) == ()


def test_a_film_of_true_scale_needs_no_ball() -> None:
    assert Method.TRUE_SCALE in UNKNOWABLE


def test_a_film_whose_depths_were_measured_needs_no_ball() -> None:
    assert Method.DEPTHS in UNKNOWABLE


def test_the_discrepancy_is_advised_on_before_either_leg() -> None:
    calibration = _calibrated(KNEE_BALL)
    lengths = _lengths(calibration, *Side)
    # As if all that is unknown about one leg were the depth of its ankle.
    lengths[Side.LEFT] = {
        "leg_length_mm": 0.3 * calibration.depth_mm[Side.LEFT, Joint.ANKLE]
        + lengths[Side.RIGHT]["leg_length_mm"]
    }
    (advice,) = scale_advice(lengths, calibration)
    assert (advice.level, advice.key) == (Level.NOTE, "film.another_ball")
    assert _parsed(advice)[:3] == (Side.LEFT, Joint.ANKLE, "the discrepancy")


def test_where_nothing_helps_the_discrepancy_a_leg_is_advised_on() -> None:
    calibration = _calibrated(KNEE_BALL)
    lengths = _lengths(calibration, *Side)
    lengths[Side.LEFT] = lengths[Side.RIGHT] = {
        "leg_length_mm": calibration.depth_mm[Side.RIGHT, Joint.HIP]
        + WORLDS.normal("something else", 1.0)
    }
    lengths[Side.LEFT] = {
        "leg_length_mm": lengths[Side.RIGHT]["leg_length_mm"]
        + WORLDS.normal("the other leg", 8.0)
    }
    (advice,) = scale_advice(lengths, calibration)
    assert _parsed(advice)[2] == "the length of the right leg"


@pytest.mark.parametrize("side", Side)
def test_one_leg_is_advised_on_by_its_own_length(side: Side) -> None:
    calibration = _calibrated(_ball(side.other, Joint.KNEE))
    (advice,) = scale_advice(_lengths(calibration, side), calibration)
    leg, _, words, before, after = _parsed(advice)
    assert leg is side
    assert words == f"the length of the {side.word} leg"
    assert before == pytest.approx(_half_width(_length(calibration, side)), abs=0.06)
    assert after < WORTH_SAYING * before + 0.1


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("first", [(Side.RIGHT, Joint.KNEE), (Side.LEFT, Joint.ANKLE)])
def test_a_ball_where_it_was_advised_narrows_by_about_what_was_said(
    first: tuple[Side, Joint], side: Side
) -> None:
    one = _calibrated(_ball(*first))
    now = _half_width(_length(one, side))
    # A second ball at each place is seen as it would most likely look.
    then = {
        place: _half_width(
            _length(_calibrated(_ball(*first), _ball(*place, float(d[0]))), side)
        )
        for place, d in one.depth_mm.items()
    }
    advised = advice_on("the leg", _length(one, side), one)
    if not advised:
        assert min(then.values()) > (WORTH_SAYING - 0.05) * now
        return
    leg, joint, _, before, after = _parsed(advised[0])
    assert before == pytest.approx(now, abs=0.06)
    assert then[leg, joint] == pytest.approx(after, rel=0.1)


def test_no_other_single_ball_narrows_by_more_than_the_advised_one() -> None:
    one = _calibrated(KNEE_BALL)
    (advice,) = advice_on("the leg", _length(one, Side.LEFT), one)
    after = _parsed(advice)[4]
    for place, depth in one.depth_mm.items():
        two = _calibrated(KNEE_BALL, _ball(*place, float(depth[0])))
        assert _half_width(_length(two, Side.LEFT)) > 0.9 * after, place


def test_what_no_depth_explains_is_not_blamed_on_one() -> None:
    calibration = _calibrated(KNEE_BALL)
    alone = WORLDS.normal("something else", 8.0)
    assert advice_on("the discrepancy", alone, calibration) == ()


@settings(max_examples=15)
@given(st.sampled_from([*_calibrated().depth_mm]), st.floats(0.5, 5.0))
def test_what_one_joints_depth_makes_alone_is_blamed_on_that_joint(
    place: tuple[Side, Joint], gain: float
) -> None:
    calibration = _calibrated(method=Method.MAGNIFICATION)
    (advice,) = advice_on("it", gain * calibration.depth_mm[place], calibration)
    assert _parsed(advice)[:2] == place


@settings(max_examples=10)
@given(st.floats(0.1, 10.0), st.floats(-100, 100))
def test_advice_does_not_depend_on_the_unit_of_a_quantity(
    gain: float, shift: float
) -> None:
    calibration = _calibrated(KNEE_BALL)
    samples = _length(calibration, Side.LEFT)
    said: list[tuple[Any, ...]] = []
    for seen in (samples, gain * samples + shift):
        side, joint, _, before, after = _parsed(advice_on("it", seen, calibration)[0])
        said.append((side, joint, round(after / before, 1)))
    assert said[0][:2] == said[1][:2]


def test_a_quantity_that_is_nowhere_measured_is_not_advised_on() -> None:
    calibration = _calibrated(KNEE_BALL)
    angles = {side: {"mldfa_deg": np.full(WORLDS.count + 1, 87.0)} for side in Side}
    assert scale_advice(angles, calibration) == ()

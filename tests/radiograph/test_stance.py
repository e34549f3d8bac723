"""Stance: nominal where nothing is unknown; each unknown moves what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.stance import (
    LEAST_SOURCE_MM,
    Posture,
    Stance,
    bow_mm,
)
from callotasis.worlds import Worlds
from darkroom import bare_film
from legs import COLUMNS, ROWS, mirror_image, standing

PITCH = (0.5, 0.5)
STRAIGHT = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
NORMAL = st.floats(-2.5, 2.5)


def _posture(
    known: KnownGeometry | None = None,
    facts: FilmFacts = STRAIGHT,
    *sides: Side,
    **film: Any,
) -> Posture:
    seen = bare_film(ROWS, COLUMNS, **{"spacing_mm": PITCH, **film})
    return Posture(seen, standing(*sides), known or KnownGeometry(), facts, 0.5)


def _with(posture: Posture, **said: float) -> Stance:
    """Nominal in world 0; in world 1 these unknowns differ."""
    named = {name.replace("__", "/"): value for name, value in said.items()}
    assert set(named) <= set(posture.names)
    return posture.stance(
        {name: np.array([0.0, named.get(name, 0.0)]) for name in posture.names}
    )


def _steps(stance: Stance) -> Mapping[tuple[Side, Joint], float]:
    """How far forward each joint is in world 1 of where it is in world 0."""
    return {k: float(d[1] - d[0]) for k, d in stance.depth_mm.items()}


# Nothing unknown.


@pytest.mark.parametrize("flexion", [None, 0.0, 12.0])
@pytest.mark.parametrize("known", [KnownGeometry(), KnownGeometry(true_scale=True)])
def test_world_zero_is_what_follows_from_no_unknown_at_all(
    known: KnownGeometry, flexion: float | None
) -> None:
    posture = _posture(known, replace(STRAIGHT, knee_flexion_deg=flexion))
    drawn = posture.stance(posture.drawn(Worlds(20)))
    nominal = posture.stance({name: np.zeros(1) for name in posture.names})
    for key, depth in nominal.depth_mm.items():
        assert drawn.depth_mm[key][0] == depth[0]
    assert drawn.source_mm[0] == nominal.source_mm[0]
    assert drawn.pitch_mm[0] == nominal.pitch_mm[0]
    np.testing.assert_array_equal(drawn.centre_px[0], nominal.centre_px[0])


def test_a_rim_is_read_with_a_bias_on_a_logarithmic_film_only() -> None:
    film = replace(_posture().film, logarithmic=True)
    stance = _with(replace(_posture(), film=film))
    assert stance.ball_edge[0] == constant("calibration.ball_edge").value


def test_the_nominal_person_stands_as_the_evidence_says() -> None:
    stance = _with(_posture())
    assert stance.pitch_mm[0] == PITCH[0]
    assert stance.source_mm[0] == 2600
    assert stance.knees_mm[0] == constant("calibration.detector_distance").value
    assert stance.ball_off_mm[0] == 0
    assert stance.ball_edge[0] == 0  # the film of these tests is one of linear greys
    assert tuple(stance.centre_px[0]) == (COLUMNS / 2, ROWS / 2)


def test_both_nominal_legs_stand_alike() -> None:
    depth = _with(_posture()).depth_mm
    for joint in Joint:
        right, left = (depth[side, joint][0] for side in Side)
        assert right == pytest.approx(left)


def test_one_leg_has_the_unknowns_of_one_leg() -> None:
    both, one = (_posture(None, STRAIGHT, *s).names for s in ((), (Side.LEFT,)))
    assert set(both) - set(one) == {f"R/{joint}/depth" for joint in Joint}


def test_every_name_is_drawn_and_no_other() -> None:
    posture = _posture()
    drawn = posture.drawn(Worlds(5))
    assert list(drawn) == posture.names
    assert all(values[0] == 0 for values in drawn.values())
    assert len({tuple(v) for v in drawn.values()}) == len(drawn)


# Turns.


@given(NORMAL.filter(lambda turn: abs(turn) > 0.01))
def test_a_turned_pelvis_brings_one_side_forward_and_the_other_as_far_back(
    turn: float,
) -> None:
    step = _steps(_with(_posture(), pelvis__turn=turn))
    right, left = (step[side, Joint.HIP] for side in Side)
    assert right == pytest.approx(-left)
    assert left * turn > 0
    assert step[Side.LEFT, Joint.ANKLE] == 0
    # The knees stand between what turns above and below them.
    assert 0 < step[Side.LEFT, Joint.KNEE] / left < 1


@given(NORMAL.filter(lambda turn: abs(turn) > 0.01))
def test_turned_feet_bring_one_ankle_forward_and_leave_the_hips(turn: float) -> None:
    step = _steps(_with(_posture(), feet__turn=turn))
    right, left = (step[side, Joint.ANKLE] for side in Side)
    assert right == pytest.approx(-left)
    assert left * turn > 0
    assert step[Side.LEFT, Joint.HIP] == 0


@given(NORMAL, NORMAL)
def test_a_person_seen_in_the_mirror_turns_the_other_way(
    pelvis: float, feet: float
) -> None:
    posture = _posture()
    behind = replace(posture, landmarks=mirror_image(standing(), COLUMNS))
    turn = {"pelvis__turn": pelvis, "feet__turn": feet}
    seen = _with(posture, **turn).depth_mm
    mirrored = _with(behind, **{n: -v for n, v in turn.items()}).depth_mm
    for (side, joint), depth in seen.items():
        np.testing.assert_allclose(mirrored[side.other, joint], depth)


@given(NORMAL)
def test_a_step_away_from_the_detector_is_a_step_of_every_joint(step: float) -> None:
    steps = _steps(_with(_posture(), knees=step))
    spread = constant("calibration.detector_distance").spread
    assert list(steps.values()) == pytest.approx([step * spread] * len(steps))


@given(NORMAL, st.sampled_from(list(Side)), st.sampled_from(list(Joint)))
def test_a_joint_of_its_own_depth_leaves_the_others(
    step: float, side: Side, joint: Joint
) -> None:
    steps = _steps(_with(_posture(), **{f"{side}__{joint}__depth": step}))
    assert steps[side, joint] * step >= 0
    assert all(s == 0 for key, s in steps.items() if key != (side, joint))


@given(st.floats(-5, 40), st.floats(1, 20))
def test_the_more_a_knee_is_bent_the_farther_it_stands_before_hip_and_ankle(
    flexion: float, more: float
) -> None:
    def before(degrees: float) -> float:
        facts = replace(STRAIGHT, knee_flexion_deg=degrees)
        depth = _with(_posture(None, facts)).depth_mm
        hip, knee, ankle = (float(depth[Side.RIGHT, joint][0]) for joint in Joint)
        return knee - (hip + ankle) / 2

    assert before(flexion + more) > before(flexion)


# Size.


@given(st.floats(0, 400), st.floats(1, 100))
def test_what_lies_nearer_to_the_source_is_larger(depth: float, nearer: float) -> None:
    stance = _with(_posture())
    far, near = (stance.log_size(np.full(2, d)) for d in (depth, depth + nearer))
    assert (near > far).all()
    grown = stance.source_mm / (stance.source_mm - depth)
    np.testing.assert_allclose(np.exp(far), grown / stance.pitch_mm)


@given(st.floats(0, 400), st.floats(0, 400), NORMAL)
def test_of_true_scale_size_does_not_depend_on_depth(
    depth: float, other: float, pitch: float
) -> None:
    stance = _with(_posture(KnownGeometry(true_scale=True)), pitch=pitch)
    one, two = (stance.log_size(np.full(2, d)) for d in (depth, other))
    np.testing.assert_allclose(one, two, atol=1e-5)
    assert np.exp(-one[0]) == pytest.approx(PITCH[0], rel=1e-5)


@given(
    st.tuples(st.floats(0, COLUMNS), st.floats(0, ROWS)),
    st.floats(0, 400),
    st.floats(0.8, 1.25),
    NORMAL,
)
def test_a_point_placed_in_space_casts_its_shadow_where_it_was_seen(
    point: tuple[float, float], depth: float, aspect: float, beam: float
) -> None:
    stance = _with(_posture(), beam__column=beam, beam__row=-beam)
    x, y, z = stance.placed(point, np.full(2, depth), aspect).T
    np.testing.assert_array_equal(y, depth)
    grown = np.exp(stance.log_size(y))
    shadow = stance.centre_px + np.stack([x * grown, -z * grown / aspect], axis=1)
    np.testing.assert_allclose(shadow, np.tile(point, (2, 1)), atol=1e-6)


# What is known is not drawn.


@pytest.mark.parametrize(
    ("known", "film", "spread_mm"),
    [
        (KnownGeometry(source_mm=2000.0), {}, 0.0),
        (KnownGeometry(), {}, constant("calibration.source_known").spread),
    ],
    ids=["typed", "in the file"],
)
def test_a_known_source_is_drawn_no_wider_than_it_is_known(
    known: KnownGeometry, film: dict[str, Any], spread_mm: float
) -> None:
    source = _with(_posture(known, **film), source=1.0).source_mm
    assert source[1] - source[0] == pytest.approx(spread_mm)


@given(st.floats(-50, 50))
def test_an_unknown_source_is_never_nearer_than_any_room_allows(drawn: float) -> None:
    source = _with(_posture(source_mm=None), source=drawn).source_mm
    assert (source >= LEAST_SOURCE_MM).all()


def test_a_beam_centre_that_was_measured_is_not_drawn() -> None:
    posture = _posture(KnownGeometry(beam_centre_px=(310.0, 700.0)))
    centre = _with(posture, beam__column=2.0, beam__row=-2.0).centre_px
    np.testing.assert_array_equal(centre, [[310.0, 700.0]] * 2)


def test_a_pixel_of_known_size_is_not_drawn() -> None:
    known, unknown = (
        _with(_posture(spacing_mm=mm), pitch=1.0).pitch_mm for mm in (PITCH, None)
    )
    assert known[1] == known[0]
    assert unknown[1] > 1.1 * unknown[0]


# The femur's bow.


@given(st.floats(0, 30))
def test_a_femur_bows_forward_between_its_joints_only(most: float) -> None:
    at = np.array([float(bow_mm(share, most)) for share in np.linspace(0, 1, 41)])
    assert at[[0, -1]] == pytest.approx([0, 0], abs=1e-9)
    assert (at >= -1e-9).all()
    assert at.max() == pytest.approx(most, rel=0.01)
    assert 0.7 < at.argmax() / 40 < 0.9 or most == 0

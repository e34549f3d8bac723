"""A body from joint angles: lengths hold, limbs reach, sides are the patient's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.pose import Side
from callotasis.report.body_figure import (
    FOREARM,
    SHANK,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Arm,
    Joints,
    Leg,
    Posture,
    joints_of,
    reach,
)

ANGLE = st.floats(-20, 130)
FACES = st.sampled_from([1, -1])


def apart(found: Joints, one: str, other: str) -> float:
    """Distance of two joints [cm]."""
    return float(np.hypot(*(found.points[one] - found.points[other])))


@given(ANGLE, ANGLE, ANGLE, st.floats(0, 180), FACES, st.booleans())
def test_limbs_keep_their_lengths(
    hip: float, knee: float, ankle: float, trunk: float, faces: int, front: bool
) -> None:
    leg, arm = Leg(hip, knee, ankle), Arm(hip, knee)
    found = joints_of(
        Posture((3.0, 5.0), trunk, leg, leg, arm, arm, faces, front=front)
    )
    for side in ("near", "far"):
        assert apart(found, f"{side}_hip", f"{side}_knee") == pytest.approx(THIGH)
        assert apart(found, f"{side}_knee", f"{side}_ankle") == pytest.approx(SHANK)
        assert apart(found, f"{side}_elbow", f"{side}_hand") == pytest.approx(FOREARM)
        upper = apart(found, f"{side}_shoulder", f"{side}_elbow")
        assert upper == pytest.approx(UPPER_ARM)
    assert apart(found, "hip", "shoulder") == pytest.approx(TRUNK)


def test_a_person_who_stands_facing_right_looks_right_and_steps_right() -> None:
    found = joints_of(Posture((0.0, 91.0), 90.0, Leg(hip=30.0, knee=40.0))).points
    assert found["head"][1] > found["shoulder"][1] > found["hip"][1]
    assert found["nose"][0] > found["head"][0]
    assert found["far_toe"][0] > found["far_heel"][0]
    assert found["near_knee"][0] > 0
    heel_behind = found["near_ankle"][0] < found["near_knee"][0]
    assert heel_behind


def test_lying_on_the_back_the_face_and_the_bent_knee_are_up() -> None:
    back = joints_of(Posture((0.0, 10.0), 180.0, Leg(hip=45.0, knee=90.0))).points
    assert back["nose"][1] > back["head"][1]
    assert back["near_knee"][1] > 10
    front = joints_of(Posture((0.0, 10.0), 180.0, Leg(knee=90.0), faces=-1)).points
    assert front["nose"][1] < front["head"][1]
    assert front["near_ankle"][1] == pytest.approx(10 + SHANK)


def test_dorsiflexion_brings_the_toes_to_the_shin() -> None:
    flat, up = (
        joints_of(Posture((0.0, 91.0), 90.0, Leg(ankle=a))).points["near_toe"][1]
        for a in (0.0, 20.0)
    )
    assert up > flat


@given(st.floats(-60, 60), st.floats(10, 83), FACES)
def test_an_ankle_is_where_it_shall_be_and_the_knee_bends_forwards(
    turn: float, far: float, faces: int
) -> None:
    radians = math.radians(270 + turn)
    target = (far * math.cos(radians), far * math.sin(radians))
    found = joints_of(
        Posture((0.0, 0.0), 90.0, Leg(ankle_at=target, sole=0.0), faces=faces)
    )
    assert found.points["near_ankle"] == pytest.approx(np.array(target), abs=1e-6)
    assert 0 <= found.near.knee <= 180
    toe, heel = found.points["near_toe"], found.points["near_heel"]
    assert (toe[0] - heel[0]) * faces > 0
    again = joints_of(Posture((0.0, 0.0), 90.0, Leg(*_angles(found.near)), faces=faces))
    for name, point in found.points.items():
        assert again.points[name] == pytest.approx(point, abs=1e-6)


def _angles(leg: Leg) -> tuple[float, float, float]:
    return leg.hip, leg.knee, leg.ankle


def test_a_hand_is_where_it_shall_be() -> None:
    found = joints_of(Posture((0.0, 91.0), 90.0, near_arm=Arm(hand_at=(40.0, 120.0))))
    assert found.points["near_hand"] == pytest.approx(np.array([40.0, 120.0]))


def test_nobody_reaches_beyond_a_limb() -> None:
    with pytest.raises(PlanRefusal, match=r"a limb of 84 cm cannot end 90\.0 cm"):
        reach(np.zeros(2), (90.0, 0.0), THIGH, SHANK)
    with pytest.raises(PlanRefusal, match=r"a limb of 58 cm cannot end 1\.0 cm"):
        reach(np.zeros(2), (1.0, 0.0), UPPER_ARM, FOREARM)


@pytest.mark.parametrize(
    ("posture", "side"),
    [
        (Posture((0, 0), 90.0), Side.RIGHT),
        (Posture((0, 0), 90.0, faces=-1), Side.LEFT),
        (Posture((0, 0), 180.0), Side.RIGHT),
        (Posture((0, 0), 180.0, faces=-1), Side.LEFT),
        (Posture((0, 0), 90.0, front=True), Side.LEFT),
    ],
)
def test_the_nearer_leg_is_the_patients_own(posture: Posture, side: Side) -> None:
    """A right leg points at the viewer: front x up, right-handed."""
    assert posture.near_side is side
    if posture.front:
        # Who looks at us has the left leg on our right.
        found = joints_of(posture).points
        assert found["near_hip"][0] > found["far_hip"][0]
        return
    points = joints_of(posture).points
    front = points["nose"] - points["head"]
    up = points["head"] - points["hip"]
    towards_viewer = front[0] * up[1] - front[1] * up[0]
    assert bool(towards_viewer > 0) is (side is Side.RIGHT)

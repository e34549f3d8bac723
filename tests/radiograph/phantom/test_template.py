"""The mean leg: closed bones, joints that are apart, landmarks where they belong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.pose import Side
from callotasis.radiograph.phantom.solid import turned_about
from callotasis.radiograph.phantom.template import (
    HIP_SPACE_MM,
    SOLE_BELOW_ANKLE_MM,
    UP,
    condyles,
    femoral_head,
    knee_forward,
    mean_bones,
    mean_leg,
    seated_pelvis,
)
from callotasis.worlds import Array
from solids import fitted_sphere, inside, is_closed, motion, sphere, volume_mm3

LEG = mean_leg()
FEMUR = LEG.bones["femur"].vertices
POINTS = LEG.points
LONG = ("femur", "tibia", "fibula")
ON = {
    # Landmarks that are a vertex of their bone.
    "troch_tip": "femur",
    "fem_condyle_med": "femur",
    "fem_condyle_lat": "femur",
    "tib_rim_med": "tibia",
    "tib_rim_lat": "tibia",
}
IN = {
    "hip_centre": "femur",
    "fem_shaft_prox": "femur",
    "fem_shaft_dist": "femur",
    "tib_shaft_prox": "tibia",
    "tib_shaft_dist": "tibia",
    "patella_centre": "patella",
}

few = settings(max_examples=15)


def _apart(points: Array, bone: str) -> float:
    """Least distance of a point to the vertices of a bone [mm]."""
    vertices = LEG.bones[bone].vertices
    return float(np.linalg.norm(vertices - points, axis=1).min())


# Bones.


@pytest.mark.parametrize("name", LEG.bones)
def test_every_bone_of_the_leg_is_closed_and_faces_outward(name: str) -> None:
    assert is_closed(LEG.bones[name].faces)
    assert volume_mm3(LEG.bones[name]) > 0


@pytest.mark.parametrize("name", mean_bones())
def test_every_stored_bone_is_closed_and_faces_outward(name: str) -> None:
    assert is_closed(mean_bones()[name].faces)
    assert volume_mm3(mean_bones()[name]) > 0


def test_the_leg_is_a_left_one_and_stands_on_the_left() -> None:
    assert LEG.side is Side.LEFT
    assert all(bone.vertices[:, 0].min() > 0 for bone in LEG.bones.values())
    assert all(point[0] > 0 for point in POINTS.values())


def test_a_leg_is_femur_above_tibia_above_foot() -> None:
    heights = [POINTS[f"{j}_centre"][2] for j in ("hip", "knee", "ankle")]
    assert heights == sorted(heights, reverse=True)
    assert POINTS["sole"][2] == pytest.approx(heights[2] - SOLE_BELOW_ANKLE_MM)
    lowest = min(bone.vertices[:, 2].min() for bone in LEG.bones.values())
    assert 0 < lowest - POINTS["sole"][2] < 20


def test_the_patella_lies_in_front_of_the_knee() -> None:
    patella, knee = POINTS["patella_centre"], POINTS["knee_centre"]
    assert patella[1] > knee[1] + 20
    assert abs(patella[0] - knee[0]) < 10


def test_the_pelvis_is_centred_and_as_wide_on_either_side() -> None:
    x = mean_bones()["pelvis"].vertices[:, 0]
    assert x.min() == pytest.approx(-x.max(), abs=4)


# Landmarks.


@pytest.mark.parametrize("name", ON)
def test_a_landmark_of_a_surface_lies_on_it(name: str) -> None:
    assert _apart(POINTS[name], ON[name]) < 1e-9


@pytest.mark.parametrize("name", ["tib_plateau_med", "tib_plateau_lat", "ankle_centre"])
def test_a_landmark_of_a_joint_line_lies_close_to_it(name: str) -> None:
    assert _apart(POINTS[name], "tibia") < 2


@pytest.mark.parametrize("name", IN)
def test_a_landmark_of_a_middle_lies_in_its_bone(name: str) -> None:
    assert inside(POINTS[name][None], LEG.bones[IN[name]]).all()


@pytest.mark.parametrize(
    ("medial", "lateral"),
    [(n, n.replace("med", "lat")) for n in POINTS if n.endswith("_med")],
)
def test_medial_lies_nearer_to_the_midline_than_lateral(
    medial: str, lateral: str
) -> None:
    assert POINTS[medial][0] < POINTS[lateral][0] - 10


def test_the_centre_of_a_joint_lies_between_its_ends() -> None:
    for centre, line in (("knee", "fem_condyle"), ("ankle", "plafond")):
        ends = [POINTS[f"{line}_{end}"] for end in ("med", "lat")]
        assert POINTS[f"{centre}_centre"] == pytest.approx(np.mean(ends, axis=0))


def test_the_leg_is_made_once() -> None:
    assert mean_leg() is LEG
    assert mean_bones() is mean_bones()


# The femoral head.


def test_the_hip_centre_is_that_of_the_head() -> None:
    centre, radius = femoral_head(FEMUR)
    assert centre == pytest.approx(POINTS["hip_centre"], abs=0.1)
    assert 20 < radius < 27


@given(st.tuples(*[st.floats(-500, 500)] * 3))
@few
def test_the_head_goes_where_the_femur_goes(shift: tuple[float, float, float]) -> None:
    (centre, radius), (there, same) = (
        femoral_head(v) for v in (FEMUR, FEMUR + np.array(shift))
    )
    assert there == pytest.approx(centre + shift, abs=1e-6)
    assert same == pytest.approx(radius, abs=1e-6)


@given(st.floats(18, 28), st.floats(-20, 20), st.floats(-20, 20))
@few
def test_a_perfect_head_on_a_neck_is_found_exactly(
    radius: float, x: float, y: float
) -> None:
    head = np.array([x, y, 500.0])
    neck = head + np.linspace(1.5, 5, 40)[:, None] * radius * np.array([0.5, 0, -0.5])
    centre, found = femoral_head(np.vstack([sphere(head, radius, 12).vertices, neck]))
    assert centre == pytest.approx(head, abs=1e-6)
    assert found == pytest.approx(radius, abs=1e-6)


def test_the_head_of_the_mean_femur_is_round() -> None:
    centre, radius = femoral_head(FEMUR)
    off = np.linalg.norm(FEMUR - centre, axis=1) - radius
    _, _, worst = fitted_sphere(FEMUR[np.abs(off) < 1])
    assert worst < 1.2
    assert (np.abs(off) < 1).sum() > 300


def test_the_head_keeps_the_joint_space_to_the_socket_and_stays_in_it() -> None:
    centre, radius = femoral_head(FEMUR)
    pelvis = seated_pelvis().vertices
    far = np.linalg.norm(pelvis - centre, axis=1) - radius
    assert far.min() == pytest.approx(HIP_SPACE_MM, abs=0.3)
    beside = np.abs((pelvis - centre)[:, 1:]).max(axis=1) < 8
    medial = beside & (pelvis[:, 0] < centre[0])
    assert far[medial].min() < 10


# The knee.


def test_the_backs_of_both_condyles_lie_in_one_frontal_plane() -> None:
    medial, lateral = condyles(FEMUR)
    assert medial[:, 1].min() == pytest.approx(lateral[:, 1].min(), abs=1e-6)


def test_the_condyles_are_parted_by_the_notch() -> None:
    medial, lateral = condyles(FEMUR)
    assert medial[:, 0].max() < lateral[:, 0].min()
    assert np.isin(POINTS["fem_condyle_med"], medial).all()
    assert np.isin(POINTS["fem_condyle_lat"], lateral).all()


def _left_over(degrees: float) -> float:
    """Turn the femur about the vertical and back by its condyles: what is left."""
    hip = POINTS["hip_centre"]
    turned = turned_about(UP, np.radians(degrees), hip)(FEMUR)
    turn, _, off = motion(FEMUR, knee_forward(turned, hip)(turned))
    assert off < 1e-6
    return float(np.degrees(np.arctan2(turn[1, 0], turn[0, 0])))


@pytest.mark.parametrize("degrees", [-10.0, -5.0, -1.0, 0.0, 1.0, 5.0, 10.0])
def test_a_knee_that_is_turned_a_little_faces_forward_again(degrees: float) -> None:
    assert _left_over(degrees) == pytest.approx(0, abs=0.1)


def test_turning_the_knee_forward_leaves_the_hip_and_all_heights() -> None:
    hip = POINTS["hip_centre"]
    turned = turned_about(UP, 0.2, hip)(FEMUR)
    move = knee_forward(turned, hip)
    np.testing.assert_allclose(move(hip[None])[0], hip)
    np.testing.assert_allclose(move(turned)[:, 2], FEMUR[:, 2])


@pytest.mark.parametrize("name", LONG)
def test_a_long_bone_is_as_long_as_an_adults(name: str) -> None:
    longest = {"femur": 480, "tibia": 400, "fibula": 390}[name]
    assert longest - 80 < np.ptp(LEG.bones[name].vertices[:, 2]) < longest

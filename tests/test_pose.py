"""Poses: which way a positive angle turns, and that motions stay rigid.

The limb frame is x lateral, y anterior, z proximal; a distal point lies at z < 0.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from callotasis.errors import PlanRefusal
from callotasis.pose import (
    PLANES,
    Bone,
    Pose,
    Segment,
    Side,
    angles_xyz,
    joined,
    mirrored,
    moved,
    pose_from_rotation,
    rotation_from_pose,
    rotation_xyz,
)
from callotasis.worlds import Array

DISTAL = np.array([0.0, 0.0, -100.0])
TOES = np.array([0.0, 100.0, 0.0])
ORIGIN = np.zeros(3)

LENGTHS = st.floats(-200.0, 200.0)
TURNS = st.floats(-179.0, 179.0)
POSES = st.builds(
    Pose,
    lateral_mm=LENGTHS,
    proximal_mm=LENGTHS,
    valgus_deg=st.floats(-89.0, 89.0),
    anterior_mm=LENGTHS,
    apex_anterior_deg=TURNS,
    external_rotation_deg=TURNS,
)
POINTS = arrays(float, (4, 3), elements=st.floats(-500.0, 500.0))


@pytest.mark.parametrize(
    ("pose", "point", "goes_to"),
    [
        pytest.param(
            Pose(valgus_deg=30),
            DISTAL,
            [50.0, 0.0, -86.6],
            id="valgus carries the distal end laterally",
        ),
        pytest.param(
            Pose(apex_anterior_deg=30),
            DISTAL,
            [0.0, -50.0, -86.6],
            id="apex anterior carries the distal end posteriorly",
        ),
        pytest.param(
            Pose(external_rotation_deg=30),
            TOES,
            [50.0, 86.6, 0.0],
            id="external rotation carries the toes laterally",
        ),
        pytest.param(
            Pose(valgus_deg=-30),
            DISTAL,
            [-50.0, 0.0, -86.6],
            id="varus carries the distal end medially",
        ),
        pytest.param(
            Pose(apex_anterior_deg=-30),
            DISTAL,
            [0.0, 50.0, -86.6],
            id="apex posterior carries the distal end anteriorly",
        ),
        pytest.param(
            Pose(external_rotation_deg=-30),
            TOES,
            [-50.0, 86.6, 0.0],
            id="internal rotation carries the toes medially",
        ),
        pytest.param(
            Pose(lateral_mm=1, anterior_mm=2, proximal_mm=-30),
            DISTAL,
            [1.0, 2.0, -130.0],
            id="lengthening carries the distal end distally",
        ),
    ],
)
def test_a_positive_component_moves_the_distal_fragment_its_own_way(
    pose: Pose, point: Array, goes_to: list[float]
) -> None:
    np.testing.assert_allclose(moved(point, pose, ORIGIN), goes_to, atol=0.05)


def test_angles_are_negative_right_handed_turns_about_their_axes() -> None:
    quarter_turns = [
        (Pose(apex_anterior_deg=90), [0, 1, 0], [0, 0, -1]),
        (Pose(valgus_deg=90), [0, 0, 1], [-1, 0, 0]),
        (Pose(external_rotation_deg=90), [1, 0, 0], [0, -1, 0]),
    ]
    for pose, axis, image in quarter_turns:
        turned = rotation_from_pose(pose) @ np.array(axis)
        np.testing.assert_allclose(turned, image, atol=1e-12)


def test_the_turn_about_the_long_axis_is_applied_first() -> None:
    """R = Rx·Ry·Rz: the toes turn out first, and valgus then lifts them."""
    turn = rotation_from_pose(Pose(valgus_deg=90, external_rotation_deg=90))
    np.testing.assert_allclose(turn @ np.array([0.0, 1.0, 0.0]), [0, 0, 1], atol=1e-12)


@given(pose=POSES)
def test_a_pose_survives_the_way_through_its_matrix(pose: Pose) -> None:
    shift = np.array([pose.lateral_mm, pose.anterior_mm, pose.proximal_mm])
    back = pose_from_rotation(rotation_from_pose(pose), shift)
    for name in (*PLANES["frontal"], *PLANES["hidden"]):
        assert getattr(back, name) == pytest.approx(getattr(pose, name), abs=1e-9)


@given(pose=POSES)
def test_a_turn_neither_stretches_nor_mirrors(pose: Pose) -> None:
    turn = rotation_from_pose(pose)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1.0)


@given(pose=POSES, points=POINTS, centre=arrays(float, 3, elements=LENGTHS))
def test_moving_keeps_every_distance(pose: Pose, points: Array, centre: Array) -> None:
    after = moved(points, pose, centre)
    for one in range(4):
        np.testing.assert_allclose(
            np.linalg.norm(after - after[one], axis=-1),
            np.linalg.norm(points - points[one], axis=-1),
            atol=1e-9,
        )


@given(pose=POSES, centre=arrays(float, 3, elements=LENGTHS))
def test_the_cut_centre_moves_by_the_translation_alone(
    pose: Pose, centre: Array
) -> None:
    shift = [pose.lateral_mm, pose.anterior_mm, pose.proximal_mm]
    np.testing.assert_allclose(moved(centre, pose, centre) - centre, shift, atol=1e-9)


@given(points=POINTS, centre=arrays(float, 3, elements=LENGTHS))
def test_the_pose_before_surgery_moves_nothing(points: Array, centre: Array) -> None:
    np.testing.assert_allclose(moved(points, Pose(), centre), points, atol=1e-9)


@given(pose=POSES, points=POINTS, centres=arrays(float, (4, 3), elements=LENGTHS))
def test_many_worlds_move_as_each_world_moves_alone(
    pose: Pose, points: Array, centres: Array
) -> None:
    together = moved(points, pose, centres)
    alone = [moved(p, pose, c) for p, c in zip(points, centres, strict=True)]
    np.testing.assert_allclose(together, alone, atol=1e-9)


@pytest.mark.parametrize(
    ("off_mm", "turn_deg", "translation_mm"), [(50, 20, 17.36), (30, 15, 7.83)]
)
def test_a_hinge_off_the_apex_translates_by_two_d_sine_of_half_the_angle(
    off_mm: float, turn_deg: float, translation_mm: float
) -> None:
    """Worked examples of the third rule of osteotomies, t = 2·d·sin(α/2)."""
    apex = np.array([0.0, 0.0, -off_mm])
    after = moved(apex, Pose(valgus_deg=turn_deg), ORIGIN)
    assert np.linalg.norm(after - apex) == pytest.approx(translation_mm, abs=0.005)


SHIFTS = st.builds(Pose, lateral_mm=LENGTHS, proximal_mm=LENGTHS, anterior_mm=LENGTHS)


@pytest.mark.parametrize(
    "name", ["valgus_deg", "apex_anterior_deg", "external_rotation_deg"]
)
def test_a_pose_turns_where_any_of_its_angles_is_not_nothing(name: str) -> None:
    assert not Pose(lateral_mm=3.0, proximal_mm=-20.0, anterior_mm=1.0).turns
    for angle in (0.1, -12.0):
        assert Pose(**{name: angle}).turns
    assert not Pose(**{name: 0.0}).turns


@given(turn=POSES, shift=SHIFTS, points=POINTS)
def test_a_turn_and_a_shift_are_one_motion_in_either_order(
    turn: Pose, shift: Pose, points: Array
) -> None:
    one = joined(turn, shift)
    assert one == joined(shift, turn)
    there = moved(moved(points, turn, ORIGIN), shift, ORIGIN)
    np.testing.assert_allclose(moved(points, one, ORIGIN), there, atol=1e-9)


def test_what_no_film_shows_stays_so_when_motions_are_joined() -> None:
    turn = Pose(valgus_deg=8.0, not_measured=PLANES["hidden"])
    shift = Pose(proximal_mm=-20.0, not_measured=PLANES["hidden"])
    assert joined(turn, shift) == Pose(
        valgus_deg=8.0, proximal_mm=-20.0, not_measured=PLANES["hidden"]
    )
    assert joined(shift, shift).proximal_mm == -40.0


def test_two_turns_are_no_sum() -> None:
    with pytest.raises(ValueError, match="two turns are no sum"):
        joined(Pose(valgus_deg=1.0), Pose(external_rotation_deg=1.0))


@given(points=POINTS, side=st.sampled_from(Side))
def test_mirrored_twice_is_nothing(points: Array, side: Side) -> None:
    np.testing.assert_array_equal(mirrored(mirrored(points, side), side), points)


def test_a_right_leg_is_not_mirrored_and_a_left_leg_swaps_x_alone() -> None:
    point = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(mirrored(point, Side.RIGHT), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(mirrored(point, Side.LEFT), [-1.0, 2.0, 3.0])


def test_a_frontal_point_is_mirrored_too() -> None:
    np.testing.assert_array_equal(
        mirrored(np.array([[1.0, 2.0], [-3.0, 4.0]]), Side.LEFT),
        [[-1.0, 2.0], [3.0, 4.0]],
    )


@given(points=POINTS)
def test_mirroring_keeps_every_distance(points: Array) -> None:
    flipped = mirrored(points, Side.LEFT)
    np.testing.assert_allclose(
        np.linalg.norm(flipped - flipped[0], axis=-1),
        np.linalg.norm(points - points[0], axis=-1),
    )


def test_valgus_of_a_left_leg_carries_its_distal_end_to_the_patients_left() -> None:
    in_limb = mirrored(DISTAL, Side.LEFT)
    after = mirrored(moved(in_limb, Pose(valgus_deg=30), ORIGIN), Side.LEFT)
    assert after[0] == pytest.approx(-50.0)


@pytest.mark.parametrize(
    ("text", "side", "bone", "words"),
    [
        ("R.femur", Side.RIGHT, Bone.FEMUR, "right femur"),
        ("R.tibia", Side.RIGHT, Bone.TIBIA, "right tibia"),
        ("L.femur", Side.LEFT, Bone.FEMUR, "left femur"),
        ("L.tibia", Side.LEFT, Bone.TIBIA, "left tibia"),
    ],
)
def test_a_segment_is_written_as_it_was_read(
    text: str, side: Side, bone: Bone, words: str
) -> None:
    segment = Segment.parse(text)
    assert segment == Segment(side, bone)
    assert str(segment) == text
    assert segment.words == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R",
        "femur",
        "r.femur",
        "R.Femur",
        "right.femur",
        "R.fibula",
        "R femur",
        "R.femur ",
        "R.femur\n",
        " R.femur",
        "R.femur.tibia",
        "RL.femur",
    ],
)
def test_what_names_no_segment_is_refused(text: str) -> None:
    with pytest.raises(
        PlanRefusal, match=f"segment '{re.escape(text)}' is unknown; allowed are"
    ):
        Segment.parse(text)


def test_each_side_has_the_other_one() -> None:
    assert Side.RIGHT.other is Side.LEFT
    assert Side.LEFT.other is Side.RIGHT


def test_lengthening_is_the_way_of_the_distal_fragment_distally() -> None:
    assert Pose(proximal_mm=-45.0).lengthening_mm == 45.0


def test_components_that_nobody_saw_are_not_shown() -> None:
    pose = Pose(valgus_deg=4.0, proximal_mm=-30.0, not_measured=PLANES["hidden"])
    assert pose.seen() == {
        "lateral_mm": 0.0,
        "proximal_mm": -30.0,
        "valgus_deg": 4.0,
        "not_measured": [
            "anterior_mm",
            "apex_anterior_deg",
            "external_rotation_deg",
        ],
    }


def test_the_planes_name_every_component_of_a_pose_once() -> None:
    names = [*PLANES["frontal"], *PLANES["hidden"], "not_measured"]
    assert sorted(names) == sorted(Pose.__dataclass_fields__)


@given(angles=arrays(float, (4, 3), elements=st.floats(-1.5, 1.5)))
def test_turns_about_x_y_and_z_undo_their_matrices(angles: Array) -> None:
    matrices = rotation_xyz(angles)
    assert matrices.shape == (4, 3, 3)
    assert np.allclose(matrices @ np.swapaxes(matrices, 1, 2), np.eye(3))
    assert np.allclose(np.linalg.det(matrices), 1)
    assert np.allclose(angles_xyz(matrices), angles, atol=1e-9)


@given(angles=arrays(float, 3, elements=st.floats(-3, 3)))
def test_the_turn_about_z_comes_first(angles: Array) -> None:
    alone = [rotation_xyz(angles * axis) for axis in np.eye(3)]
    assert np.allclose(rotation_xyz(angles), alone[0] @ alone[1] @ alone[2])


@pytest.mark.parametrize(
    ("axis", "before", "after"), [(0, 1, 2), (1, 2, 0), (2, 0, 1)], ids="xyz"
)
def test_turns_are_right_handed(axis: int, before: int, after: int) -> None:
    quarter = rotation_xyz(np.eye(3)[axis] * np.pi / 2)
    assert np.allclose(quarter @ np.eye(3)[before], np.eye(3)[after])

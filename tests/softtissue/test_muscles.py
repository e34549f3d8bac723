"""The muscle table: lengths, moment arms, and the model they come from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.pose import Bone
from callotasis.softtissue.muscles import (
    JOINTS,
    Angles,
    bone_mm,
    every_muscle,
    mean_length_mm,
    model_said,
    muscles_of,
)

MUSCLES = sorted(every_muscle())
ANGLES = {
    "hip": st.floats(-29, 119),
    "knee": st.floats(-9, 119),
    "ankle": st.floats(-49, 39),
}
STEP_DEG = 0.01


def nudged(hip: float, knee: float, ankle: float, joint: str, by_deg: float) -> Angles:
    """A pose with one joint bent a little further."""
    bent = dict(zip(JOINTS, (hip, knee, ankle), strict=True))
    bent[joint] += by_deg
    return Angles(bent["hip"], bent["knee"], bent["ankle"])


@given(st.sampled_from(MUSCLES), st.sampled_from(JOINTS), *ANGLES.values())
def test_a_moment_arm_is_the_slope_of_the_length(
    name: str, joint: str, hip: float, knee: float, ankle: float
) -> None:
    muscle = every_muscle()[name]
    low, high = (
        muscle.length_mm(nudged(hip, knee, ankle, joint, side * STEP_DEG))
        for side in (-1, 1)
    )
    slope = -float(high - low) / np.radians(2 * STEP_DEG)
    arm = float(muscle.arm_mm(joint, Angles(hip, knee, ankle)))
    assert arm == pytest.approx(slope, abs=0.02)


@given(st.floats(121, 160), st.floats(-29, 119), st.sampled_from(JOINTS[:2]))
def test_beyond_the_table_a_length_goes_on_straight(
    knee: float, hip: float, joint: str
) -> None:
    muscle = every_muscle()["rect_fem"]
    low, high = (
        muscle.length_mm(nudged(hip, knee, 0.0, joint, side * STEP_DEG))
        for side in (-1, 1)
    )
    arm = float(muscle.arm_mm(joint, Angles(hip, knee)))
    assert arm == pytest.approx(-float(high - low) / np.radians(2 * STEP_DEG), abs=0.02)
    if joint == "knee":
        assert arm == pytest.approx(
            float(muscle.arm_mm("knee", Angles(hip, 120.0))), abs=1e-9
        )


@pytest.mark.parametrize("name", MUSCLES)
def test_the_polynomial_gives_the_length_of_the_standing_path(name: str) -> None:
    muscle = every_muscle()[name]
    where = np.array(
        [
            np.array(p.xyz_mm)
            - [0, bone_mm(Bone.FEMUR) * (p.body not in {"pelvis", "femur"}), 0]
            for p in muscle.path
        ]
    )
    along = np.linalg.norm(np.diff(where, axis=0), axis=1).sum()
    assert muscle.standing_length_mm == pytest.approx(along, abs=0.1)
    assert float(muscle.length_mm(Angles())) == pytest.approx(
        muscle.standing_length_mm, abs=0.9
    )


@pytest.mark.parametrize(
    ("name", "bone", "share"),
    [
        ("soleus", Bone.TIBIA, 0.36),  # 0.23 in the newer model
        ("med_gas", Bone.FEMUR, 0.99),
        ("vas_lat", Bone.FEMUR, 0.47),
        ("bifemsh", Bone.FEMUR, 0.53),
    ],
)
def test_a_muscle_begins_at_its_share_of_the_bone(
    name: str, bone: Bone, share: float
) -> None:
    assert every_muscle()[name].heights(bone)[0] == pytest.approx(share, abs=0.006)


def test_a_muscle_that_passes_a_bone_by_has_no_height_on_it() -> None:
    assert every_muscle()["rect_fem"].heights(Bone.FEMUR) == ()


def test_a_muscle_has_no_arm_about_a_joint_that_it_does_not_cross() -> None:
    for muscle in every_muscle().values():
        for joint in set(JOINTS) - {*muscle.joints}:
            assert not muscle.arm_mm(joint, Angles(20.0, 30.0, -5.0)).any()


@pytest.mark.parametrize(
    ("name", "joint", "angles", "published", "tolerance"),
    [
        ("soleus", "ankle", Angles(), -42, 5),
        ("med_gas", "ankle", Angles(), -42, 5),
        ("rect_fem", "knee", Angles(knee_deg=10), -46, 4),
        ("rect_fem", "knee", Angles(knee_deg=60), -40, 1),
        ("rect_fem", "knee", Angles(knee_deg=90), -24, 4),
        ("vas_lat", "knee", Angles(knee_deg=10), -43, 3),
        ("vas_lat", "knee", Angles(knee_deg=60), -34, 2),
        ("semimem", "knee", Angles(knee_deg=10), 33, 3),
        ("semimem", "knee", Angles(knee_deg=60), 38, 2),
        ("semimem", "hip", Angles(hip_deg=20), -58, 3),
    ],
)
def test_moment_arms_are_those_of_the_other_model_within_millimetres(
    name: str, joint: str, angles: Angles, published: float, tolerance: float
) -> None:
    arm = float(every_muscle()[name].arm_mm(joint, angles))
    assert arm == pytest.approx(published, abs=tolerance)


def test_one_pose_is_one_of_many() -> None:
    knees = np.linspace(-5, 130, 12)
    muscle = every_muscle()["med_gas"]
    many = muscle.length_mm(Angles(knee_deg=knees, ankle_deg=5.0))
    each = [float(muscle.length_mm(Angles(knee_deg=k, ankle_deg=5.0))) for k in knees]
    assert many == pytest.approx(each)


def test_a_mean_length_lies_between_its_muscles() -> None:
    vasti = muscles_of("vasti")
    lengths = [float(m.length_mm(Angles(knee_deg=60.0))) for m in vasti]
    mean = float(mean_length_mm(vasti, Angles(knee_deg=60.0)))
    assert min(lengths) < mean < max(lengths)


def test_the_table_names_its_model_its_licence_and_its_authors() -> None:
    said = model_said()
    assert said["name"] == "3DGaitModel2392"
    assert "CC BY 3.0" in said["licence"]
    assert "Delp" in said["citation"]
    assert len(said["sha256"]) == 64


def test_an_unknown_group_is_refused_by_its_name() -> None:
    with pytest.raises(PlanRefusal, match="no muscles are called 'calf'; known are"):
        muscles_of("calf")

"""Which muscles span a cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.pose import Bone
from callotasis.softtissue.cut import Cut, Spanned, groups_spanning, spanning
from callotasis.softtissue.joint_tests import TESTS
from callotasis.softtissue.muscles import bone_mm

RLU_FEMUR_MM, RLU_TIBIA_MM = 410.0, 400.0
"""Bones of the other model, by which the published levels were counted."""

PUBLISHED = [
    (Bone.FEMUR, 100, {"rect_fem", "semimem", "semiten", "bifemlh", "grac", "sar"}),
    (Bone.FEMUR, 100, {"tfl", "add_long", "add_brev", "add_mag1", "glut_max3"}),
    (Bone.FEMUR, 200, {"rect_fem", "tfl", "add_long", "vas_int", "vas_lat"}),
    (Bone.FEMUR, 300, {"rect_fem", "vas_med", "vas_int", "vas_lat", "bifemsh"}),
    (Bone.TIBIA, 70, {"med_gas", "lat_gas"}),
    (Bone.TIBIA, 100, {"med_gas", "lat_gas", "soleus"}),
    (Bone.TIBIA, 150, {"soleus", "tib_ant", "tib_post", "ext_dig", "per_long"}),
    (Bone.TIBIA, 250, {"flex_dig", "flex_hal", "ext_hal"}),
]


def at(bone: Bone, level_mm: float) -> dict[str, Spanned]:
    """Muscles that span a cut of the other model's bone."""
    whole = RLU_FEMUR_MM if bone is Bone.FEMUR else RLU_TIBIA_MM
    cut = Cut.at_share(bone, level_mm / whole, bone_mm(bone))
    return {one.muscle: one for one in spanning(cut)}


@pytest.mark.parametrize(("bone", "level_mm", "muscles"), PUBLISHED)
def test_a_cut_stretches_the_muscles_of_the_other_model(
    bone: Bone, level_mm: float, muscles: set[str]
) -> None:
    found = at(bone, level_mm)
    assert muscles <= {*found}
    assert all(found[name].part.high > 0 for name in muscles)


def test_a_proximal_femoral_cut_spans_the_lines_of_no_vastus() -> None:
    vasti = [one for one in at(Bone.FEMUR, 100).values() if one.group == "vasti"]
    assert vasti
    for one in vasti:
        assert one.part.low == 0
        assert one.part.high < 0.5


def test_no_muscle_of_the_calf_spans_a_femoral_cut_and_no_thigh_a_tibial_one() -> None:
    calf = {"gastrocnemius", "soleus", "dorsiflexors", "peronei"}
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        femur = groups_spanning(Cut.at_share(Bone.FEMUR, share, 430.0))
        tibia = groups_spanning(Cut.at_share(Bone.TIBIA, share, 370.0))
        assert not calf & {*femur}
        assert "gastrocnemius" in tibia
        assert not {"vasti", "rectus femoris", "adductors"} & {*tibia}


@given(st.sampled_from([*Bone]), st.floats(0.05, 0.95), st.floats(300, 500))
def test_muscles_that_are_examined_take_94_to_100_percent_of_the_gain(
    bone: Bone, share: float, length_mm: float
) -> None:
    for one in spanning(Cut.at_share(bone, share, length_mm)):
        pes = bone is Bone.TIBIA and one.group == "hamstrings"
        if one.group in TESTS and not pes and one.part.low == 1:
            assert 0.94 <= one.share <= 1.0, one


@given(st.sampled_from([*Bone]), st.floats(0.02, 0.98))
def test_parts_and_shares_are_shares(bone: Bone, share: float) -> None:
    for one in spanning(Cut.at_share(bone, share, 400.0)):
        assert 0 <= one.part.low <= one.part.value <= one.part.high <= 1
        assert one.part.high > 0
        assert 0 < one.share <= 1.0
        assert one.percent_per_cm > 0


@given(st.floats(0.05, 0.9), st.floats(0.001, 0.05))
def test_the_lower_a_tibia_is_cut_the_more_of_its_soleus_spans(
    share: float, more: float
) -> None:
    parts = [
        {s.muscle: s.part.value for s in spanning(Cut.at_share(Bone.TIBIA, at_, 370.0))}
        for at_ in (share, share + more)
    ]
    assert parts[0].get("soleus", 0.0) <= parts[1]["soleus"]


@pytest.mark.parametrize(
    ("bone", "level_mm", "muscle", "percent", "tolerance"),
    [
        (Bone.TIBIA, 150, "med_gas", 4.4, 0.1),
        (Bone.TIBIA, 280, "soleus", 6.1, 0.8),  # its point lies 60 mm lower here
        (Bone.TIBIA, 280, "tib_ant", 6.5, 0.1),
        (Bone.FEMUR, 250, "semimem", 4.8, 0.1),
        (Bone.FEMUR, 250, "bifemlh", 4.8, 0.1),
        (Bone.FEMUR, 250, "tfl", 3.7, 0.1),
    ],
)
def test_stretch_by_20_mm_is_that_of_the_other_model(
    bone: Bone, level_mm: float, muscle: str, percent: float, tolerance: float
) -> None:
    found = at(bone, level_mm)[muscle]
    assert 2 * found.percent_per_cm == pytest.approx(percent, abs=tolerance)


def test_the_quadriceps_of_this_model_ends_at_the_patella_and_so_reads_larger() -> None:
    rectus = at(Bone.FEMUR, 250)["rect_fem"]
    assert 2 * rectus.percent_per_cm == pytest.approx(4.9, abs=0.1)  # 3.9 elsewhere


def test_a_longer_bone_is_stretched_by_less_for_the_same_centimetre() -> None:
    short, tall = (
        spanning(Cut.at_share(Bone.TIBIA, 0.3, mm))[0].percent_per_cm
        for mm in (300.0, 450.0)
    )
    assert short == pytest.approx(tall * 1.5)


def test_a_cut_beside_the_bone_or_in_centimetres_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="Is it in millimetres"):
        Cut(Bone.FEMUR, 20.0, 43.0)
    for level in (0.0, 430.0, -1.0, float("nan")):
        with pytest.raises(PlanRefusal, match="less than the femur's 430 mm"):
            Cut(Bone.FEMUR, level, 430.0)

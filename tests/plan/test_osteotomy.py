"""Osteotomies: Paley's rules, what a hinge off the apex leaves, where a cut may lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.plan import Hinge, Osteotomy, Rule, cut_centre, rule_findings
from callotasis.plan.osteotomy import (
    bone_length,
    check_level,
    off_cora_translation,
    rule_for,
    usual_level,
    wedge_base,
)
from callotasis.pose import Bone, Segment, Side
from crooked import FEMUR_MM, TIBIA_MM, crooked, still, straight

TIBIA = Segment(Side.LEFT, Bone.TIBIA)
LENGTH = {Bone.FEMUR: FEMUR_MM, Bone.TIBIA: TIBIA_MM}

distances = st.floats(-400, 400)
angles = st.floats(-60, 60)


# Worked examples: planning facts 1.2, construction 10.


@pytest.mark.parametrize(
    ("distance_mm", "angle_deg", "translation_mm"), [(50, 20, 17.36), (30, 15, 7.83)]
)
def test_a_hinge_off_the_apex_translates_the_axis_as_in_the_worked_examples(
    distance_mm: float, angle_deg: float, translation_mm: float
) -> None:
    found = off_cora_translation(distance_mm, angle_deg)
    assert found == pytest.approx(translation_mm, abs=0.005)


@pytest.mark.parametrize(
    ("width_mm", "angle_deg", "base_mm"), [(60, 10, 10.46), (65, 12, 13.59)]
)
def test_a_wedge_is_as_high_as_in_the_worked_examples(
    width_mm: float, angle_deg: float, base_mm: float
) -> None:
    assert wedge_base(width_mm, angle_deg) == pytest.approx(base_mm, abs=0.005)


@given(distances, angles)
def test_a_translation_is_the_chord_of_the_turn(distance: float, angle: float) -> None:
    turn = np.radians(angle)
    carried = distance * np.array([np.cos(turn) - 1, np.sin(turn)])
    found = off_cora_translation(distance, angle)
    assert found == pytest.approx(np.linalg.norm(carried), abs=1e-6)


@given(distances, angles)
def test_a_translation_has_no_sign(distance: float, angle: float) -> None:
    found = off_cora_translation(distance, angle)
    assert found >= 0
    assert found == off_cora_translation(-distance, angle)
    assert found == off_cora_translation(distance, -angle)


# Rules.


@given(angles, st.sampled_from(list(Hinge)))
def test_a_cut_through_the_apex_only_angulates(angle: float, hinge: Hinge) -> None:
    assert rule_for(0.0, hinge, angle) == Osteotomy(0.0, Rule.ANGULATION, hinge)


@given(st.floats(30, 300), st.floats(8, 40))
def test_a_cut_off_the_apex_with_the_hinge_on_it_also_translates_the_bone(
    distance: float, angle: float
) -> None:
    for sign in (-1, 1):
        found = rule_for(sign * distance, Hinge.CORA, angle)
        assert found.rule is Rule.ANGULATION_AND_TRANSLATION
        assert found.axis_translation_mm == 0


@given(st.floats(30, 300), st.floats(8, 40))
def test_a_hinge_off_the_apex_translates_the_axis(
    distance: float, angle: float
) -> None:
    for sign in (-1, 1):
        found = rule_for(sign * distance, Hinge.CUT, angle)
        assert found.rule is Rule.AXIS_TRANSLATED
        assert found.axis_translation_mm == off_cora_translation(distance, angle)


@pytest.mark.parametrize("hinge", Hinge)
def test_a_translation_within_the_repeat_error_of_the_axis_counts_as_none(
    hinge: Hinge,
) -> None:
    allowed = constant("plan.off_cora").value
    angle = 20.0
    distance = allowed / (2 * np.sin(np.radians(angle) / 2))
    assert rule_for(0.999 * distance, hinge, angle).rule is Rule.ANGULATION
    assert rule_for(1.001 * distance, hinge, angle).rule is not Rule.ANGULATION


def test_rules_speak_as_loudly_as_they_matter() -> None:
    assert rule_findings(TIBIA, Osteotomy(80.0)) == []
    assert rule_findings(TIBIA, Osteotomy(80.0, Rule.ANGULATION, Hinge.CORA)) == []
    (note,) = rule_findings(
        TIBIA, Osteotomy(80.0, Rule.ANGULATION_AND_TRANSLATION, Hinge.CORA)
    )
    assert (note.level, note.key, note.about) == (Level.NOTE, "plan.rule_2", "L.tibia")
    (caution,) = rule_findings(
        TIBIA, Osteotomy(80.0, Rule.AXIS_TRANSLATED, Hinge.CUT, 12.34)
    )
    assert (caution.level, caution.key) == (Level.CAUTION, "plan.rule_3")
    assert "left tibia" in caution.sentence
    assert "12.3 mm" in caution.sentence


# Levels.


@pytest.mark.parametrize("bone", Bone)
def test_a_bone_is_as_long_as_it_was_drawn(bone: Bone) -> None:
    assert bone_length(still(straight()), bone) == pytest.approx(LENGTH[bone])


@pytest.mark.parametrize(("bone", "share"), [(Bone.FEMUR, 0.35), (Bone.TIBIA, 0.25)])
def test_a_bone_is_usually_cut_at_a_share_of_its_length(
    bone: Bone, share: float
) -> None:
    found = usual_level(still(straight()), bone)
    assert found == pytest.approx(share * LENGTH[bone])


def test_a_femur_is_cut_lower_for_a_nail_from_the_knee_and_a_tibia_is_not() -> None:
    limb = still(straight())
    low, high = (
        [usual_level(limb, bone, retrograde=retrograde) for bone in Bone]
        for retrograde in (True, False)
    )
    assert low[0] == pytest.approx(0.68 * FEMUR_MM)
    assert low[0] > high[0]
    assert low[1] == high[1]


@given(st.floats(200, 600), st.floats(0.151, 0.849))
def test_a_cut_that_leaves_both_fragments_room_is_allowed(
    length: float, share: float
) -> None:
    for bone in Bone:
        check_level(Segment(Side.RIGHT, bone), share * length, length)


@pytest.mark.parametrize(
    "level", [-50.0, 0.0, 52.4, 297.6, 350.0, 1e9, float("nan"), float("inf")]
)
def test_a_cut_that_leaves_a_fragment_too_short_is_refused_with_its_window(
    level: float,
) -> None:
    with pytest.raises(
        PlanRefusal,
        match=r"cut of L\.tibia at .* mm below its proximal joint; allowed is 52 to "
        r"298 mm of 350 mm",
    ):
        check_level(TIBIA, level, 350.0)


@given(st.sampled_from(list(Bone)), st.floats(-25, 25), st.floats(0.1, 0.9))
def test_the_centre_of_a_cut_lies_on_the_axis_at_its_level(
    bone: Bone, valgus: float, share: float
) -> None:
    limb = still(crooked(bone, valgus, 0.4))
    ends = {
        Bone.FEMUR: ("hip_centre", "knee_centre"),
        Bone.TIBIA: ("knee_centre", "ankle_centre"),
    }
    top, bottom = (limb[name] for name in ends[bone])
    level = share * bone_length(limb, bone)
    centre = cut_centre(limb, bone, level)
    assert centre.shape == top.shape
    assert centre == pytest.approx(top + share * (bottom - top), abs=1e-9)
    assert np.linalg.norm(centre - top, axis=1) == pytest.approx(level)

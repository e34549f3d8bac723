"""The bend of a plan: its apex is held, its axis is the straight bone's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.fixation.hinged.planned_bend import axis_at_cut, bend_of, bone_at_cut
from callotasis.plan import Hinge, cut_centre
from callotasis.pose import Bone, Segment, Side, moved
from framing import LENGTH_MM, Bent

BENDS = st.builds(
    Bent,
    segment=st.builds(Segment, st.sampled_from(Side), st.sampled_from(Bone)),
    valgus_deg=st.floats(-25, 25).filter(lambda deg: abs(deg) > 1),
    apex=st.floats(0.25, 0.75),
    cut=st.none() | st.floats(0.2, 0.8),
    gain_mm=st.sampled_from([0.0, 25.0]),
)
few = settings(max_examples=25)


@given(bent=BENDS)
@few
def test_the_apex_of_the_bend_is_where_the_bone_was_bent(bent: Bent) -> None:
    target, limb = bent.planned()
    bend = bend_of(target, limb)
    assert bend.frontal_deg == pytest.approx(bent.valgus_deg)
    centre = cut_centre(limb, bent.segment.bone, target.cut.level_mm)[0]
    top = limb["hip_centre" if bent.segment.bone is Bone.FEMUR else "knee_centre"][0]
    below_top = top[2] - (centre[2] + bend.apex_mm[2])
    assert below_top == pytest.approx(bent.apex * LENGTH_MM[bent.segment.bone])
    assert centre[0] + bend.apex_mm[0] == pytest.approx(top[0])
    assert bend.down == pytest.approx((0, 0, -1), abs=1e-9)
    apex = np.array(bend.apex_mm)
    assert moved(apex, target.acute, np.zeros(3)) == pytest.approx(apex)


@given(bent=BENDS)
@few
def test_the_axis_passes_beside_the_cut_and_a_bent_bone_lies_on_its_own_part(
    bent: Bent,
) -> None:
    target, limb = bent.planned()
    bend = bend_of(target, limb)
    apex, down = np.array(bend.apex_mm), bend.axes[2]
    on_axis, on_bone = axis_at_cut(bend), bone_at_cut(bend)
    assert np.linalg.norm(np.cross(on_axis - apex, down)) < 1e-9
    assert abs(on_axis @ down) < 1e-9
    # Once it is turned, what lies below the apex lies on the straight axis.
    turned = moved(on_bone, target.acute, np.zeros(3))
    lies_below = (on_bone - apex) @ down > 1e-9
    straight = turned if lies_below else on_bone
    assert np.linalg.norm(np.cross(straight - apex, down)) < 1e-6


def test_a_straight_bone_is_drawn_out_along_its_own_axis() -> None:
    target, limb = Bent(Segment.parse("L.tibia"), 0.0, gain_mm=20.0).planned()
    bend = bend_of(target, limb)
    assert bend.frontal_deg == 0
    assert bend.apex_mm == (0, 0, 0)
    shift = target.gradual
    assert np.array(bend.down) * 20 == pytest.approx(
        [shift.lateral_mm, 0, shift.proximal_mm]
    )
    assert axis_at_cut(bend) == pytest.approx([0, 0, 0])
    assert bone_at_cut(bend) == pytest.approx([0, 0, 0])


def test_a_turn_about_the_cut_has_its_apex_there() -> None:
    bent = Bent(Segment.parse("R.tibia"), 12.0, 0.4, 0.6, hinge=Hinge.CUT)
    target, limb = bent.planned()
    assert bend_of(target, limb).apex_mm == pytest.approx((0, 0, 0), abs=1e-9)

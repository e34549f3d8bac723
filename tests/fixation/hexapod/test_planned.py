"""A planned hexapod does the planned motion, day by day, and says what may be wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import sample_limb
from callotasis.errors import DeviceRefusal, FrameRefusal
from callotasis.fixation import every_device
from callotasis.fixation.hexapod import struts_of
from callotasis.fixation.hexapod.planned import PlannedHexapod, planned_hexapod
from callotasis.plan import Target, limbs_after
from callotasis.pose import HIDDEN, PLANES, Bone, Pose, Segment, Side
from crooked import still, straight
from framing import FEW, HEXAPOD, Bent

BENDS = st.builds(
    Bent,
    segment=st.builds(Segment, st.sampled_from(Side), st.sampled_from(Bone)),
    valgus_deg=st.floats(-16, 16).filter(lambda deg: abs(deg) > 2),
    apex=st.floats(0.35, 0.65),
    gain_mm=st.floats(5, 35) | st.just(0.0),
)
LEFT_TIBIA = Segment.parse("L.tibia")
VARUS = Bent(LEFT_TIBIA, -12.0)
few = settings(max_examples=8)


def framed(bent: Bent, radius_mm: float = 50.0, rate: float = 1.0) -> PlannedHexapod:
    target, limb = bent.planned()
    return planned_hexapod(HEXAPOD, target, limb, rate, radius_mm, FEW)


def keys(found: PlannedHexapod) -> list[str]:
    return [finding.key for finding in found.findings]


def hka_after(bent: Bent, target: Target, pose: Pose) -> float:
    cut = {bent.segment: (target.cut.level_mm, pose)}
    limb = limbs_after(bent.film().limbs, cut)[bent.segment.side]
    return float(sample_limb(limb)["hka_deviation_deg"][0])


@given(bent=BENDS)
@few
def test_the_frame_does_the_wanted_motion_up_to_the_marks_of_its_struts(
    bent: Bent,
) -> None:
    wanted, _ = bent.planned()
    found = framed(bent)
    for name in PLANES["frontal"]:
        done, left = getattr(found.pose, name), getattr(found.remaining, name)
        assert done + left == pytest.approx(getattr(wanted.pose, name), abs=1e-9)
        assert abs(left) < (0.6 if name.endswith("deg") else 1.0)
    assert found.pose.not_measured == HIDDEN
    should = float(sample_limb(still(straight()))["hka_deviation_deg"][0])
    assert hka_after(bent, wanted, found.pose) == pytest.approx(should, abs=0.4)


@given(bent=BENDS)
@few
def test_nothing_is_done_at_surgery_and_all_of_it_by_the_last_day(bent: Bent) -> None:
    wanted, _ = bent.planned()
    found = framed(bent)
    assert found.target.acute == Pose(not_measured=HIDDEN)
    assert found.target.gradual == found.target.pose == wanted.pose
    assert found.settings.extension_mm == pytest.approx(bent.gain_mm, abs=0.006)
    assert found.days[-1].gained_mm == pytest.approx(bent.gain_mm, abs=0.01)
    gained = [day.gained_mm for day in found.days]
    assert gained == sorted(gained)


@given(bent=BENDS, rate=st.sampled_from([0.5, 0.75, 1.0]))
@few
def test_no_point_of_the_cut_moves_faster_than_the_rate(
    bent: Bent, rate: float
) -> None:
    found = framed(bent, rate=rate)
    assert max(day.fastest_mm for day in found.days) <= rate + 0.0005
    # Nor is a day wasted: with one day less it would be faster.
    way = sum(day.fastest_mm for day in found.days)
    assert len(found.days) <= np.ceil(way / rate) + 3  # a short day for each phase


def test_left_and_right_are_planned_as_mirror_images() -> None:
    """The bone is mirrored, the ring is not: it is the same piece on either leg."""
    one, other = (
        framed(Bent(Segment(side, Bone.TIBIA), -12.0, gain_mm=15.0)) for side in Side
    )
    assert [d.fastest_mm for d in one.days] == [d.fastest_mm for d in other.days]
    assert [d.gained_mm for d in one.days] == [d.gained_mm for d in other.days]
    for name in ("start", "target", "before", "wanted"):
        here, there = (getattr(f.programmed.ends, name) for f in (one, other))
        assert here.translation_mm == pytest.approx(there.translation_mm)
        assert here.rotation == pytest.approx(there.rotation)


def test_a_mirrored_ring_on_the_other_leg_has_the_same_struts() -> None:
    found = framed(Bent(LEFT_TIBIA, -12.0, gain_mm=15.0))
    ends = found.programmed.ends
    as_right = struts_of(found.programmed.frame, ends.start)
    as_left = struts_of(found.programmed.frame.on(Side.LEFT), ends.start.on(Side.LEFT))
    assert as_right == pytest.approx(found.sheet.start_mm)
    assert as_left == pytest.approx(found.sheet.start_mm)


def test_rings_are_square_and_centred_once_the_bone_is_straight() -> None:
    found = framed(Bent(LEFT_TIBIA, -12.0, gain_mm=20.0))
    ends = found.programmed.ends
    assert ends.ring.translation_mm == pytest.approx([0, 0, 60])
    assert ends.target.translation_mm == pytest.approx([0, 0, 160])
    assert ends.target.rotation == pytest.approx(np.eye(3))
    assert np.ptp(found.days[-1].lengths_mm) <= HEXAPOD.step_mm
    assert "rings 160 mm apart and straight at the end" in found.sheet.built


def test_a_varus_bone_has_its_lateral_struts_long_at_the_start() -> None:
    """The rings mirror the bend: open on the convex side."""
    found = framed(VARUS)
    frame, start = found.programmed.frame, found.programmed.ends.start
    bottoms = start.carried(frame.distal_mm)
    tops = found.programmed.ends.ring.carried(frame.proximal_mm)
    lengths = np.array(found.sheet.start_mm)
    assert np.linalg.norm(bottoms - frame.proximal_mm, axis=1) == pytest.approx(lengths)
    lateral = tops[:, 0] > 40
    assert lengths[lateral].min() > lengths[tops[:, 0] < -40].max()


def test_the_bone_turns_about_its_own_middle_and_not_beside_it() -> None:
    """The line from joint to joint passes a bent bone; its middle stays where it is."""
    found = framed(VARUS)
    middle = found.programmed.ends.before.translation_mm
    assert middle == pytest.approx([0, 0, 0], abs=0.6)


def test_only_what_a_frontal_film_shows_is_in_the_doubt() -> None:
    found = framed(VARUS)
    assert {*found.doubt.residual} == {*PLANES["frontal"]}
    alone = found.own.doubt().chance_of_second_program
    assert alone <= found.doubt.chance_of_second_program
    for name, left in found.doubt.residual.items():
        assert left.low < 0 < left.high, name
    assert "frame.frontal_only" in keys(found)
    assert not {"frame.typed", "frame.read_again"} & {*keys(found)}


def test_a_turn_without_room_presses_the_convex_side_and_says_so() -> None:
    """20 mm of cortex beside the apex, 12°: 20·sin 12° = 4.2 mm."""
    found = framed(VARUS)
    (said,) = (f for f in found.findings if f.key == "frame.fragments_meet")
    assert "4.2 mm into each other on the convex side" in said.sentence
    assert said.about == "L.tibia"
    assert "frame.fragments_meet" not in keys(framed(replace(VARUS, gain_mm=10.0)))


@pytest.mark.parametrize(
    ("cut", "which"), [(0.18, ["upper"]), (0.4, []), (0.8, ["lower"])]
)
def test_a_ring_beyond_a_joint_is_a_caution(cut: float, which: list[str]) -> None:
    found = framed(Bent(LEFT_TIBIA, 0.0, cut=cut, gain_mm=15.0))
    said = [f.sentence for f in found.findings if f.key == "frame.beyond_joint"]
    assert [s.split()[1] for s in said] == which


def test_the_smallest_ring_is_taken_that_no_strut_touches() -> None:
    tame, wild = (
        framed(Bent(LEFT_TIBIA, deg, 0.3, 0.5, 15.0), 60.0) for deg in (-5.0, -25.0)
    )
    assert "two rings full 160" in tame.sheet.built
    assert "two rings full 180" in wild.sheet.built


def test_changes_of_struts_are_said_with_their_day() -> None:
    found = framed(Bent(LEFT_TIBIA, -12.0, gain_mm=35.0))
    changes = found.programmed.program.schedule.changes
    assert len(found.sheet.changes) == len(changes) > 0
    first = changes[0]
    assert found.sheet.changes[0] == (
        f"strut {first.strut}: {first.before} to {first.after}, end of day of turning "
        f"{first.day}"
    )


def test_a_limb_too_wide_for_every_ring_is_refused() -> None:
    with pytest.raises(DeviceRefusal, match="a limb of radius 120 mm needs a ring of"):
        framed(VARUS, radius_mm=120.0)


def test_a_system_that_nobody_has_read_is_refused() -> None:
    target, limb = VARUS.planned()
    tsf = every_device()["tsf"]
    with pytest.raises(DeviceRefusal, match="figures of tsf are unsigned"):
        planned_hexapod(tsf, target, limb, 1.0, 50.0, FEW)


@pytest.mark.parametrize("rate", [0.0, 2.5, float("nan")])
def test_a_rate_that_cannot_be_is_refused(rate: float) -> None:
    with pytest.raises(FrameRefusal, match="rate is"):
        framed(VARUS, rate=rate)


def test_a_long_bone_is_no_reason_to_refuse() -> None:
    target, limb = Bent(Segment.parse("R.femur"), 0.0, cut=0.2, gain_mm=10.0).planned()
    long = replace(target, bone_length_mm=520.0)
    found = planned_hexapod(HEXAPOD, long, limb, 1.0, 70.0, FEW)
    assert (found.room.proximal_mm, found.room.distal_mm) == (84.0, 400.0)

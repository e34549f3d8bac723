"""Planned hinges lie on the bisector at the convex cortex; the rod opens the wedge."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import Limb, sample_limb
from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation import Telescope, every_device, mounted
from callotasis.fixation.hinged.hinges import hinge_effect
from callotasis.fixation.hinged.planned import PlannedRing, planned_ring, rail_doubts
from callotasis.fixation.hinged.planned_bend import bone_at_cut
from callotasis.plan import Hinge, Target, limb_after, limbs_after
from callotasis.pose import HIDDEN, PLANES, Bone, Pose, Segment, Side
from crooked import still, straight
from framing import FEW, RING, Bent

CORTEX_MM = 20.0
LEFT_TIBIA = Segment.parse("L.tibia")
VARUS = Bent(LEFT_TIBIA, -12.0)
WEDGE_MM = 4.18  # 2·20·sin 6°
BENDS = st.builds(
    Bent,
    segment=st.builds(Segment, st.sampled_from(Side), st.sampled_from(Bone)),
    valgus_deg=st.floats(-22, 22).filter(lambda deg: abs(deg) > 2),
    apex=st.floats(0.35, 0.65),
    gain_mm=st.floats(10, 60) | st.just(0.0),
) | st.builds(
    Bent,
    segment=st.builds(Segment, st.sampled_from(Side), st.sampled_from(Bone)),
    valgus_deg=st.sampled_from([-15.0, 15.0]),
    apex=st.just(0.5),
    cut=st.floats(0.38, 0.62),
    gain_mm=st.sampled_from([0.0, 30.0]),
)
few = settings(max_examples=25)


def framed(bent: Bent, radius_mm: float = 60.0, rate: float = 1.0) -> PlannedRing:
    target, limb = bent.planned()
    return planned_ring(RING, target, limb, rate, radius_mm, FEW)


def said(found: PlannedRing) -> dict[str, str]:
    return {finding.key: finding.sentence for finding in found.findings}


# Where the hinges and the rod lie.


@given(bent=BENDS)
@few
def test_the_hinges_lie_on_the_bisector_through_the_apex_at_the_convex_cortex(
    bent: Bent,
) -> None:
    found = framed(bent)
    down = found.angulation.axes[2]
    below = found.frame.motion(found.turned.turn_deg, 0.0)[0].T @ down
    way = found.frame.hinge_mm - found.angulation.apex_mm
    assert np.linalg.norm(way) == pytest.approx(CORTEX_MM)
    assert way @ -down == pytest.approx(way @ below)
    # The distal part leans to the concave side; the hinges lie on the other.
    assert way @ (below - down) < 0


@given(bent=BENDS)
@few
def test_the_rod_lies_on_the_concave_side_with_an_end_on_each_fragment(
    bent: Bent,
) -> None:
    found = framed(bent)
    down, lateral = found.angulation.axes[2], found.angulation.axes[0]
    cut = bone_at_cut(found.angulation)
    top, end = np.array(found.rod.proximal_mm), np.array(found.rod.distal_mm)
    assert (top - cut) @ down == pytest.approx(-60)
    assert (end - cut) @ down > 0
    assert found.rod.name == ("lateral rod" if bent.valgus_deg > 0 else "medial rod")
    aside = (top - found.angulation.apex_mm) @ lateral
    assert aside == pytest.approx(np.sign(bent.valgus_deg) * (60 + 20))


@given(bent=BENDS)
@few
def test_the_rod_and_then_the_hinges_are_only_ever_made_longer(bent: Bent) -> None:
    found = framed(bent)
    rows = np.array([found.sheet.start_mm, *(day.lengths_mm for day in found.days)])
    steps = np.diff(rows, axis=0)
    assert (steps >= -1e-9).all()
    turning = rows[1:, 1] == 0
    assert turning.any()
    assert (steps[turning, 0] > 0).all()
    # Once the bone is straight, the rod is drawn out as the hinges are.
    if not turning.all():
        assert steps[~turning, 0] == pytest.approx(steps[~turning, 1])
    assert (steps / RING.step_mm).round(9) == pytest.approx((steps / 0.25).round())


def test_a_rod_as_long_as_the_plan_says() -> None:
    """60 mm above and below the cut at the end; 80 + 20 mm from the hinges."""
    found = framed(VARUS)
    last = found.days[-1].lengths_mm[0]
    assert last == pytest.approx(120 + WEDGE_MM, abs=0.25)
    lever = 80 + 20 * np.cos(np.radians(6))
    opened = 2 * lever * np.sin(np.radians(6))
    assert last - found.sheet.start_mm[0] == pytest.approx(opened, abs=0.7)


# What the frame does.


@given(bent=BENDS)
@few
def test_the_bone_is_straight_at_the_end(bent: Bent) -> None:
    wanted, _ = bent.planned()
    found = framed(bent)
    cut = {bent.segment: (wanted.cut.level_mm, found.pose)}
    after = limbs_after(bent.film().limbs, cut)[bent.segment.side]
    should = float(sample_limb(still(straight()))["hka_deviation_deg"][0])
    assert sample_limb(after)["hka_deviation_deg"][0] == pytest.approx(should, abs=1e-3)
    for name in PLANES["frontal"]:
        done, left = getattr(found.pose, name), getattr(found.remaining, name)
        assert done + left == pytest.approx(getattr(wanted.pose, name), abs=1e-9)


@given(bent=BENDS, rate=st.sampled_from([0.5, 0.75, 1.0]))
@few
def test_no_day_is_faster_than_the_rate(bent: Bent, rate: float) -> None:
    found = framed(bent, rate=rate)
    assert max(day.fastest_mm for day in found.days) <= rate + 0.0005


@given(bent=BENDS)
@few
def test_all_of_it_is_gradual_and_ends_at_the_gain_or_at_the_wedge(bent: Bent) -> None:
    wanted, _ = bent.planned()
    found = framed(bent)
    assert found.target.acute == Pose(not_measured=HIDDEN)
    assert found.target.gradual == wanted.pose
    wedge, aside = hinge_effect(CORTEX_MM, 0.0, abs(bent.valgus_deg))
    assert aside == 0
    most = max(bent.gain_mm, float(wedge))
    assert found.days[-1].gained_mm == pytest.approx(most, abs=0.13)
    gained = [day.gained_mm for day in found.days]
    assert all(a <= b for a, b in pairwise(gained))


@given(bent=BENDS)
@few
def test_left_and_right_have_the_same_rod_on_every_day(bent: Bent) -> None:
    mirrored = replace(
        bent, segment=replace(bent.segment, side=bent.segment.side.other)
    )
    one, other = framed(bent), framed(mirrored)
    assert one.sheet.built == other.sheet.built
    assert one.sheet.start_mm == pytest.approx(other.sheet.start_mm)
    for here, there in zip(one.days, other.days, strict=True):
        assert here.lengths_mm == pytest.approx(there.lengths_mm)


# What is said.


def test_the_words_say_where_the_hinges_go() -> None:
    found = framed(VARUS)
    x, _, z = found.frame.hinge_mm
    assert x > 0 > z
    assert found.sheet.built == (
        "hinges on the convex, lateral cortex, 20 mm from the apex on the bisector: "
        f"{x:.0f} mm lateral of the line from joint to joint and {-z:.0f} mm below the "
        "level at which it is cut; medial rod 100 mm from the hinges"
    )
    assert (
        "convex, medial cortex" in framed(replace(VARUS, valgus_deg=12.0)).sheet.built
    )


def test_a_wedge_that_lengthens_more_than_was_asked_is_a_caution() -> None:
    sentence = said(framed(VARUS))["frame.wedge_lengthens"]
    assert (
        sentence
        == "The opening wedge makes the left tibia 4.2 mm longer than was asked."
    )
    for gain_mm in (3.0, 5.0, 20.0):
        found = framed(replace(VARUS, gain_mm=gain_mm))
        assert "frame.wedge_lengthens" not in said(found)


def test_only_what_a_frontal_film_shows_is_in_the_doubt() -> None:
    found = framed(VARUS)
    assert {*found.doubt.residual} == {*PLANES["frontal"]}
    alone = found.own.doubt().chance_of_second_program
    assert alone < found.doubt.chance_of_second_program
    assert "frame.frontal_only" in said(found)


@pytest.mark.parametrize(("cut", "which"), [(0.17, "upper"), (0.84, "lower")])
def test_a_ring_beyond_a_joint_is_a_caution(cut: float, which: str) -> None:
    found = framed(replace(VARUS, apex=cut))
    assert said(found)["frame.beyond_joint"].startswith(f"The {which} ring of the left")
    assert "frame.beyond_joint" not in said(framed(VARUS))


def test_a_turn_about_the_cut_puts_the_hinges_beside_the_cut() -> None:
    found = framed(Bent(LEFT_TIBIA, -12.0, 0.4, 0.6, hinge=Hinge.CUT))
    assert found.frame.hinge_mm == pytest.approx([20, 0, 0], abs=3)


# Refusals.


def test_a_gain_beyond_the_stroke_is_refused() -> None:
    target, limb = replace(VARUS, gain_mm=40.0).planned()
    short = replace(RING, stroke_mm=20.0)
    with pytest.raises(
        DeviceRefusal, match=r"drawn out 3\d\.\d mm; allowed is up to 20"
    ):
        planned_ring(short, target, limb, 1.0, 60.0, FEW)


def test_a_turn_beyond_what_hinges_bear_is_refused() -> None:
    target, limb = VARUS.planned()
    limit = constant("hinges.turn_limit").value
    far = replace(target, acute=replace(target.acute, valgus_deg=limit + 1))
    with pytest.raises(
        DeviceRefusal, match="a bend of -61° on a film; allowed is up to"
    ):
        planned_ring(RING, far, limb, 1.0, 60.0, FEW)


@pytest.mark.parametrize("rate", [0.0, 2.5, float("nan")])
def test_a_rate_that_cannot_be_is_refused(rate: float) -> None:
    with pytest.raises(DeviceRefusal, match="rate is"):
        framed(VARUS, rate=rate)


# A rail beside the bone.


def straight_rail(target: Target, limb: Limb) -> Telescope:
    """A rail along the straight bone."""
    after = limb_after(limb, target.segment, target.cut.level_mm, target.acute)
    return mounted(every_device()["example-rail"], target.segment, after)


def test_a_turn_made_at_surgery_is_less_sure_than_hinges() -> None:
    target, limb = replace(VARUS, gain_mm=20.0).planned()
    rail, _ = rail_doubts(straight_rail(target, limb), target, limb, 20.0, FEW)
    ring = framed(replace(VARUS, gain_mm=20.0)).doubt
    assert {*rail.residual} == {*PLANES["frontal"]}
    turned, hinged = (d.residual["valgus_deg"] for d in (rail, ring))
    assert turned.high - turned.low > hinged.high - hinged.low


def test_a_straight_bone_is_only_drawn_out() -> None:
    target, limb = Bent(LEFT_TIBIA, 0.0, gain_mm=40.0).planned()
    found, _ = rail_doubts(straight_rail(target, limb), target, limb, 40.0, FEW)
    assert not {"level of the apex", "angle on the frontal film"} & {
        share.reading for share in found.read_again if share.share > 0
    }
    assert abs(found.residual["lateral_mm"].value) < 1e-9

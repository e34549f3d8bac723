"""Targets: what the limb becomes, and what the plan refuses to make of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import (
    ENDS,
    Limb,
    MeasuredFilm,
    Planning,
    axes_of,
    measure_film,
    sample_limb,
)
from callotasis.errors import PlanRefusal
from callotasis.goal import Goal
from callotasis.plan import (
    Choices,
    Hinge,
    Rule,
    Target,
    axis_after,
    cut_centre,
    limb_after,
    limbs_after,
    plan_targets,
)
from callotasis.pose import HIDDEN, Bone, Pose, Segment, Side, moved
from callotasis.radiograph import FilmFacts, KnownGeometry
from callotasis.worlds import Array, Worlds
from crooked import (
    FEMUR_MM,
    STILL,
    TIBIA_MM,
    Drawn,
    crooked,
    loose,
    normals,
    on_film,
    seen,
    still,
    straight,
    without,
)
from darkroom import bare_film

LENGTH = {Bone.FEMUR: FEMUR_MM, Bone.TIBIA: TIBIA_MM}
LENGTH_NAME = {Bone.FEMUR: "femur_length_mm", Bone.TIBIA: "tibia_length_mm"}
L_FEMUR, L_TIBIA = (Segment(Side.LEFT, bone) for bone in Bone)
R_FEMUR, R_TIBIA = (Segment(Side.RIGHT, bone) for bone in Bone)
SEGMENTS = (R_FEMUR, R_TIBIA, L_FEMUR, L_TIBIA)

segments = st.sampled_from(SEGMENTS)
angles = st.floats(-25, 25).filter(lambda deg: abs(deg) > 1)
shares = st.floats(0.25, 0.75)
gains = st.floats(1, 80)
few = settings(max_examples=40)


def _bent(bone: Bone, valgus: float, share: float) -> Drawn:
    """Bend a bone whose joint lines alone say where: any apex, any cut."""
    return without(crooked(bone, valgus, share), "fem_shaft", "tib_shaft")


def _pair(segment: Segment, points: Drawn) -> MeasuredFilm:
    """Look at one leg like this and at a straight one beside it."""
    return seen(still(points, segment.side), still(straight(), segment.side.other))


def _shorter(segment: Segment, mm: float) -> MeasuredFilm:
    """Look at two straight legs, one bone of one of them shorter."""
    femur, tibia = (
        LENGTH[b] - (mm if b is segment.bone else 0.0) for b in (Bone.FEMUR, Bone.TIBIA)
    )
    return _pair(segment, straight(femur, tibia))


def _planned(
    measured: MeasuredFilm, goal: Goal, segment: Segment, choices: Choices | None = None
) -> Target:
    return plan_targets(measured, goal, {segment: choices or Choices()})[segment]


def _after(measured: MeasuredFilm, targets: dict[Segment, Target]) -> dict[Side, Limb]:
    poses = {s: (t.cut.level_mm, t.pose) for s, t in targets.items()}
    return limbs_after(measured.limbs, poses)


def _figure(limb: Limb, name: str) -> float:
    return float(sample_limb(limb)[name][0])


def _agree(limb: Limb, points: Drawn, shift: Array | None = None) -> None:
    """Check that a limb lies on drawn points, all of them shifted alike."""
    moved_by = np.zeros(2) if shift is None else shift
    for name, point in limb.points.items():
        expected = np.array(points[name]) + moved_by
        assert point[0, [0, 2]] == pytest.approx(expected, abs=1e-6), name


# Correction.


@given(segments, angles, shares)
@few
def test_a_correction_at_the_apex_makes_the_leg_straight_again(
    segment: Segment, valgus: float, share: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, share))
    target = _planned(measured, Goal(correct_axis=(segment,)), segment)
    _agree(_after(measured, {segment: target})[segment.side], straight())
    assert target.acute.valgus_deg == pytest.approx(-valgus)
    assert target.cut.rule is Rule.ANGULATION
    assert target.gain_mm == 0


@given(segments, angles, shares)
@few
def test_the_axis_after_a_correction_is_that_of_the_part_that_stands_still(
    segment: Segment, valgus: float, share: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, share))
    limb = measured.limbs[segment.side]
    target = _planned(measured, Goal(correct_axis=(segment,)), segment)
    before = axis_after(limb, segment.bone, target.cut, Pose())
    after = axis_after(limb, segment.bone, target.cut, target.acute)
    assert after == pytest.approx([0, 0, -1], abs=1e-6)
    assert np.linalg.norm(before) == pytest.approx(1)
    # Valgus carries the far end laterally, and the line from joint to joint with it.
    assert np.sign(before[0]) == np.sign(valgus)
    assert before[2] < 0


def test_the_axis_lies_in_the_plane_of_the_film() -> None:
    limb = _pair(L_TIBIA, straight()).limbs[Side.LEFT]
    leaning = replace(
        limb, points={**limb.points, "ankle_centre": limb["ankle_centre"] + [0, 40, 0]}
    )
    target = _planned(
        _pair(L_TIBIA, straight()), Goal(gain_mm={L_TIBIA: 20.0}), L_TIBIA
    )
    axis = axis_after(leaning, Bone.TIBIA, target.cut, Pose())
    assert axis == pytest.approx(axis_after(limb, Bone.TIBIA, target.cut, Pose()))
    assert axis[1] == 0


@given(segments, angles, shares, shares)
@few
def test_a_cut_off_the_apex_still_makes_the_leg_straight_with_the_hinge_on_it(
    segment: Segment, valgus: float, share: float, cut: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, share))
    choices = Choices(cut * LENGTH[segment.bone])
    target = _planned(measured, Goal(correct_axis=(segment,)), segment, choices)
    assert target.cut.level_mm == choices.cut_mm
    assert target.cut.rule in (Rule.ANGULATION, Rule.ANGULATION_AND_TRANSLATION)
    _agree(_after(measured, {segment: target})[segment.side], straight())


@given(segments, angles, shares)
@few
def test_after_a_correction_the_axis_of_the_leg_passes_the_knee(
    segment: Segment, valgus: float, share: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, share))
    target = _planned(measured, Goal(correct_axis=(segment,)), segment)
    before, after = (
        limbs[segment.side]
        for limbs in (measured.limbs, _after(measured, {segment: target}))
    )
    assert _figure(after, "hka_deviation_deg") == pytest.approx(0, abs=1e-6)
    assert _figure(after, "mad_mm") == pytest.approx(0, abs=1e-6)
    assert abs(_figure(before, "hka_deviation_deg")) > 0.1


def _apex(limb: Limb, bone: Bone) -> Array:
    (apex, *_) = axes_of(limb, bone, normals(), STILL)[Planning.MECHANICAL].apex
    return np.array([apex[0], 0.0, apex[1]])


@given(segments, angles, shares, shares)
@few
def test_a_hinge_at_a_cut_off_the_apex_leaves_parallel_axes_apart(
    segment: Segment, valgus: float, share: float, cut: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, share))
    choices = Choices(cut * LENGTH[segment.bone], Hinge.CUT)
    target = _planned(measured, Goal(correct_axis=(segment,)), segment, choices)
    before = measured.limbs[segment.side]
    after = _after(measured, {segment: target})[segment.side]
    bottom = ENDS[segment.bone][1]
    shift = after.frontal(bottom)[0] - straight()[bottom]
    lower = {n: p for n, p in after.points.items() if (p != before[n]).any()}
    # Parallel: everything below the cut is straight() moved by one and the same shift.
    _agree(replace(after, points=lower), straight(), shift)
    centre = cut_centre(before, segment.bone, choices.cut_mm or 0.0)[0]
    apart = np.linalg.norm(centre - _apex(before, segment.bone))
    chord = 2 * apart * np.sin(np.radians(abs(valgus)) / 2)
    assert np.linalg.norm(shift) == pytest.approx(chord, abs=1e-6)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
@pytest.mark.parametrize("valgus", [-20.0, -10.0, 10.0, 20.0])
@pytest.mark.parametrize("cut", [0.25, 0.65])
def test_the_axis_translation_that_is_named_is_the_one_that_is_left(
    segment: Segment, valgus: float, cut: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, 0.45))
    choices = Choices(cut * LENGTH[segment.bone], Hinge.CUT)
    target = _planned(measured, Goal(correct_axis=(segment,)), segment, choices)
    assert target.cut.rule is Rule.AXIS_TRANSLATED
    after = _after(measured, {segment: target})[segment.side]
    bottom = ENDS[segment.bone][1]
    # The upper axis of straight() is upright: the lower one lies beside it.
    beside = abs(after.frontal(bottom)[0, 0])
    # The cut is centred on the crooked bone's own axis, a little off the bisector.
    assert target.cut.axis_translation_mm == pytest.approx(beside, rel=0.03)


@pytest.mark.parametrize("hinge", Hinge)
def test_a_hinge_at_a_cut_through_the_apex_translates_the_axis_by_next_to_nothing(
    hinge: Hinge,
) -> None:
    measured = _pair(L_TIBIA, _bent(Bone.TIBIA, -12.0, 0.4))
    goal = Goal(correct_axis=(L_TIBIA,))
    target = _planned(measured, goal, L_TIBIA, Choices(hinge=hinge))
    after = _after(measured, {L_TIBIA: target})[Side.LEFT]
    assert target.cut.rule is Rule.ANGULATION
    assert abs(after.frontal("ankle_centre")[0, 0]) < 0.5


def test_a_correction_turns_acutely_and_lengthens_gradually() -> None:
    measured = _pair(L_TIBIA, _bent(Bone.TIBIA, -12.0, 0.4))
    goal = Goal(correct_axis=(L_TIBIA,), gain_mm={L_TIBIA: 30.0})
    target = _planned(measured, goal, L_TIBIA)
    assert target.acute.valgus_deg == pytest.approx(12)
    assert target.gradual.valgus_deg == 0
    assert target.gradual.lengthening_mm == pytest.approx(30, abs=0.01)
    assert target.acute.not_measured == target.gradual.not_measured == HIDDEN


@given(angles, shares, gains)
@few
def test_the_whole_motion_is_the_acute_part_and_then_the_gradual_one(
    valgus: float, share: float, gain: float
) -> None:
    measured = _pair(L_TIBIA, _bent(Bone.TIBIA, valgus, share))
    goal = Goal(correct_axis=(L_TIBIA,), gain_mm={L_TIBIA: gain})
    target = _planned(measured, goal, L_TIBIA)
    limb = measured.limbs[Side.LEFT]
    centre = cut_centre(limb, Bone.TIBIA, target.cut.level_mm)
    acutely = moved(limb["ankle_centre"], target.acute, centre)
    shift = [target.gradual.lateral_mm, 0.0, target.gradual.proximal_mm]
    whole = moved(limb["ankle_centre"], target.pose, centre)
    assert whole == pytest.approx(acutely + shift, abs=1e-9)


# Lengthening.


@given(segments, gains)
@few
def test_a_gain_lengthens_its_bone_by_exactly_as_much_and_turns_nothing(
    segment: Segment, gain: float
) -> None:
    measured = _pair(segment, straight())
    target = _planned(measured, Goal(gain_mm={segment: gain}), segment)
    after = _after(measured, {segment: target})[segment.side]
    name = LENGTH_NAME[segment.bone]
    assert _figure(after, name) == pytest.approx(LENGTH[segment.bone] + gain)
    (other,) = set(LENGTH_NAME.values()) - {name}
    assert _figure(after, other) == pytest.approx(
        _figure(measured.limbs[segment.side], other)
    )
    assert target.pose.valgus_deg == 0
    assert target.cut.rule is None
    assert target.cut.hinge is None


@given(segments, angles, shares, gains)
@few
def test_a_gain_adds_to_what_a_correction_makes_of_the_bone(
    segment: Segment, valgus: float, share: float, gain: float
) -> None:
    measured = _pair(segment, _bent(segment.bone, valgus, share))
    goal = Goal(correct_axis=(segment,), gain_mm={segment: gain})
    target = _planned(measured, goal, segment)
    after = _after(measured, {segment: target})[segment.side]
    name = LENGTH_NAME[segment.bone]
    assert _figure(after, name) == pytest.approx(LENGTH[segment.bone] + gain)
    assert _figure(after, "hka_deviation_deg") == pytest.approx(0, abs=1e-6)


@given(segments, angles, shares, gains)
@few
def test_a_gain_without_a_correction_follows_the_crooked_axis(
    segment: Segment, valgus: float, share: float, gain: float
) -> None:
    measured = _pair(segment, crooked(segment.bone, valgus, share))
    target = _planned(measured, Goal(gain_mm={segment: gain}), segment)
    before = measured.limbs[segment.side]
    after = _after(measured, {segment: target})[segment.side]
    name = LENGTH_NAME[segment.bone]
    assert _figure(after, name) - _figure(before, name) == pytest.approx(gain)
    assert _figure(after, "hka_deviation_deg") == pytest.approx(
        _figure(before, "hka_deviation_deg"), abs=1e-6
    )


@given(segments, gains)
@few
def test_a_gain_of_a_leaning_leg_is_short_by_what_no_frontal_film_shows(
    segment: Segment, gain: float
) -> None:
    # Hip 30 mm before the knee: the bone leans 4 deg out of the plane of the film.
    limb = still(straight(), segment.side)
    forward = {"hip_centre": 30.0, "troch_tip": 20.0, "ankle_centre": -20.0}
    leaning = {
        n: p + np.array([0, forward.get(n, 0.0), 0]) for n, p in limb.points.items()
    }
    measured = seen(replace(limb, points=leaning))
    target = _planned(measured, Goal(gain_mm={segment: gain}), segment)
    after = _after(measured, {segment: target})[segment.side]
    name = LENGTH_NAME[segment.bone]
    gained = _figure(after, name) - _figure(measured.limbs[segment.side], name)
    assert gained == pytest.approx(gain, rel=0.003)
    assert target.pose.anterior_mm == 0


@pytest.mark.parametrize(("segment", "share"), [(L_FEMUR, 0.35), (R_TIBIA, 0.25)])
def test_a_bone_is_cut_at_its_usual_level_unless_the_surgeon_says_otherwise(
    segment: Segment, share: float
) -> None:
    measured = _pair(segment, straight())
    goal = Goal(gain_mm={segment: 30.0})
    usual = _planned(measured, goal, segment)
    assert usual.cut.level_mm == pytest.approx(share * LENGTH[segment.bone])
    chosen = _planned(measured, goal, segment, Choices(cut_mm=150.0))
    assert chosen.cut.level_mm == 150.0
    assert chosen.pose == usual.pose


def test_a_nail_from_the_knee_moves_the_usual_cut_of_a_femur() -> None:
    measured = _pair(L_FEMUR, straight())
    goal = Goal(gain_mm={L_FEMUR: 30.0})
    target = _planned(measured, goal, L_FEMUR, Choices(retrograde=True))
    assert target.cut.level_mm == pytest.approx(0.68 * FEMUR_MM)


# Equal legs.


@given(segments, st.floats(2, 80))
@few
def test_equal_legs_are_equal_in_the_nominal_world(
    segment: Segment, difference: float
) -> None:
    measured = _shorter(segment, difference)
    target = _planned(measured, Goal(equalise=segment), segment)
    after = _after(measured, {segment: target})
    lengths = [_figure(after[side], "leg_length_mm") for side in Side]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.01)
    assert target.gain_mm == pytest.approx(difference, abs=0.01)


@pytest.mark.parametrize("equalised", [L_FEMUR, L_TIBIA], ids=str)
@pytest.mark.parametrize("valgus", [-14.0, 14.0])
def test_equal_legs_are_equal_also_after_a_correction(
    equalised: Segment, valgus: float
) -> None:
    points = without(crooked(Bone.TIBIA, valgus, 0.4), "fem_shaft", "tib_shaft")
    lowered = {
        n: (x, z + 25.0) if n.startswith("hip") else (x, z)
        for n, (x, z) in straight().items()
    }
    measured = seen(still(points, Side.LEFT), still(lowered, Side.RIGHT))
    goal = Goal(equalise=equalised, correct_axis=(L_TIBIA,))
    targets = plan_targets(measured, goal, {})
    after = _after(measured, targets)
    lengths = [_figure(after[side], "leg_length_mm") for side in Side]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.01)
    assert _figure(after[Side.LEFT], "hka_deviation_deg") == pytest.approx(0, abs=1e-4)
    # Straightening has lengthened the leg: less than the whole difference is gained.
    assert targets[equalised].gain_mm == pytest.approx(25, abs=0.01)


def test_equal_legs_take_a_fixed_gain_of_the_other_bone_into_account() -> None:
    measured = _shorter(L_FEMUR, 50.0)
    goal = Goal(equalise=L_FEMUR, gain_mm={L_TIBIA: 20.0})
    targets = plan_targets(measured, goal, {})
    assert targets[L_TIBIA].gain_mm == 20
    assert targets[L_FEMUR].gain_mm == pytest.approx(30, abs=0.01)


def test_equal_legs_leave_an_interval_around_zero_in_the_other_worlds() -> None:
    worlds = Worlds(400)
    measured = seen(
        loose(straight(), Side.RIGHT, worlds, 1.0),
        loose(straight(femur_mm=FEMUR_MM - 40), Side.LEFT, worlds, 1.0),
        worlds=worlds,
    )
    targets = plan_targets(measured, Goal(equalise=L_FEMUR), {})
    after = _after(measured, targets)
    right, left = (sample_limb(after[side])["leg_length_mm"] for side in Side)
    assert right[0] - left[0] == pytest.approx(0, abs=0.01)
    assert (right - left)[1:].std() == pytest.approx(2.0, rel=0.2)


# The limb after.


def _poses() -> st.SearchStrategy[Pose]:
    return st.builds(
        Pose,
        *[st.floats(-80, 80)] * 2,
        st.floats(-40, 40),
        st.floats(-30, 30),
        *[st.floats(-40, 40)] * 2,
    )


@given(segments, _poses(), shares)
@few
def test_what_lies_below_a_cut_moves_as_one_and_what_lies_above_stays(
    segment: Segment, pose: Pose, share: float
) -> None:
    limb = still(straight(), segment.side)
    level = share * LENGTH[segment.bone]
    after = limb_after(limb, segment, level, pose)
    centre = cut_centre(limb, segment.bone, level)
    below = {name for name, point in limb.points.items() if point[0, 2] < centre[0, 2]}
    for name in set(limb.points) - below:
        np.testing.assert_array_equal(after[name], limb[name])
    for one, other in combinations(sorted(below), 2):
        apart = np.linalg.norm(after[one] - after[other], axis=1)
        before = np.linalg.norm(limb[one] - limb[other], axis=1)
        assert apart == pytest.approx(before), (one, other)
    for name in below:
        assert after[name] == pytest.approx(moved(limb[name], pose, centre))


def test_a_femur_carries_its_tibia_and_a_tibia_only_itself() -> None:
    limb = still(straight())
    shift = Pose(proximal_mm=-30.0)
    carried = {
        bone: {
            name
            for name, point in limb_after(limb, segment, 175.0, shift).points.items()
            if (point != limb[name]).any()
        }
        for bone, segment in ((Bone.FEMUR, R_FEMUR), (Bone.TIBIA, R_TIBIA))
    }
    knee = {n for n in limb.points if n.startswith(("knee", "fem_cond", "tib_plat"))}
    assert knee <= carried[Bone.FEMUR]
    assert not knee & carried[Bone.TIBIA]
    assert carried[Bone.TIBIA] < carried[Bone.FEMUR]
    assert not carried[Bone.FEMUR] & {"hip_centre", "troch_tip", "fem_shaft_prox"}
    assert {"ankle_centre", "plafond_med", "plafond_lat"} <= carried[Bone.TIBIA]


@given(st.floats(0.2, 0.8), st.sampled_from(list(Bone)))
@few
def test_a_shaft_point_moves_when_it_lies_below_the_cut(
    share: float, bone: Bone
) -> None:
    limb = still(straight())
    segment = Segment(Side.RIGHT, bone)
    level = share * LENGTH[bone]
    after = limb_after(limb, segment, level, Pose(lateral_mm=10.0))
    top = FEMUR_MM if bone is Bone.FEMUR else 0.0
    for name in (f"{bone[:3]}_shaft_prox", f"{bone[:3]}_shaft_dist"):
        is_below = top - straight()[name][1] > level
        assert (after[name][0, 0] != limb[name][0, 0]) == is_below


@given(_poses(), _poses())
@few
def test_both_bones_of_a_leg_may_be_cut_in_any_order(femur: Pose, tibia: Pose) -> None:
    limbs = {Side.RIGHT: still(straight())}
    poses = {R_FEMUR: (150.0, femur), R_TIBIA: (90.0, tibia)}
    one = limbs_after(limbs, poses)[Side.RIGHT]
    other = limbs_after(limbs, dict(reversed(poses.items())))[Side.RIGHT]
    for name, point in one.points.items():
        np.testing.assert_array_equal(point, other[name])
    # The tibia moves within the frame that the femur then carries away.
    alone = limb_after(limbs[Side.RIGHT], R_TIBIA, 90.0, tibia)
    within = np.linalg.norm(alone["ankle_centre"] - alone["knee_centre"], axis=1)
    apart = np.linalg.norm(one["ankle_centre"] - one["knee_centre"], axis=1)
    assert apart == pytest.approx(within)


def test_a_leg_that_nobody_cuts_is_left_alone() -> None:
    limbs = {side: still(straight(), side) for side in Side}
    after = limbs_after(limbs, {L_FEMUR: (150.0, Pose(proximal_mm=-30.0))})
    assert after[Side.RIGHT] is limbs[Side.RIGHT]
    assert limbs[Side.LEFT]["ankle_centre"][0, 2] == -TIBIA_MM


# Sides.


@given(st.sampled_from(list(Bone)), angles, shares, gains, st.sampled_from(list(Hinge)))
@few
def test_left_and_right_are_planned_as_mirror_images(
    bone: Bone, valgus: float, share: float, gain: float, hinge: Hinge
) -> None:
    plans = []
    for side in Side:
        segment = Segment(side, bone)
        measured = _pair(segment, _bent(bone, valgus, share))
        goal = Goal(correct_axis=(segment,), gain_mm={segment: gain})
        choices = Choices(0.5 * LENGTH[bone], hinge)
        plans.append(_planned(measured, goal, segment, choices))
    assert replace(plans[0], segment=plans[1].segment) == plans[1]


@pytest.mark.parametrize("bone", Bone)
def test_the_mirror_image_of_a_film_gives_the_mirror_image_of_a_plan(
    bone: Bone,
) -> None:
    share = 0.8 if bone is Bone.FEMUR else 0.3
    bent_leg, other = crooked(bone, -14.0, share), straight()
    film = bare_film(1900, 800, spacing_mm=(0.5, 0.5))
    known = KnownGeometry(magnification=1.05, magnification_sd=0.01)
    facts = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
    poses = []
    for side in Side:
        legs = (bent_leg, other) if side is Side.RIGHT else (other, bent_leg)
        measured = measure_film(film, on_film(*legs), known, facts, Worlds(200))
        segment = Segment(side, bone)
        goal = Goal(correct_axis=(segment,), gain_mm={segment: 25.0})
        target = _planned(measured, goal, segment)
        poses.append(
            (
                target.cut.level_mm,
                target.pose.lateral_mm,
                target.pose.proximal_mm,
                target.pose.valgus_deg,
            )
        )
    assert poses[0] == pytest.approx(poses[1], abs=1e-6)
    assert poses[0][3] == pytest.approx(14, abs=0.5)


def test_only_what_the_goal_touches_is_planned() -> None:
    measured = _pair(L_TIBIA, _bent(Bone.TIBIA, -12.0, 0.4))
    goal = Goal(correct_axis=(L_TIBIA,), gain_mm={R_FEMUR: 20.0})
    assert set(plan_targets(measured, goal, {})) == {L_TIBIA, R_FEMUR}


# Refusals.


@pytest.mark.parametrize(
    "goal",
    [
        Goal(gain_mm={R_TIBIA: 30.0}),
        Goal(correct_axis=(R_TIBIA,)),
        Goal(equalise=R_TIBIA),
    ],
)
def test_a_segment_that_is_not_on_the_film_is_refused(goal: Goal) -> None:
    measured = seen(still(straight(), Side.LEFT))
    with pytest.raises(PlanRefusal, match=r"R\.tibia is not on the film"):
        plan_targets(measured, goal, {})


def test_equal_legs_need_both_legs() -> None:
    measured = seen(still(straight(), Side.LEFT))
    with pytest.raises(PlanRefusal, match="equal legs need both legs on the film"):
        plan_targets(measured, Goal(equalise=L_FEMUR), {})


@pytest.mark.parametrize("shorter_mm", [0.0, 1.5])
def test_a_difference_within_its_interval_is_not_equalised(shorter_mm: float) -> None:
    worlds = Worlds(400)
    short = straight(femur_mm=FEMUR_MM - shorter_mm)
    measured = seen(
        loose(straight(), Side.RIGHT, worlds, 2.0),
        loose(short, Side.LEFT, worlds, 2.0),
        worlds=worlds,
    )
    with pytest.raises(PlanRefusal, match="the left leg is shorter is undecided"):
        plan_targets(measured, Goal(equalise=L_FEMUR), {})


@pytest.mark.parametrize("segment", [R_FEMUR, R_TIBIA], ids=str)
def test_the_longer_leg_is_not_lengthened_until_both_are_equal(
    segment: Segment,
) -> None:
    measured = _shorter(L_FEMUR, 30.0)
    with pytest.raises(
        PlanRefusal, match=r"right minus left leg is 30\.0 mm .* is shorter is wrong"
    ):
        plan_targets(measured, Goal(equalise=segment), {})


def test_legs_that_differ_by_more_than_any_gain_are_refused() -> None:
    measured = _shorter(L_FEMUR, 210.0)
    with pytest.raises(PlanRefusal, match=r"more than 200 mm in L\.femur"):
        plan_targets(measured, Goal(equalise=L_FEMUR), {})


def test_a_correction_that_makes_the_leg_the_longer_one_is_not_equalised() -> None:
    # The crooked leg is 10 mm shorter as it stands and 10 mm longer once straight.
    points = _bent(Bone.TIBIA, -25.0, 0.5)
    limb = still(points, Side.LEFT)
    other = straight(femur_mm=_figure(limb, "leg_length_mm") + 1.0 - TIBIA_MM)
    measured = seen(limb, still(other, Side.RIGHT))
    difference = measured.measurement.discrepancy_mm
    assert difference is not None
    assert difference.value == pytest.approx(1)
    goal = Goal(equalise=L_FEMUR, correct_axis=(L_TIBIA,))
    with pytest.raises(PlanRefusal, match="is shorter is wrong"):
        plan_targets(measured, goal, {})


def test_a_deformity_that_is_not_proven_is_not_corrected() -> None:
    worlds = Worlds(400)
    measured = seen(
        loose(_bent(Bone.TIBIA, -1.0, 0.4), Side.LEFT, worlds, 1.0),
        loose(straight(), Side.RIGHT, worlds, 1.0),
        worlds=worlds,
    )
    with pytest.raises(
        PlanRefusal, match=r"deformity of L\.tibia is -1\.0° .* nothing is proven"
    ):
        plan_targets(measured, Goal(correct_axis=(L_TIBIA,)), {})


def test_a_bone_without_joint_lines_is_not_corrected() -> None:
    points = without(crooked(Bone.TIBIA, -12.0, 0.4), "tib_plateau")
    with pytest.raises(PlanRefusal, match=r"axes of L\.tibia .* mark its joint lines"):
        plan_targets(_pair(L_TIBIA, points), Goal(correct_axis=(L_TIBIA,)), {})


def test_ways_of_drawing_the_axes_that_disagree_are_refused() -> None:
    points = _bent(Bone.TIBIA, -12.0, 0.4)
    upright = {"tib_above_1": -60.0, "tib_above_2": -110.0}
    points |= {name: (0.0, z) for name, z in upright.items()}
    # Below the bend the shaft is said to lean by 6 deg, the plafond says 12.
    for name, z in (("tib_below_1", -170.0), ("tib_below_2", -260.0)):
        points[name] = (float(np.tan(np.radians(-6)) * (-140 - z)), z)
    with pytest.raises(PlanRefusal, match=r"axes of L\.tibia disagree by -?6\.0°"):
        plan_targets(_pair(L_TIBIA, points), Goal(correct_axis=(L_TIBIA,)), {})


def test_a_straight_bone_is_not_corrected() -> None:
    with pytest.raises(PlanRefusal, match=r"axes of L\.tibia meet nowhere"):
        plan_targets(_pair(L_TIBIA, straight()), Goal(correct_axis=(L_TIBIA,)), {})


@pytest.mark.parametrize("cut_mm", [10.0, 340.0, -40.0, 1e6, float("nan")])
@pytest.mark.parametrize(
    "goal",
    [Goal(gain_mm={L_TIBIA: 30.0}), Goal(correct_axis=(L_TIBIA,))],
    ids=["lengthened", "corrected"],
)
def test_a_cut_outside_the_window_is_refused(goal: Goal, cut_mm: float) -> None:
    measured = _pair(L_TIBIA, _bent(Bone.TIBIA, -12.0, 0.4))
    with pytest.raises(PlanRefusal, match=r"cut of L\.tibia at .*; allowed is"):
        _planned(measured, goal, L_TIBIA, Choices(cut_mm))


def test_an_apex_outside_the_window_is_no_place_for_a_cut() -> None:
    measured = _pair(L_TIBIA, _bent(Bone.TIBIA, -12.0, 0.08))
    goal = Goal(correct_axis=(L_TIBIA,))
    with pytest.raises(PlanRefusal, match=r"cut of L\.tibia at 2\d mm"):
        plan_targets(measured, goal, {})
    chosen = _planned(measured, goal, L_TIBIA, Choices(cut_mm=90.0))
    _agree(_after(measured, {L_TIBIA: chosen})[Side.LEFT], straight())


@pytest.mark.parametrize("gain_mm", [-5.0, 0.0, float("nan"), float("inf")])
def test_a_gain_that_is_no_gain_is_refused(gain_mm: float) -> None:
    with pytest.raises(PlanRefusal, match=r"gain of L\.femur is .* more than 0 mm"):
        Goal(gain_mm={L_FEMUR: gain_mm})

"""The skeleton: joints that do not touch, and deformities that are what was asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import sample_limb
from callotasis.alignment.limb import Limb
from callotasis.pose import Bone, Segment, Side, mirrored
from callotasis.radiograph.phantom import Bend, FilmSpec
from callotasis.radiograph.phantom.skeleton import Leg, Person, Solid, stand
from callotasis.worlds import Array
from solids import inside, is_closed, volume_mm3

MEAN = stand(FilmSpec())
SEGMENTS = [Segment(side, bone) for side in Side for bone in Bone]
LENGTH = {Bone.FEMUR: "femur_length_mm", Bone.TIBIA: "tibia_length_mm"}
TOP = {Bone.FEMUR: "hip_centre", Bone.TIBIA: "knee_centre"}
BOTTOM = {Bone.FEMUR: "knee_centre", Bone.TIBIA: "ankle_centre"}

segments = st.sampled_from(SEGMENTS)
few = settings(max_examples=15)


def _measured(person: Person, side: Side) -> dict[str, float]:
    """Measure an upright leg as the alignment room would, without a film."""
    points = {
        name: mirrored(point[None] * [-1.0, 1.0, 1.0], side)
        for name, point in person.upright[side].points.items()
    }
    return {n: float(v[0]) for n, v in sample_limb(Limb(side, points)).items()}


def _motion(before: Array, after: Array) -> tuple[Array, Array]:
    """Rigid motion (turn, shift) that carries one cloud of points into another."""
    middle, there = before.mean(axis=0), after.mean(axis=0)
    u, _, v = np.linalg.svd((before - middle).T @ (after - there))
    flip = np.diag([1, 1, np.sign(np.linalg.det(v.T @ u.T))])
    turn = v.T @ flip @ u.T
    assert np.abs((before - middle) @ turn.T + there - after).max() < 1e-6
    return turn, there - turn @ middle


def _ends(person: Person, segment: Segment) -> tuple[Array, Array]:
    """Vertices of the top and of the bottom tenth of a bone, by those of MEAN."""
    z = MEAN.upright[segment.side].bones[segment.bone].vertices[:, 2]
    share = (z - z.min()) / np.ptp(z)
    vertices = person.upright[segment.side].bones[segment.bone].vertices
    return vertices[share > 0.9], vertices[share < 0.1]


def _bend_between(person: Person, segment: Segment) -> tuple[Array, Array, Array]:
    """Turn and shift of the far end against the near end, and where that has gone."""
    (top, bottom), (new_top, new_bottom) = (_ends(p, segment) for p in (MEAN, person))
    near, near_shift = _motion(top, new_top)
    far, far_shift = _motion(bottom, new_bottom)
    apex = person.apex[segment]
    return near.T @ far, near.T @ (far_shift - near_shift), near.T @ (apex - near_shift)


# Joints.


def _lies_in(some: Solid, other: Solid, centre: Array, within: float) -> int:
    near = np.linalg.norm(some.vertices - centre, axis=1) < within
    assert near.any()
    return int(inside(some.vertices[near], other).sum())


def test_femur_and_tibia_do_not_overlap_at_the_knee() -> None:
    leg = MEAN.upright[Side.LEFT]
    femur, tibia, knee = (leg.bones["femur"], leg.bones["tibia"], "knee_centre")
    assert _lies_in(femur, tibia, leg.points[knee], 45) == 0
    assert _lies_in(tibia, femur, leg.points[knee], 45) == 0


def test_fibula_and_tibia_do_not_overlap_at_the_knee() -> None:
    leg = MEAN.upright[Side.LEFT]
    head = leg.bones["fibula"].vertices[leg.bones["fibula"].vertices[:, 2].argmax()]
    assert _lies_in(leg.bones["fibula"], leg.bones["tibia"], head, 20) == 0


def test_the_femoral_head_does_not_touch_the_pelvis() -> None:
    leg = MEAN.upright[Side.LEFT]
    hip, pelvis = leg.points["hip_centre"], MEAN.pelvis
    head = leg.bones["femur"].vertices
    head = head[np.linalg.norm(head - hip, axis=1) < 27]
    assert len(head) > 100
    assert not inside(head[::10], pelvis).any()
    apart = np.linalg.norm(pelvis.vertices[:, None] - head[None], axis=2).min()
    assert 1.5 < apart < 8


@pytest.mark.parametrize("height_scale", [0.75, 1.0, 1.25])
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("compartment", ["med", "lat"])
def test_the_joint_space_of_the_knee_is_that_of_an_adult(
    compartment: str, side: Side, height_scale: float
) -> None:
    leg = stand(FilmSpec(height_scale=height_scale)).upright[side]
    condyle, plateau = (
        leg.points[f"{part}_{compartment}"][2] / height_scale
        for part in ("fem_condyle", "tib_plateau")
    )
    assert 3 <= condyle - plateau <= 7


@given(segments, st.floats(-30, 30), st.floats(-80, 80))
@few
def test_every_bone_stays_closed_whatever_is_done_to_the_leg(
    segment: Segment, varus: float, shortening: float
) -> None:
    spec = FilmSpec(
        bend={str(segment): Bend(varus, 0.5)}, shortening_mm={str(segment): shortening}
    )
    bones = stand(spec).upright[segment.side].bones
    before = MEAN.upright[segment.side].bones
    assert set(bones) == set(before)
    for name, bone in bones.items():
        assert np.array_equal(bone.faces, before[name].faces), name
        # A mirrored bone turns its faces round: outward stays outward.
        assert volume_mm3(bone) > 0, name


@pytest.mark.parametrize("side", Side)
def test_every_bone_of_the_mean_adult_is_closed(side: Side) -> None:
    for name, bone in MEAN.legs[side].bones.items():
        assert is_closed(bone.faces), name
    assert is_closed(MEAN.pelvis.faces)


# Both legs.


def _mirror_image(person: Person) -> tuple[Leg, Leg]:
    return person.upright[Side.RIGHT], person.upright[Side.LEFT]


@given(st.floats(0.75, 1.25))
@few
def test_undeformed_legs_are_mirror_images(height_scale: float) -> None:
    right, left = _mirror_image(stand(FilmSpec(height_scale=height_scale)))
    assert right.side is Side.RIGHT
    assert left.side is Side.LEFT
    assert set(right.points) == set(left.points)
    for name, point in right.points.items():
        np.testing.assert_allclose(point * [-1, 1, 1], left.points[name])
    for name, bone in right.bones.items():
        np.testing.assert_allclose(
            bone.vertices * [-1, 1, 1], left.bones[name].vertices
        )


def test_the_right_leg_stands_on_the_right() -> None:
    right, left = _mirror_image(MEAN)
    assert all(point[0] < 0 for point in right.points.values())
    assert all(point[0] > 0 for point in left.points.values())


@pytest.mark.parametrize("bone", Bone)
def test_the_same_deformity_of_either_leg_is_a_mirror_image(bone: Bone) -> None:
    bend = {f"{side}.{bone}": Bend(9.0, 0.4) for side in Side}
    right, left = _mirror_image(stand(FilmSpec(bend=bend)))
    for name, point in right.points.items():
        np.testing.assert_allclose(point * [-1, 1, 1], left.points[name])


@given(segments, st.floats(-80, 80), st.floats(-30, 30))
@few
def test_a_deformity_of_one_leg_leaves_the_other_alone(
    segment: Segment, shortening: float, varus: float
) -> None:
    name = str(segment)
    other = segment.side.other
    spec = FilmSpec(shortening_mm={name: shortening}, bend={name: Bend(varus)})
    after = stand(spec).upright[other]
    for point, there in after.points.items():
        np.testing.assert_array_equal(there, MEAN.upright[other].points[point])


# Length.


@given(segments, st.floats(-80, 80))
@few
def test_shortening_a_bone_shortens_it_by_as_much_and_leaves_the_other_bone(
    segment: Segment, shortening: float
) -> None:
    before = _measured(MEAN, segment.side)
    person = stand(FilmSpec(shortening_mm={str(segment): shortening}))
    after = _measured(person, segment.side)
    own = LENGTH[segment.bone]
    (other,) = set(LENGTH.values()) - {own}
    assert before[own] - after[own] == pytest.approx(shortening, abs=0.3)
    assert after[other] == pytest.approx(before[other], abs=0.3)


@given(segments, st.floats(-80, 80))
@few
def test_shortening_a_bone_bends_neither_it_nor_its_joints(
    segment: Segment, shortening: float
) -> None:
    before = _measured(MEAN, segment.side)
    person = stand(FilmSpec(shortening_mm={str(segment): shortening}))
    after = _measured(person, segment.side)
    for angle in ("mlpfa_deg", "mldfa_deg", "jlca_deg", "mpta_deg", "mldta_deg"):
        assert after[angle] == pytest.approx(before[angle], abs=0.05)


@given(st.floats(0.75, 1.25))
@few
def test_a_person_of_another_size_is_the_same_person_larger_or_smaller(
    height_scale: float,
) -> None:
    person = stand(FilmSpec(height_scale=height_scale))
    for side in Side:
        before, after = _measured(MEAN, side), _measured(person, side)
        for name, value in before.items():
            scale = height_scale if name.endswith("_mm") else 1.0
            assert after[name] == pytest.approx(scale * value, abs=1e-6), name


@given(st.floats(-20, 20))
@few
def test_a_turned_body_is_carried_rigidly_and_upright_it_is_the_same(
    turn: float,
) -> None:
    person = stand(FilmSpec(body_turn_deg=turn))
    for side in Side:
        assert _measured(person, side) == _measured(MEAN, side)
        before, after = (p.legs[side].points for p in (MEAN, person))
        rotation, shift = _motion(*(np.array([*p.values()]) for p in (before, after)))
        found = np.degrees(np.arctan2(rotation[0, 1], rotation[0, 0]))
        assert found == pytest.approx(turn, abs=1e-9)
        assert shift == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_positive_turn_brings_the_right_side_forward() -> None:
    person = stand(FilmSpec(body_turn_deg=10))
    hips = {side: person.legs[side].points["hip_centre"][1] for side in Side}
    assert hips[Side.RIGHT] > hips[Side.LEFT]


# Bends.

VARUS = st.floats(-30, 30).filter(lambda varus: abs(varus) > 0.5)
LEVELS = st.floats(0.2, 0.8)


@given(segments, VARUS, LEVELS)
@few
def test_a_bend_turns_the_far_end_of_a_bone_by_exactly_its_angle(
    segment: Segment, varus: float, level: float
) -> None:
    person = stand(FilmSpec(bend={str(segment): Bend(varus, level)}))
    turn, _, _ = _bend_between(person, segment)
    angle = np.degrees(np.arctan2(np.linalg.norm(_axial(turn)), np.trace(turn) - 1))
    assert angle == pytest.approx(abs(varus), abs=1e-6)


def _axial(turn: Array) -> Array:
    skew = turn - turn.T
    return np.array([skew[2, 1], skew[0, 2], skew[1, 0]])


@given(segments, VARUS, LEVELS)
@few
def test_the_apex_is_where_the_bone_was_bent(
    segment: Segment, varus: float, level: float
) -> None:
    person = stand(FilmSpec(bend={str(segment): Bend(varus, level)}))
    turn, shift, apex = _bend_between(person, segment)
    straight = MEAN.upright[segment.side].points
    top, bottom = straight[TOP[segment.bone]], straight[BOTTOM[segment.bone]]
    assert apex == pytest.approx(top + level * (bottom - top), abs=1e-6)
    assert turn @ apex + shift == pytest.approx(apex, abs=1e-6)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("femoral", [0.0, 12.0, -20.0])
def test_the_apex_of_a_tibia_goes_where_a_bent_femur_carries_it(
    side: Side, femoral: float
) -> None:
    tibia = Segment(side, Bone.TIBIA)
    bend = {f"{side}.femur": Bend(femoral, 0.3), str(tibia): Bend(8.0, 0.6)}
    _, _, apex = _bend_between(stand(FilmSpec(bend=bend)), tibia)
    straight = MEAN.upright[side].points
    top, bottom = straight["knee_centre"], straight["ankle_centre"]
    assert apex == pytest.approx(top + 0.6 * (bottom - top), abs=1e-6)


@given(segments, VARUS, LEVELS, st.floats(-60, 60))
@few
def test_a_shortened_bone_is_bent_at_the_share_of_what_is_left(
    segment: Segment, varus: float, level: float, shortening: float
) -> None:
    person = stand(
        FilmSpec(
            bend={str(segment): Bend(varus, level)},
            shortening_mm={str(segment): shortening},
        )
    )
    points, apex = person.upright[segment.side].points, person.apex[segment]
    length = _measured(MEAN, segment.side)[LENGTH[segment.bone]] - shortening
    for end, share in ((TOP, level), (BOTTOM, 1 - level)):
        apart = np.linalg.norm(points[end[segment.bone]] - apex)
        assert apart == pytest.approx(share * length, abs=0.3)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_varus_lowers_the_deviation_on_either_side_and_valgus_raises_it(
    segment: Segment,
) -> None:
    deviation = [
        _measured(stand(FilmSpec(bend={str(segment): Bend(varus, 0.3)})), segment.side)[
            "hka_deviation_deg"
        ]
        for varus in (10.0, 0.0, -10.0)
    ]
    assert deviation == sorted(deviation)
    assert deviation[2] - deviation[0] > 5


@given(segments, VARUS, LEVELS)
@few
def test_a_bend_leaves_every_joint_as_it_was(
    segment: Segment, varus: float, level: float
) -> None:
    leg = stand(FilmSpec(bend={str(segment): Bend(varus, level)})).upright[segment.side]
    straight = MEAN.upright[segment.side]
    for part in (
        ("hip_centre", "troch_tip"),
        ("knee_centre", "fem_condyle_med", "fem_condyle_lat", "tib_rim_lat"),
        ("ankle_centre", "plafond_med", "plafond_lat"),
    ):
        for name in part[1:]:
            far, before = (
                np.linalg.norm(p[part[0]] - p[name])
                for p in (leg.points, straight.points)
            )
            assert far == pytest.approx(before, abs=1e-6), name


def test_a_bend_without_an_angle_does_nothing() -> None:
    spec = FilmSpec(bend={"R.femur": Bend(0.0, 0.5)})
    bent = stand(spec).upright[Side.RIGHT]
    for name, point in bent.points.items():
        np.testing.assert_allclose(point, MEAN.upright[Side.RIGHT].points[name])


@given(segments, st.floats(-30, 30), st.floats(-60, 60))
@few
def test_every_leg_stands_on_its_own_spot(
    segment: Segment, varus: float, shortening: float
) -> None:
    spec = FilmSpec(
        bend={str(segment): Bend(varus)}, shortening_mm={str(segment): shortening}
    )
    ankles = [
        stand(s).upright[segment.side].points["ankle_centre"][0]
        for s in (FilmSpec(), spec)
    ]
    assert ankles[1] == pytest.approx(ankles[0], abs=1e-6)


def test_making_one_person_leaves_the_next_one_alone() -> None:
    spec = FilmSpec(bend={"R.femur": Bend(10.0)}, shortening_mm={"L.tibia": 30.0})
    stand(spec)
    again = stand(replace(FilmSpec(), seed=9))
    for side in Side:
        for name, point in again.upright[side].points.items():
            np.testing.assert_array_equal(point, MEAN.upright[side].points[name])

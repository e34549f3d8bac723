"""The shape of a leg: each change does what it says, and nothing that it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.phantom import Bend, BoneShape, FilmSpec
from callotasis.radiograph.phantom.shape import ENDS, shaped
from callotasis.radiograph.phantom.solid import Leg
from callotasis.radiograph.phantom.template import femoral_head, mean_leg
from callotasis.worlds import Array
from people import bodies, measured, sides
from solids import angle_of, fitted_sphere, inside, motion, volume_mm3

MEAN = mean_leg()
FEMUR, TIBIA = (MEAN.bones[b].vertices for b in ("femur", "tibia"))
HEAD, RADIUS = femoral_head(FEMUR)
IS_HEAD = np.abs(np.linalg.norm(FEMUR - HEAD, axis=1) - RADIUS) < 1
CENTRES = ("hip_centre", "knee_centre", "ankle_centre")
BELOW = {
    Bone.FEMUR: ("tibia", "fibula", "talus", "heel", "midfoot", "ray_1", "ray_5"),
    Bone.TIBIA: ("talus", "heel", "midfoot", "ray_1", "ray_5"),
}
SURFACE = {
    "troch_tip": "femur",
    "fem_condyle_med": "femur",
    "fem_condyle_lat": "femur",
    "tib_rim_med": "tibia",
    "tib_rim_lat": "tibia",
}

bones = st.sampled_from(Bone)
few = settings(max_examples=15)


def _left(**fields: Any) -> Leg:
    return shaped(MEAN, Side.LEFT, FilmSpec(**fields))


def _formed(bone: Bone, **shape: float) -> Leg:
    return _left(shape={f"L.{bone}": BoneShape(**shape)})


def _drawn(leg: Leg) -> dict[str, float]:
    """Measure a leg that lies flat: in the plane of its x and z, whatever its depth.

    The plane of a leg that stands leans with it, by a degree or so; depths then tell.
    """
    flat = {name: point * [1.0, 0.0, 1.0] for name, point in leg.points.items()}
    return measured(Leg(leg.side, {}, flat))


def _bent(bone: Bone, *bends: Bend) -> Leg:
    return _left(bend={f"L.{bone}": [*bends]})


def _below(leg: Leg, bone: Bone) -> Array:
    """Everything that hangs on the lower end of a bone, as one cloud."""
    return np.vstack([leg.bones[name].vertices for name in BELOW[bone]])


def _carried(leg: Leg, bone: Bone) -> tuple[Array, Array]:
    """Turn and shift of what hangs below a bone: it must be carried as a whole."""
    turn, shift, off = motion(_below(MEAN, bone), _below(leg, bone))
    assert off < 1e-6
    return turn, shift


def _far_end(bone: Bone) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which vertices belong to the lowest sixth of a bone."""
    z = MEAN.bones[bone].vertices[:, 2]
    return np.asarray((z - z.min()) / np.ptp(z) < 1 / 6)


def _assert_same(leg: Leg, other: Leg, within: float = 1e-9) -> None:
    for name, point in leg.points.items():
        np.testing.assert_allclose(point, other.points[name], atol=within)
    for name, bone in leg.bones.items():
        np.testing.assert_allclose(
            bone.vertices, other.bones[name].vertices, atol=within
        )


# Nothing.


@given(sides, st.floats(0.15, 0.85))
@few
def test_a_shape_that_names_no_change_changes_nothing(side: Side, level: float) -> None:
    every = [str(Segment(side, bone)) for bone in Bone]
    spec = FilmSpec(
        shape=dict.fromkeys(every, BoneShape()),
        bend=dict.fromkeys(every, Bend(0.0, level)),
        shortening_mm=dict.fromkeys(every, 0.0),
    )
    _assert_same(MEAN, shaped(MEAN, side, spec))
    _assert_same(MEAN, shaped(MEAN, side, FilmSpec()))


@given(bodies)
@few
def test_what_is_said_of_one_side_leaves_the_other_as_it_is(spec: FilmSpec) -> None:
    left = {
        name: {k: v for k, v in getattr(spec, name).items() if k.startswith("L")}
        for name in ("shape", "bend", "shortening_mm")
    }
    _assert_same(MEAN, shaped(MEAN, Side.RIGHT, FilmSpec(**left)))


@given(bodies)
@few
def test_either_side_is_shaped_alike_before_it_is_mirrored(spec: FilmSpec) -> None:
    other: dict[str, Any] = {
        name: {
            str(replace(s, side=s.side.other)): value
            for key, value in getattr(spec, name).items()
            if (s := Segment.parse(key))
        }
        for name in ("shape", "bend", "shortening_mm")
    }
    _assert_same(
        shaped(MEAN, Side.LEFT, spec), shaped(MEAN, Side.RIGHT, FilmSpec(**other))
    )


def test_shaping_one_leg_leaves_the_mean_leg_alone() -> None:
    before = {name: point.copy() for name, point in MEAN.points.items()}
    _left(bend={"L.femur": Bend(20.0)}, shortening_mm={"L.tibia": 30.0})
    assert set(MEAN.points) == set(before)
    for name, point in before.items():
        np.testing.assert_array_equal(MEAN.points[name], point)


# Whatever is asked for.


@given(bodies, sides)
@settings(max_examples=40, deadline=None)
def test_every_bone_of_anybody_keeps_its_faces_and_a_volume(
    spec: FilmSpec, side: Side
) -> None:
    leg = shaped(MEAN, side, spec)
    assert set(leg.bones) == set(MEAN.bones)
    for name, bone in leg.bones.items():
        assert bone.faces is MEAN.bones[name].faces
        assert np.isfinite(bone.vertices).all()
        share = volume_mm3(bone) / volume_mm3(MEAN.bones[name])
        assert 0.2 < share < 4, name


@given(bodies, sides)
@settings(max_examples=40, deadline=None)
def test_the_landmarks_of_anybody_stay_on_their_bones(
    spec: FilmSpec, side: Side
) -> None:
    leg = shaped(MEAN, side, spec)
    for name, bone in SURFACE.items():
        far = np.linalg.norm(leg.bones[bone].vertices - leg.points[name], axis=1)
        assert far.min() < 1e-6, name
    for joint, line in (("knee", "fem_condyle"), ("ankle", "plafond")):
        ends = [leg.points[f"{line}_{end}"] for end in ("med", "lat")]
        middle = np.mean(ends, axis=0)
        assert leg.points[f"{joint}_centre"] == pytest.approx(middle, abs=0.2)


@given(bodies, sides)
@settings(max_examples=10, deadline=None)
def test_the_hip_centre_of_anybody_lies_in_the_head(spec: FilmSpec, side: Side) -> None:
    leg = shaped(MEAN, side, spec)
    assert inside(leg.points["hip_centre"][None], leg.bones["femur"]).all()


# Bends.

ANGLE = st.floats(-30, 30).filter(lambda deg: abs(deg) > 0.5)
LEVEL = st.floats(0.2, 0.8)


@given(bones, ANGLE, LEVEL)
@few
def test_a_bend_in_varus_turns_what_hangs_below_by_its_angle_to_the_midline(
    bone: Bone, varus: float, level: float
) -> None:
    turn, _ = _carried(_bent(bone, Bend(varus, level)), bone)
    assert angle_of(turn) == pytest.approx(abs(varus), abs=1e-6)
    down = turn @ [0, 0, -1]
    assert down == pytest.approx(
        [-np.sin(np.radians(varus)), 0, -np.cos(np.radians(varus))], abs=1e-9
    )


@given(bones, ANGLE, LEVEL)
@few
def test_a_bend_with_its_apex_forward_turns_what_hangs_below_to_the_back(
    bone: Bone, procurvatum: float, level: float
) -> None:
    turn, _ = _carried(_bent(bone, Bend(0.0, level, procurvatum)), bone)
    assert angle_of(turn) == pytest.approx(abs(procurvatum), abs=1e-6)
    down = turn @ [0, 0, -1]
    sin, cos = np.sin(np.radians(procurvatum)), np.cos(np.radians(procurvatum))
    assert down == pytest.approx([0, -sin, -cos], abs=1e-9)


@given(bones, st.floats(-30, 30), st.floats(-30, 30), LEVEL)
@few
def test_a_bend_in_both_planes_is_one_turn_about_a_level_line(
    bone: Bone, varus: float, procurvatum: float, level: float
) -> None:
    turn, _ = _carried(_bent(bone, Bend(varus, level, procurvatum)), bone)
    size = np.hypot(varus, procurvatum)
    assert angle_of(turn) == pytest.approx(size, abs=1e-5)
    axis = np.array([-procurvatum, varus, 0.0])
    np.testing.assert_allclose(turn @ axis, axis, atol=1e-6)


@given(bones, st.lists(st.tuples(ANGLE, LEVEL), min_size=2, max_size=3))
@few
def test_bends_at_several_levels_add(
    bone: Bone, bends: list[tuple[float, float]]
) -> None:
    turn, _ = _carried(_bent(bone, *(Bend(a, level) for a, level in bends)), bone)
    found = np.degrees(np.arctan2(turn[0, 2], turn[2, 2]))
    assert found == pytest.approx(sum(a for a, _ in bends), abs=1e-6)


@given(bones, ANGLE, LEVEL)
@few
def test_a_bend_leaves_what_lies_above_it_and_turns_the_bone_below_it(
    bone: Bone, varus: float, level: float
) -> None:
    leg = _bent(bone, Bend(varus, level, varus / 2))
    before, after = (x.bones[bone].vertices for x in (MEAN, leg))
    apex = leg.points[f"apex_{bone}_00"]
    above, below = before[:, 2] > apex[2] + 12, before[:, 2] < apex[2] - 12
    np.testing.assert_allclose(after[above], before[above], atol=1e-9)
    turn, shift, off = motion(before[below], after[below])
    assert off < 1e-6
    assert turn @ apex + shift == pytest.approx(apex, abs=1e-6)


@given(bones, ANGLE, LEVEL)
@few
def test_one_bend_may_be_given_alone_or_as_a_list(
    bone: Bone, varus: float, level: float
) -> None:
    bend = Bend(varus, level)
    _assert_same(_bent(bone, bend), _left(bend={f"L.{bone}": bend}))


@given(bones, st.lists(st.builds(Bend, ANGLE, LEVEL), min_size=2, max_size=4))
@few
def test_the_order_in_which_bends_are_given_does_not_matter(
    bone: Bone, bends: list[Bend]
) -> None:
    bends = [*{bend.level: bend for bend in bends}.values()]
    _assert_same(_bent(bone, *bends), _bent(bone, *reversed(bends)))


def test_no_bend_in_a_list_is_no_bend() -> None:
    _assert_same(MEAN, _bent(Bone.FEMUR))


@given(bones, ANGLE, LEVEL)
@few
def test_the_apex_of_a_single_bend_lies_on_the_axis_at_its_level(
    bone: Bone, varus: float, level: float
) -> None:
    leg = _bent(bone, Bend(varus, level))
    upper, lower = (MEAN.points[name] for name in ENDS[bone])
    expected = upper + level * (lower - upper)
    assert leg.points[f"apex_{bone}_00"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("bone", Bone)
def test_the_apex_of_the_upper_of_two_bends_lies_on_the_straight_axis(
    bone: Bone,
) -> None:
    leg = _bent(bone, Bend(20.0, 0.3), Bend(25.0, 0.7))
    upper, lower = (MEAN.points[name] for name in ENDS[bone])
    first, second = (leg.points[f"apex_{bone}_{k:02d}"] for k in (0, 1))
    length = np.linalg.norm(lower - upper)
    assert first == pytest.approx(upper + 0.3 * (lower - upper), abs=1e-6)
    assert np.linalg.norm(second - first) == pytest.approx(0.4 * length, abs=0.1)


@given(ANGLE, LEVEL, ANGLE, LEVEL)
@few
def test_a_bent_femur_carries_the_apex_of_the_tibia(
    femoral: float, high: float, tibial: float, low: float
) -> None:
    bend = {"L.femur": Bend(femoral, high), "L.tibia": Bend(tibial, low)}
    leg, alone = _left(bend=bend), _left(bend={"L.tibia": Bend(tibial, low)})
    heel = (x.bones["heel"].vertices for x in (alone, leg))
    turn, shift, _ = motion(*heel)
    apex = alone.points["apex_tibia_00"]
    assert leg.points["apex_tibia_00"] == pytest.approx(turn @ apex + shift, abs=1e-6)


# Shortening.


@given(bones, st.floats(-80, 80))
@few
def test_shortening_moves_what_hangs_below_along_the_axis_of_the_bone(
    bone: Bone, mm: float
) -> None:
    turn, shift = _carried(_left(shortening_mm={f"L.{bone}": mm}), bone)
    upper, lower = (MEAN.points[name] for name in ENDS[bone])
    up = (upper - lower) / np.linalg.norm(upper - lower)
    np.testing.assert_allclose(turn, np.eye(3), atol=1e-9)
    assert shift == pytest.approx(mm * up, abs=1e-6)


@given(bones, st.floats(-80, 80))
@few
def test_shortening_changes_no_angle_between_axes_and_joint_lines(
    bone: Bone, mm: float
) -> None:
    before = _drawn(MEAN)
    after = _drawn(_left(shortening_mm={f"L.{bone}": mm}))
    for angle in ("mlpfa_deg", "mldfa_deg", "jlca_deg", "mpta_deg", "mldta_deg"):
        assert after[angle] == pytest.approx(before[angle], abs=1e-6)


@pytest.mark.xfail(reason="what is left of the shaft tilts against its own axis")
@pytest.mark.parametrize("mm", [50.0, 80.0])
def test_shortening_does_not_tilt_the_shaft(mm: float) -> None:
    before = measured(MEAN)["ama_deg"]
    after = measured(_left(shortening_mm={"L.femur": mm}))["ama_deg"]
    assert after == pytest.approx(before, abs=2.5)


# Torsion.

TORSION = st.floats(-40, 40).filter(lambda deg: abs(deg) > 0.5)


@given(bones, TORSION)
@few
def test_torsion_leaves_both_ends_of_the_axis_and_so_every_length(
    bone: Bone, torsion: float
) -> None:
    before, after = measured(MEAN), measured(_formed(bone, torsion_deg=torsion))
    for length in ("femur_length_mm", "tibia_length_mm"):
        assert after[length] == pytest.approx(before[length], abs=1e-6)
    for end in ENDS[bone]:
        there = _formed(bone, torsion_deg=torsion).points[end]
        np.testing.assert_allclose(there, MEAN.points[end], atol=1e-9)


@given(bones, TORSION)
@few
def test_torsion_turns_the_foot_outwards_by_its_angle(
    bone: Bone, torsion: float
) -> None:
    leg = _formed(bone, torsion_deg=torsion)
    turn, _, off = motion(_below(MEAN, Bone.TIBIA), _below(leg, Bone.TIBIA))
    assert off < 1e-6
    forward = turn @ [0, 1, 0]
    found = np.degrees(np.arctan2(forward[0], forward[1]))
    assert found == pytest.approx(torsion, abs=1.5)


@given(bones, TORSION)
@few
def test_torsion_leaves_the_upper_third_of_a_bone_alone(
    bone: Bone, torsion: float
) -> None:
    z = MEAN.bones[bone].vertices[:, 2]
    upper, lower = (MEAN.points[name][2] for name in ENDS[bone])
    above = z > upper + 0.3 * (lower - upper)
    before, after = (
        x.bones[bone].vertices[above]
        for x in (MEAN, _formed(bone, torsion_deg=torsion))
    )
    np.testing.assert_allclose(after, before, atol=1e-9)


@pytest.mark.xfail(reason="it turns about the vertical, level by level, and so shears")
@pytest.mark.parametrize("torsion", [-40.0, 25.0])
@pytest.mark.parametrize("bone", Bone)
def test_torsion_turns_the_lower_end_of_a_bone_as_a_whole(
    bone: Bone, torsion: float
) -> None:
    end = _far_end(bone)
    before, after = (
        x.bones[bone].vertices[end] for x in (MEAN, _formed(bone, torsion_deg=torsion))
    )
    turn, _, off = motion(before, after)
    assert off < 0.1
    assert angle_of(turn) == pytest.approx(abs(torsion), abs=0.1)


# Neck.


def _raised(neck_deg: float) -> Array:
    leg = _formed(Bone.FEMUR, neck_deg=neck_deg)
    return leg.bones["femur"].vertices[IS_HEAD]


@given(st.floats(-20, 20).filter(lambda deg: abs(deg) > 1))
@few
def test_a_steeper_neck_raises_the_hip_centre_and_leaves_the_shaft(
    neck: float,
) -> None:
    leg = _formed(Bone.FEMUR, neck_deg=neck)
    risen = leg.points["hip_centre"][2] - MEAN.points["hip_centre"][2]
    assert np.sign(risen) == np.sign(neck)
    shaft = FEMUR[:, 2] < HEAD[2] - 70
    np.testing.assert_allclose(leg.bones["femur"].vertices[shaft], FEMUR[shaft])
    for name in set(MEAN.points) - {"hip_centre", "troch_tip"}:
        np.testing.assert_allclose(leg.points[name], MEAN.points[name])


@given(st.floats(-20, 20))
@few
def test_the_trochanter_stays_whatever_the_neck_does(neck: float) -> None:
    leg = _formed(Bone.FEMUR, neck_deg=neck)
    np.testing.assert_allclose(leg.points["troch_tip"], MEAN.points["troch_tip"])


@pytest.mark.xfail(reason="the side of the head next to the trochanter is left behind")
@pytest.mark.parametrize("neck", [-20.0, -8.0, 8.0, 20.0])
def test_the_neck_turns_the_head_as_a_whole_by_its_angle(neck: float) -> None:
    turn, shift, off = motion(FEMUR[IS_HEAD], _raised(neck))
    assert off < 0.2
    leg = _formed(Bone.FEMUR, neck_deg=neck)
    assert turn @ HEAD + shift == pytest.approx(leg.points["hip_centre"], abs=0.2)
    up = turn @ [0, 0, 1]
    assert np.degrees(np.arctan2(up[0], up[2])) == pytest.approx(neck, abs=0.1)


@pytest.mark.xfail(reason="the side of the head next to the trochanter is left behind")
@pytest.mark.parametrize("neck", [-20.0, -8.0, 8.0, 20.0])
def test_the_neck_leaves_the_head_round_and_as_large(neck: float) -> None:
    _, radius, worst = fitted_sphere(_raised(neck))
    assert radius == pytest.approx(RADIUS, rel=0.01)
    assert worst < 1.3


# Width.

WIDTH = st.floats(0.7, 1.4)


@given(bones, WIDTH)
@few
def test_width_leaves_the_centres_of_the_joints_where_they_are(
    bone: Bone, width: float
) -> None:
    leg = _formed(bone, width=width)
    for name in CENTRES:
        np.testing.assert_allclose(leg.points[name], MEAN.points[name], atol=1e-9)


@given(WIDTH)
@few
def test_width_makes_the_head_larger_and_leaves_it_round(width: float) -> None:
    vertices = _formed(Bone.FEMUR, width=width).bones["femur"].vertices
    centre, radius, worst = fitted_sphere(vertices[IS_HEAD])
    assert radius == pytest.approx(width * RADIUS, rel=0.01)
    assert worst < 1.8  # that of the mean adult is 1.1
    assert centre == pytest.approx(MEAN.points["hip_centre"], abs=0.5)


@given(bones, WIDTH)
@few
def test_width_widens_the_shaft_in_both_directions(bone: Bone, width: float) -> None:
    z = MEAN.bones[bone].vertices[:, 2]
    middle = np.abs((z - z.min()) / np.ptp(z) - 0.5) < 0.05
    before, after = (
        np.ptp(x.bones[bone].vertices[middle, :2], axis=0)
        for x in (MEAN, _formed(bone, width=width))
    )
    assert after == pytest.approx(width * before, rel=0.05)


@given(bones, WIDTH)
@few
def test_the_width_of_one_bone_leaves_the_other_bone_alone(
    bone: Bone, width: float
) -> None:
    leg = _formed(bone, width=width)
    others = ("femur", "patella") if bone is Bone.TIBIA else BELOW[Bone.FEMUR]
    for name in others:
        np.testing.assert_allclose(leg.bones[name].vertices, MEAN.bones[name].vertices)


@given(bones, WIDTH)
@few
def test_width_changes_no_angle_between_mechanical_axes_and_joint_lines(
    bone: Bone, width: float
) -> None:
    before, after = measured(MEAN), measured(_formed(bone, width=width))
    for angle in ("hka_deviation_deg", "mldfa_deg", "mpta_deg"):
        assert after[angle] == pytest.approx(before[angle], abs=0.01)


@pytest.mark.xfail(reason="it widens about the mechanical axis, not about the shaft's")
@pytest.mark.parametrize("width", [0.7, 1.4])
def test_width_does_not_move_the_shaft_against_the_mechanical_axis(
    width: float,
) -> None:
    before, after = (
        measured(leg)["ama_deg"] for leg in (MEAN, _formed(Bone.FEMUR, width=width))
    )
    assert after == pytest.approx(before, abs=1)


@pytest.mark.xfail(reason="the foot is widened in every direction with the tibia")
@pytest.mark.parametrize("width", [0.7, 1.4])
def test_a_thick_tibia_stands_on_no_higher_foot(width: float) -> None:
    leg = _formed(Bone.TIBIA, width=width)
    height = leg.points["ankle_centre"][2] - leg.points["sole"][2]
    assert height == pytest.approx(78, abs=5)


# Bow.


@given(bones, st.floats(-10, 20))
@few
def test_a_bow_goes_forward_by_so_much_and_leaves_both_ends(
    bone: Bone, bow: float
) -> None:
    leg = _formed(bone, bow_mm=bow)
    for name in CENTRES:
        np.testing.assert_allclose(leg.points[name], MEAN.points[name], atol=1e-9)
    moved = leg.bones[bone].vertices - MEAN.bones[bone].vertices
    np.testing.assert_allclose(moved[:, [0, 2]], 0, atol=1e-9)
    largest = moved[np.abs(moved[:, 1]).argmax(), 1]
    assert largest == pytest.approx(bow, abs=0.05 * abs(bow) + 1e-9)


@given(bones, st.floats(-10, 20))
@few
def test_a_bow_leaves_what_hangs_below_and_every_frontal_angle(
    bone: Bone, bow: float
) -> None:
    leg = _formed(bone, bow_mm=bow)
    np.testing.assert_allclose(_below(leg, bone), _below(MEAN, bone), atol=0.01)
    assert _drawn(leg) == pytest.approx(_drawn(MEAN), abs=0.02)


# Joint lines.

JOINT = st.floats(-12, 12)


@given(JOINT)
@few
def test_valgus_of_the_femoral_joint_line_lessens_its_lateral_angle(
    valgus: float,
) -> None:
    before = _drawn(MEAN)
    after = _drawn(_formed(Bone.FEMUR, joint_deg=valgus))
    assert before["aldfa_deg"] - after["aldfa_deg"] == pytest.approx(valgus, abs=0.05)
    # The knee moves under the hip, and with it the mechanical axis.
    assert before["mldfa_deg"] - after["mldfa_deg"] == pytest.approx(valgus, rel=0.12)
    assert after["jlca_deg"] == pytest.approx(before["jlca_deg"], abs=1e-6)
    assert after["mpta_deg"] == pytest.approx(before["mpta_deg"], abs=1e-6)


@given(JOINT)
@few
def test_valgus_of_the_tibial_joint_line_raises_its_medial_angle(
    valgus: float,
) -> None:
    before = _drawn(MEAN)
    after = _drawn(_formed(Bone.TIBIA, joint_deg=valgus))
    assert after["mpta_deg"] - before["mpta_deg"] == pytest.approx(valgus, rel=0.12)
    assert after["mldfa_deg"] == pytest.approx(before["mldfa_deg"], abs=1e-6)
    assert after["jlca_deg"] == pytest.approx(before["jlca_deg"], abs=1e-6)


@given(bones, JOINT)
@few
def test_a_joint_line_in_valgus_brings_the_leg_into_valgus(
    bone: Bone, valgus: float
) -> None:
    before, after = (
        measured(leg)["hka_deviation_deg"]
        for leg in (MEAN, _formed(bone, joint_deg=valgus))
    )
    assert after - before == pytest.approx(valgus, rel=0.12, abs=0.01)


# Plateaus that are set back.

SETBACK = st.floats(-12, 12)


@given(SETBACK)
@few
def test_a_plateau_is_set_back_by_so_much_and_no_joint_moves(setback: float) -> None:
    leg = _formed(Bone.TIBIA, setback_mm=setback)
    for name in CENTRES:
        np.testing.assert_allclose(leg.points[name], MEAN.points[name], atol=1e-9)
    knee, ankle = (MEAN.points[f"{joint}_centre"][2] for joint in ("knee", "ankle"))
    for name in ("tib_plateau_med", "tib_plateau_lat", "tib_shaft_dist"):
        # It is sheared: all of it at the knee, nothing at the ankle.
        share = (MEAN.points[name][2] - ankle) / (knee - ankle)
        moved = leg.points[name] - MEAN.points[name]
        assert moved == pytest.approx([0, -share * setback, 0], abs=1e-9), name
    assert share < 0.5


@given(SETBACK)
@few
def test_a_plateau_that_is_set_back_leaves_thigh_and_foot(setback: float) -> None:
    leg = _formed(Bone.TIBIA, setback_mm=setback)
    for name in ("femur", "patella", "heel", "midfoot", "ray_1", "ray_5"):
        np.testing.assert_allclose(
            leg.bones[name].vertices, MEAN.bones[name].vertices, atol=0.01
        )


@given(SETBACK)
@few
def test_no_frontal_figure_knows_how_far_a_plateau_is_set_back(setback: float) -> None:
    found = _drawn(_formed(Bone.TIBIA, setback_mm=setback))
    assert found == pytest.approx(_drawn(MEAN), abs=1e-6)

"""Where the person stands, and what the field of a film holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.pose import Side
from callotasis.radiograph.landmarks import LATERAL, View
from callotasis.radiograph.phantom import BallAt, Bend, BoneShape, FilmSpec
from callotasis.radiograph.phantom.field import BEYOND_JOINT_MM, scene
from callotasis.radiograph.phantom.hardware import ball_centres
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.truth import landmarks_on
from callotasis.worlds import Array
from people import laterals, people

few = settings(max_examples=15, deadline=None)
ENDS = {
    View.LATERAL_FEMUR: ("femur", "hip_centre", "knee_centre"),
    View.LATERAL_TIBIA: ("tibia", "knee_centre", "ankle_centre"),
}


def _on(beam: Beam, points: Array) -> bool:
    column, row = beam.film_points(points).T
    return bool(
        (column > 0).all()
        and (column < beam.columns).all()
        and (row > 0).all()
        and (row < beam.rows).all()
    )


# Frontal.


@given(people)
@few
def test_a_frontal_film_holds_every_landmark_of_both_legs(spec: FilmSpec) -> None:
    person, beam = scene(replace(spec, pitch_mm=0.5))
    knees = [leg.points["knee_centre"][1] for leg in person.legs.values()]
    assert np.mean(knees) == pytest.approx(spec.knee_to_detector_mm)
    for leg in person.legs.values():
        assert _on(beam, np.array([*leg.points.values()]))


def test_a_film_with_too_many_pixels_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="pixels; allowed are 40000000"):
        scene(FilmSpec(pitch_mm=0.1, height_scale=1.25))


# Lateral.


@given(laterals)
@few
def test_a_lateral_film_shows_one_leg_with_all_its_landmarks(spec: FilmSpec) -> None:
    person, beam = scene(spec)
    assert [str(side) for side in person.legs] == [spec.lateral_of]
    found = landmarks_on(person, beam, spec.view)
    assert found.view is spec.view
    (points,) = found.sides.values()
    assert set(points) == set(LATERAL[spec.view])
    for column, row in points.values():
        assert 0 < column < beam.columns
        assert 0 < row < beam.rows


@given(laterals)
@few
def test_the_field_ends_beyond_both_joints(spec: FilmSpec) -> None:
    person, beam = scene(spec)
    (leg,) = person.legs.values()
    _, upper, lower = ENDS[spec.view]
    rows = beam.film_points(np.array([leg.points[upper], leg.points[lower]]))[:, 1]
    assert rows[0] * spec.pitch_mm == pytest.approx(BEYOND_JOINT_MM, abs=1)
    below = (beam.rows - rows[1]) * spec.pitch_mm
    assert below == pytest.approx(BEYOND_JOINT_MM, abs=1)


@given(laterals)
@few
def test_the_knee_is_as_far_before_the_detector_as_asked_for(spec: FilmSpec) -> None:
    person, beam = scene(spec)
    (leg,) = person.legs.values()
    knee = beam.before_detector(leg.points["knee_centre"][None])[0]
    assert knee[1] == pytest.approx(spec.knee_to_detector_mm)


@given(laterals)
@few
def test_the_ball_lies_in_the_field_in_front_of_the_bone_at_mid_shaft(
    spec: FilmSpec,
) -> None:
    person, beam = scene(spec)
    (leg,) = person.legs.values()
    (ball,) = ball_centres(person, spec)
    short = "fem" if spec.view is View.LATERAL_FEMUR else "tib"
    shaft = leg.points[f"{short}_shaft_mid"]
    assert ball[1] > shaft[1] + 80
    assert ball[2] == pytest.approx(shaft[2])
    depth = beam.before_detector(np.array([ball, shaft]))[:, 1]
    assert depth[0] - depth[1] == pytest.approx(spec.ball_forward_mm)
    radius = (spec.ball_mm or 0.0) / 2
    steps = np.vstack([np.eye(3), -np.eye(3)]) * radius
    assert _on(beam, ball + steps)


@pytest.mark.parametrize("view", LATERAL)
@pytest.mark.parametrize("procurvatum", [-25.0, 0.0, 25.0])
@pytest.mark.parametrize("diameter", [10.0, 60.0])
def test_the_ball_covers_no_bone(
    view: View, procurvatum: float, diameter: float
) -> None:
    bend = {f"R.{ENDS[view][0]}": Bend(0.0, 0.5, procurvatum)}
    spec = FilmSpec(view=view, bend=bend, ball_mm=diameter, pitch_mm=0.5)
    person, beam = scene(spec)
    (ball,) = beam.film_points(np.array(ball_centres(person, spec)))
    for bone in person.legs[Side.RIGHT].bones.values():
        far = np.linalg.norm(beam.film_points(bone.vertices) - ball, axis=1)
        assert far.min() * spec.pitch_mm > diameter / 2 + 3


@given(laterals)
@few
def test_left_and_right_are_mirror_images(spec: FilmSpec) -> None:
    other = {"R": "L", "L": "R"}
    mirrored = replace(
        spec,
        lateral_of=other[spec.lateral_of],
        body_turn_deg=-spec.body_turn_deg,
        pelvis_turn_deg=-spec.pelvis_turn_deg,
        feet_turn_deg=-spec.feet_turn_deg,
        **{
            name: {other[k[0]] + k[1:]: v for k, v in getattr(spec, name).items()}
            for name in (
                *("shortening_mm", "bend", "shape"),
                *("leg_turn_deg", "knee_flexion_deg", "block_mm"),
            )
        },
    )
    (one, here), (two, there) = scene(spec), scene(mirrored)
    assert (here.rows, here.columns) == pytest.approx(
        (there.rows, there.columns), abs=1
    )
    ours, theirs = (
        next(iter(landmarks_on(person, beam, spec.view).sides.values()))
        for person, beam in ((one, here), (two, there))
    )
    for name, (column, row) in ours.items():
        assert theirs[name][1] == pytest.approx(row, abs=0.05)
        assert here.columns - theirs[name][0] == pytest.approx(column, abs=1.1)


@pytest.mark.parametrize("side", Side)
def test_the_lateral_side_lies_on_the_detector_and_the_beam_is_square_to_it(
    side: Side,
) -> None:
    person, beam = scene(FilmSpec(view=View.LATERAL_TIBIA, lateral_of=side))
    bones = person.legs[side].bones
    tibia, fibula = (
        beam.before_detector(bones[name].vertices)[:, 1].mean()
        for name in ("tibia", "fibula")
    )
    assert fibula < tibia - 10
    forward = beam.film_points(np.array([[0.0, 50.0, 0.0], [0.0, 0.0, 0.0]]))[:, 0]
    assert bool(forward[0] > forward[1]) is (side is Side.LEFT)


@given(st.floats(-20, 20), st.floats(-40, 40))
@few
def test_what_is_done_to_the_other_leg_changes_nothing_but_the_stance(
    neck: float, leg_turn: float
) -> None:
    spec = FilmSpec(view=View.LATERAL_FEMUR, ball_mm=None)
    other = replace(
        spec,
        shape={"L.femur": BoneShape(neck_deg=0.0, torsion_deg=neck)},
        leg_turn_deg={"L": leg_turn},
    )
    here, there = (landmarks_on(*scene(s), s.view) for s in (spec, other))
    for name, point in here.sides[Side.RIGHT].items():
        assert there.sides[Side.RIGHT][name] == pytest.approx(point, abs=6), name


def test_further_balls_stand_before_the_joints_of_the_bone() -> None:
    more = [BallAt("R.hip", 20.0), BallAt("R.knee", -15.0)]
    spec = FilmSpec(view=View.LATERAL_FEMUR, more_balls=more)
    person, beam = scene(spec)
    _, *rest = ball_centres(person, spec)
    for ball, asked, joint in zip(rest, more, ("hip", "knee"), strict=True):
        centre = person.legs[Side.RIGHT].points[f"{joint}_centre"]
        depth = beam.before_detector(np.array([ball, centre]))[:, 1]
        assert depth[0] - depth[1] == pytest.approx(asked.forward_mm)
        assert ball[2] == pytest.approx(centre[2])
        assert _on(beam, ball[None])

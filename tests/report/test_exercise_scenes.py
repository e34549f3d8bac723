"""Scenes: every exercise is drawn, and what is drawn does not sink into the bed."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import PlanRefusal
from callotasis.rehabilitation import every_exercise
from callotasis.report.body_figure import joints_of
from callotasis.report.exercise_scenes import Scene, Thing, every_scene, scene_named

SCENES = every_scene()
SINK_CM = 3.5  # soft parts give


@pytest.fixture(params=SCENES.values(), ids=list(SCENES))
def scene(request: pytest.FixtureRequest) -> Scene:
    found: Scene = request.param
    return found


def test_every_exercise_has_a_scene_and_no_scene_is_without_one() -> None:
    assert {*SCENES} == {*every_exercise()}


def test_an_exercise_that_nobody_drew_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="exercise 'handstand' has no picture"):
        scene_named("handstand")


def test_something_moves_where_the_arrow_says(scene: Scene) -> None:
    before, after = joints_of(scene.start), joints_of(scene.end)
    way = after.points[scene.arrow.of] - before.points[scene.arrow.of]
    assert np.hypot(*way) > 1.0


def test_nobody_sinks_into_what_carries_them(scene: Scene) -> None:
    for posture in (scene.start, scene.end):
        for name, point in joints_of(posture).points.items():
            carriers = [
                thing.top
                for thing in scene.things
                if thing.thing in {Thing.FLOOR, Thing.BED}
                and thing.span[0] <= point[0] <= thing.span[1]
            ]
            if carriers and not name.endswith(("shoulder", "nose")):
                below = [top for top in carriers if top <= point[1] + 10]
                assert point[1] > max(below) - SINK_CM, name


def test_start_and_end_are_the_same_person_in_the_same_place(scene: Scene) -> None:
    assert scene.start.near_side is scene.end.near_side
    assert scene.start.front is scene.end.front


@pytest.mark.parametrize(
    ("name", "joint", "more"),
    [
        ("heel_slide", "knee", 60.0),
        ("prone_knee_bend", "knee", 60.0),
        ("seated_knee_bend", "knee", 60.0),
        ("knee_towel", "knee", -15.0),
        ("prone_hang", "knee", -20.0),
        ("quad_set", "knee", -10.0),
        ("ankle_pump", "ankle", 40.0),
        ("calf_stretch_towel", "ankle", 30.0),
        ("calf_stretch_straight", "ankle", 5.0),
        ("calf_stretch_bent", "ankle", 15.0),
        ("hamstring_stretch", "hip", 40.0),
        ("straight_leg_raise", "hip", 30.0),
        ("hip_extension", "hip", -15.0),
        ("thomas_stretch", "hip", -90.0),
        ("hip_flexor_lunge", "hip", -20.0),
        ("side_abduction", "hip", 25.0),
    ],
)
def test_the_joint_that_is_trained_moves_as_it_shall(
    name: str, joint: str, more: float
) -> None:
    scene = SCENES[name]
    before, after = joints_of(scene.start).near, joints_of(scene.end).near
    moved = getattr(after, joint) - getattr(before, joint)
    assert moved * np.sign(more) >= abs(more)


@pytest.mark.parametrize(
    "name", ["calf_stretch_straight", "hamstring_stretch", "straight_leg_raise"]
)
def test_a_knee_that_shall_be_straight_is_drawn_straight(name: str) -> None:
    assert joints_of(SCENES[name].end).near.knee < 10

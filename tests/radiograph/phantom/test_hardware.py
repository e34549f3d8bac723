"""What else lies on a film: of its true size, where it was asked for, and closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.pose import Segment, Side
from callotasis.radiograph.phantom import BallAt, FilmSpec, Implant, ImplantKind
from callotasis.radiograph.phantom.body import flesh_of, marrow_of
from callotasis.radiograph.phantom.hardware import (
    MU_FOAM,
    MU_LEAD,
    MU_STEEL,
    MU_TITANIUM,
    TICK_EVERY_MM,
    Metal,
    ball_at,
    ball_centres,
    implant_ends,
    metal_of,
    ruler_ends,
)
from callotasis.radiograph.phantom.skeleton import stand
from callotasis.worlds import Array
from people import JOINTS, implants, people, segments, stances
from solids import inside, is_closed, volume_mm3

BARE = FilmSpec(ball_mm=None)
MEAN = stand(BARE)

few = settings(max_examples=15, deadline=None)


def _metal(**fields: Any) -> list[Metal]:
    spec = replace(BARE, **fields)
    return metal_of(stand(spec), spec)


# All of it.


def test_a_bare_person_wears_no_metal() -> None:
    assert _metal() == []


@pytest.mark.parametrize(
    ("fields", "attenuation", "count"),
    [
        ({"ball_mm": 25.0}, MU_STEEL, 1),
        ({"ball_mm": 25.0, "more_balls": [BallAt("L.hip")]}, MU_STEEL, 2),
        ({"ruler_mm": 300.0}, MU_LEAD, 31),
        ({"implant": {"R.femur": Implant()}}, MU_TITANIUM, 1),
        ({"implant": {"L.tibia": Implant(ImplantKind.PLATE)}}, MU_TITANIUM, 7),
        ({"block_mm": {"L": 20.0, "R": 0.0}}, MU_FOAM, 1),
    ],
)
def test_each_thing_is_of_its_own_material(
    fields: dict[str, Any], attenuation: float, count: int
) -> None:
    found = _metal(**fields)
    assert [metal.attenuation for metal in found] == [attenuation] * count
    for metal in found:
        assert is_closed(metal.solid.faces)
        assert volume_mm3(metal.solid) != 0


def test_lead_hides_more_than_steel_steel_than_titanium_and_foam_hides_nothing() -> (
    None
):
    assert MU_LEAD > MU_STEEL > MU_TITANIUM > 5 * MU_FOAM


# Balls.


@given(st.floats(5, 60), st.tuples(*[st.floats(-500, 500)] * 3))
@few
def test_a_ball_has_its_centre_its_diameter_and_its_volume(
    diameter: float, centre: tuple[float, float, float]
) -> None:
    ball = ball_at(np.array(centre), diameter)
    assert np.ptp(ball.vertices, axis=0) == pytest.approx([diameter] * 3, rel=0.01)
    assert ball.vertices.mean(axis=0) == pytest.approx(centre, abs=0.01 * diameter)
    assert abs(volume_mm3(ball)) == pytest.approx(np.pi / 6 * diameter**3, rel=0.01)


def test_a_ball_is_closed() -> None:
    assert is_closed(ball_at(np.zeros(3), 25.0).faces)


@pytest.mark.parametrize("seen_from_deg", [0.0, 2.0, 4.0, 6.0])
def test_a_ball_is_round_to_a_thousandth_from_wherever_the_beam_comes(
    seen_from_deg: float,
) -> None:
    across = np.array(
        [np.cos(np.radians(seen_from_deg)), np.sin(np.radians(seen_from_deg)), 0.0]
    )
    width = np.ptp(ball_at(np.zeros(3), 25.0).vertices @ across)
    assert width == pytest.approx(25.0, rel=0.001)


@given(st.floats(-80, 80))
@few
def test_the_first_ball_stands_beside_the_right_knee(forward: float) -> None:
    spec = FilmSpec(ball_forward_mm=forward)
    (centre,) = ball_centres(MEAN, spec)
    knee = MEAN.legs[Side.RIGHT].points["knee_centre"]
    assert centre - knee == pytest.approx([-100, forward, 90])


@given(st.sampled_from(JOINTS), st.floats(-80, 80))
@few
def test_a_further_ball_stands_lateral_of_its_joint_in_the_depth_asked_for(
    joint: str, forward: float
) -> None:
    spec = FilmSpec(more_balls=[BallAt(joint, forward)])
    side, name = Side(joint[0]), f"{joint[2:]}_centre"
    offset = ball_centres(MEAN, spec)[1] - MEAN.legs[side].points[name]
    assert offset[0] * (-1 if side is Side.RIGHT else 1) > 50
    assert offset[1] == pytest.approx(forward)


def test_the_balls_are_those_of_the_specification_in_their_order() -> None:
    beside = [BallAt("L.knee"), BallAt("R.hip"), BallAt("L.knee")]
    spec = FilmSpec(more_balls=beside)
    first, *others = ball_centres(MEAN, spec)
    assert first == pytest.approx(ball_centres(MEAN, FilmSpec())[0])
    assert others[0] == pytest.approx(others[2])
    assert others[1][2] > others[0][2] + 300


def test_without_a_diameter_there_is_no_ball_at_all() -> None:
    assert ball_centres(MEAN, replace(BARE, ball_mm=None)) == []
    with pytest.raises(FilmRefusal, match="more_balls without ball_mm"):
        replace(BARE, ball_mm=None, more_balls=[BallAt("L.knee")])


def _deepest(spec: FilmSpec) -> float:
    """Largest share of a ball's surface that lies under the skin."""
    person = stand(spec)
    balls = [ball_at(c, spec.ball_mm or 0.0) for c in ball_centres(person, spec)]
    return max(
        float(inside(ball.vertices[::1100], skin).mean())
        for ball in balls
        for skin in flesh_of(person, spec.flesh)
    )


BALLS = [BallAt(f"L.{joint}") for joint in ("hip", "knee", "ankle")]


@pytest.mark.parametrize("flesh", [0.6, 1.0, 1.3])
def test_a_ball_stands_beside_the_skin(flesh: float) -> None:
    assert _deepest(FilmSpec(flesh=flesh, more_balls=BALLS)) == 0


@pytest.mark.xfail(reason="a ball is so far from the bone, however thick the flesh")
@pytest.mark.parametrize(("flesh", "scale"), [(1.6, 1.0), (1.3, 1.25)])
def test_a_ball_stands_beside_the_skin_of_the_stout_and_the_tall(
    flesh: float, scale: float
) -> None:
    spec = FilmSpec(flesh=flesh, height_scale=scale, more_balls=BALLS)
    assert _deepest(spec) == 0


# Ruler.


@given(people, st.floats(100, 1000), st.floats(-150, 150))
@few
def test_a_ruler_stands_upright_between_the_knees_and_is_as_long_as_it_says(
    spec: FilmSpec, length: float, forward: float
) -> None:
    person = stand(spec)
    ends = ruler_ends(person, replace(spec, ruler_mm=length, ruler_forward_mm=forward))
    assert ends is not None
    top, bottom = ends
    assert top - bottom == pytest.approx([0, 0, length], abs=1e-6)
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    expected = np.mean(knees, axis=0) + np.array([0, forward, 0])
    assert (top + bottom) / 2 == pytest.approx(expected)


def test_without_a_length_there_is_no_ruler() -> None:
    assert ruler_ends(MEAN, BARE) is None


@pytest.mark.parametrize("length", [100.0, 305.0, 1000.0])
def test_a_ruler_has_a_tick_at_each_end_and_about_every_centimetre(
    length: float,
) -> None:
    ticks = _metal(ruler_mm=length)
    heights = np.array([tick.solid.vertices[:, 2].mean() for tick in ticks])
    assert heights[0] - heights[-1] == pytest.approx(length)
    apart = -np.diff(heights)
    assert apart == pytest.approx(np.full(len(apart), TICK_EVERY_MM), rel=0.05)


# Implants.


@given(stances, segments, implants)
@few
def test_an_implant_is_as_long_as_it_says_and_lies_along_its_shaft(
    stance: FilmSpec, segment: str, implant: Implant
) -> None:
    person = stand(stance)
    upper, lower = implant_ends(person, segment, implant)
    assert np.linalg.norm(upper - lower) == pytest.approx(implant.length_mm)
    where = Segment.parse(segment)
    points = person.legs[where.side].points
    short = "fem" if where.bone == "femur" else "tib"
    shaft = points[f"{short}_shaft_prox"] - points[f"{short}_shaft_dist"]
    along = (upper - lower) / np.linalg.norm(upper - lower)
    assert along == pytest.approx(shaft / np.linalg.norm(shaft), abs=1e-9)


@pytest.mark.parametrize("segment", ["R.femur", "L.tibia"])
def test_a_nail_lies_in_the_marrow(segment: str) -> None:
    (nail,) = _metal(implant={segment: Implant()})
    where = Segment.parse(segment)
    bone = MEAN.legs[where.side].bones[where.bone]
    marrow = marrow_of(str(where.bone), bone)
    assert inside(nail.solid.vertices[::10], bone).all()
    assert inside(nail.solid.vertices[::10], marrow).mean() > 0.9


@given(st.floats(40, 400), st.floats(6, 14))
@few
def test_a_nail_is_a_cylinder_with_a_point(length: float, diameter: float) -> None:
    (nail,) = _metal(
        implant={"R.tibia": Implant(length_mm=length, diameter_mm=diameter)}
    )
    cylinder = np.pi / 4 * diameter**2 * length
    assert 0.93 * cylinder < abs(volume_mm3(nail.solid)) < cylinder


@pytest.mark.parametrize("segment", ["R.femur", "L.femur", "R.tibia", "L.tibia"])
def test_a_plate_lies_on_the_lateral_cortex_and_its_screws_go_through_the_bone(
    segment: str,
) -> None:
    plate, *screws = _metal(implant={segment: Implant(ImplantKind.PLATE)})
    where = Segment.parse(segment)
    bone = MEAN.legs[where.side].bones[where.bone]
    outward = -1 if where.side is Side.RIGHT else 1
    middle = plate.solid.vertices.mean(axis=0)
    ring = bone.vertices[np.abs(bone.vertices[:, 2] - middle[2]) < 10]
    lateral = (ring[:, 0] * outward).max()
    assert middle[0] * outward == pytest.approx(lateral, abs=5)
    assert len(screws) == 6
    for screw in screws:
        assert inside(screw.solid.vertices[::8], bone).mean() > 0.5


def test_a_plate_is_a_third_as_thick_as_it_is_wide() -> None:
    plate = _metal(implant={"R.femur": Implant(ImplantKind.PLATE, 150.0, 12.0)})[0]
    # A superellipse of power 6 fills 0.97 of its rectangle.
    assert abs(volume_mm3(plate.solid)) == pytest.approx(150 * 12 * 4, rel=0.06)


@pytest.mark.xfail(reason="an implant may be longer than its bone")
def test_a_nail_does_not_leave_its_bone() -> None:
    upper, lower = implant_ends(MEAN, "L.tibia", Implant(length_mm=400.0))
    tibia = MEAN.legs[Side.LEFT].bones["tibia"].vertices[:, 2]
    assert upper[2] < tibia.max()
    assert lower[2] > tibia.min()


# Blocks.


def _block(side: str, height: float) -> tuple[Array, Array]:
    """Vertices of a block, and the sole that stands on it."""
    spec = replace(BARE, block_mm={side: height})
    person = stand(spec)
    (block,) = metal_of(person, spec)
    return block.solid.vertices, person.legs[Side(side)].points["sole"]


@given(st.sampled_from(["R", "L"]), st.floats(1, 100))
@few
def test_a_block_is_as_high_as_asked_and_reaches_up_to_the_sole(
    side: str, height: float
) -> None:
    vertices, sole = _block(side, height)
    assert np.ptp(vertices[:, 2]) == pytest.approx(height)
    assert vertices[:, 2].max() == pytest.approx(sole[2])
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    assert (low[:2] < sole[:2]).all()
    assert (sole[:2] < high[:2]).all()


@pytest.mark.parametrize("side", ["R", "L"])
def test_a_foot_stands_on_its_block_as_a_whole(side: str) -> None:
    vertices, _ = _block(side, 30.0)
    spec = replace(BARE, block_mm={side: 30.0})
    leg = stand(spec).legs[Side(side)]
    foot = np.vstack([leg.bones[n].vertices for n in ("heel", "ray_1", "ray_5")])
    assert foot[:, 1].min() > vertices[:, 1].min()
    assert foot[:, 1].max() < vertices[:, 1].max()
    assert foot[:, 2].min() > vertices[:, 2].max()

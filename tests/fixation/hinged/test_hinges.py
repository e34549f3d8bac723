"""Hinges: the oblique plane, the bisector, the wedges, and what being off does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import axes_of, sample_limb
from callotasis.errors import DeviceRefusal
from callotasis.fixation.hinged.device import HingeSettings
from callotasis.fixation.hinged.hinges import (
    Angulation,
    Wedge,
    angulation_of,
    distal_axis,
    hinge_effect,
    oblique_plane,
    ring_frame,
)
from callotasis.plan import limb_after
from callotasis.plan.osteotomy import off_cora_translation, wedge_base
from callotasis.pose import HIDDEN, Bone, Pose, Segment, Side
from callotasis.worlds import Array
from crooked import STILL, TIBIA_MM, crooked, normals, still, straight, without

TIBIA = Segment(Side.RIGHT, Bone.TIBIA)

angles = st.floats(-35, 35).filter(lambda deg: abs(deg) > 0.5)
signed = st.floats(-40, 40)
tilts = st.floats(-10, 10)


def down(tilt_deg: float) -> tuple[float, float, float]:
    """Direct a proximal part that leans laterally by this angle."""
    tilt = np.radians(tilt_deg)
    return float(np.sin(tilt)), 0.0, float(-np.cos(tilt))


def wedge_for(convex_mm: float) -> Wedge:
    """Name the wedge that hinges on this side make."""
    if convex_mm == 0:
        return Wedge.NEUTRAL
    return Wedge.OPENING if convex_mm > 0 else Wedge.CLOSING


def nominal(angulation: Angulation) -> Array:
    """Direct the distal part of a bend as it was read."""
    return distal_axis(
        angulation,
        np.array(angulation.frontal_deg),
        np.array(angulation.sagittal_deg or 0.0),
    )


def size_of(angulation: Angulation) -> float:
    """Measure a bend in its own plane [deg]."""
    return float(
        oblique_plane(angulation.frontal_deg, angulation.sagittal_deg or 0.0)[0]
    )


# Worked examples: planning facts 1.2, constructions 10 and 11.


def test_the_oblique_plane_is_that_of_the_worked_example() -> None:
    angle, plane = oblique_plane(20.0, 15.0)
    assert float(angle) == pytest.approx(24.32, abs=5e-3)
    assert float(plane) == pytest.approx(36.36, abs=5e-3)


@pytest.mark.parametrize(
    ("distance_mm", "angle_deg", "chord_mm"), [(50, 20, 17.36), (30, 15, 7.83)]
)
def test_hinges_off_the_bisector_translate_as_in_the_worked_examples(
    distance_mm: float, angle_deg: float, chord_mm: float
) -> None:
    lengthening, translation = hinge_effect(0.0, distance_mm, angle_deg)
    assert float(translation) == pytest.approx(chord_mm, abs=5e-3)
    assert float(lengthening) == 0


@pytest.mark.parametrize(
    ("width_mm", "angle_deg", "base_mm"), [(60, 10, 10.46), (65, 12, 13.59)]
)
def test_the_far_cortex_opens_as_in_the_worked_examples(
    width_mm: float, angle_deg: float, base_mm: float
) -> None:
    made = ring_frame(TIBIA, Angulation(-angle_deg), width_mm / 2, Wedge.OPENING)
    far = made.hinge_mm + np.array([[-width_mm, 0.0, 0.0]])
    opened = np.linalg.norm(made.carried(far, angle_deg, 0.0) - far)
    assert opened == pytest.approx(base_mm, abs=5e-3)
    assert opened == pytest.approx(wedge_base(width_mm, angle_deg))


# Laws of the plane.


@given(signed, signed)
def test_the_plane_projects_back_on_both_films(frontal: float, sagittal: float) -> None:
    angle, plane = oblique_plane(frontal, sagittal)
    size = np.tan(np.radians(angle))
    assert size * np.cos(np.radians(plane)) == pytest.approx(
        np.tan(np.radians(frontal)), abs=1e-12
    )
    assert size * np.sin(np.radians(plane)) == pytest.approx(
        np.tan(np.radians(sagittal)), abs=1e-12
    )


@given(signed)
def test_a_bend_in_one_plane_is_as_large_as_its_film_shows(angle: float) -> None:
    assert float(oblique_plane(angle, 0.0)[0]) == pytest.approx(abs(angle))
    assert float(oblique_plane(0.0, angle)[0]) == pytest.approx(abs(angle))


@given(signed, signed, tilts)
def test_the_distal_part_leans_by_the_true_angle(
    frontal: float, sagittal: float, tilt: float
) -> None:
    angulation = Angulation(frontal, sagittal, down=down(tilt))
    cosine = float(nominal(angulation) @ angulation.down)
    assert np.degrees(np.arccos(min(1.0, cosine))) == pytest.approx(
        size_of(angulation), abs=1e-5
    )


def test_valgus_leans_laterally_and_apex_anterior_leans_back() -> None:
    lateral, anterior, proximal = nominal(Angulation(10.0, 20.0))
    assert lateral > 0
    assert anterior < 0
    assert proximal < 0


# Laws of the hinges.


@given(angles, signed, tilts, st.floats(-60, 60))
def test_hinges_on_the_bisector_straighten_without_translation(
    frontal: float, sagittal: float, tilt: float, convex: float
) -> None:
    angulation = Angulation(frontal, sagittal, (3.0, -2.0, 25.0), down(tilt))
    made = ring_frame(TIBIA, angulation, convex, wedge_for(convex))
    angle = size_of(angulation)
    rotation, _ = made.motion(angle, 0.0)
    assert rotation @ nominal(angulation) == pytest.approx(
        np.array(angulation.down), abs=1e-9
    )
    apex = np.array([angulation.apex_mm])
    moved = (made.carried(apex, angle, 0.0) - apex)[0]
    lengthening, _ = hinge_effect(convex, 0.0, angle)
    assert angulation.axes @ moved == pytest.approx(
        [0, 0, float(lengthening)], abs=1e-9
    )


@given(angles, signed, st.floats(-60, 60), st.floats(-60, 60))
def test_hinges_anywhere_do_what_the_two_chords_say(
    frontal: float, sagittal: float, convex: float, along: float
) -> None:
    angulation = Angulation(frontal, sagittal)
    angle = size_of(angulation)
    made = ring_frame(TIBIA, angulation, convex, wedge_for(convex))
    middle = np.array(angulation.down) + nominal(angulation)
    middle = middle / np.linalg.norm(middle)
    off = made.hinge_mm + along * middle
    rotation, _ = made.motion(angle, 0.0)
    moved = off - rotation @ off
    lengthening, translation = hinge_effect(convex, along, angle)
    concave = nominal(angulation) * [1, 1, 0]
    concave = concave / np.linalg.norm(concave)
    assert moved @ angulation.down == pytest.approx(float(lengthening), abs=1e-9)
    assert moved @ concave == pytest.approx(float(translation), abs=1e-9)


@given(st.floats(-100, 100), st.floats(0, 60))
def test_the_chord_is_that_of_the_planning_room(distance: float, angle: float) -> None:
    expected = off_cora_translation(distance, angle)
    assert abs(float(hinge_effect(distance, 0.0, angle)[0])) == pytest.approx(expected)


@given(angles, signed)
def test_a_left_leg_is_the_mirror_image_of_a_right_one(
    frontal: float, sagittal: float
) -> None:
    """The limb frame is mirrored at the door: the same bend, the same hinges."""
    left = Segment(Side.LEFT, Bone.TIBIA)
    made = [
        ring_frame(s, Angulation(frontal, sagittal), 20.0, Wedge.OPENING)
        for s in (TIBIA, left)
    ]
    assert np.array_equal(made[0].hinge_mm, made[1].hinge_mm)
    opposite = ring_frame(TIBIA, Angulation(-frontal, sagittal), 20.0, Wedge.OPENING)
    assert opposite.hinge_mm == pytest.approx(made[0].hinge_mm * [-1, 1, 1])


def test_the_hinges_of_a_varus_bone_lie_laterally_for_an_opening_wedge() -> None:
    varus = ring_frame(TIBIA, Angulation(-15.0), 20.0, Wedge.OPENING)
    assert varus.hinge_mm[0] == pytest.approx(20 * np.cos(np.radians(7.5)))
    assert varus.not_measured == HIDDEN
    assert varus.pose(HingeSettings(15.0, 0.0)).valgus_deg == pytest.approx(15)


# On a leg.


@given(angles, st.floats(0.3, 0.7), st.floats(0.25, 0.75), st.sampled_from(Side))
@settings(max_examples=25, deadline=None)
def test_neutral_hinges_make_a_crooked_leg_straight_wherever_it_is_cut(
    valgus: float, share: float, cut_share: float, side: Side
) -> None:
    segment = Segment(side, Bone.TIBIA)
    points = without(crooked(Bone.TIBIA, valgus, share), "fem_shaft", "tib_shaft")
    limb = still(points, side)
    (axes,) = axes_of(limb, Bone.TIBIA, normals(), STILL).values()
    cut = cut_share * TIBIA_MM
    angulation = angulation_of(limb, segment, axes, cut)
    made = ring_frame(segment, angulation, 0.0, Wedge.NEUTRAL)
    after = limb_after(limb, segment, cut, made.pose(HingeSettings(abs(valgus), 0.0)))
    expected = straight()["ankle_centre"]
    assert after["ankle_centre"][0, [0, 2]] == pytest.approx(expected, abs=1e-6)
    assert sample_limb(after)["hka_deviation_deg"][0] == pytest.approx(0, abs=1e-6)


# Refusals.


@pytest.mark.parametrize(
    ("convex_mm", "wedge", "made"),
    [
        (-20.0, Wedge.OPENING, "closing"),
        (0.0, Wedge.OPENING, "neutral"),
        (20.0, Wedge.CLOSING, "opening"),
        (float("nan"), Wedge.CLOSING, "closing"),
    ],
)
def test_hinges_on_the_wrong_side_for_the_wedge_are_refused(
    convex_mm: float, wedge: Wedge, made: str
) -> None:
    with pytest.raises(DeviceRefusal, match=f"wedge {made}; asked is {wedge}"):
        ring_frame(TIBIA, Angulation(-15.0), convex_mm, wedge)


def test_a_straight_bone_needs_no_hinges() -> None:
    with pytest.raises(DeviceRefusal, match=r"R\.tibia is bent by 0\.00°"):
        ring_frame(TIBIA, Angulation(0.0), 0.0, Wedge.NEUTRAL)


def test_a_bend_beyond_the_limit_is_refused_in_its_own_plane_too() -> None:
    with pytest.raises(DeviceRefusal, match=r"bent by 64\.\d+°; .* up to 60°"):
        ring_frame(TIBIA, Angulation(55.0, 56.0), 0.0, Wedge.NEUTRAL)


@pytest.mark.parametrize("angle", [60.1, -90.0, float("nan")])
def test_an_angle_that_no_film_can_show_is_refused(angle: float) -> None:
    with pytest.raises(DeviceRefusal, match="allowed is up to 60° either way"):
        Angulation(angle)
    with pytest.raises(DeviceRefusal, match="allowed is up to 60° either way"):
        Angulation(0.0, angle)


def test_an_axis_out_of_the_frontal_plane_is_refused() -> None:
    with pytest.raises(DeviceRefusal, match="a unit vector in the frontal plane"):
        Angulation(10.0, down=(0.0, 0.1, -0.9))
    with pytest.raises(DeviceRefusal, match="needed are an apex in millimetres"):
        Angulation(10.0, apex_mm=(0.0, float("inf"), 0.0))


def test_a_pose_of_the_frontal_film_alone_finds_its_hinges() -> None:
    made = ring_frame(TIBIA, Angulation(-15.0), 0.0, Wedge.NEUTRAL)
    found, rest = made.settings(Pose(valgus_deg=15.0, not_measured=HIDDEN))
    assert found == HingeSettings(15.0, 0.0)
    assert rest.valgus_deg == pytest.approx(0)

"""The leg in space: clicks, depths and the turn of the leg."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment.limb import Limb, limbs_on, need
from callotasis.errors import LandmarkRefusal
from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.calibration import (
    Calibration,
    FilmFacts,
    Joint,
    KnownGeometry,
    calibrate,
)
from callotasis.radiograph.landmarks import SCATTER, Landmarks, landmarks_from
from callotasis.worlds import Worlds
from darkroom import bare_film
from legs import COLUMNS, ROWS, mirror_image, standing, standing_points

FILM = bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.5))
FACTS = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
MAGNIFIED = KnownGeometry(magnification=1.05, magnification_sd=0.01, source_mm=2600.0)
CENTRES = {
    Joint.HIP: "hip_centre",
    Joint.KNEE: "knee_centre",
    Joint.ANKLE: "ankle_centre",
}


def _calibrated(landmarks: Landmarks, worlds: Worlds) -> Calibration:
    return calibrate(FILM, landmarks, MAGNIFIED, FACTS, worlds)


def _limbs(
    landmarks: Landmarks | None = None, worlds: Worlds | None = None
) -> dict[Side, Limb]:
    landmarks, worlds = landmarks or standing(), worlds or Worlds(1)
    return limbs_on(landmarks, _calibrated(landmarks, worlds), worlds)


def test_every_landmark_is_placed_in_every_world() -> None:
    limbs = _limbs(worlds=Worlds(7))
    for side in Side:
        assert set(limbs[side].points) == set(standing_points()[str(side)])
        for points in limbs[side].points.values():
            assert points.shape == (8, 3)
            assert np.isfinite(points).all()


@pytest.mark.parametrize("side", Side)
def test_lateral_anterior_and_proximal_are_positive_on_both_sides(side: Side) -> None:
    limb = _limbs()[side]
    lateral = limb["fem_condyle_lat"][0] - limb["fem_condyle_med"][0]
    proximal = limb["hip_centre"][0] - limb["ankle_centre"][0]
    assert lateral[0] > 0
    assert proximal[1] > 0  # the hip stands before the ankle
    assert proximal[2] > 0


def test_the_mirror_image_of_a_film_gives_the_same_legs() -> None:
    here, there = _limbs(), _limbs(mirror_image(standing(), COLUMNS))
    for side in Side:
        for name, points in here[side].points.items():
            other = there[side.other][name]
            np.testing.assert_allclose(points[0], other[0], atol=1e-9)


@pytest.mark.parametrize("joint", Joint)
def test_a_joint_lies_at_the_depth_of_its_calibration(joint: Joint) -> None:
    landmarks, worlds = standing(), Worlds(50)
    calibration = _calibrated(landmarks, worlds)
    still = replace(calibration, rotation_rad=dict.fromkeys(Side, np.zeros(51)))
    limb = limbs_on(landmarks, still, worlds)[Side.LEFT]
    depth = calibration.depth_mm[Side.LEFT, joint]
    np.testing.assert_allclose(limb[CENTRES[joint]][:, 1], depth)


def test_the_trochanter_lies_behind_the_hip_as_the_evidence_says() -> None:
    limb = _limbs()[Side.RIGHT]
    behind = limb["troch_tip"][0, 1] - limb["hip_centre"][0, 1]
    assert behind == pytest.approx(constant("calibration.trochanter_depth").value)


def test_a_femur_bows_forward_most_in_its_middle() -> None:
    points = standing_points()["R"]
    hip, knee = points["hip_centre"][1], points["knee_centre"][1]
    points["fem_above_1"] = [190.0, (hip + knee) / 2]
    points["fem_above_2"] = [190.0, hip]
    points["fem_below_1"] = [190.0, knee]
    limb = _limbs(landmarks_from({"R": points}))[Side.RIGHT]
    depths = {name: limb[name][0, 1] for name in points}
    between = (depths["hip_centre"] + depths["knee_centre"]) / 2
    bow = constant("calibration.shaft_bow").value
    assert depths["fem_above_1"] == pytest.approx(between + bow)
    assert depths["fem_above_2"] == pytest.approx(depths["hip_centre"])
    assert depths["fem_below_1"] == pytest.approx(depths["knee_centre"])


def test_a_tibia_is_straight_between_knee_and_ankle() -> None:
    points = standing_points()["R"]
    knee, ankle = points["knee_centre"][1], points["ankle_centre"][1]
    points["tib_above_1"] = [190.0, 0.75 * knee + 0.25 * ankle]
    limb = _limbs(landmarks_from({"R": points}))[Side.RIGHT]
    depths = {name: limb[name][0, 1] for name in points}
    quarter = 0.75 * depths["knee_centre"] + 0.25 * depths["ankle_centre"]
    assert depths["tib_above_1"] == pytest.approx(quarter)


@pytest.mark.parametrize("name", sorted(set(SCATTER) - {"side_marker"}))
def test_a_click_scatters_as_the_evidence_says(name: str) -> None:
    points = standing_points()["R"]
    points.setdefault(name, [190.0, 700.0 if name.startswith("fem") else 1300.0])
    landmarks, worlds = landmarks_from({"R": points}), Worlds(4000)
    still = _without_depth(_calibrated(landmarks, worlds))
    placed = limbs_on(landmarks, still, worlds)[Side.RIGHT][name][1:]
    spread = constant(SCATTER[name]).value
    # The scale of one world scatters by 1 %: that adds next to nothing near the beam.
    assert placed[:, 0].std() == pytest.approx(spread, rel=0.05)
    assert placed[:, 2].std() == pytest.approx(spread, rel=0.05)


def _without_depth(calibration: Calibration) -> Calibration:
    """Keep only the click uncertain, all points in the reference plane."""
    zero = np.zeros_like(calibration.reference_mm_per_px)
    return replace(
        calibration,
        reference_mm_per_px=zero + calibration.reference_mm_per_px[0],
        source_to_reference_mm=zero + 1e12,
        centre_px=np.tile(calibration.centre_px[0], (len(zero), 1)),
        rotation_rad=dict.fromkeys(Side, zero),
    )


@settings(max_examples=20)
@given(st.floats(-1.0, 1.0))
def test_turning_a_leg_keeps_every_distance_and_height(turn_rad: float) -> None:
    landmarks, worlds = standing(), Worlds(3)
    calibration = _calibrated(landmarks, worlds)
    still, turned = (
        limbs_on(
            landmarks,
            replace(calibration, rotation_rad=dict.fromkeys(Side, np.full(4, rad))),
            worlds,
        )[Side.RIGHT]
        for rad in (0.0, turn_rad)
    )
    for one in still.points:
        np.testing.assert_allclose(turned[one][:, 2], still[one][:, 2])
        for other in still.points:
            np.testing.assert_allclose(
                np.linalg.norm(turned[one] - turned[other], axis=1),
                np.linalg.norm(still[one] - still[other], axis=1),
                atol=1e-9,
            )


def test_a_marker_is_no_point_of_the_leg() -> None:
    points = standing_points()["R"] | {"side_marker": [80.0, 1700.0]}
    assert not _limbs(landmarks_from({"R": points}))[Side.RIGHT].has("side_marker")


def test_a_limb_knows_which_landmarks_it_has() -> None:
    limb = _limbs(standing(Side.RIGHT))[Side.RIGHT]
    assert limb.has("hip_centre", "knee_centre")
    assert not limb.has("hip_centre", "fem_above_1")
    np.testing.assert_array_equal(
        limb.frontal("hip_centre"), limb["hip_centre"][:, ::2]
    )


def test_needed_landmarks_that_were_not_placed_are_named() -> None:
    limb = _limbs(standing(Side.LEFT))[Side.LEFT]
    need(limb, "hip_centre", "knee_centre")
    with pytest.raises(
        LandmarkRefusal, match="L: fem_above_1, fem_above_2 needed and not placed"
    ):
        need(limb, "hip_centre", "fem_above_1", "fem_above_2")

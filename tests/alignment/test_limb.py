"""The leg in space: clicks, depths and the turn of the leg."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment.limb import Limb, limbs_on, need
from callotasis.errors import LandmarkRefusal
from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.calibration import Calibration, calibrate
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.landmarks import (
    ALONG,
    REFINED,
    SCATTER,
    Landmarks,
    View,
    click_spread_mm,
    landmarks_from,
    names_on,
)
from callotasis.radiograph.stance import shin_mm
from callotasis.worlds import Array, Worlds
from darkroom import bare_film
from legs import (
    COLUMNS,
    ROWS,
    every_point,
    mirror_image,
    standing,
    standing_points,
)

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
    limb = _limbs(landmarks_from(every_point()))[side]
    lateral = limb["fem_condyle_lat"][0] - limb["fem_condyle_med"][0]
    anterior = limb["patella_centre"][0] - limb["knee_centre"][0]
    proximal = limb["hip_centre"][0] - limb["ankle_centre"][0]
    assert lateral[0] > 0
    assert anterior[1] > 0
    assert proximal[2] > 0


@pytest.mark.parametrize("side", Side)
def test_a_leg_is_measured_in_its_own_frontal_plane(side: Side) -> None:
    landmarks, worlds = standing(), Worlds(50)
    calibration = _calibrated(landmarks, worlds)
    leaning = (
        calibration.depth_mm[side, Joint.HIP]
        - (calibration.depth_mm[side, Joint.ANKLE])
    )
    limb = limbs_on(landmarks, calibration, worlds)[side]
    assert np.abs(leaning).min() > 0
    np.testing.assert_allclose(
        limb["ankle_centre"][:, 1], limb["hip_centre"][:, 1], atol=1e-9
    )


def test_every_landmark_of_a_frontal_film_has_its_place_in_these_tests() -> None:
    for points in every_point().values():
        assert {*points, "side_marker"} == {*names_on(View.FRONTAL)}


def test_the_mirror_image_of_a_film_gives_the_same_legs() -> None:
    here, there = _limbs(), _limbs(mirror_image(standing(), COLUMNS))
    for side in Side:
        for name, points in here[side].points.items():
            other = there[side.other][name]
            np.testing.assert_allclose(points[0], other[0], atol=1e-9)


def _unturned(calibration: Calibration) -> Calibration:
    none = np.zeros_like(calibration.source_mm)
    return replace(calibration, rotation_rad=dict.fromkeys(Side, none))


def _depths(limb: Limb, calibration: Calibration) -> dict[str, Array]:
    """Depth of every point, the leg leaning again as it stood before the detector."""
    hip, down = limb["hip_centre"], limb["hip_centre"] - limb["ankle_centre"]
    depth = {j: calibration.depth_mm[limb.side, j] for j in Joint}
    lean = np.arcsin((depth[Joint.HIP] - depth[Joint.ANKLE]) / down[:, 2])
    return {
        name: hip[:, 1]
        + (point - hip)[:, 1] * np.cos(lean)
        + (point - hip)[:, 2] * np.sin(lean)
        for name, point in limb.points.items()
    }


def _nominal_depths(points: dict[str, list[float]]) -> dict[str, float]:
    """Depth in world 0 of every point of a right leg that is not turned."""
    landmarks, worlds = landmarks_from({"R": points}), Worlds(1)
    calibration = _unturned(_calibrated(landmarks, worlds))
    limb = limbs_on(landmarks, calibration, worlds)[Side.RIGHT]
    return {n: float(d[0]) for n, d in _depths(limb, calibration).items()}


@pytest.mark.parametrize("joint", Joint)
def test_a_joint_lies_at_the_depth_of_its_calibration(joint: Joint) -> None:
    landmarks, worlds = standing(), Worlds(50)
    calibration = _unturned(_calibrated(landmarks, worlds))
    limb = limbs_on(landmarks, calibration, worlds)[Side.LEFT]
    found = _depths(limb, calibration)[CENTRES[joint]]
    np.testing.assert_allclose(found, calibration.depth_mm[Side.LEFT, joint])


def test_standing_a_leg_upright_keeps_every_distance_and_its_width() -> None:
    landmarks, worlds = standing(), Worlds(1)
    calibration = _unturned(_calibrated(landmarks, worlds))
    limb = limbs_on(landmarks, calibration, worlds)[Side.LEFT]
    depths = _depths(limb, calibration)
    film = {
        name: calibration.points(np.array([point] * 2), depths[name])[0] * [-1, 1, 1]
        for name, point in landmarks.sides[Side.LEFT].items()
    }
    for one, other in combinations(film, 2):
        apart, on_film = limb[one][0] - limb[other][0], film[one] - film[other]
        assert np.linalg.norm(apart) == pytest.approx(np.linalg.norm(on_film))
        # A left leg is computed as a right one: mirrored.
        assert apart[0] == pytest.approx(-on_film[0], abs=1e-9)


@pytest.mark.parametrize(
    ("name", "joint", "key"),
    [
        ("troch_tip", Joint.HIP, "trochanter_depth"),
        ("fem_condyle_med", Joint.KNEE, "joint_line_depth"),
        ("fem_condyle_lat", Joint.KNEE, "joint_line_depth"),
        ("tib_plateau_med", Joint.KNEE, "plateau_medial_depth"),
        ("tib_plateau_lat", Joint.KNEE, "plateau_lateral_depth"),
        ("tib_rim_lat", Joint.KNEE, "joint_line_depth"),
        ("patella_centre", Joint.KNEE, "patella_depth"),
        ("plafond_med", Joint.ANKLE, "plafond_depth"),
        ("sole", Joint.ANKLE, "sole_depth"),
    ],
)
def test_a_point_lies_before_its_joint_as_the_evidence_says(
    name: str, joint: Joint, key: str
) -> None:
    depths = _nominal_depths(every_point()["R"])
    before = depths[name] - depths[CENTRES[joint]]
    assert before == pytest.approx(constant(f"calibration.{key}").value, abs=1e-9)


def _between(points: dict[str, list[float]], name: str, share: float) -> list[float]:
    """A point at a share of the way from the knee to the hip or to the ankle."""
    upper, lower = "hip_centre", "knee_centre"
    if name.startswith("tib_"):
        upper, lower = "knee_centre", "ankle_centre"
    rows = [points[end][1] for end in (upper, lower)]
    return [190.0, (1 - share) * rows[0] + share * rows[1]]


MOST_BOWED = 2 ** (-1 / 3)
"""Share of the way from hip to knee where a femur stands farthest forward."""


@pytest.mark.parametrize(
    ("share", "of_bow"),
    [(0.0, 0.0), (0.5, np.sin(np.pi / 8)), (MOST_BOWED, 1.0), (1.0, 0.0)],
)
def test_a_femur_bows_forward_most_at_four_fifths_of_its_way(
    share: float, of_bow: float
) -> None:
    points = standing_points()["R"]
    points["fem_above_1"] = _between(points, "fem_above_1", share)
    depths = _nominal_depths(points)
    line = (1 - share) * depths["hip_centre"] + share * depths["knee_centre"]
    bow = of_bow * constant("calibration.shaft_bow").value
    assert depths["fem_above_1"] == pytest.approx(line + bow)


def test_femurs_bow_by_as_much_as_the_evidence_says() -> None:
    points, worlds = standing_points()["R"], Worlds(4000)
    points["fem_above_1"] = _between(points, "fem_above_1", MOST_BOWED)
    landmarks = landmarks_from({"R": points})
    calibration = _unturned(_calibrated(landmarks, worlds))
    limb = limbs_on(landmarks, calibration, worlds)[Side.RIGHT]
    depths = _depths(limb, calibration)
    line = (1 - MOST_BOWED) * depths["hip_centre"] + MOST_BOWED * depths["knee_centre"]
    bow = (depths["fem_above_1"] - line)[1:]
    row = constant("calibration.shaft_bow")
    assert bow.mean() == pytest.approx(row.value, abs=0.1 * row.spread)
    assert bow.std() == pytest.approx(row.spread, rel=0.05)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.6, 0.9, 1.0])
def test_a_tibia_stands_before_the_line_from_knee_to_ankle_as_shins_do(
    share: float,
) -> None:
    points = standing_points()["R"]
    points["tib_above_1"] = _between(points, "tib_above_1", share)
    depths = _nominal_depths(points)
    line = (1 - share) * depths["knee_centre"] + share * depths["ankle_centre"]
    assert depths["tib_above_1"] == pytest.approx(line + shin_mm(share))


@pytest.mark.parametrize("name", sorted({*names_on(View.FRONTAL)} - {"side_marker"}))
def test_a_click_scatters_as_the_evidence_says(name: str) -> None:
    landmarks, worlds = landmarks_from(every_point()), Worlds(4000)
    still = _only_clicks(_calibrated(landmarks, worlds))
    placed = limbs_on(landmarks, still, worlds)[Side.RIGHT][name][1:]
    across, along = SCATTER[name], ALONG.get(name, SCATTER[name])
    assert placed[:, 0].std() == pytest.approx(constant(along).value, rel=0.05)
    assert placed[:, 2].std() == pytest.approx(constant(across).value, rel=0.05)


@pytest.mark.parametrize("name", sorted({*REFINED} & {*names_on(View.FRONTAL)}))
def test_a_refined_point_scatters_as_the_picture_does(name: str) -> None:
    points, worlds = every_point(), Worlds(4000)
    landmarks = landmarks_from({**points, "refined": {"R": [name]}})
    still = _only_clicks(_calibrated(landmarks, worlds))
    limbs = limbs_on(landmarks, still, worlds)
    spread = click_spread_mm(name, refined=True)
    assert spread[1] == constant(REFINED[name]).value
    for axis, mm in zip((0, 2), spread, strict=True):
        assert limbs[Side.RIGHT][name][1:, axis].std() == pytest.approx(mm, rel=0.05)
    assert limbs[Side.LEFT][name][1:, 2].std() == pytest.approx(
        constant(SCATTER[name]).value, rel=0.05
    )


def _only_clicks(calibration: Calibration) -> Calibration:
    """Keep only the click uncertain: a parallel beam, and joints in one plane."""
    count = len(calibration.source_mm)
    return replace(
        _unturned(calibration),
        pitch_mm=np.full(count, calibration.mm_per_px[0]),
        source_mm=np.full(count, 1e12),
        centre_px=np.tile(calibration.centre_px[0], (count, 1)),
        depth_mm={key: np.full(count, 100.0) for key in calibration.depth_mm},
    )


def _turned(calibration: Calibration, turn_rad: float) -> Calibration:
    turn = np.full_like(calibration.source_mm, turn_rad)
    return replace(calibration, rotation_rad=dict.fromkeys(Side, turn))


@settings(max_examples=20)
@given(st.floats(-1.0, 1.0))
def test_turning_a_leg_keeps_every_distance_and_its_mechanical_axis(
    turn_rad: float,
) -> None:
    landmarks, worlds = standing(), Worlds(3)
    known = replace(
        _calibrated(landmarks, worlds),
        # What was measured does not depend on how the leg is turned.
        typed_depth_mm={(Side.RIGHT, n): 120.0 for n in standing_points()["R"]},
    )
    still, turned = (
        limbs_on(landmarks, _turned(known, rad), worlds)[Side.RIGHT]
        for rad in (0.0, turn_rad)
    )
    axis = still["hip_centre"] - still["ankle_centre"]
    for one in still.points:
        moved = turned[one] - still[one]
        np.testing.assert_allclose(np.sum(moved * axis, axis=1), 0, atol=1e-6)
        for other in still.points:
            np.testing.assert_allclose(
                np.linalg.norm(turned[one] - turned[other], axis=1),
                np.linalg.norm(still[one] - still[other], axis=1),
                atol=1e-9,
            )
    for end in ("hip_centre", "ankle_centre"):
        np.testing.assert_allclose(turned[end], still[end], atol=1e-9)


@pytest.mark.parametrize("turn_deg", [-20.0, 10.0, 20.0])
def test_the_knee_of_a_turned_leg_faces_forward_again(turn_deg: float) -> None:
    """A line of the film that lay across a turned leg is longer than it looked."""
    points = {
        "hip_centre": [200.0, 200.0],
        "knee_centre": [200.0, 960.0],
        "ankle_centre": [200.0, 1620.0],
        "fem_condyle_med": [240.0, 960.0],
        "fem_condyle_lat": [160.0, 960.0],
    }
    landmarks, worlds = landmarks_from({"R": points}), Worlds(1)
    flat, turn = _only_clicks(_calibrated(landmarks, worlds)), np.radians(turn_deg)
    limb = limbs_on(landmarks, _turned(flat, float(turn)), worlds)[Side.RIGHT]
    line = (limb["fem_condyle_lat"] - limb["fem_condyle_med"])[0]
    on_film = 80 * flat.mm_per_px[0]
    np.testing.assert_allclose(line, [on_film / np.cos(turn), 0, 0], atol=1e-9)


def test_a_leg_that_is_turned_outwards_is_turned_back_inwards() -> None:
    landmarks, worlds = standing(), Worlds(1)
    known = replace(
        _calibrated(landmarks, worlds),
        typed_depth_mm={(Side.RIGHT, n): 120.0 for n in standing_points()["R"]},
    )
    still, turned = (
        limbs_on(landmarks, _turned(known, rad), worlds)[Side.RIGHT]
        for rad in (0.0, 0.1)
    )
    forward = [
        (limb["fem_condyle_lat"] - limb["fem_condyle_med"])[0, 1]
        for limb in (still, turned)
    ]
    assert forward[1] > forward[0]


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

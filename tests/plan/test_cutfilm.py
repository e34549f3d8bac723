"""The film cut and moved: the picture shows what the numbers say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from callotasis.alignment import Limb, MeasuredFilm, measure_film
from callotasis.plan import (
    CutFilm,
    Osteotomy,
    Picture,
    Target,
    cut_and_move,
    limbs_after,
)
from callotasis.plan.osteotomy import bone_length
from callotasis.pose import Bone, Pose, Segment, Side
from callotasis.radiograph import FilmFacts, Joint, KnownGeometry, Landmarks
from callotasis.worlds import Array, Worlds
from crooked import on_film, straight
from darkroom import film_of

ROWS, COLUMNS = 1500, 700
PITCH_MM, MAGNIFICATION = 0.6, 1.05
BY_MAGNIFICATION = KnownGeometry(magnification=MAGNIFICATION, magnification_sd=0.01)
FACTS = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
SEGMENTS = [Segment(side, bone) for side in Side for bone in Bone]

Marks = list[tuple[float, float]]


def _landmarks(finer: float = 1.0) -> Landmarks:
    """Draw two straight legs as large as the film shows them."""
    px_per_mm = MAGNIFICATION / PITCH_MM * finer
    return on_film(straight(), straight(), round(COLUMNS * finer), px_per_mm)


def _measured(
    pixels: Picture,
    known: KnownGeometry = BY_MAGNIFICATION,
    landmarks: Landmarks | None = None,
    pitch_mm: float = PITCH_MM,
) -> MeasuredFilm:
    film = film_of(pixels, spacing_mm=(pitch_mm, pitch_mm))
    return measure_film(film, landmarks or _landmarks(), known, FACTS, Worlds(50))


def _marked(marks: Marks, finer: float = 1.0) -> Picture:
    """Film with a bright spot of 5 mm on each mark."""
    pixels = np.zeros((round(ROWS * finer), round(COLUMNS * finer)), np.float32)
    half = round(4 * finer)
    for column, row in marks:
        at = np.s_[
            round(row) - half : round(row) + half,
            round(column) - half : round(column) + half,
        ]
        pixels[at] = 1.0
    return pixels


def _cut(
    measured: MeasuredFilm, poses: dict[Segment, Pose], share: float = 0.4
) -> tuple[CutFilm, dict[Side, Limb]]:
    """Cut at a share of each bone; give the pictures, and the limbs that should be."""
    targets = {}
    for segment, pose in poses.items():
        length = bone_length(measured.limbs[segment.side], segment.bone)
        gain = max(pose.lengthening_mm, 0.0)
        cut = Osteotomy(share * length)
        targets[segment] = Target(segment, cut, Pose(), pose, gain, length)
    levels = {s: (targets[s].cut.level_mm, pose) for s, pose in poses.items()}
    shown = cut_and_move(measured, targets, poses)
    return shown, limbs_after(measured.limbs, levels)


def _spot(picture: Picture, near: Array, reach: int = 25) -> Array:
    """Middle of the light around a place, (column, row) [px]."""
    left, top = (round(float(v)) - reach for v in near)
    window = picture[max(top, 0) : top + 2 * reach, max(left, 0) : left + 2 * reach]
    assert window.sum() > 10, "no light where it was expected"
    rows, columns = np.indices(window.shape)
    middle = [
        (at * window).sum() / window.sum() + 0.5 + start
        for at, start in ((columns, max(left, 0)), (rows, max(top, 0)))
    ]
    return np.array(middle)


def _on_film(measured: MeasuredFilm, limb: Limb, name: str) -> tuple[float, float]:
    """Project a landmark of a limb back onto the film."""
    x, y, z = limb[name][0]
    calibration = measured.calibration
    shrink = 1 - y / calibration.source_to_reference_mm[0]
    size = calibration.reference_mm_per_px[0] * shrink
    to_left = -x if limb.side is Side.RIGHT else x
    column, row = calibration.centre_px[0] + np.array([to_left, -z]) / size
    return float(column), float(row)


ANKLE = "ankle_centre"


def _ankle(side: Side, finer: float = 1.0) -> tuple[float, float]:
    return _landmarks(finer).sides[side][ANKLE]


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_a_gain_shifts_the_moving_part_down_by_its_millimetres(
    segment: Segment,
) -> None:
    measured = _measured(_marked([_ankle(segment.side)]))
    shown, _ = _cut(measured, {segment: Pose(proximal_mm=-42.0)})
    place = shown.placed(_ankle(segment.side))
    before, after = _spot(shown.before, place), None
    after = _spot(shown.after, before + [0, 42.0 / shown.mm_per_px])
    assert after - before == pytest.approx([0, 42.0 / shown.mm_per_px], abs=0.1)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
@pytest.mark.parametrize("valgus", [-8.0, 8.0])
def test_valgus_carries_the_moving_part_laterally_on_either_side(
    segment: Segment, valgus: float
) -> None:
    measured = _measured(_marked([_ankle(segment.side)]))
    shown, after = _cut(measured, {segment: Pose(valgus_deg=valgus)})
    place = shown.placed(_ankle(segment.side))
    landed = _spot(
        shown.after, shown.placed(_on_film(measured, after[segment.side], ANKLE))
    )
    outward = -1 if segment.side is Side.RIGHT else 1
    assert (landed[0] - place[0]) * outward * valgus > 0


POSES = {
    "gain": Pose(proximal_mm=-60.0),
    "valgus": Pose(valgus_deg=12.0),
    "varus": Pose(valgus_deg=-12.0),
    "lateral shift": Pose(lateral_mm=15.0),
    "all": Pose(lateral_mm=-10.0, proximal_mm=-45.0, valgus_deg=9.0),
}


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
@pytest.mark.parametrize("name", POSES)
def test_the_picture_and_the_limb_move_to_the_same_place(
    segment: Segment, name: str
) -> None:
    side = segment.side
    measured = _measured(_marked([_ankle(side)]))
    shown, after = _cut(measured, {segment: POSES[name]})
    expected = shown.placed(_on_film(measured, after[side], ANKLE))
    assert np.hypot(*(_spot(shown.after, expected) - expected)) < 1.5


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_a_film_of_many_pixels_is_shown_smaller_and_moves_alike(
    segment: Segment,
) -> None:
    finer = 2.0
    side = segment.side
    measured = _measured(
        _marked([_ankle(side, finer)], finer),
        landmarks=_landmarks(finer),
        pitch_mm=PITCH_MM / finer,
    )
    shown, after = _cut(measured, {segment: POSES["all"]})
    assert shown.factor > 1.5
    assert shown.before.shape[0] < measured.film.rows
    here, there = (
        shown.placed(point)
        for point in (_ankle(side, finer), _on_film(measured, after[side], ANKLE))
    )
    assert np.hypot(*(_spot(shown.before, here) - here)) < 1.0
    assert np.hypot(*(_spot(shown.after, there) - there)) < 1.5


@pytest.mark.parametrize("side", Side)
def test_a_femur_carries_its_moved_tibia_along(side: Side) -> None:
    measured = _measured(_marked([_ankle(side)]))
    poses = {
        Segment(side, Bone.TIBIA): Pose(proximal_mm=-30.0, valgus_deg=-6.0),
        Segment(side, Bone.FEMUR): Pose(proximal_mm=-25.0, valgus_deg=8.0),
    }
    shown, after = _cut(measured, poses)
    expected = shown.placed(_on_film(measured, after[side], ANKLE))
    assert np.hypot(*(_spot(shown.after, expected) - expected)) < 1.5


def test_both_legs_may_be_cut() -> None:
    measured = _measured(_marked([_ankle(side) for side in Side]))
    poses = {
        Segment(Side.LEFT, Bone.TIBIA): Pose(proximal_mm=-30.0, valgus_deg=5.0),
        Segment(Side.RIGHT, Bone.FEMUR): Pose(proximal_mm=-50.0),
    }
    shown, after = _cut(measured, poses)
    for side in Side:
        expected = shown.placed(_on_film(measured, after[side], ANKLE))
        assert np.hypot(*(_spot(shown.after, expected) - expected)) < 1.5


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_known_depths_move_the_picture_as_far_as_a_ball_does(segment: Segment) -> None:
    # With the depth of every joint known, the plane of reference is the detector: a
    # bone before it is shown larger, and so must be its way.
    side = segment.side
    depth_mm = {(s, j): 2600 - 2600 / MAGNIFICATION for s in Side for j in Joint}
    known = KnownGeometry(source_mm=2600.0, depth_mm=depth_mm)
    measured = _measured(_marked([_ankle(side)]), known)
    shown, after = _cut(measured, {segment: Pose(proximal_mm=-60.0)})
    expected = shown.placed(_on_film(measured, after[side], ANKLE))
    assert np.hypot(*(_spot(shown.after, expected) - expected)) < 1.5


# What stays.


def _texture() -> Picture:
    return np.random.default_rng(1).uniform(0.2, 1, (ROWS, COLUMNS)).astype(np.float32)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
@pytest.mark.parametrize("pose", [POSES["gain"], POSES["all"]], ids=["gain", "all"])
def test_the_other_leg_stays_as_it_was(segment: Segment, pose: Pose) -> None:
    shown, _ = _cut(_measured(_texture()), {segment: pose})
    middle = shown.before.shape[1] // 2
    # A leg that turns may reach over the middle; 60 mm beyond it nothing does.
    beyond = middle + round(60 / shown.mm_per_px) * (
        1 if segment.side is Side.RIGHT else -1
    )
    other = np.s_[:, beyond:] if segment.side is Side.RIGHT else np.s_[:, :beyond]
    assert np.array_equal(shown.after[other], shown.before[other])
    assert not shown.moved[other].any()
    assert not np.array_equal(shown.after, shown.before)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_what_lies_above_the_cut_stays_as_it_was(segment: Segment) -> None:
    measured = _measured(_texture())
    shown, _ = _cut(measured, {segment: POSES["gain"]})
    top, bottom = (
        shown.placed(measured.landmarks.sides[segment.side][name])[1]
        for name in (
            ("hip_centre", "knee_centre")
            if segment.bone is Bone.FEMUR
            else ("knee_centre", ANKLE)
        )
    )
    cut = int(top + 0.4 * (bottom - top)) - 1
    assert np.array_equal(shown.after[:cut], shown.before[:cut])
    assert not shown.moved[:cut].any()


def test_the_gap_is_as_dark_as_the_film_beside_the_body() -> None:
    pixels = np.full((ROWS, COLUMNS), 0.1, np.float32)
    pixels[:, 80:-80] = 0.8
    shown, _ = _cut(_measured(pixels), {SEGMENTS[0]: POSES["gain"]})
    hip, knee = (
        shown.placed(_landmarks().sides[Side.RIGHT][f"{joint}_centre"])
        for joint in ("hip", "knee")
    )
    cut = hip + 0.4 * (knee - hip)
    gap = shown.after[
        int(cut[1]) + 3 : int(cut[1] + 60 / shown.mm_per_px) - 3, int(cut[0])
    ]
    assert gap == pytest.approx(0.1, abs=1e-5)
    assert shown.after[int(cut[1]) - 3, int(cut[0])] == pytest.approx(0.8)
    assert shown.after[int(cut[1] + 60 / shown.mm_per_px) + 3, int(cut[0])] == (
        pytest.approx(0.8)
    )


def test_nothing_is_lost_below_the_edge_of_the_film() -> None:
    low = (_ankle(Side.LEFT)[0], ROWS - 10.0)
    measured = _measured(_marked([low]))
    shown, _ = _cut(measured, {SEGMENTS[3]: Pose(proximal_mm=-80.0)})
    expected = shown.placed(low) + [0, 80 / shown.mm_per_px]
    assert _spot(shown.after, expected) == pytest.approx(expected, abs=1.0)


def test_what_has_moved_is_marked() -> None:
    measured = _measured(_marked([_ankle(side) for side in Side]))
    shown, after = _cut(measured, {SEGMENTS[1]: POSES["all"]})
    assert shown.moved.shape == shown.after.shape == shown.before.shape
    column, row = shown.placed(_on_film(measured, after[Side.RIGHT], ANKLE))
    assert shown.moved[int(row), int(column)]
    for side, name in ((Side.RIGHT, "hip_centre"), (Side.LEFT, ANKLE)):
        column, row = shown.placed(measured.landmarks.sides[side][name])
        assert not shown.moved[int(row), int(column)]


def test_a_film_that_nobody_cuts_is_shown_as_it_is() -> None:
    measured = _measured(_texture())
    shown = cut_and_move(measured, {}, {})
    assert np.array_equal(shown.after, shown.before)
    assert not shown.moved.any()


def test_the_film_itself_is_left_alone() -> None:
    measured = _measured(_texture())
    before = measured.film.pixels.copy()
    _cut(measured, {SEGMENTS[0]: POSES["all"]})
    assert np.array_equal(measured.film.pixels, before)


@pytest.mark.parametrize("side", Side)
def test_a_film_of_one_leg_is_cut_across(side: Side) -> None:
    alone = Landmarks({side: _landmarks().sides[side]})
    measured = _measured(_marked([_ankle(side)]), landmarks=alone)
    shown, after = _cut(measured, {Segment(side, Bone.TIBIA): POSES["all"]})
    expected = shown.placed(_on_film(measured, after[side], ANKLE))
    assert np.hypot(*(_spot(shown.after, expected) - expected)) < 1.5


def test_the_scale_of_the_pictures_is_that_of_the_bone() -> None:
    measured = _measured(_marked([]))
    shown = cut_and_move(measured, {}, {})
    assert shown.mm_per_px == pytest.approx(PITCH_MM / MAGNIFICATION * shown.factor)


def test_mirror_images_are_cut_into_mirror_images() -> None:
    pixels = _marked([_ankle(side) for side in Side])
    pictures: list[Any] = []
    for side in Side:
        shown, _ = _cut(_measured(pixels), {Segment(side, Bone.TIBIA): POSES["all"]})
        pictures.append(shown)
    right, left = pictures
    flipped = replace(left, after=left.after[:, ::-1]).after
    assert np.abs(right.after - flipped).max() < 0.02

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
from crooked import on_film, seen, shown, still, straight
from darkroom import film_of

ROWS, COLUMNS = 960, 440
PITCH_MM, MAGNIFICATION = 1.0, 1.05
PX_PER_MM = MAGNIFICATION / PITCH_MM
FACTS = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
SEGMENTS = [Segment(side, bone) for side in Side for bone in Bone]

Marks = list[tuple[float, float]]


def _landmarks(finer: float = 1.0) -> Landmarks:
    """Draw two straight legs as large as the film shows them."""
    return on_film(straight(), straight(), round(COLUMNS * finer), PX_PER_MM * finer)


def _measured(
    pixels: Picture, finer: float = 1.0, sides: tuple[Side, ...] = tuple(Side)
) -> MeasuredFilm:
    """Look at both legs in one plane, where picture and limb agree exactly."""
    pitch_mm = PITCH_MM / finer
    marks = _landmarks(finer)
    return seen(
        *(still(straight(), side) for side in sides),
        film=film_of(pixels, spacing_mm=(pitch_mm, pitch_mm)),
        landmarks=Landmarks({side: marks.sides[side] for side in sides}),
        mm_per_px=pitch_mm / MAGNIFICATION,
    )


def _marked(marks: Marks, finer: float = 1.0) -> Picture:
    """Film with a soft bright spot on each mark."""
    rows, columns = round(ROWS * finer), round(COLUMNS * finer)
    row, column = np.arange(rows)[:, None] + 0.5, np.arange(columns) + 0.5
    pixels = np.zeros((rows, columns), np.float32)
    for x, y in marks:
        pixels += np.exp(-((column - x) ** 2 + (row - y) ** 2) / (8 * finer**2))
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
    return cut_and_move(measured, targets, poses), limbs_after(measured.limbs, levels)


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


def _expected(shown_film: CutFilm, limb: Limb, finer: float = 1.0) -> Array:
    """Where the ankle of a limb lies on the pictures, (column, row) [px]."""
    x, z = limb.frontal(ANKLE)[0]
    columns, px_per_mm = round(COLUMNS * finer), PX_PER_MM * finer
    return shown_film.placed(shown(limb.side, (x, z), columns, px_per_mm))


def _apart(shown_film: CutFilm, expected: Array) -> float:
    """How far the light has landed from where it was expected [px]."""
    return float(np.hypot(*(_spot(shown_film.after, expected) - expected)))


ANKLE = "ankle_centre"


def _ankle(side: Side, finer: float = 1.0) -> tuple[float, float]:
    return _landmarks(finer).sides[side][ANKLE]


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_a_gain_shifts_the_moving_part_down_by_its_millimetres(
    segment: Segment,
) -> None:
    measured = _measured(_marked([_ankle(segment.side)]))
    cut, _ = _cut(measured, {segment: Pose(proximal_mm=-42.0)})
    before = _spot(cut.before, cut.placed(_ankle(segment.side)))
    down = np.array([0.0, 42.0 / cut.mm_per_px])
    assert _spot(cut.after, before + down) == pytest.approx(before + down, abs=0.1)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
@pytest.mark.parametrize("valgus", [-8.0, 8.0])
def test_valgus_carries_the_moving_part_laterally_on_either_side(
    segment: Segment, valgus: float
) -> None:
    measured = _measured(_marked([_ankle(segment.side)]))
    cut, after = _cut(measured, {segment: Pose(valgus_deg=valgus)})
    landed = _spot(cut.after, _expected(cut, after[segment.side]))
    outward = -1 if segment.side is Side.RIGHT else 1
    shift = landed[0] - cut.placed(_ankle(segment.side))[0]
    assert shift * outward * valgus > 0


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
    measured = _measured(_marked([_ankle(segment.side)]))
    cut, after = _cut(measured, {segment: POSES[name]})
    assert _apart(cut, _expected(cut, after[segment.side])) < 0.1


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_a_film_of_many_pixels_is_shown_smaller_and_moves_alike(
    segment: Segment,
) -> None:
    finer = 3.0
    ankle = _ankle(segment.side, finer)
    measured = _measured(_marked([ankle], finer), finer)
    cut, after = _cut(measured, {segment: POSES["all"]})
    assert cut.factor > 1.5
    assert cut.before.shape[0] < measured.film.rows
    here = cut.placed(ankle)
    assert _spot(cut.before, here) == pytest.approx(here, abs=1.0)
    assert _apart(cut, _expected(cut, after[segment.side], finer)) < 1.5


@pytest.mark.parametrize("side", Side)
def test_a_femur_carries_its_moved_tibia_along(side: Side) -> None:
    measured = _measured(_marked([_ankle(side)]))
    poses = {
        Segment(side, Bone.TIBIA): Pose(proximal_mm=-30.0, valgus_deg=-6.0),
        Segment(side, Bone.FEMUR): Pose(proximal_mm=-25.0, valgus_deg=8.0),
    }
    cut, after = _cut(measured, poses)
    assert _apart(cut, _expected(cut, after[side])) < 1.5


def test_both_legs_may_be_cut() -> None:
    measured = _measured(_marked([_ankle(side) for side in Side]))
    poses = {
        Segment(Side.LEFT, Bone.TIBIA): Pose(proximal_mm=-30.0, valgus_deg=5.0),
        Segment(Side.RIGHT, Bone.FEMUR): Pose(proximal_mm=-50.0),
    }
    cut, after = _cut(measured, poses)
    for side in Side:
        assert _apart(cut, _expected(cut, after[side])) < 1.5


@pytest.mark.parametrize("side", Side)
def test_a_film_of_one_leg_is_cut_across(side: Side) -> None:
    measured = _measured(_marked([_ankle(side)]), sides=(side,))
    cut, after = _cut(measured, {Segment(side, Bone.TIBIA): POSES["all"]})
    assert _apart(cut, _expected(cut, after[side])) < 1.5


# Films of a real beam.

AT_DEPTH_MM = 2600.0 * (1 - 1 / MAGNIFICATION)
KNOWN = {
    "magnification": KnownGeometry(magnification=MAGNIFICATION, magnification_sd=0.01),
    "depths": KnownGeometry(
        source_mm=2600.0,
        depth_mm={(side, joint): AT_DEPTH_MM for side in Side for joint in Joint},
    ),
}


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
@pytest.mark.parametrize("known", KNOWN)
def test_a_gain_is_shown_as_large_as_the_bone_is(known: str, segment: Segment) -> None:
    # With every depth known the plane of reference is the detector itself; a bone
    # before it is shown 5 % larger, and so must be its way.
    film = film_of(_marked([_ankle(segment.side)]), spacing_mm=(PITCH_MM, PITCH_MM))
    measured = measure_film(film, _landmarks(), KNOWN[known], FACTS, Worlds(50))
    cut, _ = _cut(measured, {segment: Pose(proximal_mm=-60.0)})
    expected = cut.placed(_ankle(segment.side)) + np.array([0.0, 60 * PX_PER_MM])
    assert _apart(cut, expected) < 1.5


# What stays.


def _texture() -> Picture:
    return np.random.default_rng(1).uniform(0.2, 1, (ROWS, COLUMNS)).astype(np.float32)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_the_other_leg_stays_as_it_was(segment: Segment) -> None:
    cut, _ = _cut(_measured(_texture()), {segment: POSES["all"]})
    middle = cut.before.shape[1] // 2
    # A leg that turns may reach over the middle; 60 mm beyond it nothing does.
    beyond = middle + round(60 / cut.mm_per_px) * (
        1 if segment.side is Side.RIGHT else -1
    )
    other = np.s_[:, beyond:] if segment.side is Side.RIGHT else np.s_[:, :beyond]
    assert np.array_equal(cut.after[other], cut.before[other])
    assert not cut.moved[other].any()
    assert not np.array_equal(cut.after, cut.before)


@pytest.mark.parametrize("segment", SEGMENTS, ids=str)
def test_what_lies_above_the_cut_stays_as_it_was(segment: Segment) -> None:
    measured = _measured(_texture())
    cut, _ = _cut(measured, {segment: POSES["gain"]})
    top, bottom = (
        cut.placed(measured.landmarks.sides[segment.side][name])[1]
        for name in (
            ("hip_centre", "knee_centre")
            if segment.bone is Bone.FEMUR
            else ("knee_centre", ANKLE)
        )
    )
    above = int(top + 0.4 * (bottom - top)) - 1
    assert np.array_equal(cut.after[:above], cut.before[:above])
    assert not cut.moved[:above].any()


def test_the_gap_is_as_dark_as_the_film_beside_the_body() -> None:
    pixels = np.full((ROWS, COLUMNS), 0.1, np.float32)
    pixels[:, 50:-50] = 0.8
    cut, _ = _cut(_measured(pixels), {SEGMENTS[0]: POSES["gain"]})
    hip, knee = (
        cut.placed(_landmarks().sides[Side.RIGHT][f"{joint}_centre"])
        for joint in ("hip", "knee")
    )
    column, row = hip + 0.4 * (knee - hip)
    along = cut.after[:, int(column)]
    top, bottom = int(row), int(row + 60 / cut.mm_per_px)
    assert along[top + 3 : bottom - 3] == pytest.approx(0.1, abs=1e-5)
    assert along[[top - 3, bottom + 3]] == pytest.approx(0.8)


def test_nothing_is_lost_below_the_edge_of_the_film() -> None:
    low = (_ankle(Side.LEFT)[0], ROWS - 10.0)
    measured = _measured(_marked([low]))
    cut, _ = _cut(measured, {SEGMENTS[3]: Pose(proximal_mm=-80.0)})
    expected = cut.placed(low) + np.array([0.0, 80 / cut.mm_per_px])
    assert _apart(cut, expected) < 1.5


def test_what_has_moved_is_marked() -> None:
    measured = _measured(_marked([_ankle(side) for side in Side]))
    cut, after = _cut(measured, {SEGMENTS[1]: POSES["all"]})
    assert cut.moved.shape == cut.after.shape == cut.before.shape
    column, row = _expected(cut, after[Side.RIGHT])
    assert cut.moved[int(row), int(column)]
    for side, name in ((Side.RIGHT, "hip_centre"), (Side.LEFT, ANKLE)):
        column, row = cut.placed(measured.landmarks.sides[side][name])
        assert not cut.moved[int(row), int(column)]


def test_a_film_that_nobody_cuts_is_shown_as_it_is() -> None:
    measured = _measured(_texture())
    cut = cut_and_move(measured, {}, {})
    assert np.array_equal(cut.after, cut.before)
    assert not cut.moved.any()


def test_the_film_itself_is_left_alone() -> None:
    measured = _measured(_texture())
    before = measured.film.pixels.copy()
    _cut(measured, {SEGMENTS[0]: POSES["all"]})
    assert np.array_equal(measured.film.pixels, before)


def test_the_scale_of_the_pictures_is_that_of_the_bone() -> None:
    measured = _measured(_marked([]))
    cut = cut_and_move(measured, {}, {})
    assert cut.mm_per_px == pytest.approx(PITCH_MM / MAGNIFICATION * cut.factor)


def test_mirror_images_are_cut_into_mirror_images() -> None:
    pixels = _marked([_ankle(side) for side in Side])
    pictures: list[Any] = []
    for side in Side:
        cut, _ = _cut(_measured(pixels), {Segment(side, Bone.TIBIA): POSES["all"]})
        pictures.append(cut)
    right, left = pictures
    flipped = replace(left, after=left.after[:, ::-1]).after
    assert np.abs(right.after - flipped).max() < 0.02

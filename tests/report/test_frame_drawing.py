"""One pose from one side: what lies where on the paper, and what is told apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from callotasis.fixation.hexapod import Placement
from callotasis.fixation.hexapod.clearance import Capsule, Fragments
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.fixation.hexapod.mounting import FRAME_TO_LIMB
from callotasis.pose import Bone, Side
from callotasis.report.frame_drawing import (
    SKIN,
    VIEWS,
    Panel,
    Scene,
    View,
    strut_shares,
)
from callotasis.report.labels import apart_shares
from callotasis.report.style import FIXED, INK, MOVING, WANTED
from hexapods import USUAL, poses
from looks import contrast

LATERAL, ANTERIOR, PROXIMAL = np.eye(3)
BONES = Fragments(
    (Capsule(np.array([0, 0, -70.0]), np.array([0, 0, 55.0]), 13),),
    (Capsule(np.array([0, 0, -75.0]), np.array([0, 0, 90.0]), 13),),
)
LEANING = Placement.at((12, -10, 140), (10, -14, 12))
STRAIGHT = Placement.at((0, 0, 190), (0, 0, 0))


def drawn(view: str, placement: Placement, **scene: object) -> Axes:
    """Draw one panel of a right leg, unless said otherwise."""
    axes = Figure().subplots()
    given_scene = {"frame": USUAL, "side": Side.RIGHT, **scene}
    Panel(axes, VIEWS[view], Scene(**given_scene), small=False).draw(placement)  # type: ignore[arg-type]
    return axes


def strut_lines(axes: Axes) -> dict[str, np.typing.NDArray[np.float64]]:
    """Both ends of each strut on the paper, by its colour."""
    return {
        to_hex(line.get_color()): np.array(line.get_xydata())
        for line in axes.lines
        if len(line.get_xydata()) == 2
    }


def bones_in(axes: Axes, colour: str) -> list[Polygon]:
    """Filled or outlined bones of one colour."""
    return [
        patch
        for patch in axes.patches
        if isinstance(patch, Polygon)
        and colour in {to_hex(patch.get_facecolor()), to_hex(patch.get_edgecolor())}
    ]


# Directions.


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_right_up_and_near_are_a_right_handed_set(view: View) -> None:
    assert np.cross(view.right, view.up) == pytest.approx(view.near)


@pytest.mark.parametrize("side", Side)
def test_from_the_front_the_patients_right_is_on_the_left(side: Side) -> None:
    across = VIEWS["front"].seen(LATERAL, side)[0]
    assert across == (-1 if side is Side.RIGHT else 1)
    assert VIEWS["front"].seen(PROXIMAL, side) == pytest.approx([0, 1, 0])
    assert VIEWS["front"].seen(ANTERIOR, side)[2] == 1


@pytest.mark.parametrize(
    ("view", "side", "left", "right"),
    [
        ("front", Side.RIGHT, "lateral", "medial"),
        ("front", Side.LEFT, "medial", "lateral"),
        ("side", Side.RIGHT, "posterior", "anterior"),
        ("side", Side.LEFT, "anterior", "posterior"),
        ("above", Side.RIGHT, "lateral", "medial"),
    ],
)
def test_the_words_at_the_edges_say_what_is_there(
    view: str, side: Side, left: str, right: str
) -> None:
    assert VIEWS[view].words(side) == (left, right)
    towards = {"lateral": LATERAL, "medial": -LATERAL, "anterior": ANTERIOR}
    towards["posterior"] = -ANTERIOR
    for word, sign in ((left, -1), (right, 1)):
        assert VIEWS[view].seen(towards[word], side)[0] == sign


def test_seen_from_above_what_is_in_front_is_below() -> None:
    view = VIEWS["above"]
    assert view.seen(ANTERIOR, Side.RIGHT)[1] == -1
    assert (view.top, view.bottom) == ("posterior", "anterior")


@given(poses())
def test_a_left_leg_looks_as_the_frame_on_the_patient_does(pose: Placement) -> None:
    """The same rings on the other leg: from above, each strut keeps its place."""
    right = strut_lines(drawn("above", pose))
    left = strut_lines(
        drawn("above", pose.on(Side.LEFT), frame=USUAL.on(Side.LEFT), side=Side.LEFT)
    )
    for colour, line in right.items():
        assert left[colour] == pytest.approx(line)


# What is drawn.


@pytest.mark.parametrize("view", VIEWS)
def test_every_strut_is_a_line_from_joint_to_joint_in_its_colour(view: str) -> None:
    lines = strut_lines(drawn(view, LEANING))
    tops, bottoms = (
        VIEWS[view].seen(joints @ FRAME_TO_LIMB.T, Side.RIGHT)[:, :2]
        for joints in (USUAL.proximal_mm, LEANING.carried(USUAL.distal_mm))
    )
    for strut, top, bottom in zip(STRUT_COLOURS, tops, bottoms, strict=True):
        assert lines[strut.colour.lower()] == pytest.approx(np.array([top, bottom]))


@pytest.mark.parametrize("view", VIEWS)
def test_every_strut_bears_its_number_on_its_own_line(view: str) -> None:
    axes = drawn(view, LEANING)
    lines = strut_lines(axes)
    assert sorted(t.get_text() for t in axes.texts) == list("123456")
    for text in axes.texts:
        strut = STRUT_COLOURS[int(text.get_text()) - 1]
        top, bottom = lines[strut.colour.lower()]
        at = np.array(text.get_position())
        along = np.linalg.norm(at - top) + np.linalg.norm(at - bottom)
        assert along == pytest.approx(np.linalg.norm(bottom - top))
        box = text.get_bbox_patch()
        assert box is not None
        assert to_hex(box.get_facecolor()) == strut.colour.lower()
        assert contrast(to_hex(text.get_color()), strut.colour) >= 4.5


@pytest.mark.parametrize("placement", [LEANING, STRAIGHT])
@pytest.mark.parametrize("view", VIEWS)
def test_no_two_numbers_lie_on_each_other(view: str, placement: Placement) -> None:
    """A number of 8 points fills about 12 mm where the leg is 250 mm high."""
    places = [np.array(t.get_position()) for t in drawn(view, placement).texts]
    assert min(np.linalg.norm(a - b) for a, b in combinations(places, 2)) > 14


def test_what_stands_still_is_grey_what_moves_blue_what_is_wanted_green() -> None:
    axes = drawn("front", LEANING, bones=BONES, wanted=STRAIGHT)
    (still,), (moving,), (wanted,) = (
        bones_in(axes, colour.lower()) for colour in (FIXED, MOVING, WANTED)
    )
    assert wanted.get_facecolor()[3] == 0
    assert still.get_xy()[:, 1].max() == pytest.approx(83)
    assert moving.get_xy()[:, 1].min() < -200
    assert wanted.get_xy()[:, 1].min() == pytest.approx(-293)


def test_the_skin_lies_behind_all_and_does_not_widen_the_picture() -> None:
    long = Fragments(
        (Capsule(np.zeros(3), np.array([0, 0, -500.0]), 50),),
        (Capsule(np.zeros(3), np.array([0, 0, 500.0]), 45),),
    )
    bare, dressed = (drawn("front", LEANING, skin=skin) for skin in (None, long))
    skin = bones_in(dressed, SKIN)
    assert len(skin) == 2
    others = [*dressed.lines, *(p for p in dressed.patches if p not in skin)]
    assert max(p.get_zorder() for p in skin) < min(o.get_zorder() for o in others)
    assert dressed.dataLim.bounds == bare.dataLim.bounds


def test_without_bones_only_the_frame_is_drawn() -> None:
    assert not drawn("front", LEANING, wanted=STRAIGHT).patches


def test_an_outline_lies_over_the_bones_and_numbers_over_all() -> None:
    axes = drawn("side", LEANING, bones=BONES, wanted=STRAIGHT)
    (wanted,) = bones_in(axes, WANTED.lower())
    assert all(wanted.get_zorder() > p.get_zorder() for p in axes.patches[:2])
    assert all(t.get_zorder() > wanted.get_zorder() for t in axes.texts)


def test_seen_from_above_the_upper_ring_lies_over_the_lower() -> None:
    axes = drawn("above", LEANING)
    rings = [line for line in axes.lines if len(line.get_xydata()) > 2]
    over = {
        to_hex(line.get_color()): line.get_zorder()
        for line in rings
        if np.isfinite(np.asarray(line.get_xydata(), float)).any()
    }
    assert over[FIXED.lower()] > over[MOVING.lower()]


def test_a_tilted_ring_looks_tilted_and_the_bone_straight() -> None:
    tilt = Placement.at((0, 0, 0), (0, 10, 0)).rotation @ FRAME_TO_LIMB
    axes = drawn("front", STRAIGHT, mounted=Placement(np.zeros(3), tilt))
    rings = [line.get_xydata() for line in axes.lines if len(line.get_xydata()) > 2]
    heights = [np.ptp(np.asarray(r)[:, 1]) for r in rings if np.isfinite(r).all()]
    widest = 2 * 80 * np.sin(np.radians(10))
    for line in rings:
        level = np.asarray(line)[:, 1]
        assert np.nanmax(level) - np.nanmin(level) <= widest + 1e-6
    assert not heights or max(heights) == pytest.approx(widest, abs=0.1)


def test_every_line_of_a_strut_has_a_dark_outline() -> None:
    axes = drawn("front", LEANING)
    colours = {s.colour.lower() for s in STRUT_COLOURS}
    struts = [line for line in axes.lines if to_hex(line.get_color()) in colours]
    assert len(struts) == 6
    for line in struts:
        effects = line.get_path_effects()
        assert effects
        assert effects[0]._gc["foreground"] == INK
        assert effects[0]._gc["linewidth"] > line.get_linewidth()


# Where the numbers stand.


@given(poses(), poses())
def test_one_share_of_a_strut_serves_all_days_and_views(
    first: Placement, last: Placement
) -> None:
    scene, views = Scene(USUAL, Side.RIGHT), [VIEWS["front"], VIEWS["side"]]
    both = Placement(
        np.stack([first.translation_mm, last.translation_mm]),
        np.stack([first.rotation, last.rotation]),
    )
    shares = strut_shares(scene, views, both)
    assert shares.shape == (6,)
    assert ((shares >= 0.2 - 1e-9) & (shares <= 0.8 + 1e-9)).all()
    every = [scene.strut_lines(view, day) for view in views for day in (first, last)]
    assert shares == pytest.approx(apart_shares(np.stack(every)))


@given(poses())
def test_lines_on_paper_are_those_that_are_drawn(pose: Placement) -> None:
    drawn_lines = strut_lines(drawn("side", pose))
    lines = Scene(USUAL, Side.RIGHT).strut_lines(VIEWS["side"], pose)
    for strut, line in zip(STRUT_COLOURS, lines, strict=True):
        assert drawn_lines[strut.colour.lower()] == pytest.approx(line, abs=1e-9)


@pytest.mark.parametrize(
    ("bone", "words"), [(None, "left leg"), (Bone.TIBIA, "left tibia")]
)
def test_a_scene_says_whose_it_is(bone: Bone | None, words: str) -> None:
    assert Scene(USUAL, Side.LEFT, bone=bone).words == words

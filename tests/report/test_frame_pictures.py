"""Pictures of a frame: views, path by day and struts over time."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from callotasis.fixation.hexapod import Placement, Schedule, scheduled
from callotasis.fixation.hexapod.clearance import Capsule, Fragments
from callotasis.fixation.hexapod.files import PoseFile, ScheduleOrder
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS, Hardware
from callotasis.fixation.hexapod.path import course
from callotasis.fixation.hexapod.systems import every_system
from callotasis.pose import Bone, Side
from callotasis.report.frame_drawing import Scene
from callotasis.report.frame_pictures import (
    frame_views,
    path_views,
    strut_chart,
)
from callotasis.report.style import FONT
from dora import LEFT_TIBIA
from looks import words_on

EXAMPLE = every_system()["example"]
HARDWARE = Hardware(EXAMPLE.ring("full 160"), EXAMPLE.ring("full 160"), EXAMPLE.struts)
START = Placement.at((12, -10, 140), (10, -14, 12))
TARGET = Placement.at((0, 0, 190), (0, 0, 0))
BONES = Fragments(
    (Capsule(np.array([0, 0, -70.0]), np.array([0, 0, 55.0]), 13),),
    (Capsule(np.array([0, 0, -75.0]), np.array([0, 0, 90.0]), 13),),
)
SCENE = Scene(HARDWARE.frame, Side.RIGHT, BONES, TARGET)


def joints(which: str) -> tuple[tuple[float, ...], ...]:
    """Joints of one ring, as a file names them."""
    return tuple(map(tuple, getattr(HARDWARE.frame, which).tolist()))


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    """Eight weeks, with three changes of strut."""
    return scheduled(
        ScheduleOrder(
            proximal_joints_mm=joints("proximal_mm"),  # type: ignore[arg-type]
            distal_joints_mm=joints("distal_mm"),  # type: ignore[arg-type]
            start_pose=PoseFile((12, -10, 140), (10, -14, 12)),
            target_pose=PoseFile((0, 0, 190)),
            rate_mm_per_day=1.0,
            structures_at_risk_mm=((0, 0, -75.0),),
            strut_sizes=HARDWARE.struts,
        )
    )


@pytest.fixture(scope="module")
def views() -> Figure:
    """The frame at its start."""
    figure = frame_views(SCENE, START)
    figure.draw_without_rendering()
    return figure


@pytest.fixture(scope="module")
def path() -> Figure:
    """The whole way."""
    ways = course(START, TARGET, np.array([[0, 0, -75.0]]), 1.0, "screw")
    figure = path_views(SCENE, ways.poses)
    figure.draw_without_rendering()
    return figure


def every_word(figure: Figure) -> list[str]:
    """Words on the panels and beside them."""
    return [*words_on(figure), *(t.get_text() for t in figure.texts)]


def numbers_on(axes: Axes) -> dict[str, tuple[float, float]]:
    """Where the number of each strut stands on the paper."""
    return {
        t.get_text(): t.get_position() for t in axes.texts if t.get_text().isdigit()
    }


def struts_on(axes: Axes) -> dict[str, np.typing.NDArray[np.float64]]:
    """Both ends of each strut on the paper, by its number."""
    colours = {s.colour.lower(): str(s.number) for s in STRUT_COLOURS}
    return {
        colours[to_hex(line.get_color())]: np.array(line.get_xydata())
        for line in axes.lines
        if to_hex(line.get_color()) in colours
    }


def scale_of(axes: Axes) -> tuple[float, float]:
    """Paper's points for each millimetre, across and up."""
    box = axes.get_window_extent()
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return box.width / (right - left), box.height / (high - low)


# The frame from three sides.


def test_every_picture_says_from_where_it_is_seen(views: Figure) -> None:
    assert [axes.get_title() for axes in views.axes] == [
        "seen from the front",
        "seen from the lateral side",
        "seen from above",
    ]
    for axes, expected in zip(
        views.axes,
        (
            {"proximal", "distal", "lateral", "medial"},
            {"proximal", "distal", "anterior", "posterior"},
            {"anterior", "posterior", "lateral", "medial"},
        ),
        strict=True,
    ):
        assert expected <= set(words_on(axes))


@pytest.mark.parametrize("side", Side)
def test_the_side_is_written_as_letter_and_word(side: Side) -> None:
    frame = HARDWARE.frame.on(side)
    words = every_word(frame_views(Scene(frame, side), START.on(side)))
    assert str(side) in words
    assert any(word.startswith(f"{side.word.capitalize()} leg.") for word in words)


def test_the_green_outline_is_explained_only_where_there_is_one(views: Figure) -> None:
    assert any("green outline" in word for word in every_word(views))
    bare = frame_views(Scene(HARDWARE.frame, Side.RIGHT, BONES), START)
    assert not any("green outline" in word for word in every_word(bare))


def test_all_panels_have_one_scale_and_a_bar_of_50_mm(views: Figure) -> None:
    scales = [s for axes in views.axes for s in scale_of(axes)]
    assert scales == pytest.approx([scales[0]] * 6, rel=1e-6)
    bars = [
        line
        for axes in views.axes
        for line in axes.lines
        if np.ptp(np.asarray(line.get_xdata(), float)) == 50
        and np.ptp(np.asarray(line.get_ydata(), float)) == 0
    ]
    assert len(bars) == 1
    assert "50 mm" in words_on(views)


def test_nothing_drawn_or_written_leaves_the_paper(views: Figure) -> None:
    for axes in views.axes:
        for artist in (*axes.texts, *axes.patches):
            box = artist.get_window_extent()
            assert views.bbox.x0 <= box.x0
            assert box.x1 <= views.bbox.x1
            assert views.bbox.y0 <= box.y0
            assert box.y1 <= views.bbox.y1


def test_the_house_font_is_used(views: Figure) -> None:
    for text in (*views.texts, *(t for axes in views.axes for t in axes.texts)):
        assert text.get_fontfamily() == [FONT]


# Path by day.


def test_six_days_from_the_start_to_the_end_are_shown(path: Figure) -> None:
    assert [axes.get_title() for axes in path.axes[:6]] == [
        "start",
        *(f"day of turning {day}" for day in (11, 22, 34, 45, 56)),
    ]
    assert len(path.axes) == 12


def test_a_short_path_shows_each_day_once() -> None:
    ways = course(START, START, np.zeros((1, 3)), 1.0, "screw")
    assert len(path_views(SCENE, ways.poses).axes) == 2


def test_the_line_below_says_which_days_are_counted(path: Figure) -> None:
    (said,) = (t.get_text() for t in path.texts if "Grey" in t.get_text())
    assert said.startswith("Right leg. Days of turning count from the first turn.")


@pytest.mark.parametrize("side", Side)
def test_a_number_stands_at_one_place_of_its_strut_on_every_day(side: Side) -> None:
    scene = replace(SCENE, frame=HARDWARE.frame.on(side), side=side)
    ways = course(START, TARGET, np.array([[0, 0, -75.0]]), 1.0, "phases")
    shares = []
    for axes in path_views(scene, ways.poses.on(side)).axes:
        numbers, struts = numbers_on(axes), struts_on(axes)
        shares.append([_share(numbers[n], struts[n]) for n in map(str, range(1, 7))])
    assert np.ptp(shares, axis=0) == pytest.approx(0, abs=1e-6)
    assert np.min(shares) >= 0.2 - 1e-6
    assert np.max(shares) <= 0.8 + 1e-6


def _share(place: tuple[float, float], line: np.typing.NDArray[np.float64]) -> float:
    along = line[1] - line[0]
    return float((place - line[0]) @ along / (along @ along))


def test_numbers_keep_apart_on_every_day(path: Figure) -> None:
    for axes in path.axes:
        numbers = list(numbers_on(axes).values())
        paper = axes.transData.transform(numbers)
        gaps = np.linalg.norm(paper[:, None] - paper, axis=-1)
        gaps[np.diag_indices(6)] = np.inf
        badge_wide = 5 * 1.44 * path.dpi / 72  # of the font size, with its rim
        assert gaps.min() > badge_wide


def test_what_stands_still_does_so_from_day_to_day(path: Figure) -> None:
    for row in (path.axes[:6], path.axes[6:]):
        limits = {(axes.get_xlim(), axes.get_ylim()) for axes in row}
        assert len(limits) == 1
    scales = [s for axes in path.axes for s in scale_of(axes)]
    assert scales == pytest.approx([scales[0]] * 24, rel=1e-6)


def test_both_rows_say_from_where_they_are_seen(path: Figure) -> None:
    words = words_on(path)
    assert "seen from the front\nlateral is on the left, medial on the right" in words
    assert (
        "seen from the lateral side\nposterior is on the left, anterior on the right"
        in words
    )


def test_on_the_last_day_the_bone_fills_its_outline(path: Figure) -> None:
    still, moving, wanted = path.axes[5].patches
    assert moving.get_xy() == pytest.approx(wanted.get_xy(), abs=1e-6)
    assert still.get_xy() == pytest.approx(path.axes[0].patches[0].get_xy())


# Struts over time.


def test_six_lines_in_their_colours_follow_the_schedule(schedule: Schedule) -> None:
    (axes,) = strut_chart(schedule, LEFT_TIBIA).axes
    lines = {
        to_hex(line.get_color()): line
        for line in axes.lines
        if line.get_transform() == axes.transData
    }
    for index, strut in enumerate(STRUT_COLOURS):
        line = lines[strut.colour.lower()]
        assert list(line.get_xdata()) == list(range(schedule.days + 1))
        assert list(line.get_ydata()) == [row[index] for row in schedule.struts_mm]


def test_numbers_and_words_stand_at_the_right_end_and_never_on_another(
    schedule: Schedule,
) -> None:
    figure = strut_chart(schedule, LEFT_TIBIA)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    ends = schedule.struts_mm[-1]
    for strut, length in zip(STRUT_COLOURS, ends, strict=True):
        assert f"{strut.word}, {length:.0f} mm" in words_on(axes)
    boxes = sorted(
        (t.get_window_extent() for t in axes.texts if "mm" in t.get_text()),
        key=lambda box: box.y0,
    )
    assert len(boxes) == 6
    assert all(a.y1 <= b.y0 for a, b in pairwise(boxes))
    assert all(
        figure.bbox.y0 <= b.y0 and b.x1 <= figure.bbox.x1 and b.y1 <= figure.bbox.y1
        for b in boxes
    )


def test_a_change_of_strut_is_marked_where_it_happens(schedule: Schedule) -> None:
    (axes,) = strut_chart(schedule, LEFT_TIBIA).axes
    assert len(schedule.changes) == 3
    for change in schedule.changes:
        at = (change.day, schedule.struts_mm[change.day][change.strut - 1])
        marks = [t for t in axes.texts if getattr(t, "xy", None) == pytest.approx(at)]
        assert [t.get_text() for t in marks] == [str(change.strut)]


def test_the_key_to_a_change_lies_outside_of_all_lines(schedule: Schedule) -> None:
    figure = strut_chart(schedule, LEFT_TIBIA)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    (key,) = figure.legends
    assert "changed for another size" in key.get_texts()[0].get_text()
    assert not key.get_window_extent().overlaps(axes.get_tightbbox())


@pytest.mark.parametrize("equal", [True, False])
def test_leaders_go_both_ways_from_the_ends_and_never_cross(
    schedule: Schedule, equal: bool
) -> None:
    ends = (203.0,) * 6 if equal else (203.0, 150.0, 202.0, 204.0, 203.0, 149.0)
    rows = ((150.0, 151.0, 160.0, 170.0, 180.0, 149.0), ends)
    risen = replace(schedule, days=1, struts_mm=rows, changes=())
    (axes,) = strut_chart(risen, LEFT_TIBIA).axes
    leaders = np.array([s[:2, 1] for s in _leaders(axes).values()])
    assert len(leaders) == 6
    order = np.lexsort(leaders[:, ::-1].T)
    assert (np.diff(leaders[order, 1]) > 0).all()
    assert (leaders[:, 1] > leaders[:, 0]).any()
    assert (leaders[:, 1] < leaders[:, 0]).any()
    assert leaders.min() > 0
    assert leaders.max() < 1


def _leaders(axes: Axes) -> dict[str, np.typing.NDArray[np.float64]]:
    """Lines from the end of a strut to its label, by colour, in shares of the chart."""
    return {
        to_hex(line.get_color()): np.array(line.get_xydata())
        for line in axes.lines
        if line.get_transform() == axes.transAxes
    }


def test_the_chart_says_whose_struts_it_shows(schedule: Schedule) -> None:
    figure = strut_chart(schedule, LEFT_TIBIA)
    (axes,) = figure.axes
    assert axes.get_title(loc="left") == "Left tibia: struts from joint to joint"
    assert "L" in [t.get_text() for t in figure.texts]


def test_axes_have_units_and_say_what_day_nought_is(schedule: Schedule) -> None:
    (axes,) = strut_chart(schedule, LEFT_TIBIA).axes
    assert axes.get_xlabel() == "day of turning (0 is the start)"
    assert axes.get_ylabel() == "length, joint to joint [mm]"


def test_struts_of_one_length_are_named_from_the_first_down(
    schedule: Schedule,
) -> None:
    still = replace(schedule, days=2, struts_mm=((150.0,) * 6,) * 3, changes=())
    (axes,) = strut_chart(still, LEFT_TIBIA).axes
    named = [t for t in axes.texts if "mm" in t.get_text()]
    highest_first = sorted(named, key=lambda text: -text.get_position()[1])
    assert [t.get_text() for t in highest_first] == [
        f"{strut.word}, 150 mm" for strut in STRUT_COLOURS
    ]
    assert all(tick == round(tick) for tick in axes.get_xticks())


def test_a_schedule_without_changes_has_no_legend(schedule: Schedule) -> None:
    assert not strut_chart(replace(schedule, changes=()), LEFT_TIBIA).legends


def test_the_line_below_says_whose_leg_when_and_what_is_what() -> None:
    skin = replace(SCENE, skin=BONES)
    said = [t.get_text() for t in frame_views(skin, START, "at the start").texts]
    assert (
        "Right leg at the start. Grey stands still, blue moves, the green outline is "
        "where the moving bone shall be, the pale shape is the skin."
    ) in said
    bare = Scene(HARDWARE.frame, Side.LEFT)
    said = [t.get_text() for t in frame_views(bare, START).texts]
    assert "Left leg. Grey stands still, blue moves." in said
    known = replace(bare, bone=Bone.TIBIA)
    said = [t.get_text() for t in frame_views(known, START).texts]
    assert "Left tibia. Grey stands still, blue moves." in said

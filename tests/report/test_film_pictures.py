"""Pictures of the film: with its axes, and cut and moved, before beside after."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from callotasis.alignment import MeasuredFilm, measure_film
from callotasis.plan import cut_and_move
from callotasis.pose import Side
from callotasis.proposal import Worked
from callotasis.radiograph import Landmarks
from callotasis.report.film_pictures import (
    AXIS_COLOUR,
    LINE_COLOUR,
    LOAD_COLOUR,
    before_and_after,
    film_with_axes,
)
from callotasis.report.style import SERIES
from callotasis.worlds import Array, Worlds
from dora import LEFT_TIBIA, NOTES, RIGHT_FEMUR, work_out
from looks import words_on


@pytest.fixture(scope="module")
def worked(dora_measured: MeasuredFilm) -> Worked:
    """Dora's proposal with its poses."""
    return work_out(dora_measured)


def lines_of(axes: Axes, colour: str) -> list[Array]:
    """Every line of a colour, as points (column, row)."""
    return [
        np.array(line.get_xydata())
        for line in axes.lines
        if to_hex(line.get_color()) == colour.lower() and line.get_linestyle() != "None"
    ]


def load_lines(axes: Axes) -> dict[Side, Array]:
    """The load line of each side; the patient's right is on the left."""
    right, left = sorted(lines_of(axes, LOAD_COLOUR), key=lambda line: line[0, 0])
    return {Side.RIGHT: right, Side.LEFT: left}


def letters(axes: Axes) -> dict[str, float]:
    """Column of each side's letter."""
    return {
        t.get_text(): t.get_position()[0]
        for t in axes.texts
        if t.get_text() in {"R", "L"}
    }


def bar_mm(axes: Axes, mm_per_px: float) -> float:
    """Length of the millimetre bar."""
    (bar,) = lines_of(axes, "#ffffff")
    return float(np.linalg.norm(bar[1] - bar[0])) * mm_per_px


def straightness_mm(placed: Array, knee: Array, mm_per_px: float) -> float:
    """Distance of a knee from the load line."""
    along = placed[1] - placed[0]
    away = knee - placed[0]
    cross = along[0] * away[1] - along[1] * away[0]
    return abs(float(cross / np.linalg.norm(along))) * mm_per_px


# The film as it is.


def test_each_leg_has_two_axes_a_load_line_and_its_joint_lines(
    dora_measured: MeasuredFilm,
) -> None:
    (axes,) = film_with_axes(dora_measured).axes
    assert len(lines_of(axes, AXIS_COLOUR)) == 4
    assert len(lines_of(axes, LOAD_COLOUR)) == 2
    assert len(lines_of(axes, LINE_COLOUR)) == 8


def test_the_axes_join_the_landmarks(dora_measured: MeasuredFilm) -> None:
    (axes,) = film_with_axes(dora_measured).axes
    factor = cut_and_move(dora_measured, {}, {}).factor
    for side, line in load_lines(axes).items():
        points = dora_measured.landmarks.sides[side]
        hip, ankle = (np.array(points[n]) for n in ("hip_centre", "ankle_centre"))
        np.testing.assert_allclose(line * factor, [hip, ankle])


def test_both_sides_are_written_the_right_one_on_the_left(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    figures = (
        film_with_axes(dora_measured),
        before_and_after(dora_measured, worked.targets, worked.poses),
    )
    for axes in (a for figure in figures for a in figure.axes):
        assert {*letters(axes)} == {"R", "L"}
        assert letters(axes)["R"] < letters(axes)["L"]


def test_a_letter_stands_outside_of_its_knee(dora_measured: MeasuredFilm) -> None:
    (axes,) = film_with_axes(dora_measured).axes
    factor = cut_and_move(dora_measured, {}, {}).factor
    sides = dora_measured.landmarks.sides
    knees = {str(s): sides[s]["knee_centre"][0] / factor for s in Side}
    assert letters(axes)["R"] < knees["R"]
    assert letters(axes)["L"] > knees["L"]


def test_the_bar_is_a_hundred_millimetres_long(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    shown = cut_and_move(dora_measured, {}, {})
    (film,) = film_with_axes(dora_measured).axes
    _, after = before_and_after(dora_measured, worked.targets, worked.poses).axes
    for axes in (film, after):
        assert "100 mm" in words_on(axes)
        assert bar_mm(axes, shown.mm_per_px) == pytest.approx(100)


def test_the_film_fills_its_picture(dora_measured: MeasuredFilm) -> None:
    figure = film_with_axes(dora_measured)
    (axes,) = figure.axes
    width, height = figure.get_size_inches()
    rows, columns = axes.images[0].get_array().shape[:2]
    assert height / width == pytest.approx(rows / columns)
    assert not axes.axison


def test_a_film_with_one_leg_is_drawn(dora_measured: MeasuredFilm) -> None:
    left = Landmarks({Side.LEFT: dora_measured.landmarks.sides[Side.LEFT]})
    one = measure_film(dora_measured.film, left, NOTES.known, NOTES.facts, Worlds(50))
    (axes,) = film_with_axes(one).axes
    assert {*letters(axes)} == {"L"}
    assert len(lines_of(axes, LOAD_COLOUR)) == 1


def test_three_landmarks_are_enough_for_a_picture(dora_measured: MeasuredFilm) -> None:
    centres = ("hip_centre", "knee_centre", "ankle_centre")
    few = Landmarks(
        {
            side: {name: points[name] for name in centres}
            for side, points in dora_measured.landmarks.sides.items()
        }
    )
    bare = measure_film(dora_measured.film, few, NOTES.known, NOTES.facts, Worlds(50))
    (axes,) = film_with_axes(bare).axes
    assert len(lines_of(axes, AXIS_COLOUR)) == 4
    assert lines_of(axes, LINE_COLOUR) == []


# Before and after.


def test_before_stands_left_of_after_at_one_scale(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    before, after = before_and_after(dora_measured, worked.targets, worked.poses).axes
    assert before.get_title() == "before"
    assert after.get_title().startswith("after")
    assert before.get_position().x1 <= after.get_position().x0
    assert before.get_xlim() == after.get_xlim()
    assert before.get_ylim() == after.get_ylim()
    assert before.get_position().width == pytest.approx(after.get_position().width)


def test_the_short_leg_is_drawn_longer_by_its_gain(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    shown = cut_and_move(dora_measured, dict(worked.targets), dict(worked.poses))
    panels = before_and_after(dora_measured, worked.targets, worked.poses).axes
    before, after = (load_lines(axes)[Side.RIGHT] for axes in panels)
    np.testing.assert_allclose(before[0], after[0])  # the hip stays
    lower = (after[1] - before[1]) * shown.mm_per_px
    assert lower[1] == pytest.approx(-worked.poses[RIGHT_FEMUR].proximal_mm, abs=0.5)


def test_the_crooked_leg_is_drawn_with_its_knee_nearer_to_the_load_line(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    shown = cut_and_move(dora_measured, dict(worked.targets), dict(worked.poses))
    panels = before_and_after(dora_measured, worked.targets, worked.poses).axes
    knee = shown.placed(dora_measured.landmarks.sides[Side.LEFT]["knee_centre"])
    before, after = (
        straightness_mm(load_lines(a)[Side.LEFT], knee, shown.mm_per_px) for a in panels
    )
    measured = dora_measured.measurement.sides[Side.LEFT]["mad_mm"].value
    planned = worked.proposal.after.sides[Side.LEFT]["mad_mm"].value
    assert before == pytest.approx(abs(measured), abs=2)
    assert after == pytest.approx(abs(planned), abs=2)
    assert after < before


def test_every_cut_is_drawn_on_both_panels(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    for axes in before_and_after(dora_measured, worked.targets, worked.poses).axes:
        cuts = lines_of(axes, SERIES[1])
        assert len(cuts) == len(worked.targets) == 2


def test_a_cut_lies_across_its_bone_at_its_level(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    shown = cut_and_move(dora_measured, dict(worked.targets), dict(worked.poses))
    before, _ = before_and_after(dora_measured, worked.targets, worked.poses).axes
    cuts = sorted(lines_of(before, SERIES[1]), key=lambda line: line.mean(axis=0)[0])
    for segment, cut in zip((RIGHT_FEMUR, LEFT_TIBIA), cuts, strict=True):
        target = worked.targets[segment]
        points = dora_measured.landmarks.sides[segment.side]
        names = ("hip_centre", "knee_centre", "ankle_centre")[segment.bone == "tibia" :]
        top, bottom = (shown.placed(points[n]) for n in names[:2])
        middle = cut.mean(axis=0)
        share = np.linalg.norm(middle - top) / np.linalg.norm(bottom - top)
        assert share == pytest.approx(target.cut.level_mm / target.bone_length_mm)
        assert (cut[1] - cut[0]) @ (bottom - top) == pytest.approx(0, abs=1e-6)


def test_what_moves_is_blue_and_what_stays_is_grey(
    dora_measured: MeasuredFilm, worked: Worked
) -> None:
    before, after = before_and_after(dora_measured, worked.targets, worked.poses).axes
    grey, tinted = (np.asarray(a.images[0].get_array()) for a in (before, after))
    assert np.ptp(grey, axis=2).max() == 0
    blue = tinted[..., 2] - tinted[..., 0]
    assert blue.min() >= 0
    coloured = blue.max(axis=1) > 0
    hips = min(
        points["hip_centre"][1] for points in dora_measured.landmarks.sides.values()
    )
    assert coloured.any()
    assert not coloured[: int(hips / 2)].any()

"""Pictures: two panels to one scale, a lettered leg, and left as right mirrored."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from callotasis.errors import PlanRefusal
from callotasis.pose import Side
from callotasis.report.exercise_pictures import (
    ARROW,
    BODY,
    exercise_figure,
    exercise_picture,
)
from callotasis.report.exercise_scenes import every_scene, scene_named
from callotasis.report.style import MOVING, PAPER, drawing
from looks import contrast, words_on

NAMES = list(every_scene())


def blue(axes: object) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Every corner of the leg that is trained, as drawn."""
    patches = axes.patches  # type: ignore[attr-defined]
    mine = [p for p in patches if to_hex(p.get_facecolor()) == MOVING.lower()]
    return np.concatenate([p.get_xy() for p in mine])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", Side)
def test_the_trained_leg_is_blue_and_carries_its_letter(name: str, side: Side) -> None:
    with drawing():
        figure = exercise_figure(scene_named(name), side)
    assert words_on(figure).count(side.value) == 2
    assert words_on(figure).count(side.other.value) == 0
    assert {"1", "2"} <= {*words_on(figure)}
    start, end = map(blue, figure.axes)
    assert start.shape == end.shape
    assert np.abs(start - end).max() > 1.0 or name == "balance"


@pytest.mark.parametrize("name", NAMES)
def test_a_left_leg_is_a_right_one_mirrored(name: str) -> None:
    with drawing():
        right, left = (exercise_figure(scene_named(name), side) for side in Side)
    for one, other in zip(right.axes, left.axes, strict=True):
        assert blue(one) * [-1, 1] == pytest.approx(blue(other))
        assert np.sort(np.negative(one.get_xlim())) == pytest.approx(other.get_xlim())


@pytest.mark.parametrize("name", NAMES)
def test_both_panels_have_one_scale(name: str) -> None:
    with drawing():
        figure = exercise_figure(scene_named(name), Side.RIGHT)
    first, second = figure.axes
    assert first.get_xlim() == second.get_xlim()
    assert first.get_ylim() == second.get_ylim()


@pytest.mark.parametrize("name", [n for n in NAMES if not scene_named(n).zoom])
def test_nobody_is_cut_off(name: str) -> None:
    with drawing():
        figure = exercise_figure(scene_named(name), Side.RIGHT)
    for axes in figure.axes:
        low, high = np.array([axes.get_xlim(), axes.get_ylim()]).T
        points = np.concatenate(
            [p.get_xy() for p in axes.patches if hasattr(p, "get_xy")]
        )
        assert (points > low).all()
        assert (points < high).all()


def test_who_looks_at_us_has_the_right_leg_on_our_left() -> None:
    with drawing():
        axes = exercise_figure(scene_named("weight_shift"), Side.RIGHT).axes[0]
    assert blue(axes)[:, 0].mean() < 0


def test_a_picture_is_a_png_that_prints_well() -> None:
    with Image.open(io.BytesIO(exercise_picture("heel_slide", Side.LEFT))) as found:
        assert found.format == "PNG"
        assert found.width > 1000


def test_an_exercise_that_nobody_drew_has_no_picture() -> None:
    with pytest.raises(PlanRefusal, match="has no picture"):
        exercise_picture("handstand", Side.LEFT)


def test_letter_and_arrow_can_be_read_and_greys_tell_the_legs_apart() -> None:
    assert contrast(PAPER, MOVING) >= 4.5
    assert contrast(ARROW, PAPER) >= 4.5
    assert contrast(MOVING, BODY) >= 3.0

"""Charts of motion show ranges beside alarm lines and walks beside published ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from callotasis.courses import look_at
from callotasis.distraction import Protocol, prescribe
from callotasis.followup import BoneCourse, Walked
from callotasis.record import CaseFolder
from callotasis.rehabilitation import Quantity, Sides, symmetry
from callotasis.report.motion_charts import ranges_chart, walking_chart
from dora import RIGHT_FEMUR, SURGERY_ON
from followcases import at_day, entered, signed_case, turned_until
from livedyears import lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Look at a case; nothing is entered any more."""
    return lived(tmp_path_factory.mktemp("lived"))


def course_on(case: CaseFolder, day: int) -> BoneCourse:
    """Look at the femur on a day."""
    return look_at(case, day).courses[RIGHT_FEMUR]


def words_on(figure: Figure) -> set[str]:
    """Every word that stands on a figure."""
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_alarm_lines_stand_beside_the_ranges(case: CaseFolder) -> None:
    figure = ranges_chart(course_on(case, 30))
    assert figure is not None
    assert [axes.get_title() for axes in figure.axes] == [
        "knee bends [deg]",
        "foot lifts, knee straight [deg]",
    ]
    knee, foot = figure.axes
    assert {line.get_ydata()[0] for line in knee.lines[1:]} == {60.0, 45.0}
    assert {line.get_ydata()[0] for line in foot.lines[1:]} == {0.0, -10.0}


def test_without_ranges_nothing_is_drawn(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = signed_case(tmp_path_factory.mktemp("bare"))
    assert ranges_chart(course_on(bare, 20)) is None


def walk_on(day: int, left_s: float) -> Walked:
    """Say how unevenly a person walked who stands 0.6 s on the right."""
    sides = Sides((left_s - 0.01, left_s, left_s + 0.01), (0.59, 0.6, 0.61))
    return Walked(day, symmetry(Quantity.STANCE, sides))


def test_walks_stand_beside_what_is_published() -> None:
    walks = [walk_on(-9, 0.7), walk_on(180, 0.62)]
    figure = walking_chart(walks)
    assert figure is not None
    assert words_on(figure) == {"published, before", "published, after"}
    [axes] = figure.axes
    [dots] = axes.containers
    days, uneven = dots[0].get_data()
    assert [*np.asarray(days)] == [-9, 180]
    assert np.asarray(uneven) == pytest.approx([100 * 0.1 / 0.65, 100 * 0.02 / 0.61])


def test_one_walk_is_no_course() -> None:
    assert walking_chart([walk_on(-9, 0.7)]) is None


def test_a_framed_knee_stands_beside_those_of_others(tmp_path: Path) -> None:
    protocol = Protocol(7, 1.0, 4, ())
    plan = prescribe(RIGHT_FEMUR, "example-ring", 40.0, protocol, SURGERY_ON)
    folder = signed_case(tmp_path, plan)
    turned_until(folder, plan.last_day, plan)
    for day, knee in ((-5, 140), (20, 90), (60, 80)):
        ranges = {"knee_flexion_deg": knee}
        entered(folder, "exam", {"ranges": ranges}, at_day(day), "R")
    figure = ranges_chart(course_on(folder, 60))
    assert figure is not None
    [axes] = figure.axes
    assert "others, rough" in words_on(figure)
    assert [int(b[0].get_data()[0][0]) for b in axes.containers] == [7, plan.last_day]

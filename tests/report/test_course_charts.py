"""Charts of a course show what was asked, turned, seen and forecast."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from callotasis.courses import look_at
from callotasis.following import earlier_forecasts
from callotasis.followup import BoneCourse, forecast
from callotasis.record import CaseFolder
from callotasis.report.course_charts import (
    course_chart,
    healing_chart,
)
from dora import RIGHT_FEMUR
from followcases import signed_case
from livedyears import healed, lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Look at a case; nothing is entered any more."""
    folder = lived(tmp_path_factory.mktemp("lived"))
    healed(folder)
    return folder


def course_on(case: CaseFolder, day: int) -> BoneCourse:
    """Look at the femur on a day."""
    return look_at(case, day).courses[RIGHT_FEMUR]


def words_on(figure: Figure) -> set[str]:
    """Every word that stands on a figure."""
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_prescribed_turned_and_seen_are_told_apart(case: CaseFolder) -> None:
    course = course_on(case, 30)
    figure = course_chart(course, forecast(course.way))
    [axes] = figure.axes
    legend = axes.get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == {
        "prescribed",
        "turned",
        "on film (95 %)",
    }
    assert "day after the osteotomy" in axes.get_xlabel()
    assert "[mm]" in axes.get_ylabel()


def test_each_film_stands_where_it_was_measured(case: CaseFolder) -> None:
    course = course_on(case, 30)
    [axes] = course_chart(course, None).axes
    [dots] = axes.containers
    days, gained = dots[0].get_data()
    assert [*np.asarray(days)] == [0, 7, 14, 21, 28]
    assert np.asarray(gained)[-1] == pytest.approx(17.5)


def test_a_forecast_is_a_band_and_never_a_day(case: CaseFolder) -> None:
    course = course_on(case, 30)
    said = forecast(course.way)
    assert said
    wide = said.consolidation_day
    assert f"solid: day {wide.low:.0f} to {wide.high:.0f}" in words_on(
        course_chart(course, said)
    )
    loaded = course_on(case, 200)
    assert not any(
        word.startswith("solid") for word in words_on(course_chart(loaded, None))
    )


def test_without_films_and_forecasts_nothing_is_drawn(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = signed_case(tmp_path_factory.mktemp("bare"))
    assert healing_chart(course_on(bare, 20), ()) is None


def test_ratios_and_the_narrowing_forecast_stand_side_by_side(case: CaseFolder) -> None:
    looked = look_at(case, 137)
    said = earlier_forecasts(case, looked)[RIGHT_FEMUR]
    figure = healing_chart(looked.courses[RIGHT_FEMUR], said)
    assert figure is not None
    ratios, narrowing = figure.axes
    assert [*ratios.lines[0].get_xdata()] == [80, 108, 136]
    assert narrowing.get_ylabel() == "bone solid on day"

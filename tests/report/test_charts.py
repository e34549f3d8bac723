"""Charts over time: what is to be turned, and when the leg may be healed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from callotasis.alignment import MeasuredFilm
from callotasis.casework import Order
from callotasis.goal import Maturity
from callotasis.plan import Fibula
from callotasis.pose import Segment
from callotasis.proposal import SegmentSheet
from callotasis.report.charts import prescription_chart, timeline_chart
from callotasis.report.style import PAPER, PHASES
from callotasis.wording import dates
from dora import ORDER, RIGHT_FEMUR, RIGHT_TIBIA, SURGERY_ON, work_out
from looks import contrast, words_on

TWO_BONES = Order(
    SURGERY_ON,
    {"R.femur": "example-rail", "R.tibia": "example-rail"},
    gain_mm={"R.femur": 20.0, "R.tibia": 45.0},
    maturity=Maturity.MATURE,
    fibula={"R.tibia": Fibula(90.0, fixed_proximally=True, fixed_distally=True)},
)

Sheets = Mapping[Segment, SegmentSheet]


@pytest.fixture(scope="module")
def one_bone(dora_measured: MeasuredFilm) -> Sheets:
    """A femur that is drawn out beside a tibia that is only corrected."""
    return work_out(dora_measured, ORDER).proposal.segments


@pytest.fixture(scope="module")
def two_bones(dora_measured: MeasuredFilm) -> Sheets:
    """A femur that ends early beside a tibia that ends late."""
    answered = frozenset({"plan.longer"})  # the right leg overtakes the left
    return work_out(dora_measured, TWO_BONES, answered=answered).proposal.segments


def panel(figure: Figure) -> Axes:
    """Return the only panel, drawn as it would be printed."""
    (axes,) = figure.axes
    figure.draw_without_rendering()
    return axes


def bands(axes: Axes) -> dict[str, tuple[float, float]]:
    """From which day to which each phase is shaded."""
    colours = {to_hex(colour): name for name, colour in PHASES.items()}
    found = {}
    for patch in axes.patches:
        name = colours.get(to_hex(patch.get_facecolor()))
        if name and isinstance(patch, Rectangle):
            found[name] = (patch.get_x(), patch.get_x() + patch.get_width())
    return found


def steps_of(axes: Axes) -> list[tuple[list[float], list[float]]]:
    """Days and millimetres of every line that goes up in steps."""
    return [
        (list(line.get_xdata()), list(line.get_ydata()))
        for line in axes.lines
        if line.get_drawstyle().startswith("steps")
    ]


# What is to be turned.


def test_every_turn_is_a_step_at_its_hour_up_to_the_whole_gain(
    one_bone: Sheets,
) -> None:
    plan = one_bone[RIGHT_FEMUR].prescription
    ((days, millimetres),) = steps_of(panel(prescription_chart(one_bone)))
    first = plan.turns[0]
    assert days[0] == pytest.approx(first.day + first.at.hour / 24)
    assert millimetres == [0, *(t.total_mm for t in plan.turns)]
    assert all(np.diff(days) >= 0)
    assert int(days[-1]) == plan.last_day


def test_only_what_is_drawn_out_has_a_line(one_bone: Sheets, two_bones: Sheets) -> None:
    assert len(steps_of(panel(prescription_chart(one_bone)))) == 1
    assert len(steps_of(panel(prescription_chart(two_bones)))) == 2


def test_phases_follow_each_other_and_are_written_out(one_bone: Sheets) -> None:
    axes = panel(prescription_chart(one_bone))
    plan = one_bone[RIGHT_FEMUR].prescription
    healed = one_bone[RIGHT_FEMUR].timeline[-2].days.value
    assert bands(axes) == {
        "latency": (0, plan.protocol.latency_days),
        "distraction": (plan.protocol.latency_days, plan.last_day + 1),
        "consolidation": (plan.last_day + 1, healed),
    }
    assert {*PHASES} <= {*words_on(axes)}


def test_the_band_of_distraction_holds_every_turn_of_every_bone(
    two_bones: Sheets,
) -> None:
    start, stop = bands(panel(prescription_chart(two_bones)))["distraction"]
    for sheet in two_bones.values():
        assert start <= sheet.prescription.turns[0].day
        assert sheet.prescription.last_day < stop


def test_both_axes_say_their_unit_and_day_nought(one_bone: Sheets) -> None:
    axes = panel(prescription_chart(one_bone))
    assert axes.get_xlabel() == "day after the osteotomy"
    assert axes.get_ylabel() == "prescribed length [mm]"
    assert axes.get_xlim()[0] == 0
    assert axes.get_ylim()[0] == 0


def test_every_line_is_named_with_its_bone_and_gain(two_bones: Sheets) -> None:
    words = words_on(panel(prescription_chart(two_bones)))
    assert "right femur, 20 mm" in words
    assert "right tibia, 45 mm" in words


def test_the_names_of_the_lines_stand_out_from_paper(two_bones: Sheets) -> None:
    axes = panel(prescription_chart(two_bones))
    assert axes.texts
    for text in axes.texts:
        assert contrast(to_hex(text.get_color()), PAPER) >= 4.5, text.get_text()


# When the leg may be healed.


def test_every_milestone_has_a_row_with_its_dates(two_bones: Sheets) -> None:
    axes = panel(timeline_chart(two_bones))
    words = words_on(axes)
    milestones = [(s, m) for s, x in two_bones.items() for m in x.timeline]
    assert len(milestones) == 12
    for segment, milestone in milestones:
        assert f"{segment.words}: {milestone.name}" in words
        assert dates(milestone.days.low_on, milestone.days.high_on) in words


def test_a_range_is_a_bar_and_what_is_prescribed_has_none(one_bone: Sheets) -> None:
    axes = panel(timeline_chart(one_bone))
    days = [m.days for m in one_bone[RIGHT_FEMUR].timeline]
    drawn = [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in axes.patches
        if isinstance(patch, Rectangle)
    ]
    assert drawn == [(d.low, d.high) for d in days if d.low < d.high]
    assert len(drawn) == 2


def test_a_dot_marks_every_median(one_bone: Sheets) -> None:
    axes = panel(timeline_chart(one_bone))
    dots = [float(line.get_xdata()[0]) for line in axes.lines]
    assert dots == [m.days.value for m in one_bone[RIGHT_FEMUR].timeline]


def test_time_runs_downwards_in_the_timeline(one_bone: Sheets) -> None:
    axes = panel(timeline_chart(one_bone))
    bottom, top = axes.get_ylim()
    assert bottom > top
    assert axes.get_xlabel() == "day after the osteotomy"


def test_every_date_of_the_timeline_lies_inside_the_picture(
    two_bones: Sheets,
) -> None:
    figure = timeline_chart(two_bones)
    axes = panel(figure)
    for text in axes.texts:
        assert text.get_window_extent().x1 <= figure.bbox.x1


def test_a_bone_that_is_only_cut_has_no_row(one_bone: Sheets) -> None:
    words = words_on(panel(timeline_chart(one_bone)))
    assert not [word for word in words if "left tibia" in word]


def test_a_longer_course_makes_a_longer_chart(dora_measured: MeasuredFilm) -> None:
    ends = []
    for gain_mm in (10.0, 40.0):
        order = replace(
            ORDER, equalise=None, correct=(), fibula={}, gain_mm={"R.femur": gain_mm}
        )
        sheets = work_out(dora_measured, order).proposal.segments
        ends.append(panel(prescription_chart(sheets)).get_xlim()[1])
        assert RIGHT_TIBIA not in sheets
    assert ends == sorted(ends)

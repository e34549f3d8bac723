"""Charts of an outcome: bands of what was said, dots of what happened."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from callotasis.evidence import constant
from callotasis.instruments import catalogue
from callotasis.outcome import BeforeAfter, Expected, Verdict
from callotasis.outcome.dictionary import families
from callotasis.report.outcome_charts import (
    LABELS,
    NORMAL,
    NORMAL_COLOUR,
    SAID_COLOUR,
    VERDICT_MARKER,
    all_expected,
    change_chart,
    expected_chart,
    label,
    reading,
    verdict_words,
)
from callotasis.report.style import INK, MEASURED, MOVING
from callotasis.worlds import Interval
from ended import ENDED, exactly, outcome
from looks import contrast, words_on


def drawn(figure: Figure) -> list[Axes]:
    """Every row, drawn as it would be printed."""
    figure.draw_without_rendering()
    return figure.axes


def band_of(axes: Axes, colour: str) -> tuple[float, float] | None:
    """From where to where a row is shaded in a colour."""
    for patch in axes.patches:
        if isinstance(patch, Rectangle) and to_hex(patch.get_facecolor()) == colour:
            return patch.get_x(), patch.get_x() + patch.get_width()
    return None


def whiskers(axes: Axes, colour: str) -> list[tuple[float, float]]:
    """Ends of every level line in a colour."""
    return [
        tuple(line.get_xdata())
        for line in axes.lines
        if line.get_color() == colour and len(line.get_xdata()) == 2
    ]


def test_each_thing_that_was_said_has_a_row() -> None:
    rows = drawn(expected_chart(ENDED))
    assert len(rows) == len(all_expected(ENDED)) == 5
    assert [words_on(axes)[0] for axes in rows] == [
        label(part.name) for part in all_expected(ENDED)
    ]


def test_a_band_is_what_was_said_and_a_whisker_what_happened() -> None:
    rows = drawn(expected_chart(ENDED))
    for axes, part in zip(rows, all_expected(ENDED), strict=True):
        band = band_of(axes, SAID_COLOUR)
        assert band == (
            None if part.said.low == part.said.high else (part.said.low, part.said.high)
        )
        assert part.happened is not None
        assert (part.happened.low, part.happened.high) in whiskers(axes, MEASURED)
        assert (part.said.value, part.said.value) in whiskers(axes, MOVING)


def test_all_that_is_drawn_lies_on_its_scale() -> None:
    for axes in [*drawn(expected_chart(ENDED)), *drawn(change_chart(ENDED))]:
        left, right = axes.get_xlim()
        for line in axes.lines:
            if line.get_transform() == axes.transData:
                assert all(left <= x <= right for x in line.get_xdata())


def test_days_share_one_scale() -> None:
    days = [
        axes.get_xlim()
        for axes, part in zip(
            drawn(expected_chart(ENDED)), all_expected(ENDED), strict=True
        )
        if part.name.endswith("_day")
    ]
    assert len(days) == 3
    assert len({*days}) == 1


@pytest.mark.parametrize(
    ("name", "happened", "words"),
    [
        ("consolidated_day", exactly(171), "as expected"),
        ("consolidated_day", exactly(80), "earlier"),
        ("consolidated_day", exactly(191), "later"),
        ("consolidated_day", None, "not known yet"),
        ("knee_flexion_deg", exactly(80), "below"),
        ("knee_flexion_deg", Interval(190, 185, 195), "at the edge"),
    ],
)
def test_a_day_is_later_and_a_length_is_below(
    name: str, happened: Interval | None, words: str
) -> None:
    assert verdict_words(Expected(name, Interval(122, 85, 190), 0, happened)) == words


def test_a_verdict_has_its_word_and_a_shape_of_its_own() -> None:
    assert {*VERDICT_MARKER} == {*Verdict}
    for axes, part in zip(
        drawn(expected_chart(ENDED)), all_expected(ENDED), strict=True
    ):
        assert verdict_words(part) in words_on(axes)
        assert VERDICT_MARKER[part.verdict] in [x.get_marker() for x in axes.lines]


def test_before_and_after_stand_beside_each_other_with_the_normal_range() -> None:
    mad, mldfa, discrepancy, *_ = drawn(change_chart(ENDED))
    row = constant(NORMAL["mldfa_deg"])
    assert band_of(mldfa, NORMAL_COLOUR) == (row.low, row.high)
    assert band_of(discrepancy, NORMAL_COLOUR) is None
    assert "6.1 → 2.2 mm" in words_on(mad)
    assert len([x for x in mad.lines if len(x.get_xdata()) == 2]) == 2


def test_what_nobody_measured_is_a_dash_and_no_dot() -> None:
    lack = drawn(change_chart(ENDED))[4]
    assert "0.0° → –" in words_on(lack)
    assert len(lack.lines) == 2


def test_a_score_is_drawn_on_its_whole_scale() -> None:
    phq9 = drawn(change_chart(ENDED))[5]
    assert [*phq9.get_xticks()] == [0, 27]


def test_no_two_words_of_a_full_page_lie_on_each_other() -> None:
    known = families()
    sure = Interval(-50.0, -55.0, -45.0)
    full = outcome(
        alignment=tuple(
            BeforeAfter(f.name, sure, sure)
            for f in known.measured
            if f.source == "standing film"
        ),
        ranges=tuple(
            BeforeAfter(f.name, sure, sure)
            for f in known.measured
            if f.source == "exam entry"
        ),
        scores=tuple(BeforeAfter(f.name, exactly(2), exactly(1)) for f in known.scored),
    )
    figure = change_chart(full)
    figure.draw_without_rendering()
    boxes = [t.get_window_extent() for axes in figure.axes for t in axes.texts]
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])


def test_every_name_of_the_dictionary_has_words() -> None:
    known = families()
    for family in (*known.measured, *known.said):
        assert family.name in LABELS
    for family in known.scored:
        assert label(family.name) == catalogue()[family.name].title
    assert label("joy_of_walking") == "joy of walking"


@pytest.mark.parametrize(
    ("name", "found", "words"),
    [
        ("mad_mm", Interval(2.04, -0.96, 5.4), "2.0 mm (-1.0 to 5.4)"),
        ("mldfa_deg", Interval(87.4, 86.2, 88.5), "87.4° (86.2 to 88.5)"),
        ("mldfa_deg", exactly(87.4), "87.4°"),
        ("consolidated_day", exactly(171), "day 171"),
        ("phq9", exactly(4), "4"),
        ("mad_mm", None, "not measured"),
    ],
)
def test_a_value_is_read_with_its_interval(
    name: str, found: Interval | None, words: str
) -> None:
    assert reading(name, found) == words


@pytest.mark.parametrize("colour", [SAID_COLOUR, NORMAL_COLOUR])
def test_dots_stand_out_from_their_bands(colour: str) -> None:
    assert contrast(INK, colour) > 4.5
    assert contrast(MEASURED, colour) > 4.5

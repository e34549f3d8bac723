"""One look: palette, font, and how numbers and dates read."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from callotasis.findings import Level
from callotasis.report.style import (
    FINDING_COLOUR,
    FONT,
    INK,
    PAPER,
    PHASES,
    SERIES,
    angle,
    dates,
    drawing,
    font_folder,
    length,
)
from callotasis.worlds import Interval
from looks import contrast

some_days = st.dates(date(2000, 1, 1), date(2099, 1, 1))


# Numbers.


def test_a_length_reads_as_the_house_writes_it() -> None:
    assert length(Interval(397.94, 394.06, 401.81)) == "397.9 mm (394.1 to 401.8)"


def test_an_angle_reads_as_the_house_writes_it() -> None:
    assert angle(Interval(1.87, -0.1, 3.9)) == "1.9° (-0.1 to 3.9)"


@given(value=st.floats(-0.0499, 0.0499))
def test_what_rounds_to_nothing_has_no_sign(value: float) -> None:
    assert "-0.0" not in length(Interval(value, value, value))
    assert "-0.0" not in angle(Interval(value, value, value))


# Dates.


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (date(2027, 3, 12), date(2027, 3, 12), "12 March 2027"),
        (date(2027, 3, 12), date(2027, 3, 29), "12 to 29 March 2027"),
        (date(2027, 3, 12), date(2027, 6, 1), "12 March to 1 June 2027"),
        (date(2027, 12, 31), date(2028, 1, 1), "31 December 2027 to 1 January 2028"),
        (date(2027, 3, 1), date(2028, 3, 1), "1 March 2027 to 1 March 2028"),
    ],
)
def test_a_range_of_dates_says_no_more_than_it_must(
    low: date, high: date, said: str
) -> None:
    assert dates(low, high) == said


@given(low=some_days, days=st.integers(0, 900))
def test_a_range_of_dates_names_both_its_ends(low: date, days: int) -> None:
    high = low + timedelta(days=days)
    said = dates(low, high)
    assert said.startswith(str(low.day))
    assert said.endswith(f"{high:%B %Y}")
    assert (" to " in said) == (days > 0)


# Colours.


@pytest.mark.parametrize("colour", [INK, *FINDING_COLOUR.values()])
def test_words_stand_out_from_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("colour", PHASES.values())
def test_words_stand_out_from_the_bands_of_phases(colour: str) -> None:
    assert contrast(INK, colour) >= 4.5


def test_every_level_of_a_finding_has_its_colour() -> None:
    assert {*FINDING_COLOUR} == {*Level}
    assert len({*FINDING_COLOUR.values()}) == len(Level)


def test_series_differ_from_each_other() -> None:
    for one, other in combinations(map(to_rgb, SERIES), 2):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.3


# The font.


def test_the_package_carries_its_font_and_its_licence() -> None:
    names = {path.name for path in font_folder().iterdir()}
    assert {"IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf", "OFL.txt"} <= names


def test_pictures_are_drawn_in_the_font_of_the_house() -> None:
    with drawing():
        assert mpl.rcParams["font.family"] == [FONT]
        found = font_manager.findfont(FONT, fallback_to_default=False)
        Figure().text(0.5, 0.5, "397.9 mm, 1.9°")
    assert font_folder().joinpath("IBMPlexSans-Regular.ttf").samefile(found)


def test_drawing_leaves_the_style_of_others_alone() -> None:
    touched = ("font.family", "font.size", "axes.edgecolor", "svg.hashsalt")
    before = [mpl.rcParams[name] for name in touched]
    with drawing():
        assert [mpl.rcParams[name] for name in touched] != before
    assert [mpl.rcParams[name] for name in touched] == before

"""One look: palette and font."""

from __future__ import annotations

from itertools import combinations

import matplotlib as mpl
import pytest
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
    drawing,
    font_folder,
)
from looks import contrast

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

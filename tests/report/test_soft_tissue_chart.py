"""The picture of soft tissue: dots with whiskers, bands for each rate."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

from callotasis.report.soft_tissue_chart import (
    TESTED_BY,
    Measured,
    Outlooks,
    soft_tissue_chart,
    soft_tissue_words,
)
from callotasis.softtissue import MODEL_SAYS, Ahead, Outlook, Ranges
from callotasis.worlds import Interval
from looks import words_on

END, TODAY, LAST = 20, 10, 48


def band(middle: float, half: float, level: float) -> Interval:
    """A band about its middle."""
    return Interval(middle, middle - half, middle + half, level)


def way(group: str, rate: float) -> Outlook:
    """An invented outlook."""
    ahead = tuple(
        Ahead(
            day,
            float(day),
            band(5 * rate + day / 10, 3.0, 0.9),
            band(5 * rate + day / 10, 1.0, 0.5),
            band(-3.0 * rate, 6.0, 0.9),
            band(-3.0 * rate, 2.0, 0.5),
        )
        for day in range(TODAY, LAST + 1)
    )
    return Outlook(group, "dorsiflexion_knee_bent_deg", rate, TODAY, END, ahead)


RATES = (0.5, 0.75, 1.0)
MEASURED: Measured = {
    "soleus": [(3, band(1.0, 4.0, 0.95)), (10, band(6.0, 4.0, 0.95))],
    "gastrocnemius": [(10, band(9.0, 6.0, 0.95))],
}
OUTLOOKS: Outlooks = {group: [way(group, r) for r in RATES] for group in MEASURED}


@pytest.fixture(scope="module")
def drawn() -> Figure:
    """The picture, as it would be printed."""
    figure = soft_tissue_chart(MEASURED, OUTLOOKS)
    figure.draw_without_rendering()
    return figure


def test_there_is_a_row_for_each_group_and_a_column_for_each_rate(
    drawn: Figure,
) -> None:
    assert len(drawn.axes) == len(MEASURED) * len(RATES)
    words = " ".join(words_on(drawn))
    heads = [axes.get_title(loc="left") for axes in drawn.axes[: len(RATES)]]
    assert heads == [f"{rate:g} mm a day from day {TODAY}" for rate in RATES]
    for group in MEASURED:
        assert f"{group}\nnot yet grown [mm]" in words


def test_every_exam_is_a_dot_with_its_whisker(drawn: Figure) -> None:
    for axes, group in zip(drawn.axes[:: len(RATES)], MEASURED, strict=True):
        (dots,) = (c for c in axes.containers if isinstance(c, ErrorbarContainer))
        line, _, (whiskers,) = dots
        assert [*line.get_xdata()] == [day for day, _ in MEASURED[group]]
        assert [*line.get_ydata()] == [mm.value for _, mm in MEASURED[group]]
        spans = [
            (part.vertices[:, 1].min(), part.vertices[:, 1].max())
            for part in whiskers.get_paths()
        ]
        assert spans == [(mm.low, mm.high) for _, mm in MEASURED[group]]


def test_the_outlook_is_two_bands_and_no_line(drawn: Figure) -> None:
    for axes in drawn.axes:
        bands = [c for c in axes.collections if isinstance(c, PolyCollection)]
        heights = (np.ptp(b.get_paths()[0].vertices[:, 1]) for b in bands)
        narrow, wide = sorted(map(float, heights))
        assert len(bands) == 2
        assert narrow < wide


def test_no_word_lies_on_a_whisker_or_a_band(drawn: Figure) -> None:
    groups = [group for group in MEASURED for _ in RATES]
    for axes, group in zip(drawn.axes, groups, strict=True):
        words = next(t for t in axes.texts if "turned on day" in t.get_text())
        every = [mm for _, mm in MEASURED[group]]
        every += [day.stretch_mm for way in OUTLOOKS[group] for day in way.ahead]
        top = axes.transData.transform((0, max(mm.high for mm in every)))[1]
        assert words.get_window_extent().y0 > top


def test_the_picture_says_that_it_is_a_model(drawn: Figure) -> None:
    assert drawn.get_suptitle().count(MODEL_SAYS) == 1
    assert soft_tissue_words(MEASURED, OUTLOOKS).endswith(f"This is a {MODEL_SAYS}.")


def test_its_words_tell_what_the_picture_shows() -> None:
    words = soft_tissue_words(MEASURED, OUTLOOKS)
    assert "Soleus: 6 mm (2 to 10) not yet grown on day 10" in words
    assert "at 1 mm a day 7 mm (4 to 10) when turning ends on day 20" in words
    assert "dorsiflexion, knee bent −3° (−9 to 3)" in words


def test_every_range_has_its_words() -> None:
    assert {*TESTED_BY} <= {*Ranges.__dataclass_fields__}


def test_a_group_without_an_outlook_is_not_drawn() -> None:
    figure = soft_tissue_chart(MEASURED, {"soleus": OUTLOOKS["soleus"]})
    assert len(figure.axes) == len(RATES)

"""One look for every picture: palette, font, and how a number reads."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager

from callotasis.findings import Level
from callotasis.worlds import Interval

FIXED, MOVING, WANTED, MEASURED = "#6b7280", "#0072B2", "#009E73", "#111827"
INK, PAPER, RULE = "#111827", "#ffffff", "#d1d5db"
# Okabe-Ito, in the order in which series are drawn.
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
PHASES = {
    "latency": "#e5e7eb",
    "distraction": "#cfe3f3",
    "consolidation": "#fbe6c8",
}
FINDING_COLOUR = {
    Level.NOTE: "#6b7280",
    Level.CAUTION: "#B45309",
    Level.STOP: "#B91C1C",
}

FONT = "IBM Plex Sans"


def font_folder() -> Path:
    """Folder of the font that the package carries."""
    return Path(str(files("callotasis.report").joinpath("fonts")))


def drawing() -> AbstractContextManager[None]:
    """Matplotlib in the house style, with the package's own font."""
    known = {f.name for f in font_manager.fontManager.ttflist}
    if FONT not in known:
        for path in sorted(font_folder().glob("*.ttf")):
            font_manager.fontManager.addfont(str(path))
    return mpl.rc_context(
        {
            "font.family": FONT,
            "font.size": 9,
            "axes.edgecolor": RULE,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "xtick.color": INK,
            "ytick.color": INK,
            "text.color": INK,
            "figure.facecolor": PAPER,
            "svg.hashsalt": "callotasis",
        }
    )


def tenth(number: float) -> str:
    """Round a number to a tenth, without a minus before nothing.

    Examples
    --------
    >>> tenth(-0.04)
    '0.0'
    """
    return f"{round(number, 1) + 0.0:.1f}"


def length(found: Interval) -> str:
    """A length as people read it.

    Examples
    --------
    >>> length(Interval(397.94, 394.06, 401.81))
    '397.9 mm (394.1 to 401.8)'
    """
    value, low, high = (tenth(v) for v in (found.value, found.low, found.high))
    return f"{value} mm ({low} to {high})"


def angle(found: Interval) -> str:
    """An angle as people read it.

    Examples
    --------
    >>> angle(Interval(1.87, -0.1, 3.9))
    '1.9° (-0.1 to 3.9)'
    """
    value, low, high = (tenth(v) for v in (found.value, found.low, found.high))
    return f"{value}° ({low} to {high})"


def dates(low: date, high: date) -> str:
    """A range of dates as people read it.

    Examples
    --------
    >>> dates(date(2027, 3, 12), date(2027, 3, 29))
    '12 to 29 March 2027'
    >>> dates(date(2027, 3, 12), date(2027, 6, 1))
    '12 March to 1 June 2027'
    """
    if low == high:
        return f"{low.day} {low:%B %Y}"
    if (low.year, low.month) == (high.year, high.month):
        return f"{low.day} to {high.day} {high:%B %Y}"
    year = "" if low.year == high.year else f" {low.year}"
    return f"{low.day} {low:%B}{year} to {high.day} {high:%B %Y}"

"""One look for every picture: palette and font."""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager

from callotasis.findings import Level

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

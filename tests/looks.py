"""How a person would look at what the house draws and prints."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure


def luminance(colour: str) -> float:
    """Relative luminance of a colour, as WCAG 2.1 defines it."""
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in to_rgb(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def words_on(figure: Figure | Axes) -> list[str]:
    """Every word that is written on a picture."""
    panels = figure.axes if isinstance(figure, Figure) else [figure]
    return [
        text
        for axes in panels
        for text in (
            axes.get_title(),
            axes.get_xlabel(),
            axes.get_ylabel(),
            *(t.get_text() for t in axes.texts),
            *(t.get_text() for t in axes.get_yticklabels()),
        )
        if text
    ]


class Page(HTMLParser):
    """A page as a browser reads it: tags with what they carry, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep a piece of text."""
        self.pieces.append(data)

    def all_of(self, tag: str) -> list[dict[str, str]]:
        """What every tag of this name carries."""
        return [carried for name, carried in self.tags if name == tag]

    @property
    def text(self) -> str:
        """All text, its blanks made single."""
        return " ".join("".join(self.pieces).split())


def pages_of(pdf: Path) -> list[str]:
    """Read the text of every page of a PDF, its blanks made single."""
    pymupdf = pytest.importorskip("pymupdf", reason="python -m pip install pymupdf")
    with pymupdf.open(pdf) as document:
        return [" ".join(page.get_text().split()) for page in document]


def paper_of(pdf: Path) -> tuple[int, int]:
    """Read width and height of the first page of a PDF [pt]."""
    pymupdf = pytest.importorskip("pymupdf", reason="python -m pip install pymupdf")
    with pymupdf.open(pdf) as document:
        return round(document[0].rect.width), round(document[0].rect.height)

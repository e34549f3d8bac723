"""A page holds its pictures and fonts, and names are only names."""

from __future__ import annotations

from dataclasses import asdict

import jinja2
import pytest
from matplotlib.figure import Figure

from callotasis.report.follow_up_words import FollowUp
from callotasis.report.page import Picture, html_page, picture_of
from callotasis.report.table import Table

EMPTY = Table("", (), ())


def content(**more: object) -> dict[str, object]:
    """Say nearly nothing."""
    nothing = FollowUp(
        case="Dora", made_on="1 March 2027", version="0", notice="Not a device.",
        draft=False, signed="", synthetic=False, answers=(), findings=(),
        bones=EMPTY, stretch=EMPTY, exercises=EMPTY, walking=EMPTY,
        proposals=EMPTY, gates=EMPTY, due=EMPTY,
        silenced=EMPTY, sources=EMPTY,
    )  # fmt: skip
    return asdict(nothing) | more


def page(pictures: tuple[Picture, ...] = (), **more: object) -> str:
    """Fill the follow-up page."""
    return html_page("follow_up.html.jinja", content(**more), pictures)


def test_a_chart_is_a_picture_with_words() -> None:
    made = picture_of("course", Figure((1, 1)), "png", "A line.", "What it says.")
    assert made.file == "course.png"
    assert made.data.startswith(b"\x89PNG")
    shown = page((made,))
    assert 'alt="A line."' in shown
    assert "<figcaption>What it says.</figcaption>" in shown


def test_a_film_is_kept_as_jpeg() -> None:
    made = picture_of("film", Figure((1, 1)), "jpeg", "", "")
    assert made.file == "film.jpg"
    assert made.data.startswith(b"\xff\xd8")


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "http" not in page()
    assert "src: url(data:font/ttf" in page()


def test_a_name_is_no_markup() -> None:
    shown = page(case="<script>alert(1)</script>")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_page_says_what_is_synthetic_and_that_it_is_no_device() -> None:
    assert "SYNTHETIC" not in page()
    assert "SYNTHETIC" in page(synthetic=True)
    assert page().count("Not a device.") >= 2


def test_a_word_that_the_template_misses_is_no_silence() -> None:
    with pytest.raises(jinja2.UndefinedError):
        html_page("follow_up.html.jinja", {"case": "Dora"}, ())

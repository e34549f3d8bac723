"""Typesetting: data in, a PDF out, the same every time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from callotasis.errors import PlanRefusal
from callotasis.report.typeset import PAPERS, check_paper, template, typeset
from looks import pages_of, paper_of

MADE_ON = date(2026, 12, 1)
NOTHING = {
    "case": "Dora *x* #y $z$",
    "made_on": "1 December 2026",
    "surgery_on": "11 January 2027",
    "version": "0",
    "notice": "Research and education.",
    "draft": True,
    "signed": "",
    "synthetic": False,
    "pages": [],
}


def made(paper: str = "a4") -> bytes:
    """Typeset a theatre sheet of no bone."""
    return typeset("theatre.typ", {"content": NOTHING}, {}, MADE_ON, paper)


def test_what_was_typeset_once_comes_out_the_same_again() -> None:
    assert made() == made()
    assert made().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))]
)
def test_every_paper_has_its_size(
    tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(made(paper))
    assert paper in PAPERS
    assert paper_of(path) == size


def test_data_are_words_and_never_markup(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(made())
    assert "Dora *x* #y $z$" in pages_of(path)[0]


@pytest.mark.parametrize("paper", ["", "A4", "letter"])
def test_an_unknown_paper_is_refused(paper: str) -> None:
    with pytest.raises(PlanRefusal, match="known are a4, us-letter"):
        check_paper(paper)
    with pytest.raises(PlanRefusal, match=f"paper '{paper}' is unknown"):
        made(paper)


@pytest.mark.parametrize(
    "name",
    ["report.typ", "report.html.jinja", "theatre.typ", "strut_sheet.typ", "house.typ"],
)
def test_the_package_carries_every_template(name: str) -> None:
    assert template(name)

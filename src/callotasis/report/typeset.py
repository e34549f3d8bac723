"""Typesetting: a template of the package, its data as JSON, and pictures, to a PDF."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import typst

from callotasis.errors import PlanRefusal
from callotasis.report.style import font_folder

PAPERS = ("a4", "us-letter")


def check_paper(paper: str) -> None:
    """Refuse a paper that nobody has in the printer.

    Raises
    ------
    PlanRefusal
        If the paper is unknown.
    """
    if paper not in PAPERS:
        raise PlanRefusal(f"paper '{paper}' is unknown; known are {', '.join(PAPERS)}")


def template(name: str) -> str:
    """Text of a template that the package carries."""
    return files("callotasis.report").joinpath("templates", name).read_text("utf-8")


def typeset(
    name: str,
    data: Mapping[str, object],
    pictures: Mapping[str, bytes],
    made_on: date,
    paper: str,
) -> bytes:
    """Typeset a template; data travel as JSON, never as markup.

    Parameters
    ----------
    name : str
        Of the template.
    data : dict of str to object
        Each part becomes one input of the template, as JSON.
    pictures : dict of str to bytes
        Files that the template may show, by name.
    made_on : date
        Written into the file; a fixed date makes it repeatable.
    paper : str
        ``a4`` or ``us-letter``.

    Returns
    -------
    bytes
        A PDF with its fonts.

    Raises
    ------
    PlanRefusal
        If the paper is unknown.
    """
    check_paper(paper)
    noon = datetime(made_on.year, made_on.month, made_on.day, 12, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for file, picture in pictures.items():
            (root / file).write_bytes(picture)
        for part in {name, "house.typ"}:
            (root / part).write_text(template(part), "utf-8")
        pdf: bytes = typst.compile(
            str(root / name),
            root=str(root),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={
                "paper": paper,
                **{part: json.dumps(value) for part, value in data.items()},
            },
            timestamp=int(noon.timestamp()),
        )
    return pdf

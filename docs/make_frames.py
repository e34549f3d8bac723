"""Draw the documented hexapod with its strut sheet, and the theatre sheet of Dora."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date
from pathlib import Path

import pymupdf
from pydantic import TypeAdapter

from callotasis.demo import demonstrate
from callotasis.errors import FrameRefusal
from callotasis.exchange import checked
from callotasis.fixation.hexapod import ProgramOrder, programmed
from callotasis.report.frame_files import SheetWishes, frame_files

DOCS = Path(__file__).parent
IMAGES = DOCS / "images"
JSON = re.compile(r"```json\n(.*?)```", re.DOTALL)
PAGE_DPI = 80
MADE_ON, TURNED_ON = date(2026, 12, 1), date(2027, 1, 18)
WISHES = SheetWishes(TURNED_ON, "Dora (synthetic)", "the ward", MADE_ON)


def documented() -> ProgramOrder:
    """The program from two films that ``docs/hexapod.md`` shows."""
    texts = JSON.findall((DOCS / "hexapod.md").read_text("utf-8"))
    raw = next(found for text in texts if "films" in (found := json.loads(text)))
    return checked(TypeAdapter(ProgramOrder), raw, "docs/hexapod.md", FrameRefusal)


def page(document: bytes, name: str) -> None:
    """Keep the first page of a PDF as a picture."""
    first = pymupdf.open("pdf", document)[0]
    first.get_pixmap(dpi=PAGE_DPI).save(IMAGES / name)


def main() -> None:
    """Draw all three."""
    order = documented()
    files = frame_files(programmed(order), order, WISHES)
    (IMAGES / "hexapod.png").write_bytes(files["frame.png"])
    page(files["struts.pdf"], "strut-sheet.png")
    with tempfile.TemporaryDirectory() as scratch:
        report = demonstrate(Path(scratch) / "demo", print).planned.report
        if report.theatre is not None:
            page(report.theatre.read_bytes(), "theatre-sheet.png")


if __name__ == "__main__":
    main()

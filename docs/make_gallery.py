"""Draw the pictures of the documentation again, from the demonstration."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pymupdf

from callotasis.demo import demonstrate

IMAGES = Path(__file__).parent / "images"
PAGE_DPI = 110


def main() -> None:
    """Run the demonstration in a scratch folder and keep its pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        made = demonstrate(Path(scratch), print)
        report = made.planned.report
        for picture in report.pictures:
            shutil.copy(picture, IMAGES / picture.name)
        page = pymupdf.open(report.pdf)[0]
        page.get_pixmap(dpi=PAGE_DPI).save(IMAGES / "report-page-1.png")


if __name__ == "__main__":
    main()

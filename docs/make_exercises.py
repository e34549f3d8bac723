"""Draw every exercise on one picture, and keep the first page of a sheet."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pymupdf
from PIL import Image

from callotasis.distraction import Phase
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone, Side
from callotasis.rehabilitation import every_exercise, programme
from callotasis.report.exercise_pictures import exercise_picture
from callotasis.report.exercise_sheet import ExerciseSheetOrder, exercise_sheet

IMAGES = Path(__file__).parent / "images"
COLUMNS, TILE, GAP = 4, (420, 162), 10
PAGE_DPI = 80
MADE_ON = date(2026, 12, 1)


def contact() -> Image.Image:
    """All exercises of a right leg, side by side."""
    names = list(every_exercise())
    rows = -(-len(names) // COLUMNS)
    wide, high = TILE[0] + GAP, TILE[1] + GAP
    paper = Image.new("RGB", (COLUMNS * wide, rows * high), "white")
    for place, name in enumerate(names):
        drawn = Image.open(io.BytesIO(exercise_picture(name, Side.RIGHT)))
        tile = drawn.convert("RGBA").resize(TILE, Image.Resampling.LANCZOS)
        at = place % COLUMNS * wide, place // COLUMNS * high
        paper.paste(tile, at, tile)
    return paper


def main() -> None:
    """Draw both."""
    drawn = contact().quantize(128, Image.Quantize.MAXCOVERAGE)
    drawn.save(IMAGES / "exercises.png", optimize=True)
    asked = ExerciseSheetOrder(
        programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL),
        Side.RIGHT,
        MADE_ON,
        case="Dora (synthetic)",
        call="the ward",
    )
    first = pymupdf.open("pdf", exercise_sheet(asked))[0]
    first.get_pixmap(dpi=PAGE_DPI).save(IMAGES / "exercise-sheet.png")


if __name__ == "__main__":
    main()

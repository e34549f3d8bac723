"""Draw the pictures of the documentation again: the demonstration's, and six people."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pymupdf
from PIL import Image
from playwright.sync_api import sync_playwright

from callotasis.alignment import MeasuredFilm
from callotasis.demo import SPEC, demonstrate
from callotasis.pages import Marking, Target, serve
from callotasis.radiograph import FilmNotes, read_film
from callotasis.radiograph.landmarks import View
from callotasis.radiograph.phantom import (
    BallAt,
    Bend,
    BoneShape,
    FilmSpec,
    Implant,
    make_film,
)

IMAGES = Path(__file__).parent / "images"
PAGE_DPI = 110
TALLEST_PX, JPEG_QUALITY = 1300, 82

PEOPLE = {
    "dora": SPEC,
    "fay": FilmSpec(
        height_scale=0.74,
        growth_plates=True,
        shortening_mm={"L.tibia": 28.0},
        shape={"R.femur": BoneShape(width=0.9), "L.femur": BoneShape(width=0.9)},
        block_mm={"L": 20.0},
        pitch_mm=0.25,
        seed=10,
    ),
    "gus": FilmSpec(
        bend={"R.tibia": [Bend(14.0, 0.25), Bend(-11.0, 0.68)]},
        flesh=1.15,
        pitch_mm=0.3,
        seed=23,
    ),
    "hana": FilmSpec(
        shortening_mm={"L.femur": 35.0},
        implant={"L.femur": Implant(length_mm=340.0, diameter_mm=11.0)},
        block_mm={"L": 35.0},
        flesh=0.9,
        pitch_mm=0.3,
        seed=31,
    ),
    "ivo": FilmSpec(
        height_scale=1.16,
        shape={"R.femur": BoneShape(neck_deg=8.0), "L.femur": BoneShape(neck_deg=8.0)},
        more_balls=[BallAt("L.hip", 20.0), BallAt("R.ankle", -10.0)],
        ruler_mm=700.0,
        monochrome1=True,
        bits=8,
        equalised=False,
        pitch_mm=0.35,
        seed=47,
    ),
    "jule": FilmSpec(
        view=View.LATERAL_FEMUR,
        lateral_of="L",
        bend={"L.femur": Bend(level=0.62, procurvatum_deg=18.0)},
        pitch_mm=0.2,
        seed=59,
    ),
}
"""Six synthetic people; the pictures are ``person-<name>.jpg``."""


def main() -> None:
    """Draw every person, then run the demonstration and keep its pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        draw_people(Path(scratch))
        made = demonstrate(Path(scratch) / "demo", print)
        report = made.planned.report
        for picture in report.pictures:
            shutil.copy(picture, IMAGES / picture.name)
        page = pymupdf.open(report.pdf)[0]
        page.get_pixmap(dpi=PAGE_DPI).save(IMAGES / "report-page-1.png")
        draw_page(made.planned.measured)


def draw_people(scratch: Path) -> None:
    """Expose each person's film and show it as a viewer does, bone bright."""
    for name, spec in PEOPLE.items():
        file = scratch / f"{name}.dcm"
        file.write_bytes(make_film(spec).dicom)
        grey = np.round(read_film(file).pixels * 255).astype(np.uint8)
        picture = Image.fromarray(grey)
        picture.thumbnail((TALLEST_PX, TALLEST_PX), Image.Resampling.LANCZOS)
        picture.save(IMAGES / f"person-{name}.jpg", quality=JPEG_QUALITY)


def draw_page(measured: MeasuredFilm) -> None:
    """Show the landmark page of the demonstration's film, on a desk and on a phone."""
    marking = Marking(
        measured.film,
        "dora.dcm",
        Target("the case Dora", lambda *_: ""),
        measured.landmarks,
        FilmNotes(ball_mm=25, patella_forward=True, knee_flexion_deg=0, block_mm={}),
    )
    page = serve(marking)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (width, height) in SCREENS.items():
            screen = browser.new_page(viewport={"width": width, "height": height})
            screen.goto(page.url)
            screen.wait_for_selector("#numbers tbody tr")
            screen.wait_for_timeout(SETTLED_MS)
            screen.screenshot(
                path=IMAGES / f"{name}.jpg", type="jpeg", quality=JPEG_QUALITY
            )
        browser.close()
    page.close()


CHROMIUM = "/usr/bin/chromium"
SCREENS = {"landmark-page": (1280, 860), "landmark-page-phone": (390, 844)}
SETTLED_MS = 1500


if __name__ == "__main__":
    main()

"""The landmark page as people use it: marked, dragged, nudged, saved, in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from browser import DESK, PHONE, Reader, reader_at
from callotasis.alignment import measure_film
from callotasis.exchange import plain
from callotasis.pages import Marking, Target, serve
from callotasis.pages.guide import words
from callotasis.pages.marking import landmark_text
from callotasis.pose import Side
from callotasis.radiograph import (
    Film,
    FilmNotes,
    Landmarks,
    landmarks_from,
    read_film,
)
from callotasis.radiograph.phantom import FilmSpec, MadeFilm, make_film

EIGHT = (
    "hip_centre",
    "troch_tip",
    "fem_condyle_lat",
    "fem_condyle_med",
    "knee_centre",
    "tib_plateau_lat",
    "tib_plateau_med",
    "ankle_centre",
)
NOTES = FilmNotes(ball_mm=25.0, patella_forward=True, knee_flexion_deg=0, block_mm={})


@dataclass(eq=False)
class Desk:
    """A film to mark, where its landmarks go, and the truth."""

    made: MadeFilm
    film: Film
    file: Path
    url: str
    marking: Marking

    def true(self, side: str, name: str) -> tuple[float, float]:
        return self.made.landmarks.sides[Side(side)][name]

    def saved(self) -> Landmarks:
        return landmarks_from(json.loads(self.file.read_text("utf-8")))


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeFilm, Film]:
    made = make_film(FilmSpec(pitch_mm=0.4, shortening_mm={"R.femur": 15.0}))
    path = tmp_path_factory.mktemp("page") / "film.dcm"
    path.write_bytes(made.dicom)
    return made, read_film(path)


@pytest.fixture
def empty_desk(synthetic: tuple[MadeFilm, Film], tmp_path: Path) -> Iterator[Desk]:
    yield from _desk(synthetic, tmp_path, Landmarks())


@pytest.fixture
def full_desk(synthetic: tuple[MadeFilm, Film], tmp_path: Path) -> Iterator[Desk]:
    yield from _desk(synthetic, tmp_path, synthetic[0].landmarks)


def _desk(
    synthetic: tuple[MadeFilm, Film], folder: Path, start: Landmarks
) -> Iterator[Desk]:
    file = folder / "marks.json"

    def keep(points: Landmarks, _: FilmNotes) -> str:
        file.write_bytes(landmark_text(points))
        return "Written."

    marking = Marking(synthetic[1], "film.dcm", Target("a file", keep), start, NOTES)
    page = serve(marking)
    yield Desk(*synthetic, file, page.url, marking)
    page.close()


def _shown(reader: Reader, quantity: str) -> str:
    return reader.text(f'[data-quantity="{quantity}"]')


@pytest.mark.slow
def test_sixteen_points_are_marked_and_measured(empty_desk: Desk) -> None:
    with reader_at(empty_desk.url, DESK) as reader:
        for side in "RL":
            for name in EIGHT:
                column, row = empty_desk.true(side, name)
                reader.choose(side, words()[name]["title"])
                reader.click((column + 2.0, row - 2.0))
        reader.wait_for(
            "document.querySelectorAll('#list .placed, #list .refined').length == 16"
        )
        reader.wait_for(
            "document.querySelector('[data-quantity=\"L.leg_length_mm\"] b') !== null"
        )
        reader.page.click("#save")
        reader.wait_for("document.getElementById('saved').textContent == 'Written.'")
        shown = _shown(reader, "R.leg_length_mm")
        assert reader.complaints == []
    saved = empty_desk.saved()
    assert {n for leg in saved.sides.values() for n in leg} == set(EIGHT)
    assert any("hip_centre" in names for names in saved.refined.values())
    found = measure_film(empty_desk.film, saved, NOTES.known, NOTES.facts).measurement
    leg = found.sides[Side.RIGHT]["leg_length_mm"]
    assert f"{leg.value:.1f} mm" in shown
    true_mm = empty_desk.made.truth["sides"]["R"]["leg_length_mm"]
    assert leg.low < true_mm < leg.high


@pytest.mark.slow
def test_numbers_change_while_a_point_is_dragged(full_desk: Desk) -> None:
    with reader_at(full_desk.url, DESK) as reader:
        reader.wait_for("document.querySelector('#numbers tbody tr') !== null")
        before = _shown(reader, "R.hka_deviation_deg")
        x, y = reader.on_screen(full_desk.true("R", "knee_centre"))
        reader.page.mouse.move(x, y)
        reader.page.mouse.down()
        reader.page.mouse.move(x + 12, y, steps=6)
        reader.wait_for(
            "document.querySelector('[data-quantity=\"R.hka_deviation_deg\"]')"
            f".textContent != {json.dumps(before)}"
        )
        assert "while dragging" in reader.text("#pace") or reader.text("#numbers")
        reader.page.mouse.up()
        reader.page.keyboard.press("Control+z")
        reader.wait_for(
            "document.querySelector('[data-quantity=\"R.hka_deviation_deg\"]')"
            f".textContent == {json.dumps(before)}"
        )
        assert reader.complaints == []


@pytest.mark.slow
def test_the_keyboard_alone_moves_a_point_and_saves(full_desk: Desk) -> None:
    with reader_at(full_desk.url, DESK) as reader:
        reader.page.keyboard.press("n")
        assert "Tip of the greater trochanter" in reader.text("#title")
        reader.page.keyboard.press("p")
        assert "Right: Hip centre" in reader.text("#title")
        for key in ("ArrowRight", "Shift+ArrowDown"):
            reader.page.keyboard.press(key)
        reader.page.keyboard.press("s")
        reader.wait_for("document.getElementById('saved').textContent == 'Written.'")
    column, row = full_desk.saved().sides[Side.RIGHT]["hip_centre"]
    before = full_desk.true("R", "hip_centre")
    assert (column - before[0], row - before[1]) == pytest.approx((1, 10), abs=0.02)


@pytest.mark.slow
def test_a_finger_marks_and_moves_on_a_phone(empty_desk: Desk) -> None:
    with reader_at(empty_desk.url, PHONE) as reader:
        reader.page.uncheck("#auto-refine")
        reader.page.uncheck("#auto-zoom")
        target = empty_desk.true("R", "hip_centre")
        reader.page.touchscreen.tap(*reader.on_screen(target))
        reader.wait_for(
            "document.getElementById('title').textContent.includes('trochanter')"
        )
        placed = empty_desk.marking.film
        assert placed.columns > 0
        width = reader.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["viewport"]["width"]
        assert reader.complaints == []


@pytest.mark.slow
def test_the_page_says_what_is_refused_and_keeps_nothing(full_desk: Desk) -> None:
    with reader_at(full_desk.url, DESK) as reader:
        reader.page.evaluate("document.getElementById('facts').open = true")
        reader.page.fill("[name=ball_mm]", "60")
        reader.page.dispatch_event("[name=ball_mm]", "change")
        reader.wait_for("document.getElementById('refused').textContent != ''")
        assert "ball" in reader.text("#refused")
        reader.page.click("#save")
        reader.settle()
    assert not full_desk.file.exists()


def test_what_a_page_shows_is_what_the_command_line_measures(full_desk: Desk) -> None:
    raw: dict[str, Any] = full_desk.made.landmarks.as_json()
    notes = {"ball_mm": 25.0, "patella_forward": True, "knee_flexion_deg": 0}
    answered = full_desk.marking.measured(raw, {**notes, "block_mm": {}})
    found = measure_film(
        full_desk.film, full_desk.made.landmarks, NOTES.known, NOTES.facts
    )
    assert answered["sides"] == plain(found.measurement)["sides"]  # type: ignore[index]

"""Dora's case: one synthetic film with a short right femur and a varus left tibia."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from callotasis.alignment import MeasuredFilm, measure_film
from callotasis.case_films import add_film
from callotasis.casework import Order
from callotasis.fixation import ConfirmedData, every_device
from callotasis.goal import Maturity
from callotasis.plan import Fibula
from callotasis.pose import Segment, Side
from callotasis.proposal import Worked, propose
from callotasis.radiograph import FilmNotes, Landmarks, read_film
from callotasis.radiograph.phantom import (
    Bend,
    FilmSpec,
    MadeFilm,
    make_film,
    reader_clicks,
)
from callotasis.record import CaseFolder, new_entry

CASE = "Dora (synthetic)"
SURGEON, PATIENT = "Ada", "Dora"
SURGERY_ON, MADE_ON = date(2027, 1, 11), date(2026, 12, 1)

SPEC = FilmSpec(
    shortening_mm={"R.femur": 30.0},
    bend={"L.tibia": Bend(varus_deg=10.0, level=0.25)},
    pitch_mm=0.5,
    seed=4,
)
NOTES = FilmNotes(
    ball_mm=25.0, patella_forward=True, knee_flexion_deg=0.0, block_mm={"R": 30.0}
)
BARE_NOTES = FilmNotes(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
ORDER = Order(
    surgery_on=SURGERY_ON,
    device={"R.femur": "example-nail", "L.tibia": "example-rail"},
    equalise="R.femur",
    correct=("L.tibia",),
    maturity=Maturity.MATURE,
    age_years=24.0,
    fibula={"L.tibia": Fibula(90.0, fixed_proximally=True, fixed_distally=True)},
)
FORGOTTEN_FIBULA = "plan.fibula@L.tibia"
"""The stop of an order whose tibia has no plan for its fibula."""

NOBODY: Mapping[str, ConfirmedData] = {}
"""No device that a clinician has confirmed."""


def confirming(*names: str) -> dict[str, ConfirmedData]:
    """Confirm devices as our catalogue has them, against their instructions."""
    devices = every_device()
    return {
        name: ConfirmedData(
            devices[name].stroke_mm, devices[name].step_mm, "Instructions, revision 3"
        )
        for name in names
    }


RIGHT_FEMUR, LEFT_FEMUR = Segment.parse("R.femur"), Segment.parse("L.femur")
RIGHT_TIBIA, LEFT_TIBIA = Segment.parse("R.tibia"), Segment.parse("L.tibia")


@dataclass(frozen=True)
class Files:
    """What lies on Dora's disk."""

    film: Path
    landmarks: Path


@cache
def made() -> MadeFilm:
    """Expose the film, once."""
    return make_film(SPEC)


@cache
def clicks() -> Landmarks:
    """Click its landmarks as a reader would."""
    return reader_clicks(made(), SPEC.seed)


def write_files(folder: Path) -> Files:
    """Lay the film and its landmarks into a folder."""
    files = Files(folder / "film.dcm", folder / "film.landmarks.json")
    files.film.write_bytes(made().dicom)
    files.landmarks.write_text(json.dumps(clicks().as_json()), "utf-8")
    return files


def measured_from(folder: Path, notes: FilmNotes = NOTES) -> MeasuredFilm:
    """Measure the film with what these notes say of it."""
    film = read_film(write_files(folder).film)
    return measure_film(film, clicks(), notes.known, notes.facts)


def work_out(
    measured: MeasuredFilm,
    order: Order = ORDER,
    confirmed: Mapping[str, ConfirmedData] = NOBODY,
    answered: frozenset[str] = frozenset(),
) -> Worked:
    """Propose what an order asks for."""
    return propose(measured, order.request(confirmed, answered))


def open_case(folder: Path, name: str = CASE, notes: FilmNotes = NOTES) -> CaseFolder:
    """Start a case folder that holds the film and its landmarks."""
    folder.mkdir(parents=True, exist_ok=True)
    files = write_files(folder)
    case = CaseFolder.create(folder / "case", name, SURGEON)
    add_film(case, files.film, files.landmarks, notes, SURGEON)
    return case


def add_again(case: CaseFolder, notes: FilmNotes, points: Landmarks) -> None:
    """Bring the film once more, with other notes or other landmarks."""
    files = write_files(case.path.parent)
    files.landmarks.write_text(json.dumps(points.as_json()), "utf-8")
    add_film(case, files.film, files.landmarks, notes, SURGEON)


def moved_clicks(down_px: float) -> Landmarks:
    """Click the right ankle elsewhere."""
    sides = {side: dict(points) for side, points in clicks().sides.items()}
    column, row = sides[Side.RIGHT]["ankle_centre"]
    sides[Side.RIGHT]["ankle_centre"] = (column, row + down_px)
    return Landmarks(sides)


def decide(case: CaseFolder, body: Mapping[str, Any], by: str = SURGEON) -> None:
    """Enter a clinician's decision."""
    case.append(new_entry(case.name, "decision", by, dict(body)))


def everything_in(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, to see whether anything was written."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

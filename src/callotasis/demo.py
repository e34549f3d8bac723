"""A whole synthetic case: a short right femur and a varus left tibia."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from callotasis.case_films import add_film
from callotasis.casework import Order, PlannedCase, plan_case, sign_plan
from callotasis.demo_year import HOME, YEAR, live_a_year
from callotasis.demo_year import STEPS as YEAR_STEPS
from callotasis.followup import Observed
from callotasis.goal import Maturity
from callotasis.outcomes import (
    OutcomeWishes,
    end_of_treatment_by,
    outcome_files,
    outcomes_of,
)
from callotasis.plan import Fibula
from callotasis.radiograph import FilmNotes
from callotasis.radiograph.phantom import Bend, FilmSpec, make_film, reader_clicks
from callotasis.record import CaseFolder
from callotasis.report import Rendered, write_files

CASE = "Dora (synthetic)"
AUTHOR = "Ada (demonstration)"
SPEC = FilmSpec(
    shortening_mm={"R.femur": 40.0},
    bend={"L.tibia": Bend(varus_deg=10.0, level=0.25)},
    body_turn_deg=2.0,
    beam_row_mm=15.0,
    seed=20260101,
)
NOTES = FilmNotes(
    ball_mm=25.0, patella_forward=True, knee_flexion_deg=0.0, block_mm={"R": 40.0}
)
ORDER = Order(
    surgery_on=date(2027, 1, 11),
    device={"R.femur": "example-nail", "L.tibia": "example-rail"},
    equalise="R.femur",
    correct=("L.tibia",),
    maturity=Maturity.MATURE,
    age_years=24.0,
    approach={"R.femur": "antegrade"},
    fibula={"L.tibia": Fibula(90.0, fixed_proximally=True, fixed_distally=True)},
)
MADE_ON = date(2026, 12, 1)
SECRET = b"no secret: this person does not exist"

STEPS = (
    "exposing the film",
    "keeping the case",
    "measuring and planning",
    "signing the plan",
    *YEAR_STEPS,
    "telling the outcome",
)


@dataclass(frozen=True, eq=False)
class LivedYear:
    """A copy of the case, signed and followed for a year.

    Attributes
    ----------
    folder : CaseFolder
        The copy.
    noticed : list of (int, Observed)
        What was found, and on which day it was looked at.
    outcome : dict of str to Path
        Page and registry.
    """

    folder: CaseFolder
    noticed: list[tuple[int, Observed]]
    outcome: dict[str, Path]


@dataclass(frozen=True, eq=False)
class Demo:
    """What the demonstration left behind."""

    folder: CaseFolder
    planned: PlannedCase
    truth: dict[str, object]
    year: LivedYear


def demonstrate(out: Path, progress: Callable[[str], None]) -> Demo:
    """Make film, case, plan and report; live through a year with a copy.

    Parameters
    ----------
    out : Path
        A new or empty folder.
    progress : callable
        Told the name of each step as it starts.

    Returns
    -------
    Demo
        The same figures for the same library versions.

    Raises
    ------
    RecordRefusal
        If the folder holds anything.

    References
    ----------
    .. [1] A synthetic person; see the tutorial in the documentation.
    """
    folder = CaseFolder.create(out / "case", CASE, AUTHOR)
    progress(STEPS[0])
    made = make_film(SPEC)
    film, truth = out / "film.dcm", out / "film.truth.json"
    landmarks = out / "film.landmarks.json"
    film.write_bytes(made.dicom)
    truth.write_text(json.dumps(made.truth, indent=1), "utf-8")
    clicks = reader_clicks(made, SPEC.seed).as_json()
    landmarks.write_text(json.dumps(clicks, indent=1), "utf-8")
    progress(STEPS[1])
    add_film(folder, film, landmarks, NOTES, AUTHOR)
    progress(STEPS[2])
    planned = plan_case(folder, ORDER, AUTHOR, out / "report", made_on=MADE_ON)
    year = _year(folder, out / "year", progress)
    return Demo(folder, planned, made.truth, year)


def _year(folder: CaseFolder, out: Path, progress: Callable[[str], None]) -> LivedYear:
    """Sign a copy of the case, live through a year, and tell its outcome.

    The case itself stays as planned: a draft that a newcomer may sign.
    """
    progress(STEPS[3])
    shutil.copytree(folder.path, out / "case")
    lived = CaseFolder(out / "case")
    signed_at = datetime.combine(MADE_ON, time(16), HOME)
    sign_plan(lived, AUTHOR, out / "report", signed_at)
    year = live_a_year(lived, out / "follow-up", progress)
    progress(STEPS[-1])
    wishes = OutcomeWishes(
        made_on=ORDER.surgery_on + timedelta(days=YEAR),
        key=SECRET,
        signed=end_of_treatment_by(lived.case()),
    )
    outcomes = outcomes_of(lived, YEAR, synthetic=True)
    files = Rendered(outcome_files(lived.name, outcomes, wishes))
    return LivedYear(lived, year.noticed, write_files(out / "outcome", files))

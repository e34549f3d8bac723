"""``callotasis schema``: made from the types, so that it cannot drift from them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from callotasis.alignment import LateralMeasurement, Measurement
from callotasis.case_films import Comparison
from callotasis.casework import Order
from callotasis.cli.terminal import say
from callotasis.complications import Complication, EndOfTreatment
from callotasis.emergency import Opened
from callotasis.errors import Refusal
from callotasis.evidence import Evidence
from callotasis.fixation import Device
from callotasis.fixation.hexapod import (
    PlacedFrame,
    Program,
    ProgramOrder,
    ReadFrame,
    Schedule,
    ScheduleOrder,
)
from callotasis.followup import (
    Exam,
    Felt,
    FilmRead,
    Permission,
    Silence,
    Turned,
)
from callotasis.instruments import Answers, Pack
from callotasis.proposal import Proposal
from callotasis.radiograph import FilmNotes, View
from callotasis.radiograph.phantom import CloseUpSpec, FilmSpec
from callotasis.record import Entry
from callotasis.rehabilitation import Practised, Walk
from callotasis.surgery import Surgery

Leg = dict[str, tuple[float, float]]


class LandmarkFile(TypedDict, total=False):
    """Points of one or both legs; ``view`` and ``refined`` may be left out."""

    view: View
    R: Leg
    L: Leg
    refined: dict[str, list[str]]


SCHEMAS: dict[str, Any] = {
    "landmarks": LandmarkFile,
    "film-spec": FilmSpec,
    "closeup-spec": CloseUpSpec,
    "film-notes": FilmNotes,
    "measurement": Measurement,
    "lateral-measurement": LateralMeasurement,
    "comparison": Comparison,
    "plan": Proposal,
    "order": Order,
    "entry": Entry,
    "surgery": Surgery,
    "turn": Turned,
    "exam": Exam,
    "symptom": Felt,
    "film-read": FilmRead,
    "silence": Silence,
    "permission": Permission,
    "case": Opened,
    "complication": Complication,
    "end-of-treatment": EndOfTreatment,
    "questionnaire": Answers,
    "text-pack": Pack,
    "exercise": Practised,
    "gait": Walk,
    "evidence": Evidence,
    "device": Device,
    "frame-settings": PlacedFrame,
    "frame-pose": ReadFrame,
    "frame-schedule": ScheduleOrder,
    "schedule": Schedule,
    "frame-program": ProgramOrder,
    "program": Program,
}


def run_schema(name: str | None) -> None:
    """Print one schema, or the names of all."""
    if name is None:
        say("\n".join(SCHEMAS))
        return
    if name not in SCHEMAS:
        raise Refusal(f"schema '{name}' is unknown; known are {', '.join(SCHEMAS)}")
    say(json.dumps(TypeAdapter(SCHEMAS[name]).json_schema(), indent=2))

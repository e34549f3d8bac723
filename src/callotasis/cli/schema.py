"""``callotasis schema``: made from the types, so that it cannot drift from them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from callotasis.alignment import LateralMeasurement, Measurement
from callotasis.case_films import Comparison
from callotasis.casework import Order
from callotasis.cli.terminal import say
from callotasis.errors import Refusal
from callotasis.evidence import Evidence
from callotasis.fixation import Device
from callotasis.proposal import Proposal
from callotasis.radiograph import FilmNotes
from callotasis.radiograph.phantom import FilmSpec
from callotasis.record import Entry

LANDMARK_FILE = dict[str, dict[str, tuple[float, float]]]

SCHEMAS: dict[str, Any] = {
    "landmarks": LANDMARK_FILE,
    "film-spec": FilmSpec,
    "film-notes": FilmNotes,
    "measurement": Measurement,
    "lateral-measurement": LateralMeasurement,
    "comparison": Comparison,
    "plan": Proposal,
    "order": Order,
    "entry": Entry,
    "evidence": Evidence,
    "device": Device,
}


def run_schema(name: str | None) -> None:
    """Print one schema, or the names of all."""
    if name is None:
        say("\n".join(SCHEMAS))
        return
    if name not in SCHEMAS:
        raise Refusal(f"schema '{name}' is unknown; known are {', '.join(SCHEMAS)}")
    say(json.dumps(TypeAdapter(SCHEMAS[name]).json_schema(), indent=2))

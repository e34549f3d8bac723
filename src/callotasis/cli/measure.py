"""``callotasis measure``."""

from __future__ import annotations

from pathlib import Path

from callotasis.alignment import Longer, Measurement, measure_film
from callotasis.alignment.frontal import QUANTITIES
from callotasis.cli.terminal import (
    number,
    numbers_by_name,
    say,
    show_findings,
    show_table,
    step,
)
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.pose import Side
from callotasis.radiograph import FilmNotes, read_film, read_landmarks
from callotasis.wording import angle, length
from callotasis.worlds import Worlds


def film_notes(
    *,
    ball_mm: float | None,
    magnification: float | None,
    magnification_sd: float | None,
    source_mm: float | None,
    beam_centre: str | None,
    depth: list[str] | None,
    patella_forward: bool | None,
    knee_flexion: float | None,
    block: list[str] | None,
) -> FilmNotes:
    """Read the options that say what is known about a film."""
    return FilmNotes(
        ball_mm=ball_mm,
        magnification=magnification,
        magnification_sd=magnification_sd,
        source_mm=source_mm,
        beam_centre_px=_pair(beam_centre) if beam_centre else None,
        depth_mm=numbers_by_name(depth or [], "depth"),
        patella_forward=patella_forward,
        knee_flexion_deg=knee_flexion,
        block_mm=None if block is None else numbers_by_name(block, "block"),
    )


def _pair(text: str) -> tuple[float, float]:
    column, comma, row = text.partition(",")
    if not comma:
        raise Refusal(f"beam centre is '{text}'; needed is COLUMN,ROW")
    return number(column, "beam centre"), number(row, "beam centre")


def run_measure(
    film: Path, landmarks: Path, notes: FilmNotes, *, worlds: int, seed: int, json: bool
) -> None:
    """Measure and print."""
    points = read_landmarks(landmarks)
    known, facts = notes.known, notes.facts
    with step("measuring", quiet=json):
        measured = measure_film(
            read_film(film), points, known, facts, Worlds(worlds, seed)
        ).measurement
    if json:
        say(as_json(measured))
    else:
        show_measurement(measured)


def show_measurement(found: Measurement) -> None:
    """Print a measurement for people."""
    rows = []
    for quantity in QUANTITIES:
        show = angle if quantity.is_angle else length
        cells = [found.sides.get(side, {}).get(quantity.name) for side in Side]
        rows.append(
            [quantity.words, *("not measured" if c is None else show(c) for c in cells)]
        )
    show_table("Measured (95 % intervals)", ("", "right", "left"), rows)
    difference = found.discrepancy_mm
    if difference is not None:
        who = "undecided which leg is longer"
        if difference.longer is not Longer.UNDECIDED:
            who = f"the {Side(difference.longer).word} leg is longer"
        say(
            f"\nDiscrepancy, right minus left: {difference.value:.1f} mm "
            f"({difference.low:.1f} to {difference.high:.1f}), {who}."
        )
    say(f"Lengths are {found.definition}.")
    say(f"Not measured: {', '.join(found.not_measured)}.\n")
    show_findings(found.findings)

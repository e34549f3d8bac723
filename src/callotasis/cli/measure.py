"""``callotasis measure``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from callotasis.alignment import (
    LATERAL_QUANTITIES,
    LateralMeasurement,
    Longer,
    Measurement,
    measure_film,
    measure_lateral,
)
from callotasis.alignment.frontal import EXTRAS, QUANTITIES
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
from callotasis.findings import Finding, by_urgency
from callotasis.pose import Side
from callotasis.radiograph import (
    LATERAL,
    Film,
    FilmNotes,
    KnownLength,
    Landmarks,
    check_on_film,
    read_film,
    read_landmarks,
    refined,
)
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
    known_length: list[str] | None,
    true_scale: bool,
    rotation: list[str] | None,
    torsion: list[str] | None,
) -> FilmNotes:
    """Read the options that say what is known about a film."""
    return FilmNotes(
        ball_mm=ball_mm,
        magnification=magnification,
        magnification_sd=magnification_sd,
        source_mm=source_mm,
        beam_centre_px=pair_of(beam_centre) if beam_centre else None,
        depth_mm=numbers_by_name(depth or [], "depth"),
        patella_forward=patella_forward,
        knee_flexion_deg=knee_flexion,
        block_mm=None if block is None else numbers_by_name(block, "block"),
        lengths=[_known_length(text) for text in known_length or []],
        true_scale=true_scale,
        rotation_deg=numbers_by_name(rotation or [], "rotation"),
        torsion_deg=numbers_by_name(torsion or [], "torsion"),
    )


def pair_of(text: str, name: str = "beam centre") -> tuple[float, float]:
    """Read COLUMN,ROW."""
    column, comma, row = text.partition(",")
    if not comma:
        raise Refusal(f"{name} is '{text:.40}'; needed is COLUMN,ROW [px]")
    return number(column, name), number(row, name)


def _known_length(text: str) -> KnownLength:
    """Read MM:COLUMN,ROW:COLUMN,ROW:WHERE."""
    parts = text.split(":")
    if len(parts) != 4:  # noqa: PLR2004 - length, both ends, place
        raise Refusal(
            f"known length is '{text:.60}'; needed is MM:COLUMN,ROW:COLUMN,ROW:WHERE"
        )
    length_mm, start, end, lies = parts
    return KnownLength(
        number(length_mm, "known length"),
        pair_of(start, "end of a known length"),
        pair_of(end, "end of a known length"),
        lies,
    )


def run_measure(
    film: Path,
    landmarks: Path,
    notes: FilmNotes,
    *,
    refine: bool,
    draws: Worlds,
    json: bool,
) -> None:
    """Measure and print."""
    points = read_landmarks(landmarks)
    with step("measuring", quiet=json):
        seen = read_film(film)
        check_on_film(points, seen)
        look = _lateral if points.view in LATERAL else _frontal
        found = look(seen, points, notes, draws, refine=refine)
    if json:
        say(as_json(found))
    elif isinstance(found, LateralMeasurement):
        show_lateral(found)
    else:
        show_measurement(found)


def _frontal(
    film: Film, points: Landmarks, notes: FilmNotes, draws: Worlds, *, refine: bool
) -> Measurement:
    more: tuple[Finding, ...] = ()
    if refine:
        better = refined(film, points)
        points, more = better.landmarks, better.findings
    measured = measure_film(film, points, notes.known, notes.facts, draws).measurement
    return replace(measured, findings=by_urgency((*more, *measured.findings)))


def _lateral(
    film: Film, points: Landmarks, notes: FilmNotes, draws: Worlds, *, refine: bool
) -> LateralMeasurement:
    if refine:
        raise Refusal(
            "--refine is for frontal films; landmarks of a lateral film are taken as "
            "clicked"
        )
    return measure_lateral(film, points, notes.known, draws).measurement


WORTH_SAYING = 0.05  # share of worlds below which a type of knee is not printed


def show_lateral(found: LateralMeasurement) -> None:
    """Print the measurement of a lateral film for people."""
    for side, seen in found.sides.items():
        rows = [
            [
                q.words,
                (angle if q.name.endswith("_deg") else length)(seen[q.name])
                if q.name in seen
                else "not measured",
            ]
            for q in LATERAL_QUANTITIES[found.view]
        ]
        show_table(f"Measured on a {found.view} film", ("", side.word), rows)
    say(f"\nAngles are {found.definition}.")
    say(f"Not measured: {', '.join(found.not_measured)}.\n")
    show_findings(found.findings)


def show_measurement(found: Measurement) -> None:
    """Print a measurement for people."""
    seen = {name for side in found.sides.values() for name in side}
    rows = []
    for quantity in (*QUANTITIES, *(q for q in EXTRAS if q.name in seen)):
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
    for side, knee in found.cpak.items():
        others = ", ".join(
            f"{t} {share:.0%}"
            for t, share in knee.share.items()
            if share >= WORTH_SAYING
        )
        say(f"CPAK of the {side.word} knee: type {knee.type} ({others} of the worlds).")
    for segment, turn in found.torsion_deg.items():
        say(f"Torsion of the {segment.words}, from CT: {angle(turn)}.")
    say(f"Lengths are {found.definition}.")
    say(f"Not measured: {', '.join(found.not_measured)}.\n")
    show_findings(found.findings)

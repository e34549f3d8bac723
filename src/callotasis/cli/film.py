"""``callotasis film make|closeup|info``."""

from __future__ import annotations

import json as json_library
from pathlib import Path

from pydantic import TypeAdapter

from callotasis.cli.terminal import json_file, say, show_findings, step, write_files
from callotasis.errors import FilmRefusal
from callotasis.exchange import as_json
from callotasis.exchange import checked as checked_data
from callotasis.radiograph import Film, read_film


def run_make(spec: Path, out: Path, truth: Path, landmarks: Path | None) -> None:
    """Make a film; all files appear together, at the end."""
    wanted = json_file(spec)
    from callotasis.radiograph.phantom import make_film, reader_clicks, spec_from

    checked = spec_from(wanted)
    with step("exposing the film"):
        made = make_film(checked)
    files = {out: made.dicom, truth: _json(made.truth)}
    if landmarks is not None:
        files[landmarks] = _json(reader_clicks(made, checked.seed).as_json())
    write_files(files)
    say(f"SYNTHETIC film written to {out}, its truth to {truth}")


def run_closeup(spec: Path, out: Path, truth: Path) -> None:
    """Make a close-up film of one cut bone; both files appear together."""
    wanted = json_file(spec)
    from callotasis.radiograph.phantom import CloseUpSpec, make_closeup

    checked = checked_data(
        TypeAdapter(CloseUpSpec), wanted, "close-up specification", FilmRefusal
    )
    with step("exposing the film"):
        made = make_closeup(checked)
    write_files({out: made.dicom, truth: _json({**made.truth, "points": made.points})})
    say(f"SYNTHETIC close-up written to {out}, its truth to {truth}")


def _json(data: object) -> bytes:
    return (json_library.dumps(data, indent=1, allow_nan=False) + "\n").encode()


def run_info(path: Path, *, json: bool) -> None:
    """Say what a film is."""
    film = read_film(path)
    facts = {
        "kind": film.kind,
        "rows": film.rows,
        "columns": film.columns,
        "pixel_pitch_mm": film.spacing_mm,
        "source_mm": film.source_mm,
        "patient_right_on_left": film.columns_to_left,
        "synthetic": film.synthetic,
        "sha256": film.sha256,
        "can_be_calibrated_by": _ways(film),
        "findings": film.findings,
    }
    if json:
        say(as_json(facts))
        return
    for name, value in facts.items():
        if name != "findings":
            said = "unknown" if value is None else value
            say(f"{name.replace('_', ' ')}: {said}")
    show_findings(film.findings)


def _ways(film: Film) -> list[str]:
    """Name what could give this film a scale."""
    if film.spacing_mm is None:
        return ["ball", "known length"]
    return ["ball", "known length", "magnification", "true scale", "joint depths"]

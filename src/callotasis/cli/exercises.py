"""``callotasis exercises``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from callotasis.cli.terminal import say, show_table, write_files
from callotasis.distraction import Phase
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone, Side
from callotasis.rehabilitation import Programme, programme
from callotasis.report.exercise_sheet import (
    ExerciseSheetOrder,
    dose_words,
    exercise_sheet,
)


def run_exercises(
    bone: str,
    phase: str,
    device: str,
    side: str,
    out: Path | None = None,
    *,
    case: str = "",
    call: str = "",
    only: list[str] | None = None,
    paper: str = "a4",
    json: bool = False,
) -> None:
    """Say what a leg may train, and print its sheet where a file is named.

    Parameters
    ----------
    bone, phase, device, side : str
        ``femur`` or ``tibia``; a phase; ``nail``, ``rail``, ``ring`` or ``hexapod``;
        ``R`` or ``L``.
    out : Path or None
        File of the sheet, a PDF; a draft, since nobody has signed it.
    case, call : str
        Whose it is and whom to call; left open on paper where they are empty.
    only : list of str or None
        Names of the exercises that are printed, in this order.
    paper : str
        ``a4`` or ``us-letter``.
    json : bool
        Print one JSON document.

    Raises
    ------
    Refusal
        If a word is none of these, or an exercise is not in the programme.
    """
    found = programme(
        Bone(_known(bone, "bone", [*Bone])),
        Phase(_known(phase, "phase", [*Phase])),
        Kind(_known(device, "device", [*Kind])),
    )
    order = ExerciseSheetOrder(
        found,
        Side(_known(side, "side", [*Side])),
        made_on=datetime.now(UTC).astimezone().date(),
        case=case,
        call=call,
        chosen=tuple(only or ()),
        paper=paper,
    )
    if out is not None:
        write_files({out: exercise_sheet(order)})
    if json:
        say(as_json(_document(found, order, out)))
    else:
        _show(found, order, out)


def _document(
    found: Programme, order: ExerciseSheetOrder, out: Path | None
) -> dict[str, object]:
    """The programme, how much of each exercise, and where the sheet is."""
    return {
        "programme": found,
        "doses": {e.name: e.amount for e in order.exercises},
        "sheet": None if out is None else str(out),
    }


def _known(word: str, name: str, allowed: list[str]) -> str:
    if word not in allowed:
        raise Refusal(f"{name} is '{word:.20}'; allowed are {', '.join(allowed)}")
    return word


def _show(found: Programme, order: ExerciseSheetOrder, out: Path | None) -> None:
    """Print a programme for people."""
    rows = [(e.name, e.title, dose_words(e.amount)) for e in order.exercises]
    show_table(
        f"{found.bone}, {found.phase}, {found.kind}: {found.status}",
        ("exercise", "", "dose"),
        rows,
    )
    low, high = found.sessions_a_week
    say(f"With a physiotherapist: {low:g} to {high:g} times a week.")
    for advice in found.advice:
        say(f"{advice.about}: {advice.text} [{advice.mark}]")
    say(f"Source: callotasis evidence {found.sessions_evidence}")
    if out is not None:
        say(f"Sheet, a draft: {out}")

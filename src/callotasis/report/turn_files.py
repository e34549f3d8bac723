"""Calendar and table of turns, as files beside a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from callotasis.distraction import Prescription, Turn, as_calendar, as_table
from callotasis.report.files import Rendered, write_files

CALENDAR, TABLE = "turns.ics", "turns.csv"


def write_turns(
    folder: Path,
    case: str,
    asked: Sequence[Prescription],
    gone: Sequence[tuple[Prescription, Turn]] = (),
    *,
    until: date | None = None,
) -> None:
    """Write the turns that bind now over those that bound before.

    Parameters
    ----------
    folder : Path
        Of the report; made if it is not there.
    case : str
        Name of the case.
    asked : sequence of Prescription
        Every bone's; without any turn to write both files are taken away.
    gone : sequence of (Prescription, Turn)
        Turns that bind no more: the calendar cancels them.
    until : date or None
        Until when the report beside them held: its files are renamed to say so.

    Raises
    ------
    RecordRefusal
        If the folder cannot be written.

    References
    ----------
    .. [1] A calendar that binds no more must not be found by anybody.
    """
    turning = [prescription for prescription in asked if prescription.turns]
    files: dict[str, bytes] = {}
    if turning or gone:
        files[CALENDAR] = as_calendar(case, turning, draft=False, gone=gone)
        files[TABLE] = as_table(turning, draft=False).encode()
    write_files(folder, Rendered(files), instead_of=(CALENDAR, TABLE))
    if until is not None:
        _supersede(folder, until)


def _supersede(folder: Path, until: date) -> None:
    """Keep the report under a name that says until when its turns held."""
    for name in ("report.html", "report.pdf"):
        path = folder / name
        old = path.with_stem(f"{path.stem}-until-{until.isoformat()}")
        if path.is_file():
            path.rename(old)

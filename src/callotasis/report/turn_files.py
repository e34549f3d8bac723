"""Calendar and table of turns, as files beside a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from callotasis.distraction import Prescription, as_calendar, as_table
from callotasis.errors import RecordRefusal
from callotasis.report.sheet import ready_folder

CALENDAR, TABLE = "turns.ics", "turns.csv"


def write_turns(folder: Path, case: str, asked: Sequence[Prescription]) -> None:
    """Write the turns that bind now over those that bound before.

    Parameters
    ----------
    folder : Path
        Of the report; made if it is not there.
    case : str
        Name of the case.
    asked : sequence of Prescription
        Every bone's; without any turn both files are taken away.

    Raises
    ------
    RecordRefusal
        If the folder cannot be written.

    References
    ----------
    .. [1] A calendar that binds no more must not be found by anybody.
    """
    ready_folder(folder)
    turning = [prescription for prescription in asked if prescription.turns]
    try:
        for name in (CALENDAR, TABLE):
            (folder / name).unlink(missing_ok=True)
        if turning:
            (folder / CALENDAR).write_bytes(as_calendar(case, turning, draft=False))
            (folder / TABLE).write_text(as_table(turning, draft=False), "utf-8")
    except OSError as error:
        raise RecordRefusal(
            f"report folder {folder} cannot be written: {error.strerror}"
        ) from None

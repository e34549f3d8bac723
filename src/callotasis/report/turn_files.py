"""Calendar and table of turns, as files beside a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from callotasis.distraction import Prescription, as_calendar, as_table
from callotasis.report.files import Rendered, write_files

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
    turning = [prescription for prescription in asked if prescription.turns]
    files: dict[str, bytes] = {}
    if turning:
        files[CALENDAR] = as_calendar(case, turning, draft=False)
        files[TABLE] = as_table(turning, draft=False).encode()
    write_files(folder, Rendered(files), instead_of=(CALENDAR, TABLE))

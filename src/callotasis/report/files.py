"""Files of a report: worked out in full first, then written all together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from callotasis.errors import RecordRefusal


@dataclass(frozen=True)
class Rendered:
    """Every file of a report, worked out in full and not yet written.

    Attributes
    ----------
    files : dict of str to bytes
        By name.
    """

    files: dict[str, bytes]


def ready_folder(folder: Path) -> None:
    """Make a report's folder for its owner alone, before anything is decided.

    Raises
    ------
    RecordRefusal
        If it cannot be made or written into.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RecordRefusal(
            f"report folder {folder} cannot be written: {error.strerror}"
        ) from None


def write_files(
    folder: Path, parts: Rendered, instead_of: Iterable[str] = ()
) -> dict[str, Path]:
    """Write files; what earlier ones left under these names is taken away.

    Parameters
    ----------
    folder : Path
        Made if it is not there, for its owner alone.
    parts : Rendered
        What to write.
    instead_of : iterable of str
        Names that must not lie about unless they are written now.

    Returns
    -------
    dict of str to Path
        Where each file lies.

    Raises
    ------
    RecordRefusal
        If the folder cannot be written.

    References
    ----------
    .. [1] What binds no more must not be found by anybody.
    """
    ready_folder(folder)
    try:
        for name in instead_of:
            (folder / name).unlink(missing_ok=True)
        for name, data in parts.files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise RecordRefusal(
            f"report folder {folder} cannot be written: {error.strerror}"
        ) from None
    return {name: folder / name for name in parts.files}

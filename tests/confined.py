"""Reading in confinement: a folder of files, in a program of its own that gets 2 GB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

READER = Path(__file__).parent / "radiograph" / "read_all.py"
PATIENCE_S = 300


@dataclass(frozen=True)
class Reading:
    """What came of one file.

    Attributes
    ----------
    name : str
        Of the file.
    outcome : str
        ``film``, ``landmarks``, ``refused``, or the name of another exception.
    said : str
        Of the exception.
    printed : str
        On standard output or error, by whatever library.
    written : tuple of str
        Files that were opened for writing, or changed.
    seconds : float
        How long it took.
    """

    name: str
    outcome: str
    said: str
    printed: str
    written: list[str]
    seconds: float


def read_confined(folder: Path) -> list[Reading]:
    """Read every file of a folder; die with the name of the file that kills."""
    with TemporaryDirectory() as desk:
        report = Path(desk) / "report"
        ran = subprocess.run(
            [sys.executable, READER, folder, report],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "PYTHONDONTWRITEBYTECODE": "1",
                # Each thread of the matrix library would reserve memory of its own.
                "OPENBLAS_NUM_THREADS": "1",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        lines = report.read_text("utf-8").splitlines() if report.exists() else []
    read = [Reading(**json.loads(line)) for line in lines]
    left = sorted({path.name for path in folder.iterdir()} - {r.name for r in read})
    assert ran.returncode == 0, f"died of {left[:1]}: {ran.stderr[-300:]}"
    assert not left
    return read


def read_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[Reading]:
    """Write files into a folder and read them in confinement."""
    for name, data in files:
        (folder / name).write_bytes(data)
    return read_confined(folder)

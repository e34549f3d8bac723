"""Read every file of a folder as a film or landmarks, and say what came of each.

Run by the tests as a program of its own, in 2 GB: a decoder that crashes or asks for
more memory must not take the tests with it. Warnings are faults; whatever is printed
or written while a file is read is told as well.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from callotasis.alignment import measure_film
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.radiograph import FilmNotes, read_film, read_landmarks
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import Landmarks
from callotasis.worlds import Worlds
from darkroom import bare_film

ALLOWED_BYTES = 2 * 2**30
FILM_OF_THE_LANDMARKS = (5325, 2150)
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink")
OUTSIDE = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "socket.")
FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

Came = tuple[str, str]
"""What came of a file, and what was said of it."""

_written: list[str] = []


def watch(event: str, details: tuple[Any, ...]) -> None:
    """Note whatever is opened for writing, changed, or started."""
    if event == "open":
        if details[2] & FOR_WRITING:
            _written.append(f"{event} {details[0]}")
    elif event.startswith((*CHANGES, *OUTSIDE, "shutil.")):
        _written.append(f"{event} {details}")


def check_film(path: Path) -> Came:
    """Read a film; one that no film can be is a fault."""
    film = read_film(path)
    assert film.kind in {"PNG", "JPEG"} or film.kind.startswith("DICOM "), film.kind
    assert min(film.rows, film.columns) >= 64, film.pixels.shape
    assert film.pixels.dtype == np.float32
    assert film.pixels.min() == 0, film.pixels.min()
    assert abs(film.pixels.max() - 1) < 1e-6, film.pixels.max()
    assert film.source_mm is None or 0 < film.source_mm < np.inf, film.source_mm
    assert _possible(film), film.spacing_mm
    return "film", ""


def _possible(film: Film) -> bool:
    return film.spacing_mm is None or all(0.01 <= mm <= 2 for mm in film.spacing_mm)


def check_landmarks(path: Path) -> Came:
    """Read landmarks and measure with them; a number that is none is a fault."""
    landmarks: Landmarks = read_landmarks(path)
    rows, columns = FILM_OF_THE_LANDMARKS
    film, notes = bare_film(rows, columns, columns_to_left=None), FilmNotes()
    try:
        found = measure_film(film, landmarks, notes.known, notes.facts, Worlds(10))
    except Refusal as refusal:
        return "off the film", str(refusal)
    as_json(found.measurement)
    return "landmarks", ""


def outcome(check: Callable[[Path], Came], path: Path) -> Came:
    """Tell what reading gives, or the fault by name; and what was said."""
    try:
        return check(path)
    except Refusal as refusal:
        return "refused", str(refusal)
    except Exception as fault:  # noqa: BLE001 - any other exception is what we look for
        return type(fault).__name__, str(fault)


def told(path: Path, paper: int) -> dict[str, Any]:
    """Read one file and tell everything that happened."""
    _written.clear()
    before, since = os.fstat(paper).st_size, time.monotonic()
    check = check_landmarks if path.suffix == ".json" else check_film
    came, said = outcome(check, path)
    written = list(_written)
    sys.stdout.flush()
    sys.stderr.flush()
    printed = os.pread(paper, 1000, before).decode(errors="replace")
    return {
        "name": path.name,
        "outcome": came,
        "said": said,
        "printed": printed,
        "written": written,
        "seconds": time.monotonic() - since,
    }


def main() -> None:
    """Read a folder; append one line of JSON a file to a report."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (ALLOWED_BYTES, ALLOWED_BYTES))
    warnings.simplefilter("error")
    folder, report = (Path(word) for word in sys.argv[1:])
    with tempfile.TemporaryFile() as paper, report.open("w", encoding="utf-8") as page:
        os.dup2(paper.fileno(), sys.stdout.fileno())
        os.dup2(paper.fileno(), sys.stderr.fileno())
        sys.addaudithook(watch)
        for path in sorted(folder.iterdir()):
            page.write(json.dumps(told(path, paper.fileno())) + "\n")
            page.flush()


if __name__ == "__main__":
    main()

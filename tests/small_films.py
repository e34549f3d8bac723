"""Small films on disk, one from the front and one from the side, quick to measure.

Nobody is on their pictures: what is measured are the points, drawn in beforehand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from callotasis.radiograph import FilmNotes
from darkroom import as_bytes, dicom
from legs import COLUMNS, ROWS, standing_points

NOTES = FilmNotes(
    magnification=1.05,
    magnification_sd=0.02,
    patella_forward=True,
    knee_flexion_deg=0.0,
    block_mm={},
)
KNOWN = (
    *("--magnification", 1.05, "--magnification-sd", 0.02, "--patella-forward"),
    *("--knee-flexion", 0, "--block", "R=0"),
)
"""Words that say on the command line what :data:`NOTES` say."""

SHRUNK = 4
SHAPE = (ROWS // SHRUNK, COLUMNS // SHRUNK)
LATERAL_SHAPE = (300, 200)

LATERAL_POINTS: dict[str, Any] = {
    "view": "lateral tibia",
    "R": {
        "tib_plateau_ant": [76.0, 36.0],
        "tib_plateau_post": [120.0, 43.0],
        "tib_shaft_prox": [96.0, 90.0],
        "tib_shaft_mid": [90.0, 150.0],
        "tib_shaft_dist": [96.0, 210.0],
        "plafond_ant": [84.0, 262.0],
        "plafond_post": [112.0, 267.0],
    },
}
"""A right shin that looks to the left of the film."""


@dataclass(frozen=True)
class SmallFilm:
    """A film and its landmark file."""

    film: Path
    landmarks: Path


def frontal_points() -> dict[str, Any]:
    """Both legs of a standing film, as in a landmark file."""
    return {
        side: {n: [c / SHRUNK, r / SHRUNK] for n, (c, r) in points.items()}
        for side, points in standing_points().items()
    }


def frontal_bytes(seed: int = 1) -> bytes:
    """A standing film; another seed is another file."""
    return as_bytes(dicom(_grey(seed, SHAPE), ImagerPixelSpacing=[0.5 * SHRUNK] * 2))


def lateral_bytes(seed: int = 1) -> bytes:
    """A film from the side that says so, its columns running backward."""
    header = dicom(
        _grey(seed, LATERAL_SHAPE),
        ImagerPixelSpacing=[1.5, 1.5],
        PatientOrientation=["P", "F"],
        ViewPosition="LATERAL",
    )
    return as_bytes(header)


def _grey(seed: int, shape: tuple[int, int]) -> Any:
    return np.random.default_rng(seed).integers(0, 4096, shape).astype(np.uint16)


def frontal_on(folder: Path, seed: int = 1, points: Any = None) -> SmallFilm:
    """Lay a standing film and its landmarks into a folder."""
    return _laid(
        folder, f"front{seed}", frontal_bytes(seed), points or frontal_points()
    )


def lateral_on(folder: Path, seed: int = 1, points: Any = None) -> SmallFilm:
    """Lay a lateral film and its landmarks into a folder."""
    return _laid(folder, f"side{seed}", lateral_bytes(seed), points or LATERAL_POINTS)


def _laid(folder: Path, name: str, film: bytes, points: Any) -> SmallFilm:
    files = SmallFilm(folder / f"{name}.dcm", folder / f"{name}.json")
    files.film.write_bytes(film)
    files.landmarks.write_text(json.dumps(points), "utf-8")
    return files

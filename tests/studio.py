"""The studio: synthetic films made once, developed, and measured by many tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from callotasis.pose import Side
from callotasis.radiograph import Film, Joint, KnownGeometry, read_film
from callotasis.radiograph.phantom import MadeFilm, make_film, spec_from

Truth = dict[str, Any]


def developed(made: MadeFilm) -> Film:
    """Write a synthetic film to a file and read it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.dcm"
        path.write_bytes(made.dicom)
        return read_film(path)


@cache
def plain() -> MadeFilm:
    """Make the film of the mean adult, with noise, once for all tests."""
    return make_film(spec_from({"pitch_mm": 0.5}))


@cache
def plain_film() -> Film:
    """Develop :func:`plain` once for all tests."""
    return developed(plain())


def everything_known(truth: Truth) -> KnownGeometry:
    """Say how a film was taken, as nobody ever can in a clinic."""
    return KnownGeometry(
        source_mm=truth["source_mm"],
        beam_centre_px=tuple(truth["beam_centre_px"]),
        depth_mm={
            (side, joint): truth["sides"][side]["points_3d"][f"{joint}_centre"][1]
            for side in Side
            for joint in Joint
        },
    )

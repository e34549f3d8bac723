"""Synthetic standing films with exact truth."""

from callotasis.radiograph.landmarks import View
from callotasis.radiograph.phantom.make import MadeFilm, make_film, reader_clicks
from callotasis.radiograph.phantom.spec import (
    BallAt,
    Bend,
    BoneShape,
    FilmSpec,
    Implant,
    ImplantKind,
    spec_from,
)

__all__ = [
    "BallAt",
    "Bend",
    "BoneShape",
    "FilmSpec",
    "Implant",
    "ImplantKind",
    "MadeFilm",
    "View",
    "make_film",
    "reader_clicks",
    "spec_from",
]

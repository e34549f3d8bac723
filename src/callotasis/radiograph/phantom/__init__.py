"""Synthetic standing films with exact truth."""

from callotasis.radiograph.landmarks import View
from callotasis.radiograph.phantom.closeup import (
    CloseUpScene,
    MadeCloseUp,
    closeup_scene,
    make_closeup,
)
from callotasis.radiograph.phantom.closeup_spec import CallusSpec, CloseUpSpec
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
    "CallusSpec",
    "CloseUpScene",
    "CloseUpSpec",
    "FilmSpec",
    "Implant",
    "ImplantKind",
    "MadeCloseUp",
    "MadeFilm",
    "View",
    "closeup_scene",
    "make_closeup",
    "make_film",
    "reader_clicks",
    "spec_from",
]

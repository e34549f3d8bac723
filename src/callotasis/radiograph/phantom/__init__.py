"""Synthetic standing films with exact truth."""

from callotasis.radiograph.phantom.make import MadeFilm, make_film, reader_clicks
from callotasis.radiograph.phantom.spec import Bend, FilmSpec, spec_from

__all__ = ["Bend", "FilmSpec", "MadeFilm", "make_film", "reader_clicks", "spec_from"]

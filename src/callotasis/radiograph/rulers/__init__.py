"""Lengths read off follow-up films by what is on them: a nail, rings, another bone."""

from callotasis.radiograph.rulers.film_length import FilmLength
from callotasis.radiograph.rulers.nail import Nail, RodMark, nail_length
from callotasis.radiograph.rulers.rings import ring_distance

__all__ = ["FilmLength", "Nail", "RodMark", "nail_length", "ring_distance"]

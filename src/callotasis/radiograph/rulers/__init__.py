"""Lengths read off follow-up films by what is on them: a nail, rings, another bone."""

from callotasis.radiograph.rulers.film_length import FilmLength
from callotasis.radiograph.rulers.healthy_leg import BonePair, bone_length, bone_pair
from callotasis.radiograph.rulers.nail import Nail, RodMark, nail_length
from callotasis.radiograph.rulers.rings import ring_distance

__all__ = [
    "BonePair",
    "FilmLength",
    "Nail",
    "RodMark",
    "bone_length",
    "bone_pair",
    "nail_length",
    "ring_distance",
]

"""Where, and how many millimetres: films, balls, landmarks, calibration."""

from callotasis.radiograph.ball import Ball, find_balls
from callotasis.radiograph.calibration import (
    Calibration,
    Method,
    calibrate,
)
from callotasis.radiograph.film import Film, read_film
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry, KnownLength
from callotasis.radiograph.landmarks import (
    LATERAL,
    Landmarks,
    View,
    landmarks_from,
    read_landmarks,
)
from callotasis.radiograph.notes import FilmNotes
from callotasis.radiograph.refine import Refined, refined
from callotasis.radiograph.sides import SIDE_UNPROVEN, check_on_film, side_findings

__all__ = [
    "LATERAL",
    "SIDE_UNPROVEN",
    "Ball",
    "Calibration",
    "Film",
    "FilmFacts",
    "FilmNotes",
    "Joint",
    "KnownGeometry",
    "KnownLength",
    "Landmarks",
    "Method",
    "Refined",
    "View",
    "calibrate",
    "check_on_film",
    "find_balls",
    "landmarks_from",
    "read_film",
    "read_landmarks",
    "refined",
    "side_findings",
]

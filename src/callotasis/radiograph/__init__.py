"""Where, and how many millimetres: films, balls, landmarks, calibration."""

from callotasis.radiograph.ball import Ball, find_balls
from callotasis.radiograph.calibration import (
    Calibration,
    Method,
    calibrate,
)
from callotasis.radiograph.film import Film, read_film
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.landmarks import (
    SIDE_UNPROVEN,
    Landmarks,
    check_on_film,
    landmarks_from,
    read_landmarks,
    side_findings,
)
from callotasis.radiograph.notes import FilmNotes

__all__ = [
    "SIDE_UNPROVEN",
    "Ball",
    "Calibration",
    "Film",
    "FilmFacts",
    "FilmNotes",
    "Joint",
    "KnownGeometry",
    "Landmarks",
    "Method",
    "calibrate",
    "check_on_film",
    "find_balls",
    "landmarks_from",
    "read_film",
    "read_landmarks",
    "side_findings",
]

"""What to train, how far a joint should go, how much to load, how evenly to walk."""

from callotasis.rehabilitation.adherence import (
    Logged,
    Practised,
    Week,
    adherence,
    diary_of,
    practised_of,
)
from callotasis.rehabilitation.exercises import (
    Dose,
    Exercise,
    dose_of,
    every_exercise,
)
from callotasis.rehabilitation.gait import (
    Change,
    Quantity,
    Sides,
    Symmetry,
    Walk,
    change,
    symmetry,
    walk_of,
    walks_of,
)
from callotasis.rehabilitation.knee_band import BandPoint, knee_band
from callotasis.rehabilitation.ladder import Callus, Loading, LoadLimit, Step
from callotasis.rehabilitation.loading import weight_bearing
from callotasis.rehabilitation.programme import About, Advice, Programme, programme
from callotasis.rehabilitation.ranges import (
    Motion,
    RangeLine,
    lines_crossed,
    range_lines,
)

__all__ = [
    "About",
    "Advice",
    "BandPoint",
    "Callus",
    "Change",
    "Dose",
    "Exercise",
    "LoadLimit",
    "Loading",
    "Logged",
    "Motion",
    "Practised",
    "Programme",
    "Quantity",
    "RangeLine",
    "Sides",
    "Step",
    "Symmetry",
    "Walk",
    "Week",
    "adherence",
    "change",
    "diary_of",
    "dose_of",
    "every_exercise",
    "knee_band",
    "lines_crossed",
    "practised_of",
    "programme",
    "range_lines",
    "symmetry",
    "walk_of",
    "walks_of",
    "weight_bearing",
]

"""A close-up film read step by step, for tests of every step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callotasis.pose import Segment
from callotasis.radiograph import Film, read_film
from callotasis.radiograph.callus.absorbed import Absorbed, absorbed
from callotasis.radiograph.callus.gap_ends import CutEnd, coarse_ends, fine_end
from callotasis.radiograph.callus.levels import Levels, levels_of
from callotasis.radiograph.callus.outline import Fragment, fragment_of
from callotasis.radiograph.callus.readable import straight_film
from callotasis.radiograph.callus.straight import Straight
from callotasis.radiograph.phantom import (
    CloseUpSpec,
    MadeCloseUp,
    make_closeup,
)

SEGMENT = "R.femur"


@dataclass(frozen=True, eq=False)
class Steps:
    """Everything between the file and the figures."""

    made: MadeCloseUp
    film: Film
    path: Path
    bone: Straight
    coarse: tuple[float, float]
    upper: Fragment
    lower: Fragment
    ends: tuple[CutEnd, CutEnd]
    levels: Levels
    seen: Absorbed

    @property
    def truth(self) -> dict[str, Any]:
        return self.made.truth


def steps_of(spec: CloseUpSpec, path: Path) -> Steps:
    """Make a film and read it up to its levels."""
    made = make_closeup(spec)
    path.write_bytes(made.dicom)
    film = read_film(path)
    above, below = made.points["axis_above"], made.points["axis_below"]
    bone, _ = straight_film(film, Segment.parse(spec.segment), above, below)
    coarse = coarse_ends(bone, bone.frame.length_mm)
    fragments, ends = [], []
    for start, upper in zip(coarse, (True, False), strict=True):
        fragment = fragment_of(bone, start, upper=upper)
        end = fine_end(bone, fragment, coarse[1] - coarse[0])
        fragments.append(fragment.moved(end.along_mm))
        ends.append(end)
    slants = (ends[0].slant, ends[1].slant)
    levels = levels_of(bone, *fragments, slants)
    return Steps(
        made,
        film,
        path,
        bone,
        coarse,
        fragments[0],
        fragments[1],
        (ends[0], ends[1]),
        levels,
        absorbed(levels),
    )

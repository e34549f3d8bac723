"""The operated bone by the one that was not operated on, on two standing films.

What a film does to its scale it does to both legs alike, or nearly: the ratio of the
two bones on today's film, against that on the first one, says how much longer the
operated bone has become. What is left is that the legs lie at different depths, by a
turn of the pelvis that no film shows, and the clicks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.pose import Bone, Segment
from callotasis.radiograph.landmarks import Landmarks, click_spread_mm
from callotasis.radiograph.rulers.film_length import (
    FEW,
    FilmLength,
    Size,
    check_size,
    interval_of,
    read_from,
    size_draws,
    too_rough,
)
from callotasis.worlds import Array, Worlds

LEAST_BONE_PX = 100
ENDS = {
    Bone.FEMUR: ("hip_centre", "knee_centre"),
    Bone.TIBIA: ("knee_centre", "ankle_centre"),
}


@dataclass(frozen=True)
class BonePair:
    """The operated bone and its healthy fellow on one film.

    Attributes
    ----------
    operated_px, healthy_px : float
        Lengths on the film, in pixels of one size [px].
    operated_sd_px, healthy_sd_px : float
        Their scatter by the clicks [px].
    """

    operated_px: float
    healthy_px: float
    operated_sd_px: float
    healthy_sd_px: float

    def __post_init__(self) -> None:
        for name in ("operated", "healthy"):
            px, sd = (getattr(self, f"{name}_{part}") for part in ("px", "sd_px"))
            if not (math.isfinite(px) and px >= LEAST_BONE_PX):
                raise FilmRefusal(
                    f"the {name} bone is {px:g} pixels long; needed are {LEAST_BONE_PX}"
                )
            if not 0 <= sd < px / 10:
                raise FilmRefusal(
                    f"the {name} bone's scatter is {sd:g} pixels; allowed is 0 to a "
                    f"tenth of its {px:g} pixels"
                )


def bone_length(
    first: BonePair, today: BonePair, first_mm: Size, *, draws: Worlds = FEW
) -> FilmLength:
    """Measure the operated bone on today's film in millimetres of the first one.

    Parameters
    ----------
    first, today : BonePair
        Of two standing films of both legs.
    first_mm : float or Interval
        Length of the operated bone on the first film [mm].
    draws : Worlds
        For the interval.

    Returns
    -------
    FilmLength
        Length of the operated bone today [mm]; its scatter is that of today's film.

    Raises
    ------
    FilmRefusal
        If the length is none of a bone, or the bone would have become longer or
        shorter than any lengthening makes it.

    References
    ----------
    .. [1] Rule of three. Depths of both legs apart: row ``rulers.legs_apart``.

    Examples
    --------
    >>> first = BonePair(2000.0, 2050.0, 3.0, 3.0)
    >>> today = BonePair(2310.0, 2152.5, 3.0, 3.0)
    >>> found = bone_length(first, today, 400.0)
    >>> round(found.measured_mm.value, 1), round(found.sd_mm, 1)
    (440.0, 3.6)
    """
    size = interval_of(first_mm)
    check_size("length of the operated bone", size.value, "rulers.bone_limits")
    grown = (today.operated_px / first.operated_px) * (
        first.healthy_px / today.healthy_px
    )
    row = constant("rulers.bone_growth_limits")
    if not row.low <= grown <= row.high:
        raise FilmRefusal(
            f"the operated bone would be {grown:.2f} times as long as on the first "
            f"film; allowed is {row.low:g} to {row.high:g} ({row.locator}): is the "
            "healthy side the same on both films?"
        )

    def length(*, alone: bool) -> Array:
        mm = size_draws(draws, "bone/first", size, alone=alone)
        then = _ratio(first, draws, "bone/first", 0.0 if alone else 1.0)
        return mm * _ratio(today, draws, "bone/today", 1.0) / then

    measured, sd = read_from(length(alone=False), length(alone=True))
    words = "the other leg's bone, as long as on the first film"
    return FilmLength("bone", measured, sd, words, None, too_rough(sd))


def _ratio(pair: BonePair, draws: Worlds, name: str, scatter: float) -> Array:
    """Operated over healthy bone on one film, shape (worlds,) [1]."""
    operated = draws.normal(f"{name}/operated", scatter * pair.operated_sd_px)
    healthy = draws.normal(f"{name}/healthy", scatter * pair.healthy_sd_px)
    apart = draws.normal(f"{name}/apart", scatter * constant("rulers.legs_apart").value)
    drawn = (pair.operated_px + operated) / (pair.healthy_px + healthy)
    return np.asarray(drawn * (1 + apart))


def bone_pair(points: Landmarks, operated: Segment, mm_per_px: float, *,
              aspect: float = 1.0) -> BonePair:  # fmt: skip
    """Lengths of a bone and its fellow on a standing film, with the clicks' scatter.

    Parameters
    ----------
    points : Landmarks
        Of both legs [px].
    operated : Segment
        Which bone was operated on.
    mm_per_px : float
        Roughly, at the bone, for the scatter of the clicks [mm].
    aspect : float
        Row pitch divided by column pitch [1].

    Returns
    -------
    BonePair
        Mechanical lengths on the film [px].

    Raises
    ------
    FilmRefusal
        If one of both legs has no landmarks.

    References
    ----------
    .. [1] Lengths: ``docs/conventions.md``. Scatter: rows ``landmarks.*``.
    """
    ends = ENDS[operated.bone]
    found = []
    for side in (operated.side, operated.side.other):
        seen = points.sides.get(side, {})
        missing = [name for name in ends if name not in seen]
        if missing:
            raise FilmRefusal(
                f"{', '.join(missing)} of the {side.word} leg is not clicked; a bone "
                "is measured by its fellow on the other leg"
            )
        (c1, r1), (c2, r2) = (seen[name] for name in ends)
        found.append(math.hypot(c2 - c1, (r2 - r1) * aspect))
    sd = math.hypot(*(click_spread_mm(name)[1] for name in ends)) / mm_per_px
    return BonePair(found[0], found[1], sd, sd)

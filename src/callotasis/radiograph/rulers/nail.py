"""How far a lengthening nail stands out, measured on the nail itself.

The ruler is the diameter of its outer tube, which is printed on the box. What is
measured runs from the end of the tube to a fixed mark of the rod: its tip, or a locking
screw. The scale along an oblique nail grows towards the source; it is read off the
taper of the tube's shadow, and off the rod where its diameter is known too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.radiograph.film import Film
from callotasis.radiograph.rulers.bar import Bar
from callotasis.radiograph.rulers.eye import Eye, apart_mm, eye_of
from callotasis.radiograph.rulers.film_length import (
    FEW,
    FilmLength,
    Point,
    Size,
    check_on_the_film,
    check_size,
    interval_of,
    magnified,
    read_from,
    size_draws,
    too_rough,
)
from callotasis.radiograph.rulers.nail_parts import NailSeen, nail_on
from callotasis.radiograph.rulers.ribbon import Ribbon
from callotasis.worlds import Array, Interval, Worlds


class RodMark(StrEnum):
    """What of the rod the length is measured to."""

    TIP = "tip"
    SCREW = "screw"


@dataclass(frozen=True)
class Nail:
    """What is known about a lengthening nail.

    Attributes
    ----------
    tube_mm : float or Interval
        Outer diameter of the tube [mm].
    rod_mm : float, Interval or None
        Diameter of the rod where it is known [mm].
    mark : RodMark
        What of the rod is measured to; the same on all films of a nail.
    """

    tube_mm: Size
    rod_mm: Size | None = None
    mark: RodMark = RodMark.TIP

    def __post_init__(self) -> None:
        check_size("diameter of the tube", self.tube.value, "rulers.nail_limits")
        if self.rod is None:
            return
        check_size("diameter of the rod", self.rod.value, "rulers.nail_limits")
        if self.rod.value >= self.tube.value:
            raise FilmRefusal(
                f"diameter of the rod is {self.rod.value:g} mm, of the tube "
                f"{self.tube.value:g} mm; a rod is thinner than its tube"
            )

    @property
    def tube(self) -> Interval:
        """Diameter of the tube with its tolerance [mm]."""
        return interval_of(self.tube_mm)

    @property
    def rod(self) -> Interval | None:
        """Diameter of the rod with its tolerance [mm]."""
        return None if self.rod_mm is None else interval_of(self.rod_mm)

    @property
    def words(self) -> str:
        """What gives the millimetres."""
        said = f"tube of the nail, {self.tube.value:g} mm"
        if self.rod is not None:
            said += f", and its rod, {self.rod.value:g} mm"
        return said


def nail_length(
    film: Film,
    tube_px: Point,
    rod_px: Point,
    nail: Nail,
    *,
    beam_centre_px: Point | None = None,
    draws: Worlds = FEW,
) -> FilmLength:
    """Measure how far the rod of a lengthening nail stands out of its tube.

    Parameters
    ----------
    film : Film
        Any film that shows the end of the tube and the mark of the rod.
    tube_px : tuple of float
        A point on the tube; the farther from its end the better [px].
    rod_px : tuple of float
        A point near the mark of the rod: its tip, or a locking screw [px].
    nail : Nail
        Its diameters, and what of the rod is measured to.
    beam_centre_px : tuple of float or None
        Where the central ray met the film [px]; None for the film's middle.
    draws : Worlds
        For the interval.

    Returns
    -------
    FilmLength
        From the end of the tube to the mark, in space [mm].

    Raises
    ------
    FilmRefusal
        If a point lies off the film, edges are not found or saturated, tube and rod
        are not told apart, the rod does not agree with the tube, or the magnification
        is impossible.

    References
    ----------
    .. [1] Edges: :mod:`callotasis.radiograph.rulers.bar`. Lean: the scale of a point
       is inverse to its distance from the source. Scatters: rows ``rulers.*``.
    """
    check_on_the_film(film, [tube_px, rod_px])
    to_screw = nail.mark is RodMark.SCREW
    seen = nail_on(film, tube_px, rod_px, nail.tube.value, to_screw=to_screw)
    scale = 2 * seen.tube.radius_px / nail.tube.value
    grown = magnified(film, f"a tube of {nail.tube.value:g} mm", scale)
    if nail.rod is not None:
        _check_rod(seen, nail.rod, scale)
    pitch = film.spacing_mm[0] if film.spacing_mm else 1.15 / scale
    eye = eye_of(film, pitch, beam_centre_px)
    drawn = _Draws(draws, seen, eye, nail.tube, nail.rod)
    measured, sd = read_from(drawn.length(), drawn.length(alone=True))
    return FilmLength("nail", measured, sd, nail.words, grown, too_rough(sd))


def _check_rod(seen: NailSeen, rod: Interval, scale: float) -> None:
    """Refuse a rod that cannot be as thick as said, by the tube's own scale."""
    tube, along = seen.tube, seen.rod.middle_px - seen.tube.middle_px
    there = scale * np.exp(tube.taper / tube.radius_px * along)
    looks = 2 * seen.rod.radius_px / there
    row = constant("rulers.rod_agrees")
    if not rod.low * (1 - row.value) <= looks <= rod.high * (1 + row.value):
        raise FilmRefusal(
            f"by the tube's scale the rod is {looks:.2f} mm thick; {rod.value:g} mm "
            f"was given, and {row.value:.0%} more or less is allowed: check both "
            "diameters, or leave the rod's out"
        )


@dataclass(frozen=True, eq=False)
class _Draws:
    """Everything unknown about one reading, drawn."""

    worlds: Worlds
    seen: NailSeen
    eye: Eye
    tube: Interval
    rod: Interval | None

    def length(self, *, alone: bool = False) -> Array:
        """Shape (worlds,); alone: only what differs from film to film [mm]."""
        level, growth = self._scale(alone=alone)
        ribbon, mm = self.seen.ribbon, self.tube.value / (2 * self.seen.tube.radius_px)
        ends, scales = [], []
        for name, along, bar, sd in (
            ("step", self.seen.step_px, self.seen.tube, "rulers.step_scatter"),
            ("mark", self.seen.mark_px, self.seen.rod, "rulers.mark_scatter"),
        ):
            place = ribbon.on_film(along, bar.axis_at(along))
            off = self._own(name, constant(sd).value / mm)
            way = ribbon.unit / [1.0, ribbon.aspect]
            ends.append(place + off[:, None] * way)
            scales.append(np.exp(level + growth * (along - self.seen.tube.middle_px)))
        return apart_mm(
            (ends[0], ends[1]),
            (scales[0], scales[1]),
            self.eye.far_draws(self.worlds, alone=alone),
            self.eye.centre_draws(self.worlds),
            self.eye.aspect,
        )

    def _own(self, name: str, sd: float) -> Array:
        return self.worlds.normal(f"nail/{name}", sd)

    def _scale(self, *, alone: bool) -> tuple[Array, Array]:
        """Logarithm of the scale at the tube's middle, and its growth along [1/px]."""
        edge, taper = constant("rulers.edge_scatter"), constant("rulers.taper_scatter")
        known = [self._log_scale("tube", self.seen.tube, self.tube, alone=alone)]
        sds = [edge.value / self.tube.value]
        places = [0.0]
        if self.rod is not None:
            known.append(self._log_scale("rod", self.seen.rod, self.rod, alone=alone))
            sds.append(constant("rulers.rod_edge_scatter").value / self.rod.value)
            places.append(self.seen.rod.middle_px - self.seen.tube.middle_px)
        tube, long = self.seen.tube, self.seen.tube.length_px
        tapers = tube.taper / tube.radius_px + self._own("taper", taper.value / long)
        lean = np.tan(np.radians(constant("rulers.lean").value)) / self.eye.far_px
        return _line(known, places, sds, (tapers, taper.value / long), lean)

    def _log_scale(self, name: str, bar: Bar, size: Interval, *, alone: bool) -> Array:
        """Logarithm of pixels for a millimetre at the middle of a bar."""
        shared, own = constant("rulers.edge_bias"), constant("rulers.edge_scatter")
        own_mm = own if name == "tube" else constant("rulers.rod_edge_scatter")
        radius = bar.radius_px * _square_on(self.seen.ribbon, bar, self.eye)
        known = size_draws(self.worlds, f"nail/{name}/size", size, alone=alone)
        bias = 0.0 if alone else shared.sd or 0.0
        mm = known + shared.value + self._own("edge_bias", bias)
        return np.log(2 * radius / mm) + self._own(name, own_mm.value / size.value)


def _square_on(ribbon: Ribbon, bar: Bar, eye: Eye) -> float:
    """How much narrower a bar's shadow is where the beam meets the film square [1]."""
    place = ribbon.on_film(bar.middle_px, bar.axis_at(bar.middle_px))
    off = (place - eye.centre_px) * [1.0, ribbon.aspect]
    across = off @ [-ribbon.unit[1], ribbon.unit[0]]
    return float(1 / np.hypot(1.0, across / eye.far_px))


def _line(
    known: list[Array],
    places: list[float],
    sds: list[float],
    taper: tuple[Array, float],
    lean: float,
) -> tuple[Array, Array]:
    """Weighted line through the scales known, its slope by the taper and belief."""
    design = np.array([[1.0, at] for at in places] + [[0.0, 1.0], [0.0, 1.0]])
    weight = 1 / np.array([*sds, taper[1], lean])
    seen = np.stack([*known, taper[0], 0 * taper[0]])
    solve = np.linalg.pinv(design * weight[:, None]) * weight
    level, growth = solve @ seen
    return level, growth

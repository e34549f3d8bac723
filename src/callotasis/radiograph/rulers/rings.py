"""The way between two rings of an external frame, measured on the rings themselves.

The ruler is the outer diameter of a ring. Seen from the side a ring is a bar: its ends
are where the rays touch it, and the angle between them gives how far the ring's centre
lies from the source. So each ring has its own scale, and a frame that leans against the
film is no shorter for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.radiograph.film import Film
from callotasis.radiograph.rulers.eye import Eye, eye_of
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
from callotasis.radiograph.rulers.ring_ends import ring_end
from callotasis.worlds import Array, Interval, Worlds

RingEnds = tuple[Point, Point]
ALIKE = 0.15  # how much wider one ring may look than the other


def ring_distance(
    film: Film,
    upper_px: RingEnds,
    lower_px: RingEnds,
    outer_mm: Size,
    *,
    beam_centre_px: Point | None = None,
    draws: Worlds = FEW,
) -> FilmLength:
    """Measure the way from the centre of one ring to that of another.

    Parameters
    ----------
    film : Film
        That shows both rings from the side, edge-on or tilted a little.
    upper_px, lower_px : tuple of two points
        Left and right end of each ring, clicked to a few millimetres [px].
    outer_mm : float or Interval
        Outer diameter of both rings [mm].
    beam_centre_px : tuple of float or None
        Where the central ray met the film [px]; None for the film's middle.
    draws : Worlds
        For the interval.

    Returns
    -------
    FilmLength
        Centre to centre, in space [mm].

    Raises
    ------
    FilmRefusal
        If the diameter is none of a ring, a point lies off the film, an end is not
        found or saturated, or both rings cannot be of one diameter.

    References
    ----------
    .. [1] Tangents from a point to a circle; edges as in
       :mod:`callotasis.radiograph.rulers.rim`. Scatters: rows ``rulers.*``.
    """
    size = interval_of(outer_mm)
    check_on_the_film(film, [*upper_px, *lower_px])
    check_size("outer diameter of the rings", size.value, "rulers.ring_limits")
    mm = _rough_mm(film, (upper_px, lower_px), size.value)
    ends = [
        (ring_end(film, here, there, mm, size.value),
         ring_end(film, there, here, mm, size.value))
        for here, there in (upper_px, lower_px)
    ]  # fmt: skip
    wide = [_apart(film, *pair) for pair in ends]
    scale = float(np.mean(wide)) / size.value
    grown = magnified(film, f"a ring of {size.value:g} mm", scale)
    _check_alike(wide, size.value)
    pitch = film.spacing_mm[0] if film.spacing_mm else 1.15 / scale
    reading = _Draws(draws, np.array(ends), eye_of(film, pitch, beam_centre_px), size)
    measured, sd = read_from(reading.length(scale), reading.length(scale, alone=True))
    words = f"rings of the frame, {size.value:g} mm"
    return FilmLength("rings", measured, sd, words, grown, too_rough(sd))


def _apart(film: Film, here: Array, there: Array) -> float:
    return float(np.linalg.norm((there - here) * [1.0, film.aspect]))


def _rough_mm(film: Film, rings: tuple[RingEnds, RingEnds], outer_mm: float) -> float:
    """Roughly, at the rings, by the clicks; ends that are one point are refused."""
    wide = [_apart(film, np.array(a), np.array(b)) for a, b in rings]
    if min(wide) < LEAST_RING_PX:
        raise FilmRefusal(
            f"the ends of a ring lie {min(wide):.0f} pixels apart; needed are "
            f"{LEAST_RING_PX}: give the left and the right end of each ring"
        )
    return outer_mm / float(np.mean(wide))


LEAST_RING_PX = 60


def _check_alike(wide: list[float], outer_mm: float) -> None:
    if abs(np.log(wide[0] / wide[1])) > ALIKE:
        raise FilmRefusal(
            f"the rings are {wide[0]:.0f} and {wide[1]:.0f} pixels wide; rings of one "
            f"diameter ({outer_mm:g} mm) differ by {ALIKE:.0%} at most"
        )


@dataclass(frozen=True, eq=False)
class _Draws:
    """Everything unknown about one reading, drawn; ends of shape (rings, ends, 2)."""

    worlds: Worlds
    ends_px: Array
    eye: Eye
    size: Interval

    def length(self, scale: float, *, alone: bool = False) -> Array:
        """Shape (worlds,); alone: only what differs from film to film [mm]."""
        wobble = constant("rulers.ring_end_scatter").value * scale
        ends = self.ends_px + self.worlds.normal("rings/ends", wobble, (2, 2, 2))
        radius = size_draws(self.worlds, "rings/size", self.size, alone=alone) / 2
        far = self.eye.far_draws(self.worlds, alone=alone)
        centre = self.eye.centre_draws(self.worlds)
        off = (ends - centre[:, None, None]) * [1.0, self.eye.aspect]
        ahead = np.broadcast_to(far[:, None, None, None], (*off.shape[:-1], 1))
        way = np.concatenate([off, ahead], axis=-1)
        tilt = np.radians(constant("rulers.ring_tilt").value)
        middles = ring_centres(
            way, radius, self.worlds.normal("rings/tilt", tilt, (2,))
        )
        return np.asarray(np.linalg.norm(middles[:, 1] - middles[:, 0], axis=-1))


def ring_centres(ways: Array, radius_mm: Array, tilt_rad: Array) -> Array:
    """Centres of two rings, from the rays that touch them.

    Parameters
    ----------
    ways : Array
        Shape (..., 2, 2, 3): from the source towards both ends of both rings, any
        length.
    radius_mm : Array
        Shape (...) of both rings [mm].
    tilt_rad : Array
        Shape (..., 2): of each ring against being square to the line between both, its
        near side towards the second ring positive [rad].

    Returns
    -------
    Array
        Shape (..., 2, 3), from the source [mm].

    References
    ----------
    .. [1] A circle of radius r about a point D away is touched under half an angle
       whose sine is r/D. The points of touch lie r²/D nearer than the centre, in the
       plane of the ring.
    """
    unit = ways / np.linalg.norm(ways, axis=-1, keepdims=True)
    middle = unit.sum(axis=-2)
    half_cosine = np.linalg.norm(middle, axis=-1) / 2
    middle = middle / np.linalg.norm(middle, axis=-1, keepdims=True)
    half_sine = np.sqrt(1 - half_cosine**2)
    far = radius_mm[..., None] / half_sine
    nearer = radius_mm[..., None] ** 2 / far
    touch = (far - nearer)[..., None] * middle
    centres = far[..., None] * middle
    for _ in range(3):
        axis = centres[..., 1, :] - centres[..., 0, :]
        axis = axis / np.linalg.norm(axis, axis=-1, keepdims=True)
        lean = (middle * axis[..., None, :]).sum(axis=-1, keepdims=True)
        inward = middle - lean * axis[..., None, :]
        inward = inward / np.linalg.norm(inward, axis=-1, keepdims=True)
        inward = inward - np.tan(tilt_rad)[..., None] * axis[..., None, :]
        centres = touch + nearer[..., None] * inward
    return np.asarray(centres)

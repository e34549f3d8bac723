"""A lengthening nail on a film: an outer tube, the rod that leaves it, its screws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.hardware import MU_TITANIUM, Metal
from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array

ROUND = 256  # corners of a tube: round to a ten-thousandth of its diameter
SLICE_MM = 4.0  # of a tube, so that perspective within one face stays small


@dataclass(frozen=True)
class TelescopicNail:
    """A lengthening nail as drawn.

    Attributes
    ----------
    tube_mm, rod_mm : float
        Outer diameter of the tube and of the rod [mm].
    tube_length_mm : float
        [mm].
    exposed_mm : float
        From the end of the tube to the tip of the rod [mm].
    bore_mm : float
        Of the empty part of the tube; 0 for a tube full of motor and rod [mm].
    screws_from_tip_mm : tuple of float
        Locking screws through the rod, from its tip [mm].
    screw_mm, screw_length_mm : float
        Diameter and length of a locking screw [mm].
    attenuation : float
        Of the metal at the beam's energy [1/mm].
    """

    tube_mm: float = 10.7
    rod_mm: float = 8.5
    tube_length_mm: float = 160.0
    exposed_mm: float = 30.0
    bore_mm: float = 0.0
    screws_from_tip_mm: tuple[float, ...] = (10.0, 20.0)
    screw_mm: float = 4.0
    screw_length_mm: float = 34.0
    attenuation: float = MU_TITANIUM

    def __post_init__(self) -> None:
        if not 0 <= self.bore_mm < self.tube_mm or not 0 < self.rod_mm < self.tube_mm:
            raise FilmRefusal(
                f"a nail with a tube of {self.tube_mm:g} mm, a rod of "
                f"{self.rod_mm:g} mm and a bore of {self.bore_mm:g} mm; the rod and "
                "the bore must be thinner than the tube"
            )


def telescope(
    nail: TelescopicNail, tube_end: Array, along: Array, screws_along: Array
) -> list[Metal]:
    """Draw a lengthening nail.

    Parameters
    ----------
    nail : TelescopicNail
        What to draw.
    tube_end : Array
        Shape (3,), where the rod leaves the tube, on the axis [mm].
    along : Array
        Shape (3,), from the tube to the tip of the rod.
    screws_along : Array
        Shape (3,), direction of the locking screws.

    Returns
    -------
    list of Metal
        Tube, rod, screws, and the bore as metal taken away.

    References
    ----------
    .. [1] Solids of revolution; sizes as makers print them on the box.
    """
    axis = along / np.linalg.norm(along)
    across = screws_along - (screws_along @ axis) * axis
    across /= np.linalg.norm(across)
    parts = [
        Metal(_tube(nail, tube_end, axis), nail.attenuation),
        Metal(_rod(nail, tube_end, axis), nail.attenuation),
    ]
    for up in nail.screws_from_tip_mm:
        middle = tube_end + (nail.exposed_mm - up) * axis
        parts += [
            Metal(_screw_half(nail, middle, way * across), nail.attenuation)
            for way in (-1, 1)
        ]
    if nail.bore_mm:
        parts.append(Metal(_bore(nail, tube_end, axis), -nail.attenuation))
    return parts


def rod_tip(nail: TelescopicNail, tube_end: Array, along: Array) -> Array:
    """Tip of the rod, shape (3,) [mm]."""
    return np.asarray(tube_end + nail.exposed_mm * along / np.linalg.norm(along))


def screw_middle(
    nail: TelescopicNail, tube_end: Array, along: Array, which: int = 0
) -> Array:
    """Where a locking screw crosses the axis of the rod, shape (3,) [mm]."""
    axis = along / np.linalg.norm(along)
    far = nail.exposed_mm - nail.screws_from_tip_mm[which]
    return np.asarray(tube_end + far * axis)


def _along(start: Array, axis: Array, ends_mm: tuple[float, float]) -> Array:
    count = max(2, int(abs(ends_mm[1] - ends_mm[0]) / SLICE_MM) + 2)
    return np.asarray(start + np.linspace(*ends_mm, count)[:, None] * axis)


def _tube(nail: TelescopicNail, end: Array, axis: Array) -> Solid:
    path = _along(end, axis, (-nail.tube_length_mm, 0.0))
    return Solid(*loft(path, np.full((len(path), 2), nail.tube_mm / 2), around=ROUND))


def _bore(nail: TelescopicNail, end: Array, axis: Array) -> Solid:
    """Empty part in the proximal half of a tube, away from its motor."""
    far = -nail.tube_length_mm
    path = _along(end, axis, (far + 1.0, far / 2))
    return Solid(*loft(path, np.full((len(path), 2), nail.bore_mm / 2), around=ROUND))


def _rod(nail: TelescopicNail, end: Array, axis: Array) -> Solid:
    """A rod that ends in half a ball."""
    radius = nail.rod_mm / 2
    straight = _along(end, axis, (0.0, nail.exposed_mm - radius))
    turn = np.linspace(0.05, np.pi / 2 - 0.01, 16)
    dome = end + (nail.exposed_mm - radius + radius * np.sin(turn))[:, None] * axis
    path = np.vstack([straight, dome])
    width = np.r_[np.full(len(straight), radius), radius * np.cos(turn)]
    return Solid(*loft(path, np.stack([width, width], axis=1), around=ROUND))


def _screw_half(nail: TelescopicNail, middle: Array, across: Array) -> Solid:
    """From inside the rod's surface outwards: the rest lies within the rod."""
    start = 0.45 * nail.rod_mm
    path = _along(middle, across, (start, nail.screw_length_mm / 2))
    return Solid(*loft(path, np.full((len(path), 2), nail.screw_mm / 2), around=64))

"""Two rings of an external frame on a film, with the rods between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.hardware import MU_STEEL, Metal
from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array

MU_ALUMINIUM = 0.075  # at 75 kV [1/mm], of the order of the NIST tables (assumed)
CORNERS = 720  # of a ring: round to a hundred-thousandth of its diameter
ROD_CORNERS = 48


@dataclass(frozen=True)
class FrameRings:
    """Two rings as drawn.

    Attributes
    ----------
    outer_mm, inner_mm : float
        Diameters of both rings [mm].
    thick_mm : float
        Of the plate that a ring is cut from [mm].
    rods : int
        Threaded rods from ring to ring, evenly round.
    rod_mm : float
        Their diameter [mm].
    attenuation : float
        Of the rings' metal at the beam's energy [1/mm].
    """

    outer_mm: float = 180.0
    inner_mm: float = 150.0
    thick_mm: float = 6.0
    rods: int = 4
    rod_mm: float = 6.0
    attenuation: float = MU_ALUMINIUM

    def __post_init__(self) -> None:
        if not 0 < self.inner_mm < self.outer_mm:
            raise FilmRefusal(
                f"a ring of {self.outer_mm:g} mm outside and {self.inner_mm:g} mm "
                "inside; the inner diameter must be the smaller one"
            )


def frame_rings(
    rings: FrameRings,
    centres: tuple[Array, Array],
    normals: tuple[Array, Array],
    turn_deg: float = 20.0,
) -> list[Metal]:
    """Draw two rings and the rods between them.

    Parameters
    ----------
    rings : FrameRings
        What to draw.
    centres : tuple of Array
        Shape (3,) each, upper and lower [mm].
    normals : tuple of Array
        Shape (3,) each, square to each ring.
    turn_deg : float
        Of the rods about the axis [deg].

    Returns
    -------
    list of Metal
        Two rings, then the rods.

    References
    ----------
    .. [1] Plates cut as rings; plane geometry.
    """
    placed = [
        Metal(_ring(rings, centre, *_in_plane(normal)), rings.attenuation)
        for centre, normal in zip(centres, normals, strict=True)
    ]
    middle = (rings.outer_mm + rings.inner_mm) / 4
    turns = np.radians(turn_deg) + np.arange(rings.rods) * 2 * np.pi / rings.rods
    for turn in turns:
        ends = [
            centre + middle * (np.cos(turn) * u + np.sin(turn) * v)
            for centre, (u, v, _) in zip(centres, map(_in_plane, normals), strict=True)
        ]
        placed.append(Metal(_bar(ends[0], ends[1], rings.rod_mm), MU_STEEL))
    return placed


def _in_plane(normal: Array) -> tuple[Array, Array, Array]:
    """Two directions in the plane of a ring, and its unit normal."""
    unit = normal / np.linalg.norm(normal)
    u = np.array([1.0, 0.0, 0.0]) - unit[0] * unit
    u /= np.linalg.norm(u)
    return u, np.cross(unit, u), unit


def _ring(rings: FrameRings, centre: Array, u: Array, v: Array, unit: Array) -> Solid:
    """A square-edged ring: four circles of corners, joined all round."""
    angle = np.arange(CORNERS) * 2 * np.pi / CORNERS
    circle = np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v
    half = rings.thick_mm / 2 * unit
    outer, inner = rings.outer_mm / 2 * circle, rings.inner_mm / 2 * circle
    vertices = centre + np.vstack(
        [outer + half, outer - half, inner - half, inner + half]
    )
    here = np.arange(CORNERS)
    after = (here + 1) % CORNERS
    faces = []
    for k in range(4):
        a, b = k * CORNERS, (k + 1) % 4 * CORNERS
        faces += [
            np.stack([a + here, a + after, b + after], axis=1),
            np.stack([a + here, b + after, b + here], axis=1),
        ]
    return Solid(np.asarray(vertices), np.vstack(faces))


def _bar(start: Array, end: Array, wide_mm: float) -> Solid:
    path = start + np.linspace(0, 1, 24)[:, None] * (end - start)
    widths = np.full((len(path), 2), wide_mm / 2)
    return Solid(*loft(path, widths, around=ROD_CORNERS))

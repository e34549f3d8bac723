"""Small films of a nail or of two rings in a slab of flesh, with the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from callotasis.radiograph import Film
from callotasis.radiograph.phantom import FilmSpec
from callotasis.radiograph.phantom.exposure import developed
from callotasis.radiograph.phantom.frame_rings import FrameRings, frame_rings
from callotasis.radiograph.phantom.hardware import Metal
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.telescope import (
    TelescopicNail,
    rod_tip,
    screw_middle,
    telescope,
)
from callotasis.worlds import Array

SOURCE_MM, PITCH_MM, AIR_MM = 1200.0, 0.2, 8.0
Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Ruled:
    """A film, and where on it things are [px]."""

    film: Film
    points: dict[str, Point]


def exposed(
    metals: list[Metal], size_mm: tuple[float, float], flesh: float, seed: int = 1
) -> tuple[Film, Beam]:
    """Expose metal in a slab of flesh that thins out to one side, beside air."""
    beam = Beam(
        SOURCE_MM, (0.0, 0.0), -size_mm[0] / 2, size_mm[1] / 2, PITCH_MM,
        round(size_mm[1] / PITCH_MM), round(size_mm[0] / PITCH_MM),
    )  # fmt: skip
    slab = flesh * np.linspace(0.7, 1.0, beam.columns, dtype=np.float32)
    slab[: round(AIR_MM / PITCH_MM)] = 0.0
    spec = FilmSpec(ball_mm=None, pitch_mm=PITCH_MM)
    picture = developed(
        np.tile(slab, (beam.rows, 1)), metals, beam, spec, np.random.default_rng(seed)
    )
    grey = (picture - picture.min()) / np.ptp(picture)
    pitch = (PITCH_MM, PITCH_MM)
    film = Film(
        grey.astype(np.float32), pitch, SOURCE_MM, True, True, "0" * 64, "DICOM DX",
        synthetic=True,
    )  # fmt: skip
    return film, beam


def _way(lean_deg: float, tilt_deg: float) -> Array:
    lean, tilt = np.radians([lean_deg, tilt_deg])
    return np.array([
        np.sin(lean) * np.cos(tilt), np.sin(tilt), -np.cos(lean) * np.cos(tilt),
    ])  # fmt: skip


def _depth(magnification: float) -> float:
    return SOURCE_MM * (1 - 1 / magnification)


@lru_cache(maxsize=8)
def nail_film(
    nail: TelescopicNail,
    magnification: float = 1.15,
    tilt_deg: float = 0.0,
    lean_deg: float = 3.0,
    seed: int = 1,
) -> Ruled:
    """A nail whose tube ends a little above the film's middle."""
    end = np.array([2.0, _depth(magnification), 15.0])
    way = _way(lean_deg, tilt_deg)
    metals = telescope(nail, end, way, np.array([1.0, 0.1, 0.05]))
    film, beam = exposed(metals, (70.0, 260.0), 2.0, seed)
    places = {
        "tube": end - 50 * way,
        "end": end,
        "tip": rod_tip(nail, end, way),
        "screw": screw_middle(nail, end, way),
    }
    return Ruled(film, _on(beam, places))


@lru_cache(maxsize=8)
def ring_film(
    apart_mm: float, magnification: float = 1.15, tilt_deg: float = 0.0
) -> Ruled:
    """Two rings of 120 mm, the rods well inside their ends."""
    rings = FrameRings(outer_mm=120.0, inner_mm=96.0)
    middle = np.array([3.0, _depth(magnification), 5.0])
    way = _way(2.0, tilt_deg)
    centres = middle - apart_mm / 2 * way, middle + apart_mm / 2 * way
    film, beam = exposed(
        frame_rings(rings, centres, (way, way), 45.0), (210.0, 200.0), 0.4
    )
    across = np.cross(way, [0.0, 1.0, 0.0])
    across *= np.sign(across[0]) * 60.0 / np.linalg.norm(across)
    places = {
        f"{name} {side}": centre + sign * across
        for name, centre in zip(("upper", "lower"), centres, strict=True)
        for side, sign in (("left", -1), ("right", 1))
    }
    return Ruled(film, _on(beam, places))


def _on(beam: Beam, places: dict[str, Array]) -> dict[str, Point]:
    on_film = beam.film_points(np.array([*places.values()]))
    return {
        name: (float(c), float(r)) for name, (c, r) in zip(places, on_film, strict=True)
    }


def bare_film() -> Film:
    """A slab of flesh without metal."""
    return exposed([], (70.0, 120.0), 2.0)[0]


def burnt(film: Film) -> Film:
    """The same film with everything as bright as metal's rim at its end of grey."""
    bright = film.pixels > np.quantile(film.pixels, 0.5)
    return replace(film, pixels=np.where(bright, np.float32(1.0), film.pixels))

"""Crooked legs: limbs of one known bend, seen by an eye that makes no error."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from callotasis.alignment import (
    Limb,
    MeasuredFilm,
    Measurement,
    discrepancy,
    sample_limb,
    summarised,
)
from callotasis.alignment.measurement import DEFINITION, Scale
from callotasis.pose import Bone, Side
from callotasis.radiograph import Calibration, Film, Landmarks, Method
from callotasis.worlds import Array, Worlds
from darkroom import bare_film
from legs import built_from, limb_of

FEMUR_MM, TIBIA_MM = 420.0, 350.0
STILL = Worlds(count=2)
"""Worlds of limbs that do not scatter: every interval is a point."""

Drawn = dict[str, tuple[float, float]]

NORMAL_DEG: Mapping[str, float] = {
    "mlpfa_deg": 90.0,
    "mldfa_deg": 88.0,
    "aldfa_deg": 81.0,
    "ama_deg": 7.0,
    "mpta_deg": 87.0,
    "mldta_deg": 89.0,
}
"""Joint angles of :func:`straight`: the means of the normal ranges [deg]."""

BELOW = {
    Bone.FEMUR: ("knee_", "fem_condyle", "fem_below", "tib_", "plafond", "ankle_"),
    Bone.TIBIA: ("tib_below", "tib_shaft", "plafond", "ankle_"),
}


def normals() -> dict[str, Array]:
    """Return the angles that a crooked bone should have had, known exactly."""
    return {name: np.full(STILL.count + 1, deg) for name, deg in NORMAL_DEG.items()}


def straight(femur_mm: float = FEMUR_MM, tibia_mm: float = TIBIA_MM) -> Drawn:
    """Build a leg whose joint angles are normal, its knee at the origin."""
    points = built_from(88.0, 87.0, -1.0, femur_mm, tibia_mm)
    rise, tilt = np.radians(2.0), np.radians(83.0)
    shaft = np.array([np.cos(tilt), np.sin(tilt)])
    crossing = -10 * np.array([np.cos(rise), np.sin(rise)])
    medial = -4 * np.cos(np.radians(3.0))
    slope = np.tan(np.radians(1.0))
    low, high = crossing + 0.28 * femur_mm * shaft, crossing + 0.62 * femur_mm * shaft
    return points | {
        "troch_tip": (45.0, femur_mm),
        "fem_shaft_prox": (float(high[0]), float(high[1])),
        "fem_shaft_dist": (float(low[0]), float(low[1])),
        "tib_shaft_prox": (medial, -0.6 * tibia_mm),
        "tib_shaft_dist": (medial, -0.85 * tibia_mm),
        "plafond_med": (-10.0, -tibia_mm - 10 * slope),
        "plafond_lat": (10.0, -tibia_mm + 10 * slope),
    }


def bent(
    points: Drawn, bone: Bone, valgus_deg: float, apex: tuple[float, float]
) -> Drawn:
    """Turn everything below the apex of a bone, valgus positive."""
    angle = np.radians(valgus_deg)
    cos, sin = np.cos(angle), np.sin(angle)

    def carried(x: float, z: float) -> tuple[float, float]:
        x, z = x - apex[0], z - apex[1]
        return (
            float(apex[0] + x * cos - z * sin),
            float(apex[1] + x * sin + z * cos),
        )

    return {
        name: carried(*point)
        if name.startswith(BELOW[bone]) and point[1] < apex[1]
        else point
        for name, point in points.items()
    }


def crooked(bone: Bone, valgus_deg: float, share: float) -> Drawn:
    """Build a leg with one bone bent on its axis, at a share of it from its top."""
    apex = (0.0, (1 - share) * FEMUR_MM if bone is Bone.FEMUR else -share * TIBIA_MM)
    return bent(straight(), bone, valgus_deg, apex)


def without(points: Drawn, *starts: str) -> Drawn:
    """Leave out the landmarks whose names start like this."""
    return {n: p for n, p in points.items() if not n.startswith(starts)}


def still(points: Drawn, side: Side = Side.RIGHT, worlds: Worlds = STILL) -> Limb:
    """Stand a leg that is the same in every world."""
    drawn = limb_of(points, side).points
    return Limb(
        side, {n: np.repeat(point, worlds.count + 1, 0) for n, point in drawn.items()}
    )


def loose(points: Drawn, side: Side, worlds: Worlds, sd_mm: float) -> Limb:
    """Stand a leg whose landmarks scatter in the plane of the film."""
    limb = still(points, side, worlds)
    scattered = {}
    for name, point in limb.points.items():
        off = worlds.normal(f"test/{side}/{name}", sd_mm, (3,))
        off[:, 1] = 0.0
        scattered[name] = point + off
    return Limb(side, scattered)


def on_film(
    right: Drawn, left: Drawn, columns: int = 800, px_per_mm: float = 2.1
) -> Landmarks:
    """Draw two legs on a film, 90 mm either side of its middle."""
    return Landmarks(
        {
            side: {n: shown(side, p, columns, px_per_mm) for n, p in points.items()}
            for side, points in ((Side.RIGHT, right), (Side.LEFT, left))
        }
    )


def shown(
    side: Side, point: tuple[float, float], columns: int, px_per_mm: float
) -> tuple[float, float]:
    """Place a point of a leg, (lateral, proximal) [mm], on the film (column, row)."""
    outward = -1 if side is Side.RIGHT else 1
    column = columns / 2 + outward * (90 + point[0]) * px_per_mm
    return column, 100 + (FEMUR_MM - point[1]) * px_per_mm


def seen(
    *limbs: Limb,
    worlds: Worlds = STILL,
    film: Film | None = None,
    landmarks: Landmarks | None = None,
    mm_per_px: float = 1.0,
) -> MeasuredFilm:
    """Take limbs as measured on a film that a parallel beam exposed."""
    by_side = {limb.side: limb for limb in limbs}
    samples = {side: sample_limb(limb) for side, limb in by_side.items()}
    both = len(limbs) == 2
    lengths = [samples[s]["leg_length_mm"] for s in Side] if both else []
    return MeasuredFilm(
        film=film or bare_film(100, 100),
        landmarks=landmarks or Landmarks(),
        calibration=_flat(worlds, mm_per_px),
        worlds=worlds,
        limbs=by_side,
        samples=samples,
        measurement=Measurement(
            definition=DEFINITION,
            scale=Scale(Method.DEPTHS),
            sides={side: summarised(found) for side, found in samples.items()},
            discrepancy_mm=discrepancy(*lengths) if both else None,
            split_mm={},
            pelvis={},
            deformity={},
            not_measured=(),
            findings=(),
        ),
    )


def _flat(worlds: Worlds, mm_per_px: float) -> Calibration:
    ones = np.ones(worlds.count + 1)
    return Calibration(
        method=Method.DEPTHS,
        aspect=1.0,
        pitch_mm=mm_per_px * ones,
        source_mm=1e9 * ones,
        centre_px=np.zeros((worlds.count + 1, 2)),
        depth_mm={},
        rotation_rad={},
        typed_depth_mm={},
    )

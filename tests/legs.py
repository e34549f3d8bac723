"""Legs that the tests stand on: landmarks on a film, and limbs built from angles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from callotasis.alignment.limb import Limb
from callotasis.pose import Side
from callotasis.radiograph.landmarks import Landmarks, landmarks_from

ROWS, COLUMNS = 1800, 600
"""Of the film on which :func:`standing` stands; made for a pitch of 0.5 mm."""

Points = dict[str, list[float]]

_RIGHT: Points = {
    "hip_centre": [200.0, 200.0],
    "troch_tip": [130.0, 195.0],
    "fem_shaft_prox": [150.0, 400.0],
    "fem_shaft_dist": [170.0, 650.0],
    "knee_centre": [195.0, 960.0],
    "fem_condyle_med": [240.0, 962.0],
    "fem_condyle_lat": [150.0, 957.0],
    "tib_plateau_med": [235.0, 966.0],
    "tib_plateau_lat": [155.0, 961.0],
    "tib_rim_med": [250.0, 980.0],
    "tib_rim_lat": [140.0, 978.0],
    "tib_shaft_prox": [185.0, 1150.0],
    "tib_shaft_dist": [182.0, 1400.0],
    "plafond_med": [200.0, 1622.0],
    "plafond_lat": [160.0, 1619.0],
    "ankle_centre": [180.0, 1620.0],
}

_RIGHT_MORE: Points = {
    "patella_centre": [196.0, 920.0],
    "sole": [182.0, 1690.0],
    "fem_above_1": [153.0, 440.0],
    "fem_above_2": [158.0, 500.0],
    "fem_below_1": [165.0, 590.0],
    "fem_below_2": [173.0, 690.0],
    "tib_above_1": [184.0, 1200.0],
    "tib_above_2": [183.0, 1260.0],
    "tib_below_1": [183.0, 1330.0],
    "tib_below_2": [182.0, 1450.0],
    # Inner and outer edges of the cortex, beside the middle of each shaft.
    "fem_canal_med": [172.0, 540.0],
    "fem_canal_lat": [152.0, 540.0],
    "fem_cortex_med": [190.0, 540.0],
    "fem_cortex_lat": [134.0, 540.0],
    "tib_canal_med": [193.0, 1300.0],
    "tib_canal_lat": [173.0, 1300.0],
    "tib_cortex_med": [208.0, 1300.0],
    "tib_cortex_lat": [158.0, 1300.0],
}
"""What is clicked only where somebody asks for it."""


def standing_points() -> dict[str, Points]:
    """Return landmark data of two legs, the left one the mirror image of the right."""
    return _both(_RIGHT)


def every_point() -> dict[str, Points]:
    """Return :func:`standing_points` and all else that a frontal film can carry."""
    return _both(_RIGHT | _RIGHT_MORE)


def _both(points: Points) -> dict[str, Points]:
    right = {name: [*point] for name, point in points.items()}
    left = {n: [COLUMNS - column, row] for n, (column, row) in points.items()}
    return {"R": right, "L": left}


def standing(*sides: Side) -> Landmarks:
    """Return the landmarks of these legs; of both where none is named."""
    wanted = sides or tuple(Side)
    points = standing_points()
    return landmarks_from({str(s): points[str(s)] for s in wanted})


def mirror_image(landmarks: Landmarks, columns: float) -> Landmarks:
    """Swap right and left by looking at the film from behind."""
    return Landmarks(
        {
            side.other: {n: (columns - c, r) for n, (c, r) in points.items()}
            for side, points in landmarks.sides.items()
        }
    )


def limb_of(points: Mapping[str, tuple[float, float]], side: Side = Side.RIGHT) -> Limb:
    """Stand a limb in the frontal plane: (lateral, proximal) [mm] by name."""
    return Limb(side, {n: np.array([[x, 0.0, z]]) for n, (x, z) in points.items()})


def built_from(
    mldfa_deg: float,
    mpta_deg: float,
    jlca_deg: float,
    femur_mm: float = 400.0,
    tibia_mm: float = 330.0,
) -> dict[str, tuple[float, float]]:
    """Build a leg from its joint angles, the femur upright, the knee at the origin.

    The femoral joint line rises laterally by 90 - mLDFA, the tibial one by JLCA less;
    the tibia stands at MPTA to the latter.
    """
    femoral_rise = np.radians(90 - mldfa_deg)
    tibial_rise = femoral_rise - np.radians(jlca_deg)
    tilt = tibial_rise - np.radians(90 - mpta_deg)
    condyles = 35 * np.array([np.cos(femoral_rise), np.sin(femoral_rise)])
    plateau = 33 * np.array([np.cos(tibial_rise), np.sin(tibial_rise)])
    gap = np.array([0.0, -5.0])
    placed = {
        "hip_centre": np.array([0.0, femur_mm]),
        "knee_centre": np.zeros(2),
        "ankle_centre": tibia_mm * np.array([np.sin(tilt), -np.cos(tilt)]),
        "fem_condyle_med": -condyles,
        "fem_condyle_lat": condyles,
        "tib_plateau_med": gap - plateau,
        "tib_plateau_lat": gap + plateau,
    }
    return {name: (float(x), float(z)) for name, (x, z) in placed.items()}

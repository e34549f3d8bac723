"""Hexapod frames for tests: the usual one, and frames that others have published."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import Frame, Placement, check_placement
from callotasis.worlds import Array

PROXIMAL_DEG = (8.0, 112.0, 128.0, 232.0, 248.0, 352.0)
DISTAL_DEG = (52.0, 68.0, 172.0, 188.0, 292.0, 308.0)


def ring(radius: float, at_deg: tuple[float, ...], z: float = 0.0) -> Array:
    """Six joints on a circle, shape (6, 3)."""
    turns = np.radians(at_deg)
    return np.stack(
        [radius * np.cos(turns), radius * np.sin(turns), np.full(6, z)], axis=-1
    )


USUAL = Frame(ring(80, PROXIMAL_DEG), ring(80, DISTAL_DEG))
NEUTRAL = Placement.at((0, 0, 150), (0, 0, 0))

# The Rubin Observatory's hexapod turns about a pivot: there is its ring's origin.
PIVOT_MM = np.array([0.0, 0.0, -2758.4])
RUBIN_BASE = np.array(
    [
        [209.44, 664.26, -555],
        [-209.44, 664.26, -555],
        [-679.99, -150.75, -555],
        [-470.55, -513.51, -555],
        [470.55, -513.51, -555],
        [679.99, -150.75, -555],
    ]
)
RUBIN_MIRROR = np.array(
    [
        [470.55, 513.51, -125],
        [-470.55, 513.51, -125],
        [-679.99, 150.75, -125],
        [-209.44, -664.26, -125],
        [209.44, -664.26, -125],
        [679.99, 150.75, -125],
    ]
)
RUBIN = Frame(RUBIN_MIRROR, RUBIN_BASE - PIVOT_MM)
RUBIN_ZERO = Placement.at(PIVOT_MM, (0, 0, 0))
RUBIN_MOVED = Placement.at(
    PIVOT_MM + np.array([-60.3, 104.5, -10.9]), np.degrees([-0.0355, -0.0205, -0.0004])
)
RUBIN_STROKES_MM = [152.05, 72.04, -46.67, 133.81, 29.59, -72.92]

SOUTHAMPTON = np.array(
    [
        [-7.49, 93.5, 0],
        [7.49, 93.5, 0],
        [84.72, -40.26, 0],
        [77.23, -53.24, 0],
        [-77.23, -53.24, 0],
        [-84.72, -40.26, 0],
    ]
)


def held(frame: Frame, placement: Placement) -> bool:
    """Tell whether a pose passes every check."""
    try:
        check_placement(frame, placement)
    except FrameRefusal:
        return False
    return True


def poses() -> st.SearchStrategy[Placement]:
    """Poses of the whole reachable space, good and bad ones."""
    aside, turn = st.floats(-30, 30), st.floats(-60, 60)
    return st.builds(
        lambda x, y, z, *turns: Placement.at((x, y, z), turns),
        *(aside, aside, st.floats(110, 220)),
        *(turn, turn, turn),
    )


def joints() -> dict[str, Any]:
    """The usual rings, as a file names them."""
    return {
        "proximal_joints_mm": USUAL.proximal_mm.tolist(),
        "distal_joints_mm": USUAL.distal_mm.tolist(),
    }


def placed(**changed: object) -> dict[str, Any]:
    """What ``frame settings`` takes; the pose of case H7."""
    pose = {"translation_mm": [5, -8, 160], "rotation_deg": [10, -5, 7]}
    return {**joints(), "pose": pose, **changed}


def ordered(**changed: object) -> dict[str, Any]:
    """What ``frame schedule`` takes: from H7 to a straight frame, 20 mm longer."""
    return {
        **joints(),
        "start_pose": placed()["pose"],
        "target_pose": {"translation_mm": [0, 0, 180]},
        "rate_mm_per_day": 1.0,
        "strut_range_mm": [100, 250],
        **changed,
    }

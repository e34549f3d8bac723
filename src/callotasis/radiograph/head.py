"""The circle of a femoral head on a film."""

from __future__ import annotations

import numpy as np
from scipy import ndimage, optimize

from callotasis.radiograph.edges import STEP_MM, Strip, likely
from callotasis.worlds import Array

FARTHEST_MM = 9.0  # a rough click is no farther from its landmark than this
HEAD_RADIUS_MM = (13.0, 32.0)
HEAD_GRID_MM = 1.0
HEAD_ANGLES = 60
NECK_SECTOR_DEG = (20.0, 115.0)  # below lateral: the neck leaves no contour there
HEAD_EDGE_SHARE = 0.53  # of the rays must meet the circle
HEAD_SHARE_PER_MM = 0.05  # more of them, the farther its centre lies from the click
HEAD_MISS_MM = 0.8  # a ray meets it if it finds its edge this near
HEAD_BOUND = 0.9  # quantile of all falls of grey at which a ray's vote is bounded
HEAD_CANDIDATES = 8
LEAST_HEAD_CONTRAST = 0.012  # of the film's grey range, over one millimetre
HALF_MM = FARTHEST_MM + HEAD_RADIUS_MM[1] + 3


def head_in(square: Strip, outward: float) -> tuple[float, float] | None:
    """Find the circle of a femoral head: bright within, darker without.

    Parameters
    ----------
    square : Strip
        Laid over the rough click, :data:`HALF_MM` each way [mm].
    outward : float
        1 where lateral is to the right of the picture, else -1.

    Returns
    -------
    tuple of float or None
        Centre to the right of and below the click [mm]; None if no circle is met by
        enough of its rays, of more the farther it lies from the click. The neck
        leaves no contour and is left out.

    References
    ----------
    .. [1] Circle through edge points: least squares; planning facts 1.2,
       construction 1.
    """
    half = HALF_MM
    down, right = np.gradient(ndimage.gaussian_filter(square.grey, 2.0), STEP_MM)
    angles = np.arange(HEAD_ANGLES) * 2 * np.pi / HEAD_ANGLES
    angles = angles[_off_the_neck(angles, outward)]
    best, agreed = np.zeros(3), 0.0
    for start in _likely_circles(down, right, angles, half):
        rim = _rim_of_head(down, right, angles, half, start)
        circle, share = _circle_through(rim, angles, start)
        if share > agreed:
            best, agreed = circle, share
    right_mm, below_mm = float(best[0]), float(best[1])
    if agreed < HEAD_EDGE_SHARE + HEAD_SHARE_PER_MM * np.hypot(right_mm, below_mm):
        return None
    return right_mm, below_mm


def _off_the_neck(angles: Array, outward: float) -> Array:
    """Rays that end on the head's own contour; angles run clockwise from the right."""
    lateral = angles if outward > 0 else (np.pi - angles) % (2 * np.pi)
    low, high = np.radians(NECK_SECTOR_DEG)
    return np.asarray(~((lateral > low - np.radians(45)) & (lateral < high)))


def _outward_fall(
    down: Array, right: Array, angles: Array, centre: Array, radius: Array, half: float
) -> Array:
    """Fall of grey along rays, shape (..., angles); centres (..., 2), radii (...)."""
    cos, sin = np.cos(angles), np.sin(angles)
    x = centre[..., 0, None] + radius[..., None] * cos
    y = centre[..., 1, None] + radius[..., None] * sin
    at = [(y + half) / STEP_MM, (x + half) / STEP_MM]
    seen = [
        ndimage.map_coordinates(part, at, order=1, mode="nearest")
        for part in (right, down)
    ]
    return np.asarray(-(seen[0] * cos + seen[1] * sin))


def _likely_circles(
    down: Array, right: Array, angles: Array, half: float
) -> list[Array]:
    """Centre and radius [mm] of the circles across whose rim grey falls most often."""
    offset = np.arange(-FARTHEST_MM, FARTHEST_MM + 0.1, HEAD_GRID_MM)
    radius = np.arange(*HEAD_RADIUS_MM, HEAD_GRID_MM)
    x, y, r = np.meshgrid(offset, offset, radius, indexing="ij")
    fall = _outward_fall(down, right, angles, np.stack([x, y], axis=-1), r, half)
    # Few strong rays, as along the socket, must not outvote many weak ones.
    bounded = np.clip(fall, 0, np.quantile(fall, HEAD_BOUND))
    score = ndimage.gaussian_filter(bounded.mean(axis=-1), 0.7)
    score *= likely(np.hypot(x, y), 2 * FARTHEST_MM)
    peaks = (score == ndimage.maximum_filter(score, 5)).nonzero()
    order = np.argsort(-score[peaks])[:HEAD_CANDIDATES]
    return [np.array([grid[peaks][i] for grid in (x, y, r)]) for i in order]


def _rim_of_head(
    down: Array, right: Array, angles: Array, half: float, start: Array
) -> Array:
    """Radius at which grey falls most on each ray, near a first circle [mm]."""
    reach = np.arange(-3.0, 3.01, 0.1)
    centre = np.broadcast_to(start[:2], (len(reach), 2))
    fall = _outward_fall(down, right, angles, centre, start[2] + reach, half)
    fall = fall - 0.02 * np.abs(reach)[:, None] * fall.max()
    best = fall.argmax(axis=0)
    rim = start[2] + reach[best]
    weak = fall.max(axis=0) < LEAST_HEAD_CONTRAST
    return np.asarray(np.where(weak, np.nan, rim))


def _circle_through(rim: Array, angles: Array, start: Array) -> tuple[Array, float]:
    """Least-squares circle through rim points, and the share of rays that meet it."""
    seen = np.isfinite(rim)
    if seen.sum() < HEAD_EDGE_SHARE * len(rim):
        return start, 0.0
    points = start[:2] + rim[:, None] * np.stack(
        [np.cos(angles), np.sin(angles)], axis=1
    )

    def miss(circle: Array) -> Array:
        far = np.linalg.norm(points[seen] - circle[:2], axis=1)
        return np.asarray(far - circle[2])

    fitted = optimize.least_squares(miss, start, loss="soft_l1", f_scale=0.3)
    agree = np.abs(miss(fitted.x)) < HEAD_MISS_MM
    return fitted.x, float(agree.sum() / len(rim))

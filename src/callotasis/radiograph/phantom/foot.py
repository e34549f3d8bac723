"""Talus, heel and forefoot: simple solids under the plafond."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callotasis.worlds import Array

Mesh = tuple[Array, npt.NDArray[np.int64]]

AROUND = 28
TALUS_BELOW_PLAFOND_MM = 3.0


def loft(
    path: Array, half_widths: Array, power: float = 2.0, around: int = AROUND
) -> Mesh:
    """Close a tube of superellipses around a path.

    Parameters
    ----------
    path : Array
        Shape (m, 3), centres [mm].
    half_widths : Array
        Shape (m, 2), half widths across and along the second axis [mm].
    power : float
        2 is an ellipse, more is squarer [1].
    around : int
        Corners of each ring.

    Returns
    -------
    tuple
        Vertices, shape (n, 3) [mm], and faces, shape (k, 3).

    References
    ----------
    .. [1] Lamé curve |x/a|^p + |y/b|^p = 1.
    """
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    # Any fixed direction that is not the tube's own will do for its first axis.
    level = np.abs(along[:, 0]).max() < 0.9  # noqa: PLR2004
    across = np.tile([1.0, 0.0, 0.0] if level else [0.0, 1.0, 0.0], (len(path), 1))
    across -= (across * along).sum(axis=1, keepdims=True) * along
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    third = np.cross(along, across)
    angle = np.arange(around) * 2 * np.pi / around
    cos, sin = np.cos(angle), np.sin(angle)
    u = np.sign(cos) * np.abs(cos) ** (2 / power)
    v = np.sign(sin) * np.abs(sin) ** (2 / power)
    rings = (
        path[:, None]
        + (half_widths[:, :1] * u)[:, :, None] * across[:, None]
        + (half_widths[:, 1:] * v)[:, :, None] * third[:, None]
    )
    vertices = np.vstack([rings.reshape(-1, 3), path[:1], path[-1:]])
    return vertices, _tube_faces(len(path), around)


def _tube_faces(rings: int, around: int) -> npt.NDArray[np.int64]:
    ring, corner = np.meshgrid(np.arange(rings - 1), np.arange(around), indexing="ij")
    a = ring * around + corner
    b = ring * around + (corner + 1) % around
    c, d = a + around, b + around
    walls = [np.stack(t, axis=-1).reshape(-1, 3) for t in ((a, b, d), (a, d, c))]
    first, last = rings * around, rings * around + 1
    edge = np.arange(around)
    after = (edge + 1) % around
    end = (rings - 1) * around
    caps = [
        np.stack([np.full(around, first), after, edge], axis=-1),
        np.stack([np.full(around, last), end + edge, end + after], axis=-1),
    ]
    return np.vstack([*walls, *caps])


def foot_bones(ankle: Array) -> dict[str, Mesh]:
    """Bones of a left foot under an ankle centre.

    Parameters
    ----------
    ankle : Array
        Shape (3,), middle of the plafond: x left, y anterior, z up [mm].

    Returns
    -------
    dict of str to (vertices, faces)
        Talus, heel, middle of the foot and five rays [mm].

    References
    ----------
    .. [1] Shapes drawn by the makers; only the dome of the talus is measured on.
    """
    top = ankle - np.array([0, 0, TALUS_BELOW_PLAFOND_MM])
    bones = {
        "talus": _block(
            top,
            y=(-24, -14, 0, 14, 26, 36),
            z=(-14, -13, -13, -14, -18, -20),
            half_x=(9, 14, 15, 15, 12, 9),
            half_z=(6, 11, 13, 12, 9, 7),
            power=3.6,
        ),
        "heel": _block(
            top + np.array([3.0, 0, 0]),
            y=(-58, -50, -35, -15, 8, 24),
            z=(-52, -50, -46, -42, -44, -46),
            half_x=(8, 15, 16, 14, 13, 9),
            half_z=(9, 17, 18, 14, 12, 8),
        ),
        "midfoot": _block(
            top + np.array([-2.0, 0, 0]),
            y=(30, 38, 52, 66, 74),
            z=(-30, -30, -33, -37, -40),
            half_x=(13, 21, 24, 25, 20),
            half_z=(9, 13, 12, 10, 7),
        ),
    }
    for ray in range(5):
        x = -22.0 + 11.5 * ray
        bones[f"ray_{ray + 1}"] = _block(
            top + np.array([x, 0, 0]),
            y=(74, 84, 110, 136, 146),
            z=(-40, -42, -52, -62, -64),
            half_x=(5, 6.5, 4.5, 6, 4),
            half_z=(5, 6.5, 4.5, 6, 4),
        )
    return bones


def _block(
    origin: Array,
    y: tuple[float, ...],
    z: tuple[float, ...],
    half_x: tuple[float, ...],
    half_z: tuple[float, ...],
    power: float = 2.4,
) -> Mesh:
    """Loft from back to front, smoothed between the given stations."""
    stations = np.linspace(y[0], y[-1], 24)
    path = origin + np.stack(
        [0 * stations, stations, np.interp(stations, y, z)], axis=1
    )
    widths = np.stack(
        [np.interp(stations, y, half_x), np.interp(stations, y, half_z)], axis=1
    )
    return loft(path, widths, power)

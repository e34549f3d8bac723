"""Spongy bone: trabeculae drawn out along the lines of force.

White noise is smeared along a field of directions. In the upper femur the field
fans out from the calcar to the head, crossed at right angles by the arcs of tension
(Wolff's trajectories); elsewhere it follows the bone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numba
import numpy as np
from scipy.ndimage import gaussian_filter

from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.worlds import Array

TILE = 1024
GRAIN_MM, STRAND_MM, COARSE_MM = 0.14, 1.5, 2.6
STRANDS, CROSS_STRANDS, CLUMPS = 0.075, 0.4, 0.05  # shares of the sponge's attenuation
CALCAR_BELOW_HEAD_MM, CALCAR_MEDIAL = 62.0, 0.22
FAN_MM = 25.0  # over which the fan of the upper femur passes into its shaft
BAND_MM, BAND_DENSITY = 9.0, 0.30  # principal compressive group
WARD_MM, WARD_DENSITY = 9.0, -0.30  # Ward's triangle, between the groups


@dataclass(frozen=True, eq=False)
class Weave:
    """Noise from which every bone takes its own piece."""

    grain: Picture
    clumps: Picture


def weave_of(beam: Beam, rng: np.random.Generator) -> Weave:
    """Draw the noise behind the trabeculae of one film.

    Parameters
    ----------
    beam : Beam
        For its pitch [mm].
    rng : Generator
        A seed makes it repeatable.

    Returns
    -------
    Weave
        Tiles that wrap round, standard deviation 1.

    References
    ----------
    .. [1] ``design/synthetic-film.md``.
    """
    noise = rng.standard_normal((TILE, TILE)).astype(np.float32)

    def smooth(mm: float) -> Picture:
        blurred = gaussian_filter(noise, mm / beam.pitch_mm, mode="wrap")
        return np.asarray(blurred / blurred.std(), dtype=np.float32)

    return Weave(smooth(GRAIN_MM), smooth(COARSE_MM))


def sponge(
    weave: Weave, mask: Picture, box: tuple[slice, slice], flow: Flow
) -> Picture:
    """Density of the sponge of one bone relative to its mean.

    Parameters
    ----------
    weave : Weave
        Noise of the film.
    mask : Picture
        Shape of the box; strands are drawn where it is positive.
    box : tuple of slice
        Rows and columns of the film.
    flow : Flow
        Along what the strands run.

    Returns
    -------
    Picture
        Shape of the box, about 1 [1].

    References
    ----------
    .. [1] Line integral convolution: Cabral and Leedom 1993.
    """
    rows, columns = (np.arange(s.start, s.stop) for s in box)
    if not (mask > 0).any():  # a bone beside the field
        return np.ones_like(mask)
    direction, density = flow.on(rows, columns)
    steps = max(2, round(STRAND_MM / flow.pitch_mm))
    strands = np.zeros(mask.shape, np.float32)
    offset = flow.offset
    _smear(weave.grain, direction, mask, steps, offset, strands)
    size = np.float32(STRANDS / max(float(strands[mask > 0].std()), 1e-6))
    clumps = weave.clumps[
        (rows[:, None] + offset) % TILE, (columns + 3 * offset) % TILE
    ]
    return np.asarray(density + size * strands + np.float32(CLUMPS) * clumps)


@dataclass(frozen=True, eq=False)
class Flow:
    """Lines of force of one bone on the film.

    Attributes
    ----------
    axis : Array
        Shape (2,), direction of the bone: columns, rows.
    pitch_mm : float
        [mm].
    offset : int
        Which piece of the noise this bone takes.
    head, calcar : Array or None
        Shape (2,), of an upper femur: column and row [px].
    """

    axis: Array
    pitch_mm: float
    offset: int
    head: Array | None = None
    calcar: Array | None = None

    def on(self, rows: Array, columns: Array) -> tuple[Picture, Picture]:
        """Direction (row step, column step: shape (2, m, n)) and density of strands."""
        shape = (len(rows), len(columns))
        field = np.empty((2, *shape), np.float32)
        field[0], field[1] = self.axis[1], self.axis[0]
        density = np.ones(shape, np.float32)
        if self.head is None or self.calcar is None:
            return field, density
        y = (rows[:, None] + 0.5 - self.calcar[1]).astype(np.float32)
        x = (columns + 0.5 - self.calcar[0]).astype(np.float32)[None, :]
        fan = np.clip(-y * self.pitch_mm / FAN_MM, 0, 1)  # none below the calcar
        far = np.hypot(x, y) + np.float32(1e-3)
        field[0] += fan * (y / far * np.sign(-self.axis[1]) - field[0])
        field[1] += fan * (x / far * np.sign(-self.axis[1]) - field[1])
        return field, density + self._groups(x, y, fan)

    def _groups(self, x: Picture, y: Picture, fan: Picture) -> Picture:
        """Denser between calcar and head, lucent beside it (Ward's triangle)."""
        if self.head is None or self.calcar is None:
            return np.zeros_like(x + y)
        up = (self.head - self.calcar) / np.linalg.norm(self.head - self.calcar)
        across = (x * up[1] - y * up[0]) * self.pitch_mm
        along = (x * up[0] + y * up[1]) * self.pitch_mm
        # Lateral is where the head does not lie, seen from the shaft's axis.
        outward = np.sign(up[0] * self.axis[1] - up[1] * self.axis[0])
        aside = (across * outward - 16) / WARD_MM
        ward = np.exp(-(aside**2) - ((along - 38) / 16) ** 2)
        band = np.exp(-((across / BAND_MM) ** 2))
        return np.asarray(
            fan * (BAND_DENSITY * band + WARD_DENSITY * ward), dtype=np.float32
        )


def flow_of(name: str, points: Mapping[str, Array], beam: Beam, offset: int) -> Flow:
    """Find the lines of force of one bone.

    Parameters
    ----------
    name : str
        Of the bone.
    points : dict of str to Array
        Landmarks of its leg, shape (3,) each [mm]; empty for the pelvis.
    beam : Beam
        That projects them.
    offset : int
        Which piece of the noise the bone takes.

    Returns
    -------
    Flow
        In film pixels.

    References
    ----------
    .. [1] Wolff 1892: trajectories of the upper femur cross at right angles.
    """
    ends = {"femur": ("hip_centre", "knee_centre")}.get(
        name, ("knee_centre", "ankle_centre")
    )
    if not all(end in points for end in ends):
        return Flow(np.array([0.0, 1.0]), beam.pitch_mm, offset)
    upper, lower = beam.film_points(np.array([points[end] for end in ends]))
    axis = (lower - upper) / np.linalg.norm(lower - upper)
    if name != "femur" or "troch_tip" not in points:
        return Flow(axis, beam.pitch_mm, offset)
    head, tip = points["hip_centre"], points["troch_tip"]
    medial = head + CALCAR_MEDIAL * (tip - head) * [1, 0, 0]
    calcar = medial - np.array([0, 0, CALCAR_BELOW_HEAD_MM])
    on_film = beam.film_points(np.array([head, calcar]))
    return Flow(axis, beam.pitch_mm, offset, on_film[0], on_film[1])


@numba.njit(cache=True)
def _smear(noise, direction, mask, steps, offset, into):  # type: ignore[no-untyped-def]
    """Average noise along the strands and, more weakly, across them."""
    rows, columns = mask.shape
    size = noise.shape[0]
    for row in range(rows):
        for column in range(columns):
            if mask[row, column] <= 0.0:
                continue
            down, right = direction[0, row, column], direction[1, row, column]
            along, across = 0.0, 0.0
            for step in range(-steps, steps + 1):
                i = int(row + offset + step * down + 0.5) % size
                j = int(column + 3 * offset + step * right + 0.5) % size
                along += noise[i, j]
                i = int(row + 7 * offset - step * right + 0.5) % size
                j = int(column + offset + step * down + 0.5) % size
                across += noise[i, j]
            into[row, column] = along + CROSS_STRANDS * across

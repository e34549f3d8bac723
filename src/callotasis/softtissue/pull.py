"""How hard a slack muscle pulls back when it is drawn out.

Fibre and tendon in a row, as in Millard and others 2013 with their default curves; no
activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.softtissue.muscles import Muscle, every_muscle
from callotasis.worlds import Array

# Default curves of the muscle model: fibre and tendon, forces over the greatest force.
FIBRE_STRAIN, FIBRE_LOW, FIBRE_CURVE = 0.7, 0.2, 0.75
TENDON_STRAIN, TENDON_TOE, TENDON_CURVE = 0.049, 2 / 3, 0.5
TENDON_STIFF = 1.375 / TENDON_STRAIN
FIBRE_STIFF = 2 / FIBRE_STRAIN
CURVE_POINTS = 60
LONGEST_FIBRE = 2.6  # optimal lengths; far beyond what a muscle survives
FIBRES = 1200
BERNSTEIN = (1, 5, 10, 10, 5, 1)

Curve = tuple[Array, Array]


def passive_force_n(name: str, length_mm: Array) -> Array:
    """Passive pull of one muscle at a length, tendon and all.

    Parameters
    ----------
    name : str
        As the muscle table has it.
    length_mm : Array
        Origin to insertion [mm].

    Returns
    -------
    Array
        Shape of the lengths, 0 where it is slack [N].

    Raises
    ------
    PlanRefusal
        If the table has no such muscle.

    References
    ----------
    .. [1] Equilibrium of fibre and tendon as in Millard, Uchida, Seth and Delp,
       J Biomech Eng 2013;135:021005; muscles of gait2392.

    Examples
    --------
    >>> slack, taut = passive_force_n("soleus", np.array([270.0, 310.0]))
    >>> slack == 0, taut > 0
    (np.True_, np.True_)
    """
    if name not in every_muscle():
        raise PlanRefusal(f"the muscle table has no '{name}'")
    lengths, forces = _pull(name)
    # An even grid: the place of a length is arithmetic, not a search.
    step = lengths[1] - lengths[0]
    place = np.clip((length_mm - lengths[0]) / step, 0.0, len(lengths) - 1.0)
    low = np.minimum(place.astype(int), len(lengths) - 2)
    part = place - low
    found: Array = forces[low] * (1 - part) + forces[low + 1] * part
    return found


@cache
def _pull(name: str) -> Curve:
    """Length of muscle and tendon in equilibrium, and its force, evenly spaced."""
    muscle = every_muscle()[name]
    fibre = np.linspace(0.9, LONGEST_FIBRE, FIBRES)
    along, force = _fibre_along(muscle, fibre)
    forces, strains = _tendon()
    stretched = np.interp(force / muscle.max_force_n, forces, strains)
    length = along + muscle.tendon_slack_mm * stretched
    even = np.linspace(length[0], length[-1], 2 * FIBRES)
    return even, np.interp(even, length, force)


def _fibre_along(muscle: Muscle, fibre: Array) -> Curve:
    """Fibre seen along the tendon [mm], and its pull along it [N]."""
    length = muscle.optimal_fibre_mm * fibre
    across = muscle.optimal_fibre_mm * np.sin(np.radians(muscle.pennation_deg))
    along = np.sqrt(length**2 - across**2)
    x, y = _fibre()
    return along, muscle.max_force_n * _straight_beyond(fibre, x, y) * along / length


@cache
def _fibre() -> Curve:
    """Pull of a fibre over its length, in optimal lengths."""
    low_x = 1 + min(0.1 / FIBRE_STIFF, 0.1 * FIBRE_STRAIN)
    low_y = FIBRE_LOW * (low_x - 1) / 2
    bend = 0.1 + 0.8 * FIBRE_CURVE
    corners = [(1.0, 0.0, 0.0), (low_x, low_y, FIBRE_LOW)]
    return _bends([*corners, (1 + FIBRE_STRAIN, 1.0, FIBRE_STIFF)], bend)


@cache
def _tendon() -> Curve:
    """Length of a tendon, in slack lengths, over its pull."""
    toe_x = (TENDON_TOE - 1) / TENDON_STIFF + 1 + TENDON_STRAIN
    foot_x = 1 + (toe_x - 1) / 10
    mid_x = (TENDON_TOE / 2 - 1) / TENDON_STIFF + 1 + TENDON_STRAIN
    slope = TENDON_TOE / 2 / (mid_x - foot_x)
    middle = foot_x + 0.5 * (mid_x - foot_x)
    corners = [
        (1.0, 0.0, 0.0),
        (middle, slope * (middle - foot_x), slope),
        (toe_x, TENDON_TOE, TENDON_STIFF),
    ]
    x, y = _bends(corners, 0.1 + 0.8 * TENDON_CURVE)
    far = 12.0  # times the greatest force
    x = np.append(x, x[-1] + (far - y[-1]) / TENDON_STIFF)
    return np.append(y, far), x


def _bends(corners: Sequence[tuple[float, float, float]], bend: float) -> Curve:
    """A smooth curve through (x, y, slope), each pair joined by one quintic bend."""
    pieces = [_bend(one, other, bend) for one, other in pairwise(corners)]
    return (
        np.concatenate([x for x, _ in pieces]),
        np.concatenate([y for _, y in pieces]),
    )


def _bend(
    one: tuple[float, float, float], other: tuple[float, float, float], bend: float
) -> Curve:
    """Quintic Bézier between two points, drawn towards the corner of their tangents."""
    (x0, y0, slope0), (x1, y1, slope1) = one, other
    corner_x = (y1 - y0 - x1 * slope1 + x0 * slope0) / (slope0 - slope1)
    corner = np.array([corner_x, y0 + slope0 * (corner_x - x0)])
    start, end = np.array([x0, y0]), np.array([x1, y1])
    first, second = start + bend * (corner - start), end + bend * (corner - end)
    points = np.stack([start, first, first, second, second, end])
    t = np.linspace(0, 1, CURVE_POINTS)[:, None]
    k = np.arange(6)
    weights = np.array(BERNSTEIN) * t**k * (1 - t) ** (5 - k)
    x, y = (weights @ points).T
    return x, y


def _straight_beyond(at: Array, x: Array, y: Array) -> Array:
    beyond = np.maximum(at - x[-1], 0.0)
    return np.asarray(np.interp(at, x, y) + FIBRE_STIFF * beyond)

"""What soft tissue absorbs behind the bone, from what it absorbs beside it.

Soft tissue and a film's equalisation change smoothly; bone has an edge. So the ground
under a cortex is drawn from the strips beside the bone as a smooth random field
(kriging), whose reach and size the film's own strips give. It comes with its scatter,
and it takes with it whatever was added smoothly to the film: thick and thin flesh,
scattered rays, and the low frequencies that tissue equalisation takes away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from callotasis.worlds import Array

Places = npt.NDArray[np.bool_]
REACHES_MM = (4.0, 5.5, 7.5, 10.0, 14.0)
SIZES = np.geomspace(1.0, 1e4, 9)  # variance of the field over that of noise
SAMPLES = 12  # levels that the field's reach and size are taken from
APART = 2  # places: nearer ones share pixels
LEAST_PLACES = 16


@dataclass(frozen=True)
class Field:
    """A smooth random field about a straight line.

    Attributes
    ----------
    reach_mm : float
        Over which it changes [mm].
    size : float
        Variance [1].
    noise : float
        Variance of one place of a profile [1].
    """

    reach_mm: float
    size: float
    noise: float
    trend: tuple[float, float] = (0.0, 0.0)
    trend_sd: tuple[float, float] = (1.0, 1.0)

    def between(self, one: Array, other: Array) -> Array:
        """Covariance of two sets of places, shape (n, m) [1]."""
        off = (one[:, None] - other[None, :]) / self.reach_mm
        lines = (_bent(one) * np.square(self.trend_sd)) @ _bent(other).T
        return np.asarray(self.size * np.exp(-(off**2) / 2) + lines)

    def expected(self, offset: Array) -> Array:
        """What the film's mean slope and bend alone say, shape (n,) [1]."""
        return np.asarray(_bent(offset) @ np.array(self.trend))


def fitted_field(beside: Places, offset: Array, values: Array) -> Field:
    """Learn a film's field from the strips beside its bone.

    Parameters
    ----------
    beside : array of bool
        Shape (n, m): which places of each level show soft tissue alone.
    offset : Array
        Shape (m,) [mm].
    values : Array
        Shape (n, m), profiles [1].

    Returns
    -------
    Field
        The most likely one, about a straight line for each level.

    References
    ----------
    .. [1] Restricted maximum likelihood on a grid.
    """
    noise = _noise(beside, values)
    enough = np.flatnonzero(beside.sum(axis=1) >= LEAST_PLACES)
    chosen = enough[np.unique(np.linspace(0, len(enough) - 1, SAMPLES).astype(int))]
    found = Field(REACHES_MM[2], 100 * noise, noise)
    for _ in range(2):
        found = _with_trend(found, beside, offset, values)
        best = np.inf
        start = found
        for reach in REACHES_MM:
            for size in SIZES:
                field = replace(start, reach_mm=reach, size=size * noise)
                cost = sum(
                    _unlikely(field, offset[beside[k]], values[k, beside[k]])
                    for k in chosen
                )
                if cost < best:
                    best, found = cost, field
    return found


def _with_trend(field: Field, beside: Places, offset: Array, values: Array) -> Field:
    """Mean slope and bend of all levels, and how much levels differ in them."""
    found, doubt = [], []
    free = replace(field, trend=(0.0, 0.0), trend_sd=(0.0, 0.0))
    for k in np.flatnonzero(beside.sum(axis=1) >= LEAST_PLACES):
        at = offset[beside[k]]
        if at.min() > -FAR_MM or at.max() < FAR_MM:
            continue
        cov = free.between(at, at) + free.noise * np.eye(len(at))
        basis = np.column_stack([np.ones_like(at), _bent(at)])
        solved = np.linalg.solve(cov, np.column_stack([basis, values[k, beside[k]]]))
        inverse = np.linalg.inv(basis.T @ solved[:, :3])
        found.append((inverse @ (basis.T @ solved[:, 3]))[1:])
        doubt.append(np.diag(inverse)[1:])
    if len(found) < LEAST_LEVELS:
        return field
    each, variance = np.array(found), np.array(doubt)
    weight = 1 / (variance + each.var(axis=0))
    mean = (weight * each).sum(axis=0) / weight.sum(axis=0)
    between = np.maximum(((each - mean) ** 2).mean(axis=0) - variance.mean(axis=0), 0)
    # Means of few alike levels are not known better than a part of one of them.
    sd = np.sqrt(between + SHARED * variance.mean(axis=0))
    return replace(field, trend=tuple(mean), trend_sd=tuple(sd))


FAR_MM, LEAST_LEVELS, SHARED = 10.0, 4, 0.1


def _noise(beside: Places, values: Array) -> float:
    """Variance of single places, from those two steps apart [1]."""
    both = beside[:, 2 * APART :] & beside[:, : -2 * APART] & beside[:, APART:-APART]
    bend = (
        values[:, 2 * APART :] - 2 * values[:, APART:-APART] + values[:, : -2 * APART]
    )
    return float(max((bend[both] ** 2).mean() / 6, 1e-12)) if both.any() else 1e-8


def _line(offset: Array) -> Array:
    return np.ones((len(offset), 1))


def _bent(offset: Array) -> Array:
    """Slope and bend, shape (n, 2) [1]."""
    return np.stack([offset / 20.0, (offset / 20.0) ** 2], axis=1)


def _unlikely(field: Field, offset: Array, values: Array) -> float:
    """Twice the negative logarithm of the restricted likelihood."""
    k = field.between(offset, offset) + field.noise * np.eye(len(offset))
    factor = cho_factor(k, lower=True)
    line = _line(offset)
    values = values - field.expected(offset)
    solved = cho_solve(factor, np.column_stack([line, values]))
    normal = line.T @ solved[:, :-1]
    slope = np.linalg.solve(normal, line.T @ solved[:, -1])
    left = values - line @ slope
    return float(
        2 * np.log(np.diag(factor[0])).sum()
        + np.linalg.slogdet(normal)[1]
        + left @ (solved[:, -1] - solved[:, :-1] @ slope)
    )


def ground_under(
    field: Field, offset: Array, values: Array, beside: Places, weight: Array
) -> tuple[Array, Array]:
    """Draw the ground of one level under the bone.

    Parameters
    ----------
    field : Field
        Of the film.
    offset : Array
        Shape (m,) [mm].
    values : Array
        Shape (m,), the profile [1].
    beside : array of bool
        Shape (m,): which places show soft tissue alone.
    weight : Array
        Shape (k, m), means that are wanted, as weights of places; each sums to 1.

    Returns
    -------
    tuple of Array
        Ground at every place, shape (m,), and the variance of each wanted mean of
        it, shape (k,) [1].

    References
    ----------
    .. [1] Universal kriging with a straight line.
    """
    at = offset[beside]
    known = field.expected(offset)
    values = values - known
    k = field.between(at, at) + field.noise * np.eye(len(at))
    factor = cho_factor(k, lower=True)
    line, everywhere = _line(at), _line(offset)
    across = field.between(offset, at)
    solved = cho_solve(factor, np.column_stack([line, values[beside]]))
    normal = np.linalg.inv(line.T @ solved[:, :-1])
    slope = normal @ (line.T @ solved[:, -1])
    ground = (
        known + everywhere @ slope + across @ (solved[:, -1] - solved[:, :-1] @ slope)
    )
    wanted = weight @ across
    free = weight @ everywhere - wanted @ solved[:, :-1]
    variance = (
        np.einsum("ki,ij,kj->k", weight, field.between(offset, offset), weight)
        - np.einsum("ki,ik->k", wanted, cho_solve(factor, wanted.T))
        + np.einsum("ki,ij,kj->k", free, normal, free)
    )
    return ground, np.maximum(variance, 0)


def surprise(
    field: Field, profile: Array, outward: Array, strip: int
) -> tuple[Array, float]:
    """How far a profile rises above what the strip outside lets expect.

    Parameters
    ----------
    field : Field
        Of the film.
    profile : Array
        Shape (n, m), outward to the right [1].
    outward : Array
        Shape (m,), places [mm].
    strip : int
        Places of the strip.

    Returns
    -------
    tuple of Array and float
        Shape (n, m): mean of :data:`NEAR` places from each one on, less what the strip
        beyond them foretells; NaN where the profile ends. And its standard deviation
        where there is soft tissue alone [1].

    References
    ----------
    .. [1] Innovation of universal kriging.
    """
    step_mm = float(outward[1] - outward[0])
    near = np.arange(NEAR, dtype=float) * step_mm
    far = (NEAR + SPARED + np.arange(strip, dtype=float)) * step_mm
    k = field.between(far, far) + field.noise * np.eye(strip)
    cross = field.between(near, far).mean(axis=0)
    line, here = _line(far), _line(near).mean(axis=0)
    inverse = np.linalg.inv(k)
    normal = np.linalg.inv(line.T @ inverse @ line)
    free = here - line.T @ inverse @ cross
    weight = inverse @ (cross + line @ (normal @ free))
    variance = (
        field.between(near, near).mean()
        - cross @ inverse @ cross
        + free @ normal @ free
        + field.noise / NEAR
    )
    kernel = np.concatenate([np.full(NEAR, 1 / NEAR), np.zeros(SPARED), -weight])
    profile = profile - field.expected(outward)
    found = np.full(profile.shape, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(profile, len(kernel), axis=1)
    found[:, : windows.shape[1]] = windows @ kernel
    return found, float(np.sqrt(max(variance, 1e-16)))


NEAR, SPARED = 4, 2  # places that are tested, and left out beyond them

"""Where labels stand on a picture, so that none lies upon another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from callotasis.worlds import Array


def spread_out(wanted: Sequence[float] | Array, apart: float) -> Array:
    """Places next to those wanted, in their order and so far apart at least.

    Parameters
    ----------
    wanted : sequence of float
        In any order [1].
    apart : float
        Least distance [1].

    Returns
    -------
    Array
        Moved least in the sum of squares [1].

    References
    ----------
    .. [1] Isotonic regression: neighbours that would collide share their mean.

    Examples
    --------
    >>> spread_out([10.0, 0.0, 10.0], 2.0)
    array([ 9.,  0., 11.])
    """
    order = np.argsort(wanted, kind="stable")
    steps = apart * np.arange(len(order))
    blocks: list[list[float]] = []
    for value in np.asarray(wanted, float)[order] - steps:
        blocks.append([float(value)])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    placed = np.concatenate([np.full(len(b), np.mean(b)) for b in blocks]) + steps
    result = np.empty(len(order))
    result[order] = placed
    return result


def apart_shares(lines: Array) -> Array:
    """One share of each line, so that no two places come near in any picture.

    Parameters
    ----------
    lines : Array
        Shape (pictures, lines, 2 ends, 2).

    Returns
    -------
    Array
        Shape (lines,), from 0.2 to 0.8. The smallest distance of two places is as
        large as a search from several starts makes it, and never less than if all
        stood in the middle; of equal choices the one nearer to the middle is taken.

    Examples
    --------
    Of two lines that cover each other, the places move apart; a line alone keeps to
    its middle.

    >>> over = [[0.0, 0.0], [0.0, 10.0]]
    >>> apart_shares(np.array([[over, over, [[90.0, 0.0], [90.0, 10.0]]]]))
    array([0.2, 0.8, 0.5])
    """
    start, along = lines[:, :, 0], lines[:, :, 1] - lines[:, :, 0]
    places = start[..., None, :] + SHARES[:, None] * along[..., None, :]
    away = np.full((lines.shape[1], len(SHARES)) * 2, np.inf)
    for shown in places:
        gaps = np.linalg.norm(shown[:, :, None, None] - shown, axis=-1)
        away = np.minimum(away, gaps)
    own = np.arange(lines.shape[1])
    away[own, :, own, :] = np.inf
    middle = np.full(len(away), len(SHARES) // 2)
    found = [middle, *(_climbed(away, first) for first in STARTS)]
    return np.asarray(SHARES[max(found, key=lambda f: _room(away, f))])


def _climbed(away: Array, first: tuple[int, ...]) -> Array:
    """Move one place after the other to where it has most room."""
    chosen = np.resize(first, len(away))
    for _ in range(4):
        for i in range(len(away)):
            others = away[i][:, np.arange(len(away)), chosen].min(axis=1)
            chosen[i] = int(np.argmax(others - 2 * np.abs(SHARES - 0.5)))
    return chosen


def _room(away: Array, chosen: Array) -> float:
    every = np.arange(len(chosen))
    gaps = away[every[:, None], chosen[:, None], every, chosen]
    return float(gaps.min() - 2 * np.abs(SHARES[chosen] - 0.5).mean())


SHARES = np.linspace(0.2, 0.8, 13)
STARTS = ((6,), (0, 12), (12, 0), (0, 6, 12), (12, 6, 0), (0, 0, 12, 12))

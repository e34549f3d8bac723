"""Newton's method on six struts, compiled: the inner loop of every read-back."""

from __future__ import annotations

import numba
import numpy as np

ROUNDS = 60
EXACT_MM, NEARLY_MM = 1e-10, 1e-7  # done; done once it gets no better
MOST_TURN_A_ROUND = 0.5  # [rad]: a longer step would leave where Newton converges
SINGULAR, NO_TURN = 1e-12, 1e-15


@numba.njit(cache=True)
def solve_all(proximal, distal, lengths, at, turn, misfit):  # type: ignore[no-untyped-def]
    """Solve every row by Newton's method; poses are refined in place.

    Parameters
    ----------
    proximal, distal : Array
        Shape (6, 3), joints in the frames of their rings [mm].
    lengths : Array
        Shape (n, 6) [mm].
    at, turn : Array
        Shape (n, 3) [mm] and (n, 3, 3) [1]: where to begin, and what was found.
    misfit : Array
        Shape (n,), largest misfit of a strut that remains [mm].

    References
    ----------
    .. [1] Newton-Raphson; elimination with pivots.
    """
    matrix = np.empty((6, 7))
    arms = np.empty((6, 3))
    for k in range(len(lengths)):
        misfit[k] = _solve(proximal, distal, lengths[k], at[k], turn[k], matrix, arms)


@numba.njit(cache=True)
def _solve(proximal, distal, lengths, at, turn, matrix, arms):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """One pose; gives the largest misfit that remains."""
    best = np.inf
    for _ in range(ROUNDS):
        worst = 0.0
        for i in range(6):
            square = 0.0
            for a in range(3):
                arms[i, a] = (
                    turn[a, 0] * distal[i, 0]
                    + turn[a, 1] * distal[i, 1]
                    + turn[a, 2] * distal[i, 2]
                )
                leg = at[a] + arms[i, a] - proximal[i, a]
                matrix[i, a] = leg
                square += leg * leg
            length = np.sqrt(square)
            for a in range(3):
                matrix[i, a] /= length
            matrix[i, 3] = arms[i, 1] * matrix[i, 2] - arms[i, 2] * matrix[i, 1]
            matrix[i, 4] = arms[i, 2] * matrix[i, 0] - arms[i, 0] * matrix[i, 2]
            matrix[i, 5] = arms[i, 0] * matrix[i, 1] - arms[i, 1] * matrix[i, 0]
            off = lengths[i] - length
            matrix[i, 6] = off
            worst = max(worst, abs(off))
        if worst < EXACT_MM or (worst < NEARLY_MM and worst >= best / 2):
            return worst
        best = min(best, worst)
        if not _eliminate(matrix):
            return worst
        size = np.sqrt(matrix[3, 6] ** 2 + matrix[4, 6] ** 2 + matrix[5, 6] ** 2)
        step = min(1.0, MOST_TURN_A_ROUND / (size + 1e-300))
        for a in range(3):
            at[a] += step * matrix[a, 6]
        _turn_by(turn, matrix[3, 6] * step, matrix[4, 6] * step, matrix[5, 6] * step)
    return worst


@numba.njit(cache=True)
def _eliminate(matrix):  # type: ignore[no-untyped-def]  # noqa: C901 - compiled whole
    """Solve six equations in place, with pivots; the seventh column is the answer."""
    for column in range(6):
        pivot = column
        for row in range(column + 1, 6):
            if abs(matrix[row, column]) > abs(matrix[pivot, column]):
                pivot = row
        if abs(matrix[pivot, column]) < SINGULAR:
            return False
        if pivot != column:
            for j in range(column, 7):
                swap = matrix[column, j]
                matrix[column, j] = matrix[pivot, j]
                matrix[pivot, j] = swap
        inverse = 1.0 / matrix[column, column]
        for row in range(column + 1, 6):
            factor = matrix[row, column] * inverse
            for j in range(column + 1, 7):
                matrix[row, j] -= factor * matrix[column, j]
    for column in range(5, -1, -1):
        for j in range(column + 1, 6):
            matrix[column, 6] -= matrix[column, j] * matrix[j, 6]
        matrix[column, 6] /= matrix[column, column]
    return True


@numba.njit(cache=True)
def _turn_by(turn, x, y, z):  # type: ignore[no-untyped-def]
    """Turn a matrix further about the proximal axes, by a rotation vector."""
    angle = np.sqrt(x * x + y * y + z * z)
    if angle < NO_TURN:
        return
    u, v, w = x / angle, y / angle, z / angle
    c, s = np.cos(angle), np.sin(angle)
    d = 1.0 - c
    for column in range(3):
        a, b, e = turn[0, column], turn[1, column], turn[2, column]
        dot = d * (u * a + v * b + w * e)
        turn[0, column] = c * a + s * (v * e - w * b) + dot * u
        turn[1, column] = c * b + s * (w * a - u * e) + dot * v
        turn[2, column] = c * e + s * (u * b - v * a) + dot * w

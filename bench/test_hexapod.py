"""Hexapod: how fast poses and schedules are worked out, beside other ways.

``make bench`` runs this on one core; pytest-benchmark prints each row's ratio to the
fastest of its group in brackets. Every row of the first group solves the same poses
from the same start; scipy is given the analytic Jacobian.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from rounding import DAYS, FRAME, SEED, TINY, WORLDS, order, read_back
from scipy.optimize import least_squares, root

from callotasis.fixation.hexapod import (
    Placement,
    jacobian_of,
    poses_from_struts,
    scheduled,
    struts_of,
)
from callotasis.fixation.hexapod.forward import neutral_of
from callotasis.pose import rotation_xyz
from callotasis.worlds import Array

FEW, MANY = 1_000, 100_000


def some(count: int) -> tuple[Placement, Array]:
    """Poses and their struts."""
    random = np.random.default_rng(SEED)
    at = random.uniform((-30, -30, 110), (30, 30, 220), (count, 3))
    placed = Placement.at(at, random.uniform(-30, 30, (count, 3)))
    return placed, struts_of(FRAME, placed)


def batched(struts: Array) -> Placement:
    """Newton's method on all poses at once, in NumPy."""
    at = neutral_of(FRAME, struts)
    for _ in range(12):
        off = struts - struts_of(FRAME, at)
        if np.abs(off).max() < TINY:
            break
        step = np.linalg.solve(jacobian_of(FRAME, at), off[..., None])[..., 0]
        at = Placement(at.translation_mm + step[:, :3], turned(step[:, 3:], at))
    return at


def turned(by: Array, at: Placement) -> Array:
    """Turn further by rotation vectors (Rodrigues)."""
    angle = np.linalg.norm(by, axis=-1)[:, None, None] + 1e-300
    x, y, z = (by / angle[:, 0]).T
    zero = np.zeros_like(x)
    cross = np.array([[zero, -z, y], [z, zero, -x], [-y, x, zero]]).transpose(2, 0, 1)
    turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return turn @ at.rotation


def _at(pose: Array) -> Placement:
    return Placement(pose[:3], rotation_xyz(pose[3:]))


def _slopes(pose: Array) -> Array:
    """Analytic Jacobian by translation and the three angles."""
    x, y, _ = pose[3:]
    axes = np.array(
        [
            [1, 0, np.sin(y)],
            [0, np.cos(x), -np.sin(x) * np.cos(y)],
            [0, np.sin(x), np.cos(x) * np.cos(y)],
        ]
    )
    rows = jacobian_of(FRAME, _at(pose))
    return np.concatenate([rows[:, :3], rows[:, 3:] @ axes], axis=1)


def by_scipy(solver: Callable[..., object], struts: Array) -> None:
    """Solve one after the other, from the same start."""
    starts = neutral_of(FRAME, struts).translation_mm
    for lengths, start in zip(struts, starts, strict=True):
        solver(
            lambda pose, wanted=lengths: struts_of(FRAME, _at(pose)) - wanted,
            np.concatenate([start, np.zeros(3)]),
            jac=_slopes,
        )


def compiled(struts: Array) -> None:
    """As this library does it."""
    poses_from_struts(FRAME, struts)


SOLVERS: dict[str, Callable[[Array], object]] = {
    "this library": compiled,
    "batched NumPy": batched,
    "scipy root, hybr": partial(by_scipy, root),
    "scipy least_squares, lm": partial(by_scipy, partial(least_squares, method="lm")),
}


@pytest.mark.benchmark(group=f"pose from struts, {FEW:,} frames")
@pytest.mark.parametrize("name", SOLVERS)
def test_few(benchmark: BenchmarkFixture, name: str) -> None:
    _, struts = some(FEW)
    benchmark.pedantic(SOLVERS[name], (struts,), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group=f"pose from struts, {MANY:,} frames")
@pytest.mark.parametrize("name", ["this library", "batched NumPy"])
def test_many(benchmark: BenchmarkFixture, name: str) -> None:
    placed, struts = some(MANY)
    benchmark.pedantic(SOLVERS[name], (struts,), rounds=5, warmup_rounds=1)
    found, _ = poses_from_struts(FRAME, struts)
    assert np.abs(found.translation_mm - placed.translation_mm).max() < TINY


@pytest.mark.benchmark(group=f"schedule of {DAYS} days with all checks")
def test_schedule(benchmark: BenchmarkFixture) -> None:
    made = benchmark(scheduled, order())
    assert made.days == DAYS


@pytest.mark.benchmark(group=f"{WORLDS:,} worlds of {DAYS} days, in blocks")
def test_worlds(benchmark: BenchmarkFixture) -> None:
    benchmark.pedantic(read_back, rounds=3, warmup_rounds=1)

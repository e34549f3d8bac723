"""Hexapod: how much less rounding moves the fragment, and how fast it is worked out.

Every figure stands beside a plain way of doing the same, in the same run. On one core:
``OPENBLAS_NUM_THREADS=1 taskset -c 0 .venv/bin/python bench/hexapod.py``.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.optimize import least_squares, root

from callotasis.fixation.hexapod import (
    Frame,
    Placement,
    ScheduleOrder,
    jacobian_of,
    poses_from_struts,
    scheduled,
    struts_of,
)
from callotasis.fixation.hexapod.files import PoseFile
from callotasis.fixation.hexapod.forward import neutral_of
from callotasis.fixation.hexapod.path import Course, course
from callotasis.fixation.hexapod.schedule import fragment_points, on_marks
from callotasis.pose import rotation_xyz
from callotasis.worlds import Array

SEED = 2026
MANY, FEW = 100_000, 500
SCHEDULES = 200
WORLDS, DAYS, BLOCK = 10_000, 60, 1_000
TINY = 1e-9


def made(proximal_mm: float, distal_mm: float, half_deg: float) -> Frame:
    """Two rings of these radii; joints in pairs, each so far from its pair's middle."""
    pairs = np.array([0, 120, 240])
    proximal = np.sort(np.concatenate([pairs - half_deg, pairs + half_deg]) % 360)
    distal = np.sort(np.concatenate([pairs + 60 - half_deg, pairs + 60 + half_deg]))
    return Frame(ring(proximal_mm, proximal), ring(distal_mm, distal))


def ring(radius_mm: float, at_deg: Array) -> Array:
    """Six joints on a circle, shape (6, 3)."""
    turns = np.radians(at_deg)
    return radius_mm * np.stack([np.cos(turns), np.sin(turns), 0 * turns], axis=-1)


FRAME = made(80, 80, 8)
OTHERS = [(60, 60, 8), (100, 100, 8), (80, 65, 8), (80, 80, 4), (80, 80, 15)]


# Rounding.


def programme(random: np.random.Generator) -> Course:
    """From a deformity, mirrored by the rings, to straight rings and a longer leg."""
    low = random.uniform(130, 150)
    shift, turn = random.uniform(-20, 20, 2), random.uniform(-15, 15, 3)
    start = Placement.at((*shift, low), turn)
    target = Placement.at((0, 0, low + random.uniform(20, 60)), (0, 0, 0))
    return course(start, target, np.zeros((1, 3)), 1.0, "screw")


def anywhere(random: np.random.Generator) -> Course:
    """From any pose to any other."""
    ends = [
        Placement.at(
            (*random.uniform(-20, 20, 2), random.uniform(130, 200)),
            random.uniform(-15, 15, 3),
        )
        for _ in range(2)
    ]
    return course(ends[0], ends[1], np.zeros((1, 3)), 1.0, "screw")


def nearest_marks(exact: Array) -> Array:
    """Plain rounding; where it would turn a strut back, the next mark on its course."""
    rows = [exact[0]]
    for day, before in zip(exact[1:], exact[:-1], strict=True):
        way, mark = np.sign(day - before), np.round(day)
        onward = np.where(way > 0, np.ceil(rows[-1] - TINY), np.floor(rows[-1] + TINY))
        rows.append(np.where((mark - rows[-1]) * way < -TINY, onward, mark))
    return np.array(rows)


def unbound_marks(frame: Frame, way: Course, exact: Array) -> Array:
    """The best of 64 ways each day, turning struts to and fro: what none can beat."""
    spans = [Course(1, Placement(*pair)) for pair in _pairs(way.poses)]
    still = [np.array([row, row]) for row in exact]
    best = [on_marks(frame, s, e, 1.0)[1] for s, e in zip(spans, still, strict=True)]
    return np.array([exact[0], *best[1:]])


def _pairs(poses: Placement) -> list[tuple[Array, Array]]:
    return [
        (np.array([t, t]), np.array([r, r]))
        for t, r in zip(poses.translation_mm, poses.rotation, strict=True)
    ]


def moved(frame: Frame, way: Course, struts: Array) -> float:
    """Largest displacement of the eight points, mean over the days [mm]."""
    found, _ = poses_from_struts(frame, struts, way.poses)
    points = fragment_points()
    off = found.carried(points) - way.poses.carried(points)
    return float(np.linalg.norm(off, axis=-1).max(axis=-1)[1:].mean())


def rounding(frame: Frame, make: Callable[[np.random.Generator], Course]) -> str:
    """One row: ratio to plain rounding, of ours and of the bound."""
    random, ratios = np.random.default_rng(SEED), []
    while len(ratios) < SCHEDULES:
        way = make(random)
        if way.days == 0:
            continue
        exact = struts_of(frame, way.poses)
        plain = moved(frame, way, nearest_marks(exact))
        ours = moved(frame, way, on_marks(frame, way, exact, 1.0))
        bound = moved(frame, way, unbound_marks(frame, way, exact))
        ratios.append((plain, ours, ours / plain, bound / plain))
    low, mid, high = np.percentile(ratios, [25, 50, 75], axis=0)
    return (
        f"{mid[0]:.2f} | {mid[1]:.2f} | {mid[2]:.3f} | {low[2]:.3f} to {high[2]:.3f} | "
        f"{mid[3]:.3f}"
    )


# Speed.


def best_of(work: Callable[[], object], times: int = 5) -> float:
    """Fewest seconds of some runs; the first, which compiles, does not count."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


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


def speed() -> list[tuple[str, float]]:
    """Forward solutions a second."""
    random = np.random.default_rng(SEED)
    at = random.uniform((-30, -30, 110), (30, 30, 220), (MANY, 3))
    turns = random.uniform(-30, 30, (MANY, 3))
    struts = struts_of(FRAME, Placement.at(at, turns))
    found, misfit = poses_from_struts(FRAME, struts)
    off = np.abs(found.translation_mm - at).max()
    print(f"{MANY} poses: largest misfit {misfit.max():.1e}, off {off:.1e} mm\n")
    few = struts[:FEW]
    rows = [
        (
            "this library, compiled",
            MANY,
            best_of(lambda: poses_from_struts(FRAME, struts)),
        ),
        (
            "Newton in batched NumPy",
            20_000,
            best_of(lambda: batched(struts[:20_000]), 3),
        ),
        ("scipy.optimize.root, hybr", FEW, best_of(lambda: by_scipy(root, few), 3)),
        (
            "scipy.optimize.least_squares, lm",
            FEW,
            best_of(lambda: by_scipy(partial(least_squares, method="lm"), few), 3),
        ),
    ]
    return [(name, count / took) for name, count, took in rows]


def order() -> ScheduleOrder:
    """A prescription of sixty days."""
    proximal, distal = FRAME.proximal_mm.tolist(), FRAME.distal_mm.tolist()
    start = PoseFile((15.0, -10.0, 135.0), (8.0, -10.0, 6.0))
    target = PoseFile((0.0, 0.0, 191.5))
    return ScheduleOrder(
        proximal, distal, start, target, 1.0, strut_range_mm=(80.0, 300.0)
    )


def worlds() -> None:
    """Strut readings of many worlds, read back day by day, in blocks."""
    made = scheduled(order())
    rows = np.array(made.struts_mm)[1:]
    random = np.random.default_rng(SEED)
    near, _ = poses_from_struts(FRAME, rows)
    for _ in range(WORLDS // BLOCK):
        errors = random.normal(0, 0.5, (BLOCK, 1, 6))
        struts = (rows + errors).reshape(-1, 6)
        again = Placement(
            np.tile(near.translation_mm, (BLOCK, 1)),
            np.tile(near.rotation, (BLOCK, 1, 1)),
        )
        poses_from_struts(FRAME, struts, again)


def peak_mb() -> float:
    """Peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the tables."""
    worked = best_of(lambda: scheduled(order()))
    days = scheduled(order()).days
    before = peak_mb()
    took = best_of(worlds, 2)
    after = peak_mb()
    print("| what | this machine |\n|---|---|")
    print(f"| schedule of {days} days, all checks | {1000 * worked:.1f} ms |")
    print(
        f"| {WORLDS:,} worlds of {DAYS} days, in blocks | {took:.2f} s, peak "
        f"{after:.0f} MB ({before:.0f} MB before) |\n"
    )
    rows = speed()
    print("| pose from struts | a second | ours is faster by |\n|---|---|---|")
    for name, rate in rows:
        print(f"| {name} | {rate:,.0f} | {rows[0][1] / rate:.1f} |")
    print(
        f"\n| {SCHEDULES} schedules each | nearest mark [mm] | ours [mm] "
        "| ratio, median | quartiles | each day alone |\n|---|---|---|---|---|---|"
    )
    print(f"| deformity to straight and longer | {rounding(FRAME, programme)} |")
    print(f"| any pose to any other | {rounding(FRAME, anywhere)} |")
    for proximal, distal, half in OTHERS:
        found = rounding(made(proximal, distal, half), programme)
        print(f"| as the first; rings {proximal} and {distal} mm, ±{half}° | {found} |")


if __name__ == "__main__":
    main()

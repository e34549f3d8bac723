"""Hexapod: how much less rounding moves the fragment, and what its worlds weigh."""

from __future__ import annotations

import resource
from collections.abc import Callable

import numpy as np

from callotasis.fixation.hexapod import (
    Frame,
    Placement,
    ScheduleOrder,
    poses_from_struts,
    scheduled,
    struts_of,
)
from callotasis.fixation.hexapod.files import PoseFile
from callotasis.fixation.hexapod.path import Course, course
from callotasis.fixation.hexapod.schedule import fragment_points, on_marks
from callotasis.worlds import Array

SEED = 2026
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


# Memory.


def order() -> ScheduleOrder:
    """A prescription of sixty days."""
    proximal, distal = FRAME.proximal_mm.tolist(), FRAME.distal_mm.tolist()
    start = PoseFile((15.0, -10.0, 135.0), (8.0, -10.0, 6.0))
    target = PoseFile((0.0, 0.0, 191.5))
    return ScheduleOrder(
        proximal, distal, start, target, 1.0, strut_range_mm=(80.0, 300.0)
    )


def read_back() -> None:
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
    scheduled(order())
    before = peak_mb()
    read_back()
    print(
        f"{WORLDS:,} worlds of {DAYS} days, in blocks: peak {peak_mb():.0f} MB, "
        f"{before:.0f} MB before\n"
    )
    print(
        f"| {SCHEDULES} schedules each | nearest mark [mm] | ours [mm] "
        "| ratio, median | quartiles | each day alone |\n|---|---|---|---|---|---|"
    )
    print(f"| deformity to straight and longer | {rounding(FRAME, programme)} |")
    print(f"| any pose to any other | {rounding(FRAME, anywhere)} |")
    for proximal, distal, half in OTHERS:
        found = rounding(made(proximal, distal, half), programme)
        print(f"| as the first; rings {proximal} and {distal} mm, ±{half}° | {found} |")


if __name__ == "__main__":
    main()

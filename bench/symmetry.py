"""How many steps tell an uneven walk from an even one, and does the interval hold.

python bench/symmetry.py [--walks 2000] [--seed 12]

Synthetic walks: stance times with the asymmetry published before lengthening (12 %) and
after it (2.4 %), a scatter of 3 or 6 % from step to step, and steps that resemble the
one before (correlation 0 or 0.4), which the interval takes as independent.
"""

from __future__ import annotations

import argparse

import numpy as np

from callotasis.evidence import constant
from callotasis.rehabilitation import Quantity, Sides, symmetry

MEAN_S = 0.70
STEPS = (5, 10, 20, 40)
SCATTER = (0.03, 0.06)
ALIKE = (0.0, 0.4)


def stances(
    rng: np.random.Generator, mean: float, scatter: float, alike: float, steps: int
) -> tuple[float, ...]:
    """Draw one side's stance times; each resembles the one before [s]."""
    drawn = rng.normal(size=steps)
    for step in range(1, steps):
        drawn[step] = alike * drawn[step - 1] + np.sqrt(1 - alike**2) * drawn[step]
    return tuple(mean * (1 + scatter * drawn))


def run(
    rng: np.random.Generator,
    asymmetry: float,
    course: tuple[float, float, int],
    walks: int,
) -> tuple[float, float, float]:
    """Share of intervals that hold the truth, that tell the sides apart, and width."""
    scatter, alike, steps = course
    off = asymmetry / 200
    held = told = 0
    widths = []
    for _ in range(walks):
        sides = Sides(
            stances(rng, MEAN_S * (1 + off), scatter, alike, steps),
            stances(rng, MEAN_S * (1 - off), scatter, alike, steps),
        )
        found = symmetry(Quantity.STANCE, sides)
        held += not found.index_percent.excludes(asymmetry)
        told += found.uneven
        widths.append(found.index_percent.high - found.index_percent.value)
    return held / walks, told / walks, float(np.median(widths))


def main() -> None:
    """Print a table for the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=12)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    before, after = (
        constant(key).value
        for key in ("rehabilitation.stance_before", "rehabilitation.stance_after")
    )
    print(
        f"SYNTHETIC: no person walked. {asked.walks} walks a row, seed {asked.seed}.\n"
    )
    print(
        "| scatter of a step | steps alike | steps a side | interval holds | "
        f"± | {before:g} % told | {after:g} % told |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for scatter in SCATTER:
        for alike in ALIKE:
            for steps in STEPS:
                course = scatter, alike, steps
                held, told, wide = run(rng, before, course, asked.walks)
                _, later, _ = run(rng, after, course, asked.walks)
                print(
                    f"| {scatter:.0%} | {alike:g} | {steps} | {held:.1%} | "
                    f"{wide:.1f} % | {told:.1%} | {later:.1%} |"
                )


if __name__ == "__main__":
    main()

"""Whether 9 of 10 patients heal inside the forecast band, and how the band narrows.

python bench/forecasts.py [--patients 400] [--seed 77]

Synthetic patients of another family than the forecast's: healing times are gamma, one
in five is a slow healer, the ratio rises as a saturating exponential of his own, films
come about every four weeks and some are skipped, readings have heavy tails. Only mean
and SD of the healing index are those of the published series.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.followup import CallusRead, Course, consolidation

INDICES = (
    "distraction.healing_antegrade_femur",
    "distraction.healing_retrograde_femur",
    "distraction.healing_antegrade_tibia",
    "distraction.healing_rail_femur",
    "distraction.healing_rail_tibia",
)
LATENCY_DAYS, RATE_MM = 7, 1.0
SLOW_SHARE, SLOWER_BY = 0.2, 1.6
FILM_EVERY, FILM_JITTER, SKIPPED = 28, 4, 0.15
START, END, READ, TAIL = (0.62, 0.07), (0.92, 0.04), 0.03, 5
BEND = (0.3, 2.5)  # how early the ratio rises, from nearly straight to early
MOST_FILMS = 6


@dataclass(frozen=True)
class Patient:
    """One synthetic course with its truth."""

    course: Course
    healed_day: float
    reads: list[CallusRead]


def drawn(rng: np.random.Generator, key: str) -> Patient:
    """Draw a patient whose index has the published mean and SD."""
    row = constant(key)
    gain = rng.uniform(30, 80)
    course = Course(row, gain, round(LATENCY_DAYS + gain / RATE_MM))
    mean_factor = 1 + SLOW_SHARE * (SLOWER_BY - 1)
    square = 1 + SLOW_SHARE * (SLOWER_BY**2 - 1)
    mean = row.value / mean_factor
    variance = (row.spread**2 + row.value**2) / square - mean**2
    index = rng.gamma(mean**2 / variance, variance / mean)
    index *= SLOWER_BY if rng.random() < SLOW_SHARE else 1
    healed = max(index * gain / 10, course.earliest_day)
    return Patient(course, healed, films(rng, course.end_day, healed))


def films(rng: np.random.Generator, end_day: int, healed: float) -> list[CallusRead]:
    """Expose films from the end of distraction until the bone is solid."""
    at_end, when_healed = rng.normal(*START), rng.normal(*END)
    bend = rng.uniform(*BEND)
    reads = []
    for planned in np.arange(end_day + FILM_JITTER, healed, FILM_EVERY):
        day = round(planned + rng.uniform(-FILM_JITTER, FILM_JITTER))
        error = READ * rng.standard_t(TAIL) / np.sqrt(TAIL / (TAIL - 2))
        way = (day - end_day) / (healed - end_day)
        risen = -np.expm1(-bend * way) / -np.expm1(-bend)
        if day < healed and rng.random() > SKIPPED:
            ratio = at_end + (when_healed - at_end) * risen + error
            reads.append(CallusRead(day, float(ratio)))
    return reads


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=400)
    parser.add_argument("--seed", type=int, default=77)
    asked = parser.parse_args()
    print(f"{asked.patients} synthetic patients an index, seed {asked.seed}")
    print("| films | patients | band holds the day | band, median | off, median |")
    print("| --- | --- | --- | --- | --- |")
    held: dict[int, list[tuple[bool, float, float]]] = {}
    for number, key in enumerate(INDICES):
        rng = np.random.default_rng([asked.seed, number])
        for _ in range(asked.patients):
            patient = drawn(rng, key)
            for count in range(min(len(patient.reads), MOST_FILMS) + 1):
                band = consolidation(patient.course, patient.reads[:count])
                inside = band.low - 1e-6 <= patient.healed_day <= band.high
                off = abs(band.value - patient.healed_day)
                row = (inside, band.high - band.low, off)
                held.setdefault(count, []).append(row)
    for count, rows in held.items():
        inside, width, off = (np.array(part) for part in zip(*rows, strict=True))
        print(
            f"| {count} | {len(rows)} | {inside.mean():.1%} | "
            f"{np.median(width):.0f} days | {np.median(off):.0f} days |"
        )
    every = [row[0] for rows in held.values() for row in rows]
    print(f"| all | {len(every)} | {np.mean(every):.1%} | | |")


if __name__ == "__main__":
    main()

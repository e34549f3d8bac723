"""How small a shortfall films find, and how often there is a false alarm.

python bench/shortfalls.py [--courses 1000] [--seed 411]

Synthetic courses of distraction: a film every week or two, some skipped, lengths read
with heavy-tailed errors whose size the watch knows only roughly. In every course the
device stops following once; a shortfall counts as found if the first film after it
raises the alarm. The same films without it tell how many courses have a false alarm.
"""

from __future__ import annotations

import argparse

import numpy as np

from callotasis.followup import LengthRead, shortfall

SHORT_MM = (1.0, 2.0, 3.0, 4.0, 5.0)
READ_SD_MM = (0.3, 0.4, 0.5, 0.6, 0.8)
RATE_MM, FIRST_DAY = 1.0, 7
TAIL = 5  # degrees of freedom of a reader's errors; the watch takes them as normal
SKIPPED = 0.1
SD_KNOWN_TO = 0.15  # sd of the logarithm of true over stated scatter
LEAST_BEFORE = 2  # films before a shortfall, the first of them at the start of turning


def film_days(rng: np.random.Generator) -> list[int]:
    """Draw the days of one course's films: weekly or fortnightly, some skipped."""
    every = int(rng.choice([7, 10, 14]))
    gain = rng.uniform(30, 80)
    days = [
        FIRST_DAY,
        *range(FIRST_DAY + every, FIRST_DAY + int(gain / RATE_MM), every),
    ]
    kept = [day for day in days[1:] if rng.random() > SKIPPED]
    return [days[0], *kept]


def readings(
    days: list[int], errors_mm: np.ndarray, lost_mm: np.ndarray, stated_mm: float
) -> list[LengthRead]:
    """Put the films of a course together."""
    turned = [RATE_MM * (day - FIRST_DAY) for day in days]
    return [
        LengthRead(day, mm - float(lost) + float(error), mm, stated_mm)
        for day, mm, lost, error in zip(days, turned, lost_mm, errors_mm, strict=True)
    ]


def alarms(series: list[LengthRead]) -> list[bool]:
    """Tell after which films the alarm stands, as the films come in."""
    return [shortfall(series[:k]).found for k in range(2, len(series) + 1)]


def course(rng: np.random.Generator, stated_mm: float) -> tuple[bool, list[bool]]:
    """Run one course: tell whether an alarm was false, and which losses were found."""
    days = film_days(rng)
    while len(days) <= LEAST_BEFORE:
        days = film_days(rng)
    true_sd = stated_mm * np.exp(rng.normal(0, SD_KNOWN_TO))
    errors = true_sd * rng.standard_t(TAIL, len(days)) / np.sqrt(TAIL / (TAIL - 2))
    first = int(rng.integers(LEAST_BEFORE, len(days)))
    after = np.arange(len(days)) >= first
    false = any(alarms(readings(days, errors, 0.0 * after, stated_mm)))
    found = [
        shortfall(readings(days, errors, mm * after, stated_mm)[: first + 1]).found
        for mm in SHORT_MM
    ]
    return false, found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=411)
    asked = parser.parse_args()
    print(f"{asked.courses} synthetic courses a row, seed {asked.seed}")
    head = " | ".join(f"{mm:g} mm found" for mm in SHORT_MM)
    print(f"| scatter of one film | courses with a false alarm | {head} |")
    print("|" + " --- |" * (len(SHORT_MM) + 2))
    for sd in READ_SD_MM:
        rng = np.random.default_rng(asked.seed)
        ran = [course(rng, sd) for _ in range(asked.courses)]
        false = np.mean([f for f, _ in ran])
        found = np.mean([f for _, f in ran], axis=0)
        shares = " | ".join(f"{share:.1%}" for share in found)
        print(f"| {sd:g} mm | {false:.1%} | {shares} |")


if __name__ == "__main__":
    main()

"""Soft tissue: speed, what passive models say of each other, and whether bands hold.

python bench/softtissue.py [--patients 200] [--seed 411]

Everything here is synthetic and rests on assumed priors; no patient is in it. Exams for
the last table are made in two ways: by the equal length that the fit itself believes
in, and by another model (passive forces of gait2392), of which the fit knows nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.pose import Bone
from callotasis.softtissue import (
    Cut,
    Exam,
    Ranges,
    fit_lag,
    outlook,
    residual_stretch,
    turned_between,
)
from callotasis.softtissue.cohort import (
    ALWAYS_SPANNED,
    DEEP,
    IN_FRONT,
    ankles_after,
    virtual_patients,
)
from callotasis.softtissue.course import stretch_course_mm
from callotasis.softtissue.joint_tests import TESTS
from callotasis.softtissue.muscles import Angles, bone_mm, mean_length_mm, muscles_of
from callotasis.softtissue.passive import (
    dorsiflexion,
    end_of_range_deg,
    knee_flexion,
    resisting_nm,
)
from callotasis.worlds import NORMAL_95, Interval, log_sd

COHORT = 10_000
CALF = (*ALWAYS_SPANNED, "soleus", *DEEP, *IN_FRONT)
THIGH = ("rect_fem", "vas_int", "vas_lat", "semimem", "semiten", "bifemlh", "tfl")
RLU_ANKLE = {0: 7.9, 4: 1.7, 8: -4.4, 10: -7.1, 15: -13.0, 20: -17.4, 30: -24.8}
RLU_KNEE = {0: 118, 4: 112, 8: 106, 10: 102, 15: 67, 20: 57, 30: 43, 44: 26}
LOW_CUT = Cut.at_share(Bone.TIBIA, 0.7, bone_mm(Bone.TIBIA))  # spans the whole soleus
FIRST_DAY, LAST_EXAM, END_DAY = 7, 42, 57
EXAM_DAYS = range(3, LAST_EXAM + 1, 7)


def cohort_table(seed: int) -> None:
    """Print the virtual cohort and how long it takes."""
    patients = virtual_patients(COHORT, seed)
    ankles_after(virtual_patients(2, seed), 20.0, 1.0)  # the tables are read once
    started = time.perf_counter()
    ankles_after(patients, 40.0, 1.0)
    took = time.perf_counter() - started
    print(
        f"{COHORT} virtual patients, two ankle tests each: {took:.2f} s on one core\n"
    )
    print("Synthetic, ASSUMED priors (lag 5 d, sigma 0.5; psi beta(2, 18)):")
    print("| rate mm/day | gain mm | stretch mm | lost deg | P(below -10 deg) |")
    print("| --- | --- | --- | --- | --- |")
    for rate in (1.0, 0.75, 0.5):
        for gain in (20.0, 40.0, 60.0):
            found = ankles_after(patients, gain, rate)
            lost = np.mean(found.lost_straight_deg)
            print(
                f"| {rate:g} | {gain:g} | {np.mean(found.stretch_mm):.1f} | "
                f"{lost:.1f} | {found.share_below(-10.0):.2f} |"
            )


def models_table() -> None:
    """Print what each passive model makes of residual stretch, beside equal length."""
    print("\nDorsiflexion at 10 Nm, knee straight (stretch on the whole calf):")
    print("| stretch mm | gait2392 deg | mm/mm | RLU-2023 deg | mm/mm |")
    print("| --- | --- | --- | --- | --- |")
    gait = {
        u: float(end_of_range_deg(dorsiflexion(0.0), 10.0, dict.fromkeys(CALF, u)))
        for u in RLU_ANKLE
    }
    compare("gastrocnemius", gait, RLU_ANKLE, lambda q: Angles(ankle_deg=q))
    slope = (gait[0] - gait[20]) / 20
    print(f"gait2392 {gait[0]:.1f} deg and {slope:.2f} deg/mm over 20 mm")
    print("\nProne knee flexion at 20 Nm (stretch on what a femoral cut spans):")
    print("| stretch mm | gait2392 deg | mm/mm | RLU-2023 deg | mm/mm |")
    print("| --- | --- | --- | --- | --- |")
    gait = {
        u: float(end_of_range_deg(knee_flexion(0.0), 20.0, dict.fromkeys(THIGH, u)))
        for u in RLU_KNEE
    }
    compare("rectus femoris", gait, RLU_KNEE, lambda q: Angles(knee_deg=q))


def compare(
    group: str,
    one: dict[int, float],
    other: dict[int, float],
    pose: Callable[[float], Angles],
) -> None:
    """Stretch of two models over the reach that is lost by equal length."""

    def reach(angle: float) -> float:
        return float(mean_length_mm(muscles_of(group), pose(angle)))

    for u in one:
        cells = []
        for model in (one, other):
            lost = reach(model[0]) - reach(model[u])
            ratio = f"{u / lost:.2f}" if u else ""
            cells += [f"{model[u]:.1f}", ratio]
        print(f"| {u} | " + " | ".join(cells) + " |")


def contracture() -> None:
    """Print V1: 44 mm on a femur, nothing adapted."""
    u, before = 44.0, 118.0
    cut = Cut.at_share(Bone.FEMUR, 0.5, bone_mm(Bone.FEMUR))
    at = np.arange(0.0, before)
    found = [
        residual_stretch(
            cut,
            Ranges(knee_flexion_prone_deg=before),
            Ranges(knee_flexion_prone_deg=float(angle)),
        )["rectus femoris"].value
        for angle in at
    ]
    angle = float(np.interp(u, found[::-1], at[::-1]))
    movement = knee_flexion(0.0)
    moment = float(np.interp(before, movement.angles_deg, resisting_nm(movement)))
    stretch = dict.fromkeys(THIGH, u)
    second = float(end_of_range_deg(movement, moment, stretch))
    print(
        f"\nV1: {u:g} mm not adapted, {before:g} deg before: equal length {angle:.0f} "
        f"deg, gait2392 at the patient's own {moment:.0f} Nm {second:.0f} deg, "
        "RLU-2023 26 deg; patients 29 deg of motion"
    )


def rate_effect() -> None:
    """Print the lag model's stretch at 0.54 over 0.91 mm a day."""
    tau, psi = np.array([5.0]), np.array([0.0])
    ends = [
        float(
            stretch_course_mm(
                turned_between({0: 0.0, 45.0 / rate: 45.0}),
                np.array([45.0 / rate]),
                tau,
                psi,
            )[0, 0]
        )
        for rate in (0.54, 0.91)
    ]
    print(
        f"Stretch at the end of 45 mm, 0.54 over 0.91 mm/day: {ends[0] / ends[1]:.2f} "
        "(Tang 2025: 56 % more recovery in the slower group)"
    )


@dataclass(frozen=True)
class Virtual:
    """A synthetic patient whose truth is known."""

    tau: float
    psi: float
    cost_mm: float
    per_lost: float
    before: tuple[float, float]
    ranges_at: Callable[[float], tuple[float, float]]

    def stretch_mm(self, day: float) -> float:
        """True stretch, with what the operation cost."""
        turned = turned_between({FIRST_DAY: 0.0, END_DAY: float(END_DAY - FIRST_DAY)})
        tau, psi = np.array([self.tau]), np.array([self.psi])
        course = stretch_course_mm(turned, np.array([float(day)]), tau, psi)
        return float(course[0, 0]) + self.cost_mm


def own_family(before: tuple[float, float], per_lost: float) -> Callable:
    """Ranges by equal length of the soleus, which alone is looked at."""
    muscles = muscles_of("soleus")
    at = np.arange(-60.0, 50.1, 0.25)
    reach = mean_length_mm(muscles, Angles(knee_deg=90.0, ankle_deg=at))
    start = np.interp(before[1], at, reach)

    def ranges(u: float) -> tuple[float, float]:
        return before[0], float(np.interp(start - u / per_lost, reach, at))

    return ranges


def other_family(before: tuple[float, float], _: float) -> Callable:
    """Ranges by passive forces, each test pushed as far as before surgery."""
    moves = (dorsiflexion(0.0), dorsiflexion(90.0))
    pushed = [
        float(np.interp(b, m.angles_deg, resisting_nm(m)))
        for b, m in zip(before, moves, strict=True)
    ]

    def ranges(u: float) -> tuple[float, float]:
        stretch = dict.fromkeys(CALF, u)
        return tuple(
            float(end_of_range_deg(m, p, stretch))
            for m, p in zip(moves, pushed, strict=True)
        )

    return ranges


def virtual(
    count: int, rng: np.random.Generator, family: Callable
) -> Iterator[Virtual]:
    """Draw patients from the priors of the fit."""
    drawn = virtual_patients(count, int(rng.integers(1 << 31)))
    cost = constant(TESTS["soleus"].at_surgery).value
    row = constant("softtissue.passive_ankle")
    sigma = log_sd(row.low, row.high)
    for tau, psi in zip(drawn.tau_days, drawn.psi, strict=True):
        straight = float(rng.uniform(8, 15))
        before = (straight, straight + float(rng.uniform(5, 12)))
        per_lost = float(row.value * np.exp(sigma * rng.standard_normal()))
        shape = family(before, per_lost)
        spent = float(rng.exponential(cost))
        yield Virtual(float(tau), float(psi), spent, per_lost, before, shape)


def read(
    angles: tuple[float, float], rng: np.random.Generator, *, both: bool
) -> Ranges:
    """Read both tests with a goniometer, to a degree."""
    sd = constant("softtissue.goniometer").value / NORMAL_95
    low, high = -60.0, 45.0
    straight, bent = (
        float(np.clip(round(a + sd * rng.standard_normal()), low, high)) for a in angles
    )
    return Ranges(
        dorsiflexion_knee_straight_deg=straight if both else None,
        dorsiflexion_knee_bent_deg=bent,
    )


def holds(band: Interval, truth: float) -> bool:
    """Whether a band holds the truth."""
    return band.low <= truth <= band.high


def coverage(count: int, seed: int) -> None:
    """Print how often bands of 90 % hold the truth."""
    print(f"\nSynthetic: bands of 90 %, {count} virtual tibiae a row, 1 mm a day, six")
    print("weekly exams from day 3 to day 38, outlook to the end on day 57:")
    print("| exams made by | group | tau | psi | stretch now | range at the end |")
    print("| --- | --- | --- | --- | --- | --- |")
    turned = turned_between({FIRST_DAY: 0.0, END_DAY: float(END_DAY - FIRST_DAY)})
    for name, family, groups in (
        ("equal length", own_family, ("soleus",)),
        ("passive forces", other_family, ("soleus", "gastrocnemius")),
    ):
        rng = np.random.default_rng(seed)
        kept: dict[str, list[list[bool]]] = {group: [] for group in groups}
        both = "gastrocnemius" in groups
        for patient in virtual(count, rng, family):
            before = read(patient.before, rng, both=both)
            exams = [
                Exam(
                    day,
                    read(patient.ranges_at(patient.stretch_mm(day)), rng, both=both),
                )
                for day in EXAM_DAYS
            ]
            last = exams[-1].day
            left = END_DAY - last
            lags = fit_lag(LOW_CUT, before, exams, turned)
            ahead = outlook(
                LOW_CUT, before, exams, turned, remaining_mm=left, rates=(1.0,)
            )
            end = patient.ranges_at(patient.stretch_mm(END_DAY))
            for group in groups:
                lag = lags[group]
                expected = ahead[group][0].at_end.range_deg
                kept[group].append(
                    [
                        holds(lag.tau_days, patient.tau),
                        holds(lag.psi, patient.psi),
                        holds(lag.now_mm, patient.stretch_mm(last)),
                        holds(expected, end[0] if group == "gastrocnemius" else end[1]),
                    ]
                )
        for group, rows in kept.items():
            cells = " | ".join(f"{share:.0%}" for share in np.mean(rows, axis=0))
            print(f"| {name} | {group} | {cells} |")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=411)
    asked = parser.parse_args()
    cohort_table(asked.seed)
    models_table()
    contracture()
    rate_effect()
    coverage(asked.patients, asked.seed)


if __name__ == "__main__":
    main()

"""The lag of muscles behind the bone, fitted to exams."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.pose import Bone
from callotasis.softtissue.course import stretch_course_mm, turned_between
from callotasis.softtissue.cut import Cut
from callotasis.softtissue.lag import (
    AT_SURGERY,
    PER_LOST_SD,
    PSI,
    TAU_DAYS,
    fit_lag,
    never_adapting_prior,
    prior,
    weighted,
)
from callotasis.softtissue.muscles import Angles, bone_mm, mean_length_mm, muscles_of
from callotasis.softtissue.ranges import Ranges
from callotasis.softtissue.residual import Exam

LOW_CUT = Cut.at_share(Bone.TIBIA, 0.7, bone_mm(Bone.TIBIA))
BEFORE = Ranges(dorsiflexion_knee_bent_deg=20.0)
STEADY = turned_between({7: 0.0, 57: 50.0})


def bent_deg(u_mm: float) -> float:
    """Dorsiflexion that so much stretch of the soleus leaves, knee bent."""
    at = np.arange(-60.0, 50.1, 0.25)
    reach = mean_length_mm(muscles_of("soleus"), Angles(knee_deg=90.0, ankle_deg=at))
    per_lost = constant("softtissue.passive_ankle").value
    return float(np.interp(np.interp(20.0, at, reach) - u_mm / per_lost, reach, at))


def exams_of(
    tau: float, psi: float, cost: float = 0.0, noise: float = 0.0, seed: int = 1
) -> list[Exam]:
    """Synthetic exams of one leg, every five days."""
    days = np.arange(3.0, 57.0, 5.0)
    course = stretch_course_mm(STEADY, days, np.array([tau]), np.array([psi]))[0]
    rng = np.random.default_rng(seed)
    return [
        Exam(
            int(day),
            Ranges(
                dorsiflexion_knee_bent_deg=bent_deg(u + cost)
                + noise * float(rng.standard_normal())
            ),
        )
        for day, u in zip(days, course, strict=True)
    ]


def test_the_priors_are_those_of_their_rows() -> None:
    weight = prior()
    assert weight.shape == tuple(map(len, (TAU_DAYS, PSI, AT_SURGERY, PER_LOST_SD)))
    assert weight.sum() == pytest.approx(1)
    tau = weighted(TAU_DAYS, weight.sum(axis=(1, 2, 3)), 0.95)
    row = constant("softtissue.lag_days")
    assert tau.value == pytest.approx(row.value, rel=0.02)
    assert (tau.low, tau.high) == pytest.approx((row.low, row.high), rel=0.05)
    assert never_adapting_prior() == pytest.approx((2, 18), rel=0.01)
    psi = weighted(PSI, weight.sum(axis=(0, 2, 3)), 0.95)
    row = constant("softtissue.never_adapting")
    assert (psi.low, psi.high) == pytest.approx((row.low, row.high), abs=0.006)
    assert (PSI * weight.sum(axis=(0, 2, 3))).sum() == pytest.approx(0.1, abs=0.002)
    assert AT_SURGERY.mean() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    ("tau", "psi", "cost"), [(3.0, 0.05, 0.5), (5.0, 0.1, 3.0), (10.0, 0.2, 6.0)]
)
def test_exams_without_noise_recover_what_made_them(
    tau: float, psi: float, cost: float
) -> None:
    lag = fit_lag(LOW_CUT, BEFORE, exams_of(tau, psi, cost), STEADY)["soleus"]
    assert lag.tau_days.low <= tau <= lag.tau_days.high
    assert lag.psi.low <= psi <= lag.psi.high
    assert lag.at_surgery_mm.low <= cost <= lag.at_surgery_mm.high
    last = np.array([float(lag.days[-1])])
    truth = stretch_course_mm(STEADY, last, np.array([tau]), np.array([psi]))[0, 0]
    assert lag.now_mm.low <= truth + cost <= lag.now_mm.high
    # What is rare under the priors is drawn towards them.
    assert lag.now_mm.value == pytest.approx(truth + cost, rel=0.15, abs=1.5)
    assert lag.furthest_off < 1


def test_a_slow_muscle_is_told_from_a_fast_one() -> None:
    fast, slow = (
        fit_lag(LOW_CUT, BEFORE, exams_of(tau, 0.05), STEADY)["soleus"].tau_days.value
        for tau in (2.0, 15.0)
    )
    assert slow > 2 * fast


def test_exams_narrow_what_is_known() -> None:
    exams = exams_of(5.0, 0.1, 2.0)
    few, many = (
        fit_lag(LOW_CUT, BEFORE, part, STEADY)["soleus"] for part in (exams[:2], exams)
    )
    assert many.psi.high - many.psi.low < few.psi.high - few.psi.low
    assert (
        many.at_surgery_mm.high - many.at_surgery_mm.low
        < few.at_surgery_mm.high - few.at_surgery_mm.low
    )


def test_bands_of_90_percent_hold_the_truth_of_noisy_exams_about_as_often() -> None:
    rng = np.random.default_rng(5)
    held = []
    for seed in range(40):
        tau = 5 * np.exp(0.5 * rng.standard_normal())
        psi, cost = rng.beta(2, 18), rng.exponential(3.0)
        lag = fit_lag(
            LOW_CUT, BEFORE, exams_of(tau, psi, cost, noise=2.5, seed=seed), STEADY
        )["soleus"]
        held.append(
            (
                lag.tau_days.low <= tau <= lag.tau_days.high,
                lag.psi.low <= psi <= lag.psi.high,
            )
        )
    # 40 courses of a band that holds 90 %: fewer than 31 happen once in a hundred
    assert np.sum(held, axis=0).min() >= 31


def test_a_course_that_no_lag_makes_is_told() -> None:
    exams = exams_of(5.0, 0.1)
    sudden = Exam(52, Ranges(dorsiflexion_knee_bent_deg=-40.0))
    lag = fit_lag(LOW_CUT, BEFORE, [*exams[:-2], sudden], STEADY)["soleus"]
    assert lag.furthest_off > 3


def test_what_comes_back_months_after_the_last_turn_does_not_speed_up_the_lag() -> None:
    exams = exams_of(8.0, 0.15)
    recovered = [Exam(day, BEFORE) for day in (120, 180, 400)]
    during, all_year = (
        fit_lag(LOW_CUT, BEFORE, part, STEADY)["soleus"]
        for part in (exams, [*exams, *recovered])
    )
    assert all_year.days == during.days
    assert all_year.tau_days == during.tau_days


def test_exams_before_the_first_turn_count_where_length_was_gained_at_surgery() -> None:
    turned = turned_between({0: 8.0, 30: 8.0, 60: 38.0})
    exams = [Exam(day, Ranges(dorsiflexion_knee_bent_deg=14.0)) for day in (3, 25, 50)]
    assert fit_lag(LOW_CUT, BEFORE, exams, turned)["soleus"].days == (3, 25, 50)


def test_the_order_of_exams_does_not_matter() -> None:
    exams = exams_of(5.0, 0.1)
    there, back = (
        fit_lag(LOW_CUT, BEFORE, order, STEADY)["soleus"]
        for order in (exams, exams[::-1])
    )
    assert there.days == back.days
    assert there.now_mm == back.now_mm


def test_without_a_reading_before_surgery_nothing_is_fitted() -> None:
    assert fit_lag(LOW_CUT, Ranges(), exams_of(5.0, 0.1), STEADY) == {}


@pytest.mark.parametrize("days", [(-3, 7), (7, 7)])
def test_exams_before_surgery_or_twice_a_day_are_refused(days: tuple[int, int]) -> None:
    exams = [Exam(day, BEFORE) for day in days]
    with pytest.raises(RecordRefusal, match="one a day, from day 0 on"):
        fit_lag(LOW_CUT, BEFORE, exams, STEADY)

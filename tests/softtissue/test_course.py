"""The course of stretch while a bone is drawn out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.softtissue.course import (
    lagging_mm,
    stretch_course_mm,
    turned_between,
)

STEADY = turned_between({7: 0.0, 57: 50.0})


@given(st.floats(1, 30), st.floats(0.1, 2), st.floats(1, 80))
def test_a_steady_rate_gives_the_closed_form(
    tau: float, rate: float, day: float
) -> None:
    u = lagging_mm(lambda d: rate * d, np.array([day]), np.array([tau]))
    assert u[0, 0] == pytest.approx(rate * tau * -np.expm1(-day / tau), rel=1e-9)


@given(st.floats(1, 30), st.floats(0, 60))
def test_what_is_turned_at_surgery_fades_from_the_first_day(
    tau: float, day: float
) -> None:
    u = lagging_mm(lambda d: 0 * d + 10.0, np.array([day]), np.array([tau]))
    assert u[0, 0] == pytest.approx(10 * np.exp(-day / tau), rel=1e-9)


@given(st.floats(1, 30), st.floats(0, 1), st.integers(0, 90))
def test_stretch_is_never_more_than_was_turned(
    tau: float, psi: float, day: int
) -> None:
    u = stretch_course_mm(
        STEADY, np.array([float(day)]), np.array([tau]), np.array([psi])
    )[0, 0]
    turned = float(STEADY(np.array([float(day)]))[0])
    assert psi * turned - 1e-9 <= u <= turned + 1e-9


def test_many_lags_are_each_as_if_alone() -> None:
    days = np.arange(0.0, 70.0, 3.0)
    taus = np.array([2.0, 5.0, 20.0])
    many = lagging_mm(STEADY, days, taus)
    for k, tau in enumerate(taus):
        alone = [
            lagging_mm(STEADY, days[: n + 1], np.array([tau]))[0, -1]
            for n in range(len(days))
        ]
        assert many[k] == pytest.approx(alone, abs=0.02)


def test_turning_at_054_instead_of_091_mm_a_day_leaves_59_percent_of_the_stretch() -> (
    None
):
    ends = {}
    for rate in (0.54, 0.91):
        end = 45 / rate
        turned = turned_between({0: 0.0, end: 45.0})
        ends[rate] = lagging_mm(turned, np.array([end]), np.array([5.0]))[0, 0]
    assert ends[0.54] / ends[0.91] == pytest.approx(0.59, abs=0.005)


def test_a_course_stays_level_outside_what_is_known() -> None:
    turned = turned_between({7: 0.0, 17: 10.0})
    assert turned(np.array([0.0, 7.0, 12.0, 17.0, 99.0])) == pytest.approx(
        [0, 0, 5, 10, 10]
    )

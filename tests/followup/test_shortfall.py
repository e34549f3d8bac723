"""The step between films that tells whether the bone followed the device."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.followup import LengthRead, Shortfall, shortfall
from callotasis.followup.shortfall import steps

SD_MM = 0.5


def films(*lost_mm: float, sd_mm: float = SD_MM, zero_mm: float = 0.0) -> Shortfall:
    """Judge weekly films of a bone that stayed behind by so much on each."""
    return shortfall(
        [
            LengthRead(7 * k, zero_mm + 7 * k - lost, 7 * k, sd_mm)
            for k, lost in enumerate(lost_mm)
        ]
    )


def test_a_bone_that_follows_is_not_found_short() -> None:
    step = films(0, 0, 0, 0, 0)
    assert not step.found
    assert step.short_mm.value == pytest.approx(0)


def test_a_stall_is_found_on_its_first_film_with_its_size_and_place() -> None:
    step = films(0, 0, 0, 3)
    assert step.found
    assert (step.after_day, step.by_day) == (14, 21)
    assert step.short_mm.value == pytest.approx(3)
    wide = 1.96 * SD_MM * np.sqrt(1 + 1 / 3)
    assert step.short_mm.high - step.short_mm.value == pytest.approx(wide, rel=1e-3)


def test_an_old_stall_keeps_its_place_and_is_known_better() -> None:
    early, late = films(0, 0, 0, 3), films(0, 0, 0, 3, 3, 3, 3)
    assert (late.after_day, late.by_day) == (early.after_day, early.by_day)
    assert late.short_mm.high < early.short_mm.high
    assert late.z < early.z


def test_a_bone_that_gained_more_is_no_shortfall() -> None:
    assert not films(0, 0, -3, -3).found


def test_a_coarse_film_does_not_cry_wolf() -> None:
    assert films(0, 0, 3).found
    assert not films(0, 0, 3, sd_mm=2.0).found


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=9),
    st.floats(-300, 300),
)
def test_what_all_films_share_does_not_matter(
    lost: list[float], zero_mm: float
) -> None:
    here, there = films(*lost), films(*lost, zero_mm=zero_mm)
    assert here.z == pytest.approx(there.z, abs=1e-6)
    assert here.found == there.found or abs(abs(here.z) - 2.8) < 1e-6


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 2)), min_size=3, max_size=9))
def test_steps_are_differences_of_weighted_means(
    read: list[tuple[float, float]],
) -> None:
    values, scatters = (np.array(part) for part in zip(*read, strict=True))
    step, sd = steps(values[None], scatters[None])
    weights = 1 / scatters**2
    for place in range(1, len(read)):
        before, after = slice(None, place), slice(place, None)
        expected = np.average(values[after], weights=weights[after]) - np.average(
            values[before], weights=weights[before]
        )
        assert step[0, place - 1] == pytest.approx(expected, abs=1e-8)
        error = np.sqrt(1 / weights[before].sum() + 1 / weights[after].sum())
        assert sd[0, place - 1] == pytest.approx(error)


@pytest.mark.parametrize("days", [[], [7], [7, 7], [14, 7]])
def test_films_that_tell_nothing_are_refused(days: list[int]) -> None:
    assert all(b <= a for a, b in pairwise(days))
    with pytest.raises(FilmRefusal, match="at least two films, on rising days"):
        shortfall([LengthRead(day, day, day, SD_MM) for day in days])


@pytest.mark.parametrize("sd_mm", [0.0, -1.0, float("nan")])
def test_a_reading_without_scatter_is_refused(sd_mm: float) -> None:
    with pytest.raises(FilmRefusal, match="every reading scatters"):
        LengthRead(7, 7.0, 7.0, sd_mm)

"""The day of consolidation: published healing, narrowed by films."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.distraction import nail_bearing
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.followup import (
    CallusRead,
    Course,
    consolidation,
    full_weight_bearing,
)
from callotasis.pose import Bone
from callotasis.worlds import Interval

FEMUR = constant("distraction.healing_antegrade_femur")
COURSE = Course(FEMUR, gain_mm=50.0, end_day=57)

ratios = st.floats(0.3, 1.3)


def width(band: Interval) -> float:
    """How wide a band is."""
    return band.high - band.low


def usual(day: int, healed_day: float) -> CallusRead:
    """Read the middle course of a bone that is solid on this day."""
    start, end = (
        constant("followup.ratio_at_end"),
        constant("followup.ratio_when_healed"),
    )
    way = (day - COURSE.end_day) / (healed_day - COURSE.end_day)
    risen = way ** constant("followup.ratio_course").value
    return CallusRead(day, start.value + (end.value - start.value) * risen)


def test_before_films_the_band_is_the_published_one() -> None:
    band = consolidation(COURSE)
    mean, sd = FEMUR.value * 5, FEMUR.spread * 5
    draws = np.random.default_rng(4).lognormal(
        np.log(mean) - np.log1p((sd / mean) ** 2) / 2,
        np.sqrt(np.log1p((sd / mean) ** 2)),
        200_000,
    )
    expected = np.quantile(np.maximum(draws, COURSE.earliest_day), [0.05, 0.5, 0.95])
    assert (band.low, band.value, band.high) == pytest.approx(expected, rel=0.01)
    assert band.level == 0.9


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 900), ratios), max_size=6))
def test_a_band_is_ordered_possible_and_after_the_last_film(
    films: list[tuple[int, float]],
) -> None:
    reads = [CallusRead(COURSE.end_day + after, ratio) for after, ratio in films]
    band = consolidation(COURSE, reads)
    last = max([COURSE.earliest_day, *(float(r.day) for r in reads)])
    assert COURSE.earliest_day <= band.low <= band.value <= band.high
    assert band.value > last or last == COURSE.earliest_day
    assert np.isfinite(band.high)


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_films_may_come_in_any_order(order: list[int]) -> None:
    reads = [usual(day, 180.0) for day in (60, 90, 120, 150)]
    here, there = consolidation(COURSE, [reads[i] for i in order]), None
    there = consolidation(COURSE, reads)
    assert (here.low, here.value, here.high) == pytest.approx(
        (there.low, there.value, there.high)
    )


@pytest.mark.parametrize("healed_day", [110.0, 150.0, 240.0])
def test_films_narrow_the_band_about_the_day(healed_day: float) -> None:
    days = range(60, int(healed_day), 28)
    reads = [usual(day, healed_day) for day in days]
    before, after = consolidation(COURSE), consolidation(COURSE, reads)
    assert after.low < healed_day < after.high
    assert width(after) < width(before)
    assert abs(after.value - healed_day) < abs(before.value - healed_day) + 10


def test_a_denser_callus_is_sooner_solid() -> None:
    thin, dense = (
        consolidation(COURSE, [CallusRead(60, 0.6), CallusRead(90, ratio)])
        for ratio in (0.66, 0.82)
    )
    assert dense.value < thin.value
    assert dense.high < thin.high


def test_a_bone_not_yet_solid_is_solid_later() -> None:
    band = consolidation(COURSE, unhealed_day=200)
    assert band.low > 200
    assert consolidation(COURSE, unhealed_day=30) == consolidation(COURSE)


def test_a_bone_far_beyond_every_published_one_still_has_a_band() -> None:
    band = consolidation(COURSE, unhealed_day=3000)
    assert 3000 < band.low < band.value < band.high


def test_films_of_a_gap_that_still_grows_are_refused() -> None:
    with pytest.raises(PlanRefusal, match="ratio of day 40, before distraction ended"):
        consolidation(COURSE, [CallusRead(40, 0.5)])


@pytest.mark.parametrize("ratio", [0.0, -0.1, 2.0, float("nan")])
def test_a_ratio_that_cannot_be_is_refused(ratio: float) -> None:
    with pytest.raises(PlanRefusal, match="more than 0 and less than 2"):
        CallusRead(90, ratio)


@pytest.mark.parametrize("gain_mm", [9.9, float("nan")])
def test_a_bone_hardly_lengthened_has_no_healing_index(gain_mm: float) -> None:
    with pytest.raises(PlanRefusal, match="10 mm or more"):
        Course(FEMUR, gain_mm, 17)


# Full weight bearing.


def test_a_frame_comes_off_when_the_bone_is_solid() -> None:
    band = consolidation(COURSE)
    assert full_weight_bearing(COURSE, band, Bone.TIBIA, external=True) == band


@pytest.mark.parametrize("bone", list(Bone))
@pytest.mark.parametrize("gain_mm", [15.0, 50.0, 80.0])
def test_a_nail_is_loaded_by_the_later_of_both_sources(
    bone: Bone, gain_mm: float
) -> None:
    course = Course(FEMUR, gain_mm, round(7 + gain_mm))
    band = consolidation(course)
    loaded = full_weight_bearing(course, band, bone, external=False)
    source = nail_bearing(bone, gain_mm, course.end_day)
    sigma = np.sqrt(np.log1p((source.sd / source.mean) ** 2))
    draws = source.after_day + np.random.default_rng(5).lognormal(
        np.log(source.mean) - sigma**2 / 2, sigma, 200_000
    )
    published = np.quantile(draws, [0.05, 0.5, 0.95])
    expected = np.maximum(published, (band.low, band.value, band.high))
    assert (loaded.low, loaded.value, loaded.high) == pytest.approx(expected, rel=0.01)

"""Rates: printed intervals to the last digit, exact intervals of counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from callotasis.complications import events_per_100, published_rates, share_percent
from callotasis.complications.event import Origin, What
from callotasis.complications.rates import Counts, PublishedRate
from callotasis.complications.stated import Black
from callotasis.errors import EvidenceRefusal
from callotasis.evidence import Mark

TWO_DIGITS = {
    "ssi_nail_deep",
    "ssi_nail_osteomyelitis",
    "osteomyelitis_frame",
    "vte_nail_all",
}
RATES = {rate.key: rate for rate in published_rates()}


@pytest.mark.parametrize(
    ("key", "percent", "low", "high"),
    [
        ("nerve_any", 9.3, 7.5, 11.5),
        ("nerve_left", 2.6, 0.7, 9.1),
        ("pin_sites", 30.1, 26.5, 34.0),
        ("pin_patients", 89.7, 76.4, 95.9),
        ("pti_patients", 96.6, 90.5, 98.8),
        ("pti_transport", 44.6, 36.3, 53.2),  # 36.347: once noted as 36.4
        ("ssi_nail_deep", 2.86, 1.64, 4.93),
        ("ssi_nail_osteomyelitis", 2.14, 1.13, 4.02),
        ("osteomyelitis_frame", 3.41, 1.17, 9.55),
        ("deep_lon", 21.1, 8.5, 43.3),
        ("deep_ilizarov", 0.0, 0.0, 16.8),
        ("knee_ffd_nail", 22.3, 15.8, 30.5),
        ("equinus_surgery", 50.0, 39.4, 60.6),
        ("hip_unstable_cfd", 18.2, 8.6, 34.4),
        ("premature_kubiak", 27.3, 9.7, 56.6),
        ("insufficient_iskd_femur", 21.6, 11.4, 37.2),
        ("fracture_child", 18.0, 12.0, 26.2),
        ("iskd_runaway", 15.8, 8.5, 27.4),
        ("deform_antegrade_femur", 4.9, 2.5, 9.3),
        ("vte_nail_all", 0.22, 0.04, 1.24),
    ],
)
def test_a_published_share_has_its_interval_to_the_last_digit(
    key: str, percent: float, low: float, high: float
) -> None:
    found = RATES[key].per_100
    half = 0.0051 if key in TWO_DIGITS else 0.051
    assert (found.value, found.low, found.high) == pytest.approx(
        (percent, low, high), abs=half
    )


def test_frost_counts_34_in_100_segments_and_nobody_takes_it_for_a_share() -> None:
    frost = RATES["frost_all"]
    assert frost.counts is Counts.EVENTS
    assert round(frost.per_100.value) == 34
    assert frost.per_100.low < 33.8 < frost.per_100.high


def test_a_rate_printed_without_decimals_has_the_wider_interval() -> None:
    exact, rounded = events_per_100(108, 983), RATES["frost_i"].per_100
    assert rounded.low < exact.low < exact.high < rounded.high


@pytest.mark.parametrize("rate", published_rates(), ids=lambda rate: rate.key)
def test_every_row_stands_beside_a_line_and_names_its_source(
    rate: PublishedRate,
) -> None:
    names = {
        "all": {"all"},
        "what": {*What},
        "origin": {*Origin},
        "black": {*Black},
    }
    assert rate.name in names[rate.group]
    assert rate.source
    assert rate.mark in {Mark.READ_IN_ABSTRACT, Mark.SECOND_HAND}
    assert rate.per_100.low <= rate.per_100.value <= rate.per_100.high


def test_keys_of_rows_are_told_apart() -> None:
    assert len(RATES) == len(published_rates())


@given(st.integers(1, 400), st.integers(1, 2000))
def test_an_interval_of_events_is_garwoods(events: int, of: int) -> None:
    found = events_per_100(events, of)
    low, high = chi2.ppf(0.025, 2 * events) / 2, chi2.ppf(0.975, 2 * events + 2) / 2
    assert (found.low, found.high) == pytest.approx((100 * low / of, 100 * high / of))
    assert poisson.sf(events - 1, low) == pytest.approx(0.025)
    assert poisson.cdf(events, high) == pytest.approx(0.025)


@given(st.floats(0.01, 40.0))
def test_an_exact_interval_holds_the_truth_at_least_as_often_as_it_says(
    mean: float,
) -> None:
    counts = range(200)
    holds = [not events_per_100(k, 100).excludes(mean) for k in counts]
    assert float(poisson.pmf(counts, mean)[holds].sum()) >= 0.95 - 1e-9


def test_no_event_in_100_has_the_upper_limit_of_three_point_seven() -> None:
    found = events_per_100(0, 100)
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(3.689, abs=0.0005)


def test_more_events_than_segments_are_a_rate_and_no_share() -> None:
    assert events_per_100(3, 2).value == 150.0
    with pytest.raises(EvidenceRefusal, match="3 of 2 is more than all"):
        share_percent(3, 2)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 5)])
def test_a_rate_of_nothing_is_refused(k: int, n: int) -> None:
    with pytest.raises(EvidenceRefusal, match=f"{k} of {n}: a rate needs"):
        events_per_100(k, n)
    with pytest.raises(EvidenceRefusal, match=f"{k} of {n}: a rate needs"):
        share_percent(k, n)

"""Worlds: the nominal one, the draws, and the intervals made from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import WorldsRefusal
from callotasis.worlds import (
    CAUTION_SHARE,
    REFUSAL_SHARE,
    Array,
    Interval,
    Worlds,
    failed_share,
    interval,
    shares_of,
)

NAMES = st.lists(
    st.text(alphabet="RLabc/", min_size=1, max_size=8),
    min_size=1,
    max_size=5,
    unique=True,
)


def _with_failures(failed: int, of: int = 1000) -> Array:
    samples = np.linspace(0.0, 1.0, of + 1)
    samples[1 : failed + 1] = np.nan
    return samples


@pytest.mark.parametrize("shape", [(), (2,), (3, 2)])
def test_world_zero_is_nominal_for_every_shape(shape: tuple[int, ...]) -> None:
    draws = Worlds(count=20).normal("film/R/hip", sd=2.0, shape=shape)
    assert draws.shape == (21, *shape)
    assert np.all(draws[0] == 0.0)
    assert np.all(draws[1:] != 0.0)


@settings(max_examples=50)
@given(names=NAMES, data=st.data())
def test_a_stream_depends_on_its_name_and_not_on_the_order_of_calls(
    names: list[str], data: st.DataObject
) -> None:
    worlds = Worlds(count=8)
    forth = {name: worlds.normal(name, sd=1.0) for name in names}
    shuffled = data.draw(st.permutations(names))
    back = {name: worlds.normal(name, sd=1.0) for name in shuffled}
    for name in names:
        np.testing.assert_array_equal(forth[name], back[name])


@settings(max_examples=50)
@given(seed=st.integers(min_value=0, max_value=2**40))
def test_the_same_seed_gives_the_same_worlds(seed: int) -> None:
    np.testing.assert_array_equal(
        Worlds(count=8, seed=seed).normal("film/R/hip", sd=1.0),
        Worlds(count=8, seed=seed).normal("film/R/hip", sd=1.0),
    )


@settings(max_examples=50)
@given(seed=st.integers(min_value=0, max_value=2**40))
def test_another_seed_gives_other_worlds(seed: int) -> None:
    one = Worlds(count=8, seed=seed).normal("film/R/hip", sd=1.0)
    other = Worlds(count=8, seed=seed + 1).normal("film/R/hip", sd=1.0)
    assert np.all(one[1:] != other[1:])


def test_another_name_gives_an_independent_stream() -> None:
    worlds = Worlds(count=20_000)
    hip, knee = (worlds.normal(f"film/R/{j}", sd=1.0)[1:] for j in ("hip", "knee"))
    # four standard errors of a correlation of independent draws
    assert abs(np.corrcoef(hip, knee)[0, 1]) < 4 / np.sqrt(20_000)


def test_fewer_worlds_are_the_first_of_the_many() -> None:
    many = Worlds(count=2000).normal("film/R/hip", sd=2.0, shape=(2,))
    few = Worlds(count=64).normal("film/R/hip", sd=2.0, shape=(2,))
    np.testing.assert_array_equal(few, many[:65])


def test_normal_draws_have_the_given_standard_deviation() -> None:
    drawn = Worlds(count=100_000).normal("film/R/hip", sd=2.5)[1:]
    assert np.mean(drawn) == pytest.approx(0.0, abs=4 * 2.5 / np.sqrt(100_000))
    assert np.std(drawn) == pytest.approx(2.5, rel=4 / np.sqrt(2 * 100_000))


@settings(max_examples=50)
@given(sd=st.floats(min_value=0.01, max_value=100.0))
def test_a_draw_scales_with_its_standard_deviation(sd: float) -> None:
    worlds = Worlds(count=8)
    np.testing.assert_allclose(
        worlds.normal("film/R/hip", sd=sd), sd * worlds.normal("film/R/hip", sd=1.0)
    )


@pytest.mark.parametrize(("mean", "sd"), [(24.5, 9.5), (33.5, 14.5), (1.0, 0.1)])
def test_lognormal_draws_have_the_given_mean_and_standard_deviation(
    mean: float, sd: float
) -> None:
    drawn = Worlds(count=100_000).lognormal("healing", mean, sd)[1:]
    assert np.mean(drawn) == pytest.approx(mean, abs=4 * sd / np.sqrt(100_000))
    assert np.std(drawn) == pytest.approx(sd, rel=0.03)


def test_a_lognormal_quantity_is_positive_and_nominal_at_its_median() -> None:
    healing = Worlds(count=100_000).lognormal("healing", 24.5, 9.5)
    assert np.all(healing > 0)
    # median = mean² / sqrt(mean² + sd²)
    assert healing[0] == pytest.approx(24.5**2 / np.hypot(24.5, 9.5))
    assert np.median(healing[1:]) == pytest.approx(healing[0], rel=0.01)


@pytest.mark.parametrize("count", [0, -1, 100_001])
def test_a_count_of_worlds_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(WorldsRefusal, match=rf"{count} worlds asked.*1 to 100000"):
        Worlds(count=count)


def test_the_value_is_world_zero_and_the_bounds_are_quantiles_of_the_rest() -> None:
    samples = np.array([-7.0, *range(1001)])
    found = interval(samples)
    assert (found.value, found.level) == (-7.0, 0.95)
    assert (found.low, found.high) == pytest.approx((25.0, 975.0))


def test_another_level_takes_other_quantiles() -> None:
    samples = np.array([-7.0, *range(1001)])
    found = interval(samples, level=0.5)
    assert (found.low, found.high) == pytest.approx((250.0, 750.0))
    assert found.level == 0.5


def test_a_normal_quantity_has_an_interval_of_1_96_standard_deviations() -> None:
    found = interval(Worlds(count=100_000).normal("film/R/hip", sd=1.0))
    assert found.value == 0.0
    assert found.low == pytest.approx(-1.96, abs=0.03)
    assert found.high == pytest.approx(1.96, abs=0.03)


@given(
    samples=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40),
    shift=st.floats(-1e3, 1e3),
)
def test_an_interval_moves_with_its_quantity(
    samples: list[float], shift: float
) -> None:
    here = interval(np.array(samples))
    there = interval(np.array(samples) + shift)
    assert here.low <= here.high
    assert there.low == pytest.approx(here.low + shift, abs=1e-6)
    assert there.high == pytest.approx(here.high + shift, abs=1e-6)


def test_an_interval_excludes_only_what_lies_outside() -> None:
    found = Interval(value=2.0, low=-1.0, high=3.0)
    assert not found.excludes(-1.0)
    assert not found.excludes(3.0)
    assert found.excludes(-1.01)
    assert found.excludes(3.01)


def test_a_caution_is_due_from_one_and_a_refusal_from_five_percent_failed() -> None:
    assert failed_share(_with_failures(10)) == CAUTION_SHARE == 0.01
    assert failed_share(_with_failures(50)) == REFUSAL_SHARE == 0.05


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_whatever_is_no_finite_number_has_failed(lost: float) -> None:
    assert failed_share(np.array([1.0, 1.0, lost, 1.0, 1.0])) == 0.25


def test_the_nominal_world_is_not_counted_among_the_failed() -> None:
    assert failed_share(np.array([np.nan, 1.0, 1.0])) == 0.0


@pytest.mark.parametrize("failed", [50, 51, 1000])
def test_five_percent_of_failed_worlds_or_more_are_refused(failed: int) -> None:
    with pytest.raises(
        WorldsRefusal, match=rf"mldfa_deg failed in {failed / 10:.1f}%.*less than 5%"
    ):
        interval(_with_failures(failed), "mldfa_deg")


def test_failed_worlds_below_five_percent_leave_the_quantiles_of_the_others() -> None:
    samples = _with_failures(49)
    low, high = np.quantile(samples[50:], [0.025, 0.975])
    found = interval(samples)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_failed_nominal_world_is_refused(lost: float) -> None:
    with pytest.raises(WorldsRefusal, match="mad_mm has no value in the nominal world"):
        interval(np.array([lost, 1.0, 2.0]), "mad_mm")


@given(st.floats(0.1, 5), st.floats(0.1, 5))
@settings(max_examples=25)
def test_shares_of_a_sum_are_its_variances(a_sd: float, b_sd: float) -> None:
    worlds = Worlds(count=4000)
    a, b = worlds.normal("a", a_sd), worlds.normal("b", b_sd, (2,))
    shares = shares_of(3 * a + b.sum(axis=1), {"a": a, "b": b})
    total = 9 * a_sd**2 + 2 * b_sd**2
    assert shares["a"] == pytest.approx(9 * a_sd**2 / total, abs=0.05)
    assert shares["b"] == pytest.approx(2 * b_sd**2 / total, abs=0.05)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_shares_count_every_component() -> None:
    worlds = Worlds(count=2000)
    a, b = worlds.normal("a", 1.0), worlds.normal("b", 1.0)
    shares = shares_of(np.stack([a, b, b], axis=1), {"a": a, "b": b})
    assert shares["b"] == pytest.approx(2 / 3, abs=0.03)


def test_what_does_not_scatter_has_no_share() -> None:
    nothing = np.zeros(11)
    assert shares_of(nothing, {"a": nothing}) == {"a": 0.0}

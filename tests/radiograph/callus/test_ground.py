"""Soft tissue behind bone, foretold from beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.radiograph.callus.ground import (
    Field,
    fitted_field,
    ground_under,
    surprise,
)

OFFSET = np.arange(-30.0, 30.0, 0.28)
BESIDE = (np.abs(OFFSET) > 13) & (np.abs(OFFSET) < 25)
CORTEX = ((OFFSET > 8) & (OFFSET < 12)).astype(float)
WEIGHT = (CORTEX / CORTEX.sum())[None]


@settings(max_examples=25)
@given(st.floats(-2, 2), st.floats(-0.05, 0.05), st.floats(-1, 1))
def test_a_straight_ground_is_found_again(
    level: float, slope: float, step: float
) -> None:
    values = level + slope * OFFSET
    bone = np.where(np.abs(OFFSET) < 12, step, 0.0)
    field = Field(8.0, 1e-2, 1e-6)
    ground, _ = ground_under(field, OFFSET, values + bone, BESIDE, WEIGHT)
    assert WEIGHT @ ground == pytest.approx(WEIGHT @ values, abs=2e-3)


def test_the_stated_scatter_is_that_of_the_field() -> None:
    rng = np.random.default_rng(4)
    field = Field(7.0, 1e-3, 1e-6)
    cov = field.size * np.exp(-((OFFSET[:, None] - OFFSET) ** 2) / 2 / 49)
    root = np.linalg.cholesky(cov + 1e-9 * np.eye(len(OFFSET)))
    drawn = (root @ rng.standard_normal((len(OFFSET), 300))).T
    noisy = drawn + 1e-3 * rng.standard_normal(drawn.shape)
    off, sd = [], 0.0
    for truth, values in zip(drawn, noisy, strict=True):
        ground, variance = ground_under(
            Field(7.0, 1e-3, 1e-6, trend_sd=(0.0, 0.0)), OFFSET, values, BESIDE, WEIGHT
        )
        off.append(float((WEIGHT @ (ground - truth))[0]))
        sd = float(np.sqrt(variance[0]))
    assert np.std(off) == pytest.approx(sd, rel=0.2)


def test_a_bend_that_all_levels_share_is_learnt() -> None:
    rng = np.random.default_rng(5)
    values = -0.3 * (OFFSET / 20) ** 2 + 1e-3 * rng.standard_normal((14, len(OFFSET)))
    field = fitted_field(np.tile(BESIDE, (14, 1)), OFFSET, values)
    assert field.trend[1] == pytest.approx(-0.3, abs=0.03)


def test_soft_tissue_surprises_nobody_and_an_edge_does() -> None:
    x = np.arange(0.0, 30.0, 0.28)
    profile = 0.01 * x[None] + np.where(x < 10, 0.2, 0.0)
    risen, sd = surprise(Field(8.0, 1e-3, 1e-6), profile, x, 18)
    assert np.abs(risen[0, (x > 10.5) & (x < 20)]).max() < 3 * sd
    assert risen[0, x < 9][-1] > 10 * sd

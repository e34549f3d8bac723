"""The passive pull of one muscle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.softtissue.muscles import every_muscle
from callotasis.softtissue.pull import _fibre, _fibre_along, _tendon, passive_force_n

MUSCLES = sorted(every_muscle())


@given(st.sampled_from(MUSCLES), st.floats(0, 60), st.floats(0.1, 10))
def test_a_longer_muscle_never_pulls_less(name: str, more: float, step: float) -> None:
    rest = every_muscle()[name].standing_length_mm
    one, other = (float(passive_force_n(name, rest + u)) for u in (more, more + step))
    assert 0 <= one <= other


def test_a_fibre_pulls_nothing_at_its_best_length_and_all_at_170_percent() -> None:
    x, y = _fibre()
    assert (x[0], y[0]) == (1.0, 0.0)
    assert (x[-1], y[-1]) == pytest.approx((1.7, 1.0))
    assert (np.diff(y) >= 0).all()
    assert np.diff(y)[-1] / np.diff(x)[-1] == pytest.approx(2 / 0.7, rel=0.01)


def test_a_tendon_is_strained_by_4_9_percent_at_the_greatest_force() -> None:
    force, length = _tendon()
    assert np.interp(1.0, force, length) == pytest.approx(1.049, abs=1e-6)
    assert (np.diff(length) >= 0).all()


def test_fibre_and_tendon_are_in_equilibrium() -> None:
    soleus = every_muscle()["soleus"]
    fibre = np.array([1.2, 1.4, 1.6])
    along, force = _fibre_along(soleus, fibre)
    tendon = soleus.tendon_slack_mm * np.interp(force / soleus.max_force_n, *_tendon())
    assert passive_force_n("soleus", along + tendon) == pytest.approx(force, rel=2e-3)


def test_an_unknown_muscle_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="has no 'calf'"):
        passive_force_n("calf", np.array([300.0]))

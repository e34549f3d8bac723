"""Virtual patients, on assumed priors."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import PlanRefusal
from callotasis.softtissue.cohort import Patients, ankles_after, virtual_patients

PATIENTS = virtual_patients(1500, 3)


@pytest.mark.parametrize(
    ("rate", "gain", "lost", "below"),
    [
        (1.0, 20.0, 9.1, 0.00),
        (1.0, 40.0, 12.1, 0.11),
        (1.0, 60.0, 14.4, 0.26),
        (0.5, 20.0, 6.1, 0.00),
        (0.5, 40.0, 8.8, 0.02),
        (0.5, 60.0, 11.3, 0.11),
    ],
)
def test_the_cohort_is_that_of_the_other_model_within_a_degree(
    rate: float, gain: float, lost: float, below: float
) -> None:
    found = ankles_after(PATIENTS, gain, rate)
    assert np.mean(found.lost_straight_deg) == pytest.approx(lost, abs=1.0)
    assert found.share_below(-10.0) == pytest.approx(below, abs=0.05)


def test_more_length_and_more_speed_cost_every_patient_motion() -> None:
    slow, fast, far = (
        ankles_after(PATIENTS, gain, rate).lost_straight_deg
        for gain, rate in ((40.0, 0.5), (40.0, 1.0), (60.0, 1.0))
    )
    assert (slow < fast).all()
    assert (fast < far).all()


def test_one_patient_is_one_of_many() -> None:
    many = ankles_after(PATIENTS, 40.0, 1.0)
    for k in (0, 7, 99):
        alone = ankles_after(
            Patients(
                PATIENTS.tau_days[[k]], PATIENTS.psi[[k]], PATIENTS.soleus_share[[k]]
            ),
            40.0,
            1.0,
        )
        assert alone.lost_straight_deg[0] == pytest.approx(many.lost_straight_deg[k])
        assert alone.lost_bent_deg[0] == pytest.approx(many.lost_bent_deg[k])


def test_a_patient_who_adapts_at_once_loses_nothing() -> None:
    ideal = Patients(np.array([1e-6]), np.array([0.0]), np.array([1.0]))
    found = ankles_after(ideal, 60.0, 1.0)
    assert found.stretch_mm[0] == pytest.approx(0, abs=1e-5)
    assert found.lost_straight_deg[0] == pytest.approx(0, abs=1e-4)


def test_the_same_seed_draws_the_same_patients() -> None:
    one, other = virtual_patients(20, 5), virtual_patients(20, 5)
    assert (one.tau_days == other.tau_days).all()
    assert np.median(PATIENTS.tau_days) == pytest.approx(5.0, abs=0.3)
    assert np.mean(PATIENTS.psi) == pytest.approx(0.1, abs=0.01)


def test_no_patients_are_refused() -> None:
    with pytest.raises(PlanRefusal, match="0 patients asked"):
        virtual_patients(0, 1)

"""Passive moments of a joint by the curves of its muscles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.softtissue.muscles import Angles, every_muscle
from callotasis.softtissue.passive import (
    dorsiflexion,
    end_of_range_deg,
    knee_flexion,
    resisting_nm,
)
from callotasis.softtissue.pull import passive_force_n

CALF = (
    "med_gas", "lat_gas", "soleus", "tib_post", "flex_dig", "flex_hal", "per_long",
    "per_brev", "tib_ant", "ext_dig", "ext_hal",
)  # fmt: skip
THIGH = ("rect_fem", "vas_int", "vas_lat", "semimem", "semiten", "bifemlh", "tfl")


def test_the_healthy_ankle_ends_at_17_degrees_and_loses_1_7_a_millimetre() -> None:
    # The same model in OpenSim: 17.1 deg at 10 Nm and -1.7 deg/mm.
    straight = dorsiflexion(0.0)
    healthy = float(end_of_range_deg(straight, 10.0))
    assert healthy == pytest.approx(17.1, abs=0.2)
    stretched = end_of_range_deg(straight, 10.0, dict.fromkeys(CALF, 10.0))
    assert (healthy - float(stretched)) / 10 == pytest.approx(1.7, abs=0.06)


def test_44_mm_leave_a_prone_knee_26_degrees() -> None:
    # V1: pushed as far as before surgery, when it bent to 118 deg.
    movement = knee_flexion(0.0)
    pushed = float(np.interp(118.0, movement.angles_deg, resisting_nm(movement)))
    found = float(end_of_range_deg(movement, pushed, dict.fromkeys(THIGH, 44.0)))
    assert found == pytest.approx(26, abs=1)


def test_a_bent_knee_lets_the_ankle_bend_further() -> None:
    straight, bent = (float(end_of_range_deg(dorsiflexion(k), 10.0)) for k in (0, 60))
    assert bent > straight + 5


def knee_bending_nm(u: float, foot_deg: float) -> float:
    """Moment by which a stretched gastrocnemius bends a straight knee."""
    pose = Angles(ankle_deg=foot_deg)
    heads = (every_muscle()[name] for name in ("med_gas", "lat_gas"))
    pulls = (
        passive_force_n(head.name, head.length_mm(pose) + u) * head.arm_mm("knee", pose)
        for head in heads
    )
    return float(sum(pulls)) / 1000


def test_the_ankle_gives_way_long_before_the_knee() -> None:
    # V7: on tibiae that gained 92 mm the ankle was tight early, the knee in the middle.
    straight = dorsiflexion(0.0)
    stretch = np.arange(0.0, 93.0)
    ankle = end_of_range_deg(straight, 10.0, dict.fromkeys(CALF, stretch))
    ankle_at = stretch[np.argmax(ankle < ankle[0] - 10)]
    # The foot hangs down by 30 deg, which spares the knee most.
    knee_at = next(u for u in stretch if knee_bending_nm(float(u), -30.0) > 10)
    assert ankle_at < 10
    assert 40 < knee_at < 92


def test_many_patients_are_each_as_if_alone() -> None:
    u = np.linspace(0.0, 25.0, 9)
    many = end_of_range_deg(dorsiflexion(0.0), 10.0, dict.fromkeys(CALF, u))
    each = [
        float(end_of_range_deg(dorsiflexion(0.0), 10.0, dict.fromkeys(CALF, one)))
        for one in u
    ]
    assert many == pytest.approx(each)


def test_each_patient_may_be_pushed_differently() -> None:
    pushed = np.array([5.0, 10.0, 20.0])
    found = end_of_range_deg(dorsiflexion(0.0), pushed)
    assert found.shape == (3,)
    assert (np.diff(found) > 0).all()


@given(st.floats(0, 30), st.floats(0.1, 5))
def test_more_stretch_ends_a_movement_earlier(u: float, more: float) -> None:
    one, other = (
        float(end_of_range_deg(dorsiflexion(0.0), 10.0, dict.fromkeys(CALF, mm)))
        for mm in (u, u + more)
    )
    assert other < one


def test_a_moment_that_is_never_met_ends_at_the_last_angle() -> None:
    assert float(end_of_range_deg(knee_flexion(90.0), 1e6)) == 120
    assert float(end_of_range_deg(dorsiflexion(0.0), -1e6)) == -50

"""Which examination speaks of which muscles."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.softtissue.joint_tests import TESTS
from callotasis.softtissue.muscles import Angles, mean_length_mm, muscles_of
from callotasis.softtissue.ranges import Ranges


@pytest.mark.parametrize("group", TESTS)
def test_a_muscle_is_longest_at_the_end_of_its_own_test(group: str) -> None:
    test = TESTS[group]
    readings = np.linspace(0.0, 40.0, 41)
    lengths = mean_length_mm(muscles_of(group), test.pose(readings, Ranges()))
    assert (test.grows * np.diff(lengths) > 0).all()


def test_a_test_reads_its_own_range() -> None:
    known = Ranges(popliteal_angle_deg=35.0)
    assert TESTS["hamstrings"].read(known) == 35.0
    assert TESTS["soleus"].read(known) is None


def test_bending_the_knee_leaves_the_gastrocnemius_slack_and_the_soleus_as_it_is() -> (
    None
):
    straight, bent = Angles(ankle_deg=10.0), Angles(knee_deg=90.0, ankle_deg=10.0)
    change = {
        group: float(
            mean_length_mm(muscles_of(group), bent)
            - mean_length_mm(muscles_of(group), straight)
        )
        for group in ("gastrocnemius", "soleus")
    }
    assert change["gastrocnemius"] < -20
    assert change["soleus"] == 0


def test_a_knee_that_does_not_straighten_is_examined_as_straight_as_it_goes() -> None:
    pose = TESTS["gastrocnemius"].pose(5.0, Ranges(knee_extension_lack_deg=20.0))
    assert pose.knee_deg == 20.0


def test_a_hip_that_does_not_straighten_lies_bent_when_prone() -> None:
    pose = TESTS["rectus femoris"].pose(90.0, Ranges(hip_extension_deg=-15.0))
    assert pose.hip_deg == 15.0
    assert (
        TESTS["rectus femoris"].pose(90.0, Ranges(hip_extension_deg=10.0)).hip_deg == 0
    )

"""What is said beside an outlook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.findings import Level
from callotasis.pose import Bone
from callotasis.softtissue.course import turned_between
from callotasis.softtissue.cut import Cut
from callotasis.softtissue.findings import lag_findings
from callotasis.softtissue.lag import Lag, fit_lag
from callotasis.softtissue.ranges import Ranges
from callotasis.softtissue.residual import Exam


@pytest.fixture(scope="module")
def explained() -> Lag:
    """A calf that follows its bone."""
    before, now = (Ranges(dorsiflexion_knee_bent_deg=q) for q in (20.0, 14.0))
    turned = turned_between({7: 0.0, 27: 20.0})
    return fit_lag(Cut(Bone.TIBIA, 260.0, 370.0), before, [Exam(27, now)], turned)[
        "soleus"
    ]


def test_a_calf_that_follows_is_nothing_to_say(explained: Lag) -> None:
    assert explained.furthest_off < 3
    assert lag_findings(Bone.TIBIA, explained) == ()


def test_exams_that_no_lag_explains_are_a_caution(explained: Lag) -> None:
    (found,) = lag_findings(Bone.TIBIA, replace(explained, furthest_off=4.2))
    assert found.level is Level.CAUTION
    assert found.reference == "softtissue.not_explained@soleus"
    assert "4.2 standard deviations" in found.sentence


def test_of_a_femur_it_is_said_that_motion_takes_months(explained: Lag) -> None:
    (found,) = lag_findings(Bone.FEMUR, explained)
    assert found.level is Level.NOTE
    assert "88 % of knee flexion at 6 months, 97 % at 18 months" in found.sentence
    assert found.evidence == "softtissue.slow_recovery"

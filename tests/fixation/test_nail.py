"""How far a nail must reach beyond the cut, and a bone that is too short for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import reach_beyond_cut, reach_findings
from dora import LEFT_TIBIA, RIGHT_FEMUR


@pytest.mark.parametrize(("gain_mm", "reach_mm"), [(50, 130), (80, 160)])
def test_a_nail_reaches_as_far_as_in_the_worked_examples(
    gain_mm: float, reach_mm: float
) -> None:
    assert reach_beyond_cut(gain_mm) == reach_mm


@given(gain=st.floats(0, 100))
def test_every_millimetre_of_gain_asks_for_one_of_nail(gain: float) -> None:
    assert reach_beyond_cut(gain) - reach_beyond_cut(0) == pytest.approx(gain)


@given(gain=st.floats(1, 80), bone=st.floats(0, 400))
def test_a_bone_is_too_short_exactly_where_the_nail_would_leave_it(
    gain: float, bone: float
) -> None:
    found = reach_findings(RIGHT_FEMUR, gain, bone)
    assert bool(found) == (reach_beyond_cut(gain) > bone)


def test_a_bone_that_just_holds_the_nail_is_long_enough() -> None:
    assert reach_findings(RIGHT_FEMUR, 50, 130) == []


def test_a_bone_that_is_too_short_is_a_stop_with_both_lengths() -> None:
    (found,) = reach_findings(LEFT_TIBIA, 50, 129)
    assert found.level is Level.STOP
    assert found.reference == "fixation.nail_reach@L.tibia"
    assert "50 mm must reach 130 mm" in found.sentence
    assert "left tibia" in found.sentence
    assert "129 mm of bone" in found.sentence
    assert constant(found.evidence).value == 50

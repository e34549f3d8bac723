"""Nominal stretch of a nerve: both bounds, never a chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.softtissue.nerve import nerve_stretch

BONES = st.floats(250, 550)


def test_50_mm_on_a_leg_of_810_mm_are_6_percent_or_12() -> None:
    told = nerve_stretch(
        396.5, 430.0, lengthened_mm=430.0, gain_mm=50.0, rate_mm_per_day=1.0
    )
    assert told.in_all.whole_leg_percent == pytest.approx(6.2, abs=0.05)
    assert told.in_all.segment_percent == pytest.approx(12, abs=0.5)
    assert told.per_day.whole_leg_percent == pytest.approx(0.12, abs=0.005)
    assert told.per_day.segment_percent == pytest.approx(0.25, abs=0.02)


@given(BONES, BONES, st.floats(0, 100), st.floats(0, 2))
def test_spread_over_the_leg_it_is_less_than_in_one_bone(
    femur: float, tibia: float, gain: float, rate: float
) -> None:
    told = nerve_stretch(
        femur, tibia, lengthened_mm=tibia, gain_mm=gain, rate_mm_per_day=rate
    )
    for part in (told.in_all, told.per_day):
        assert 0 <= part.whole_leg_percent <= part.segment_percent
    if rate:
        assert told.in_all.segment_percent == pytest.approx(
            told.per_day.segment_percent * gain / rate
        )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"femur_mm": 43.0}, "femur_mm is 43; allowed is 120 to 620 mm"),
        ({"lengthened_mm": 0.0}, "lengthened_mm is 0"),
        ({"gain_mm": -1.0}, "gain_mm is -1; allowed is 0 or more"),
        ({"rate_mm_per_day": float("nan")}, "rate_mm_per_day is nan"),
    ],
)
def test_lengths_that_cannot_be_are_refused(
    changed: dict[str, float], said: str
) -> None:
    asked = {
        "femur_mm": 430.0,
        "tibia_mm": 370.0,
        "lengthened_mm": 370.0,
        "gain_mm": 50.0,
        "rate_mm_per_day": 1.0,
    }
    with pytest.raises(PlanRefusal, match=said):
        nerve_stretch(**(asked | changed))

"""Forecasts to many: how often what was said came, and what that proves."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import RecordRefusal
from callotasis.outcome import Expected, Kept, Row, kept, row
from callotasis.worlds import Interval
from ended import ENDED, exactly, outcome

SAID = Interval(120.0, 90.0, 160.0, 0.9)


def told(number: int, happened: Interval | None, said: Interval = SAID) -> Row:
    """The row of one bone to which a day was said."""
    expected = (Expected("consolidated_day", said, 0, happened),)
    return row(outcome(expected=expected), f"person-{number}")


def of(*happened: Interval | None) -> Kept:
    """What a registry of these bones says."""
    (found,) = kept([told(n, day) for n, day in enumerate(happened)])
    return found


def test_what_came_is_counted_as_it_came() -> None:
    found = of(exactly(120), exactly(80), exactly(170), Interval(160, 150, 170), None)
    counted = (found.within, found.below, found.above, found.at_edge, found.open)
    assert counted == (1, 1, 1, 1, 1)
    assert (found.name, found.promised, found.known) == ("consolidated_day", 90.0, 4)
    assert found.held.value == 37.5


def test_one_bone_outside_proves_nothing_and_twenty_do() -> None:
    assert of(*[exactly(120)] * 3, exactly(170)).keeps_its_word
    assert not of(*[exactly(120)] * 20, *[exactly(170)] * 20).keeps_its_word


def test_a_band_that_always_holds_was_too_wide() -> None:
    assert not of(*[exactly(120)] * 60).keeps_its_word


def test_a_decided_number_promises_no_share() -> None:
    assert kept([told(1, exactly(120), exactly(120))]) == ()


def test_while_nothing_is_known_nothing_is_said() -> None:
    assert kept([]) == ()
    assert kept([told(1, None)]) == ()


def test_bands_of_another_share_are_counted_apart() -> None:
    half = Interval(120.0, 110.0, 130.0, 0.5)
    found = kept([told(1, exactly(120)), told(2, exactly(120), half)])
    assert [x.promised for x in found] == [90.0, 50.0]


def test_an_honest_band_of_many_synthetic_bones_keeps_its_word() -> None:
    days = np.random.default_rng(5).normal(125.0, 35.0 / 1.645, 400)
    assert of(*map(exactly, days.round())).keeps_its_word


def test_what_is_no_registry_is_refused() -> None:
    with pytest.raises(RecordRefusal, match="differ in"):
        kept([{"person": "x"}])


def test_a_whole_outcome_is_held_by_each_of_its_bands() -> None:
    names = [x.name for x in kept([row(ENDED, "person-1")])]
    assert names == [
        "consolidated_day", "full_weight_bearing_day", "knee_flexion_deg",
    ]  # fmt: skip

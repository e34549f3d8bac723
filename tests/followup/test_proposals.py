"""What to change, from what was found: the safest wish, worked out turn by turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Adaptation, Bound, Change, adapted
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation import every_device
from callotasis.followup import Observed, ProposedChange
from callotasis.followup.proposals import SAFEST_FIRST, proposed, words_of
from dora import SURGERY_ON
from followcases import PLAN

NAIL = every_device()["example-nail"]
ONE_WAY = replace(NAIL, name="ratchet", reversible=False)
TODAY = SURGERY_ON + timedelta(days=27)
TOMORROW = TODAY + timedelta(days=1)
TURNED_MM = 21.0  # until the evening before


def wish(change: Change | None, key: str = "") -> Observed:
    """Find something that asks for this change."""
    finding = Finding(Level.STOP, key or str(change), "So.", "Act.", about="R.femur")
    return Observed(finding, 20, proposes=change)


def asked(
    *changes: Change | None,
    device: Any = NAIL,
    rate: float = 1.0,
    short_mm: float = 3.1,
) -> ProposedChange | None:
    """Propose from findings that ask for these changes."""
    protocol = replace(PLAN.protocol, rate_mm_per_day=rate)
    bound = Bound(replace(PLAN, protocol=protocol))
    wishes = [wish(change, f"key.{i}") for i, change in enumerate(changes)]
    return proposed(
        wishes, bound, TURNED_MM, device, tomorrow=TOMORROW, short_mm=short_mm
    )


def test_where_nothing_asks_for_a_change_none_is_proposed() -> None:
    assert asked() is None
    assert asked(None, None) is None


@pytest.mark.parametrize("wishes", [*permutations(SAFEST_FIRST, 2)])
def test_of_two_wishes_the_safer_one_wins(wishes: tuple[Change, Change]) -> None:
    change = asked(*wishes)
    assert change is not None
    safest = min(wishes, key=SAFEST_FIRST.index)
    assert change.adaptation.change is safest
    assert change.because == (f"key.{wishes.index(safest)}",)


def test_every_change_has_its_place() -> None:
    assert {*SAFEST_FIRST} == {*Change} - {Change.GO_ON}  # a surgeon's alone


def test_all_findings_that_ask_for_it_are_named() -> None:
    change = asked(Change.SLOW, Change.HOLD, Change.HOLD)
    assert change is not None
    assert change.because == ("key.1", "key.2")


@pytest.mark.parametrize(
    ("change", "amounts", "rows"),
    [
        (Change.HOLD, {}, ()),
        (Change.SLOW, {"rate_mm_per_day": 0.75}, ("course.slow_rate",)),
        (
            Change.FASTER,
            {"rate_mm_per_day": 1.25, "days": 7, "mm": 3.25},
            ("course.fast_rate", "course.recheck"),
        ),
        (Change.EXTEND, {"mm": 3.25}, ("followup.shortfall_alarm",)),
        (Change.BACK_AND_FORTH, {"mm": 5.0}, ("course.compress",)),
    ],
)
def test_each_change_has_its_usual_amount_and_its_rows(
    change: Change, amounts: dict[str, float], rows: tuple[str, ...]
) -> None:
    found = asked(change)
    assert found is not None
    assert found.adaptation == Adaptation(change, TOMORROW, **amounts)
    assert found.evidence == rows
    assert all(constant(row).key == row for row in rows)
    assert found.impossible == ""
    again = adapted(Bound(PLAN), TURNED_MM, found.adaptation, NAIL)
    assert found.bound == again


@pytest.mark.parametrize(
    ("rate", "change", "slower"),
    [(1.0, Change.SLOW, 0.75), (0.75, Change.SLOW, 0.5), (0.5, Change.HOLD, None)],
)
def test_slow_becomes_slower_and_then_a_pause(
    rate: float, change: Change, slower: float | None
) -> None:
    found = asked(Change.SLOW, rate=rate)
    assert found is not None
    assert (found.adaptation.change, found.adaptation.rate_mm_per_day) == (
        change,
        slower,
    )


@pytest.mark.parametrize("rate", [1.25, 1.5])
def test_what_is_as_fast_already_is_not_asked_to_speed_up(rate: float) -> None:
    assert asked(Change.FASTER, rate=rate) is None


def test_a_bone_that_is_not_short_is_not_made_longer() -> None:
    assert asked(Change.EXTEND, short_mm=0.0) is None


@given(st.floats(0.01, 15.0))
def test_a_bone_is_extended_by_whole_steps_that_cover_the_shortfall(
    short: float,
) -> None:
    found = asked(Change.EXTEND, short_mm=short)
    assert found is not None
    mm = found.adaptation.mm or 0.0
    assert mm / NAIL.step_mm == round(mm / NAIL.step_mm)
    assert short <= mm + 1e-6 < short + NAIL.step_mm + 1e-6


@pytest.mark.parametrize("others", [(), (Change.SLOW,), (Change.EXTEND, Change.FASTER)])
def test_a_device_that_cannot_reverse_is_asked_to_rest_instead(
    others: tuple[Change, ...],
) -> None:
    found = asked(Change.BACK_AND_FORTH, *others, device=ONE_WAY)
    assert found is not None
    assert found.adaptation.change is Change.HOLD
    assert found.bound is not None
    assert all(turn.turn_mm > 0 for turn in found.bound.prescription.turns)


def test_what_the_device_cannot_do_is_proposed_with_the_reason() -> None:
    short = replace(NAIL, stroke_mm=42.0)
    found = asked(Change.EXTEND, device=short)
    assert found is not None
    assert found.bound is None
    assert "has a stroke of 42 mm" in found.impossible


THEN = TOMORROW + timedelta(days=7)
SENTENCES = {
    Change.STOP: "End the lengthening of the BONE as it is, from now on.",
    Change.HOLD: ("Do not turn the BONE from now on until a surgeon signs to go on."),
    Change.SLOW: (
        f"From {TOMORROW} turn the BONE 0.75 mm a day instead of 1, to the end."
    ),
    Change.FASTER: (
        f"From {TOMORROW} turn the BONE 1.25 mm a day until {THEN}, then 1 again, "
        "3.25 mm further than signed."
    ),
    Change.EXTEND: "Turn the BONE 3.25 mm further than signed, at 1 mm a day.",
    Change.BACK_AND_FORTH: (
        f"From {TOMORROW} bring the ends of the BONE 5 mm together and apart, "
        "then go on."
    ),
}


@pytest.mark.parametrize("change", SAFEST_FIRST)
def test_every_change_is_said_in_one_sentence(change: Change) -> None:
    sentence = SENTENCES[change].replace("BONE", "right femur")
    found = asked(change)
    assert found is not None
    assert found.text == words_of(found.adaptation, Bound(PLAN), TODAY) == sentence


def test_a_stop_is_never_refused_by_the_device() -> None:
    with pytest.raises(PlanRefusal, match="nothing is left"):
        adapted(Bound(PLAN), 40.0, Adaptation(Change.STOP, TOMORROW), NAIL)
    found = asked(Change.STOP)
    assert found is not None
    assert found.bound is not None

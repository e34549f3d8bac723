"""What may change of a prescription, and which turns bind when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from callotasis.distraction import (
    Adaptation,
    Bound,
    Change,
    Protocol,
    prescribe,
    schedule_of,
)
from callotasis.errors import PlanRefusal
from dora import RIGHT_FEMUR, SURGERY_ON

PLAN = prescribe(RIGHT_FEMUR, "example-nail", 10.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
NEXT = date(2027, 2, 1)
NEEDED: dict[Change, dict[str, float]] = {
    Change.STOP: {},
    Change.HOLD: {"days": 7},
    Change.SLOW: {"rate_mm_per_day": 0.75},
    Change.FASTER: {"rate_mm_per_day": 1.25, "days": 7},
    Change.EXTEND: {"mm": 3.0},
    Change.BACK_AND_FORTH: {"mm": 5.0},
    Change.GO_ON: {},
}
AMOUNTS = {"rate_mm_per_day": 0.5, "days": 3, "mm": 2.0}


def wanted(change: Change, **amounts: Any) -> Adaptation:
    """Ask for a change from a day on."""
    return Adaptation(change, NEXT, **amounts)


@pytest.mark.parametrize("change", Change)
def test_a_change_has_its_amounts_and_no_others(change: Change) -> None:
    assert wanted(change, **NEEDED[change]).change is change
    for name, amount in AMOUNTS.items():
        if (change, name) in {(Change.HOLD, "days"), (Change.FASTER, "mm")}:
            assert getattr(wanted(change, **{**NEEDED[change], name: amount}), name)
        elif name in NEEDED[change]:
            some = {k: v for k, v in NEEDED[change].items() if k != name}
            with pytest.raises(PlanRefusal, match=f"'{change}' needs {name}"):
                wanted(change, **some)
        else:
            with pytest.raises(PlanRefusal, match=f"'{change}' has no {name}"):
                wanted(change, **{**NEEDED[change], name: amount})


@pytest.mark.parametrize(
    ("change", "amounts", "says"),
    [
        (Change.SLOW, {"rate_mm_per_day": 0.0}, "allowed is more than 0"),
        (Change.SLOW, {"rate_mm_per_day": float("nan")}, "allowed is more than 0"),
        (Change.HOLD, {"days": -1}, "days is -1"),
        (Change.EXTEND, {"mm": float("inf")}, "mm is inf"),
        (Change.FASTER, {"rate_mm_per_day": 10.0, "days": 7}, "is 10; allowed is up"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(
    change: Change, amounts: dict[str, float], says: str
) -> None:
    with pytest.raises(PlanRefusal, match=says):
        wanted(change, **amounts)


def test_a_change_that_comes_from_outside_has_no_other_keys() -> None:
    raw = {"change": "stop", "from_on": "2027-02-01"}
    assert TypeAdapter(Adaptation).validate_python(raw) == wanted(Change.STOP)
    with pytest.raises(ValidationError):
        TypeAdapter(Adaptation).validate_python({**raw, "why": "pain"})


def test_a_bound_goes_as_far_as_its_last_turn() -> None:
    assert Bound(PLAN).goal_mm == pytest.approx(10.0)
    rest = prescribe(RIGHT_FEMUR, "x", 4.0, PLAN.protocol, SURGERY_ON)
    assert Bound(rest, 6.0).goal_mm == pytest.approx(10.0)
    nothing = prescribe(RIGHT_FEMUR, "x", 0.0, PLAN.protocol, SURGERY_ON)
    assert Bound(nothing, 6.0).goal_mm == 6.0


def test_one_prescription_is_its_own_turns() -> None:
    assert schedule_of([Bound(PLAN)]) == tuple((t.at, t.turn_mm) for t in PLAN.turns)
    assert schedule_of([]) == ()


def later(start: datetime, mm: float, done: float) -> Bound:
    """Go on with this much from a moment, by whole millimetres a day."""
    days = Protocol((start.date() - SURGERY_ON).days + 1, 1.0, 1, ())
    return Bound(prescribe(RIGHT_FEMUR, "x", mm, days, SURGERY_ON), done, start)


@pytest.mark.parametrize("done", [2.0, 1.5, 2.5])
def test_what_was_missed_or_too_much_is_settled_when_another_takes_over(
    done: float,
) -> None:
    start = PLAN.turns[7].at + timedelta(hours=1)  # 2 mm were asked until then
    turns = schedule_of([Bound(PLAN), later(start, 3.0, done)])
    before = [mm for at, mm in turns if at <= start]
    assert sum(before) == pytest.approx(done)
    assert sum(mm for _, mm in turns) == pytest.approx(done + 3.0)
    assert [at for at, _ in turns] == sorted(at for at, _ in turns)
    assert (start in dict(turns)) is (done != 2.0)


def test_turns_that_passed_before_the_signature_are_asked_once() -> None:
    start = PLAN.turns[7].at + timedelta(hours=1)
    again = Bound(PLAN, 0.0, start)  # written down before the first of its turns
    assert schedule_of([Bound(PLAN), again]) == schedule_of([Bound(PLAN)])


def test_a_third_prescription_takes_over_from_the_second() -> None:
    first = PLAN.turns[7].at + timedelta(hours=1)
    second = first + timedelta(days=2)
    turns = schedule_of([Bound(PLAN), later(first, 9.0, 2.0), later(second, 1.0, 3.0)])
    assert sum(mm for _, mm in turns) == pytest.approx(4.0)

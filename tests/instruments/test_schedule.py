"""The schedule: what is due on which day, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Phase
from callotasis.evidence import constant
from callotasis.instruments import Due, catalogue, due

ASKED = [key for key, known in catalogue().items() if known.scheduled]
TREATED = (Phase.DISTRACTION, Phase.CONSOLIDATION, Phase.LOADING)


def keys(found: tuple[Due, ...]) -> list[str]:
    """Name what is due."""
    return [x.instrument for x in found]


def all_on(day: int) -> dict[str, int]:
    """Everything was answered on a day."""
    return dict.fromkeys(ASKED, day)


def test_back_and_knee_are_asked_before_and_after() -> None:
    for key in ("back_pain", "knee_pain"):
        assert key in keys(due(-20, Phase.PLANNED, {}))
        assert key in keys(due(400, Phase.LOADING, all_on(-20)))


def test_before_surgery_everything_is_asked_once() -> None:
    assert keys(due(-20, Phase.PLANNED, {})) == ASKED
    assert due(-1, Phase.PLANNED, all_on(-20)) == ()


def test_nobody_is_asked_in_the_days_after_the_operation() -> None:
    assert due(3, Phase.LATENCY, {}) == ()


def test_self_esteem_is_not_asked_again_and_again() -> None:
    assert "rses" not in ASKED


@pytest.mark.parametrize(
    ("phase", "every"),
    [(Phase.DISTRACTION, 14), (Phase.CONSOLIDATION, 28), (Phase.LOADING, 91)],
)
def test_each_phase_has_its_own_rhythm(phase: Phase, every: int) -> None:
    assert due(100 + every - 1, phase, all_on(100)) == ()
    found = due(100 + every, phase, all_on(100))
    assert keys(found) == ASKED
    assert {x.since_day for x in found} == {100 + every}
    assert {constant(x.evidence).value for x in found} == {every}


def test_nothing_is_due_of_a_day_before_the_phase() -> None:
    found = due(9, Phase.DISTRACTION, all_on(-20), phase_start=7)
    assert {x.since_day for x in found} == {7}


def test_the_last_check_is_two_years_after_surgery() -> None:
    assert due(730, Phase.LOADING, all_on(600))
    assert due(731, Phase.LOADING, all_on(600)) == ()


@given(
    st.integers(0, 730),
    st.sampled_from(TREATED),
    st.dictionaries(st.sampled_from(ASKED), st.integers(-60, 730)),
)
def test_what_is_due_stays_due_until_it_is_answered(
    day: int, phase: Phase, last: dict[str, int]
) -> None:
    now, later = due(day, phase, last), due(min(day + 5, 730), phase, last)
    assert {*now} <= {*later}
    assert all(x.since_day <= day for x in now)
    answered = {**last, **dict.fromkeys(keys(now), day)}
    assert not due(day, phase, answered)

"""What should be looked at again, and when."""

from __future__ import annotations

import pytest

from callotasis.distraction import Phase
from callotasis.evidence import constant
from callotasis.followup import Due, due_of

LAST_DAY = 730


def due(
    phase: Phase,
    day: int,
    film: int | None = None,
    exam: int | None = None,
    turn: int | None = None,
) -> dict[str, int]:
    """Name what is due of the right femur, with its first day."""
    found = due_of(
        phase, day, "R.femur", last_film=film, last_exam=exam, last_turn=turn
    )
    return {one.what: one.since_day for one in found}


@pytest.mark.parametrize(
    ("phase", "days"),
    [(Phase.DISTRACTION, 14), (Phase.CONSOLIDATION, 28), (Phase.LOADING, 91)],
)
def test_a_film_is_due_after_the_interval_of_its_phase(phase: Phase, days: int) -> None:
    for film in (None, 0, 100):
        since = (film or 0) + days
        assert "a film" not in due(phase, since - 1, film=film, exam=since)
        assert due(phase, since, film=film, exam=since)["a film"] == since


@pytest.mark.parametrize(
    ("phase", "days"),
    [
        (Phase.LATENCY, 7),
        (Phase.DISTRACTION, 7),
        (Phase.CONSOLIDATION, 28),
        (Phase.LOADING, 28),
    ],
)
def test_joints_are_due_after_the_interval_of_the_phase(
    phase: Phase, days: int
) -> None:
    assert due(phase, 20 + days - 1, film=20 + days, exam=20) == {}
    assert due(phase, 20 + days, film=20 + days, exam=20) == {
        "ranges of the joints": 20 + days
    }


def test_what_was_measured_before_surgery_counts_from_surgery() -> None:
    assert due(Phase.LATENCY, 6, exam=-30) == {}
    assert due(Phase.DISTRACTION, 14, film=-30, exam=14) == {"a film": 14}


def test_a_turn_is_asked_for_after_two_days_while_the_bone_is_drawn_out() -> None:
    asked = "a turn: not logged yet"
    assert asked not in due(Phase.DISTRACTION, 21, turn=20)
    assert due(Phase.DISTRACTION, 22, turn=20)[asked] == 22
    assert asked not in due(Phase.DISTRACTION, 22, turn=None)
    assert asked not in due(Phase.CONSOLIDATION, 22, turn=2)


def test_nothing_is_due_before_surgery_and_after_the_watch() -> None:
    assert due(Phase.PLANNED, -3) == {}
    assert due(Phase.LOADING, LAST_DAY).keys() == {"a film", "ranges of the joints"}
    assert due(Phase.LOADING, LAST_DAY + 1) == {}


def test_a_reminder_names_bone_and_source() -> None:
    [film, _] = due_of(
        Phase.LOADING, 400, "R.femur", last_film=None, last_exam=None, last_turn=None
    )
    assert film == Due("a film", 91, "R.femur", "course.film_loading")
    assert constant(film.evidence).value == 91

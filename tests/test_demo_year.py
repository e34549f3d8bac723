"""The year of the demonstration: what is entered, and when."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from callotasis import demo_year
from callotasis.demo_year import FORGOTTEN, HOME, STALLED, STEPS, TWICE, live_a_year
from callotasis.followup import SlipKind
from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR
from followcases import PLAN, femur, signed_case


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[CaseFolder, list[str]]:
    """Live through a year with one lengthened femur, without drawing it."""
    folder = tmp_path_factory.mktemp("year")
    case = signed_case(folder, length_mm={str(RIGHT_FEMUR): 430.0})
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_year, "write_follow_up", lambda *_, **__: ())
        live_a_year(case, folder / "out", said.append)
    return case, said


def test_every_step_is_announced_in_order(year: tuple[CaseFolder, list[str]]) -> None:
    assert year[1] == [*STEPS]


def test_one_turn_is_forgotten_and_one_is_written_twice(
    year: tuple[CaseFolder, list[str]],
) -> None:
    course = femur(year[0], 15)
    per_day = Counter((at.date() - course.zero).days for at, _ in course.turning.turns)
    assert per_day[FORGOTTEN[0]] == 3
    assert per_day[TWICE[0]] == 5
    kinds = {slip.kind for slip in course.turning.slips(course.now)}
    assert SlipKind.TWICE in kinds


def test_films_fall_short_by_what_was_turned_on_the_stalled_days(
    year: tuple[CaseFolder, list[str]],
) -> None:
    before, after = femur(year[0], 14), femur(year[0], 21)
    lost = len(STALLED) * PLAN.protocol.rate_mm_per_day
    gap = [
        course.lengths.gained[-1].turned_mm - course.lengths.gained[-1].gained_mm.value
        for course in (before, after)
    ]
    assert gap[1] - gap[0] == pytest.approx(lost, abs=1.5)


def test_every_entry_was_written_down_when_it_happened(
    year: tuple[CaseFolder, list[str]],
) -> None:
    for entry in year[0].case().of_kind("turn"):
        assert entry.recorded_at == entry.happened_at
        assert entry.happened.utcoffset() == HOME.utcoffset(None)


def test_the_record_can_be_read_in_full(year: tuple[CaseFolder, list[str]]) -> None:
    from callotasis.entered import readable

    case = year[0].case()
    _, unread = readable(case)
    assert unread == ()
    assert case.findings == ()
    assert Path(year[0].path).is_dir()

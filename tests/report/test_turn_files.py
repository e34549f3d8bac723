"""Calendar and table of the turns that bind, beside a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callotasis.errors import RecordRefusal
from callotasis.report import write_turns
from callotasis.report.turn_files import CALENDAR, TABLE
from dora import CASE
from followcases import PLAN

STOPPED = replace(PLAN, turns=())
BACK = replace(
    PLAN,
    turns=(replace(PLAN.turns[0], turn_mm=-0.25, total_mm=0.0), *PLAN.turns[1:3]),
)


def read(folder: Path) -> tuple[str, str]:
    """Read both files."""
    return tuple((folder / name).read_text("utf-8") for name in (CALENDAR, TABLE))


def test_both_files_hold_every_turn_and_no_draft(tmp_path: Path) -> None:
    write_turns(tmp_path / "report", CASE, [PLAN])
    calendar, table = read(tmp_path / "report")
    assert calendar.count("BEGIN:VEVENT") == len(PLAN.turns)
    assert table.count("\n") == len(PLAN.turns) + 1
    assert "DRAFT" not in calendar + table


def test_new_turns_take_the_place_of_old_ones(tmp_path: Path) -> None:
    write_turns(tmp_path, CASE, [PLAN])
    write_turns(tmp_path, CASE, [replace(PLAN, turns=PLAN.turns[-8:])])
    calendar, table = read(tmp_path)
    assert calendar.count("BEGIN:VEVENT") == 8
    assert table.count("\n") == 9


def test_a_turn_backwards_says_so(tmp_path: Path) -> None:
    write_turns(tmp_path, CASE, [BACK])
    calendar, table = read(tmp_path)
    assert "turn 0.25 mm backwards" in calendar
    assert ",-0.25,0," in table


@pytest.mark.parametrize("asked", [[], [STOPPED]], ids=["no bone", "stopped"])
def test_where_nothing_is_to_be_turned_nobody_finds_a_calendar(
    tmp_path: Path, asked: list[object]
) -> None:
    write_turns(tmp_path, CASE, [PLAN])
    write_turns(tmp_path, CASE, asked)
    assert [*tmp_path.iterdir()] == []


def test_a_bone_that_was_stopped_leaves_the_turns_of_the_other(tmp_path: Path) -> None:
    write_turns(tmp_path, CASE, [STOPPED, PLAN])
    assert read(tmp_path)[0].count("BEGIN:VEVENT") == len(PLAN.turns)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("Dear Ada,", "utf-8")
    with pytest.raises(RecordRefusal, match="report"):
        write_turns(tmp_path / "report", CASE, [PLAN])
    folder = tmp_path / "other"
    (folder / CALENDAR / "letter").mkdir(parents=True)
    with pytest.raises(RecordRefusal, match="cannot be written"):
        write_turns(folder, CASE, [PLAN])

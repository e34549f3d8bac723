"""Frames and devices in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callotasis.fixation import FrameSheet
from callotasis.fixation.doubt import Doubt, Share
from callotasis.fixation.published import NO_RANKING
from callotasis.proposal import Worked
from callotasis.report.device_words import (
    doubt_rows,
    frame_rows,
    frame_turns,
    published_tables,
    side_by_side_table,
)
from callotasis.worlds import Interval
from dora import LEFT_TIBIA, ORDER, RIGHT_FEMUR, measured_from, work_out

DOUBT = Doubt(
    residual={
        "lateral_mm": Interval(0.0, -1.234, 1.0),
        "valgus_deg": Interval(0.0, -2.0, 2.06),
    },
    residual_angulation_deg=Interval(0.1, 0.2, 2.0),
    residual_shift_mm=Interval(0.1, 0.2, 2.0),
    chance_of_second_program=0.37,
    read_again=(Share("level of the apex", 0.43), Share("turn as set", 0.2)),
)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Worked:
    return work_out(measured_from(tmp_path_factory.mktemp("dora")))


def test_a_frame_says_its_parts_sizes_and_changes() -> None:
    frame = FrameSheet(
        "two rings",
        ("strut 1", "strut 2"),
        (137.2, 149.57),
        ("medium", "short"),
        ("strut 2: medium for short at the end of day 9",),
    )
    rows = dict(frame_rows(frame))
    assert rows["Frame"] == "two rings"
    assert rows["At surgery"] == "strut 1 137.2 mm (medium); strut 2 149.6 mm (short)"
    assert rows["Changes of struts"].startswith("strut 2: medium for short")


def test_rods_have_no_sizes_and_no_changes() -> None:
    frame = FrameSheet("hinges", ("medial rod",), (101.7,), (), ())
    rows = dict(frame_rows(frame))
    assert rows["At surgery"] == "medial rod 101.7 mm"
    assert rows["Changes of struts"] == "none"


def test_a_doubt_says_what_may_be_left_and_what_to_read_again() -> None:
    rows = dict(doubt_rows(DOUBT))
    assert rows["What may be left at the bone"] == (
        "lateral -1.2 to 1.0 mm; valgus -2.0 to 2.1°"
    )
    assert "in 37% of the worlds" in rows["Beyond 2° or 2 mm"]
    assert "level of the apex (43% of the scatter)" in rows["Beyond 2° or 2 mm"]


def test_a_column_for_every_device_and_a_cell_in_every_row(worked: Worked) -> None:
    found = worked.proposal.side_by_side[LEFT_TIBIA]
    table = side_by_side_table(LEFT_TIBIA, found)
    assert table.title == "Devices side by side for the left tibia"
    assert table.head[1:] == tuple(option.device for option in found.options)
    assert {len(row) for row in table.rows} == {len(table.head)}
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["minutes a day"][1:] == ("none",) * 3
    assert all(cell.endswith("%") for cell in rows["alone beyond 2° or 2 mm"])


def test_published_rows_say_that_they_may_not_be_ranked(worked: Worked) -> None:
    found = worked.proposal.side_by_side[RIGHT_FEMUR]
    series, *compared = published_tables(RIGHT_FEMUR, found)
    assert series.note == NO_RANKING
    assert {row[0] for row in series.rows} >= {"nail", "rail", "hexapod"}
    assert all(row[-1].endswith("]") or row[-1] == "not told" for row in series.rows)
    assert any("nail against" in row[0] for table in compared for row in table.rows)


def test_words_do_not_depend_on_the_folder(worked: Worked, tmp_path: Path) -> None:
    again = work_out(measured_from(tmp_path))
    for segment, found in worked.proposal.side_by_side.items():
        other = again.proposal.side_by_side[segment]
        assert side_by_side_table(segment, found) == side_by_side_table(segment, other)


def test_a_frame_has_a_column_for_each_strut_and_a_row_for_each_day(
    worked: Worked, tmp_path: Path
) -> None:
    order = replace(ORDER, device={**ORDER.device, "L.tibia": "example-hexapod"})
    sheet = work_out(measured_from(tmp_path), order).proposal.segments[LEFT_TIBIA]
    assert sheet.frame is not None
    table = frame_turns(LEFT_TIBIA, sheet, sheet.frame)
    assert table.head[3:9] == tuple(f"strut {n}" for n in range(1, 7))
    assert len(table.rows) == len(sheet.prescription.turns)
    assert table.rows[0][:2] == ("1", str(sheet.prescription.turns[0].day))
    assert "no scale reads so" in table.note
    assert "In brackets" not in table.note


def test_rods_are_told_in_turns_of_the_day(tmp_path: Path) -> None:
    order = replace(ORDER, device={**ORDER.device, "L.tibia": "example-ring"})
    sheet = work_out(measured_from(tmp_path), order).proposal.segments[LEFT_TIBIA]
    assert sheet.frame is not None
    table = frame_turns(LEFT_TIBIA, sheet, sheet.frame)
    turned = 0
    for row in table.rows:
        turned += int(row[3].split("(")[1].rstrip(")"))
    moved = sheet.prescription.turns[-1].lengths_mm[0] - sheet.frame.start_mm[0]
    assert turned * 0.25 == pytest.approx(moved, abs=0.13)
    assert "turns of 0.25 mm on that day" in table.note

"""What a report says of a nail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.alignment import MeasuredFilm
from callotasis.fixation import (
    Controller,
    NailSheet,
    bow_of,
    every_device,
    thickness_of,
)
from callotasis.report.nail_words import nail_rows
from callotasis.worlds import Interval
from dora import ORDER, RIGHT_FEMUR, work_out

NAIL = every_device()["example-nail"]


@pytest.fixture(scope="module")
def nail(dora_measured: MeasuredFilm) -> NailSheet:
    """Return Dora's nail."""
    found = work_out(dora_measured, ORDER).proposal.segments[RIGHT_FEMUR].nail
    assert found is not None
    return found


def row(nail: NailSheet, name: str) -> str:
    """Find one row."""
    return dict(nail_rows(nail))[name]


def test_entry_length_and_line_are_said_in_millimetres(nail: NailSheet) -> None:
    entry = row(nail, "Entry of the nail")
    assert "of the tip of the greater trochanter, right femur (" in entry
    assert f"at least {nail.length_mm:.0f} mm" in row(nail, "Length of the nail")
    assert "two points of the shaft" in row(nail, "Line of the nail")


def test_what_cancels_the_drift_is_said_with_its_side(nail: NailSheet) -> None:
    said = row(nail, "For the nail at surgery")
    assert f"{-nail.turn_deg:.1f}° of varus" in said
    assert f"distal part {nail.step_mm:.1f} mm lateral at the cut" in said
    other = row(replace(nail, turn_deg=1.0, step_mm=-2.0), "For the nail at surgery")
    assert other.startswith("1.0° of valgus, distal part 2.0 mm medial at the cut;")
    none = row(replace(nail, turn_deg=0.01, step_mm=-0.01), "For the nail at surgery")
    assert none.startswith("nothing;")


def test_what_nobody_marked_is_said_and_not_guessed(nail: NailSheet) -> None:
    assert row(nail, "Thickness of the nail").startswith("not measured")
    assert row(nail, "Bow of the shaft") == "not measured"
    entry = replace(nail.entry, offset_mm=None, words="not measured: it")
    assert row(replace(nail, entry=entry), "Entry of the nail") == "not measured: it"


def test_a_measured_canal_and_bow_are_said_with_their_intervals(
    nail: NailSheet,
) -> None:
    canal, outer = Interval(12.0, 11.0, 13.0), Interval(28.0, 27.0, 29.0)
    bow = bow_of(Interval(1000.0, 900.0, 1100.0), (140.0, 130.0), 2.0)
    full = replace(nail, thickness=thickness_of(NAIL, canal, outer), bow=bow)
    said = row(full, "Thickness of the nail")
    assert said.startswith("13 mm, canal reamed to 15 mm; it is 12.0 mm (11.0 to 13.0)")
    assert said.endswith("6.5 mm of cortex left on each side")
    assert row(full, "Bow of the shaft").startswith(
        "9.2 mm along the nail (radius 1000"
    )
    narrow = replace(nail, thickness=thickness_of(NAIL, Interval(8, 7, 9), None))
    assert row(narrow, "Thickness of the nail") == (
        "none fits a canal of 8.0 mm (7.0 to 9.0); cortex not measured"
    )


def test_sessions_are_said_in_minutes_and_seconds(nail: NailSheet) -> None:
    assert "sessions of 1 min 45 s, 7 minutes a day; runs back too" in row(
        nail, "On the controller"
    )
    silent = Controller(100, None, None, None, reversible=False)
    assert row(replace(nail, controller=silent), "On the controller") == (
        "100 sessions; their length is not known; does not run back"
    )


def test_how_far_off_is_said_with_what_to_read_again(nail: NailSheet) -> None:
    said = row(nail, "How far off it may end")
    assert f"axis {nail.doubt.axis_deg.low:+.1f} to" in said
    assert said.endswith(f"read again first: {nail.doubt.read_first}")
    assert len(nail.blocking) == row(nail, "Blocking screws").count(", against ")

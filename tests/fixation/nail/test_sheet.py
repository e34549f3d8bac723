"""A nail on its sheet: decisions as numbers, and everything that must be said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.alignment import MeasuredFilm
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import (
    Nailed,
    NailSheet,
    Pace,
    Settings,
    bow_over,
    every_device,
    nail_findings,
    nail_sheet,
    nailed,
    reach_beyond_cut,
)
from callotasis.fixation.nail.canal import CanalSeen
from callotasis.goal import Goal, Maturity
from callotasis.plan import Choices, plan_targets
from callotasis.pose import Segment
from callotasis.worlds import Interval
from dora import RIGHT_FEMUR, RIGHT_TIBIA

NAIL = every_device()["example-nail"]
PACE = Pace(1.0, 4, None, equal=False)
RADIUS = Interval(1000.0, 900.0, 1150.0)


def planned(
    measured: MeasuredFilm,
    gain_mm: float = 50.0,
    approach: str = "antegrade",
    segment: Segment = RIGHT_FEMUR,
) -> tuple[Nailed, Settings]:
    """Plan a nail for a gain."""
    goal = Goal(gain_mm={segment: gain_mm}, maturity=Maturity.MATURE)
    choices = {segment: Choices(retrograde=approach == "retrograde")}
    target = plan_targets(measured, goal, choices)[segment]
    nail = nailed(measured, target, NAIL, approach)
    settings, _ = nail.telescope.settings(nail.target.gradual)
    return nail, settings


def with_canal(
    measured: MeasuredFilm, canal_mm: float, outer_mm: float
) -> MeasuredFilm:
    """Mark the canal of the right femur."""
    widths = {
        f"femur_{name}_mm": Interval(mm, mm - 1, mm + 1)
        for name, mm in (("canal", canal_mm), ("width", outer_mm))
    }
    side = RIGHT_FEMUR.side
    sides = {
        **measured.measurement.sides,
        side: {**measured.measurement.sides[side], **widths},
    }
    return replace(measured, measurement=replace(measured.measurement, sides=sides))


def said(nail: Nailed, sheet: NailSheet, settings: Settings) -> dict[str, Level]:
    """Findings of a nail, by name."""
    return {f.key: f.level for f in nail_findings(nail, sheet, settings)}


def test_a_nail_is_as_long_as_from_its_entry_to_its_reach(
    dora_measured: MeasuredFilm,
) -> None:
    nail, settings = planned(dora_measured)
    sheet = nail_sheet(nail, settings, PACE)
    assert sheet.beyond_cut_mm == reach_beyond_cut(settings.extension_mm)
    assert sheet.length_mm == sheet.entry.to_cut_mm + sheet.beyond_cut_mm
    assert 200 < sheet.length_mm < 320
    assert sheet.canal is CanalSeen.SHAFT
    assert (sheet.turn_deg, sheet.step_mm) == (nail.plan.turn_deg, nail.plan.step_mm)


def test_sessions_follow_the_pace(dora_measured: MeasuredFilm) -> None:
    nail, settings = planned(dora_measured)
    time = nail_sheet(nail, settings, PACE).controller
    assert time.sessions == settings.extension_mm / 0.25
    assert time.minutes_per_day == 7.0


def test_what_no_film_showed_is_named(dora_measured: MeasuredFilm) -> None:
    nail, settings = planned(dora_measured)
    sheet = nail_sheet(nail, settings, PACE)
    assert sheet.thickness is None
    assert sheet.bow is None
    assert {"width of the canal", "bow of the shaft", "sagittal plane"} <= {
        *sheet.not_measured
    }
    found = said(nail, sheet, settings)
    assert found["nail.canal_width"] is Level.NOTE
    assert found["nail.bow_unseen"] is Level.NOTE


def test_a_marked_canal_and_a_lateral_film_say_whether_the_nail_fits(
    dora_measured: MeasuredFilm,
) -> None:
    nail, settings = planned(with_canal(dora_measured, 12.0, 28.0))
    sheet = nail_sheet(nail, settings, replace(PACE, bow_radius_mm=RADIUS))
    assert sheet.thickness is not None
    assert sheet.bow is not None
    assert sheet.thickness.diameter_mm == 13.0
    assert sheet.bow.room_mm == sheet.thickness.room_mm == 2.0
    assert sheet.bow.over_nail_mm == pytest.approx(bow_over(sheet.length_mm, 1000.0))
    assert "width of the canal" not in sheet.not_measured
    assert "bow of the shaft" not in sheet.not_measured
    assert said(nail, sheet, settings)["nail.bow"] is Level.CAUTION


def test_without_a_marked_canal_the_bow_is_held_against_the_usual_reaming(
    dora_measured: MeasuredFilm,
) -> None:
    nail, settings = planned(dora_measured)
    bow = nail_sheet(nail, settings, replace(PACE, bow_radius_mm=RADIUS)).bow
    assert bow is not None
    assert bow.room_mm == constant("fixation.nail_over_ream").value


def test_a_step_that_the_reamed_canal_does_not_allow_is_a_caution(
    dora_measured: MeasuredFilm,
) -> None:
    nail, settings = planned(dora_measured)
    sheet = nail_sheet(nail, settings, PACE)
    assert sheet.step_mm > 1
    (found,) = (f for f in nail_findings(nail, sheet, settings) if f.key == "nail.step")
    assert f"{sheet.step_mm:.1f} mm lateral of the proximal part" in found.sentence
    assert "on its medial side" in found.action
    wide = nail_sheet(nail, settings, PACE)
    roomy = replace(wide, step_mm=0.9)
    assert "nail.step" not in said(nail, roomy, settings)


def test_a_nail_from_the_knee_passes_its_cut_where_the_bone_is_wide(
    dora_measured: MeasuredFilm,
) -> None:
    nail, settings = planned(dora_measured, approach="retrograde")
    sheet = nail_sheet(nail, settings, PACE)
    assert "nail.step" not in said(nail, sheet, settings)
    assert sheet.entry.landmark == "middle of the knee"
    assert sheet.blocking[0].place.endswith("in the distal part")
    assert -1.5 < sheet.turn_deg < -0.3


@pytest.mark.parametrize(("approach", "stop"), [("antegrade", 0), ("retrograde", 1)])
def test_the_bone_beyond_the_cut_is_seen_from_the_entry(
    dora_measured: MeasuredFilm, approach: str, stop: int
) -> None:
    """A cut 35 % down the bone leaves enough below it and too little above it."""
    goal = Goal(gain_mm={RIGHT_FEMUR: 50.0}, maturity=Maturity.MATURE)
    target = plan_targets(dora_measured, goal, {})[RIGHT_FEMUR]
    low = replace(target, cut=replace(target.cut, level_mm=120.0))
    nail = nailed(dora_measured, low, NAIL, approach)
    settings, _ = nail.telescope.settings(nail.target.gradual)
    sheet = nail_sheet(nail, settings, PACE)
    found = said(nail, sheet, settings)
    assert [*found].count("fixation.nail_reach") == stop


def test_a_stroke_nearly_used_up_is_said(dora_measured: MeasuredFilm) -> None:
    nail, settings = planned(dora_measured, gain_mm=76.0)
    sheet = nail_sheet(nail, settings, PACE)
    assert said(nail, sheet, settings)["nail.stroke"] is Level.CAUTION


def test_a_straight_tibia_needs_hardly_anything_at_surgery(
    dora_measured: MeasuredFilm,
) -> None:
    nail, settings = planned(dora_measured, 30.0, segment=RIGHT_TIBIA)
    sheet = nail_sheet(nail, settings, PACE)
    assert abs(sheet.turn_deg) < 0.5
    assert abs(sheet.step_mm) < 1
    assert sheet.blocking[0].place == "lateral to the nail in the proximal part"


def test_every_row_behind_a_sheet_exists(dora_measured: MeasuredFilm) -> None:
    nail, settings = planned(dora_measured)
    sheet = nail_sheet(nail, settings, PACE)
    assert [constant(key).key for key in sheet.evidence] == [*sheet.evidence]

"""How a case stands on a day: phases, turning, forecasts, findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callotasis.distraction import Prescription, Protocol, prescribe
from callotasis.errors import RecordRefusal
from callotasis.followed import Phase, follow
from callotasis.record import CaseFolder, new_entry
from dora import CASE, LEFT_TIBIA, RIGHT_FEMUR, SURGEON, SURGERY_ON
from followcases import PLAN, at_day, entered, keys, operated, signed_case, turned

LAST = PLAN.last_day


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow one femur, operated on the planned day."""
    folder = signed_case(tmp_path)
    operated(folder)
    return folder


@pytest.mark.parametrize(
    ("day", "phase", "prescribed_mm"),
    [
        (-3, Phase.PLANNED, 0.0),
        (0, Phase.LATENCY, 0.0),
        (6, Phase.LATENCY, 0.0),
        (7, Phase.DISTRACTION, 1.0),
        (LAST - 1, Phase.DISTRACTION, 39.0),
        (LAST, Phase.CONSOLIDATION, 40.0),
        (LAST + 100, Phase.CONSOLIDATION, 40.0),
    ],
)
def test_an_obedient_course_goes_through_its_phases(
    case: CaseFolder, day: int, phase: Phase, prescribed_mm: float
) -> None:
    turned(case, len(PLAN.turns))
    standing = follow(case, day)
    bone = standing.segments[RIGHT_FEMUR]
    assert (standing.day, standing.on) == (day, SURGERY_ON + timedelta(days=day))
    assert (bone.phase, bone.day) == (phase, day)
    assert bone.prescribed_mm == bone.turned_mm.value == pytest.approx(prescribed_mm)
    assert standing.findings == ()
    assert (bone.forecast is None) is (phase is Phase.PLANNED)


def test_a_date_is_a_day_and_no_date_is_today(case: CaseFolder) -> None:
    assert follow(case, SURGERY_ON + timedelta(days=9)) == follow(case, 9)
    assert follow(case).day < 0  # the operation of this case is planned for 2027


def test_who_has_not_turned_yet_is_not_consolidating(case: CaseFolder) -> None:
    turned(case, 80)
    bone = follow(case, LAST + 20).segments[RIGHT_FEMUR]
    assert bone.phase is Phase.DISTRACTION
    assert bone.turned_mm.value == pytest.approx(20.0)


def test_the_forecast_moves_with_turns_left_out(case: CaseFolder) -> None:
    turned(case, 80)
    on_time = follow(case, 26).segments[RIGHT_FEMUR].forecast
    late = follow(case, LAST + 20).segments[RIGHT_FEMUR].forecast
    assert on_time
    assert late
    assert late.consolidation_day.low >= LAST + 20 + 20 + 28
    assert late.consolidation_day.value >= on_time.consolidation_day.value


def test_a_look_back_does_not_see_later_slips(case: CaseFolder) -> None:
    turned(case, 40)
    entered(case, "turn", {"turned_mm": -0.25}, at_day(17, 8), RIGHT_FEMUR)
    assert follow(case, 16).findings == ()
    standing = follow(case, 17)
    assert keys(standing) == ["turn.missed", "turn.backwards"]
    assert [o.since_day for o in standing.findings] == [17, 17]


def test_the_most_urgent_comes_first(case: CaseFolder) -> None:
    for day in range(7, 13):
        entered(case, "turn", {"turned_mm": 1.5}, at_day(day, 8), RIGHT_FEMUR)
        entered(case, "turn", {"turned_mm": 0.5}, at_day(day, 20), RIGHT_FEMUR)
    assert keys(follow(case, 12)) == ["turn.fast", "turn.extra"]


def test_a_surgery_that_nobody_wrote_down_is_said(tmp_path: Path) -> None:
    folder = signed_case(tmp_path)
    assert follow(folder, -1).findings == ()
    assert keys(follow(folder, 1)) == ["surgery.unsaid"]


def test_days_are_counted_from_the_real_operation(tmp_path: Path) -> None:
    folder = signed_case(tmp_path)
    operated(folder, day=3)
    standing = follow(folder, SURGERY_ON + timedelta(days=10))
    assert standing.day == 7
    assert "surgery.other_day" in keys(standing)


def test_two_bones_have_days_of_their_own(tmp_path: Path) -> None:
    later = SURGERY_ON + timedelta(days=21)
    tibia = prescribe(LEFT_TIBIA, "example-rail", 30.0, Protocol(7, 0.75, 3, ()), later)
    folder = signed_case(tmp_path, tibia, approach="")
    body = folder.case().of_kind("signature")[0].body
    femur = signed_case(tmp_path / "femur").case().of_kind("signature")[0].body
    both = {
        **body,
        "prescriptions": body["prescriptions"] | femur["prescriptions"],
        "approach": body["approach"] | femur["approach"],
    }
    folder.append(new_entry(CASE, "signature", SURGEON, both))
    standing = follow(folder, 25)
    assert {str(s): f.day for s, f in standing.segments.items()} == {
        "L.tibia": 4,
        "R.femur": 25,
    }


@pytest.mark.parametrize("gain_mm", [0.0, 5.0])
def test_a_bone_hardly_lengthened_has_no_forecast(
    tmp_path: Path, gain_mm: float
) -> None:
    plan: Prescription = prescribe(
        RIGHT_FEMUR, "example-nail", gain_mm, PLAN.protocol, SURGERY_ON
    )
    folder = signed_case(tmp_path, plan)
    assert follow(folder, 40).segments[RIGHT_FEMUR].forecast is None


def test_a_case_without_a_signed_plan_is_refused(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / "case", CASE, SURGEON)
    with pytest.raises(RecordRefusal, match="holds no signed plan"):
        follow(folder)
    folder.append(new_entry(CASE, "signature", SURGEON, {"signs": "someone"}))
    with pytest.raises(RecordRefusal, match="holds no signed plan"):
        follow(folder)


def test_another_prescription_signed_later_has_the_word(case: CaseFolder) -> None:
    slower = replace(PLAN, turns=PLAN.turns[::2])
    folder = signed_case(case.path.parent / "again", slower)
    [signature] = folder.case().of_kind("signature")
    body = dict(signature.body)
    case.append(new_entry(CASE, "signature", SURGEON, body, happened_at=at_day(-20)))
    assert follow(case, LAST).segments[RIGHT_FEMUR].prescribed_mm == pytest.approx(20)

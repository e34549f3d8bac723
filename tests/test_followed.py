"""How a case stands on a day: phases, turning, forecasts, findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callotasis import courses
from callotasis.distraction import Prescription, Protocol, prescribe
from callotasis.errors import RecordRefusal
from callotasis.followed import Phase, follow
from callotasis.pose import Segment
from callotasis.record import CaseFolder, new_entry
from dora import CASE, LEFT_TIBIA, RIGHT_FEMUR, SURGEON, SURGERY_ON
from followcases import (
    PLAN,
    at_day,
    entered,
    entry_at,
    gaps,
    keys,
    operated,
    signed_case,
    turned,
)

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


# Findings of exams, films and symptoms.


def exam(case: CaseFolder, day: int, **ranges: float) -> None:
    """Measure ranges of the right leg."""
    entered(case, "exam", {"ranges": ranges}, at_day(day), "R", "Ben")


def silence(case: CaseFolder, day: int, reference: str, reason: str = "Seen.") -> None:
    """Answer a finding by name."""
    body = {"silences": reference, "reason": reason}
    entered(case, "decision", body, at_day(day, 18), "", "Cleo")


def test_a_finding_says_since_when_and_ends_when_it_is_over(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    for day, deg in ((12, 70), (15, 55), (18, 52), (22, 95)):
        exam(case, day, knee_flexion_deg=deg)
    told = {day: follow(case, day).findings for day in (11, 12, 16, 20, 22)}
    assert {day: [o.finding.key for o in said] for day, said in told.items()} == {
        11: [],
        12: ["knee.goal"],
        16: ["knee.low"],
        20: ["knee.low"],
        22: [],
    }
    assert {told[16][0].since_day, told[20][0].since_day} == {15}


@pytest.mark.parametrize("reference", ["knee.low", "knee.low@R.femur"])
def test_an_answered_finding_is_silent_until_it_begins_anew(
    case: CaseFolder, reference: str
) -> None:
    turned(case, len(PLAN.turns))
    exam(case, 15, knee_flexion_deg=55)
    silence(case, 16, reference, "Splint fitted.")
    assert keys(follow(case, 15)) == ["knee.low"]
    quiet = follow(case, 20)
    assert keys(quiet) == []
    silenced = {one.observed.finding.key: one for one in quiet.silenced}
    assert silenced.keys() == {"knee.low", "knee.goal"}  # the lesser goes with it
    low = silenced["knee.low"]
    assert (low.by, low.reason, low.day) == ("Cleo", "Splint fitted.", 16)
    assert quiet.segments[RIGHT_FEMUR].proposal is None
    exam(case, 22, knee_flexion_deg=95)
    exam(case, 26, knee_flexion_deg=55)
    again = follow(case, 26)
    assert keys(again) == ["knee.low"]
    assert again.findings[0].since_day == 26
    assert again.segments[RIGHT_FEMUR].proposal is not None


def test_an_answer_to_another_bone_or_finding_silences_nothing(
    case: CaseFolder,
) -> None:
    turned(case, len(PLAN.turns))
    exam(case, 15, knee_flexion_deg=55)
    for reference in ("knee.low@L.femur", "knee.goal", "knee.low@R"):
        silence(case, 16, reference)
    assert keys(follow(case, 20)) == ["knee.low"]


def test_an_answer_before_it_began_silences_nothing(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    silence(case, 10, "knee.low")
    exam(case, 15, knee_flexion_deg=55)
    assert keys(follow(case, 15)) == ["knee.low"]


def test_nobody_without_a_name_or_a_reason_silences_anything(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="author is empty"):
        new_entry(CASE, "decision", " ", {"silences": "knee.low", "reason": "x"})
    turned(case, len(PLAN.turns))
    exam(case, 15, knee_flexion_deg=55)
    silence(case, 16, "knee.low", " ")
    assert keys(follow(case, 20)) == ["knee.low", "record.unreadable"]


def test_the_gravest_finding_of_one_cause_speaks_and_proposes(
    case: CaseFolder,
) -> None:
    turned(case, len(PLAN.turns))
    exam(case, 15, knee_flexion_deg=40)
    standing = follow(case, 15)
    assert keys(standing) == ["knee.stop"]
    proposal = standing.segments[RIGHT_FEMUR].proposal
    assert proposal is not None
    assert proposal.because == ("knee.stop",)


def test_a_shortfall_is_found_and_silent_once_it_was_answered(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    gaps(case, [(3, 1.0), (14, 8.5), (21, 12.0), (28, 18.5), (35, 25.5)])
    assert keys(follow(case, 20)) == []
    found = follow(case, 21)
    assert keys(found) == ["length.short"]
    assert found.findings[0].since_day == 21
    silence(case, 21, "length.short", "Controller was held beside the magnet.")
    quiet = follow(case, 21)
    assert keys(quiet) == []
    assert [s.observed.finding.key for s in quiet.silenced] == ["length.short"]
    for day in (28, 35):
        later = follow(case, day)
        assert keys(later) == []
        assert later.silenced == ()


def test_findings_are_alive_at_two_years(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    body = {"allows": "full weight bearing", "reason": "Solid."}
    entered(case, "decision", body, at_day(150), RIGHT_FEMUR, SURGEON)
    first = {"axis_drift_deg": 1}
    entered(case, "measurement", first, at_day(20), RIGHT_FEMUR, SURGEON)
    narrow = {"width_ratio": 0.6, "axis_drift_deg": -6}
    entered(case, "measurement", narrow, at_day(700), RIGHT_FEMUR, SURGEON)
    late = {"signs": ["late_pain", "hip_pain", "numbness"]}
    entered(case, "symptom", late, at_day(715))
    standing = follow(case, 720)
    assert standing.segments[RIGHT_FEMUR].phase is Phase.LOADING
    since = {o.finding.key: o.since_day for o in standing.findings}
    assert since == {
        "callus.narrow": 700,
        "axis.drift": 700,
        "pain.late": 715,
        "hip.late": 715,
        "nerve.feeling_late": 715,
    }


def test_a_red_flag_speaks_first_and_names_the_number(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    exam(case, 15, knee_flexion_deg=40)
    entered(case, "symptom", {"signs": ["calf_pain"]}, at_day(15), "L")
    assert keys(follow(case, 15)) == ["flag.clot", "knee.stop"]
    entered(case, "case", {"emergency": "112"}, at_day(15), "", SURGEON)
    assert "Call 112 now." in follow(case, 15).findings[0].finding.action


def test_a_year_of_entries_is_judged(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    case.append(
        *(
            entry_at("symptom", {"pain": 3 + (day > 360)}, at_day(day, hour), "")
            for day in range(1, 366)
            for hour in (7, 11, 15, 19, 21)
        )
    )
    standing = follow(case, 365)
    assert keys(standing) == []
    assert standing.segments[RIGHT_FEMUR].phase is Phase.CONSOLIDATION
    assert {one.what for one in standing.due} >= {"a film", "ranges of the joints"}


# What a leg says once, and what nobody would see otherwise.


def test_a_new_shortfall_speaks_after_the_old_one_was_answered(
    case: CaseFolder,
) -> None:
    turned(case, len(PLAN.turns))
    gaps(case, [(3, 1.0), (14, 8.5), (21, 11.5), (28, 14.5)])
    silence(case, 22, "length.short")
    assert keys(follow(case, 26)) == []
    later = follow(case, 28)
    assert "length.short" in keys(later)
    [short] = [o for o in later.findings if o.finding.key == "length.short"]
    assert short.since_day == 28


def test_turns_of_a_bone_that_nobody_signed_are_told(case: CaseFolder) -> None:
    entered(case, "turn", {"turned_mm": 0.25}, at_day(8), LEFT_TIBIA)
    [strange] = [
        o for o in follow(case, 8).findings if o.finding.key == "turn.other_bone"
    ]
    assert "Turns of the left tibia were entered (1)" in strange.finding.sentence
    assert (strange.finding.about, strange.since_day) == ("L.tibia", 8)


def test_whoever_rests_as_asked_is_not_asked_to_make_it_up(case: CaseFolder) -> None:
    turned(case, 20)
    entered(case, "symptom", {"signs": ["foot_drop"]}, at_day(12))
    missed = [o for o in follow(case, 14).findings if o.finding.key == "turn.missed"]
    assert [o.finding.action for o in missed] == [
        "Do not make it up: a finding asks for rest; the surgeon decides how to go on."
    ]


def test_a_leg_bears_what_its_weaker_bone_bears(tmp_path: Path) -> None:
    tibia = Segment.parse("R.tibia")
    ring = prescribe(tibia, "example-ring", 0.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
    both = follow(signed_case(tmp_path, PLAN, ring), 5).segments
    femur_load, tibia_load = both[RIGHT_FEMUR].loading, both[tibia].loading
    assert femur_load is not None
    assert tibia_load is not None
    assert femur_load.step == tibia_load.step == "touch"
    assert tibia_load.why[0] == "the right femur bears no more"


def test_two_bones_of_one_leg_say_the_same_thing_once(tmp_path: Path) -> None:
    tibia = prescribe(
        Segment.parse("R.tibia"), "example-ring", 30.0, Protocol(7, 1.0, 4, ()),
        SURGERY_ON,
    )  # fmt: skip
    case = signed_case(tmp_path, PLAN, tibia)
    entered(case, "exam", {"ranges": {"knee_flexion_deg": 55}}, at_day(9), "R", "Ben")
    assert keys(follow(case, 9)).count("knee.low") == 1


def test_today_is_looked_at_until_now_and_other_days_to_their_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = signed_case(tmp_path)
    turned(case, sum(turn.day < 10 for turn in PLAN.turns))
    morning = at_day(10, 7).replace(tzinfo=None)
    monkeypatch.setattr(courses, "_now", lambda _: morning)
    monkeypatch.setattr(courses, "_today", morning.date)
    today, whole = follow(case), follow(case, 10)
    assert "turn.missed" not in keys(today)
    assert "turn.missed" in keys(whole)
    assert today.segments[RIGHT_FEMUR].prescribed_mm == 3.0


def test_what_is_dated_after_today_is_told(
    case: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned(case, 20)
    monkeypatch.setattr(courses, "_today", at_day(9).date)
    monkeypatch.setattr(courses, "_now", lambda _: at_day(9).replace(tzinfo=None))
    [later] = [o for o in follow(case).findings if o.finding.key == "record.later"]
    assert later.finding.sentence.startswith("Entries are dated after today (8,")
    assert "record.later" not in keys(follow(case, 9))


@pytest.mark.parametrize("day", [-4000, 20_000, 3_000_000])
def test_a_day_that_no_treatment_reaches_is_refused(case: CaseFolder, day: int) -> None:
    with pytest.raises(RecordRefusal, match="allowed is day -3650 to 10950"):
        follow(case, day)

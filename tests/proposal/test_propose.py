"""The whole proposal: what is decided, what it leads to, what is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import Longer, MeasuredFilm
from callotasis.casework import Order
from callotasis.errors import DeviceRefusal, NoScale, PlanRefusal
from callotasis.evidence import constant
from callotasis.exchange import plain
from callotasis.findings import Level
from callotasis.fixation import every_device
from callotasis.goal import Maturity
from callotasis.plan import Fibula, Hinge
from callotasis.pose import PLANES, Pose, Side
from callotasis.proposal import Proposal, propose
from callotasis.worlds import Interval
from dora import (
    FORGOTTEN_FIBULA,
    LEFT_FEMUR,
    LEFT_TIBIA,
    NOBODY,
    ORDER,
    RIGHT_FEMUR,
    RIGHT_TIBIA,
    SURGERY_ON,
    confirming,
    work_out,
)

FIXED = Fibula(90.0, fixed_proximally=True, fixed_distally=True)
NAILS = {"R.femur": "example-nail", "L.femur": "example-nail"}
AXIS_ONLY = replace(ORDER, equalise=None)
BOTH_FEMURS = Order(
    SURGERY_ON,
    NAILS,
    gain_mm={"R.femur": 50.0, "L.femur": 50.0},
    maturity=Maturity.MATURE,
)


def gaining(segment: str, gain_mm: float, device: str, **other: Any) -> Order:
    """Order a gain in one bone of a grown person."""
    order = Order(
        SURGERY_ON,
        {segment: device},
        gain_mm={segment: gain_mm},
        maturity=Maturity.MATURE,
        fibula={segment: FIXED} if segment.endswith("tibia") else {},
    )
    return replace(order, **other)


def proposal_of(measured: MeasuredFilm, order: Order = ORDER) -> Proposal:
    """Work an order out; nobody has confirmed or answered anything."""
    return work_out(measured, order).proposal


# Without a scale, or without a device.


def test_without_a_scale_there_is_no_plan(dora_unscaled: MeasuredFilm) -> None:
    with pytest.raises(NoScale, match="no scale; a plan needs millimetres: give the"):
        work_out(dora_unscaled)


def test_a_segment_without_a_device_is_refused(dora_measured: MeasuredFilm) -> None:
    order = replace(ORDER, device={"R.femur": "example-nail"})
    with pytest.raises(DeviceRefusal, match=r"no device was chosen for L\.tibia"):
        work_out(dora_measured, order)


def test_a_gain_beyond_the_stroke_is_refused(dora_measured: MeasuredFilm) -> None:
    with pytest.raises(DeviceRefusal, match="its stroke is 0 to 80 mm"):
        work_out(dora_measured, gaining("R.femur", 90.0, "example-nail"))


def test_unsigned_data_are_refused_until_they_are_confirmed(
    dora_measured: MeasuredFilm,
) -> None:
    order = gaining("R.femur", 30.0, "precice")
    with pytest.raises(DeviceRefusal, match="data of precice are unsigned"):
        work_out(dora_measured, order)
    confirmed = work_out(dora_measured, order, confirmed=confirming("precice"))
    assert confirmed.proposal.segments[RIGHT_FEMUR].device == "precice"


@pytest.mark.parametrize(
    ("segment", "approach", "allowed"),
    [
        ("R.femur", "sideways", "antegrade or retrograde"),
        ("R.tibia", "retrograde", "antegrade"),
    ],
)
def test_a_nail_goes_in_where_nails_go_in(
    dora_measured: MeasuredFilm, segment: str, approach: str, allowed: str
) -> None:
    order = gaining(segment, 30.0, "example-nail", approach={segment: approach})
    with pytest.raises(
        PlanRefusal,
        match=rf"approach to {segment} is '{approach}'; allowed is {allowed}$",
    ):
        work_out(dora_measured, order)


def test_a_growing_skeleton_is_refused(dora_measured: MeasuredFilm) -> None:
    with pytest.raises(PlanRefusal, match="immature"):
        work_out(dora_measured, replace(ORDER, maturity=Maturity.IMMATURE))


# Stops.


def test_an_open_stop_withholds_the_prescription(dora_measured: MeasuredFilm) -> None:
    found = proposal_of(dora_measured, replace(ORDER, fibula={}))
    assert found.withheld == (FORGOTTEN_FIBULA,)


def test_an_answered_stop_withholds_nothing_and_is_still_listed(
    dora_measured: MeasuredFilm,
) -> None:
    answered = frozenset({FORGOTTEN_FIBULA})
    found = work_out(dora_measured, replace(ORDER, fibula={}), answered=answered)
    assert found.proposal.withheld == ()
    stops = [f for f in found.proposal.findings if f.level is Level.STOP]
    assert [f.reference for f in stops] == [FORGOTTEN_FIBULA]


def test_an_answer_to_another_leg_answers_nothing(dora_measured: MeasuredFilm) -> None:
    for other in ("plan.fibula", "plan.fibula@R.tibia", "maturity.unknown"):
        found = work_out(
            dora_measured, replace(ORDER, fibula={}), answered=frozenset({other})
        )
        assert found.proposal.withheld == (FORGOTTEN_FIBULA,)


def test_unknown_maturity_withholds_the_prescription(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, replace(ORDER, maturity=Maturity.UNKNOWN))
    assert found.withheld == ("maturity.unknown",)


def test_a_recalled_device_withholds_the_prescription_even_when_confirmed(
    dora_measured: MeasuredFilm,
) -> None:
    order = gaining("R.femur", 30.0, "precice-stryde")
    found = work_out(dora_measured, order, confirmed=confirming("precice-stryde"))
    assert found.proposal.withheld == ("device.recalled@R.femur",)


def test_a_fast_course_withholds_the_prescription(dora_measured: MeasuredFilm) -> None:
    order = gaining(
        "R.femur",
        30.0,
        "example-nail",
        rate_mm_per_day={"R.femur": 2.0},
        rhythm_per_day={"R.femur": 4},
    )
    assert proposal_of(dora_measured, order).withheld == ("rate.fast@R.femur",)


def test_a_gain_of_high_risk_withholds_the_prescription(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, gaining("R.femur", 90.0, "example-rail"))
    assert found.withheld == ("plan.gain@R.femur", "plan.longer")


@pytest.mark.parametrize(
    ("approach", "cut_mm", "stopped"),
    [
        pytest.param("antegrade", 140.0, False, id="enough bone below"),
        pytest.param("antegrade", 270.0, True, id="too little bone below"),
        pytest.param("retrograde", 270.0, False, id="enough bone above"),
        pytest.param("retrograde", 100.0, True, id="too little bone above"),
    ],
)
def test_a_nail_needs_bone_on_the_side_that_it_reaches_into(
    dora_measured: MeasuredFilm, approach: str, cut_mm: float, *, stopped: bool
) -> None:
    order = gaining(
        "R.femur",
        50.0,
        "example-nail",
        cut_mm={"R.femur": cut_mm},
        approach={"R.femur": approach},
    )
    found = proposal_of(dora_measured, order)
    assert ("fixation.nail_reach@R.femur" in found.withheld) == stopped


def test_a_rail_asks_for_no_reach_of_a_nail(dora_measured: MeasuredFilm) -> None:
    order = gaining("R.femur", 50.0, "example-rail", cut_mm={"R.femur": 300.0})
    found = proposal_of(dora_measured, order)
    assert found.withheld == ()
    assert found.segments[RIGHT_FEMUR].approach == ""


@pytest.mark.parametrize(
    "fibula",
    [
        pytest.param(Fibula(), id="forgotten"),
        pytest.param(replace(FIXED, cut_mm=None), id="not cut"),
        pytest.param(replace(FIXED, fixed_proximally=False), id="loose at the knee"),
        pytest.param(replace(FIXED, fixed_distally=False), id="loose at the ankle"),
    ],
)
def test_a_tibia_whose_fibula_is_not_fully_planned_is_a_stop(
    dora_measured: MeasuredFilm, fibula: Fibula
) -> None:
    order = gaining("R.tibia", 30.0, "example-rail", fibula={"R.tibia": fibula})
    assert proposal_of(dora_measured, order).withheld == ("plan.fibula@R.tibia",)


# Findings.


def test_findings_come_by_urgency_and_each_once(dora_measured: MeasuredFilm) -> None:
    found = proposal_of(dora_measured, replace(ORDER, fibula={})).findings
    order = [Level.STOP, Level.CAUTION, Level.NOTE]
    levels = [order.index(f.level) for f in found]
    assert levels == sorted(levels)
    assert len({*found}) == len(found)


def test_what_the_film_said_is_said_again(dora_measured: MeasuredFilm) -> None:
    found = proposal_of(dora_measured).findings
    assert {*dora_measured.measurement.findings} <= {*found}


def test_every_finding_rests_on_evidence_that_exists(
    dora_measured: MeasuredFilm,
) -> None:
    risky = gaining("R.tibia", 99.0, "example-rail", fibula={})
    for order in (ORDER, risky, AXIS_ONLY, BOTH_FEMURS):
        found = proposal_of(dora_measured, order)
        keys = [f.evidence for f in found.findings if f.evidence]
        keys += [a.evidence for a in found.alternatives]
        assert keys
        assert [constant(key).key for key in keys] == keys


# What follows from the decisions.


def test_equal_legs_differ_afterwards_by_no_more_than_the_device_leaves(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured)
    left = found.after.discrepancy_mm
    assert left is not None
    assert abs(left.value) < 1
    assert left.longer is Longer.UNDECIDED
    assert "plan.residual" not in {f.key for f in found.findings}


def test_the_difference_afterwards_is_right_minus_left(
    dora_measured: MeasuredFilm,
) -> None:
    for order in (ORDER, AXIS_ONLY, BOTH_FEMURS):
        after = proposal_of(dora_measured, order).after
        assert after.discrepancy_mm is not None
        right, left = (after.sides[s]["leg_length_mm"].value for s in Side)
        assert after.discrepancy_mm.value == pytest.approx(right - left)
        assert after.discrepancy_mm.low < right - left < after.discrepancy_mm.high


@settings(max_examples=10)
@given(gain_mm=st.floats(5.0, 70.0))
def test_a_rail_lengthens_a_femur_by_the_gain(
    dora_measured: MeasuredFilm, gain_mm: float
) -> None:
    found = proposal_of(dora_measured, gaining("R.femur", gain_mm, "example-rail"))
    sheet = found.segments[RIGHT_FEMUR]
    before = dora_measured.measurement.sides[Side.RIGHT]["femur_length_mm"].value
    after = found.after.sides[Side.RIGHT]["femur_length_mm"].value
    assert sheet.gain_mm == gain_mm
    # A film is drawn out in its plane; the bone leans a little towards the beam.
    made = sheet.settings.extension_mm
    assert made == pytest.approx(gain_mm, abs=0.125 + 1e-6)
    assert after - before == pytest.approx(made, rel=0.005)
    assert sheet.gain_percent == pytest.approx(100 * gain_mm / before)


def test_the_leg_that_is_left_alone_stays_as_it_is(dora_measured: MeasuredFilm) -> None:
    found = proposal_of(dora_measured, gaining("R.femur", 30.0, "example-nail"))
    before = dora_measured.measurement.sides[Side.LEFT]
    assert found.after.sides[Side.LEFT] == before


def test_a_corrected_tibia_gets_the_angle_of_the_other_leg(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, AXIS_ONLY)
    before, after = (
        s[Side.LEFT] for s in (dora_measured.measurement.sides, found.after.sides)
    )
    other = dora_measured.measurement.sides[Side.RIGHT]["mpta_deg"].value
    assert before["mpta_deg"].value < 82
    assert after["mpta_deg"].value == pytest.approx(other, abs=0.1)


def test_the_turn_of_a_tibia_is_shared_by_the_angles_at_knee_and_ankle(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, AXIS_ONLY)
    before = dora_measured.measurement.sides[Side.LEFT]
    after = found.after.sides[Side.LEFT]
    at_knee = after["mpta_deg"].value - before["mpta_deg"].value
    at_ankle = before["mldta_deg"].value - after["mldta_deg"].value
    turn = found.segments[LEFT_TIBIA].acute_pose["valgus_deg"]
    assert turn == pytest.approx(at_knee + at_ankle, abs=0.1)


def test_a_correction_alone_turns_nothing_by_day_and_promises_no_date(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, AXIS_ONLY)
    sheet = found.segments[LEFT_TIBIA]
    assert [*found.segments] == [LEFT_TIBIA]
    assert sheet.prescription.turns == ()
    assert sheet.settings.extension_mm == 0
    assert [m.name for m in sheet.timeline] == ["surgery"]
    assert "timeline.no_distraction@L.tibia" in {f.reference for f in found.findings}


def test_two_femurs_gain_alike_and_keep_their_difference(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, BOTH_FEMURS)
    before = dora_measured.measurement.discrepancy_mm
    after = found.after.discrepancy_mm
    assert before is not None
    assert after is not None
    assert [*found.segments] == [LEFT_FEMUR, RIGHT_FEMUR]
    assert after.value == pytest.approx(before.value, abs=1)
    assert after.longer is Longer.LEFT
    assert "plan.residual" in {f.key for f in found.findings}
    turns = [len(found.segments[s].prescription.turns) for s in found.segments]
    assert turns[0] == turns[1] > 0


def test_femur_and_tibia_of_one_leg_gain_together(dora_measured: MeasuredFilm) -> None:
    order = Order(
        SURGERY_ON,
        {"R.femur": "example-rail", "R.tibia": "example-rail"},
        gain_mm={"R.femur": 30.0, "R.tibia": 20.0},
        maturity=Maturity.MATURE,
        fibula={"R.tibia": FIXED},
    )
    found = proposal_of(dora_measured, order)
    before = dora_measured.measurement.sides[Side.RIGHT]
    after = found.after.sides[Side.RIGHT]
    for name, gain_mm in (("femur_length_mm", 30.0), ("tibia_length_mm", 20.0)):
        assert after[name].value - before[name].value == pytest.approx(
            gain_mm, rel=0.005
        )
    assert {RIGHT_FEMUR, RIGHT_TIBIA} == {*found.segments}


def test_only_a_nail_in_a_femur_has_a_published_drift(
    dora_measured: MeasuredFilm,
) -> None:
    nail, rail = (
        proposal_of(dora_measured, gaining("R.femur", 30.0, device))
        .segments[RIGHT_FEMUR]
        .axis_drift
        for device in ("example-nail", "example-rail")
    )
    assert nail.published_mm is not None
    assert rail.published_mm is None
    assert abs(rail.geometry_mm.value) < 0.5
    assert nail.geometry_mm.value > 1


def test_older_femurs_are_drawn_out_more_slowly(dora_measured: MeasuredFilm) -> None:
    rates = [
        proposal_of(dora_measured, replace(ORDER, age_years=age))
        .segments[RIGHT_FEMUR]
        .prescription.protocol.rate_mm_per_day
        for age in (24.0, 51.0)
    ]
    assert rates == [1.0, 0.75]


# Consistency of one sheet.


@pytest.mark.parametrize("device", [n for n in every_device() if n.startswith("exam")])
def test_settings_prescription_and_poses_of_a_sheet_say_the_same(
    dora_measured: MeasuredFilm, device: str
) -> None:
    worked = work_out(dora_measured, gaining("R.femur", 33.3, device))
    sheet = worked.proposal.segments[RIGHT_FEMUR]
    assert sheet.prescription.total_mm == sheet.settings.extension_mm
    assert sheet.prescription.device == sheet.device == device
    assert sheet.prescription.surgery_on == worked.proposal.surgery_on == SURGERY_ON
    made = worked.poses[RIGHT_FEMUR]
    for name in PLANES["frontal"]:
        wanted, left = sheet.target_pose[name], sheet.remaining_pose[name]
        assert isinstance(wanted, float)
        assert isinstance(left, float)
        assert getattr(made, name) + left == pytest.approx(wanted, abs=1e-9)


def test_what_the_film_hides_is_never_shown_as_a_number(
    dora_measured: MeasuredFilm,
) -> None:
    for sheet in proposal_of(dora_measured).segments.values():
        for pose in (
            sheet.target_pose,
            sheet.acute_pose,
            sheet.gradual_pose,
            sheet.remaining_pose,
        ):
            assert not {*PLANES["hidden"]} & {*pose}
            assert pose["not_measured"] == [*PLANES["hidden"]]


def test_target_is_the_acute_part_and_the_gradual_part_together(
    dora_measured: MeasuredFilm,
) -> None:
    for target in work_out(dora_measured).targets.values():
        assert target.pose == Pose(
            lateral_mm=target.acute.lateral_mm + target.gradual.lateral_mm,
            proximal_mm=target.acute.proximal_mm + target.gradual.proximal_mm,
            valgus_deg=target.acute.valgus_deg,
            not_measured=PLANES["hidden"],
        )


def test_the_same_order_gives_the_same_proposal(dora_measured: MeasuredFilm) -> None:
    request = ORDER.request(NOBODY)
    once, again = (plain(propose(dora_measured, request).proposal) for _ in range(2))
    assert once == again


def test_doing_nothing_is_always_named_among_the_alternatives(
    dora_measured: MeasuredFilm,
) -> None:
    for order in (ORDER, AXIS_ONLY, BOTH_FEMURS):
        names = [a.name for a in proposal_of(dora_measured, order).alternatives]
        assert names == ["shoe lift", "shortening the other leg", "doing nothing"]


def test_options_that_mean_nothing_for_a_bone_are_refused(
    dora_measured: MeasuredFilm,
) -> None:
    femur = gaining("R.femur", 20.0, "example-nail")
    with pytest.raises(PlanRefusal, match=r"R\.femur has no fibula"):
        work_out(dora_measured, replace(femur, fibula={"R.femur": FIXED}))
    with pytest.raises(PlanRefusal, match="a hinge but no correction"):
        work_out(dora_measured, replace(femur, hinge={"R.femur": Hinge.CUT}))


# Nails.


@pytest.mark.parametrize("approach", ["antegrade", "retrograde"])
def test_a_nail_leaves_no_drift_of_the_axis(
    dora_measured: MeasuredFilm, approach: str
) -> None:
    """Planned backwards, the leg keeps its angle, its length comes, little remains."""
    order = gaining("R.femur", 50.0, "example-nail", approach={"R.femur": approach})
    found = proposal_of(dora_measured, order)
    sheet = found.segments[RIGHT_FEMUR]
    before = dora_measured.measurement.sides[Side.RIGHT]
    after = found.after.sides[Side.RIGHT]
    for name in ("hka_deviation_deg", "mldfa_deg"):
        assert after[name].value == pytest.approx(before[name].value, abs=0.02)
    gained = after["femur_length_mm"].value - before["femur_length_mm"].value
    assert gained == pytest.approx(50, abs=0.3)
    left = [sheet.remaining_pose[n] for n in PLANES["frontal"]]
    assert all(isinstance(x, float) and abs(x) <= 0.125 for x in left)
    turn = sheet.acute_pose["valgus_deg"]
    assert isinstance(turn, float)
    assert -2.5 < turn < -0.4
    assert sheet.nail is not None
    assert turn == sheet.nail.turn_deg


def test_a_rail_has_no_sheet_of_a_nail(dora_measured: MeasuredFilm) -> None:
    found = proposal_of(dora_measured)
    assert found.segments[LEFT_TIBIA].nail is None
    assert found.segments[RIGHT_FEMUR].nail is not None


def test_a_nail_straightens_a_bone_as_a_rail_does(dora_measured: MeasuredFilm) -> None:
    sheets = {}
    for device in ("example-nail", "example-rail"):
        order = replace(
            AXIS_ONLY, device={"L.tibia": device}, gain_mm={"L.tibia": 20.0}
        )
        sheets[device] = proposal_of(dora_measured, order)
    nail, rail = (p.after.sides[Side.LEFT] for p in sheets.values())
    for name in ("hka_deviation_deg", "mpta_deg", "mad_mm"):
        assert nail[name].value == pytest.approx(rail[name].value, abs=0.05)


def test_a_bow_from_a_lateral_film_reaches_the_nail(
    dora_measured: MeasuredFilm,
) -> None:
    request = gaining("R.femur", 40.0, "example-nail").request(NOBODY)
    bowed = replace(request, bow_radius_mm={RIGHT_FEMUR: Interval(900, 800, 1000)})
    found = propose(dora_measured, bowed).proposal
    nail = found.segments[RIGHT_FEMUR].nail
    assert nail is not None
    assert nail.bow is not None
    assert "nail.bow@R.femur" in {f.reference for f in found.findings}
    assert "nail.bow_unseen@R.femur" not in {f.reference for f in found.findings}


def test_three_nails_at_once_are_a_caution(dora_measured: MeasuredFilm) -> None:
    order = replace(
        BOTH_FEMURS,
        device={**NAILS, "R.tibia": "example-nail"},
        gain_mm={"R.femur": 30.0, "L.femur": 30.0, "R.tibia": 20.0},
        fibula={"R.tibia": FIXED},
    )
    found = proposal_of(dora_measured, order)
    assert "nail.at_once" in {f.key for f in found.findings}
    assert "nail.at_once" not in {
        f.key for f in proposal_of(dora_measured, BOTH_FEMURS).findings
    }


def test_a_withheld_plan_keeps_its_nail_and_no_turn(
    dora_measured: MeasuredFilm,
) -> None:
    found = proposal_of(dora_measured, replace(ORDER, maturity=Maturity.UNKNOWN))
    sheet = found.segments[RIGHT_FEMUR]
    assert found.withheld
    assert sheet.prescription.turns == ()
    assert sheet.nail is not None

"""The whole proposal: what is decided, what it leads to, what is withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.alignment import Longer, MeasuredFilm
from callotasis.casework import Order
from callotasis.errors import DeviceRefusal, NoScale, PlanRefusal
from callotasis.evidence import constant
from callotasis.exchange import plain
from callotasis.findings import Level
from callotasis.goal import Maturity
from callotasis.plan import Hinge
from callotasis.pose import PLANES, Pose, Side
from callotasis.proposal import propose
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
from orders import AXIS_ONLY, FIXED, gaining, proposal_of, straightening

NAILS = {"R.femur": "example-nail", "L.femur": "example-nail"}
BOTH_FEMURS = Order(
    SURGERY_ON,
    NAILS,
    gain_mm={"R.femur": 50.0, "L.femur": 50.0},
    maturity=Maturity.MATURE,
)


# Without a scale, or without a device.


def test_without_a_scale_there_is_no_plan(dora_unscaled: MeasuredFilm) -> None:
    with pytest.raises(NoScale, match="no scale; a plan needs millimetres: give the"):
        work_out(dora_unscaled)


def test_a_segment_without_a_device_is_refused(dora_measured: MeasuredFilm) -> None:
    order = replace(ORDER, device={"R.femur": "example-nail"})
    with pytest.raises(DeviceRefusal, match=r"no device was chosen for L\.tibia"):
        work_out(dora_measured, order)


def test_unsigned_data_are_refused_until_they_are_confirmed(
    dora_measured: MeasuredFilm,
) -> None:
    order = gaining("R.femur", 30.0, "precice")
    with pytest.raises(DeviceRefusal, match="data of precice are unsigned"):
        work_out(dora_measured, order)
    confirmed = work_out(dora_measured, order, confirmed=confirming("precice"))
    assert confirmed.proposal.segments[RIGHT_FEMUR].device == "precice"


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


# Consistency of one sheet.


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


# Frames.


@pytest.mark.parametrize("device", ["example-ring", "example-hexapod"])
def test_a_frame_is_behind_its_sheet_for_pictures(
    dora_measured: MeasuredFilm, device: str
) -> None:
    worked = work_out(dora_measured, straightening(device))
    assert [*worked.frames] == [LEFT_TIBIA]
    framed, sheet = worked.frames[LEFT_TIBIA], worked.proposal.segments[LEFT_TIBIA]
    assert sheet.frame == framed.sheet
    assert worked.poses[LEFT_TIBIA] == framed.pose
    assert worked.targets[LEFT_TIBIA] == framed.target
    assert work_out(dora_measured).frames == {}


def test_a_withheld_frame_keeps_its_struts_and_no_turn(
    dora_measured: MeasuredFilm,
) -> None:
    order = straightening("example-hexapod", fibula={})
    found = proposal_of(dora_measured, order)
    sheet = found.segments[LEFT_TIBIA]
    assert found.withheld == (FORGOTTEN_FIBULA,)
    assert sheet.prescription.turns == ()
    assert sheet.frame is not None
    assert len(sheet.frame.start_mm) == 6


def test_a_limb_that_is_not_in_the_goal_is_refused(dora_measured: MeasuredFilm) -> None:
    order = straightening("example-hexapod", limb_radius_mm={"R.tibia": 50.0})
    with pytest.raises(PlanRefusal, match=r"R\.tibia is given options but is not in"):
        work_out(dora_measured, order)


def test_legs_come_out_equal_though_a_wedge_of_the_other_leg_opens(
    dora_measured: MeasuredFilm,
) -> None:
    """The ring on the left tibia adds 4 mm; the right femur gains them too."""
    rings = {"R.femur": "example-ring", "L.tibia": "example-ring"}
    by_ring, by_rail = (
        work_out(dora_measured, replace(ORDER, device=device)).proposal
        for device in (rings, dict.fromkeys(rings, "example-rail"))
    )
    for proposal in (by_ring, by_rail):
        left = proposal.after.discrepancy_mm
        assert left is not None
        assert abs(left.value) <= 0.5
    more = by_ring.segments[RIGHT_FEMUR].gain_mm - by_rail.segments[RIGHT_FEMUR].gain_mm
    assert more == pytest.approx(3.9, abs=0.3)

"""One segment with one device: nails, rails and frames make the same limb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import MeasuredFilm, sample_limb
from callotasis.errors import DeviceRefusal, PlanRefusal
from callotasis.findings import Level
from callotasis.fixation import every_device
from callotasis.plan import Fibula, limbs_after, plan_targets
from callotasis.pose import HIDDEN, PLANES, Pose, Side
from callotasis.proposal import propose
from callotasis.proposal.segment import Planned, approach_of, planned_segment
from callotasis.worlds import Interval
from dora import (
    LEFT_TIBIA,
    NOBODY,
    ORDER,
    RIGHT_FEMUR,
    SURGERY_ON,
    confirming,
    work_out,
)
from orders import AXIS_ONLY, FIXED, gaining, proposal_of, straightening

EXAMPLES = [name for name in every_device() if name.startswith("example")]
FRAMES = ["example-ring", "example-hexapod"]


MEASURED = {"L.tibia": 50.0}


def planned(
    measured: MeasuredFilm,
    device: str,
    gain_mm: float = 0.0,
    radius: Mapping[str, float] = MEASURED,
) -> Planned:
    """Straighten Dora's left tibia with a device, and look at nothing else."""
    order = straightening(device, gain_mm, limb_radius_mm=radius)
    request = order.request(NOBODY)
    target = plan_targets(measured, request.goal, {})[LEFT_TIBIA]
    return planned_segment(measured, target, every_device()[device], request)


def after(measured: MeasuredFilm, found: Planned) -> dict[str, float]:
    """Angles of the left leg once a device has done its work."""
    cut = {LEFT_TIBIA: (found.target.cut.level_mm, found.pose)}
    limb = limbs_after(measured.limbs, cut)[Side.LEFT]
    return {name: float(draws[0]) for name, draws in sample_limb(limb).items()}


# What a device may do.


def test_a_gain_beyond_the_stroke_is_refused(dora_measured: MeasuredFilm) -> None:
    with pytest.raises(DeviceRefusal, match="its stroke is 0 to 80 mm"):
        work_out(dora_measured, gaining("R.femur", 90.0, "example-nail"))


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


def test_nothing_but_a_nail_has_an_approach() -> None:
    request = gaining("R.femur", 30.0, "example-nail").request(NOBODY)
    for name in EXAMPLES:
        way = approach_of(RIGHT_FEMUR, every_device()[name], request)
        assert way == ("antegrade" if name == "example-nail" else "")


@pytest.mark.parametrize(
    ("device", "why"),
    [
        ("tsf", "data of tsf are unsigned: nobody has read the maker's"),
        ("truelok-rings", "data of truelok-rings are unsigned: nobody has read"),
        ("taylor", "device 'taylor' is unknown; known are .*example-hexapod"),
    ],
)
def test_a_frame_that_nobody_vouches_for_is_refused(
    dora_measured: MeasuredFilm, device: str, why: str
) -> None:
    with pytest.raises(DeviceRefusal, match=why):
        work_out(dora_measured, straightening(device))


def test_a_confirmed_hexapod_still_needs_the_figures_of_its_rings_and_struts(
    dora_measured: MeasuredFilm,
) -> None:
    with pytest.raises(DeviceRefusal, match="figures of tsf are unsigned"):
        work_out(dora_measured, straightening("tsf"), confirmed=confirming("tsf"))


def test_a_confirmed_ring_frame_is_planned_with(dora_measured: MeasuredFilm) -> None:
    found = work_out(
        dora_measured,
        straightening("truelok-rings", 10.0),
        confirmed=confirming("truelok-rings"),
    )
    sheet = found.proposal.segments[LEFT_TIBIA]
    assert sheet.device == "truelok-rings"
    assert sheet.frame is not None


# What comes out of it.


@settings(max_examples=5)
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


# Frames.


@pytest.mark.parametrize("device", FRAMES)
@pytest.mark.parametrize("gain_mm", [0.0, 20.0])
def test_a_frame_makes_the_leg_as_straight_as_a_rail_does(
    dora_measured: MeasuredFilm, device: str, gain_mm: float
) -> None:
    frame, rail = (
        after(dora_measured, planned(dora_measured, name, gain_mm))
        for name in (device, "example-rail")
    )
    for name in ("hka_deviation_deg", "mpta_deg", "mldta_deg"):
        assert frame[name] == pytest.approx(rail[name], abs=0.15)


@pytest.mark.parametrize("device", FRAMES)
def test_a_frame_does_nothing_at_surgery_and_all_of_it_by_day(
    dora_measured: MeasuredFilm, device: str
) -> None:
    sheet, by_rail = (
        planned(dora_measured, name, 20.0).sheet for name in (device, "example-rail")
    )
    nothing = Pose(not_measured=HIDDEN).seen()
    assert sheet.acute_pose == nothing != by_rail.acute_pose
    assert sheet.gradual_pose == sheet.target_pose == by_rail.target_pose
    assert sheet.approach == ""
    assert sheet.nail is None


def test_every_day_of_a_hexapod_has_its_struts_and_the_last_one_the_gain(
    dora_measured: MeasuredFilm,
) -> None:
    sheet = planned(dora_measured, "example-hexapod", 20.0).sheet
    turns = sheet.prescription.turns
    protocol = sheet.prescription.protocol
    assert sheet.prescription.total_mm == sheet.gain_mm == 20.0
    assert [t.day for t in turns] == [*range(turns[0].day, turns[-1].day + 1)]
    assert turns[0].day == protocol.latency_days
    assert all(len(t.lengths_mm) == 6 for t in turns)
    assert max(t.turn_mm for t in turns) <= protocol.rate_mm_per_day + 0.0005


def test_the_hinges_of_a_ring_open_the_wedge_and_its_rods_do_the_rest(
    dora_measured: MeasuredFilm,
) -> None:
    sheet = planned(dora_measured, "example-ring", 20.0).sheet
    assert sheet.prescription.total_mm == pytest.approx(20, abs=0.13)
    wedge = sheet.prescription.total_mm - sheet.settings.extension_mm
    turn = sheet.target_pose["valgus_deg"]
    assert isinstance(turn, float)
    # Two chords of 20 mm, from the apex to the convex cortex.
    assert wedge == pytest.approx(40 * 0.0087266 * turn, abs=0.01)


def test_a_ring_that_turns_nothing_draws_out_as_a_rail_does(
    dora_measured: MeasuredFilm,
) -> None:
    ring, rail = (
        work_out(dora_measured, gaining("R.tibia", 30.0, f"example-{kind}"))
        for kind in ("ring", "rail")
    )
    assert ring.frames == rail.frames == {}
    (sheet,), (by_rail,) = (w.proposal.segments.values() for w in (ring, rail))
    assert sheet.frame is None
    assert sheet.prescription.turns == by_rail.prescription.turns
    assert sheet.settings == by_rail.settings
    assert ring.poses == rail.poses
    assert sheet.doubt == by_rail.doubt


@pytest.mark.parametrize("device", FRAMES)
def test_a_limb_that_nobody_measured_is_assumed_and_said(
    dora_measured: MeasuredFilm, device: str
) -> None:
    silent = planned(dora_measured, device, radius={})
    (found,) = (f for f in silent.findings if f.key == "frame.limb_assumed")
    assert (found.level, found.about) == (Level.CAUTION, "L.tibia")
    assert "60 mm from its middle to the skin" in found.sentence
    said = planned(dora_measured, device, radius={"L.tibia": 60.0})
    assert "frame.limb_assumed" not in {f.key for f in said.findings}
    assert said.sheet.frame == silent.sheet.frame


def test_a_wider_limb_gets_a_wider_ring_or_none(dora_measured: MeasuredFilm) -> None:
    slim, stout = (
        planned(dora_measured, "example-hexapod", radius={"L.tibia": mm}).sheet.frame
        for mm in (45.0, 75.0)
    )
    assert slim is not None
    assert stout is not None
    assert "two rings full 140" in slim.built
    assert "two rings full 200" in stout.built
    with pytest.raises(DeviceRefusal, match="a limb of radius 130 mm needs a ring of"):
        planned(dora_measured, "example-hexapod", radius={"L.tibia": 130.0})


@pytest.mark.parametrize("device", ["example-rail", *FRAMES])
def test_the_doubt_of_an_external_device_shows_what_a_frontal_film_shows(
    dora_measured: MeasuredFilm, device: str
) -> None:
    found = planned(dora_measured, device, 20.0)
    doubt, own = found.sheet.doubt, found.own
    assert doubt is not None
    assert own is not None
    assert {*doubt.residual} == {*PLANES["frontal"]}
    assert own.doubt().chance_of_second_program < doubt.chance_of_second_program


def test_the_doubt_of_a_nail_is_in_its_own_sheet(dora_measured: MeasuredFilm) -> None:
    sheet = planned(dora_measured, "example-nail", 20.0).sheet
    assert sheet.doubt is None
    assert sheet.nail is not None

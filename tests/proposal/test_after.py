"""The limbs as planned: what is left crooked, unequal, or worse is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.alignment import MeasuredFilm
from callotasis.findings import Finding, Level
from callotasis.plan import Fibula, Hinge
from callotasis.pose import Side
from dora import ORDER, work_out

GAIN = replace(ORDER, equalise=None, correct=(), fibula={})
FIXED = Fibula(90.0, fixed_proximally=True, fixed_distally=True)


def said(measured: MeasuredFilm, gains: dict[str, float]) -> dict[str, Finding]:
    """Findings of gains alone, by name."""
    device = dict.fromkeys(gains, "example-rail")
    fibula = {s: FIXED for s in gains if s.endswith("tibia")}
    order = replace(GAIN, gain_mm=gains, device=device, fibula=fibula)
    return {f.reference: f for f in work_out(measured, order).proposal.findings}


def test_lengthening_the_longer_leg_is_a_stop(dora_measured: MeasuredFilm) -> None:
    found = said(dora_measured, {"L.femur": 20.0})["plan.longer"]
    assert found.level is Level.STOP
    assert found.action == "Lengthen the other leg."


def test_a_difference_that_stays_is_a_caution(dora_measured: MeasuredFilm) -> None:
    found = said(dora_measured, {"R.femur": 10.0})
    assert found["plan.residual"].level is Level.CAUTION
    assert "plan.longer" not in found


def test_a_crooked_bone_that_nobody_corrects_is_named(
    dora_measured: MeasuredFilm,
) -> None:
    found = said(dora_measured, {"R.femur": 10.0})
    assert found["plan.left_crooked@L.tibia"].level is Level.CAUTION
    corrected = work_out(dora_measured).proposal.findings
    assert not [f for f in corrected if f.key == "plan.left_crooked"]


def test_the_turn_that_a_nail_asks_for_corrects_no_bone(
    dora_measured: MeasuredFilm,
) -> None:
    order = replace(
        GAIN,
        gain_mm={"L.tibia": 20.0},
        device={"L.tibia": "example-nail"},
        fibula={"L.tibia": FIXED},
    )
    worked = work_out(dora_measured, order)
    (target,) = worked.targets.values()
    assert target.acute.valgus_deg != 0
    keys = {f.reference for f in worked.proposal.findings}
    assert "plan.left_crooked@L.tibia" in keys


def test_both_bones_of_one_leg_together_are_a_caution(
    dora_measured: MeasuredFilm,
) -> None:
    found = said(dora_measured, {"R.femur": 10.0, "R.tibia": 15.0})
    assert found["plan.both_bones@R"].level is Level.CAUTION


def test_an_axis_that_stays_crooked_is_a_caution(dora_measured: MeasuredFilm) -> None:
    """Hinged at a cut far below the apex, the turn reaches only the ankle."""
    low = {"cut_mm": {"L.tibia": 280.0}, "hinge": {"L.tibia": Hinge.CUT}}
    found = work_out(dora_measured, replace(ORDER, equalise=None, **low)).proposal
    (left,) = (f for f in found.findings if f.key == "plan.axis_after")
    assert (left.level, left.about) == (Level.CAUTION, "L")
    assert "stays crooked" in left.sentence


def test_a_straight_leg_after_the_plan_needs_no_word(
    dora_measured: MeasuredFilm,
) -> None:
    proposal = work_out(dora_measured).proposal
    for side in Side:
        deviation = proposal.after.sides[side]["hka_deviation_deg"].value
        assert deviation == pytest.approx(0, abs=3)
    assert not [f for f in proposal.findings if f.key == "plan.axis_after"]

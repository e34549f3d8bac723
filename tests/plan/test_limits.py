"""Limits: what a plan must say besides its geometry, and when it must stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.goal import Goal, Maturity
from callotasis.plan import (
    Fibula,
    Osteotomy,
    Target,
    acute_findings,
    adjuncts_for,
    alternatives_to,
    fibula_findings,
    gain_findings,
    maturity_findings,
)
from callotasis.pose import Bone, Pose, Segment, Side

FEMUR = Segment(Side.RIGHT, Bone.FEMUR)
TIBIA = Segment(Side.LEFT, Bone.TIBIA)
PLANNED = Fibula(90.0, fixed_proximally=True, fixed_distally=True)


def _target(segment: Segment, gain_mm: float, bone_mm: float = 400.0) -> Target:
    return Target(segment, Osteotomy(120.0), Pose(), Pose(), gain_mm, bone_mm)


def _levels(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.key, str(finding.level)) for finding in findings]


# The gain.


@pytest.mark.parametrize(
    ("gain_mm", "levels"),
    [
        (30.0, []),
        (50.0, []),
        (50.1, ["caution"]),
        (80.0, ["caution"]),
        (80.1, ["stop"]),
    ],
)
def test_a_gain_is_judged_by_its_length(gain_mm: float, levels: list[str]) -> None:
    found = gain_findings(_target(FEMUR, gain_mm, bone_mm=1000.0))
    assert [str(f.level) for f in found] == levels


@pytest.mark.parametrize(
    ("share", "levels"),
    [
        (15.0, []),
        (20.0, []),
        (20.1, ["caution"]),
        (30.0, ["caution"]),
        (30.1, ["stop"]),
    ],
)
def test_a_gain_is_judged_by_its_share_of_the_bone(
    share: float, levels: list[str]
) -> None:
    found = gain_findings(_target(FEMUR, share, bone_mm=100.0))
    assert [str(f.level) for f in found] == levels


def test_a_gain_above_both_limits_is_said_twice() -> None:
    found = gain_findings(_target(TIBIA, 90.0, bone_mm=280.0))
    assert _levels(found) == [("plan.gain", "stop"), ("plan.gain_share", "stop")]
    assert all("left tibia" in f.sentence and f.about == "L.tibia" for f in found)
    assert "90 mm" in found[0].sentence
    assert "32 % of the bone" in found[1].sentence
    assert [f.evidence for f in found] == ["plan.gain_strong", "plan.gain_share_strong"]


@given(st.floats(0.1, 150), st.floats(0, 100), st.floats(200, 600))
def test_a_larger_gain_is_never_judged_more_gently(
    gain_mm: float, more_mm: float, bone_mm: float
) -> None:
    order = {Level.NOTE: 0, Level.CAUTION: 1, Level.STOP: 2}

    def loudness(gain: float) -> int:
        found = gain_findings(_target(FEMUR, gain, bone_mm))
        return sum(1 + order[f.level] for f in found)

    assert loudness(gain_mm) <= loudness(gain_mm + more_mm)


# The fibula.


def test_a_femur_has_no_fibula() -> None:
    assert fibula_findings(_target(FEMUR, 40.0), Fibula()) == []


def test_a_forgotten_fibula_is_a_stop_that_names_everything_missing() -> None:
    (stop,) = fibula_findings(_target(TIBIA, 40.0), Fibula())
    assert (stop.level, stop.key, stop.about) == (Level.STOP, "plan.fibula", "L.tibia")
    for what in ("level of the fibular cut", "proximal tibiofibular", "distal tibio"):
        assert what in stop.sentence


@pytest.mark.parametrize(
    ("fibula", "named", "silent"),
    [
        (Fibula(None, True, True), "level of the fibular cut", "tibiofibular"),
        (Fibula(90.0, False, True), "proximal tibiofibular", "distal"),
        (Fibula(90.0, True, False), "distal tibiofibular", "proximal"),
    ],
)
def test_only_what_is_missing_of_a_fibula_is_named(
    fibula: Fibula, named: str, silent: str
) -> None:
    (stop,) = fibula_findings(_target(TIBIA, 40.0), fibula)
    assert stop.level is Level.STOP
    assert named in stop.sentence
    assert silent not in stop.sentence


def test_a_fibula_planned_in_full_says_nothing() -> None:
    assert fibula_findings(_target(TIBIA, 40.0), PLANNED) == []


@pytest.mark.parametrize("cut_mm", [-1.0, 0.0, 400.0, float("nan")])
def test_a_fibula_cut_outside_the_leg_is_refused(cut_mm: float) -> None:
    with pytest.raises(PlanRefusal, match=r"fibular cut of L\.tibia at"):
        fibula_findings(_target(TIBIA, 40.0), Fibula(cut_mm, True, True))


@pytest.mark.parametrize("cut_mm", [5.0, 20.0, 170.0, 390.0])
def test_a_fibula_cut_near_the_syndesmosis_or_the_nerve_is_a_caution(
    cut_mm: float,
) -> None:
    (caution,) = fibula_findings(_target(TIBIA, 40.0), Fibula(cut_mm, True, True))
    assert (caution.level, caution.key) == (Level.CAUTION, "plan.fibula_level")
    assert f"{cut_mm:.0f} mm above the ankle" in caution.sentence


# Maturity.


def test_a_grown_skeleton_says_nothing() -> None:
    goal = Goal(gain_mm={FEMUR: 40.0}, maturity=Maturity.MATURE)
    assert maturity_findings(goal) == []


def test_a_skeleton_of_unknown_maturity_is_a_stop() -> None:
    (stop,) = maturity_findings(Goal(gain_mm={FEMUR: 40.0}))
    assert (stop.level, stop.key) == (Level.STOP, "maturity.unknown")


def test_a_growing_skeleton_is_refused() -> None:
    goal = Goal(gain_mm={FEMUR: 40.0}, maturity=Maturity.IMMATURE)
    with pytest.raises(PlanRefusal, match="skeleton is immature"):
        maturity_findings(goal)


def test_a_grown_skeleton_of_a_child_is_a_stop() -> None:
    goal = Goal(gain_mm={FEMUR: 40.0}, maturity=Maturity.MATURE, age_years=12.0)
    (stop,) = maturity_findings(goal)
    assert (stop.level, stop.key) == (Level.STOP, "maturity.young")
    assert "12 years" in stop.sentence
    grown = Goal(gain_mm={FEMUR: 40.0}, maturity=Maturity.MATURE, age_years=14.0)
    assert maturity_findings(grown) == []


# What is done at once.


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("turn_deg", "step_mm", "keys", "level"),
    [
        (15.0, 15.0, [], Level.NOTE),
        (15.1, 0.0, ["plan.acute_turn"], Level.CAUTION),
        (0.0, 15.1, ["plan.acute_step"], Level.CAUTION),
        (20.1, 20.1, ["plan.acute_turn", "plan.acute_step"], Level.STOP),
    ],
)
def test_a_large_turn_or_step_at_surgery_is_a_caution_and_then_a_stop(
    turn_deg: float, step_mm: float, keys: list[str], level: Level, sign: int
) -> None:
    acute = Pose(lateral_mm=sign * step_mm, valgus_deg=-sign * turn_deg)
    target = Target(TIBIA, Osteotomy(120.0), acute, Pose(valgus_deg=40.0), 0.0, 350.0)
    found = acute_findings(target)
    assert [finding.key for finding in found] == keys
    for finding in found:
        assert finding.level is level
        assert finding.about == "L.tibia"
        assert finding.evidence == finding.key
        assert "left tibia" in finding.sentence


# Adjuncts.


@pytest.mark.parametrize(
    ("gain_mm", "bone_mm", "called_for"),
    [
        (42.0, 400.0, False),
        (42.1, 400.0, True),
        (39.0, 300.0, False),
        (39.1, 300.0, True),
        (60.0, 400.0, True),
    ],
)
def test_calf_surgery_is_called_for_above_42_mm_or_13_percent_of_a_tibia(
    gain_mm: float, bone_mm: float, called_for: bool
) -> None:
    found = adjuncts_for(_target(TIBIA, gain_mm, bone_mm))
    assert len(found) == called_for
    for adjunct in found:
        assert "gastrocsoleus" in adjunct.procedure
        assert adjunct.segment == "L.tibia"
        assert f"{gain_mm:.0f} mm" in adjunct.trigger
        assert constant(adjunct.evidence).value == 42.0


@pytest.mark.parametrize(("gain_mm", "called_for"), [(45.0, False), (45.1, True)])
def test_the_iliotibial_band_is_released_above_45_mm_of_a_femur(
    gain_mm: float, called_for: bool
) -> None:
    found = adjuncts_for(_target(FEMUR, gain_mm))
    assert len(found) == called_for
    for adjunct in found:
        assert "iliotibial band" in adjunct.procedure
        assert adjunct.segment == "R.femur"


# Alternatives.


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_small_difference_can_be_lifted_or_left(sign: int) -> None:
    found = alternatives_to(sign * 12.0, [FEMUR])
    assert [a.name for a in found] == ["shoe lift", "doing nothing"]
    assert "serves a difference of 12 mm" in found[0].sentence


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("amount", "word"), [(35.0, "within"), (65.0, "beyond")])
def test_a_large_difference_can_also_be_shortened_on_the_other_side(
    amount: float, word: str, sign: int
) -> None:
    found = alternatives_to(sign * amount, [FEMUR])
    names = [a.name for a in found]
    assert names == ["shoe lift", "shortening the other leg", "doing nothing"]
    assert "heavy and unstable" in found[0].sentence
    assert f"by {amount:.0f} mm is {word} the usual 50 mm" in found[1].sentence


def test_doing_nothing_is_always_named_with_every_bone() -> None:
    for difference in (None, 0.0, 12.0, 80.0):
        last = alternatives_to(difference, [FEMUR, TIBIA])[-1]
        assert last.name == "doing nothing"
        assert "right femur, left tibia" in last.sentence


def test_nothing_is_said_of_a_difference_that_nobody_measured() -> None:
    assert [a.name for a in alternatives_to(None, [FEMUR])] == ["doing nothing"]


def test_every_alternative_has_its_evidence() -> None:
    for alternative in alternatives_to(60.0, [FEMUR]):
        assert constant(alternative.evidence).statement

"""Lines of joint ranges: where they lie, in which phase, and who crosses them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.findings import Level
from callotasis.pose import Bone
from callotasis.rehabilitation import Motion, lines_crossed, range_lines
from callotasis.rehabilitation.ranges import POSSIBLE_DEG, WITHOUT_A_LINE
from callotasis.softtissue.ranges import ALLOWED_DEG, Ranges

FLEXION, CONTRACTURE, ANKLE = Motion
ON_THE_WAY = (Phase.LATENCY, Phase.DISTRACTION, Phase.CONSOLIDATION, Phase.LOADING)


def worst(
    bone: Bone, phase: Phase, motion: Motion, value: float
) -> tuple[Level, float] | None:
    """Level and place of the line that a range crosses."""
    crossed = lines_crossed(bone, phase, {motion: value})
    return (crossed[0].level, crossed[0].at_deg) if crossed else None


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (90, None),
        (89, (Level.NOTE, 90)),
        (60, (Level.NOTE, 90)),
        (59, (Level.CAUTION, 60)),
        (46, (Level.CAUTION, 60)),
        (45, (Level.STOP, 45)),
        (30, (Level.STOP, 45)),
    ],
)
def test_a_femurs_knee_has_a_goal_and_two_alarms(
    bend: float, said: tuple[Level, float] | None
) -> None:
    assert worst(Bone.FEMUR, Phase.DISTRACTION, FLEXION, bend) == said


@pytest.mark.parametrize("bone", Bone)
@pytest.mark.parametrize("phase", ON_THE_WAY)
@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        (9, None),
        (10, (Level.CAUTION, 10)),
        (20, (Level.CAUTION, 10)),
        (21, (Level.STOP, 20)),
        (-5, None),
    ],
)
def test_a_knee_that_is_not_straight_is_told_on_either_bone(
    bone: Bone, phase: Phase, lacks: float, said: tuple[Level, float] | None
) -> None:
    assert worst(bone, phase, CONTRACTURE, lacks) == said


@pytest.mark.parametrize(
    ("phase", "rises", "said"),
    [
        (Phase.DISTRACTION, 0, None),
        (Phase.DISTRACTION, -1, (Level.CAUTION, 0)),
        (Phase.DISTRACTION, -10, (Level.CAUTION, 0)),
        (Phase.DISTRACTION, -11, (Level.STOP, -10)),
        (Phase.CONSOLIDATION, 0, None),
        (Phase.CONSOLIDATION, -11, (Level.CAUTION, 0)),
    ],
)
def test_a_tibias_foot_comes_to_a_right_angle(
    phase: Phase, rises: float, said: tuple[Level, float] | None
) -> None:
    assert worst(Bone.TIBIA, phase, ANKLE, rises) == said


def test_where_nothing_is_turned_nothing_is_slowed_down_or_stopped() -> None:
    for phase in (Phase.LATENCY, Phase.CONSOLIDATION, Phase.LOADING):
        for bone in Bone:
            for line in range_lines(bone, phase):
                assert "slow" not in line.action
                assert "Stop lengthening" not in line.action


def test_a_knee_that_is_stiff_in_the_first_days_raises_no_alarm() -> None:
    """Knees lost 79 degrees before lengthening began (Barker 2001)."""
    assert worst(Bone.FEMUR, Phase.LATENCY, FLEXION, 30) == (Level.NOTE, 90)
    assert worst(Bone.FEMUR, Phase.LOADING, FLEXION, 30) == (Level.CAUTION, 60)


def test_lines_that_nobody_read_are_not_there() -> None:
    assert range_lines(Bone.FEMUR, Phase.PLANNED) == ()
    femur = {line.motion for line in range_lines(Bone.FEMUR, Phase.DISTRACTION)}
    tibia = {line.motion for line in range_lines(Bone.TIBIA, Phase.DISTRACTION)}
    assert ANKLE not in femur
    assert FLEXION not in tibia


@given(
    st.sampled_from(Bone),
    st.sampled_from(ON_THE_WAY),
    st.sampled_from(Motion),
    st.floats(-20, 50),
    st.floats(0, 20),
)
def test_a_worse_range_never_crosses_fewer_lines(
    bone: Bone, phase: Phase, motion: Motion, value: float, worse: float
) -> None:
    lines = [line for line in range_lines(bone, phase) if line.motion is motion]
    for line in lines:
        step = -worse if line.below else worse
        assert line.crossed(value + step) or not line.crossed(value)


def test_lines_of_one_joint_grow_worse_in_order() -> None:
    for bone in Bone:
        for motion in Motion:
            lines = [
                line
                for line in range_lines(bone, Phase.DISTRACTION)
                if line.motion is motion
            ]
            places = [line.at_deg for line in lines]
            assert places == sorted(places, reverse=motion is not CONTRACTURE)


@pytest.mark.parametrize("value", [166, -1, float("nan")])
def test_a_range_that_no_joint_has_is_refused(value: float) -> None:
    with pytest.raises(PlanRefusal, match="knee_flexion_deg is"):
        lines_crossed(Bone.FEMUR, Phase.DISTRACTION, {FLEXION: value})


def test_a_joint_that_nobody_measured_crosses_nothing() -> None:
    assert lines_crossed(Bone.FEMUR, Phase.DISTRACTION, {}) == ()


def test_the_ranges_of_an_exam_are_read_as_they_stand() -> None:
    exam = Ranges(
        knee_flexion_deg=50.0, hip_extension_deg=-10.0, popliteal_angle_deg=40.0
    )
    (line,) = lines_crossed(Bone.FEMUR, Phase.DISTRACTION, exam.measured())
    assert (line.motion, line.at_deg) == (FLEXION, 60)
    assert {*Motion, *WITHOUT_A_LINE} == {*ALLOWED_DEG}
    for motion, limits in POSSIBLE_DEG.items():
        assert ALLOWED_DEG[motion] == limits


def test_a_misspelled_range_is_refused_lest_its_alarm_be_lost() -> None:
    with pytest.raises(PlanRefusal, match="range 'knee_flexion' is unknown"):
        lines_crossed(Bone.FEMUR, Phase.DISTRACTION, {"knee_flexion": 30.0})

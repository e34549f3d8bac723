"""Exercises: every one can be done, dosed and stopped, and reads easily."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.rehabilitation import every_exercise
from callotasis.rehabilitation.exercises import DOSES, Exercise, dose_of
from reading import grade

EXERCISES = every_exercise()
LOADED = {"calf_stretch_straight", "calf_stretch_bent", "weight_shift", "balance"}


@pytest.fixture(params=EXERCISES.values(), ids=list(EXERCISES))
def exercise(request: pytest.FixtureRequest) -> Exercise:
    found: Exercise = request.param
    return found


def test_the_usual_exercises_of_a_lengthened_leg_are_there() -> None:
    assert len(EXERCISES) == 20
    wanted = "ankle_pump heel_slide prone_knee_bend knee_towel quad_set partial_walk"
    assert {*wanted.split()} <= {*EXERCISES}


def test_an_exercise_says_what_for_and_when_to_stop(exercise: Exercise) -> None:
    assert exercise.purpose.endswith(".")
    assert 2 <= len(exercise.steps) <= 4
    assert all(step.endswith(".") for step in exercise.steps)
    assert not exercise.stop_when.endswith(".")
    assert exercise.stop_when[0].islower()
    assert exercise.nail or exercise.external


def test_an_exercise_is_read_by_a_child_of_twelve(exercise: Exercise) -> None:
    text = " ".join((exercise.purpose, *exercise.steps, f"{exercise.stop_when}."))
    assert grade(text) <= 6.5
    assert max(len(step.split()) for step in exercise.steps) <= 16


def test_a_patients_words_hold_no_number_that_a_source_must_carry(
    exercise: Exercise,
) -> None:
    text = " ".join((exercise.purpose, *exercise.steps, exercise.stop_when))
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize("kind", DOSES)
def test_a_dose_is_what_its_rows_say(kind: str) -> None:
    dose, rows = dose_of(kind), DOSES[kind]
    row = constant(rows.times_a_day)
    assert dose.times_a_day == (row.low, row.high)
    assert dose.repetitions[1] or dose.minutes[1]
    assert all(low <= high for low, high in (dose.repetitions, dose.hold_s))
    assert {*dose.evidence} == {k for k in vars(rows).values() if k}


def test_a_printed_number_of_a_session_is_no_number_for_home() -> None:
    two, one = dose_of("two-joint stretch"), dose_of("one-joint stretch")
    assert (two.in_session, one.in_session) == ((20, 30), (10, 15))
    assert two.repetitions == one.repetitions == (3, 5)


def test_what_nobody_read_is_told() -> None:
    assert dose_of("strength").proposed
    assert not replace(
        dose_of("strength"), evidence=("rehabilitation.stretch_hold",)
    ).proposed


@pytest.mark.parametrize("name", sorted(LOADED))
def test_a_nailed_bone_that_grows_is_not_loaded_by_an_exercise(name: str) -> None:
    for bone in Bone:
        for phase in (Phase.LATENCY, Phase.DISTRACTION):
            assert not EXERCISES[name].suits(bone, phase, Kind.NAIL)


def test_nobody_with_a_frame_is_told_to_lie_on_it() -> None:
    for name in ("prone_knee_bend", "prone_hang", "hip_extension", "side_abduction"):
        for kind in (Kind.RAIL, Kind.RING, Kind.HEXAPOD):
            assert not EXERCISES[name].suits(Bone.FEMUR, Phase.DISTRACTION, kind)


def test_an_unknown_dose_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="dose of heel_slide is 'a lot'; known are"):
        replace(EXERCISES["heel_slide"], dose="a lot")

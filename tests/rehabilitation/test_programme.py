"""The programme: sessions and exercises by phase, bone, device and ranges."""

from __future__ import annotations

import pytest

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.evidence import FACT_FOR_A_PATIENT, Mark, constant
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.rehabilitation import About, Motion, programme
from callotasis.rehabilitation.programme import SPLINTS, every_advice
from reading import grade

TEXTS = [*(a.text for a in every_advice()), *(text for text, _ in SPLINTS.values())]
STIFF = {Motion.KNEE_FLEXION: 55.0}


@pytest.mark.parametrize(
    ("phase", "sessions"),
    [(Phase.DISTRACTION, (3, 5)), (Phase.CONSOLIDATION, (2, 3))],
)
def test_sessions_are_those_that_were_read(
    phase: Phase, sessions: tuple[float, float]
) -> None:
    found = programme(Bone.FEMUR, phase, Kind.NAIL)
    assert found.sessions_a_week == sessions
    assert constant(found.sessions_evidence).mark is Mark.READ_IN_ABSTRACT


@pytest.mark.parametrize("bone", Bone)
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("kind", Kind)
def test_every_leg_has_something_to_train_in_every_phase(
    bone: Bone, phase: Phase, kind: Kind
) -> None:
    found = programme(bone, phase, kind)
    assert 8 <= len(found.exercises) <= 16
    assert found.about(About.WALKING)
    assert found.status == "a proposal: a clinician decides"
    assert any(e.dose.endswith("stretch") for e in found.exercises)


def test_a_lengthened_tibia_has_a_splint_for_its_ankle_and_a_femur_has_none() -> None:
    femur, tibia = (
        " ".join(programme(b, Phase.DISTRACTION, Kind.RING).about(About.REST))
        for b in Bone
    )
    assert "ankle" in tibia
    assert "ankle" not in femur
    assert "No pillow under the knee." in femur


def test_a_knee_beyond_an_alarm_is_seen_every_day() -> None:
    found = programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL, STIFF)
    assert found.sessions_a_week == (5, 7)
    assert [line.at_deg for line in found.crossed] == [60]


def test_a_goal_that_is_not_reached_is_no_alarm() -> None:
    bend = {Motion.KNEE_FLEXION: 80.0}
    found = programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL, bend)
    assert found.sessions_a_week == (3, 5)
    assert [line.at_deg for line in found.crossed] == [90]


@pytest.mark.parametrize(
    ("bone", "measured", "splint"),
    [
        (Bone.FEMUR, {Motion.KNEE_EXTENSION_LACK: 12.0}, "extension splint"),
        (Bone.TIBIA, {Motion.DORSIFLEXION: -3.0}, "nearly all day"),
    ],
)
def test_a_crossed_line_brings_its_splint(
    bone: Bone, measured: dict[Motion, float], splint: str
) -> None:
    before = programme(bone, Phase.DISTRACTION, Kind.NAIL)
    found = programme(bone, Phase.DISTRACTION, Kind.NAIL, measured)
    assert splint in " ".join(found.about(About.REST))
    assert splint not in " ".join(before.about(About.REST))


def test_a_range_that_no_joint_has_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="knee_flexion_deg is 900"):
        programme(
            Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL, {Motion.KNEE_FLEXION: 900.0}
        )


@pytest.mark.parametrize("text", TEXTS)
def test_advice_is_short_and_holds_no_number(text: str) -> None:
    assert grade(text) <= 6.5
    assert not any(letter.isdigit() for letter in text)


def test_a_splint_by_day_takes_the_place_of_one_by_night() -> None:
    low = {"dorsiflexion_knee_straight_deg": -3.0}
    rest = programme(Bone.TIBIA, Phase.DISTRACTION, Kind.RING, low).about(About.REST)
    assert sum("ankle" in text for text in rest) == 1


def test_what_a_source_does_not_carry_is_asked_of_the_team_or_plain_care() -> None:
    for text, evidence in SPLINTS.values():
        known = constant(evidence).mark in FACT_FOR_A_PATIENT
        assert known or text.startswith("Ask your team")
    for advice in every_advice():
        if advice.evidence and advice.mark not in FACT_FOR_A_PATIENT:
            assert "your team" in advice.text
    assert {a.mark for a in every_advice() if not a.evidence} == {Mark.PROPOSAL}

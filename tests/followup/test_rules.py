"""Every rule of follow-up: what fires it, what must not, and how it speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Change, Phase
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation import Kind
from callotasis.followup import (
    Judged,
    Observed,
    Rule,
    Sign,
    Soon,
    every_rule,
    judge,
    one_for_each_cause,
)
from callotasis.followup.diary import Fact, diary_of
from callotasis.followup.rules import EMERGENCY_UNSAID, Fired, grave
from callotasis.pose import Bone
from dora import LEFT_TIBIA, RIGHT_FEMUR

Facts = dict[str, Fact]


@dataclass(frozen=True)
class Table:
    """Facts that fire a rule, one set for each group of its lines, and near misses."""

    fires: tuple[Facts, ...]
    misses: tuple[Facts, ...]


def told(*signs: str, **other: Fact) -> Table:
    """Any of these signs fires the rule; a sign that is gone does not."""
    return Table(
        tuple({sign: 1.0, **other} for sign in signs),
        tuple({sign: 0.0, **other} for sign in signs),
    )


DENSE: Facts = {
    "short_mm": 3.0,
    "callus_shape": "fusiform",
    "callus_density": "normal",
}
EARLY, LATE = {"day": 3.0}, {"day": 4.0}

TABLE: dict[str, Table] = {
    "flag.clot": Table(
        (
            *({sign: 1.0} for sign in ("calf_pain", "calf_swelling", "chest_pain")),
            {"breathless": 1.0, **LATE},
            {"breathless": 1.0, "day": -4.0},
        ),
        ({"calf_pain": 0.0}, {"breathless": 1.0, **EARLY}, LATE),
    ),
    "flag.fat_embolism": Table(
        tuple({s: 1.0, **EARLY} for s in ("breathless", "confused", "red_spots")),
        tuple({s: 1.0, **LATE} for s in ("breathless", "confused", "red_spots")),
    ),
    "flag.compartment": told(
        "pain_out_of_proportion", "pain_on_toe_stretch", "tense_leg"
    ),
    "flag.confused": Table(
        ({"confused": 1.0, **LATE}, {"confused": 1.0, "day": -4.0}),
        ({"confused": 1.0, **EARLY}, LATE),
    ),
    "flag.suicide": Table(
        ({"phq9_item9": 1.0},), ({"phq9_item9": 0.0}, {"phq9": 20.0})
    ),
    "symptom.words": Table(({"own_words": 1.0},), ({"pain": 3.0},)),
    "nerve.power": Table(
        ({"ankle_power": 3.0}, {"toe_power": 3.0}, {"foot_drop": 1.0}),
        ({"ankle_power": 4.0, "toe_power": 4.0, "foot_drop": 0.0},),
    ),
    "nerve.feeling": told("numbness", "burning"),
    "nerve.feeling_late": told("numbness", "burning"),
    "infection.deep": Table(
        ({"late_pain": 1.0, "crp_mg_per_l": 10.1},),
        (
            {"late_pain": 1.0, "crp_mg_per_l": 10.0},
            {"late_pain": 0.0, "crp_mg_per_l": 50.0},
            {"late_pain": 1.0},
        ),
    ),
    "infection.fever": told("fever", "wound_leaks"),
    "pin.infected": told("pin_pus"),
    "pin.suspect": told("pin_wet", "pin_red", "pin_pain", "pin_loose"),
    "callus.dense_behind": Table(
        (DENSE,),
        (
            {**DENSE, "short_mm": 0.0},
            {**DENSE, "callus_shape": "concave"},
            {**DENSE, "callus_density": "intermediate"},
            {"short_mm": 3.0},
        ),
    ),
    "length.short": Table(({"short_mm": 0.5},), ({"short_mm": 0.0}, {})),
    "length.ahead": Table(({"ahead_mm": 0.5},), ({"ahead_mm": 0.0}, {})),
    "length.shrunk": Table(({"shrunk_mm": 40.0},), ({"shrunk_mm": 0.0}, {})),
    "length.behind": Table(({"behind_twice": 1.0},), ({"behind_twice": 0.0}, {})),
    "callus.failing": Table(
        ({"callus_poor": 1.0, "slowed_days": 14.0},),
        (
            {"callus_poor": 1.0, "slowed_days": 13.0},
            {"callus_poor": 0.0, "slowed_days": 20.0},
            {"callus_poor": 1.0, "turning_days": 60.0},
        ),
    ),
    "callus.late": Table(
        ({"callus_poor": 1.0, "turning_days": 21.0},),
        (
            {"callus_poor": 1.0, "turning_days": 20.0},
            {"callus_poor": 0.0, "turning_days": 30.0},
        ),
    ),
    "callus.narrow": Table(({"width_ratio": 0.69},), ({"width_ratio": 0.7}, {})),
    "axis.drift": Table(
        ({"axis_drift_deg": -5.0, "axis_drift_size_deg": 5.0},),
        ({"axis_drift_deg": 4.9, "axis_drift_size_deg": 4.9},),
    ),
    "bone.event": told("crack", "leg_crooked", "fall"),
    "nail.junction": Table(
        ({"late_pain": 1.0, "market": "recalled"},),
        (
            {"late_pain": 1.0, "market": "available"},
            {"late_pain": 0.0, "market": "recalled"},
        ),
    ),
    "pain.late": told("late_pain"),
    "hip.late": told("hip_pain"),
    "device.stuck": told("device_stuck"),
    "knee.stop": Table(({"knee_flexion_deg": 45.0},), ({"knee_flexion_deg": 45.5},)),
    "knee.low": Table(({"knee_flexion_deg": 59.0},), ({"knee_flexion_deg": 60.0},)),
    "knee.goal": Table(
        ({"knee_flexion_deg": 89.0, "day": 7.0},),
        (
            {"knee_flexion_deg": 89.0, "day": 6.0},
            {"knee_flexion_deg": 90.0, "day": 7.0},
        ),
    ),
    "knee.slipping": Table(
        ({"knee_extension_lack_deg": 20.5},), ({"knee_extension_lack_deg": 20.0},)
    ),
    "knee.contracture": Table(
        ({"knee_extension_lack_deg": 10.0},), ({"knee_extension_lack_deg": 9.0},)
    ),
    "ankle.equinus": Table(({"equinus_deg": 10.5},), ({"equinus_deg": 10.0},)),
    "ankle.neutral": Table(
        ({"dorsiflexion_knee_straight_deg": -1.0},),
        ({"dorsiflexion_knee_straight_deg": 0.0},),
    ),
    "ankle.equinus_left": Table(({"equinus_deg": 1.0},), ({"equinus_deg": -0.0},)),
    "pain.high": Table(({"pain": 7.0},), ({"pain": 6.0},)),
    "pain.rising": Table(({"pain_rise": 2.0},), ({"pain_rise": 1.9},)),
    "mood.severe": Table(
        ({"phq9": 15.0}, {"gad7": 15.0}), ({"phq9": 14.0, "gad7": 14.0},)
    ),
    "mood.low": Table(({"phq9": 10.0}, {"gad7": 10.0}), ({"phq9": 9.0, "gad7": 9.0},)),
    "life.alone": Table(({"loneliness": 3.0},), ({"loneliness": 1.0},)),
    "life.sleepless": Table(({"sleep": 4.0},), ({"sleep": 2.0},)),
    "life.kept_from_work": Table(({"work": 7.0},), ({"work": 5.0},)),
    "pain.back_or_knee": Table(
        ({"back_pain": 7.0}, {"knee_pain": 7.0}), ({"back_pain": 6.0},)
    ),
}
RULES = {rule.key: rule for rule in every_rule()}
ALIVE = [phase for phase in Phase if phase is not Phase.PLANNED]


def known(facts: Facts, today: int = 3) -> Any:
    """Know these facts since the day before today."""
    return diary_of({name: [(today - 1, x)] for name, x in facts.items()}, today)


def bone_for(rule: Rule, facts: Facts, today: int = 3) -> Judged:
    """Find a bone of which a rule speaks, with these facts."""
    segment = RIGHT_FEMUR if Bone.FEMUR in (rule.bones or (*Bone,)) else LEFT_TIBIA
    [kind, *_] = rule.kinds or (*Kind,)
    [phase, *_] = rule.phases or ALIVE
    return Judged(segment, kind, phase, known(facts, today))


def test_every_rule_is_in_the_table_and_has_a_name_of_its_own() -> None:
    assert [rule.key for rule in every_rule()] == [*TABLE]


@pytest.mark.parametrize("key", TABLE)
def test_a_rule_fires_on_each_group_of_its_facts(key: str) -> None:
    rule = RULES[key]
    assert len(TABLE[key].fires) == len(rule.when)
    for facts, group in zip(TABLE[key].fires, rule.when, strict=True):
        alone = replace(rule, when=(group,))
        [observed] = judge(bone_for(rule, facts), [alone])
        assert observed.finding.key == key
        assert observed.since_day == 2
        assert (observed.finding.level, observed.soon) == (rule.level, rule.soon)
        about = "" if rule.whole else str(bone_for(rule, facts).segment)
        assert observed.finding.about == about


@pytest.mark.parametrize("key", TABLE)
def test_a_rule_does_not_fire_on_near_misses_or_on_nothing(key: str) -> None:
    rule = RULES[key]
    for facts in ({}, *TABLE[key].misses):
        assert judge(bone_for(rule, facts), [rule]) == ()


@pytest.mark.parametrize("key", TABLE)
def test_a_rule_is_judged_in_its_phases_bones_and_devices_alone(key: str) -> None:
    rule = RULES[key]
    diary = known(TABLE[key].fires[0])
    for segment in (RIGHT_FEMUR, LEFT_TIBIA):
        for kind in Kind:
            for phase in Phase:
                spoken = judge(Judged(segment, kind, phase, diary), [rule])
                meant = (
                    segment.bone in (rule.bones or (*Bone,))
                    and kind in (rule.kinds or (*Kind,))
                    and phase in (rule.phases or ALIVE)
                )
                assert bool(spoken) is meant


@pytest.mark.parametrize("key", TABLE)
def test_a_rule_speaks_in_whole_sentences_and_names_its_row(key: str) -> None:
    rule = RULES[key]
    for facts in TABLE[key].fires:
        [observed] = judge(bone_for(rule, facts), [rule], "112")
        for sentence in (observed.finding.sentence, observed.finding.action):
            assert re.fullmatch(r"[A-Z].*\.", sentence)
            assert not re.search(r"[{}]|None|nan|  ", sentence)
    assert constant(rule.evidence).key == rule.evidence
    limits = [
        x
        for group in rule.when
        for line in group
        for x in (line.below, line.at_most, line.above, line.at_least)
        if isinstance(x, str)
    ]
    assert all(constant(limit).key == limit for limit in limits)


@pytest.mark.parametrize("key", TABLE)
def test_a_rule_still_speaks_at_two_years(key: str) -> None:
    rule = RULES[key]
    facts = {k: v for k, v in TABLE[key].fires[0].items() if k != "day"}
    on = rule.phases or (Phase.LOADING,)
    diary = diary_of(
        {**{k: [(700, v)] for k, v in facts.items()}, "day": [(0, 720.0)]}, 720
    )
    if key == "flag.fat_embolism":  # the one that belongs to the first days
        diary = diary_of({"red_spots": [(700, 1.0)], "day": [(0, 2.0)]}, 720)
    bone = replace(bone_for(rule, facts), phase=on[-1], diary=diary)
    [observed] = judge(bone, [rule])
    assert observed.since_day == 700


def test_what_must_be_answered_now_has_the_emergency_number_in_it() -> None:
    for key, rule in RULES.items():
        if rule.soon is Soon.NOW:
            bone = bone_for(rule, TABLE[key].fires[0])
            [with_number] = judge(bone, [rule], "+44 999")
            assert "call +44 999" in with_number.finding.action.lower()
            [without] = judge(bone, [rule])
            assert EMERGENCY_UNSAID in without.finding.action
            assert without.finding.level is Level.STOP


def test_every_sign_has_a_rule_that_answers_it() -> None:
    heard = {line.fact for r in every_rule() for group in r.when for line in group}
    assert {str(sign) for sign in Sign} <= heard


def test_only_what_draws_the_bone_out_is_asked_to_change() -> None:
    asking = {key: rule.proposes for key, rule in RULES.items() if rule.proposes}
    assert asking == {
        "nerve.power": Change.HOLD,
        "nerve.feeling": Change.HOLD,
        "callus.dense_behind": Change.FASTER,
        "length.short": Change.EXTEND,
        "callus.failing": Change.BACK_AND_FORTH,
        "callus.late": Change.SLOW,
        "knee.stop": Change.HOLD,
        "knee.low": Change.SLOW,
        "knee.slipping": Change.HOLD,
        "knee.contracture": Change.SLOW,
        "ankle.equinus": Change.HOLD,
        "ankle.neutral": Change.SLOW,
    }


@pytest.mark.parametrize(
    ("facts", "spoken"),
    [
        ({"knee_flexion_deg": 40.0, "day": 20.0}, "knee.stop"),
        ({"knee_flexion_deg": 50.0, "day": 20.0}, "knee.low"),
        ({"knee_flexion_deg": 70.0, "day": 20.0}, "knee.goal"),
        ({"numbness": 1.0, "foot_drop": 1.0}, "nerve.power"),
        ({**DENSE, "behind_twice": 1.0}, "callus.dense_behind"),
        ({"short_mm": 3.0, "behind_twice": 1.0}, "length.short"),
        (
            {"equinus_deg": 15.0, "dorsiflexion_knee_straight_deg": -15.0},
            "ankle.equinus",
        ),
        ({"phq9": 20.0, "gad7": 12.0, "phq9_item9": 2.0}, "flag.suicide"),
        ({"pain": 9.0, "pain_rise": 4.0}, "pain.high"),
        ({"knee_extension_lack_deg": 30.0}, "knee.slipping"),
    ],
)
def test_of_rules_with_one_cause_the_gravest_speaks(facts: Facts, spoken: str) -> None:
    bone = Judged(RIGHT_FEMUR, Kind.NAIL, Phase.DISTRACTION, known(facts))
    assert [o.finding.key for o in one_for_each_cause(judge(bone))] == [spoken]


def test_different_causes_all_speak_the_most_urgent_first() -> None:
    facts = {"knee_flexion_deg": 50.0, "calf_pain": 1.0, "pain": 8.0, "day": 20.0}
    bone = Judged(RIGHT_FEMUR, Kind.NAIL, Phase.DISTRACTION, known(facts))
    found = [o.finding.key for o in one_for_each_cause(judge(bone))]
    assert found == ["flag.clot", "pain.high", "knee.low"]


# Since when.


@given(st.lists(st.sampled_from([40.0, 80.0]), min_size=1, max_size=40))
def test_a_rule_holds_since_its_run_without_a_break_began(bends: list[float]) -> None:
    diary = diary_of({"knee_flexion_deg": [*enumerate(bends)]}, len(bends) - 1)
    found = RULES["knee.stop"].fires(diary)
    if bends[-1] == 80.0:
        assert found is None
    else:
        assert found is not None
        since = found.since_day
        assert all(deg == 40.0 for deg in bends[since:])
        assert since == 0 or bends[since - 1] == 80.0


def fired(key: str, facts: dict[str, list[tuple[float, Fact]]], *answers: float) -> Any:
    """Fire a rule on day 20, some answers given."""
    return RULES[key].fires(diary_of(facts, 20), answers)


def test_each_group_of_lines_is_a_reason_of_its_own() -> None:
    facts: dict[str, list[tuple[float, Fact]]] = {
        "calf_pain": [(10.4, 1.0)],
        "chest_pain": [(12.3, 1.0)],
    }
    assert fired("flag.clot", facts) == Fired(10, 12.3)
    # The answer to the calf does not answer the chest.
    assert fired("flag.clot", facts, 10.5) == Fired(12, 12.3)
    assert fired("flag.clot", facts, 10.5, 12.4).renewed_day == 12.3


def test_a_sign_that_is_reported_again_is_a_new_one_even_on_that_day() -> None:
    facts: dict[str, list[tuple[float, Fact]]] = {"fall": [(8.3, 1.0), (8.8, 1.0)]}
    found = fired("bone.event", facts, 8.5)
    assert (found.since_day, found.renewed_day) == (8, 8.8)


@pytest.mark.parametrize(
    ("bends", "renewed"),
    [
        ([55.0, 58.0, 54.0], 10.0),  # no worse than a goniometer scatters
        ([55.0, 49.0], 11.0),
        ([55.0, 70.0, 58.0], 12.0),  # it had recovered
    ],
)
def test_a_figure_speaks_again_where_it_is_worse_than_ever(
    bends: list[float], renewed: float
) -> None:
    facts: dict[str, list[tuple[float, Fact]]] = {
        "knee_flexion_deg": [(10.0 + k, deg) for k, deg in enumerate(bends)]
    }
    assert fired("knee.low", facts).renewed_day == renewed


def test_power_that_falls_further_speaks_again() -> None:
    facts: dict[str, list[tuple[float, Fact]]] = {"ankle_power": [(5.0, 3), (9.0, 0)]}
    assert fired("nerve.power", facts, 6.0).renewed_day == 9.0


def test_what_was_said_before_surgery_is_no_news_of_day_0() -> None:
    facts: dict[str, list[tuple[float, Fact]]] = {"hip_pain": [(-30.0, 1.0)]}
    assert fired("hip.late", facts).renewed_day == -30.0


# One for each cause.

observations = st.lists(
    st.builds(
        lambda cause, about, level, soon, since: Observed(
            Finding(level, f"{cause}.{level}", "It is so.", "Act.", about=about),
            since,
            soon,
            cause,
        ),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["", "R.femur", "L.femur"]),
        st.sampled_from(Level),
        st.sampled_from(Soon),
        st.integers(0, 20),
    )
)


@given(observations)
def test_one_finding_is_kept_for_each_cause_and_place(observed: list[Observed]) -> None:
    kept = one_for_each_cause(observed)
    places = [(one.cause, one.finding.about) for one in kept]
    assert len(places) == len({*places})
    assert {*places} == {(one.cause, one.finding.about) for one in observed}
    assert [grave(one) for one in kept] == sorted(grave(one) for one in kept)
    for one in observed:
        [chosen] = [
            k
            for k in kept
            if (k.cause, k.finding.about) == (one.cause, one.finding.about)
        ]
        assert grave(chosen) <= grave(one)


def test_findings_without_a_cause_are_their_own() -> None:
    some = [Observed(Finding(Level.NOTE, key, "It is so.", "Act."), 3) for key in "aba"]
    assert [one.finding.key for one in one_for_each_cause(some)] == ["a", "b"]

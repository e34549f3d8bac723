"""From entries to facts: what is said of one bone, its leg, or the person."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.followup import FilmRead, exams_of, films_of, gathered
from callotasis.followup.diary import diary_of
from callotasis.followup.gathered import entries_about
from callotasis.record import Entry, fold
from dora import LEFT_TIBIA, RIGHT_FEMUR, RIGHT_TIBIA, SURGERY_ON
from followcases import at_day, entry_at

PHQ9 = [f"phq9_{k}" for k in range(1, 10)]


def felt(day: int, *signs: str, segment: str = "", **more: Any) -> Entry:
    """Tell signs on a day."""
    return entry_at("symptom", {"signs": [*signs], **more}, at_day(day), segment)


def film(day: int, hour: int = 12, **read: Any) -> Entry:
    """Read a film of the right femur on a day."""
    return entry_at("measurement", read, at_day(day, hour))


def ranges(day: int, segment: str = "R", **deg: float) -> Entry:
    """Measure ranges of a leg on a day."""
    return entry_at("exam", {"ranges": deg}, at_day(day), segment)


def sheet(day: int, answers: dict[str, int], *left: str) -> Entry:
    """Answer the PHQ-9 on a day."""
    body = {"instrument": "phq9", "answers": answers, "unanswered": [*left]}
    return entry_at("questionnaire", body, at_day(day), "")


def said(*entries: Entry) -> dict[str, Any]:
    """Gather facts of the right femur, each with its day."""
    found = gathered(fold(entries), RIGHT_FEMUR, SURGERY_ON)
    return {
        name: [(math.floor(day), value) for day, value in values]
        for name, values in found.items()
    }


@pytest.mark.parametrize(
    ("segment", "about"), [("", 2), ("R", 1), ("R.femur", 1), ("R.tibia", 0), ("L", 1)]
)
def test_a_symptom_is_of_a_bone_its_leg_or_the_person(segment: str, about: int) -> None:
    case = fold([felt(3, "fever", segment=segment)])
    bones = (RIGHT_FEMUR, LEFT_TIBIA)
    heard = [[*entries_about(case, "symptom", bone)] for bone in bones]
    assert sum(map(len, heard)) == about


def test_an_exam_of_a_leg_counts_for_all_its_bones() -> None:
    case = fold([ranges(3, "R.tibia", knee_flexion_deg=80)])
    for bone in (RIGHT_FEMUR, RIGHT_TIBIA):
        [(day, exam)] = exams_of(case, bone, SURGERY_ON)
        assert day == 3
        assert exam.ranges is not None
    assert exams_of(case, LEFT_TIBIA, SURGERY_ON) == []


def test_ranges_are_facts_and_a_lack_at_the_ankle_is_equinus() -> None:
    facts = said(ranges(9, knee_flexion_deg=80, dorsiflexion_knee_straight_deg=-12))
    assert facts["knee_flexion_deg"] == [(9, 80)]
    assert facts["dorsiflexion_knee_straight_deg"] == [(9, -12)]
    assert facts["equinus_deg"] == [(9, 12)]
    assert "knee_extension_lack_deg" not in facts


def test_power_and_blood_are_facts() -> None:
    body = {"ankle_power": 3, "toe_power": 5, "crp_mg_per_l": 40}
    facts = said(entry_at("exam", body, at_day(5), "R"))
    assert {name: facts[name] for name in body} == {
        name: [(5, value)] for name, value in body.items()
    }


def test_a_sign_is_there_until_it_is_said_to_be_gone() -> None:
    facts = said(felt(3, "numbness"), felt(8, gone=["numbness"], pain=2))
    assert facts["numbness"] == [(3, 1.0), (8, 0.0)]
    assert facts["pain"] == [(8, 2.0)]


@given(st.permutations(range(5)))
def test_facts_do_not_depend_on_the_order_in_which_entries_came(
    order: list[int],
) -> None:
    entries = [
        felt(3, "numbness"),
        felt(8, gone=["numbness"], pain=2),
        ranges(5, knee_flexion_deg=70),
        film(6, ratio={"medial": 0.8}),
        entry_at(
            "questionnaire",
            {"instrument": "pain", "answers": {"pain": 6}},
            at_day(2),
            "",
        ),
    ]
    assert said(*(entries[i] for i in order)) == said(*entries)


def test_a_correction_takes_the_place_of_what_was_said() -> None:
    first = ranges(5, knee_flexion_deg=59)
    second = Entry(
        **{
            **vars(ranges(5, knee_flexion_deg=95)),
            "corrects": first.id,
            "recorded_at": at_day(9).isoformat(),
        }
    )
    assert said(first, second)["knee_flexion_deg"] == [(5, 95)]


def test_destroyed_bodies_are_not_read() -> None:
    gone = {"destroyed": True, "body_sha256": "0" * 64}
    kinds = ("exam", "symptom", "measurement", "questionnaire")
    assert said(*(entry_at(kind, gone, at_day(3)) for kind in kinds)) == {}


# Films.


def test_films_come_by_rising_day_of_one_bone() -> None:
    other = entry_at("measurement", {"callus_seen": True}, at_day(1), "L.tibia")
    films = films_of(
        fold([film(9, width_ratio=0.9), film(2, width_ratio=0.8), other]),
        RIGHT_FEMUR,
        SURGERY_ON,
    )
    assert [(f.day, f.read.width_ratio) for f in films] == [(2, 0.8), (9, 0.9)]


def test_films_of_one_day_are_read_together() -> None:
    length = {"of": "gap", "measured_mm": 9.0, "sd_mm": 0.5, "ruler": "the nail"}
    frontal = film(14, 9, ratio={"medial": 0.8, "lateral": 0.9}, **length)
    side = film(14, 10, ratio={"anterior": 0.7, "posterior": 0.6}, callus_seen=True)
    [both] = films_of(fold([frontal, side]), RIGHT_FEMUR, SURGERY_ON)
    assert both.read == FilmRead(
        **length,
        ratio={"medial": 0.8, "lateral": 0.9, "anterior": 0.7, "posterior": 0.6},
        callus_seen=True,
    )
    assert both.at.hour == 9  # the turns before the length count, not later ones


def test_of_two_lengths_of_one_day_the_later_one_counts() -> None:
    length = {"of": "gap", "sd_mm": 0.5}
    films = [film(14, h, measured_mm=mm, **length) for h, mm in ((9, 9.0), (11, 8.5))]
    [both] = films_of(fold(films), RIGHT_FEMUR, SURGERY_ON)
    assert (both.read.measured_mm, both.at.hour) == (8.5, 11)


@pytest.mark.parametrize(
    ("read", "poor"),
    [
        ({"callus_seen": False}, 1.0),
        ({"callus_seen": True}, 0.0),
        ({"callus_seen": True, "texture": "sparse", "density": "low"}, 1.0),
        ({"texture": "sparse"}, 1.0),
        ({"texture": "lucent", "density": "low"}, 1.0),
        ({"texture": "sparse", "density": "intermediate"}, 0.0),
        ({"texture": "homogeneous", "density": "low"}, 0.0),
        ({"width_ratio": 0.9}, None),
    ],
)
def test_new_bone_is_poor_where_none_or_only_sparse_bone_is_seen(
    read: dict[str, Any], poor: float | None
) -> None:
    told = said(film(20, **read)).get("callus_poor")
    assert told == (None if poor is None else [(20, poor)])


def test_an_axis_drifts_either_way() -> None:
    facts = said(film(5, axis_drift_deg=2), film(20, axis_drift_deg=-4))
    assert (facts["axis_drift_deg"], facts["axis_drift_size_deg"]) == (
        [(5, 0), (20, -6)],
        [(5, 0), (20, 6)],
    )


def test_the_bend_of_one_film_alone_is_no_drift() -> None:
    assert said(film(20, axis_drift_deg=-6))["axis_drift_size_deg"] == [(20, 0)]


# Answers.


def test_a_sheet_is_its_total_and_item_9() -> None:
    answers = dict.fromkeys(PHQ9, 1)
    facts = said(sheet(10, answers))
    assert (facts["phq9"], facts["phq9_item9"]) == ([(10, 9.0)], [(10, 1.0)])


def test_a_half_filled_sheet_still_tells_item_9() -> None:
    answers = {"phq9_9": 2}
    facts = said(sheet(10, answers, *PHQ9[:-1]))
    assert facts["phq9_item9"] == [(10, 2.0)]
    assert "phq9" not in facts


# Pain.


def pains(*told: tuple[int, int]) -> dict[str, Any]:
    """Tell pain of 10 on days."""
    return said(*(felt(day, pain=pain) for day, pain in told))


@pytest.mark.parametrize(
    ("told", "rise"),
    [
        (((1, 2), (8, 4)), [(8, 2.0)]),
        (((1, 4), (8, 2)), [(8, -2.0)]),
        (((1, 2), (7, 4)), []),  # both within the last week
        (((1, 2), (15, 4)), []),  # nothing within the week before
        (((1, 2), (3, 4), (9, 6), (10, 8)), [(9, 3.0), (10, 4.0)]),
    ],
)
def test_pain_of_a_week_is_compared_with_the_week_before(
    told: tuple[tuple[int, int], ...], rise: list[tuple[int, float]]
) -> None:
    assert pains(*told).get("pain_rise", []) == rise


def test_facts_from_before_surgery_are_known_on_the_day_of_surgery() -> None:
    facts = said(ranges(-20, knee_flexion_deg=140))
    assert facts["knee_flexion_deg"] == [(-20, 140)]
    assert diary_of(facts, 0).now("knee_flexion_deg") == 140

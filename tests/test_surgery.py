"""What was really done: read in full, held against the entry and the signed plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.casework import signed_devices
from callotasis.entered import keep_entry
from callotasis.errors import PlanRefusal, RecordRefusal, Refusal
from callotasis.plan import Fibula
from callotasis.pose import HIDDEN, PLANES
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.surgery import (
    BOXES,
    COMPONENTS,
    Surgery,
    check_planned,
    surgeries_of,
    surgery_of,
)
from dora import CASE, LEFT_TIBIA, RIGHT_FEMUR, SURGEON, everything_in

DONE = datetime(2026, 11, 20, 10, tzinfo=UTC)
FRONTAL: Mapping[str, Any] = {
    **dict.fromkeys(PLANES["frontal"], 0.0),
    "not_measured": list(HIDDEN),
}
NAILED: Mapping[str, Any] = {
    "segment": "R.femur",
    "done_on": "2026-11-20",
    "surgeon": "Ada",
    "device": "example-nail",
    "lots": ["24-117", "24-118"],
    "cut_mm": 138.0,
    "acute_pose": {**FRONTAL, "valgus_deg": -0.7},
    "gap_zero_mm": 1.5,
    "diameter_mm": 11.5,
    "length_mm": 245,
}
FRAMED: Mapping[str, Any] = {
    **{k: v for k, v in NAILED.items() if k not in {"diameter_mm", "length_mm"}},
    "segment": "L.tibia",
    "device": "example-rail",
    "fibula": {"cut_mm": 90, "fixed_proximally": True, "fixed_distally": True},
}
PLANNED = {"R.femur": "example-nail", "L.tibia": "example-rail"}


def entry_with(body: Mapping[str, Any], **how: Any) -> Entry:
    """Make an entry that carries a surgery."""
    return new_entry(
        CASE, "surgery", SURGEON, dict(body), **{"happened_at": DONE, **how}
    )


def read(body: Mapping[str, Any], **changed: Any) -> Surgery:
    """Read a surgery with some of its parts changed."""
    return surgery_of(entry_with({**body, **changed}))


# What a body says.


def test_a_surgery_is_read_as_it_was_written_down() -> None:
    done = read(NAILED)
    assert (done.segment, done.done_on) == ("R.femur", date(2026, 11, 20))
    assert done.lots == ("24-117", "24-118")
    assert (done.cut_mm, done.gap_zero_mm) == (138.0, 1.5)
    assert done.acute_pose.valgus_deg == -0.7
    assert done.acute_pose.not_measured == HIDDEN
    assert done.fibula is None


def test_a_tibia_says_what_was_done_to_its_fibula() -> None:
    assert read(FRAMED).fibula == Fibula(90.0, True, True)
    nothing = read(FRAMED, fibula={"cut_mm": None})
    assert nothing.fibula == Fibula()


def test_what_nobody_measured_is_said_and_never_nothing() -> None:
    assert read(NAILED, gap_zero_mm=None).gap_zero_mm is None
    blind = read(NAILED, acute_pose={"not_measured": list(COMPONENTS)})
    assert {*blind.acute_pose.not_measured} == {*COMPONENTS}


def test_every_part_of_a_surgery_has_a_box() -> None:
    assert {*BOXES} == {part.name for part in fields(Surgery)}


@pytest.mark.parametrize(
    "name",
    [
        *("segment", "done_on", "surgeon", "device", "lots", "cut_mm"),
        *("acute_pose", "gap_zero_mm"),
    ],
)
def test_what_is_left_out_is_asked_for(name: str) -> None:
    body = {k: v for k, v in NAILED.items() if k != name}
    with pytest.raises(RecordRefusal, match=rf"surgery, {name}: "):
        surgery_of(entry_with(body))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"nail": "x"}, "surgery, nail: Unexpected"),
        ({"fibula": {"cut": 1}}, r"fibula\.cut"),
        ({"fibula": {}}, "a femur has none"),
        ({"surgeon": " "}, "surgery names no surgeon"),
        ({"device": ""}, "surgery names no device"),
        ({"cut_mm": "138"}, "cut_mm: Input should be a valid number"),
        ({"cut_mm": True}, "cut_mm: Input should be a valid number"),
        ({"cut_mm": 0}, "cut_mm is 0; allowed is more than 0 and up to 600 mm"),
        ({"cut_mm": 1380}, "cut_mm is 1380; allowed"),
        ({"diameter_mm": 115}, "diameter_mm is 115; allowed"),
        ({"length_mm": -245}, "length_mm is -245; allowed"),
        ({"diameter_mm": None}, "example-nail is a nail; its diameter_mm is needed"),
        ({"length_mm": None}, "example-nail is a nail; its length_mm is needed"),
        ({"gap_zero_mm": -1}, "gap_zero_mm is -1; allowed is 0 to 50 mm, or null"),
        ({"done_on": "Friday"}, "done_on: "),
        ({"lots": "24-117"}, "lots: "),
        ({"acute_pose": None}, "acute_pose: "),
        ({"acute_pose": {}}, "acute_pose: lateral_mm, .* must be given"),
        ({"acute_pose": {**FRONTAL, "anterior_mm": 1}}, "anterior_mm must be .* both"),
        ({"acute_pose": {**FRONTAL, "roll_deg": 1}}, "roll_deg is unknown; known are"),
        ({"acute_pose": {**FRONTAL, "valgus_deg": "9"}}, "valgus_deg is no finite"),
        ({"acute_pose": {**FRONTAL, "valgus_deg": True}}, "valgus_deg is no finite"),
        ({"acute_pose": {**FRONTAL, "not_measured": 3}}, "not_measured is a list"),
        ({"acute_pose": {**FRONTAL, "not_measured": [[]]}}, "not_measured is a list"),
    ],
)
def test_a_surgery_that_cannot_be_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        read(NAILED, **changed)


def test_a_tibia_without_a_word_on_its_fibula_is_refused() -> None:
    with pytest.raises(RecordRefusal, match="a tibia needs fibula"):
        read(FRAMED, fibula=None)
    with pytest.raises(RecordRefusal, match=r"fibula\.cut_mm is -5; allowed"):
        read(FRAMED, fibula={"cut_mm": -5})


def test_a_bone_that_nobody_lengthens_is_refused() -> None:
    with pytest.raises(PlanRefusal, match=r"segment 'R\.humerus' is unknown"):
        read(NAILED, segment="R.humerus")


@given(
    body=st.dictionaries(
        st.sampled_from([*BOXES, "wish"]),
        st.none() | st.booleans() | st.floats(-1e3, 1e3) | st.text() | st.just([]),
    )
)
def test_whatever_is_handed_in_is_read_or_refused(body: dict[str, Any]) -> None:
    try:
        found = read(NAILED, **body)
    except Refusal:
        return
    assert found.segment == "R.femur"


# The entry around it.


@pytest.mark.parametrize("about", ["L.femur", "R", "R.tibia"])
def test_entry_and_surgery_speak_of_one_bone(about: str) -> None:
    with pytest.raises(RecordRefusal, match="allowed is one bone"):
        surgery_of(entry_with(NAILED, segment=about))
    assert surgery_of(entry_with(NAILED, segment="R.femur")) == read(NAILED)


def test_entry_and_surgery_speak_of_one_day() -> None:
    later = DONE.replace(day=21)
    with pytest.raises(RecordRefusal, match="give happened_at the time of surgery"):
        surgery_of(entry_with(NAILED, happened_at=later))


# The signed plans.


def test_what_was_planned_needs_no_reason() -> None:
    check_planned(read(NAILED), PLANNED)
    check_planned(read(FRAMED), PLANNED)


def test_another_device_needs_a_reason() -> None:
    other = read(NAILED, device="fitbone-taa")
    with pytest.raises(RecordRefusal, match="where example-nail was planned; a reason"):
        check_planned(other, PLANNED)
    with pytest.raises(RecordRefusal, match="a reason is needed"):
        check_planned(replace(other, reason=" \n"), PLANNED)
    check_planned(replace(other, reason="The planned one was not sterile."), PLANNED)


def test_the_wrong_side_is_named() -> None:
    with pytest.raises(RecordRefusal, match=r"but R\.femur: is the side right\?"):
        check_planned(read(NAILED, segment="L.femur"), PLANNED)


def test_a_bone_that_no_plan_holds_is_refused() -> None:
    femur = {"R.femur": "example-nail"}
    with pytest.raises(RecordRefusal, match=r"holds L\.tibia; signed are: R\.femur"):
        check_planned(read(FRAMED), femur)
    with pytest.raises(RecordRefusal, match="signed are: none"):
        check_planned(read(NAILED), {})


# The record.


def kept_plan(device: Mapping[str, str]) -> dict[str, Any]:
    """Body of a plan entry that holds these bones."""
    order = {"surgery_on": "2026-11-20", "device": dict(device), "correct": ["L.tibia"]}
    return {
        "order": order,
        "made_on": "2026-11-01",
        "paper": "a4",
        **dict.fromkeys(("film", "film_sha256", "landmarks", "version"), ""),
        "seed": 1,
        "worlds": 10,
        "proposal": {},
    }


def signed_case(case: CaseFolder, *plans: Mapping[str, str]) -> CaseFolder:
    """Keep plans and sign them, one after the other."""
    for device in plans:
        plan = new_entry(CASE, "plan", SURGEON, kept_plan(device))
        case.append(plan, new_entry(CASE, "signature", SURGEON, {"signs": plan.id}))
    return case


@pytest.fixture
def opened(tmp_path: Any) -> CaseFolder:
    """A case that holds nothing yet."""
    return CaseFolder.create(tmp_path / "case", CASE, SURGEON)


def test_a_surgery_is_kept_about_its_bone(opened: CaseFolder) -> None:
    signed_case(opened, PLANNED)
    entry = keep_entry(opened, entry_with(NAILED))
    assert entry.segment == "R.femur"
    assert opened.case().of_kind("surgery", "R.femur") == (entry,)
    assert surgeries_of(opened.case()) == {RIGHT_FEMUR: read(NAILED)}


def test_without_a_signed_plan_nothing_is_kept(opened: CaseFolder) -> None:
    opened.append(new_entry(CASE, "plan", SURGEON, kept_plan(PLANNED)))
    before = everything_in(opened.path)
    with pytest.raises(RecordRefusal, match="signed are: none"):
        keep_entry(opened, entry_with(NAILED))
    assert everything_in(opened.path) == before


def test_the_newest_signed_plan_of_a_bone_has_the_word(opened: CaseFolder) -> None:
    signed_case(opened, PLANNED, {"R.femur": "example-rail"})
    assert signed_devices(opened) == {**PLANNED, "R.femur": "example-rail"}


def test_a_correction_takes_the_place_of_the_surgery(opened: CaseFolder) -> None:
    signed_case(opened, PLANNED)
    first = keep_entry(opened, entry_with(NAILED))
    better = entry_with({**NAILED, "cut_mm": 141.0}, corrects=first.id)
    keep_entry(opened, better)
    keep_entry(opened, entry_with(FRAMED))
    done = surgeries_of(opened.case())
    assert {*done} == {RIGHT_FEMUR, LEFT_TIBIA}
    assert done[RIGHT_FEMUR].cut_mm == 141.0


def test_a_surgery_that_was_destroyed_by_law_is_gone(opened: CaseFolder) -> None:
    opened.append(entry_with({"destroyed": True}))
    assert surgeries_of(opened.case()) == {}


def test_other_entries_are_kept_as_they_are(opened: CaseFolder) -> None:
    exam = new_entry(CASE, "exam", SURGEON, {"ankle_power": 5}, segment="R")
    assert keep_entry(opened, exam) == exam
    assert opened.case().of_kind("exam") == (exam,)

"""One case, from its folder to its signed report: what each step does to the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from callotasis import __version__, casework
from callotasis.case_films import add_film, measured_case
from callotasis.casework import (
    Order,
    PlannedCase,
    answered_stops,
    confirmed_devices,
    order_from,
    plan_case,
    sign_plan,
)
from callotasis.distraction import Bound
from callotasis.errors import (
    PlanRefusal,
    RecordRefusal,
    Refusal,
)
from callotasis.exchange import plain
from callotasis.fixation import ConfirmedData
from callotasis.plan import Fibula, Hinge
from callotasis.proposal import propose
from callotasis.record import CaseFolder, new_entry
from callotasis.report import Rendered, Report
from callotasis.signatures import signed_turns
from callotasis.worlds import Worlds
from dora import (
    CASE,
    FORGOTTEN_FIBULA,
    LEFT_TIBIA,
    MADE_ON,
    NOTES,
    ORDER,
    RIGHT_FEMUR,
    RIGHT_TIBIA,
    SURGEON,
    SURGERY_ON,
    confirming,
    decide,
    everything_in,
    moved_clicks,
    write_files,
)
from small_films import NOTES as SIDE_NOTES
from small_films import lateral_on

BEN, CLEO = "Ben", "Cleo"
WITHOUT_FIBULA = replace(ORDER, fibula={})
ANSWER = {"answers": FORGOTTEN_FIBULA, "reason": "Divided at an earlier operation."}


def in_frame(device: str, radius_mm: float = 50.0) -> Order:
    """Dora's order with her tibia in a frame."""
    return replace(
        ORDER,
        device={**ORDER.device, "L.tibia": device},
        gain_mm={"L.tibia": 10.0},
        limb_radius_mm={"L.tibia": radius_mm},
    )


Plan = Callable[..., PlannedCase]


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Write no pages, only remember what was asked to be written."""
    asked: list[dict[str, Any]] = []

    def remember(case: str, *_: object, **how: Any) -> Rendered:
        asked.append({"case": case, **how})
        return Rendered({})

    def nothing(folder: Path, _: Rendered) -> Report:
        return Report(folder / "report.html", folder / "report.pdf", (), None, None)

    monkeypatch.setattr("callotasis.casework.rendered", remember)
    monkeypatch.setattr("callotasis.casework.write_report", nothing)
    return asked


@pytest.fixture
def plan(reports: list[dict[str, Any]], dora_case: CaseFolder) -> Plan:
    """Plan Dora's case as the order says."""

    def planned(order: Order = ORDER) -> PlannedCase:
        return plan_case(dora_case, order, SURGEON, dora_case.path, made_on=MADE_ON)

    return planned


def sign(case: CaseFolder, by: str = SURGEON) -> None:
    """Sign the newest plan."""
    sign_plan(case, by, case.path / "report")


# Orders.


def test_an_order_is_read_back_as_it_was_kept() -> None:
    full = replace(
        ORDER,
        cut_mm={"R.femur": 140.0},
        hinge={"L.tibia": Hinge.CUT},
        approach={"R.femur": "retrograde"},
        latency_days={"R.femur": 5},
        rate_mm_per_day={"R.femur": 0.75},
        rhythm_per_day={"R.femur": 3},
        limb_radius_mm={"L.tibia": 52.5},
    )
    kept = json.loads(json.dumps(casework.ORDER.dump_python(full, mode="json")))
    assert order_from(kept) == full


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(None, "order: ", id="nothing"),
        pytest.param([], "order: ", id="a list"),
        pytest.param({}, "surgery_on: Field required", id="no day"),
        pytest.param({"surgery_on": "soon"}, "surgery_on: ", id="no date"),
        pytest.param({"wish": 1}, "wish: Unexpected", id="unknown field"),
        pytest.param({"gain_mm": {"R.femur": "much"}}, "gain_mm.R.femur: ", id="words"),
        pytest.param({"latency_days": {"R.femur": 6.5}}, "latency_days.R", id="half"),
        pytest.param({"maturity": "old"}, "maturity: ", id="unknown maturity"),
        pytest.param({"hinge": {"L.tibia": "knee"}}, "hinge.L.tibia: ", id="hinge"),
        pytest.param({"limb_radius_mm": {"L.tibia": "wide"}}, "limb_radius", id="limb"),
        pytest.param(
            {"fibula": {"L.tibia": {"cut": 9}}}, "fibula.L.tibia", id="fibula"
        ),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_its_field(
    raw: object, why: str
) -> None:
    usual = {"surgery_on": "2027-01-11", "device": {"R.femur": "example-nail"}}
    given = {**usual, **raw} if isinstance(raw, dict) and raw else raw
    with pytest.raises(PlanRefusal, match=why):
        order_from(given)


def test_an_order_names_segments_in_words_and_the_request_has_them() -> None:
    order = replace(
        ORDER,
        cut_mm={"R.femur": 140.0},
        hinge={"L.tibia": Hinge.CUT},
        rate_mm_per_day={"R.femur": 0.75},
        latency_days={"L.tibia": 9},
        limb_radius_mm={"L.tibia": 52.5},
    )
    read = confirming("precice")
    request = order.request(read, frozenset({"maturity.unknown"}))
    assert request.goal.equalise == RIGHT_FEMUR
    assert request.goal.correct_axis == (LEFT_TIBIA,)
    assert request.choices[RIGHT_FEMUR].cut_mm == 140.0
    assert request.choices[RIGHT_FEMUR].hinge is Hinge.CORA
    assert request.choices[LEFT_TIBIA].hinge is Hinge.CUT
    assert request.wishes[RIGHT_FEMUR].rate_mm_per_day == 0.75
    assert request.wishes[RIGHT_FEMUR].latency_days is None
    assert request.wishes[LEFT_TIBIA].latency_days == 9
    assert request.fibula[LEFT_TIBIA] == ORDER.fibula["L.tibia"]
    assert request.limb_radius_mm == {LEFT_TIBIA: 52.5}
    assert (request.confirmed, request.answered) == (read, {"maturity.unknown"})


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, equalise="R.humerus"),
        replace(ORDER, correct=("left tibia",)),
        replace(ORDER, gain_mm={"r.femur": 10.0}),
        replace(ORDER, device={"femur": "example-nail"}),
        replace(ORDER, fibula={"fibula": Fibula()}),
        replace(ORDER, cut_mm={"": 100.0}),
        replace(ORDER, approach={"R": "antegrade"}),
        replace(ORDER, limb_radius_mm={"shank": 50.0}),
    ],
)
def test_an_order_for_no_segment_is_refused(order: Order) -> None:
    with pytest.raises(PlanRefusal, match=r"allowed are R\.femur, R\.tibia"):
        order.request({})


# Decisions.


READ = {"confirms": "precice", "stroke_mm": 65, "step_mm": 0.5, "document": "IFU 12"}


def test_a_confirmation_carries_what_was_read_and_where(dora_case: CaseFolder) -> None:
    decide(dora_case, READ)
    assert confirmed_devices(dora_case.case()) == {
        "precice": ConfirmedData(65.0, 0.5, "IFU 12")
    }


@pytest.mark.parametrize("missing", ["stroke_mm", "step_mm", "document"])
def test_a_confirmation_without_a_figure_or_its_document_is_refused(
    dora_case: CaseFolder, missing: str
) -> None:
    decide(dora_case, {k: v for k, v in READ.items() if k != missing})
    with pytest.raises(RecordRefusal, match=missing):
        confirmed_devices(dora_case.case())


@pytest.mark.parametrize(
    ("body", "answered"),
    [
        pytest.param({"answers": "a.stop", "reason": "Seen."}, 1, id="stop"),
        pytest.param({"answers": "a.stop"}, 0, id="stop without a reason"),
        pytest.param({"answers": "a.stop", "reason": " \n"}, 0, id="blank reason"),
        pytest.param({"answers": "a.stop", "document": "x"}, 0, id="no reason"),
        pytest.param({"reason": "Just so."}, 0, id="reason for nothing"),
    ],
)
def test_a_stop_is_answered_with_a_reason_and_for_one_plan_only(
    dora_case: CaseFolder, body: dict[str, str], answered: int
) -> None:
    decide(dora_case, {"plan": "this plan", **body})
    expected = frozenset({"a.stop"} if answered else ())
    assert answered_stops(dora_case, "this plan") == expected
    assert answered_stops(dora_case, "the next plan") == frozenset()


def test_a_decision_that_was_corrected_away_counts_no_more(
    dora_case: CaseFolder,
) -> None:
    decide(dora_case, {**ANSWER, "plan": "this plan"})
    decision = dora_case.case().of_kind("decision")[-1]
    withdrawn = {**decision.body, "reason": ""}
    dora_case.append(
        new_entry(CASE, "decision", SURGEON, withdrawn, corrects=decision.id)
    )
    assert answered_stops(dora_case, "this plan") == frozenset()


# Plans.


def test_a_plan_is_kept_with_everything_it_was_made_from(
    plan: Plan, dora_case: CaseFolder
) -> None:
    planned = plan()
    entry = dora_case.case().of_kind("plan")[-1]
    assert entry == planned.entry
    assert entry.author == SURGEON
    assert order_from(entry.body["order"]) == ORDER
    assert date.fromisoformat(entry.body["made_on"]) == MADE_ON
    film = dora_case.case().of_kind("film")[-1]
    assert entry.body["film_sha256"] == film.body["sha256"]
    assert (entry.body["seed"], entry.body["worlds"]) == (20260101, 2000)
    assert entry.body["version"] == __version__
    assert entry.body["proposal"] == plain(planned.worked.proposal)
    assert entry.body["proposal"]["surgery_on"] == SURGERY_ON.isoformat()


def test_a_kept_order_worked_out_again_gives_the_kept_proposal(
    plan: Plan, dora_case: CaseFolder
) -> None:
    plan()
    kept = CaseFolder(dora_case.path).case().of_kind("plan")[-1].body
    measured = measured_case(dora_case, Worlds(kept["worlds"], kept["seed"]))
    request = order_from(kept["order"]).request({})
    assert plain(propose(measured, request).proposal) == kept["proposal"]


def test_the_report_of_a_plan_is_a_draft_of_its_day(
    plan: Plan, reports: list[dict[str, Any]]
) -> None:
    plan()
    (asked,) = reports
    assert (asked["case"], asked["made_on"]) == (CASE, MADE_ON)
    assert not asked.get("signed")


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (replace(ORDER, device={"R.femur": "example-nail"}), "no device was chosen"),
        (replace(ORDER, equalise="L.femur"), "no device was chosen|shorter is wrong"),
        (replace(ORDER, equalise=None, gain_mm={"R.femur": 90.0}), "its stroke is"),
        (replace(ORDER, equalise=None, gain_mm={"R.femur": -5.0}), "more than 0 mm"),
        (replace(ORDER, device={**ORDER.device, "R.femur": "precice"}), "unsigned"),
        (replace(ORDER, cut_mm={"R.femur": 10.0}), "cut of R.femur at 10 mm"),
        (replace(ORDER, rhythm_per_day={"R.femur": 3}), "in steps of 0.25 mm"),
        (in_frame("tsf"), "data of tsf are unsigned"),
        (in_frame("truelok-rings"), "data of truelok-rings are unsigned"),
        (in_frame("example-hexapod", 130.0), "a limb of radius 130 mm needs a ring"),
    ],
)
def test_a_refused_plan_leaves_no_trace(
    dora_case: CaseFolder, order: Order, why: str
) -> None:
    before = everything_in(dora_case.path)
    with pytest.raises(Refusal, match=why):
        plan_case(dora_case, order, SURGEON, dora_case.path / "report", made_on=MADE_ON)
    assert everything_in(dora_case.path) == before


def test_a_plan_whose_report_cannot_be_written_leaves_no_trace(
    dora_case: CaseFolder,
) -> None:
    taken = dora_case.path.parent / "report"
    taken.write_text("a letter, not a folder", "utf-8")
    before = everything_in(dora_case.path)
    with pytest.raises(Refusal):
        plan_case(dora_case, ORDER, SURGEON, taken, made_on=MADE_ON)
    assert everything_in(dora_case.path) == before


def test_a_confirmed_device_may_be_planned_with(
    plan: Plan, dora_case: CaseFolder
) -> None:
    decide(dora_case, READ)
    found = plan(replace(ORDER, device={**ORDER.device, "R.femur": "precice"}))
    assert found.worked.proposal.segments[RIGHT_FEMUR].device == "precice"
    assert found.worked.proposal.withheld == ()


# Signatures.


@pytest.mark.parametrize("kind", ["ring", "hexapod"])
def test_a_plan_with_a_frame_is_kept_and_comes_out_the_same_when_it_is_signed(
    plan: Plan, reports: list[dict[str, Any]], dora_case: CaseFolder, kind: str
) -> None:
    planned = plan(in_frame(f"example-{kind}"))
    frame = planned.entry.body["proposal"]["segments"]["L.tibia"]["frame"]
    assert frame["built"]
    assert order_from(planned.entry.body["order"]).limb_radius_mm == {"L.tibia": 50.0}
    sign(dora_case)
    assert "signed by Ada" in reports[-1]["signed"]


def test_a_signed_plan_says_by_whom_and_is_no_draft(
    plan: Plan, dora_case: CaseFolder, reports: list[dict[str, Any]]
) -> None:
    planned = plan()
    entry, _ = sign_plan(dora_case, SURGEON, dora_case.path / "report")
    assert entry.body["signs"] == planned.entry.id
    sheets = planned.worked.proposal.segments
    signed = signed_turns(dora_case.case())
    assert {name: (bone.bounds, bone.approach) for name, bone in signed.items()} == {
        str(segment): ((Bound(sheet.prescription),), sheet.approach)
        for segment, sheet in sheets.items()
    }
    femur = sheets[RIGHT_FEMUR]
    assert signed["R.femur"].cut_mm == pytest.approx(femur.cut.level_mm)
    assert signed["R.femur"].length_mm == pytest.approx(
        100 * femur.gain_mm / femur.gain_percent
    )
    assert dora_case.case().of_kind("signature") == (entry,)
    signed = reports[-1]
    assert signed["signed"].startswith("signed by Ada on ")
    assert signed["made_on"] == MADE_ON


def test_without_a_plan_there_is_nothing_to_sign(dora_case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="holds no plan to sign"):
        sign(dora_case)


def test_a_plan_is_signed_once(plan: Plan, dora_case: CaseFolder) -> None:
    planned = plan()
    sign(dora_case)
    before = everything_in(dora_case.path)
    with pytest.raises(RecordRefusal, match=f"{planned.entry.id} is signed already"):
        sign(dora_case, CLEO)
    assert everything_in(dora_case.path) == before


def test_a_new_plan_asks_for_a_new_signature(plan: Plan, dora_case: CaseFolder) -> None:
    plan()
    sign(dora_case)
    newer = plan()
    sign(dora_case)
    signatures = dora_case.case().of_kind("signature")
    assert signatures[-1].body["signs"] == newer.entry.id
    assert len(signatures) == 2


def test_a_signature_has_a_name(plan: Plan, dora_case: CaseFolder) -> None:
    plan()
    before = everything_in(dora_case.path)
    with pytest.raises(RecordRefusal, match="author is empty"):
        sign(dora_case, "  ")
    assert everything_in(dora_case.path) == before


def test_a_plan_with_an_open_stop_is_not_signed(
    plan: Plan, dora_case: CaseFolder
) -> None:
    plan(WITHOUT_FIBULA)
    before = everything_in(dora_case.path)
    with pytest.raises(
        RecordRefusal, match=rf"open stops: {FORGOTTEN_FIBULA}; each needs a decision"
    ):
        sign(dora_case)
    assert everything_in(dora_case.path) == before


def test_a_stop_that_was_answered_with_a_reason_lets_the_plan_be_signed(
    plan: Plan, dora_case: CaseFolder
) -> None:
    answer = {**ANSWER, "plan": plan(WITHOUT_FIBULA).entry.id}
    decide(dora_case, answer | {"reason": ""})
    with pytest.raises(RecordRefusal, match="open stops"):
        sign(dora_case)
    decide(dora_case, answer, by=BEN)
    sign(dora_case)
    assert len(dora_case.case().of_kind("signature")) == 1


def test_an_answer_to_one_plan_does_not_open_the_next(
    plan: Plan, dora_case: CaseFolder
) -> None:
    decide(dora_case, {**ANSWER, "plan": plan(WITHOUT_FIBULA).entry.id})
    plan(WITHOUT_FIBULA)
    with pytest.raises(RecordRefusal, match="open stops"):
        sign(dora_case)


def test_a_plan_made_on_an_older_film_is_stale(
    plan: Plan, dora_case: CaseFolder, tmp_path: Path
) -> None:
    plan()
    files = write_files(tmp_path)
    files.film.write_bytes(files.film.read_bytes() + bytes(2))  # another file
    add_film(dora_case, files.film, files.landmarks, NOTES, SURGEON)
    before = everything_in(dora_case.path)
    with pytest.raises(RecordRefusal, match=r"the plan is stale: .* plan again"):
        sign(dora_case)
    assert everything_in(dora_case.path) == before


def test_a_plan_made_on_older_landmarks_is_stale(
    plan: Plan, dora_case: CaseFolder
) -> None:
    plan()
    film = dora_case.case().of_kind("film")[-1]
    placed = {"film": film.id, "points": moved_clicks(20.0).as_json()}
    dora_case.append(new_entry(CASE, "landmarks", SURGEON, placed))
    with pytest.raises(RecordRefusal, match="stale"):
        sign(dora_case)


def test_a_plan_made_on_other_notes_is_stale(plan: Plan, dora_case: CaseFolder) -> None:
    plan()
    film = dora_case.case().of_kind("film")[-1]
    notes = {**film.body["notes"], "ball_mm": 24.5}
    dora_case.append(
        new_entry(
            CASE, "film", SURGEON, {**film.body, "notes": notes}, corrects=film.id
        )
    )
    with pytest.raises(RecordRefusal, match="stale"):
        sign(dora_case)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing in it"),
        pytest.param({"order": {}}, id="an empty order"),
        pytest.param({"made_on": "soon"}, id="no date"),
    ],
)
def test_a_plan_entry_from_elsewhere_is_refused_when_it_makes_no_sense(
    plan: Plan, dora_case: CaseFolder, body: dict[str, Any]
) -> None:
    planned = plan()
    whole = dict(planned.entry.body)
    changed = {**whole, **body} if body else {"film_sha256": whole["film_sha256"]}
    dora_case.append(new_entry(CASE, "plan", SURGEON, changed))
    with pytest.raises(Refusal):
        sign(dora_case)
    assert dora_case.case().of_kind("signature") == ()


def test_a_bow_on_a_lateral_film_of_the_case_reaches_the_nail(
    reports: list[dict[str, Any]], dora_case: CaseFolder, tmp_path: Path
) -> None:
    order = Order(
        SURGERY_ON,
        {"R.tibia": "example-nail"},
        gain_mm={"R.tibia": 20.0},
        maturity=ORDER.maturity,
        fibula={"R.tibia": Fibula(90.0, fixed_proximally=True, fixed_distally=True)},
    )

    def bow() -> object:
        plan = plan_case(dora_case, order, SURGEON, tmp_path / "out", made_on=MADE_ON)
        nail = plan.worked.proposal.segments[RIGHT_TIBIA].nail
        assert nail is not None
        return nail.bow

    assert bow() is None
    side = lateral_on(tmp_path)
    add_film(dora_case, side.film, side.landmarks, SIDE_NOTES, SURGEON)
    assert bow() is not None
    assert len(reports) == 2

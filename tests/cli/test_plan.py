"""``callotasis plan``: what it prints, what it keeps, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from callotasis.casework import Order
from callotasis.cli.plan import order_from_options
from callotasis.errors import Refusal
from callotasis.exchange import plain
from callotasis.goal import Maturity
from callotasis.plan import Fibula, Hinge
from callotasis.proposal import Proposal
from callotasis.record import CaseFolder
from commands import callotasis, printed, refused
from dora import (
    BARE_NOTES,
    FORGOTTEN_FIBULA,
    MADE_ON,
    SURGERY_ON,
    decide,
    everything_in,
    open_case,
)

GROWN = ("--maturity=mature", "--age=24", f"--surgery-on={SURGERY_ON}")
EQUAL = (
    "--device=R.femur=example-nail",
    "--device=L.tibia=example-rail",
    "--approach=R.femur=antegrade",
    "--equalise=R.femur",
    "--correct=L.tibia",
    *GROWN,
)
FIBULA = ("--fibula-cut=L.tibia=90", "--fibula-fixed=L.tibia=both")
GAIN = (
    "--device=R.femur=example-nail",
    "--approach=R.femur=antegrade",
    "--gain=R.femur=30",
    *GROWN,
)
HEXAPOD = ("--device=L.tibia=example-hexapod", "--correct=L.tibia", *GROWN)

Document = dict[str, Any]


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures: what is looked at here is what is said."""
    monkeypatch.setattr("callotasis.report.sheet._pictures", lambda *_: [])
    monkeypatch.setattr("callotasis.report.sheet.html_page", lambda *_, **__: "")
    monkeypatch.setattr("callotasis.report.sheet._pdf", lambda *_: b"")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[CaseFolder, Document]:
    """A case that was planned with its whole report, and what was printed."""
    case = open_case(tmp_path_factory.mktemp("planned"))
    return case, printed("plan", case.path, *EQUAL, *FIBULA, "--by=Ada", "--json")


# One document.


def test_a_plan_is_one_document_with_everything_in_it(
    planned: tuple[CaseFolder, Document],
) -> None:
    _, document = planned
    assert {
        "entry",
        "draft",
        "goal",
        "surgery_on",
        "segments",
        "after",
        "alternatives",
        "withheld",
        "findings",
        "files",
    } <= {*document}
    assert {*document["segments"]} == {"L.tibia", "R.femur"}
    assert document["draft"] is True
    assert document["withheld"] == []
    assert document["surgery_on"] == SURGERY_ON.isoformat()


def test_a_sheet_has_cut_poses_settings_turns_and_timeline(
    planned: tuple[CaseFolder, Document],
) -> None:
    sheet = planned[1]["segments"]["R.femur"]
    turns = sheet["prescription"]["turns"]
    assert sheet["cut"]["level_mm"] > 0
    assert sheet["settings"]["step_mm"] == 0.25
    assert turns[-1]["total_mm"] == sheet["settings"]["extension_mm"]
    assert [m["name"] for m in sheet["timeline"]][-1] == "full weight bearing"
    for name in ("target_pose", "acute_pose", "gradual_pose", "remaining_pose"):
        assert "external_rotation_deg" in sheet[name]["not_measured"]
        assert "external_rotation_deg" not in sheet[name]


def test_the_document_is_what_its_type_says(
    planned: tuple[CaseFolder, Document],
) -> None:
    known = {
        k: v for k, v in planned[1].items() if k not in {"entry", "draft", "files"}
    }
    assert {*TypeAdapter(Proposal).json_schema()["required"]} <= {*known}
    TypeAdapter(list[Any]).validate_python(known["findings"])


def test_the_files_of_the_report_lie_where_the_document_says(
    planned: tuple[CaseFolder, Document],
) -> None:
    case, document = planned
    assert {*document["files"]} == {"html", "pdf", "calendar", "table", "theatre"}
    for path in document["files"].values():
        assert Path(path).parent == case.path / "report"
        assert Path(path).stat().st_size > 0


def test_the_plan_is_kept_in_the_log_under_its_author(
    planned: tuple[CaseFolder, Document],
) -> None:
    case, document = planned
    entry = case.case().of_kind("plan")[-1]
    assert entry.id == document["entry"]
    assert entry.author == "Ada"
    kept = entry.body["proposal"]
    assert kept == {name: document[name] for name in kept}


@pytest.mark.usefixtures("quickly")
def test_two_runs_print_the_same_plan(dora_case: CaseFolder) -> None:
    once, again = (
        printed("plan", dora_case.path, *EQUAL, *FIBULA, "--json") for _ in range(2)
    )
    assert once.pop("entry") != again.pop("entry")
    assert once == again


@pytest.mark.usefixtures("quickly")
def test_messages_do_not_mix_with_the_document(dora_case: CaseFolder) -> None:
    outcome = callotasis("plan", dora_case.path, *GAIN, "--json")
    assert outcome.err == ""
    assert outcome.out.startswith("{\n")
    assert outcome.out.endswith("\n}\n")


@pytest.mark.usefixtures("quickly")
def test_an_open_stop_leaves_no_turn_and_no_calendar_in_the_document(
    dora_case: CaseFolder,
) -> None:
    document = printed("plan", dora_case.path, *EQUAL, "--json")
    assert document["withheld"] == [FORGOTTEN_FIBULA]
    assert {*document["files"]} == {"html", "pdf"}
    for sheet in document["segments"].values():
        assert sheet["prescription"]["turns"] == []
    kept = dora_case.case().of_kind("plan")[-1].body["proposal"]
    assert kept["segments"]["R.femur"]["prescription"]["turns"] == []


@pytest.mark.usefixtures("quickly")
def test_the_report_is_written_where_it_is_wanted(
    dora_case: CaseFolder, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "below"
    document = printed("plan", dora_case.path, *GAIN, "--out", out, "--json")
    assert {Path(path).parent for path in document["files"].values()} == {out}
    assert not (dora_case.path / "report").exists()


# For people.


@pytest.mark.usefixtures("quickly")
def test_people_are_told_cut_gain_dates_and_where_the_draft_lies(
    dora_case: CaseFolder,
) -> None:
    outcome = callotasis("plan", dora_case.path, *EQUAL, *FIBULA)
    assert (outcome.code, outcome.err) == (0, "")
    assert "right femur: cut " in outcome.out
    assert "example-nail is drawn out by " in outcome.out
    assert "bone consolidated: " in outcome.out
    assert "Right minus left after: " in outcome.out
    assert "note: example-nail is an invented example" in outcome.out
    assert f"DRAFT report: {dora_case.path}/report/report.html" in outcome.out


@pytest.mark.usefixtures("quickly")
def test_people_are_told_what_withholds_the_prescription(dora_case: CaseFolder) -> None:
    outcome = callotasis("plan", dora_case.path, *EQUAL)
    assert outcome.code == 0
    assert f"Prescription withheld; open stops: {FORGOTTEN_FIBULA}" in outcome.out
    assert "stop: The plan for the left tibia says nothing of" in outcome.out


# Refusals leave no trace.


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(
            ["--gain=R.femur=-5", "--device=R.femur=example-nail"],
            "gain of R.femur is -5 mm; allowed is more than 0 mm",
            id="negative gain",
        ),
        pytest.param(
            ["--gain=R.femur=90", "--device=R.femur=example-nail"],
            "its stroke is 0 to 80 mm",
            id="beyond the stroke",
        ),
        pytest.param(
            ["--gain=R.femur=30", "--device=R.femur=magic-nail"],
            "device 'magic-nail' is unknown; known are",
            id="unknown device",
        ),
        pytest.param(
            ["--gain=R.femur=30", "--device=R.femur=precice"],
            "data of precice are unsigned",
            id="unsigned device",
        ),
        pytest.param(
            ["--gain=R.femur=30", "--device=R.femur=precice-stryde"],
            "and it was recalled",
            id="recalled device",
        ),
        pytest.param(
            ["--gain=R.femur=30"], "no device was chosen for R.femur", id="no device"
        ),
        pytest.param([], "the goal is empty", id="no goal"),
        pytest.param(
            ["--gain=R.femur=30", "--equalise=R.femur"],
            "asked to equalise and to gain",
            id="two goals for one bone",
        ),
        pytest.param(
            ["--equalise=L.femur", "--device=L.femur=example-nail"],
            "that the left leg is shorter is wrong",
            id="the longer leg",
        ),
        pytest.param(
            ["--correct=R.femur", "--device=R.femur=example-nail"],
            "R.femur",
            id="nothing proven to correct",
        ),
        pytest.param(["--equalise=R.humerus"], "segment 'R.humerus'", id="no segment"),
        pytest.param(["--gain=R.femur"], "needed is NAME=VALUE", id="no value"),
        pytest.param(["--gain=R.femur=far"], "a number is needed", id="no number"),
        pytest.param(
            ["--gain=R.femur=30", "--gain=R.femur=40"],
            "names R.femur twice",
            id="twice",
        ),
        pytest.param([*GAIN, "--cut=R.femur=10"], "cut of R.femur at 10 mm", id="cut"),
        pytest.param([*GAIN, "--rate=R.femur=9"], "rate of R.femur is 9", id="rate"),
        pytest.param(
            [*GAIN, "--rhythm=R.femur=3"], "in steps of 0.25 mm", id="rate and rhythm"
        ),
        pytest.param(
            [*GAIN, "--latency=R.femur=60"], "latency of R.femur is 60", id="latency"
        ),
        pytest.param(
            [*GAIN, "--latency=R.femur=6.5"], "latency_days.R.femur", id="half a day"
        ),
        pytest.param(
            [*GAIN, "--hinge=R.femur=knee"], "hinge.R.femur", id="unknown hinge"
        ),
        pytest.param(
            [*GAIN[:1], *GAIN[2:], "--approach=R.femur=sideways"],
            "approach to R.femur is 'sideways'",
            id="approach",
        ),
        pytest.param(
            [*EQUAL, "--fibula-fixed=L.tibia=loosely"],
            "fibula fixation of L.tibia is 'loosely'; allowed are both",
            id="fibula",
        ),
        pytest.param(
            [*GAIN, "--rate=L.femur=0.5"], "L.femur", id="an option for another leg"
        ),
        pytest.param(
            [*GAIN, "--cut=L.femur=130"], "L.femur", id="a cut of another leg"
        ),
        pytest.param([*GAIN, "--paper=foolscap"], "paper 'foolscap'", id="paper"),
        pytest.param(
            [*HEXAPOD[1:], "--device=L.tibia=tsf"],
            "data of tsf are unsigned: nobody has read the maker's instructions",
            id="a hexapod that nobody has read",
        ),
        pytest.param(
            [*HEXAPOD[1:], "--device=L.tibia=truelok-rings"],
            "data of truelok-rings are unsigned",
            id="a ring frame that nobody has read",
        ),
        pytest.param(
            [*HEXAPOD[1:], "--device=L.tibia=taylor"],
            "device 'taylor' is unknown; known are",
            id="an unknown frame",
        ),
        pytest.param(
            [*HEXAPOD, "--limb-radius=L.tibia=130"],
            "a limb of radius 130 mm needs a ring of 300 mm",
            id="a limb too wide for every ring",
        ),
        pytest.param(
            [*HEXAPOD, "--limb-radius=L.tibia=-5"],
            "limb radius of L.tibia is -5 mm; allowed is 20 to 150 mm",
            id="a limb of no width",
        ),
        pytest.param(
            [*HEXAPOD, "--limb-radius=L.tibia=wide"], "a number is needed", id="words"
        ),
        pytest.param(
            [*HEXAPOD, "--limb-radius=R.tibia=50"],
            "R.tibia is given options but is not in the goal",
            id="the limb of another leg",
        ),
    ],
)
def test_a_plan_that_cannot_stand_is_refused_in_one_line_and_leaves_no_trace(
    dora_case: CaseFolder, words: list[str], why: str
) -> None:
    given = words if words and GROWN[0] in words else [*words, *GROWN]
    before = everything_in(dora_case.path)
    assert why in refused("plan", dora_case.path, *given, "--json")
    assert everything_in(dora_case.path) == before


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("--maturity=immature", "the skeleton is immature"),
        ("--maturity=adult", "maturity: "),
        ("--age=-1", "age is -1 years"),
        ("--age=nan", "age is nan years"),
        ("--surgery-on=tomorrow", "surgery_on: "),
        ("--surgery-on=2027-02-30", "surgery_on: "),
    ],
)
def test_a_patient_or_a_day_that_cannot_be_is_refused(
    dora_case: CaseFolder, word: str, why: str
) -> None:
    said = word.partition("=")[0]
    given = [w for w in GAIN if not w.startswith(said)]
    before = everything_in(dora_case.path)
    assert why in refused("plan", dora_case.path, *given, word)
    assert everything_in(dora_case.path) == before


def test_a_case_whose_film_has_no_scale_is_not_planned(tmp_path: Path) -> None:
    case = open_case(tmp_path, notes=BARE_NOTES)
    before = everything_in(case.path)
    assert "the film has no scale; a plan needs millimetres" in refused(
        "plan", case.path, *GAIN, "--json"
    )
    assert everything_in(case.path) == before


def test_a_case_without_a_film_is_not_planned(tmp_path: Path) -> None:
    CaseFolder.create(tmp_path / "case", "Dora", "Ada")
    assert "holds no film" in refused("plan", tmp_path / "case", *GAIN)


def test_a_folder_that_is_no_case_is_not_planned(tmp_path: Path) -> None:
    assert "is no case folder" in refused("plan", tmp_path, *GAIN)
    assert list(tmp_path.iterdir()) == []


def test_a_report_folder_that_is_a_file_is_refused_and_no_plan_is_kept(
    dora_case: CaseFolder, tmp_path: Path
) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Ada,", "utf-8")
    before = everything_in(dora_case.path)
    refused("plan", dora_case.path, *GAIN, "--out", letter)
    assert everything_in(dora_case.path) == before
    assert letter.read_text("utf-8") == "Dear Ada,"


# Frames.


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("kind", ["hexapod", "ring"])
def test_a_frame_is_planned_with_the_limb_that_was_measured(
    dora_case: CaseFolder, kind: str
) -> None:
    words = [
        w.replace("L.tibia=example-rail", f"L.tibia=example-{kind}") for w in EQUAL
    ]
    words += [*FIBULA, "--gain=L.tibia=10", "--limb-radius=L.tibia=50", "--json"]
    document = printed("plan", dora_case.path, *words)
    sheet = document["segments"]["L.tibia"]
    turns = sheet["prescription"]["turns"]
    assert document["withheld"] == []
    assert sheet["acute_pose"]["valgus_deg"] == 0
    assert sheet["gradual_pose"]["valgus_deg"] > 5
    assert [len(turn["lengths_mm"]) for turn in turns] == (
        [6 if kind == "hexapod" else 2] * len(turns)
    )
    assert turns[-1]["total_mm"] == pytest.approx(10, abs=0.15)
    assert len(sheet["frame"]["start_mm"]) == len(sheet["frame"]["parts"])
    keys = {finding["key"] for finding in document["findings"]}
    assert "frame.frontal_only" in keys
    assert "frame.limb_assumed" not in keys
    (kept,) = dora_case.case().of_kind("plan")
    assert kept.body["order"]["limb_radius_mm"] == {"L.tibia": 50.0}


@pytest.mark.usefixtures("quickly")
def test_a_limb_that_nobody_measured_is_said(dora_case: CaseFolder) -> None:
    words = [*HEXAPOD, *FIBULA, "--gain=L.tibia=10"]
    outcome = callotasis("plan", dora_case.path, *words)
    assert outcome.code == 0, outcome.err
    assert "Nobody said how wide the limb is at the left tibia" in outcome.out


# Decisions.

READ = {
    "confirms": "precice",
    "stroke_mm": 65.0,
    "step_mm": 0.25,
    "document": "Instructions, revision 3",
}
PRECICE = [w.replace("example-nail", "precice") for w in GAIN]


@pytest.mark.usefixtures("quickly")
def test_a_confirmed_device_is_planned_with_the_figures_that_were_read(
    dora_case: CaseFolder,
) -> None:
    decide(dora_case, READ)
    document = printed("plan", dora_case.path, *PRECICE, "--json")
    assert document["segments"]["R.femur"]["device"] == "precice"
    far = ["--gain=R.femur=70" if w.startswith("--gain") else w for w in PRECICE]
    assert "its stroke is 0 to 65 mm" in refused("plan", dora_case.path, *far)


@pytest.mark.parametrize(
    "wrong",
    [
        {"step_mm": 0.0},
        {"step_mm": -0.25},
        {"step_mm": "nan"},
        {"stroke_mm": -1.0},
        {"stroke_mm": 0.0},
        {"document": ""},
        {"document": "  "},
    ],
    ids=str,
)
def test_figures_that_no_instructions_hold_are_refused(
    dora_case: CaseFolder, wrong: Document
) -> None:
    decide(dora_case, READ | wrong)
    refused("plan", dora_case.path, *PRECICE)


# Options become an order.

Options = Callable[..., Order]


@pytest.fixture
def order() -> Options:
    """Read options as an order; what is not given was not typed."""

    def read(**given: Any) -> Order:
        names = (
            *("device", "equalise", "gain", "correct", "age", "surgery_on", "cut"),
            *("hinge", "approach", "fibula_cut", "fibula_fixed", "rate", "rhythm"),
            *("latency", "limb_radius", "rail_lean"),
        )
        unsaid = {"maturity": "unknown", **dict.fromkeys(names)}
        return order_from_options(**(unsaid | given))

    return read


def test_every_option_has_its_place_in_the_order(order: Options) -> None:
    assert order(
        device=["R.femur=example-nail", "L.tibia=example-rail"],
        equalise="R.femur",
        gain=["L.tibia=20"],
        correct=["L.tibia"],
        maturity="mature",
        age=24.0,
        surgery_on="2027-01-11",
        cut=["R.femur=140"],
        hinge=["L.tibia=cut"],
        approach=["R.femur=retrograde"],
        fibula_cut=["L.tibia=90"],
        fibula_fixed=["L.tibia=distal"],
        rate=["R.femur=0.75"],
        rhythm=["R.femur=3"],
        latency=["R.femur=5"],
        limb_radius=["L.tibia=52.5"],
        rail_lean=["L.tibia=1.5"],
    ) == Order(
        surgery_on=date(2027, 1, 11),
        device={"R.femur": "example-nail", "L.tibia": "example-rail"},
        equalise="R.femur",
        gain_mm={"L.tibia": 20.0},
        correct=("L.tibia",),
        maturity=Maturity.MATURE,
        age_years=24.0,
        cut_mm={"R.femur": 140.0},
        hinge={"L.tibia": Hinge.CUT},
        approach={"R.femur": "retrograde"},
        fibula={"L.tibia": Fibula(90.0, fixed_distally=True)},
        latency_days={"R.femur": 5},
        rate_mm_per_day={"R.femur": 0.75},
        rhythm_per_day={"R.femur": 3},
        limb_radius_mm={"L.tibia": 52.5},
        rail_lean_deg={"L.tibia": 1.5},
    )


@pytest.mark.parametrize(
    ("where", "fixed"),
    [("both", (True, True)), ("proximal", (True, False)), ("distal", (False, True))],
)
def test_a_fibula_is_fixed_where_it_is_said(
    order: Options, where: str, fixed: tuple[bool, bool]
) -> None:
    fibula = order(fibula_fixed=[f"L.tibia={where}"]).fibula["L.tibia"]
    assert (fibula.fixed_proximally, fibula.fixed_distally) == fixed
    assert fibula.cut_mm is None


def test_without_a_day_surgery_is_four_weeks_ahead(
    order: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callotasis.cli.plan.today", lambda: MADE_ON)
    assert order().surgery_on == date(2026, 12, 29)


def test_nobody_is_taken_as_grown_without_being_asked(order: Options) -> None:
    assert order().maturity is Maturity.UNKNOWN
    assert order().age_years is None


@pytest.mark.parametrize("pair", ["", "=", "R.femur", "R.femur=", "=30"])
def test_a_pair_that_is_none_is_refused(order: Options, pair: str) -> None:
    names = ("device", "gain", "cut", "hinge", "approach", "rate", "latency")
    for name in (*names, "limb_radius"):
        with pytest.raises(Refusal, match="needed is NAME=VALUE"):
            order(**{name: [pair]})


def test_an_order_can_be_written_as_json(order: Options) -> None:
    written = json.dumps(plain(order(fibula_cut=["L.tibia=90"])))
    assert json.loads(written)["fibula"]["L.tibia"]["cut_mm"] == 90.0

"""``callotasis case``: start one, add to it, look into it, sign its plan."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from callotasis.record import CaseFolder
from commands import callotasis, printed, refused
from dora import (
    CASE,
    FORGOTTEN_FIBULA,
    NOTES,
    ORDER,
    SURGEON,
    Files,
    clicks,
    everything_in,
    made,
    write_files,
)

PLAN = (
    "--device=R.femur=example-nail",
    "--device=L.tibia=example-rail",
    "--approach=R.femur=antegrade",
    "--equalise=R.femur",
    "--correct=L.tibia",
    "--maturity=mature",
    "--age=24",
    f"--surgery-on={ORDER.surgery_on}",
)
FIBULA = ("--fibula-cut=L.tibia=90", "--fibula-fixed=L.tibia=both")

Document = dict[str, Any]


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    """A case that holds nothing yet."""
    CaseFolder.create(tmp_path / "case", CASE, SURGEON)
    return tmp_path / "case"


def entry_file(folder: Path, entry: object) -> Path:
    """Write an entry as somebody else would hand it over."""
    path = folder / "entry.json"
    path.write_text(json.dumps(entry), "utf-8")
    return path


def added(case: Path, entry: Document, by: str = SURGEON) -> str:
    """Add an entry; return its id."""
    file = entry_file(case.parent, entry)
    outcome = callotasis("case", "add", case, "--entry", file, "--by", by)
    assert outcome.code == 0, outcome.err
    return outcome.out.split()[-1]


# new


def test_a_new_case_is_a_folder_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "case"
    outcome = callotasis("case", "new", folder, "--name", "Dora", "--by", "Ada")
    assert outcome.code == 0
    assert "no emergency number is written" in outcome.err
    assert outcome.out == f"case 'Dora' started in {folder}\n"
    assert folder.stat().st_mode & 0o777 == 0o700
    (first,) = CaseFolder(folder).case().entries
    assert (first.kind, first.case, first.author) == ("case", "Dora", "Ada")


def test_a_folder_that_holds_something_is_refused_and_left_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "letter").write_text("Dear Ada,", "utf-8")
    before = everything_in(tmp_path)
    assert "is not empty" in refused("case", "new", tmp_path, "--name=D", "--by=A")
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "by", "why"),
    [
        ("", "Ada", "the case has no name"),
        ("  ", "Ada", "the case has no name"),
        ("Dora", " ", "author is empty"),
    ],
)
def test_a_case_has_a_name_and_an_author(
    tmp_path: Path, name: str, by: str, why: str
) -> None:
    folder = tmp_path / "case"
    assert why in refused("case", "new", folder, f"--name={name}", f"--by={by}")
    assert not folder.exists() or not list(folder.iterdir())


def test_a_case_may_begin_with_whom_to_call(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    words = ("case", "new", folder, "--name=Dora", "--by=Ada")
    said = refused(*words, "--emergency=call Ada")
    assert "allowed is a telephone number" in said
    assert not folder.exists()
    assert callotasis(*words, "--emergency", " 112 ").code == 0
    (first,) = CaseFolder(folder).case().entries
    assert first.body == {"opened": True, "emergency": "112"}


# add


def test_a_film_is_added_with_its_landmarks_and_what_is_known(
    opened: Path, dora_files: Files
) -> None:
    outcome = callotasis(
        *("case", "add", opened, "--by=Ada"),
        *("--film", dora_files.film, "--landmarks", dora_files.landmarks),
        *("--ball-mm=25", "--patella-forward", "--knee-flexion=0", "--block=R=30"),
    )
    assert (outcome.code, outcome.err) == (0, "")
    film, landmarks = (
        CaseFolder(opened).case().of_kind(kind)[-1] for kind in ("film", "landmarks")
    )
    assert outcome.out.splitlines() == [
        f"film kept as {film.id}",
        f"landmarks kept as {landmarks.id}",
    ]
    assert film.body["notes"]["ball_mm"] == NOTES.ball_mm
    assert film.body["notes"]["block_mm"] == NOTES.block_mm
    assert film.body["notes"]["patella_forward"] is True


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--ball-mm=60"], "no ball of 60 mm was found"),
        (["--ball-mm=25", "--block=R=900"], "block under R is 900 mm"),
        (["--depth=R.toe=1"], "joint 'R.toe' is unknown"),
        (["--magnification=1.1"], "needs its standard deviation"),
    ],
)
def test_a_film_that_cannot_be_measured_is_refused_and_not_kept(
    opened: Path, dora_files: Files, words: list[str], why: str
) -> None:
    before = everything_in(opened)
    said = refused(
        *("case", "add", opened, "--by=Ada", "--film", dora_files.film),
        *("--landmarks", dora_files.landmarks, *words),
    )
    assert why in said
    assert everything_in(opened) == before


def test_a_truncated_film_is_refused_and_not_kept(opened: Path) -> None:
    film, landmarks = opened.parent / "film.dcm", opened.parent / "landmarks.json"
    film.write_bytes(made().dicom[:9000])
    landmarks.write_text(json.dumps(clicks().as_json()), "utf-8")
    before = everything_in(opened)
    refused(
        *("case", "add", opened, "--by=Ada"),
        *("--film", film, "--landmarks", landmarks),
    )
    assert everything_in(opened) == before


def test_an_entry_is_filled_in_where_its_file_is_silent(opened: Path) -> None:
    identity = added(opened, {"kind": "exam", "body": {"flexion_deg": 95}}, by="Ben")
    (entry,) = CaseFolder(opened).case().of_kind("exam")
    assert entry.id == identity
    assert (entry.case, entry.author) == (CASE, "Ben")
    assert entry.body == {"flexion_deg": 95}


def test_an_entry_keeps_when_it_happened(opened: Path) -> None:
    at = "2026-12-01T08:00:00+01:00"
    added(opened, {"kind": "exam", "happened_at": at, "segment": "R.femur"})
    (entry,) = CaseFolder(opened).case().of_kind("exam")
    assert (entry.happened_at, entry.segment) == (at, "R.femur")


def piped(monkeypatch: pytest.MonkeyPatch, said: object) -> None:
    """Put an object on standard input, as a phone's program would."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(said)))


@pytest.mark.parametrize(
    "said",
    [
        {"turned_mm": 0.25, "segment": "R.femur", "author": "Dora"},
        {"body": {"turned_mm": 0.25}, "segment": "R.femur", "author": "Dora"},
    ],
)
def test_a_body_on_standard_input_becomes_an_entry(
    opened: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any]
) -> None:
    piped(monkeypatch, said)
    outcome = callotasis("case", "add", opened, "--kind=turn", "--json=-")
    assert (outcome.code, outcome.err) == (0, "")
    (entry,) = CaseFolder(opened).case().of_kind("turn")
    assert (entry.body, entry.segment) == ({"turned_mm": 0.25}, "R.femur")
    assert entry.author == "Dora"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"turned_mm": 10, "segment": "R.femur"}, "Is it in millimetres?"),
        ({"turned_mm": 0.25}, "needed is one bone"),
        ({"kind": "exam", "flexion_deg": 90}, "the entry says exam"),
        ([0.25], "holds no entry"),
    ],
)
def test_a_body_that_cannot_be_is_refused_and_not_kept(
    opened: Path, monkeypatch: pytest.MonkeyPatch, said: object, why: str
) -> None:
    before = everything_in(opened)
    piped(monkeypatch, said)
    line = refused("case", "add", opened, "--kind=turn", "--json=-", "--by=Dora")
    assert why in line
    assert everything_in(opened) == before


@pytest.mark.parametrize(
    ("emergency", "call"),
    [
        ([], "Call your local emergency number (none is written in this case) now."),
        (["--emergency=112"], "Call 112 now."),
    ],
)
def test_a_red_flag_is_answered_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emergency: list[str], call: str
) -> None:
    case = tmp_path / "case"
    words = ("--name", CASE, "--by", SURGEON, *emergency)
    assert callotasis("case", "new", case, *words).code == 0
    piped(monkeypatch, {"signs": ["calf_pain"], "author": "Dora"})
    outcome = callotasis("case", "add", case, "--kind=symptom", "--json=-")
    assert (outcome.code, outcome.err) == (0, "")
    assert call in " ".join(outcome.out.split())
    assert "may be a clot" in " ".join(outcome.out.split())
    assert outcome.out.startswith("symptom kept as ")


def test_what_is_no_red_flag_is_kept_without_a_word(
    opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, {"pain": 2, "author": "Dora"})
    outcome = callotasis("case", "add", opened, "--kind=symptom", "--json=-")
    assert outcome.out.count("\n") == 1


def test_an_entry_of_another_program_is_kept_and_said_not_to_count(
    opened: Path,
) -> None:
    file = entry_file(opened.parent, {"kind": "symptom", "body": {"pain": 70}})
    outcome = callotasis("case", "add", opened, "--entry", file, "--by", "Dora")
    assert outcome.code == 0
    assert "kept, and not counted: pain is 70" in outcome.err
    assert len(CaseFolder(opened).case().of_kind("symptom")) == 1


def test_an_entry_without_any_author_is_refused(
    opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, {"turned_mm": 0.25, "segment": "R.femur"})
    assert "author is empty" in refused(
        "case", "add", opened, "--kind=turn", "--json=-"
    )


@pytest.mark.parametrize(
    "words", [["--kind=turn"], ["--json=-"], ["--by=Ada"], []], ids=str
)
def test_what_goes_together_is_asked_for_together(
    opened: Path, words: list[str]
) -> None:
    assert callotasis("case", "add", opened, *words).code == 2


def test_nobody_enters_anything_in_the_name_of_another(opened: Path) -> None:
    added(opened, {"kind": "decision", "author": "Ada", "body": {}}, by="Eli")
    (entry,) = CaseFolder(opened).case().of_kind("decision")
    assert entry.author == "Eli"


def test_a_correction_takes_the_place_of_what_it_corrects(opened: Path) -> None:
    first = added(opened, {"kind": "exam", "body": {"flexion_deg": 95}})
    second = {"kind": "exam", "corrects": first, "body": {"flexion_deg": 59}}
    added(opened, second)
    (entry,) = CaseFolder(opened).case().of_kind("exam")
    assert entry.body == {"flexion_deg": 59}


def test_a_surgery_that_no_signed_plan_holds_is_refused_and_not_kept(
    opened: Path,
) -> None:
    body = {"segment": "R.femur", "done_on": "2026-11-20", "surgeon": "Ada"}
    surgery = {"kind": "surgery", "happened_at": "2026-11-20T10:00:00+01:00"}
    before = everything_in(opened)
    for given, why in (
        (body, "surgery, device: "),
        ({**body, "device": "rail", **_BARE_SURGERY}, "signed are: none"),
    ):
        file = entry_file(opened.parent, {**surgery, "body": given})
        assert why in refused("case", "add", opened, "--entry", file, "--by=Ada")
    assert everything_in(opened) == before


_BARE_SURGERY: Document = {
    "lots": [],
    "cut_mm": 140,
    "gap_zero_mm": None,
    "acute_pose": {
        "not_measured": [
            *("lateral_mm", "proximal_mm", "valgus_deg", "anterior_mm"),
            *("apex_anterior_deg", "external_rotation_deg"),
        ]
    },
}


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (None, "holds no entry; needed is an object"),
        ([], "holds no entry; needed is an object"),
        ({}, "kind '' is unknown; known are"),
        ({"kind": "wish"}, "kind 'wish' is unknown"),
        ({"kind": "exam", "segment": "arm"}, "segment 'arm' is unknown"),
        ({"kind": "exam", "id": "7"}, "id '7' is no UUID"),
        ({"kind": "exam", "happened_at": "today"}, "is no ISO 8601 time"),
        ({"kind": "exam", "happened_at": "2026-12-01"}, "has no offset"),
        ({"kind": "exam", "mood": "calm"}, "mood: "),
        ({"kind": "exam", "body": 3}, "body: "),
        ({"kind": "exam", "body": {"x": float("nan")}}, "no JSON"),
        ({"kind": "exam", "case": "Eli"}, "cannot join case"),
        ({"kind": "exam", "schema": 99}, "schema is 99"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused_and_not_kept(
    opened: Path, entry: object, why: str
) -> None:
    file = entry_file(opened.parent, entry)
    before = everything_in(opened)
    assert why in refused("case", "add", opened, "--entry", file, "--by=Ada")
    assert everything_in(opened) == before


# show


def test_a_case_is_shown_as_one_document(opened: Path) -> None:
    first = added(opened, {"kind": "exam", "body": {"flexion_deg": 95.123456}})
    added(opened, {"kind": "exam", "corrects": first, "body": {"flexion_deg": 59}})
    outcome = callotasis("case", "show", opened, "--json")
    assert outcome.err == ""
    document = outcome.document
    assert {*document} == {"case", "entries", "corrected", "findings"}
    assert document["case"] == CASE
    assert [e["kind"] for e in document["entries"]] == ["case", "exam"]
    assert [*document["corrected"]] == [first]
    said = [e["body"]["flexion_deg"] for e in document["corrected"][first]]
    assert said == [95.123456, 59]  # the record is shown as it was written
    assert document["findings"] == []


def test_a_case_is_shown_to_people_with_who_did_what(opened: Path) -> None:
    first = added(opened, {"kind": "exam", "body": {}}, by="Ben")
    added(opened, {"kind": "exam", "corrects": first, "body": {}}, by="Cleo")
    outcome = callotasis("case", "show", opened)
    assert (outcome.code, outcome.err) == (0, "")
    assert CASE in outcome.out
    assert "exam" in outcome.out
    assert "Cleo" in outcome.out
    assert "1 entries were corrected; all versions are kept." in outcome.out


@pytest.mark.parametrize("name", ["[Dora]", "[red]Dora[/red]", "[/bold]", "Дора"])
def test_a_name_is_shown_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    CaseFolder.create(tmp_path / "case", name, name)
    outcome = callotasis("case", "show", tmp_path / "case")
    assert outcome.out.count(name) == 2


def test_what_is_odd_about_the_record_is_said(opened: Path) -> None:
    with (opened / "entries.jsonl").open("ab") as log:
        log.write(b'{"torn":')
    assert "caution: The last line of the log" in callotasis("case", "show", opened).out
    document = printed("case", "show", opened, "--json")
    assert [f["key"] for f in document["findings"]] == ["record.torn"]


def test_a_log_that_was_changed_is_refused(opened: Path) -> None:
    log = opened / "entries.jsonl"
    log.write_text(log.read_text("utf-8").replace("Ada", "Eli"), "utf-8")
    assert "the log was changed" in refused("case", "show", opened, "--json")


# sign


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures: what is looked at here is what is said and kept."""
    monkeypatch.setattr("callotasis.report.sheet._pictures", lambda *_: [])
    monkeypatch.setattr("callotasis.report.sheet.html_page", lambda *_, **__: "")
    monkeypatch.setattr("callotasis.report.sheet._pdf", lambda *_: b"")


@pytest.mark.usefixtures("quickly")
def test_a_plan_is_signed_by_name(dora_case: CaseFolder) -> None:
    plan = printed("plan", dora_case.path, *PLAN, *FIBULA, "--json")
    outcome = callotasis("case", "sign", dora_case.path, "--by=Ada")
    assert (outcome.code, outcome.err) == (0, "")
    report = dora_case.path / "report" / "report.html"
    assert outcome.out == f"plan {plan['entry']} signed by Ada; report: {report}\n"
    (signature,) = dora_case.case().of_kind("signature")
    assert (signature.author, signature.body["signs"]) == ("Ada", plan["entry"])
    turns = plan["segments"]["R.femur"]["prescription"]["turns"]
    signed = signature.body["prescriptions"]["R.femur"]["turns"]
    assert [turn["at"] for turn in signed] == [turn["at"] for turn in turns]
    followed = printed("follow", dora_case.path, "--as-of=-1", "--json")
    assert followed["segments"]["R.femur"]["phase"] == "planned"
    calendar = (dora_case.path / "report" / "turns.ics").read_text("utf-8")
    assert "BEGIN:VEVENT" in calendar
    assert "DRAFT" not in calendar


@pytest.mark.usefixtures("quickly")
def test_a_stop_is_answered_for_one_plan_and_then_it_may_be_signed(
    dora_case: CaseFolder,
) -> None:
    plan = printed("plan", dora_case.path, *PLAN, "--json")
    assert plan["withheld"] == [FORGOTTEN_FIBULA]
    before = everything_in(dora_case.path)
    said = refused("case", "sign", dora_case.path, "--by=Ada")
    assert f"open stops: {FORGOTTEN_FIBULA}" in said
    assert plan["entry"] in said
    assert everything_in(dora_case.path) == before
    answer = {"plan": plan["entry"], "answers": FORGOTTEN_FIBULA, "reason": "Divided."}
    added(dora_case.path, {"kind": "decision", "body": answer})
    assert callotasis("case", "sign", dora_case.path, "--by=Ada").code == 0
    assert (dora_case.path / "report" / "turns.ics").exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [([], "holds no plan to sign"), (["--out", "elsewhere"], "holds no plan to sign")],
)
def test_without_a_plan_there_is_nothing_to_sign(
    opened: Path, words: list[str], why: str
) -> None:
    before = everything_in(opened)
    assert why in refused("case", "sign", opened, "--by=Ada", *words)
    assert everything_in(opened) == before


@pytest.mark.usefixtures("quickly")
def test_a_plan_is_signed_once(dora_case: CaseFolder) -> None:
    assert callotasis("plan", dora_case.path, *PLAN, *FIBULA).code == 0
    assert callotasis("case", "sign", dora_case.path, "--by=Ada").code == 0
    before = everything_in(dora_case.path)
    said = refused("case", "sign", dora_case.path, "--by=Cleo")
    assert "is signed already" in said
    assert everything_in(dora_case.path) == before


@pytest.mark.usefixtures("quickly")
def test_a_signed_report_that_cannot_be_written_leaves_no_signature(
    dora_case: CaseFolder, tmp_path: Path
) -> None:
    assert callotasis("plan", dora_case.path, *PLAN, *FIBULA).code == 0
    letter = tmp_path / "letter"
    letter.write_text("Dear Ada,", "utf-8")
    before = everything_in(dora_case.path)
    refused("case", "sign", dora_case.path, "--by=Ada", "--out", letter)
    assert everything_in(dora_case.path) == before


@pytest.mark.usefixtures("quickly")
def test_a_plan_on_an_older_film_is_stale(
    dora_case: CaseFolder, tmp_path: Path
) -> None:
    assert callotasis("plan", dora_case.path, *PLAN, *FIBULA).code == 0
    files = write_files(tmp_path)
    again = callotasis(
        *("case", "add", dora_case.path, "--by=Ada", "--ball-mm=25"),
        *("--film", files.film, "--landmarks", files.landmarks),
    )
    assert again.code == 0
    said = refused("case", "sign", dora_case.path, "--by=Ada")
    assert "stale" in said
    assert "plan again" in said

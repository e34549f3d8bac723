"""The demonstration: a whole synthetic case, from film to report."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from callotasis import demo
from callotasis.courses import look_at
from callotasis.demo import AUTHOR, CASE, MADE_ON, NOTES, ORDER, SPEC, STEPS, Demo
from callotasis.demo_year import LOOKED_AT, YEAR, said_of
from callotasis.errors import RecordRefusal
from callotasis.exchange import plain
from callotasis.findings import Level
from callotasis.outcome import Verdict
from callotasis.outcomes import outcomes_of
from callotasis.pose import Side
from callotasis.radiograph import read_film, read_landmarks
from callotasis.record import CaseFolder
from dora import LEFT_TIBIA, RIGHT_FEMUR, everything_in


@dataclass(frozen=True)
class Shown:
    """A demonstration, the folder it was made in, and what it said on the way."""

    folder: Path
    demo: Demo
    said: list[str]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demonstration on a coarser film, which is made in no time."""
    folder = tmp_path_factory.mktemp("shown") / "demo"
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "SPEC", replace(SPEC, pitch_mm=0.5))
        made = demo.demonstrate(folder, said.append)
    return Shown(folder, made, said)


# What it leaves behind.


def test_every_step_is_announced_in_order(shown: Shown) -> None:
    assert shown.said == [*STEPS]


def test_film_truth_and_landmarks_lie_beside_the_case(shown: Shown) -> None:
    film = read_film(shown.folder / "film.dcm")
    truth = json.loads((shown.folder / "film.truth.json").read_text("utf-8"))
    landmarks = read_landmarks(shown.folder / "film.landmarks.json")
    assert film.synthetic
    assert truth == json.loads(json.dumps(shown.demo.truth))
    assert {*landmarks.sides} == {*Side}


def test_the_case_holds_film_landmarks_and_plan(shown: Shown) -> None:
    case = CaseFolder(shown.folder / "case")
    kinds = {entry.kind for entry in case.case().entries}
    assert (case.name, kinds) == (CASE, {"case", "film", "landmarks", "plan"})
    assert {entry.author for entry in case.case().entries} == {AUTHOR}
    assert case.findings == ()
    film = case.case().of_kind("film")[-1]
    kept = case.film_path(film.body["sha256"])
    assert kept.read_bytes() == (shown.folder / "film.dcm").read_bytes()


def test_the_report_has_every_part(shown: Shown) -> None:
    report = shown.demo.planned.report
    parts = (report.html, report.pdf, report.calendar, report.table, *report.pictures)
    assert len(report.pictures) == 4
    signed = shown.folder / "year" / "report" / "report.html"
    assert "signed by Ada" in signed.read_text("utf-8")
    for path in parts:
        assert path is not None
        assert path.parent == shown.folder / "report"
        assert path.stat().st_size > 0


# What it shows.


def test_the_truth_lies_in_the_intervals(shown: Shown) -> None:
    found = shown.demo.planned.measured.measurement
    truth = json.loads(json.dumps(shown.demo.truth))
    assert found.discrepancy_mm is not None
    assert not found.discrepancy_mm.low > truth["discrepancy_mm"]
    assert not found.discrepancy_mm.high < truth["discrepancy_mm"]
    inside = [
        found.sides[side][name].low <= exact <= found.sides[side][name].high
        for side in Side
        for name, exact in truth["sides"][side].items()
        if name in found.sides[side]
    ]
    assert len(inside) > 15
    assert np.mean(inside) >= 0.9


def test_the_short_femur_is_lengthened_and_the_varus_tibia_is_straightened(
    shown: Shown,
) -> None:
    proposal = shown.demo.planned.worked.proposal
    assert {*proposal.segments} == {RIGHT_FEMUR, LEFT_TIBIA}
    assert 30 < proposal.segments[RIGHT_FEMUR].settings.extension_mm < 50
    turn = proposal.segments[LEFT_TIBIA].acute_pose["valgus_deg"]
    assert isinstance(turn, float)
    assert 5 < turn < 15
    assert proposal.after.discrepancy_mm is not None
    assert abs(proposal.after.discrepancy_mm.value) < 2


def test_no_stop_is_open_so_that_every_part_can_be_shown(shown: Shown) -> None:
    proposal = shown.demo.planned.worked.proposal
    assert proposal.withheld == ()
    assert Level.STOP not in {f.level for f in proposal.findings}
    assert proposal.segments[RIGHT_FEMUR].prescription.turns


def test_only_invented_devices_are_shown(shown: Shown) -> None:
    proposal = shown.demo.planned.worked.proposal
    assert all(s.device.startswith("example-") for s in proposal.segments.values())
    keys = {f.key for f in proposal.findings}
    assert "device.example" in keys


def test_the_plan_is_kept_as_it_was_worked_out(shown: Shown) -> None:
    planned = shown.demo.planned
    body = planned.entry.body
    assert body["proposal"] == json.loads(json.dumps(plain(planned.worked.proposal)))
    assert body["made_on"] == MADE_ON.isoformat()
    assert body["order"]["equalise"] == ORDER.equalise
    film = shown.demo.folder.case().of_kind("film")[-1]
    assert film.body["notes"]["ball_mm"] == NOTES.ball_mm


# The year.


def test_the_stall_is_seen_in_week_3_and_the_stiff_knee_in_week_6(
    shown: Shown,
) -> None:
    noticed = shown.demo.year.noticed
    first = {one.finding.key: day for day, one in reversed(noticed)}
    assert first["length.short"] == 21
    assert first["knee.low"] == 38
    assert not [one for day, one in noticed if day > 38]


def test_what_was_answered_changed_the_prescription_and_stays_readable(
    shown: Shown,
) -> None:
    case = shown.demo.year.folder
    bounds = look_at(case, YEAR).courses[RIGHT_FEMUR].bounds
    signed, longer, slower = bounds
    assert (signed.prescription.total_mm, longer.goal_mm, slower.goal_mm) == (
        pytest.approx(39.5),
        pytest.approx(43.5),
        pytest.approx(43.5),
    )
    rates = [bound.prescription.protocol.rate_mm_per_day for bound in bounds]
    assert rates == [1.0, 1.0, 0.75]
    assert look_at(case, 20).courses[RIGHT_FEMUR].bounds == (signed,)


def test_the_goal_is_reached_and_the_leg_loaded(shown: Shown) -> None:
    [outcome] = outcomes_of(shown.demo.year.folder, YEAR, synthetic=True)
    assert outcome.gain.verdict is Verdict.WITHIN
    assert outcome.milestones.full_weight_bearing == 150
    assert outcome.ended
    [(event, grades)] = outcome.graded
    assert event.complication.what == "joint contracture"
    assert grades.paley.level == "problem"


def test_each_look_has_a_report_and_the_end_a_page(shown: Shown) -> None:
    for day in LOOKED_AT:
        folder = shown.folder / "year" / "follow-up" / f"day-{day:03d}"
        assert (folder / "follow-up.html").stat().st_size > 0
        assert "SYNTHETIC" in (folder / "follow-up.html").read_text("utf-8")
    assert {*shown.demo.year.outcome} == {
        "outcome-R.femur.pdf",
        "registry.csv",
        "dictionary.csv",
    }


def test_a_finding_is_told_once(shown: Shown) -> None:
    noticed = shown.demo.year.noticed
    lines = said_of([*noticed, *noticed])
    assert lines == said_of(noticed)
    assert lines[0].startswith("Day 21, this week: On the film the right femur is ")


# Where it may be made.


def test_the_same_library_shows_the_same(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "SPEC", replace(SPEC, pitch_mm=0.5))
    demo.demonstrate(tmp_path / "again", lambda _: None)
    once, again = everything_in(shown.folder), everything_in(tmp_path / "again")
    # Entries have names and times of their own.
    logs = {"case/entries.jsonl", "year/case/entries.jsonl"}
    assert {*once} == {*again}
    assert {n: d for n, d in once.items() if n not in logs} == {
        n: d for n, d in again.items() if n not in logs
    }


def test_a_case_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "letter").write_text("Dear Ada,", "utf-8")
    before = everything_in(tmp_path)
    with pytest.raises(RecordRefusal, match="is not empty"):
        demo.demonstrate(tmp_path, lambda _: None)
    assert everything_in(tmp_path) == before

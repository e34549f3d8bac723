"""``callotasis case adapt``: a change is drafted, and binds once it is signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from callotasis.distraction import Protocol, prescribe
from callotasis.followup import Step
from callotasis.record import CaseFolder
from commands import callotasis, printed, refused
from dora import RIGHT_FEMUR, everything_in
from followcases import HOME, entered, signed_case, turned

TODAY = date.today()  # noqa: DTZ011 - as the command reads it
TOMORROW = TODAY + timedelta(days=1)
PLAN = prescribe(
    RIGHT_FEMUR,
    "example-nail",
    40.0,
    Protocol(7, 1.0, 4, ()),
    TODAY - timedelta(days=20),
)
DONE = sum(turn.day < 20 for turn in PLAN.turns)  # until yesterday evening: 13 mm


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Follow a femur that was operated twenty days ago."""
    long_ago = datetime.combine(PLAN.surgery_on, datetime.min.time(), HOME)
    folder = signed_case(tmp_path, PLAN, signed_at=long_ago - timedelta(days=9))
    turned(folder, DONE, PLAN)
    return folder.path


def adapt(case: Path, *words: str) -> tuple[object, ...]:
    """Name the command that asks for a change."""
    return ("case", "adapt", case, "R.femur", "--by=Ben", *words)


SLOW = ("--change=slow", "--rate=0.5")


def test_a_change_is_drafted_and_says_how_to_sign_it(case: Path) -> None:
    outcome = callotasis(*adapt(case, *SLOW))
    assert (outcome.code, outcome.err) == (0, "")
    [draft] = CaseFolder(case).case().of_kind("prescription")
    first, turns, last = outcome.out.splitlines()
    assert first == (
        f"From {TOMORROW} turn the right femur 0.5 mm a day instead of 1, to the end."
    )
    assert turns.split(" turns from ")[0].isdecimal()
    assert last == (
        f"Kept as draft {draft.id}; it binds once a surgeon signs: callotasis case sign"
    )
    assert draft.author == "Ben"


def test_a_draft_is_one_document(case: Path) -> None:
    found = printed(*adapt(case, *SLOW, "--json"))
    assert found.keys() == {
        *("draft", "segment", "adaptation", "bound", "approach", "answers"),
        "text",
    }
    assert found["segment"] == "R.femur"
    assert found["adaptation"]["from_on"] == TOMORROW.isoformat()
    turns = found["bound"]["prescription"]["turns"]
    assert found["bound"]["start_mm"] + sum(t["turn_mm"] for t in turns) == 40.0


def test_a_change_begins_on_the_day_that_is_said(case: Path) -> None:
    later = TODAY + timedelta(days=5)
    found = printed(*adapt(case, *SLOW, f"--from={later}", "--json"))
    assert found["adaptation"]["from_on"] == later.isoformat()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("--change=stop",),
            "End the lengthening of the right femur as it is",
        ),
        (("--change=hold", "--days=7"), "Do not turn the right femur from now on"),
        (
            ("--change=faster", "--rate=1.25", "--days=7"),
            f"From {TOMORROW} turn the right femur 1.25 mm a day until",
        ),
        (("--change=extend", "--mm=3"), "Turn the right femur 3 mm further"),
        (
            ("--change=back and forth", "--mm=5"),
            f"From {TOMORROW} bring the ends of the right femur 5 mm",
        ),
    ],
)
def test_every_change_can_be_asked_for(
    case: Path, words: tuple[str, ...], says: str
) -> None:
    outcome = callotasis(*adapt(case, *words))
    assert outcome.code == 0
    assert outcome.out.startswith(says)
    assert ("turns from" in outcome.out) is (words != ("--change=stop",))


def test_without_a_change_the_findings_propose_one(case: Path) -> None:
    folder, now = CaseFolder(case), datetime.now(HOME)
    stiff = {"ranges": {"knee_flexion_deg": 40}}
    entered(folder, "exam", stiff, now - timedelta(days=1), "R", "Ben")
    outcome = callotasis(*adapt(case))
    assert outcome.code == 0
    assert outcome.out.startswith("Do not turn the right femur from now on")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "nothing asks for a change of R.femur"),
        (("--rate=0.5",), "rate, days, mm and from go with a change; name it"),
        ((f"--from={TOMORROW}",), "go with a change; name it"),
        (("--change=slower",), "change is 'slower'; allowed are stop, hold, slow"),
        (("--change=slow",), "change 'slow' needs rate_mm_per_day"),
        (("--change=stop", "--mm=3"), "change 'stop' has no mm"),
        ((*SLOW, "--from=soon"), "from is 'soon'; allowed is a date"),
        ((*SLOW, f"--from={TODAY}"), "allowed is from tomorrow"),
        (("--change=slow", "--rate=10"), "rate_mm_per_day is 10; allowed is up to 1.5"),
        (("--change=extend", "--mm=90"), "has a stroke of 80 mm"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_not_kept(
    case: Path, words: tuple[str, ...], why: str
) -> None:
    before = everything_in(case)
    assert why in refused(*adapt(case, *words))
    assert everything_in(case) == before


@pytest.mark.parametrize(
    ("segment", "why"), [("L.femur", "signed are: R.femur"), ("arm", "arm")]
)
def test_a_bone_that_no_plan_holds_is_refused(
    case: Path, segment: str, why: str
) -> None:
    assert why in refused("case", "adapt", case, segment, "--by=Ben", *SLOW)


# Signing it.


def test_a_signed_change_binds_and_its_turns_lie_beside_the_report(
    case: Path,
) -> None:
    draft = printed(*adapt(case, *SLOW, "--json"))["draft"]
    assert not (case / "report").exists()
    outcome = callotasis("case", "sign", case, "--by=Ada")
    assert (outcome.code, outcome.err) == (0, "")
    calendar = case / "report" / "turns.ics"
    assert outcome.out == (
        f"changed prescription {draft} of R.femur signed by Ada; turns: {calendar}\n"
    )
    bound = CaseFolder(case).case().of_kind("signature")[-1]
    asked = bound.body["prescriptions"]["R.femur"]["turns"]
    events = calendar.read_text("utf-8").split("BEGIN:VEVENT")[1:]
    assert sum("STATUS:CANCELLED" not in event for event in events) == len(asked)
    assert any("STATUS:CANCELLED" in event for event in events)  # turns of before
    assert "holds no plan to sign" in refused("case", "sign", case, "--by=Ada")


def test_the_calendar_of_a_signed_stop_only_cancels(case: Path) -> None:
    assert callotasis(*adapt(case, *SLOW)).code == 0
    assert callotasis("case", "sign", case, "--by=Ada").code == 0
    assert (case / "report" / "turns.ics").exists()
    assert callotasis(*adapt(case, "--change=stop")).code == 0
    assert callotasis("case", "sign", case, "--by=Ada").code == 0
    calendar = (case / "report" / "turns.ics").read_text("utf-8")
    assert calendar.count("BEGIN:VEVENT") == calendar.count("STATUS:CANCELLED") > 0
    bone = printed("follow", case, "--json")["segments"]["R.femur"]
    assert bone["phase"] == "consolidation"
    assert bone["proposal"] is None
    assert {gate["step"] for gate in bone["gates"]} >= {Step.SPORT.value}


def test_a_stale_draft_is_not_signed(case: Path) -> None:
    assert callotasis(*adapt(case, *SLOW)).code == 0
    body = {"turned_mm": 1.5}
    long_ago = datetime.now(HOME) - timedelta(days=1)
    entered(CaseFolder(case), "turn", body, long_ago, RIGHT_FEMUR)
    before = everything_in(case)
    assert "is stale: 13 mm" in refused("case", "sign", case, "--by=Ada")
    assert everything_in(case) == before


def test_a_report_folder_may_be_named(case: Path, tmp_path: Path) -> None:
    assert callotasis(*adapt(case, *SLOW)).code == 0
    out = tmp_path / "elsewhere"
    assert callotasis("case", "sign", case, "--by=Ada", "--out", out).code == 0
    assert {path.name for path in out.iterdir()} == {"turns.ics", "turns.csv"}

"""The follow-up report: the same words for page and paper."""

from __future__ import annotations

import pymupdf
import pytest

from callotasis.courses import look_at
from callotasis.followed import standing_of
from callotasis.following import earlier_forecasts
from callotasis.record import CaseFolder
from callotasis.report.follow_up import (
    FollowUpOrder,
    follow_up_report,
    words_of_standing,
)
from livedyears import healed, lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Look at a case; nothing is entered any more."""
    folder = lived(tmp_path_factory.mktemp("lived"))
    healed(folder)
    return folder


def order(case: CaseFolder, day: int, paper: str = "a4") -> FollowUpOrder:
    """Ask for the report of a day."""
    looked = look_at(case, day)
    return FollowUpOrder(
        case=case.name,
        standing=standing_of(looked),
        courses=looked.courses,
        said=earlier_forecasts(case, looked),
        synthetic=True,
        paper=paper,
    )


def test_the_first_answers_say_where_and_what_to_do(case: CaseFolder) -> None:
    answers = dict(words_of_standing(order(case, 30)).answers)
    assert answers["Where do we stand?"] == "Right femur: day 30, distraction."
    assert "mm short of what was turned" in answers["What must be done?"]
    assert "17.5 mm" in answers["Does the bone follow?"]
    assert "on the film of day 28" in answers["Does the bone follow?"]
    assert "it binds once a surgeon signs it" in answers["What would change?"]


def test_a_proposal_says_why_and_what_it_would_do(case: CaseFolder) -> None:
    rows = {row[1]: row[2] for row in words_of_standing(order(case, 30)).proposals.rows}
    assert "knee.low" in rows["because of"]
    assert "instead of 46" in rows["last turn"]


def test_every_finding_has_a_day_an_action_and_a_source(case: CaseFolder) -> None:
    findings = words_of_standing(order(case, 30)).findings
    assert len(findings) >= 2
    for finding in findings:
        assert finding["sentence"].startswith("Since day ")
        assert finding["action"]
    assert any("[followup.shortfall_alarm]" in f["why"] for f in findings)


def test_a_loaded_bone_has_no_forecast_any_more(case: CaseFolder) -> None:
    answers = dict(words_of_standing(order(case, 365)).answers)
    assert answers["When will it be solid?"] == (
        "Right femur: loaded fully since day 140."
    )


def test_gates_say_what_they_wait_for(case: CaseFolder) -> None:
    rows = words_of_standing(order(case, 120)).gates.rows
    full = next(row for row in rows if row[1] == "full weight bearing")
    assert full[2] == "waits"
    assert "Mean pixel value ratio at least 0.93: not yet" in full[3]
    later = words_of_standing(order(case, 150)).gates.rows
    full = next(row for row in later if row[1] == "full weight bearing")
    assert full[2] == "allowed on day 140"


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_paper_says_the_same_on_every_page(case: CaseFolder, paper: str) -> None:
    files = follow_up_report(order(case, 30, paper)).files
    document = pymupdf.open(stream=files["follow-up.pdf"])
    pages = [page.get_text() for page in document]
    assert "mm short of what was turned" in " ".join(pages[0].split())
    for page in pages:
        assert "not a medical device" in page
        assert case.name in page
    width = round(document[0].rect.width)
    assert width == {"a4": 595, "us-letter": 612}[paper]


def test_a_report_is_the_same_twice(case: CaseFolder) -> None:
    assert follow_up_report(order(case, 30)) == follow_up_report(order(case, 30))

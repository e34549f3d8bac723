"""The follow-up report: the same words for page and paper."""

from __future__ import annotations

import pymupdf
import pytest

from callotasis.courses import look_at
from callotasis.followed import standing_of
from callotasis.following import earlier_forecasts
from callotasis.record import CaseFolder
from callotasis.report.follow_up import FollowUpOrder, follow_up_report
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

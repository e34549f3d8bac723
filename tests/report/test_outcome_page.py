"""The outcome page: one page, with side, intervals, gradings and sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from callotasis import NOTICE, __version__
from callotasis.errors import PlanRefusal
from callotasis.outcome import Outcome
from callotasis.report.outcome_page import (
    OutcomePageOrder,
    change_words,
    event_row,
    expected_words,
    outcome_page,
    sources,
    tiles,
)
from dora import CASE
from ended import ENDED, outcome
from looks import pages_of, paper_of
from mishaps import event

MADE_ON = date(2028, 1, 11)
SIGNED = "signed by Ada on 12 January 2028"
Print = Callable[..., list[str]]


@pytest.fixture
def printed(tmp_path: Path) -> Print:
    """Print an outcome and read its pages."""

    def read(told: Outcome = ENDED, signed: str = "", paper: str = "a4") -> list[str]:
        path = tmp_path / "outcome.pdf"
        path.write_bytes(
            outcome_page(OutcomePageOrder(told, CASE, MADE_ON, signed, paper))
        )
        assert paper_of(path) == {"a4": (595, 842), "us-letter": (612, 792)}[paper]
        return pages_of(path)

    return read


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_an_outcome_is_one_page_with_side_case_date_and_notice(
    printed: Print, paper: str
) -> None:
    (page,) = printed(paper=paper)
    for words in (
        "RIGHT FEMUR",
        CASE,
        "11 January 2028",
        __version__,
        NOTICE,
        "For clinicians",
        "SYNTHETIC: nobody was treated",
        "1 of 1",
    ):
        assert words in page


def test_numbers_stand_with_their_intervals_and_events(printed: Print) -> None:
    (page,) = printed()
    assert "48.6 mm (47.4 to 49.9)" in page
    assert "of 50 mm planned: below" in page
    assert "35.2 days/cm (34.3 to 36.1)" in page
    assert "osteotomy (day 0) to called solid by a clinician (171)" in page


def test_it_is_a_draft_until_it_is_signed(printed: Print) -> None:
    assert "DRAFT, not signed" in printed()[0]
    (signed,) = printed(signed=SIGNED)
    assert SIGNED in signed
    assert "DRAFT" not in signed


def test_gradings_are_said_to_be_provisional_while_treatment_goes_on(
    printed: Print,
) -> None:
    assert "Gradings are provisional" in printed(outcome(ended=False))[0]
    assert "Gradings are provisional" not in printed()[0]


def test_a_bone_of_which_little_is_known_says_so(printed: Print) -> None:
    bare = outcome(
        gained_mm=None, healing=None, alignment=(), ranges=(), scores=(), events=(),
        expected=(), ended=False, synthetic=False,
    )  # fmt: skip
    (page,) = printed(bare)
    assert "not known yet" in page
    assert "None was entered." in page
    assert "Before and after" not in page
    assert "SYNTHETIC" not in page


def test_many_complications_run_over_with_their_head(printed: Print) -> None:
    pages = printed(outcome(events=(event(),) * 60))
    assert len(pages) > 1
    assert all("Lascombes" in page for page in pages[:2])


def test_the_same_outcome_makes_the_same_file() -> None:
    order = OutcomePageOrder(ENDED, CASE, MADE_ON)
    assert outcome_page(order) == outcome_page(order)


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="paper 'a5' is unknown"):
        OutcomePageOrder(ENDED, CASE, MADE_ON, paper="a5")


def test_pictures_have_words_for_who_cannot_see_them() -> None:
    assert "Bone solid: said day 122 (85 to 190), was day 171" in expected_words(ENDED)
    assert "mLDFA: 88.9° (87.8 to 90.0) before" in change_words(ENDED)


def test_a_stated_level_has_a_star_and_what_the_facts_give_beside_it() -> None:
    stated = event(stated={"black": "IIIA", "paley": "problem", "by": "Ada"})
    ((told, grades),) = outcome(events=(stated,)).graded
    assert event_row(told, grades)[4:] == ["problem*", "I", "IIIA* (I)", "2"]


def test_a_level_that_the_facts_do_not_decide_is_a_question_mark() -> None:
    ((told, grades),) = outcome(events=(event(treatment="planned theatre"),)).graded
    assert event_row(told, grades)[4:] == ["obstacle", "I", "?", "?"]


def test_sources_name_forecasts_normal_ranges_and_scales_with_their_marks() -> None:
    said = "; ".join(sources(ENDED))
    for words in ("HSS series", "Lascombes: Lascombes", "[from knowledge]"):
        assert words in said
    assert sources(outcome(alignment=(), expected=(), events=())) == []


def test_tiles_say_how_many_complications_are_open() -> None:
    assert tiles(ENDED)[2] == ("Complications", "2", "1 open")
    assert tiles(outcome(events=()))[2] == ("Complications", "0", "none open")

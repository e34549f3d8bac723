"""Scores: sums, bands, item 9, and since when it is so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.instruments import Answers, Given, catalogue, present, score
from sheets import filled, given

START = date(2027, 2, 1)


def on(week: int) -> date:
    """Day of a week's sheet."""
    return START + timedelta(weeks=week)


@over(st.sampled_from(sorted(catalogue())), st.data())
def test_a_total_is_the_sum_of_its_items(key: str, data: st.DataObject) -> None:
    known = catalogue()[key]
    answers = {i: data.draw(st.integers(0, known.highest)) for i in known.items}
    found = score(Answers(key, answers))
    turned = sum(known.highest - 2 * answers[i] for i in known.reversed)
    assert found.total == sum(answers.values()) + turned
    assert 0 <= found.total <= found.highest == known.most


@pytest.mark.parametrize(
    ("key", "answer", "total", "band"),
    [
        ("phq9", 0, 0, "minimal"),
        ("phq9", 1, 9, "mild"),
        ("phq9", 3, 27, "severe"),
        ("gad7", 2, 14, "moderate"),
        ("gad7", 3, 21, "severe"),
        ("rses", 0, 15, ""),
        ("rses", 3, 15, ""),
    ],
)
def test_the_same_answer_throughout_gives_the_printed_total(
    key: str, answer: int, total: int, band: str
) -> None:
    found = score(filled(key, answer))
    assert (found.total, found.band) == (total, band)


def test_self_esteem_turns_five_items_round() -> None:
    best = {f"rses_{n}": 0 if n in {2, 5, 6, 8, 9} else 3 for n in range(1, 11)}
    assert score(Answers("rses", best)).total == 30


def test_item_9_is_told_beside_the_total() -> None:
    found = score(filled("phq9", 0, phq9_9=1))
    assert (found.total, found.item_9) == (1, 1)
    assert score(filled("gad7")).item_9 is None


def test_a_half_filled_sheet_has_no_total_and_still_tells_item_9() -> None:
    found = score(
        Answers("phq9", {"phq9_9": 2}, tuple(f"phq9_{n}" for n in range(1, 9)))
    )
    assert (found.total, found.band) == (None, "")
    assert found.item_9 == 2
    assert len(found.unanswered) == 8


def test_a_missing_answer_is_never_taken_for_nought() -> None:
    with pytest.raises(RecordRefusal, match="phq9_1, phq9_2"):
        score(Answers("phq9", {f"phq9_{n}": 0 for n in range(3, 10)}))


def test_a_band_stands_since_the_first_sheet_of_the_run_that_is_as_bad() -> None:
    sheets = [given(on(w), "phq9", a) for w, a in enumerate([0, 2, 3, 0, 2, 3, 2])]
    (found,) = present(sheets)
    assert (found.last.total, found.last.band) == (18, "moderately severe")
    assert (found.on, found.since) == (on(6), on(4))
    assert found.before.total == 0


def test_item_9_stands_since_its_own_first_day() -> None:
    answers = [0, 1, 1]
    sheets = [given(on(w), "phq9", 0, phq9_9=a) for w, a in enumerate(answers)]
    (found,) = present(sheets)
    assert found.item_9_since == on(1)
    (over_now,) = present([*sheets, given(on(3), "phq9")])
    assert over_now.item_9_since is None


def test_a_sheet_that_leaves_item_9_out_does_not_end_its_run() -> None:
    left_out = Answers(
        "phq9", {f"phq9_{n}": 0 for n in range(1, 9)}, unanswered=("phq9_9",)
    )
    sheets = [given(on(0), "phq9", 0, phq9_9=1), Given(on(1), left_out)]
    (found,) = present(sheets)
    assert found.item_9_since == on(0)
    assert found.last.total is None


def test_without_bands_the_total_itself_is_compared() -> None:
    sheets = [given(on(w), "sleep", a) for w, a in enumerate([7, 2, 4, 5, 4])]
    (found,) = present(sheets)
    assert found.since == on(2)


def test_self_esteem_is_the_worse_the_lower() -> None:
    high = {f"rses_{n}": 0 if n in {2, 5, 6, 8, 9} else 3 for n in range(1, 11)}
    sheets = [Given(on(0), Answers("rses", high)), given(on(1), "rses", 3)]
    assert present(sheets)[0].since == on(1)
    sheets = [given(on(0), "rses", 3), Given(on(1), Answers("rses", high))]
    assert present(sheets)[0].since == on(0)


def test_each_knee_stands_for_itself() -> None:
    right, left = (
        Given(on(0), filled("knee_pain", a), side) for a, side in ((2, "R"), (8, "L"))
    )
    found = {p.segment: p.last.total for p in present([right, left])}
    assert found == {"R": 2, "L": 8}

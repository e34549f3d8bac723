"""Definitions: scales and bands of questionnaires, and which may not be shipped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.evidence import FACT_FOR_A_PATIENT, constant
from callotasis.instruments import Better, Instrument, catalogue, licensed

HOUSE = ("loneliness", "sleep", "work", "back_pain", "knee_pain")


@pytest.mark.parametrize(
    ("key", "items", "most"),
    [("phq9", 9, 27), ("gad7", 7, 21), ("pain", 1, 10), ("rses", 10, 30)],
)
def test_a_published_scale_has_its_items_and_highest_total(
    key: str, items: int, most: int
) -> None:
    known = catalogue()[key]
    assert (len(known.items), known.most) == (items, most)
    assert known.validated


@pytest.mark.parametrize(
    ("key", "total", "band"),
    [
        ("phq9", 0, "minimal"),
        ("phq9", 4, "minimal"),
        ("phq9", 5, "mild"),
        ("phq9", 9, "mild"),
        ("phq9", 10, "moderate"),
        ("phq9", 14, "moderate"),
        ("phq9", 15, "moderately severe"),
        ("phq9", 19, "moderately severe"),
        ("phq9", 20, "severe"),
        ("phq9", 27, "severe"),
        ("gad7", 4, "minimal"),
        ("gad7", 5, "mild"),
        ("gad7", 10, "moderate"),
        ("gad7", 15, "severe"),
        ("pain", 3, "none or mild"),
        ("pain", 4, "moderate"),
        ("pain", 7, "severe"),
    ],
)
def test_a_band_begins_at_its_printed_limit(key: str, total: int, band: str) -> None:
    assert catalogue()[key].band_of(total) == band


@given(st.integers(0, 30))
def test_self_esteem_has_no_cut_off(total: int) -> None:
    assert catalogue()["rses"].band_of(total) == ""
    assert catalogue()["rses"].better is Better.HIGH


@pytest.mark.parametrize("key", HOUSE)
def test_questions_of_the_house_are_not_validated_and_have_no_bands(key: str) -> None:
    known = catalogue()[key]
    assert not known.validated
    assert not known.bands
    assert "not validated" in known.source


@pytest.mark.parametrize("key", catalogue())
def test_limits_rise_and_are_no_facts_for_a_patient(key: str) -> None:
    limits = [band.from_total for band in catalogue()[key].bands]
    assert limits == sorted({*limits})
    for band in catalogue()[key].bands:
        assert constant(band.row).mark not in FACT_FOR_A_PATIENT


def test_what_is_licensed_is_in_no_catalogue() -> None:
    assert {*licensed()} == {"eq5d5l", "sf36v2", "bddq", "promis"}
    assert not {*licensed()} & {*catalogue()}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"items": ()}, "has items none"),
        ({"items": ("a", "a")}, "needed are distinct items"),
        ({"highest": 0}, "from 0 to 0"),
        ({"reversed": ("b",)}, "reverses or watches b"),
        ({"watched": ("c",)}, "reverses or watches c"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(
    changed: dict[str, Any], why: str
) -> None:
    usual = {"title": "T", "about": "t", "items": ("a",), "highest": 2, "source": "s"}
    with pytest.raises(RecordRefusal, match=why):
        Instrument(**{**usual, **changed})

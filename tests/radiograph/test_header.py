"""Reading elements of a header that may be damaged."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from callotasis.errors import FilmRefusal
from callotasis.radiograph.header import (
    element_of,
    first_line,
    numbers_of,
    positive_of,
    text_of,
)


class Damaged(Dataset):
    """A header whose elements cannot be read."""

    def get(self, *_: object) -> object:
        raise NotImplementedError("no reader for this element")


def header(**elements: object) -> Dataset:
    """Write a header."""
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def test_an_absent_or_unreadable_element_is_nothing() -> None:
    assert element_of(Dataset(), "Rows") is None
    assert element_of(Damaged(), "Rows") is None
    assert text_of(Damaged(), "Modality") == ""
    assert numbers_of(Damaged(), "Rows", "film.dcm") == []


def test_text_is_stripped() -> None:
    assert text_of(header(Modality=" DX "), "Modality") == "DX"


@given(rows=st.integers(1, 65535))
def test_a_number_comes_back(rows: int) -> None:
    assert numbers_of(header(Rows=rows), "Rows", "film.dcm") == [rows]


def test_many_numbers_come_back_in_their_order() -> None:
    spacing = header(ImagerPixelSpacing=["0.2", "0.4"])
    assert numbers_of(spacing, "ImagerPixelSpacing", "film.dcm") == [0.2, 0.4]


def test_what_is_no_number_is_refused_with_its_element() -> None:
    class Words(Dataset):
        def get(self, *_: object) -> object:
            return "twelve"

    with pytest.raises(FilmRefusal, match=r"film\.dcm: Rows is 'twelve'; a number"):
        numbers_of(Words(), "Rows", "film.dcm")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    class Endless(Dataset):
        def get(self, *_: object) -> object:
            return value

    with pytest.raises(FilmRefusal, match="must be finite"):
        numbers_of(Endless(), "RescaleSlope", "film.dcm")


@pytest.mark.parametrize(
    ("said", "read"), [("2600", 2600.0), ("0", None), ("-1", None)]
)
def test_only_a_positive_number_counts_as_a_distance(
    said: str, read: float | None
) -> None:
    film = header(DistanceSourceToDetector=said)
    assert positive_of(film, "DistanceSourceToDetector", "film.dcm") == read


def test_an_error_is_told_in_one_line_of_bounded_length() -> None:
    assert first_line(ValueError("one\ntwo")) == "one"
    assert first_line(KeyError()) == "KeyError"
    assert len(first_line(ValueError("x" * 1000))) == 160

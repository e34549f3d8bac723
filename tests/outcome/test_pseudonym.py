"""Pseudonyms: the same for the same case, nothing without the key, never a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.outcome import check_pseudonym, pseudonym

KEY = b"a secret of the clinic"


@given(st.text(), st.binary(min_size=16, max_size=64))
def test_every_pseudonym_may_go_into_the_registry(case: str, key: bytes) -> None:
    made = pseudonym(case, key)
    check_pseudonym(made)
    assert made == pseudonym(case, key)
    assert case not in made or len(case) < 6


def test_another_case_or_another_key_is_another_person() -> None:
    made = {
        pseudonym("Dora", KEY),
        pseudonym("Eli", KEY),
        pseudonym("Dora", KEY + b"!"),
    }
    assert len(made) == 3


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 15, b"x" * 65])
def test_a_key_that_could_be_guessed_is_refused(key: bytes) -> None:
    with pytest.raises(RecordRefusal, match="allowed are 16 to 64"):
        pseudonym("Dora", key)


@pytest.mark.parametrize(
    "person", ["", "Dora", "Dora Example", "Doraexample", "a b c 1 2 3", "=1+1+1+1"]
)
def test_what_looks_like_a_name_is_refused(person: str) -> None:
    with pytest.raises(RecordRefusal, match="no name goes into the registry"):
        check_pseudonym(person)


@pytest.mark.parametrize("person", ["dora-1990-01-31", "d19900131", "d-31-1-1990"])
def test_what_holds_a_date_is_refused(person: str) -> None:
    with pytest.raises(RecordRefusal, match="no date goes into the registry"):
        check_pseudonym(person)

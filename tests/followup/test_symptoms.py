"""What a person feels, and how it may be said."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.followup import Felt, Sign, felt_of
from callotasis.record import new_entry
from dora import CASE, PATIENT


def read(body: dict[str, Any]) -> Felt:
    """Read the body of a symptom entry."""
    return felt_of(new_entry(CASE, "symptom", PATIENT, body))


def test_signs_pain_and_words_are_kept() -> None:
    felt = read(
        {"signs": ["numbness"], "gone": ["fever"], "pain": 4, "words": "Tingles"}
    )
    assert felt == Felt((Sign.NUMBNESS,), (Sign.FEVER,), 4, "Tingles")
    assert read({"words": "I feel odd"}).signs == ()
    assert read({"pain": 0}).pain == 0


@pytest.mark.parametrize("sign", Sign)
def test_every_sign_can_be_told_in_plain_words(sign: Sign) -> None:
    assert read({"signs": [sign.value]}).signs == (sign,)
    assert "_" not in sign.words
    assert len(sign.words) >= 4


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "says nothing"),
        ({"words": "  "}, "says nothing"),
        ({"signs": ["dizzy"]}, "signs"),
        ({"signs": ["fever"], "gone": ["fever"]}, "fever is said to be there and gone"),
        ({"pain": 11}, "pain is 11; allowed is 0, none, to 10, the worst"),
        ({"pain": -1}, "pain is -1"),
        ({"pain": 3.5}, "valid integer"),
        ({"pain": "3"}, "valid integer"),
        ({"mood": "low"}, "mood"),
    ],
)
def test_what_cannot_be_is_refused(body: dict[str, Any], says: str) -> None:
    with pytest.raises(RecordRefusal, match=says):
        read(body)

"""Words: complete where they are shipped, refused where they belong to somebody."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.instruments import (
    as_asked,
    catalogue,
    instrument_of,
    item_text,
    licensed,
    pack_from,
)

SHIPPED = [key for key in catalogue() if key != "rses"]
OWN: dict[str, Any] = {
    "text": {
        "lead": "Today",
        "choices": ["no", "yes"],
        "items": {"one": "Words of the owner"},
        "notice": ["(c) the owner"],
    },
    "licence": "the owner to Ada's clinic, until 2030",
    "instrument": {
        "title": "A licensed one",
        "about": "health",
        "items": ["one"],
        "highest": 1,
        "source": "its owner",
    },
}


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_words_cover_every_item_and_answer(key: str) -> None:
    known, text = catalogue()[key], item_text(key)
    assert [*text.items] == [*known.items]
    assert len(text.choices) == known.highest + 1
    assert all((text.lead, *text.items.values(), *text.choices, *text.notice))


@pytest.mark.parametrize("key", ["phq9", "gad7"])
def test_the_notice_is_printed_to_the_letter(key: str) -> None:
    assert item_text(key).notice == (
        (
            "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke "
            "and colleagues, with an educational grant from Pfizer Inc. No permission "
            "required to reproduce, translate, display or distribute."
        ),
        "Copyright (c) Pfizer Inc. All rights reserved",
    )


@pytest.mark.parametrize("key", SHIPPED)
def test_words_are_never_asked_without_their_whole_notice(key: str) -> None:
    text = item_text(key)
    asked = as_asked(text)
    assert asked.endswith("\n".join(text.notice))
    assert asked.startswith(text.lead)
    for words in (*text.items.values(), *text.choices):
        assert words in asked


@pytest.mark.parametrize("key", ["loneliness", "sleep", "work", "back_pain"])
def test_a_question_of_the_house_says_so_where_it_is_asked(key: str) -> None:
    assert item_text(key).notice == ("A question of this house, not validated.",)


@pytest.mark.parametrize("key", licensed())
def test_a_licensed_questionnaire_is_refused_without_a_pack(key: str) -> None:
    for ask in (item_text, instrument_of):
        with pytest.raises(RecordRefusal, match=f"belongs to {licensed()[key].owner}"):
            ask(key)


def test_self_esteem_is_added_up_and_its_words_need_a_pack() -> None:
    assert instrument_of("rses").most == 30
    with pytest.raises(RecordRefusal, match=r"words of Self-esteem .* are not shipped"):
        item_text("rses")


def test_a_pack_brings_words_and_definition() -> None:
    packs = {"eq5d5l": pack_from(OWN)}
    assert instrument_of("eq5d5l", packs).title == "A licensed one"
    assert item_text("eq5d5l", packs).notice == ("(c) the owner",)


def test_words_of_a_pack_go_before_those_that_are_shipped() -> None:
    text = item_text("pain")
    raw = {"text": {**vars(text), "lead": "Heute"}, "licence": "free to use"}
    assert item_text("pain", {"pain": pack_from(raw)}).lead == "Heute"


def test_an_unknown_questionnaire_is_refused_by_its_name() -> None:
    with pytest.raises(RecordRefusal, match="'mood' is unknown; known are phq9, gad7"):
        instrument_of("mood")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"licence": " "}, "a text pack has no licence"),
        ({"text": {"lead": "x"}}, "text pack, text.choices"),
        ({"owner": "x"}, "text pack, owner"),
    ],
)
def test_a_pack_that_says_too_little_is_refused(
    changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(RecordRefusal, match=why):
        pack_from({**OWN, **changed})


@pytest.mark.parametrize(
    "changed", [{"choices": ["no"]}, {"items": {"two": "Other words"}}]
)
def test_words_that_do_not_fit_the_definition_are_refused(
    changed: dict[str, Any],
) -> None:
    packs = {"eq5d5l": pack_from({**OWN, "text": {**OWN["text"], **changed}})}
    with pytest.raises(RecordRefusal, match="needed are one with 2 answers"):
        item_text("eq5d5l", packs)

"""Words of questionnaires: shipped where that is allowed, else a site's own pack."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.instruments.instrument import Instrument, catalogue, licensed


@dataclass(frozen=True)
class ItemText:
    """The words of one questionnaire.

    Attributes
    ----------
    lead : str
        What stands above the items.
    choices : tuple of str
        Words of the answers, from 0 on.
    items : dict of str to str
        Words of each item, by its id.
    notice : tuple of str
        Printed in full wherever the words are shown.
    """

    lead: str
    choices: tuple[str, ...]
    items: Mapping[str, str]
    notice: tuple[str, ...]

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Pack:
    """What a site brings for one questionnaire: words, licence, and its definition.

    Attributes
    ----------
    text : ItemText
        The words.
    licence : str
        Who allowed it to whom, until when.
    instrument : Instrument or None
        Definition, of a questionnaire that the house does not know.
    """

    text: ItemText
    licence: str
    instrument: Instrument | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not self.licence.strip():
            raise RecordRefusal(
                "a text pack has no licence; say who allowed it to whom, until when"
            )


PACK = TypeAdapter(Pack)
Packs = Mapping[str, Pack]
NO_PACKS: Packs = MappingProxyType({})


@cache
def _shipped() -> dict[str, ItemText]:
    text = files(__package__).joinpath("texts.toml").read_text("utf-8")
    return TypeAdapter(dict[str, ItemText]).validate_python(tomllib.loads(text))


def pack_from(raw: object) -> Pack:
    """Check a site's text pack.

    Raises
    ------
    RecordRefusal
        If a part is missing or unknown, or no licence is named.
    """
    return checked(PACK, raw, "text pack", RecordRefusal)


def instrument_of(key: str, packs: Packs = NO_PACKS) -> Instrument:
    """Definition of a questionnaire.

    Parameters
    ----------
    key : str
        Like ``phq9``.
    packs : dict of str to Pack
        What the site brings, by key.

    Returns
    -------
    Instrument
        The house's own, else the pack's.

    Raises
    ------
    RecordRefusal
        If it is unknown, or belongs to somebody and no pack defines it.
    """
    if key in catalogue():
        return catalogue()[key]
    pack = packs.get(key)
    if pack is not None and pack.instrument is not None:
        return pack.instrument
    if key in licensed():
        known = licensed()[key]
        raise RecordRefusal(
            f"{known.title} belongs to {known.owner} ({known.terms}); it needs a text "
            "pack of this site with its definition"
        )
    raise RecordRefusal(
        f"questionnaire '{key}' is unknown; known are {', '.join(catalogue())}"
    )


def item_text(key: str, packs: Packs = NO_PACKS) -> ItemText:
    """Words of a questionnaire, to be shown with their notice.

    Parameters
    ----------
    key : str
        Like ``phq9``.
    packs : dict of str to Pack
        What the site brings, by key; it goes before what is shipped.

    Returns
    -------
    ItemText
        With words for every item and every answer.

    Raises
    ------
    RecordRefusal
        If nobody may show its words here, or words and definition do not agree.
    """
    known = instrument_of(key, packs)
    text = packs[key].text if key in packs else _shipped().get(key)
    if text is None:
        raise RecordRefusal(
            f"the words of {known.title} are not shipped; it needs a text pack"
        )
    if [*text.items] != [*known.items] or len(text.choices) != known.highest + 1:
        raise RecordRefusal(
            f"the text of {known.title} has {len(text.items)} items and "
            f"{len(text.choices)} answers; needed are {', '.join(known.items)} with "
            f"{known.highest + 1} answers"
        )
    return text


def as_asked(text: ItemText) -> str:
    """The words as they are asked, numbered, with the whole notice beneath.

    Parameters
    ----------
    text : ItemText
        As :func:`item_text` gives it.

    Returns
    -------
    str
        Lead, items, what each number means, and the notice.

    Examples
    --------
    >>> print(as_asked(item_text("loneliness")))
    In the last two weeks
    1. How often did you feel alone with your treatment?
    0 never; 1 on some days; 2 on most days; 3 every day
    <BLANKLINE>
    A question of this house, not validated.
    """
    items = [f"{n}. {words}" for n, words in enumerate(text.items.values(), 1)]
    choices = "; ".join(
        words if words == str(n) else f"{n} {words}"
        for n, words in enumerate(text.choices)
    )
    return "\n".join([text.lead, *items, choices, "", *text.notice])

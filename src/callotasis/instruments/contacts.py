"""Who speaks with the patient after which answer, and how soon."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.evidence import constant
from callotasis.instruments.scoring import Score


class Within(StrEnum):
    """How soon a person speaks with the patient."""

    SAME_DAY = "same day"
    THIS_WEEK = "this week"
    NEXT_VISIT = "next visit"


@dataclass(frozen=True)
class Contact:
    """One rule: from which answer on who speaks with the patient.

    Attributes
    ----------
    instrument, item : str
        Questionnaire and item; without an item the total is meant.
    row : str
        Evidence row of the least answer or total.
    who : str
        Who speaks with the patient.
    within : Within
        How soon.
    why : str
        What the answer is about.
    """

    instrument: str
    row: str
    who: str
    within: Within
    why: str
    item: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class _Rules:
    contact: tuple[Contact, ...]


@cache
def contact_rules() -> tuple[Contact, ...]:
    """Every rule; of one questionnaire and item the sternest first."""
    text = files(__package__).joinpath("contacts.toml").read_text("utf-8")
    return TypeAdapter(_Rules).validate_python(tomllib.loads(text)).contact


def contacts(found: Score) -> tuple[Contact, ...]:
    """Say who speaks with the patient after a sheet of answers.

    Parameters
    ----------
    found : Score
        Added up, with or without a total [1].

    Returns
    -------
    tuple of Contact
        At most one for the total and one for each item; an item counts even where
        others were left out.

    References
    ----------
    .. [1] The evidence row of each rule.

    Examples
    --------
    >>> from callotasis.instruments import Answers, score
    >>> sheet = score(Answers("loneliness", {"loneliness": 3}))
    >>> [c.who for c in contacts(sheet)]
    ['psychologist']
    """
    taken: dict[str, Contact] = {}
    for rule in contact_rules():
        if rule.instrument != found.instrument:
            continue
        answer = found.watched.get(rule.item) if rule.item else found.total
        if answer is not None and answer >= constant(rule.row).value:
            taken.setdefault(rule.item, rule)
    return tuple(taken.values())

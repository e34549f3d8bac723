"""Questionnaires as definitions: items, scale, how they add up, bands. Never words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.evidence import constant


class Better(StrEnum):
    """Which end of a scale is the better one."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Band:
    """A name for totals from a limit on; the limit is an evidence row."""

    name: str
    row: str

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def from_total(self) -> float:
        """Least total that bears the name [1]."""
        return constant(self.row).value


@dataclass(frozen=True)
class Instrument:
    """One questionnaire without its words.

    Attributes
    ----------
    title, about : str
        As people call it, and what it asks about.
    items : tuple of str
        Ids of its items, in order.
    highest : int
        Highest answer to each item; the lowest is 0 [1].
    source : str
        Publication, or that it is a question of this house.
    reversed : tuple of str
        Items that count backwards.
    bands : tuple of Band
        Rising; empty where no cut-off exists.
    lowest_band : str
        Name below the first limit.
    watched : tuple of str
        Items whose answer is told beside the total.
    better : Better
        Which end is the better one.
    validated : bool
        Whether others have validated it.
    scheduled : bool
        Whether it is asked again and again.
    """

    title: str
    about: str
    items: tuple[str, ...]
    highest: int
    source: str
    reversed: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    lowest_band: str = ""
    watched: tuple[str, ...] = ()
    better: Better = Better.LOW
    validated: bool = False
    scheduled: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not self.items or len({*self.items}) < len(self.items) or self.highest < 1:
            raise RecordRefusal(
                f"{self.title} has items {', '.join(self.items) or 'none'} from 0 to "
                f"{self.highest}; needed are distinct items with two answers or more"
            )
        strange = ({*self.reversed} | {*self.watched}) - {*self.items}
        if strange:
            raise RecordRefusal(
                f"{self.title} reverses or watches {', '.join(sorted(strange))}, "
                "which it does not ask"
            )

    @property
    def most(self) -> int:
        """Highest total [1]."""
        return self.highest * len(self.items)

    def band_of(self, total: float) -> str:
        """Name of the band of a total; empty where the questionnaire has no bands."""
        reached = [band.name for band in self.bands if total >= band.from_total]
        return reached[-1] if reached else self.lowest_band


@dataclass(frozen=True)
class Licensed:
    """A questionnaire that belongs to somebody: refused without a text pack."""

    title: str
    owner: str
    terms: str

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@cache
def catalogue() -> dict[str, Instrument]:
    """Every questionnaire that the house can add up, by key."""
    raw = tomllib.loads(_read("catalogue.toml"))
    return TypeAdapter(dict[str, Instrument]).validate_python(raw)


@cache
def licensed() -> dict[str, Licensed]:
    """Every questionnaire that is known and may not be shipped, by key."""
    raw = tomllib.loads(_read("licensed.toml"))
    return TypeAdapter(dict[str, Licensed]).validate_python(raw)


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")

"""The data dictionary: name, kind, unit, meaning and source of every column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.complications import Black, Paley, What
from callotasis.complications.register import UNGRADED
from callotasis.outcome.outcome import Verdict

_STRICT: dict[str, Any] = {"extra": "forbid"}
MOMENTS = ("before", "after")
PARTS = {
    "": "",
    "_low": ", lower end of its interval",
    "_high": ", upper end of its interval",
}


class ColumnKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Column:
    """One column of the registry.

    Attributes
    ----------
    name : str
        Of the column.
    kind : ColumnKind
        What stands in it.
    unit : str
        ``none`` where it has none.
    definition, source : str
        What it means, and where it comes from.
    allowed : tuple of str
        Of a text: every word that may stand in it; empty if it is open.
    required : bool
        Whether it is never empty.
    """

    name: str
    kind: ColumnKind
    unit: str
    definition: str
    source: str
    allowed: tuple[str, ...] = ()
    required: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class Family:
    """Several columns of one quantity."""

    name: str
    definition: str
    source: str
    unit: str = "1"

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class Dictionary:
    """What the table of the package says."""

    column: tuple[Column, ...]
    measured: tuple[Family, ...]
    scored: tuple[Family, ...]
    said: tuple[Family, ...]

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@cache
def families() -> Dictionary:
    """The dictionary as it is written, families not yet spread out."""
    text = files(__package__).joinpath("dictionary.toml").read_text("utf-8")
    return TypeAdapter(Dictionary).validate_python(tomllib.loads(text))


@cache
def data_dictionary() -> tuple[Column, ...]:
    """Every column of the registry, in order.

    Returns
    -------
    tuple of Column
        Names are told apart.

    References
    ----------
    .. [1] ``dictionary.toml`` of this package.
    """
    written = families()
    return (
        *written.column,
        *(c for family in written.measured for c in _measured(family)),
        *(c for family in written.scored for c in _scored(family)),
        *(c for family in written.said for c in _said(family)),
        *_counted(),
    )


def _measured(family: Family) -> Iterator[Column]:
    for moment in MOMENTS:
        for part, words in PARTS.items():
            yield Column(
                f"{family.name}_{moment}{part}",
                ColumnKind.NUMBER,
                family.unit,
                f"{family.definition}, {moment} treatment{words}",
                family.source,
            )


def _scored(family: Family) -> Iterator[Column]:
    for moment in MOMENTS:
        words = f"{family.definition}; {moment} treatment"
        name = f"{family.name}_{moment}"
        yield Column(name, ColumnKind.WHOLE, family.unit, words, family.source)


def _said(family: Family) -> Iterator[Column]:
    words = f"what was said to be expected: {family.definition}"
    stem, number = f"expected_{family.name}", ColumnKind.NUMBER
    for part, more in PARTS.items():
        yield Column(
            f"{stem}{part}", number, family.unit, f"{words}{more}", family.source
        )
    level = f"{words}, share that its interval was said to hold"
    yield Column(f"{stem}_level", number, "1", level, family.source)
    on = f"{words}, day on which it was said"
    yield Column(f"{stem}_said_on", ColumnKind.WHOLE, "day", on, family.source)
    yield Column(
        f"{stem}_verdict",
        ColumnKind.TEXT,
        "none",
        f"{words}, against what happened",
        "computed",
        tuple(verdict.value for verdict in Verdict),
    )


def _counted() -> Iterator[Column]:
    for name, words in counted_columns().items():
        yield Column(
            name, ColumnKind.WHOLE, "1", words, "complication entries", required=True
        )


@cache
def counted_columns() -> dict[str, str]:
    """Columns that count complications, with what each counts."""
    levels = (("black", (*Black, UNGRADED)), ("paley", (*Paley, UNGRADED)))
    return {
        "complications": "complications of this bone and of the whole person",
        "complications_open": "complications that are not resolved",
        **{column_of("n", what): f"complications: {what}" for what in What},
        **{
            column_of(scale, level): f"complications graded {scale} {level}"
            for scale, known in levels
            for level in known
        },
    }


def column_of(stem: str, word: str) -> str:
    """Name of the column that counts a word, like ``n_deep_infection``."""
    return f"{stem}_{word}".lower().replace(" ", "_").replace("-", "_")

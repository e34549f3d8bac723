"""Which number, from whom, how sure: every clinical constant lives here.

Rows are TOML tables in ``rows/``; the key of a row is ``file.name``. A row carries
its value, interval, unit, population, source, locator, date and mark. Rooms ask
:func:`constant` for a row and :func:`quote` for words that a person may read.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from callotasis.errors import EvidenceRefusal


class Mark(StrEnum):
    """How sure a number is: how its source was read."""

    READ_IN_FULL = "read in full"
    READ_IN_ABSTRACT = "read in abstract"
    SECOND_HAND = "second-hand"
    FROM_KNOWLEDGE = "from knowledge"
    UNCERTAIN = "uncertain"
    COMPUTED = "computed"
    PROPOSAL = "proposal"


class Audience(StrEnum):
    """Who will read the number."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    RESEARCHER = "researcher"


FACT_FOR_A_PATIENT = frozenset(
    {Mark.READ_IN_FULL, Mark.READ_IN_ABSTRACT, Mark.COMPUTED}
)
"""Marks that may reach a patient as fact."""


@dataclass(frozen=True)
class Evidence:
    """One number with its father.

    Attributes
    ----------
    key : str
        ``file.name``, as in ``alignment.mldfa``.
    statement : str
        What the number says, in plain words.
    value : float
        In ``unit``.
    low, high : float
        The interval, in ``unit``.
    interval_is : str
        What the interval is: a normal range, a 95 % interval, an observed range.
    sd : float or None
        Standard deviation in ``unit``, where the source gives one.
    unit, population, source, locator : str
        Unit, who was measured, the publication, and where in it.
    n : int or None
        How many were measured, where the source says.
    read_on : date
        Day on which the number was read or computed.
    mark : Mark
        How it was read.
    """

    key: str
    statement: str
    value: float
    low: float
    high: float
    interval_is: str
    unit: str
    population: str
    source: str
    locator: str
    read_on: date
    mark: Mark
    n: int | None = None
    sd: float | None = None

    @property
    def spread(self) -> float:
        """One standard deviation: the source's own, else a 95 % interval's / 3.92."""
        return self.sd if self.sd is not None else (self.high - self.low) / 3.92


def _rows_of(stem: str, text: str) -> dict[str, Evidence]:
    rows: dict[str, Evidence] = {}
    for name, raw in tomllib.loads(text).items():
        fields: dict[str, Any] = dict(raw)
        fields["low"], fields["high"] = fields.pop("interval")
        fields["mark"] = Mark(fields["mark"])
        key = f"{stem}.{name}"
        rows[key] = Evidence(key=key, **fields)
    return rows


@cache
def every_row() -> dict[str, Evidence]:
    """All rows by key."""
    rows: dict[str, Evidence] = {}
    for path in sorted(files(__name__).joinpath("rows").iterdir(), key=str):
        rows |= _rows_of(path.name.removesuffix(".toml"), path.read_text("utf-8"))
    return rows


def constant(key: str) -> Evidence:
    """The row behind ``key``.

    Raises
    ------
    EvidenceRefusal
        If no row has this key.

    Examples
    --------
    >>> constant("alignment.mldfa").value
    88.0
    """
    try:
        return every_row()[key]
    except KeyError:
        raise EvidenceRefusal(
            f"evidence key '{key}' is unknown; 'callotasis evidence' lists them all"
        ) from None


def may_reach(row: Evidence, audience: Audience) -> bool:
    """Tell whether this audience may get a row as fact."""
    return audience is not Audience.PATIENT or row.mark in FACT_FOR_A_PATIENT


def quote(key: str, audience: Audience) -> str:
    """A row in one sentence, for this audience.

    Parameters
    ----------
    key : str
        The row.
    audience : Audience
        A patient gets only what was read in its source or computed from such.

    Returns
    -------
    str
        Statement, value, interval, source and mark.

    Raises
    ------
    EvidenceRefusal
        If the key is unknown, or its mark is not for this audience.

    References
    ----------
    .. [1] The design of this library, "Evidence has an audience".

    Examples
    --------
    >>> quote("alignment.mad_normal", Audience.PATIENT)
    Traceback (most recent call last):
    callotasis.errors.EvidenceRefusal: alignment.mad_normal is marked 'from \
knowledge'; a patient gets only: computed, read in abstract, read in full
    """
    row = constant(key)
    if not may_reach(row, audience):
        allowed = ", ".join(sorted(FACT_FOR_A_PATIENT))
        raise EvidenceRefusal(
            f"{key} is marked '{row.mark}'; a patient gets only: {allowed}"
        )
    return (
        f"{row.statement}: {row.value:g} {row.unit} "
        f"({row.interval_is} {row.low:g} to {row.high:g}); {row.source}, "
        f"{row.locator} [{row.mark}]"
    )


def table(name: str) -> list[dict[str, str]]:
    """A published table as rows of text; lines that start with # give its source.

    Raises
    ------
    EvidenceRefusal
        If no table has this name.
    """
    path = files(__name__).joinpath("tables", f"{name}.csv")
    if not path.is_file():
        raise EvidenceRefusal(f"evidence table '{name}' is unknown")
    lines = path.read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))

"""Whom to call: the emergency number that a case holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Case, Entry

_NUMBER = re.compile(r"(?=.*\d.*\d)[+0-9][0-9 ()/-]{1,24}")


@dataclass(frozen=True)
class Opened:
    """The body of a ``case`` entry.

    Attributes
    ----------
    opened : bool
        Whether it started the case.
    emergency : str
        Number to call in an emergency; empty where it does not say.
    """

    opened: bool = False
    emergency: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.emergency and not _NUMBER.fullmatch(self.emergency):
            raise RecordRefusal(
                f"emergency is '{self.emergency:.40}'; allowed is a telephone number, "
                "like 112"
            )


OPENED = TypeAdapter(Opened)


def checked_number(number: str) -> str:
    """Return the number if it may be one, or nothing.

    Raises
    ------
    RecordRefusal
        If it is no telephone number.
    """
    return Opened(emergency=number.strip()).emergency


def emergency_of(entry: Entry) -> str:
    """Read the emergency number of a ``case`` entry; empty where it holds none.

    Raises
    ------
    RecordRefusal
        If it is no telephone number.
    """
    return checked(OPENED, entry.body, "case", RecordRefusal).emergency


def emergency_number(case: Case) -> str:
    """The newest emergency number of a case; empty if none was ever written.

    Raises
    ------
    RecordRefusal
        If one cannot be read.
    """
    numbers = [emergency_of(entry) for entry in case.held("case")]
    return next((number for number in reversed(numbers) if number), "")

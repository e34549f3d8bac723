"""Levels of every grading, and what a clinician states of them.

The wording of each level stands in ``scales.toml`` with its source and how that was
read. A scale whose wording nobody read has levels and no words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.evidence import Mark


class Paley(StrEnum):
    """Difficulty by what it took and whether it stayed (Paley 1990)."""

    PROBLEM = "problem"
    OBSTACLE = "obstacle"
    MINOR = "minor complication"
    MAJOR = "major complication"


class Lascombes(StrEnum):
    """Whether the contract on length, time and no sequelae was kept (2012)."""

    I = "I"  # noqa: E741 - the grade's own name
    II = "II"
    III = "III"
    IIIA = "IIIa"
    IIIB = "IIIb"
    IV = "IV"


class Black(StrEnum):
    """How much of plan and goal was lost (Black 2015, as Frost 2021 counts)."""

    I = "I"  # noqa: E741 - the grade's own name
    II = "II"
    IIIA = "IIIA"
    IIIB = "IIIB"


class Sink(StrEnum):
    """Clavien-Dindo as Sink adapted it (2012)."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"


class DeviceClass(StrEnum):
    """What the device failed at, and what became of it (Lee 2017)."""

    IA = "Ia"
    IB = "Ib"
    IC = "Ic"
    IIA = "IIa"
    IIB = "IIb"
    IIC = "IIc"
    IIIA = "IIIa"
    IIIB = "IIIb"
    IIIC = "IIIc"


@dataclass(frozen=True)
class Stated:
    """Gradings as a clinician states them; what is null is left to the facts.

    Attributes
    ----------
    paley, lascombes, black, sink, device : StrEnum or None
        Level on each scale.
    by : str
        Who states them; needed with any level.
    """

    paley: Paley | None = None
    lascombes: Lascombes | None = None
    black: Black | None = None
    sink: Sink | None = None
    device: DeviceClass | None = None
    by: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.levels and not self.by.strip():
            names = ", ".join(self.levels)
            raise ValueError(f"{names} is stated and 'by' is empty; who states it?")

    @property
    def levels(self) -> dict[str, StrEnum]:
        """What was stated, by scale."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "by"}
        return {name: level for name, level in said.items() if level is not None}


@dataclass(frozen=True)
class Scale:
    """One grading: its source, and the words of its levels as far as they were read.

    Attributes
    ----------
    name : str
        As people call it.
    source : str
        The publication.
    mark : Mark
        How its wording was read.
    levels : dict of str to str
        What each level means; empty words where nobody read them.
    """

    name: str
    source: str
    mark: Mark
    levels: Mapping[str, str]

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@cache
def scales() -> dict[str, Scale]:
    """Every scale by its key."""
    text = files(__package__).joinpath("scales.toml").read_text("utf-8")
    return TypeAdapter(dict[str, Scale]).validate_python(tomllib.loads(text))

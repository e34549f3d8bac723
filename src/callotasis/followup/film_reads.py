"""What a follow-up film said: the body of a ``measurement`` entry.

A film says two things that matter day by day: how long something that grows with the
gap was, and how the new bone looks. Either may be read by this library or typed by a
clinician; it is kept with its scatter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.radiograph.callus import CallusDensity, CallusShape, CallusTexture
from callotasis.record import Entry
from callotasis.rehabilitation.ladder import CORTICES, MOST_RATIO

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]

LONGEST_MM, MOST_SD_MM, MOST_DRIFT_DEG = 1300.0, 20.0, 45.0
BESIDE = ("ruler", "film", "ratio")


class Grows(StrEnum):
    """What was measured; each grows by what the gap grows."""

    GAP = "gap"
    NAIL = "nail"
    RINGS = "rings"
    BONE = "bone"


@dataclass(frozen=True)
class FilmRead:
    """The body of a ``measurement`` entry; what was not read is absent.

    Attributes
    ----------
    of : Grows or None
        What ``measured_mm`` is the length of.
    measured_mm : float or None
        That length; the same thing on every film [mm].
    sd_mm : float or None
        Scatter of this reading alone, without what all films share [mm].
    ruler : str
        What gave the scale, in words.
    ratio : dict of str to float
        Pixel value ratio by cortex: medial, lateral, anterior, posterior [1].
    width_ratio : float or None
        Narrowest new bone over the width of its neighbours [1].
    shape : CallusShape or None
        Outline of the new bone.
    texture : CallusTexture or None
        Path of the new bone.
    density : CallusDensity or None
        Against the bone beside it.
    bridged_cortices : int or None
        How many of four are closed.
    axis_drift_deg : float or None
        Of the distal against the proximal fragment, valgus positive; only its change
        since the first film that has one counts [deg].
    callus_seen : bool or None
        Whether any new bone shows in the gap.
    film : str
        Identity of the film's entry or file; empty if it lies elsewhere.
    """

    of: Grows | None = None
    measured_mm: Number | None = None
    sd_mm: Number | None = None
    ruler: str = ""
    ratio: Mapping[str, Number] = field(default_factory=dict)
    width_ratio: Number | None = None
    shape: CallusShape | None = None
    texture: CallusTexture | None = None
    density: CallusDensity | None = None
    bridged_cortices: Annotated[int, Field(strict=True)] | None = None
    axis_drift_deg: Number | None = None
    callus_seen: Annotated[bool, Field(strict=True)] | None = None
    film: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        self._check_length()
        strange = sorted({*self.ratio} - {*CORTICES})
        if strange:
            raise RecordRefusal(
                f"ratio of {', '.join(strange)}; known are {', '.join(CORTICES)}"
            )
        for cortex, ratio in self.ratio.items():
            _check(f"ratio of the {cortex} cortex", ratio, 0, MOST_RATIO)
        _check("width_ratio", self.width_ratio, 0, 3)
        _check("bridged_cortices", self.bridged_cortices, 0, len(CORTICES))
        _check("axis_drift_deg", self.axis_drift_deg, -MOST_DRIFT_DEG, MOST_DRIFT_DEG)
        said = (getattr(self, f.name) for f in fields(self) if f.name not in BESIDE)
        if all(value is None for value in said) and not self.ratio:
            raise RecordRefusal("a measurement says nothing; needed is one reading")

    def _check_length(self) -> None:
        parts = {
            "of": self.of,
            "measured_mm": self.measured_mm,
            "sd_mm": self.sd_mm,
        }
        missing = [name for name, value in parts.items() if value is None]
        if missing and len(missing) < len(parts):
            raise RecordRefusal(
                f"a length needs {', '.join(parts)} together; missing: "
                f"{', '.join(missing)}"
            )
        _check("measured_mm", self.measured_mm, 0, LONGEST_MM)
        if self.sd_mm is not None and not 0 < self.sd_mm <= MOST_SD_MM:
            raise RecordRefusal(
                f"sd_mm is {self.sd_mm:g}; allowed is more than 0 and up to "
                f"{MOST_SD_MM:g}: every reading scatters"
            )

    @property
    def mean_ratio(self) -> float | None:
        """Mean over the cortices that were read [1]."""
        if not self.ratio:
            return None
        return math.fsum(self.ratio.values()) / len(self.ratio)

    @property
    def cortices_like_bone(self) -> int:
        """How many cortices are as dense as the bone beside them."""
        full = constant("rehabilitation.tibia_ratio")
        return sum(ratio >= full.value for ratio in self.ratio.values())


FILM_READ = TypeAdapter(FilmRead)


def film_read_of(entry: Entry) -> FilmRead:
    """Read the body of a ``measurement`` entry.

    Raises
    ------
    RecordRefusal
        If a key is unknown, a figure cannot be, or no bone is named.
    """
    read = checked(FILM_READ, entry.body, "measurement", RecordRefusal)
    if "." not in entry.segment:
        raise RecordRefusal(
            f"a measurement of segment '{entry.segment}': needed is one bone, like "
            "R.femur"
        )
    return read


def _check(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise RecordRefusal(f"{name} is {value:g}; allowed is {low:g} to {high:g}")

"""What was really done at an operation: the body of a ``surgery`` entry.

A plan says what shall be done; this says what was. It is checked when it is entered:
against itself, against the entry that carries it, and against the signed plans.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.fixation import Kind, every_device
from callotasis.plan import Fibula
from callotasis.pose import PLANES, Bone, Pose, Segment
from callotasis.record import Case, Entry

# Far beyond every bone and implant; each catches a slip of the unit.
MOST_CUT_MM, MOST_DIAMETER_MM, MOST_LENGTH_MM, MOST_GAP_MM = 600.0, 25.0, 600.0, 50.0
COMPONENTS = tuple(name for plane in PLANES.values() for name in plane)

# Neither "140" nor true is a length.
Number = Annotated[float, Field(strict=True)]


def _said_in_full(raw: object) -> object:
    """Each of the six components is a number or named as not measured, never both."""
    if not isinstance(raw, Mapping):
        return raw
    unseen = _names(raw.get("not_measured", ()))
    given = {name for name in raw if name != "not_measured"}
    strange = sorted(map(str, (given | unseen) - {*COMPONENTS}))
    if strange:
        raise RecordRefusal(
            f"acute_pose: {', '.join(strange)} is unknown; known are "
            f"{', '.join(COMPONENTS)}"
        )
    silent = [n for n in COMPONENTS if (n in given) == (n in unseen)]
    if silent:
        raise RecordRefusal(
            f"acute_pose: {', '.join(silent)} must be given, or named in not_measured, "
            "not both"
        )
    words = [n for n in given if not _is_number(raw[n])]
    if words:
        raise RecordRefusal(
            f"acute_pose: {', '.join(sorted(words))} is no finite number"
        )
    return raw


def _names(raw: object) -> set[str]:
    if isinstance(raw, list | tuple) and all(isinstance(name, str) for name in raw):
        return {*raw}
    raise RecordRefusal("acute_pose: not_measured is a list of names")


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


@dataclass(frozen=True)
class Surgery:
    """One bone, cut and held: what was really done.

    Attributes
    ----------
    segment : str
        Like ``R.femur``.
    done_on : date
        Day 0, the day on which the entry happened.
    surgeon : str
        Who operated.
    device : str
        What was implanted; if it is not the planned one, ``reason`` says why.
    lots : tuple of str
        Lot numbers as on the packs; empty if nobody kept them.
    cut_mm : float
        Below the centre of the bone's proximal joint, along its mechanical axis [mm].
    acute_pose : Pose
        Motion of the distal fragment at surgery; what nobody measured is named in
        ``not_measured`` [mm, deg].
    gap_zero_mm : float or None
        Gap between the fragments at the end of surgery, from which lengthening
        counts; null says that nobody measured it [mm].
    diameter_mm, length_mm : float or None
        Of a nail [mm].
    fibula : Fibula or None
        Of a tibia: where it was cut and how it was fixed [mm].
    adjuncts, blocking_screws : tuple of str
        Procedures beside the cut, and where each screw lies, in words.
    deviations : str
        What else was otherwise than planned.
    reason : str
        Why another device was taken.
    """

    segment: str
    done_on: date
    surgeon: str
    device: str
    lots: tuple[str, ...]
    cut_mm: Number
    acute_pose: Annotated[Pose, BeforeValidator(_said_in_full)]
    gap_zero_mm: Number | None
    diameter_mm: Number | None = None
    length_mm: Number | None = None
    fibula: Fibula | None = None
    adjuncts: tuple[str, ...] = ()
    blocking_screws: tuple[str, ...] = ()
    deviations: str = ""
    reason: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        bone = Segment.parse(self.segment).bone
        for name in ("surgeon", "device"):
            if not getattr(self, name).strip():
                raise RecordRefusal(f"surgery names no {name}")
        _check_range("cut_mm", self.cut_mm, MOST_CUT_MM)
        if self.gap_zero_mm is not None and not 0 <= self.gap_zero_mm <= MOST_GAP_MM:
            raise RecordRefusal(
                f"gap_zero_mm is {self.gap_zero_mm:g}; allowed is 0 to {MOST_GAP_MM:g} "
                "mm, or null if nobody measured it"
            )
        self._check_nail()
        if self.fibula is not None and self.fibula.cut_mm is not None:
            _check_range("fibula.cut_mm", self.fibula.cut_mm, MOST_CUT_MM)
        if (self.fibula is not None) != (bone is Bone.TIBIA):
            raise RecordRefusal(
                f"surgery of {self.segment}: a tibia needs fibula (what was done to "
                "it, cut_mm null if nothing), a femur has none"
            )

    def _check_nail(self) -> None:
        sizes = (
            ("diameter_mm", self.diameter_mm, MOST_DIAMETER_MM),
            ("length_mm", self.length_mm, MOST_LENGTH_MM),
        )
        known = every_device().get(self.device)
        for name, value, most in sizes:
            if value is not None:
                _check_range(name, value, most)
            elif known is not None and known.kind is Kind.NAIL:
                raise RecordRefusal(f"{self.device} is a nail; its {name} is needed")


def _check_range(name: str, value: float, most: float) -> None:
    if not 0 < value <= most:
        raise RecordRefusal(
            f"{name} is {value:g}; allowed is more than 0 and up to {most:g} mm"
        )


SURGERY = TypeAdapter(Surgery)

BOXES = {
    "segment": "Bone and side",
    "done_on": "Done on",
    "surgeon": "Surgeon",
    "device": "Device",
    "diameter_mm": "Diameter [mm]",
    "length_mm": "Length [mm]",
    "lots": "Lot numbers",
    "cut_mm": "Cut below the proximal joint [mm]",
    "gap_zero_mm": "True zero of the gap [mm]",
    "acute_pose": "Turned and shifted at surgery [°, mm]",
    "fibula": "Fibula: cut, fixed above, fixed below",
    "blocking_screws": "Blocking screws",
    "adjuncts": "Beside the cut",
    "deviations": "Otherwise than planned",
    "reason": "Why another device",
}
"""Every part of a surgery, in the words of the box in which it is written down."""


def surgery_of(entry: Entry) -> Surgery:
    """Read the body of a ``surgery`` entry.

    Raises
    ------
    RecordRefusal
        If a key is unknown or missing, a figure cannot be, or the entry speaks of
        another bone or day.
    """
    surgery = checked(SURGERY, entry.body, "surgery", RecordRefusal)
    if entry.segment not in {"", surgery.segment}:
        raise RecordRefusal(
            f"the entry is about {entry.segment} and its surgery about "
            f"{surgery.segment}; allowed is one bone"
        )
    day = entry.happened.date()
    if day != surgery.done_on:
        raise RecordRefusal(
            f"surgery was done on {surgery.done_on} and the entry happened on {day}; "
            "give happened_at the time of surgery"
        )
    return surgery


def check_planned(surgery: Surgery, devices: Mapping[str, str]) -> None:
    """Hold a surgery against the signed plans.

    Parameters
    ----------
    surgery : Surgery
        What was done.
    devices : dict of str to str
        The planned device of every segment that a signed plan holds.

    Raises
    ------
    RecordRefusal
        If no signed plan holds this bone (a wrong side is named), or another device
        was taken and nobody says why.
    """
    if surgery.segment not in devices:
        signed = ", ".join(sorted(devices)) or "none"
        raise RecordRefusal(
            f"no signed plan holds {surgery.segment}{_side_doubt(surgery, devices)}; "
            f"signed are: {signed}"
        )
    planned = devices[surgery.segment]
    if surgery.device != planned and not surgery.reason.strip():
        raise RecordRefusal(
            f"{surgery.device} was implanted in {surgery.segment} where {planned} was "
            "planned; a reason is needed"
        )


def _side_doubt(surgery: Surgery, devices: Mapping[str, str]) -> str:
    segment = Segment.parse(surgery.segment)
    other = str(Segment(segment.side.other, segment.bone))
    return f", but {other}: is the side right?" if other in devices else ""


def surgeries_of(case: Case) -> dict[Segment, Surgery]:
    """The newest operation on each bone that the record still holds.

    Raises
    ------
    RecordRefusal
        If an entry of this kind cannot be read.
    """
    read = (surgery_of(entry) for entry in case.held("surgery"))
    return {Segment.parse(surgery.segment): surgery for surgery in read}

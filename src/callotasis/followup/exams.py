"""What a physiotherapist or doctor found: the body of an ``exam`` entry."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Entry
from callotasis.softtissue.ranges import Ranges

FULL_POWER, MOST_CRP = 5, 600.0
Grade = Annotated[int, Field(strict=True)]


@dataclass(frozen=True)
class Exam:
    """The body of an ``exam`` entry; what was not examined is absent.

    Attributes
    ----------
    ranges : Ranges or None
        Passive ranges of the joints of one leg [deg].
    ankle_power, toe_power : int or None
        Lifting the foot, and the big toe: 0 none to 5 full (Medical Research Council).
    crp_mg_per_l : float or None
        C-reactive protein [mg/L].
    """

    ranges: Ranges | None = None
    ankle_power: Grade | None = None
    toe_power: Grade | None = None
    crp_mg_per_l: Annotated[float, Field(strict=True)] | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        said = [getattr(self, f.name) for f in fields(self)]
        if all(value is None or value == Ranges() for value in said):
            raise RecordRefusal("an exam says nothing; needed is one finding")
        for name, most in (
            ("ankle_power", FULL_POWER),
            ("toe_power", FULL_POWER),
            ("crp_mg_per_l", MOST_CRP),
        ):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= most:
                raise RecordRefusal(f"{name} is {value:g}; allowed is 0 to {most:g}")


EXAM = TypeAdapter(Exam)


def exam_of(entry: Entry) -> Exam:
    """Read the body of an ``exam`` entry.

    Raises
    ------
    RecordRefusal
        If a key is unknown, a range or grade cannot be, or no leg is named.
    """
    exam = checked(EXAM, entry.body, "exam", RecordRefusal)
    if not entry.segment:
        raise RecordRefusal(
            "an exam names no leg; needed is a segment like R or R.femur"
        )
    return exam

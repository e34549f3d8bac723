"""When the treatment of a bone ended: a decision by name; it makes gradings final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Case, Entry

KEY = "ends_treatment"


@dataclass(frozen=True)
class EndOfTreatment:
    """The body of a ``decision`` entry that ends the treatment of one bone.

    Attributes
    ----------
    ends_treatment : bool
        True; false takes an earlier end back.
    reason : str
        Why.
    """

    ends_treatment: bool
    reason: str

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise RecordRefusal("the end of treatment has no reason; say why it ended")


END_OF_TREATMENT = TypeAdapter(EndOfTreatment)


def end_of_treatment(entry: Entry) -> EndOfTreatment | None:
    """Read a decision that ends a treatment; None if it decides something else.

    Raises
    ------
    RecordRefusal
        If a key is unknown, no reason is given or no bone is named.
    """
    if KEY not in entry.body:
        return None
    if "." not in entry.segment:
        raise RecordRefusal(
            f"end of treatment of segment '{entry.segment}': needed is one bone, like "
            "R.femur"
        )
    return checked(END_OF_TREATMENT, entry.body, "decision", RecordRefusal)


def ended_on(case: Case) -> dict[str, date]:
    """Day on which the treatment of each bone ended; bones still treated are absent.

    Raises
    ------
    RecordRefusal
        If such an entry cannot be read.
    """
    ended: dict[str, date] = {}
    for entry in case.of_kind("decision"):
        end = end_of_treatment(entry)
        if end is None:
            continue
        if end.ends_treatment:
            ended.setdefault(entry.segment, entry.wall_clock.date())
        else:
            ended.pop(entry.segment, None)
    return ended

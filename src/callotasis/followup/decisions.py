"""What a named clinician decided on the way: findings silenced, steps allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Entry

_REFERENCE = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+(@[RL](\.(femur|tibia))?)?")


class Step(StrEnum):
    """A step after lengthening that only a clinician allows."""

    DYNAMISATION = "dynamisation"
    FULL_WEIGHT_BEARING = "full weight bearing"
    FRAME_REMOVAL = "frame removal"
    NAIL_REMOVAL = "nail removal"
    SPORT = "sport"


@dataclass(frozen=True)
class Silence:
    """A finding that a person has seen and answered.

    Attributes
    ----------
    silences : str
        ``key`` or ``key@segment`` of the finding.
    reason : str
        Why it need not be said again; it is, once it begins anew.
    """

    silences: str
    reason: str

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.silences) or not self.reason.strip():
            raise RecordRefusal(
                "a decision silences one finding by its key, like knee.low or "
                f"knee.low@R.femur, with a reason; it says '{self.silences:.40}', "
                f"'{self.reason:.40}'"
            )


@dataclass(frozen=True)
class Permission:
    """A step that a clinician allowed for one bone.

    Attributes
    ----------
    allows : Step
        What may be done.
    reason : str
        On what grounds.
    """

    allows: Step
    reason: str

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise RecordRefusal(f"'{self.allows}' is allowed without a reason")


SILENCE, PERMISSION = TypeAdapter(Silence), TypeAdapter(Permission)


def silence_of(entry: Entry) -> Silence | None:
    """Read a decision that silences a finding; None if it decides something else.

    Raises
    ------
    RecordRefusal
        If no reason is given.
    """
    if "silences" not in entry.body:
        return None
    return checked(SILENCE, entry.body, "decision", RecordRefusal)


def permission_of(entry: Entry) -> Permission | None:
    """Read a decision that allows a step; None if it decides something else.

    Raises
    ------
    RecordRefusal
        If the step is unknown, or no reason or bone is given.
    """
    if "allows" not in entry.body:
        return None
    permission = checked(PERMISSION, entry.body, "decision", RecordRefusal)
    if "." not in entry.segment:
        raise RecordRefusal(
            f"'{permission.allows}' for segment '{entry.segment}': needed is one bone, "
            "like R.femur"
        )
    return permission

"""What surgeons signed: every turn of every bone, and what it took the place of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.distraction import Bound, Prescription
from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.pose import Segment
from callotasis.record import Case, Entry


@dataclass(frozen=True)
class Signed:
    """What a signature makes binding: every turn of every segment.

    ``start_mm`` and ``starts_at`` speak of a bone whose prescription was changed in
    mid-course; without them it binds from surgery. ``cut_mm`` is where the plan cuts a
    bone, ``length_mm`` how long each bone was on the film, lengthened or not.
    """

    signs: str
    prescriptions: dict[str, Prescription]
    approach: dict[str, str]
    start_mm: dict[str, float] = field(default_factory=dict)
    starts_at: dict[str, datetime] = field(default_factory=dict)
    cut_mm: dict[str, float] = field(default_factory=dict)
    length_mm: dict[str, float] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    answers_until: date | None = None
    waits: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


SIGNED = TypeAdapter(Signed)


@dataclass(frozen=True)
class SignedBone:
    """What was signed for one bone: its prescriptions, and how its nail went in.

    Attributes
    ----------
    bounds : tuple of Bound
        The last one binds; those before it stay readable.
    approach : str
        ``antegrade`` or ``retrograde``; empty for a frame.
    cut_mm, length_mm, beside_mm : float or None
        Where the plan cuts the bone, how long it was before, and how long the other
        bone of its leg; None where the signature does not say [mm].
    """

    bounds: tuple[Bound, ...]
    approach: str
    cut_mm: float | None = None
    length_mm: float | None = None
    beside_mm: float | None = None

    @property
    def prescription(self) -> Prescription:
        """What binds now."""
        return self.bounds[-1].prescription


def signed_turns(case: Case) -> dict[str, SignedBone]:
    """Everything that was signed for every bone; the newest signature has the word.

    Raises
    ------
    RecordRefusal
        If a signature cannot be read.
    """
    bones: dict[str, SignedBone] = {}
    for entry in case.of_kind("signature"):
        if "prescriptions" not in entry.body:
            continue
        signed = checked(SIGNED, entry.body, "signature", RecordRefusal)
        for segment, prescription in signed.prescriptions.items():
            starts = signed.starts_at.get(segment)
            start_mm, waits = signed.start_mm.get(segment, 0.0), segment in signed.waits
            new = Bound(prescription, start_mm, starts, waits)
            approach = signed.approach[segment]
            before = bones.get(segment)
            if starts and before is not None:
                bounds = (*before.bounds, new)
                bones[segment] = replace(before, bounds=bounds, approach=approach)
                continue
            beside = Segment.parse(segment).beside
            bones[segment] = SignedBone(
                (new,),
                approach,
                signed.cut_mm.get(segment),
                signed.length_mm.get(segment),
                signed.length_mm.get(str(beside)),
            )
    return bones


def answers_of_signatures(
    case: Case,
) -> list[tuple[Entry, tuple[str, ...], date | None]]:
    """Findings that were answered by signing a changed prescription.

    Parameters
    ----------
    case : Case
        The folded record.

    Returns
    -------
    list of (Entry, tuple of str, date or None)
        The signature, what it answers, and until when; None answers for good.

    Raises
    ------
    RecordRefusal
        If a signature cannot be read.
    """
    return [
        (entry, signed.answers, signed.answers_until)
        for entry in case.of_kind("signature")
        if entry.body.get("answers")
        for signed in [checked(SIGNED, entry.body, "signature", RecordRefusal)]
    ]

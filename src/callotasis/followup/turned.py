"""What was really turned: ``turn`` entries held against the prescription.

A turn entry says how far the device was turned, and when, by the clock of whoever
turned it. Added up, entries tell what was missed, turned too often, turned backwards,
or perhaps written down twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field, TypeAdapter

from callotasis.distraction import Bound, Prescription, schedule_of
from callotasis.distraction.change import STEP_MM
from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.record import Case, Entry
from callotasis.worlds import Array, Interval

CLOCKS_DIFFER = timedelta(minutes=10)  # between a phone and the house, at most
ONE_TURN_TWICE = timedelta(minutes=15)  # two phones in one room write within this


@dataclass(frozen=True)
class Turned:
    """One turn as it was done: the body of a ``turn`` entry.

    Attributes
    ----------
    turned_mm : float
        How far; negative is backwards [mm].
    """

    turned_mm: Annotated[float, Field(strict=True, allow_inf_nan=False)]

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        most = constant("distraction.rate_stop")
        if not self.turned_mm:
            raise RecordRefusal("turned_mm is 0; a turn that moved nothing is no turn")
        if abs(self.turned_mm) > most.value:
            raise RecordRefusal(
                f"turned_mm is {self.turned_mm:g}; allowed at once is up to "
                f"{most.value:g} mm, which is the most of a whole day ({most.source}). "
                "Is it in millimetres?"
            )


TURNED = TypeAdapter(Turned)


def turned_of(entry: Entry) -> Turned:
    """Read the body of a ``turn`` entry.

    Raises
    ------
    RecordRefusal
        If a key is unknown, the turn is too large for one turn, no bone is named, or
        it is said to have happened later than it was written down.
    """
    turned = checked(TURNED, entry.body, "turn", RecordRefusal)
    if "." not in entry.segment:
        raise RecordRefusal(
            f"a turn of segment '{entry.segment}': needed is one bone, like R.femur"
        )
    if entry.happened - entry.recorded > CLOCKS_DIFFER:
        raise RecordRefusal(
            f"a turn happened at {entry.happened_at}, after it was written down at "
            f"{entry.recorded_at}; a turn is entered when it is done"
        )
    return turned


class SlipKind(StrEnum):
    """In what way turning left the prescription."""

    MISSED = "missed"
    EXTRA = "extra"
    BACKWARDS = "backwards"
    TWICE = "entered twice"


@dataclass(frozen=True)
class Slip:
    """One way in which turning differs from what was prescribed.

    Attributes
    ----------
    kind : SlipKind
        What happened.
    since : datetime
        When it began, by the patient's clock.
    slip_mm : float
        How much, never negative [mm].
    """

    kind: SlipKind
    since: datetime
    slip_mm: float


@dataclass(frozen=True)
class Turning:
    """All turning of one bone, beside its prescription.

    Attributes
    ----------
    prescription : Prescription
        What is asked now.
    schedule : tuple of (datetime, float)
        Every turn that was ever asked, by the prescription that bound then [mm].
    turns : tuple of (datetime, float)
        What was done, each with the patient's wall clock, in order [mm].
    doubtful : tuple of bool
        Which of them may be the one before it, written down again.
    """

    prescription: Prescription
    schedule: tuple[tuple[datetime, float], ...]
    turns: tuple[tuple[datetime, float], ...]
    doubtful: tuple[bool, ...]

    def turned_mm(self, at: datetime) -> Interval:
        """All turns until then; the interval holds doubtful turns once and twice.

        Parameters
        ----------
        at : datetime
            By the patient's clock.

        Returns
        -------
        Interval
            ``value`` counts doubtful turns once [mm].
        """
        once, twice = (float(total[0]) for total in self._turned([at]))
        return Interval(once, min(once, twice), max(once, twice))

    def turned_by(self, at: Sequence[datetime]) -> Array:
        """Add up all turns until each moment, doubtful ones counted once.

        Parameters
        ----------
        at : sequence of datetime
            By the patient's clock.

        Returns
        -------
        Array
            Shape (moments,) [mm].

        References
        ----------
        .. [1] Bookkeeping.
        """
        return self._turned(at)[0]

    def prescribed_mm(self, at: datetime) -> float:
        """Add up what was to be turned until then, by the patient's clock [mm]."""
        return float(self._prescribed([at])[0])

    @property
    def all_mm(self) -> float:
        """Everything that is to be turned [mm]."""
        return math.fsum(mm for _, mm in self.schedule)

    def slips(self, now: datetime) -> tuple[Slip, ...]:
        """Tell how turning stands now.

        A turn is missed once half the time to the next has passed without it, until
        it is made up for; extra where no prescribed turn is near enough to have been
        done early.

        Parameters
        ----------
        now : datetime
            By the patient's clock; later entries do not count.

        Returns
        -------
        tuple of Slip
            Missed or extra where the sums differ now; each turn that went backwards
            or may have been entered twice.

        References
        ----------
        .. [1] Bookkeeping; the grace is half the shortest time between two turns.
        """
        single = [
            Slip(kind, when, abs(mm))
            for (when, mm), doubt in zip(self.turns, self.doubtful, strict=True)
            if when <= now
            for kind in _said_of(mm, doubtful=doubt, meant=self._is_meant(when, mm))
        ]
        return (*self._standing(now), *single)

    def _standing(self, now: datetime) -> list[Slip]:
        """Tell what is missed or extra now, and since when without a break."""
        grace = _grace(self.prescription)
        checks = [at + grace for at, _ in self.schedule if at + grace <= now]
        done = [when for when, _ in self.turns if when <= now]
        if checks and len(checks) == len(self.schedule):
            # Nothing more falls due: what is turned now makes up for what was missed.
            last = checks[-1]
            checks += [when for when in done if when > last]
        missed = self._prescribed(checks) - np.maximum(*self._turned(checks))
        if self.turned_mm(now).high > self._due_mm([now])[0] - STEP_MM:
            missed = np.zeros(len(checks))
        moments = [*checks, *done]
        due = np.concatenate([self._prescribed(checks), self._due_mm(done)])
        extra = np.minimum(*self._turned(moments)) - due
        order = sorted(range(len(moments)), key=moments.__getitem__)
        standing = (
            (SlipKind.MISSED, checks, missed),
            (SlipKind.EXTRA, [moments[i] for i in order], extra[order]),
        )
        return [
            Slip(kind, since, float(amounts[-1]))
            for kind, times, amounts in standing
            if (since := _since(times, amounts)) is not None
        ]

    def _due_mm(self, at: Sequence[datetime]) -> Array:
        """All that is prescribed until then, or so soon after that it may be done."""
        soon = _grace(self.prescription) - timedelta.resolution
        return self._prescribed([moment + soon for moment in at])

    def _turned(self, at: Sequence[datetime]) -> tuple[Array, Array]:
        """All turns until each moment: doubtful ones counted once, and twice."""
        marked = [*zip(self.turns, self.doubtful, strict=True)]
        return (
            _totals([turn for turn, doubt in marked if not doubt], at),
            _totals(self.turns, at),
        )

    def _prescribed(self, at: Sequence[datetime]) -> Array:
        return _totals(self.schedule, at)

    def _is_meant(self, when: datetime, mm: float) -> bool:
        """Tell whether a turn backwards was asked for on that day."""
        return mm < 0 and any(
            asked < 0 and at.date() == when.date() for at, asked in self.schedule
        )


def turning_of(case: Case, *bounds: Bound) -> Turning:
    """Gather all turns of one bone.

    Parameters
    ----------
    case : Case
        The folded record.
    *bounds : Bound
        Prescriptions of this bone in the order in which they were signed.

    Returns
    -------
    Turning
        In the order in which they happened, whatever the order of the entries.

    Raises
    ------
    RecordRefusal
        If a turn entry cannot be read.
    """
    asked = bounds[-1].prescription
    entries = case.held("turn", str(asked.segment))
    turns = tuple(sorted((e.wall_clock, turned_of(e).turned_mm) for e in entries))
    return Turning(asked, schedule_of(bounds), turns, _doubtful(turns))


def _totals(turns: Sequence[tuple[datetime, float]], at: Sequence[datetime]) -> Array:
    """Sum of all turns until each moment, the moment included [mm]."""
    clock = np.array([when for when, _ in turns], dtype="datetime64[us]")
    sums = np.concatenate([[0.0], np.cumsum([mm for _, mm in turns])])
    moments = np.array(at, dtype="datetime64[us]")
    return sums[np.searchsorted(clock, moments, side="right")]


def _doubtful(turns: Sequence[tuple[datetime, float]]) -> tuple[bool, ...]:
    """Tell which turns equal the one before them and follow within minutes."""
    doubts: list[bool] = []
    for index, (when, mm) in enumerate(turns):
        before = turns[index - 1] if index and not doubts[-1] else None
        doubts.append(
            before is not None
            and when - before[0] <= ONE_TURN_TWICE
            and math.isclose(mm, before[1])
        )
    return tuple(doubts)


def _said_of(turned_mm: float, *, doubtful: bool, meant: bool) -> list[SlipKind]:
    kinds = [SlipKind.BACKWARDS] if turned_mm < 0 and not meant else []
    return [*kinds, SlipKind.TWICE] if doubtful else kinds


def _grace(prescription: Prescription) -> timedelta:
    """Half the shortest time between two prescribed turns."""
    moments = [turn.at for turn in prescription.turns]
    gaps = [b - a for a, b in pairwise(moments)]
    return min(gaps, default=timedelta(days=1)) / 2


def _since(moments: Sequence[datetime], amounts: Array) -> datetime | None:
    """When the run began that still lasts; None if nothing stands now."""
    since = None
    for moment, amount in zip(moments, amounts, strict=True):
        since = (since or moment) if amount > STEP_MM else None
    return since

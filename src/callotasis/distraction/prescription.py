"""The dated prescription: each turn, when, what, how much, total so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from callotasis.distraction.protocol import TURN_HOURS, Protocol
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation import FrameDay
from callotasis.pose import Segment


@dataclass(frozen=True)
class Turn:
    """One turn of a device.

    Attributes
    ----------
    number : int
        From 1.
    day : int
        Day 0 is the osteotomy [day].
    at : datetime
        Local time of the patient.
    turn_mm : float
        How far the fastest point of the cut moves; of a nail or rail, its turn [mm].
    total_mm : float
        How much longer the bone is after it [mm].
    lengths_mm : tuple of float
        Of every rod or strut after it; empty for nails and rails [mm].
    """

    number: int
    day: int
    at: datetime
    turn_mm: float
    total_mm: float
    lengths_mm: tuple[float, ...] = ()


@dataclass(frozen=True)
class Prescription:
    """Every turn of one segment.

    Attributes
    ----------
    segment : Segment
        The bone.
    device : str
        Name in the catalogue.
    surgery_on : date
        Day 0.
    protocol : Protocol
        What the turns follow.
    turns : tuple of Turn
        In order; empty where nothing is distracted.
    """

    segment: Segment
    device: str
    surgery_on: date
    protocol: Protocol
    turns: tuple[Turn, ...]

    @property
    def total_mm(self) -> float:
        """All turns together [mm]."""
        return self.turns[-1].total_mm if self.turns else 0.0

    @property
    def last_day(self) -> int:
        """Day of the last turn; the day of surgery where nothing is distracted."""
        return self.turns[-1].day if self.turns else 0

    def on_day(self, day: int) -> date:
        """Calendar date of a day of the plan."""
        return self.surgery_on + timedelta(days=day)


def prescribe(
    segment: Segment,
    device: str,
    extension_mm: float,
    protocol: Protocol,
    surgery_on: date,
) -> Prescription:
    """Write down every turn until the extension is reached.

    Parameters
    ----------
    segment : Segment
        The bone.
    device : str
        Name in the catalogue.
    extension_mm : float
        In whole steps of the device [mm].
    protocol : Protocol
        Latency, rate and rhythm.
    surgery_on : date
        Day 0.

    Returns
    -------
    Prescription
        The last turn is shorter where the extension asks for it.

    References
    ----------
    .. [1] Ilizarov's rhythm: equal turns over the waking day.

    Examples
    --------
    >>> plan = prescribe(Segment.parse("R.femur"), "example-nail", 50.0,
    ...                  Protocol(7, 1.0, 4, ()), date(2027, 1, 4))
    >>> len(plan.turns), plan.turns[0].day, plan.last_day, plan.total_mm
    (200, 7, 56, 50.0)
    """
    hours = TURN_HOURS[protocol.rhythm_per_day]
    turn_mm = protocol.rate_mm_per_day / protocol.rhythm_per_day
    turns: list[Turn] = []
    total = 0.0
    while extension_mm - total > 1e-6:  # noqa: PLR2004 - float sums of whole steps
        count = len(turns)
        day = protocol.latency_days + count // len(hours)
        clock = datetime.combine(
            surgery_on + timedelta(days=day), time(hours[count % len(hours)])
        )
        this = round(min(turn_mm, extension_mm - total), 6)
        total = round(total + this, 6)
        turns.append(Turn(count + 1, day, clock, this, total))
    return Prescription(segment, device, surgery_on, protocol, tuple(turns))


def prescribe_frame(
    segment: Segment,
    device: str,
    days: Sequence[FrameDay],
    protocol: Protocol,
    surgery_on: date,
) -> Prescription:
    """Write down every setting of a frame, one a day.

    Parameters
    ----------
    segment : Segment
        The bone.
    device : str
        Name in the catalogue.
    days : sequence of FrameDay
        From the first day of turning.
    protocol : Protocol
        Latency, and the hour of the setting.
    surgery_on : date
        Day 0.

    Returns
    -------
    Prescription
        Its turns carry the lengths of rods or struts.

    References
    ----------
    .. [1] The frame's own schedule.
    """
    [hour, *_] = TURN_HOURS[protocol.rhythm_per_day]
    turns = tuple(
        Turn(
            number=index + 1,
            day=protocol.latency_days + index,
            at=datetime.combine(
                surgery_on + timedelta(days=protocol.latency_days + index), time(hour)
            ),
            turn_mm=day.fastest_mm,
            total_mm=day.gained_mm,
            lengths_mm=day.lengths_mm,
        )
        for index, day in enumerate(days)
    )
    return Prescription(segment, device, surgery_on, protocol, turns)


def daily_mm(turns: Sequence[Turn]) -> list[float]:
    """Millimetres turned on each day, from the first day of turning to the last.

    Parameters
    ----------
    turns : sequence of Turn
        In order.

    Returns
    -------
    list of float
        [mm].

    References
    ----------
    .. [1] Sum over the day.
    """
    if not turns:
        return []
    first = turns[0].day
    days = [0.0] * (turns[-1].day - first + 1)
    for turn in turns:
        days[turn.day - first] += turn.turn_mm
    return days


def rate_findings(prescription: Prescription) -> list[Finding]:
    """Stop above 1.5 mm a day over any 3 days; caution below 0.5 over 7 days.

    Parameters
    ----------
    prescription : Prescription
        Every turn.

    Returns
    -------
    list of Finding
        At most one of each.

    References
    ----------
    .. [1] Evidence rows ``distraction.rate_stop`` and ``distraction.rate_caution``.
    """
    days = daily_mm(prescription.turns)
    stop, caution = (
        constant("distraction.rate_stop"),
        constant("distraction.rate_caution"),
    )
    fastest = max(_means(days, 3), default=0.0)
    # The last day may be a short one: it is no sign of a slow course.
    slowest = min(_means(days[:-1], 7), default=caution.value)
    found = []
    where = str(prescription.segment)
    if fastest > stop.value + 1e-9:
        found.append(
            Finding(
                Level.STOP,
                "rate.fast",
                f"The {prescription.segment.words} is drawn out {fastest:.2f} mm a day "
                f"over 3 days; above {stop.value:g} insufficient bone was 9.1 times as "
                "common.",
                "Slow down.",
                stop.key,
                where,
            )
        )
    if slowest < caution.value - 1e-9:
        found.append(
            Finding(
                Level.CAUTION,
                "rate.slow",
                f"The {prescription.segment.words} is drawn out {slowest:.2f} mm a day "
                f"over 7 days; below {caution.value:g} the gap may close early.",
                "Watch the films for bridging, or turn faster.",
                caution.key,
                where,
            )
        )
    return found


def _means(days: list[float], width: int) -> list[float]:
    """Mean of every run of days; a course shorter than a run counts in full width."""
    if not days:
        return []
    if len(days) < width:
        return [sum(days) / width] if width == 3 else []  # noqa: PLR2004
    return [sum(days[i : i + width]) / width for i in range(len(days) - width + 1)]

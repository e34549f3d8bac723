"""What turning tells a person to do: findings with the day since which they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from callotasis.distraction import Change
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.followup.turned import Slip, SlipKind, Turning

FAST_DAYS = 3  # so long a run of turning is held against the stop of the daily rate


class Soon(StrEnum):
    """How soon a finding must be answered."""

    NOW = "now"
    TODAY = "today"
    WEEK = "this week"
    VISIT = "next visit"


@dataclass(frozen=True)
class Observed:
    """A finding of the course.

    Attributes
    ----------
    finding : Finding
        What is the case and what to do.
    since_day : int
        Since when; day 0 is the osteotomy [day].
    soon : Soon
        How soon it must be answered.
    cause : str
        What lies behind it; empty where its key is the cause.
    proposes : Change or None
        What it wants of the prescription.
    renewed_day : float or None
        When it last gave reason to be said: an answer after it silences; None is the
        beginning [day].
    """

    finding: Finding
    since_day: int
    soon: Soon = Soon.VISIT
    cause: str = ""
    proposes: Change | None = None
    renewed_day: float | None = None

    @property
    def said_day(self) -> float:
        """When it last gave reason to be said [day]."""
        return self.since_day if self.renewed_day is None else self.renewed_day


def turning_findings(
    turning: Turning, surgery_on: date, now: datetime
) -> tuple[Observed, ...]:
    """Say what turning asks for now.

    Parameters
    ----------
    turning : Turning
        What was turned, beside what was prescribed.
    surgery_on : date
        Day 0.
    now : datetime
        By the patient's clock.

    Returns
    -------
    tuple of Observed
        One for each kind of slip, since its first day; a stop where three days of
        turning were too fast.

    References
    ----------
    .. [1] Evidence row ``distraction.rate_stop``.
    """
    slips: dict[SlipKind, list[Slip]] = {}
    for slip in turning.slips(now):
        slips.setdefault(slip.kind, []).append(slip)
    segment = turning.prescription.segment
    said = [_said(kind, some, turning) for kind, some in slips.items()]
    since = [min(slip.since for slip in some) for some in slips.values()]
    found = [
        Observed(finding, (when.date() - surgery_on).days, _soon(finding))
        for finding, when in zip(said, since, strict=True)
    ]
    too_fast = _too_fast(turning, now)
    if too_fast is not None:
        limit = constant("distraction.rate_stop")
        stop = Finding(
            Level.STOP,
            "turn.fast",
            f"The {segment.words} was drawn out {too_fast:.2f} mm a day over "
            f"{FAST_DAYS} days; above {limit.value:g} insufficient bone was 9.1 times "
            "as common.",
            "Stop turning and call the surgeon today.",
            limit.key,
            str(segment),
        )
        day = (now.date() - surgery_on).days - FAST_DAYS
        found.append(Observed(stop, max(day, 0), Soon.TODAY, "", Change.HOLD))
    return tuple(found)


def _soon(finding: Finding) -> Soon:
    return Soon.VISIT if finding.level is Level.NOTE else Soon.WEEK


def _said(kind: SlipKind, slips: Iterable[Slip], turning: Turning) -> Finding:
    """Put slips of one kind into a sentence."""
    segment = turning.prescription.segment
    amount = sum(slip.slip_mm for slip in slips)
    bone, limit = segment.words, constant("distraction.rate_stop")
    day_mm = turning.prescription.protocol.rate_mm_per_day
    more = amount > day_mm + 1e-9
    level, sentence, action = {
        SlipKind.MISSED: (
            Level.CAUTION if more else Level.NOTE,
            f"Of the {bone}, {amount:.2f} mm of turning were missed.",
            f"Ask the team whether to make it up; at most {limit.value:g} mm a day.",
        ),
        SlipKind.EXTRA: (
            Level.CAUTION,
            f"The {bone} was turned {amount:.2f} mm further than prescribed.",
            "Leave out turns until the prescription has caught up, and tell the team.",
        ),
        SlipKind.BACKWARDS: (
            Level.CAUTION,
            f"The {bone} was turned {amount:.2f} mm backwards.",
            "Ask whether it was meant; if not, show the device's arrow again.",
        ),
        SlipKind.TWICE: (
            Level.NOTE,
            f"Turns of the {bone} ({amount:.2f} mm) may have been entered twice.",
            "Ask those who enter turns, and correct the entry that is too much.",
        ),
    }[kind]
    key = f"turn.{kind.name.lower()}"
    source = limit.key if kind is SlipKind.MISSED else ""
    return Finding(level, key, sentence, action, source, str(segment))


def _too_fast(turning: Turning, now: datetime) -> float | None:
    """Mean of the last days' turning where it is beyond the stop [mm/day]."""
    before = now - timedelta(days=FAST_DAYS)
    recent = turning.turned_mm(now).low - turning.turned_mm(before).high
    rate = recent / FAST_DAYS
    return rate if rate > constant("distraction.rate_stop").value + 1e-9 else None

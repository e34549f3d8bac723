"""Cases that are signed and followed, without a film."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from callotasis.distraction import Prescription, Protocol, prescribe
from callotasis.pose import Segment
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.signatures import SIGNED, Signed
from dora import CASE, PATIENT, RIGHT_FEMUR, SURGEON, SURGERY_ON

HOME = timezone(timedelta(hours=2))
PLAN = prescribe(RIGHT_FEMUR, "example-nail", 40.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)


def signed_case(
    folder: Path, *plans: Prescription, approach: str = "antegrade"
) -> CaseFolder:
    """Start a case whose surgeon signed these prescriptions."""
    case = CaseFolder.create(folder / "case", CASE, SURGEON)
    held = {str(plan.segment): plan for plan in plans or (PLAN,)}
    signed = Signed("", held, dict.fromkeys(held, approach))
    body = SIGNED.dump_python(signed, mode="json")
    case.append(new_entry(CASE, "signature", SURGEON, body, happened_at=at_day(-30)))
    return case


def at_day(day: int, hour: int = 12) -> datetime:
    """Name an hour of a day since surgery, by the patient's clock."""
    moment = datetime.combine(SURGERY_ON + timedelta(days=day), time(hour))
    return moment.replace(tzinfo=HOME)


def entered(
    case: CaseFolder, kind: str, body: dict[str, Any], at: datetime, segment: Segment
) -> None:
    """Enter something when it happened."""
    entry = new_entry(CASE, kind, PATIENT, body, segment=str(segment), happened_at=at)
    case.append(Entry(**{**vars(entry), "recorded_at": at.isoformat()}))


def turned(case: CaseFolder, count: int, plan: Prescription = PLAN) -> None:
    """Do the first turns of a prescription, each in time."""
    for turn in plan.turns[:count]:
        at = turn.at.replace(tzinfo=HOME)
        entered(case, "turn", {"turned_mm": turn.turn_mm}, at, plan.segment)

"""Cases that are signed and followed, without a film."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from callotasis.courses import look_at
from callotasis.distraction import Prescription, Protocol, prescribe
from callotasis.fixation import every_device
from callotasis.followed import Standing
from callotasis.followup import BoneCourse
from callotasis.pose import Segment
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.signatures import SIGNED, Signed
from dora import CASE, PATIENT, RIGHT_FEMUR, SURGEON, SURGERY_ON

HOME = timezone(timedelta(hours=2))
PLAN = prescribe(RIGHT_FEMUR, "example-nail", 40.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
CUT_MM, FEMUR_MM = 138.0, 430.0
SURGERY = {
    "segment": "R.femur",
    "surgeon": SURGEON,
    "device": "example-nail",
    "lots": [],
    "cut_mm": CUT_MM,
    "acute_pose": {
        "lateral_mm": 0.0, "proximal_mm": 0.0, "valgus_deg": 0.0,
        "not_measured": ["anterior_mm", "apex_anterior_deg", "external_rotation_deg"],
    },
    "gap_zero_mm": 1.0,
    "diameter_mm": 11.5,
    "length_mm": 245.0,
}  # fmt: skip


def signed_case(
    folder: Path,
    *plans: Prescription,
    approach: str = "antegrade",
    length_mm: Mapping[str, float] | None = None,
    signed_at: datetime | None = None,
) -> CaseFolder:
    """Start a case whose surgeon signed these prescriptions a month before surgery."""
    case = CaseFolder.create(folder / "case", CASE, SURGEON)
    held = {str(plan.segment): plan for plan in plans or (PLAN,)}
    lengths = {**(length_mm or {})}
    kinds = {name: every_device()[plan.device].kind for name, plan in held.items()}
    signed = Signed(
        "",
        held,
        {name: "" if kind.external else approach for name, kind in kinds.items()},
        cut_mm=dict.fromkeys(lengths, CUT_MM),
        length_mm=lengths,
    )
    body = SIGNED.dump_python(signed, mode="json")
    at = signed_at or at_day(-30)
    case.append(new_entry(CASE, "signature", SURGEON, body, happened_at=at))
    return case


def at_day(day: int, hour: int = 12) -> datetime:
    """Name an hour of a day since surgery, by the patient's clock."""
    moment = datetime.combine(SURGERY_ON + timedelta(days=day), time(hour))
    return moment.replace(tzinfo=HOME)


def entry_at(
    kind: str,
    body: Mapping[str, Any],
    at: datetime,
    segment: Segment | str = RIGHT_FEMUR,
    by: str = PATIENT,
) -> Entry:
    """Write something down when it happened."""
    entry = new_entry(CASE, kind, by, dict(body), segment=str(segment), happened_at=at)
    return Entry(**{**vars(entry), "recorded_at": at.isoformat()})


def entered(
    case: CaseFolder,
    kind: str,
    body: Mapping[str, Any],
    at: datetime,
    segment: Segment | str = RIGHT_FEMUR,
    by: str = PATIENT,
) -> None:
    """Enter something when it happened."""
    case.append(entry_at(kind, body, at, segment, by))


def operated(case: CaseFolder, day: int = 0) -> None:
    """Write the operation down."""
    on = at_day(day)
    entered(case, "surgery", {**SURGERY, "done_on": on.date().isoformat()}, on)


def turned(case: CaseFolder, count: int, plan: Prescription = PLAN) -> None:
    """Do the first turns of a prescription, each in time."""
    case.append(
        *(
            entry_at(
                "turn",
                {"turned_mm": turn.turn_mm},
                turn.at.replace(tzinfo=HOME),
                plan.segment,
            )
            for turn in plan.turns[:count]
        )
    )


def turned_until(case: CaseFolder, day: int, plan: Prescription = PLAN) -> None:
    """Do every turn until the end of a day, each in time."""
    turned(case, sum(turn.day <= day for turn in plan.turns), plan)


def femur(case: CaseFolder, day: int) -> BoneCourse:
    """Look at the right femur on a day."""
    return look_at(case, day).courses[RIGHT_FEMUR]


def keys(standing: Standing) -> list[str]:
    """Name the findings in their order."""
    return [observed.finding.key for observed in standing.findings]


def gaps(case: CaseFolder, read: Iterable[tuple[int, float]]) -> None:
    """Enter the gap on films of these days [day, mm]."""
    for day, mm in read:
        body = {"of": "gap", "measured_mm": mm, "sd_mm": 0.5, "ruler": "the nail"}
        entered(case, "measurement", body, at_day(day), by=SURGEON)

"""The prescription as a calendar and as a table."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vText

from callotasis import NOTICE, __version__
from callotasis.distraction.prescription import Prescription, Turn

TURN_MINUTES = 15
HEAD = (
    *("segment", "number", "day", "date", "time"),
    *("turn_mm", "total_mm", "state", "joint_to_joint_mm"),
)
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "callotasis/turn")


def as_calendar(
    case: str,
    prescriptions: Iterable[Prescription],
    *,
    draft: bool,
    gone: Iterable[tuple[Prescription, Turn]] = (),
) -> bytes:
    """Write every turn as an event with an alarm.

    Parameters
    ----------
    case : str
        Name of the case.
    prescriptions : iterable of Prescription
        One a segment.
    draft : bool
        Whether nobody has signed; then every event says so.
    gone : iterable of (Prescription, Turn)
        Turns of an earlier calendar that bind no more: each is cancelled by its name.

    Returns
    -------
    bytes
        RFC 5545; times are the patient's local time.

    References
    ----------
    .. [1] RFC 5545, 3.3.5 form 1 (local time).
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//Callotasis {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Turns of {case}")
    for prescription in prescriptions:
        for turn in prescription.turns:
            calendar.add_component(_event(case, prescription, turn, draft=draft))
    for prescription, turn in gone:
        event = _event(case, prescription, turn, draft=draft)
        event.subcomponents.clear()  # nothing rings any more
        event["summary"] = vText(f"CANCELLED, do not turn: {event['summary']}")
        event.add("status", "CANCELLED")
        event.add("sequence", 1)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(case: str, prescription: Prescription, turn: Turn, *, draft: bool) -> Event:
    segment = prescription.segment
    event = Event()
    event.add(
        "uid", str(uuid.uuid5(_NAMES, f"{case}/{segment}/{turn.number}/{turn.at}"))
    )
    # A fixed stamp keeps the file identical from run to run.
    midnight = datetime.combine(prescription.surgery_on, datetime.min.time(), UTC)
    event.add("dtstamp", midnight)
    event.add("dtstart", turn.at)
    event.add("duration", timedelta(minutes=TURN_MINUTES))
    state = "DRAFT, not signed: " if draft else ""
    event.add("summary", f"{state}{segment.words}: {_task(turn)}")
    event.add(
        "description",
        f"Turn {turn.number} of {prescription.turns[-1].number}, "
        f"{prescription.device}. "
        f"Longer by {turn.total_mm:g} of {prescription.total_mm:g} mm after it. "
        f"{NOTICE}",
    )
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{_task(turn).capitalize()}, {segment.words}")
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return event


def _task(turn: Turn) -> str:
    """What to do: turn a device, or set every rod or strut."""
    if not turn.lengths_mm:
        back = " backwards" if turn.turn_mm < 0 else ""
        return f"turn {abs(turn.turn_mm):g} mm{back}"
    # Scales differ by an offset of their own: the sheet beside the frame has it.
    return f"set the frame by its sheet, row of day of turning {turn.number}"


def as_table(prescriptions: Iterable[Prescription], *, draft: bool) -> str:
    """Write every turn as one row of a CSV table.

    Parameters
    ----------
    prescriptions : iterable of Prescription
        One a segment.
    draft : bool
        Whether nobody has signed; then every row says so.

    Returns
    -------
    str
        Columns segment, number, day, date, time, turn_mm, total_mm, state,
        joint_to_joint_mm (of rods or struts, between spaces; no scale reads so).

    References
    ----------
    .. [1] RFC 4180.
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(HEAD)
    for prescription in prescriptions:
        for turn in prescription.turns:
            table.writerow(
                [
                    prescription.segment,
                    turn.number,
                    turn.day,
                    turn.at.date().isoformat(),
                    f"{turn.at:%H:%M}",
                    f"{turn.turn_mm:g}",
                    f"{turn.total_mm:g}",
                    "DRAFT, not signed" if draft else "signed",
                    " ".join(f"{mm:g}" for mm in turn.lengths_mm),
                ]
            )
    return out.getvalue()

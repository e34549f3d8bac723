"""One event, one entry: read in the clinician's words, refused where it cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from callotasis.complications import (
    Complication,
    Goal,
    Threat,
    What,
    complication_of,
    events_of,
)
from callotasis.errors import RecordRefusal
from callotasis.exchange import plain
from callotasis.record import fold, new_entry
from dora import CASE, SURGEON
from mishaps import NOTICED, SETTLED, STIFF, mishap, read


def test_a_complication_is_read_as_it_was_written_down() -> None:
    found = read(SETTLED)
    assert found.what is What.CONTRACTURE
    assert found.noticed_on == date(2026, 3, 2)
    assert found.resolved_on == date(2026, 4, 20)
    assert (found.goal, found.threat) == (Goal.REACHED, Threat.NONE)


def test_what_is_not_known_yet_stays_open() -> None:
    found = read()
    assert found.goal is Goal.OPEN
    assert found.resolved_on is None
    assert found.sequela is None
    assert found.time_kept is None


@pytest.mark.parametrize("what", What)
def test_every_word_is_read_and_written_alike(what: What) -> None:
    found = read(what=what.value, in_words="as seen")
    back = TypeAdapter(Complication).validate_python(plain(found))
    assert back == found


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"what": "bad luck"}, "complication, what: Input should be"),
        ({"origin": "patient"}, "complication, origin: Input should be"),
        ({"treatment": "surgery"}, "complication, treatment: Input should be"),
        ({"blame": "nobody"}, "complication, blame: "),
        ({"what": "other"}, "in_words is empty"),
        ({"resolved_on": "2026-03-01"}, "before it was noticed"),
        ({"threat": "death", "resolved_on": "2026-03-09"}, "a death is not resolved"),
        ({"fault": "stability"}, "fault is given .* it belongs to origin device"),
        ({"pin_site": {"quiet": True}}, "pin_site is given"),
        ({"deep": {"late_pain": True}}, "deep is given"),
        ({"noticed_on": "2026-03-03"}, "give happened_at the time of noticing"),
        ({"resolved_on": "2226-03-03"}, "after it was written down"),
        ({"stated": {"paley": "problem"}}, "who states it"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        read(**changed)


@pytest.mark.parametrize("segment", ["", "R"])
def test_a_stiff_joint_belongs_to_one_bone(segment: str) -> None:
    with pytest.raises(RecordRefusal, match="needed is one bone"):
        complication_of(mishap(STIFF, segment))


def test_a_thrombosis_may_belong_to_the_person_but_never_to_a_side() -> None:
    found = complication_of(mishap(STIFF, "", what="DVT or PE", origin="vessel"))
    assert found.what is What.THROMBOSIS
    with pytest.raises(RecordRefusal, match="segment 'L'"):
        complication_of(mishap(STIFF, "L", what="DVT or PE", origin="vessel"))


def test_it_is_open_from_noticing_until_it_is_over() -> None:
    settled, still = read(SETTLED), read()
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 19), date(2026, 4, 20)]
    assert [settled.is_open_on(day) for day in days] == [False, True, True, False]
    assert still.is_open_on(date(2030, 1, 1))


def test_a_correction_keeps_one_event_one_entry() -> None:
    first = mishap()
    better = new_entry(
        CASE,
        "complication",
        SURGEON,
        dict(SETTLED),
        segment="R.femur",
        corrects=first.id,
        happened_at=NOTICED,
    )
    (event,) = events_of(fold([first, better]))
    assert event.complication.resolved_on == date(2026, 4, 20)
    assert event.segment == "R.femur"


def test_events_come_in_the_order_of_noticing_and_without_destroyed_ones() -> None:
    later = replace(
        mishap(what="nerve", origin="nerve", noticed_on="2026-03-05"),
        happened_at=datetime(2026, 3, 5, tzinfo=UTC).isoformat(),
    )
    gone = new_entry(CASE, "complication", SURGEON, {"destroyed": True})
    found = events_of(fold([later, gone, mishap()]))
    assert [e.complication.what for e in found] == [What.CONTRACTURE, What.NERVE]

"""What is asked, and the sheet that answers."""

from __future__ import annotations

from dataclasses import replace

from callotasis.alignment import MeasuredFilm
from callotasis.plan import Choices
from callotasis.proposal.sheet import without_turns
from dora import LEFT_FEMUR, ORDER, RIGHT_FEMUR, work_out


def test_a_request_knows_every_segment_that_a_decision_touches() -> None:
    request = ORDER.request({})
    assert RIGHT_FEMUR not in request.touched
    assert LEFT_FEMUR in replace(request, choices={LEFT_FEMUR: Choices()}).touched


def test_a_sheet_without_turns_keeps_its_settings_and_loses_every_date(
    dora_measured: MeasuredFilm,
) -> None:
    sheet = work_out(dora_measured).proposal.segments[RIGHT_FEMUR]
    bare = without_turns(sheet)
    assert sheet.prescription.turns
    assert bare.prescription.turns == ()
    assert bare.timeline == ()
    assert bare.settings == sheet.settings
    assert bare.prescription.protocol == sheet.prescription.protocol

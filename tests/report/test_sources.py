"""Every number of a report names its source, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from callotasis.evidence import every_row
from callotasis.report.sources import sources_of
from dora import ORDER, measured_from, work_out


def test_every_key_is_a_row_and_stands_once(tmp_path: Path) -> None:
    table = sources_of(work_out(measured_from(tmp_path)).proposal)
    keys = [row[0] for row in table.rows]
    assert keys == sorted(set(keys))
    assert set(keys) <= set(every_row())
    assert "fixation.operations_frame" in keys
    assert "fixation.nail_thin_part" in keys


def test_limits_of_frames_are_named_where_one_is_planned(tmp_path: Path) -> None:
    order = replace(ORDER, device={**ORDER.device, "L.tibia": "example-hexapod"})
    proposal = work_out(measured_from(tmp_path), order).proposal
    keys = [row[0] for row in sources_of(proposal).rows]
    assert "hexapod.second_program_deg" in keys
    assert "hexapod.limb_radius" in keys

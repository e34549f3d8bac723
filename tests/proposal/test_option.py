"""One device for one bone, with and without its dates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dora import RIGHT_FEMUR, measured_from, work_out


def test_without_dates_everything_else_stays(tmp_path: Path) -> None:
    worked = work_out(measured_from(tmp_path))
    found = worked.proposal.side_by_side[RIGHT_FEMUR]
    bare = found.undated()
    assert any(option.full_weight for option in found.options)
    for dated, option in zip(found.options, bare.options, strict=True):
        assert option == replace(dated, loading=None, full_weight=None)
    assert bare.not_possible == found.not_possible

"""Every number's source, once, at the end of a report."""

from __future__ import annotations

from callotasis.alignment.frontal import QUANTITIES
from callotasis.evidence import constant
from callotasis.proposal import Proposal, SegmentSheet
from callotasis.report.table import Table

FRAMES = (
    "hexapod.second_program_deg",
    "hexapod.second_program_mm",
    "hexapod.second_program_rotation",
)
"""What counts as too much at the bone, for every external device."""


def sources_of(proposal: Proposal) -> Table:
    """The evidence rows behind a proposal."""
    rows = []
    for key in _keys(proposal):
        row = constant(key)
        number = (
            f"{row.statement}: {row.value:g} {row.unit} "
            f"({row.low:g} to {row.high:g}, {row.interval_is})"
        )
        where = f"{row.source}, {row.locator}"
        rows.append((key, number, where, row.mark.value))
    return Table("Sources", ("key", "number", "source", "mark"), tuple(rows))


def _keys(proposal: Proposal) -> list[str]:
    keys = [q.normal for q in QUANTITIES]
    for sheet in proposal.segments.values():
        keys += _of_segment(sheet)
    for found in proposal.side_by_side.values():
        keys += [option.operations.key for option in found.options]
    keys += [f.evidence for f in proposal.findings]
    keys += [a.evidence for a in proposal.alternatives]
    return sorted({key for key in keys if key})


def _of_segment(sheet: SegmentSheet) -> list[str]:
    keys = [*sheet.prescription.protocol.evidence, sheet.axis_drift.evidence]
    keys += [m.evidence for m in sheet.timeline]
    keys += [a.evidence for a in sheet.adjuncts]
    keys += sheet.nail.evidence if sheet.nail else FRAMES
    return keys

"""A table is text in rows of one width."""

from __future__ import annotations

from callotasis.report.table import Table


def test_a_table_has_no_note_unless_somebody_writes_one() -> None:
    plain = Table("Turns", ("day", "mm"), (("1", "0.25"),))
    assert plain.note == ""
    assert Table("Turns", ("day",), (), "of the left leg").note == "of the left leg"

"""The stages have one order and one spelling."""

from __future__ import annotations

from callotasis.distraction import Phase


def test_stages_are_named_in_the_order_in_which_they_come() -> None:
    assert [*Phase] == [
        "planned",
        "latency",
        "distraction",
        "consolidation",
        "loading",
    ]

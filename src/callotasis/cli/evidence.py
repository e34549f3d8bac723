"""``callotasis evidence``."""

from __future__ import annotations

from callotasis.cli.terminal import say, show_table
from callotasis.errors import EvidenceRefusal
from callotasis.evidence import Audience, constant, every_row, may_reach, quote
from callotasis.exchange import as_json


def run_evidence(key: str | None, audience: str, *, json: bool) -> None:
    """Quote one row, or list them all."""
    if audience not in set(Audience):
        raise EvidenceRefusal(
            f"audience '{audience}' is unknown; known are {', '.join(Audience)}"
        )
    if key is None:
        _list_all(Audience(audience), json=json)
        return
    said = quote(key, Audience(audience))
    say(as_json(constant(key)) if json else said)


def _list_all(audience: Audience, *, json: bool) -> None:
    rows = {key: row for key, row in every_row().items() if may_reach(row, audience)}
    if json:
        say(as_json(rows))
        return
    show_table(
        "Evidence",
        ("key", "value", "interval", "unit", "mark"),
        (
            (r.key, f"{r.value:g}", f"{r.low:g} to {r.high:g}", r.unit, r.mark)
            for r in rows.values()
        ),
    )

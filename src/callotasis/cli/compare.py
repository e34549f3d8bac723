"""``callotasis compare``."""

from __future__ import annotations

from pathlib import Path

from callotasis.alignment import Change, Changes, Reality
from callotasis.alignment.frontal import EXTRAS, QUANTITIES
from callotasis.case_films import Comparison, compared
from callotasis.cli.terminal import say, show_findings, show_table, step
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.pose import Side
from callotasis.record import CaseFolder
from callotasis.wording import length


def run_compare(
    case: Path,
    pair: tuple[str | None, str | None],
    ruler: str | None,
    *,
    unchanged: bool,
    json: bool,
) -> None:
    """Compare two films of a case and print."""
    if ruler is not None and ruler not in set(Side):
        raise Refusal(f"ruler is '{ruler:.20}'; allowed are R and L")
    leg = None if ruler is None else Side(ruler)
    with step("measuring both films", quiet=json):
        found = compared(CaseFolder(case), pair, leg, unchanged=unchanged)
    if json:
        say(as_json(found))
    else:
        show_comparison(found)


def show_comparison(found: Comparison) -> None:
    """Print a comparison for people."""
    rows = []
    for quantity in (*QUANTITIES, *EXTRAS):
        cells = [found.changes.sides.get(side, {}).get(quantity.name) for side in Side]
        if any(cells):
            unit = "°" if quantity.is_angle else " mm"
            said = [c for cell in cells for c in _cells(cell, unit)]
            rows.append([quantity.words, *said])
    heads = ("", "right", "shown from", "left", "shown from")
    show_table("Later minus earlier (95 % intervals)", heads, rows)
    _say_discrepancy(found.changes)
    for side, lengths in found.together.items():
        for name, seen in lengths.items():
            what = name.removesuffix("_mm").replace("_", " ")
            say(f"From both films, {side.word} {what}: {length(seen)}.")
    show_findings(found.changes.findings)


def _cells(change: Change | None, unit: str) -> tuple[str, str]:
    """The change with a star where it is real, and the least that would show."""
    if change is None:
        return "not measured", ""
    star = " *" if change.reality is Reality.REAL else ""
    return (
        f"{change.value:+.1f}{unit} ({change.low:+.1f} to {change.high:+.1f}){star}",
        f"{change.detectable:.1f}{unit}",
    )


def _say_discrepancy(found: Changes) -> None:
    say("\n* real: the interval leaves out zero. 'shown from' is the smallest change")
    say("  that two such films would show.")
    change = found.discrepancy_mm
    if change is not None:
        said, least = _cells(change, " mm")
        say(f"Discrepancy, right minus left, changed by {said}; shown from {least}.")
    seemed = found.ruler_seemed
    if found.ruler is not None and seemed is not None:
        say(
            f"The {found.ruler.word} leg, the ruler, seemed {seemed.value:.3f} times "
            "as long on the later film."
        )

"""``callotasis register``: complications of one or many cases, beside the published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from callotasis.cli.terminal import say, show_table
from callotasis.complications import (
    Line,
    PublishedRate,
    Register,
    Treated,
    ended_on,
    events_of,
    register,
)
from callotasis.errors import RecordRefusal
from callotasis.exchange import as_json
from callotasis.record import Case, CaseFolder
from callotasis.surgery import surgeries_of
from callotasis.wording import tenths

HEAD = ("", "events", "per 100 (95 %)", "of", "source")
TITLES = {
    "all": "",
    "what": "",
    "origin": "origin: ",
    "black": "Black/Frost: ",
    "paley": "Paley: ",
    "lascombes": "Lascombes: ",
    "sink": "Sink: ",
}


def run_register(cases: list[Path], *, json: bool) -> None:
    """Count the complications of these cases."""
    found = register(treated_cases(cases))
    say(as_json(found)) if json else show_register(found)


def treated_cases(paths: Iterable[Path]) -> list[Treated]:
    """What each case brings; a case that is given twice is refused.

    Raises
    ------
    RecordRefusal
        If a case comes twice, or an entry cannot be read.
    """
    seen: dict[str, Path] = {}
    brought = []
    for path in paths:
        folder = CaseFolder(path)
        if folder.name in seen:
            raise RecordRefusal(
                f"case '{folder.name}' comes twice, in {seen[folder.name]} and {path}; "
                "a register counts it once"
            )
        seen[folder.name] = path
        brought.append(treated_of(folder.case()))
    return brought


def treated_of(case: Case) -> Treated:
    """Bones that were operated on or turned, and what went wrong with them.

    Raises
    ------
    RecordRefusal
        If an entry cannot be read, or a complication is of another bone.
    """
    operated = {str(segment) for segment in surgeries_of(case)}
    turned = {entry.segment for entry in case.of_kind("turn")}
    return Treated(
        frozenset(operated | turned), frozenset(ended_on(case)), events_of(case)
    )


def show_register(found: Register) -> None:
    """Print a register for people: its own counts, published ones beneath each."""
    title = (
        f"Register. Cases: {found.cases}; lengthened segments: {found.segments}; "
        f"treatment ended: {found.ended}"
    )
    show_table(title, HEAD, _rows(found))
    if any(line.provisional for line in found.lines):
        say("Gradings of bones that are still treated are provisional.")
    say(found.words)


def _rows(found: Register) -> Iterator[tuple[str, ...]]:
    for line in found.lines:
        if line.events or line.group == "all":
            yield _own(line, found.segments)
            yield from map(_published, line.beside)


def _own(line: Line, segments: int) -> tuple[str, ...]:
    name = f"{TITLES[line.group]}{line.name}"
    rate = tenths(line.per_100)
    return (name, str(line.events), rate, f"{segments} segments", "this register")


def _published(rate: PublishedRate) -> tuple[str, ...]:
    return (
        f"  beside: {rate.said}, {rate.device}",
        "",
        tenths(rate.per_100),
        f"{rate.n} {rate.of}",
        f"{rate.source} [{rate.mark}]",
    )

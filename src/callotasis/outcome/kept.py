"""Did forecasts keep their word? What was said to many, against what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from callotasis.complications import share_percent
from callotasis.outcome.dictionary import families
from callotasis.outcome.outcome import Verdict
from callotasis.outcome.registry import check_rows
from callotasis.outcome.row import Row
from callotasis.worlds import Interval

PER_CENT = 100.0


@dataclass(frozen=True)
class Kept:
    """One thing that was said to many, as a registry tells it.

    Attributes
    ----------
    name : str
        What was said, like ``consolidated_day``.
    promised : float
        Share that its interval was said to hold [%].
    known, open : int
        Bones of which it is known what came, and of which it is not.
    below, within, at_edge, above : int
        How it came.
    held : Interval
        Share that came within, of those known; at the edge counts half as found, not
        at all for the lower end and wholly for the upper one [%].
    """

    name: str
    promised: float
    known: int
    open: int
    below: int
    within: int
    at_edge: int
    above: int
    held: Interval

    @property
    def keeps_its_word(self) -> bool:
        """Whether the promised share lies within what was found."""
        return not self.held.excludes(self.promised)


def kept(rows: Sequence[Row]) -> tuple[Kept, ...]:
    """Hold everything that was said as an interval against what came.

    Parameters
    ----------
    rows : sequence of Row
        Of a registry.

    Returns
    -------
    tuple of Kept
        One for each thing and promised share of which anything is known; decided
        numbers, which promise no share, are left out [%].

    Raises
    ------
    RecordRefusal
        If a row does not agree with the data dictionary.

    References
    ----------
    .. [1] Wilson's interval of a share.
    """
    check_rows(rows)
    said: dict[tuple[str, float], Counter[str]] = {}
    for found in rows:
        for family in families().said:
            stem = f"expected_{family.name}"
            level, verdict = found[f"{stem}_level"], found[f"{stem}_verdict"]
            if level is None or found[f"{stem}_low"] == found[f"{stem}_high"]:
                continue
            tally = said.setdefault((family.name, float(level)), Counter())
            tally[str(verdict)] += 1
    told = (_kept(name, level, tally) for (name, level), tally in said.items())
    return tuple(one for one in told if one is not None)


def _kept(name: str, level: float, tally: Counter[str]) -> Kept | None:
    within, edge = tally[Verdict.WITHIN], tally[Verdict.UNDECIDED]
    known = sum(tally.values()) - tally[Verdict.OPEN]
    if not known:
        return None
    held = Interval(
        PER_CENT * (within + edge / 2) / known,
        share_percent(within, known).low,
        share_percent(within + edge, known).high,
    )
    return Kept(
        name=name,
        promised=PER_CENT * level,
        known=known,
        open=tally[Verdict.OPEN],
        below=tally[Verdict.BELOW],
        within=within,
        at_edge=edge,
        above=tally[Verdict.ABOVE],
        held=held,
    )

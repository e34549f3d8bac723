"""From a heap of entries to the case: ordered, corrected, each counted once.

The fold knows no clinical word; each room reads its own kinds from it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from callotasis.findings import Finding, Level
from callotasis.record.entry import Entry


@dataclass(frozen=True)
class Case:
    """What the log says.

    Attributes
    ----------
    entries : tuple of Entry
        What holds now, by (happened_at, id); corrected entries show their correction.
    history : dict of str to tuple of Entry
        For each corrected entry, by its id, everything that was ever said in its
        place, oldest first; the last one holds.
    waiting : tuple of Entry
        Corrections whose target has not arrived.
    set_aside : tuple of Entry
        Entries that came with a known id and another content.
    refused : tuple of Entry
        Corrections of another kind of entry, or in a ring: they correct nothing.
    """

    entries: tuple[Entry, ...]
    history: dict[str, tuple[Entry, ...]]
    waiting: tuple[Entry, ...]
    set_aside: tuple[Entry, ...]
    refused: tuple[Entry, ...] = ()

    def of_kind(self, kind: str, segment: str | None = None) -> tuple[Entry, ...]:
        """Entries of one kind in order, of one segment if it is given."""
        return tuple(
            e
            for e in self.entries
            if e.kind == kind and (segment is None or e.segment == segment)
        )

    def held(self, kind: str, segment: str | None = None) -> tuple[Entry, ...]:
        """The same, but for entries whose body was destroyed: nothing of it is left."""
        return tuple(
            e for e in self.of_kind(kind, segment) if "destroyed" not in e.body
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person must know about the log itself."""
        return (
            *(
                Finding(
                    Level.CAUTION,
                    "record.same_id",
                    f"Two different entries carry the id {e.id}; one was set aside.",
                    "Find out which of the two is true and correct the other.",
                    about=e.id,
                )
                for e in self.set_aside
            ),
            *(
                Finding(
                    Level.CAUTION,
                    "record.waiting",
                    f"A correction waits for the entry {e.corrects}.",
                    "Bring the missing entry into the case.",
                    about=e.id,
                )
                for e in self.waiting
            ),
            *(
                Finding(
                    Level.CAUTION,
                    "record.cannot_correct",
                    f"A {e.kind} cannot correct the entry {e.corrects}.",
                    "Write the correction again, of the same kind as the entry.",
                    about=e.id,
                )
                for e in self.refused
            ),
        )


def fold(entries: Iterable[Entry]) -> Case:
    """Fold entries into the case, whatever the order in which they came.

    Parameters
    ----------
    entries : iterable of Entry
        In any order, with repeats.

    Returns
    -------
    Case
        The same for every order.

    References
    ----------
    .. [1] The design of this library, "The record is a log".
    """
    unique, set_aside = _deduplicated(entries)
    targets: dict[str, list[Entry]] = defaultdict(list)
    waiting, refused = [], []
    for entry in unique.values():
        if not entry.corrects:
            continue
        root, missing = _root(entry, unique)
        if missing:
            waiting.append(entry)
        elif root is None:
            refused.append(entry)
        else:
            targets[root.id].append(entry)
    history = {
        root: (unique[root], *sorted(said, key=lambda e: (e.recorded, e.id)))
        for root, said in sorted(targets.items())
    }
    standing = [history.get(e.id, (e,))[-1] for e in unique.values() if not e.corrects]
    return Case(
        entries=tuple(sorted(standing, key=lambda e: (e.happened, e.id))),
        history=history,
        waiting=tuple(sorted(waiting, key=lambda e: e.id)),
        set_aside=tuple(sorted(set_aside, key=_content)),
        refused=tuple(sorted(refused, key=lambda e: e.id)),
    )


def _content(entry: Entry) -> str:
    return json.dumps(asdict(entry), sort_keys=True)


def _deduplicated(
    entries: Iterable[Entry],
) -> tuple[dict[str, Entry], list[Entry]]:
    """One entry for each id; which of two contents stays is independent of order."""
    by_id: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_id[entry.id].append(entry)
    unique: dict[str, Entry] = {}
    aside: list[Entry] = []
    for identity, versions in by_id.items():
        first, *others = versions
        if others:
            # Only an id that came twice has its contents compared.
            distinct = {_content(version): version for version in versions}
            order = sorted(distinct.items(), key=lambda v: (v[1].recorded, v[0]))
            first, *others = (version for _, version in order)
        unique[identity] = first
        aside.extend(others)
    return unique, aside


def _root(entry: Entry, unique: dict[str, Entry]) -> tuple[Entry | None, bool]:
    """Follow corrections to the entry that started it; True if one is missing."""
    seen = {entry.id}
    while entry.corrects:
        target = unique.get(entry.corrects)
        if target is None:
            return None, True
        if target.id in seen or target.kind != entry.kind:
            return None, False
        seen.add(target.id)
        entry = target
    return entry, False

"""Entries that people hand in: each kind is read before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from callotasis.casework import confirmation_of, signed_devices
from callotasis.complications import complication_of, end_of_treatment
from callotasis.emergency import emergency_of
from callotasis.errors import RecordRefusal, Refusal
from callotasis.followup import (
    Sign,
    exam_of,
    felt_of,
    film_read_of,
    permission_of,
    silence_of,
    turned_of,
)
from callotasis.followup.turned import CLOCKS_DIFFER
from callotasis.instruments import answers_of
from callotasis.record import Case, CaseFolder, Entry
from callotasis.rehabilitation import practised_of, walk_of
from callotasis.surgery import check_planned, surgery_of

DECIDES = ("silences", "confirms", "allows", "ends_treatment", "answers")
"""Keys of which a decision has one: they say what is decided."""


def _decided(entry: Entry) -> None:
    if not any(key in entry.body for key in DECIDES):
        raise RecordRefusal(
            f"a decision decides nothing; needed is one of {', '.join(DECIDES)}"
        )
    silence_of(entry)
    confirmation_of(entry)
    permission_of(entry)
    end_of_treatment(entry)


READERS: Mapping[str, Callable[[Entry], object]] = {
    "surgery": surgery_of,
    "turn": turned_of,
    "exam": exam_of,
    "measurement": film_read_of,
    "symptom": felt_of,
    "questionnaire": answers_of,
    "complication": complication_of,
    "exercise": practised_of,
    "gait": walk_of,
    "decision": _decided,
    "case": emergency_of,
}
"""Reads the body of an entry; kinds that only this library writes are not here."""

ALWAYS_READ = frozenset({"surgery", "turn"})
"""Kinds that are refused, whoever hands them in, if they cannot be read."""

MADE_BY = {
    "plan": "callotasis plan",
    "prescription": "callotasis case adapt",
    "signature": "callotasis case sign",
}
"""Kinds that bind people, each with the command that alone makes it."""

HAPPENED = frozenset({*READERS} - {"decision", "case"})
"""Kinds that speak of what has happened: none of it lies in the future."""


def readable(case: Case) -> tuple[Case, tuple[tuple[Entry, str], ...]]:
    """Set entries aside that cannot be read, so that all others are still heard.

    Parameters
    ----------
    case : Case
        The folded record; another program may have written into it.

    Returns
    -------
    tuple of (Case, tuple of (Entry, str))
        The case without them, and each of them with the reason.

    References
    ----------
    .. [1] One bad entry must not silence a red flag.
    """
    good: list[Entry] = []
    bad: list[tuple[Entry, str]] = []
    for entry in case.entries:
        heard, reason = heard_of(entry)
        if reason:
            bad.append((entry, reason))
        if heard is not None:
            good.append(heard)
    return replace(case, entries=tuple(good)), tuple(bad)


def heard_of(entry: Entry) -> tuple[Entry | None, str]:
    """Take of an entry what can be read, and say why the rest cannot.

    Parameters
    ----------
    entry : Entry
        Of any kind.

    Returns
    -------
    tuple of (Entry or None, str)
        As it is where all can be read; of a symptom the signs that are known; else
        None. The reason is empty where all can be read.

    References
    ----------
    .. [1] A strange word beside it must not silence a red flag.
    """
    reason = refused(entry)
    return (_saved(entry), reason) if reason else (entry, "")


def _saved(entry: Entry) -> Entry | None:
    """Keep the known signs of a symptom that cannot be read as a whole."""
    signs = entry.body.get("signs")
    if entry.kind != "symptom" or not isinstance(signs, list):
        return None
    every = tuple(Sign)  # a list in the place of a sign has no hash
    known = [sign for sign in signs if sign in every]
    saved = replace(entry, body={"signs": known})
    return saved if known and not refused(saved) else None


def refused(entry: Entry) -> str:
    """Say why an entry cannot be read; empty if it can.

    Parameters
    ----------
    entry : Entry
        Of any kind.

    Returns
    -------
    str
        The reason in one sentence.

    References
    ----------
    .. [1] The reader of its kind.
    """
    if entry.kind not in READERS or "destroyed" in entry.body:
        return ""
    try:
        _check_happened(entry)
        READERS[entry.kind](entry)
    except Refusal as refusal:
        return str(refusal)
    return ""


def keep_entry(folder: CaseFolder, entry: Entry, *, whole: bool = False) -> Entry:
    """Keep an entry that somebody hands in, if its body can be read.

    Parameters
    ----------
    folder : CaseFolder
        The case.
    entry : Entry
        What happened.
    whole : bool
        Whether another program wrote it as a whole: then nothing is lost, and what
        cannot be read is kept and flagged, but for a surgery and a turn.

    Returns
    -------
    Entry
        As it was kept: a surgery's entry is about the bone that its body names.

    Raises
    ------
    RecordRefusal
        Before anything is written.
    """
    if entry.kind in MADE_BY:
        raise RecordRefusal(
            f"a {entry.kind} is not handed in: it is made by "
            f"'{MADE_BY[entry.kind]}', which works it out and checks it"
        )
    if not whole or entry.kind in ALWAYS_READ:
        _check_happened(entry)
        READERS.get(entry.kind, _unread)(entry)
    if entry.kind == "surgery":
        surgery = surgery_of(entry)
        check_planned(surgery, signed_devices(folder))
        entry = replace(entry, segment=surgery.segment)
    folder.append(entry)
    return entry


def _unread(entry: Entry) -> None:
    """Let a kind pass that only this library reads."""


def _check_happened(entry: Entry) -> None:
    if entry.kind in HAPPENED and entry.happened - entry.recorded > CLOCKS_DIFFER:
        raise RecordRefusal(
            f"a {entry.kind} happened at {entry.happened_at}, after it was written "
            f"down at {entry.recorded_at}; it is entered once it has happened"
        )

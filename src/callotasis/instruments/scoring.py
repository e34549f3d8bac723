"""Answers added up: totals, bands, what is watched, and since when it is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from callotasis.instruments.answers import Answers, Given, check_answers
from callotasis.instruments.instrument import Better, Instrument
from callotasis.instruments.texts import NO_PACKS, Packs, instrument_of

ITEM_9 = "phq9_9"


@dataclass(frozen=True)
class Score:
    """One sheet of answers, added up.

    Attributes
    ----------
    instrument, title : str
        Key of the questionnaire, and its name.
    total : int or None
        None where an item was left out: nothing is guessed [1].
    highest : int
        Highest total that it has [1].
    band : str
        Name of the total's band; empty without bands or without a total.
    watched : dict of str to int
        Answers that are told beside the total, as far as they were given [1].
    unanswered : tuple of str
        Items that were left out.
    better : Better
        Which end is the better one.
    validated : bool
        Whether others have validated the questionnaire.
    """

    instrument: str
    title: str
    total: int | None
    highest: int
    band: str
    watched: Mapping[str, int]
    unanswered: tuple[str, ...]
    better: Better
    validated: bool

    @property
    def item_9(self) -> int | None:
        """Answer to item 9 of the PHQ-9; None if it was not asked or left out [1]."""
        return self.watched.get(ITEM_9)


def score(answers: Answers, packs: Packs = NO_PACKS) -> Score:
    """Add up one sheet of answers.

    Parameters
    ----------
    answers : Answers
        As they were given.
    packs : dict of str to Pack
        What the site brings, by key.

    Returns
    -------
    Score
        Without a total where an item was left out.

    Raises
    ------
    RecordRefusal
        If an answer is missing, unknown or outside its scale.

    References
    ----------
    .. [1] The questionnaire's own ``source``.

    Examples
    --------
    >>> score(Answers("pain", {"pain": 7})).band
    'severe'
    """
    check_answers(answers, packs)
    known = instrument_of(answers.instrument, packs)
    total = None if answers.unanswered else _total(known, answers.answers)
    return Score(
        instrument=answers.instrument,
        title=known.title,
        total=total,
        highest=known.most,
        band="" if total is None else known.band_of(total),
        watched={i: a for i, a in answers.answers.items() if i in known.watched},
        unanswered=answers.unanswered,
        better=known.better,
        validated=known.validated,
    )


def _total(known: Instrument, answers: Mapping[str, int]) -> int:
    backwards = {*known.reversed}
    return sum(
        known.highest - answers[item] if item in backwards else answers[item]
        for item in known.items
    )


@dataclass(frozen=True)
class Present:
    """How one questionnaire stands, and since when.

    Attributes
    ----------
    last : Score
        The newest sheet.
    on, since : date
        Day of the newest sheet, and first day of the unbroken run of sheets whose band
        (without bands: whose total) is as bad or worse.
    before : Score or None
        The first sheet.
    item_9_since : date or None
        First day of the unbroken run of sheets with item 9 above 0; None if the newest
        answer to it is 0 or there is none.
    segment : str
        Side of which it was asked; empty for the person.
    """

    last: Score
    on: date
    since: date
    before: Score
    item_9_since: date | None
    segment: str = ""


def present(given: Sequence[Given], packs: Packs = NO_PACKS) -> tuple[Present, ...]:
    """Say how each questionnaire stands.

    Parameters
    ----------
    given : sequence of Given
        Every sheet, in order of time.
    packs : dict of str to Pack
        What the site brings, by key.

    Returns
    -------
    tuple of Present
        One for each questionnaire and side that was answered.

    References
    ----------
    .. [1] Bookkeeping.
    """
    sheets: dict[tuple[str, str], list[tuple[date, Score]]] = {}
    for sheet in given:
        key = (sheet.answers.instrument, sheet.segment)
        sheets.setdefault(key, []).append((sheet.on, score(sheet.answers, packs)))
    return tuple(
        _present(segment, dated, instrument_of(key, packs))
        for (key, segment), dated in sheets.items()
    )


def _present(
    segment: str, dated: Sequence[tuple[date, Score]], known: Instrument
) -> Present:
    on, last = dated[-1]
    # A sheet without a total says nothing of the band: it neither starts nor ends it.
    whole = [(day, found) for day, found in dated if found.total is not None]
    reached = _badness(known, whole[-1][1]) if whole else 0
    told = [(day, found) for day, found in dated if found.item_9 is not None]
    return Present(
        last=last,
        on=on,
        since=_run(whole, lambda s: _badness(known, s) >= reached) or on,
        before=dated[0][1],
        item_9_since=_run(told, lambda s: bool(s.item_9)),
        segment=segment,
    )


def _badness(known: Instrument, found: Score) -> int:
    """How bad a total is: its band's place, or without bands the total itself."""
    total = found.total or 0
    if known.bands:
        return sum(total >= band.from_total for band in known.bands)
    return total if known.better is Better.LOW else known.most - total


def _run(
    dated: Sequence[tuple[date, Score]], holds: Callable[[Score], bool]
) -> date | None:
    """First day of the run that still lasts; None if the newest sheet is not in it."""
    since = None
    for day, found in dated:
        since = (since or day) if holds(found) else None
    return since

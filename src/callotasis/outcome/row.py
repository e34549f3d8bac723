"""One outcome as one row of the registry: flat, with days and without names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from callotasis.complications import What
from callotasis.complications.register import UNGRADED
from callotasis.errors import RecordRefusal
from callotasis.outcome.dictionary import (
    Column,
    ColumnKind,
    column_of,
    counted_columns,
    data_dictionary,
    families,
)
from callotasis.outcome.outcome import BeforeAfter, Expected, HealingIndex, Outcome
from callotasis.outcome.pseudonym import check_pseudonym
from callotasis.worlds import Interval

Cell = str | int | float | bool | None
Row = dict[str, Cell]
OLDEST_YEARS = 90  # above it so few live that an age is a name
PYTHON_OF = {
    ColumnKind.TEXT: str,
    ColumnKind.WHOLE: int,
    ColumnKind.NUMBER: float,
    ColumnKind.YES_NO: bool,
}


def row(outcome: Outcome, person: str) -> Row:
    """Write an outcome as one row of the registry.

    Parameters
    ----------
    outcome : Outcome
        What became of one bone.
    person : str
        Pseudonym of the person, as :func:`pseudonym` makes it.

    Returns
    -------
    dict of str to Cell
        Every column of the data dictionary, in its order; None where it is not known.

    Raises
    ------
    RecordRefusal
        If the person is no pseudonym, or the outcome tells what the dictionary does
        not know: nothing is left out in silence.

    References
    ----------
    .. [1] ``dictionary.toml`` of this package.
    """
    check_pseudonym(person)
    _check_known(outcome)
    told: Row = {
        **_facts(outcome, person),
        **_healing(outcome.healing),
        **_measured((*outcome.alignment, *outcome.ranges)),
        **_scored(outcome.scores),
        **_said(outcome.expected),
        **_counts(outcome),
    }
    columns = [column.name for column in data_dictionary()]
    found: Row = {name: told.pop(name, None) for name in columns}
    check_row(found | told)
    return found


def _check_known(outcome: Outcome) -> None:
    known = families()
    for what, parts, allowed in (
        ("alignment or ranges", (*outcome.alignment, *outcome.ranges), known.measured),
        ("scores", outcome.scores, known.scored),
        ("expected", outcome.expected, known.said),
    ):
        names = {family.name for family in allowed}
        strange = sorted({part.name for part in parts} - names)
        if strange:
            raise RecordRefusal(
                f"{what} tell {', '.join(strange)}, which the data dictionary does not "
                f"know; known are {', '.join(sorted(names))}"
            )


def _facts(outcome: Outcome, person: str) -> Row:
    age = outcome.age_years
    return {
        "person": person,
        "bone": str(outcome.segment.bone),
        "side": str(outcome.segment.side),
        "synthetic": outcome.synthetic,
        "age_years": None if age is None else min(age, OLDEST_YEARS),
        "indication": outcome.indication or None,
        "device_kind": str(outcome.kind),
        "device": outcome.device,
        "followed_days": outcome.followed_days,
        "treatment_ended": outcome.ended,
        "planned_gain_mm": float(outcome.planned_gain_mm),
        "gained_verdict": str(outcome.gain.verdict),
        "distraction_ended_day": outcome.milestones.distraction_ended,
        "consolidated_day": outcome.milestones.consolidated,
        "full_weight_bearing_day": outcome.milestones.full_weight_bearing,
        **_ends("gained_mm", outcome.gained_mm),
    }


def _ends(name: str, found: Interval | None) -> Row:
    if found is None:
        return {}
    ends = (("", found.value), ("_low", found.low), ("_high", found.high))
    return {f"{name}{part}": float(number) for part, number in ends}


def _healing(index: HealingIndex | None) -> Row:
    if index is None:
        return {}
    return {
        "healing_from": str(index.start),
        "healing_to": str(index.end),
        "healing_days": index.days,
        **_ends("healing_days_per_cm", index.days_per_cm),
    }


def _measured(parts: tuple[BeforeAfter, ...]) -> Row:
    found: Row = {}
    for part in parts:
        found |= _ends(f"{part.name}_before", part.before)
        found |= _ends(f"{part.name}_after", part.after)
    return found


def _scored(parts: tuple[BeforeAfter, ...]) -> Row:
    return {
        f"{part.name}_{moment}": _whole(part.name, score.value)
        for part in parts
        for moment, score in (("before", part.before), ("after", part.after))
        if score is not None
    }


def _whole(name: str, value: float) -> int:
    if value != int(value):
        raise RecordRefusal(f"score {name} is {value:g}; a total is a whole number")
    return int(value)


def _said(parts: tuple[Expected, ...]) -> Row:
    found: Row = {}
    for part in parts:
        stem = f"expected_{part.name}"
        found |= _ends(stem, part.said)
        found[f"{stem}_level"] = float(part.said.level)
        found[f"{stem}_said_on"] = part.said_on_day
        found[f"{stem}_verdict"] = str(part.verdict)
    return found


def _counts(outcome: Outcome) -> Row:
    counts: Counter[str] = Counter(dict.fromkeys(counted_columns(), 0))
    counts.update(_counted_as(outcome))
    return dict(counts)


def _counted_as(outcome: Outcome) -> Iterator[str]:
    for event, grade in outcome.graded:
        yield "complications"
        if event.complication.resolved_on is None:
            yield "complications_open"
        yield column_of("n", What(event.complication.what))
        yield column_of("black", grade.black.level or UNGRADED)
        yield column_of("paley", grade.paley.level or UNGRADED)


def check_row(found: Mapping[str, Cell]) -> None:
    """Hold a row against the data dictionary.

    Raises
    ------
    RecordRefusal
        If a column is missing, unknown, empty where it must not be, of another kind,
        no number, or a word that is not allowed.
    """
    columns = {column.name: column for column in data_dictionary()}
    if [*found] != [*columns]:
        odd = sorted({*found} ^ {*columns}) or ["their order"]
        raise RecordRefusal(f"row and data dictionary differ in {', '.join(odd)}")
    for name, cell in found.items():
        _check_cell(columns[name], cell)


def _check_cell(column: Column, cell: Cell) -> None:
    name = column.name
    if cell is None:
        if column.required:
            raise RecordRefusal(f"{name} is empty; it is always needed")
        return
    if type(cell) is not PYTHON_OF[column.kind]:
        raise RecordRefusal(f"{name} is {cell!r}; needed is {column.kind}")
    if isinstance(cell, float) and not math.isfinite(cell):
        raise RecordRefusal(f"{name} is {cell}; needed is a finite number")
    if isinstance(cell, str) and not _is_word(cell, column.allowed):
        allowed = ", ".join(column.allowed) or "a word of letters, digits, - and _"
        raise RecordRefusal(f"{name} is '{cell}'; allowed is {allowed}")


def _is_word(text: str, allowed: tuple[str, ...]) -> bool:
    """Open texts are keys: no blank, and nothing that a spreadsheet would work out."""
    if allowed:
        return text in allowed
    return text[:1].isalnum() and text.replace("-", "").replace("_", "").isalnum()

"""The outcome page: one bone, what was expected against what was achieved."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from callotasis import NOTICE, __version__
from callotasis.complications import Event, Grade, Graded, How, scales
from callotasis.evidence import constant
from callotasis.outcome import Outcome
from callotasis.report.outcome_charts import (
    NORMAL,
    all_expected,
    change_chart,
    expected_chart,
    label,
    reading,
    verdict_words,
)
from callotasis.report.style import drawing
from callotasis.report.typeset import check_paper, typeset
from callotasis.wording import dates, tenths

NEVER = "–"


@dataclass(frozen=True)
class OutcomePageOrder:
    """What an outcome page is made from.

    Attributes
    ----------
    outcome : Outcome
        Of one bone.
    case : str
        Name of the case.
    made_on : date
        Printed on every page.
    signed : str
        Who signed and when; empty makes a draft.
    paper : str
        ``a4`` or ``us-letter``.
    """

    outcome: Outcome
    case: str
    made_on: date
    signed: str = ""
    paper: str = "a4"

    def __post_init__(self) -> None:
        check_paper(self.paper)


def outcome_page(order: OutcomePageOrder) -> bytes:
    """Typeset the outcome of one bone.

    Parameters
    ----------
    order : OutcomePageOrder
        Outcome, case and words.

    Returns
    -------
    bytes
        A PDF; DRAFT lies across it until it is signed.
    """
    outcome = order.outcome
    pictures = {"expected.svg": _svg(expected_chart(outcome))}
    if outcome.alignment or outcome.ranges or outcome.scores:
        pictures["changes.svg"] = _svg(change_chart(outcome))
    content = {
        "case": order.case,
        "bone": outcome.segment.words.upper(),
        "letter": outcome.segment.side.value,
        "made_on": dates(order.made_on, order.made_on),
        "version": __version__,
        "notice": NOTICE,
        "draft": not order.signed,
        "signed": order.signed,
        "synthetic": outcome.synthetic,
        "course": course_words(outcome),
        "tiles": tiles(outcome),
        "said": expected_words(outcome),
        "changed": change_words(outcome),
        "events": [event_row(event, grades) for event, grades in outcome.graded],
        "provisional": not outcome.ended,
        "sources": sources(outcome),
    }
    return typeset(
        "outcome.typ", {"content": content}, pictures, order.made_on, order.paper
    )


def course_words(outcome: Outcome) -> str:
    """Device, age, how long it was followed, and whether treatment has ended."""
    parts = [f"{outcome.device} ({outcome.kind})"]
    if outcome.age_years is not None:
        parts.append(f"{outcome.age_years} years old at surgery")
    if outcome.indication:
        parts.append(outcome.indication)
    parts.append(f"followed for {outcome.followed_days} days")
    ended = "treatment has ended" if outcome.ended else "treatment goes on"
    return "; ".join([*parts, ended])


def tiles(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Three tiles: name, number, words beneath."""
    gain, index = outcome.gain, outcome.healing
    healing = ("Healing", NEVER, "not solid yet, or nobody said")
    if (solid := outcome.milestones.consolidated) is not None:
        healing = ("Healing", f"day {solid}", "solid; no index without a gain on film")
    if index is not None:
        healing = (
            index.name.partition(",")[0].capitalize(),
            tenths(index.days_per_cm, " days/cm"),
            f"{index.start} (day {index.start_day}) to {index.end} ({index.end_day})",
        )
    still = sum(e.complication.resolved_on is None for e in outcome.events)
    return [
        (
            "Length gained",
            NEVER if gain.happened is None else reading("gained_mm", gain.happened),
            f"of {outcome.planned_gain_mm:g} mm planned: {verdict_words(gain)}",
        ),
        healing,
        (
            "Complications",
            str(len(outcome.events)),
            f"{still} open" if still else "none open",
        ),
    ]


def expected_words(outcome: Outcome) -> str:
    """The first chart in words, for who cannot see it."""
    return "; ".join(
        f"{label(part.name)}: said {reading(part.name, part.said)}, "
        f"was {reading(part.name, part.happened) if part.happened else NEVER}, "
        f"{verdict_words(part)}"
        for part in all_expected(outcome)
    )


def change_words(outcome: Outcome) -> str:
    """The second chart in words; empty where nothing was measured."""
    return "; ".join(
        f"{label(part.name)}: {reading(part.name, part.before)} before, "
        f"{reading(part.name, part.after)} after"
        for part in (*outcome.alignment, *outcome.ranges, *outcome.scores)
    )


def event_row(event: Event, grades: Graded) -> list[str]:
    """One complication as a row: what, when, what it took, and its gradings."""
    told = event.complication
    graded = (grades.paley, grades.lascombes, grades.black, grades.sink)
    return [
        f"{told.what}: {told.in_words}" if told.in_words else str(told.what),
        dates(told.noticed_on, told.noticed_on),
        dates(told.resolved_on, told.resolved_on) if told.resolved_on else "open",
        str(told.treatment),
        *map(_level, graded),
    ]


def _level(grade: Grade) -> str:
    """A level; a star where it was stated, with what the facts give in brackets."""
    if grade.how is not How.STATED:
        return grade.level or "?"
    return f"{grade.level}* ({grade.by_rule})" if grade.by_rule else f"{grade.level}*"


def sources(outcome: Outcome) -> list[str]:
    """Where forecasts, normal ranges and gradings come from, with their marks."""
    said = [key for part in outcome.expected for key in part.evidence]
    normal = [NORMAL[p.name] for p in outcome.alignment if p.name in NORMAL]
    rows = [constant(key) for key in dict.fromkeys([*said, *normal])]
    shown = [scales()[n] for n in ("paley", "lascombes", "black", "sink")]
    return [
        *(f"{row.statement}: {row.source} [{row.mark}]" for row in rows),
        *(f"{s.name}: {s.source} [{s.mark}]" for s in shown if outcome.events),
    ]


def _svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    with drawing():
        figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    return out.getvalue()

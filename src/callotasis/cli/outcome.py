"""``callotasis outcome``: what became of each bone, its page, and its registry row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from callotasis.cli.terminal import say, show_table, write_files
from callotasis.errors import RecordRefusal
from callotasis.exchange import as_json
from callotasis.outcome import (
    Outcome,
    Row,
    as_csv,
    as_parquet,
    dictionary_csv,
    pseudonym,
    row,
)
from callotasis.report import ready_folder
from callotasis.report.outcome_charts import (
    all_expected,
    label,
    reading,
    verdict_words,
)
from callotasis.report.outcome_page import OutcomePageOrder, outcome_page

HEAD = ("", "said", "was", "")
REGISTRY = frozenset({"registry.csv", "registry.parquet", "dictionary.csv"})


@dataclass(frozen=True)
class OutcomeWishes:
    """What is to be written, and in whose name.

    Attributes
    ----------
    out : Path
        Folder of the files.
    made_on : date
        Printed on every page.
    key : Path or None
        File with the clinic's secret; without it no registry row is written.
    parquet : bool
        Whether the registry is written as Parquet too.
    signed, paper : str
        As the page takes them.
    """

    out: Path
    made_on: date
    key: Path | None = None
    parquet: bool = False
    signed: str = ""
    paper: str = "a4"


def run_outcome(
    case: str,
    outcomes: Sequence[Outcome],
    wishes: OutcomeWishes | None = None,
    *,
    json: bool,
) -> None:
    """Say what became of each bone; with wishes, write pages and registry."""
    files = {} if wishes is None else _written(case, outcomes, wishes)
    if json:
        say(as_json(_document(outcomes, files)))
        return
    for outcome in outcomes:
        show_outcome(outcome)
    for path in files.values():
        say(f"written: {path}")


def show_outcome(outcome: Outcome) -> None:
    """Print one bone for people: what was said against what happened."""
    rows = (
        (
            label(part.name),
            reading(part.name, part.said),
            reading(part.name, part.happened) if part.happened else "–",
            verdict_words(part),
        )
        for part in all_expected(outcome)
    )
    show_table(f"{outcome.segment.words}: outcome", HEAD, rows)
    if outcome.healing is not None:
        per_cm = outcome.healing.days_per_cm
        say(
            f"{outcome.healing.name}: {per_cm.value:.1f} days/cm "
            f"({per_cm.low:.1f} to {per_cm.high:.1f})"
        )
    for event, grades in outcome.graded:
        paley = grades.paley.level or "?"
        say(f"complication: {event.complication.what}, Paley {paley}")


def _document(outcomes: Sequence[Outcome], files: dict[str, Path]) -> dict[str, object]:
    segments = {
        str(outcome.segment): {
            "planned_gain_mm": outcome.planned_gain_mm,
            "gained_mm": outcome.gained_mm,
            "healing": _healing(outcome),
            "expected": [
                {
                    "name": part.name,
                    "said": part.said,
                    "happened": part.happened,
                    "verdict": part.verdict,
                    "evidence": part.evidence,
                }
                for part in all_expected(outcome)
            ],
            "before_after": (*outcome.alignment, *outcome.ranges, *outcome.scores),
            "complications": [
                {"what": event.complication, "gradings": grades}
                for event, grades in outcome.graded
            ],
            "ended": outcome.ended,
            "synthetic": outcome.synthetic,
        }
        for outcome in outcomes
    }
    written = {name: str(path) for name, path in files.items()}
    return {"segments": segments, **({"files": written} if files else {})}


def _healing(outcome: Outcome) -> dict[str, object] | None:
    index = outcome.healing
    if index is None:
        return None
    return {
        "name": index.name,
        "from": index.start,
        "from_day": index.start_day,
        "to": index.end,
        "to_day": index.end_day,
        "days_per_cm": index.days_per_cm,
    }


def _written(
    case: str, outcomes: Sequence[Outcome], wishes: OutcomeWishes
) -> dict[str, Path]:
    """Write all files or none: everything is worked out before the first byte."""
    files = {
        f"outcome-{outcome.segment}.pdf": outcome_page(
            OutcomePageOrder(outcome, case, wishes.made_on, wishes.signed, wishes.paper)
        )
        for outcome in outcomes
    }
    if wishes.key is not None:
        person = pseudonym(case, _secret(wishes.key))
        rows = [row(outcome, person) for outcome in outcomes]
        files |= registry_files(rows, parquet=wishes.parquet)
    ready_folder(wishes.out)
    paths = {name: wishes.out / name for name in files}
    write_files({paths[name]: data for name, data in files.items()})
    for name in REGISTRY - {*files}:
        (wishes.out / name).unlink(missing_ok=True)  # no registry of an earlier run
    return paths


def registry_files(rows: Sequence[Row], *, parquet: bool) -> dict[str, bytes]:
    """The registry with its dictionary, by name of the file.

    Raises
    ------
    RecordRefusal
        If a row does not agree with the dictionary, or pyarrow is not installed.
    """
    files = {"registry.csv": as_csv(rows), "dictionary.csv": dictionary_csv()}
    return files | ({"registry.parquet": as_parquet(rows)} if parquet else {})


def _secret(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise RecordRefusal(f"key {path} cannot be read: {error.strerror}") from None

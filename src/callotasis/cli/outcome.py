"""``callotasis outcome``: what became of each bone, its page, and its registry row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from callotasis.cli.follow import day_or_date
from callotasis.cli.terminal import say, show_table, write_files
from callotasis.errors import RecordRefusal
from callotasis.exchange import as_json
from callotasis.following import is_synthetic
from callotasis.outcome import Outcome
from callotasis.outcomes import (
    OutcomeWishes,
    end_of_treatment_by,
    outcome_files,
    outcomes_of,
)
from callotasis.record import CaseFolder
from callotasis.report import ready_folder
from callotasis.report.outcome_charts import (
    all_expected,
    label,
    reading,
    verdict_words,
)
from callotasis.wording import tenths


@dataclass(frozen=True)
class OutcomeFiles:
    """Where files go, as it was typed.

    Attributes
    ----------
    out : Path
        Folder of the files.
    key : Path or None
        File with the clinic's secret; without it no registry row is written.
    parquet : bool
        Whether the registry is written as Parquet too.
    paper : str
        ``a4`` or ``us-letter``.
    """

    out: Path
    key: Path | None
    parquet: bool
    paper: str

    def write(self, folder: CaseFolder, outcomes: Sequence[Outcome]) -> dict[str, Path]:
        """Write all files or none: everything is worked out before the first byte."""
        wishes = OutcomeWishes(
            made_on=datetime.now().astimezone().date(),
            key=None if self.key is None else _secret(self.key),
            parquet=self.parquet,
            signed=end_of_treatment_by(folder.case()),
            paper=self.paper,
        )
        files = outcome_files(folder.name, outcomes, wishes)
        ready_folder(self.out)
        paths = {name: self.out / name for name in files}
        write_files({paths[name]: data for name, data in files.items()})
        for name in REGISTRY - {*files}:
            (self.out / name).unlink(missing_ok=True)  # no registry of an earlier run
        return paths


HEAD = ("", "said", "was", "")
REGISTRY = frozenset({"registry.csv", "registry.parquet", "dictionary.csv"})


def run_outcome(
    case: Path, as_of: str | None, wanted: OutcomeFiles | None, *, json: bool
) -> None:
    """Say what became of each bone; write pages and registry where they are wanted."""
    folder = CaseFolder(case)
    outcomes = outcomes_of(
        folder,
        None if as_of is None else day_or_date(as_of),
        synthetic=is_synthetic(folder),
    )
    files = {} if wanted is None else wanted.write(folder, outcomes)
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
        say(f"{outcome.healing.name}: {tenths(per_cm, ' days/cm')}")
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


def _secret(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise RecordRefusal(f"key {path} cannot be read: {error.strerror}") from None

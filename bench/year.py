"""How long a year of 2,000 entries takes to be read, folded and judged.

python bench/year.py [--entries 2000] [--repeat 7]

A synthetic year of one femur: turns of two phones, weekly exams, films, symptoms and
questionnaires. The floor is what cannot be left out: reading the file and its JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from callotasis.courses import look_at
from callotasis.distraction import Protocol, prescribe
from callotasis.followed import standing_of
from callotasis.pose import Segment
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.record.folder import LOG
from callotasis.signatures import SIGNED, Signed

CASE, BONE, SURGERY_ON = "synthetic year", Segment.parse("R.femur"), date(2027, 1, 11)
HOME = timezone(timedelta(hours=1))
YEAR = 365


def at(day: float) -> datetime:
    """A moment of a day since surgery."""
    start = datetime(SURGERY_ON.year, SURGERY_ON.month, SURGERY_ON.day, tzinfo=HOME)
    return start + timedelta(days=day)


def entry(kind: str, body: dict[str, object], day: float, about: str) -> Entry:
    """Write something down when it happened."""
    made = new_entry(CASE, kind, "Dora", body, segment=about, happened_at=at(day))
    return Entry(**{**vars(made), "recorded_at": made.happened_at})


def year(folder: Path, count: int) -> CaseFolder:
    """Fill a case with so many entries."""
    case = CaseFolder.create(folder, CASE, "Ada")
    plan = prescribe(BONE, "example-nail", 60.0, Protocol(7, 1.0, 4, ()), SURGERY_ON)
    signed = Signed(
        "",
        {str(BONE): plan},
        {str(BONE): "antegrade"},
        cut_mm={str(BONE): 138.0},
        length_mm={str(BONE): 430.0},
    )
    case.append(
        new_entry(
            CASE,
            "signature",
            "Ada",
            SIGNED.dump_python(signed, mode="json"),
            happened_at=at(-30),
        )
    )
    turns = [
        entry("turn", {"turned_mm": t.turn_mm}, t.day + 0.1 * (k % 4), str(BONE))
        for k, t in enumerate(plan.turns)
    ]
    exams = [
        entry(
            "exam",
            {"ranges": {"knee_flexion_deg": float(140 - min(w, 8) * 8)}},
            7.0 * w - 7,
            "R",
        )
        for w in range(53)
    ]
    films = [
        entry(
            "measurement",
            {"of": "nail", "measured_mm": 30.0 + min(7.0 * w, 60.0), "sd_mm": 0.5},
            7.0 * w + 7,
            str(BONE),
        )
        for w in range(26)
    ]
    answers = [
        entry(
            "questionnaire",
            {"instrument": "pain", "answers": {"pain": d % 4}},
            float(d),
            "",
        )
        for d in range(YEAR)
    ]
    some = [*turns, *exams, *films, *answers]
    felt = [
        entry("symptom", {"pain": k % 5}, k * YEAR / (count - len(some)), "R")
        for k in range(count - len(some) - 2)
    ]
    case.append(*some, *felt)
    return case


def best(repeat: int, work: Callable[[], object]) -> float:
    """Shortest of several runs [s]."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = year(Path(scratch) / "case", asked.entries).path
        lines = (path / LOG).read_text("utf-8").splitlines()
        floor = best(asked.repeat, lambda: [json.loads(line) for line in lines])
        read = best(asked.repeat, lambda: CaseFolder(path).case())
        looked = best(asked.repeat, lambda: look_at(CaseFolder(path), YEAR))
        known = look_at(CaseFolder(path), YEAR)
        judged = best(asked.repeat, lambda: standing_of(known))
    print(f"| {len(lines)} entries, synthetic | s | times the floor |\n|---|---|---|")
    for name, seconds in (
        ("floor: parse the lines", floor),
        ("open, check the chain, fold", read),
        ("the same, and gather the course", looked),
        ("judge", judged),
        ("all", looked + judged),
    ):
        print(f"| {name} | {seconds:.3f} | {seconds / floor:.1f} |")


if __name__ == "__main__":
    main()

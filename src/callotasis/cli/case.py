"""``callotasis case new|add|show|sign``."""

from __future__ import annotations

import json as json_library
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path

from callotasis.adapting import binding_turns, open_draft, sign_draft
from callotasis.case_films import add_film
from callotasis.casework import sign_plan
from callotasis.cli.terminal import (
    json_file,
    moment,
    say,
    show_findings,
    show_table,
    step,
    tell,
)
from callotasis.emergency import checked_number, emergency_number
from callotasis.entered import heard_of, keep_entry
from callotasis.errors import RecordRefusal
from callotasis.exchange import plain
from callotasis.followup.rules import EMERGENCY_UNSAID
from callotasis.radiograph import FilmNotes
from callotasis.record import CaseFolder, Entry, entry_from, new_entry
from callotasis.red_flags import answers_at_once, whom_to_call
from callotasis.report import write_turns


def run_new(path: Path, name: str, *, by: str, emergency: str = "") -> None:
    """Start a case."""
    CaseFolder.create(path, name, by, checked_number(emergency))
    say(f"case '{name}' started in {path}")
    if not emergency:
        tell(
            "no emergency number is written in it yet; a red flag must name one: case "
            """add --kind case --json - <<< '{"emergency": "112"}'"""
        )


def run_add_film(
    path: Path, film: Path, landmarks: Path, notes: FilmNotes, *, by: str
) -> None:
    """Keep a film with its landmarks."""
    with step("reading the film"):
        entries = add_film(CaseFolder(path), film, landmarks, notes, by)
    for entry in entries:
        say(f"{entry.kind} kept as {entry.id}")


def run_add_entry(
    path: Path, file: Path, *, by: str | None, kind: str | None = None
) -> None:
    """Keep any entry; what the file leaves out is filled in."""
    raw = json_file(file)
    if not isinstance(raw, dict):
        raise RecordRefusal(f"{file.name} holds no entry; needed is an object")
    if kind is not None:
        raw = _around(raw, kind)
    author = by or str(raw.get("author", ""))
    folder = CaseFolder(path)
    said = raw.get("happened_at")
    at = None if said is None else moment(str(said), "happened_at")
    fresh = new_entry(folder.name, str(raw.get("kind", "")), author, {}, happened_at=at)
    given = entry_from({**asdict(fresh), **raw, "author": author})
    entry = keep_entry(folder, given, whole=kind is None)
    say(f"{entry.kind} kept as {entry.id}")
    heard, unread = heard_of(entry)
    if unread:
        tell(f"kept, and not counted: {unread}")
    if heard is not None and heard.kind in {"symptom", "questionnaire", "exam"}:
        _answer(folder, heard)


def _answer(folder: CaseFolder, entry: Entry) -> None:
    """Say at once what to do now, whom to call, and the emergency number."""
    urgent = answers_at_once(folder, entry)
    show_findings(urgent)
    for contact in whom_to_call(entry):
        say(f"{contact.who}, {contact.within}: {contact.why}")
    if urgent:
        number = emergency_number(folder.case())
        say(f"In an emergency call {number or EMERGENCY_UNSAID}.")


def _around(raw: dict[str, object], kind: str) -> dict[str, object]:
    """Put an entry of this kind around a body; what is an entry's own is taken out."""
    if raw.get("kind", kind) != kind:
        raise RecordRefusal(f"--kind is {kind} and the entry says {raw['kind']}")
    if "body" in raw:
        return {**raw, "kind": kind}
    own = {field.name for field in fields(Entry)}
    if kind == "surgery":
        own -= {"segment"}  # the body of a surgery names its bone itself
    entry = {name: value for name, value in raw.items() if name in own}
    body = {name: value for name, value in raw.items() if name not in own}
    return {**entry, "kind": kind, "body": body}


def run_show(path: Path, *, json: bool) -> None:
    """Say what a case holds."""
    folder = CaseFolder(path)
    case = folder.case()
    findings = (*folder.findings, *case.findings)
    if json:
        document = {
            "case": folder.name,
            "entries": [asdict(e) for e in case.entries],
            "corrected": {
                root: [asdict(e) for e in said] for root, said in case.history.items()
            },
            "findings": plain(findings),
        }
        # Bodies as they were written: the record is shown, not rounded.
        say(json_library.dumps(document, indent=2, ensure_ascii=False))
        return
    rows = [
        (e.happened_at[:16].replace("T", " "), e.kind, e.segment, e.author, e.id)
        for e in case.entries
    ]
    show_table(f"Case {folder.name}", ("happened", "kind", "segment", "by", "id"), rows)
    if case.history:
        say(f"{len(case.history)} entries were corrected; all versions are kept.")
    show_findings(findings)


def run_sign(path: Path, out: Path | None, *, by: str) -> None:
    """Sign what waits: a changed prescription, else the newest plan."""
    folder, report = CaseFolder(path), out or path / "report"
    draft = open_draft(folder.case())
    if draft is not None:
        entry = sign_draft(folder, draft, by)
        asked, gone = binding_turns(folder)
        today = datetime.now().astimezone().date()
        write_turns(report, folder.name, asked, gone, until=today)
        say(
            f"changed prescription {entry.body['signs']} of {draft.segment} signed by "
            f"{by}; turns: {report / 'turns.ics'}"
        )
        return
    with step("working the plan out again"):
        entry, written = sign_plan(folder, by, report)
    say(f"plan {entry.body['signs']} signed by {by}; report: {written.html}")

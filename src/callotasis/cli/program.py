"""``callotasis frame program``: a strut table, its doubt, pictures and strut sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from callotasis.cli.frame import read_file, show_schedule
from callotasis.cli.plan import today
from callotasis.cli.terminal import (
    numbers_by_name,
    say,
    show_findings,
    show_table,
    step,
    write_files,
)
from callotasis.errors import FrameRefusal
from callotasis.exchange import as_json, plain
from callotasis.fixation.hexapod import Program, ProgramOrder, programmed
from callotasis.report import ready_folder
from callotasis.report.frame_files import FRAME_FILES, SheetWishes, frame_files
from callotasis.report.typeset import check_paper
from callotasis.wording import tenth


def run_program(
    path: Path,
    out: Path | None,
    wishes: SheetWishes | None,
    scale_offset: list[str],
    *,
    json: bool,
) -> None:
    """A strut table from what was read on a leg, and how wrong it may be."""
    order = read_file(path, ProgramOrder)
    said = numbers_by_name(scale_offset, "scale offset")
    order = replace(order, scale_offset_mm={**order.scale_offset_mm, **said})
    with step("working out the program", quiet=json):
        made = programmed(order)
    files: dict[str, str] = {}
    if out is not None:
        with step("drawing", quiet=json):
            files = _write(out, frame_files(made, order, wishes))
    if json:
        written = {"draft": True, "files": files} if files else {}
        say(as_json({**_plain(made.program), **written}, fine=True))
        return
    _show_program(made.program, files)


def _plain(program: Program) -> dict[str, object]:
    found = plain(program, fine=True)
    return found if isinstance(found, dict) else {}


def _write(out: Path, parts: dict[str, bytes]) -> dict[str, str]:
    """All files or none, in a folder of their own; no sheet of an earlier program."""
    ready_folder(out)
    for path in (out / name for name in FRAME_FILES if name not in parts):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FrameRefusal(f"{path} cannot be removed: {error.strerror}") from None
    write_files({out / name: data for name, data in parts.items()})
    return {KEYS[name]: str(out / name) for name in parts}


KEYS = {
    "program.json": "program",
    "frame.png": "frame",
    "path.png": "path",
    "struts.png": "chart",
    "struts.pdf": "strut_sheet",
}


def sheet_wishes(
    first_day: str | None, case: str | None, call: str | None, paper: str
) -> SheetWishes | None:
    """What a strut sheet needs: all of it or nothing.

    Raises
    ------
    FrameRefusal
        With what is missing, where something was said; or if a day is none.
    PlanRefusal
        If the paper is unknown.
    """
    check_paper(paper)
    given = {"--first-day": first_day, "--case": case, "--call": call}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return None
    if first_day is None or case is None or call is None:
        raise FrameRefusal(
            f"a strut sheet needs {', '.join(given)} and a scale offset of each size; "
            f"missing: {', '.join(missing)}"
        )
    return SheetWishes(_day(first_day), case, call, today(), paper)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise FrameRefusal(
            f"first day is '{text:.40}'; needed is a day as YYYY-MM-DD"
        ) from None


def _show_program(program: Program, files: dict[str, str]) -> None:
    show_schedule(program.schedule)
    _show_doubt(program)
    show_findings(program.findings)
    for path in files.values():
        say(f"Written: {path}")
    if files and KEYS["struts.pdf"] not in files:
        say(
            "No strut sheet: it needs --first-day, --case, --call and a scale offset "
            "of each size."
        )
    elif files:
        say("The strut sheet is a DRAFT to look at: nobody turns by it.")


def _show_doubt(program: Program) -> None:
    doubt = program.doubt
    rows = []
    for name, left in doubt.residual.items():
        what, unit = name.rsplit("_", 1)
        rows.append(
            [
                what.replace("_", " "),
                f"{tenth(left.low)} to {tenth(left.high)} {UNITS[unit]}",
            ]
        )
    show_table("What may be left, 95 % intervals", ("", "from, to"), rows)
    say(
        f"Angulation up to {tenth(doubt.residual_angulation_deg.high)}°, shift up to "
        f"{tenth(doubt.residual_shift_mm.high)} mm; chance of a second program "
        f"{doubt.chance_of_second_program:.0%}."
    )
    worst = doubt.read_again[0]
    say(
        f"Read again first: {worst.reading} ({worst.share:.0%} of the scatter). Read "
        f"once more, the chance is {program.chance_if_read_again:.0%}."
    )


UNITS = {"mm": "mm", "deg": "°"}

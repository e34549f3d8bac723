"""What people see: tables and findings on standard error or output, and progress."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from callotasis.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from callotasis.findings import Finding

PIPE_WIDTH = 200
COLOURS = {"note": "dim", "caution": "yellow", "stop": "bold red"}
SHAPES = {"note": "●", "caution": "▲", "stop": "■"}


def say(text: str = "") -> None:
    """Print a line of result on standard output."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """Print a message on standard error."""
    sys.stderr.write(f"{text}\n")


@contextmanager
def step(text: str, *, quiet: bool = False) -> Iterator[None]:
    """Show a spinner while something takes a while; nothing where nobody looks."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield
        return
    with console.status(text):
        yield


def show_table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Text, not markup: a name in brackets is a name.
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False)
    for name in head:
        # An id is copied whole; everything else may fold.
        table.add_column(Text(name), overflow="fold", no_wrap=name == "id")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH  # nothing folds on its way to another program
    console.print(table)


def show_findings(findings: Iterable[Finding]) -> None:
    """Print findings with word, shape and colour."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for finding in findings:
        colour = COLOURS[finding.level]
        line = Text(f"{SHAPES[finding.level]} {finding.level}: ", style=colour)
        line.append(f"{finding.sentence} {finding.action}", style="default")
        console.print(line)


def write_files(files: dict[Path, bytes]) -> None:
    """Write files that were worked out in full: all of them appear, or none.

    Raises
    ------
    Refusal
        If one cannot be written.
    """
    drafts = {path: path.with_name(f".{path.name}.part") for path in files}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            drafts[path].write_bytes(data)
            if path.is_dir():
                raise Refusal(f"{path} cannot be written: it is a folder")
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}") from None
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def json_file(path: Path) -> object:
    """Read a JSON file that came from outside; ``-`` is standard input.

    Raises
    ------
    Refusal
        If it cannot be read, is no JSON, or says one thing twice.
    """
    import json

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise Refusal(f"{path.name} says '{twice:.40}' twice; which one is meant?")
        return found

    try:
        text = sys.stdin.read() if path == Path("-") else path.read_text("utf-8")
        return json.loads(text, object_pairs_hook=once)
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path.name} is no JSON: {error}") from None


def by_name(pairs: Iterable[str], what: str) -> dict[str, str]:
    """Split ``NAME=VALUE`` options.

    Raises
    ------
    Refusal
        If one has no equals sign, or a name comes twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise Refusal(f"{what} is '{pair}'; needed is NAME=VALUE")
        if name in found:
            raise Refusal(f"{what} names {name} twice")
        found[name] = value
    return found


def numbers_by_name(pairs: Iterable[str], what: str) -> dict[str, float]:
    """Split ``NAME=NUMBER`` options.

    Raises
    ------
    Refusal
        If a value is no finite number.
    """
    return {
        name: number(text, f"{what} {name}")
        for name, text in by_name(pairs, what).items()
    }


def moment(text: str, what: str) -> datetime:
    """Read an ISO 8601 time.

    Raises
    ------
    Refusal
        If it is none.
    """
    from datetime import datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{what} is '{text:.40}': it is no ISO 8601 time") from None


def number(text: str, what: str) -> float:
    """Read a finite number.

    Raises
    ------
    Refusal
        If it is none.
    """
    import math

    try:
        value = float(text)
    except ValueError:
        raise Refusal(f"{what} is '{text}'; a number is needed") from None
    if not math.isfinite(value):
        raise Refusal(f"{what} is '{text}'; must be finite")
    return value

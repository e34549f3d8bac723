"""The command line, called as a person would, inside this process."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from callotasis.cli.app import main


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out, parse_constant=_no_number)


def _no_number(word: str) -> None:
    raise AssertionError(f"{word} in what was printed")


def callotasis(*words: object) -> Outcome:
    """Run ``callotasis`` with these words; anything but an exit is a fault."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["callotasis", *map(str, words)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code: object = 0
        except SystemExit as left:
            code = left.code
    number = 0 if code is None else code
    assert isinstance(number, int), f"left with {code!r}"
    return Outcome(number, out.getvalue(), err.getvalue())


def refused(*words: object) -> str:
    """Run a command that must be refused; return the one line that says why."""
    outcome = callotasis(*words)
    assert outcome.code == 1, outcome
    assert outcome.out == ""
    assert outcome.err.endswith("\n")
    lines = outcome.err.splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("callotasis: refused: ")
    return lines[0]


def printed(*words: object) -> Any:
    """Run a command that must print one JSON document; return the document."""
    outcome = callotasis(*words)
    assert outcome.code == 0, outcome.err
    return outcome.document

"""The whole command line: exit codes, one line for a refusal, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from callotasis import __version__
from callotasis.errors import Refusal
from callotasis.record import CaseFolder
from callotasis.report import Report
from commands import callotasis, refused
from dora import SPEC, Files, clicks, open_case

ROOT = Path(__file__).parents[2]
COMMANDS = ("case", "demo", "evidence", "film", "measure", "plan", "schema")
BELOW = {"film": ("make", "info"), "case": ("new", "add", "show", "sign")}
HEAVY = ("matplotlib", "numba", "numpy", "pydantic", "pydicom", "scipy", "typst")


def in_a_shell(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a new process that sees this package only."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


# As a process.


def test_help_is_given_without_loading_what_only_the_work_needs() -> None:
    late = (
        "import atexit, sys\n"
        "from callotasis.cli import main\n"
        f"loaded = lambda: [m for m in {HEAVY!r} if m in sys.modules]\n"
        "atexit.register(lambda: sys.stderr.write(' '.join(loaded())))\n"
        "main()"
    )
    ran = in_a_shell(late, "--help")
    assert ran.returncode == 0
    assert all(command in ran.stdout for command in COMMANDS)
    assert "not a medical device" in " ".join(ran.stdout.split())
    assert ran.stderr == ""


def test_a_refusal_ends_a_process_with_one_line_and_exit_code_1() -> None:
    ran = in_a_shell("from callotasis.cli import main; main()", "schema", "nothing")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("callotasis: refused: schema 'nothing' is unknown")
    assert ran.stderr.count("\n") == 1


# Help and version.


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_is_named_in_the_help(option: str) -> None:
    outcome = callotasis(option)
    assert outcome.code == 0
    assert all(command in outcome.out for command in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [(c,) for c in COMMANDS] + [(c, sub) for c, subs in BELOW.items() for sub in subs],
    ids=" ".join,
)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    outcome = callotasis(*words, "--help")
    assert outcome.code == 0
    assert "Usage" in outcome.out
    assert outcome.err == ""


def test_the_version_is_that_of_the_package() -> None:
    outcome = callotasis("--version")
    assert (outcome.code, outcome.out) == (0, f"callotasis {__version__}\n")


# Wrong usage.


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["lengthen"], id="no such command"),
        pytest.param(["film", "develop"], id="no such command below"),
        pytest.param(["measure"], id="no film"),
        pytest.param(["measure", "film.dcm"], id="no landmarks"),
        pytest.param(
            ["measure", "film.dcm", "--landmarks", "l.json", "--ball-mm", "big"],
            id="no number",
        ),
        pytest.param(["evidence", "--loudly"], id="no such option"),
        pytest.param(["case", "new", "here"], id="no name"),
        pytest.param(["case", "new", "here", "--name", "Dora"], id="no author"),
        pytest.param(["case", "add", "here", "--by", "Ada"], id="nothing to add"),
        pytest.param(["plan"], id="no case"),
        pytest.param(["schema", "order", "entry"], id="too many words"),
        pytest.param(["film", "make"], id="no specification"),
    ],
)
def test_wrong_usage_ends_with_exit_code_2_and_prints_no_result(
    words: list[str],
) -> None:
    outcome = callotasis(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err


# Refusals.


def test_a_refusal_is_one_line_whatever_its_message_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Refusal("first\nsecond\r\n\tthird")

    monkeypatch.setattr("callotasis.cli.evidence.run_evidence", refuse)
    assert refused("evidence") == "callotasis: refused: first second third"


def test_what_is_no_refusal_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("callotasis.cli.evidence.run_evidence", fail)
    with pytest.raises(ZeroDivisionError):
        callotasis("evidence")


# Whatever is typed, whatever lies in a file.

NASTY = (
    "",
    " ",
    "-",
    "0",
    "-0",
    "-1",
    "7",
    "1.5",
    "nan",
    "-inf",
    "1e400",
    "9" * 40,
    "R.femur",
    "R.femur=",
    "=5",
    "R.femur=nan",
    "R.femur=1e400",
    "R.femur=-5",
    "R.femur=0",
    "R.femur=1e300",
    "L.tibia=5=6",
    "X.femur=1",
    "R.hip=120",
    "R=40",
    "R=-1",
    "L=1e9",
    "1,2",
    "1,",
    ",",
    "nan,nan",
    "9e99,1",
    "2027-02-30",
    "9999-12-31",
    "0001-01-01",
    "1e9",
    "mature",
    "R.femur=example-nail",
    "R.femur=precice",
    "R.femur=cut",
    "L.tibia=both",
    "é",
    "\udcff",
    "[/red]",
    "[bold]",
    "{}",
    "null",
    "a" * 300,
    "\t\n",
    "%s%n",
    "patient",
    "landmarks.hip_centre",
)
nasty = st.sampled_from(NASTY)

MEASURE_OPTIONS = (
    "--ball-mm",
    "--magnification",
    "--magnification-sd",
    "--source-mm",
    "--beam-centre",
    "--depth",
    "--knee-flexion",
    "--block",
    "--seed",
)
PLAN_OPTIONS = (
    "--device",
    "--equalise",
    "--gain",
    "--correct",
    "--maturity",
    "--age",
    "--surgery-on",
    "--cut",
    "--hinge",
    "--approach",
    "--fibula-cut",
    "--fibula-fixed",
    "--rate",
    "--rhythm",
    "--latency",
    "--by",
)
GOOD_PLAN = (
    "--device=R.femur=example-nail",
    "--gain=R.femur=30",
    "--maturity=mature",
    "--surgery-on=2027-01-11",
)

fuzz = settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def options(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """One to three options with values that nobody would mean."""
    one = st.tuples(st.sampled_from(names), nasty).map("=".join)
    return st.lists(one, min_size=1, max_size=3)


def settled(*words: object) -> int:
    """Run a command that may do, refuse, or be wrong usage, but not fall over."""
    outcome = callotasis(*words)
    assert outcome.code in {0, 1, 2}
    if outcome.code == 1:
        assert outcome.out == ""
        assert outcome.err.startswith("callotasis: refused: ")
        assert outcome.err.count("\n") == 1
    return outcome.code


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that is planned over and over."""
    return open_case(tmp_path_factory.mktemp("planned")).path


@pytest.fixture
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no report: what is fuzzed here is what people type."""

    def pretend(folder: Path, *_: object, **__: object) -> Report:
        return Report(folder / "report.html", folder / "report.pdf", (), None, None)

    monkeypatch.setattr("callotasis.casework.write_report", pretend)


@fuzz
@given(words=options(MEASURE_OPTIONS))
def test_no_option_of_a_measurement_makes_a_traceback(
    dora_files: Files, words: list[str]
) -> None:
    settled(
        *("measure", dora_files.film, "--landmarks", dora_files.landmarks),
        *("--worlds", 10, "--json", *words),
    )


@fuzz
@given(words=options(PLAN_OPTIONS))
@example(words=["--surgery-on=9999-12-31"])
@example(words=["--surgery-on=9999-10-01"])
@example(words=["--surgery-on=0001-01-01"])
@example(words=["--gain=R.femur=1e300"])
@example(words=["--by=\udcff"])
def test_no_option_of_a_plan_makes_a_traceback(
    case: Path, no_pages: None, words: list[str]
) -> None:
    said = {word.partition("=")[0] for word in words}
    usual = [word for word in GOOD_PLAN if word.partition("=")[0] not in said]
    settled("plan", case, *usual, *words, "--json")


@fuzz
@given(word=nasty, audience=nasty)
def test_no_word_asked_for_makes_a_traceback(word: str, audience: str) -> None:
    settled("evidence", word, f"--audience={audience}")
    settled("schema", word)


@settings(fuzz, max_examples=30)
@given(name=nasty, by=nasty)
@example(name="[/red]", by="Ada")
@example(name="Dora", by="[/red]")
@example(name="\udcff", by="Ada")
@example(name="Dora", by="\udcff")
def test_no_name_makes_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, name: str, by: str
) -> None:
    folder = tmp_path_factory.mktemp("named") / "case"
    settled("case", "new", folder, f"--name={name}", f"--by={by}")
    settled("case", "show", folder)
    settled("case", "show", folder, "--json")


odd_values = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        1e308,
        float("nan"),
        float("inf"),
        10**400,
        "",
        "x",
        "\ud800",
        "[/red]",
        [],
        {},
        [[]],
        {"a": {"b": []}},
        [1, 2, 3],
        "2027-01-11",
        "9999-12-31T23:59:59-12:00",
    ]
)


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a document."""
    if isinstance(data, dict):
        deeper = [p for k, v in data.items() for p in places(v, (*at, k))]
    elif isinstance(data, list):
        deeper = [p for i, v in enumerate(data) for p in places(v, (*at, i))]
    else:
        deeper = []
    return [at, *deeper]


def with_changed(data: Any, at: tuple[Any, ...], value: Any) -> Any:
    """Return a document in which one place holds something else."""
    if not at:
        return value
    first, *rest = at
    changed = dict(data) if isinstance(data, dict) else list(data)
    changed[first] = with_changed(data[first], tuple(rest), value)
    return changed


def changed(data: Any) -> st.SearchStrategy[str]:
    """A document in which something is odd, or whose text is damaged."""
    odd = st.tuples(st.sampled_from(places(data)), odd_values).map(
        lambda change: json.dumps(with_changed(data, *change))
    )
    text = json.dumps(data)
    cut = st.integers(0, len(text) - 1).map(lambda end: text[:end])
    deep = st.just("[" * 5000 + "]" * 5000) | st.just('{"R":' * 400 + "1" + "}" * 400)
    return odd | odd | odd | cut | deep | st.text(max_size=20)


LANDMARKS = {
    side: {n: points[n] for n in ("hip_centre", "knee_centre", "ankle_centre")}
    for side, points in clicks().as_json().items()
}
SPECIFICATION = {
    "pitch_mm": 1.0,
    "shortening_mm": {"R.femur": 30.0},
    "bend": {"L.tibia": {"varus_deg": 10.0, "level": 0.25}},
    "ball_mm": 25.0,
    "height_scale": 0.75,
    "seed": SPEC.seed,
    "noise": False,
}
DECISION = {
    "kind": "decision",
    "author": "Ada",
    "segment": "L.tibia",
    "happened_at": "2026-12-01T08:00:00+01:00",
    "body": {"answers": "plan.fibula@L.tibia", "reason": "Seen.", "of": [1, {"a": 2}]},
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Write a text to a file, whatever is in it."""

    def write(text: str) -> Path:
        path = tmp_path / "given.json"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return path

    return write


@fuzz
@given(text=changed(LANDMARKS))
def test_no_landmark_file_makes_a_traceback(
    dora_files: Files, written: Callable[[str], Path], text: str
) -> None:
    settled(
        *("measure", dora_files.film, "--landmarks", written(text)),
        *("--worlds", 10, "--json", "--magnification=1.05", "--magnification-sd=0.01"),
    )


@settings(fuzz, max_examples=60)
@given(text=changed(SPECIFICATION))
@example(text=json.dumps({"seed": -1, "pitch_mm": 1.0}))
@example(text=json.dumps({"seed": 10**400}))
def test_no_film_specification_makes_a_traceback(
    written: Callable[[str], Path], tmp_path: Path, text: str
) -> None:
    out = tmp_path / "made"
    settled(
        *("film", "make", "--spec", written(text), "--out", out / "film.dcm"),
        *("--truth", out / "truth.json", "--landmarks", out / "landmarks.json"),
    )


def nested(depth: int) -> str:
    """A decision whose body has this many floors."""
    body = '{"a": ' * depth + "1" + "}" * depth
    return f'{{"kind": "decision", "body": {body}}}'


@fuzz
@given(text=changed(DECISION))
@example(text=json.dumps({**DECISION, "author": "\ud800"}))
@example(text=json.dumps({**DECISION, "author": "[/red]"}))
def test_no_entry_makes_a_traceback(
    written: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
) -> None:
    folder = tmp_path_factory.mktemp("entered") / "case"
    CaseFolder.create(folder, "Dora", "Ada")
    if settled("case", "add", folder, "--entry", written(text), "--by=Ada"):
        return
    settled("case", "show", folder)
    settled("case", "show", folder, "--json")


@pytest.mark.parametrize("depth", [50, 300, 900, 5000])
def test_no_depth_of_an_entry_makes_a_traceback(
    written: Callable[[str], Path], tmp_path: Path, depth: int
) -> None:
    CaseFolder.create(tmp_path / "case", "Dora", "Ada")
    settled(
        "case", "add", tmp_path / "case", "--entry", written(nested(depth)), "--by=A"
    )
    assert callotasis("case", "show", tmp_path / "case", "--json").code == 0


# Wherever a path leads.


def test_no_path_makes_a_traceback(dora_files: Files, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Ada,", "utf-8")
    for path in (
        tmp_path,
        letter,
        letter / "below",
        tmp_path / "nowhere",
        tmp_path / ("a" * 300),
        Path("/dev/null"),
    ):
        settled("film", "info", path)
        settled("measure", path, "--landmarks", dora_files.landmarks)
        settled("measure", dora_files.film, "--landmarks", path)
        settled("plan", path, *GOOD_PLAN)
        settled("case", "show", path)
        settled("case", "sign", path, "--by=Ada")
        settled("case", "add", path, "--by=Ada", "--entry", letter)
        settled("film", "make", "--spec", path, "--out", letter, "--truth", letter)
    assert letter.read_text("utf-8") == "Dear Ada,"

"""What people see and type: tables, findings, files that appear whole, NAME=VALUE."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.cli.terminal import (
    by_name,
    json_file,
    number,
    numbers_by_name,
    say,
    show_findings,
    show_table,
    step,
    tell,
    write_files,
)
from callotasis.errors import Refusal
from callotasis.findings import Finding, Level

Captured = pytest.CaptureFixture[str]

names = st.text(min_size=1).filter(lambda text: "=" not in text)
values = st.text(min_size=1)

SPEAKING = Finding(Level.STOP, "a.stop", "Something is [odd].", "Wait.")


# Where words go.


def test_results_go_to_standard_output_and_messages_to_standard_error(
    capsys: Captured,
) -> None:
    say("a result")
    tell("a message")
    assert capsys.readouterr() == ("a result\n", "a message\n")


@pytest.mark.parametrize("quiet", [True, False])
def test_a_step_says_nothing_where_nobody_looks(
    capsys: Captured, *, quiet: bool
) -> None:
    with step("working", quiet=quiet):
        say("done")
    assert capsys.readouterr() == ("done\n", "")


def test_a_step_lets_a_refusal_through() -> None:
    with pytest.raises(Refusal, match="no"), step("working"):
        raise Refusal("no")


@pytest.mark.parametrize("level", Level)
def test_a_finding_is_shown_with_its_level_in_words(
    capsys: Captured, level: Level
) -> None:
    show_findings([Finding(level, "a.key", "It is so.", "Do this.")])
    out, err = capsys.readouterr()
    assert f"{level}: It is so. Do this." in out
    assert err == ""


def test_levels_differ_in_their_shape_too(capsys: Captured) -> None:
    show_findings(Finding(level, "a", "A.", "B.") for level in Level)
    shapes = [line[0] for line in capsys.readouterr().out.splitlines()]
    assert len({*shapes}) == len(Level)


def test_a_finding_is_shown_as_it_is_written(capsys: Captured) -> None:
    show_findings([SPEAKING])
    assert "Something is [odd]. Wait." in capsys.readouterr().out


def test_a_table_shows_title_heads_and_cells(capsys: Captured) -> None:
    show_table("Measured", ("", "right"), [("Femur", "397.9 mm"), ("Tibia", "1.9°")])
    out = capsys.readouterr().out
    assert out.startswith("Measured")
    for word in ("right", "Femur", "397.9 mm", "Tibia", "1.9°"):
        assert word in out


@pytest.mark.parametrize("cell", ["[red]", "[/red]", "[bold]x[/bold]", "a[1]", "\\[x]"])
def test_a_cell_of_a_table_is_shown_as_it_is_written(
    capsys: Captured, cell: str
) -> None:
    show_table(cell, (cell,), [(cell,)])
    assert capsys.readouterr().out.count(cell) == 3


# Files that appear whole.


def test_files_are_written_where_their_folders_are_made(tmp_path: Path) -> None:
    files = {tmp_path / "a" / "b": b"one", tmp_path / "c": b"two"}
    write_files(files)
    assert {path: path.read_bytes() for path in files} == files
    left = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*files}


def test_a_file_is_replaced_by_its_successor(tmp_path: Path) -> None:
    path = tmp_path / "film"
    for data in (b"old", b"new"):
        write_files({path: data})
        assert path.read_bytes() == data


@pytest.mark.parametrize("below", [False, True])
def test_a_file_that_cannot_be_written_is_refused_by_its_name(
    tmp_path: Path, *, below: bool
) -> None:
    folder, letter = tmp_path / "folder", tmp_path / "letter"
    folder.mkdir()
    letter.write_text("Dear Ada,", "utf-8")
    path = letter / "film" if below else folder
    with pytest.raises(Refusal, match=f"{path} cannot be written"):
        write_files({path: b"data"})
    assert {p.name for p in tmp_path.rglob("*")} == {"folder", "letter"}


# JSON from outside.


def test_a_json_file_gives_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "entry.json"
    path.write_text(json.dumps({"case": "Дора"}), "utf-8")
    assert json_file(path) == {"case": "Дора"}


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b"[1,]", b"[" * 100_000, b"nul"],
    ids=["empty", "cut", "no text", "comma", "deep", "no word"],
)
def test_what_is_no_json_is_refused_by_its_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "entry.json"
    path.write_bytes(data)
    with pytest.raises(Refusal, match=r"entry\.json is no JSON"):
        json_file(path)


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read: No such file"):
        json_file(tmp_path / "nowhere")
    with pytest.raises(Refusal, match="cannot be read: Is a directory"):
        json_file(tmp_path)


# NAME=VALUE.


@given(pairs=st.dictionaries(names, values))
def test_pairs_are_read_back_as_they_were_typed(pairs: dict[str, str]) -> None:
    assert by_name([f"{n}={v}" for n, v in pairs.items()], "device") == pairs


@given(pairs=st.dictionaries(names, st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_are_read_back_as_they_were_typed(pairs: dict[str, float]) -> None:
    assert numbers_by_name([f"{n}={v!r}" for n, v in pairs.items()], "gain") == pairs


@given(name=names, values=st.tuples(values, values))
def test_a_name_that_is_given_twice_is_refused(
    name: str, values: tuple[str, str]
) -> None:
    with pytest.raises(Refusal, match="device names"):
        by_name([f"{name}={value}" for value in values], "device")


@pytest.mark.parametrize("pair", ["", "R.femur", "R.femur=", "=30", "="])
def test_what_is_no_pair_is_refused_as_it_was_typed(pair: str) -> None:
    with pytest.raises(Refusal, match=f"gain is '{pair}'; needed is NAME=VALUE"):
        by_name([pair], "gain")


@pytest.mark.parametrize("text", ["", "far", "1,5", "0x10", "1 2", "--1"])
def test_what_is_no_number_is_refused_as_it_was_typed(text: str) -> None:
    with pytest.raises(Refusal, match=f"rate R.femur is '{text}'; a number is needed"):
        number(text, "rate R.femur")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e400", "NaN"])
def test_a_number_is_finite(text: str) -> None:
    with pytest.raises(Refusal, match=f"rate is '{text}'; must be finite"):
        number(text, "rate")


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_what_was_typed(value: float) -> None:
    assert number(repr(value), "rate") == value
    assert math.isfinite(number(f" {value!r} ", "rate"))


def test_a_json_file_that_says_one_thing_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text('{"a": {"gain_mm": 20, "gain_mm": 60}}', "utf-8")
    with pytest.raises(Refusal, match=r"order\.json says 'gain_mm' twice"):
        json_file(path)

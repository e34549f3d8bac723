"""The registry as a file: what is read back equals what was written."""

from __future__ import annotations

import csv
import io
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.outcome import (
    Column,
    ColumnKind,
    Row,
    as_csv,
    as_parquet,
    data_dictionary,
    dictionary_csv,
    from_csv,
    from_parquet,
    registry,
    row,
)
from ended import ENDED, PERSON, outcome

OTHER = "p2aaaaaaaaaaaa77"
ROWS = [row(ENDED, PERSON), row(outcome(healing=None, ended=False), OTHER)]
CELLS: dict[ColumnKind, st.SearchStrategy[Any]] = {
    ColumnKind.TEXT: st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True),
    ColumnKind.WHOLE: st.integers(-(2**62), 2**62),
    ColumnKind.NUMBER: st.floats(allow_nan=False, allow_infinity=False),
    ColumnKind.YES_NO: st.booleans(),
}


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Whatever may stand in a column."""
    cell = st.sampled_from(column.allowed) if column.allowed else CELLS[column.kind]
    return cell if column.required else st.none() | cell


NAMES = [column.name for column in data_dictionary()]
ANY_ROW = st.tuples(*map(cells, data_dictionary())).map(
    lambda drawn: dict(zip(NAMES, drawn, strict=True))
)
"""Any row that the dictionary allows."""


@given(ANY_ROW)
@settings(max_examples=15)
def test_csv_read_back_equals_what_was_written(found: Row) -> None:
    (back,) = from_csv(as_csv([found]))
    assert back == found
    assert [type(cell) for cell in back.values()] == [type(c) for c in found.values()]


@given(ANY_ROW)
@settings(max_examples=15, deadline=None)
def test_parquet_read_back_equals_what_was_written(found: Row) -> None:
    pytest.importorskip("pyarrow", reason="python -m pip install pyarrow")
    (back,) = from_parquet(as_parquet([found]))
    assert back == found


def test_an_empty_registry_has_its_columns() -> None:
    assert from_csv(as_csv([])) == []
    pytest.importorskip("pyarrow", reason="python -m pip install pyarrow")
    assert from_parquet(as_parquet([])) == []


def test_both_files_hold_the_same_rows() -> None:
    pytest.importorskip("pyarrow", reason="python -m pip install pyarrow")
    assert from_csv(as_csv(ROWS)) == from_parquet(as_parquet(ROWS)) == ROWS


def test_a_column_of_parquet_carries_its_definition_and_unit() -> None:
    pytest.importorskip("pyarrow", reason="python -m pip install pyarrow")
    parquet = import_module("pyarrow.parquet")
    schema = parquet.read_schema(io.BytesIO(as_parquet(ROWS)))
    found = schema.field("mad_mm_after").metadata
    assert found[b"unit"] == b"mm"
    assert b"medial positive" in found[b"definition"]


def test_the_same_rows_make_the_same_file() -> None:
    assert as_csv(ROWS) == as_csv(ROWS)


def test_the_same_bone_of_the_same_person_comes_once() -> None:
    with pytest.raises(RecordRefusal, match=f"holds {PERSON} R femur twice"):
        as_csv([ROWS[0], ROWS[0]])


def test_without_pyarrow_parquet_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(registry, "import_module", absent)
    with pytest.raises(RecordRefusal, match=r"pip install 'callotasis\[registry\]'"):
        as_parquet(ROWS)
    with pytest.raises(RecordRefusal, match="CSV needs nothing"):
        from_parquet(b"")


def test_what_is_no_parquet_is_refused() -> None:
    pytest.importorskip("pyarrow", reason="python -m pip install pyarrow")
    with pytest.raises(RecordRefusal, match="no Parquet file"):
        from_parquet(b"a,b,c")


def damaged(name: str, text: str) -> bytes:
    """The registry as CSV with one cell written over."""
    lines = list(csv.reader(io.StringIO(as_csv(ROWS).decode())))
    lines[1][lines[0].index(name)] = text
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("followed_days", "many", "followed_days is 'many'; needed is whole"),
        ("synthetic", "maybe", "synthetic is 'maybe'; needed is yes_no"),
        ("gained_mm", "nan", "gained_mm is nan; needed is a finite number"),
        ("side", "", "side is empty"),
        ("bone", "arm", "bone is 'arm'; allowed is femur, tibia"),
    ],
)
def test_a_damaged_cell_is_refused_by_its_name(name: str, text: str, why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        from_csv(damaged(name, text))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "differ in"),
        (b"person,bone\n", "differ in"),
        (as_csv([]) + b"a,b\n", "a line has 2 cells"),
    ],
)
def test_a_file_with_other_columns_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        from_csv(data)


def test_the_dictionary_lies_beside_the_registry() -> None:
    lines = list(csv.DictReader(io.StringIO(dictionary_csv().decode())))
    assert [line["name"] for line in lines] == [c.name for c in data_dictionary()]
    assert lines[0]["required"] == "true"
    assert all(line["definition"] for line in lines)

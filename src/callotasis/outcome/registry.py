"""The registry as a file: CSV and Parquet, each read back as it was written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any

from callotasis.errors import RecordRefusal
from callotasis.outcome.dictionary import Column, ColumnKind, data_dictionary
from callotasis.outcome.row import Cell, Row, check_row

YES, NO = "true", "false"


def _yes_no(text: str) -> bool:
    if text not in {YES, NO}:
        raise ValueError(f"'{text}' is neither {YES} nor {NO}")
    return text == YES


READ: Mapping[ColumnKind, Callable[[str], Cell]] = {
    ColumnKind.TEXT: str,
    ColumnKind.WHOLE: int,
    ColumnKind.NUMBER: float,
    ColumnKind.YES_NO: _yes_no,
}


def check_rows(rows: Sequence[Row]) -> None:
    """Hold rows against the dictionary and against each other.

    Raises
    ------
    RecordRefusal
        If a row does not agree with the dictionary, or a bone comes twice.
    """
    seen = set()
    for found in rows:
        check_row(found)
        bone = (found["person"], found["side"], found["bone"])
        if bone in seen:
            raise RecordRefusal(f"the registry holds {' '.join(map(str, bone))} twice")
        seen.add(bone)


def as_csv(rows: Sequence[Row]) -> bytes:
    """Write rows as CSV.

    Parameters
    ----------
    rows : sequence of Row
        As :func:`row` makes them.

    Returns
    -------
    bytes
        UTF-8, one line a bone after the head; what is not known is empty.

    Raises
    ------
    RecordRefusal
        As :func:`check_rows` says.
    """
    check_rows(rows)
    head = [column.name for column in data_dictionary()]
    return _lines([head, *([_written(cell) for cell in r.values()] for r in rows)])


def _lines(lines: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode()


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return YES if cell else NO
        case float():
            return repr(cell)
    return str(cell)


def from_csv(data: bytes) -> list[Row]:
    """Read rows back from CSV.

    Returns
    -------
    list of Row
        Equal to what was written.

    Raises
    ------
    RecordRefusal
        If a column or a cell does not agree with the dictionary.
    """
    lines = list(csv.reader(io.StringIO(data.decode())))
    columns = data_dictionary()
    head = [column.name for column in columns]
    if not lines or lines[0] != head:
        odd = sorted({*(lines[0] if lines else [])} ^ {*head}) or ["their order"]
        raise RecordRefusal(f"file and data dictionary differ in {', '.join(odd)}")
    rows = [_read_line(columns, line) for line in lines[1:]]
    check_rows(rows)
    return rows


def _read_line(columns: Sequence[Column], line: Sequence[str]) -> Row:
    if len(line) != len(columns):
        raise RecordRefusal(f"a line has {len(line)} cells; needed are {len(columns)}")
    return {
        column.name: _read_cell(column, text)
        for column, text in zip(columns, line, strict=True)
    }


def _read_cell(column: Column, text: str) -> Cell:
    if not text:
        return None
    try:
        return READ[column.kind](text)
    except ValueError:
        raise RecordRefusal(
            f"{column.name} is '{text:.40}'; needed is {column.kind}"
        ) from None


def as_parquet(rows: Sequence[Row]) -> bytes:
    """Write rows as Parquet; each column carries its definition and unit.

    Parameters
    ----------
    rows : sequence of Row
        As :func:`row` makes them.

    Returns
    -------
    bytes
        A Parquet file.

    Raises
    ------
    RecordRefusal
        As :func:`check_rows` says, or if pyarrow is not installed.
    """
    check_rows(rows)
    arrow, parquet = _pyarrow()
    table = arrow.Table.from_pylist([*rows], schema=_schema(arrow))
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()


def from_parquet(data: bytes) -> list[Row]:
    """Read rows back from Parquet.

    Returns
    -------
    list of Row
        Equal to what was written.

    Raises
    ------
    RecordRefusal
        If the file does not agree with the dictionary, or pyarrow is not installed.
    """
    arrow, parquet = _pyarrow()
    try:
        rows: list[Row] = parquet.read_table(io.BytesIO(data)).to_pylist()
    except (arrow.ArrowException, OSError) as error:
        raise RecordRefusal(f"no Parquet file: {error}") from None
    check_rows(rows)
    return rows


def _pyarrow() -> tuple[Any, Any]:
    """Import pyarrow late: a registry in CSV needs none of its 150 MB."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise RecordRefusal(
            "Parquet needs pyarrow: python -m pip install 'callotasis[registry]'; CSV "
            "needs nothing"
        ) from None


def _schema(arrow: Any) -> Any:
    kinds = {
        ColumnKind.TEXT: arrow.string(),
        ColumnKind.WHOLE: arrow.int64(),
        ColumnKind.NUMBER: arrow.float64(),
        ColumnKind.YES_NO: arrow.bool_(),
    }
    return arrow.schema(
        arrow.field(
            column.name,
            kinds[column.kind],
            metadata={"definition": column.definition, "unit": column.unit},
        )
        for column in data_dictionary()
    )


def dictionary_csv() -> bytes:
    """Write the data dictionary itself as CSV, to lie beside the registry.

    Returns
    -------
    bytes
        UTF-8, one line a column.
    """
    lines = [
        [_plain(value) for value in asdict(column).values()]
        for column in data_dictionary()
    ]
    return _lines([[*asdict(data_dictionary()[0])], *lines])


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return _written(value) if isinstance(value, bool) else str(value)

"""The data dictionary: every column told apart, defined, and with its unit."""

from __future__ import annotations

import pytest

from callotasis.complications import Black, What
from callotasis.fixation import Kind
from callotasis.instruments import catalogue
from callotasis.outcome import (
    Column,
    ColumnKind,
    HealingEvent,
    Verdict,
    data_dictionary,
)
from callotasis.outcome.dictionary import column_of, counted_columns, families
from callotasis.softtissue import Ranges

COLUMNS = {column.name: column for column in data_dictionary()}


def test_columns_are_told_apart() -> None:
    assert len(COLUMNS) == len(data_dictionary())


@pytest.mark.parametrize("column", data_dictionary(), ids=lambda column: column.name)
def test_a_column_says_what_it_is_and_where_it_comes_from(column: Column) -> None:
    for text in (column.unit, column.definition, column.source):
        assert text == text.strip()
        assert text
    assert column.name.isidentifier()
    assert column.name == column.name.lower()
    assert not column.allowed or column.kind is ColumnKind.TEXT


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("device_kind", [*Kind]),
        ("healing_from", [*HealingEvent]),
        ("healing_to", [*HealingEvent]),
        ("gained_verdict", [*Verdict]),
        ("expected_consolidated_day_verdict", [*Verdict]),
    ],
)
def test_a_closed_text_allows_the_words_of_its_type(
    name: str, words: list[str]
) -> None:
    assert sorted(COLUMNS[name].allowed) == sorted(words)


def test_every_complication_and_grade_is_counted() -> None:
    for what in What:
        assert column_of("n", what) in counted_columns()
    for level in Black:
        assert column_of("black", level) in COLUMNS
    assert COLUMNS["n_dvt_or_pe"].required


def test_every_scheduled_questionnaire_has_its_columns() -> None:
    scored = {family.name for family in families().scored}
    assert scored == {*catalogue()}


def test_ranges_bear_the_names_of_the_exam() -> None:
    ranges = {f.name for f in families().measured if f.source == "exam entry"}
    assert ranges <= {*Ranges.__dataclass_fields__}


def test_no_column_holds_a_date_or_a_name() -> None:
    for name in COLUMNS:
        assert not name.endswith(("_on_date", "_date", "_name", "birth"))
    assert COLUMNS["consolidated_day"].kind is ColumnKind.WHOLE

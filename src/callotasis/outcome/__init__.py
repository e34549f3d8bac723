"""What became of a bone, as it was expected or not, and one row for the registry."""

from callotasis.outcome.dictionary import Column, ColumnKind, data_dictionary
from callotasis.outcome.kept import Kept, kept
from callotasis.outcome.outcome import (
    BeforeAfter,
    Expected,
    HealingEvent,
    HealingIndex,
    Milestones,
    Outcome,
    Verdict,
)
from callotasis.outcome.pseudonym import check_pseudonym, pseudonym
from callotasis.outcome.registry import (
    as_csv,
    as_parquet,
    check_rows,
    dictionary_csv,
    from_csv,
    from_parquet,
)
from callotasis.outcome.row import Row, check_row, row

__all__ = [
    "BeforeAfter",
    "Column",
    "ColumnKind",
    "Expected",
    "HealingEvent",
    "HealingIndex",
    "Kept",
    "Milestones",
    "Outcome",
    "Row",
    "Verdict",
    "as_csv",
    "as_parquet",
    "check_pseudonym",
    "check_row",
    "check_rows",
    "data_dictionary",
    "dictionary_csv",
    "from_csv",
    "from_parquet",
    "kept",
    "pseudonym",
    "row",
]

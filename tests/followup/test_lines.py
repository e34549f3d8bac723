"""A condition holds where its fact is known and beyond its limit."""

from __future__ import annotations

import pytest

from callotasis.followup.diary import diary_of
from callotasis.followup.lines import Line


@pytest.mark.parametrize(
    ("line", "held"),
    [
        (Line("pain", below=5), [False, True, False, False]),
        (Line("pain", at_most=5), [False, True, True, False]),
        (Line("pain", above=5), [False, False, False, True]),
        (Line("pain", at_least=5), [False, False, True, True]),
        (Line("pain", at_least=4, below=6), [False, True, True, False]),
        (Line("pain", one_of=(4.0, 6.0)), [False, True, False, True]),
        (Line("mood", at_least=0), [False] * 4),
    ],
)
def test_a_line_holds_where_its_fact_is_known_and_beyond_its_limit(
    line: Line, held: list[bool]
) -> None:
    diary = diary_of({"pain": [(1, 4.0), (2, 5.0), (3, 6.0)]}, 3)
    assert line.holds(diary).tolist() == held


def test_a_limit_is_a_number_or_the_number_of_a_row() -> None:
    assert Line("pain", above=3).limit == 3
    assert Line("pain", at_least="instruments.pain_severe").limit == 7
    assert Line("shape", one_of=("concave",)).limit is None

"""How a length, an angle and a range of dates read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.wording import angle, dates, length, tenths, whole
from callotasis.worlds import Interval

some_days = st.dates(date(2000, 1, 1), date(2099, 1, 1))


# Numbers.


def test_a_length_reads_as_the_house_writes_it() -> None:
    assert length(Interval(397.94, 394.06, 401.81)) == "397.9 mm (394.1 to 401.8)"


def test_an_angle_reads_as_the_house_writes_it() -> None:
    assert angle(Interval(1.87, -0.1, 3.9)) == "1.9° (-0.1 to 3.9)"


@given(value=st.floats(-0.0499, 0.0499))
def test_what_rounds_to_nothing_has_no_sign(value: float) -> None:
    assert "-0.0" not in length(Interval(value, value, value))
    assert "-0.0" not in angle(Interval(value, value, value))


# Dates.


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (date(2027, 3, 12), date(2027, 3, 12), "12 March 2027"),
        (date(2027, 3, 12), date(2027, 3, 29), "12 to 29 March 2027"),
        (date(2027, 3, 12), date(2027, 6, 1), "12 March to 1 June 2027"),
        (date(2027, 12, 31), date(2028, 1, 1), "31 December 2027 to 1 January 2028"),
        (date(2027, 3, 1), date(2028, 3, 1), "1 March 2027 to 1 March 2028"),
    ],
)
def test_a_range_of_dates_says_no_more_than_it_must(
    low: date, high: date, said: str
) -> None:
    assert dates(low, high) == said


@given(low=some_days, days=st.integers(0, 900))
def test_a_range_of_dates_names_both_its_ends(low: date, days: int) -> None:
    high = low + timedelta(days=days)
    said = dates(low, high)
    assert said.startswith(str(low.day))
    assert said.endswith(f"{high:%B %Y}")
    assert (" to " in said) == (days > 0)


def test_a_number_is_told_with_its_range_and_unit() -> None:
    found = Interval(17.5, 16.44, 18.56)
    assert length(found) == tenths(found, " mm") == "17.5 mm (16.4 to 18.6)"
    assert (tenths(found), whole(found)) == ("17.5 (16.4 to 18.6)", "18 (16 to 19)")

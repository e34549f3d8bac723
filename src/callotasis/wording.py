"""How a length, an angle and a range of dates read, the same everywhere."""

from __future__ import annotations

from datetime import date

from callotasis.worlds import Interval


def tenth(number: float) -> str:
    """Round a number to a tenth, without a minus before nothing.

    Examples
    --------
    >>> tenth(-0.04)
    '0.0'
    """
    return f"{round(number, 1) + 0.0:.1f}"


def length(found: Interval) -> str:
    """A length as people read it.

    Examples
    --------
    >>> length(Interval(397.94, 394.06, 401.81))
    '397.9 mm (394.1 to 401.8)'
    """
    value, low, high = (tenth(v) for v in (found.value, found.low, found.high))
    return f"{value} mm ({low} to {high})"


def angle(found: Interval) -> str:
    """An angle as people read it.

    Examples
    --------
    >>> angle(Interval(1.87, -0.1, 3.9))
    '1.9° (-0.1 to 3.9)'
    """
    value, low, high = (tenth(v) for v in (found.value, found.low, found.high))
    return f"{value}° ({low} to {high})"


def dates(low: date, high: date) -> str:
    """A range of dates as people read it.

    Examples
    --------
    >>> dates(date(2027, 3, 12), date(2027, 3, 29))
    '12 to 29 March 2027'
    >>> dates(date(2027, 3, 12), date(2027, 6, 1))
    '12 March to 1 June 2027'
    """
    if low == high:
        return f"{low.day} {low:%B %Y}"
    if (low.year, low.month) == (high.year, high.month):
        return f"{low.day} to {high.day} {high:%B %Y}"
    year = "" if low.year == high.year else f" {low.year}"
    return f"{low.day} {low:%B}{year} to {high.day} {high:%B %Y}"

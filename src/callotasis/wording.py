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


def tenths(found: Interval, unit: str = "") -> str:
    """A number to a tenth with its range.

    Examples
    --------
    >>> tenths(Interval(33.77, 30.2, 37.6), " days/cm")
    '33.8 days/cm (30.2 to 37.6)'
    """
    value, low, high = (tenth(v) for v in (found.value, found.low, found.high))
    return f"{value}{unit} ({low} to {high})"


def length(found: Interval) -> str:
    """A length as people read it.

    Examples
    --------
    >>> length(Interval(397.94, 394.06, 401.81))
    '397.9 mm (394.1 to 401.8)'
    """
    return tenths(found, " mm")


def angle(found: Interval) -> str:
    """An angle as people read it.

    Examples
    --------
    >>> angle(Interval(1.87, -0.1, 3.9))
    '1.9° (-0.1 to 3.9)'
    """
    return tenths(found, "°")


def whole(found: Interval, unit: str = "") -> str:
    """A number without decimals with its range, like a day.

    Examples
    --------
    >>> whole(Interval(122.4, 85.0, 190.0, 0.9)), whole(Interval(16, 6, 36), " mm")
    ('122 (85 to 190)', '16 mm (6 to 36)')
    """
    return f"{found.value:.0f}{unit} ({found.low:.0f} to {found.high:.0f})"


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

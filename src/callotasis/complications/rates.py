"""Counts as rates with intervals: shares after Wilson, events after Garwood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scipy.special import gammaincinv

from callotasis.errors import EvidenceRefusal
from callotasis.evidence import Mark, table
from callotasis.fixation.published import wilson
from callotasis.worlds import LEVEL, Interval

TAIL = (1 - LEVEL) / 2
ROUNDED_TO = 0.5  # a rate printed without decimals may be this much off


class Counts(StrEnum):
    """Whether one of those counted may have it several times."""

    SHARE = "share"
    EVENTS = "events"


def events_per_100(events: int, of: int) -> Interval:
    """Events per 100, where one may have several.

    Parameters
    ----------
    events, of : int
        So many events in so many [1].

    Returns
    -------
    Interval
        With its exact 95 % interval for a Poisson count [events/100].

    Raises
    ------
    EvidenceRefusal
        If nothing was counted, or fewer than none happened.

    References
    ----------
    .. [1] Garwood, Biometrika 1936;28:437: half the chi-square quantiles of 2k and
       2k + 2 degrees of freedom.

    Examples
    --------
    >>> found = events_per_100(332, 983)
    >>> [round(x, 1) for x in (found.value, found.low, found.high)]
    [33.8, 30.2, 37.6]
    """
    _check_counts(events, of)
    low = float(gammaincinv(events, TAIL)) if events else 0.0
    high = float(gammaincinv(events + 1, 1 - TAIL))
    return Interval(100 * events / of, 100 * low / of, 100 * high / of)


def share_percent(k: int, n: int) -> Interval:
    """Share of those who have it at least once.

    Parameters
    ----------
    k, n : int
        So many of so many [1].

    Returns
    -------
    Interval
        With its 95 % interval [%].

    Raises
    ------
    EvidenceRefusal
        If nothing was counted, or more have it than there are.

    References
    ----------
    .. [1] Wilson, J Am Stat Assoc 1927;22:209.

    Examples
    --------
    >>> found = share_percent(76, 814)
    >>> [round(x, 1) for x in (found.value, found.low, found.high)]
    [9.3, 7.5, 11.5]
    """
    _check_counts(k, n)
    if k > n:
        raise EvidenceRefusal(f"{k} of {n} is more than all")
    low, high = (100 * end for end in wilson(k, n))
    share = 100 * k / n
    return Interval(share, min(low, share), max(high, share))  # rounding at 0 and n


def _check_counts(k: int, n: int) -> None:
    if n < 1 or k < 0:
        raise EvidenceRefusal(
            f"{k} of {n}: a rate needs at least 1 counted and no fewer than 0 events"
        )


@dataclass(frozen=True)
class PublishedRate:
    """One published count, as it stands beside the register's own.

    Attributes
    ----------
    key : str
        Of its row.
    group, name : str
        Line of the register beside which it stands.
    said : str
        What its authors counted.
    device, population, source : str
        Which device, whose, and where it was printed.
    n : int
        How many of ``of`` were counted.
    of : str
        What was counted.
    counts : Counts
        Whether one may have it several times.
    per_100 : Interval
        Rate with its 95 % interval [1/100].
    mark : Mark
        How the source was read.
    """

    key: str
    group: str
    name: str
    said: str
    device: str
    population: str
    n: int
    of: str
    counts: Counts
    per_100: Interval
    mark: Mark
    source: str


@cache
def published_rates() -> tuple[PublishedRate, ...]:
    """Every published count of the table ``complications``.

    Returns
    -------
    tuple of PublishedRate
        In the table's order, which is no rank [1/100].

    References
    ----------
    .. [1] Each row's own ``source``.
    """
    return tuple(_published(row) for row in table("complications"))


def _published(row: dict[str, str]) -> PublishedRate:
    n, counts = int(row["n"]), Counts(row["counts"])
    if row["k"]:
        rate = events_per_100 if counts is Counts.EVENTS else share_percent
        per_100 = rate(int(row["k"]), n)
    else:
        per_100 = _from_rounded(float(row["per_100"]), n)
    return PublishedRate(
        key=row["id"],
        group=row["group"],
        name=row["name"],
        said=row["said"],
        device=row["device"],
        population=row["population"],
        n=n,
        of=row["of"],
        counts=counts,
        per_100=per_100,
        mark=Mark(row["mark"]),
        source=row["source"],
    )


def _from_rounded(per_100: float, n: int) -> Interval:
    """Interval of a rate of which only whole numbers per 100 were printed."""
    least, most = (round((per_100 + way * ROUNDED_TO) * n / 100) for way in (-1, 1))
    low, high = events_per_100(least, n).low, events_per_100(most, n).high
    return Interval(per_100, low, high)

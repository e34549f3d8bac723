"""A length read off one follow-up film by something on it whose size is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.radiograph.film import Film
from callotasis.worlds import Array, Interval, Worlds

Point = tuple[float, float]
Size = float | Interval
FEW = Worlds(count=1000)


def interval_of(size: Size) -> Interval:
    """A size with its tolerance; a bare number has none."""
    return size if isinstance(size, Interval) else Interval(size, size, size)


def size_draws(worlds: Worlds, name: str, size: Interval, *, alone: bool) -> Array:
    """Sizes drawn within a tolerance that all films share.

    Parameters
    ----------
    worlds : Worlds
        How many.
    name : str
        The stream.
    size : Interval
        [mm].
    alone : bool
        Whether only what differs from film to film is drawn.

    Returns
    -------
    Array
        Shape (worlds,) [mm].

    References
    ----------
    .. [1] The interval is taken as 95 % of a normal distribution.
    """
    sd = 0.0 if alone else size.sd
    return size.value + worlds.normal(name, sd)


@dataclass(frozen=True)
class FilmLength:
    """One length of one film.

    Attributes
    ----------
    of : str
        ``nail``, ``rings`` or ``bone``.
    measured_mm : Interval
        With all that is unknown, what every film shares too [mm].
    sd_mm : float
        Scatter of this film alone, without what all films share [mm].
    ruler : str
        What gave the millimetres, in words.
    magnification : float or None
        At the ruler; None where the film has no pixel size [1].
    findings : tuple of Finding
        What a person should know about this reading.
    """

    of: str
    measured_mm: Interval
    sd_mm: float
    ruler: str
    magnification: float | None = None
    findings: tuple[Finding, ...] = ()


def check_on_the_film(film: Film, points: Sequence[Point]) -> None:
    """Refuse clicked points that do not lie on the film.

    Parameters
    ----------
    film : Film
        With its size.
    points : sequence of tuple of float
        Column and row [px].

    Raises
    ------
    FilmRefusal
        With the point and the film's size.
    """
    for column, row in points:
        if not (0 <= column <= film.columns and 0 <= row <= film.rows):
            raise FilmRefusal(
                f"the point ({column:g}, {row:g}) lies outside the film of "
                f"{film.columns} × {film.rows} pixels"
            )


def check_size(what: str, size_mm: float, key: str) -> None:
    """Refuse a size that no such part has.

    Parameters
    ----------
    what : str
        For the message.
    size_mm : float
        [mm].
    key : str
        Row with the allowed range.

    Raises
    ------
    FilmRefusal
        With the size and the range.

    References
    ----------
    .. [1] The row itself.
    """
    row = constant(key)
    if not row.low <= size_mm <= row.high:  # false for what is no number, too
        raise FilmRefusal(
            f"{what} is {size_mm:g} mm; allowed is {row.low:g} to {row.high:g} mm "
            f"({row.locator})"
        )


def magnified(film: Film, what: str, scale: float) -> float | None:
    """Magnification that a ruler shows; an impossible one is refused.

    Parameters
    ----------
    film : Film
        With or without the size of its pixels.
    what : str
        The ruler, for the message.
    scale : float
        Pixels of columns for a millimetre at the ruler [px/mm].

    Returns
    -------
    float or None
        None where the film does not say how large its pixels are [1].

    Raises
    ------
    FilmRefusal
        If no beam could magnify so.

    References
    ----------
    .. [1] Row ``rulers.magnification_limits``.
    """
    if film.spacing_mm is None:
        return None
    row = constant("rulers.magnification_limits")
    grown = scale * film.spacing_mm[0]
    if not row.low <= grown <= row.high:
        raise FilmRefusal(
            f"{what} would be magnified {grown:.2f} times; allowed is {row.low:g} to "
            f"{row.high:g} ({row.locator}): check its size and the points"
        )
    return grown


def read_from(samples: Array, alone: Array) -> tuple[Interval, float]:
    """Interval of all draws, and scatter of those of this film alone.

    Parameters
    ----------
    samples : Array
        Shape (worlds,), nominal first, everything unknown drawn [mm].
    alone : Array
        Shape (worlds,), only what differs from film to film drawn [mm].

    Returns
    -------
    tuple of Interval and float
        [mm].

    References
    ----------
    .. [1] The design of this library, "Worlds".
    """
    low, high = np.quantile(samples[1:], [0.025, 0.975])
    return Interval(float(samples[0]), float(low), float(high)), float(alone[1:].std())


def too_rough(sd_mm: float) -> tuple[Finding, ...]:
    """Say when a film is read too roughly to find a shortfall of 3 mm at once.

    Parameters
    ----------
    sd_mm : float
        Scatter of one film [mm].

    Returns
    -------
    tuple of Finding
        Empty where it is fine enough.

    References
    ----------
    .. [1] Row ``rulers.sd_wanted``, from ``bench/shortfalls.py``.
    """
    row = constant("rulers.sd_wanted")
    if math.isfinite(sd_mm) and sd_mm <= row.value:
        return ()
    return (
        Finding(
            Level.CAUTION,
            "length.rough",
            f"This film is read to {sd_mm:.1f} mm (one standard deviation); a "
            f"shortfall of 3 mm is found on its first film down to {row.value:g} mm.",
            "Wait for the next film, or repeat this one, before a step is believed.",
            row.key,
        ),
    )

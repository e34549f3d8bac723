"""CPAK: to which of nine types of knee a leg belongs, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.worlds import Array, Interval, interval

TYPES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
SHARE_DIGITS = 3


@dataclass(frozen=True)
class Cpak:
    """A knee by its two sums.

    Attributes
    ----------
    type : str
        I to IX, by the values themselves.
    share : dict of str to float
        Share of the worlds that fall into each type; types of no world are left
        out [1].
    ahka_deg : Interval
        Arithmetic hip-knee-ankle angle, varus negative [deg].
    jlo_deg : Interval
        Joint line obliquity; less than 180 points down medially [deg].
    """

    type: str
    share: Mapping[str, float]
    ahka_deg: Interval
    jlo_deg: Interval


def cpak_of(mpta_deg: Array, ldfa_deg: Array) -> Cpak:
    """Classify a knee.

    Parameters
    ----------
    mpta_deg, ldfa_deg : Array
        Medial proximal tibial and mechanical lateral distal femoral angle, shape
        (worlds,) [deg].

    Returns
    -------
    Cpak
        With the share of worlds in each type.

    References
    ----------
    .. [1] MacDessi et al. 2021; evidence rows ``cpak.ahka`` and ``cpak.jlo``.

    Examples
    --------
    >>> cpak_of(np.full(3, 87.0), np.full(3, 88.0)).type
    'II'
    """
    ahka, jlo = mpta_deg - ldfa_deg, mpta_deg + ldfa_deg
    row, column = _third(jlo, "cpak.jlo"), _third(ahka, "cpak.ahka")
    kinds = 3 * row + column
    count = np.bincount(kinds[1:], minlength=len(TYPES)) / max(len(kinds) - 1, 1)
    return Cpak(
        TYPES[kinds[0]],
        {
            t: round(float(c), SHARE_DIGITS)
            for t, c in zip(TYPES, count, strict=True)
            if c
        },
        interval(ahka, "arithmetic HKA"),
        interval(jlo, "joint line obliquity"),
    )


def _third(values: Array, key: str) -> np.typing.NDArray[np.int64]:
    """0 below the neutral range, 1 within it, 2 above it."""
    neutral = constant(key)
    return np.asarray(
        (values >= neutral.low).astype(np.int64) + (values > neutral.high)
    )

"""What others have published of each kind of device, side by side and never ranked.

Only what was read in its source is here. The people of two series differ in age,
disease, bone and skill of their surgeons: a smaller number in one row makes no device
better than another. Devices are compared only where one study compared them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.evidence import Mark
from callotasis.pose import Bone

NO_RANKING = (
    "These people differ in age, disease, bone and surgeon: the rows may not be ranked."
)
READ = frozenset({Mark.READ_IN_FULL, Mark.READ_IN_ABSTRACT})
NORMAL_95 = 1.959963985
NOT_TOLD = "not told"
_STRICT: dict[str, Any] = {"extra": "forbid"}


class Construct(StrEnum):
    """How a bone is held while it is lengthened."""

    NAIL = "nail"
    RAIL = "rail"
    RING = "ring frame"
    HEXAPOD = "hexapod"
    OVER_NAIL = "frame over a nail"


@dataclass(frozen=True)
class Figure:
    """One number as it was printed.

    Attributes
    ----------
    what : str
        What was counted, from when to when as far as the source says.
    value, low, high : float
        In ``unit``; ``low`` and ``high`` where the source gives a spread.
    spread : str
        What lies between ``low`` and ``high``.
    """

    what: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    spread: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    @property
    def words(self) -> str:
        """The number as people read it."""
        said = f"{self.what} {self.value:g} {self.unit}"
        if self.low is None or self.high is None:
            return said
        return f"{said} ({self.spread} {self.low:g} to {self.high:g})"


@dataclass(frozen=True)
class Count:
    """How often something happened.

    Attributes
    ----------
    k, n : int
        So many of so many.
    of : str
        What was counted: segments, patients, sites.
    """

    what: str
    k: int
    n: int
    of: str

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    @property
    def words(self) -> str:
        """The count with its share and 95 % interval."""
        low, high = wilson(self.k, self.n)
        share = f"{100 * self.k / self.n:.1f} %, {100 * low:.1f} to {100 * high:.1f}"
        return f"{self.what} {self.k} of {self.n} {self.of} ({share})"


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    Parameters
    ----------
    k, n : int
        So many of so many [1].

    Returns
    -------
    tuple of float
        Low and high, between 0 and 1 [1].

    References
    ----------
    .. [1] Wilson, J Am Stat Assoc 1927;22:209.

    Examples
    --------
    >>> [round(100 * share, 1) for share in wilson(8, 164)]
    [2.5, 9.3]
    """
    share, z = k / n, NORMAL_95
    middle = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + way * reach) / (1 + z * z / n) for way in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


@dataclass(frozen=True)
class Series:
    """One published series of one kind of device.

    Attributes
    ----------
    bones : tuple of Bone
        None where the source, as it was read, does not tell bones apart.
    years : str
        When the patients were treated, else when it was published.
    n_segments, n_patients : int or None
        None where the source, as it was read, does not say.
    figures : tuple of Figure
        Gain, healing and what else was measured.
    counts : tuple of Count
        What went wrong, and how often.
    remarks : str
        What has no number.
    """

    name: str
    construct: Construct
    device: str
    bones: tuple[Bone, ...]
    population: str
    years: str
    source: str
    mark: Mark
    n_segments: int | None = None
    n_patients: int | None = None
    figures: tuple[Figure, ...] = ()
    counts: tuple[Count, ...] = ()
    remarks: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class Comparison:
    """Two kinds of device, compared by one study or one pooled analysis.

    Attributes
    ----------
    first, second : Construct
        What was compared.
    found : tuple of str
        The first's figure, then the second's; or one difference, with its interval.
    """

    name: str
    first: Construct
    second: Construct
    bone: Bone
    what: str
    found: tuple[str, ...]
    n: str
    years: str
    source: str
    mark: Mark

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class _Library:
    series: tuple[Series, ...]
    comparison: tuple[Comparison, ...]


@cache
def _library() -> _Library:
    text = files(__package__).joinpath("published.toml").read_text("utf-8")
    return TypeAdapter(_Library).validate_python(tomllib.loads(text))


def published_for(kind: Construct, bone: Bone) -> tuple[Series, ...]:
    """Every series of one kind of device that was read in its source.

    Parameters
    ----------
    kind : Construct
        How the bone is held.
    bone : Bone
        Which bone; a series that does not tell bones apart is given for both.

    Returns
    -------
    tuple of Series
        By name, whatever their figures: an order is no rank.

    References
    ----------
    .. [1] Each row's own ``source``.
    """
    found = (
        s
        for s in _library().series
        if s.construct is kind and (not s.bones or bone in s.bones) and s.mark in READ
    )
    return tuple(sorted(found, key=lambda s: s.name))


def comparisons_for(kinds: Collection[Construct], bone: Bone) -> tuple[Comparison, ...]:
    """Every head-to-head or pooled comparison between these kinds of device.

    Parameters
    ----------
    kinds : collection of Construct
        What is thought of; both sides of a comparison must be among them.
    bone : Bone
        Which bone.

    Returns
    -------
    tuple of Comparison
        By name; empty where nobody compared them.

    References
    ----------
    .. [1] Each row's own ``source``.
    """
    found = (
        c
        for c in _library().comparison
        if {c.first, c.second} <= {*kinds} and c.bone is bone and c.mark in READ
    )
    return tuple(sorted(found, key=lambda c: c.name))


HEAD = ("kind", "series", "people", "gain and healing", "what went wrong", "source")
COMPARED_HEAD = ("compared", "what", "found", "people", "source")


def series_rows(
    kinds: Collection[Construct], bone: Bone
) -> tuple[tuple[str, ...], ...]:
    """Rows of a table under ``HEAD``, in the fixed order of kinds and names.

    Parameters
    ----------
    kinds : collection of Construct
        What is thought of.
    bone : Bone
        Which bone.

    Returns
    -------
    tuple of tuple of str
        To be shown with ``NO_RANKING``.

    References
    ----------
    .. [1] Each row's own ``source``.
    """
    return tuple(
        row
        for kind in Construct
        if kind in kinds
        for row in [_row(s) for s in published_for(kind, bone)] or [_unread(kind)]
    )


def _row(series: Series) -> tuple[str, ...]:
    return (
        series.construct.value,
        f"{series.name}: {series.device}",
        f"{series.population}; {_people(series)}; {series.years}",
        "; ".join(f.words for f in series.figures) or NOT_TOLD,
        "; ".join(_troubles(series)) or NOT_TOLD,
        f"{series.source} [{series.mark}]",
    )


def _unread(kind: Construct) -> tuple[str, ...]:
    """A kind of which nothing was read on this bone: said, not left out."""
    return (kind.value, "no series of this bone was read", *[NOT_TOLD] * 4)


def comparison_rows(
    kinds: Collection[Construct], bone: Bone
) -> tuple[tuple[str, ...], ...]:
    """Rows of a table under ``COMPARED_HEAD``.

    Parameters
    ----------
    kinds : collection of Construct
        What is thought of.
    bone : Bone
        Which bone.

    Returns
    -------
    tuple of tuple of str
        Empty where nobody compared these kinds on this bone.

    References
    ----------
    .. [1] Each row's own ``source``.
    """
    return tuple(
        (
            f"{found.first} against {found.second}",
            found.what,
            " against ".join(found.found),
            f"{found.n}; {found.years}",
            f"{found.source} [{found.mark}]",
        )
        for found in comparisons_for(kinds, bone)
    )


def _people(series: Series) -> str:
    counted = ((series.n_segments, "segments"), (series.n_patients, "patients"))
    said = ", ".join(f"{n} {word}" for n, word in counted if n is not None)
    return said if series.bones else f"{said}, bones not told apart"


def _troubles(series: Series) -> tuple[str, ...]:
    counted = tuple(count.words for count in series.counts)
    return (*counted, series.remarks) if series.remarks else counted

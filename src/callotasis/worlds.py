"""Worlds: decide once in world 0, then propagate through every draw.

World 0 is the nominal one; worlds 1 to ``count`` are draws. World *i* is the same
world in every quantity, so correlation comes for free. A draw belongs to a stream
named by what it is about (``film/R/hip/depth``), never to the order of the calls.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from callotasis.errors import WorldsRefusal

Array = npt.NDArray[np.float64]

LEVEL = 0.95
MOST_WORLDS = 100_000
CAUTION_SHARE = 0.01
REFUSAL_SHARE = 0.05


NORMAL_95 = 1.959964  # 97.5 % quantile of the normal distribution


@dataclass(frozen=True)
class Interval:
    """A number with its interval: ``value`` is world 0, the rest are quantiles."""

    value: float
    low: float
    high: float
    level: float = LEVEL

    def excludes(self, number: float) -> bool:
        """Tell whether ``number`` lies outside the interval."""
        return not self.low <= number <= self.high

    @property
    def sd(self) -> float:
        """Standard deviation of a normal one whose 95 % these are [as the value]."""
        return (self.high - self.low) / (2 * NORMAL_95)


def log_sd(low: float, high: float) -> float:
    """Standard deviation of the logarithm of a lognormal one, from its 95 % ends [1].

    Examples
    --------
    >>> round(log_sd(2.0, 8.0), 4)
    0.3537
    """
    return math.log(high / low) / (2 * NORMAL_95)


@dataclass(frozen=True)
class Worlds:
    """How many worlds are drawn, from which seed.

    Examples
    --------
    >>> worlds = Worlds(count=4, seed=1)
    >>> worlds.normal("film/R/hip", sd=2.0).shape
    (5,)
    >>> float(worlds.normal("film/R/hip", sd=2.0)[0])
    0.0
    """

    count: int = 2000
    seed: int = 20260101

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_WORLDS:
            raise WorldsRefusal(
                f"{self.count} worlds asked; allowed are 1 to {MOST_WORLDS}"
            )

    def normal(self, name: str, sd: float, shape: tuple[int, ...] = ()) -> Array:
        """Draw a deviation: zero in world 0, normal with ``sd`` elsewhere.

        Parameters
        ----------
        name : str
            The stream, named after entry and field.
        sd : float
            Standard deviation, in the unit of the quantity [any].
        shape : tuple of int
            Shape of the quantity in one world.

        Returns
        -------
        Array
            Shape (count + 1, ...shape) [as ``sd``].

        References
        ----------
        .. [1] The design of this library, "Worlds".
        """
        draw = _drawn_before if self.count <= FEW_WORLDS else _drawn
        draws = np.zeros((self.count + 1, *shape))
        draws[1:] = sd * draw(self.seed, name, (self.count, *shape))
        return draws

    def lognormal(self, name: str, mean: float, sd: float) -> Array:
        """Draw a positive quantity with this mean and sd; world 0 is the median.

        Parameters
        ----------
        name : str
            The stream.
        mean, sd : float
            Mean and standard deviation of the quantity itself [any].

        Returns
        -------
        Array
            Shape (count + 1,) [as ``mean``].

        References
        ----------
        .. [1] :func:`lognormal_moments`.
        """
        mu, sigma = lognormal_moments(mean, sd)
        return np.exp(mu + self.normal(name, sigma))


def lognormal_moments(mean: float, sd: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal quantity.

    Parameters
    ----------
    mean, sd : float
        Of the quantity itself, mean above 0 [any].

    Returns
    -------
    tuple of float
        Of its natural logarithm [1].

    References
    ----------
    .. [1] sigma² = ln(1 + sd²/mean²), mu = ln(mean) - sigma²/2.
    """
    sigma = math.sqrt(math.log1p((sd / mean) ** 2))
    return math.log(mean) - sigma**2 / 2, sigma


def _drawn(seed: int, name: str, shape: tuple[int, ...]) -> Array:
    """Standard normal numbers of one stream."""
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16)
    stream = np.random.SFC64(int.from_bytes(digest.digest(), "big"))
    return np.random.Generator(stream).standard_normal(shape)


FEW_WORLDS = 500  # so few are drawn again and again, while somebody drags a point
_drawn_before = lru_cache(maxsize=1024)(_drawn)


def failed_share(samples: Array) -> float:
    """Share of the drawn worlds that gave no finite number.

    Parameters
    ----------
    samples : Array
        Shape (worlds,), world 0 first [any].

    Returns
    -------
    float
        Between 0 and 1 [1].

    References
    ----------
    .. [1] The design of this library, "Worlds".
    """
    return float(np.mean(~np.isfinite(samples[1:])))


def interval(
    samples: Array, name: str = "the quantity", level: float = LEVEL
) -> Interval:
    """World 0 with the central quantiles of the other worlds.

    Parameters
    ----------
    samples : Array
        Shape (worlds,), world 0 first [any].
    name : str
        What it is, for the refusal.
    level : float
        Share of worlds inside [1].

    Returns
    -------
    Interval
        In the unit of ``samples``.

    Raises
    ------
    WorldsRefusal
        If world 0 is not finite, or 5 % of the worlds or more are not.

    References
    ----------
    .. [1] The design of this library, "Worlds": a caution from 1 % of failed
       worlds, a refusal from 5 %.

    Examples
    --------
    >>> interval(np.array([2.0, 1.0, 2.0, 3.0])).value
    2.0
    """
    if not np.isfinite(samples[0]):
        raise WorldsRefusal(f"{name} has no value in the nominal world")
    share = failed_share(samples)
    if share >= REFUSAL_SHARE:
        raise WorldsRefusal(
            f"{name} failed in {share:.1%} of the worlds; "
            f"allowed is less than {REFUSAL_SHARE:.0%}"
        )
    drawn = samples[1:][np.isfinite(samples[1:])]
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(float(samples[0]), float(low), float(high), level)


def shares_of(samples: Array, inputs: Mapping[str, Array]) -> dict[str, float]:
    """How much of the scatter of a result each of its inputs explains.

    Parameters
    ----------
    samples : Array
        Shape (worlds,) or (worlds, n), signed components of the result, world 0
        first, each divided by what counts as much as the others [1].
    inputs : dict of str to Array
        Draws of each input, shape (worlds,) or (worlds, ...), independent of the
        other inputs [any].

    Returns
    -------
    dict of str to float
        Largest first; shares of variance, together at most about 1 [1].

    References
    ----------
    .. [1] First-order shares by linear regression (Saltelli 2008, chapter 1): exact
       where the result is linear in the inputs. Give components, never a norm: a norm
       answers to no input in a straight line.

    Examples
    --------
    >>> worlds = Worlds(count=500)
    >>> a, b = worlds.normal("a", 2.0), worlds.normal("b", 1.0)
    >>> list(shares_of(a + b, {"b": b, "a": a}))
    ['a', 'b']
    """
    found = _centred(samples)
    total = float((found**2).sum())
    if not total:
        return dict.fromkeys(inputs, 0.0)
    shares = {}
    for name, draws in inputs.items():
        drawn = _centred(draws)
        slopes = np.linalg.pinv(drawn.T @ drawn) @ (drawn.T @ found)
        shares[name] = float(((drawn @ slopes) ** 2).sum()) / total
    return dict(sorted(shares.items(), key=lambda pair: -pair[1]))


def _centred(samples: Array) -> Array:
    """Drawn worlds about their mean, shape (worlds - 1, n)."""
    drawn = samples[1:].reshape(len(samples) - 1, -1)
    return np.asarray(drawn - drawn.mean(axis=0))

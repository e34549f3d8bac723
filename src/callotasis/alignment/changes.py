"""Two films of one person: which change is real, and which is the films' own noise.

A leg that nobody operated on keeps its length. Seen on both films it is a ruler:
worlds in which it seems to have grown or shrunk are worlds whose scale was off, and
what is known of the other leg is narrowed by as much as both share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.alignment.measurement import MeasuredFilm
from callotasis.errors import Refusal, WorldsRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import Method
from callotasis.worlds import Array, Interval, interval

RULED = ("femur_length_mm", "tibia_length_mm")


class Reality(StrEnum):
    """What an interval says about a change."""

    REAL = "real"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Change:
    """Later minus earlier.

    Attributes
    ----------
    value, low, high, level : float
        The change and its interval [mm or deg, as the name says].
    detectable : float
        Smallest change that two such films would show: half the width [same].
    reality : Reality
        Real where the interval leaves out zero.
    """

    value: float
    low: float
    high: float
    level: float
    detectable: float
    reality: Reality


@dataclass(frozen=True)
class Changes:
    """What ``callotasis compare`` prints.

    Attributes
    ----------
    ruler : Side or None
        The leg that was taken as unchanged.
    ruler_seemed : Interval or None
        By which factor it seemed to have grown, before it was used [1].
    sides : dict of Side to dict of str to Change
        By quantity.
    discrepancy_mm : Change or None
        Of right minus left [mm].
    findings : tuple of Finding
        What was assumed.
    """

    ruler: Side | None
    ruler_seemed: Interval | None
    sides: Mapping[Side, Mapping[str, Change]]
    discrepancy_mm: Change | None
    findings: tuple[Finding, ...]


def changes_between(
    earlier: MeasuredFilm, later: MeasuredFilm, ruler: Side | None = None
) -> Changes:
    """Set two films of one person beside each other.

    Both films' unknowns are drawn apart from each other. Some are the same person's
    habit, so the true interval of a change is, if anything, narrower.

    Parameters
    ----------
    earlier, later : MeasuredFilm
        Measured in as many worlds, from different seeds.
    ruler : Side, optional
        A leg that did not change in between: grown, not operated on.

    Returns
    -------
    Changes
        Of every quantity that both films show [mm, deg].

    Raises
    ------
    WorldsRefusal
        If the films share their draws, or differ in how many.
    Refusal
        If the ruler stands on one film only, or a film has no scale.

    References
    ----------
    .. [1] Conditional simulation of a linear Gaussian: Kalman 1960; smallest detectable
       change: 1.96 standard deviations of a difference.
    """
    _check(earlier, later, ruler)
    both = [s for s in Side if s in earlier.samples and s in later.samples]
    differences = {
        side: {
            name: later.samples[side][name] - earlier.samples[side][name]
            for name in earlier.samples[side]
            if name in later.samples[side] and (_scaled(earlier, later) or _angle(name))
        }
        for side in both
    }
    unchanged = _Unchanged(_seemed(earlier, later, [] if ruler is None else [ruler]))
    narrow = unchanged.narrowed
    found = {
        side: {n: _change(narrow(d), n) for n, d in of_side.items()}
        for side, of_side in differences.items()
    }
    legs = [differences.get(s, {}).get("leg_length_mm") for s in Side]
    total = None
    if legs[0] is not None and legs[1] is not None:
        total = _change(narrow(legs[0] - legs[1]), "discrepancy")
    return Changes(
        ruler=ruler,
        ruler_seemed=None
        if ruler is None
        else interval(np.exp(np.mean(unchanged.seemed, axis=0)), "the ruler"),
        sides=found,
        discrepancy_mm=total,
        findings=() if ruler is None else (_ruler_note(ruler),),
    )


def lengths_together(
    first: MeasuredFilm, second: MeasuredFilm
) -> dict[Side, dict[str, Interval]]:
    """Lengths from two films between which nothing changed.

    Parameters
    ----------
    first, second : MeasuredFilm
        As :func:`changes_between` takes them.

    Returns
    -------
    dict of Side to dict of str to Interval
        Lengths of the first film, narrowed by the second [mm].

    Raises
    ------
    WorldsRefusal, Refusal
        As :func:`changes_between`.

    References
    ----------
    .. [1] As :func:`changes_between`.
    """
    _check(first, second, None)
    if not _scaled(first, second):
        raise Refusal("a film has no scale; lengths of two films need both scales")
    both = [s for s in Side if s in first.samples and s in second.samples]
    narrow = _Unchanged(_seemed(first, second, both)).narrowed
    return {
        side: {
            name: interval(narrow(first.samples[side][name]), name)
            for name in (*RULED, "leg_length_mm")
        }
        for side in both
    }


def _check(earlier: MeasuredFilm, later: MeasuredFilm, ruler: Side | None) -> None:
    one, other = earlier.worlds, later.worlds
    if one.count != other.count or one.seed == other.seed:
        raise WorldsRefusal(
            f"two films in {one.count} and {other.count} worlds of seeds {one.seed} "
            f"and {other.seed}; needed are as many worlds of different seeds"
        )
    if ruler is None:
        return
    if not (ruler in earlier.samples and ruler in later.samples):
        raise Refusal(f"the {ruler.word} leg is no ruler: both films must show it")
    if not _scaled(earlier, later):
        raise Refusal("a ruler needs both films to have a scale, and one has none")


def _scaled(*films: MeasuredFilm) -> bool:
    return all(f.calibration.method is not Method.NONE for f in films)


def _angle(name: str) -> bool:
    return name.endswith("_deg")


def _seemed(earlier: MeasuredFilm, later: MeasuredFilm, sides: list[Side]) -> Array:
    """Logarithm of the growth of each unchanged bone, shape (bones, worlds) [1]."""
    own = constant("changes.unchanged_bone").spread
    grown = [
        np.log(later.samples[s][name] / earlier.samples[s][name])
        + earlier.worlds.normal(f"changes/{s}/{name}", own)
        for s in sides
        for name in RULED
    ]
    return np.array(grown).reshape(len(grown), earlier.worlds.count + 1)


@dataclass(frozen=True, eq=False)
class _Unchanged:
    """What must be zero in every world, shape (bones, worlds); narrows the rest."""

    seemed: Array

    def narrowed(self, samples: Array) -> Array:
        """Samples, given that nothing of this changed, shape (worlds,)."""
        if not len(self.seemed):
            return samples
        drawn = self.seemed[:, 1:]
        spread = np.atleast_2d(np.cov(drawn))
        centred = drawn - drawn.mean(axis=1, keepdims=True)
        shared = centred @ (samples[1:] - samples[1:].mean()) / (drawn.shape[1] - 1)
        return np.asarray(samples - np.linalg.solve(spread, shared) @ self.seemed)


def _change(samples: Array, name: str) -> Change:
    found = interval(samples, f"change of {name}")
    return Change(
        found.value,
        found.low,
        found.high,
        found.level,
        (found.high - found.low) / 2,
        Reality.REAL if found.excludes(0.0) else Reality.NOT_SHOWN,
    )


def _ruler_note(ruler: Side) -> Finding:
    return Finding(
        Level.NOTE,
        "changes.ruler",
        f"The {ruler.word} leg is taken as unchanged between both films.",
        "Use no leg that grows, was operated on, or stood otherwise bent.",
        "changes.unchanged_bone",
        str(ruler),
    )

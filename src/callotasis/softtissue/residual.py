"""Ranges of the joints, read as stretch that the muscles have not yet grown.

A passive movement ends where its muscle is as taut as it was at the end of the same
movement before surgery. A muscle that was drawn out by more than it grew gets there
earlier; the difference of its two lengths in the muscle table, before minus now, is
that residual stretch. The table's leg is made as large as the patient's by the length
of the bone that is lengthened. Model estimate, not validated on patients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.softtissue.cut import Cut, groups_spanning
from callotasis.softtissue.joint_tests import TESTS, JointTest
from callotasis.softtissue.muscles import Muscle, mean_length_mm, muscles_of
from callotasis.softtissue.ranges import Ranges
from callotasis.worlds import NORMAL_95, Array, Interval, Worlds, interval, log_sd

MODEL_SAYS = "model estimate, not validated"
MOST_SHARE = 0.95
"""Of the pull at the end of the shared test, the part that another muscle may take."""


@dataclass(frozen=True)
class Exam:
    """Ranges on one day.

    Attributes
    ----------
    day : int
        Day 0 is the osteotomy [day].
    ranges : Ranges
        What was measured [deg].
    """

    day: int
    ranges: Ranges


@dataclass(frozen=True)
class Readings:
    """One test, read before surgery and at exams, in all worlds.

    Attributes
    ----------
    group : str
        Muscle group.
    days : tuple of int
        Of the exams at which the test was done [day].
    lost_mm : Array
        Reach that the muscle has lost since before surgery, with the doubt of the
        readings, shape (worlds + 1, exams) [mm].
    told_apart_mm : Array
        What was added to (taken from) the lost reach because the muscle beside takes
        less (more) of the pull than before, of the same shape [mm].
    per_lost : Array
        Residual stretch for a millimetre of lost reach, shape (worlds + 1,) [mm/mm].
    """

    group: str
    days: tuple[int, ...]
    lost_mm: Array
    told_apart_mm: Array
    per_lost: Array

    @property
    def stretch_mm(self) -> Array:
        """Residual stretch in all worlds, shape (worlds + 1, exams) [mm]."""
        return self.lost_mm * self.per_lost[:, None]


def residual_stretch(
    cut: Cut, before: Ranges, now: Ranges, worlds: Worlds | None = None
) -> dict[str, Interval]:
    """Turn degrees that were lost into millimetres of stretch not yet grown.

    Parameters
    ----------
    cut : Cut
        Where the bone was cut [mm].
    before : Ranges
        The patient's own ranges before surgery [deg].
    now : Ranges
        Today's ranges [deg].
    worlds : Worlds or None
        How many draws the intervals rest on.

    Returns
    -------
    dict of str to Interval
        By muscle group, only groups that span the cut and were tested both times; 95 %
        intervals hold the goniometer at both times and the passive models [mm].

    References
    ----------
    .. [1] Equal length at the end of a passive movement; muscle lengths of gait2392;
       rows ``softtissue.passive_*``, ``softtissue.goniometer``,
       ``softtissue.stiffening``. Model estimate, not validated.

    Examples
    --------
    >>> from callotasis.pose import Bone
    >>> before = Ranges(dorsiflexion_knee_straight_deg=10.0,
    ...                 dorsiflexion_knee_bent_deg=20.0)
    >>> now = Ranges(dorsiflexion_knee_straight_deg=-5.0,
    ...              dorsiflexion_knee_bent_deg=15.0)
    >>> found = residual_stretch(Cut(Bone.TIBIA, 110.0, 370.0), before, now)
    >>> {group: round(mm.value) for group, mm in found.items()}
    {'gastrocnemius': 12, 'soleus': 3}
    """
    drawn = readings_of(cut, before, [Exam(0, now)], worlds or Worlds())
    return {group: _told(readings, (before, now)) for group, readings in drawn.items()}


def readings_of(
    cut: Cut, before: Ranges, exams: Sequence[Exam], worlds: Worlds
) -> dict[str, Readings]:
    """Read every test that speaks of this cut, exam by exam, in all worlds.

    Parameters
    ----------
    cut : Cut
        Where the bone was cut [mm].
    before : Ranges
        Before surgery; its error is the same for all exams [deg].
    exams : sequence of Exam
        In any order [deg].
    worlds : Worlds
        How many draws.

    Returns
    -------
    dict of str to Readings
        By muscle group.

    References
    ----------
    .. [1] As :func:`residual_stretch`.
    """
    found: dict[str, Readings] = {}
    spanned = groups_spanning(cut)
    for group in (g for g in spanned if g in TESTS):
        test = TESTS[group]
        done = [exam for exam in exams if test.read(exam.ranges) is not None]
        if test.read(before) is None or not done:
            continue
        both = [
            _lost_mm(test, spanned[group], (before, exam.ranges), (worlds, exam.day))
            for exam in done
        ]
        reach, apart = (np.stack(part, axis=1) for part in zip(*both, strict=True))
        found[group] = Readings(
            group=group,
            days=tuple(exam.day for exam in done),
            lost_mm=cut.size * (reach + apart),
            told_apart_mm=cut.size * apart,
            per_lost=_about(worlds, test.evidence),
        )
    return found


def _told(readings: Readings, ranges: tuple[Ranges, Ranges]) -> Interval:
    """Interval of one exam; an untold pair of muscles counts from nothing."""
    found = interval(readings.stretch_mm[:, 0], readings.group)
    beside = TESTS[readings.group].beside
    if beside and any(TESTS[beside].read(known) is None for known in ranges):
        # Without its own test the other muscle may explain everything.
        return Interval(found.value, min(found.low, 0.0), found.high, found.level)
    return found


def _lost_mm(
    test: JointTest,
    muscles: Sequence[Muscle],
    ranges: tuple[Ranges, Ranges],
    when: tuple[Worlds, int],
) -> tuple[Array, Array]:
    """Reach that a group has lost between two readings, and what tells it apart."""
    before, now = ranges
    worlds, day = when
    at = [_read(test, before, worlds, "before"), _read(test, now, worlds, f"{day}")]
    reach = [
        mean_length_mm(muscles, test.pose(reading, known))
        for reading, known in zip(at, ranges, strict=True)
    ]
    lost: Array = reach[0] - reach[1]
    if not test.beside or any(TESTS[test.beside].read(r) is None for r in ranges):
        return lost, np.zeros_like(lost)
    shares = [
        _taken_by_other(test, known, worlds, moment)
        for known, moment in zip(ranges, ("before", f"{day}"), strict=True)
    ]
    own = np.log((1 - shares[1]) / (1 - shares[0])) / _about(
        worlds, "softtissue.stiffening"
    )
    # What another muscle explains can take a loss away, never make it a gain.
    return lost, np.maximum(own, -np.maximum(lost, 0.0))


def _taken_by_other(
    test: JointTest, known: Ranges, worlds: Worlds, moment: str
) -> Array:
    """Part of the pull at the end of a test that the group beside it takes."""
    other = TESTS[test.beside]
    muscles = muscles_of(other.group)
    here = mean_length_mm(muscles, test.pose(_read(test, known, worlds, moment), known))
    own_end = mean_length_mm(
        muscles, other.pose(_read(other, known, worlds, moment), known)
    )
    stiff = _about(worlds, "softtissue.stiffening")
    return np.minimum(np.exp(stiff * np.minimum(here - own_end, 0.0)), MOST_SHARE)


def _read(test: JointTest, known: Ranges, worlds: Worlds, moment: str) -> Array:
    """A reading in all worlds: as read in world 0, with the goniometer's error."""
    value = test.read(known)
    if value is None:
        raise ValueError(f"{test.reading} was not measured")
    sd = constant("softtissue.goniometer").value / NORMAL_95
    return value + worlds.normal(f"softtissue/{test.reading}/{moment}", sd)


def _about(worlds: Worlds, key: str) -> Array:
    """A factor of the model in all worlds: lognormal over the row's interval."""
    row = constant(key)
    sigma = log_sd(row.low, row.high)
    return row.value * np.exp(worlds.normal(key, sigma))

"""How fast do the muscles follow? A lag, fitted to the exams of one patient.

A muscle follows with a lag, and a share of the gain is not grown while turning lasts
(:mod:`~callotasis.softtissue.course`). Motion is also lost by the
operation alone (pain, swelling, pins); that part is told apart, best by an exam before
the first turn. All three are the patient's own: priors that nobody measured are
narrowed by each exam. One lag is not the whole truth: tissue that takes months
(capsule, adhesions) has no place in it, so it must not be asked how soon motion comes
back after the last turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from callotasis.errors import RecordRefusal
from callotasis.evidence import constant
from callotasis.softtissue.course import Turned, lagging_mm
from callotasis.softtissue.cut import Cut, Spanned, spanning
from callotasis.softtissue.joint_tests import TESTS
from callotasis.softtissue.ranges import Ranges
from callotasis.softtissue.residual import Exam, Readings, readings_of
from callotasis.worlds import Array, Interval, Worlds, log_sd

BAND = 0.9
TAU_DAYS = np.geomspace(0.8, 60.0, 56)
PSI = np.linspace(0.0, 0.7, 43)
PER_LOST_SD = np.linspace(-2.4, 2.4, 7)  # places at which the passive model is tried
COSTS = 16
AT_SURGERY = -np.log1p(-(np.arange(COSTS) + 0.5) / COSTS)  # equally likely, in means
SOON_AFTER_DAYS = 14.0
UNEXPLAINED_MM = 0.7  # what a model of one lag leaves of a true course, at the least
DRAWS = Worlds(count=400, seed=7)


@dataclass(frozen=True)
class Lag:
    """How one muscle group follows, after all exams.

    Attributes
    ----------
    group : str
        Muscle group.
    days : tuple of int
        Of the exams [day].
    stretch_mm : tuple of Interval
        Residual stretch at each exam by itself, 95 % [mm].
    now_mm : Interval
        Residual stretch on the last of these days by all exams together, with what the
        operation cost, 90 % [mm].
    from_gain_mm : Interval
        Of it what the lengthening stretched and is not yet grown, 90 % [mm].
    at_surgery_mm : Interval
        Of this, what the operation alone cost: no stretch, but read as one, 90 % [mm].
    tau_days, psi : Interval
        Lag, and share that does not adapt while turning lasts, 90 % [day, 1].
    share : float
        Millimetres of stretch a millimetre of gain puts on the group [mm/mm].
    furthest_off : float
        How far the exam that is explained worst lies from the fit, in its own standard
        deviations; above 3 this model is not this patient's [1].
    weight : Array
        Posterior over (tau, psi, cost of the operation, passive model), sum 1 [1].
    costs_mm, per_lost : Array
        Costs of the operation, and residual stretch for a millimetre of lost reach,
        that were tried [mm, mm/mm].
    """

    group: str
    days: tuple[int, ...]
    stretch_mm: tuple[Interval, ...]
    now_mm: Interval
    from_gain_mm: Interval
    at_surgery_mm: Interval
    tau_days: Interval
    psi: Interval
    share: float
    furthest_off: float
    weight: Array = field(repr=False)
    costs_mm: Array = field(repr=False)
    per_lost: Array = field(repr=False)


def fit_lag(
    cut: Cut, before: Ranges, exams: Sequence[Exam], turned: Turned
) -> dict[str, Lag]:
    """Fit lag and never-adapting share to the exams of one bone.

    Parameters
    ----------
    cut : Cut
        Where the bone was cut [mm].
    before : Ranges
        The patient's own ranges before surgery [deg].
    exams : sequence of Exam
        After surgery; those of more than two weeks after a turn are left out, since
        what comes back then is not the lag's [day, deg].
    turned : callable
        All that was really turned until a day [day to mm].

    Returns
    -------
    dict of str to Lag
        By muscle group, those that were tested before surgery and since.

    Raises
    ------
    RecordRefusal
        If an exam lies before surgery, or two are of one day.

    References
    ----------
    .. [1] Bayes' rule on a grid. Priors: rows ``softtissue.lag_days`` (lognormal),
       ``softtissue.never_adapting`` (beta) and ``softtissue.lost_at_surgery_*``
       (exponential), all assumed. Errors of the
       goniometer are normal, that before surgery common to all exams; the passive
       model is one unknown factor per patient.
    """
    ordered = sorted(exams, key=lambda exam: exam.day)
    days = [exam.day for exam in ordered]
    if any(day < 0 for day in days) or len({*days}) < len(days):
        raise RecordRefusal(
            f"exams of days {', '.join(map(str, days))}; allowed is one a day, from "
            "day 0 on"
        )
    drawn = readings_of(cut, before, _while_turning(ordered, turned), DRAWS)
    spanned = spanning(cut)
    return {
        group: _fitted(readings, _share_of(group, spanned), turned)
        for group, readings in drawn.items()
    }


def never_adapting_prior() -> tuple[float, float]:
    """Both parameters of the beta distribution with the mean and SD of its row."""
    row = constant("softtissue.never_adapting")
    both = row.value * (1 - row.value) / row.spread**2 - 1
    return row.value * both, (1 - row.value) * both


def prior() -> Array:
    """Weight before any exam of lag, share, cost of the operation, passive model."""
    row = constant("softtissue.lag_days")
    sigma = log_sd(row.low, row.high)
    # The grid of lags is even in the logarithm, those of the others as they are.
    tau = np.exp(-0.5 * (np.log(TAU_DAYS / row.value) / sigma) ** 2)
    a, b = never_adapting_prior()
    psi = PSI ** (a - 1) * (1 - PSI) ** (b - 1)
    cost = np.ones(COSTS)
    model = np.exp(-0.5 * PER_LOST_SD**2)
    weight = np.einsum("t,p,c,m->tpcm", tau, psi, cost, model)
    return np.asarray(weight / weight.sum())


def weighted(values: Array, weight: Array, level: float = BAND) -> Interval:
    """Median and central band of values with weights.

    Parameters
    ----------
    values, weight : Array
        Of one shape [any, 1].
    level : float
        Share of the weight inside [1].

    Returns
    -------
    Interval
        In the unit of the values.

    References
    ----------
    .. [1] Quantiles of a weighted sample, half of each weight below its value.
    """
    order = np.argsort(values, axis=None)
    sorted_values, share = values.ravel()[order], weight.ravel()[order]
    below = (np.cumsum(share) - share / 2) / share.sum()
    tails = ((1 - level) / 2, 0.5, (1 + level) / 2)
    low, middle, high = np.interp(tails, below, sorted_values)
    return Interval(float(middle), float(low), float(high), level)


def _while_turning(exams: Sequence[Exam], turned: Turned) -> list[Exam]:
    """Exams before the first turn, and those soon after any turn."""
    days = np.array([float(exam.day) for exam in exams])
    now, earlier = turned(days), turned(np.maximum(days - SOON_AFTER_DAYS, 0.0))
    kept = (now == turned(np.zeros(1))) | (now > earlier)
    return [exam for exam, keep in zip(exams, kept, strict=True) if keep]


def _share_of(group: str, spanned: Sequence[Spanned]) -> float:
    """Stretch per millimetre of gain: mean over the muscles of a group."""
    of_group = [one for one in spanned if one.group == group]
    return float(np.mean([one.share * one.part.value for one in of_group]))


def _models(group_per_lost: Array) -> Array:
    """Passive models that are tried, over the spread of those that were drawn."""
    logs = np.log(group_per_lost)
    return np.asarray(np.exp(logs[0] + PER_LOST_SD * logs[1:].std()))


def _fitted(readings: Readings, share: float, turned: Turned) -> Lag:
    days = np.array(readings.days, dtype=float)
    per_lost = _models(readings.per_lost)
    row = constant(TESTS[readings.group].at_surgery)
    costs = row.value * AT_SURGERY
    course = _grid_course(turned, days, share)
    whole = course[:, :, None] + costs[:, None]
    log_like = _log_likelihood(readings, whole, per_lost)
    weight = prior() * np.exp(log_like - log_like.max())
    weight = weight / weight.sum()
    flat = weight.sum(axis=3)
    return Lag(
        group=readings.group,
        days=readings.days,
        stretch_mm=tuple(_interval_95(column) for column in readings.stretch_mm.T),
        now_mm=weighted(whole[..., -1], flat),
        from_gain_mm=weighted(course[..., -1], flat.sum(axis=2)),
        at_surgery_mm=weighted(costs, flat.sum(axis=(0, 1))),
        tau_days=weighted(TAU_DAYS, flat.sum(axis=(1, 2))),
        psi=weighted(PSI, flat.sum(axis=(0, 2))),
        share=share,
        furthest_off=_furthest_off(readings, whole, per_lost, weight),
        weight=weight,
        costs_mm=costs,
        per_lost=per_lost,
    )


def _grid_course(turned: Turned, days: Array, share: float) -> Array:
    """Stretch at every lag and share, shape (lags, shares, days)."""
    lagging = lagging_mm(turned, days, TAU_DAYS)[:, None]
    psi = PSI[:, None]
    course: Array = share * ((1 - psi) * lagging + psi * turned(days))
    return course


def _spread(readings: Readings) -> Array:
    """Covariance of lost reach over the exams, shape (exams, exams) [mm²]."""
    exams = readings.lost_mm.shape[1]
    drawn = np.cov(readings.lost_mm[1:], rowvar=False).reshape(exams, exams)
    return np.asarray(drawn + UNEXPLAINED_MM**2 * np.eye(exams))


def _log_likelihood(readings: Readings, whole: Array, per_lost: Array) -> Array:
    """How well each combination explains the lost reach, passive models last."""
    root = np.linalg.inv(np.linalg.cholesky(_spread(readings)))
    seen, expected = root @ readings.lost_mm[0], whole @ root.T
    # (seen - expected / m)² multiplied out, so that models cost no memory.
    across = (expected @ seen)[..., None] / per_lost
    square = np.einsum("...k,...k->...", expected, expected)[..., None] / per_lost**2
    return np.asarray(-0.5 * (seen @ seen - 2 * across + square))


def _furthest_off(
    readings: Readings, whole: Array, per_lost: Array, weight: Array
) -> float:
    """Exam that the mean of the fit explains worst, in its standard deviations."""
    mean = np.einsum("tpck,tpcm,m->k", whole, weight, 1 / per_lost, optimize=True)
    off = (readings.lost_mm[0] - mean) / np.sqrt(np.diag(_spread(readings)))
    return float(np.abs(off).max())


def _interval_95(column: Array) -> Interval:
    low, high = np.quantile(column[1:], [0.025, 0.975])
    return Interval(float(column[0]), float(low), float(high))

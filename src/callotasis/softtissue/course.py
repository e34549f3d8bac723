"""The course of stretch while a bone is drawn out: a lag, and a share that stays.

While a bone is drawn out at rate(t), what a muscle has not yet grown is

    du/dt = rate(t) - u / tau,

and a share psi of the gain is not grown while turning lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from callotasis.worlds import Array

Turned = Callable[[Array], Array]
"""All that was turned until a day [day to mm], for many days at once."""

STEPS_PER_DAY = 4


def lagging_mm(turned: Turned, days: Array, tau_days: Array) -> Array:
    """What a lag alone leaves ungrown.

    Parameters
    ----------
    turned : callable
        All that was turned until a day [day to mm].
    days : Array
        Rising, from the day of surgery on [day].
    tau_days : Array
        Shape (lags,) [day].

    Returns
    -------
    Array
        Shape (lags, days) [mm].

    References
    ----------
    .. [1] du/dt = rate - u/tau, exact for a steady rate within each quarter of a day;
       for a steady rate from the start u = rate·tau·(1 - exp(-t/tau)).

    Examples
    --------
    >>> u = lagging_mm(lambda day: 1.0 * day, np.array([100.0]), np.array([5.0]))
    >>> round(float(u[0, 0]), 3)
    5.0
    """
    last = float(days.max(initial=0.0)) or 1 / STEPS_PER_DAY
    steps = int(np.ceil(last * STEPS_PER_DAY))
    edges = np.linspace(0.0, last, steps + 1)
    gains = np.diff(turned(edges), prepend=0.0)
    width = last / steps
    keeps = np.exp(-width / tau_days)
    takes = (1 - keeps) * tau_days / width
    course = np.zeros((steps + 1, len(tau_days)))
    course[0] = gains[0]  # an acute lengthening at surgery
    for step in range(1, steps + 1):
        course[step] = course[step - 1] * keeps + gains[step] * takes
    at = np.clip(days / width, 0, steps)
    low = np.minimum(at.astype(int), steps - 1)
    part = (at - low)[:, None]
    found: Array = ((1 - part) * course[low] + part * course[low + 1]).T
    return found


def stretch_course_mm(
    turned: Turned, days: Array, tau_days: Array, psi: Array
) -> Array:
    """Residual stretch by lag and never-adapting share.

    Parameters
    ----------
    turned : callable
        All that was turned until a day [day to mm].
    days : Array
        Rising [day].
    tau_days, psi : Array
        Same shape (courses,) [day, 1].

    Returns
    -------
    Array
        Shape (courses, days) [mm].

    References
    ----------
    .. [1] u = (1 - psi)·lagging + psi·turned; :func:`lagging_mm`.
    """
    lagging = lagging_mm(turned, days, tau_days)
    return (1 - psi[:, None]) * lagging + psi[:, None] * turned(days)


def turned_between(known: Mapping[float, float]) -> Turned:
    """A course through known totals, straight between them and level after.

    Parameters
    ----------
    known : dict of float to float
        All that was turned until a day [day to mm].

    Returns
    -------
    callable
        Total at any day, before the first as on the first [day to mm].

    References
    ----------
    .. [1] Linear interpolation.
    """
    days = np.array(sorted(known))
    totals = np.array([known[day] for day in sorted(known)])

    def turned(at: Array) -> Array:
        return np.asarray(np.interp(at, days, totals))

    return turned

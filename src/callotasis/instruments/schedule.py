"""When to ask: before surgery, again and again in treatment, then until two years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callotasis.distraction import Phase
from callotasis.evidence import constant
from callotasis.instruments.instrument import catalogue

EVERY: Mapping[Phase, str] = {
    Phase.DISTRACTION: "instruments.every_distraction",
    Phase.CONSOLIDATION: "instruments.every_consolidation",
    Phase.LOADING: "instruments.every_loading",
}
"""Row with the days between two checks; in latency nobody is asked."""


@dataclass(frozen=True)
class Due:
    """One questionnaire that waits to be answered.

    Attributes
    ----------
    instrument, title : str
        Key of the questionnaire, and its name.
    since_day : int
        Day from which it is due; day 0 is the osteotomy [day].
    evidence : str
        Row of the schedule; empty before surgery.
    """

    instrument: str
    title: str
    since_day: int
    evidence: str = ""


def due(
    day: int, phase: Phase, last: Mapping[str, int], *, phase_start: int = 0
) -> tuple[Due, ...]:
    """Say which questionnaires are due on a day.

    Parameters
    ----------
    day : int
        Day since the osteotomy, negative before it [day].
    phase : Phase
        Where the case stands on that day.
    last : dict of str to int
        Day of the newest answer to each questionnaire, by key; one never answered is
        absent [day].
    phase_start : int
        First day of the phase: nothing is due of an earlier day [day].

    Returns
    -------
    tuple of Due
        Before surgery what was never answered; in latency none; then what was last
        answered longer ago than the schedule says; none after the last day of it.

    References
    ----------
    .. [1] Rows ``instruments.every_*`` and ``instruments.last_check``: proposals.

    Examples
    --------
    >>> [d.instrument for d in due(30, Phase.DISTRACTION, dict.fromkeys(
    ...     ["gad7", "pain", "loneliness", "sleep", "work", "back_pain", "knee_pain"],
    ...     20)) ]
    ['phq9']
    """
    asked = {key: known for key, known in catalogue().items() if known.scheduled}
    if phase is Phase.PLANNED:
        return tuple(Due(k, x.title, day) for k, x in asked.items() if k not in last)
    if phase not in EVERY or day > constant("instruments.last_check").value:
        return ()
    row = constant(EVERY[phase])
    since = {key: _since(last.get(key), int(row.value), phase_start) for key in asked}
    return tuple(
        Due(key, known.title, since[key], row.key)
        for key, known in asked.items()
        if since[key] <= day
    )


def _since(last: int | None, every: int, phase_start: int) -> int:
    return phase_start if last is None else max(last + every, phase_start)

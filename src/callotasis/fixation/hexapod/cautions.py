"""What must be said about a program before the first turn."""

from __future__ import annotations

import numpy as np

from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.doubt import Doubt
from callotasis.fixation.hexapod.orders import ProgramOrder
from callotasis.worlds import Array


def mark_findings(order: ProgramOrder, fastest_mm: float) -> list[Finding]:
    """Say where struts that stand on marks hurry the bone on a single day.

    Parameters
    ----------
    order : ProgramOrder
        Its rate and the distance of marks [mm].
    fastest_mm : float
        Way of the fastest point of the cut on any day [mm].

    Returns
    -------
    list of Finding
        A caution, or nothing.

    References
    ----------
    .. [1] Evidence row ``distraction.rate_stop``.
    """
    limit = constant("distraction.rate_stop")
    if fastest_mm <= limit.value:
        return []
    return [
        Finding(
            Level.CAUTION,
            "frame.marks",
            f"Struts stand on marks {order.graduation_mm:g} mm apart: on one day the "
            f"rim of the cut moves {fastest_mm:.1f} mm where {order.rate_mm_per_day:g} "
            "mm are planned; the days after it move less.",
            "Use finer marks, or turn the day's millimetres at several times.",
            limit.key,
            order.segment,
        )
    ]


def strut_findings(struts_mm: Array, about: str) -> list[Finding]:
    """Say when one strut is turned far in a day, though no structure moves far.

    Parameters
    ----------
    struts_mm : Array
        Shape (days + 1, 6), as set [mm].
    about : str
        The segment.

    Returns
    -------
    list of Finding
        A caution that names the strut and the day, or nothing.

    References
    ----------
    .. [1] Evidence row ``hexapod.strut_per_day``.
    """
    limit = constant("hexapod.strut_per_day")
    turned = np.abs(np.diff(struts_mm, axis=0))
    if not turned.size or turned.max() <= limit.value + TINY_MM:
        return []
    day, strut = np.unravel_index(int(turned.argmax()), turned.shape)
    return [
        Finding(
            Level.CAUTION,
            "frame.strut_far",
            f"Strut {strut + 1} is turned {turned.max():.1f} mm on day {day + 1}; up "
            f"to {limit.value:g} mm a day are usual for a strut.",
            "Turn it at several times of that day, lower the rate, or name structures "
            "at risk farther out.",
            limit.key,
            about,
        )
    ]


TINY_MM = 1e-6


def reading_findings(order: ProgramOrder, doubt: Doubt) -> list[Finding]:
    """Say when readings should be made again before the first turn.

    Parameters
    ----------
    order : ProgramOrder
        Typed parameters, or films.
    doubt : Doubt
        How wrong the program may be.

    Returns
    -------
    list of Finding
        Cautions.

    References
    ----------
    .. [1] Evidence rows ``hexapod.second_program_chance`` and ``hexapod.read_shift``.
    """
    found = []
    limit = constant("hexapod.second_program_chance")
    chance = doubt.chance_of_second_program
    if chance > limit.value:
        worst = doubt.read_again[0]
        found.append(
            Finding(
                Level.CAUTION,
                "frame.read_again",
                f"A second program is needed in {chance:.0%} of the worlds within the "
                f"scatter of these readings; {worst.share:.0%} of it comes from "
                f"'{worst.reading}'.",
                f"Read '{worst.reading}' again first, and say so in read_times.",
                limit.key,
                order.segment,
            )
        )
    if order.films is None:
        row = constant("hexapod.read_shift")
        found.append(
            Finding(
                Level.CAUTION,
                "frame.typed",
                f"Deformity and mounting were typed: shifts are right to {row.value:g} "
                f"mm only off square films with a ball at the bone, else to "
                f"{row.high:g} mm or more.",
                "Read the points of two films instead, or say a larger scatter.",
                row.key,
                order.segment,
            )
        )
    return found

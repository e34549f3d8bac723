"""Charts of motion: how joints did beside their alarm lines, how evenly one walks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.followup import BoneCourse, Walked
from callotasis.rehabilitation import knee_band
from callotasis.report.style import (
    FINDING_COLOUR,
    FIXED,
    PHASES,
    RULE,
    SERIES,
    drawing,
)

LINES = {
    "knee_flexion_deg": (
        "knee bends [deg]",
        ("rehabilitation.knee_flexion_caution", "rehabilitation.knee_flexion_stop"),
        1,
    ),
    "knee_extension_lack_deg": (
        "knee lacks of straight [deg]",
        (
            "rehabilitation.knee_contracture_caution",
            "rehabilitation.knee_contracture_stop",
        ),
        1,
    ),
    "dorsiflexion_knee_straight_deg": (
        "foot lifts, knee straight [deg]",
        ("rehabilitation.ankle_neutral", "rehabilitation.equinus_lengthening"),
        -1,
    ),
}
"""Range, its axis, its caution and stop, and the sign of the stop on this axis."""


def ranges_chart(course: BoneCourse) -> Figure | None:
    """Draw every joint range that was measured, with its alarm lines.

    Parameters
    ----------
    course : BoneCourse
        Of this bone's leg [deg, day].

    Returns
    -------
    Figure or None
        None where no range has a line.

    References
    ----------
    .. [1] Rows ``rehabilitation.knee_*``, ``rehabilitation.ankle_neutral`` and
       ``rehabilitation.equinus_lengthening``; points of others:
       :func:`callotasis.rehabilitation.knee_band`.
    """
    shown = {
        name: points for name in LINES if (points := _points(course, name)) is not None
    }
    if not shown:
        return None
    with drawing():
        figure = Figure(figsize=(7.2, 2.2), layout="constrained")
        panels = figure.subplots(1, len(shown), squeeze=False)[0]
        for axes, (name, (days, values)) in zip(panels, shown.items(), strict=True):
            label, (caution, stop), sign = LINES[name]
            axes.plot(days, values, "o-", color=SERIES[0], ms=3, lw=1)
            for key, colour, style in (
                (caution, FINDING_COLOUR[Level.CAUTION], "--"),
                (stop, FINDING_COLOUR[Level.STOP], "-"),
            ):
                at = constant(key).value * (sign if key is stop else 1)
                axes.axhline(at, color=colour, lw=1, ls=style)
                axes.annotate(
                    "stop" if key is stop else "caution",
                    (1, at),
                    xycoords=("axes fraction", "data"),
                    ha="right",
                    va="bottom",
                    fontsize=7,
                    color=colour,
                )
            if name == "knee_flexion_deg":
                _band_of_others(axes, course, max(days[-1], course.end_day))
            axes.axvspan(
                course.first_asked_day or 0,
                max(course.end_day, course.first_asked_day or 0),
                color=PHASES["distraction"],
                lw=0,
            )
            axes.set_title(label, fontsize=9)
            axes.set_xlabel("day after the osteotomy")
            axes.margins(y=0.15)
    return figure


AHEAD_DAYS = 60  # beyond the last exam; later points would squeeze what was measured


def _band_of_others(axes: Axes, course: BoneCourse, last: float) -> None:
    """Points at which a published series speaks of this knee; nothing joins them."""
    before = course.before
    if before is None or before.knee_flexion_deg is None:
        return
    latency, end = course.first_asked_day or 0, course.end_day
    if not latency < end:
        return
    band = knee_band(
        course.segment.bone, course.device.kind, before.knee_flexion_deg, latency, end
    )
    near = [point for point in band if point.day <= last + AHEAD_DAYS]
    for point in near:
        middle = (point.low_deg + point.high_deg) / 2
        axes.errorbar(
            point.day,
            middle,
            yerr=middle - point.low_deg,
            fmt="D",
            ms=3,
            color=FIXED,
            lw=3,
            alpha=0.6,
        )
    if near:
        axes.annotate(
            "others, rough",
            (near[0].day, near[0].low_deg),
            xytext=(4, -2),
            textcoords="offset points",
            va="top",
            fontsize=7,
            color=FIXED,
        )


def walking_chart(walks: Sequence[Walked]) -> Figure | None:
    """Draw how uneven each walk was, beside what is published.

    Parameters
    ----------
    walks : sequence of Walked
        In order [day, %].

    Returns
    -------
    Figure or None
        None with fewer than two walks: one is told in words.

    References
    ----------
    .. [1] Rows ``rehabilitation.stance_*``.
    """
    if len(walks) < 2:  # noqa: PLR2004 - a course needs two points
        return None
    sizes = [walk.stance.asymmetry_percent for walk in walks]
    middle = np.array([size.value for size in sizes])
    low, high = (np.array([getattr(s, end) for s in sizes]) for end in ("low", "high"))
    with drawing():
        figure = Figure(figsize=(7.2, 2.2), layout="constrained")
        axes = figure.subplots()
        axes.errorbar(
            [walk.day for walk in walks],
            middle,
            yerr=[middle - low, high - middle],
            fmt="o-",
            color=SERIES[0],
            ms=4,
            lw=1,
            capsize=2,
        )
        for key, word in STANCE.items():
            at = constant(key).value
            axes.axhline(at, color=FIXED, lw=0.8, ls="--")
            axes.annotate(
                word,
                (0.5, at),
                xycoords=("axes fraction", "data"),
                va="bottom",
                fontsize=7,
                color=FIXED,
            )
        axes.axvline(0, color=RULE, lw=0.8)
        axes.set(xlabel="day after the first operation", ylabel="uneven stance [%]")
        axes.set_ylim(0, None)
        axes.margins(y=0.15)
    return figure


STANCE = {
    "rehabilitation.stance_before": "published, before",
    "rehabilitation.stance_after": "published, after",
}


def _points(course: BoneCourse, name: str) -> tuple[list[int], list[float]] | None:
    said = [
        (day, value)
        for day, ranges in course.ranges
        if (value := ranges.measured().get(name)) is not None
    ]
    if not said:
        return None
    return [day for day, _ in said], [value for _, value in said]

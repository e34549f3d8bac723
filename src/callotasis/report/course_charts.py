"""Charts of a course: what was asked, turned and seen; how joints and bone did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from callotasis.distraction import Phase
from callotasis.evidence import constant
from callotasis.followup import BoneCourse, Forecast
from callotasis.pose import Bone
from callotasis.report.style import (
    FIXED,
    MEASURED,
    PHASES,
    RULE,
    SERIES,
    WANTED,
    drawing,
)
from callotasis.worlds import Interval

Said = Sequence[tuple[int, Forecast]]
"""Forecasts as they stood on earlier days, by day."""

GATE = {
    Bone.FEMUR: "rehabilitation.femur_mean_ratio",
    Bone.TIBIA: "rehabilitation.tibia_ratio",
}


def course_chart(course: BoneCourse, forecast: Forecast | None) -> Figure:
    """Draw prescribed, turned and measured length of one bone, and when it heals.

    Parameters
    ----------
    course : BoneCourse
        Of this bone [mm, day].
    forecast : Forecast or None
        As it stands.

    Returns
    -------
    Figure
        Thin line: prescribed. Steps: turned. Dots with whiskers: on film. Bar:
        forecast, 90 and 50 %.

    References
    ----------
    .. [1] House look, "Time charts".
    """
    end = _last_day(course, forecast)
    with drawing():
        figure = Figure(figsize=(7.2, 3.1), layout="constrained")
        axes = figure.subplots()
        _phases(axes, course, end)
        _asked(axes, course)
        _turned(axes, course)
        _measured(axes, course)
        top = max(course.turning.all_mm, 1.0)
        if forecast is not None:
            _solid(axes, forecast, 1.12 * top)
        axes.axvline(course.day, color=MEASURED, lw=0.8, ls=":")
        axes.annotate(
            "today",
            (course.day, 0),
            xytext=(3, 3),
            textcoords="offset points",
            fontsize=8,
        )
        axes.set(xlabel="day after the osteotomy", ylabel="length gained [mm]")
        axes.set_xlim(0, end)
        axes.set_ylim(min(0.0, axes.get_ylim()[0]), 1.25 * top)
        axes.grid(axis="y", color=RULE, lw=0.5)
        axes.set_axisbelow(True)
        axes.legend(loc="lower right", frameon=False, fontsize=8)
    return figure


def _last_day(course: BoneCourse, forecast: Forecast | None) -> float:
    ends = [course.day + 7.0, course.end_day + 14.0]
    if forecast is not None:
        ends.append(forecast.consolidation_day.high + 7)
    return max(ends)


def _phases(axes: Axes, course: BoneCourse, end: float) -> None:
    """Bands of the phases, named above."""
    first = float(course.first_asked_day or 0)
    loaded = float(course.phase_start) if course.phase is Phase.LOADING else end
    starts = (0.0, first, max(float(course.end_day), first), loaded, end)
    for (name, colour), start, stop in zip(
        PHASES.items(), starts, starts[1:], strict=False
    ):
        if stop <= start:
            continue
        axes.axvspan(start, stop, color=colour, lw=0)
        axes.text(
            (start + stop) / 2,
            1.01,
            name if stop - start > end / 12 else "",
            ha="center",
            va="bottom",
            transform=axes.get_xaxis_transform(),
            fontsize=8,
        )


def _days(course: BoneCourse, moments: Sequence[datetime]) -> list[float]:
    zero = datetime.combine(course.zero, time())
    return [(moment - zero) / timedelta(days=1) for moment in moments]


def _asked(axes: Axes, course: BoneCourse) -> None:
    days = _days(course, [at for at, _ in course.turning.schedule])
    total = np.cumsum([mm for _, mm in course.turning.schedule])
    if days:
        axes.plot(
            [days[0], *days], [0, *total], color=FIXED, lw=0.9, label="prescribed"
        )


def _turned(axes: Axes, course: BoneCourse) -> None:
    done = [(at, mm) for at, mm in course.turning.turns if at <= course.now]
    if not done:
        return
    days = _days(course, [at for at, _ in done])
    total = course.turning.turned_by([at for at, _ in done])
    last = float(min(course.day + 1, course.end_day + 7))
    axes.step(
        [days[0], *days, max(last, days[-1])],
        [0, *total, total[-1]],
        where="post",
        color=SERIES[0],
        lw=1.6,
        label="turned",
    )


def _measured(axes: Axes, course: BoneCourse) -> None:
    gained = course.lengths.gained
    if not gained:
        return
    middle = np.array([g.gained_mm.value for g in gained])
    low = np.array([g.gained_mm.low for g in gained])
    high = np.array([g.gained_mm.high for g in gained])
    axes.errorbar(
        [g.day for g in gained],
        middle,
        yerr=[middle - low, high - middle],
        fmt="o",
        color=MEASURED,
        ms=4,
        lw=1,
        capsize=2,
        label="on film (95 %)",
    )


def _solid(axes: Axes, forecast: Forecast, height: float) -> None:
    """The forecast as a bar of two shades: nobody can promise a day."""
    wide, half = forecast.consolidation_day, forecast.consolidation_half_day
    if wide.low == wide.high:
        return  # loaded: there is nothing left to forecast
    for band, alpha in ((wide, 0.25), (half, 0.5)):
        width = max(band.high - band.low, 1.0)
        axes.barh(
            height, width, left=band.low, height=height / 18, color=WANTED, alpha=alpha
        )
    axes.annotate(
        f"solid: day {wide.low:.0f} to {wide.high:.0f}",
        (wide.low, height),
        xytext=(-4, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=8,
    )


def healing_chart(course: BoneCourse, said: Said) -> Figure | None:
    """Draw the ratio of each cortex, and the forecast as it narrowed.

    Parameters
    ----------
    course : BoneCourse
        Of this bone [1, day].
    said : sequence of (int, Forecast)
        What was forecast on earlier days [day].

    Returns
    -------
    Figure or None
        None where no film has a ratio and nothing was forecast.

    References
    ----------
    .. [1] Rows ``followup.ratio_*`` and ``rehabilitation.femur_mean_ratio``.
    """
    cortices = _cortices(course)
    if not cortices and not said:
        return None
    with drawing():
        figure = Figure(figsize=(7.2, 2.5), layout="constrained")
        left, right = figure.subplots(1, 2)
        for (name, (days, ratios)), colour in zip(
            cortices.items(), SERIES, strict=False
        ):
            left.plot(days, ratios, "o-", color=colour, ms=3, lw=1, label=name)
        gate = constant(GATE[course.segment.bone]).value
        left.axhline(gate, color=FIXED, lw=0.8, ls="--")
        left.annotate("gate of full load", (0, gate), fontsize=7, va="bottom")
        left.set(xlabel="day after the osteotomy", ylabel="ratio to the bone beside")
        left.set_xlim(0, None)
        if cortices:
            left.legend(frameon=False, fontsize=8, loc="lower right")
        _narrowing(right, said)
    return figure


def _cortices(course: BoneCourse) -> Mapping[str, tuple[list[int], list[float]]]:
    found: dict[str, tuple[list[int], list[float]]] = {}
    for film in course.films:
        for name, ratio in film.read.ratio.items():
            days, ratios = found.setdefault(name, ([], []))
            days.append(film.day)
            ratios.append(ratio)
    return found


def _narrowing(axes: Axes, said: Said) -> None:
    """Each earlier forecast over the day on which it stood."""
    days = [day for day, _ in said]

    def edges(bands: Sequence[Interval]) -> tuple[list[float], list[float]]:
        return [band.low for band in bands], [band.high for band in bands]

    wide = [forecast.consolidation_day for _, forecast in said]
    half = [forecast.consolidation_half_day for _, forecast in said]
    for bands, alpha in ((wide, 0.25), (half, 0.5)):
        axes.fill_between(days, *edges(bands), color=WANTED, alpha=alpha, lw=0)
    axes.plot(days, [band.value for band in wide], color=WANTED, lw=1.2)
    axes.set(xlabel="as forecast on day", ylabel="bone solid on day")

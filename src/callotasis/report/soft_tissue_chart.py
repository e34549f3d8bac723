"""Soft tissue over time: stretch that is not yet grown, and what rates lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from callotasis.report.style import INK, MEASURED, PHASES, RULE, SERIES, drawing
from callotasis.softtissue import MODEL_SAYS, Ahead, Outlook
from callotasis.wording import whole
from callotasis.worlds import Interval

Measured = Mapping[str, Sequence[tuple[int, Interval]]]
Outlooks = Mapping[str, Sequence[Outlook]]

PALE, STRONG = 0.22, 0.5
WORDS_FROM = 0.66  # of a panel's height
MM = " mm"
TESTED_BY = {
    "dorsiflexion_knee_straight_deg": "dorsiflexion, knee straight",
    "dorsiflexion_knee_bent_deg": "dorsiflexion, knee bent",
    "knee_flexion_deg": "knee flexion",
    "knee_flexion_prone_deg": "knee flexion, prone",
    "popliteal_angle_deg": "popliteal angle",
    "hip_extension_deg": "hip extension",
}
"""Ranges in the words of a picture."""


def soft_tissue_chart(measured: Measured, outlooks: Outlooks) -> Figure:
    """Draw residual stretch by muscle group, and the outlook of every rate beside it.

    Parameters
    ----------
    measured : dict of str to sequence of (int, Interval)
        By muscle group: day and residual stretch at each exam [day, mm].
    outlooks : dict of str to sequence of Outlook
        By muscle group, one for each rate; the same rates for all groups.

    Returns
    -------
    Figure
        A row for each muscle group, a column for each rate; one scale for each row.

    References
    ----------
    .. [1] House look: measured is a dot with its whisker, a forecast is a band of 90
       and 50 %.
    """
    groups = [group for group in measured if outlooks.get(group)]
    rates = max((len(outlooks[group]) for group in groups), default=1)
    with drawing():
        figure = Figure(
            figsize=(7.2, 0.9 + 1.85 * max(len(groups), 1)), layout="constrained"
        )
        grid = figure.subplots(
            max(len(groups), 1), rates, sharex=True, sharey="row", squeeze=False
        )
        for row, group in zip(grid, groups, strict=False):
            for axes, outlook in zip(row, outlooks[group], strict=False):
                _panel(axes, measured[group], outlook)
            row[0].set_ylabel(f"{group}\nnot yet grown [mm]")
            row[0].set_ylim(*_limits(measured[group], outlooks[group]))
        for axes, outlook in zip(grid[0], _first(groups, outlooks), strict=False):
            axes.set_title(
                f"{outlook.rate_mm_per_day:g} mm a day from day {outlook.today}",
                fontsize=9,
                loc="left",
            )
        last = max((o.ahead[-1].day for o in _first(groups, outlooks)), default=1)
        grid[0, 0].set_xlim(0, last)
        figure.supxlabel("day after the osteotomy", fontsize=9, color=INK)
        figure.suptitle(
            f"Stretch that is not yet grown ({MODEL_SAYS}): dots with 95 % whiskers "
            "from exams,\nbands hold 90 and 50 % of what is expected",
            fontsize=9,
            ha="left",
            x=0.01,
        )
    return figure


def soft_tissue_words(measured: Measured, outlooks: Outlooks) -> str:
    """The chart in words, for those who do not see it."""
    said = []
    for group, readings in measured.items():
        day, last = readings[-1]
        said.append(
            f"{group.capitalize()}: {whole(last, MM)} not yet grown on day {day}"
            + "".join(
                f"; at {one.rate_mm_per_day:g} mm a day "
                f"{whole(one.at_end.stretch_mm, MM)} when turning ends on day "
                f"{one.end_day}, "
                f"{TESTED_BY[one.reading]} {_degrees(one.at_end.range_deg)}"
                for one in outlooks.get(group, ())
            )
            + "."
        )
    return " ".join([*said, f"This is a {MODEL_SAYS}."])


def _panel(
    axes: Axes, measured: Sequence[tuple[int, Interval]], outlook: Outlook
) -> None:
    end, last = outlook.end_day, outlook.ahead[-1].day
    axes.axvspan(end, last, color=PHASES["consolidation"], lw=0, zorder=0)
    axes.text(
        (end + last) / 2,
        0.02,
        "all turned",
        ha="center",
        va="bottom",
        transform=axes.get_xaxis_transform(),
        fontsize=7,
    )
    days = np.array([day.day for day in outlook.ahead])
    for name, alpha in (("stretch_mm", PALE), ("stretch_half_mm", STRONG)):
        band = [getattr(day, name) for day in outlook.ahead]
        axes.fill_between(
            days,
            [b.low for b in band],
            [b.high for b in band],
            color=SERIES[0],
            alpha=alpha,
            lw=0,
        )
    at = [day for day, _ in measured]
    value = np.array([mm.value for _, mm in measured])
    below = value - [mm.low for _, mm in measured]
    above = [mm.high for _, mm in measured] - value
    axes.errorbar(
        at, value, yerr=[below, above], fmt="o", ms=3.5, color=MEASURED, elinewidth=0.9
    )
    axes.text(
        0.03,
        0.97,
        _said_of_the_end(outlook.at_end, outlook),
        transform=axes.transAxes,
        ha="left",
        va="top",
        fontsize=7,
        linespacing=1.3,
    )
    axes.grid(axis="y", color=RULE, lw=0.5)
    axes.set_axisbelow(True)


def _said_of_the_end(end: Ahead, outlook: Outlook) -> str:
    return (
        f"turned on day {end.day}: {whole(end.stretch_mm, MM)}\n"
        f"{TESTED_BY[outlook.reading]}\n{_degrees(end.range_deg)}"
    )


def _first(groups: Sequence[str], outlooks: Outlooks) -> Sequence[Outlook]:
    return outlooks[groups[0]] if groups else ()


def _limits(
    measured: Sequence[tuple[int, Interval]], outlooks: Sequence[Outlook]
) -> tuple[float, float]:
    """Room for every whisker and band, and above them for three lines of words."""
    ahead = [day.stretch_mm for outlook in outlooks for day in outlook.ahead]
    every = [*(mm for _, mm in measured), *ahead]
    low = min(0.0, *(mm.low for mm in every))
    high = max(mm.high for mm in every)
    return low - 0.08 * (high - low), low + (high - low) / WORDS_FROM


def _degrees(found: Interval) -> str:
    low, middle, high = (
        f"{round(v) + 0:d}".replace("-", "−")
        for v in (found.low, found.value, found.high)
    )
    return f"{middle}° ({low} to {high})"

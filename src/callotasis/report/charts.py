"""Charts over time: what to turn, and when the leg may be healed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from matplotlib.figure import Figure

from callotasis.pose import Segment
from callotasis.proposal import SegmentSheet
from callotasis.report.style import MEASURED, PHASES, RULE, SERIES, drawing
from callotasis.wording import dates


def prescription_chart(sheets: Mapping[Segment, SegmentSheet]) -> Figure:
    """Draw the prescribed length over the days, with its phases as bands.

    Parameters
    ----------
    sheets : dict of Segment to SegmentSheet
        Those that are distracted [mm, day].

    Returns
    -------
    Figure
        One panel; day 0 is the osteotomy.

    References
    ----------
    .. [1] House look: prescribed is a thin line.
    """
    turning = {s: x for s, x in sheets.items() if x.prescription.turns}
    with drawing():
        figure = Figure(figsize=(7.2, 2.7), layout="constrained")
        axes = figure.subplots()
        end = max(
            (
                m.days.value
                for x in turning.values()
                for m in x.timeline
                if m.name == "bone consolidated"
            ),
            default=0,
        )
        courses = [x.prescription for x in turning.values()]
        first = min(c.protocol.latency_days for c in courses)
        last = max(c.last_day for c in courses)
        starts = (0, first, last + 1, max(end, last + 2))
        for (name, colour), start, stop in zip(
            PHASES.items(), starts, starts[1:], strict=False
        ):
            axes.axvspan(start, stop, color=colour, lw=0)
            axes.text(
                (start + stop) / 2,
                1.01,
                name,
                ha="center",
                va="bottom",
                transform=axes.get_xaxis_transform(),
                fontsize=8,
            )
        for (segment, sheet), colour in zip(turning.items(), SERIES, strict=False):
            turns = sheet.prescription.turns
            days = [(t.at - _midnight(sheet)).total_seconds() / 86400 for t in turns]
            total = [t.total_mm for t in turns]
            axes.step([days[0], *days], [0, *total], where="post", color=colour, lw=1.4)
            axes.plot([days[-1], end], [total[-1]] * 2, color=colour, lw=1.4, ls=":")
            axes.annotate(
                f"{segment.words}, {sheet.prescription.total_mm:g} mm",
                (days[-1], total[-1]),
                xytext=(6, -12),
                textcoords="offset points",
            )
        axes.set(xlabel="day after the osteotomy", ylabel="prescribed length [mm]")
        axes.set_xlim(0, starts[-1])
        axes.set_ylim(0, None)
        axes.grid(axis="y", color=RULE, lw=0.5)
    return figure


def _midnight(sheet: SegmentSheet) -> datetime:
    return datetime.combine(sheet.prescription.surgery_on, time())


def timeline_chart(sheets: Mapping[Segment, SegmentSheet]) -> Figure:
    """Draw each milestone as a range of dates.

    Parameters
    ----------
    sheets : dict of Segment to SegmentSheet
        Those that are distracted [day].

    Returns
    -------
    Figure
        One row a milestone; a bar holds 8 of 10 patients of its source.

    References
    ----------
    .. [1] Evidence rows named in the timeline.
    """
    turning = {s: x for s, x in sheets.items() if x.prescription.turns}
    rows = [
        (f"{segment.words}: {m.name}", m.days, colour)
        for (segment, sheet), colour in zip(turning.items(), SERIES, strict=False)
        for m in sheet.timeline
    ]
    with drawing():
        figure = Figure(figsize=(7.2, 0.5 + 0.34 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (_, days, colour) in enumerate(rows):
            if days.high > days.low:
                axes.barh(
                    place,
                    days.high - days.low,
                    left=days.low,
                    height=0.42,
                    color=colour,
                    alpha=0.35,
                    lw=0,
                )
            axes.plot(days.value, place, "o", color=MEASURED, ms=4)
            axes.text(
                days.high + 3,
                place,
                dates(days.low_on, days.high_on),
                va="center",
                fontsize=8,
            )
        axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
        axes.invert_yaxis()
        longest = max(days.high for _, days, _ in rows)
        axes.set_xlim(-2, longest * 1.6)
        axes.set_xlabel("day after the osteotomy")
        axes.grid(axis="x", color=RULE, lw=0.5)
        axes.set_axisbelow(True)
    return figure

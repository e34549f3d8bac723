"""Pictures of a hexapod: the frame from three sides, its path by day, its struts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from callotasis.fixation.hexapod import Placement, Schedule
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.pose import Segment, Side
from callotasis.report.frame_drawing import (
    THIN_OUTLINE,
    VIEWS,
    Panel,
    Scene,
    View,
    badge,
    strut_shares,
)
from callotasis.report.labels import spread_out
from callotasis.report.style import INK, PAPER, RULE, drawing
from callotasis.worlds import Array

SHOWN_DAYS = 6
STANDS, MOVES = "Grey stands still", "blue moves"
OUTLINED = "the green outline is where the moving bone shall be"
SKIN_IS = "the pale shape is the skin"
COUNTED = "Days of turning count from the first turn."


def frame_views(scene: Scene, placement: Placement, when: str = "") -> Figure:
    """Draw a frame from the front, from the lateral side and from above.

    Parameters
    ----------
    scene : Scene
        Frame, side and bones [mm].
    placement : Placement
        Of the distal ring [mm].
    when : str
        Where in the program that is, like "at the start".

    Returns
    -------
    Figure
        Three panels at one scale, each with its direction in words.

    References
    ----------
    .. [1] House look: struts have numbers and colours, and a picture says from where
       it is seen.
    """
    with drawing():
        figure = Figure(figsize=(7.2, 4.1))
        panels = figure.subplots(1, len(VIEWS))
        figure.subplots_adjust(left=0.02, right=0.98, bottom=0.13, top=0.90)
        for axes, view in zip(panels, VIEWS.values(), strict=True):
            Panel(axes, view, scene, small=False).draw(placement)
            axes.set_title(view.title, fontsize=9)
            _directions(axes, view, scene.side)
        _same_scale([[axes] for axes in panels])
        _bar(panels[0], 50)
        _caption(figure, scene, when)
    return figure


def path_views(scene: Scene, poses: Placement) -> Figure:
    """Draw six days of turning, from the front and from the lateral side.

    Parameters
    ----------
    scene : Scene
        Frame, side and bones [mm].
    poses : Placement
        Of the distal ring, shape (days + 1, ...), the start first [mm].

    Returns
    -------
    Figure
        Two rows at one scale, a column a day. The number of a strut stands at one
        place of it all the time.

    References
    ----------
    .. [1] House look.
    """
    last = len(poses.translation_mm) - 1
    days = np.unique(np.linspace(0, last, SHOWN_DAYS).round().astype(int))
    shown = [VIEWS["front"], VIEWS["side"]]
    on_days = Placement(poses.translation_mm[days], poses.rotation[days])
    shares = strut_shares(scene, shown, on_days)
    with drawing():
        figure = Figure(figsize=(7.2, 5.0))
        panels = figure.subplots(len(shown), len(days), squeeze=False)
        figure.subplots_adjust(
            left=0.05, right=0.99, bottom=0.11, top=0.95, wspace=0.02, hspace=0.06
        )
        for view, row in zip(shown, panels, strict=True):
            for day, axes in zip(days, row, strict=True):
                at = Placement(poses.translation_mm[day], poses.rotation[day])
                Panel(axes, view, scene, small=True, shares=shares).draw(at)
            left, right = view.words(scene.side)
            said = f"{view.title}\n{left} is on the left, {right} on the right"
            row[0].text(
                -0.04,
                0.5,
                said,
                rotation=90,
                ha="right",
                va="center",
                transform=row[0].transAxes,
                fontsize=7,
            )
        for day, axes in zip(days, panels[0], strict=True):
            said = f"day of turning {day}" if day else "start"
            axes.set_title(said, fontsize=8)
        _same_scale(panels)
        _bar(panels[-1, 0], 50)
        _caption(figure, scene, more=f"{COUNTED}\n")
    return figure


def strut_chart(schedule: Schedule, segment: Segment) -> Figure:
    """Draw the length of every strut over the days.

    Parameters
    ----------
    schedule : Schedule
        Every strut for every day [mm].
    segment : Segment
        Which bone the frame is on.

    Returns
    -------
    Figure
        One panel; a line's number stands at its right end, a change of strut is a
        diamond.

    References
    ----------
    .. [1] House look.
    """
    struts = np.array(schedule.struts_mm)
    days = np.arange(len(struts))
    with drawing():
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        axes = figure.subplots()
        for strut, length in zip(STRUT_COLOURS, struts.T, strict=True):
            axes.plot(
                days, length, color=strut.colour, lw=1.6, path_effects=THIN_OUTLINE
            )
        for change in schedule.changes:
            at = change.day, struts[change.day, change.strut - 1]
            axes.plot(*at, "D", ms=10, mfc=PAPER, mec=INK, mew=0.8, zorder=5)
            axes.annotate(
                str(change.strut), at, ha="center", va="center", fontsize=7, zorder=6
            )
        axes.set_xlim(0, max(schedule.days, 1))
        axes.set_ylim(*_reach(struts))
        _ends(axes, struts[-1])
        axes.set(
            xlabel="day of turning (0 is the start)",
            ylabel="length, joint to joint [mm]",
        )
        whose = f"{segment.words.capitalize()}: struts from joint to joint"
        axes.set_title(whose, loc="left", fontsize=9)
        figure.text(
            0.01, 0.985, str(segment.side), va="top", fontsize=15, fontweight=600
        )
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="y", color=RULE, lw=0.5)
        axes.set_axisbelow(True)
        if schedule.changes:
            said = "the strut of this number is changed for another size"
            axes.plot([], [], "D", ms=8, mfc=PAPER, mec=INK, mew=0.8, label=said)
            figure.legend(frameon=False, loc="outside lower left", fontsize=8)
    return figure


LEAST_REST_MM = 2.0
LEADER_OUTLINE = [effects.withStroke(linewidth=1.6, foreground=INK)]
LABEL_APART = 0.085  # of the height of the chart


def _reach(struts_mm: Array) -> tuple[float, float]:
    """From where to where lengths are shown, with room for the labels at their ends."""
    low, high = float(struts_mm.min()), float(struts_mm.max())
    rest = max((high - low) * 0.08, LEAST_REST_MM)
    apart = LABEL_APART * (high - low + 2 * rest)
    labels = spread_out(struts_mm[-1], apart)
    return (
        min(low - rest, float(labels.min()) - apart / 2),
        max(high + rest, float(labels.max()) + apart / 2),
    )


def _ends(axes: Axes, lengths: Array) -> None:
    """Number, colour and length of each strut at the right, none upon another."""
    low, high = axes.get_ylim()
    shares = (lengths - low) / (high - low)
    # Of equal struts, the first stands at the top.
    places = spread_out(shares[::-1], LABEL_APART)[::-1]
    places += min(0.97 - places.max(), 0.0) + max(0.03 - places.min(), 0.0)
    for strut, length, share, place in zip(
        STRUT_COLOURS, lengths, shares, places, strict=True
    ):
        axes.plot(
            [1.0, 1.06, 1.075],
            [share, place, place],
            color=strut.colour,
            lw=1.0,
            path_effects=LEADER_OUTLINE,
            clip_on=False,
            transform=axes.transAxes,
        )
        badge(axes, (1.085, place), strut.number, 8, axes.transAxes)
        axes.text(
            1.11,
            place,
            f"{strut.word}, {length:.0f} mm",
            va="center",
            fontsize=8,
            transform=axes.transAxes,
        )


def _directions(axes: Axes, view: View, side: Side) -> None:
    """What lies at each edge of the paper."""
    left, right = view.words(side)
    for x, y, said, ha, va in (
        (0.5, 0.995, view.top, "center", "top"),
        (0.5, 0.005, view.bottom, "center", "bottom"),
        (0.0, 0.5, left, "left", "center"),
        (1.0, 0.5, right, "right", "center"),
    ):
        upright = 90 if ha != "center" else 0
        axes.text(
            x,
            y,
            said,
            ha=ha,
            va=va,
            rotation=upright,
            transform=axes.transAxes,
            fontsize=8,
        )


def _same_scale(rows: Iterable[Sequence[Axes]]) -> None:
    """One scale and one size for all; what stands still does so along a row."""
    every = [(row, Bbox.union([axes.dataLim for axes in row])) for row in rows]
    wide = max(box.width for _, box in every) / 2 + EDGE_MM
    high = max(box.height for _, box in every) / 2 + EDGE_MM
    for row, box in every:
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        for axes in row:
            axes.set_xlim(x - wide, x + wide)
            axes.set_ylim(y - high, y + high)


EDGE_MM = 22.0


def _bar(axes: Axes, long_mm: float) -> None:
    left, bottom = axes.get_xlim()[0], axes.get_ylim()[0]
    axes.plot([left, left + long_mm], [bottom + 8] * 2, color=INK, lw=2, zorder=9)
    axes.text(left, bottom + 13, f"{long_mm:g} mm", fontsize=7, va="bottom")


def _caption(figure: Figure, scene: Scene, when: str = "", more: str = "") -> None:
    said = [STANDS, MOVES]
    if scene.bones is not None and scene.wanted is not None:
        said.append(OUTLINED)
    if scene.skin is not None:
        said.append(SKIN_IS)
    whose = " ".join(filter(None, (scene.words.capitalize(), when)))
    figure.text(
        0.5,
        0.015,
        f"{whose}. {more}{', '.join(said)}.",
        ha="center",
        va="bottom",
        fontsize=8,
    )
    figure.text(0.01, 0.985, str(scene.side), va="top", fontsize=15, fontweight=600)

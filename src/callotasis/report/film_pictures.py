"""Pictures of the film: with its axes, and cut and moved, before beside after."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from callotasis.alignment import ENDS, Limb, MeasuredFilm
from callotasis.plan import CutFilm, Picture, Target, cut_and_move, limbs_after
from callotasis.pose import Pose, Segment, Side
from callotasis.report.style import SERIES, drawing
from callotasis.worlds import Array

LINES = (
    ("fem_condyle_med", "fem_condyle_lat"),
    ("tib_plateau_med", "tib_plateau_lat"),
    ("plafond_med", "plafond_lat"),
    ("hip_centre", "troch_tip"),
)
AXIS_COLOUR, LINE_COLOUR, LOAD_COLOUR = "#56B4E9", "#E69F00", "#009E73"
SHADOW = [effects.withStroke(linewidth=2.5, foreground="black", alpha=0.6)]


def film_with_axes(measured: MeasuredFilm) -> Figure:
    """Draw the film with its mechanical axes and joint lines.

    Parameters
    ----------
    measured : MeasuredFilm
        Film, landmarks and scale.

    Returns
    -------
    Figure
        One panel, patient's right on the left.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film".
    """
    shown = cut_and_move(measured, {}, {})
    with drawing():
        figure = Figure(
            figsize=(4.2, 4.2 * shown.before.shape[0] / shown.before.shape[1])
        )
        axes = figure.add_axes((0, 0, 1, 1))
        _show(axes, shown.before, shown)
        for side, points in measured.landmarks.sides.items():
            placed = {n: shown.placed(p) for n, p in points.items()}
            _draw_leg(axes, placed)
            _letter(axes, side, placed)
        _bar(axes, shown)
    return figure


def before_and_after(
    measured: MeasuredFilm,
    targets: Mapping[Segment, Target],
    poses: Mapping[Segment, Pose],
) -> Figure:
    """Draw the film as it is and as planned, side by side at one scale.

    Parameters
    ----------
    measured : MeasuredFilm
        Film, landmarks and scale.
    targets : dict of Segment to Target
        Cuts [mm].
    poses : dict of Segment to Pose
        What the devices make of the plan [mm, deg].

    Returns
    -------
    Figure
        Two panels; the moving fragments are blue on the right.

    References
    ----------
    .. [1] :func:`callotasis.plan.cut_and_move`.
    """
    shown = cut_and_move(measured, dict(targets), dict(poses))
    motions = {s: (t.cut.level_mm, poses[s]) for s, t in targets.items()}
    after = limbs_after(measured.limbs, motions)
    rows, columns = shown.before.shape
    with drawing():
        figure = Figure(figsize=(7.2, 3.55 * rows / columns + 0.25))
        panels = [
            figure.add_axes((x, 0, 0.495, 1 - 0.25 / figure.get_figheight()))
            for x in (0.0, 0.505)
        ]
        _show(panels[0], shown.before, shown)
        _show(panels[1], shown.after, shown, moved=True)
        for side, points in measured.landmarks.sides.items():
            placed = {n: shown.placed(p) for n, p in points.items()}
            _draw_axis(panels[0], placed)
            now = _on_picture(after[side], measured.limbs[side], placed, shown)
            _draw_axis(panels[1], now)
            for axes in panels:
                _letter(axes, side, placed)
        for segment, target in targets.items():
            for axes in panels:
                _cut_line(axes, measured, segment, target, shown)
        panels[0].set_title("before")
        panels[1].set_title("after, as planned (moving parts blue)")
        _bar(panels[1], shown)
    return figure


def _show(axes: Axes, picture: Picture, shown: CutFilm, *, moved: bool = False) -> None:
    grey = np.repeat(np.clip(picture, 0, 1)[:, :, None], 3, axis=2)
    if moved:
        tint = np.array([0.62, 0.80, 1.0])
        grey[shown.moved] *= tint
    axes.imshow(grey, extent=(0, picture.shape[1], picture.shape[0], 0))
    axes.set_axis_off()
    axes.autoscale(enable=False)


def _on_picture(
    after: Limb,
    before: Limb,
    placed: dict[str, Array],
    shown: CutFilm,
) -> dict[str, Array]:
    """Where landmarks go on the picture: moved as the limb frame says, flat."""
    outward = -1.0 if after.side is Side.RIGHT else 1.0
    now = {}
    for name, old in placed.items():
        if name in after.points:
            step = (after[name] - before[name])[0] / shown.mm_per_px
            now[name] = old + np.array([outward * step[0], -step[2]])
    return now


def _draw_leg(axes: Axes, placed: Mapping[str, Array]) -> None:
    _draw_axis(axes, placed)
    for start, end in LINES:
        if start in placed and end in placed:
            _stroke(axes, placed[start], placed[end], LINE_COLOUR, stretch=0.6)
    every = np.array(list(placed.values()))
    axes.plot(*every.T, "o", ms=2.2, mfc="black", mec="white", mew=0.5)


def _draw_axis(axes: Axes, placed: Mapping[str, Array]) -> None:
    """Axes of both bones, and the load line from hip to ankle."""
    _stroke(
        axes, placed["hip_centre"], placed["ankle_centre"], LOAD_COLOUR, dashes=True
    )
    for top, bottom in ENDS.values():
        _stroke(axes, placed[top], placed[bottom], AXIS_COLOUR)


def _stroke(
    axes: Axes,
    start: Array,
    end: Array,
    colour: str,
    *,
    stretch: float = 0.0,
    dashes: bool = False,
) -> None:
    reach = stretch * (end - start)
    line = np.array([start - reach, end + reach])
    axes.plot(
        *line.T,
        color=colour,
        lw=1.3,
        ls=(0, (5, 3)) if dashes else "-",
        path_effects=SHADOW,
    )


def _letter(axes: Axes, side: Side, placed: Mapping[str, Array]) -> None:
    outward = -1 if side is Side.RIGHT else 1
    column, row = placed["knee_centre"]
    width = abs(axes.get_xlim()[1])
    axes.text(
        column + outward * 0.17 * width,
        row,
        str(side),
        color="white",
        fontsize=15,
        fontweight=600,
        ha="center",
        va="center",
        path_effects=SHADOW,
    )


def _cut_line(
    axes: Axes,
    measured: MeasuredFilm,
    segment: Segment,
    target: Target,
    shown: CutFilm,
) -> None:
    points = measured.landmarks.sides[segment.side]
    top, bottom = (shown.placed(points[n]) for n in ENDS[segment.bone])
    centre = top + target.cut.level_mm / target.bone_length_mm * (bottom - top)
    down = (bottom - top) / np.linalg.norm(bottom - top)
    across = np.array([-down[1], down[0]]) * 60 / shown.mm_per_px
    line = np.array([centre - across, centre + across])
    axes.plot(*line.T, color=SERIES[1], lw=1.6, ls=(0, (2, 1.5)), path_effects=SHADOW)


def _bar(axes: Axes, shown: CutFilm) -> None:
    """Length of 100 mm in the plane of the calibration."""
    rows, columns = shown.before.shape
    start, long = 0.05 * columns, 100 / shown.mm_per_px
    row = rows - 0.03 * rows
    axes.plot(
        [start, start + long], [row, row], color="white", lw=2.5, path_effects=SHADOW
    )
    axes.text(
        start,
        row - 0.008 * rows,
        "100 mm",
        color="white",
        fontsize=8,
        path_effects=SHADOW,
    )

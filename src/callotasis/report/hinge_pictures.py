"""Pictures of a ring frame with hinges: bone, hinges and rod, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from callotasis.evidence import constant
from callotasis.fixation.hinged.device import HingeSettings
from callotasis.fixation.hinged.planned import PlannedRing
from callotasis.pose import Side
from callotasis.report.frame_drawing import VIEWS
from callotasis.report.style import FIXED, INK, MOVING, PAPER, SERIES, drawing
from callotasis.wording import tenth
from callotasis.worlds import Array

AS_BUILT = HingeSettings(0.0, 0.0)
ROD = SERIES[1]
BEYOND_RING_MM, BEYOND_BONE_MM, EDGE_MM = 45.0, 8.0, 14.0
WORDS_HIGH_MM = 15.0  # two lines of words, at the scale of a leg
FRONT = VIEWS["front"]


def hinge_views(ring: PlannedRing) -> Figure:
    """Draw bone, hinges and rod from the front, before the first turn and at the end.

    Parameters
    ----------
    ring : PlannedRing
        Hinges, rod and settings [mm, deg].

    Returns
    -------
    Figure
        Two panels at one scale; what stands still does so in both.

    References
    ----------
    .. [1] House look; evidence row ``hexapod.fragment_radius``.
    """
    side = ring.target.segment.side
    with drawing():
        figure = Figure(figsize=(7.2, 4.9))
        panels = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.03, right=0.97, bottom=0.1, top=0.92)
        for axes, title, settings in zip(
            panels,
            ("before the first turn", f"turned by {tenth(ring.turned.turn_deg)}°"),
            (AS_BUILT, ring.turned),
            strict=True,
        ):
            _Panel(axes, ring, settings).draw()
            axes.set_title(title, fontsize=9)
        _same_scale(panels, side)
        figure.text(
            0.5,
            0.015,
            f"{ring.target.segment.words.capitalize()}, seen from the front. Grey "
            "stands still, blue moves; dotted: the bisector, on which the hinges are "
            "placed.",
            ha="center",
            va="bottom",
            fontsize=8,
        )
        figure.text(0.01, 0.985, str(side), va="top", fontsize=15, fontweight=600)
    return figure


@dataclass(eq=False)
class _Panel:
    """The frame as it is set at one time."""

    axes: Axes
    ring: PlannedRing
    settings: HingeSettings

    def draw(self) -> None:
        if self.settings == AS_BUILT:
            self._bisector()
        self._bones()
        self._rings()
        self._hinges()
        self._rod()
        self.axes.set_aspect("equal")
        self.axes.set_axis_off()

    def _seen(self, points_mm: Array) -> Array:
        side = self.ring.target.segment.side
        return FRONT.seen(np.asarray(points_mm, float), side)[..., :2]

    def _moved(self, points_mm: Array) -> Array:
        """Points of the distal fragment, as it stands now [mm]."""
        now = self.settings
        return self.ring.frame.carried(
            np.asarray(points_mm, float), now.turn_deg, now.extension_mm
        )

    def _line(self, points_mm: Array, colour: str, width: float, order: int) -> None:
        self.axes.plot(
            *self._seen(points_mm).T,
            color=colour,
            lw=width,
            zorder=order,
            solid_capstyle="round",
        )

    def _bones(self) -> None:
        upper, lower = bone_outlines(self.ring)
        for outlines, colour in (
            (upper, FIXED),
            ([self._moved(o) for o in lower], MOVING),
        ):
            for outline in outlines:
                self.axes.fill(*self._seen(outline).T, color=colour, alpha=0.6, lw=0)

    def _bisector(self) -> None:
        """From the hinges across the bone; no farther, where words may stand."""
        ends = np.array([self.ring.frame.hinge_mm, self._bisector_end()])
        self.axes.plot(*self._seen(ends).T, color=INK, lw=1.0, ls=":", zorder=3)

    def _bisector_end(self) -> Array:
        apex = np.array(self.ring.angulation.apex_mm)
        way = apex - self.ring.frame.hinge_mm
        far = _cortex_mm() + BEYOND_BONE_MM
        return np.asarray(apex + far * way / np.linalg.norm(way))

    def _rings(self) -> None:
        for (end, across), colour, moves in zip(
            ring_lines(self.ring), (FIXED, MOVING), (False, True), strict=True
        ):
            places = np.array([end, end + across])
            self._line(self._moved(places) if moves else places, colour, 3.0, 4)

    def _hinges(self) -> None:
        """Two arms that meet at the hinge: one on each ring."""
        hinge = self.ring.frame.hinge_mm
        drawn = hinge + self.settings.extension_mm * self.ring.frame.line
        (top, upper), (bottom, lower) = ring_lines(self.ring)
        ends = (
            _nearest(hinge, top, upper),
            self._moved(_nearest(hinge, bottom, lower)[None])[0],
        )
        for end, colour in zip(ends, (FIXED, MOVING), strict=True):
            self._line(np.array([end, drawn]), colour, 1.6, 5)
        at = self._seen(drawn)
        self.axes.plot(*at, "o", ms=9, mfc=PAPER, mec=INK, mew=1.6, zorder=8)
        self.axes.plot(*at, "o", ms=2.5, color=INK, zorder=9)
        out = self.settings.extension_mm
        said = f"hinges drawn\nout by {tenth(out)} mm" if out else "hinges"
        self._label(at, said, INK, outwards=True)

    def _rod(self) -> None:
        rod = self.ring.rod
        top = np.array(rod.proximal_mm)
        end = self._moved(np.array([rod.distal_mm]))[0]
        self._line(np.array([top, end]), ROD, 2.6, 6)
        for at in self._seen(np.array([top, end])):
            self.axes.plot(*at, "o", ms=4.5, color=ROD, zorder=7)
        length = float(np.linalg.norm(end - top))
        said = f"{rod.name}\n{tenth(length)} mm"
        at = top + self._words_at() * (end - top)
        self._label(self._seen(at), said, ROD, outwards=False)

    def _words_at(self) -> float:
        """Beside the upper fragment, which stands still, or clear of the bisector."""
        rod = self.ring.rod
        level = 0.75 * rod.proximal_mm[2] + 0.25 * rod.distal_mm[2]
        return 0.25 if abs(level - self._bisector_end()[2]) > WORDS_HIGH_MM else 0.75

    def _label(self, at: Array, said: str, colour: str, *, outwards: bool) -> None:
        """Beside a place, away from the bone or towards it."""
        bone = self._seen(np.array(self.ring.angulation.apex_mm))
        right = bool(at[0] > bone[0]) == outwards
        self.axes.annotate(
            said,
            (float(at[0]), float(at[1])),
            xytext=(7 if right else -7, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            fontsize=8,
            color=colour,
            zorder=10,
            bbox={"facecolor": PAPER, "linewidth": 0, "pad": 1},
        )


def bone_outlines(ring: PlannedRing) -> tuple[list[Array], list[Array]]:
    """Outlines of both fragments before surgery, cut through the middle of the cut.

    Parameters
    ----------
    ring : PlannedRing
        Its bend, and how long its rods are [mm].

    Returns
    -------
    tuple of list of Array
        Of the upper and of the lower fragment, each of one or two four-cornered parts,
        shape (4, 3), seen from the cut centre [mm].

    References
    ----------
    .. [1] A bone bent at its apex; its parts meet on the bisector. Evidence row
       ``hexapod.fragment_radius``.
    """
    apex = np.array(ring.angulation.apex_mm)
    down = ring.angulation.axes[2]
    below = ring.frame.motion(ring.turned.turn_deg, 0.0)[0].T @ down
    slope = (ring.frame.hinge_mm - apex) / np.linalg.norm(ring.frame.hinge_mm - apex)
    half = _cortex_mm() * slope
    # How far along the bone, from its apex, the bisector's parallel through the middle
    # of the cut meets it; distally positive.
    cut = float(-apex @ (down + below) / np.linalg.norm(down + below))
    top = min(float((ring.rod.proximal_mm - apex) @ down), 0.0) - BEYOND_RING_MM
    bottom = max(float((ring.rod.distal_mm - apex) @ below), 0.0) + BEYOND_RING_MM

    def part(start: float, end: float) -> Array:
        way = down if start + end < 0 else below
        square = half - (half @ way) * way
        (one, across), (other, there) = (
            (apex + at * way, square if at in (top, bottom) else half)
            for at in (start, end)
        )
        return np.array([one - across, one + across, other + there, other - there])

    parts = list(pairwise(sorted({top, 0.0, cut, bottom})))
    return (
        [part(a, b) for a, b in parts if b <= cut],
        [part(a, b) for a, b in parts if a >= cut],
    )


def ring_lines(ring: PlannedRing) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Both rings seen edge-on, before the first turn.

    Parameters
    ----------
    ring : PlannedRing
        Its rod ends on both rings [mm].

    Returns
    -------
    tuple of (Array, Array)
        Of the upper and the lower ring: the end on the rod's side, and the way across
        to the other end, shape (3,) each [mm].

    References
    ----------
    .. [1] Each ring lies square on its fragment, which runs in its middle.
    """
    apex = np.array(ring.angulation.apex_mm)
    down = ring.angulation.axes[2]
    back = ring.frame.motion(ring.turned.turn_deg, 0.0)[0].T
    found = []
    for end, way in ((ring.rod.proximal_mm, down), (ring.rod.distal_mm, back @ down)):
        arm = np.array(end) - apex
        found.append((np.array(end), -2 * (arm - (arm @ way) * way)))
    return found[0], found[1]


def _cortex_mm() -> float:
    """From the middle of the bone to its cortex."""
    return constant("hexapod.fragment_radius").value


def _nearest(point: Array, end: Array, across: Array) -> Array:
    """Where a ring lies straight above or below a point."""
    share = (point - end) @ across / (across @ across)
    return np.asarray(end + share * across)


def _same_scale(panels: Array, side: Side) -> None:
    """One scale; what lies where, and a bar."""
    boxes = [axes.dataLim for axes in panels]
    left = min(box.x0 for box in boxes) - EDGE_MM
    right = max(box.x1 for box in boxes) + EDGE_MM
    low = min(box.y0 for box in boxes) - EDGE_MM
    high = max(box.y1 for box in boxes) + EDGE_MM
    for axes in panels:
        axes.set_xlim(left, right)
        axes.set_ylim(low, high)
        for x, word, ha in zip(
            (0.0, 1.0), FRONT.words(side), ("left", "right"), strict=True
        ):
            axes.text(
                x, 0.98, word, ha=ha, va="top", fontsize=8,
                transform=axes.transAxes,
            )  # fmt: skip
    panels[0].plot([left + 8, left + 58], [low + 6] * 2, color=INK, lw=2)
    panels[0].text(left + 8, low + 10, "50 mm", fontsize=7, va="bottom")

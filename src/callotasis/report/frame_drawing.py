"""One pose of a hexapod from one side: rings, struts and bones on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon
from matplotlib.transforms import Transform

from callotasis.fixation.hexapod import Frame, Placement
from callotasis.fixation.hexapod.clearance import Capsule, Fragments
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.fixation.hexapod.mounting import FRAME_TO_LIMB
from callotasis.pose import Bone, Segment, Side
from callotasis.report.labels import apart_shares
from callotasis.report.style import FIXED, INK, MOVING, PAPER, WANTED
from callotasis.worlds import Array

SQUARE = Placement(np.zeros(3), FRAME_TO_LIMB)
"""A frame that lies square on the bone: from its axes into those of the limb."""

SKIN = "#f6e7dc"
OUTLINE = [effects.withStroke(linewidth=4.2, foreground=INK)]
THIN_OUTLINE = [effects.withStroke(linewidth=2.4, foreground=INK)]


@dataclass(frozen=True)
class View:
    """One direction from which a frame is looked at.

    Attributes
    ----------
    title, top, bottom : str
        Where the viewer stands, and what is up and down on the paper.
    right, up, near : tuple of float
        Towards the right, the top and the viewer, in the limb frame of a right leg;
        the paper of a left leg is mirrored.
    left_word, right_word : str
        What lies left and right on the paper for a right leg.
    """

    title: str
    top: str
    bottom: str
    right: tuple[float, float, float]
    up: tuple[float, float, float]
    near: tuple[float, float, float]
    left_word: str
    right_word: str

    def seen(self, points_mm: Array, side: Side) -> Array:
        """Paper's right, paper's up, and nearness, shape (..., 3) [mm]."""
        axes = np.array([self.right, self.up, self.near], float)
        if side is Side.LEFT:
            axes[0] *= -1.0
        return np.asarray(points_mm @ axes.T)

    def words(self, side: Side) -> tuple[str, str]:
        """What lies on the left and on the right of the paper."""
        both = self.left_word, self.right_word
        return both if side is Side.RIGHT else (both[1], both[0])


VIEWS = MappingProxyType(
    {
        "front": View(
            "seen from the front",
            "proximal",
            "distal",
            (-1, 0, 0),
            (0, 0, 1),
            (0, 1, 0),
            "lateral",
            "medial",
        ),
        "side": View(
            "seen from the lateral side",
            "proximal",
            "distal",
            (0, 1, 0),
            (0, 0, 1),
            (1, 0, 0),
            "posterior",
            "anterior",
        ),
        "above": View(
            "seen from above",
            "posterior",
            "anterior",
            (-1, 0, 0),
            (0, -1, 0),
            (0, 0, 1),
            "lateral",
            "medial",
        ),
    }
)


@dataclass(frozen=True, eq=False)
class Scene:
    """A frame on a leg, without its pose.

    A left leg is computed as a right one: frame, poses and bones are given as a right
    leg would wear them (``on(side)``), and the paper is mirrored back. So struts keep
    the places that they have on the patient.

    Attributes
    ----------
    frame : Frame
        Joints of both rings [mm].
    side : Side
        Of the patient.
    bones : Fragments or None
        Each in the frame of its ring [mm].
    wanted : Placement or None
        Where the distal ring shall stand in the end [mm].
    mounted : Placement
        From the proximal ring's frame into the limb frame [mm].
    skin : Fragments or None
        The limb around its bones, each part in the frame of its ring [mm].
    bone : Bone or None
        Which bone wears the frame.
    """

    frame: Frame
    side: Side
    bones: Fragments | None = None
    wanted: Placement | None = None
    mounted: Placement = field(default=SQUARE)
    skin: Fragments | None = None
    bone: Bone | None = None

    @property
    def words(self) -> str:
        """Side and bone in words; without a bone, the leg."""
        if self.bone is None:
            return f"{self.side.word} leg"
        return Segment(self.side, self.bone).words

    def strut_lines(self, view: View, poses: Placement) -> Array:
        """Both ends of each strut on paper, shape (..., 6, 2 ends, 2) [mm]."""
        tops = self.mounted.carried(self.frame.proximal_mm)
        bottoms = (self.mounted @ poses).carried(self.frame.distal_mm)
        ends = np.stack(np.broadcast_arrays(tops, bottoms), axis=-2)
        return view.seen(ends, self.side)[..., :2]


@dataclass(eq=False)
class Panel:
    """One view of one pose.

    Attributes
    ----------
    small : bool
        Thin lines and small numbers.
    shares : Array or None
        How far down its strut each number stands, from 0 to 1; without them they keep
        apart in this panel alone.
    """

    axes: Axes
    view: View
    scene: Scene
    small: bool
    shares: Array | None = None
    depth: float = 0.0

    def draw(self, placement: Placement) -> None:
        """Draw far things first."""
        frame = self.scene.frame
        here = Placement(np.zeros(3), np.eye(3))
        bottoms = placement.carried(frame.distal_mm)
        every = np.concatenate([frame.proximal_mm, bottoms])
        self.depth = float(self._seen(every)[:, 2].mean())
        self._ring(frame.proximal_mm, here, FIXED)
        self._ring(frame.distal_mm, placement, MOVING)
        if self.scene.skin is not None:
            self._skin(self.scene.skin.proximal, here)
            self._skin(self.scene.skin.distal, placement)
        if self.scene.bones is not None:
            self._bones(self.scene.bones.proximal, here, FIXED)
            self._bones(self.scene.bones.distal, placement, MOVING)
            if self.scene.wanted is not None:
                self._bones(self.scene.bones.distal, self.scene.wanted, None)
        self._struts(frame.proximal_mm, bottoms)
        self._numbers(self.scene.strut_lines(self.view, placement))
        self.axes.set_aspect("equal")
        self.axes.set_axis_off()

    def _seen(self, points_mm: Array) -> Array:
        return self.view.seen(self.scene.mounted.carried(points_mm), self.scene.side)

    def _ring(self, joints_mm: Array, placement: Placement, colour: str) -> None:
        """A circle through the joints; what is nearer than the bone lies over it."""
        radius = float(np.hypot(*joints_mm[:, :2].T).mean())
        turns = np.linspace(0, 2 * np.pi, 181)
        circle = np.stack(
            [
                radius * np.cos(turns),
                radius * np.sin(turns),
                np.full_like(turns, joints_mm[:, 2].mean()),
            ],
            axis=-1,
        )
        seen = self._seen(placement.carried(circle))
        near = seen[:, 2] > self.depth
        # Both parts of a line hold the point at which it passes the bone.
        for keep, order in ((~near | ~np.roll(near, 1), 1), (near, 6)):
            line = np.where(keep[:, None], seen[:, :2], np.nan)
            self.axes.plot(
                *line.T, color=colour, lw=1.6 if self.small else 3.2, zorder=order
            )

    def _skin(self, parts: Iterable[Capsule], placement: Placement) -> None:
        """Pale, behind all; it runs out of the picture, and does not widen it."""
        for part in parts:
            ends = self._seen(placement.carried(np.stack([part.start_mm, part.end_mm])))
            outline = _stadium(ends[:, :2], part.radius_mm)
            self.axes.add_artist(Polygon(outline, facecolor=SKIN, lw=0, zorder=0))

    def _bones(
        self, bones: Iterable[Capsule], placement: Placement, colour: str | None
    ) -> None:
        """Filled in a colour; without one, the outline of where they shall be."""
        for bone in bones:
            ends = placement.carried(np.stack([bone.start_mm, bone.end_mm]))
            seen = self._seen(ends)
            outline = _stadium(seen[:, :2], bone.radius_mm)
            depth = float(seen[:, 2].mean())
            self.axes.add_patch(
                Polygon(
                    outline,
                    facecolor=colour or "none",
                    edgecolor=PAPER if colour else WANTED,
                    lw=0.8 if colour or self.small else 1.6,
                    alpha=0.75 if colour else 1.0,
                    zorder=3 + depth / DEEPEST_MM if colour else 7,
                )
            )
            self.axes.update_datalim(outline)

    def _struts(self, tops_mm: Array, bottoms_mm: Array) -> None:
        tops, bottoms = self._seen(tops_mm), self._seen(bottoms_mm)
        middle = (tops[:, 2] + bottoms[:, 2]) / 2
        near = middle > np.median(middle)
        for strut, top, bottom, front in zip(
            STRUT_COLOURS, tops, bottoms, near, strict=True
        ):
            self.axes.plot(
                [top[0], bottom[0]],
                [top[1], bottom[1]],
                color=strut.colour,
                lw=1.4 if self.small else 2.8,
                path_effects=THIN_OUTLINE if self.small else OUTLINE,
                solid_capstyle="round",
                zorder=5 if front else 2,
            )

    def _numbers(self, lines: Array) -> None:
        shares = apart_shares(lines[None]) if self.shares is None else self.shares
        places = lines[:, 0] + shares[:, None] * (lines[:, 1] - lines[:, 0])
        for strut, place in zip(STRUT_COLOURS, places, strict=True):
            badge(self.axes, place, strut.number, 5 if self.small else 8)


def _stadium(ends: Array, radius: float) -> Array:
    """Outline of a capsule on paper, shape (n, 2)."""
    along = ends[1] - ends[0]
    turn = np.arctan2(along[1], along[0])
    half = np.linspace(np.pi / 2, 3 * np.pi / 2, 25)
    angles = np.concatenate([half, half + np.pi]) + turn
    centres = np.repeat(ends, len(half), axis=0)
    return np.asarray(
        centres + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    )


def strut_shares(scene: Scene, views: Sequence[View], poses: Placement) -> Array:
    """Where the number of each strut stands, the same on every day and in every view.

    Parameters
    ----------
    scene : Scene
        Frame and side [mm].
    views : sequence of View
        All that are shown.
    poses : Placement
        Of the distal ring on the days that are shown, shape (days, ...) [mm].

    Returns
    -------
    Array
        Shape (6,): from 0 at the proximal ring to 1 at the distal one.

    References
    ----------
    .. [1] House look: a number that hops along its strut seems to say something.
    """
    return apart_shares(
        np.concatenate([scene.strut_lines(view, poses) for view in views])
    )


def badge(
    axes: Axes,
    place: Array | tuple[float, float],
    number: int,
    size: float,
    where: Transform | None = None,
) -> None:
    """A strut's number on its colour."""
    colour = STRUT_COLOURS[number - 1].colour
    axes.text(
        place[0],
        place[1],
        str(number),
        color=ink_on(colour),
        fontsize=size,
        fontweight=600,
        ha="center",
        va="center",
        zorder=9,
        transform=where or axes.transData,
        bbox={
            "boxstyle": "circle,pad=0.22",
            "facecolor": colour,
            "edgecolor": INK,
            "linewidth": 0.7,
        },
    )


DEEPEST_MM = 1000.0


def ink_on(colour: str) -> str:
    """Ink or paper, whichever is read more easily on a colour.

    Examples
    --------
    >>> ink_on("#F0E442"), ink_on("#B3001B")
    ('#111827', '#ffffff')
    """
    luminance = np.dot(np.power(to_rgb(colour), 2.2), (0.2126, 0.7152, 0.0722))
    return INK if luminance > BRIGHT else PAPER


BRIGHT = 0.18  # about the middle between ink and paper, in contrast

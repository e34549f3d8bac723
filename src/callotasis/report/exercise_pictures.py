"""Exercises drawn: start, end, an arrow; the trained leg blue and lettered."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from callotasis.pose import Side
from callotasis.report.body_figure import Joints, Posture, along, joints_of
from callotasis.report.exercise_scenes import Scene, scene_named
from callotasis.report.exercise_things import draw_thing
from callotasis.report.figure_paper import (
    BEHIND,
    CLOTH,
    IN_FRONT,
    THICK_PT,
    Paper,
    capsule,
)
from callotasis.report.style import INK, MOVING, PAPER, drawing

PANEL_INCHES, PICTURE_DPI = (2.1, 1.62), 300
BODY, OTHER_LEG = "#d5d9df", "#b6bcc6"
ARROW = "#C2410C"  # the darker vermillion of the house: 5 to 1 on white
MARGIN_CM = 8.0
# Radii at both ends of each part [cm].
SIDE_TRUNK, FRONT_TRUNK = (10.0, 10.5), (13.0, 15.5)
LEG = (
    ("hip", 8.6, "knee", 6.2),
    ("knee", 6.2, "ankle", 4.2),
    ("heel", 3.2, "toe", 2.2),
)
ARM = (("shoulder", 4.6, "elbow", 3.6), ("elbow", 3.6, "hand", 2.8))
FRONT_FOOT = (5.0, 4.2)
HEAD, NECK, NOSE, EYE, EYES_APART = 10.0, 4.5, 2.4, 0.8, 3.2


def exercise_picture(name: str, side: Side) -> bytes:
    """Draw an exercise: how it starts on the left, how it ends on the right.

    Parameters
    ----------
    name : str
        Of the exercise.
    side : Side
        Whose leg is trained; it is blue and carries its letter.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    PlanRefusal
        If nobody has drawn the exercise.
    """
    with drawing():
        figure = exercise_figure(scene_named(name), side)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=PICTURE_DPI, transparent=True)
    return out.getvalue()


def exercise_figure(scene: Scene, side: Side) -> Figure:
    """Draw a scene as a figure of two panels."""
    width, height = PANEL_INCHES
    figure = Figure(figsize=(2 * width, height))
    panels = figure.subplots(1, 2)
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1, wspace=0.02)
    pens = [
        Pen(axes, posture, scene, side)
        for axes, posture in zip(panels, (scene.start, scene.end), strict=True)
    ]
    for number, pen in enumerate(pens, start=1):
        pen.draw()
        pen.number(number)
    pens[1].arrow(pens[0].joints)
    _frame(pens)
    return figure


@dataclass
class Pen:
    """Draws one posture of a scene; mirrors what was laid out for the other side."""

    axes: Axes
    posture: Posture
    scene: Scene
    side: Side

    def __post_init__(self) -> None:
        self.joints = joints_of(self.posture)
        flip = 1.0 if self.posture.near_side is self.side else -1.0
        self.paper = Paper(self.axes, flip)

    def draw(self) -> None:
        """Things behind, the far limbs, the body, the near limbs, what is held."""
        for standing in self.scene.things:
            draw_thing(self.paper, standing, self.joints)
        self._crutch("far")
        self._limb("far", ARM, BODY)
        self._limb("far", LEG, OTHER_LEG)
        if self.posture.front:
            self._limb("near", LEG, MOVING)
        self._body()
        if not self.posture.front:
            self._limb("near", LEG, MOVING)
        self._limb("near", ARM, BODY)
        self._crutch("near")
        self._strap()
        self._letter()

    def number(self, number: int) -> None:
        """Number the panel in its corner."""
        self.paper.axes.text(
            0.0,
            1.0,
            str(number),
            transform=self.paper.axes.transAxes,
            ha="left",
            va="top",
            fontsize=11,
            fontweight="semibold",
        )

    def arrow(self, before: Joints) -> None:
        """Draw the way from the start to the end of the joint that moves."""
        told = self.scene.arrow
        aside = np.array(told.beside)
        end = self.joints.points[told.of] + aside
        start = before.points[told.of] + aside
        way = end - start
        far = float(np.hypot(*way))
        if far < told.long:
            start = end - way / far * told.long
        tail, tip = self.paper.at(start), self.paper.at(end)
        self.paper.seen += [tail[None], tip[None]]
        self.paper.axes.add_patch(
            FancyArrowPatch(
                tuple(tail),
                tuple(tip),
                connectionstyle=f"arc3,rad={told.bow * self.paper.flip:g}",
                arrowstyle="-|>,head_length=5,head_width=3",
                shrinkA=0,
                shrinkB=0,
                linewidth=THICK_PT,
                color=ARROW,
                zorder=20,
            )
        )

    def _limb(
        self, whose: str, parts: tuple[tuple[str, float, str, float], ...], colour: str
    ) -> None:
        points = self.joints.points
        for first, wide, last, narrow in reversed(parts):
            ends = points[f"{whose}_{first}"], points[f"{whose}_{last}"]
            if self.posture.front and first == "heel":
                self.paper.blob(ends[1], *FRONT_FOOT, colour)
                continue
            self.paper.area(capsule(*ends, wide, narrow), colour)

    def _body(self) -> None:
        points = self.joints.points
        wide = FRONT_TRUNK if self.posture.front else SIDE_TRUNK
        if not self.posture.front:
            self.paper.blob(points["nose"], NOSE, NOSE, BODY)
        self.paper.area(capsule(points["shoulder"], points["head"], NECK, NECK), BODY)
        self.paper.blob(points["head"], HEAD, HEAD, BODY)
        if self.posture.front:
            across = EYES_APART * along(self.posture.trunk - 90.0)
            for eye in (points["head"] + across, points["head"] - across):
                self.paper.blob(eye, EYE, EYE, INK)
        self.paper.area(capsule(points["hip"], points["shoulder"], *wide), BODY)

    def _strap(self) -> None:
        if self.scene.strap:
            ends = [self.joints.points[name] for name in self.scene.strap]
            placed = self.paper.at(np.array(ends))
            self.paper.axes.plot(*placed.T, color=INK, linewidth=3.4, zorder=15)
            self.paper.axes.plot(*placed.T, color=CLOTH, linewidth=2.0, zorder=16)

    def _crutch(self, whose: str) -> None:
        if not self.scene.crutches:
            return
        tip = np.array(self.scene.crutches[0 if whose == "near" else 1])
        hand = self.joints.points[f"{whose}_hand"]
        up = (hand - tip) / np.hypot(*(hand - tip))
        self.paper.line(
            [tip, hand + 24.0 * up], before=IN_FRONT if whose == "near" else BEHIND
        )

    def _letter(self) -> None:
        # Where only the lower leg is shown, the letter stands there.
        ends = ("knee", "ankle") if self.scene.zoom else ("hip", "knee")
        middle = np.mean([self.joints.points[f"near_{end}"] for end in ends], axis=0)
        x, y = self.paper.at(middle)
        self.paper.axes.text(
            x,
            y,
            self.side.value,
            color=PAPER,
            ha="center",
            va="center",
            fontsize=7.5,
            fontweight="semibold",
            zorder=18,
        )


def _frame(pens: list[Pen]) -> None:
    """Give both panels one scale that holds all that was drawn."""
    every = np.concatenate([points for pen in pens for points in pen.paper.seen])
    if pens[0].scene.zoom:
        sides = np.sort(pens[0].paper.flip * np.array(pens[0].scene.zoom))
        every = every[(every[:, 0] > sides[0]) & (every[:, 0] < sides[1])]
    low, high = every.min(axis=0) - MARGIN_CM, every.max(axis=0) + MARGIN_CM
    middle, size = (low + high) / 2, high - low
    shape = PANEL_INCHES[0] / PANEL_INCHES[1]
    height = max(size[1], size[0] / shape)
    for pen in pens:
        pen.axes.set_xlim(
            middle[0] - height * shape / 2, middle[0] + height * shape / 2
        )
        pen.axes.set_ylim(middle[1] - height / 2, middle[1] + height / 2)
        pen.axes.set_aspect("equal")
        pen.axes.set_axis_off()

"""What stands around a person who trains: bed, chair, wall, table, rails, a bike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.patches import Circle

from callotasis.report.body_figure import Joints
from callotasis.report.exercise_scenes import Standing, Thing
from callotasis.report.figure_paper import CLOTH, FURNITURE, Paper
from callotasis.report.style import INK

PEDAL = np.array([6.0, 0.0])
SOLE_BELOW = np.array([9.0, -8.0])  # of the ball of the foot, from the ankle


def draw_thing(paper: Paper, here: Standing, joints: Joints) -> None:
    """Draw one thing; the pedals of a bike are where the feet are."""
    if here.thing is Thing.BIKE:
        _bike(paper, here, joints)
    else:
        THINGS[here.thing](paper, here)


def _cushion(paper: Paper, here: Standing) -> None:
    paper.cushion(here.at, here.size)


def _floor(paper: Paper, here: Standing) -> None:
    paper.line([(here.span[0], here.top), (here.span[1], here.top)])


def _bed(paper: Paper, here: Standing) -> None:
    left, right = here.span
    paper.block(left, here.top - 10, right - left, 10)
    if here.legs:
        for x in (left + 4, right - 8):
            paper.block(x, here.top - 10 - here.legs, 4, here.legs)


def _wall(paper: Paper, here: Standing) -> None:
    paper.block(here.span[0], 0, 7, here.top)


def _chair(paper: Paper, here: Standing) -> None:
    left, right = here.span
    for x in (left, right - 4):
        paper.block(x, 0, 4, here.top)
    paper.block(left, here.top - 4, right - left, 4)
    paper.block(here.back - 4, here.top - 4, 4, 48)


def _table(paper: Paper, here: Standing) -> None:
    left, right = here.span
    for x in (left + 4, right - 8):
        paper.block(x, 0, 4, here.top)
    paper.block(left, here.top - 4, right - left, 4)


def _rail(paper: Paper, here: Standing) -> None:
    x = here.span[0]
    paper.block(x - 2, 0, 4, here.top)
    paper.block(x - 9, here.top - 2, 18, 4)


def _bike(paper: Paper, here: Standing, joints: Joints) -> None:
    x, y = here.span[0], here.top
    crank = np.array([x + 20, y + 32])
    wheel = paper.at(np.array([x + 58, y + 30]))
    for radius, colour in ((24.0, FURNITURE), (4.0, INK)):
        paper.axes.add_patch(
            Circle(tuple(wheel), radius, facecolor=colour, edgecolor=INK, linewidth=1.2)
        )
    paper.seen.append(wheel + np.array([[-24.0, -24.0], [24.0, 24.0]]))
    paper.line([(x - 18, y + 3), (x + 78, y + 3)], 3.0)
    paper.line([(x + 8, y + 3), crank, (x - 4, y + 90)], 3.0)
    paper.line([crank, (x + 50, y + 80), (x + 56, y + 112)], 3.0)
    paper.line([(x + 58, y + 30), (x + 50, y + 80)], 3.0)
    paper.line([(x + 50, y + 108), (x + 62, y + 114)], 3.4)
    paper.block(x - 14, y + 89, 26, 4)
    for whose in ("near", "far"):
        ankle = joints.points[f"{whose}_ankle"]
        pedal = ankle + SOLE_BELOW
        paper.line([crank, pedal], 2.0)
        paper.line([pedal - PEDAL, pedal + PEDAL], 3.0)


def _wedge(paper: Paper, here: Standing) -> None:
    left, right = here.span
    paper.area(np.array([(right, 0), (left, 0), (left, here.top)]), CLOTH)


THINGS: dict[Thing, Callable[[Paper, Standing], None]] = {
    Thing.FLOOR: _floor,
    Thing.BED: _bed,
    Thing.WALL: _wall,
    Thing.CHAIR: _chair,
    Thing.TABLE: _table,
    Thing.RAIL: _rail,
    Thing.ROLL: _cushion,
    Thing.PILLOW: _cushion,
    Thing.WEDGE: _wedge,
}

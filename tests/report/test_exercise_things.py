"""What stands around: each thing is drawn where it is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from callotasis.report.body_figure import Posture, joints_of
from callotasis.report.exercise_scenes import Standing, Thing
from callotasis.report.exercise_things import draw_thing
from callotasis.report.figure_paper import Paper

JOINTS = joints_of(Posture((0.0, 100.0), 66.0))


@pytest.mark.parametrize("thing", Thing)
def test_every_thing_can_be_drawn(thing: Thing) -> None:
    paper = Paper(Figure().subplots(), 1.0)
    here = Standing(thing, x=(-20.0, 40.0), y=45.0, at=(0.0, 5.0), size=(8.0, 4.0))
    draw_thing(paper, here, JOINTS)
    assert len(np.concatenate(paper.seen)) >= 2
    assert paper.axes.patches or paper.axes.lines


@pytest.mark.parametrize("thing", [Thing.BED, Thing.TABLE, Thing.CHAIR])
def test_what_carries_ends_at_its_top(thing: Thing) -> None:
    paper = Paper(Figure().subplots(), 1.0)
    draw_thing(paper, Standing(thing, x=(-20.0, 40.0), y=45.0, back=-400.0), JOINTS)
    seen = np.concatenate(paper.seen)
    near = seen[seen[:, 0] > -100]
    assert near[:, 1].max() == pytest.approx(45.0)
    assert near[:, 0].max() == pytest.approx(40.0)


def test_the_pedals_of_a_bike_are_under_the_feet() -> None:
    paper = Paper(Figure().subplots(), 1.0)
    draw_thing(paper, Standing(Thing.BIKE), JOINTS)
    ankle = JOINTS.points["near_ankle"]
    lines = [line.get_xydata() for line in paper.axes.lines]
    ends = np.concatenate([np.asarray(line) for line in lines])
    assert np.hypot(*(ends - ankle).T).min() < 12.0

"""Daily strut tables: on the marks, never backwards, and rounding moves least."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import (
    Placement,
    Schedule,
    ScheduleOrder,
    poses_from_struts,
    scheduled,
    struts_of,
)
from callotasis.fixation.hexapod.path import Course, course
from callotasis.fixation.hexapod.schedule import (
    fragment_moved,
    fragment_points,
    on_marks,
)
from callotasis.worlds import Array
from hexapods import NEUTRAL, USUAL, ordered

CENTRE = np.zeros((1, 3))


def made(**changed: object) -> Schedule:
    """Work out the usual order, changed."""
    return scheduled(TypeAdapter(ScheduleOrder).validate_python(ordered(**changed)))


def at(z: float, *turns: float) -> dict[str, list[float]]:
    """A pose over the proximal ring."""
    return {"translation_mm": [0, 0, z], "rotation_deg": list(turns) or [0, 0, 0]}


def programme(random: np.random.Generator) -> Course:
    """From a deformity, mirrored by the rings, to straight rings and a longer leg."""
    low = random.uniform(130, 150)
    shift, turn = random.uniform(-20, 20, 2), random.uniform(-15, 15, 3)
    start = Placement.at((*shift, low), turn)
    target = Placement.at((0, 0, low + random.uniform(20, 60)), (0, 0, 0))
    return course(start, target, CENTRE, 1.0, "screw")


def nearest_marks(exact: Array, graduation: float) -> Array:
    """Plain rounding; where it would turn a strut back, the next mark on its course."""
    rows = [exact[0]]
    for day, before in zip(exact[1:], exact[:-1], strict=True):
        course_of = np.sign(day - before)
        mark = np.round(day / graduation) * graduation
        onward = np.where(
            course_of > 0,
            np.ceil(rows[-1] / graduation - 1e-9),
            np.floor(rows[-1] / graduation + 1e-9),
        )
        back = (mark - rows[-1]) * course_of < -1e-9
        rows.append(np.where(back, onward * graduation, mark))
    return np.array(rows)


def really_moved(way: Course, struts: Array) -> Array:
    """Largest displacement of eight points each day, by forward kinematics."""
    found, misfit = poses_from_struts(USUAL, struts, way.poses)
    assert misfit.max() < 1e-6
    points = fragment_points()
    off = found.carried(points) - way.poses.carried(points)
    return np.linalg.norm(off, axis=-1).max(axis=-1)[1:]


@pytest.mark.parametrize("path", ["screw", "straight", "phases"])
@pytest.mark.parametrize("graduation", [1.0, 0.5, 0.25])
def test_every_row_but_the_first_is_on_a_mark(path: str, graduation: float) -> None:
    found = made(
        path=path, graduation_mm=graduation, structures_at_risk_mm=[[0, 0, 60]]
    )
    rows = np.array(found.struts_mm)
    assert rows.shape == (found.days + 1, 6)
    start = Placement.at((5, -8, 160), (10, -5, 7))
    assert rows[0] == pytest.approx(struts_of(USUAL, start))
    marks = rows[1:] / graduation
    assert np.abs(marks - marks.round()).max() < 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_no_strut_is_turned_against_its_course(seed: int) -> None:
    way = programme(np.random.default_rng(seed))
    exact = struts_of(USUAL, way.poses)
    rows = on_marks(USUAL, way, exact, 1.0)
    assert (np.diff(rows, axis=0) * np.sign(np.diff(exact, axis=0))).min() > -1e-9
    assert np.abs(rows - exact).max() <= 1 + 1e-9


def test_a_strut_that_turns_round_may_turn_round_on_its_scale() -> None:
    """Through a tilt of both signs, a strut first lengthens and then shortens."""
    half = [Placement.at((0, 0, 150), (0, a, 0)) for a in np.linspace(-20, 20, 41)]
    poses = Placement(
        np.array([p.translation_mm for p in half]), np.array([p.rotation for p in half])
    )
    exact = struts_of(USUAL, poses)
    rows = on_marks(USUAL, Course(40, poses), exact, 1.0)
    assert (np.diff(rows, axis=0) * np.sign(np.diff(exact, axis=0))).min() > -1e-9


def test_rounding_moves_the_fragment_less_than_the_nearest_marks() -> None:
    """Twenty programmes; the benchmark takes two hundred."""
    random, ratios = np.random.default_rng(7), []
    for _ in range(20):
        way = programme(random)
        exact = struts_of(USUAL, way.poses)
        ours = really_moved(way, on_marks(USUAL, way, exact, 1.0)).mean()
        plain = really_moved(way, nearest_marks(exact, 1.0)).mean()
        ratios.append(ours / plain)
    assert max(ratios) < 1
    assert np.median(ratios) < 0.75


def test_the_first_order_displacement_is_the_real_one() -> None:
    way = programme(np.random.default_rng(1))
    exact = struts_of(USUAL, way.poses)
    rows = on_marks(USUAL, way, exact, 1.0)
    first = fragment_moved(USUAL, way.poses, rows - exact)[1:]
    assert first == pytest.approx(really_moved(way, rows), rel=0.05)


def test_eight_points_stand_for_the_fragment() -> None:
    points = fragment_points()
    assert points.shape == (8, 3)
    assert np.hypot(points[:, 0], points[:, 1]) == pytest.approx([20.0] * 8)
    assert sorted(set(points[:, 2])) == [-60, 150]


def test_lengthening_by_35_mm_at_a_millimetre_a_day_takes_35_days() -> None:
    found = made(start_pose=at(150), target_pose=at(185))
    assert found.days == 35
    assert found.changes == ()


def test_a_frame_that_is_where_it_should_be_takes_no_day() -> None:
    found = made(target_pose=ordered()["start_pose"])
    assert found.days == 0
    assert len(found.struts_mm) == 1
    assert found.pose_error.max_mm == pytest.approx(0, abs=1e-6)


def test_the_pose_error_is_that_of_the_table() -> None:
    found = made(start_pose=at(150), target_pose=at(185))
    exact = [NEUTRAL, *(Placement.at((0, 0, 150 + d), (0, 0, 0)) for d in range(1, 36))]
    wanted = np.array([p.translation_mm for p in exact])
    poses, _ = poses_from_struts(USUAL, np.array(found.struts_mm))
    off = np.linalg.norm(poses.translation_mm - wanted, axis=1)
    assert found.pose_error.max_mm == pytest.approx(off.max(), abs=1e-6)
    assert 0 < found.pose_error.max_mm < 1
    assert 0 < found.pose_error.max_deg < 2


def test_finer_marks_round_less() -> None:
    coarse, fine = made(graduation_mm=1.0), made(graduation_mm=0.25)
    assert fine.fragment_error_mm < coarse.fragment_error_mm / 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rate_mm_per_day": 0}, "rate is 0 mm a day; allowed is more than 0"),
        ({"rate_mm_per_day": -1}, "rate is -1 mm a day"),
        ({"rate_mm_per_day": math.nan}, "rate is nan mm a day"),
        ({"rate_mm_per_day": 1.51}, r"rate is 1\.51 mm a day; .*up to 1\.5"),
        ({"graduation_mm": 0}, "graduation is 0 mm; allowed is more than 0"),
        ({"graduation_mm": math.inf}, "graduation is inf mm"),
        ({"structures_at_risk_mm": [[0, math.nan, 0]]}, "structures_at_risk_mm holds"),
        ({"strut_range_mm": [100, 188]}, r"strut \d is 18\d\.0 mm on day \d+; allowed"),
        ({"start_pose": at(150, 0, 0, 70)}, "start pose: a turn of 70"),
        ({"target_pose": at(-150)}, "target pose: the distal ring stands at z = -150"),
        ({"path": "spiral"}, "path 'spiral' is unknown"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(FrameRefusal, match=said):
        made(**changed)


def test_a_singular_day_is_named() -> None:
    """Start and target hold; lowered before it is turned, a tilted ring does not."""
    start = {"translation_mm": [0, 0, 150], "rotation_deg": [0, -55, 0]}
    target = {"translation_mm": [0, 0, 45], "rotation_deg": [0, 0, 0]}
    with pytest.raises(FrameRefusal, match=r"day \d+: "):
        made(
            start_pose=start,
            target_pose=target,
            structures_at_risk_mm=[[0, 0, 60]],
            strut_range_mm=[10, 400],
            path="phases",
        )


def test_changes_are_planned_where_two_sizes_overlap() -> None:
    sizes = [
        {"name": "medium", "min_mm": 116, "max_mm": 178},
        {"name": "long", "min_mm": 169, "max_mm": 283},
    ]
    found = made(
        start_pose=at(150), target_pose=at(185), strut_range_mm=None, strut_sizes=sizes
    )
    assert sorted(c.strut for c in found.changes) == [1, 2, 3, 4, 5, 6]
    for change in found.changes:
        assert 169 <= found.struts_mm[change.day][change.strut - 1] <= 178
        assert (change.before, change.after) == ("medium", "long")


def test_sizes_that_leave_a_gap_are_refused() -> None:
    sizes = [
        {"name": "medium", "min_mm": 116, "max_mm": 170},
        {"name": "long", "min_mm": 171, "max_mm": 283},
    ]
    with pytest.raises(FrameRefusal, match=r"strut \d must be changed before day \d+"):
        made(
            start_pose=at(150),
            target_pose=at(185),
            strut_range_mm=None,
            strut_sizes=sizes,
        )

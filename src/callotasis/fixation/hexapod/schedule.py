"""Every strut for every day: on the scale's marks, so that rounding moves least.

A strut can only be set to a mark. Rounding each to its nearest mark moves the bone by
up to a millimetre; of the 64 ways to round six struts up or down, those are taken that
move eight points of the fragment least over all days, and turn no strut against its
course.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.spatial.transform import Rotation

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.changes import StrutChange, strut_changes
from callotasis.fixation.hexapod.files import ScheduleOrder, StrutSize, checked_frame
from callotasis.fixation.hexapod.forward import poses_from_struts
from callotasis.fixation.hexapod.frame import (
    STRUTS,
    Frame,
    Placement,
    check_placement,
    jacobian_of,
    struts_of,
)
from callotasis.fixation.hexapod.path import Course, course
from callotasis.worlds import Array

Flags = np.typing.NDArray[np.bool_]
WAYS_TO_ROUND = np.array(list(product((0.0, 1.0), repeat=STRUTS)))
# The struts of a way that are rounded up, as the bits of its number.
BITS = 2 ** np.arange(STRUTS - 1, -1, -1)
_WAYS = np.arange(len(WAYS_TO_ROUND))
FELL = ~_WAYS[:, None] & _WAYS[None]
ROSE = _WAYS[:, None] & ~_WAYS[None]
ON_A_MARK = 1e-9


@dataclass(frozen=True)
class PoseError:
    """Largest error of a day's pose, from rounding [mm, deg]."""

    max_mm: float
    max_deg: float


@dataclass(frozen=True)
class Schedule:
    """What ``callotasis frame schedule`` prints.

    Attributes
    ----------
    days : int
        From the first turn to the last.
    struts_mm : tuple of tuple
        (days + 1) × 6, joint to joint; row 0 is the start [mm].
    pose_error : PoseError
        Of the ring's centre and its turn, from rounding.
    fragment_error_mm : float
        Largest displacement of eight points of the fragment, mean over the days [mm].
    sizes : tuple of str
        Size of each strut at the start.
    changes : tuple of StrutChange
        When a strut is changed for another size.
    worst_condition_number : float
        On the way [1].
    """

    days: int
    struts_mm: tuple[tuple[float, ...], ...]
    pose_error: PoseError
    fragment_error_mm: float
    sizes: tuple[str, ...]
    changes: tuple[StrutChange, ...]
    worst_condition_number: float


def scheduled(order: ScheduleOrder) -> Schedule:
    """Work out a daily strut table.

    Parameters
    ----------
    order : ScheduleOrder
        Frame, poses, rate and struts.

    Returns
    -------
    Schedule
        Every strut for every day [mm].

    Raises
    ------
    FrameRefusal
        If rate or step cannot be, a day's pose is singular, or a strut is out of range
        (which one, and on which day).

    References
    ----------
    .. [1] Planning facts 5.1 and 5.2; evidence rows ``hexapod.*``,
       ``distraction.rate_stop``.
    """
    frame = checked_frame(order.proximal_joints_mm, order.distal_joints_mm)
    check_rate(order.rate_mm_per_day)
    structures = np.array(order.structures_at_risk_mm or [(0.0, 0.0, 0.0)], float)
    if not np.isfinite(structures).all():
        raise FrameRefusal("structures_at_risk_mm holds a number that is not finite")
    start = order.start_pose.placement("start pose")
    target = order.target_pose.placement("target pose")
    for placement, name in ((start, "start pose"), (target, "target pose")):
        check_placement(frame, placement, name)
    way = course(start, target, structures, order.rate_mm_per_day, order.path)
    return schedule_of(frame, way, order.sizes(), order.graduation_mm)


def schedule_of(
    frame: Frame,
    way: Course,
    sizes: tuple[StrutSize, ...],
    graduation_mm: float,
    scale_offset_mm: float = 0.0,
) -> Schedule:
    """Work out every strut for every day of a way.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    way : Course
        Pose of the distal ring on every day [mm].
    sizes : tuple of StrutSize
        Of struts at hand [mm].
    graduation_mm : float
        Distance of two marks [mm].
    scale_offset_mm : float
        What every scale reads beyond the length joint to joint [mm].

    Returns
    -------
    Schedule
        [mm].

    Raises
    ------
    FrameRefusal
        If the step cannot be, a day's pose is singular, or a strut is out of range.

    References
    ----------
    .. [1] Planning facts 5.2; evidence rows ``hexapod.*``.
    """
    check_graduation(graduation_mm)
    worst = max(
        check_placement(frame, way.poses[day], f"day {day}")
        for day in range(way.days + 1)
    )
    exact = struts_of(frame, way.poses)
    rounded = on_marks(frame, way, exact, graduation_mm, scale_offset_mm)
    first_sizes, changes = strut_changes(rounded, sizes)
    found, _ = poses_from_struts(frame, rounded, way.poses)
    return Schedule(
        days=way.days,
        struts_mm=tuple(tuple(map(float, row)) for row in rounded),
        pose_error=_pose_error(found, way.poses),
        fragment_error_mm=float(
            fragment_moved(frame, way.poses, rounded - exact).mean()
        ),
        sizes=first_sizes,
        changes=changes,
        worst_condition_number=worst,
    )


def check_rate(rate_mm_per_day: float) -> None:
    """Refuse a rate that stands still or that bone and nerves do not bear.

    Parameters
    ----------
    rate_mm_per_day : float
        [mm/day].

    Raises
    ------
    FrameRefusal
        With the limit and its source.

    References
    ----------
    .. [1] Evidence row ``distraction.rate_stop``.
    """
    limit = constant("distraction.rate_stop")
    if not 0 < rate_mm_per_day <= limit.value:
        raise FrameRefusal(
            f"rate is {rate_mm_per_day:g} mm a day; allowed is more than 0 and up to "
            f"{limit.value:g} ({limit.statement.lower()}: {limit.source})"
        )


def check_graduation(graduation_mm: float) -> None:
    """Refuse a distance of marks that no strut has.

    Parameters
    ----------
    graduation_mm : float
        Distance of two marks [mm].

    Raises
    ------
    FrameRefusal
        With the distance and what is allowed.

    References
    ----------
    .. [1] Half to one millimetre is usual; the limit catches slips of the unit.
    """
    if not LEAST_GRADUATION_MM <= graduation_mm <= MOST_GRADUATION_MM:
        raise FrameRefusal(
            f"graduation is {graduation_mm:g} mm; allowed is more than 0, from "
            f"{LEAST_GRADUATION_MM:g} to {MOST_GRADUATION_MM:g} mm"
        )


LEAST_GRADUATION_MM, MOST_GRADUATION_MM = 0.001, 5.0


def fragment_points() -> Array:
    """Eight points of the moving fragment in the distal ring's frame, (8, 3) [mm]."""
    reach, radius = constant("hexapod.fragment"), constant("hexapod.fragment_radius")
    turns = np.radians([0, 90, 180, 270])
    return np.array(
        [
            [radius.value * np.cos(a), radius.value * np.sin(a), z]
            for z in (reach.low, reach.high)
            for a in turns
        ]
    )


def fragment_moved(frame: Frame, poses: Placement, errors_mm: Array) -> Array:
    """How far an error of six struts moves the fragment.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    poses : Placement
        Shape (n, ...) [mm].
    errors_mm : Array
        Shape (n, 6), or (n, ways, 6) [mm].

    Returns
    -------
    Array
        Shape (n,) or (n, ways): largest displacement of eight points [mm].

    References
    ----------
    .. [1] First order; evidence rows ``hexapod.fragment``, ``hexapod.fragment_radius``.
    """
    spread = _spread(frame, poses)
    subscripts = "nqi,ni->nq" if errors_mm.ndim == 2 else "nqi,nwi->nwq"  # noqa: PLR2004
    moved = np.einsum(subscripts, spread, errors_mm)
    points = moved.reshape(*moved.shape[:-1], -1, 3)
    return np.asarray(np.linalg.norm(points, axis=-1).max(axis=-1))


def _spread(frame: Frame, poses: Placement) -> Array:
    """From strut errors to displacements of the eight points, shape (n, 24, 6)."""
    inverse = np.linalg.inv(jacobian_of(frame, poses))
    arms = poses.carried(fragment_points()) - poses.translation_mm[..., None, :]
    shift, turn = inverse[:, None, :3], inverse[:, None, 3:]
    moved = shift + np.cross(turn, arms[..., None], axisa=-2, axisb=-2, axisc=-2)
    return np.asarray(moved.reshape(len(moved), -1, STRUTS))


def on_marks(
    frame: Frame,
    way: Course,
    exact_mm: Array,
    graduation_mm: float,
    scale_offset_mm: float = 0.0,
) -> Array:
    """Round every strut of every day to a mark.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    way : Course
        Pose of every day [mm].
    exact_mm : Array
        Shape (days + 1, 6) [mm].
    graduation_mm : float
        Distance of two marks [mm].
    scale_offset_mm : float
        What every scale reads beyond the length joint to joint [mm].

    Returns
    -------
    Array
        Shape (days + 1, 6); row 0 is the start as it is [mm].

    References
    ----------
    .. [1] Shortest path (Viterbi) through the 64 ways of rounding up or down of every
       day; its length is the fragment's displacement, added up over the days.
    """
    low = np.floor((exact_mm + scale_offset_mm) / graduation_mm + ON_A_MARK)
    marks = (low[:, None] + WAYS_TO_ROUND) * graduation_mm - scale_offset_mm
    moved = fragment_moved(frame, way.poses, marks - exact_mm[:, None])
    turning = np.diff(exact_mm, axis=0)
    turning = np.sign(turning) * (np.abs(turning) > ON_A_MARK)
    total, came_from = np.zeros(1), []
    for day in range(1, len(exact_mm)):
        if day == 1:
            against = (marks[1] - exact_mm[0]) * turning[0] < -ON_A_MARK
            barred = against.any(axis=1)[:, None]
        else:
            barred = _barred(turning[day - 1], low[day] == low[day - 1])
        sums = np.where(barred, np.inf, total)
        came_from.append(sums.argmin(axis=1))
        total = sums.min(axis=1) + moved[day]
    best = int(total.argmin())
    rows = []
    for day in range(len(exact_mm) - 1, 0, -1):
        rows.append(marks[day, best])
        best = came_from[day - 1][best]
    return np.array([exact_mm[0], *reversed(rows)])


def _barred(turning: Array, between_the_same_marks: Flags) -> Flags:
    """Which ways of a day turn a strut back from which of the day before, (64, 64).

    A strut between the same two marks as the day before may not fall back to the
    lower while it lengthens, nor rise again while it shortens; past a mark, no way of
    rounding turns it back.
    """
    lengthens = BITS @ (between_the_same_marks & (turning > 0))
    shortens = BITS @ (between_the_same_marks & (turning < 0))
    return np.asarray((FELL & lengthens | ROSE & shortens) != 0)


def _pose_error(found: Placement, wanted: Placement) -> PoseError:
    off = np.linalg.norm(found.translation_mm - wanted.translation_mm, axis=-1)
    relative = found.rotation @ np.swapaxes(wanted.rotation, -1, -2)
    turned = np.degrees(Rotation.from_matrix(relative).magnitude())
    return PoseError(float(off.max()), float(turned.max()))

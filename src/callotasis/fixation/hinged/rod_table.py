"""A table of rods for every day: lengths, quarter turns, and no structure too fast.

The nearer a rod's line passes to the hinges the slower it is turned, by similar
triangles; the table is made from the lengths themselves, not from small angles.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation.hinged.device import NOTHING, HingedDevice, HingeSettings
from callotasis.fixation.hinged.hinges import Point
from callotasis.fixation.hinged.rods import (
    Rod,
    rod_lengths,
    rod_levers,
    turn_from_rods,
)
from callotasis.worlds import Array

MOST_DAYS = 365
AS_BUILT = HingeSettings(0.0, 0.0)


class First(StrEnum):
    """What is done first; the bone ends up in the same place."""

    LENGTHEN = "lengthen"
    TURN = "turn"


@dataclass(frozen=True)
class RodOrder:
    """What a table of rods is made from.

    Attributes
    ----------
    rods : tuple of Rod
        All that are turned, without those that bear the hinges.
    structures_mm : tuple of tuple
        Points of the distal fragment that none may move faster than the rate: the far
        cortex, nerves, vessels; seen from the cut centre, limb frame [mm].
    rate_mm_per_day : float
        [mm/day].
    first : First
        Lengthen or turn.
    now : HingeSettings
        How the frame stands before the first turn of this table [deg, mm].
    """

    rods: tuple[Rod, ...]
    structures_mm: tuple[Point, ...]
    rate_mm_per_day: float
    first: First = First.LENGTHEN
    now: HingeSettings = AS_BUILT


@dataclass(frozen=True)
class RodSchedule:
    """Every rod for every day; row 0 is the start.

    Attributes
    ----------
    days : int
        From the first turn to the last.
    names : tuple of str
        Of the rods, in the order of the columns.
    turn_deg, extension_mm : tuple of float
        (days + 1): as planned, about the hinges and along the bone [deg, mm].
    rods_mm : tuple of tuple
        (days + 1) × rods, as set [mm].
    quarter_turns : tuple of tuple
        (days) × rods; negative shortens the rod.
    hinge_quarter_turns : tuple of int
        (days), of the rods that bear the hinges.
    fastest_mm_per_day : float
        Of any structure on any day, with the rods as set [mm/day].
    off_deg, off_at_end_deg : float
        Largest difference between the planned turn and the one that any rod makes by
        being set in quarter turns: on any day, and at the end [deg].
    """

    days: int
    names: tuple[str, ...]
    turn_deg: tuple[float, ...]
    extension_mm: tuple[float, ...]
    rods_mm: tuple[tuple[float, ...], ...]
    quarter_turns: tuple[tuple[int, ...], ...]
    hinge_quarter_turns: tuple[int, ...]
    fastest_mm_per_day: float
    off_deg: float
    off_at_end_deg: float


def rod_schedule(
    device: HingedDevice, settings: HingeSettings, order: RodOrder
) -> RodSchedule:
    """Work out every rod for every day.

    Parameters
    ----------
    device : HingedDevice
        The frame on its bone.
    settings : HingeSettings
        At the end [deg, mm].
    order : RodOrder
        Rods, structures and rate [mm].

    Returns
    -------
    RodSchedule
        In quarter turns, no structure faster than the rate [mm].

    Raises
    ------
    DeviceRefusal
        If the rate cannot be, a rod collapses, runs out or loses its lever, or a single
        quarter turn moves a structure too far.

    References
    ----------
    .. [1] Planning facts 1.2 and 4; evidence rows ``hinges.rod_step``,
       ``hinges.least_lever``, ``distraction.rate_stop``.
    """
    _check_order(device, settings, order)
    days = _fewest_turn_days(device, settings, order)
    while True:
        course = _course(device, settings, order, days)
        rods, read = _as_set(device, order.rods, course)
        fastest = _fastest(device, order, course, read)
        if fastest <= order.rate_mm_per_day * (1 + NOTHING):
            return _table(device, order, course, (rods, read), fastest)
        if days > np.abs(np.diff(rods, axis=0)).sum() / device.travel.step_mm:
            raise DeviceRefusal(
                f"one quarter turn moves a structure {fastest:.2f} mm; the rate is "
                f"{order.rate_mm_per_day:g} mm a day: set the rods farther from the "
                "hinges"
            )
        days += 1


Course = tuple[Array, Array]
"""Turn [deg] and extension [mm] at the end of every day, the start first."""


def _check_order(
    device: HingedDevice, settings: HingeSettings, order: RodOrder
) -> None:
    limit = constant("distraction.rate_stop")
    if not 0 < order.rate_mm_per_day <= limit.value:
        raise DeviceRefusal(
            f"rate is {order.rate_mm_per_day:g} mm a day; allowed is more than 0 and "
            f"up to {limit.value:g} ({limit.statement.lower()}: {limit.source})"
        )
    travel = device.travel
    if not (
        travel.low_deg <= settings.turn_deg <= travel.high_deg
        and 0 <= settings.extension_mm <= travel.stroke_mm
        and settings != order.now
    ):
        raise DeviceRefusal(
            f"{device.segment} shall be turned {settings.turn_deg:g}° and drawn out "
            f"{settings.extension_mm:g} mm; allowed is {travel.low_deg:g} to "
            f"{travel.high_deg:g}°, up to {travel.stroke_mm:g} mm, and not as it "
            f"stands ({travel.source})"
        )
    to_draw = settings.extension_mm != order.now.extension_mm
    if to_draw and order.rate_mm_per_day < travel.step_mm:
        raise DeviceRefusal(
            f"rate is {order.rate_mm_per_day:g} mm a day; one step of the device is "
            f"{travel.step_mm:g} mm"
        )
    structures = np.array(order.structures_mm, float)
    if not order.rods or not structures.size or not np.isfinite(structures).all():
        raise DeviceRefusal(
            "a table of rods needs at least one rod beside the hinges and one structure"
        )


def _fewest_turn_days(
    device: HingedDevice, settings: HingeSettings, order: RodOrder
) -> int:
    """Days in which the structure farthest from the axis turns at the rate."""
    arms = np.array(order.structures_mm, float) - device.hinge_mm
    far = np.linalg.norm(np.cross(device.axis, arms), axis=-1).max()
    to_turn = abs(settings.turn_deg - order.now.turn_deg)
    way = far * np.radians(to_turn)
    if to_turn and way <= NOTHING:
        raise DeviceRefusal(
            "every structure lies on the axis of the hinges, so that the rate sets no "
            "number of days; name the far cortex"
        )
    days = int(np.ceil(min(way / order.rate_mm_per_day, MOST_DAYS + 1) - NOTHING))
    if days > MOST_DAYS:
        raise DeviceRefusal(
            f"at {order.rate_mm_per_day:g} mm a day the turn of {device.segment} takes "
            f"more than {MOST_DAYS} days"
        )
    return days


def _course(
    device: HingedDevice, settings: HingeSettings, order: RodOrder, turn_days: int
) -> Course:
    """Equal parts of the turn, and whole steps along the bone, one after the other."""
    step, now = device.travel.step_mm, order.now
    out = settings.extension_mm - now.extension_mm
    a_day = max(1, np.floor(order.rate_mm_per_day / step + NOTHING)) * step
    out_days = int(np.ceil(abs(out) / a_day - NOTHING))
    turned = now.turn_deg + (settings.turn_deg - now.turn_deg) * _shares(turn_days)
    drawn = now.extension_mm + step * np.round(out * _shares(out_days) / step)
    if order.first is First.LENGTHEN:
        return (
            np.concatenate([np.full(out_days, turned[0]), turned]),
            np.concatenate([drawn[:-1], np.full(turn_days + 1, drawn[-1])]),
        )
    return (
        np.concatenate([turned, np.full(out_days, turned[-1])]),
        np.concatenate([np.full(turn_days, drawn[0]), drawn]),
    )


def _shares(days: int) -> Array:
    """Of the way at the end of each day, the start first; without days, the end."""
    return np.linspace(0.0, 1.0, days + 1) if days else np.ones(1)


def _as_set(
    device: HingedDevice, rods: tuple[Rod, ...], course: Course
) -> tuple[Array, Array]:
    """Lengths in whole steps from the start, and the turn that each rod then says."""
    exact = rod_lengths(device, rods, *course)
    _check_levers(rods, rod_levers(device, rods, *course))
    step = device.travel.step_mm
    lengths = exact[0] + step * np.round((exact - exact[0]) / step)
    _check_lengths(rods, lengths)
    return lengths, turn_from_rods(device, rods, lengths, course[1])


def _check_levers(rods: tuple[Rod, ...], levers: Array) -> None:
    row = constant("hinges.least_lever")
    least = np.min(levers * np.sign(levers[0]), axis=0)
    for rod, lever in zip(rods, least, strict=True):
        if lever < row.value:
            raise DeviceRefusal(
                f"{rod.name} passes {lever:.1f} mm from the axis of the hinges; "
                f"allowed is {row.value:g} mm or more ({row.locator})"
            )


def _check_lengths(rods: tuple[Rod, ...], lengths: Array) -> None:
    for rod, column in zip(rods, lengths.T, strict=True):
        for beyond, what in (
            (column < rod.least_mm - NOTHING, "collapses"),
            (column > rod.most_mm + NOTHING, "runs out"),
        ):
            if beyond.any():
                day = int(beyond.argmax())
                raise DeviceRefusal(
                    f"{rod.name} {what} on day {day}: {column[day]:.2f} mm; allowed is "
                    f"{rod.least_mm:g} to {rod.most_mm:g} mm"
                )


def _fastest(
    device: HingedDevice, order: RodOrder, course: Course, read: Array
) -> float:
    """Largest way of a structure on one day, whichever rod is believed [mm]."""
    turn, out = course
    points = np.array(order.structures_mm, float)
    turns = np.diff(turn) != 0
    # While the rods are drawn out together, what rounding turns is seen in off_deg.
    places = device.carried(points, read, out[:, None])
    ways = np.linalg.norm(np.diff(places, axis=0), axis=-1).max(axis=(1, 2))
    return float(np.where(turns, ways, np.abs(np.diff(out))).max())


def _table(
    device: HingedDevice,
    order: RodOrder,
    course: Course,
    found: tuple[Array, Array],
    fastest: float,
) -> RodSchedule:
    (turn, out), (rods, read) = course, found
    step = device.travel.step_mm
    off = np.abs(read - turn[:, None]).max(axis=1)
    return RodSchedule(
        days=len(turn) - 1,
        names=tuple(rod.name for rod in order.rods),
        turn_deg=tuple(map(float, turn)),
        extension_mm=tuple(map(float, out)),
        rods_mm=tuple(tuple(map(float, row)) for row in rods),
        quarter_turns=tuple(
            tuple(int(n) for n in row)
            for row in np.round(np.diff(rods, axis=0) / step).astype(int)
        ),
        hinge_quarter_turns=tuple(
            int(n) for n in np.round(np.diff(out) / step).astype(int)
        ),
        fastest_mm_per_day=fastest,
        off_deg=float(off.max()),
        off_at_end_deg=float(off[-1]),
    )

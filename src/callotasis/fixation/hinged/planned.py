"""A ring frame with hinges for a planned motion: hinges on the convex cortex, one rod.

The plan's own turn says where its axis lies; the hinges go from there to the convex
cortex, so that the wedge opens and no bone runs into the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from callotasis.alignment import Limb
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.catalogue import Device
from callotasis.fixation.doubt import Doubt, Left
from callotasis.fixation.frame_sheet import (
    Framed,
    FrameDay,
    FrameSheet,
    joint_findings,
    shaft_findings,
)
from callotasis.fixation.hinged.device import HingedDevice, HingeSettings, Travel
from callotasis.fixation.hinged.doubt import (
    Scatter,
    hinge_doubt,
    hinge_left,
    rail_scatter,
    ring_scatter,
)
from callotasis.fixation.hinged.hinges import Angulation, Point, Wedge, ring_frame
from callotasis.fixation.hinged.planned_bend import bend_of, bone_at_cut
from callotasis.fixation.hinged.rod_table import (
    First,
    RodOrder,
    RodSchedule,
    rod_schedule,
)
from callotasis.fixation.hinged.rods import Rod
from callotasis.fixation.telescope import Settings, Telescope
from callotasis.plan import Target
from callotasis.pose import HIDDEN, Pose
from callotasis.worlds import Array, Worlds


@dataclass(frozen=True, eq=False, kw_only=True)
class PlannedRing(Framed):
    """With hinges and rod, for pictures.

    Attributes
    ----------
    frame : HingedDevice
        Its hinges on the bone [mm].
    angulation : Angulation
        The bend that it takes away [mm, deg].
    rod : Rod
        On the concave side, before the first turn [mm].
    turned : HingeSettings
        At the end [deg, mm].
    """

    frame: HingedDevice
    angulation: Angulation
    rod: Rod
    turned: HingeSettings


def planned_ring(
    device: Device,
    target: Target,
    limb: Limb,
    rate_mm_per_day: float,
    limb_radius_mm: float,
    worlds: Worlds,
) -> PlannedRing:
    """Put hinges and a rod where a planned turn needs them, and make their table.

    Parameters
    ----------
    device : Device
        A ring frame of the catalogue.
    target : Target
        The motion of one segment; it turns [mm, deg].
    limb : Limb
        Before surgery [mm].
    rate_mm_per_day : float
        [mm/day].
    limb_radius_mm : float
        Half the width of the limb at the rings [mm].
    worlds : Worlds
        For the doubt.

    Returns
    -------
    PlannedRing
        All of the motion, day by day [mm, deg].

    Raises
    ------
    DeviceRefusal
        If the turn, the stroke or a rod is out of range.

    References
    ----------
    .. [1] Planning facts 1.2, constructions 8 and 9; evidence rows ``hinges.*``.
    """
    angulation = bend_of(target, limb)
    cortex = constant("hexapod.fragment_radius").value
    frame = ring_frame(target.segment, angulation, cortex, Wedge.OPENING)
    travel = replace(
        frame.travel,
        stroke_mm=device.stroke_mm,
        step_mm=device.step_mm,
        source=device.source,
    )
    frame = replace(frame, travel=travel)
    settings, remaining = frame.settings(target.pose)
    cut = bone_at_cut(angulation)
    rod, lever = _rod(frame, angulation, settings, cut, limb_radius_mm)
    rim = _rim(angulation, cut, cortex)
    table = rod_schedule(
        frame, settings, RodOrder((rod,), rim, rate_mm_per_day, First.TURN)
    )
    scatter = ring_scatter(angulation, lever)
    sheet = FrameSheet(
        built=_built(frame, cortex, rod, lever),
        parts=(rod.name, "hinge rods, drawn out by"),
        start_mm=(table.rods_mm[0][0], 0.0),
        sizes=(),
        changes=(),
    )
    return PlannedRing(
        target=replace(target, acute=Pose(not_measured=HIDDEN), gradual=target.pose),
        settings=Settings(settings.extension_mm, device.step_mm),
        pose=frame.pose(settings),
        remaining=remaining,
        days=_days(frame, table, rim, angulation),
        doubt=hinge_doubt(frame, angulation, settings, scatter, worlds),
        own=hinge_left(frame, angulation, settings, _film_right(scatter), worlds),
        sheet=sheet,
        findings=(*_findings(target, remaining), *shaft_findings(target, limb)),
        frame=frame,
        angulation=angulation,
        rod=rod,
        turned=settings,
    )


def _film_right(scatter: Scatter) -> Scatter:
    """The device's own scatter: bend and apex were read without error."""
    return replace(scatter, film_deg=0.0, apex_mm=0.0)


def rail_doubts(
    telescope: Telescope,
    target: Target,
    limb: Limb,
    extension_mm: float,
    worlds: Worlds,
) -> tuple[Doubt, Left]:
    """How wrong a straight device beside the bone may be, its turn made at surgery.

    Parameters
    ----------
    telescope : Telescope
        A rail, or a ring frame with equal rods, on its bone.
    target : Target
        Its acute part is turned by the surgeon [mm, deg].
    limb : Limb
        Before surgery [mm].
    extension_mm : float
        As prescribed [mm].
    worlds : Worlds
        How many draws.

    Returns
    -------
    tuple of Doubt and Left
        What may be left by readings and device, and by the device alone [mm, deg].

    References
    ----------
    .. [1] :func:`callotasis.fixation.hinged.doubt.hinge_doubt`; evidence rows
       ``rail.*`` and ``fixation.nail_turn_done``.
    """
    bend = bend_of(target, limb)
    turn = abs(bend.frontal_deg)
    device = telescope.device
    travel = Travel(0.0, turn, device.stroke_mm, device.step_mm, device.source)
    across = np.cross(_concave(bend).way, bend.axes[2])
    on_bone = HingedDevice(
        target.segment, np.array(bend.apex_mm), across, telescope.axis, travel
    )
    at_surgery = constant("fixation.nail_turn_done").value if turn else 0.0
    scatter = replace(rail_scatter(bend, on_bone), turn_deg=at_surgery)
    settings = HingeSettings(turn, extension_mm)
    return (
        hinge_doubt(on_bone, bend, settings, scatter, worlds),
        hinge_left(on_bone, bend, settings, _film_right(scatter), worlds),
    )


@dataclass(frozen=True, eq=False)
class _Side:
    """The concave side of a bend: its word, and the way to it [1]."""

    word: str
    way: Array


def _concave(angulation: Angulation) -> _Side:
    lateral = angulation.axes[0]
    if angulation.frontal_deg > 0:
        return _Side("lateral", lateral)
    return _Side("medial", -lateral)


def _rod(
    frame: HingedDevice,
    angulation: Angulation,
    settings: HingeSettings,
    cut: Array,
    limb_radius_mm: float,
) -> tuple[Rod, float]:
    """The rod on the concave side, straight at the end, and its lever [mm]."""
    side, down = _concave(angulation), angulation.axes[2]
    reach = constant("hinges.rod_from_cut").value
    room = constant("hinges.rod_length")
    aside = limb_radius_mm + constant("clearance.ring_skin").value
    apex = np.array(angulation.apex_mm)
    rotation, shift = frame.motion(settings.turn_deg, 0.0)
    above, below = ((at - apex) @ down for at in (cut, rotation @ cut + shift))
    top = apex + aside * side.way + (above - reach) * down
    end = apex + aside * side.way + (below + reach) * down
    rod = Rod(
        f"{side.word} rod", _point(top), _point(rotation.T @ (end - shift)),
        room.low, room.high,
    )  # fmt: skip
    return rod, float(abs((apex + aside * side.way - frame.hinge_mm) @ side.way))


def _point(place: Array) -> Point:
    x, y, z = map(float, place)
    return x, y, z


def _rim(angulation: Angulation, cut: Array, cortex_mm: float) -> tuple[Point, ...]:
    """Rim of the distal fragment at its cut: new bone bears no more than the rate."""
    lateral, forward, _ = angulation.axes
    ways = (lateral, -lateral, forward, -forward)
    return tuple(_point(cut + cortex_mm * way) for way in ways)


def _days(
    frame: HingedDevice,
    table: RodSchedule,
    rim: tuple[Point, ...],
    angulation: Angulation,
) -> tuple[FrameDay, ...]:
    turn, out = np.array(table.turn_deg), np.array(table.extension_mm)
    points = np.array([angulation.apex_mm, *rim])
    places = frame.carried(points, turn, out)
    ways = np.linalg.norm(np.diff(places, axis=0), axis=-1).max(axis=1)
    gained = (places[1:, 0] - points[0]) @ angulation.axes[2]
    return tuple(
        FrameDay((rods[0], float(drawn)), round(float(way), 3), round(float(longer), 2))
        for rods, drawn, way, longer in zip(
            table.rods_mm[1:], out[1:], ways, gained, strict=True
        )
    )


def _built(frame: HingedDevice, cortex_mm: float, rod: Rod, lever_mm: float) -> str:
    x, _, z = frame.hinge_mm
    side, along = "lateral" if x > 0 else "medial", "above" if z > 0 else "below"
    return (
        f"hinges on the convex, {side} cortex, {cortex_mm:g} mm from the apex on the "
        f"bisector: {abs(x):.0f} mm {side} of the line from joint to joint and "
        f"{abs(z):.0f} mm {along} the level at which it is cut; {rod.name} "
        f"{lever_mm:.0f} mm from the hinges"
    )


def _findings(target: Target, remaining: Pose) -> list[Finding]:
    about = str(target.segment)
    found = [
        Finding(
            Level.CAUTION,
            "frame.frontal_only",
            f"The hinges of the {target.segment.words} were planned off a frontal "
            "film: they turn in its plane alone.",
            "Measure a lateral film before the hinges are placed.",
            about=about,
        )
    ]
    longer = -remaining.proximal_mm
    if longer < -constant("hexapod.second_program_mm").value:
        found.append(
            Finding(
                Level.CAUTION,
                "frame.wedge_lengthens",
                f"The opening wedge makes the {target.segment.words} {-longer:.1f} mm "
                "longer than was asked.",
                "Ask for that gain, or say why it is wanted.",
                "hexapod.second_program_mm",
                about,
            )
        )
    reach = constant("hinges.rod_from_cut")
    return found + joint_findings(target, reach.value, reach.value, reach.key)

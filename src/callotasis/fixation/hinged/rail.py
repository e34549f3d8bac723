"""Rails: a body that leans from the bone, clamps that turn, and pins in a row.

A rail draws the bone out along its body, wherever the body points, and turns it about
its clamp, wherever the clamp sits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from callotasis.alignment import ENDS, Limb, sample_limb
from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation.catalogue import Device, Kind
from callotasis.fixation.hinged.device import HingedDevice, Travel
from callotasis.fixation.hinged.hinges import FORWARD, Angulation, Point, distal_axis
from callotasis.fixation.hinged.lean import Lean, slide_shift
from callotasis.pose import HIDDEN, Bone, Segment
from callotasis.worlds import Array, Interval, Worlds, interval

_VALGUS = np.array([0.0, -1.0, 0.0])  # turns of the distal fragment in the film's plane
_TURNS_HIDDEN = ("apex_anterior_deg", "external_rotation_deg")
_CENTRES = ("hip_centre", "knee_centre", "ankle_centre")


@dataclass(frozen=True)
class Clamp:
    """A clamp that turns the distal pins in the frontal plane.

    Attributes
    ----------
    hinge_mm : tuple of float
        Its axis, seen from the cut centre, in the limb frame [mm].
    low_deg, high_deg : float
        Range of its turn, valgus positive [deg].
    document : str
        Title and date of the instructions in which the range was read.
    """

    hinge_mm: Point
    low_deg: float
    high_deg: float
    document: str

    def __post_init__(self) -> None:
        if not (-90 <= self.low_deg <= 0 <= self.high_deg <= 90):  # noqa: PLR2004
            raise DeviceRefusal(
                f"a clamp turns from {self.low_deg:g} to {self.high_deg:g}°; allowed "
                "is from -90 or more through 0 to 90 or less"
            )
        if not self.document.strip() or not np.isfinite(self.hinge_mm).all():
            raise DeviceRefusal(
                "a clamp names the document in which its range was read, and where it "
                "sits in millimetres"
            )


@dataclass(frozen=True)
class AxisChange:
    """What lengthening along a leaning body does to a leg, all of it unwanted.

    Attributes
    ----------
    lateral_mm, anterior_mm : Interval
        Shift of the distal fragment [mm]; forward only where the lean is known.
    mad_mm : Interval
        Change of the mechanical axis deviation, medial positive [mm].
    hka_deviation_deg : Interval
        Change of the hip-knee-ankle deviation, valgus positive [deg].
    """

    lateral_mm: Interval
    anterior_mm: Interval | None
    mad_mm: Interval
    hka_deviation_deg: Interval


@dataclass(frozen=True)
class ClampEffect:
    """What a turn in a clamp does besides turning, at the apex.

    Attributes
    ----------
    lengthening_mm : float
        Along the bone [mm].
    translation_mm : float
        Of the distal axis, lateral positive [mm].
    body_mm : float
        By how much the body must be drawn out (negative: in) to bring the length
        back [mm].
    left_mm : float
        Lateral translation that is left then [mm].
    """

    lengthening_mm: float
    translation_mm: float
    body_mm: float
    left_mm: float


def rail_on(
    device: Device,
    segment: Segment,
    lean: Lean,
    clamp: Clamp | None = None,
    angulation: Angulation | None = None,
) -> HingedDevice:
    """Mount a rail whose body is fixed to the proximal pins.

    Parameters
    ----------
    device : Device
        A rail of the catalogue.
    segment : Segment
        The bone.
    lean : Lean
        Of the body from the proximal part's axis [deg].
    clamp : Clamp or None
        Of the distal pins; None where it does not turn, or nobody read how far.
    angulation : Angulation or None
        Of the bone; None for one that is straight.

    Returns
    -------
    HingedDevice
        Its positive turn is valgus.

    Raises
    ------
    DeviceRefusal
        If the device is no rail.

    References
    ----------
    .. [1] The device's own ``source`` and the clamp's ``document``.
    """
    if device.kind is not Kind.RAIL:
        raise DeviceRefusal(f"{device.name} is a {device.kind}; a rail is needed")
    low, high, source = 0.0, 0.0, f"{device.source}; the range of its clamp is not read"
    hinge = np.zeros(3)
    if clamp is not None:
        low, high, hinge = clamp.low_deg, clamp.high_deg, np.array(clamp.hinge_mm)
        source = f"{device.source}; clamp: {clamp.document}"
    travel = Travel(low, high, device.stroke_mm, device.step_mm, source)
    line = distal_axis(
        angulation or Angulation(0.0),
        np.array(lean.lateral_deg),
        -np.array(lean.anterior_deg or 0),
    )
    hidden = HIDDEN if lean.anterior_deg is None else _TURNS_HIDDEN
    return HingedDevice(segment, hinge, _VALGUS, line, travel, hidden)


def axis_change(
    limb: Limb, segment: Segment, gain_mm: float, lean: Lean, worlds: Worlds
) -> AxisChange:
    """What lengthening along a leaning body does to the axis of the leg.

    Parameters
    ----------
    limb : Limb
        Before lengthening, in these worlds [mm].
    segment : Segment
        The bone.
    gain_mm : float
        Along the body [mm].
    lean : Lean
        Of the body from the bone's mechanical axis [deg].
    worlds : Worlds
        Scatters the lean.

    Returns
    -------
    AxisChange
        Beside lengthening as much along the bone's mechanical axis [mm, deg].

    References
    ----------
    .. [1] The measuring functions of the film, on the moved centres; evidence row
       ``rail.body``.
    """
    sd = constant("rail.body").value
    lateral, forward = (
        angle + worlds.normal(f"{segment}/rail/lean/{plane}", sd)
        for plane, angle in (
            ("frontal", lean.lateral_deg),
            ("sagittal", lean.anterior_deg or 0.0),
        )
    )
    shift = slide_shift(gain_mm, lateral, forward)
    top, bottom = (limb[name] for name in ENDS[segment.bone])
    down = (bottom - top) / np.linalg.norm(bottom - top, axis=1, keepdims=True)
    across = np.cross(down, FORWARD)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    way = shift[:, :1] * across + shift[:, 1:2] * FORWARD - shift[:, 2:] * down
    wanted = sample_limb(_drawn_out(limb, segment, gain_mm * down))
    found = sample_limb(_drawn_out(limb, segment, way))
    mad, hka = (
        interval(found[name] - wanted[name], name)
        for name in ("mad_mm", "hka_deviation_deg")
    )
    unseen = lean.anterior_deg is None
    return AxisChange(
        interval(shift[:, 0], "lateral shift"),
        None if unseen else interval(shift[:, 1], "forward shift"),
        mad,
        hka,
    )


def _drawn_out(limb: Limb, segment: Segment, shift: Array) -> Limb:
    """Carry the joints below a cut along."""
    first = 1 if segment.bone is Bone.FEMUR else 2
    points = {
        name: limb[name] + shift * (place >= first)
        for place, name in enumerate(_CENTRES)
    }
    return Limb(limb.side, points)


def clamp_effect(
    device: HingedDevice, angulation: Angulation, turn_deg: float
) -> ClampEffect:
    """What a turn in a clamp away from the apex does, and what brings it back.

    Parameters
    ----------
    device : HingedDevice
        A rail, see :func:`rail_on`.
    angulation : Angulation
        With its apex [deg, mm].
    turn_deg : float
        In the clamp, valgus positive [deg].

    Returns
    -------
    ClampEffect
        At the apex, along and across the proximal part of the bone [mm].

    Raises
    ------
    DeviceRefusal
        If the clamp does not turn so far.

    References
    ----------
    .. [1] Paley's rules: t = 2·d·sin(angle/2); planning facts 1.2, constructions 9
       and 10.
    """
    travel = device.travel
    if not travel.low_deg <= turn_deg <= travel.high_deg:
        raise DeviceRefusal(
            f"the clamp of {device.segment} shall turn {turn_deg:g}°; allowed is "
            f"{travel.low_deg:g} to {travel.high_deg:g}° ({travel.source})"
        )
    apex = np.array([angulation.apex_mm])
    moved = (device.carried(apex, turn_deg, 0.0) - apex)[0]
    lateral, _, distal = angulation.axes @ moved
    body = -distal / float(angulation.axes[2] @ device.line)
    sideways = float(angulation.axes[0] @ device.line)
    return ClampEffect(
        float(distal), float(lateral), float(body), float(lateral + body * sideways)
    )


def pin_angle(levels_mm: tuple[float, ...], slack_mm: float | None = None) -> float:
    """How far pins in a row let a fragment tilt.

    Parameters
    ----------
    levels_mm : tuple of float
        Where the pins of one fragment cross the bone, along it [mm].
    slack_mm : float or None
        SD of the place at which a clamp holds its pin [mm]; None takes the usual one.

    Returns
    -------
    float
        SD of the fragment's angle [deg].

    Raises
    ------
    DeviceRefusal
        If there are too few pins, or they stand in one place.

    References
    ----------
    .. [1] Slope of a line through the pins: slack / sqrt(sum of squares about their
       mean); evidence rows ``rail.pins`` and ``rail.pin_slack``.

    Examples
    --------
    >>> round(pin_angle((0.0, 30.0, 60.0), 0.3), 2)
    0.41
    """
    row = constant("rail.pins")
    slack = constant("rail.pin_slack").value if slack_mm is None else slack_mm
    levels = np.array(levels_mm, float)
    spread = float(np.linalg.norm(levels - levels.sum() / max(1, levels.size)))
    if levels.size < row.low or not spread > 0:
        raise DeviceRefusal(
            f"{levels.size} pins, spread by {spread:g} mm; needed are {row.low:g} or "
            f"more apart from each other, usual are {row.value:g} ({row.locator})"
        )
    return math.degrees(slack / spread)

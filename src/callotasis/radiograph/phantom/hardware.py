"""What else lies on a film: balls, a ruler, nails and plates, a block under a foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.landmarks import LATERAL, View
from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.shape import ENDS
from callotasis.radiograph.phantom.skeleton import Person
from callotasis.radiograph.phantom.solid import Leg, Solid
from callotasis.radiograph.phantom.spec import FilmSpec, Implant, ImplantKind
from callotasis.worlds import Array

# Effective attenuation at 75 kV [1/mm], of the order of the NIST tables (assumed).
MU_STEEL, MU_TITANIUM, MU_LEAD, MU_FOAM = 0.9, 0.22, 8.0, 0.006
BALL_CORNERS = 256  # round to a ten-thousandth of the diameter
LATERAL_MM = {"hip": 150.0, "knee": 100.0, "ankle": 72.0}
BEFORE_MM = {
    "fem_shaft_mid": 125.0, "tib_shaft_mid": 95.0,
    "hip": 150.0, "knee": 115.0, "ankle": 95.0,
}  # fmt: skip
FIRST_BALL_UP_MM, OTHER_BALLS_UP_MM = 90.0, -40.0
TICK_MM, TICK_EVERY_MM, LONG_TICK_EVERY = 0.8, 10.0, 5
PLATE_FROM_AXIS = 0.5  # of the width of the bone


@dataclass(frozen=True, eq=False)
class Metal:
    """A solid that hides what lies behind it, with its attenuation [1/mm]."""

    solid: Solid
    attenuation: float


def ball_centres(person: Person, spec: FilmSpec) -> list[Array]:
    """Place every ball of a specification; the first stands beside the right knee.

    On a lateral film balls stand in front of the leg, the first at mid-shaft.

    Parameters
    ----------
    person : Person
        As it stands before the detector [mm].
    spec : FilmSpec
        With or without balls.

    Returns
    -------
    list of Array
        Shape (3,) each [mm].

    References
    ----------
    .. [1] Balls are taped to the skin beside a joint.
    """
    if spec.ball_mm is None:
        return []
    if spec.view in LATERAL:
        return _balls_before(person, spec)
    wanted = [("R.knee", spec.ball_forward_mm, FIRST_BALL_UP_MM)]
    wanted += [(b.beside, b.forward_mm, OTHER_BALLS_UP_MM) for b in spec.more_balls]
    return [_beside(person, *ball) for ball in wanted]


def _beside(person: Person, joint: str, forward: float, up: float) -> Array:
    side, _, level = joint.partition(".")
    outward = -1.0 if side == Side.RIGHT else 1.0
    offset = np.array([outward * LATERAL_MM[level], forward, up])
    if level != "knee":
        offset[2] = 0.0
    return np.asarray(person.legs[Side(side)].points[f"{level}_centre"] + offset)


def _balls_before(person: Person, spec: FilmSpec) -> list[Array]:
    """Balls in front of a leg, ``forward_mm`` from its plane towards the source."""
    side = Side(spec.lateral_of)
    medial = 1.0 if side is Side.RIGHT else -1.0
    points = person.legs[side].points
    shaft = "fem_shaft_mid" if spec.view is View.LATERAL_FEMUR else "tib_shaft_mid"
    wanted = [(shaft, BEFORE_MM[shaft], spec.ball_forward_mm)]
    for ball in spec.more_balls:
        joint = ball.beside.partition(".")[2]
        wanted.append((f"{joint}_centre", BEFORE_MM[joint], ball.forward_mm))
    return [
        np.asarray(points[name] + np.array([medial * towards, before, 0.0]))
        for name, before, towards in wanted
    ]


def implants_on(person: Person, spec: FilmSpec) -> dict[str, Implant]:
    """Implants that a film can show: a lateral one shows those of its own leg."""
    return {
        segment: implant
        for segment, implant in spec.implant.items()
        if Segment.parse(segment).side in person.legs
    }


def ball_at(centre: Array, diameter_mm: float) -> Solid:
    """Make a steel ball.

    Parameters
    ----------
    centre : Array
        Shape (3,) [mm].
    diameter_mm : float
        [mm].

    Returns
    -------
    Solid
        200 rings, round to 0.1 % of the diameter.

    References
    ----------
    .. [1] Plane geometry.
    """
    angle = np.linspace(0.02, np.pi - 0.02, 200)
    radius = diameter_mm / 2
    path = np.stack([0 * angle, 0 * angle, radius * np.cos(angle)], axis=1) + centre
    width = radius * np.sin(angle)
    widths = np.stack([width, width], axis=1)
    return Solid(*loft(path, widths, around=BALL_CORNERS))


def ruler_ends(person: Person, spec: FilmSpec) -> tuple[Array, Array] | None:
    """Upper and lower end tick of the ruler between the legs, (3,) each [mm]."""
    if spec.ruler_mm is None:
        return None
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    middle = np.mean(knees, axis=0) + np.array([0, spec.ruler_forward_mm, 0])
    half = np.array([0, 0, spec.ruler_mm / 2])
    return middle + half, middle - half


def implant_ends(person: Person, segment: str, implant: Implant) -> tuple[Array, Array]:
    """Upper and lower end of an implant on its axis, (3,) each [mm]."""
    where = Segment.parse(segment)
    leg = person.legs[where.side]
    upper, lower = _shaft(leg, where.bone)
    down = (lower - upper) / np.linalg.norm(lower - upper)
    middle = (upper + lower) / 2
    if implant.kind is ImplantKind.PLATE:
        middle = middle + _outward(leg, where.bone) * _half_width(leg, where.bone)
    half = implant.length_mm / 2
    return middle - half * down, middle + half * down


def metal_of(person: Person, spec: FilmSpec) -> list[Metal]:
    """All metal and foam of a specification.

    Parameters
    ----------
    person : Person
        As it stands before the detector [mm].
    spec : FilmSpec
        Balls, ruler, implants and blocks.

    Returns
    -------
    list of Metal
        To be added to the film.

    References
    ----------
    .. [1] Attenuation: constants at the head of this file.
    """
    found = [
        Metal(ball_at(centre, spec.ball_mm or 0.0), MU_STEEL)
        for centre in ball_centres(person, spec)
    ]
    ends = ruler_ends(person, spec)
    if ends is not None:
        found += [Metal(tick, MU_LEAD) for tick in _ticks(*ends)]
    for segment, implant in implants_on(person, spec).items():
        found += _implant(person, segment, implant)
    for side, height in spec.block_mm.items():
        if height > 0 and Side(side) in person.legs:
            found.append(Metal(_block(person.legs[Side(side)], height), MU_FOAM))
    return found


def _ticks(top: Array, bottom: Array) -> list[Solid]:
    count = round(float(np.linalg.norm(top - bottom)) / TICK_EVERY_MM)
    ticks = []
    for index in range(count + 1):
        centre = top + index / count * (bottom - top)
        wide = 9.0 if index % LONG_TICK_EVERY == 0 else 5.0
        ticks.append(_box(centre, (wide, 0.3, TICK_MM / 2)))
    return ticks


def _box(centre: Array, half: tuple[float, float, float]) -> Solid:
    z = np.linspace(-half[2], half[2], 3)
    path = np.stack([0 * z, 0 * z, z], axis=1) + centre
    widths = np.tile([[half[0], half[1]]], (3, 1))
    return Solid(*loft(path, widths, power=40.0, around=32))


def _implant(person: Person, segment: str, implant: Implant) -> list[Metal]:
    upper, lower = implant_ends(person, segment, implant)
    along = np.linspace(0, 1, 40)[:, None]
    path = upper + along * (lower - upper)
    radius = implant.diameter_mm / 2
    if implant.kind is ImplantKind.NAIL:
        tip = np.sqrt(np.clip(1 - (1 - np.minimum(along, 1 - along) / 0.02), 0.05, 1))
        width = radius * np.minimum(tip, 1.0)
        return [Metal(Solid(*loft(path, np.repeat(width, 2, axis=1))), MU_TITANIUM)]
    flat = np.tile([[radius / 3, radius]], (len(path), 1))
    where = Segment.parse(segment)
    leg = person.legs[where.side]
    inward = -_outward(leg, where.bone)
    reach = 2 * _half_width(leg, where.bone)
    screws = [
        Solid(*loft(_screw(point, inward, reach), np.full((12, 2), 2.0), around=16))
        for point in upper + np.linspace(0.08, 0.92, 6)[:, None] * (lower - upper)
    ]
    plate = Solid(*loft(path, flat, power=6.0))
    return [Metal(part, MU_TITANIUM) for part in (plate, *screws)]


def _screw(start: Array, direction: Array, length: float) -> Array:
    return np.asarray(start + np.linspace(0, length, 12)[:, None] * direction)


def _shaft(leg: Leg, bone: Bone) -> tuple[Array, Array]:
    short = "fem" if bone is Bone.FEMUR else "tib"
    return leg.points[f"{short}_shaft_prox"], leg.points[f"{short}_shaft_dist"]


def _outward(leg: Leg, bone: Bone) -> Array:
    upper, lower = (leg.points[name] for name in ENDS[bone])
    side = np.array([-1.0 if leg.side is Side.RIGHT else 1.0, 0.0, 0.0])
    axis = (upper - lower) / np.linalg.norm(upper - lower)
    across = side - (side @ axis) * axis
    return np.asarray(across / np.linalg.norm(across))


def _half_width(leg: Leg, bone: Bone) -> float:
    """Half the width of the shaft at its middle [mm]."""
    vertices = leg.bones[str(bone)].vertices
    middle = np.mean(_shaft(leg, bone), axis=0)
    near = vertices[np.abs(vertices[:, 2] - middle[2]) < 12]  # noqa: PLR2004 - a slice
    return float(np.ptp(near @ _outward(leg, bone)) * PLATE_FROM_AXIS)


def _block(leg: Leg, height: float) -> Solid:
    """A block of foam under the sole, as wide as a foot is."""
    sole = leg.points["sole"]
    return _box(sole + np.array([0, 40.0, -height / 2]), (62.0, 140.0, height / 2))

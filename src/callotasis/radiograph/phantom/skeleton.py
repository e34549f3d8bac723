"""A standing person: two legs on their feet, a pelvis on the legs, turned as asked.

Frame: x to the patient's left, y anterior, z up, in millimetres; the floor of the
frame is arbitrary. Landmarks are carried along with the bones, so their truth is
exact whatever is done to the leg.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.phantom.shape import shaped
from callotasis.radiograph.phantom.solid import Leg, Move, Solid, in_turn, turned_about
from callotasis.radiograph.phantom.spec import FilmSpec
from callotasis.radiograph.phantom.template import (
    KNEE_AXIS,
    UP,
    mean_leg,
    seated_pelvis,
)
from callotasis.worlds import Array

STANCE_MM = 78.0  # ankle from the midline, so that the calves do not overlap
PATELLA_SHARE = 0.55  # how much of the knee's flexion the patella follows
ACROSS = np.array([1.0, 0.0, 0.0])
FORWARD = np.array([0.0, 1.0, 0.0])
LEVELLINGS = 6  # rounds until both soles stand on one floor within 0.01 mm
MOST_TILT = 0.6  # of the pelvis [rad]


@dataclass(frozen=True, eq=False)
class Person:
    """Pelvis and both legs, standing.

    Attributes
    ----------
    pelvis : Solid
        As it stands [mm].
    legs : dict of Side to Leg
        As they stand [mm].
    upright : dict of Side to Leg
        Before leg and body were turned: each knee faces forward, and y = const is
        the frontal plane of the leg.
    apex : dict of Segment to list of Array
        Apexes of its bends, in the frame of ``upright`` [mm].
    standing_apex : dict of Segment to list of Array
        The same where they stand [mm].
    """

    pelvis: Solid
    legs: dict[Side, Leg]
    upright: dict[Side, Leg] = field(repr=False)
    apex: dict[Segment, list[Array]] = field(repr=False)
    standing_apex: dict[Segment, list[Array]] = field(repr=False)

    def moved(self, move: Move) -> Person:
        """Carry everything that stands along; ``upright`` stays."""
        return Person(
            self.pelvis.moved(move),
            {s: leg.moved(move) for s, leg in self.legs.items()},
            self.upright,
            self.apex,
            {k: [move(a[None])[0] for a in v] for k, v in self.standing_apex.items()},
        )


def stand(spec: FilmSpec) -> Person:
    """Build the person of a film specification.

    Parameters
    ----------
    spec : FilmSpec
        Shape and deformities by segment, size, posture and turns.

    Returns
    -------
    Person
        In the patient's frame [mm].

    References
    ----------
    .. [1] Mean bones of 26 adults: see ``bones/NOTICE``.
    """
    legs = {side: _grown(side, spec) for side in Side}
    pelvis, sockets = _pelvis_on(legs, spec)
    upright = {s: _stood(leg, sockets, spec) for s, leg in legs.items()}
    for leg in upright.values():
        del leg.points[KNEE_AXIS]
    turned = {s: leg.moved(_turned_out(leg, spec)) for s, leg in upright.items()}
    apex, standing = _apexes(upright), _apexes(turned)
    person = Person(pelvis, turned, upright, apex, standing)
    return person.moved(_about_vertical(spec.body_turn_deg, np.zeros(3)))


def _apexes(legs: dict[Side, Leg]) -> dict[Segment, list[Array]]:
    """Take the apexes out of the landmarks: no reader clicks them."""
    found: dict[Segment, list[Array]] = {}
    for side, leg in legs.items():
        for name in sorted(n for n in leg.points if n.startswith("apex_")):
            segment = Segment(side, Bone(name.split("_")[1]))
            found.setdefault(segment, []).append(leg.points.pop(name))
    return found


def _about_vertical(degrees: float, through: Array) -> Move:
    """Turn about a vertical line, the right side forward for a positive angle."""
    return turned_about(UP, -np.radians(degrees), through)


def _grown(side: Side, spec: FilmSpec) -> Leg:
    """The leg of one side in its own frame: shaped, flexed, knee forward, in size."""
    leg = shaped(mean_leg(), side, spec)
    # Torsion and bends turned the knee: people stand with the knee forward.
    leg = leg.moved(_knee_forward(leg))
    leg = _flexed(leg, spec.knee_flexion_deg.get(str(side), 0.0))
    leg = leg.moved(lambda points: points * spec.height_scale)
    return leg if side is Side.LEFT else leg.mirrored()


def _knee_forward(leg: Leg) -> Move:
    """Turn a left leg about its mechanical axis until its knee axis lies across."""
    hip, ankle = leg.points["hip_centre"], leg.points["ankle_centre"]
    axis = (hip - ankle) / np.linalg.norm(hip - ankle)
    across = leg.points[KNEE_AXIS] - leg.points["knee_centre"]
    # Of all directions square to the leg, the one that runs neither to nor fro.
    wanted = np.cross(FORWARD, axis)
    angle = np.arctan2(np.cross(across, wanted) @ axis, across @ wanted)
    return turned_about(axis, float(angle), hip)


def _flexed(leg: Leg, degrees: float) -> Leg:
    """Bend the knee: shank and foot go back, the patella follows half way."""
    knee = leg.points["knee_centre"]
    shank = turned_about(ACROSS, -np.radians(degrees), knee)
    patella = turned_about(ACROSS, -np.radians(degrees * PATELLA_SHARE), knee)

    def move_of(name: str) -> Move | None:
        if name.startswith("patella"):
            return patella
        above = name.startswith(("femur", "fem_", "hip", "troch", "knee", "apex_femur"))
        return None if above else shank

    def carried(name: str, points: Array) -> Array:
        move = move_of(name)
        return points if move is None else move(points)

    return Leg(
        leg.side,
        {n: Solid(carried(n, s.vertices), s.faces) for n, s in leg.bones.items()},
        {n: carried(n, p[None])[0] for n, p in leg.points.items()},
    )


def _pelvis_on(
    legs: dict[Side, Leg], spec: FilmSpec
) -> tuple[Solid, dict[Side, Array]]:
    """Set the pelvis on two legs: turned, and tilted where they differ in length."""
    scale = spec.height_scale
    socket = mean_leg().points["hip_centre"] * scale
    sockets = {Side.LEFT: socket, Side.RIGHT: socket * [-1.0, 1.0, 1.0]}
    middle = np.array([0.0, socket[1], socket[2]])
    tilt = 0.0
    bare = {s: _standing_points(leg) for s, leg in legs.items()}
    for _ in range(LEVELLINGS):
        move = in_turn(
            (
                turned_about(FORWARD, tilt, middle),
                _about_vertical(spec.pelvis_turn_deg, middle),
            )
        )
        placed = {s: move(p[None])[0] for s, p in sockets.items()}
        soles = {
            s: _stood(leg, placed, spec).points["sole"][2] - spec.block_mm.get(s, 0.0)
            for s, leg in bare.items()
        }
        # The sole that hangs lower lifts its own side of the pelvis.
        drop = soles[Side.LEFT] - soles[Side.RIGHT]
        tilt += float(np.arcsin(np.clip(drop / (2 * socket[0]), -0.6, 0.6)))
        tilt = float(np.clip(tilt, -MOST_TILT, MOST_TILT))
    pelvis = seated_pelvis().moved(lambda points: points * scale)
    return pelvis.moved(move), placed


def _standing_points(leg: Leg) -> Leg:
    """What tells how high a leg stands; its bones need not be carried along."""
    names = ("hip_centre", "ankle_centre", "sole")
    return Leg(leg.side, {}, {name: leg.points[name] for name in names})


def _stood(leg: Leg, sockets: dict[Side, Array], spec: FilmSpec) -> Leg:
    """Set a leg into its socket and its ankle where the feet stand."""
    outward = -1.0 if leg.side is Side.RIGHT else 1.0
    socket = sockets[leg.side]
    hips = np.mean([p[1] for p in sockets.values()])
    stance = outward * STANCE_MM * spec.height_scale
    # The line between the feet, right foot forward for a positive turn.
    forward = -stance * np.tan(np.radians(spec.feet_turn_deg))
    ankle_y = hips - spec.ankle_behind_hip_mm * spec.height_scale + forward
    hip, ankle = leg.points["hip_centre"], leg.points["ankle_centre"]
    swing = _swing(ankle - hip, np.array([stance, ankle_y]) - socket[:2])
    return leg.moved(
        lambda points: np.asarray(in_turn((lambda p: p - hip, *swing))(points) + socket)
    )


def _swing(arm: Array, target: Array) -> tuple[Move, Move]:
    """Swing about the origin, in the frontal then in the sagittal plane.

    Afterwards the end of ``arm`` lies at ``target`` (x, y).
    """
    reach = float(np.hypot(arm[0], arm[2]))
    # The sagittal swing leaves x as it is, so the frontal one brings it in place.
    out = np.arcsin(target[0] / reach) - np.arctan2(arm[0], -arm[2])
    first = turned_about(FORWARD, -out, np.zeros(3))
    after = first(arm[None])[0]
    far = float(np.hypot(after[1], after[2]))
    back = np.arcsin(target[1] / far) - np.arctan2(after[1], -after[2])
    return first, turned_about(ACROSS, back, np.zeros(3))


def _turned_out(leg: Leg, spec: FilmSpec) -> Move:
    """Turn a leg outwards about its mechanical axis; hip and ankle stay."""
    degrees = spec.leg_turn_deg.get(str(leg.side), 0.0)
    hip, ankle = leg.points["hip_centre"], leg.points["ankle_centre"]
    # Seen from above, a left leg turns clockwise, a right one anticlockwise.
    outward = -1.0 if leg.side is Side.LEFT else 1.0
    return turned_about(hip - ankle, np.radians(outward * degrees), hip)

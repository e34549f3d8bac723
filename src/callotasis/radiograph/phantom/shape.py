"""How one leg differs from the mean: width, neck, bow, torsion, joints, bends.

Every change is a move of all points of a left leg in its own frame, so that bones,
landmarks and everything further down are carried along and the truth stays exact.
"""

from __future__ import annotations

import numpy as np

from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.phantom.solid import Leg, Move, in_turn
from callotasis.radiograph.phantom.spec import Bend, BoneShape, FilmSpec
from callotasis.worlds import Array

ENDS = {
    Bone.FEMUR: ("hip_centre", "knee_centre"),
    Bone.TIBIA: ("knee_centre", "ankle_centre"),
}
BEND_HALF_WIDTH_MM = 12.0
JOINT_HALF_WIDTH_MM = 10.0
JOINT_FROM_KNEE_MM = {Bone.FEMUR: 42.0, Bone.TIBIA: -30.0}  # above; below
END_MM = 45.0  # an end of a bone grows as a whole, so that a head stays round
NECK_BASE = 0.62  # share of the way from the head's centre to the shaft's axis


def shaped(leg: Leg, side: Side, spec: FilmSpec) -> Leg:
    """Give a mean left leg the shape and the deformities of a specification.

    Parameters
    ----------
    leg : Leg
        The mean left leg, knee forward [mm].
    side : Side
        Which leg of the specification it shall become.
    spec : FilmSpec
        Shapes, shortening and bends by segment.

    Returns
    -------
    Leg
        Still a left one; its points hold each bend's apex, as ``apex_femur_00`` [mm].

    References
    ----------
    .. [1] ``design/synthetic-film.md``.
    """
    for bone in (Bone.TIBIA, Bone.FEMUR):
        shape = spec.shape.get(str(Segment(side, bone)), BoneShape())
        leg = _formed(leg, bone, shape)
    for bone in (Bone.TIBIA, Bone.FEMUR):  # the far bone first
        segment = str(Segment(side, bone))
        leg = leg.moved(_shortening(leg, bone, spec.shortening_mm.get(segment, 0.0)))
        bends = sorted(spec.bends(segment), key=lambda bend: bend.level)
        # Apexes lie on the bone as it was straight; the lowest bend is made first.
        apexes = [_on_axis(leg, bone, bend.level) for bend in bends]
        for index, bend in reversed([*enumerate(bends)]):
            apex = apexes[index]
            leg = leg.moved(_bend(apex, bend))
            leg.points[f"apex_{bone}_{index:02d}"] = apex
    return leg


def _formed(leg: Leg, bone: Bone, shape: BoneShape) -> Leg:
    """Apply the shape of one bone; what it does not name stays mean."""
    if shape.width != 1.0:
        names = [n for n in leg.bones if (n in _THIGH) == (bone is Bone.FEMUR)]
        widen = _widened(leg, bone, shape.width)
        points = {n: p for n, p in leg.points.items() if _belongs(n, bone)}
        leg = Leg(
            leg.side,
            leg.bones | {n: leg.bones[n].moved(widen) for n in names},
            leg.points | {n: widen(p[None])[0] for n, p in points.items()},
        )
    moves = [_bowed(leg, bone, shape.bow_mm), _twisted(leg, bone, shape.torsion_deg)]
    knee = leg.points["knee_centre"]
    hinge = knee + np.array([0, 0, JOINT_FROM_KNEE_MM[bone]])
    # A tilted line above the knee carries the leg along; below it, the shaft only.
    moves.append(_turn_below(hinge, -shape.joint_deg, 0.0, JOINT_HALF_WIDTH_MM))
    leg = leg.moved(in_turn(moves))
    if bone is Bone.TIBIA and shape.setback_mm:
        leg = _set_back(leg, shape.setback_mm)
    if bone is Bone.FEMUR and shape.neck_deg:
        neck = _necked(leg, shape.neck_deg)
        leg = Leg(
            leg.side,
            leg.bones | {"femur": leg.bones["femur"].moved(neck)},
            leg.points
            | {n: neck(leg.points[n][None])[0] for n in ("hip_centre", "troch_tip")},
        )
    return leg


_THIGH = ("femur", "patella")


def _belongs(point: str, bone: Bone) -> bool:
    if bone is Bone.FEMUR:
        return point.startswith(("hip", "fem", "troch", "knee", "patella"))
    return not point.startswith(("hip", "fem", "troch", "knee", "patella"))


def _set_back(leg: Leg, mm: float) -> Leg:
    """Shear the shank backward at the knee; femur and ankle stay."""
    top, bottom = (leg.points[name][2] for name in ENDS[Bone.TIBIA])

    def back(points: Array) -> Array:
        share = np.clip((points[:, 2] - bottom) / (top - bottom), 0, None)
        return np.asarray(points - mm * share[:, None] * np.array([0, 1.0, 0]))

    shank = {n: b.moved(back) for n, b in leg.bones.items() if n not in _THIGH}
    points = {
        n: back(p[None])[0] for n, p in leg.points.items() if _belongs(n, Bone.TIBIA)
    }
    return Leg(leg.side, leg.bones | shank, leg.points | points)


def _on_axis(leg: Leg, bone: Bone, level: float) -> Array:
    upper, lower = (leg.points[name] for name in ENDS[bone])
    return np.asarray(upper + level * (lower - upper))


def _widened(leg: Leg, bone: Bone, factor: float) -> Move:
    """Widen a bone about its axis; its ends grow in every direction."""
    upper, lower = (leg.points[name] for name in ENDS[bone])
    top, bottom = upper[2], lower[2]

    def move(points: Array) -> Array:
        z = points[:, 2]
        share = np.clip((z - bottom) / (top - bottom), 0, 1)[:, None]
        arm = points - (lower + share * (upper - lower))
        ends = [bottom - 200, bottom + END_MM, top - END_MM, top + 200]
        arm[:, 2] = np.interp(z, ends, [-200, END_MM, -END_MM, 200])
        return np.asarray(points + (factor - 1) * arm)

    return move


def _bowed(leg: Leg, bone: Bone, mm: float) -> Move:
    """Push the middle of the shaft forward; both ends stay."""
    top, bottom = (leg.points[name][2] for name in ENDS[bone])

    def move(points: Array) -> Array:
        share = np.clip((top - points[:, 2]) / (top - bottom), 0, 1)
        forward = mm * np.sin(np.pi * share) ** 2
        return np.asarray(points + forward[:, None] * np.array([0, 1.0, 0]))

    return move


def _twisted(leg: Leg, bone: Bone, degrees: float) -> Move:
    """Turn what lies below the shaft outwards, blended over the middle of the shaft."""
    upper, lower = (leg.points[name] for name in ENDS[bone])
    top = upper[2] + 0.3 * (lower[2] - upper[2])
    bottom = upper[2] + 0.7 * (lower[2] - upper[2])

    def move(points: Array) -> Array:
        share = np.clip((top - points[:, 2]) / (top - bottom), 0, 1)
        # A left leg: outwards is from anterior (y) to the patient's left (x).
        angle = np.radians(degrees) * share
        level = np.clip((upper[2] - points[:, 2]) / (upper[2] - lower[2]), 0, 1)
        centre = upper + level[:, None] * (lower - upper)
        x, y = (points - centre)[:, 0], (points - centre)[:, 1]
        return np.stack(
            [
                centre[:, 0] + x * np.cos(angle) + y * np.sin(angle),
                centre[:, 1] - x * np.sin(angle) + y * np.cos(angle),
                points[:, 2],
            ],
            axis=1,
        )

    return move


def _necked(leg: Leg, degrees: float) -> Move:
    """Raise the head about the base of its neck; the trochanter stays."""
    head, troch = leg.points["hip_centre"], leg.points["troch_tip"]
    shaft = np.array([leg.points["fem_shaft_prox"][0], head[1], head[2] - 45.0])
    axis = head - shaft
    reach = float(np.linalg.norm(axis))
    base = shaft + (1 - NECK_BASE) * axis
    angle = np.radians(degrees)

    def move(points: Array) -> Array:
        along = (points - shaft) @ axis / reach**2
        ramp = np.clip((along - 0.25) / 0.45, 0, 1)
        # Only what lies on the head's side of the trochanter is part of the neck.
        ramp *= np.clip((troch[0] - 18 - points[:, 0]) / 12, 0, 1)
        turn = angle * ramp * ramp * (3 - 2 * ramp)
        x, z = points[:, 0] - base[0], points[:, 2] - base[2]
        return np.stack(
            [
                base[0] + x * np.cos(turn) + z * np.sin(turn),
                points[:, 1],
                base[2] - x * np.sin(turn) + z * np.cos(turn),
            ],
            axis=1,
        )

    return move


def _bend(apex: Array, bend: Bend) -> Move:
    return _turn_below(apex, bend.varus_deg, bend.procurvatum_deg, BEND_HALF_WIDTH_MM)


def _turn_below(
    apex: Array, varus_deg: float, procurvatum_deg: float, half_width: float
) -> Move:
    """Turn what lies below an apex, blended over a short arc.

    A left leg: medial is -x, so varus carries a distal point to smaller x; with the
    apex forward a distal point goes to smaller y.
    """
    size = float(np.hypot(varus_deg, procurvatum_deg))
    if size == 0:
        return lambda points: points
    axis = np.array([-procurvatum_deg, varus_deg, 0.0]) / size

    def move(points: Array) -> Array:
        below = (apex[2] + half_width - points[:, 2]) / (2 * half_width)
        angle = np.radians(size) * np.clip(below, 0, 1)[:, None]
        arm = points - apex
        along = (arm @ axis)[:, None] * axis
        across = np.cross(axis, arm)
        return np.asarray(
            apex + along + np.cos(angle) * (arm - along) + np.sin(angle) * across
        )

    return move


def _shortening(leg: Leg, bone: Bone, mm: float) -> Move:
    """Take length out of the middle of the shaft, along the bone's axis."""
    upper, lower = (leg.points[name] for name in ENDS[bone])
    axis = (lower - upper) / np.linalg.norm(lower - upper)
    top = upper[2] + 0.35 * (lower[2] - upper[2])
    bottom = upper[2] + 0.65 * (lower[2] - upper[2])

    def move(points: Array) -> Array:
        share = np.clip((top - points[:, 2]) / (top - bottom), 0, 1)
        return np.asarray(points - mm * share[:, None] * axis)

    return move

"""A leg cut across one bone, its distal part moved along the bone's axis and turned.

Each fragment is the whole bone with everything beyond the cut pressed flat onto it:
the surface stays closed, and the cut end is plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.phantom.body import marrow_of, shaft_share
from callotasis.radiograph.phantom.closeup_spec import CloseUpSpec
from callotasis.radiograph.phantom.shape import ENDS
from callotasis.radiograph.phantom.skeleton import Person, stand
from callotasis.radiograph.phantom.solid import Leg, Move, Solid, in_turn, turned_about
from callotasis.worlds import Array

Places = npt.NDArray[np.bool_]
AXIS_ARM_MM = 45.0
FIBULA_BELOW_MM = 70.0  # its own cut lies lower
FORWARD = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, eq=False)
class Piece:
    """A bone or a fragment of one.

    Attributes
    ----------
    name : str
        Of the bone.
    outer, marrow : Solid
        Surfaces of the cortex [mm].
    height : Array
        Shape (n,), of each vertex along the whole bone, before any cut [mm].
    own : array of bool
        Shape (n,): which vertices the cut left where they were.
    """

    name: str
    outer: Solid
    marrow: Solid
    height: Array
    own: Places

    def spongy(self) -> Array:
        """Share of each vertex' level that is shaft, shape (n,) [1]."""
        return shaft_share(self.height)

    def moved(self, move: Move) -> Piece:
        """Carry the piece along."""
        return Piece(
            self.name,
            self.outer.moved(move),
            self.marrow.moved(move),
            self.height,
            self.own,
        )


@dataclass(frozen=True, eq=False)
class CutLeg:
    """A leg with a gap, before its detector.

    Attributes
    ----------
    segment : Segment
        Which bone was cut.
    person : Person
        One leg with its landmarks where they lie now; for its flesh [mm].
    others : tuple of Piece
        All bones but the cut one [mm].
    upper, lower : Piece
        Fragments of the cut bone [mm].
    upper_end, lower_end : Array
        Shape (3,), centres of the cut ends [mm].
    upper_axis, lower_axis : Array
        Shape (3,), unit vectors along each fragment, distal positive [1].
    medial : Array
        Shape (3,), unit vector in the film's plane, square to ``upper_axis`` [1].
    """

    segment: Segment
    person: Person
    others: tuple[Piece, ...]
    upper: Piece
    lower: Piece
    upper_end: Array
    lower_end: Array
    upper_axis: Array
    lower_axis: Array
    medial: Array


def cut_leg(spec: CloseUpSpec) -> CutLeg:
    """Cut a bone and move what lies below.

    Parameters
    ----------
    spec : CloseUpSpec
        Person, segment, level, gap, drift and how the bone lies before the detector.

    Returns
    -------
    CutLeg
        x to the patient's left, y in front of the detector, z up; the middle of the
        gap lies at x = z = 0 [mm].

    References
    ----------
    .. [1] ``docs/callus.md``, "The synthetic film".
    """
    segment = Segment.parse(spec.segment)
    leg = stand(spec.person).legs[segment.side]
    centre, axis = _axis_of(leg, segment.bone, spec.level)
    place = _before_detector(centre, axis, spec)
    leg = leg.moved(place)
    end = place(centre[None])[0]
    down = place((centre + axis)[None])[0] - end
    outward = np.array([-1.0 if segment.side is Side.RIGHT else 1.0, 0.0, 0.0])
    distal, lower_axis = _distal_move(end, down, outward, spec)

    def carried(points: Array) -> Array:
        below = ((points - end) @ down > 0)[:, None]
        return np.asarray(np.where(below, distal(points), points))

    pieces = {name: _piece(name, bone) for name, bone in leg.bones.items()}
    whole = pieces.pop(str(segment.bone))
    others = [
        part for piece in pieces.values() for part in _carried(piece, end, down, distal)
    ]
    points = {n: carried(p[None])[0] for n, p in leg.points.items()}
    bare = Leg(leg.side, {n: b.moved(carried) for n, b in leg.bones.items()}, points)
    across = -outward + (outward @ down) * down
    across[1] = 0.0
    return CutLeg(
        segment,
        Person(leg.bones[str(segment.bone)], {leg.side: bare}, {}, {}, {}),
        tuple(others),
        _part(whole, end, down, below=False),
        _part(whole, end, down, below=True).moved(distal),
        end,
        distal(end[None])[0],
        down,
        lower_axis,
        across / np.linalg.norm(across),
    )


def _axis_of(leg: Leg, bone: Bone, level: float) -> tuple[Array, Array]:
    """Centre of the shaft at a level, and its direction there, distal positive."""
    top, bottom = (leg.points[name] for name in ENDS[bone])
    line = (bottom - top) / np.linalg.norm(bottom - top)
    solid = leg.bones[str(bone)]
    height = (solid.vertices - top) @ line
    at = level * float(np.linalg.norm(bottom - top))

    def middle(where: float) -> Array:
        ring = _section(solid, height - where)
        return np.asarray((ring.min(axis=0) + ring.max(axis=0)) / 2)

    axis = middle(at + AXIS_ARM_MM) - middle(at - AXIS_ARM_MM)
    return middle(at), axis / np.linalg.norm(axis)


def _section(solid: Solid, above: Array) -> Array:
    """Where the edges of a surface cross a plane, shape (n, 3) [mm]."""
    one, other = solid.faces[:, [0, 1, 2]].ravel(), solid.faces[:, [1, 2, 0]].ravel()
    crossing = (above[one] < 0) & (above[other] >= 0)
    one, other = one[crossing], other[crossing]
    share = above[one] / (above[one] - above[other])
    start, end = solid.vertices[one], solid.vertices[other]
    return np.asarray(start + share[:, None] * (end - start))


def _before_detector(centre: Array, axis: Array, spec: CloseUpSpec) -> Move:
    """Lay the bone parallel to the detector, but for lean and tilt, the gap amid."""
    lean, tilt = np.radians([spec.lean_deg, spec.tilt_deg])
    wanted = np.array([np.sin(lean), np.sin(tilt), 0.0])
    wanted[2] = -np.sqrt(1 - wanted @ wanted)
    turn = np.cross(axis, wanted)
    angle = float(np.arctan2(np.linalg.norm(turn), axis @ wanted))
    if angle < 1e-12:  # noqa: PLR2004 - no axis to turn about
        turn = FORWARD
    goal = np.array([0.0, spec.to_detector_mm, 0.0]) - spec.gap_mm / 2 * wanted
    return in_turn((turned_about(turn, angle, centre), lambda p: p - centre + goal))


def _distal_move(
    end: Array, down: Array, outward: Array, spec: CloseUpSpec
) -> tuple[Move, Array]:
    """Move of the distal fragment, and its axis afterwards."""
    # Valgus takes the distal end outward: about y, whichever side that is.
    angle = np.radians(spec.drift_deg) * (1.0 if outward[0] < 0 else -1.0)
    lower_end = end + spec.gap_mm * down
    turn = turned_about(FORWARD, float(angle), lower_end)
    move = in_turn((lambda p: p + spec.gap_mm * down, turn))
    return move, turn((lower_end + down)[None])[0] - lower_end


def _piece(name: str, bone: Solid) -> Piece:
    height = bone.vertices[:, 2]
    return Piece(name, bone, marrow_of(name, bone), height, height > -np.inf)


def _carried(piece: Piece, end: Array, down: Array, distal: Move) -> list[Piece]:
    """Another bone: above, below, or, beside the cut, in two fragments of its own."""
    depth = (piece.outer.vertices - end) @ down
    if depth.max() < FIBULA_BELOW_MM:
        return [piece]
    if depth.min() > 0 or piece.name != "fibula":
        return [piece.moved(distal) if depth.mean() > 0 else piece]
    own = end + FIBULA_BELOW_MM * down
    return [
        _part(piece, own, down, below=False),
        _part(piece, own, down, below=True).moved(distal),
    ]


def _part(piece: Piece, end: Array, down: Array, *, below: bool) -> Piece:
    """Everything on one side of a cut; the rest is pressed onto it."""
    sign = 1.0 if below else -1.0

    def pressed(points: Array) -> Array:
        beyond = np.minimum((points - end) @ down * sign, 0.0)
        return np.asarray(points - sign * beyond[:, None] * down)

    own = (piece.outer.vertices - end) @ down * sign >= 0
    return Piece(
        piece.name,
        piece.outer.moved(pressed),
        piece.marrow.moved(pressed),
        piece.height,
        own,
    )

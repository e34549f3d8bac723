"""Reverse planning of a straight nail: from the final limb back to the operation.

A nail slides along its own line. So the limb is drawn as it shall be in the end, the
nail is laid in it, and the distal part is moved back along the nail: where it then
lies is what must be done at surgery. A turn about the joint far from the knee, the
hip of a femur and the ankle of a tibia, moves neither the load line nor the joint
lines of the knee; it is the one freedom that is left, and it brings the nail into both
parts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from callotasis.alignment import Limb
from callotasis.errors import DeviceRefusal
from callotasis.fixation.nail.canal import Canal, Canals
from callotasis.plan import Target, cut_centre
from callotasis.pose import HIDDEN, Bone, Pose, Segment, moved
from callotasis.worlds import Array

_FAR_JOINT = {Bone.FEMUR: "hip_centre", Bone.TIBIA: "ankle_centre"}


@dataclass(frozen=True, eq=False)
class ReversePlan:
    """What must be done at surgery so that sliding along the nail ends as wanted.

    Attributes
    ----------
    target : Target
        The wanted limb, shared out between surgery and distraction.
    axis : Array
        Shape (3,), unit vector in the limb frame along which the nail slides,
        distally [1].
    turn_deg : float
        Valgus that the nail asks for beyond the correction; varus here cancels the
        valgus by which sliding along the canal moves the leg [deg].
    step_mm : float
        How far lateral of the proximal part the distal part lies at the cut, across
        the nail [mm].
    """

    target: Target
    axis: Array
    turn_deg: float
    step_mm: float


def reverse_plan(
    limb: Limb, target: Target, canals: Canals, meets_mm: float
) -> ReversePlan:
    """Plan a nail backwards from the final limb.

    1. The final limb is that of ``target``. 2. The nail lies in the canal of the
    proximal part, and somewhere in the distal part it lies in the middle of that
    canal too: at its end if it came from above, at its entry if it came from the
    knee. The distal part is turned about the joint far from the knee until it does.
    3. The distal part goes back along the nail until both ends touch. 4. What is left
    is the acute pose.

    Parameters
    ----------
    limb : Limb
        Before surgery; world 0 decides [mm].
    target : Target
        The wanted motion [mm, deg].
    canals : Canals
        Of both parts [mm].
    meets_mm : float
        How far beyond the cut the nail lies in the middle of the distal canal [mm].

    Returns
    -------
    ReversePlan
        Plain numbers of world 0 [mm, deg].

    Raises
    ------
    DeviceRefusal
        If no turn brings the nail into both canals.

    References
    ----------
    .. [1] Baumgart, Oper Orthop Traumatol 2009 (reverse planning method); planning
       facts 3.3. The sagittal plane is not seen on a frontal film.
    """
    scene = _Scene.of(limb, target)
    axis = canals.proximal.distally[0]
    turn = scene.turn_onto(canals.proximal, canals.distal, meets_mm)
    middle = canals.at_cut[0]
    apart = scene.final(middle, turn) - middle
    extension = float(apart @ axis) if target.gain_mm else 0.0
    shift = scene.final(scene.centre, turn) - scene.centre - extension * axis
    acute = _flat(shift, target.pose.valgus_deg + turn)
    planned = replace(target, acute=acute, gradual=_flat(extension * axis, 0.0))
    slides = np.array([axis[0], 0.0, axis[1]])
    return ReversePlan(planned, slides, turn, float(apart @ _across(axis)))


@dataclass(frozen=True, eq=False)
class _Scene:
    """One bone in world 0, lateral and proximal [mm]."""

    segment: Segment
    wanted: Pose
    centre: Array
    pivot: Array

    @classmethod
    def of(cls, limb: Limb, target: Target) -> _Scene:
        bone = target.segment.bone
        centre = cut_centre(limb, bone, target.cut.level_mm)[0, [0, 2]]
        pivot = limb.frontal(_FAR_JOINT[bone])[0]
        if bone is Bone.TIBIA:  # the ankle is carried along, the hip is not
            pivot = _carried(pivot, target.pose, centre)
        return cls(target.segment, target.pose, centre, pivot)

    def final(self, point: Array, turn_deg: float) -> Array:
        """Where a point of the distal part ends [mm]."""
        wanted = _carried(point, self.wanted, self.centre)
        return self.pivot + _turned(wanted - self.pivot, turn_deg)

    def turn_onto(self, nail: Canal, canal: Canal, meets_mm: float) -> float:
        """The smaller turn that brings a point of a canal onto the nail [deg]."""
        point = canal.point[0] + meets_mm * canal.distally[0]
        arm = self.final(point, 0.0) - self.pivot
        across = _across(nail.distally[0])
        offset = float(across @ (nail.point[0] - self.pivot))
        along, aside = across @ arm, across @ _turned(arm, 90.0)
        size = math.hypot(along, aside)
        if abs(offset) >= size:
            raise DeviceRefusal(
                f"no turn of {self.segment} brings a straight nail into both canals: "
                f"its line passes {abs(offset):.0f} mm beside the far joint, the canal "
                f"it must meet lies {size:.0f} mm from it; check the marked shaft"
            )
        middle, half = math.atan2(aside, along), math.acos(offset / size)
        both = (math.degrees(middle + half), math.degrees(middle - half))
        return min((_wrapped(turn) for turn in both), key=abs)


def _flat(shift: Array, valgus_deg: float) -> Pose:
    return Pose(float(shift[0]), float(shift[1]), valgus_deg, not_measured=HIDDEN)


def _carried(point: Array, pose: Pose, centre: Array) -> Array:
    """Carry one point of the frontal plane along with a pose."""
    deep, about = (np.array([p[0], 0.0, p[1]]) for p in (point, centre))
    return np.asarray(moved(deep, pose, about)[[0, 2]])


def _turned(vector: Array, valgus_deg: float) -> Array:
    """Turn a vector of the frontal plane into valgus."""
    cos, sin = math.cos(math.radians(valgus_deg)), math.sin(math.radians(valgus_deg))
    x, z = vector
    return np.array([x * cos - z * sin, x * sin + z * cos])


def _across(distally: Array) -> Array:
    """The lateral direction across a line."""
    return np.array([-distally[1], distally[0]])


def _wrapped(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0

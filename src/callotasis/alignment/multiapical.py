"""A bone that is bent at two levels: three lines, two apexes.

The line of the middle part meets that of the upper part at one apex and that of the
lower part at the other. Where the upper or the lower line was not clicked, it is drawn
from its joint with the normal angle, whose spread is then part of every interval.
"""

from __future__ import annotations

import numpy as np

from callotasis.alignment.apex import Apex, apex_of
from callotasis.alignment.axes import (
    CONDYLES,
    FEMUR_SHAFT,
    NEAR,
    PLAFOND,
    PLATEAU,
    TIBIA_SHAFT,
    Axes,
    Normals,
    bone_length,
    crossing,
    level_on,
    line_of,
    turned,
)
from callotasis.alignment.limb import Limb
from callotasis.errors import WorldsRefusal
from callotasis.pose import Bone
from callotasis.worlds import Array, Worlds, interval

Line = tuple[Array, Array]
"""A point and a direction that runs distally, shape (worlds, 2) each [mm, 1]."""

BESIDE = 0.02  # of the bone: no apex is told from a point that lies nearer to it
SHAFT = {Bone.FEMUR: FEMUR_SHAFT, Bone.TIBIA: TIBIA_SHAFT}
SHORT = {Bone.FEMUR: "fem", Bone.TIBIA: "tib"}


def two_apexes(
    limb: Limb, bone: Bone, normals: Normals, worlds: Worlds
) -> tuple[Apex, Apex] | None:
    """Find both apexes of a bone that is bent twice.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.
    normals : dict of str to Array
        Normal joint angles of this person [deg].
    worlds : Worlds
        For where anatomic axes usually cross the joints.

    Returns
    -------
    tuple of Apex or None
        The upper and the lower one; None unless both angles are proven, both apexes
        lie in the bone, and the middle line was taken from between them. A single bend
        between the two mid-shaft points would otherwise look like two half ones.

    References
    ----------
    .. [1] Paley 2002, chapter 4: multi-apical deformity; planning facts 1.2,
       construction 7.
    """
    if not limb.has(*SHAFT[bone]):
        return None
    middle = limb.frontal(SHAFT[bone][0]), line_of(limb, *SHAFT[bone])
    above, below = (
        _clicked(limb, bone, part) or drawn(limb, normals, worlds)
        for part, drawn in (
            ("above", _TOP[bone]),
            ("below", _BOTTOM[bone]),
        )
    )
    if above is None or below is None:
        return None
    pairs = Axes(*above, *middle), Axes(*middle, *below)
    try:
        if not _in_order(limb, bone, pairs):
            return None
        upper, lower = (apex_of(limb, bone, axes) for axes in pairs)
    except WorldsRefusal:  # lines all but parallel in too many worlds: nothing proven
        return None
    return None if upper is None or lower is None else (upper, lower)


def _in_order(limb: Limb, bone: Bone, pairs: tuple[Axes, Axes]) -> bool:
    """Whether the apexes lie in the bone, provenly outside the middle line's points.

    The middle line of a single bend between its points meets both other lines at these
    very points: scatter puts half of such apexes outside.
    """
    high, low = (level_on(limb, bone, limb.frontal(name)) for name in SHAFT[bone])
    upper, lower = (level_on(limb, bone, axes.apex) for axes in pairs)
    length = bone_length(limb, bone)
    if not (upper[0] > 0 and lower[0] < length):
        return False
    clicked = _clicked(limb, bone, "above") and _clicked(limb, bone, "below")
    margin = (BESIDE if clicked else NEAR) * length
    return all(
        far[0] > margin and interval(far, "distance of an apex").low > 0
        for far in (high - upper, lower - low)
    )


def _clicked(limb: Limb, bone: Bone, part: str) -> Line | None:
    names = [f"{SHORT[bone]}_{part}_{k}" for k in (1, 2)]
    if not limb.has(*names):
        return None
    return limb.frontal(names[0]), line_of(limb, *names)


def _tibia_top(limb: Limb, normals: Normals, worlds: Worlds) -> Line | None:
    if not limb.has(*PLATEAU):
        return None
    medially = line_of(limb, *PLATEAU)
    medial = crossing("alignment.anatomic_axis_at_tibia", worlds)
    start = limb.frontal("knee_centre") + medial * medially
    return start, turned(medially, normals["mpta_deg"])


def _tibia_bottom(limb: Limb, normals: Normals, worlds: Worlds) -> Line | None:
    if not limb.has(*PLAFOND):
        return None
    laterally = line_of(limb, *PLAFOND)
    medial = crossing("alignment.anatomic_axis_at_ankle", worlds)
    end = limb.frontal("ankle_centre") - medial * laterally
    return end, -turned(laterally, normals["mldta_deg"])


def _femur_top(limb: Limb, normals: Normals, worlds: Worlds) -> Line | None:
    if not limb.has("troch_tip"):
        return None
    neck = line_of(limb, "hip_centre", "troch_tip")
    # The anatomic axis runs away from the mechanical one by their usual angle.
    down = turned(neck, -normals["mlpfa_deg"] - normals["ama_deg"])
    lateral = crossing("alignment.anatomic_axis_at_hip", worlds)
    across = np.stack([-down[:, 1], down[:, 0]], axis=1)
    return limb.frontal("hip_centre") + lateral * across, down


def _femur_bottom(limb: Limb, normals: Normals, worlds: Worlds) -> Line | None:
    if not limb.has(*CONDYLES):
        return None
    condyles = line_of(limb, *CONDYLES)
    medial = crossing("alignment.anatomic_axis_at_knee", worlds)
    end = limb.frontal("knee_centre") - medial * condyles
    return end, -turned(condyles, normals["aldfa_deg"])


_TOP = {Bone.FEMUR: _femur_top, Bone.TIBIA: _tibia_top}
_BOTTOM = {Bone.FEMUR: _femur_bottom, Bone.TIBIA: _tibia_bottom}

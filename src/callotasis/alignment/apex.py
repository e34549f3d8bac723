"""The apex of a bend (CORA): where two axes of one bone meet, and at which angle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.alignment.axes import ENDS, Axes, level_on
from callotasis.alignment.limb import Limb
from callotasis.pose import Bone
from callotasis.worlds import Interval, interval


@dataclass(frozen=True)
class Apex:
    """Angle and apex of one bone, by one way of planning.

    Attributes
    ----------
    angle_deg : Interval
        Distal against proximal axis, valgus positive [deg].
    level_mm : Interval
        Apex below the centre of the bone's proximal joint, along its axis [mm].
    lateral_mm : Interval
        Apex lateral of the bone's mechanical axis [mm].
    """

    angle_deg: Interval
    level_mm: Interval
    lateral_mm: Interval


def apex_of(limb: Limb, bone: Bone, axes: Axes) -> Apex | None:
    """Angle and apex between two axes of a bone.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.
    axes : Axes
        Of the part above and the part below [mm].

    Returns
    -------
    Apex or None
        None unless the interval of the angle leaves out zero [deg, mm].

    References
    ----------
    .. [1] Planning facts 1.2, construction 7.
    """
    angle = interval(axes.angle_deg, f"angle of the {bone}")
    if not angle.excludes(0.0):
        return None
    top, bottom = (limb.frontal(name) for name in ENDS[bone])
    down = (bottom - top) / np.linalg.norm(bottom - top, axis=1, keepdims=True)
    offset = axes.apex - top
    across = offset[:, 0] * -down[:, 1] + offset[:, 1] * down[:, 0]
    return Apex(
        angle,
        interval(level_on(limb, bone, axes.apex), f"level of the apex of the {bone}"),
        interval(across, f"offset of the apex of the {bone}"),
    )

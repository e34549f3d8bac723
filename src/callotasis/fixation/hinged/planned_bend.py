"""The bend that a plan takes away, seen from its cut: what every frame is set by."""

from __future__ import annotations

import numpy as np

from callotasis.alignment import Limb
from callotasis.fixation.hinged.hinges import Angulation, distal_axis
from callotasis.plan import Target, axis_after
from callotasis.pose import rotation_from_pose
from callotasis.worlds import Array


def bend_of(target: Target, limb: Limb) -> Angulation:
    """The bend that a planned turn takes away; its apex is what the turn holds.

    Parameters
    ----------
    target : Target
        Its acute part turns in the frontal plane, or not at all [mm, deg].
    limb : Limb
        Before surgery [mm].

    Returns
    -------
    Angulation
        Without a turn, a straight bone on its mechanical axis [mm, deg].

    References
    ----------
    .. [1] A turn R with a shift s holds the point h with (1 - R) h = s.
    """
    turn = target.acute
    x, _, z = axis_after(limb, target.segment.bone, target.cut, turn)
    down = (float(x), 0.0, float(z))
    if not turn.turns:
        return Angulation(0.0, down=down)
    plane = np.ix_((0, 2), (0, 2))
    shift = np.array([turn.lateral_mm, turn.proximal_mm])
    held = np.linalg.solve(np.eye(2) - rotation_from_pose(turn)[plane], shift)
    apex = (float(held[0]), 0.0, float(held[1]))
    return Angulation(-turn.valgus_deg, None, apex, down)


def axis_at_cut(bend: Angulation) -> Array:
    """Where the axis of the straight bone passes the middle of the planned cut.

    A plan's cut centre lies on the line from joint to joint, a bent bone beside it.

    Parameters
    ----------
    bend : Angulation
        Seen from the cut centre [mm, deg].

    Returns
    -------
    Array
        Shape (3,), seen from the cut centre [mm].

    References
    ----------
    .. [1] Foot of the perpendicular on the proximal axis through the apex.
    """
    apex, down = np.array(bend.apex_mm), bend.axes[2]
    return np.asarray(apex - (apex @ down) * down)


def bone_at_cut(bend: Angulation) -> Array:
    """Middle of the bent bone at the planned cut, above its apex or below it.

    Parameters
    ----------
    bend : Angulation
        Seen from the cut centre [mm, deg].

    Returns
    -------
    Array
        Shape (3,), before surgery, seen from the cut centre [mm].

    References
    ----------
    .. [1] Foot of the perpendicular on the part that is cut.
    """
    apex, down = np.array(bend.apex_mm), bend.axes[2]
    below = distal_axis(bend, np.array(bend.frontal_deg), np.array(0.0))
    along = float(-apex @ below)
    if along > 0:
        return np.asarray(apex + along * below)
    return np.asarray(apex + min(float(-apex @ down), 0.0) * down)

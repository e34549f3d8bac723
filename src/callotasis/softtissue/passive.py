"""How hard a joint pulls back: the passive curves of the model's muscles, summed.

A second opinion on the equal length of :mod:`~callotasis.softtissue.residual`, and the
forward model of virtual patients. Capsule, fascia and skin are not in it.
Its healthy ankle bends farther than people's, so only differences are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.softtissue.muscles import JOINTS, Angles, every_muscle
from callotasis.softtissue.pull import passive_force_n
from callotasis.worlds import Array

NMM_PER_NM = 1000.0


@dataclass(frozen=True)
class Movement:
    """A passive movement of one joint, the rest of the leg held.

    Attributes
    ----------
    joint : str
        Hip, knee or ankle.
    pose : callable
        Pose of the leg at an angle of that joint [deg].
    angles_deg : Array
        Rising, where the moment is looked for [deg].
    muscles : tuple of str
        Those that are stretched by it, or relieved.
    """

    joint: str
    pose: Callable[[Array], Angles]
    angles_deg: Array
    muscles: tuple[str, ...]


def dorsiflexion(knee_deg: float) -> Movement:
    """The foot bent up, the knee held at an angle [deg]."""
    return Movement(
        "ankle",
        lambda q: Angles(knee_deg=knee_deg, ankle_deg=q),
        np.arange(-50.0, 40.1, 2.0),
        _crossing("ankle"),
    )


def knee_flexion(hip_deg: float) -> Movement:
    """The knee bent, the hip held at an angle [deg]."""
    return Movement(
        "knee",
        lambda q: Angles(hip_deg=hip_deg, knee_deg=q),
        np.arange(0.0, 120.1, 2.0),
        _crossing("knee"),
    )


def resisting_nm(
    movement: Movement, stretch_mm: Mapping[str, float | Array] | None = None
) -> Array:
    """Moment by which the leg resists a movement, over its angles.

    Parameters
    ----------
    movement : Movement
        Which joint, held how.
    stretch_mm : dict of str to float or Array
        Residual stretch by muscle, of one shape (patients,) or single [mm].

    Returns
    -------
    Array
        Shape (patients, angles), or (angles,) [Nm].

    References
    ----------
    .. [1] Sum of force times -dL/dq; equilibrium of fibre and tendon as in Millard,
       Uchida, Seth and Delp, J Biomech Eng 2013;135:021005.
    """
    stretched = stretch_mm or {}
    many = np.broadcast_shapes(*(np.shape(u) for u in stretched.values()))
    total = np.zeros((*many, len(movement.angles_deg)))
    pose = movement.pose(movement.angles_deg)
    for name in movement.muscles:
        muscle = every_muscle()[name]
        u = np.asarray(stretched.get(name, 0.0), dtype=float)
        length = muscle.length_mm(pose) + u[..., None]
        total = total - passive_force_n(name, length) * muscle.arm_mm(
            movement.joint, pose
        )
    return total / NMM_PER_NM


def end_of_range_deg(
    movement: Movement,
    moment_nm: float | Array,
    stretch_mm: Mapping[str, float | Array] | None = None,
) -> Array:
    """Angle at which a movement is resisted by this moment.

    Parameters
    ----------
    movement : Movement
        Which joint, held how.
    moment_nm : float or Array
        By which the examiner pushes, shape (patients,) or single [Nm].
    stretch_mm : dict of str to float or Array
        As :func:`resisting_nm` takes it [mm].

    Returns
    -------
    Array
        Shape (patients,) or (); the end of the angles looked at where the moment is
        not met [deg].

    References
    ----------
    .. [1] First angle at which the greatest moment so far reaches it, linear between.
    """
    resisted = np.maximum.accumulate(resisting_nm(movement, stretch_mm), axis=-1)
    pushed = np.asarray(moment_nm, dtype=float)[..., None]
    angles = movement.angles_deg
    last = len(angles) - 1
    resisted, _ = np.broadcast_arrays(resisted, pushed)
    after = np.clip((resisted < pushed).sum(axis=-1), 1, last)[..., None]
    high = np.take_along_axis(resisted, after, axis=-1)
    low = np.take_along_axis(resisted, after - 1, axis=-1)
    rise = np.where(high > low, high - low, 1.0)
    part = np.clip((pushed - low) / rise, 0.0, 1.0)
    found = angles[after - 1] + part * (angles[after] - angles[after - 1])
    return np.asarray(found[..., 0])


def _crossing(joint: str) -> tuple[str, ...]:
    if joint not in JOINTS:
        raise PlanRefusal(f"joint '{joint}' is unknown; known are {', '.join(JOINTS)}")
    return tuple(m.name for m in every_muscle().values() if joint in m.joints)

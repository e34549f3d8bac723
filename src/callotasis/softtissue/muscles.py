"""The muscles of one leg: paths, resting lengths, and lengths over joint angles.

The table derives from the gait model ``gait2392`` (CC BY 3.0; ``tables/NOTICE``). A
length is a polynomial of hip flexion, knee flexion and dorsiflexion; beyond the angles
for which it was made it goes on straight, with the moment arm of the last one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.pose import Bone
from callotasis.worlds import Array

JOINTS = ("hip", "knee", "ankle")


@dataclass(frozen=True)
class Angles:
    """A pose of one leg, or many: hip flexion, knee flexion, dorsiflexion.

    Attributes
    ----------
    hip_deg, knee_deg, ankle_deg : float or Array
        Shapes that broadcast [deg].
    """

    hip_deg: float | Array = 0.0
    knee_deg: float | Array = 0.0
    ankle_deg: float | Array = 0.0

    def stacked(self) -> Array:
        """All three, shape (..., 3) [rad]."""
        every = np.broadcast_arrays(self.hip_deg, self.knee_deg, self.ankle_deg)
        return np.asarray(np.radians(np.stack(every, axis=-1).astype(float)))


@dataclass(frozen=True)
class PathPoint:
    """Where a muscle passes, in standing.

    Attributes
    ----------
    body : str
        Pelvis, femur, tibia, talus, calcn or toes.
    xyz_mm : tuple of float
        Forward, up and lateral of the hip centre; from the tibia on, up counts from
        the knee centre [mm].
    """

    body: str
    xyz_mm: tuple[float, float, float]


@dataclass(frozen=True)
class Muscle:
    """One muscle of the table.

    Attributes
    ----------
    name, group : str
        As the table has them.
    joints : tuple of str
        Which it crosses.
    standing_length_mm : float
        Origin to insertion, tendon included, in standing [mm].
    optimal_fibre_mm, tendon_slack_mm, max_force_n, pennation_deg : float
        Of the model's muscle [mm, N, deg].
    path : tuple of PathPoint
        From origin to insertion.
    limits : Array
        Angles for which the polynomial was made, shape (3, 2) [rad].
    """

    name: str
    group: str
    joints: tuple[str, ...]
    standing_length_mm: float
    optimal_fibre_mm: float
    tendon_slack_mm: float
    max_force_n: float
    pennation_deg: float
    path: tuple[PathPoint, ...]
    limits: Array = field(repr=False)
    powers: Array = field(repr=False)
    coefficients: Array = field(repr=False)

    def length_mm(self, angles: Angles) -> Array:
        """Length in a pose.

        Parameters
        ----------
        angles : Angles
            One or many.

        Returns
        -------
        Array
            Shape of the angles [mm].
        """
        asked = angles.stacked()
        inside = self._inside(asked)
        length = self._polynomial(inside, ())
        for joint in range(3):
            beyond = asked[..., joint] - inside[..., joint]
            if beyond.any():
                length = length + self._polynomial(inside, (joint,)) * beyond
        return length

    def arm_mm(self, joint: str, angles: Angles) -> Array:
        """Moment arm about a joint, -dL/dq: positive where the pull bends it further.

        Parameters
        ----------
        joint : str
            Hip, knee or ankle.
        angles : Angles
            One or many.

        Returns
        -------
        Array
            Shape of the angles; flexion and dorsiflexion count positive [mm].
        """
        about = JOINTS.index(joint)
        asked = angles.stacked()
        inside = self._inside(asked)
        beyond = asked - inside
        slope = self._polynomial(inside, (about,))
        for other in {0, 1, 2} - {about}:
            # The straight part of another joint bends with this one, while it is inside
            here = np.where(beyond[..., about] == 0, beyond[..., other], 0.0)
            if here.any():
                slope = slope + self._polynomial(inside, (about, other)) * here
        return -slope

    def heights(self, bone: Bone) -> tuple[float, ...]:
        """How far down a bone the path touches it, from origin to insertion.

        Parameters
        ----------
        bone : Bone
            Femur or tibia.

        Returns
        -------
        tuple of float
            Shares of the bone's length below its proximal joint centre [1].
        """
        whole = bone_mm(bone)
        return tuple(-p.xyz_mm[1] / whole for p in self.path if p.body == str(bone))

    def _inside(self, asked: Array) -> Array:
        return np.clip(asked, self.limits[:, 0], self.limits[:, 1])

    def _polynomial(self, at: Array, over: tuple[int, ...]) -> Array:
        """The polynomial, or its derivative over the joints named."""
        powers, factors = self.powers.copy(), self.coefficients.copy()
        for joint in over:
            factors = factors * powers[:, joint]
            powers[:, joint] = np.maximum(powers[:, joint] - 1, 0)
        kept = factors != 0
        total = np.zeros(at.shape[:-1])
        raised = [_raised(at[..., j], powers[:, j]) for j in range(3)]
        for factor, (hip, knee, ankle) in zip(
            factors[kept], powers[kept].astype(int), strict=True
        ):
            total = total + factor * raised[0][hip] * raised[1][knee] * raised[2][ankle]
        return total


def _raised(x: Array, powers: Array) -> list[Array]:
    """Every power of x that is needed."""
    found = [np.ones_like(x)]
    for _ in range(int(powers.max(initial=0))):
        found.append(found[-1] * x)
    return found


@cache
def _table() -> dict[str, Any]:
    path = files("callotasis.softtissue").joinpath("tables", "gait2392.toml")
    return tomllib.loads(path.read_text("utf-8"))


def model_said() -> Mapping[str, str]:
    """Name, hash, licence, citation and changes of the model behind the table."""
    kept = ("name", "sha256", "licence", "citation", "changes")
    return {key: _table()["model"][key] for key in kept}


def bone_mm(bone: Bone) -> float:
    """Length of the model's bone, joint centre to joint centre.

    Parameters
    ----------
    bone : Bone
        Femur or tibia.

    Returns
    -------
    float
        [mm].

    References
    ----------
    .. [1] gait2392, ``tables/NOTICE``.
    """
    return float(_table()["model"][f"{bone}_mm"])


@cache
def every_muscle() -> dict[str, Muscle]:
    """All muscles of the table by name."""
    model = _table()["model"]
    limits = np.radians([model[f"{joint}_deg"] for joint in JOINTS])
    return {
        name: Muscle(
            name=name,
            group=raw["group"],
            joints=tuple(raw["joints"]),
            path=tuple(PathPoint(p["body"], tuple(p["xyz_mm"])) for p in raw["path"]),
            limits=limits,
            powers=np.array(raw["powers"]),
            coefficients=np.array(raw["length_mm"]),
            **{k: raw[k] for k in _FIGURES},
        )
        for name, raw in _table()["muscle"].items()
    }


_FIGURES = (
    "standing_length_mm",
    "optimal_fibre_mm",
    "tendon_slack_mm",
    "max_force_n",
    "pennation_deg",
)


def muscles_of(group: str) -> tuple[Muscle, ...]:
    """All muscles of one group.

    Raises
    ------
    PlanRefusal
        If no muscle is in a group of this name.

    Examples
    --------
    >>> [muscle.name for muscle in muscles_of("gastrocnemius")]
    ['med_gas', 'lat_gas']
    """
    found = tuple(m for m in every_muscle().values() if m.group == group)
    if not found:
        known = ", ".join(dict.fromkeys(m.group for m in every_muscle().values()))
        raise PlanRefusal(f"no muscles are called '{group}'; known are {known}")
    return found


def mean_length_mm(muscles: Sequence[Muscle], angles: Angles) -> Array:
    """Length of several muscles as one, each counted by its strength.

    Parameters
    ----------
    muscles : sequence of Muscle
        Of one group.
    angles : Angles
        One pose or many.

    Returns
    -------
    Array
        Shape of the angles [mm].

    References
    ----------
    .. [1] Mean, weighted by the model's greatest force.
    """
    strength = np.array([muscle.max_force_n for muscle in muscles])
    lengths = np.stack([muscle.length_mm(angles) for muscle in muscles], axis=-1)
    mean: Array = lengths @ (strength / strength.sum())
    return mean

"""The axes of both parts of a bone, drawn in every way that its landmarks allow.

A missing axis is drawn from a joint line with a normal angle: that of the other leg
if it is in the normal range, else the population's, whose own spread is then part of
every interval. Mid-shaft points give a direction only where the shaft between them
is straight: a bend between them would be halved, unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.alignment.frontal import lateral_tilt
from callotasis.alignment.limb import Limb
from callotasis.evidence import constant
from callotasis.pose import Bone
from callotasis.worlds import Array, Worlds

NEAR = 0.1  # of the bone: so near to a shaft point a bend hardly turns its line
STRAIGHT_DEG = 6.0  # a shaft's line may miss the ankle's usual place by this angle
AGREE = 0.2  # of the bone: both ways of drawing one bend put its apex this near


class Planning(StrEnum):
    """How the axes of a bone are drawn."""

    MECHANICAL = "mechanical"
    ANATOMIC = "anatomic"


@dataclass(frozen=True, eq=False)
class Axes:
    """Proximal and distal axis of a bone in every world.

    Points and directions have shape (worlds, 2), lateral and proximal [mm]; both
    directions point distally.
    """

    proximal_point: Array
    proximal: Array
    distal_point: Array
    distal: Array

    @property
    def angle_deg(self) -> Array:
        """Distal against proximal axis, valgus positive [deg]."""
        return lateral_tilt(self.distal) - lateral_tilt(self.proximal)

    @property
    def apex(self) -> Array:
        """Where the axes meet, shape (worlds, 2); not finite where they do not [mm]."""
        cross = self.proximal[:, 0] * self.distal[:, 1] - (
            self.proximal[:, 1] * self.distal[:, 0]
        )
        between = self.distal_point - self.proximal_point
        along = between[:, 0] * self.distal[:, 1] - between[:, 1] * self.distal[:, 0]
        parallel = np.abs(cross) < 1e-6  # noqa: PLR2004 - sine of a ten-thousandth degree
        share = np.where(parallel, np.nan, along / np.where(parallel, 1.0, cross))
        return np.asarray(self.proximal_point + share[:, None] * self.proximal)


ENDS = {
    Bone.FEMUR: ("hip_centre", "knee_centre"),
    Bone.TIBIA: ("knee_centre", "ankle_centre"),
}
Normals = Mapping[str, Array]


def normals_for(other: Mapping[str, Array], worlds: Worlds) -> dict[str, Array]:
    """The normal joint angles that a crooked bone of this person would have had.

    Parameters
    ----------
    other : dict of str to Array
        Angles of the other leg, shape (worlds,) each [deg]; empty if there is none.
    worlds : Worlds
        For the spread of the population.

    Returns
    -------
    dict of str to Array
        By quantity, shape (worlds,) each [deg].

    References
    ----------
    .. [1] Paley 2002, chapter 4: the other leg where it is normal, else the mean.
    """
    normals = {}
    for name, key in _NORMAL_ANGLES.items():
        row = constant(key)
        healthy = name in other and row.low <= other[name][0] <= row.high
        normals[name] = (
            other[name]
            if healthy
            else row.value + worlds.normal(f"normal/{key}", row.spread)
        )
    return normals


_NORMAL_ANGLES = {
    "mlpfa_deg": "alignment.mlpfa",
    "mldfa_deg": "alignment.mldfa",
    "aldfa_deg": "alignment.aldfa",
    "ama_deg": "alignment.ama",
    "mpta_deg": "alignment.mpta",
    "mldta_deg": "alignment.mldta",
}


def axes_of(
    limb: Limb, bone: Bone, normals: Normals, worlds: Worlds
) -> dict[Planning, Axes]:
    """Draw the axes of a bone in every way that its landmarks allow.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.
    normals : dict of str to Array
        From :func:`normals_for` [deg].
    worlds : Worlds
        For where the anatomic axes usually cross the knee.

    Returns
    -------
    dict of Planning to Axes
        Only ways whose axes meet within the bone, in the part that drew them.

    References
    ----------
    .. [1] Planning facts 1.2, construction 7.
    """
    candidates = (
        _tibia_candidates(limb, normals, worlds)
        if bone is Bone.TIBIA
        else _femur_candidates(limb, normals, worlds)
    )
    length = bone_length(limb, bone)
    margin = NEAR * length
    found: dict[Planning, Axes] = {}
    for way, axes, (above, below) in candidates:
        level = level_on(limb, bone, axes.apex)[0]
        inside = 0 < level < length
        if way not in found and inside and above - margin < level < below + margin:
            found[way] = axes
    return found


def level_on(limb: Limb, bone: Bone, points: Array) -> Array:
    """Distance below the centre of a bone's proximal joint, along its axis.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.
    points : Array
        Shape (worlds, 2), lateral and proximal [mm].

    Returns
    -------
    Array
        Shape (worlds,) [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    top, bottom = (limb.frontal(name) for name in ENDS[bone])
    down = (bottom - top) / np.linalg.norm(bottom - top, axis=1, keepdims=True)
    return np.asarray(np.sum((points - top) * down, axis=1))


def shaft_is_straight(limb: Limb, bone: Bone) -> bool:
    """Tell whether both mid-shaft points can lie on one straight shaft.

    The line through them must pass the hip (femur) or the ankle (tibia) where a
    straight shaft's line does. A bend between the points turns it away.

    Parameters
    ----------
    limb : Limb
        One leg; world 0 decides [mm].
    bone : Bone
        Femur or tibia.

    Returns
    -------
    bool
        False also where the points were not placed.

    References
    ----------
    .. [1] Evidence rows ``alignment.anatomic_axis_at_hip``,
       ``alignment.anatomic_axis_at_ankle``.
    """
    shaft = FEMUR_SHAFT if bone is Bone.FEMUR else TIBIA_SHAFT
    if not limb.has(*shaft):
        return False
    along = line_of(limb, *shaft)[0]
    joint = "hip_centre" if bone is Bone.FEMUR else "ankle_centre"
    offset = limb.frontal(shaft[0])[0] - limb.frontal(joint)[0]
    # Lateral of the joint is positive: the line runs distally along (x, z).
    lateral = float(offset[0] * -along[1] + offset[1] * along[0])
    if bone is Bone.FEMUR:
        row = constant("alignment.anatomic_axis_at_hip")
        return row.low <= lateral <= row.high
    row = constant("alignment.anatomic_axis_at_ankle")
    lever = float(np.linalg.norm(limb.frontal(shaft[1])[0] - limb.frontal(joint)[0]))
    # Near the ankle a bend moves the line little: judge it as an angle there.
    allowed = min((row.high - row.low) / 2, lever * np.tan(np.radians(STRAIGHT_DEG)))
    return bool(abs(-lateral - row.value) <= allowed)


def turned(direction: Array, degrees: Array) -> Array:
    """Turn directions anticlockwise (lateral towards proximal), shape (worlds, 2)."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, z = direction[:, 0], direction[:, 1]
    return np.stack([x * cos - z * sin, x * sin + z * cos], axis=1)


def line_of(limb: Limb, start: str, end: str) -> Array:
    """Direction from one landmark to another, shape (worlds, 2) [1]."""
    line = limb.frontal(end) - limb.frontal(start)
    return np.asarray(line / np.linalg.norm(line, axis=1, keepdims=True))


CONDYLES = ("fem_condyle_med", "fem_condyle_lat")
PLATEAU = ("tib_plateau_lat", "tib_plateau_med")
PLAFOND = ("plafond_med", "plafond_lat")
FEMUR_SHAFT = ("fem_shaft_prox", "fem_shaft_dist")
TIBIA_SHAFT = ("tib_shaft_prox", "tib_shaft_dist")


_Candidate = tuple[Planning, Axes, tuple[float, float]]
"""A way of drawing, and the levels between which its apex can be believed [mm]."""


def _levels(limb: Limb, bone: Bone, shaft: tuple[str, str]) -> tuple[float, float]:
    """Levels of the upper and the lower mid-shaft point."""
    upper, lower = (level_on(limb, bone, limb.frontal(name))[0] for name in shaft)
    return float(upper), float(lower)


def bone_length(limb: Limb, bone: Bone) -> float:
    """Length of a bone along its mechanical axis, in world 0 [mm]."""
    return float(level_on(limb, bone, limb.frontal(ENDS[bone][1]))[0])


def _agree(limb: Limb, bone: Bone, one: Axes, other: Axes) -> bool:
    """Tell whether two ways of drawing find one apex; a halved bend betrays itself."""
    levels = [level_on(limb, bone, axes.apex)[0] for axes in (one, other)]
    return bool(abs(levels[0] - levels[1]) <= AGREE * bone_length(limb, bone))


def _tibia_candidates(limb: Limb, normals: Normals, worlds: Worlds) -> list[_Candidate]:
    """A tibia bends below its plateau; straight shaft or plafond give the rest."""
    whole = (0.0, bone_length(limb, Bone.TIBIA))
    found = _by_shaft_lines(limb, Bone.TIBIA, "tib")
    if not limb.has(*PLATEAU):
        return found
    medially = line_of(limb, *PLATEAU)
    down = turned(medially, normals["mpta_deg"])
    knee, ankle = limb.frontal("knee_centre"), limb.frontal("ankle_centre")
    if shaft_is_straight(limb, Bone.TIBIA):
        # The shaft lies below the apex: its direction is that of the lower part.
        upper, _ = _levels(limb, Bone.TIBIA, TIBIA_SHAFT)
        shaft = line_of(limb, *TIBIA_SHAFT)
        medial = crossing("alignment.anatomic_axis_at_tibia", worlds)
        anatomic = Axes(
            knee + medial * medially, down, limb.frontal(TIBIA_SHAFT[0]), shaft
        )
        mechanical = Axes(knee, down, ankle, shaft)
        if _agree(limb, Bone.TIBIA, mechanical, anatomic):
            found += [
                (Planning.MECHANICAL, mechanical, (0.0, upper)),
                (Planning.ANATOMIC, anatomic, (0.0, upper)),
            ]
    if limb.has(*PLAFOND):
        below = -turned(line_of(limb, *PLAFOND), normals["mldta_deg"])
        found.append((Planning.MECHANICAL, Axes(knee, down, ankle, below), whole))
    return found


def _femur_candidates(limb: Limb, normals: Normals, worlds: Worlds) -> list[_Candidate]:
    """A femur bends above its condyles; a straight shaft or the neck gives the rest."""
    length = bone_length(limb, Bone.FEMUR)
    found = _by_shaft_lines(limb, Bone.FEMUR, "fem")
    if not limb.has(*CONDYLES):
        return found
    condyles = line_of(limb, *CONDYLES)
    hip, knee = limb.frontal("hip_centre"), limb.frontal("knee_centre")
    below = -turned(condyles, normals["mldfa_deg"])
    if shaft_is_straight(limb, Bone.FEMUR):
        # The shaft lies above the apex: its direction is that of the upper part.
        _, lower = _levels(limb, Bone.FEMUR, FEMUR_SHAFT)
        shaft = line_of(limb, *FEMUR_SHAFT)
        medial = crossing("alignment.anatomic_axis_at_knee", worlds)
        anatomic = Axes(
            limb.frontal(FEMUR_SHAFT[0]),
            shaft,
            knee - medial * condyles,
            -turned(condyles, normals["aldfa_deg"]),
        )
        mechanical = Axes(hip, turned(shaft, normals["ama_deg"]), knee, below)
        if _agree(limb, Bone.FEMUR, mechanical, anatomic):
            found += [
                (Planning.MECHANICAL, mechanical, (lower, length)),
                (Planning.ANATOMIC, anatomic, (lower, length)),
            ]
    if limb.has("troch_tip"):
        neck = turned(line_of(limb, "hip_centre", "troch_tip"), -normals["mlpfa_deg"])
        found.append((Planning.MECHANICAL, Axes(hip, neck, knee, below), (0.0, length)))
    return found


def _by_shaft_lines(limb: Limb, bone: Bone, short: str) -> list[_Candidate]:
    """Mid-shaft lines above and below the bend: no joint and no normal needed."""
    above, below = (
        (f"{short}_{part}_1", f"{short}_{part}_2") for part in ("above", "below")
    )
    if not limb.has(*above, *below):
        return []
    axes = Axes(
        limb.frontal(above[0]),
        line_of(limb, *above),
        limb.frontal(below[0]),
        line_of(limb, *below),
    )
    return [(Planning.ANATOMIC, axes, (0.0, bone_length(limb, bone)))]


def crossing(key: str, worlds: Worlds) -> Array:
    """How far medial of the knee's centre an anatomic axis passes, (worlds, 1)."""
    row = constant(key)
    return (row.value + worlds.normal(f"normal/{key}", row.spread))[:, None]

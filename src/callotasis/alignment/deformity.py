"""Which bone is to blame, how crooked it is, and where its apex lies.

The malalignment test asks each joint angle whether it leaves its normal range. The
apex (CORA, centre of rotation of angulation) is where the axis of the proximal part
of a bone meets the axis of its distal part. A missing axis is drawn from the joint
line with a normal angle: that of the other leg if it is in the normal range, else
the population's, whose own spread is then part of every interval.
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
from callotasis.worlds import Array, Interval, Worlds, interval


class Planning(StrEnum):
    """How the axes of a bone are drawn."""

    MECHANICAL = "mechanical"
    ANATOMIC = "anatomic"


class Verdict(StrEnum):
    """What an interval says about a normal range."""

    NORMAL = "normal"
    SUSPECTED = "suspected"
    PROVEN = "proven"


@dataclass(frozen=True)
class Blame:
    """One joint angle outside its normal range.

    Attributes
    ----------
    part : str
        ``femur``, ``tibia`` or ``joint``.
    quantity : str
        The angle that says so.
    verdict : Verdict
        Proven when the whole interval lies outside the range.
    """

    part: str
    quantity: str
    verdict: Verdict


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


@dataclass(frozen=True)
class LegDeformity:
    """What the malalignment test says of one leg."""

    axis: Verdict
    to_blame: tuple[Blame, ...]
    cora: Mapping[Bone, Mapping[Planning, Apex]]


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
_TESTS = (
    ("femur", "mldfa_deg", "alignment.mldfa"),
    ("tibia", "mpta_deg", "alignment.mpta"),
    ("femur", "mlpfa_deg", "alignment.mlpfa"),
    ("tibia", "mldta_deg", "alignment.mldta"),
    ("joint", "jlca_deg", "alignment.jlca"),
)


def verdict_on(found: Interval, normal: str) -> Verdict:
    """Judge an interval against the normal range of an evidence row.

    Parameters
    ----------
    found : Interval
        The measurement.
    normal : str
        Evidence key.

    Returns
    -------
    Verdict
        Proven when the interval lies wholly outside the range.

    References
    ----------
    .. [1] Malalignment test: Paley 2002, chapter 2.
    """
    row = constant(normal)
    if found.low > row.high or found.high < row.low:
        return Verdict.PROVEN
    inside = row.low <= found.value <= row.high
    return Verdict.NORMAL if inside else Verdict.SUSPECTED


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
    "mpta_deg": "alignment.mpta",
    "mldta_deg": "alignment.mldta",
}


def deformity_of(
    limb: Limb, found: Mapping[str, Interval], normals: Normals, worlds: Worlds
) -> LegDeformity:
    """Run the malalignment test and find the apex of each crooked bone.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    found : dict of str to Interval
        Its measurement [mm and deg].
    normals : dict of str to Array
        From :func:`normals_for` [deg].
    worlds : Worlds
        For where the anatomic axes usually cross the knee.

    Returns
    -------
    LegDeformity
        An apex is given when the interval of its angle leaves out zero.

    References
    ----------
    .. [1] Paley 2002, chapters 2 and 4; planning facts 1.2, constructions 6 and 7.
    """
    blames = [
        Blame(part, name, verdict)
        for part, name, row in _TESTS
        if name in found and (verdict := verdict_on(found[name], row)) != Verdict.NORMAL
    ]
    axis = verdict_on(found["hka_deviation_deg"], "alignment.hka")
    cora = {}
    for bone in Bone:
        if any(b.part == bone for b in blames):
            apexes = {
                way: apex
                for way, axes in axes_of(limb, bone, normals, worlds).items()
                if (apex := _apex(limb, bone, axes)) is not None
            }
            if apexes:
                cora[bone] = apexes
    return LegDeformity(axis, tuple(blames), cora)


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
        Empty where landmarks are missing.

    References
    ----------
    .. [1] Planning facts 1.2, construction 7.
    """
    if bone is Bone.TIBIA:
        found = {
            Planning.MECHANICAL: _tibia_mechanical(limb, normals),
            Planning.ANATOMIC: _tibia_anatomic(limb, normals, worlds),
        }
    else:
        found = {
            Planning.MECHANICAL: _femur_mechanical(limb, normals),
            Planning.ANATOMIC: _femur_anatomic(limb, normals, worlds),
        }
    return {way: axes for way, axes in found.items() if axes is not None}


def _apex(limb: Limb, bone: Bone, axes: Axes) -> Apex | None:
    angle = interval(axes.angle_deg, f"angle of the {bone}")
    if not angle.excludes(0.0):
        return None
    top, bottom = (limb.frontal(name) for name in ENDS[bone])
    down = (bottom - top) / np.linalg.norm(bottom - top, axis=1, keepdims=True)
    offset = axes.apex - top
    across = offset[:, 0] * -down[:, 1] + offset[:, 1] * down[:, 0]
    return Apex(
        angle,
        interval(np.sum(offset * down, axis=1), f"level of the apex of the {bone}"),
        interval(across, f"offset of the apex of the {bone}"),
    )


def _turned(direction: Array, degrees: Array) -> Array:
    """Turn directions anticlockwise (lateral towards proximal)."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, z = direction[:, 0], direction[:, 1]
    return np.stack([x * cos - z * sin, x * sin + z * cos], axis=1)


def _line(limb: Limb, start: str, end: str) -> Array:
    line = limb.frontal(end) - limb.frontal(start)
    return np.asarray(line / np.linalg.norm(line, axis=1, keepdims=True))


_CONDYLES = ("fem_condyle_med", "fem_condyle_lat")
_PLATEAU = ("tib_plateau_lat", "tib_plateau_med")
_PLAFOND = ("plafond_med", "plafond_lat")
_FEMUR_SHAFT = ("fem_shaft_prox", "fem_shaft_dist")
_TIBIA_SHAFT = ("tib_shaft_prox", "tib_shaft_dist")


def _tibia_mechanical(limb: Limb, normals: Normals) -> Axes | None:
    """Below, the shaft gives the direction: a plafond of 20 mm turns with any tilt."""
    if not limb.has(*_PLATEAU) or not (limb.has(*_TIBIA_SHAFT) or limb.has(*_PLAFOND)):
        return None
    down = (
        _line(limb, *_TIBIA_SHAFT)
        if limb.has(*_TIBIA_SHAFT)
        else -_turned(_line(limb, *_PLAFOND), normals["mldta_deg"])
    )
    return Axes(
        limb.frontal("knee_centre"),
        _turned(_line(limb, *_PLATEAU), normals["mpta_deg"]),
        limb.frontal("ankle_centre"),
        down,
    )


def _femur_mechanical(limb: Limb, normals: Normals) -> Axes | None:
    if not limb.has("troch_tip", *_CONDYLES):
        return None
    return Axes(
        limb.frontal("hip_centre"),
        _turned(_line(limb, "hip_centre", "troch_tip"), -normals["mlpfa_deg"]),
        limb.frontal("knee_centre"),
        -_turned(_line(limb, *_CONDYLES), normals["mldfa_deg"]),
    )


def _by_shaft_lines(limb: Limb, short: str) -> Axes | None:
    """Mid-shaft lines above and below the bend: no joint and no normal needed."""
    above, below = (
        (f"{short}_{part}_1", f"{short}_{part}_2") for part in ("above", "below")
    )
    if not limb.has(*above, *below):
        return None
    return Axes(
        limb.frontal(above[0]),
        _line(limb, *above),
        limb.frontal(below[0]),
        _line(limb, *below),
    )


def _femur_anatomic(limb: Limb, normals: Normals, worlds: Worlds) -> Axes | None:
    lines = _by_shaft_lines(limb, "fem")
    if lines is not None or not limb.has(*_FEMUR_SHAFT, *_CONDYLES):
        return lines
    condyles = _line(limb, *_CONDYLES)
    medial = _crossing("alignment.anatomic_axis_at_knee", worlds)
    return Axes(
        limb.frontal(_FEMUR_SHAFT[0]),
        _line(limb, *_FEMUR_SHAFT),
        limb.frontal("knee_centre") - medial * condyles,
        -_turned(condyles, normals["aldfa_deg"]),
    )


def _tibia_anatomic(limb: Limb, normals: Normals, worlds: Worlds) -> Axes | None:
    lines = _by_shaft_lines(limb, "tib")
    if lines is not None or not limb.has(*_TIBIA_SHAFT, *_PLATEAU):
        return lines
    medially = _line(limb, *_PLATEAU)
    medial = _crossing("alignment.anatomic_axis_at_tibia", worlds)
    return Axes(
        limb.frontal("knee_centre") + medial * medially,
        _turned(medially, normals["mpta_deg"]),
        limb.frontal(_TIBIA_SHAFT[0]),
        _line(limb, *_TIBIA_SHAFT),
    )


def _crossing(key: str, worlds: Worlds) -> Array:
    """How far medial of the knee's centre an anatomic axis passes, (worlds, 1)."""
    row = constant(key)
    return (row.value + worlds.normal(f"normal/{key}", row.spread))[:, None]

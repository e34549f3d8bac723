"""Where the canal runs in both parts of a bone that is cut: the line of a nail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.alignment import ENDS, Limb
from callotasis.alignment.axes import (
    FEMUR_SHAFT,
    TIBIA_SHAFT,
    crossing,
    line_of,
    shaft_is_straight,
    turned,
)
from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.plan import Target, cut_centre
from callotasis.pose import Bone, Segment
from callotasis.worlds import Array, Worlds


class CanalSeen(StrEnum):
    """What told where the canal runs."""

    PARTS = "points above and below the bend"
    SHAFT = "two points of the shaft"
    USUAL = "the usual canal, since no shaft was marked"


@dataclass(frozen=True, eq=False)
class Canal:
    """A straight canal in the frontal plane, in every world.

    Attributes
    ----------
    point : Array
        Shape (worlds, 2), where its line crosses the level of the cut, lateral and
        proximal [mm].
    distally : Array
        Shape (worlds, 2), unit vector towards the distal end [1].
    """

    point: Array
    distally: Array


@dataclass(frozen=True, eq=False)
class Canals:
    """The canals of one bone, before surgery.

    Attributes
    ----------
    proximal, distal : Canal
        Of the part above and of the part below the cut, each as one straight line.
    at_cut : Array
        Shape (worlds, 2), the middle of the bone at the cut [mm].
    seen : CanalSeen
        What drew them.
    """

    proximal: Canal
    distal: Canal
    at_cut: Array
    seen: CanalSeen


def canals_of(limb: Limb, target: Target, worlds: Worlds) -> Canals:
    """Draw the canal of each part of a bone.

    Points above and below a bend draw one canal for each part. Two points of the
    shaft draw that of the shaft; a correction of the bend beside the knee makes one
    line of both canals, which tells the other one. Without any point the usual canal
    is taken, with its spread.

    Parameters
    ----------
    limb : Limb
        Before surgery [mm].
    target : Target
        For cut and correction [mm, deg].
    worlds : Worlds
        For the spread of a canal that nobody saw.

    Returns
    -------
    Canals
        In every world [mm].

    Raises
    ------
    DeviceRefusal
        If a bend is corrected and nobody marked the shaft.

    References
    ----------
    .. [1] Evidence rows ``alignment.ama``, ``alignment.anatomic_axis_at_knee`` and
       ``alignment.anatomic_axis_at_tibia`` where no shaft was seen.
    """
    bone = target.segment.bone
    short = "fem" if bone is Bone.FEMUR else "tib"
    above, below = (
        (f"{short}_{part}_1", f"{short}_{part}_2") for part in ("above", "below")
    )
    shaft = FEMUR_SHAFT if bone is Bone.FEMUR else TIBIA_SHAFT
    if limb.has(*above, *below):
        one, other = (
            _canal(limb, target, limb.frontal(p[0]), line_of(limb, *p))
            for p in (above, below)
        )
        middle = one if _cut_above_bend(one, other) else other
        return Canals(one, other, middle.point, CanalSeen.PARTS)
    if limb.has(*shaft):
        one = _canal(limb, target, limb.frontal(shaft[0]), line_of(limb, *shaft))
        return _straightened(limb, target, one)
    if target.cut.rule is not None:
        raise DeviceRefusal(
            f"a nail shall straighten {target.segment} and nobody marked its shaft; "
            f"mark {shaft[0]} and {shaft[1]}, or two points each above and below the "
            "bend"
        )
    one = _canal(limb, target, *_usual(limb, bone, worlds))
    return Canals(one, one, one.point, CanalSeen.USUAL)


def canal_findings(limb: Limb, segment: Segment, seen: CanalSeen) -> list[Finding]:
    """Say where the line of the nail stands on nothing, or on a bent shaft.

    Parameters
    ----------
    limb : Limb
        Before surgery [mm].
    segment : Segment
        The bone.
    seen : CanalSeen
        What drew its canal.

    Returns
    -------
    list of Finding
        At most one caution.

    References
    ----------
    .. [1] Evidence rows ``alignment.ama``, ``alignment.anatomic_axis_at_hip`` and
       ``alignment.anatomic_axis_at_ankle``.
    """
    if seen is CanalSeen.USUAL:
        return [
            Finding(
                Level.CAUTION,
                "nail.canal_unseen",
                f"Nobody marked the shaft of the {segment.words}: the nail is planned "
                "along the usual canal, not along this one.",
                "Mark two mid-shaft points and plan again.",
                "alignment.ama",
                str(segment),
            )
        ]
    if seen is CanalSeen.SHAFT and not shaft_is_straight(limb, segment.bone):
        return [
            Finding(
                Level.CAUTION,
                "nail.canal_bent",
                f"The line through both shaft points of the {segment.words} passes the "
                "next joint where no straight shaft's line does.",
                "If the shaft is bent, mark two points each above and below the bend.",
                "alignment.anatomic_axis_at_hip"
                if segment.bone is Bone.FEMUR
                else "alignment.anatomic_axis_at_ankle",
                str(segment),
            )
        ]
    return []


def _canal(limb: Limb, target: Target, point: Array, line: Array) -> Canal:
    """Carry a line to the level of the cut, square to the mechanical axis."""
    bone = target.segment.bone
    centre = cut_centre(limb, bone, target.cut.level_mm)[:, [0, 2]]
    down = line_of(limb, *ENDS[bone])
    far = np.sum((centre - point) * down, axis=1) / np.sum(line * down, axis=1)
    return Canal(point + far[:, None] * line, line)


def _cut_above_bend(above: Canal, below: Canal) -> bool:
    """Tell in world 0 whether the cut lies above the place where both lines meet."""
    apart = below.point[0] - above.point[0]
    one, other = above.distally[0], below.distally[0]
    cross = one[0] * other[1] - one[1] * other[0]
    # Parallel lines meet nowhere; then either of them serves.
    return bool((apart[0] * other[1] - apart[1] * other[0]) * cross >= 0)


def _straightened(limb: Limb, target: Target, shaft: Canal) -> Canals:
    """Tell the canal of the part beside the knee by what makes one line of both."""
    if target.cut.rule is None:
        return Canals(shaft, shaft, shaft.point, CanalSeen.SHAFT)
    bone = target.segment.bone
    centre = cut_centre(limb, bone, target.cut.level_mm)[:, [0, 2]]
    acute = target.acute
    moving = np.array([acute.lateral_mm, acute.proximal_mm])
    if bone is Bone.TIBIA:  # the shaft is the moving part
        point = _about(shaft.point - centre, acute.valgus_deg) + centre + moving
        turn = acute.valgus_deg
    else:
        point = _about(shaft.point - centre - moving, -acute.valgus_deg) + centre
        turn = -acute.valgus_deg
    other = _canal(limb, target, point, _about(shaft.distally, turn))
    parts = (other, shaft) if bone is Bone.TIBIA else (shaft, other)
    return Canals(*parts, shaft.point, CanalSeen.SHAFT)


def _about(vectors: Array, valgus_deg: float) -> Array:
    """Turn vectors of the frontal plane into valgus."""
    return turned(vectors, np.full(len(vectors), valgus_deg))


def _usual(limb: Limb, bone: Bone, worlds: Worlds) -> tuple[Array, Array]:
    """A point and the direction of the canal that most people have."""
    knee, down = limb.frontal("knee_centre"), line_of(limb, *ENDS[bone])
    medially = np.array([-1.0, 0.0])
    if bone is Bone.TIBIA:
        at_tibia = crossing("alignment.anatomic_axis_at_tibia", worlds)
        return knee + at_tibia * medially, down
    row = constant("alignment.ama")
    lean = row.value + worlds.normal(f"normal/{row.key}", row.spread)
    at_knee = crossing("alignment.anatomic_axis_at_knee", worlds)
    # From lateral above to medial below.
    return knee + at_knee * medially, turned(down, -lean)

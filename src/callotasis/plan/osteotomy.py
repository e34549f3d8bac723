"""Where to cut, where to hinge, and what each choice leaves behind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np

from callotasis.alignment import ENDS, Limb
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Bone, Segment
from callotasis.worlds import Array


class Rule(IntEnum):
    """Paley's osteotomy rules, by where cut and hinge lie."""

    ANGULATION = 1
    ANGULATION_AND_TRANSLATION = 2
    AXIS_TRANSLATED = 3


class Hinge(StrEnum):
    """Where the axis of the correction is put."""

    CORA = "cora"
    CUT = "cut"


@dataclass(frozen=True)
class Osteotomy:
    """A cut across one bone.

    Attributes
    ----------
    level_mm : float
        Below the centre of the bone's proximal joint, along its mechanical axis [mm].
    rule : Rule or None
        None where nothing is angulated.
    hinge : Hinge or None
        None where nothing is angulated.
    axis_translation_mm : float
        Translation of the axis that a hinge off the CORA leaves behind [mm].
    """

    level_mm: float
    rule: Rule | None = None
    hinge: Hinge | None = None
    axis_translation_mm: float = 0.0


def off_cora_translation(distance_mm: float, angle_deg: float) -> float:
    """Translation of the axis that a hinge away from the CORA leaves behind.

    Parameters
    ----------
    distance_mm : float
        Between hinge and CORA [mm].
    angle_deg : float
        Of the correction [deg].

    Returns
    -------
    float
        t = 2·d·sin(angle/2) [mm].

    References
    ----------
    .. [1] Planning facts 1.2, construction 10.

    Examples
    --------
    >>> round(off_cora_translation(50, 20), 2)
    17.36
    """
    return abs(2 * distance_mm * math.sin(math.radians(angle_deg) / 2))


def wedge_base(width_mm: float, angle_deg: float) -> float:
    """Height of the wedge that opens on the cortex opposite the hinge.

    Parameters
    ----------
    width_mm : float
        From hinge to the far cortex [mm].
    angle_deg : float
        Of the correction [deg].

    Returns
    -------
    float
        h = 2·w·sin(angle/2) [mm].

    References
    ----------
    .. [1] Planning facts 1.2, construction 10.

    Examples
    --------
    >>> round(wedge_base(60, 10), 2)
    10.46
    """
    return off_cora_translation(width_mm, angle_deg)


def rule_for(cut_to_cora_mm: float, hinge: Hinge, angle_deg: float) -> Osteotomy:
    """Which rule a cut follows; the level is filled in by the caller.

    Parameters
    ----------
    cut_to_cora_mm : float
        Distance along the bone [mm].
    hinge : Hinge
        At the CORA or at the cut.
    angle_deg : float
        Of the correction [deg].

    Returns
    -------
    Osteotomy
        With rule and remaining translation, level 0.

    References
    ----------
    .. [1] Planning facts 1.2, construction 9.

    Examples
    --------
    >>> int(rule_for(0.0, Hinge.CORA, 10).rule)
    1
    >>> int(rule_for(40.0, Hinge.CORA, 10).rule)
    2
    >>> int(rule_for(40.0, Hinge.CUT, 10).rule)
    3
    """
    near = constant("plan.off_cora").value
    if off_cora_translation(cut_to_cora_mm, angle_deg) <= near:
        return Osteotomy(0.0, Rule.ANGULATION, hinge)
    if hinge is Hinge.CORA:
        return Osteotomy(0.0, Rule.ANGULATION_AND_TRANSLATION, hinge)
    left = off_cora_translation(cut_to_cora_mm, angle_deg)
    return Osteotomy(0.0, Rule.AXIS_TRANSLATED, hinge, left)


def usual_level(limb: Limb, bone: Bone, *, retrograde: bool = False) -> float:
    """Where a bone is usually cut for lengthening alone.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.
    retrograde : bool
        Whether a nail enters a femur at the knee.

    Returns
    -------
    float
        Below the proximal joint centre [mm].

    References
    ----------
    .. [1] Evidence rows ``plan.cut_femur``, ``plan.cut_femur_retrograde`` and
       ``plan.cut_tibia``.
    """
    femur = "plan.cut_femur_retrograde" if retrograde else "plan.cut_femur"
    key = femur if bone is Bone.FEMUR else "plan.cut_tibia"
    return constant(key).value / 100 * bone_length(limb, bone)


def bone_length(limb: Limb, bone: Bone) -> float:
    """Mechanical length of a bone in the nominal world.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.

    Returns
    -------
    float
        [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Lengths".
    """
    top, bottom = ENDS[bone]
    return float(np.linalg.norm(limb[bottom][0] - limb[top][0]))


def check_level(segment: Segment, level_mm: float, length_mm: float) -> None:
    """Refuse a cut that leaves a fragment too short to hold a device.

    Parameters
    ----------
    segment : Segment
        The bone.
    level_mm, length_mm : float
        Of the cut below the proximal joint, and of the bone [mm].

    Raises
    ------
    PlanRefusal
        With level, limit and source.

    References
    ----------
    .. [1] Evidence row ``plan.cut_window``.
    """
    row = constant("plan.cut_window")
    low, high = row.low / 100 * length_mm, row.high / 100 * length_mm
    if not low <= level_mm <= high:
        raise PlanRefusal(
            f"cut of {segment} at {level_mm:.0f} mm below its proximal joint; allowed "
            f"is {low:.0f} to {high:.0f} mm of {length_mm:.0f} mm ({row.statement})"
        )


def cut_centre(limb: Limb, bone: Bone, level_mm: float) -> Array:
    """Centre of the cut in every world, on the bone's mechanical axis.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    bone : Bone
        Femur or tibia.
    level_mm : float
        Below the proximal joint centre [mm].

    Returns
    -------
    Array
        Shape (worlds, 3), limb frame [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    top, bottom = (limb[name] for name in ENDS[bone])
    down = (bottom - top) / np.linalg.norm(bottom - top, axis=1, keepdims=True)
    return np.asarray(top + level_mm * down)


def rule_findings(segment: Segment, cut: Osteotomy) -> list[Finding]:
    """Say what the rule of a cut means for the bone.

    Parameters
    ----------
    segment : Segment
        The bone.
    cut : Osteotomy
        Its cut.

    Returns
    -------
    list of Finding
        Empty for rule 1 and for lengthening alone.

    References
    ----------
    .. [1] Planning facts 1.2, construction 9.
    """
    if cut.rule is Rule.ANGULATION_AND_TRANSLATION:
        return [
            Finding(
                Level.NOTE,
                "plan.rule_2",
                f"The {segment.words} is cut away from its apex: the fragments shift "
                "against each other so that the axis comes straight.",
                "Expect a step at the cut; check that enough bone stays in contact.",
                about=str(segment),
            )
        ]
    if cut.rule is Rule.AXIS_TRANSLATED:
        return [
            Finding(
                Level.CAUTION,
                "plan.rule_3",
                f"Hinge and cut of the {segment.words} lie off the apex: the axis "
                f"stays shifted by {cut.axis_translation_mm:.1f} mm.",
                "Put the hinge on the apex.",
                "plan.off_cora",
                str(segment),
            )
        ]
    return []

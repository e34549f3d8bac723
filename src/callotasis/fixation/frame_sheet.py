"""What a frame of rods or struts does for one segment: days, lengths, and doubt."""

from __future__ import annotations

from dataclasses import dataclass, field

from callotasis.alignment import Limb
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.doubt import Doubt, Left
from callotasis.fixation.telescope import Settings
from callotasis.plan import Target
from callotasis.pose import Bone, Pose


@dataclass(frozen=True)
class FrameDay:
    """What a frame of rods or struts does on one day.

    Attributes
    ----------
    lengths_mm : tuple of float
        Of every rod or strut at its end [mm].
    fastest_mm : float
        How far the fastest point of the cut moves [mm].
    gained_mm : float
        How much longer the bone is at its end [mm].
    """

    lengths_mm: tuple[float, ...]
    fastest_mm: float
    gained_mm: float


@dataclass(frozen=True)
class FrameSheet:
    """How a frame is built and set.

    Attributes
    ----------
    built : str
        Its parts and where they sit, in words.
    parts : tuple of str
        Names of rods or struts.
    start_mm : tuple of float
        Their lengths at surgery [mm].
    sizes : tuple of str
        Of struts at surgery; empty for rods.
    changes : tuple of str
        Struts changed for another size, in words.
    """

    built: str
    parts: tuple[str, ...]
    start_mm: tuple[float, ...]
    sizes: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Framed:
    """A frame on a bone, worked out.

    Attributes
    ----------
    target : Target
        As the frame shares it out: nothing is done at surgery, all of it day by day.
    settings : Settings
        Its lengthening, in steps [mm].
    pose, remaining : Pose
        What it does, and what it leaves [mm, deg].
    days : tuple of FrameDay
        From the first day of turning.
    doubt : Doubt
        What may be left by readings and device; what no film shows is left out.
    own : Left
        What the device alone may leave, as if the deformity had been read without
        error.
    """

    target: Target
    settings: Settings
    pose: Pose
    remaining: Pose
    days: tuple[FrameDay, ...]
    doubt: Doubt
    own: Left
    sheet: FrameSheet
    findings: tuple[Finding, ...] = field(default_factory=tuple)


def joint_findings(
    target: Target, above_mm: float, below_mm: float, key: str
) -> list[Finding]:
    """Say when a ring would lie on the other side of a joint.

    Parameters
    ----------
    target : Target
        Where the bone is cut [mm].
    above_mm, below_mm : float
        From the cut to the upper and the lower ring, along the bone [mm].
    key : str
        Evidence row of these distances.

    Returns
    -------
    list of Finding
        Cautions.

    References
    ----------
    .. [1] Evidence rows ``hexapod.ring_from_cut``, ``hinges.rod_from_cut``.
    """
    level = target.cut.level_mm
    sides = (
        ("upper", above_mm, level),
        ("lower", below_mm, target.bone_length_mm - level),
    )
    return [
        Finding(
            Level.CAUTION,
            "frame.beyond_joint",
            f"The {which} ring of the {target.segment.words} is planned {away:.0f} mm "
            f"from the cut; the joint lies {bone:.0f} mm from it.",
            "Mount the ring nearer to the cut, or cut elsewhere.",
            key,
            str(target.segment),
        )
        for which, away, bone in sides
        if away >= bone
    ]


ABOVE_AND_BELOW = ("fem_above_1", "fem_above_2", "fem_below_1", "fem_below_2")


def shaft_findings(target: Target, limb: Limb) -> list[Finding]:
    """Say when a frame is set by an axis that does not run in the bone.

    Parameters
    ----------
    target : Target
        Which bone.
    limb : Limb
        With the landmarks that were placed [mm].

    Returns
    -------
    list of Finding
        A caution for a femur whose shaft nobody marked on both sides of the bend.

    References
    ----------
    .. [1] Evidence row ``alignment.ama``: the shaft leaves the mechanical axis.
    """
    if target.segment.bone is not Bone.FEMUR or limb.has(*ABOVE_AND_BELOW):
        return []
    row = constant("alignment.ama")
    return [
        Finding(
            Level.CAUTION,
            "frame.shaft_unseen",
            f"The frame of the {target.segment.words} is set by its mechanical axis; "
            f"the shaft runs {row.value:g}° beside it, up to some 20 mm away, so that "
            "hinges and rate are not those of the cortex.",
            "Mark two points of the shaft above the bend and two below it.",
            row.key,
            str(target.segment),
        )
    ]

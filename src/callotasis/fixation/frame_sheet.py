"""What a frame of rods or struts does for one segment: days, lengths, and doubt."""

from __future__ import annotations

from dataclasses import dataclass, field

from callotasis.findings import Finding, Level
from callotasis.fixation.doubt import Doubt
from callotasis.fixation.telescope import Settings
from callotasis.plan import Target
from callotasis.pose import Pose


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
    doubt, own : Doubt
        What may be left by readings and device, and by the device alone, as if the
        deformity had been read without error; what no film shows is left out.
    """

    target: Target
    settings: Settings
    pose: Pose
    remaining: Pose
    days: tuple[FrameDay, ...]
    doubt: Doubt
    own: Doubt
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

"""Goals and alarm lines for each joint: one table, for every room that reads ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.pose import Bone


class Motion(StrEnum):
    """Ranges of motion that have a line; each is one number of an examination."""

    KNEE_FLEXION = "knee_flexion_deg"
    KNEE_CONTRACTURE = "knee_flexion_contracture_deg"
    ANKLE_DORSIFLEXION = "ankle_dorsiflexion_knee_straight_deg"


POSSIBLE_DEG = {
    Motion.KNEE_FLEXION: (0.0, 170.0),
    Motion.KNEE_CONTRACTURE: (-20.0, 120.0),
    Motion.ANKLE_DORSIFLEXION: (-70.0, 50.0),
}
"""What a goniometer can read; anything else is a slip."""


@dataclass(frozen=True)
class RangeLine:
    """One line that a joint's range should not cross.

    Attributes
    ----------
    motion : Motion
        What is measured. A contracture is what is missing of straight, never negative
        for less than straight; dorsiflexion is negative where the foot points down.
    level : Level
        ``note`` for a goal, ``caution`` and ``stop`` for alarms.
    at_deg : float
        Where the line lies [deg].
    below : bool
        Whether lower numbers are worse.
    reached : bool
        Whether standing on the line already counts as crossed.
    action : str
        What to do.
    evidence : str
        Row behind the line.
    """

    motion: Motion
    level: Level
    at_deg: float
    below: bool
    reached: bool
    action: str
    evidence: str

    def crossed(self, measured_deg: float) -> bool:
        """Whether this range is on the wrong side of the line.

        Parameters
        ----------
        measured_deg : float
            The range [deg].

        Returns
        -------
        bool
            True on the wrong side; on the line itself as ``reached`` says.

        References
        ----------
        .. [1] The line's own evidence.
        """
        beyond = (
            self.at_deg - measured_deg if self.below else measured_deg - self.at_deg
        )
        return beyond > 0 or (self.reached and beyond == 0)


@dataclass(frozen=True)
class _Row:
    """One row of the table, before a bone and a phase are chosen."""

    motion: Motion
    level: Level
    evidence: str
    bones: tuple[Bone, ...]
    phases: tuple[Phase, ...]
    action: str
    reached: bool = False
    sign: int = 1


BOTH = (Bone.FEMUR, Bone.TIBIA)
TURNED = (Phase.LATENCY, Phase.DISTRACTION)
AFTER = (Phase.CONSOLIDATION, Phase.LOADING)
ON_THE_WAY = (*TURNED, *AFTER)

_TABLE = (
    _Row(
        Motion.KNEE_FLEXION,
        Level.NOTE,
        "rehabilitation.knee_flexion_goal",
        (Bone.FEMUR,),
        ON_THE_WAY,
        "More sessions and stretching; if it is lost, slow down or end early.",
    ),
    _Row(
        Motion.KNEE_FLEXION,
        Level.CAUTION,
        "rehabilitation.knee_flexion_caution",
        (Bone.FEMUR,),
        TURNED,
        "Physiotherapy every day; slow down to 0.75 mm a day.",
    ),
    _Row(
        Motion.KNEE_FLEXION,
        Level.CAUTION,
        "rehabilitation.knee_flexion_caution",
        (Bone.FEMUR,),
        AFTER,
        "Physiotherapy every day; the surgeon looks at the knee.",
    ),
    _Row(
        Motion.KNEE_FLEXION,
        Level.STOP,
        "rehabilitation.knee_flexion_stop",
        (Bone.FEMUR,),
        TURNED,
        "Stop lengthening until the bend is regained.",
        reached=True,
    ),
    _Row(
        Motion.KNEE_CONTRACTURE,
        Level.CAUTION,
        "rehabilitation.knee_contracture_caution",
        BOTH,
        TURNED,
        "Extension device by day or night; slow down.",
        reached=True,
    ),
    _Row(
        Motion.KNEE_CONTRACTURE,
        Level.CAUTION,
        "rehabilitation.knee_contracture_caution",
        BOTH,
        AFTER,
        "Extension device by day or night.",
        reached=True,
    ),
    _Row(
        Motion.KNEE_CONTRACTURE,
        Level.STOP,
        "rehabilitation.knee_contracture_stop",
        BOTH,
        TURNED,
        "Stop lengthening; lateral film of the knee: is it sliding? Call the surgeon.",
    ),
    _Row(
        Motion.KNEE_CONTRACTURE,
        Level.STOP,
        "rehabilitation.knee_contracture_stop",
        BOTH,
        AFTER,
        "Lateral film of the knee: is it sliding? Call the surgeon.",
    ),
    _Row(
        Motion.ANKLE_DORSIFLEXION,
        Level.CAUTION,
        "rehabilitation.ankle_neutral",
        (Bone.TIBIA,),
        TURNED,
        "Splint in neutral nearly all day; slow down.",
    ),
    _Row(
        Motion.ANKLE_DORSIFLEXION,
        Level.STOP,
        "rehabilitation.equinus_lengthening",
        (Bone.TIBIA,),
        TURNED,
        "Stop lengthening; discuss a release of the calf with the surgeon.",
        sign=-1,
    ),
    _Row(
        Motion.ANKLE_DORSIFLEXION,
        Level.CAUTION,
        "rehabilitation.equinus_after",
        (Bone.TIBIA,),
        AFTER,
        "Splint in neutral; discuss a release of the calf with the surgeon.",
    ),
)
WORSE_ABOVE = frozenset({Motion.KNEE_CONTRACTURE})


def range_lines(bone: Bone, phase: Phase) -> tuple[RangeLine, ...]:
    """Goals and alarm lines that hold for a bone in a phase.

    Parameters
    ----------
    bone : Bone
        That is lengthened.
    phase : Phase
        Where it stands. Before surgery there are no lines.

    Returns
    -------
    tuple of RangeLine
        Goals first, then cautions, then stops, joint by joint. No line is there for
        hips, nor for the bend of a knee below which the tibia is lengthened: none was
        read.

    References
    ----------
    .. [1] The rows named in each line.

    Examples
    --------
    >>> [line.at_deg for line in range_lines(Bone.FEMUR, Phase.DISTRACTION)]
    [90.0, 60.0, 45.0, 10.0, 20.0]
    """
    return tuple(
        RangeLine(
            row.motion,
            row.level,
            row.sign * constant(row.evidence).value + 0.0,
            below=row.motion not in WORSE_ABOVE,
            reached=row.reached,
            action=row.action,
            evidence=row.evidence,
        )
        for row in _TABLE
        if bone in row.bones and phase in row.phases
    )


def lines_crossed(
    bone: Bone, phase: Phase, measured_deg: Mapping[Motion, float]
) -> tuple[RangeLine, ...]:
    """Lines on whose wrong side the measured ranges are, the worst of each joint.

    Parameters
    ----------
    bone : Bone
        That is lengthened.
    phase : Phase
        Where it stands.
    measured_deg : dict of Motion to float
        Ranges of an examination; what was not measured is left out [deg].

    Returns
    -------
    tuple of RangeLine
        At most one a motion: a stop speaks for the caution below it.

    Raises
    ------
    PlanRefusal
        If a range is none that a joint can have.

    References
    ----------
    .. [1] :func:`range_lines`.
    """
    for motion, value in measured_deg.items():
        low, high = POSSIBLE_DEG[motion]
        if not (math.isfinite(value) and low <= value <= high):
            raise PlanRefusal(
                f"{motion} is {value:g}; allowed is {low:g} to {high:g} degrees"
            )
    worst: dict[Motion, RangeLine] = {}
    for line in range_lines(bone, phase):
        if line.motion in measured_deg and line.crossed(measured_deg[line.motion]):
            worst[line.motion] = line
    return tuple(worst.values())

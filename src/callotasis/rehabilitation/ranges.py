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
    """Ranges of motion that have a line, by their names in an ``exam`` entry."""

    KNEE_FLEXION = "knee_flexion_deg"
    KNEE_EXTENSION_LACK = "knee_extension_lack_deg"
    DORSIFLEXION = "dorsiflexion_knee_straight_deg"


POSSIBLE_DEG = {
    Motion.KNEE_FLEXION: (0.0, 165.0),
    Motion.KNEE_EXTENSION_LACK: (-20.0, 90.0),
    Motion.DORSIFLEXION: (-60.0, 45.0),
}
"""What joints do; anything else is a slip."""

WITHOUT_A_LINE = frozenset(
    {
        "knee_flexion_prone_deg",
        "dorsiflexion_knee_bent_deg",
        "popliteal_angle_deg",
        "hip_extension_deg",
    }
)
"""Ranges of an ``exam`` entry for which no line was read."""


@dataclass(frozen=True)
class RangeLine:
    """One line that a joint's range should not cross.

    Attributes
    ----------
    motion : Motion
        What is measured. A lack of extension is positive where the knee does not come
        straight; dorsiflexion is negative where the foot points down.
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


FEMUR, TIBIA, BOTH = (Bone.FEMUR,), (Bone.TIBIA,), (Bone.FEMUR, Bone.TIBIA)
GROWING = (Phase.DISTRACTION,)
FIRST_DAYS = (Phase.LATENCY,)
AFTER = (Phase.CONSOLIDATION, Phase.LOADING)
STILL = (*FIRST_DAYS, *AFTER)

_TABLE = (
    _Row(
        Motion.KNEE_FLEXION,
        Level.NOTE,
        "rehabilitation.knee_flexion_goal",
        FEMUR,
        GROWING,
        "More sessions and stretching; if it is lost, slow down or end early.",
    ),
    _Row(
        Motion.KNEE_FLEXION,
        Level.NOTE,
        "rehabilitation.knee_flexion_goal",
        FEMUR,
        STILL,
        "More sessions and stretching; after surgery it takes up to a week.",
    ),
    # In the first days every knee is stiff: its alarms begin with the first turn.
    _Row(
        Motion.KNEE_FLEXION,
        Level.CAUTION,
        "rehabilitation.knee_flexion_caution",
        FEMUR,
        GROWING,
        "Physiotherapy every day; slow down to 0.75 mm a day.",
    ),
    _Row(
        Motion.KNEE_FLEXION,
        Level.CAUTION,
        "rehabilitation.knee_flexion_caution",
        FEMUR,
        AFTER,
        "Physiotherapy every day; the surgeon looks at the knee.",
    ),
    _Row(
        Motion.KNEE_FLEXION,
        Level.STOP,
        "rehabilitation.knee_flexion_stop",
        FEMUR,
        GROWING,
        "Stop lengthening until the bend is regained.",
        reached=True,
    ),
    _Row(
        Motion.KNEE_EXTENSION_LACK,
        Level.CAUTION,
        "rehabilitation.knee_contracture_caution",
        BOTH,
        GROWING,
        "Extension device by day or night; slow down.",
        reached=True,
    ),
    _Row(
        Motion.KNEE_EXTENSION_LACK,
        Level.CAUTION,
        "rehabilitation.knee_contracture_caution",
        BOTH,
        STILL,
        "Extension device by day or night.",
        reached=True,
    ),
    _Row(
        Motion.KNEE_EXTENSION_LACK,
        Level.STOP,
        "rehabilitation.knee_contracture_stop",
        BOTH,
        GROWING,
        "Stop lengthening; lateral film of the knee: is it sliding? Call the surgeon.",
    ),
    _Row(
        Motion.KNEE_EXTENSION_LACK,
        Level.STOP,
        "rehabilitation.knee_contracture_stop",
        BOTH,
        STILL,
        "Lateral film of the knee: is it sliding? Call the surgeon.",
    ),
    _Row(
        Motion.DORSIFLEXION,
        Level.CAUTION,
        "rehabilitation.ankle_neutral",
        TIBIA,
        GROWING,
        "Splint in neutral nearly all day; slow down.",
    ),
    _Row(
        Motion.DORSIFLEXION,
        Level.CAUTION,
        "rehabilitation.ankle_neutral",
        TIBIA,
        FIRST_DAYS,
        "Splint in neutral nearly all day.",
    ),
    _Row(
        Motion.DORSIFLEXION,
        Level.STOP,
        "rehabilitation.equinus_lengthening",
        TIBIA,
        GROWING,
        "Stop lengthening; discuss a release of the calf with the surgeon.",
        sign=-1,
    ),
    _Row(
        Motion.DORSIFLEXION,
        Level.CAUTION,
        "rehabilitation.equinus_after",
        TIBIA,
        AFTER,
        "Splint in neutral; discuss a release of the calf with the surgeon.",
    ),
)
WORSE_ABOVE = frozenset({Motion.KNEE_EXTENSION_LACK})


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
    bone: Bone, phase: Phase, measured_deg: Mapping[str, float]
) -> tuple[RangeLine, ...]:
    """Lines on whose wrong side the measured ranges are, the worst of each joint.

    Parameters
    ----------
    bone : Bone
        That is lengthened.
    phase : Phase
        Where it stands.
    measured_deg : dict of str to float
        Ranges of an ``exam`` entry by name; what was not measured is left out [deg].

    Returns
    -------
    tuple of RangeLine
        At most one a motion: a stop speaks for the caution below it.

    Raises
    ------
    PlanRefusal
        If a range is unknown, or none that a joint can have.

    References
    ----------
    .. [1] :func:`range_lines`.
    """
    for name, value in measured_deg.items():
        _check(name, value)
    worst: dict[Motion, RangeLine] = {}
    for line in range_lines(bone, phase):
        if line.motion in measured_deg and line.crossed(measured_deg[line.motion]):
            worst[line.motion] = line
    return tuple(worst.values())


def _check(name: str, value: float) -> None:
    """A range misspelled would be an alarm that nobody hears."""
    if name in WITHOUT_A_LINE:
        return
    if name not in {*Motion}:
        known = ", ".join((*Motion, *sorted(WITHOUT_A_LINE)))
        raise PlanRefusal(f"range '{name:.40}' is unknown; known are {known}")
    low, high = POSSIBLE_DEG[Motion(name)]
    if not (math.isfinite(value) and low <= value <= high):
        raise PlanRefusal(
            f"{name} is {value:g}; allowed is {low:g} to {high:g} degrees"
        )

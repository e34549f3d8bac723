"""What the limb shall become: the motion of each moving fragment, and the limb after.

The goal and the motion are decided in world 0; the limb after is what these plain
numbers do in every world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from callotasis.alignment import (
    ENDS,
    Axes,
    Limb,
    MeasuredFilm,
    axes_of,
    level_on,
    normals_for,
    sample_limb,
)
from callotasis.errors import PlanRefusal
from callotasis.goal import MOST_GAIN_MM, Goal
from callotasis.plan.osteotomy import (
    Hinge,
    Osteotomy,
    bone_length,
    check_level,
    cut_centre,
    rule_for,
    usual_level,
)
from callotasis.pose import HIDDEN, Bone, Pose, Segment, Side, joined, moved
from callotasis.worlds import Array, interval

_ALWAYS_BELOW = {
    Bone.FEMUR: ("knee_", "fem_condyle", "tib_", "plafond", "ankle_"),
    Bone.TIBIA: ("plafond", "ankle_"),
}
_ALONG_SHAFT = {
    Bone.FEMUR: ("fem_shaft", "fem_above", "fem_below"),
    Bone.TIBIA: ("tib_shaft", "tib_above", "tib_below"),
}


@dataclass(frozen=True)
class Choices:
    """What the surgeon decided about one segment; None takes the usual.

    Attributes
    ----------
    cut_mm : float or None
        Level of the cut below the proximal joint centre [mm].
    hinge : Hinge
        Where the correction turns.
    retrograde : bool
        Whether a nail enters at the knee; then a femur is usually cut lower.
    """

    cut_mm: float | None = None
    hinge: Hinge = Hinge.CORA
    retrograde: bool = False


@dataclass(frozen=True)
class Target:
    """The planned motion of one segment.

    Attributes
    ----------
    acute : Pose
        The part done at surgery, day 0.
    gradual : Pose
        The part distracted afterwards.
    gain_mm : float
        Planned lengthening along the bone's axis [mm].
    """

    segment: Segment
    cut: Osteotomy
    acute: Pose
    gradual: Pose
    gain_mm: float
    bone_length_mm: float

    @property
    def pose(self) -> Pose:
        """The whole motion: acute turn, then both shifts."""
        return joined(self.acute, self.gradual)


def plan_targets(
    measured: MeasuredFilm, goal: Goal, choices: Mapping[Segment, Choices]
) -> dict[Segment, Target]:
    """Decide the motion of every segment that the goal touches.

    Parameters
    ----------
    measured : MeasuredFilm
        A film with a scale.
    goal : Goal
        What is wanted.
    choices : dict of Segment to Choices
        What the surgeon decided.

    Returns
    -------
    dict of Segment to Target
        Decided in world 0 [mm, deg].

    Raises
    ------
    PlanRefusal
        If a segment is not on the film, nothing is proven to correct, which leg is
        shorter is undecided, or the wanted gain is out of reach.

    References
    ----------
    .. [1] Paley 2002, chapters 4 and 5.
    """
    for segment in goal.segments:
        if segment.side not in measured.limbs:
            raise PlanRefusal(f"{segment} is not on the film")
    gains = dict(goal.gain_mm)
    if goal.equalise:
        gains[goal.equalise] = _equalising_gain(measured, goal, choices)
    return {
        segment: _target(measured, segment, goal, choices, gains.get(segment, 0.0))
        for segment in goal.segments
    }


def _target(
    measured: MeasuredFilm,
    segment: Segment,
    goal: Goal,
    choices: Mapping[Segment, Choices],
    gain_mm: float,
) -> Target:
    limb = measured.limbs[segment.side]
    chosen = choices.get(segment, Choices())
    length = bone_length(limb, segment.bone)
    if chosen.cut_mm is not None:
        check_level(segment, chosen.cut_mm, length)
    if segment in goal.correct_axis:
        cut, acute = _correction(measured, segment, chosen)
    else:
        usual = usual_level(limb, segment.bone, retrograde=chosen.retrograde)
        level = usual if chosen.cut_mm is None else chosen.cut_mm
        cut, acute = Osteotomy(level), Pose(not_measured=HIDDEN)
    check_level(segment, cut.level_mm, length)
    down = axis_after(limb, segment.bone, cut, acute)
    gradual = Pose(
        lateral_mm=float(gain_mm * down[0]),
        proximal_mm=float(gain_mm * down[2]),
        not_measured=HIDDEN,
    )
    return Target(segment, cut, acute, gradual, gain_mm, length)


def _correction(
    measured: MeasuredFilm, segment: Segment, chosen: Choices
) -> tuple[Osteotomy, Pose]:
    """Turn that makes both axes of a bone one line, and the cut that carries it."""
    limb = measured.limbs[segment.side]
    axes = _axes_to_correct(measured, segment)
    found = interval(axes.angle_deg, f"angle of {segment}")
    if not found.excludes(0.0):
        raise PlanRefusal(
            f"deformity of {segment} is {found.value:.1f}° ({found.low:.1f} to "
            f"{found.high:.1f}°); the interval holds 0: nothing is proven to correct"
        )
    cora = np.array([axes.apex[0, 0], 0.0, axes.apex[0, 1]])
    level = float(level_on(limb, segment.bone, axes.apex)[0])
    cut_level = level if chosen.cut_mm is None else chosen.cut_mm
    turn = -found.value
    cut = replace(rule_for(cut_level - level, chosen.hinge, turn), level_mm=cut_level)
    centre = cut_centre(limb, segment.bone, cut_level)[0]
    hinge = centre if chosen.hinge is Hinge.CUT else cora
    return cut, _turn_about(hinge, centre, turn)


def _axes_to_correct(measured: MeasuredFilm, segment: Segment) -> Axes:
    """Take the surest way of drawing the axes; refuse ways that contradict it."""
    other = measured.samples.get(segment.side.other, {})
    normals = normals_for(other, measured.worlds)
    limb = measured.limbs[segment.side]
    drawn = axes_of(limb, segment.bone, normals, measured.worlds)
    if not drawn:
        raise PlanRefusal(
            f"the axes of {segment} meet nowhere within the bone; mark its joint "
            "lines, straight shaft, or two points each above and below the bend"
        )
    surest, *others = sorted(drawn.values(), key=_doubt)
    for axes in others:
        apart = interval(axes.angle_deg - surest.angle_deg, f"angles of {segment}")
        if apart.excludes(0.0) and abs(apart.value) >= SAME_DEG:
            raise PlanRefusal(
                f"ways of drawing the axes of {segment} disagree by {apart.value:.1f}° "
                f"({apart.low:.1f} to {apart.high:.1f}); check its landmarks"
            )
    return surest


SAME_DEG = 0.01  # two ways that differ by less are one; without scatter, dust is left


def _doubt(axes: Axes) -> float:
    """Width of the interval of the angle.

    Two ways can be one angle said twice; rounding must not choose between them.
    """
    found = interval(axes.angle_deg, "angle")
    return round(found.high - found.low, DOUBT_DIGITS)


DOUBT_DIGITS = 6


def _turn_about(hinge: Array, centre: Array, valgus_deg: float) -> Pose:
    """Turn about a hinge, said as a pose about the cut centre."""
    turn = Pose(valgus_deg=valgus_deg, not_measured=HIDDEN)
    shift = moved(centre, turn, np.array([hinge[0], centre[1], hinge[2]])) - centre
    return replace(turn, lateral_mm=float(shift[0]), proximal_mm=float(shift[2]))


def axis_after(limb: Limb, bone: Bone, cut: Osteotomy, acute: Pose) -> Array:
    """Direction of a bone's mechanical axis after the acute part, in the film's plane.

    Parameters
    ----------
    limb : Limb
        Before surgery [mm].
    bone : Bone
        Femur or tibia.
    cut : Osteotomy
        Its cut [mm].
    acute : Pose
        Motion of the distal fragment.

    Returns
    -------
    Array
        Shape (3,), unit vector in world 0, distally [1].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Frames".
    """
    top, bottom = (limb[name][0] for name in ENDS[bone])
    centre = cut_centre(limb, bone, cut.level_mm)[0]
    axis = moved(bottom, acute, centre) - top
    axis[1] = 0.0  # a frontal film shows no motion forward
    return np.asarray(axis / np.linalg.norm(axis))


def limb_after(limb: Limb, segment: Segment, level_mm: float, pose: Pose) -> Limb:
    """Carry everything below the cut along, in every world.

    Parameters
    ----------
    limb : Limb
        Before surgery [mm].
    segment : Segment
        The bone that is cut.
    level_mm : float
        Of the cut below the proximal joint [mm].
    pose : Pose
        Motion of the distal fragment.

    Returns
    -------
    Limb
        After it [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    centre = cut_centre(limb, segment.bone, level_mm)
    return carried_below(
        limb, segment, level_mm, lambda point: moved(point, pose, centre)
    )


def carried_below(
    limb: Limb, segment: Segment, level_mm: float, motion: Callable[[Array], Array]
) -> Limb:
    """Move everything below a cut by any motion.

    Parameters
    ----------
    limb : Limb
        Before it [mm].
    segment : Segment
        The bone that is cut.
    level_mm : float
        Of the cut below the proximal joint [mm].
    motion : callable
        From points of shape (worlds, 3) to where they go [mm].

    Returns
    -------
    Limb
        After it [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    centre = cut_centre(limb, segment.bone, level_mm)
    points = {
        name: motion(point) if _is_below(name, point, centre, segment.bone) else point
        for name, point in limb.points.items()
    }
    return Limb(limb.side, points)


def _is_below(name: str, point: Array, centre: Array, bone: Bone) -> bool:
    if name.startswith(_ALONG_SHAFT[bone]):
        return bool(point[0, 2] < centre[0, 2])
    return name.startswith(_ALWAYS_BELOW[bone])


def limbs_after(
    limbs: Mapping[Side, Limb], poses: Mapping[Segment, tuple[float, Pose]]
) -> dict[Side, Limb]:
    """Carry out the motions of all segments, the tibia before the femur.

    Parameters
    ----------
    limbs : dict of Side to Limb
        Before surgery [mm].
    poses : dict of Segment to (level, Pose)
        Level of each cut [mm] and motion of its distal fragment.

    Returns
    -------
    dict of Side to Limb
        After all of them [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "One motion".
    """
    after = dict(limbs)
    # The tibia first: its level is measured on the bone before the femur moves it.
    for segment in sorted(poses, key=lambda s: s.bone is Bone.FEMUR):
        level, pose = poses[segment]
        after[segment.side] = limb_after(after[segment.side], segment, level, pose)
    return after


def _equalising_gain(
    measured: MeasuredFilm, goal: Goal, choices: Mapping[Segment, Choices]
) -> float:
    """Gain that makes both legs equally long once everything else is done."""
    segment = goal.equalise
    difference = measured.measurement.discrepancy_mm
    if segment is None or difference is None:
        raise PlanRefusal("equal legs need both legs on the film")
    others = {s: g for s, g in goal.gain_mm.items() if s != segment}

    def left_over(gain: float) -> Array:
        """Own leg minus the other one, in every world."""
        gains = {**others, segment: gain}
        poses = {}
        for s in goal.segments:
            target = _target(measured, s, goal, choices, gains.get(s, 0.0))
            poses[s] = (target.cut.level_mm, target.pose)
        after = limbs_after(measured.limbs, poses)
        own, other = (
            sample_limb(after[s])["leg_length_mm"]
            for s in (segment.side, segment.side.other)
        )
        return own - other

    _check_shorter(segment, left_over(0.0))
    if left_over(MOST_GAIN_MM)[0] < 0:
        raise PlanRefusal(
            f"equal legs need more than {MOST_GAIN_MM} mm in {segment}; "
            f"allowed is up to {MOST_GAIN_MM} mm"
        )
    return float(brentq(lambda g: left_over(g)[0], 0.0, MOST_GAIN_MM, xtol=1e-4))


def _check_shorter(segment: Segment, difference: Array) -> None:
    """Refuse to lengthen a leg that is not shorter beyond doubt."""
    found = interval(difference, "the discrepancy after the correction")
    if found.high >= 0:
        verdict = "undecided" if found.low <= 0 else "wrong"
        raise PlanRefusal(
            f"{segment.side.word} minus {segment.side.other.word} leg is "
            f"{found.value:.1f} mm ({found.low:.1f} to {found.high:.1f}): that the "
            f"{segment.side.word} leg is shorter is {verdict}; equalising needs an "
            "interval below 0"
        )

"""How wrong a leg may end that is lengthened with a nail, and what to read again.

The plan is made in world 0. In every other world the film was read a little otherwise,
so the bone is another one; the nail goes in a little beside its entry, the turn and the
cut are made a little otherwise, and the nail runs a little more or less than it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.alignment import Limb, MeasuredFilm, sample_limb
from callotasis.alignment.axes import FEMUR_SHAFT, TIBIA_SHAFT, turned
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.doubt import Share
from callotasis.fixation.nail.canal import Canals, CanalSeen
from callotasis.fixation.nail.reverse import ReversePlan
from callotasis.plan import cut_centre
from callotasis.pose import Bone, Segment, Side
from callotasis.worlds import Array, Interval, Worlds, interval, shares_of

_JOINTS = ("hip_centre", "knee_centre", "ankle_centre")
_Drawn = Mapping[str, Array]
_BELOW = {Bone.FEMUR: _JOINTS[1:], Bone.TIBIA: _JOINTS[2:]}


@dataclass(frozen=True)
class NailDoubt:
    """How far a leg may end from its plan, in the frontal plane.

    Attributes
    ----------
    axis_deg : Interval
        Hip-knee-ankle deviation beside the planned one, valgus positive [deg].
    length_mm : Interval
        Length beside the planned one: held against the other leg where both shall be
        equal, else against its own length before surgery [mm].
    chance_axis, chance_length, chance_either : float
        That the axis, the length or either misses the plan by more than its limit [1].
    shares : tuple of Share
        What axis and length owe their scatter to, largest first: readings, the
        operation, the nail and healing.
    read_first : str
        The reading that adds most, and that can be read again.
    """

    axis_deg: Interval
    length_mm: Interval
    chance_axis: float
    chance_length: float
    chance_either: float
    shares: tuple[Share, ...]
    read_first: str


@dataclass(frozen=True)
class Course:
    """What is done with a nail, as plain numbers.

    Attributes
    ----------
    extension_mm : float
        As set on the nail [mm].
    entry_to_cut_mm : float
        Along the nail [mm].
    retrograde : bool
        Whether it enters at the knee.
    equal : bool
        Whether the leg shall become as long as the other one.
    """

    extension_mm: float
    entry_to_cut_mm: float
    retrograde: bool
    equal: bool


def nail_doubt(
    measured: MeasuredFilm, plan: ReversePlan, canals: Canals, course: Course
) -> NailDoubt:
    """Carry the plan out in every world and compare.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery [mm].
    plan : ReversePlan
        What shall be done [mm, deg].
    canals : Canals
        Where the nail really slides, in every world [mm].
    course : Course
        What is done with the nail [mm].

    Returns
    -------
    NailDoubt
        Deviations, chances, and what to read again [deg, mm].

    References
    ----------
    .. [1] Evidence rows ``fixation.nail_*_done``, ``fixation.nail_accuracy``,
       ``fixation.nail_precision``, ``fixation.drift_published`` (its spread) and
       ``fixation.nail_*_limit``. The sagittal plane and rotation are not seen.
    """
    segment, limb = plan.target.segment, measured.limbs[plan.target.segment.side]
    done = _done(segment, limb, course.extension_mm, measured.worlds)
    found = sample_limb(_ended(limb, plan, canals, course, done))
    axis = found["hka_deviation_deg"] + done.get(HEALING, 0.0)
    measure = segment.side.other if course.equal else segment.side
    length = found["leg_length_mm"] - measured.samples[measure]["leg_length_mm"]
    beside = np.stack([axis - axis[0], length - length[0]], axis=1)
    off = beside / [
        constant("fixation.nail_axis_limit").value,
        constant("fixation.nail_length_limit").value,
    ]
    missed = np.abs(off[1:]) > 1
    readings = _readings(measured, canals, segment, course)
    shares = shares_of(off, {**done, **readings})
    return NailDoubt(
        axis_deg=interval(beside[:, 0], "the axis beside the plan"),
        length_mm=interval(beside[:, 1], "the length beside the plan"),
        chance_axis=float(missed[:, 0].mean()),
        chance_length=float(missed[:, 1].mean()),
        chance_either=float(missed.any(axis=1).mean()),
        shares=tuple(Share(name, share) for name, share in shares.items()),
        read_first=next(name for name in shares if name in readings),
    )


def doubt_findings(segment: Segment, doubt: NailDoubt) -> list[Finding]:
    """Say where a leg more likely than not misses its planned axis.

    Parameters
    ----------
    segment : Segment
        The bone.
    doubt : NailDoubt
        Of its plan.

    Returns
    -------
    list of Finding
        At most one caution.

    References
    ----------
    .. [1] Evidence row ``fixation.nail_axis_limit``.
    """
    row, even = constant("fixation.nail_axis_limit"), 0.5
    if doubt.chance_axis <= even:
        return []
    return [
        Finding(
            Level.CAUTION,
            "nail.doubt",
            f"The axis of the {segment.side.word} leg ends more than {row.value:g}° "
            f"from the plan with a chance of {100 * doubt.chance_axis:.0f} %.",
            f"Read again first: {doubt.read_first}.",
            row.key,
            str(segment),
        )
    ]


ENTRY, TURN, CUT, RUNS, HEALING = (
    "where the nail goes in",
    "the turn at surgery",
    "the level of the cut",
    "how far the nail runs",
    "how the bone leans while it heals",
)


def _done(segment: Segment, limb: Limb, mm: float, worlds: Worlds) -> dict[str, Array]:
    """Draw how operation and course are carried out, in the unit of each row."""

    def drawn(what: str, sd: float) -> Array:
        return worlds.normal(f"nail/{segment}/{what}", sd)

    runs = np.hypot(
        100 - constant("fixation.nail_accuracy").value,
        100 - constant("fixation.nail_precision").value,
    )
    done = {
        ENTRY: drawn("entry", constant("fixation.nail_entry_done").value),
        TURN: drawn("turn", constant("fixation.nail_turn_done").value),
        CUT: drawn("cut", constant("fixation.nail_cut_done").value),
        RUNS: drawn("runs", float(runs) / 100),
    }
    if segment.bone is Bone.TIBIA:  # nobody has published how far a tibia leans
        return done
    lean = constant("fixation.drift_published").spread * mm / 10
    found = sample_limb(limb)
    femur, tibia, leg = (
        float(found[f"{name}_length_mm"][0]) for name in ("femur", "tibia", "leg")
    )
    # A shift of the load line at the knee, said as an angle of the leg.
    return {**done, HEALING: drawn("lean", np.degrees(lean * leg / femur / tibia))}


def _ended(
    limb: Limb, plan: ReversePlan, canals: Canals, course: Course, done: _Drawn
) -> Limb:
    """Hip, knee and ankle after the course, in every world [mm]."""
    target = plan.target
    bone, level, acute = target.segment.bone, target.cut.level_mm, target.acute
    centre = cut_centre(limb, bone, level)
    down = cut_centre(limb, bone, level + 1.0) - centre
    centre = (centre + done[CUT][:, None] * down)[:, [0, 2]]
    # An entry too far lateral lets the nail lean medially, and the part on it too.
    lean = -np.degrees(np.arctan(done[ENTRY] / course.entry_to_cut_mm))
    slides = canals.proximal.distally
    if not course.retrograde:
        slides = turned(slides, lean)
    run = course.extension_mm * (1 + done[RUNS])
    shift = np.array([acute.lateral_mm, acute.proximal_mm]) + run[:, None] * slides
    turn = acute.valgus_deg + done[TURN] + lean
    points = {name: limb[name] for name in _JOINTS}
    for name in _BELOW[bone]:
        moved = points[name].copy()
        moved[:, [0, 2]] = turned(limb.frontal(name) - centre, turn) + centre + shift
        points[name] = moved
    return Limb(limb.side, points)


def _readings(
    measured: MeasuredFilm, canals: Canals, segment: Segment, course: Course
) -> dict[str, Array]:
    """What was read off the film, draw by draw."""
    worlds, side = measured.worlds, segment.side
    found = {
        _said(name, side): worlds.normal(f"film/{side}/{name}/click", 1.0, (2,))
        for name in (*_JOINTS, *_SHAFT_POINTS[canals.seen, segment.bone])
    }
    if course.equal:
        found |= {
            _said(name, side.other): worlds.normal(
                f"film/{side.other}/{name}/click", 1.0, (2,)
            )
            for name in (_JOINTS[0], _JOINTS[-1])
        }
    scale = measured.calibration
    depths = [np.log(scale.mm_per_px), *scale.depth_mm.values()]
    found["scale of the film and depth of the joints"] = np.stack(depths, axis=1)
    found[f"how far the {side.word} leg was turned"] = scale.rotation_rad[side]
    if canals.seen is CanalSeen.USUAL and segment.bone is Bone.FEMUR:
        row = constant("alignment.ama")
        found["the canal that nobody marked"] = worlds.normal(
            f"normal/{row.key}", row.spread
        )
    return found


def _said(name: str, side: Side) -> str:
    bone, _, point = name.partition("_")
    if bone in _BONES:
        return f"{_POINTS[point]} of the {side.word} {_BONES[bone]}"
    return f"{bone} {point} of the {side.word} leg"


_BONES = {"fem": "femur", "tib": "tibia"}
_POINTS = {
    "shaft_prox": "upper shaft point",
    "shaft_dist": "lower shaft point",
    "above_1": "first point above the bend",
    "above_2": "second point above the bend",
}


_SHAFT_POINTS = {
    (CanalSeen.PARTS, Bone.FEMUR): ("fem_above_1", "fem_above_2"),
    (CanalSeen.PARTS, Bone.TIBIA): ("tib_above_1", "tib_above_2"),
    (CanalSeen.SHAFT, Bone.FEMUR): FEMUR_SHAFT,
    (CanalSeen.SHAFT, Bone.TIBIA): TIBIA_SHAFT,
    (CanalSeen.USUAL, Bone.FEMUR): (),
    (CanalSeen.USUAL, Bone.TIBIA): (),
}

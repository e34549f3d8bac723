"""Which muscles span a cut, and how much of the lengthening each of them takes."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.pose import Bone
from callotasis.softtissue.muscles import Muscle, PathPoint, bone_mm, every_muscle
from callotasis.worlds import Array, Interval

# Femora and tibiae of children of two years and of the tallest adults; catches units.
SHORTEST_MM, LONGEST_MM = 120.0, 620.0
MM_PER_CM = 10.0
USUAL_GAIN_MM = 40.0  # over which the share of a muscle is taken
BESIDE_MM = 1.0
BODIES = ("pelvis", "femur", "tibia", "talus", "calcn", "toes")


@dataclass(frozen=True)
class Cut:
    """One osteotomy.

    Attributes
    ----------
    bone : Bone
        Femur or tibia.
    cut_mm : float
        Below the centre of the bone's proximal joint, along its axis [mm].
    bone_length_mm : float
        Joint centre to joint centre, before lengthening [mm].
    """

    bone: Bone
    cut_mm: float
    bone_length_mm: float

    def __post_init__(self) -> None:
        if not SHORTEST_MM <= self.bone_length_mm <= LONGEST_MM:
            raise PlanRefusal(
                f"bone_length_mm is {self.bone_length_mm:g}; allowed is "
                f"{SHORTEST_MM:g} to {LONGEST_MM:g} mm. Is it in millimetres?"
            )
        if not 0 < self.cut_mm < self.bone_length_mm:
            raise PlanRefusal(
                f"cut_mm is {self.cut_mm:g}; allowed is more than 0 and less than the "
                f"{self.bone}'s {self.bone_length_mm:g} mm"
            )

    @property
    def share(self) -> float:
        """How far down the bone it lies: 0 proximal joint, 1 distal joint [1]."""
        return self.cut_mm / self.bone_length_mm

    @property
    def size(self) -> float:
        """The patient's bone over the model's; muscles are scaled by it [1]."""
        return self.bone_length_mm / bone_mm(self.bone)

    @classmethod
    def at_share(cls, bone: Bone, share: float, bone_length_mm: float) -> Cut:
        """A cut by its share of the bone's length, 0 to 1 [1, mm]."""
        return cls(bone, share * bone_length_mm, bone_length_mm)


@dataclass(frozen=True)
class Spanned:
    """One muscle that a lengthening stretches.

    Attributes
    ----------
    muscle, group : str
        As the muscle table has them.
    share : float
        Millimetres that it gets longer per millimetre of gain [mm/mm].
    part : Interval
        Part of its fibres that span the cut; ``low`` and ``high`` hold the model, in
        which a muscle is one line, and the broad attachment of textbooks [1].
    percent_per_cm : float
        Stretch of a fibre that spans, tendon and all, per centimetre of gain [%/cm].
    """

    muscle: str
    group: str
    share: float
    part: Interval
    percent_per_cm: float


def spanning(cut: Cut) -> tuple[Spanned, ...]:
    """Tell which muscles a lengthening at this cut stretches.

    Parameters
    ----------
    cut : Cut
        Bone, level and length [mm].

    Returns
    -------
    tuple of Spanned
        Those of which any fibre may span the cut, in the order of the table.

    References
    ----------
    .. [1] Everything on the bone distal to the cut goes along the bone's axis; paths
       of gait2392 (``tables/NOTICE``), levels scaled by the bone's length. Broad
       attachments: ``tables/attachments.toml``, from knowledge.

    Examples
    --------
    >>> cut = Cut(Bone.TIBIA, 110.0, 370.0)
    >>> [(s.muscle, round(s.share, 2)) for s in spanning(cut)][:2]
    [('med_gas', 1.0), ('lat_gas', 1.0)]
    """
    found = (_spanned(muscle, cut) for muscle in every_muscle().values())
    return tuple(one for one in found if one is not None)


def groups_spanning(cut: Cut) -> dict[str, tuple[Muscle, ...]]:
    """Muscles that span a cut, by group."""
    groups: dict[str, tuple[Muscle, ...]] = {}
    for one in spanning(cut):
        muscle = every_muscle()[one.muscle]
        groups[one.group] = (*groups.get(one.group, ()), muscle)
    return groups


def _spanned(muscle: Muscle, cut: Cut) -> Spanned | None:
    one_line = _gain_share(muscle, cut.bone, cut.share * bone_mm(cut.bone))
    broad = _broad(muscle, cut)
    parts = [float(one_line > 0), *([] if broad is None else [broad])]
    if not any(parts):
        return None
    share = one_line or _share_where_it_spans(muscle, cut)
    return Spanned(
        muscle=muscle.name,
        group=muscle.group,
        share=share,
        part=Interval(parts[-1], min(parts), max(parts)),
        percent_per_cm=100 * share * MM_PER_CM / (cut.size * muscle.standing_length_mm),
    )


def _gain_share(muscle: Muscle, bone: Bone, level_mm: float) -> float:
    """Lengthening of the path per millimetre of gain, 0 where it does not span."""
    moves = np.array([_below(point, bone, level_mm) for point in muscle.path])
    if moves.all() or not moves.any():
        return 0.0
    lengths = (_path_mm(muscle, moves * gain) for gain in (USUAL_GAIN_MM, 0.0))
    after, before = lengths
    return (after - before) / USUAL_GAIN_MM


def _below(point: PathPoint, bone: Bone, level_mm: float) -> bool:
    """Tell whether a point goes with the distal fragment."""
    beyond = BODIES.index(point.body) - BODIES.index(str(bone))
    return beyond > 0 or (beyond == 0 and -point.xyz_mm[1] > level_mm)


def _path_mm(muscle: Muscle, lowered_mm: Array) -> float:
    where = np.array([_from_hip(point) for point in muscle.path])
    where[:, 1] -= lowered_mm
    return float(np.linalg.norm(np.diff(where, axis=0), axis=1).sum())


def _from_hip(point: PathPoint) -> tuple[float, float, float]:
    """A point of the standing leg, with heights below the hip centre."""
    x, y, z = point.xyz_mm
    below_knee = BODIES.index(point.body) >= BODIES.index("tibia")
    return (x, y - bone_mm(Bone.FEMUR) * below_knee, z)


def _broad(muscle: Muscle, cut: Cut) -> float | None:
    """Part of a broad attachment whose fibres span the cut; None if it is narrow."""
    bone = _attachments().get(str(cut.bone), {})
    for kind in ("origins", "insertions"):
        if muscle.name in bone.get(kind, {}):
            top, bottom = bone[kind][muscle.name]
            above = min(max((cut.share - top) / (bottom - top), 0.0), 1.0)
            return float(above if kind == "origins" else 1 - above)
    return None


def _share_where_it_spans(muscle: Muscle, cut: Cut) -> float:
    """Share of a muscle at the nearest level at which its line does span."""
    whole = bone_mm(cut.bone)
    heights = muscle.heights(cut.bone)
    levels = [h * whole + side for h in heights for side in (-BESIDE_MM, BESIDE_MM)]
    level = cut.share * whole
    shares = {
        abs(at - level): found
        for at in levels
        if (found := _gain_share(muscle, cut.bone, at)) > 0
    }
    return shares[min(shares)] if shares else math.nan


@cache
def _attachments() -> dict[str, Any]:
    path = files("callotasis.softtissue").joinpath("tables", "attachments.toml")
    return tomllib.loads(path.read_text("utf-8"))

"""Which bone is to blame, how crooked it is, and where its apex lies.

The malalignment test asks each joint angle whether it leaves its normal range. The
apex (CORA, centre of rotation of angulation) is where the axis of the proximal part
of a bone meets the axis of its distal part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callotasis.alignment.apex import Apex, apex_of
from callotasis.alignment.axes import (
    Normals,
    Planning,
    axes_of,
    bone_length,
    shaft_is_straight,
)
from callotasis.alignment.limb import Limb
from callotasis.alignment.multiapical import two_apexes
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Bone
from callotasis.worlds import Interval, Worlds


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
        ``femur`` or ``tibia``. The joint line convergence angle blames nobody: it
        repeats too badly to be a trigger.
    quantity : str
        The angle that says so.
    verdict : Verdict
        Proven when the whole interval lies outside the range.
    """

    part: str
    quantity: str
    verdict: Verdict


@dataclass(frozen=True)
class LegDeformity:
    """What the malalignment test says of one leg."""

    axis: Verdict
    to_blame: tuple[Blame, ...]
    cora: Mapping[Bone, Mapping[Planning, Apex]]
    findings: tuple[Finding, ...] = ()
    multiapical: Mapping[Bone, tuple[Apex, Apex]] = field(default_factory=dict)


_TESTS = (
    ("femur", "mldfa_deg", "alignment.mldfa"),
    ("tibia", "mpta_deg", "alignment.mpta"),
    ("tibia", "mldta_deg", "alignment.mldta"),
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
                if (apex := apex_of(limb, bone, axes)) is not None
            }
            if apexes:
                cora[bone] = apexes
    twice = {
        bone: both
        for bone in Bone
        if (both := two_apexes(limb, bone, normals, worlds)) is not None
    }
    findings = (
        *_unexplained(limb, axis, blames),
        *_findings(limb, blames),
        *(_two_levels(limb, bone, both) for bone, both in twice.items()),
    )
    return LegDeformity(axis, tuple(blames), cora, findings, twice)


def _two_levels(limb: Limb, bone: Bone, both: tuple[Apex, Apex]) -> Finding:
    said = " and ".join(
        f"{abs(a.angle_deg.value):.1f}° of "
        f"{'valgus' if a.angle_deg.value > 0 else 'varus'} "
        f"{a.level_mm.value / length:.0%} of the way down"
        for a, length in ((a, bone_length(limb, bone)) for a in both)
    )
    return Finding(
        Level.CAUTION,
        "deformity.two_levels",
        f"The {limb.side.word} {bone} is bent at two levels: {said}.",
        "One cut cannot straighten both; plan two, or accept what remains.",
        "alignment.anatomic_axis_at_knee",
        f"{limb.side}.{bone}",
    )


def _unexplained(
    limb: Limb, axis: Verdict, blames: Iterable[Blame]
) -> tuple[Finding, ...]:
    """Say that an axis is off although no joint angle is."""
    if axis is not Verdict.PROVEN or any(blames):
        return ()
    return (
        Finding(
            Level.CAUTION,
            "deformity.unexplained",
            f"The axis of the {limb.side.word} leg is off; no joint angle says why.",
            "Look for a bend near the hip, a lax joint, or a turned leg.",
            "alignment.hka",
            str(limb.side),
        ),
    )


def _findings(limb: Limb, blames: Iterable[Blame]) -> tuple[Finding, ...]:
    """Say how far the mid-shaft points of a blamed bone can be trusted."""
    blamed = {b.part for b in blames}
    return tuple(
        _shaft_finding(limb, bone, short)
        for bone, short in ((Bone.FEMUR, "fem"), (Bone.TIBIA, "tib"))
        if bone in blamed
        and limb.has(f"{short}_shaft_prox", f"{short}_shaft_dist")
        and not limb.has(f"{short}_above_1", f"{short}_below_1")
    )


def _shaft_finding(limb: Limb, bone: Bone, short: str) -> Finding:
    named = f"{limb.side.word} {bone}"
    place = f"place {short}_above_1, _2 and {short}_below_1, _2 on either side of it"
    row = (
        "alignment.anatomic_axis_at_ankle"
        if bone is Bone.TIBIA
        else "alignment.anatomic_axis_at_hip"
    )
    if shaft_is_straight(limb, bone):
        return Finding(
            Level.NOTE,
            "deformity.shaft_assumed",
            f"The {named} is taken as straight between its two mid-shaft points; a "
            "bend of 12° just inside them would be read as 8°.",
            f"If it may be bent there, {place}.",
            row,
            f"{limb.side}.{bone}",
        )
    return Finding(
        Level.CAUTION,
        "deformity.shaft",
        f"The mid-shaft points of the {named} do not lie as on a straight shaft.",
        f"It may be bent between them: {place}.",
        row,
        f"{limb.side}.{bone}",
    )

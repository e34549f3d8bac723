"""The limbs as planned, and whether they are what anybody could want."""

from __future__ import annotations

from collections.abc import Mapping

from callotasis.alignment import (
    Discrepancy,
    Limb,
    MeasuredFilm,
    Verdict,
    discrepancy,
    sample_limb,
    summarised,
    verdict_on,
)
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.plan import Target, limbs_after
from callotasis.pose import Bone, Pose, Segment, Side
from callotasis.proposal.sheet import After
from callotasis.worlds import Interval


def measured_after(
    measured: MeasuredFilm,
    targets: Mapping[Segment, Target],
    poses: Mapping[Segment, Pose],
) -> After:
    """Carry out what the devices really do, and measure again.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery.
    targets : dict of Segment to Target
        Cuts [mm].
    poses : dict of Segment to Pose
        What is done at each cut [mm, deg].

    Returns
    -------
    After
        The limbs as planned [mm, deg].

    References
    ----------
    .. [1] World by world: :func:`callotasis.plan.limbs_after`.
    """
    motions = {s: (t.cut.level_mm, poses[s]) for s, t in targets.items()}
    limbs: Mapping[Side, Limb] = limbs_after(measured.limbs, motions)
    samples = {side: sample_limb(limb) for side, limb in limbs.items()}
    both = len(samples) == 2  # noqa: PLR2004 - both legs
    return After(
        {side: summarised(found) for side, found in samples.items()},
        discrepancy(*(samples[s]["leg_length_mm"] for s in Side)) if both else None,
    )


def after_findings(
    measured: MeasuredFilm, targets: Mapping[Segment, Target], after: After
) -> list[Finding]:
    """Say what the plan leaves crooked, unequal, or makes worse.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery.
    targets : dict of Segment to Target
        What is planned.
    after : After
        The limbs as planned.

    Returns
    -------
    list of Finding
        Stops where a leg gets worse; cautions where something is left.

    References
    ----------
    .. [1] Evidence rows ``alignment.hka`` and ``plan.residual_discrepancy``.
    """
    found = _length_findings(measured.measurement.discrepancy_mm, after.discrepancy_mm)
    sides = {segment.side for segment in targets}
    for side in sorted(after.sides):
        before = measured.measurement.sides[side]["hka_deviation_deg"]
        now = after.sides[side]["hka_deviation_deg"]
        if side in sides:
            found += _axis_findings(side, before, now)
    return [*found, *_left_alone(measured, targets), *_both_bones(targets)]


def _axis_findings(side: Side, before: Interval, now: Interval) -> list[Finding]:
    row = constant("alignment.hka")
    verdict = verdict_on(now, row.key)
    if verdict is Verdict.NORMAL:
        return []
    worse = abs(now.value) > abs(before.value) + 1.0
    level = Level.STOP if worse and verdict is Verdict.PROVEN else Level.CAUTION
    change = "gets worse" if worse else "stays crooked"
    return [
        Finding(
            level,
            "plan.axis_after",
            f"The axis of the {side.word} leg {change}: {now.value:+.1f}° "
            f"({now.low:+.1f} to {now.high:+.1f}, valgus +) after "
            f"{before.value:+.1f}°; normal is {row.low:g} to {row.high:g}°.",
            "Change the correction, or say why it is wanted.",
            row.key,
            str(side),
        )
    ]


def _length_findings(
    before: Discrepancy | None, left: Discrepancy | None
) -> list[Finding]:
    row = constant("plan.residual_discrepancy")
    if left is None or before is None or abs(left.value) <= row.value:
        return []
    worse = abs(left.value) > abs(before.value) + row.value
    return [
        Finding(
            Level.STOP if worse else Level.CAUTION,
            "plan.longer" if worse else "plan.residual",
            f"The legs differ by {abs(left.value):.0f} mm after the plan, by "
            f"{abs(before.value):.0f} mm before it (up to {row.value:g} mm counts as "
            "equal).",
            "Lengthen the other leg." if worse else "Say whether this is wanted.",
            row.key,
        )
    ]


def _left_alone(
    measured: MeasuredFilm, targets: Mapping[Segment, Target]
) -> list[Finding]:
    """Name bones that are proven crooked and are not corrected."""
    found = []
    for side, deformity in measured.measurement.deformity.items():
        for blame in deformity.to_blame:
            segment = Segment(side, Bone(blame.part))
            # A nail asks for a turn at surgery of its own; only a rule says correction.
            corrected = segment in targets and targets[segment].cut.rule is not None
            if blame.verdict is Verdict.PROVEN and not corrected:
                found.append(
                    Finding(
                        Level.CAUTION,
                        "plan.left_crooked",
                        f"The {segment.words} is crooked ({blame.quantity[:-4]} out "
                        "of its range) and is not corrected.",
                        "Correct it, or say why not.",
                        about=str(segment),
                    )
                )
    return found


def _both_bones(targets: Mapping[Segment, Target]) -> list[Finding]:
    return [
        Finding(
            Level.CAUTION,
            "plan.both_bones",
            f"Femur and tibia of the {side.word} leg are lengthened together.",
            "Slow both down, or do one after the other.",
            about=str(side),
        )
        for side in Side
        if sum(s.side is side and t.gain_mm > 0 for s, t in targets.items()) > 1
    ]

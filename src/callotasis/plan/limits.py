"""What a plan must say besides the geometry: limits, fibula, adjuncts, alternatives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callotasis.errors import PlanRefusal
from callotasis.evidence import Evidence, constant
from callotasis.findings import Finding, Level
from callotasis.goal import Goal, Maturity
from callotasis.plan.target import Target
from callotasis.pose import Bone, Segment


@dataclass(frozen=True)
class Fibula:
    """What happens to the fibula of a tibia that is cut.

    Attributes
    ----------
    cut_mm : float or None
        Level of its cut above the ankle centre [mm]; None if nobody planned it.
    fixed_proximally, fixed_distally : bool
        Whether each tibiofibular joint is held by a screw or wire.
    """

    cut_mm: float | None = None
    fixed_proximally: bool = False
    fixed_distally: bool = False


@dataclass(frozen=True)
class Adjunct:
    """A procedure beside the osteotomy, with what calls for it."""

    segment: str
    procedure: str
    trigger: str
    evidence: str


@dataclass(frozen=True)
class Alternative:
    """Something else that could be done, with what it means here."""

    name: str
    sentence: str
    evidence: str


def maturity_findings(goal: Goal) -> list[Finding]:
    """Stop on unknown skeletal maturity, refuse a growing skeleton.

    Raises
    ------
    PlanRefusal
        If the skeleton is immature.
    """
    if goal.maturity is Maturity.IMMATURE:
        raise PlanRefusal(
            "the skeleton is immature; planning for a leg that still grows is not "
            "supported yet (allowed is mature)"
        )
    row = constant("plan.mature_age")
    age = goal.age_years
    if goal.maturity is Maturity.MATURE and age is not None and age < row.value:
        return [
            Finding(
                Level.STOP,
                "maturity.young",
                f"A skeleton of {age:g} years is said to be mature; below "
                f"{row.value:g} it seldom is.",
                "Look at the growth plates again.",
                row.key,
            )
        ]
    if goal.maturity is Maturity.UNKNOWN:
        return [
            Finding(
                Level.STOP,
                "maturity.unknown",
                "Nobody said whether the skeleton is mature.",
                "Look at the growth plates; a growing leg needs another plan.",
            )
        ]
    return []


def gain_findings(target: Target) -> list[Finding]:
    """Compare a gain with the published limits, in millimetres and as a share.

    Parameters
    ----------
    target : Target
        With gain and bone length [mm].

    Returns
    -------
    list of Finding
        At most one by length and one by share.

    References
    ----------
    .. [1] Evidence rows ``plan.gain_*``.
    """
    share = 100 * target.gain_mm / target.bone_length_mm
    return [
        *_limit_finding("gain", target.segment, target.gain_mm, "mm", _BY_LENGTH),
        *_limit_finding(
            "gain_share", target.segment, share, "% of the bone", _BY_SHARE
        ),
    ]


_BY_LENGTH = ("plan.gain_caution", "plan.gain_strong")
_BY_SHARE = ("plan.gain_share_caution", "plan.gain_share_strong")


def _limit_finding(
    what: str, segment: Segment, amount: float, unit: str, rows: tuple[str, str]
) -> list[Finding]:
    caution, strong = (constant(key) for key in rows)
    if amount > strong.value:
        level, row, means = Level.STOP, strong, "serious complications are common"
    elif amount > caution.value:
        level, row, means = Level.CAUTION, caution, "complications become common"
    else:
        return []
    return [
        Finding(
            level,
            f"plan.{what}",
            f"A gain of {amount:.0f} {unit} in the {segment.words} is above "
            f"{row.value:g}: {means}.",
            "Consider two stages, the other bone, or less.",
            row.key,
            str(segment),
        )
    ]


def acute_findings(target: Target) -> list[Finding]:
    """Compare what is done at surgery with what nerves, vessels and contact allow.

    Parameters
    ----------
    target : Target
        With its acute part [mm, deg].

    Returns
    -------
    list of Finding
        At most one for the turn and one for the step.

    References
    ----------
    .. [1] Evidence rows ``plan.acute_turn`` and ``plan.acute_step``.
    """
    where = target.segment.words
    return [
        *_acute_finding(
            target.segment,
            abs(target.acute.valgus_deg),
            constant("plan.acute_turn"),
            f"The {where} is to be turned {{:.0f}}° at once; above {{:g}}° nerves and "
            "vessels are at risk.",
        ),
        *_acute_finding(
            target.segment,
            abs(target.acute.lateral_mm),
            constant("plan.acute_step"),
            f"The fragments of the {where} are to be shifted {{:.0f}} mm against each "
            "other; above {:g} mm little bone stays in contact.",
        ),
    ]


def _acute_finding(
    segment: Segment, amount: float, row: Evidence, sentence: str
) -> list[Finding]:
    """A caution above the usual limit, a stop above its upper end."""
    if amount <= row.value:
        return []
    return [
        Finding(
            Level.STOP if amount > row.high else Level.CAUTION,
            row.key,
            sentence.format(amount, row.value),
            "Correct it slowly, in part, or nearer to the apex.",
            row.key,
            str(segment),
        )
    ]


def fibula_findings(target: Target, fibula: Fibula) -> list[Finding]:
    """Stop on a tibia whose fibula was forgotten.

    Parameters
    ----------
    target : Target
        Of any segment; a femur has no fibula.
    fibula : Fibula
        What was planned for it.

    Returns
    -------
    list of Finding
        One stop that names everything missing, a caution for an odd level.

    References
    ----------
    .. [1] Planning facts 3.3: fibular osteotomy and fixation at both ends.
    """
    if target.segment.bone is not Bone.TIBIA:
        return []
    missing = [
        what
        for what, there in (
            ("the level of the fibular cut", fibula.cut_mm is not None),
            ("fixation of the proximal tibiofibular joint", fibula.fixed_proximally),
            ("fixation of the distal tibiofibular joint", fibula.fixed_distally),
        )
        if not there
    ]
    if missing:
        return [
            Finding(
                Level.STOP,
                "plan.fibula",
                f"The plan for the {target.segment.words} says nothing of "
                f"{', '.join(missing)}.",
                "Plan the fibula: uncut it holds the tibia, unfixed its ends are "
                "pulled out of the knee and the ankle.",
                "plan.tibia_fibula_cut",
                str(target.segment),
            )
        ]
    level = fibula.cut_mm or 0.0
    if not 0 < level < target.bone_length_mm:
        raise PlanRefusal(
            f"fibular cut of {target.segment} at {level:g} mm above the ankle; allowed "
            f"is 0 to {target.bone_length_mm:.0f} mm, the length of the tibia"
        )
    return _fibula_level(target, level)


def _fibula_level(target: Target, cut_mm: float) -> list[Finding]:
    row = constant("plan.tibia_fibula_cut")
    share = 100 * cut_mm / target.bone_length_mm
    if row.low <= share <= row.high:
        return []
    return [
        Finding(
            Level.CAUTION,
            "plan.fibula_level",
            f"The fibula is to be cut {cut_mm:.0f} mm above the ankle, at "
            f"{share:.0f} % of the tibia; usual is {row.low:g} to {row.high:g} %.",
            "Keep clear of the syndesmosis below and of the peroneal nerve above.",
            row.key,
            str(target.segment),
        )
    ]


def adjuncts_for(target: Target) -> list[Adjunct]:
    """Procedures that a gain calls for, each with its trigger.

    Parameters
    ----------
    target : Target
        With gain and bone length [mm].

    Returns
    -------
    list of Adjunct
        For the surgeon to accept or drop.

    References
    ----------
    .. [1] Planning facts 3.3; evidence rows named in each adjunct.
    """
    name, gain = str(target.segment), target.gain_mm
    share = 100 * gain / target.bone_length_mm
    if target.segment.bone is Bone.FEMUR:
        row = constant("plan.femur_iliotibial")
        if gain <= row.value:
            return []
        trigger = f"gain {gain:.0f} mm above {row.value:g} mm"
        return [Adjunct(name, "release of the iliotibial band", trigger, row.key)]
    row = constant("plan.tibia_equinus")
    of_bone = constant("plan.tibia_equinus_share")
    if gain <= row.value and share <= of_bone.value:
        return []
    trigger = (
        f"gain {gain:.0f} mm ({share:.0f} %) above {row.value:g} mm "
        f"or {of_bone.value:g} %"
    )
    return [Adjunct(name, "gastrocsoleus recession or night splint", trigger, row.key)]


def alternatives_to(
    discrepancy_mm: float | None, segments: Iterable[Segment]
) -> list[Alternative]:
    """Name what else could be done, so that nobody forgets to ask.

    Parameters
    ----------
    discrepancy_mm : float or None
        Right minus left [mm]; None where it was not measured.
    segments : iterable of Segment
        What is planned.

    Returns
    -------
    list of Alternative
        Shoe lift, shortening of the other leg, doing nothing.

    References
    ----------
    .. [1] Evidence rows ``plan.shoe_lift``, ``plan.shortening_limit``,
       ``plan.discrepancy_prevalence``.
    """
    lift, shorten = constant("plan.shoe_lift"), constant("plan.shortening_limit")
    amount = abs(discrepancy_mm or 0.0)
    found = []
    if discrepancy_mm is not None:
        serves = "serves" if amount <= lift.value else "would be heavy and unstable for"
        found.append(
            Alternative(
                "shoe lift",
                f"A lift {serves} a difference of {amount:.0f} mm (usual up to "
                f"{lift.value:g} mm); it changes nothing in the body.",
                lift.key,
            )
        )
    if amount > lift.value:
        usual = "within" if amount <= shorten.value else "beyond"
        found.append(
            Alternative(
                "shortening the other leg",
                f"Shortening by {amount:.0f} mm is {usual} the usual {shorten.value:g} "
                "mm; one operation, quicker healing, and less height.",
                shorten.key,
            )
        )
    bones = ", ".join(s.words for s in segments)
    found.append(
        Alternative(
            "doing nothing",
            f"Leaving the {bones} as it is keeps the present gait and avoids every "
            "risk of surgery; it can be reconsidered at any time.",
            "plan.discrepancy_prevalence",
        )
    )
    return found

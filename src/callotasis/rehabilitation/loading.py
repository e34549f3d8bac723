"""How much may the leg carry? A ladder of loading, and the gate of each step.

A step is proposed, never allowed: a clinician decides. What a device carries is known
only from what a person read in its maker's instructions; without that no kilogram is
named.
"""

from __future__ import annotations

import math
from dataclasses import replace

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.rehabilitation.ladder import (
    CORTICES,
    NOTHING_READ,
    Callus,
    Loading,
    LoadLimit,
    Step,
)

LEAST_BODY_KG, MOST_BODY_KG = 10.0, 250.0
EXACT = 1e-9  # a mean of printed ratios is known to this


def weight_bearing(
    bone: Bone,
    kind: Kind,
    phase: Phase,
    callus: Callus = NOTHING_READ,
    limit: LoadLimit | None = None,
    body_kg: float | None = None,
) -> Loading:
    """Propose how much a lengthened leg may carry.

    Parameters
    ----------
    bone : Bone
        Femur or tibia: their gates differ.
    kind : Kind
        Of the device that is on or in the leg.
    phase : Phase
        Where the bone stands.
    callus : Callus
        Ratios and bridged cortices of the last films [1].
    limit : LoadLimit or None
        What the device carries, confirmed; None names no kilograms [kg].
    body_kg : float or None
        The person's weight; half of it is held against the limit [kg].

    Returns
    -------
    Loading
        A step with its reasons, what is missing for the next, and a proposal only.

    Raises
    ------
    PlanRefusal
        If the bone was not cut yet, or the weight is none that a person has.

    References
    ----------
    .. [1] Femoral nail: ratios of two series at full loading (rows
       ``rehabilitation.femur_*``, proposals). Tibia: Zhao 2009. Ring frames:
       Guerreschi 2016.

    Examples
    --------
    >>> weight_bearing(Bone.TIBIA, Kind.NAIL, Phase.CONSOLIDATION,
    ...                Callus({"medial": 1.0, "posterior": 1.02})).step.value
    'partial'
    """
    if phase is Phase.PLANNED:
        raise PlanRefusal(
            f"the {bone} is not cut yet; the ladder of loading begins with surgery"
        )
    if body_kg is not None and not (
        math.isfinite(body_kg) and LEAST_BODY_KG <= body_kg <= MOST_BODY_KG
    ):
        raise PlanRefusal(
            f"body_kg is {body_kg:g}; allowed is {LEAST_BODY_KG:g} to "
            f"{MOST_BODY_KG:g} kg"
        )
    if kind in {Kind.RING, Kind.HEXAPOD}:
        return _in_rings(phase)
    if kind is Kind.RAIL:
        found = _on_a_rail(limit)
    elif phase in {Phase.LATENCY, Phase.DISTRACTION}:
        found = _growing(bone, limit)
    elif bone is Bone.TIBIA:
        found = _tibia_nailed(phase, callus, limit)
    else:
        found = _femur_nailed(phase, callus, limit, body_kg)
    return _after_a_word(found) if phase is Phase.LOADING else found


NO_LIMIT = (
    "what the device carries: a clinician reads it in the maker's instructions and "
    "enters it with the document"
)


def _low(limit: LoadLimit | None, *why: str, missing: tuple[str, ...] = ()) -> Loading:
    """Partial loading up to a confirmed limit; without one, touching only."""
    if limit is None:
        reason = "what the device carries is unknown, so no kilograms are named"
        return Loading(Step.TOUCH, None, (*why, reason), (NO_LIMIT, *missing), ())
    reason = f"the device carries {limit.limit_kg:g} kg ({limit.document})"
    return Loading(Step.PARTIAL, limit.limit_kg, (*why, reason), missing, ())


def _in_rings(phase: Phase) -> Loading:
    """Ring frames carry: as tolerated, with aids; watched once the frame is off."""
    row = "rehabilitation.ring_loading"
    why = "a ring frame carries: as tolerated from day 1 or 2 (Guerreschi 2016)"
    missing = "a walk without a limp, and the frame taken off by its own gate"
    if phase is not Phase.LOADING:
        return Loading(Step.FULL_WITH_AIDS, None, (why,), (missing,), (row,))
    sank = constant("rehabilitation.subsidence")
    why = (
        f"new bone sank by more than 1 cm in {sank.value:g} % of tibiae after the "
        "frame came off"
    )
    missing = "films after the frame came off that show no loss of length"
    return Loading(Step.FULL_WITH_AIDS, None, (why,), (missing,), (sank.key,))


def _on_a_rail(limit: LoadLimit | None) -> Loading:
    return _low(
        limit,
        "the series that loaded frames at once is of rings, not of rails",
        missing=("a clinician's word on the bone: no gate for rails was read",),
    )


def _growing(bone: Bone, limit: LoadLimit | None) -> Loading:
    """While the gap is new or grows, a nail carries alone."""
    if bone is Bone.TIBIA:
        row = "rehabilitation.tibia_partial_cortices"
        why = "a tibia is loaded in part from two cortices on, and the gap still grows"
        return Loading(Step.TOUCH, None, (why,), ("the end of distraction",), (row,))
    return _low(
        limit,
        "the gap still grows: the nail carries alone",
        missing=("the end of distraction",),
    )


def _tibia_nailed(phase: Phase, callus: Callus, limit: LoadLimit | None) -> Loading:
    """Zhao 2009: partial at two cortices of ratio 1, full at three."""
    full, part, ratio = (
        constant(key)
        for key in (
            "rehabilitation.tibia_full_cortices",
            "rehabilitation.tibia_partial_cortices",
            "rehabilitation.tibia_ratio",
        )
    )
    count = callus.at_least(ratio.value)
    held = _held_back(callus)
    why = (
        f"{count} of {len(callus.ratios)} cortices read have a ratio of "
        f"{ratio.value:g} or more (Zhao 2009: 34 tibiae over a nail; none of a "
        "motorised nail was found)"
    )
    if count >= full.value and not held:
        return _carries(phase, why, (full.key, ratio.key))
    missing = (
        *held,
        *([] if count >= full.value else [_more_cortices(full.value, ratio.value)]),
        *_unread(callus),
    )
    if count < part.value:
        return Loading(Step.TOUCH, None, (why,), missing, (part.key, ratio.key))
    kilograms = None if limit is None else limit.limit_kg
    if limit is None:
        missing = (*missing, NO_LIMIT)
    return Loading(Step.PARTIAL, kilograms, (why,), missing, (part.key, ratio.key))


def _femur_nailed(
    phase: Phase, callus: Callus, limit: LoadLimit | None, body_kg: float | None
) -> Loading:
    """Mean and least ratio of the four cortices, as two series had them."""
    mean, least, half = (
        constant(key)
        for key in (
            "rehabilitation.femur_mean_ratio",
            "rehabilitation.femur_least_ratio",
            "rehabilitation.femur_half_ratio",
        )
    )
    if callus.unread:
        return _low(limit, "not all four cortices were read", missing=_unread(callus))
    found = math.fsum(callus.ratios.values()) / len(CORTICES)
    weakest = min(CORTICES, key=lambda name: callus.ratios[name])
    why = (
        f"mean ratio {found:.2f}, least {callus.ratios[weakest]:.2f} ({weakest})",
        "no cut-off was ever validated: the gate joins two series of femoral nails",
    )
    missing = [*_held_back(callus)]
    if found < mean.value - EXACT:
        missing.append(f"a mean ratio of {mean.value:g}")
    if callus.ratios[weakest] < least.value:
        missing.append(f"a ratio of {least.value:g} in every cortex")
    if not missing:
        return _carries(phase, " ".join(why), (mean.key, least.key))
    if found < half.value - EXACT:
        return _low(limit, *why, missing=(*missing,))
    return _half(limit, body_kg, why, (*missing,))


def _half(
    limit: LoadLimit | None,
    body_kg: float | None,
    why: tuple[str, ...],
    missing: tuple[str, ...],
) -> Loading:
    """Half of the weight, where the device is known to carry that much."""
    if limit is None or body_kg is None:
        weight = () if body_kg is not None else ("the person's weight",)
        return _low(limit, *why, missing=(*missing, *weight))
    if limit.limit_kg < body_kg / 2:
        short = f"half of {body_kg:g} kg is more than the device carries"
        return _low(limit, *why, short, missing=missing)
    row = "rehabilitation.femur_half_ratio"
    return Loading(Step.HALF, body_kg / 2, why, missing, (row,))


def _carries(phase: Phase, why: str, evidence: tuple[str, ...]) -> Loading:
    """Full: first with aids, then without, once loading has begun."""
    if phase is Phase.LOADING:
        return Loading(Step.FULL, None, (why,), (), evidence)
    missing = "a walk without a limp and without pain, and a clinician's word"
    return Loading(Step.FULL_WITH_AIDS, None, (why,), (missing,), evidence)


def _after_a_word(found: Loading) -> Loading:
    """A clinician's word on full loading stands; what was not read is still said."""
    if found.step is Step.FULL:
        return found
    why = "a clinician allowed full loading; what was read does not show it by itself"
    return replace(
        found, step=Step.FULL_WITH_AIDS, limit_kg=None, why=(why, *found.why)
    )


def _held_back(callus: Callus) -> list[str]:
    """Fewer bridged cortices than usual hold back what ratios alone would allow."""
    least = constant("rehabilitation.bridged_cortices")
    bridged = callus.bridged_cortices
    if bridged is None or bridged >= least.value:
        return []
    return [f"{least.value:g} bridged cortices; {bridged} were counted"]


def _more_cortices(count: float, ratio: float) -> str:
    return f"{count:g} cortices with a ratio of {ratio:g} or more"


def _unread(callus: Callus) -> tuple[str, ...]:
    if not callus.unread:
        return ()
    return (f"the ratio of the {', '.join(callus.unread)} cortex",)

"""By how much a nerve is drawn out, in name only: never a chance of harm.

Limits of acute stretch do not carry over to a millimetre a day, so nothing is compared
with them here. Whether the stretch spreads over the whole leg or stays in the bone that
is lengthened is unknown; both are told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.softtissue.cut import LONGEST_MM, SHORTEST_MM


@dataclass(frozen=True)
class NominalStretch:
    """Stretch of a nerve if it spreads evenly.

    Attributes
    ----------
    whole_leg_percent : float
        Spread over the way from hip to ankle: the lower bound [%].
    segment_percent : float
        Confined to the bone that is lengthened: the upper bound [%].
    """

    whole_leg_percent: float
    segment_percent: float


@dataclass(frozen=True)
class NerveStretch:
    """Nominal stretch of the nerve of one leg; says nothing on harm.

    Attributes
    ----------
    in_all, per_day : NominalStretch
        By the whole gain, and by one day of turning.
    """

    in_all: NominalStretch
    per_day: NominalStretch


def nerve_stretch(
    femur_mm: float,
    tibia_mm: float,
    *,
    lengthened_mm: float,
    gain_mm: float,
    rate_mm_per_day: float,
) -> NerveStretch:
    """Tell by how much the nerve of a leg is drawn out, with both bounds.

    Parameters
    ----------
    femur_mm, tibia_mm : float
        Joint centre to joint centre, before lengthening [mm].
    lengthened_mm : float
        Length of the bone that is lengthened, before [mm].
    gain_mm : float
        Gained so far, or in all [mm].
    rate_mm_per_day : float
        [mm/day].

    Returns
    -------
    NerveStretch
        In all and per day [%].

    Raises
    ------
    PlanRefusal
        If a length cannot be a bone's, or gain or rate is negative.

    References
    ----------
    .. [1] Arithmetic; way of the nerve: row ``softtissue.nerve_path``.

    Examples
    --------
    >>> told = nerve_stretch(400.0, 425.0, lengthened_mm=425.0, gain_mm=50.0,
    ...                      rate_mm_per_day=1.0)
    >>> round(told.in_all.whole_leg_percent, 1), round(told.in_all.segment_percent, 1)
    (6.2, 11.8)
    """
    bones = {"femur_mm": femur_mm, "tibia_mm": tibia_mm, "lengthened_mm": lengthened_mm}
    for name, value in bones.items():
        if not SHORTEST_MM <= value <= LONGEST_MM:
            raise PlanRefusal(
                f"{name} is {value:g}; allowed is {SHORTEST_MM:g} to {LONGEST_MM:g} mm"
            )
    for name, value in (("gain_mm", gain_mm), ("rate_mm_per_day", rate_mm_per_day)):
        if not 0 <= value < math.inf:
            raise PlanRefusal(f"{name} is {value:g}; allowed is 0 or more")
    way = constant("softtissue.nerve_path").value * (femur_mm + tibia_mm)
    return NerveStretch(
        *(
            NominalStretch(100 * mm / way, 100 * mm / lengthened_mm)
            for mm in (gain_mm, rate_mm_per_day)
        )
    )

"""Many virtual patients with a lengthened tibia, and how far their ankles still bend.

Research only. How fast muscles adapt was never measured in patients, so lag and
never-adapting share are drawn from assumed priors: the shape is sensible, the level is
not validated, and no figure from here is a patient's chance of anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.softtissue.lag import never_adapting_prior
from callotasis.softtissue.passive import dorsiflexion, end_of_range_deg
from callotasis.worlds import Array, log_sd

SOLEUS_SHARE = (0.3, 1.0)
ALWAYS_SPANNED = ("med_gas", "lat_gas")
DEEP = ("tib_post", "flex_dig", "flex_hal", "per_long", "per_brev")
IN_FRONT = ("tib_ant", "ext_dig", "ext_hal")
BENT_DEG = 60.0


@dataclass(frozen=True)
class Patients:
    """Virtual patients, by what nobody has measured.

    Attributes
    ----------
    tau_days, psi, soleus_share : Array
        Lag, never-adapting share, part of the soleus that spans the cut; shape
        (patients,) [day, 1, 1].
    """

    tau_days: Array
    psi: Array
    soleus_share: Array


@dataclass(frozen=True)
class Ankles:
    """What an examiner would find at the end of turning.

    Attributes
    ----------
    stretch_mm : Array
        Residual stretch of the gastrocnemius, shape (patients,) [mm].
    lost_straight_deg, lost_bent_deg : Array
        Dorsiflexion lost with the knee straight and bent [deg].
    """

    stretch_mm: Array
    lost_straight_deg: Array
    lost_bent_deg: Array

    def share_below(self, dorsiflexion_deg: float) -> float:
        """Part of the patients that end below this dorsiflexion, the knee straight.

        Parameters
        ----------
        dorsiflexion_deg : float
            Negative is equinus [deg].

        Returns
        -------
        float
            0 to 1; rests on assumed priors [1].

        References
        ----------
        .. [1] Row ``softtissue.dorsiflexion_at_test`` less what was lost.
        """
        before = constant("softtissue.dorsiflexion_at_test").value
        return float(np.mean(before - self.lost_straight_deg < dorsiflexion_deg))


def virtual_patients(count: int, seed: int) -> Patients:
    """Draw patients from the assumed priors.

    Raises
    ------
    PlanRefusal
        If fewer than one is asked.
    """
    if count < 1:
        raise PlanRefusal(f"{count} patients asked; allowed is 1 or more")
    rng = np.random.default_rng(seed)
    row = constant("softtissue.lag_days")
    sigma = log_sd(row.low, row.high)
    return Patients(
        tau_days=row.value * np.exp(sigma * rng.standard_normal(count)),
        psi=rng.beta(*never_adapting_prior(), count),
        soleus_share=rng.uniform(*SOLEUS_SHARE, count),
    )


def ankles_after(patients: Patients, gain_mm: float, rate_mm_per_day: float) -> Ankles:
    """Lengthen every tibia and examine both ankles' tests at the end of turning.

    Parameters
    ----------
    patients : Patients
        As :func:`virtual_patients` draws them.
    gain_mm : float
        [mm].
    rate_mm_per_day : float
        Steady [mm/day].

    Returns
    -------
    Ankles
        Synthetic, on assumed priors [mm, deg].

    References
    ----------
    .. [1] u = (1 - psi)·r·tau·(1 - exp(-d/(r·tau))) + psi·d; angle at the moment
       ``softtissue.test_moment`` by :mod:`~callotasis.softtissue.passive`.
    """
    steady = rate_mm_per_day * patients.tau_days
    stretch = (1 - patients.psi) * steady * -np.expm1(-gain_mm / steady)
    stretch = stretch + patients.psi * gain_mm
    part = patients.soleus_share * stretch
    by_muscle = dict.fromkeys(ALWAYS_SPANNED, stretch)
    by_muscle |= dict.fromkeys(("soleus", *DEEP, *IN_FRONT), part)
    moment = constant("softtissue.test_moment").value
    lost = [
        end_of_range_deg(movement, moment)
        - end_of_range_deg(movement, moment, by_muscle)
        for movement in (dorsiflexion(0.0), dorsiflexion(BENT_DEG))
    ]
    return Ankles(stretch, *lost)

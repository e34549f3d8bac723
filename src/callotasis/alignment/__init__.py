"""How this leg is built: axes, joint angles, lengths, discrepancy, deformity."""

from callotasis.alignment.limb import Limb, limbs_on
from callotasis.alignment.measurement import (
    Discrepancy,
    Longer,
    MeasuredFilm,
    Measurement,
    discrepancy,
    measure_film,
    sample_limb,
)

__all__ = [
    "Discrepancy",
    "Limb",
    "Longer",
    "MeasuredFilm",
    "Measurement",
    "discrepancy",
    "limbs_on",
    "measure_film",
    "sample_limb",
]

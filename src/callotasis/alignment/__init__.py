"""How this leg is built: axes, joint angles, lengths, discrepancy, deformity."""

from callotasis.alignment.deformity import (
    ENDS,
    Apex,
    Axes,
    LegDeformity,
    Planning,
    Verdict,
    axes_of,
    normals_for,
)
from callotasis.alignment.limb import Limb, limbs_on
from callotasis.alignment.measurement import (
    Discrepancy,
    Longer,
    MeasuredFilm,
    Measurement,
    discrepancy,
    measure_film,
    sample_limb,
    summarised,
)

__all__ = [
    "ENDS",
    "Apex",
    "Axes",
    "Discrepancy",
    "LegDeformity",
    "Limb",
    "Longer",
    "MeasuredFilm",
    "Measurement",
    "Planning",
    "Verdict",
    "axes_of",
    "discrepancy",
    "limbs_on",
    "measure_film",
    "normals_for",
    "sample_limb",
    "summarised",
]

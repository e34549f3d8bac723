"""How this leg is built: axes, joint angles, lengths, discrepancy, deformity."""

from callotasis.alignment.axes import (
    ENDS,
    Axes,
    Planning,
    axes_of,
    level_on,
    normals_for,
)
from callotasis.alignment.deformity import Apex, LegDeformity, Verdict, verdict_on
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
    "level_on",
    "limbs_on",
    "measure_film",
    "normals_for",
    "sample_limb",
    "summarised",
    "verdict_on",
]

"""How this leg is built: axes, joint angles, lengths, discrepancy, deformity."""

from callotasis.alignment.apex import Apex
from callotasis.alignment.axes import (
    ENDS,
    Axes,
    Planning,
    axes_of,
    level_on,
    normals_for,
)
from callotasis.alignment.changes import (
    Change,
    Changes,
    Reality,
    changes_between,
    lengths_together,
)
from callotasis.alignment.deformity import LegDeformity, Verdict, verdict_on
from callotasis.alignment.difference import Discrepancy, Longer, discrepancy
from callotasis.alignment.limb import Limb, limbs_on
from callotasis.alignment.measurement import (
    MeasuredFilm,
    Measurement,
    measure_film,
    sample_limb,
    summarised,
)
from callotasis.alignment.sagittal import (
    LATERAL_QUANTITIES,
    LateralMeasurement,
    MeasuredLateral,
    measure_lateral,
)

__all__ = [
    "ENDS",
    "LATERAL_QUANTITIES",
    "Apex",
    "Axes",
    "Change",
    "Changes",
    "Discrepancy",
    "LateralMeasurement",
    "LegDeformity",
    "Limb",
    "Longer",
    "MeasuredFilm",
    "MeasuredLateral",
    "Measurement",
    "Planning",
    "Reality",
    "Verdict",
    "axes_of",
    "changes_between",
    "discrepancy",
    "lengths_together",
    "level_on",
    "limbs_on",
    "measure_film",
    "measure_lateral",
    "normals_for",
    "sample_limb",
    "summarised",
    "verdict_on",
]

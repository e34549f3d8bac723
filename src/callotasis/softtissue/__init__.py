"""What will muscles and joints do? Residual stretch, and the outlook of the ranges."""

from callotasis.softtissue.course import turned_between
from callotasis.softtissue.cut import Cut, Spanned, spanning
from callotasis.softtissue.findings import lag_findings
from callotasis.softtissue.lag import Lag, fit_lag
from callotasis.softtissue.nerve import NerveStretch, NominalStretch, nerve_stretch
from callotasis.softtissue.outlook import Ahead, Outlook, outlook
from callotasis.softtissue.ranges import Ranges
from callotasis.softtissue.residual import MODEL_SAYS, Exam, residual_stretch

__all__ = [
    "MODEL_SAYS",
    "Ahead",
    "Cut",
    "Exam",
    "Lag",
    "NerveStretch",
    "NominalStretch",
    "Outlook",
    "Ranges",
    "Spanned",
    "fit_lag",
    "lag_findings",
    "nerve_stretch",
    "outlook",
    "residual_stretch",
    "spanning",
    "turned_between",
]

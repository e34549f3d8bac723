"""Reading the regenerate off a film: the gap, its cortices, its shape and texture."""

from callotasis.radiograph.callus.li import (
    CallusDensity,
    CallusShape,
    CallusTexture,
    li_type,
)
from callotasis.radiograph.callus.reading import Callus, read_callus

__all__ = [
    "Callus",
    "CallusDensity",
    "CallusShape",
    "CallusTexture",
    "li_type",
    "read_callus",
]

"""Reading the regenerate off a film: the gap, its cortices, its shape and texture."""

from callotasis.radiograph.callus.li import (
    CallusDensity,
    CallusShape,
    CallusTexture,
    li_type,
)

__all__ = ["CallusDensity", "CallusShape", "CallusTexture", "li_type"]

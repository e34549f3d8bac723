"""The words of Li for a regenerate: its shape, density and texture, and its type."""

from __future__ import annotations

from enum import StrEnum


class CallusShape(StrEnum):
    """Outline of a regenerate against the bone, after Li."""

    FUSIFORM = "fusiform"
    CYLINDRICAL = "cylindrical"
    CONCAVE = "concave"
    LATERAL = "lateral"
    CENTRAL = "central"


class CallusDensity(StrEnum):
    """How much of the native cortex a regenerate holds, after Li."""

    LOW = "low"
    INTERMEDIATE = "intermediate"
    NORMAL = "normal"


class CallusTexture(StrEnum):
    """How a regenerate looks inside, after Li."""

    SPARSE = "sparse"
    HOMOGENEOUS = "homogeneous"
    HETEROGENEOUS = "heterogeneous"
    LUCENT = "lucent"


_TYPES = {
    CallusDensity.LOW: (1, 2, 3, 4),
    CallusDensity.INTERMEDIATE: (5, 6, 7, 8),
    CallusDensity.NORMAL: (None, 9, 10, None),
}


def li_type(density: CallusDensity, texture: CallusTexture) -> int | None:
    """Number the type of a regenerate by density and texture.

    Parameters
    ----------
    density : CallusDensity
        Low, intermediate or normal.
    texture : CallusTexture
        Sparse, homogeneous, heterogeneous or lucent.

    Returns
    -------
    int or None
        1 to 10; None for the two pairs that the table leaves empty.

    References
    ----------
    .. [1] Table 1 of BMC Musculoskelet Disord 2013;14:302, after Li, Saleh, Yang and
       Coulton, J Orthop Res 2006.

    Examples
    --------
    >>> li_type(CallusDensity.INTERMEDIATE, CallusTexture.HETEROGENEOUS)
    7
    >>> li_type(CallusDensity.NORMAL, CallusTexture.SPARSE) is None
    True
    """
    return _TYPES[density][[*CallusTexture].index(texture)]

"""Where a regenerate is read: regions in the coordinates of the gap.

Along the bone, distances are counted from a cut end into native bone or into the gap;
across it, from the middle (0) to the outer edge of the native bone (1 medial, -1
lateral), on straight lines from one fragment's edge to the other's. Phantom and reader
mean the same regions, and each finds its own edges.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callotasis.worlds import Array

NATIVE_FROM_MM, NATIVE_TO_MM = 2.0, 12.0  # from the cut, on the detector
BAND = (0.62, 0.92)  # of the half width: inside the cortex of a shaft
GAP_MARGIN_MM = 1.0  # of the gap at each cut end
AXIS_FROM_MM, AXIS_TO_MM = 4.0, 44.0
SIDES = {"medial": 1.0, "lateral": -1.0}


def in_band(across: Array, side: str) -> npt.NDArray[np.bool_]:
    """Tell which places lie in the cortex of one side.

    Parameters
    ----------
    across : Array
        Any shape, in half widths of the native bone, medial positive [1].
    side : str
        ``medial`` or ``lateral``.

    Returns
    -------
    array of bool
        Same shape.

    References
    ----------
    .. [1] ``docs/callus.md``, "Regions".
    """
    depth = across * SIDES[side]
    return np.asarray((depth >= BAND[0]) & (depth <= BAND[1]))

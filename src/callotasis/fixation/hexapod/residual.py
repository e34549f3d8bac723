"""What is left of a deformity when the struts are turned, in every world."""

from __future__ import annotations

import numpy as np

from callotasis.fixation.hexapod.forward import FITS_MM, poses_from_struts
from callotasis.fixation.hexapod.frame import Frame, Placement
from callotasis.fixation.hexapod.mounting import fragment_after, parameters_of
from callotasis.fixation.hexapod.reading import Reading
from callotasis.worlds import Array


def residuals(
    frame: Frame,
    reading: Reading,
    struts_mm: tuple[Array, Array],
    ends: tuple[Placement, Placement],
    wanted: Placement,
) -> Array:
    """What is left when the struts are turned as prescribed.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    reading : Reading
        Of every world.
    struts_mm : tuple of Array
        First and last length of the six struts, as prescribed [mm].
    ends : tuple of Placement
        Poses of both in world 0 [mm].
    wanted : Placement
        The distal fragment as wanted [mm].

    Returns
    -------
    Array
        Shape (worlds, 6), in the order of ``PARAMETERS``; NaN where no pose fits
        [mm, deg].

    References
    ----------
    .. [1] The struts are turned by differences: a scale misread at the start is
       misread by as much at the end.
    """
    first, last = (lengths + reading.strut_error_mm for lengths in struts_mm)
    before, off_before = poses_from_struts(frame, first, ends[0])
    after, off_after = poses_from_struts(frame, last, ends[1])
    ring = reading.mounting.proximal_ring(reading.deformity, before)
    reached = fragment_after(ring, before, reading.deformity, after)
    left = Placement(
        reached.translation_mm - wanted.translation_mm,
        reached.rotation @ np.swapaxes(wanted.rotation, -1, -2),
    )
    found = parameters_of(left)
    found[~(np.maximum(off_before, off_after) <= FITS_MM)] = np.nan
    return found

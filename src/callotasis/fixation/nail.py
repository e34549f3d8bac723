"""How long a lengthening nail must be beyond the cut."""

from __future__ import annotations

from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Segment


def reach_beyond_cut(gain_mm: float) -> float:
    """How far a nail must reach into the moving fragment before distraction.

    At the end of distraction 50 mm of the wide tube still lie across the cut.

    Parameters
    ----------
    gain_mm : float
        Planned extension [mm].

    Returns
    -------
    float
        Exposed thin part + wide tube across the cut + gain [mm].

    References
    ----------
    .. [1] Evidence rows ``fixation.nail_thin_part``, ``fixation.nail_wide_across``.

    Examples
    --------
    >>> reach_beyond_cut(50.0), reach_beyond_cut(80.0)
    (130.0, 160.0)
    """
    thin = constant("fixation.nail_thin_part").value
    wide = constant("fixation.nail_wide_across").value
    return thin + wide + gain_mm


def reach_findings(
    segment: Segment, extension_mm: float, below_cut_mm: float
) -> list[Finding]:
    """Stop where the moving fragment is too short for the nail it needs.

    Parameters
    ----------
    segment : Segment
        The bone.
    extension_mm : float
        Planned extension [mm].
    below_cut_mm : float
        Bone beyond the cut, on the side that the nail must reach into [mm].

    Returns
    -------
    list of Finding
        Empty where the bone is long enough.

    References
    ----------
    .. [1] :func:`reach_beyond_cut`.
    """
    needed = reach_beyond_cut(extension_mm)
    if needed <= below_cut_mm:
        return []
    return [
        Finding(
            Level.STOP,
            "fixation.nail_reach",
            f"A nail for {extension_mm:g} mm must reach {needed:.0f} mm beyond the cut "
            f"of the {segment.words}; there are {below_cut_mm:.0f} mm of bone.",
            "Cut nearer to the end where the nail enters, or gain less.",
            "fixation.nail_wide_across",
            str(segment),
        )
    ]

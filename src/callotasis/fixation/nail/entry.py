"""Where a nail goes in: how far beside a landmark, in words and millimetres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.alignment import Limb
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.nail.canal import Canals
from callotasis.plan import Target
from callotasis.pose import Bone, Segment
from callotasis.worlds import Array, Interval, interval

_TROCHANTER = "tip of the greater trochanter"


@dataclass(frozen=True)
class Entry:
    """Where a nail goes into its bone, in the frontal plane.

    Attributes
    ----------
    landmark : str
        From which its place is told.
    offset_mm : Interval or None
        How far lateral of the landmark the nail passes, across the nail; None where
        the landmark was not placed [mm].
    words : str
        The same in words.
    to_cut_mm : float
        From the height of the landmark to the cut, along the nail [mm].
    """

    landmark: str
    offset_mm: Interval | None
    words: str
    to_cut_mm: float


def distance_to_knee(limb: Limb, canals: Canals) -> float:
    """From the cut to the height of the knee along the distal canal.

    Parameters
    ----------
    limb : Limb
        Before surgery; world 0 [mm].
    canals : Canals
        Of its femur [mm].

    Returns
    -------
    float
        [mm].

    References
    ----------
    .. [1] Plane geometry.
    """
    arm = limb.frontal("knee_centre")[0] - canals.distal.point[0]
    return float(arm @ canals.distal.distally[0])


def entry_of(limb: Limb, target: Target, canals: Canals, *, retrograde: bool) -> Entry:
    """Say where the line of a nail passes the landmark of its entry.

    From above a femur is entered beside the tip of the greater trochanter, a tibia
    beside the middle of its plateau; from below a femur beside the middle of the knee.

    Parameters
    ----------
    limb : Limb
        Before surgery [mm].
    target : Target
        For the bone.
    canals : Canals
        Of both parts [mm].
    retrograde : bool
        Whether the nail enters at the knee.

    Returns
    -------
    Entry
        Offset in every world, distance to the cut in world 0 [mm].

    References
    ----------
    .. [1] Planning facts 3.3, reverse planning, step 4.
    """
    segment = target.segment
    line = canals.distal if retrograde else canals.proximal
    name, seen = _landmark(limb, segment, retrograde=retrograde)
    place = limb.frontal("hip_centre") if seen is None else seen
    to_cut = abs(float((line.point[0] - place[0]) @ line.distally[0]))
    if seen is None:
        return Entry(name, None, f"not measured: the {name} was not marked", to_cut)
    across = np.stack([-line.distally[:, 1], line.distally[:, 0]], axis=1)
    offset = interval(np.sum((line.point - seen) * across, axis=1), "the entry")
    where = "lateral" if offset.value > 0 else "medial"
    words = f"{abs(offset.value):.0f} mm {where} of the {name}, {segment.words}"
    return Entry(name, offset, words, to_cut)


def entry_findings(
    segment: Segment, entry: Entry, *, retrograde: bool
) -> list[Finding]:
    """Say where the line of the nail leaves the bone beside any usual entry.

    Parameters
    ----------
    segment : Segment
        The bone.
    entry : Entry
        Of its nail.
    retrograde : bool
        Whether the nail enters at the knee.

    Returns
    -------
    list of Finding
        A caution where its whole interval lies beside them, a note where only its
        value does.

    References
    ----------
    .. [1] Evidence rows ``fixation.entry_trochanter``, ``fixation.entry_notch`` and
       ``fixation.entry_plateau``.
    """
    row = constant(_USUAL[segment.bone, retrograde])
    offset = entry.offset_mm
    if offset is None or row.low <= offset.value <= row.high:
        return []
    proven = offset.low > row.high or offset.high < row.low
    return [
        Finding(
            Level.CAUTION if proven else Level.NOTE,
            "nail.entry",
            f"The line of the nail passes {entry.words}; its interval is "
            f"{offset.low:.0f} to {offset.high:.0f} mm, usual entries lie from "
            f"{row.low:g} to {row.high:g} mm (lateral +).",
            "Check the marked shaft and the landmark; the canal of this bone may not "
            "lead a straight nail to a usual entry.",
            row.key,
            str(segment),
        )
    ]


_USUAL = {
    (Bone.FEMUR, False): "fixation.entry_trochanter",
    (Bone.FEMUR, True): "fixation.entry_notch",
    (Bone.TIBIA, False): "fixation.entry_plateau",
}


def _landmark(
    limb: Limb, segment: Segment, *, retrograde: bool
) -> tuple[str, Array | None]:
    """Name and place of the landmark of an entry; no place where it was not marked."""
    if retrograde:
        return "middle of the knee", limb.frontal("knee_centre")
    if segment.bone is Bone.FEMUR:
        placed = limb.has("troch_tip")
        return _TROCHANTER, limb.frontal("troch_tip") if placed else None
    ends = ("tib_plateau_med", "tib_plateau_lat")
    if not limb.has(*ends):
        return "middle of the knee", limb.frontal("knee_centre")
    middle = (limb.frontal(ends[0]) + limb.frontal(ends[1])) / 2
    return "middle of the plateau", np.asarray(middle)

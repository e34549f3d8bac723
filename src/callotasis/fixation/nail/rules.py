"""How long a lengthening nail must be, how long it runs, and what limits it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.catalogue import Device, Kind
from callotasis.pose import Bone, Segment


@dataclass(frozen=True)
class Controller:
    """Time on the controller of a nail.

    Attributes
    ----------
    sessions : int
        How many in all.
    minutes_per_session, minutes_per_day, hours_in_all : float or None
        None where the catalogue has no time for the device [min, min, h].
    reversible : bool
        Whether the nail can be run back.
    """

    sessions: int
    minutes_per_session: float | None
    minutes_per_day: float | None
    hours_in_all: float | None
    reversible: bool


@dataclass(frozen=True)
class BlockingScrew:
    """A screw beside the nail that keeps a short part from leaning.

    Attributes
    ----------
    place : str
        Where it goes, in words.
    against : str
        What it keeps from happening.
    evidence : str
        Row that says which way the bone leans.
    """

    place: str
    against: str
    evidence: str


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


def controller_time(
    device: Device, extension_mm: float, rate_mm_per_day: float, rhythm_per_day: int
) -> Controller:
    """How often and how long the controller runs.

    Parameters
    ----------
    device : Device
        A nail of the catalogue.
    extension_mm : float
        In all [mm].
    rate_mm_per_day : float
        As prescribed [mm/day].
    rhythm_per_day : int
        Sessions a day.

    Returns
    -------
    Controller
        ceil(extension / turn) sessions [min, h].

    Raises
    ------
    DeviceRefusal
        If rate or rhythm is not above 0.

    References
    ----------
    .. [1] Planning facts 4; the device's own ``source``.

    Examples
    --------
    >>> from callotasis.fixation.catalogue import every_device
    >>> nail = every_device()["example-nail"]
    >>> time = controller_time(nail, 50.0, 1.0, 4)
    >>> time.sessions, time.minutes_per_session, time.minutes_per_day
    (200, 1.75, 7.0)
    """
    if rate_mm_per_day <= 0 or rhythm_per_day < 1:
        raise DeviceRefusal(
            f"{rate_mm_per_day:g} mm a day in {rhythm_per_day} sessions; allowed is "
            "more than 0 mm in 1 session or more"
        )
    turn = rate_mm_per_day / rhythm_per_day
    # A millionth of a turn is rounding, not another session.
    sessions = math.ceil(extension_mm / turn - 1e-6)
    minutes = device.minutes_per_mm
    if not minutes:
        return Controller(sessions, None, None, None, device.reversible)
    return Controller(
        sessions,
        turn * minutes,
        rate_mm_per_day * minutes,
        extension_mm * minutes / 60,
        device.reversible,
    )


def blocking_screws(segment: Segment, level_share: float) -> tuple[BlockingScrew, ...]:
    """Where screws beside the nail keep the shorter part from leaning.

    They go on the hollow side of the bend that is to be feared, into the shorter
    part, beside the nail and near the cut.

    Parameters
    ----------
    segment : Segment
        The bone.
    level_share : float
        Level of the cut as a share of the bone, from its proximal joint [1].

    Returns
    -------
    tuple of BlockingScrew
        One for each plane.

    References
    ----------
    .. [1] Planning facts 3.3; evidence rows ``fixation.lean_*``. All four bend with
       the apex forward.

    Examples
    --------
    >>> [s.place for s in blocking_screws(Segment.parse("R.tibia"), 0.25)]
    ['lateral to the nail in the proximal part', 'behind the nail in the proximal part']
    """
    half = 0.5
    part = "proximal" if level_share < half else "distal"
    row = constant(_LEAN[segment.bone, part])
    valgus = row.value > 0
    hollow, lean = ("lateral to", "valgus") if valgus else ("medial to", "varus")
    return (
        BlockingScrew(f"{hollow} the nail in the {part} part", lean, row.key),
        BlockingScrew(
            f"behind the nail in the {part} part", "an apex forward", row.key
        ),
    )


_LEAN = {
    (Bone.FEMUR, "proximal"): "fixation.lean_proximal_femur",
    (Bone.FEMUR, "distal"): "fixation.lean_distal_femur",
    (Bone.TIBIA, "proximal"): "fixation.lean_proximal_tibia",
    (Bone.TIBIA, "distal"): "fixation.lean_distal_tibia",
}


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


def stroke_findings(
    segment: Segment, device: Device, extension_mm: float
) -> list[Finding]:
    """Caution where a nail is drawn out so far that it may not run again.

    Parameters
    ----------
    segment : Segment
        The bone.
    device : Device
        Its nail.
    extension_mm : float
        Planned extension [mm].

    Returns
    -------
    list of Finding
        Empty where enough stroke remains.

    References
    ----------
    .. [1] Evidence row ``fixation.nail_reserve``.
    """
    row, left = constant("fixation.nail_reserve"), device.stroke_mm - extension_mm
    if left >= row.value:
        return []
    return [
        Finding(
            Level.CAUTION,
            "nail.stroke",
            f"The nail of the {segment.words} is drawn out to within {left:g} mm of "
            f"its stroke of {device.stroke_mm:g} mm; below {row.value:g} mm it may not "
            "run again.",
            "Gain less if the nail is to be used again, or plan for another one.",
            row.key,
            str(segment),
        )
    ]


def label_findings(
    devices: Mapping[Segment, Device], age_years: float | None
) -> list[Finding]:
    """Compare all nails of one plan with what their label allows.

    Parameters
    ----------
    devices : dict of Segment to Device
        Of the whole plan.
    age_years : float or None
        If anybody said it [year].

    Returns
    -------
    list of Finding
        Cautions for too many nails at once and for a young patient.

    References
    ----------
    .. [1] Evidence rows ``fixation.nails_at_once`` and ``fixation.nail_age``.
    """
    nails = [s for s, device in devices.items() if device.kind is Kind.NAIL]
    most, youngest = constant("fixation.nails_at_once"), constant("fixation.nail_age")
    found = []
    if len(nails) > most.value:
        found.append(
            Finding(
                Level.CAUTION,
                "nail.at_once",
                f"{len(nails)} lengthening nails at one time; the label read here "
                f"allows {most.value:g} in one patient.",
                "Do it in two stages, or say why not.",
                most.key,
            )
        )
    if nails and age_years is not None and age_years <= youngest.value:
        found.append(
            Finding(
                Level.CAUTION,
                "nail.age",
                f"A lengthening nail at {age_years:g} years; the label read here "
                f"begins above {youngest.value:g}.",
                "Read the maker's instructions for this age.",
                youngest.key,
            )
        )
    return found

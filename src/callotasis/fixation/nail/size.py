"""Whether a nail fits its bone: thickness in its canal, straightness in its bow."""

from __future__ import annotations

import math
from dataclasses import dataclass

from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.catalogue import Device
from callotasis.pose import Segment
from callotasis.worlds import Interval


@dataclass(frozen=True)
class Thickness:
    """The thickest nail that the bone takes, where its canal was marked.

    Attributes
    ----------
    diameter_mm, reamed_mm : float
        Of the nail, and to which its canal is reamed [mm].
    canal_mm : Interval
        As it is now, where it was marked [mm].
    cortex_left_mm : float or None
        On each side after reaming; None where no outer edge was marked [mm].
    fits : bool
        Whether a nail of the catalogue fits at all; else the thinnest is named.
    """

    diameter_mm: float
    reamed_mm: float
    canal_mm: Interval
    cortex_left_mm: float | None
    fits: bool

    @property
    def room_mm(self) -> float:
        """How much wider than the nail its canal is once it is reamed [mm]."""
        return self.reamed_mm - self.diameter_mm


@dataclass(frozen=True)
class Bow:
    """A straight nail in a bone that is bowed forward.

    Attributes
    ----------
    radius_mm : Interval
        Of the shaft, from a lateral film [mm].
    over_nail_mm, over_part_mm : float
        How far the shaft bows along the whole nail, and along the longer of its two
        stretches above and below the cut [mm].
    room_mm : float
        How much wider the canal is than the nail [mm].
    straightened_deg : float
        Angle that a straight nail takes out of the shaft at the cut [deg].
    """

    radius_mm: Interval
    over_nail_mm: float
    over_part_mm: float
    room_mm: float
    straightened_deg: float


def thickness_of(
    device: Device, canal_mm: Interval, outer_mm: Interval | None
) -> Thickness:
    """Choose the thickest nail that the bone takes.

    Parameters
    ----------
    device : Device
        A nail of the catalogue.
    canal_mm : Interval
        Width of the canal where it was marked [mm].
    outer_mm : Interval or None
        Outer width of the bone there; without it no cortex may be reamed away [mm].

    Returns
    -------
    Thickness
        From the nominal widths [mm].

    References
    ----------
    .. [1] Evidence rows ``fixation.nail_over_ream`` and ``fixation.nail_cortex_left``.
    """
    over = constant("fixation.nail_over_ream").value
    left = constant("fixation.nail_cortex_left").value
    widest = canal_mm.value if outer_mm is None else outer_mm.value - 2 * left
    sizes = sorted(device.diameters_mm)
    fitting = [d for d in sizes if d + over <= max(widest, canal_mm.value)]
    diameter = fitting[-1] if fitting else sizes[0]
    reamed = max(diameter + over, canal_mm.value)
    return Thickness(
        diameter,
        reamed,
        canal_mm,
        None if outer_mm is None else (outer_mm.value - reamed) / 2,
        bool(fitting),
    )


def bow_over(length_mm: float, radius_mm: float) -> float:
    """How far a shaft bows away from a straight line of this length.

    Parameters
    ----------
    length_mm : float
        Of the line between both ends, up to twice the radius [mm].
    radius_mm : float
        Of the shaft [mm].

    Returns
    -------
    float
        R - sqrt(R² - L²/4) [mm].

    References
    ----------
    .. [1] Plane geometry: the sagitta of an arc.

    Examples
    --------
    >>> round(bow_over(200, 1000), 2)
    5.01
    """
    return radius_mm - math.sqrt(radius_mm**2 - length_mm**2 / 4)


def bow_of(radius_mm: Interval, parts_mm: tuple[float, float], room_mm: float) -> Bow:
    """Hold a straight nail against the bow of the shaft.

    Parameters
    ----------
    radius_mm : Interval
        Of the shaft, from a lateral film [mm].
    parts_mm : tuple of float
        Nail from its entry to the cut, and beyond the cut [mm].
    room_mm : float
        How much wider the canal is than the nail [mm].

    Returns
    -------
    Bow
        From the nominal radius [mm, deg].

    References
    ----------
    .. [1] A straight nail lies in a canal bowed by s if the canal is wider by s: it
       touches the hollow wall in the middle and the other one at both ends. Nails
       that touch in front: JOSR 2016, s13018-016-0345-6.
    """
    radius = radius_mm.value
    whole = min(sum(parts_mm), 2 * radius)
    return Bow(
        radius_mm,
        bow_over(whole, radius),
        bow_over(min(max(parts_mm), 2 * radius), radius),
        room_mm,
        math.degrees(sum(parts_mm) / 2 / radius),
    )


def thickness_findings(
    segment: Segment, device: Device, thickness: Thickness | None
) -> list[Finding]:
    """Say where no nail fits, or where nobody marked the canal.

    Parameters
    ----------
    segment : Segment
        The bone.
    device : Device
        Its nail.
    thickness : Thickness or None
        None where nobody marked the canal.

    Returns
    -------
    list of Finding
        At most one.

    References
    ----------
    .. [1] Evidence rows ``fixation.nail_over_ream`` and ``fixation.nail_cortex_left``.
    """
    over = constant("fixation.nail_over_ream")
    if thickness is None:
        return [
            Finding(
                Level.NOTE,
                "nail.canal_width",
                f"Nobody marked the width of the canal of the {segment.words}: no "
                "thickness of its nail is chosen.",
                "Mark both inner and both outer edges of the cortex at the narrowest.",
                over.key,
                str(segment),
            )
        ]
    canal = thickness.canal_mm
    if not thickness.fits:
        judged = thickness.cortex_left_mm is not None
        return [
            Finding(
                Level.STOP if judged else Level.CAUTION,
                "nail.too_thick",
                f"The thinnest {device.name} is {thickness.diameter_mm:g} mm and wants "
                f"{thickness.reamed_mm:g} mm of canal; that of the {segment.words} is "
                f"{canal.value:.1f} mm ({canal.low:.1f} to {canal.high:.1f})"
                + (
                    " and its cortex is too thin to be reamed so far."
                    if judged
                    else ", and nobody marked how thick its cortex is."
                ),
                "Choose a thinner nail or another device."
                if judged
                else "Mark both outer edges of the cortex there.",
                "fixation.nail_cortex_left",
                str(segment),
            )
        ]
    left = thickness.cortex_left_mm
    least = constant("fixation.nail_cortex_left").value
    if left is not None and left < least:
        return [
            Finding(
                Level.CAUTION,
                "nail.thin_cortex",
                f"The cortex of the {segment.words} is {left:.1f} mm thick beside the "
                f"nail; usual is {least:g} mm or more.",
                "Look at the bone's strength before a nail is hammered into it.",
                "fixation.nail_cortex_left",
                str(segment),
            )
        ]
    return []


def bow_findings(
    segment: Segment, bow: Bow | None, cortex_mm: float | None
) -> list[Finding]:
    """Say where a straight nail does not lie in a bowed shaft.

    Parameters
    ----------
    segment : Segment
        The bone.
    bow : Bow or None
        None where no lateral film shows it.
    cortex_mm : float or None
        Of cortex beside the nail; None where it was not marked [mm].

    Returns
    -------
    list of Finding
        A stop where the nail would leave the bone, a caution where it touches, a note
        where nobody knows.

    References
    ----------
    .. [1] Evidence rows ``fixation.nail_over_ream`` and ``fixation.nail_cortex_left``.
    """
    if bow is None:
        return [
            Finding(
                Level.NOTE,
                "nail.bow_unseen",
                f"No lateral film shows how far the {segment.words} is bowed: whether "
                "a straight nail lies in it is not judged.",
                "Add a lateral film with three mid-shaft points.",
                about=str(segment),
            )
        ]
    row = constant("fixation.nail_cortex_left")
    wall = row.value if cortex_mm is None else cortex_mm
    words = (
        f"A straight nail in the {segment.words}, bowed with a radius of "
        f"{bow.radius_mm.value:.0f} mm ({bow.radius_mm.low:.0f} to "
        f"{bow.radius_mm.high:.0f}): "
    )
    if bow.over_part_mm > bow.room_mm + wall:
        return [
            Finding(
                Level.STOP,
                "nail.bow",
                f"{words}one part alone bows {bow.over_part_mm:.1f} mm along the nail, "
                f"its canal is {bow.room_mm:.1f} mm wider than the nail and its wall "
                f"{wall:.1f} mm thick.",
                "Cut nearer to the middle of the bow, or take another device.",
                row.key,
                str(segment),
            )
        ]
    if bow.over_nail_mm > bow.room_mm:
        return [
            Finding(
                Level.CAUTION,
                "nail.bow",
                f"{words}it bows {bow.over_nail_mm:.1f} mm along the nail, the canal "
                f"is {bow.room_mm:.1f} mm wider than the nail.",
                f"Ream wider at the back, or let the cut open by up to "
                f"{bow.straightened_deg:.0f}° as the shaft comes straight; watch the "
                "tip in front.",
                "fixation.nail_over_ream",
                str(segment),
            )
        ]
    return []

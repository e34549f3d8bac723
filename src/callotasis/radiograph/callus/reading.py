"""Reading a callus: from a film and two points on it to figures with intervals."""

from __future__ import annotations

from dataclasses import dataclass

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, by_urgency
from callotasis.pose import Segment
from callotasis.radiograph.callus.absorbed import Absorbed, absorbed
from callotasis.radiograph.callus.figures import (
    axis_drift,
    bridged_cortices,
    gap_length,
    least_ratio,
    narrowest_width,
    ratio_of,
    shaped_grey,
    why_unread,
)
from callotasis.radiograph.callus.gap_ends import (
    LEAST_SIGMA,
    CutEnd,
    coarse_ends,
    fine_end,
)
from callotasis.radiograph.callus.levels import levels_of
from callotasis.radiograph.callus.li import (
    CallusDensity,
    CallusShape,
    CallusTexture,
)
from callotasis.radiograph.callus.looks import look_of, widths_of
from callotasis.radiograph.callus.marks import cut_ends_px, regions_px
from callotasis.radiograph.callus.notices import (
    NO_SCALE,
    narrow,
    not_read,
    said_of_film,
)
from callotasis.radiograph.callus.outline import Fragment, fragment_of
from callotasis.radiograph.callus.readable import (
    hidden_cortices,
    straight_film,
    under_metal,
)
from callotasis.radiograph.callus.regions import SIDES
from callotasis.radiograph.callus.straight import Straight
from callotasis.radiograph.film import Film
from callotasis.worlds import Interval


@dataclass(frozen=True)
class Callus:
    """A regenerate as one film shows it.

    Attributes
    ----------
    segment : str
        Like ``R.femur``.
    gap_mm : Interval
        Between the cut ends along the bone; in the bone if a scale was given, else on
        the detector [mm].
    scaled : bool
        Whether lengths are those in the bone.
    ratio : dict of str to Interval
        ``medial`` and ``lateral``: absorption of the regenerate's cortex above that of
        soft tissue over that of the native cortex beside it; a side that could not be
        read is missing [1].
    least_ratio : dict of str to Interval
        Least of each cortex along the gap, averaged over 2 mm [1].
    width_ratio : Interval
        Narrowest width of the regenerate over the native width [1].
    shape : CallusShape or None
        After Li; None where no callus is seen.
    density : CallusDensity or None
        After Li, by the share of the native cortex inside the outline.
    texture : CallusTexture or None
        After Li; None beside a nail, too.
    li_type : int or None
        1 to 10 by density and texture.
    bridged_cortices : Interval
        Of the two that a frontal film shows.
    axis_drift_deg : Interval
        Distal against proximal fragment, valgus positive [deg].
    cut_ends_px : tuple
        Upper and lower cut end in the middle of the bone, (column, row) [px].
    regions_px : dict of str to tuple
        Corners of the regions by name, each (column, row) [px].
    findings : tuple of Finding
        What to know about the reading.
    """

    segment: str
    gap_mm: Interval
    scaled: bool
    ratio: dict[str, Interval]
    least_ratio: dict[str, Interval]
    width_ratio: Interval
    shape: CallusShape | None
    density: CallusDensity | None
    texture: CallusTexture | None
    li_type: int | None
    bridged_cortices: Interval
    axis_drift_deg: Interval
    cut_ends_px: tuple[tuple[float, float], tuple[float, float]]
    regions_px: dict[str, tuple[tuple[float, float], ...]]
    findings: tuple[Finding, ...] = ()


def read_callus(
    film: Film,
    segment: str,
    above: tuple[float, float],
    below: tuple[float, float],
    mm_per_px: Interval | None = None,
) -> Callus:
    """Read the regenerate of one bone off a frontal film.

    Parameters
    ----------
    film : Film
        Frontal; its header must say how pixels follow the exposure.
    segment : str
        Like ``R.femur``.
    above, below : tuple of float
        Column and row of a point in the middle of the bone 10 to 60 mm above the gap
        and of one below it [px].
    mm_per_px : Interval, optional
        Size of a pixel in the plane of the bone, from a nail, rings or a ball [mm].

    Returns
    -------
    Callus
        With intervals of 95 %.

    Raises
    ------
    FilmRefusal
        If the points lie off the film, no gap is found between them, the processing of
        the film is unknown, pixels are saturated, or metal or another bone lies over
        both cortices.

    References
    ----------
    .. [1] ``docs/callus.md``; rows ``callus.*``; followup facts 3.2.
    """
    bone, findings = straight_film(film, Segment.parse(segment), above, below)
    upper, lower, ends = _both_ends(bone)
    levels = levels_of(bone, upper, lower, (ends[0].slant, ends[1].slant))
    hidden = hidden_cortices(film, bone, levels, (upper, lower))
    seen = absorbed(levels)
    hidden = under_metal(seen.excess, levels) | hidden
    ratio, unread = _ratios(seen, hidden, segment, shaped=shaped_grey(film))
    least = {
        side: least_ratio(seen, bone, side, (upper, lower), read)
        for side, read in ratio.items()
    }
    widths = widths_of(seen)
    width = narrowest_width(widths)
    more = [narrow(width, segment)] if _too_narrow(width) else []
    look = look_of(seen, widths)
    return Callus(
        segment=segment,
        gap_mm=gap_length(film, ends, mm_per_px),
        scaled=mm_per_px is not None,
        ratio=ratio,
        least_ratio=least,
        width_ratio=width,
        shape=look.shape,
        density=look.density,
        texture=look.texture,
        li_type=look.li_type,
        bridged_cortices=bridged_cortices(least),
        axis_drift_deg=axis_drift(upper, lower),
        cut_ends_px=cut_ends_px(bone, upper, lower),
        regions_px=regions_px(bone, upper, lower),
        findings=by_urgency(
            (
                *(findings + unread + more),
                *said_of_film(film),
                *(() if mm_per_px is not None else (NO_SCALE,)),
            )
        ),
    )


def _too_narrow(width: Interval) -> bool:
    return width.high < constant("callus.width_loss").value


def _ratios(
    seen: Absorbed, hidden: dict[str, str], segment: str, *, shaped: bool
) -> tuple[dict[str, Interval], list[Finding]]:
    """Ratio of each cortex that can be read, and why the others cannot."""
    ratio, unread = {}, []
    for side in SIDES:
        read = ratio_of(seen, side, shaped=shaped)
        why = hidden.get(side) or why_unread(seen, side, read)
        if why or read is None:
            unread.append(not_read(side, why, segment))
        else:
            ratio[side] = read
    if not ratio:
        raise FilmRefusal(" ".join(finding.sentence for finding in unread))
    return ratio, unread


def _both_ends(bone: Straight) -> tuple[Fragment, Fragment, tuple[CutEnd, CutEnd]]:
    """Fragments with their cut ends in place."""
    coarse = coarse_ends(bone, bone.frame.length_mm)
    room = coarse[1] - coarse[0]
    fragments, ends = [], []
    for start, upper in zip(coarse, (True, False), strict=True):
        fragment = fragment_of(bone, start, upper=upper)
        end = fine_end(bone, fragment, room)
        if end.sigmas < LEAST_SIGMA:
            word = "upper" if upper else "lower"
            raise FilmRefusal(
                f"no gap found: the {word} cut end stands out by {end.sigmas:.1f} "
                f"standard deviations; needed are {LEAST_SIGMA:g}"
            )
        fragments.append(fragment.moved(end.along_mm))
        ends.append(end)
    return fragments[0], fragments[1], (ends[0], ends[1])

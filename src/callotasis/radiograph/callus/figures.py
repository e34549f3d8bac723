"""Figures of a regenerate with their intervals: ratios, width, gap and axis."""

from __future__ import annotations

import numpy as np

from callotasis.evidence import constant
from callotasis.radiograph.callus.absorbed import Absorbed
from callotasis.radiograph.callus.gap_ends import CutEnd
from callotasis.radiograph.callus.levels import BAND_STEP_MM, Where, band_places
from callotasis.radiograph.callus.looks import Widths, least_along
from callotasis.radiograph.callus.outline import Fragment
from callotasis.radiograph.callus.regions import AXIS_FROM_MM, SIDES, in_band
from callotasis.radiograph.callus.straight import Straight
from callotasis.radiograph.film import Film
from callotasis.worlds import NORMAL_95, Array, Interval

LEAST_STRIP = 6  # places on one side, below which its ground hangs on the other side
END_SD_MM = 0.12  # of a cut end besides noise: a cut is not quite plane nor square
AXIS_SD_DEG = 0.15  # of an axis besides noise: a shaft is not quite straight
GROUND_SHARE = 0.8  # of the field's own scatter, found on synthetic films
RATIO_SD, RATIO_SD_SHARE = 0.008, 0.010  # besides the ground: regions, scattered rays
SHAPED_SD = 0.012  # more where the maker shaped the grey scale
WIDTH_SD = 0.035
MOST_DOUBT = 0.15  # of a ratio: half its interval


def shaped_grey(film: Film) -> bool:
    """Whether the maker shaped the grey scale of a film for the eye.

    Parameters
    ----------
    film : Film
        As it was read.

    Returns
    -------
    bool
        True where the file does not say FOR PROCESSING.

    References
    ----------
    .. [1] DICOM PS3.3 C.8.11.1 (Presentation Intent Type).
    """
    return film.processing is None or film.processing.presented


def why_unread(seen: Absorbed, side: str, read: Interval | None) -> str:
    """Say why one cortex cannot be read; empty where it can.

    Parameters
    ----------
    seen : Absorbed
        What bone and callus absorb.
    side : str
        ``medial`` or ``lateral``.
    read : Interval or None
        Its ratio.

    Returns
    -------
    str
        The reason.

    References
    ----------
    .. [1] ``docs/callus.md``, "Refused".
    """
    if read is None:
        return "the native cortex is no brighter than soft tissue beside it"
    near = np.median(seen.beside[side].other - seen.levels.half)
    if near < 1.0:
        return "another bone or metal lies at its edge"
    if np.median(seen.strip[side]) < LEAST_STRIP / 3:
        return "no soft tissue is seen beside it"
    doubt = (read.high - read.low) / 2
    if doubt > MOST_DOUBT:
        return f"its ratio would be known to ± {doubt:.2f}; allowed is {MOST_DOUBT:g}"
    return ""


def ratio_of(seen: Absorbed, side: str, *, shaped: bool) -> Interval | None:
    """Pixel value ratio of one cortex: regenerate over native, above the ground.

    Parameters
    ----------
    seen : Absorbed
        What bone and callus absorb.
    side : str
        ``medial`` or ``lateral``.
    shaped : bool
        Whether the maker shaped the grey scale.

    Returns
    -------
    Interval or None
        None where the native cortex is no brighter than soft tissue [1].

    References
    ----------
    .. [1] ``docs/callus.md``, "The ratio"; followup facts 3.2.
    """
    excess, variance = seen.excess[side], seen.variance[side]
    levels = seen.levels
    gap = levels.part(Where.GAP)
    native = native_cortex(excess, seen)
    if not native > 0:
        return None
    value = float(excess[gap].mean()) / native
    ground = GROUND_SHARE**2 * (
        float(variance[gap].mean()) + value**2 * float(variance[~gap].mean())
    )
    more = RATIO_SD**2 + (RATIO_SD_SHARE * value) ** 2
    more += SHAPED_SD**2 * 4 * value * (1 - value) if shaped and 0 < value < 1 else 0
    sd = float(np.sqrt(ground / native**2 + more))
    return _interval(value, sd)


def native_cortex(excess: Array, seen: Absorbed) -> float:
    """Mean of the native cortex above and below, each side of the gap alike.

    Parameters
    ----------
    excess : Array
        Shape (n,), what each level's cortex absorbs above the ground [1].
    seen : Absorbed
        With its levels.

    Returns
    -------
    float
        [1].

    References
    ----------
    .. [1] Followup facts 3.2.
    """
    parts = [
        excess[seen.levels.part(where)].mean() for where in (Where.ABOVE, Where.BELOW)
    ]
    return float(np.mean(parts))


def _interval(value: float, sd: float) -> Interval:
    wide = NORMAL_95 * sd
    return Interval(value, value - wide, value + wide)


def least_ratio(
    seen: Absorbed,
    bone: Straight,
    side: str,
    fragments: tuple[Fragment, Fragment],
    ratio: Interval,
) -> Interval:
    """Least of one cortex along the gap, averaged over 2 mm.

    Parameters
    ----------
    seen : Absorbed
        What bone and callus absorb.
    bone : Straight
        Laid straight.
    side : str
        ``medial`` or ``lateral``.
    fragments : tuple of Fragment
        Native bone above and below the gap.
    ratio : Interval
        Of this cortex [1].

    Returns
    -------
    Interval
        Over the native cortex [1].

    References
    ----------
    .. [1] ``docs/callus.md``.
    """
    levels = seen.levels
    gap = levels.part(Where.GAP)
    length = fragments[1].end_mm - fragments[0].end_mm
    at, across = band_places(*fragments, side)[Where.GAP]
    values = bone.sampled(at, across).mean(axis=1)
    along = (at[:, 0] - fragments[0].end_mm) / length
    across_all = levels.offset / levels.half[:, None]
    ground = [
        seen.ground[k][in_band(across_all[k], side)].mean() for k in np.flatnonzero(gap)
    ]
    held = values - np.interp(along, levels.along[gap], ground)
    value = least_along(held, BAND_STEP_MM) / native_cortex(seen.excess[side], seen)
    sd = float(np.hypot(ratio.sd, 0.03))
    return _interval(value, sd)


def bridged_cortices(least: dict[str, Interval]) -> Interval:
    """Count the cortices that run from end to end.

    Parameters
    ----------
    least : dict of str to Interval
        Least ratio of each cortex that was read [1].

    Returns
    -------
    Interval
        Of two; a cortex that was not read counts at the upper end.

    References
    ----------
    .. [1] Row ``callus.bridged``.
    """
    limit = constant("callus.bridged").value
    counts = [
        float(sum(getattr(i, end) >= limit for i in least.values()))
        for end in ("value", "low", "high")
    ]
    unknown = len(SIDES) - len(least)
    return Interval(counts[0], counts[1], counts[2] + unknown)


def narrowest_width(widths: Widths) -> Interval:
    """Narrowest width of the regenerate over the native width.

    Parameters
    ----------
    widths : Widths
        Outline level by level.

    Returns
    -------
    Interval
        [1].

    References
    ----------
    .. [1] Row ``callus.width_loss``.
    """
    total = widths.total
    value = float(total.min())
    return _interval(value, float(np.hypot(WIDTH_SD, widths.scatter)))


def axis_drift(upper: Fragment, lower: Fragment) -> Interval:
    """Turn of the distal fragment's middle line, valgus positive.

    Parameters
    ----------
    upper, lower : Fragment
        Native bone above and below the gap.

    Returns
    -------
    Interval
        [deg].

    References
    ----------
    .. [1] ``docs/callus.md``.
    """
    (first, sd_first), (second, sd_second) = (
        fragment.lean(AXIS_FROM_MM) for fragment in (upper, lower)
    )
    value = float(np.degrees(np.arctan(first) - np.arctan(second)))
    sd = float(np.hypot(np.degrees(np.hypot(sd_first, sd_second)), AXIS_SD_DEG))
    return _interval(value, sd)


def gap_length(
    film: Film,
    ends: tuple[CutEnd, CutEnd],
    mm_per_px: Interval | None,
) -> Interval:
    """Length of the gap, in the bone where there is a scale, else on the detector.

    Parameters
    ----------
    film : Film
        For its pitch.
    ends : tuple of CutEnd
        Upper and lower one.
    mm_per_px : Interval or None
        Size of a pixel in the plane of the bone [mm].

    Returns
    -------
    Interval
        [mm].

    References
    ----------
    .. [1] ``docs/callus.md``.
    """
    upper, lower = ends
    detector = lower.along_mm - upper.along_mm
    sd = float(np.sqrt(upper.sd_mm**2 + lower.sd_mm**2 + 2 * END_SD_MM**2))
    if mm_per_px is None or film.spacing_mm is None:
        return _interval(detector, sd)
    scale = mm_per_px.value / film.spacing_mm[0]
    scale_sd = mm_per_px.sd / mm_per_px.value
    value = detector * scale
    return _interval(value, float(np.hypot(sd * scale, value * scale_sd)))

"""Whether a film can be read at all: points, processing, saturation, metal."""

from __future__ import annotations

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.findings import Finding, Level
from callotasis.pose import Segment, Side
from callotasis.radiograph.callus.levels import Levels, Where, band_places
from callotasis.radiograph.callus.outline import Fragment
from callotasis.radiograph.callus.regions import SIDES, in_band
from callotasis.radiograph.callus.straight import (
    Straight,
    below_metal,
    frame_between,
    straightened,
)
from callotasis.radiograph.film import Film
from callotasis.worlds import Array

SATURATED_SHARE = 0.2  # a fifth of a noisy cortex cut off takes 2 % from its mean
METAL = 2.4  # times what the other cortex or the other levels hold
STEP_MM = 0.14


def straight_film(
    film: Film,
    segment: Segment,
    above: tuple[float, float],
    below: tuple[float, float],
) -> tuple[Straight, list[Finding]]:
    """Turn a film into absorption along a bone.

    Parameters
    ----------
    film : Film
        Frontal.
    segment : Segment
        Which bone.
    above, below : tuple of float
        Column and row of two points on it [px].

    Returns
    -------
    tuple of Straight and list of Finding
        The bone laid straight, and what was taken for granted.

    Raises
    ------
    FilmRefusal
        If processing, pixel size, side or points do not allow it.

    References
    ----------
    .. [1] ``docs/callus.md``, "Refused".
    """
    if film.processing is None:
        raise FilmRefusal(
            f"a {film.kind} says nothing about how its greys follow the exposure; "
            "needed is a DICOM film"
        )
    if film.lateral:
        raise FilmRefusal(
            "the film shows the leg from the side; medial and lateral cortex are read "
            "on a frontal film"
        )
    if film.spacing_mm is None:
        raise FilmRefusal("the file has no size of its pixels; needed in millimetres")
    if film.contradicts(segment.side):
        raise FilmRefusal(
            f"the film says that it shows side {film.laterality}; asked for is "
            f"{segment}"
        )
    for word, (column, row) in (("above", above), ("below", below)):
        if not (0 <= column < film.columns and 0 <= row < film.rows):
            raise FilmRefusal(
                f"the point {word} the gap ({column:g}, {row:g}) lies off the film of "
                f"{film.columns} × {film.rows} pixels"
            )
    findings = [_SIDE_ASSUMED] if film.columns_to_left is None else []
    to_left = film.columns_to_left is not False
    right = 1.0 if (segment.side is Side.RIGHT) == to_left else -1.0
    frame = frame_between(above, below, film.spacing_mm, right)
    values = film.processing.absorption(film.pixels)
    return below_metal(straightened(values, frame, STEP_MM)), findings


_SIDE_ASSUMED = Finding(
    Level.CAUTION,
    "callus.side_assumed",
    "The file does not say which way its columns run; the patient's right is taken to "
    "lie on the left of the film.",
    "Check medial and lateral against the marker.",
)


def hidden_cortices(
    film: Film,
    bone: Straight,
    levels: Levels,
    fragments: tuple[Fragment, Fragment],
) -> dict[str, str]:
    """Name each cortex that saturation or the film's border hides.

    Parameters
    ----------
    film : Film
        For its pixels as they are.
    bone : Straight
        Laid straight.
    levels : Levels
        Profiles across the bone.
    fragments : tuple of Fragment
        Native bone above and below the gap.

    Returns
    -------
    dict of str to str
        Why a side is not read.

    References
    ----------
    .. [1] Many pixels alike at the top of a region are saturated.
    """
    hidden = {}
    across = levels.offset / levels.half[:, None]
    for side in SIDES:
        if not np.isfinite(levels.values[in_band(across, side)]).all():
            hidden[side] = "part of it lies off the film"
            continue
        worst = _saturated_share(film, bone, fragments, side)
        if worst > SATURATED_SHARE:
            hidden[side] = f"{worst:.0%} of the pixels of one region are saturated"
    return hidden


def under_metal(excess: dict[str, Array], levels: Levels) -> dict[str, str]:
    """Name each cortex that metal lies over.

    Parameters
    ----------
    excess : dict of str to Array
        By side, what each level's cortex absorbs above the ground, shape (n,) [1].
    levels : Levels
        The levels.

    Returns
    -------
    dict of str to str
        Why a side is not read.

    References
    ----------
    .. [1] Metal holds more than twice what the other cortex or the other levels hold.
    """
    native = {
        side: float(np.median(held[~levels.part(Where.GAP)]))
        for side, held in excess.items()
    }
    hidden = {
        side: _METAL_OVER
        for side, held in excess.items()
        if held.max() > METAL * max(native[side], 0.0)
    }
    low, high = sorted(native, key=native.__getitem__)
    if native[high] > METAL * max(native[low], 0.0):
        hidden[high] = _METAL_OVER
    return hidden


_METAL_OVER = "metal lies over it"


def _saturated_share(
    film: Film, bone: Straight, fragments: tuple[Fragment, Fragment], side: str
) -> float:
    """Largest share, over the regions of a cortex, of pixels at one extreme value."""
    shares = []
    for along, across in band_places(*fragments, side).values():
        column, row = np.moveaxis(bone.frame.on_film(along, across), -1, 0)
        pixels = film.pixels[
            np.clip(row.astype(int), 0, film.rows - 1),
            np.clip(column.astype(int), 0, film.columns - 1),
        ]
        ends = (float(pixels.max()), float(pixels.min()))
        shares += [float((pixels == end).mean()) for end in ends]
    return max(shares)

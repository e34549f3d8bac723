"""Where on the film a callus was read: cut ends and regions, for drawing."""

from __future__ import annotations

import numpy as np

from callotasis.radiograph.callus.outline import Fragment
from callotasis.radiograph.callus.regions import (
    BAND,
    GAP_MARGIN_MM,
    NATIVE_FROM_MM,
    NATIVE_TO_MM,
    SIDES,
)
from callotasis.radiograph.callus.straight import Straight
from callotasis.worlds import Array

ZERO = np.zeros(1)


def cut_ends_px(
    bone: Straight, upper: Fragment, lower: Fragment
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Say where the cut ends lie in the middle of the bone.

    Parameters
    ----------
    bone : Straight
        Laid straight.
    upper, lower : Fragment
        Native bone above and below the gap.

    Returns
    -------
    tuple
        Upper and lower, column and row [px].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film".
    """
    found = []
    for fragment in (upper, lower):
        along, across = fragment.places(ZERO)
        column, row = bone.frame.on_film(along, across)[0]
        found.append((round(float(column), 2), round(float(row), 2)))
    return found[0], found[1]


def regions_px(
    bone: Straight, upper: Fragment, lower: Fragment
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Say where each region lies.

    Parameters
    ----------
    bone : Straight
        Laid straight.
    upper, lower : Fragment
        Native bone above and below the gap.

    Returns
    -------
    dict of str to tuple
        Corners by name, like ``medial above``, column and row [px].

    References
    ----------
    .. [1] ``docs/callus.md``, "Regions".
    """
    found = {}
    native = np.array([NATIVE_FROM_MM, NATIVE_TO_MM])
    for side, sign in SIDES.items():
        for name, fragment in (("above", upper), ("below", lower)):
            along, middle = fragment.places(native)
            half = fragment.half(native)
            found[f"{side} {name}"] = _quad(bone, along, middle, half, sign, BAND)
        along = np.array([upper.end_mm + GAP_MARGIN_MM, lower.end_mm - GAP_MARGIN_MM])
        middle = np.concatenate([upper.middle(ZERO), lower.middle(ZERO)])
        half = np.concatenate([upper.half(ZERO), lower.half(ZERO)])
        found[f"{side} gap"] = _quad(bone, along, middle, half, sign, BAND)
    return found


def _quad(
    bone: Straight,
    along: Array,
    middle: Array,
    half: Array,
    sign: float,
    band: tuple[float, float],
) -> tuple[tuple[float, float], ...]:
    inner, outer = (middle + sign * share * half for share in band)
    places = [(0, inner), (0, outer), (1, outer), (1, inner)]
    corners = [
        bone.frame.on_film(along[k : k + 1], line[k : k + 1])[0] for k, line in places
    ]
    return tuple((round(float(c), 1), round(float(r), 1)) for c, r in corners)

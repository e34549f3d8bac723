"""The end of a nail's tube, and the tip or a screw of its rod, along the nail."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from callotasis.errors import FilmRefusal
from callotasis.radiograph.film import Film
from callotasis.radiograph.rulers.bar import Bar
from callotasis.radiograph.rulers.ribbon import STEP_PX, Ribbon
from callotasis.radiograph.rulers.rim import Rim, rim_place
from callotasis.worlds import Array

TIP_WITHIN_MM, SCREW_WITHIN_MM, SCREW_MM = 12.0, 6.0, 4.5
LEAST_STEP_GREY, LEAST_SCREW_GREY = 0.02, 0.02
LEAST_TIP_FALL = 5.0  # in robust deviations of all falls along the rod
TIP_INSIDE = 0.6  # of the rod's radius: how deep a tip is looked at
PLATEAU_MM, WITHIN_MM = (1.5, 5.0), 4.0


def _lane(ribbon: Ribbon, bar: Bar, at: float, low: float, high: float) -> Array:
    """Mean grey along a ribbon of what lies between two distances from the axis."""
    off = ribbon.across_px - bar.axis_at(at)
    lane = (off >= low) & (off <= high)
    if not lane.any():
        lane = np.abs(off - (low + high) / 2) <= STEP_PX
    return np.asarray(ribbon.grey[lane].mean(axis=0))


def step_place(ribbon: Ribbon, tube: Bar, rod: Bar, where: float, mm: float) -> float:
    """End of the tube, beside the rod on either side [px]."""
    low = rod.radius_at(where) + 0.3 / mm
    high = tube.radius_at(where) - 0.3 / mm
    low, high = min(low, (low + high) / 2), max(high, (low + high) / 2)
    found = [
        _half_way(ribbon.along_px, _lane(ribbon, tube, where, *lane), where, mm)
        for lane in ((low, high), (-high, -low))
    ]
    return float(np.mean(found))


def _half_way(at: Array, grey: Array, where: float, mm: float) -> float:
    """Where grey falls through the middle between both sides of a step [px]."""
    off = (at - where) * mm
    near, far = PLATEAU_MM
    inside = float(np.median(grey[(off > -far) & (off < -near)]))
    outside = float(np.median(grey[(off > near) & (off < far)]))
    level = (inside + outside) / 2
    places = np.flatnonzero(np.abs(off) < WITHIN_MM)
    falls = [i for i in places[:-1] if grey[i] >= level > grey[i + 1]]
    if not falls or inside - outside < LEAST_STEP_GREY:
        raise FilmRefusal(
            "the end of the tube was not found beside the rod: grey falls from "
            f"{inside:.2f} to {outside:.2f} there"
        )
    best = min(falls, key=lambda i: abs(off[i]))
    return float(at[best] + (grey[best] - level) / (grey[best] - grey[best + 1]))


def rough_tip(ribbon: Ribbon, clicked: float, half: float, mm: float) -> float:
    """Where the middle of the rod falls most near a click [px]."""
    lane = ribbon.grey[np.abs(ribbon.across_px) < 0.4 * half].mean(axis=0)
    fall = -np.gradient(ndimage.gaussian_filter1d(lane, 0.4 / mm))
    near = np.abs(ribbon.along_px - clicked) < TIP_WITHIN_MM / mm
    best = float(fall[near].max())
    usual = 1.4826 * float(np.median(np.abs(fall))) + 1e-9
    if best < LEAST_TIP_FALL * usual:
        raise FilmRefusal(
            f"no tip of the rod was found within {TIP_WITHIN_MM:g} mm of the point"
        )
    return float(ribbon.along_px[near][fall[near].argmax()])


def tip_place(film: Film, ribbon: Ribbon, rod: Bar, rough: float, mm: float) -> float:
    """Tip of a rod that ends in half a ball, as the rim of a bar across it [px]."""
    lane = _lane(ribbon, rod, rough, -0.25 * rod.radius_px, 0.25 * rod.radius_px)
    rim = Rim(rod.radius_px, TIP_INSIDE * rod.radius_px, rod.curve, mm)
    return rim_place(ribbon.along_px, lane, rough, rim, logarithmic=film.logarithmic)[0]


def screw_place(ribbon: Ribbon, rod: Bar, clicked: float, mm: float) -> float:
    """Where the middle of a screw crosses the rod's axis [px]."""
    radius = rod.radius_px
    found = [
        _bar_middle(ribbon.along_px, _lane(ribbon, rod, clicked, *lane), clicked, mm)
        for lane in ((1.25 * radius, 2.0 * radius), (-2.0 * radius, -1.25 * radius))
    ]
    return float(np.mean(found))


def _bar_middle(at: Array, grey: Array, clicked: float, mm: float) -> float:
    """Middle of the bright bar nearest to a click [px]."""
    near = np.abs(at - clicked) < SCREW_WITHIN_MM / mm
    smooth = ndimage.gaussian_filter1d(grey, 0.3 / mm)
    place = int(np.flatnonzero(near)[smooth[near].argmax()])
    span = round(SCREW_MM / mm)
    sides = smooth[max(place - span, 0) : place], smooth[place : place + span]
    floor = max(float(side.min()) for side in sides) if all(map(len, sides)) else 1.0
    level = (float(smooth[place]) + floor) / 2
    if smooth[place] - floor < LEAST_SCREW_GREY:
        raise FilmRefusal(
            f"no screw was found on both sides of the rod within {SCREW_WITHIN_MM:g} "
            "mm of the point"
        )
    first = place - int(np.argmax(smooth[place::-1] < level))
    last = place + int(np.argmax(smooth[place:] < level))
    rise = first + (level - smooth[first]) / (smooth[first + 1] - smooth[first])
    fall = last - (level - smooth[last]) / (smooth[last - 1] - smooth[last])
    return float(at[0] + (rise + fall) / 2)

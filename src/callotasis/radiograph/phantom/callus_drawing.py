"""Drawing a regenerate into a gap, and saying what came out.

In the gap a place has two coordinates: ``along`` from the upper cut end (0) to the
lower one (1), and ``across`` in half widths of the native bone, medial positive. What
the callus absorbs is the native bone's own cross profile, scaled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from callotasis.radiograph.callus.li import CallusShape, CallusTexture
from callotasis.radiograph.callus.regions import GAP_MARGIN_MM, SIDES, in_band
from callotasis.radiograph.phantom.closeup_spec import CallusSpec
from callotasis.radiograph.phantom.gap_frame import ACROSS, Native
from callotasis.radiograph.phantom.projector import Picture
from callotasis.worlds import Array

SIDE_FROM = -0.15  # where a one-sided callus ends, beyond the middle [half widths]
SIDE_EDGE = 0.04
BREAK_MM, BREAK_SHARE, BREAK_DEPTH, BREAK_FROM = 3.0, 0.25, 0.75, 0.45
BLOTCH_MM, STREAK_MM, STREAK_LONG_MM, GRAIN_MM = 2.2, 0.7, 9.0, 0.6
BLOTCH, STREAK, GRAIN = 0.28, 0.60, 0.04  # standard deviations of the texture [1]
HOLE_HALF, HOLE_ALONG, HOLE_LEFT = 0.52, 0.24, 0.15  # a lucent zone amid the callus
BRIDGE_MM = 2.0  # over which a cortex is averaged along the bone


def outline(callus: CallusSpec, along: Array) -> tuple[Array, Array]:
    """Lateral and medial border of a regenerate.

    Parameters
    ----------
    callus : CallusSpec
        Shape and width.
    along : Array
        Shape (n,), 0 at the upper and 1 at the lower cut end [1].

    Returns
    -------
    tuple of Array
        Shape (n,) each, in half widths of the native bone, medial positive [1].

    References
    ----------
    .. [1] Shapes after Li: followup facts 3.2.
    """
    swell = np.sin(np.pi * np.clip(along, 0, 1))
    half = np.ones_like(along)
    if callus.shape in {CallusShape.FUSIFORM, CallusShape.CONCAVE}:
        half = 1 + (callus.width - 1) * swell
    elif callus.shape is CallusShape.CENTRAL:
        half = np.full_like(along, callus.width)
    low, high = -half, half
    if callus.shape is CallusShape.LATERAL:
        if callus.medial >= callus.lateral:
            low = np.full_like(along, SIDE_FROM)
        else:
            high = np.full_like(along, -SIDE_FROM)
    return low, high


def drawn_callus(
    callus: CallusSpec | None, native: Native, rng: np.random.Generator
) -> Picture:
    """Draw a regenerate.

    Parameters
    ----------
    callus : CallusSpec or None
        What to draw.
    native : Native
        Bone on both sides, and where the gap is.
    rng : Generator
        For its texture.

    Returns
    -------
    Picture
        Absorption above that of flesh, shape of the film [1].

    References
    ----------
    .. [1] ``docs/callus.md``, "The synthetic film".
    """
    picture = np.zeros_like(native.upper)
    if callus is None or native.frame.gap_mm <= 0:
        return picture
    rows, columns = _window(native)
    along, across = _coordinates(native, rows, columns)
    inside = (along >= 0) & (along <= 1)
    profile = _profile(callus, native, along, across)
    density = _density(callus, native.frame.gap_mm, along, across)
    texture = _texture(callus, native.frame.pitch_mm, along, across, rng)
    drawn = np.where(inside, np.maximum(profile * density * texture, 0), 0)
    picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = drawn
    return picture


def _window(native: Native) -> tuple[Array, Array]:
    """Rows and columns round the gap."""
    frame = native.frame
    room = 32.0 / frame.pitch_mm
    low = np.floor(frame.ends.min(axis=0) - room).astype(int)
    high = np.ceil(frame.ends.max(axis=0) + room).astype(int)
    shape = native.upper.shape
    return (
        np.arange(max(low[1], 0), min(high[1], shape[0])),
        np.arange(max(low[0], 0), min(high[0], shape[1])),
    )


def _coordinates(native: Native, rows: Array, columns: Array) -> tuple[Array, Array]:
    """Along (0 to 1) and across (half widths) for each pixel of a window."""
    frame = native.frame
    below, above = frame.inside(rows[:, None], columns[None, :])
    along = below / np.maximum(below + above, 1e-6)
    across = []
    at = np.stack(np.broadcast_arrays(columns + 0.5, rows[:, None] + 0.5), axis=-1)
    for which in (0, 1):
        middle, half = native.end(which)
        t = (at - frame.ends[which]) @ frame.medial[which] * frame.pitch_mm
        across.append((t - middle) / half)
    share = np.clip(along, 0, 1)
    return along, (1 - share) * across[0] + share * across[1]


def _profile(callus: CallusSpec, native: Native, along: Array, across: Array) -> Array:
    """Native cross profile, stretched to the callus' own outline and filled."""
    low, high = outline(callus, along)
    u = across / np.maximum((high - low) / 2, 1e-3)
    if callus.shape is CallusShape.LATERAL:
        u = across
    share = np.clip(along, 0, 1)
    hollow, filled = np.zeros_like(along), np.zeros_like(along)
    chord = np.sqrt(np.maximum(1 - u**2, 0))
    for which, weight in ((0, 1 - share), (1, share)):
        profile = native.profile(which)
        band = in_band(ACROSS, "medial") | in_band(ACROSS, "lateral")
        arc = np.sqrt(np.maximum(1 - ACROSS[band] ** 2, 0)).mean()
        hollow += weight * np.interp(u, ACROSS, profile, left=0, right=0)
        filled += weight * chord * profile[band].mean() / arc
    body = callus.hollow * hollow + (1 - callus.hollow) * filled
    if callus.shape is CallusShape.LATERAL:
        sign = 1.0 if callus.medial >= callus.lateral else -1.0
        body = body / (
            1 + np.exp(np.minimum(-(sign * across - SIDE_FROM) / (SIDE_EDGE / 2), 50))
        )
    return np.asarray(body)


def _density(callus: CallusSpec, gap_mm: float, along: Array, across: Array) -> Array:
    """Share of the native absorption, from one side to the other; breaks half way."""
    share = np.clip((across + 0.5), 0, 1)
    share = share * share * (3 - 2 * share)
    density = callus.lateral + (callus.medial - callus.lateral) * share
    half = min(BREAK_MM, BREAK_SHARE * gap_mm) / 2
    for side, sign in SIDES.items():
        if side not in callus.bridged:
            off = np.abs(along - 0.5) * gap_mm / half
            gone = BREAK_DEPTH * np.exp(-(off**4))
            rim = 1 / (1 + np.exp(np.minimum(-(across * sign - BREAK_FROM) / 0.03, 50)))
            density = density * (1 - gone * rim)
    return np.asarray(density)


def _texture(
    callus: CallusSpec,
    pitch_mm: float,
    along: Array,
    across: Array,
    rng: np.random.Generator,
) -> Array:
    """What multiplies the density: about 1 on average [1]."""

    def noise(down_mm: float, across_mm: float) -> Array:
        # Drawn on the film's own pixels, so that the seed alone decides.
        drawn = rng.standard_normal(along.shape)
        smooth = gaussian_filter(drawn, (down_mm / pitch_mm, across_mm / pitch_mm))
        return np.asarray(smooth / smooth.std())

    texture = 1 + GRAIN * noise(GRAIN_MM, GRAIN_MM)
    if callus.texture is CallusTexture.HETEROGENEOUS:
        texture += BLOTCH * noise(BLOTCH_MM, BLOTCH_MM)
    elif callus.texture is CallusTexture.SPARSE:
        texture += STREAK * np.tanh(noise(STREAK_LONG_MM, STREAK_MM))
    elif callus.texture is CallusTexture.LUCENT:
        far = (across / HOLE_HALF) ** 2 + ((along - 0.5) / HOLE_ALONG) ** 2
        texture = texture * (
            1 - (1 - HOLE_LEFT) / (1 + np.exp(np.minimum((far - 1) / 0.12, 50)))
        )
    return np.asarray(np.maximum(texture, 0.05))


def callus_truth(callus: CallusSpec | None, native: Native) -> dict[str, Any]:
    """Say what is true about a drawn regenerate.

    Parameters
    ----------
    callus : CallusSpec or None
        What was drawn.
    native : Native
        Bone and regenerate as drawn, before beam, blur and noise.

    Returns
    -------
    dict
        Ratios, widths and drift by the definitions of ``docs/callus.md`` [1, mm, deg].

    References
    ----------
    .. [1] :mod:`callotasis.radiograph.callus.regions`.
    """
    frame = native.frame
    said: dict[str, Any] = {
        "gap_on_detector_mm": round(frame.gap_mm, 4),
        "native_width_on_detector_mm": [
            round(float(2 * native.end(which)[1]), 3) for which in (0, 1)
        ],
        "axis_drift_deg": round(_valgus(native), 4),
    }
    if callus is None or native.regenerate is None:
        return said
    margin = GAP_MARGIN_MM / frame.gap_mm if frame.gap_mm else 0.5
    along = np.linspace(margin, 1 - margin, 400)
    held = _in_gap(native, native.regenerate, along)
    ratio, least = {}, {}
    profiles = [native.profile(which) for which in (0, 1)]
    for side in SIDES:
        band = in_band(ACROSS, side)
        beside = np.mean([profile[band].mean() for profile in profiles])
        rows = held[:, band].mean(axis=1) / beside
        ratio[side] = round(float(rows.mean()), 5)
        span = max(1, round(BRIDGE_MM / frame.gap_mm * len(along)))
        running = np.convolve(rows, np.ones(span) / span, mode="valid")
        least[side] = round(float(running.min()), 5)
    low, high = outline(callus, along)
    return said | {
        "ratio": ratio,
        "least_ratio": least,
        "width_ratio": round(float(((high - low) / 2).min()), 5),
        "shape": str(callus.shape),
        "texture": str(callus.texture),
        "bridged": list(callus.bridged),
    }


def _in_gap(native: Native, picture: Picture, along: Array) -> Array:
    """Values at places along the gap and at :data:`ACROSS`, shape (n, m)."""
    frame = native.frame
    borders = []
    for which in (0, 1):
        middle, half = native.end(which)
        t = (middle + half * ACROSS)[:, None] / frame.pitch_mm
        borders.append(frame.ends[which] + t * frame.medial[which])
    share = along[:, None, None]
    at = (1 - share) * borders[0] + share * borders[1]
    places = np.moveaxis(at[..., ::-1] - 0.5, -1, 0)
    return np.asarray(map_coordinates(picture, places, order=1))


def _valgus(native: Native) -> float:
    """Turn of the lower fragment's middle line against the upper one's [deg]."""
    # Measured towards medial, so valgus, which goes lateral, is the negative.
    return native.axis_deg(0) - native.axis_deg(1)

"""What a regenerate looks like: its width and shape, its density and its texture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, uniform_filter1d

from callotasis.evidence import constant
from callotasis.radiograph.callus.absorbed import Absorbed
from callotasis.radiograph.callus.levels import Where
from callotasis.radiograph.callus.li import (
    CallusDensity,
    CallusShape,
    CallusTexture,
    li_type,
)
from callotasis.radiograph.callus.regions import SIDES
from callotasis.worlds import Array

ONE_SIDED, PILLAR = 0.5, 0.72  # half widths: of the missing side, and of both sides
AMID = (0.3, 0.7)  # of the gap
SMOOTH_FLAT, LUCENT, STREAKY = 0.11, 0.55, 0.55
GRAIN_MM, BROAD_MM = 1.2, 2.2


@dataclass(frozen=True, eq=False)
class Widths:
    """Outline of a regenerate, level by level.

    Attributes
    ----------
    along : Array
        Shape (n,), share of the gap [1].
    medial, lateral : Array
        Shape (n,), outline in half widths of the native bone; NaN where none [1].
    scatter : float
        Of the native bone's outline found the same way [1].
    """

    along: Array
    medial: Array
    lateral: Array
    scatter: float

    @property
    def total(self) -> Array:
        """Width over native width, 0 where nothing is seen, shape (n,) [1]."""
        return np.nan_to_num((self.medial + self.lateral) / 2)


def widths_of(seen: Absorbed) -> Widths:
    """Outline of the regenerate in half widths of the native bone.

    Parameters
    ----------
    seen : Absorbed
        Levels with their outlines.

    Returns
    -------
    Widths
        The native bone's outline, found the same way, is 1.

    References
    ----------
    .. [1] ``docs/callus.md``, "Width and shape".
    """
    levels = seen.levels
    gap = levels.part(Where.GAP)
    shares = {}
    scatter = []
    for side in SIDES:
        outline = seen.beside[side].outline / levels.half
        own = float(np.median(outline[~gap]))
        scatter.append(float(np.std(outline[~gap])))
        shares[side] = _steady(outline[gap] / own)
    return Widths(levels.along[gap], shares["medial"], shares["lateral"], max(scatter))


def _steady(values: Array) -> Array:
    """Median of three neighbours, so that one level cannot lead astray."""
    padded = np.pad(values, 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 3)
    return np.asarray(
        np.where(np.isfinite(values), np.nanmedian(windows, axis=1), np.nan)
    )


def shape_of(widths: Widths) -> CallusShape:
    """Name the shape after Li.

    Parameters
    ----------
    widths : Widths
        Outline of the regenerate.

    Returns
    -------
    CallusShape
        By the outline half way and near both ends.

    References
    ----------
    .. [1] Rows ``callus.shape_wide`` and ``callus.shape_narrow``.
    """
    amid = (widths.along > AMID[0]) & (widths.along < AMID[1])
    if not amid.any():
        amid = np.ones(len(widths.along), bool)
    medial, lateral = (
        float(np.median(np.nan_to_num(side)))
        for side in (widths.medial, widths.lateral)
    )
    low, high = sorted((medial, lateral))
    if low < ONE_SIDED and high > PILLAR:
        return CallusShape.LATERAL
    if max(low, high) < PILLAR:
        near_end = np.median(widths.total[~amid]) if (~amid).any() else high
        if near_end < PILLAR:
            return CallusShape.CENTRAL
    middle = float(np.median(widths.total[amid]))
    if middle > constant("callus.shape_wide").value:
        return CallusShape.FUSIFORM
    if middle < constant("callus.shape_narrow").value:
        return CallusShape.CONCAVE
    return CallusShape.CYLINDRICAL


def density_of(held: float) -> CallusDensity:
    """Name the density: what the callus absorbs against the native cortex.

    Parameters
    ----------
    held : float
        Regenerate over native cortex [1].

    Returns
    -------
    CallusDensity
        Low, intermediate or normal.

    References
    ----------
    .. [1] Rows ``callus.density_low`` and ``callus.density_normal``.

    Examples
    --------
    >>> str(density_of(0.3)), str(density_of(0.9))
    ('low', 'normal')
    """
    if held < constant("callus.density_low").value:
        return CallusDensity.LOW
    if held < constant("callus.density_normal").value:
        return CallusDensity.INTERMEDIATE
    return CallusDensity.NORMAL


def texture_of(
    inside: Array, noise: float, step_mm: tuple[float, float]
) -> CallusTexture:
    """Name the texture after Li.

    Parameters
    ----------
    inside : Array
        Shape (n, m), absorption of the regenerate above the ground, along and across;
        NaN outside its outline [1].
    noise : float
        Standard deviation of single places [1].
    step_mm : tuple of float
        Between places, along and across [mm].

    Returns
    -------
    CallusTexture
        Lucent with a hole amid, sparse with streaks along the bone, heterogeneous with
        patches, else homogeneous.

    References
    ----------
    .. [1] Shares and scatter at the head of this file: judgement of the makers, tried
       on synthetic films; ``docs/callus.md``.
    """
    filled = np.isfinite(inside)
    inside = inside[filled.any(axis=1)][:, filled.any(axis=0)]
    known = np.isfinite(inside)
    if known.sum() < 30:  # noqa: PLR2004 - too small to have a texture
        return CallusTexture.HOMOGENEOUS
    weight = gaussian_filter(known.astype(float), _sigma(step_mm))
    calm = gaussian_filter(np.where(known, inside, 0.0), _sigma(step_mm))
    calm = np.where(known, calm / np.maximum(weight, 1e-6), np.nan)
    if _hole(calm) < LUCENT:
        return CallusTexture.LUCENT
    trend = np.nanmedian(calm)
    broad = _broad(calm, step_mm[1])
    off = (calm - broad) / max(float(trend), 1e-6)
    kept = noise / np.sqrt(4 * np.pi * np.prod(_sigma(step_mm))) / max(trend, 1e-6)
    scatter = float(np.nanvar(off)) - kept**2
    if scatter < SMOOTH_FLAT**2:
        return CallusTexture.HOMOGENEOUS
    columns = float(np.nanvar(np.nanmean(off, axis=0))) / max(
        float(np.nanvar(off)), 1e-9
    )
    return CallusTexture.SPARSE if columns > STREAKY else CallusTexture.HETEROGENEOUS


def _sigma(step_mm: tuple[float, float]) -> tuple[float, float]:
    return GRAIN_MM / 2 / step_mm[0], GRAIN_MM / 2 / step_mm[1] / 2


def _hole(calm: Array) -> float:
    """Middle of the regenerate over what surrounds it [1]."""
    n, m = calm.shape
    middle = calm[int(0.4 * n) : int(0.6 * n) + 1, int(0.42 * m) : int(0.58 * m) + 1]
    ends = np.concatenate([calm[: max(1, n // 6)], calm[-max(1, n // 6) :]])
    around = ends[:, int(0.42 * m) : int(0.58 * m) + 1]
    if not np.isfinite(middle).any() or not np.isfinite(around).any():
        return 1.0
    return float(np.nanmedian(middle) / max(float(np.nanmedian(around)), 1e-6))


def _broad(calm: Array, step_mm: float) -> Array:
    """Cross profile of the regenerate: its mean over all rows, without streaks [1]."""
    mean = np.nanmean(calm, axis=0)
    known = np.isfinite(mean)
    weight = gaussian_filter1d(known.astype(float), BROAD_MM / step_mm)
    smooth = gaussian_filter1d(np.where(known, mean, 0.0), BROAD_MM / step_mm)
    broad = smooth / np.maximum(weight, 1e-6)
    return np.asarray(np.broadcast_to(broad, calm.shape))


def least_along(cortex: Array, step_mm: float, over_mm: float = 2.0) -> float:
    """Least of a cortex, averaged over a short way along the bone [1]."""
    span = max(1, round(over_mm / step_mm))
    if len(cortex) <= span:
        return float(cortex.mean())
    kept = uniform_filter1d(cortex, span)[span // 2 : len(cortex) - span // 2]
    return float(kept.min())


@dataclass(frozen=True)
class Look:
    """Words of Li for a regenerate; None where no callus is seen."""

    shape: CallusShape | None
    density: CallusDensity | None
    texture: CallusTexture | None
    li_type: int | None


def look_of(seen: Absorbed, widths: Widths) -> Look:
    """Name what a regenerate looks like.

    Parameters
    ----------
    seen : Absorbed
        What bone and callus absorb.
    widths : Widths
        From :func:`widths_of`.

    Returns
    -------
    Look
        Nothing where no callus is seen.

    References
    ----------
    .. [1] Li, Saleh, Yang, Coulton 2006; rows ``callus.*``.
    """
    if not (widths.total > LEAST_SEEN).any():
        return Look(None, None, None, None)
    inside, step = _inside(seen)
    beyond = ~seen.levels.part(Where.GAP)
    native = np.mean([seen.excess[side][beyond].mean() for side in SIDES])
    apart = np.diff(seen.levels.values[:, :8], axis=1)
    density = density_of(float(np.nanmean(inside) / native))
    if np.isfinite(seen.levels.ceiling):  # beside a nail its halo looks like streaks
        return Look(shape_of(widths), density, None, None)
    texture = texture_of(inside, float(np.std(apart) / np.sqrt(2)), step)
    return Look(shape_of(widths), density, texture, li_type(density, texture))


LEAST_SEEN = 0.15  # of the native width


def _inside(seen: Absorbed) -> tuple[Array, tuple[float, float]]:
    """Absorption within the outline over half widths, and the steps [mm]."""
    levels = seen.levels
    gap = np.flatnonzero(levels.part(Where.GAP))
    across = np.linspace(-0.95, 0.95, 60)
    rows = []
    for k in gap:
        at = across * levels.half[k]
        row = np.interp(at, levels.offset, levels.values[k] - seen.ground[k])
        low = -seen.beside["lateral"].outline[k]
        high = seen.beside["medial"].outline[k]
        shown = np.interp(at, levels.offset, levels.values[k]) < METAL * levels.ceiling
        rows.append(
            np.where((at >= low * 0.9) & (at <= high * 0.9) & shown, row, np.nan)
        )
    step = float(levels.half.mean() * (across[1] - across[0]))
    return np.array(rows), (LEVEL_STEP_MM, step)


LEVEL_STEP_MM = 2.0
METAL = 0.97  # of the ceiling, from which a place holds metal

"""The curve of grey across the rim of round metal, and where on a profile it lies.

The shadow of a round bar does not step: metal begins with a steep square root at the
rim, the focal spot and the detector blur the exposure, scatter fills what the metal
keeps back, and only then comes the logarithm, and often a sharpening. Half the height
of the grey profile therefore lies inside the bar, how far depends on all of these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage, optimize

from callotasis.errors import FilmRefusal
from callotasis.worlds import Array

FINE_PX = 0.1  # of the curve
OUTER_MM = 1.0  # beyond the rim, as far as a profile is looked at
BACKGROUND = 3  # terms: level, slope, bend
SHARPEN_MM = 1.0
DEEPEST_MM = 8.0  # inside a rim, as far as its curve is worked out
BLACK, SATURATED = 0.003, 0.995


@dataclass(frozen=True)
class Rim:
    """A rim whose curve is known, and only its place is not.

    Attributes
    ----------
    radius_px, inner_px : float
        Of the bar, and how far inside the rim is looked [px].
    curve : tuple of float
        As of :class:`Bar`.
    mm_per_px : float
        At the rim [mm].
    """

    radius_px: float
    inner_px: float
    curve: tuple[float, float, float, float]
    mm_per_px: float


def rim_curve(
    radius_px: float, curve: Array, mm_per_px: float, *, logarithmic: bool
) -> tuple[Array, Array]:
    """Grey across the rim of a round bar, before its height and its background.

    Parameters
    ----------
    radius_px : float
        Of the bar [px].
    curve : Array
        Shape (4,): logarithms of peak attenuation and of scatter (against the beam
        beside the bar), blur [px], sharpening [1].
    mm_per_px : float
        At the bar [mm].
    logarithmic : bool
        Whether grey follows the logarithm of the exposure.

    Returns
    -------
    tuple of Array
        Distance from the rim, outwards [px], and grey.

    References
    ----------
    .. [1] Chord of a circle, Beer-Lambert, Gaussian blur, unsharp mask.
    """
    peak, scatter = np.exp(curve[:2])
    margin = 3 * SHARPEN_MM / mm_per_px
    inner = min(radius_px, DEEPEST_MM / mm_per_px)
    at = radius_px + np.arange(-inner - margin, OUTER_MM / mm_per_px + margin, FINE_PX)
    chord = np.sqrt(np.clip(1 - (at / radius_px) ** 2, 0, None))
    passed = ndimage.gaussian_filter1d(np.exp(-peak * chord), curve[2] / FINE_PX)
    seen = scatter + (1 - scatter) * passed
    grey = -np.log(seen) if logarithmic else -seen
    smooth = ndimage.gaussian_filter1d(grey, SHARPEN_MM / mm_per_px / FINE_PX)
    return at - radius_px, grey + curve[3] * (grey - smooth)


def rim_place(
    along_px: Array,
    grey: Array,
    rough_px: float,
    rim: Rim,
    *,
    logarithmic: bool,
) -> tuple[float, float]:
    """Where one profile leaves round metal, by the curve of a known rim.

    Parameters
    ----------
    along_px, grey : Array
        Shape (n,): places, and grey that falls with them [px].
    rough_px : float
        Rim, to a few pixels [px].
    rim : Rim
        Its curve.
    logarithmic : bool
        Whether grey follows the logarithm of the exposure.

    Returns
    -------
    tuple of float
        The rim [px], and what its curve leaves unexplained, as a mean square [1].

    Raises
    ------
    FilmRefusal
        If the rim is saturated or off the ribbon.

    References
    ----------
    .. [1] :func:`rim_curve`; least squares.
    """
    mm = rim.mm_per_px
    at, curve = rim_curve(
        rim.radius_px, np.array(rim.curve), mm, logarithmic=logarithmic
    )
    rest = float("inf")
    for _ in range(2):  # the window follows the rim once
        off = along_px - rough_px
        near = (off > -rim.inner_px) & (off < OUTER_MM / mm) & (grey < SATURATED)
        if near.sum() <= 2 * BACKGROUND:
            raise FilmRefusal("the rim of the metal is saturated or off the film")
        places, seen = along_px[near], grey[near]

        def left(guess: float, places: Array = places, seen: Array = seen) -> float:
            away = places - guess
            powers = [(away / rim.inner_px) ** k for k in range(BACKGROUND)]
            columns = np.stack([np.interp(away, at, curve), *powers], axis=-1)
            basis = np.linalg.qr(columns)[0]
            return float(np.mean((seen - basis @ (basis.T @ seen)) ** 2))

        guesses = rough_px + np.linspace(-1.5, 1.5, 31) / mm
        best = guesses[int(np.argmin([left(guess) for guess in guesses]))]
        solved = optimize.minimize_scalar(
            left, bounds=(best - 0.1 / mm, best + 0.1 / mm), method="bounded"
        )
        rough_px, rest = float(solved.x), float(solved.fun)
    return rough_px, rest

"""Calibration balls: found by themselves, fitted below a pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from callotasis.errors import FilmRefusal
from callotasis.radiograph.film import Film
from callotasis.worlds import Array

COARSE_BALL_PX = 24
DIAMETER_OF_FILM = (0.008, 0.12)  # of the film's width, where no pixel size is known
RAYS = 180
ROUND_ENOUGH = 0.88
ELLIPSE_RESIDUAL = 0.02  # of the radius
UNEVEN = 0.2  # of the step at the rim: what may differ within a ball
INSIDE = 0.8  # of the radius: well inside
DARK_RING = 0.25  # how much brighter a ball is than what surrounds it

# The rim of a steel ball is where the beam loses half its strength. On a film that
# shows the logarithm of the exposure, blur moves the middle of the grey step inside
# the ball (1.5 % of the diameter on the sample film); the rim lies at its foot.
RIM_LEVEL_LOGARITHMIC = 0.12
RIM_LEVEL_LINEAR = 0.5
SECTORS, STEP_PX = 36, 0.2


@dataclass(frozen=True)
class Ball:
    """A ball on the film.

    Attributes
    ----------
    column, row : float
        Centre of its picture [px].
    minor_px, major_px : float
        Axes of its ellipse [px]; the minor one is free of the obliquity of the beam.
    major_rad : float
        Direction of the major axis, from columns towards rows [rad].
    """

    column: float
    row: float
    minor_px: float
    major_px: float
    major_rad: float = 0.0


def find_balls(film: Film, ball_mm: float) -> tuple[Ball, ...]:
    """Find every calibration ball on a film.

    Parameters
    ----------
    film : Film
        Bone bright; metal is brighter.
    ball_mm : float
        Diameter of the ball, from 5 to 60 [mm].

    Returns
    -------
    tuple of Ball
        Largest first; pixels along columns [px].

    Raises
    ------
    FilmRefusal
        If the diameter is out of range or no ball is found.

    References
    ----------
    .. [1] A sphere is projected as an ellipse whose minor axis keeps the
       magnification: planning facts 1.5, plane geometry.
    """
    if not 5 <= ball_mm <= 60:  # noqa: PLR2004 - the balls on the market
        raise FilmRefusal(f"ball is {ball_mm:g} mm; allowed is 5 to 60 mm")
    low, high = _diameter_range(film, ball_mm)
    factor = max(1, int(low // COARSE_BALL_PX))
    down = max(1, round(factor / film.aspect))
    coarse = _shrunk(film, factor, down)
    seeds = _round_spots(coarse, low / factor, high / factor)
    fitted = (
        _fit(film, (c + 0.5) * factor, (r + 0.5) * down, d * factor)
        for c, r, d in seeds
    )
    balls = [b for b in fitted if b is not None and low <= b.minor_px <= high]
    if not balls:
        raise FilmRefusal(
            f"no ball of {ball_mm:g} mm was found on the film "
            f"(looked for round metal of {low:.0f} to {high:.0f} pixels)"
        )
    return tuple(sorted(_distinct(balls), key=lambda b: -b.minor_px))


def balls_on(
    film: Film, ball_mm: float | None, found: tuple[Ball, ...] | None
) -> tuple[Ball, ...]:
    """Balls of a film: none where nobody said a diameter, those found before, or anew.

    Raises
    ------
    FilmRefusal
        As :func:`find_balls`.
    """
    if ball_mm is None:
        return ()
    return find_balls(film, ball_mm) if found is None else found


def _diameter_range(film: Film, ball_mm: float) -> tuple[float, float]:
    """Diameters to look for; wide, so that a wrong --ball-mm is seen and refused."""
    if film.spacing_mm is None:
        small, large = DIAMETER_OF_FILM
        return small * film.columns, large * film.columns
    expected = ball_mm / film.spacing_mm[0]
    return 0.6 * expected, 1.8 * expected


def _shrunk(film: Film, across: int, down: int) -> Array:
    """Means of blocks that are about square in millimetres."""
    rows, columns = film.rows // down, film.columns // across
    cut = film.pixels[: rows * down, : columns * across]
    blocks = cut.reshape(rows, down, columns, across)
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64)


def _round_spots(
    coarse: Array, low: float, high: float
) -> list[tuple[float, float, float]]:
    """(column, row, diameter) of bright round spots, in coarse pixels."""
    spots = []
    top = float(np.quantile(coarse, 0.9999))
    bottom = float(np.quantile(coarse, 0.05))
    # Under much scatter a ball in the open beam is no brighter than a thigh.
    for share in (0.9, 0.75, 0.6, 0.45, 0.3):
        labels, count = ndimage.label(coarse > bottom + share * (top - bottom))
        boxes = ndimage.find_objects(labels)
        for index in range(count):
            spot = _as_disc(labels[boxes[index]] == index + 1, low, high)
            if spot is not None:
                rows, columns = boxes[index]
                spots.append((spot[0] + columns.start, spot[1] + rows.start, spot[2]))
    return spots


def _as_disc(
    mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], low: float, high: float
) -> tuple[float, float, float] | None:
    height, width = mask.shape
    size = (height + width) / 2
    if not 0.7 * low <= size <= 1.2 * high or min(height, width) < 0.8 * max(
        height, width
    ):
        return None
    fill = mask.sum() / (height * width)
    if not ROUND_ENOUGH * np.pi / 4 <= fill <= 1.1 * np.pi / 4:
        return None
    row, column = ndimage.center_of_mass(mask)
    return float(column), float(row), float(np.sqrt(mask.sum() * 4 / np.pi))


def _fit(film: Film, column: float, row: float, diameter: float) -> Ball | None:
    """Fit an ellipse to the rim met by rays from the centre; None if it is no ball."""
    angles = np.arange(RAYS) * 2 * np.pi / RAYS
    radii = np.arange(0.3 * diameter, 0.85 * diameter, 0.1)
    stretch = 1 / film.aspect
    columns = column + np.outer(np.cos(angles), radii)
    rows = row + np.outer(np.sin(angles), radii) * stretch
    profiles = ndimage.map_coordinates(
        film.pixels, [rows - 0.5, columns - 0.5], order=1, mode="nearest"
    )
    rim = _rim_radii(profiles, radii, logarithmic=film.logarithmic)
    good = np.isfinite(rim)
    if good.sum() < 0.7 * RAYS:
        return None
    x, y = (rim * np.cos(angles))[good], (rim * np.sin(angles))[good]
    found = _ellipse(x, y, column, row, stretch)
    if found is None or not _flat(film, found, float(profiles.min())):
        return None
    return _scaled(film, found, good)


def _flat(film: Film, ball: Ball, darkest: float) -> bool:
    """Tell whether the whole inside is as even as metal, which no bone or foot is."""
    part, share, _ = _about(film, ball, INSIDE)
    low, middle, high = np.quantile(part[share < INSIDE], [0.1, 0.5, 0.9])
    return bool(high - low < UNEVEN * (middle - darkest))


def _scaled(film: Film, ball: Ball, good: Array) -> Ball:
    """Scale an ellipse to the rim in the mean grey of all pixels about it.

    Rays between pixels would blur the foot of the step by a pixel, and so make a
    ball larger the coarser the film is. Each pixel is taken where it lies instead.
    """
    level = RIM_LEVEL_LOGARITHMIC if film.logarithmic else RIM_LEVEL_LINEAR
    share, bright = _step_about(film, ball, good)
    bins = np.digitize(share, np.arange(0.7, 1.4, 2 * STEP_PX / ball.minor_px))
    count = np.bincount(bins)
    full = count > 0
    at = np.bincount(bins, share)[full] / count[full]
    grey = ndimage.median_filter(
        np.bincount(bins, bright)[full] / count[full], 3, mode="nearest"
    )
    below = np.flatnonzero((grey < level) & (at > 0.85))  # noqa: PLR2004 - near the rim
    if len(below) == 0 or below[0] == 0:
        return ball
    i = below[0]
    step = (grey[i - 1] - level) / max(grey[i - 1] - grey[i], 1e-9)
    scale = float(at[i - 1] + step * (at[i] - at[i - 1]))
    return replace(ball, minor_px=ball.minor_px * scale, major_px=ball.major_px * scale)


def _about(film: Film, ball: Ball, reach: float) -> tuple[Array, Array, Array]:
    """Pixels about a ball, the radius of each in radii, and its direction [rad]."""
    far = reach * ball.major_px / 2
    rows = slice(max(int(ball.row - far / film.aspect), 0), None)
    columns = slice(max(int(ball.column - far), 0), None)
    part = film.pixels[rows, columns][
        : int(2 * far / film.aspect) + 2, : int(2 * far) + 2
    ].astype(np.float64)
    y, x = np.indices(part.shape, dtype=np.float64)
    x += columns.start + 0.5 - ball.column
    y = (y + rows.start + 0.5 - ball.row) * film.aspect
    angle = np.arctan2(y, x)
    return part, np.hypot(x, y) / _radius_towards(ball, angle), angle


def _step_about(film: Film, ball: Ball, good: Array) -> tuple[Array, Array]:
    """Of every pixel about a ball: its radius in radii, and its share of the step."""
    part, share, angle = _about(film, ball, 1.44)
    sector = ((angle / (2 * np.pi)) % 1 * SECTORS).astype(int) % SECTORS
    clear = good.reshape(SECTORS, -1).all(axis=1)
    inside = float(np.median(part[share < INSIDE]))
    beside = (share > 1.04) & (share < 1.35)  # noqa: PLR2004 - the ring about it
    dark = np.array(
        [
            np.quantile(part[beside & (sector == k)], 0.2)
            if (beside & (sector == k)).any()
            else inside
            for k in range(SECTORS)
        ]
    )
    clear &= inside - dark > DARK_RING * inside
    seen = clear[sector] & (share > 0.7) & (share < 1.4)  # noqa: PLR2004
    low = dark[sector[seen]]
    return share[seen], (part[seen] - low) / (inside - low)


def _radius_towards(ball: Ball, angle: Array) -> Array:
    """Radius of an ellipse in a direction [px]."""
    a, b = ball.major_px / 2, ball.minor_px / 2
    turned = angle - ball.major_rad
    return np.asarray(a * b / np.hypot(b * np.cos(turned), a * np.sin(turned)))


def _rim_radii(profiles: Array, radii: Array, *, logarithmic: bool) -> Array:
    """Radius of the rim on each ray; not a number where a ray meets no dark ring."""
    level = RIM_LEVEL_LOGARITHMIC if logarithmic else RIM_LEVEL_LINEAR
    inside = np.median(profiles[:, : len(radii) // 5])
    outside = profiles.min(axis=1)
    threshold = outside + level * (inside - outside)
    below = profiles < threshold[:, None]
    first = np.argmax(below, axis=1)
    index = np.clip(first, 1, None)
    every = np.arange(len(profiles))
    before, after = profiles[every, index - 1], profiles[every, index]
    share = (before - threshold) / np.where(before == after, 1.0, before - after)
    rim = radii[index - 1] + share * (radii[1] - radii[0])
    usable = (first > 0) & (inside - outside > DARK_RING * inside)
    return np.where(usable, rim, np.nan)


def _ellipse(
    x: Array, y: Array, column: float, row: float, stretch: float
) -> Ball | None:
    """Least-squares ellipse through rim points, with outlying rays left out."""
    keep = np.ones(len(x), bool)
    for _ in range(4):
        design = np.c_[x**2, x * y, y**2, x, y][keep]
        solution = np.linalg.lstsq(design, np.ones(len(design)), rcond=None)[0]
        a, b, c, d, e = solution
        quadric = np.array([[a, b / 2], [b / 2, c]])
        centre = -np.linalg.solve(2 * quadric, [d, e])
        scale = 1 + centre @ quadric @ centre
        values, vectors = np.linalg.eigh(quadric / scale)
        if np.any(values <= 0):
            return None
        offset = np.c_[x, y] - centre
        radius = np.sqrt(np.einsum("ij,jk,ik->i", offset, quadric, offset) / scale)
        residual = np.abs(radius - 1)
        keep = residual < max(3 * float(np.median(residual)), 1e-3)
    if float(np.median(residual)) > ELLIPSE_RESIDUAL:
        return None
    minor, major = 2 / np.sqrt(values[::-1])
    if minor < ROUND_ENOUGH * major:
        return None
    return Ball(
        float(column + centre[0]),
        float(row + centre[1] * stretch),
        float(minor),
        float(major),
        float(np.arctan2(vectors[1, 0], vectors[0, 0])),
    )


def _distinct(balls: list[Ball]) -> list[Ball]:
    """Drop repeats of one ball that was found at several brightness levels."""
    kept: list[Ball] = []
    for ball in balls:
        near = (
            np.hypot(ball.column - k.column, ball.row - k.row) < k.minor_px / 2
            for k in kept
        )
        if not any(near):
            kept.append(ball)
    return kept

"""From solids to grey: the beam through the body, scatter, blur, noise, processing."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter

from callotasis.radiograph.phantom.body import (
    LONG_BONES,
    flesh_of,
    marrow_of,
    shaft_share,
)
from callotasis.radiograph.phantom.foot import loft
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.skeleton import Person, Solid
from callotasis.worlds import Array

# Effective attenuation at 75 kV [1/mm], of the order of the NIST tables (assumed).
MU_SOFT, MU_CORTEX, MU_SPONGE, MU_STEEL = 0.0205, 0.058, 0.0275, 0.9
SPONGE_SHAFT = 0.10  # share of spongy bone left inside the shaft
SCATTER, LEAKAGE = 0.012, 0.0015
BLUR_MM, QUANTA, ELECTRONIC = 0.18, 26_000.0, 0.0006
EQUALISE, EQUALISE_MM, SHARPEN, SHARPEN_MM = 0.5, 22.0, 0.5, 1.0
WHITE, BLACK, GAMMA = 62_000, 1_500, 1.1
TILE = 512
SOFT_FACTOR_MM = 1.6
BALL_CORNERS = 256  # round to a ten-thousandth of the diameter


def expose(
    person: Person, beam: Beam, ball: Solid | None, rng: np.random.Generator
) -> Picture:
    """Expose one film.

    Parameters
    ----------
    person : Person
        Standing in front of the detector [mm].
    beam : Beam
        Source and field.
    ball : Solid or None
        Calibration ball [mm].
    rng : Generator
        For texture and quantum noise; a seed makes the film repeatable.

    Returns
    -------
    Picture
        Shape (rows, columns), 0 to 65535, bone bright [stored value].

    References
    ----------
    .. [1] Beer-Lambert; constants at the head of this file.
    """
    attenuation = _bones(person, beam, rng)
    if ball is not None:
        steel = np.zeros_like(attenuation)
        box = beam.add_thickness(ball, steel)
        attenuation[box] += MU_STEEL * steel[box]
    seen = _blurred_beam(attenuation, beam)
    return _processed(_noisy(seen, beam, rng), beam)


def _bones(person: Person, beam: Beam, rng: np.random.Generator) -> Picture:
    """Attenuation of flesh and bone; bone takes the place of flesh."""
    attenuation = MU_SOFT * _flesh(person, beam, rng)
    texture = _trabeculae(beam.pitch_mm, rng)
    bones = [("pelvis", person.pelvis)]
    for leg in person.legs.values():
        bones += leg.bones.items()
    outer, inner = np.zeros_like(attenuation), np.zeros_like(attenuation)
    for name, bone in bones:
        box = beam.add_thickness(bone, outer)
        beam.add_thickness(marrow_of(name, bone), inner)
        whole, marrow = outer[box], np.minimum(inner[box], outer[box])
        sponge = marrow * _sponge_share(name, bone, beam, box[0])[:, None]
        weave = texture[
            np.arange(box[0].start, box[0].stop)[:, None] % TILE,
            np.arange(box[1].start, box[1].stop) % TILE,
        ]
        attenuation[box] += (MU_CORTEX - MU_SOFT) * (whole - marrow) + (
            MU_SPONGE - MU_SOFT + MU_SPONGE * weave
        ) * sponge
        outer[box], inner[box] = 0, 0
    return np.asarray(np.maximum(attenuation, 0), dtype=np.float32)


def _sponge_share(name: str, bone: Solid, beam: Beam, rows: slice) -> Picture:
    """Spongy bone by film row: full at the ends of a long bone, little in its shaft."""
    count = rows.stop - rows.start
    if name not in LONG_BONES:
        return np.ones(count, np.float32)
    order = np.argsort(-bone.vertices[:, 2])
    share = shaft_share(bone.vertices[:, 2])[order]
    at = beam.film_points(bone.vertices[order])[:, 1] - rows.start
    along = np.interp(np.arange(count) + 0.5, np.maximum.accumulate(at), share)
    return (1 - (1 - SPONGE_SHAFT) * along).astype(np.float32)


def _flesh(person: Person, beam: Beam, rng: np.random.Generator) -> Picture:
    """Thickness of soft tissue: outlines joined smoothly on coarse pixels."""
    factor = max(1, round(SOFT_FACTOR_MM / beam.pitch_mm))
    coarse = beam.coarser(factor)
    joined = np.zeros((coarse.rows, coarse.columns), np.float32)
    for solid in flesh_of(person):
        one = np.zeros_like(joined)
        coarse.add_thickness(solid, one)
        joined += one**4
    thickness = gaussian_filter(joined**0.25, 2.0)
    grain = gaussian_filter(
        rng.standard_normal(joined.shape).astype(np.float32), (18, 3)
    )
    thickness *= 1 + 0.012 * grain / grain.std()
    return _enlarged(thickness, factor, (beam.rows, beam.columns))


def _enlarged(picture: Picture, factor: int, shape: tuple[int, int]) -> Picture:
    """Stretch a coarse picture, one axis after the other, straight in between."""
    for axis, size in ((1, shape[1]), (0, shape[0])):
        at = np.clip((np.arange(size) + 0.5) / factor - 0.5, 0, picture.shape[axis] - 1)
        before = np.minimum(at.astype(int), max(0, picture.shape[axis] - 2))
        share = (at - before).astype(np.float32)
        share = share if axis else share[:, None]
        after = np.minimum(before + 1, picture.shape[axis] - 1)
        first = picture.take(before, axis=axis)
        step = picture.take(after, axis=axis)
        step -= first
        step *= share
        picture = first
        picture += step
    return picture


def _trabeculae(pitch_mm: float, rng: np.random.Generator) -> Picture:
    """Weave of spongy bone, drawn out along the leg; one tile that repeats."""
    noise = rng.standard_normal((TILE, TILE)).astype(np.float32)

    def grain(across: float, along: float) -> Picture:
        sigma = (along / pitch_mm, across / pitch_mm)
        return np.asarray(gaussian_filter(noise, sigma, mode="wrap"))

    fine, coarse = grain(0.18, 0.6) - grain(0.6, 1.2), grain(2.2, 3.5)
    weave = 0.06 * fine / fine.std() + 0.05 * coarse / coarse.std()
    return np.asarray(weave, dtype=np.float32)


def _blurred_beam(attenuation: Picture, beam: Beam) -> Picture:
    """What reaches the detector: primary beam, scatter, focal blur."""
    rows = np.linspace(-0.5, 0.5, beam.rows, dtype=np.float32)[:, None]
    primary = np.exp(-attenuation) * (1 - np.float32(0.10) * rows)  # heel effect
    factor = max(1, round(3.2 / beam.pitch_mm))
    small = primary[::factor, ::factor]
    haze = gaussian_filter(small, 60 / beam.pitch_mm / factor)
    primary += SCATTER * _enlarged(haze, factor, primary.shape) + LEAKAGE
    return np.asarray(gaussian_filter(primary, BLUR_MM / beam.pitch_mm, truncate=3))


def _noisy(seen: Picture, beam: Beam, rng: np.random.Generator) -> Picture:
    """Quantum and electronic noise; thousands of quanta are as good as normal."""
    quanta = QUANTA * (beam.pitch_mm / 0.2) ** 2
    sigma = np.sqrt(np.maximum(seen, 1e-5) / quanta + ELECTRONIC**2)
    sigma *= rng.standard_normal(seen.shape, dtype=np.float32)
    return seen + sigma


def _processed(seen: Picture, beam: Beam) -> Picture:
    """Logarithm, tissue equalisation, sharpening, and the grey scale."""
    raw = np.maximum(seen, np.float32(2e-4))
    np.log(raw, out=raw)
    np.negative(raw, out=raw)
    factor = max(1, round(1.6 / beam.pitch_mm))
    low = gaussian_filter(raw[::factor, ::factor], EQUALISE_MM / beam.pitch_mm / factor)
    fine = gaussian_filter(raw, SHARPEN_MM / beam.pitch_mm, truncate=2.5)
    fine *= np.float32(SHARPEN)
    raw *= np.float32(1 + SHARPEN)
    raw -= fine
    raw -= _enlarged(np.float32(EQUALISE) * low, factor, raw.shape)
    black, white = np.percentile(raw[::4, ::4], [2, 99.8])
    raw -= np.float32(black)
    raw *= np.float32(1 / (white - black))
    np.clip(raw, 0, 1, out=raw)
    np.power(raw, np.float32(GAMMA), out=raw)
    raw *= np.float32(WHITE - BLACK)
    raw += np.float32(BLACK)
    return raw


def stamp(film: Picture, text: str, beam: Beam, at_mm: Array, height_mm: float) -> None:
    """Burn letters into a film, as lead letters and stamps are.

    Parameters
    ----------
    film : Picture
        Changed in place [stored value].
    text : str
        The letters.
    beam : Beam
        For its pitch.
    at_mm : Array
        Shape (2,), left and top of the text from the film's corner [mm].
    height_mm : float
        Of the letters [mm].

    References
    ----------
    .. [1] Markers on films: radiographic practice.
    """
    size = max(8, round(height_mm / beam.pitch_mm))
    font = ImageFont.load_default(size=size)
    box = font.getbbox(text)
    plate = Image.new("L", (int(box[2]) + 2, int(box[3]) + 2))
    ImageDraw.Draw(plate).text((0, 0), text, fill=255, font=font)
    ink = np.asarray(plate) > 127  # noqa: PLR2004 - half way
    column, row = (int(v / beam.pitch_mm) for v in at_mm)
    target = film[row : row + ink.shape[0], column : column + ink.shape[1]]
    target[ink[: target.shape[0], : target.shape[1]]] = 63_000


def ball_at(centre: Array, diameter_mm: float) -> Solid:
    """Make a steel ball.

    Parameters
    ----------
    centre : Array
        Shape (3,) [mm].
    diameter_mm : float
        [mm].

    Returns
    -------
    Solid
        200 rings, round to 0.1 % of the diameter.

    References
    ----------
    .. [1] Plane geometry.
    """
    angle = np.linspace(0.02, np.pi - 0.02, 200)
    radius = diameter_mm / 2
    path = np.stack([0 * angle, 0 * angle, radius * np.cos(angle)], axis=1) + centre
    width = radius * np.sin(angle)
    widths = np.stack([width, width], axis=1)
    return Solid(*loft(path, widths, around=BALL_CORNERS))

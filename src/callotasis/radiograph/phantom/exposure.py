"""From solids to grey: the beam through the body, scatter, blur, noise, processing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter

from callotasis.radiograph.phantom.body import (
    FOOT,
    LONG_BONES,
    flesh_of,
    growth_plates_of,
    marrow_of,
    shaft_share,
)
from callotasis.radiograph.phantom.hardware import Metal, metal_of
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.skeleton import Person
from callotasis.radiograph.phantom.solid import Solid
from callotasis.radiograph.phantom.spec import FilmSpec
from callotasis.radiograph.phantom.texture import flow_of, sponge, weave_of
from callotasis.worlds import Array

# Effective attenuation at 75 kV [1/mm], of the order of the NIST tables (assumed).
MU_FAT, MU_MUSCLE, MU_CORTEX, MU_SPONGE = 0.0185, 0.0212, 0.058, 0.0275
MUSCLE_SHARE = 0.84  # of the radius of a limb; the rest is fat and skin
SPONGE_SHAFT = 0.10  # share of spongy bone left inside the shaft
SPONGE_FOOT = 0.4  # its sponge is wide-meshed, and seen over the whole length
LEAKAGE = 0.0015
BLUR_MM, QUANTA, ELECTRONIC = 0.18, 26_000.0, 0.0006
EQUALISE, EQUALISE_MM, SHARPEN, SHARPEN_MM = 0.5, 22.0, 0.5, 1.0
WHITE, BLACK, GAMMA = 62_000, 1_500, 1.1
SOFT_FACTOR_MM = 1.6
METAL_FACTOR = 4
MEAN_OF = 4  # pixels of the grey scale


def expose(
    person: Person, beam: Beam, spec: FilmSpec, rng: np.random.Generator
) -> Picture:
    """Expose one film.

    Parameters
    ----------
    person : Person
        Standing in front of the detector [mm].
    beam : Beam
        Source and field.
    spec : FilmSpec
        For metal, soft tissue, growth plates and the film's processing.
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
    attenuation = _bones(person, beam, spec, rng)
    return developed(attenuation, metal_of(person, spec), beam, spec, rng)


def developed(  # noqa: PLR0913, PLR0917 - an exposure has this many parts
    attenuation: Picture,
    metals: Iterable[Metal],
    beam: Beam,
    spec: FilmSpec,
    rng: np.random.Generator,
    dose: float = 1.0,
    headroom: float = 0.0,
) -> Picture:
    """Take the beam past metal to the detector, and make a film of what it saw.

    Parameters
    ----------
    attenuation : Picture
        Of flesh and bone along each ray, shape (rows, columns) [1].
    metals : iterable of Metal
        What lies on the film besides.
    beam : Beam
        Source and field.
    spec : FilmSpec
        For scatter and the film's processing.
    rng : Generator
        For quantum noise.
    dose : float
        Quanta against a standing film's [1].
    headroom : float
        Of the grey scale above the brightest parts, as a share of its range; without
        any, 0.2 % of the film is white [1].

    Returns
    -------
    Picture
        Shape (rows, columns), 0 to 65535, bone bright [stored value].

    References
    ----------
    .. [1] Beer-Lambert; constants at the head of this file.
    """
    primary = np.exp(-attenuation)
    for metal in metals:
        box, share = _past_metal(metal, beam)
        primary[box] *= share
    seen = _blurred_beam(primary, beam, spec)
    return _processed(_noisy(seen, beam, rng, dose), beam, spec, headroom)


def _bones(
    person: Person, beam: Beam, spec: FilmSpec, rng: np.random.Generator
) -> Picture:
    """Attenuation of flesh and bone; bone takes the place of flesh."""
    attenuation = flesh_attenuation(person, beam, spec, rng)
    weave = weave_of(beam, rng)
    outer, inner = np.zeros_like(attenuation), np.zeros_like(attenuation)
    for index, (name, bone, points) in enumerate(_every_bone(person)):
        box = beam.add_thickness(bone, outer)
        beam.add_thickness(marrow_of(name, bone), inner)
        whole, marrow = outer[box], np.minimum(inner[box], outer[box])
        spongy = marrow * _sponge_share(name, bone, beam, box[0])[:, None]
        flow = flow_of(name, points, beam, 137 * index + 11)
        density = sponge(weave, spongy, box, flow)
        attenuation[box] += over_flesh(whole - marrow, spongy, density)
        outer[box], inner[box] = 0, 0
    if spec.growth_plates:
        _open_plates(person, beam, attenuation)
    return np.asarray(np.maximum(attenuation, 0), dtype=np.float32)


def over_flesh(cortex: Picture, spongy: Picture, density: Picture) -> Picture:
    """What bone absorbs more than the flesh whose place it takes.

    Parameters
    ----------
    cortex, spongy : Picture
        Thickness of dense and of spongy bone along each ray [mm].
    density : Picture
        Of the sponge against its mean [1].

    Returns
    -------
    Picture
        Attenuation [1].

    References
    ----------
    .. [1] Constants at the head of this file.
    """
    sponge_more = MU_SPONGE * density - MU_MUSCLE
    return np.asarray((MU_CORTEX - MU_MUSCLE) * cortex + sponge_more * spongy)


def _every_bone(person: Person) -> list[tuple[str, Solid, dict[str, Array]]]:
    """Name and surface of each bone, and the landmarks of its leg."""
    bones: list[tuple[str, Solid, dict[str, Array]]] = [("pelvis", person.pelvis, {})]
    for leg in person.legs.values():
        bones += [(name, bone, leg.points) for name, bone in leg.bones.items()]
    return bones


def _open_plates(person: Person, beam: Beam, attenuation: Picture) -> None:
    """Take the bone out of each growth plate; its borders are denser than sponge."""
    shadow = np.zeros_like(attenuation)
    for leg in person.legs.values():
        for plate, dense in growth_plates_of(leg):
            box = beam.add_thickness(plate, shadow)
            change = (MU_CORTEX - MU_SPONGE) * 0.4 if dense else MU_MUSCLE - MU_SPONGE
            attenuation[box] += np.float32(change) * shadow[box]
            shadow[box] = 0


def _sponge_share(name: str, bone: Solid, beam: Beam, rows: slice) -> Picture:
    """Spongy bone by film row: full at the ends of a long bone, little in its shaft."""
    count = rows.stop - rows.start
    if name not in LONG_BONES:
        return even_sponge(name, count)
    order = np.argsort(-bone.vertices[:, 2])
    share = shaft_share(bone.vertices[:, 2])[order]
    at = beam.film_points(bone.vertices[order])[:, 1] - rows.start
    return shaft_sponge(count, np.maximum.accumulate(at), share)


def even_sponge(name: str, rows: int) -> Picture:
    """Share of the marrow space of a short bone that is spongy, by film row [1]."""
    return np.full(rows, SPONGE_FOOT if name in FOOT else 1.0, np.float32)


def shaft_sponge(rows: int, at: Array, shaft: Array) -> Picture:
    """The same of a long bone, by how much of it is shaft at rising places.

    Parameters
    ----------
    rows : int
        Of the film.
    at, shaft : Array
        Places along the film, rising [px], and how much is shaft there [1].

    Returns
    -------
    Picture
        Shape (rows,) [1].

    References
    ----------
    .. [1] Constants at the head of this file.
    """
    along = np.interp(np.arange(rows) + 0.5, at, shaft)
    return np.asarray(1 - (1 - SPONGE_SHAFT) * along, dtype=np.float32)


def flesh_attenuation(
    person: Person, beam: Beam, spec: FilmSpec, rng: np.random.Generator
) -> Picture:
    """Attenuation of soft tissue: fat around muscle, on coarse pixels.

    Parameters
    ----------
    person : Person
        As it stands before the detector [mm].
    beam : Beam
        Source and field.
    spec : FilmSpec
        For the thickness of its flesh.
    rng : Generator
        For the grain of muscle.

    Returns
    -------
    Picture
        Shape (rows, columns) [1].

    References
    ----------
    .. [1] Constants at the head of this file.
    """
    factor = max(1, round(SOFT_FACTOR_MM / beam.pitch_mm))
    coarse = beam.coarser(factor)
    whole = _joined(flesh_of(person, spec.flesh), coarse)
    muscle = _joined(flesh_of(person, spec.flesh, MUSCLE_SHARE), coarse)
    grain = gaussian_filter(
        rng.standard_normal(whole.shape).astype(np.float32), (18, 3)
    )
    muscle *= 1 + 0.02 * grain / grain.std()
    soft = MU_FAT * whole + (MU_MUSCLE - MU_FAT) * np.minimum(muscle, whole)
    return _enlarged(soft.astype(np.float32), factor, (beam.rows, beam.columns))


def _joined(solids: list[Solid], coarse: Beam) -> Picture:
    """Thickness of outlines that flow into each other without a seam [mm]."""
    joined = np.zeros((coarse.rows, coarse.columns), np.float32)
    for solid in solids:
        one = np.zeros_like(joined)
        coarse.add_thickness(solid, one)
        joined += one**4
    return np.asarray(gaussian_filter(joined**0.25, 2.0))


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


def _past_metal(metal: Metal, beam: Beam) -> tuple[tuple[slice, slice], Picture]:
    """What passes metal, averaged over each pixel: its edge is sharper than that."""
    box = beam.box_of(metal.solid)
    fine = beam.within(box, METAL_FACTOR)
    thickness = np.zeros((fine.rows, fine.columns), np.float32)
    fine.add_thickness(metal.solid, thickness)
    passed = np.exp(np.float32(-metal.attenuation) * thickness)
    rows, columns = (edge // METAL_FACTOR for edge in passed.shape)
    parts = passed.reshape(rows, METAL_FACTOR, columns, METAL_FACTOR)
    return box, np.asarray(parts.mean(axis=(1, 3)), dtype=np.float32)


def _blurred_beam(primary: Picture, beam: Beam, spec: FilmSpec) -> Picture:
    """What reaches the detector: primary beam, scatter, focal blur."""
    rows = np.linspace(-0.5, 0.5, beam.rows, dtype=np.float32)[:, None]
    primary *= 1 - np.float32(0.10) * rows  # heel effect
    factor = max(1, round(3.2 / beam.pitch_mm))
    small = primary[::factor, ::factor]
    haze = gaussian_filter(small, 60 / beam.pitch_mm / factor)
    scattered = np.float32(spec.scatter) * _enlarged(haze, factor, primary.shape)
    primary += scattered + np.float32(LEAKAGE)
    return np.asarray(gaussian_filter(primary, BLUR_MM / beam.pitch_mm, truncate=3))


def _noisy(seen: Picture, beam: Beam, rng: np.random.Generator, dose: float) -> Picture:
    """Quantum and electronic noise; thousands of quanta are as good as normal."""
    quanta = QUANTA * dose * (beam.pitch_mm / 0.2) ** 2
    sigma = np.sqrt(np.maximum(seen, 1e-5) / quanta + ELECTRONIC**2)
    sigma *= rng.standard_normal(seen.shape, dtype=np.float32)
    return seen + sigma


def _processed(seen: Picture, beam: Beam, spec: FilmSpec, headroom: float) -> Picture:
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
    if spec.equalised:
        raw -= _enlarged(np.float32(EQUALISE) * low, factor, raw.shape)
    # Of means over some pixels: noise shall have no say in the grey scale.
    rows, columns = (edge // MEAN_OF * MEAN_OF for edge in raw.shape)
    blocks = raw[:rows, :columns].reshape(rows // MEAN_OF, MEAN_OF, -1, MEAN_OF)
    black, white = np.percentile(blocks.mean(axis=(1, 3)), [2, 99.8])
    white += headroom * (white - black)
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

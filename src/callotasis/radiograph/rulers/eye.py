"""Where the source of a follow-up film stands, and how far apart two points are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.radiograph.film import Film
from callotasis.radiograph.rulers.film_length import Point
from callotasis.worlds import Array, Worlds


@dataclass(frozen=True)
class Eye:
    """Where the source stands, as seen from the film.

    Attributes
    ----------
    centre_px : tuple of float
        Column and row of the central ray [px].
    far_px : float
        Source to detector distance [px of columns].
    far_sd : float
        Its relative standard deviation, the same on every film [1].
    centre_sd_px : float
        Of the central ray, on each film anew, each way [px of columns].
    aspect : float
        Row pitch divided by column pitch [1].
    """

    centre_px: Point
    far_px: float
    far_sd: float
    centre_sd_px: float
    aspect: float

    def far_draws(self, worlds: Worlds, *, alone: bool) -> Array:
        """Source distances, shape (worlds,); what all films share [px]."""
        return self.far_px * np.exp(
            worlds.normal("length/far", 0.0 if alone else self.far_sd)
        )

    def centre_draws(self, worlds: Worlds) -> Array:
        """Central rays, shape (worlds, 2) [px]."""
        off = worlds.normal("length/centre", self.centre_sd_px, (2,))
        return np.asarray(self.centre_px) + off / [1.0, self.aspect]


def eye_of(film: Film, pitch_mm: float, beam_centre_px: Point | None = None) -> Eye:
    """Say where the source stands, known or believed.

    Parameters
    ----------
    film : Film
        Its own source distance is used where it has one.
    pitch_mm : float
        Of the columns at the detector, known or believed [mm].
    beam_centre_px : tuple of float or None
        Where the central ray met the film; None for the film's middle [px].

    Returns
    -------
    Eye
        For :func:`apart_mm`.

    References
    ----------
    .. [1] Evidence rows ``rulers.source_unknown``, ``calibration.source_known``,
       ``rulers.beam_centre``.
    """
    row = constant("rulers.source_unknown")
    source, sd = row.value, row.sd or 0.0
    if film.source_mm is not None:
        source, sd = film.source_mm, constant("calibration.source_known").sd or 0.0
    centre_sd = 0.0
    if beam_centre_px is None:
        centre_sd = constant("rulers.beam_centre").value / pitch_mm
    return Eye(
        beam_centre_px or (film.columns / 2, film.rows / 2),
        source / pitch_mm,
        sd / source,
        centre_sd,
        film.aspect,
    )


def apart_mm(ends_px: tuple[Array, Array], scale: tuple[Array, Array], far: Array,
             centre_px: Array, aspect: float) -> Array:  # fmt: skip
    """How far apart two points are in space, from their places and their scales.

    Parameters
    ----------
    ends_px : tuple of Array
        Shape (..., 2) each: column and row [px].
    scale : tuple of Array
        Shape (...) each: pixels of columns for a millimetre at each point [px/mm].
    far : Array
        Shape (...), source to detector distance [px of columns].
    centre_px : Array
        Shape (..., 2), the central ray [px].
    aspect : float
        Row pitch divided by column pitch [1].

    Returns
    -------
    Array
        Shape (...) [mm].

    References
    ----------
    .. [1] Pinhole: a point that is s pixels a millimetre large lies at 1/s of the
       source distance from the source.

    Examples
    --------
    >>> ends = np.array([0.0, -250.0]), np.array([0.0, 250.0])
    >>> float(apart_mm(ends, (np.array(5.0), np.array(5.0)), np.array(5000.0),
    ...                np.zeros(2), 1.0))
    100.0
    """
    square = np.array([1.0, aspect])
    places = [
        np.concatenate([(end - centre_px) * square, far[..., None]], axis=-1)
        / size[..., None]
        for end, size in zip(ends_px, scale, strict=True)
    ]
    return np.asarray(np.linalg.norm(places[1] - places[0], axis=-1))

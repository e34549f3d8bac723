"""One synthetic film: build the person, expose, write, and say the truth."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from callotasis.pose import Side
from callotasis.radiograph.landmarks import Landmarks, View, click_spread_mm
from callotasis.radiograph.phantom.dicom import dicom_bytes
from callotasis.radiograph.phantom.exposure import expose, stamp
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.spec import FilmSpec
from callotasis.radiograph.phantom.truth import landmarks_on, truth_of
from callotasis.worlds import Worlds

MARKER_MM = 22.0


@dataclass(frozen=True, eq=False)
class MadeFilm:
    """A synthetic film with everything that is true about it.

    Attributes
    ----------
    dicom : bytes
        The file.
    truth : dict
        Lengths, angles, points and geometry [mm, deg, px].
    landmarks : Landmarks
        Where the anatomical points really are on the film [px].
    """

    dicom: bytes
    truth: dict[str, Any]
    landmarks: Landmarks


def make_film(spec: FilmSpec) -> MadeFilm:
    """Make a synthetic film: frontal and standing, or lateral of one bone.

    For a lateral film the beam comes from the medial side and goes along the axis of
    the knee; the other leg is held away, as in practice.

    Parameters
    ----------
    spec : FilmSpec
        Person, deformity and beam.

    Returns
    -------
    MadeFilm
        The same for the same specification and library versions.

    Raises
    ------
    FilmRefusal
        If the film would be too large.

    References
    ----------
    .. [1] The mean bones of ``bones/NOTICE``; geometry of ``docs/conventions.md``.
    """
    person, beam = scene(spec)
    rng = np.random.default_rng(spec.seed)
    picture = expose(person, beam, spec, rng if spec.noise else Silent(spec.seed))
    letter = "R" if spec.view is View.FRONTAL else spec.lateral_of
    stamp(picture, letter, beam, np.array([12.0, 60.0]), MARKER_MM)
    stamp(picture, "SYNTHETIC", beam, np.array([12.0, 12.0]), 9.0)
    spec_json = json.dumps(asdict(spec), sort_keys=True)
    return MadeFilm(
        dicom_bytes(picture, beam, spec, spec_json),
        truth_of(person, beam, spec),
        landmarks_on(person, beam, spec.view),
    )


class Silent(np.random.Generator):
    """Texture as ever, but no quantum noise."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))

    def standard_normal(
        self, size: Any = None, dtype: Any = float, out: Any = None
    ) -> Any:
        """Nothing where noise is drawn in single precision, as quanta are."""
        drawn = super().standard_normal(size, dtype, out)
        return drawn * 0 if dtype is np.float32 else drawn


def reader_clicks(made: MadeFilm, seed: int) -> Landmarks:
    """Click the landmarks as a reader would: each with its published scatter.

    Parameters
    ----------
    made : MadeFilm
        With the true places [px].
    seed : int
        Of the scatter.

    Returns
    -------
    Landmarks
        Scattered [px].

    References
    ----------
    .. [1] Evidence rows ``landmarks.*``.
    """
    worlds = Worlds(count=1, seed=seed)
    pitch = made.truth["pixel_pitch_mm"]

    def click(side: Side, name: str, point: tuple[float, float]) -> tuple[float, float]:
        off = worlds.normal(f"reader/{side}/{name}", 1.0, (2,))[1]
        off *= np.array(click_spread_mm(name)) / pitch
        return round(point[0] + float(off[0]), 2), round(point[1] + float(off[1]), 2)

    return Landmarks(
        {
            side: {name: click(side, name, p) for name, p in points.items()}
            for side, points in made.landmarks.sides.items()
        },
        view=made.landmarks.view,
    )

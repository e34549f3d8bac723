"""One synthetic film: build the person, expose, write, and say the truth."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.pose import Side
from callotasis.radiograph.landmarks import Landmarks, click_spread_mm
from callotasis.radiograph.phantom.dicom import dicom_bytes
from callotasis.radiograph.phantom.exposure import expose, stamp
from callotasis.radiograph.phantom.hardware import ball_centres
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.skeleton import Person, stand
from callotasis.radiograph.phantom.spec import MAX_PIXELS, FilmSpec
from callotasis.radiograph.phantom.truth import landmarks_on, truth_of
from callotasis.worlds import Worlds

FILM_WIDTH_MM = 430.0
ABOVE_PELVIS_MM, BELOW_SOLE_MM = 45.0, 17.0
MARKER_MM = 22.0
BESIDE_BALL_MM = 11.0
BESIDE_PELVIS_MM = 110.0
PARALLEL_MM = 1e7  # a source so far away that nothing is magnified


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
    """Make a synthetic standing film.

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
    picture = expose(person, beam, spec, rng if spec.noise else _Silent(spec.seed))
    stamp(picture, "R", beam, np.array([12.0, 60.0]), MARKER_MM)
    stamp(picture, "SYNTHETIC", beam, np.array([12.0, 12.0]), 9.0)
    spec_json = json.dumps(asdict(spec), sort_keys=True)
    return MadeFilm(
        dicom_bytes(picture, beam, spec, spec_json),
        truth_of(person, beam, spec),
        landmarks_on(person, beam),
    )


def scene(spec: FilmSpec) -> tuple[Person, Beam]:
    """Stand the person of a specification before its beam.

    Parameters
    ----------
    spec : FilmSpec
        Person, stance and beam.

    Returns
    -------
    tuple of Person and Beam
        In the detector's frame: y is the distance in front of the detector [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film".
    """
    person = stand(spec)
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    shift = np.array(
        [0.0, spec.knee_to_detector_mm - np.mean([k[1] for k in knees]), 0.0]
    )
    placed = person.moved(lambda points: np.asarray(points + shift))
    return placed, _beam(placed, spec)


class _Silent(np.random.Generator):
    """Texture as ever, but no quantum noise."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))

    def standard_normal(
        self, size: Any = None, dtype: Any = float, out: Any = None
    ) -> Any:
        drawn = super().standard_normal(size, dtype, out)
        return drawn * 0 if dtype is np.float32 else drawn


def _beam(person: Person, spec: FilmSpec) -> Beam:
    soles = [
        leg.points["sole"][2] - spec.block_mm.get(str(side), 0.0)
        for side, leg in person.legs.items()
    ]
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    centre = (
        spec.beam_column_mm,
        float(np.mean([k[2] for k in knees])) + spec.beam_row_mm,
    )
    source = PARALLEL_MM if spec.true_scale else spec.source_mm
    grow = source / (source - spec.knee_to_detector_mm)
    top = centre[1] + (person.pelvis.vertices[:, 2].max() - centre[1]) * grow
    bottom = centre[1] + (min(soles) - BELOW_SOLE_MM - centre[1]) * grow
    left, right = _sides_of_field(person, spec, centre[0], source)
    rows = int((top + ABOVE_PELVIS_MM - bottom) / spec.pitch_mm)
    columns = int((right - left) / spec.pitch_mm)
    if rows * columns > MAX_PIXELS:
        raise FilmRefusal(
            f"the film would have {rows} × {columns} pixels; allowed are {MAX_PIXELS}"
        )
    return Beam(
        source,
        centre,
        left,
        float(top + ABOVE_PELVIS_MM),
        spec.pitch_mm,
        rows,
        columns,
    )


def _sides_of_field(
    person: Person, spec: FilmSpec, centre: float, source: float
) -> tuple[float, float]:
    """Left and right edge of the film: the body, and every ball as a whole [mm]."""
    grow = source / (source - spec.knee_to_detector_mm)
    wide = max(
        FILM_WIDTH_MM * spec.height_scale,
        float(np.ptp(person.pelvis.vertices[:, 0])) * grow + BESIDE_PELVIS_MM,
    )
    edges = [-wide / 2, wide / 2]
    for ball in ball_centres(person, spec):
        larger = source / (source - ball[1])
        across = centre + (ball[0] - centre) * larger
        room = ((spec.ball_mm or 0.0) / 2 + BESIDE_BALL_MM) * larger
        edges += [float(across - room), float(across + room)]
    half = max(abs(edge) for edge in edges)
    return -half, half


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
        }
    )

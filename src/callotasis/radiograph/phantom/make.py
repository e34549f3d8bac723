"""One synthetic film: build the person, expose, write, and say the truth."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.landmarks import SCATTER, Landmarks
from callotasis.radiograph.phantom.dicom import dicom_bytes
from callotasis.radiograph.phantom.exposure import ball_at, expose, stamp
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.skeleton import Leg, Person, Solid, stand
from callotasis.radiograph.phantom.spec import MAX_PIXELS, FilmSpec
from callotasis.worlds import Array, Worlds

FILM_WIDTH_MM = 430.0
ABOVE_PELVIS_MM, BELOW_ANKLE_MM = 45.0, 95.0
KNEE_TO_DETECTOR_MM = 125.0
MARKER_MM = 22.0
BESIDE_BALL_MM = 11.0


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
    person = _placed(stand(spec))
    beam = _beam(person, spec)
    ball = _ball(person, spec)
    rng = np.random.default_rng(spec.seed)
    picture = expose(person, beam, ball, rng if spec.noise else _Silent(spec.seed))
    stamp(picture, "R", beam, np.array([12.0, 60.0]), MARKER_MM)
    stamp(picture, "SYNTHETIC", beam, np.array([12.0, 12.0]), 9.0)
    clicks = _landmarks(person, beam)
    spec_json = json.dumps(asdict(spec), sort_keys=True)
    return MadeFilm(
        dicom_bytes(picture, beam, spec_json), _truth(person, beam, spec), clicks
    )


class _Silent(np.random.Generator):
    """Texture as ever, but no quantum noise."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))

    def standard_normal(
        self, size: Any = None, dtype: Any = float, out: Any = None
    ) -> Any:
        drawn = super().standard_normal(size, dtype, out)
        return drawn * 0 if dtype is np.float32 else drawn


def _placed(person: Person) -> Person:
    """Stand the person in front of the detector, feet free, hips where they are."""
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    shift = np.array([0.0, KNEE_TO_DETECTOR_MM - np.mean([k[1] for k in knees]), 0.0])

    def carry(points: Array) -> Array:
        return np.asarray(points + shift)

    return Person(
        Solid(carry(person.pelvis.vertices), person.pelvis.faces),
        {s: leg.moved(carry) for s, leg in person.legs.items()},
        person.upright,
        person.apex,
    )


def _beam(person: Person, spec: FilmSpec) -> Beam:
    ankles = [leg.points["ankle_centre"][2] for leg in person.legs.values()]
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    centre = (
        spec.beam_column_mm,
        float(np.mean([k[2] for k in knees])) + spec.beam_row_mm,
    )
    grow = spec.source_mm / (spec.source_mm - KNEE_TO_DETECTOR_MM)
    top = centre[1] + (person.pelvis.vertices[:, 2].max() - centre[1]) * grow
    bottom = centre[1] + (min(ankles) - BELOW_ANKLE_MM - centre[1]) * grow
    wide = [FILM_WIDTH_MM, np.ptp(person.pelvis.vertices[:, 0]) * grow + 110]
    if spec.ball_mm is not None:
        ball = _ball_centre(person, spec)
        larger = spec.source_mm / (spec.source_mm - ball[1])
        across = centre[0] + (ball[0] - centre[0]) * larger
        room = (spec.ball_mm / 2 + BESIDE_BALL_MM) * larger
        wide.append(2 * (abs(float(across)) + room))
    width = float(max(wide))
    rows = int((top + ABOVE_PELVIS_MM - bottom) / spec.pitch_mm)
    columns = int(width / spec.pitch_mm)
    if rows * columns > MAX_PIXELS:
        raise FilmRefusal(
            f"the film would have {rows} × {columns} pixels; allowed are {MAX_PIXELS}"
        )
    return Beam(
        spec.source_mm,
        centre,
        -width / 2,
        float(top + ABOVE_PELVIS_MM),
        spec.pitch_mm,
        rows,
        columns,
    )


def _ball(person: Person, spec: FilmSpec) -> Solid | None:
    """Steel ball beside the right knee."""
    return (
        None
        if spec.ball_mm is None
        else ball_at(_ball_centre(person, spec), spec.ball_mm)
    )


def _ball_centre(person: Person, spec: FilmSpec) -> Array:
    knee = person.legs[Side.RIGHT].points["knee_centre"]
    return np.asarray(knee + np.array([-100.0, spec.ball_forward_mm, 90.0]))


def _landmarks(person: Person, beam: Beam) -> Landmarks:
    return Landmarks(
        {
            side: {
                name: tuple(beam.film_points(point[None])[0].round(2).tolist())
                for name, point in leg.points.items()
            }
            for side, leg in person.legs.items()
        }
    )


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
        sd = constant(SCATTER[name]).value / pitch
        off = worlds.normal(f"reader/{side}/{name}", sd, (2,))[1]
        return round(point[0] + float(off[0]), 2), round(point[1] + float(off[1]), 2)

    return Landmarks(
        {
            side: {name: click(side, name, p) for name, p in points.items()}
            for side, points in made.landmarks.sides.items()
        }
    )


def _truth(person: Person, beam: Beam, spec: FilmSpec) -> dict[str, Any]:
    sides = {str(s): _leg_truth(person, s) for s in Side}
    ball = None
    if spec.ball_mm is not None:
        centre = _ball_centre(person, spec)
        ball = {
            "diameter_mm": spec.ball_mm,
            "centre_px": _rounded(beam.film_points(centre[None])[0]),
            "depth_mm": round(float(centre[1]), 3),
        }
    return {
        "synthetic": True,
        "spec": asdict(spec),
        "source_mm": spec.source_mm,
        "pixel_pitch_mm": spec.pitch_mm,
        "beam_centre_px": _rounded(
            beam.film_points(np.array([[beam.centre_mm[0], 0.0, beam.centre_mm[1]]]))[0]
        ),
        "ball": ball,
        "frame": "x patient left, y in front of the detector, z up, mm",
        "landmarks": _landmarks(person, beam).as_json(),
        "sides": sides,
        "discrepancy_mm": round(
            sides["R"]["leg_length_mm"] - sides["L"]["leg_length_mm"], 3
        ),
        "cora": {
            str(segment): {
                "varus_deg": spec.bend[str(segment)].varus_deg,
                "apex_px": _rounded(_apex_on_film(person, beam, segment.side, apex)),
                "level_mm": _apex_level(
                    person.upright[segment.side], apex, segment.bone
                ),
            }
            for segment, apex in person.apex.items()
        },
    }


def _rounded(values: Array, digits: int = 2) -> list[float]:
    return [round(float(v), digits) for v in values]


def _apex_on_film(person: Person, beam: Beam, side: Side, apex: Array) -> Array:
    """Carry the apex along with the body's turn, as the hip centre was carried."""
    upright, placed = person.upright[side].points, person.legs[side].points
    names = ("hip_centre", "knee_centre", "ankle_centre", "troch_tip")
    before = np.array([upright[n] for n in names])
    after = np.array([placed[n] for n in names])
    turn, _, _, _ = np.linalg.lstsq(np.c_[before, np.ones(4)], after, rcond=None)
    return np.asarray(beam.film_points((np.append(apex, 1.0) @ turn)[None])[0])


def _apex_level(leg: Leg, apex: Array, bone: str) -> float:
    """Distance of the apex below the proximal joint centre [mm]."""
    top = leg.points["hip_centre" if bone == "femur" else "knee_centre"]
    return round(float(np.linalg.norm(apex - top)), 2)


def _leg_truth(person: Person, side: Side) -> dict[str, Any]:
    """Lengths in space, angles in the patient's own coronal plane."""
    points = person.upright[side].points
    outward = -1.0 if side is Side.RIGHT else 1.0

    def flat(name: str) -> Array:
        return points[name][[0, 2]] * [outward, 1.0]

    def far(a: str, b: str) -> float:
        return float(np.linalg.norm(points[a] - points[b]))

    def angle(u: Array, v: Array) -> float:
        cross = u[0] * v[1] - u[1] * v[0]
        return float(np.degrees(np.abs(np.arctan2(cross, u @ v))))

    hip, knee, ankle = (flat(f"{j}_centre") for j in ("hip", "knee", "ankle"))
    condyles = flat("fem_condyle_lat") - flat("fem_condyle_med")
    plateau = flat("tib_plateau_lat") - flat("tib_plateau_med")
    plafond = flat("plafond_lat") - flat("plafond_med")
    mldfa, mpta = angle(hip - knee, condyles), angle(ankle - knee, -plateau)
    rise = [np.degrees(np.arctan2(v[1], v[0])) for v in (condyles, plateau)]
    jlca = float(rise[0] - rise[1])
    figures = {
        "femur_length_mm": far("hip_centre", "knee_centre"),
        "tibia_length_mm": far("knee_centre", "ankle_centre"),
        "leg_length_mm": far("hip_centre", "ankle_centre"),
        "hka_deviation_deg": -(mldfa - mpta + jlca),
        "mldfa_deg": mldfa,
        "mpta_deg": mpta,
        "jlca_deg": jlca,
        "mldta_deg": angle(knee - ankle, plafond),
        "mlpfa_deg": angle(knee - hip, flat("troch_tip") - hip),
    }
    return {
        **{name: round(value, 3) for name, value in figures.items()},
        "points_3d": {n: _rounded(p, 3) for n, p in person.legs[side].points.items()},
    }

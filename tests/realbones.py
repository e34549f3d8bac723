"""Real bones on film: people whose landmarks are known, and how far raters scatter.

Bones of one adult (``z013``) and of three right legs, from the folder of test data;
nothing of them may enter the package. Frame: that of the phantom, x to the patient's
left, y anterior, z up [mm]. Where the product's person, beam and exposure are used is
the section "Film".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bonepoints import (
    bone_points,
    femoral_head,
    joined,
    mirror_image,
    parts,
    sphere_through,
)
from callotasis.pose import Side
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import Landmarks
from callotasis.radiograph.phantom.exposure import expose
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.skeleton import Person
from callotasis.radiograph.phantom.solid import Leg, Solid, in_turn
from callotasis.radiograph.phantom.spec import FilmSpec
from callotasis.worlds import Array
from darkroom import film_of

Move = Callable[[Array], Array]

RIGHT_LEGS = {
    # Axes of the scanner in those of the phantom. The bones of one person lie in one
    # frame, as scanned; the fibula is a part of the tibia's file.
    "ICL_MRI": (-1.0, 1.0, 1.0),
    "LHDL_CT": (1.0, -1.0, 1.0),
    "TLEM2_CT": (1.0, -1.0, 1.0),  # without a pelvis: it borrows that of z013
}
PEOPLE = ("z013", *RIGHT_LEGS)

KNEE_TO_DETECTOR_MM = 125.0
SOURCE_MM = 2600.0
FILM_WIDTH_MM = 430.0
ABOVE_PELVIS_MM, BELOW_ANKLE_MM = 30.0, 95.0

_Z013_BONES = {
    # The phantom's name of a bone says how thick its cortex is, and what is foot.
    "femur": "Femur", "patella": "Patella", "tibia": "Tibia", "fibula": "Fibula",
    "talus": "Talus", "heel": "Calcaneus", "midfoot": "Tarsals",
    "ray_1": "Metatarsals",  # the toes hang below the film
}  # fmt: skip

_HEAD_RATED = tuple(
    f"{where} Femoral Head ({where[0]}FH)"
    for where in ("Superior", "Anterior", "Lateral", "Posterior", "Medial", "Inferior")
)
_RATED = {
    "troch_tip": "Superior Greater Trochanter (SGT)",
    "fem_condyle_med": "Distal Medial Condyle (DMC)",
    "fem_condyle_lat": "Distal Lateral Condyle (DLC)",
    "lesser_trochanter": "Lesser Trochanter (LT)",
    "epicondyle_med": "Medial Epicondyle (MEC)",
    "epicondyle_lat": "Lateral Epicondyle (LEC)",
    "notch": "Intercondylar Notch (ICN)",
}


# Film.


@dataclass(frozen=True, eq=False)
class RealFilm:
    """A film of real bones with everything that is true about it.

    ``true`` are the landmarks in space, projected; ``seen`` are the same definitions
    applied to the shadow: the lowest point of a condyle's outline, the highest of the
    trochanter's, the middle between the edges of a shaft. A reader places ``seen``.
    A rim is upright at its widest point, and a trochanter may be flat on top: the row
    of the one and the column of the other are loose by some millimetres.
    """

    film: Film
    person: Person
    beam: Beam
    true: Landmarks
    seen: Landmarks


@lru_cache(maxsize=8)
def real_film(
    data_folder: Path,
    name: str,
    pitch_mm: float = 0.4,
    turn_deg: float = 0.0,
    seed: int = 1,
) -> RealFilm:
    """Stand one of :data:`PEOPLE` before the detector and expose a film."""
    person = turned(real_person(data_folder, name), turn_deg)
    beam = standing_beam(person, pitch_mm)
    bare = FilmSpec(ball_mm=None)
    picture = expose(person, beam, bare, np.random.default_rng(seed))
    return RealFilm(
        _developed(picture, beam),
        person,
        beam,
        true_landmarks(person, beam),
        seen_landmarks(person, beam),
    )


def _developed(picture: Picture, beam: Beam) -> Film:
    grey = (picture - picture.min()) / np.ptp(picture)
    return film_of(
        grey,
        spacing_mm=(beam.pitch_mm, beam.pitch_mm),
        source_mm=beam.source_mm,
        logarithmic=True,
    )


def standing_beam(person: Person, pitch_mm: float) -> Beam:
    """Aim at the knees; the field reaches from the pelvis to below the ankles."""
    legs = person.legs.values()
    aim = float(np.mean([leg.points["knee_centre"][2] for leg in legs]))
    grow = SOURCE_MM / (SOURCE_MM - KNEE_TO_DETECTOR_MM)
    ankle = min(leg.points["ankle_centre"][2] for leg in legs)
    top = aim + (person.pelvis.vertices[:, 2].max() + ABOVE_PELVIS_MM - aim) * grow
    bottom = aim + (ankle - BELOW_ANKLE_MM - aim) * grow
    return Beam(
        source_mm=SOURCE_MM,
        centre_mm=(0.0, aim),
        left_mm=-FILM_WIDTH_MM / 2,
        top_mm=float(top),
        pitch_mm=pitch_mm,
        rows=int((top - bottom) / pitch_mm),
        columns=int(FILM_WIDTH_MM / pitch_mm),
    )


def true_landmarks(person: Person, beam: Beam) -> Landmarks:
    """Project the landmarks in space [px]."""
    return Landmarks(
        {
            side: {n: _on_film(point, beam) for n, point in leg.points.items()}
            for side, leg in person.legs.items()
        }
    )


def seen_landmarks(person: Person, beam: Beam) -> Landmarks:
    """Find the landmarks on the outlines of the shadows [px]."""
    seen = {}
    for side, leg in person.legs.items():
        flat = {n: _flattened(bone, beam) for n, bone in leg.bones.items()}
        points = bone_points(flat, side)
        seen[side] = {n: _pixel(point, beam) for n, point in points.items()}
        # The outline of a sphere: its middle is the projected centre.
        seen[side]["hip_centre"] = _on_film(leg.points["hip_centre"], beam)
    return Landmarks(seen)


def _flattened(bone: Solid, beam: Beam) -> Solid:
    """A bone whose x and z are those of its shadow; y stays its depth."""
    column, row = beam.film_points(bone.vertices).T
    x = beam.left_mm + column * beam.pitch_mm
    z = beam.top_mm - row * beam.pitch_mm
    return Solid(np.stack([x, bone.vertices[:, 1], z], axis=1), bone.faces)


def _pixel(point: Array, beam: Beam) -> tuple[float, float]:
    """Where a point of the detector's plane lies on the film [px]."""
    return (
        float(point[0] - beam.left_mm) / beam.pitch_mm,
        float(beam.top_mm - point[2]) / beam.pitch_mm,
    )


def _on_film(point: Array, beam: Beam) -> tuple[float, float]:
    column, row = beam.film_points(point[None])[0]
    return float(column), float(row)


def _person(pelvis: Solid, legs: dict[Side, Leg]) -> Person:
    """Put pelvis and legs together; nothing of them is bent."""
    return Person(pelvis, legs, upright=legs, apex={}, standing_apex={})


def turned(person: Person, turn_deg: float) -> Person:
    """Turn the person about the vertical between the knees, right side forward."""
    middle = np.array([0.0, KNEE_TO_DETECTOR_MM, 0.0])
    return person.moved(_about_z(-np.radians(turn_deg), middle))


# People.


@lru_cache
def real_person(data_folder: Path, name: str) -> Person:
    """Stand one of :data:`PEOPLE`."""
    if name == "z013":
        return z013_person(data_folder)
    return right_leg_person(data_folder, name)


def z013_person(data_folder: Path) -> Person:
    """Stand the adult of whom both legs are known; the feet hang, as scanned."""
    moves = _z013_moves(data_folder)
    folder = data_folder / "bones" / "z013"
    hips = [_z013_bone(folder, name) for name in ("Hip_R", "Hip_L", "Sacrum")]
    pelvis = joined(hips).moved(moves[None])
    legs = {side: _z013_leg(folder, side).moved(moves[side]) for side in Side}
    return _person(pelvis, legs)


def _z013_moves(data_folder: Path) -> dict[Side | None, Move]:
    """Motions from the table to standing: of each leg, and of the pelvis at None."""
    folder = data_folder / "bones" / "z013"
    right, left = (_z013_bone(folder, f"Hip_{s}") for s in "RL")
    body = _frontal(right, left)
    legs = {side: _z013_leg(folder, side).moved(body) for side in Side}
    knees = {side: _knee_forward(leg) for side, leg in legs.items()}
    step = _to_detector([leg.moved(knees[side]) for side, leg in legs.items()])
    return {
        None: in_turn([body, step]),
        **{side: in_turn([body, knee, step]) for side, knee in knees.items()},
    }


def _z013_bone(folder: Path, name: str) -> Solid:
    with np.load(folder / f"{name}.npz") as stored:
        vertices = stored["vertices"].astype(float) * [1.0, -1.0, 1.0]
        return Solid(vertices, stored["faces"].astype(np.int64)[:, ::-1])


def _z013_leg(folder: Path, side: Side) -> Leg:
    bones = {n: _z013_bone(folder, f"{b}_{side}") for n, b in _Z013_BONES.items()}
    return Leg(side, bones, bone_points(bones, side))


def right_leg_person(data_folder: Path, name: str) -> Person:
    """Stand a person of whom the right leg is known; the left is its mirror image."""
    folder = data_folder / "bones" / "right_legs" / name
    leg = _right_leg(folder, RIGHT_LEGS[name])
    file = folder / "pelvis_no_sacrum.obj"
    if file.exists():
        hips = parts(_obj_bone(file, RIGHT_LEGS[name]))[:2]
        right, left = sorted(hips, key=lambda hip: hip.vertices[:, 0].mean())
        body = _frontal(right, left)
        leg, hip = leg.moved(body), right.moved(body)
    else:
        leg, hip = _with_hip_of_z013(leg, data_folder)
    leg = leg.moved(_knee_forward(leg))
    step = _to_detector([leg])
    leg, hip = leg.moved(step), hip.moved(step)
    pelvis = joined([hip, mirror_image(hip)])
    return _person(pelvis, {Side.RIGHT: leg, Side.LEFT: _left_of(leg)})


def _right_leg(folder: Path, axes: tuple[float, float, float]) -> Leg:
    bones = {
        n: _obj_bone(folder / f"{n}_r.obj", axes)
        for n in ("femur", "patella", "tibia", "talus")
    }
    bones["tibia"], bones["fibula"] = parts(bones["tibia"])[:2]
    return Leg(Side.RIGHT, bones, bone_points(bones, Side.RIGHT))


def _obj_bone(path: Path, axes: tuple[float, float, float]) -> Solid:
    lines = [line.split() for line in path.read_text("ascii").splitlines()]
    vertices = np.array([w[1:4] for w in lines if w[:1] == ["v"]], dtype=float)
    corners = [[c.partition("/")[0] for c in w[1:4]] for w in lines if w[:1] == ["f"]]
    faces = np.array(corners, dtype=np.int64) - 1
    return Solid(vertices * axes, faces[:, ::-1])


def _with_hip_of_z013(leg: Leg, data_folder: Path) -> tuple[Leg, Solid]:
    """Bring a leg under the right hip bone of z013, scaled to the leg's own head."""
    lender = real_person(data_folder, "z013")
    hip = min(parts(lender.pelvis), key=lambda part: part.vertices[:, 0].mean())
    socket, lent = femoral_head(lender.legs[Side.RIGHT].bones["femur"], Side.RIGHT)
    own, radius = femoral_head(leg.bones["femur"], Side.RIGHT)
    scaled = Solid(hip.vertices * (radius / lent), hip.faces)
    there = socket * (radius / lent)
    return leg.moved(lambda points: points - own + there), scaled


def _left_of(leg: Leg) -> Leg:
    return Leg(
        Side.LEFT,
        {n: mirror_image(bone) for n, bone in leg.bones.items()},
        {n: point * [-1.0, 1.0, 1.0] for n, point in leg.points.items()},
    )


# Posture.


def _about_z(angle: float, centre: Array) -> Move:
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return lambda points: (points - centre) @ matrix.T + centre


def _frontal(right: Solid, left: Solid) -> Move:
    """Turn the pelvis to face the source, its symphysis on the midline."""
    middles = [hip.vertices.mean(axis=0) for hip in (right, left)]
    across = middles[1] - middles[0]
    turn = _about_z(-np.arctan2(across[1], across[0]), (middles[0] + middles[1]) / 2)
    inner = turn(right.vertices)[:, 0].max(), turn(left.vertices)[:, 0].min()
    midline = np.array([sum(inner) / 2, 0.0, 0.0])
    return lambda points: turn(points) - midline


def _knee_forward(leg: Leg) -> Move:
    """Turn a leg about its hip until the backs of both condyles lie in one plane."""
    femur = leg.bones["femur"].vertices
    low = femur[femur[:, 2] < femur[:, 2].min() + 40]
    lefts = low[:, 0] > (low[:, 0].min() + low[:, 0].max()) / 2
    back, other = (half[np.argmin(half[:, 1])] for half in (low[~lefts], low[lefts]))
    across = other - back
    return _about_z(-np.arctan2(across[1], across[0]), leg.points["hip_centre"])


def _to_detector(legs: list[Leg]) -> Move:
    """Bring the knees as far before the detector as the phantom's are."""
    depth = np.mean([leg.points["knee_centre"][1] for leg in legs])
    step = np.array([0.0, KNEE_TO_DETECTOR_MM - depth, 0.0])
    return lambda points: points + step


# Raters.


@dataclass(frozen=True)
class RaterScatter:
    """Where five raters, four times each, put one landmark of z013's left femur.

    ``*_mm`` in space follow the phantom's axes; on the film they are columns and rows
    in millimetres at the detector. ``sd`` is over all 20 trials, ``between`` that of
    the raters' own means, ``within`` what one rater differs from himself.
    """

    mean_mm: tuple[float, ...]
    sd_mm: tuple[float, ...]
    mean_px: tuple[float, ...]
    film_sd_mm: tuple[float, ...]
    film_between_mm: tuple[float, ...]
    film_within_mm: tuple[float, ...]


def rater_points(data_folder: Path) -> dict[str, Array]:
    """Every click in space: shape (5 raters, 4 trials, 3), on the standing person."""
    path = data_folder / "bones" / "z013" / "landmarks.json"
    femur = json.loads(path.read_text("utf-8"))["femur"]
    clicked = {n: _by_rater(femur[label]) for n, label in _RATED.items()}
    head = np.stack([_by_rater(femur[label]) for label in _HEAD_RATED], axis=2)
    clicked["hip_centre"] = np.array(
        [[sphere_through(trial)[0] for trial in rater] for rater in head]
    )
    move = _z013_moves(data_folder)[Side.LEFT]
    return {
        n: move(p.reshape(-1, 3) * [1.0, -1.0, 1.0]).reshape(p.shape)
        for n, p in clicked.items()
    }


def _by_rater(rows: list[list[float]]) -> Array:
    """Sort rows of rater, trial, x, y, z into shape (raters, trials, 3)."""
    ordered = np.array(sorted(rows))
    raters = len(np.unique(ordered[:, 0]))
    return ordered[:, 2:].reshape(raters, -1, 3)


def rater_scatter(data_folder: Path, beam: Beam) -> dict[str, RaterScatter]:
    """Mean and scatter of every rated landmark in space and on a film of z013."""
    return {n: _scatter(p, beam) for n, p in rater_points(data_folder).items()}


def _scatter(clicks: Array, beam: Beam) -> RaterScatter:
    raters, trials, _ = clicks.shape
    on_film = beam.film_points(clicks.reshape(-1, 3)).reshape(raters, trials, 2)
    own_means = on_film.mean(axis=1)
    spread = {
        "film_sd_mm": on_film.reshape(-1, 2).std(axis=0, ddof=1),
        "film_between_mm": own_means.std(axis=0, ddof=1),
        "film_within_mm": np.sqrt(on_film.var(axis=1, ddof=1).mean(axis=0)),
    }
    return RaterScatter(
        mean_mm=_floats(clicks.mean(axis=(0, 1))),
        sd_mm=_floats(clicks.reshape(-1, 3).std(axis=0, ddof=1)),
        mean_px=_floats(on_film.mean(axis=(0, 1))),
        **{n: _floats(sd * beam.pitch_mm) for n, sd in spread.items()},
    )


def _floats(values: Array) -> tuple[float, ...]:
    return tuple(float(v) for v in values)

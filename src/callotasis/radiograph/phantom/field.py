"""Where the person stands before the beam, and how much of him the film shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.landmarks import LATERAL, View
from callotasis.radiograph.phantom.hardware import ball_centres
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.shape import ENDS
from callotasis.radiograph.phantom.skeleton import Person, stand
from callotasis.radiograph.phantom.solid import Move
from callotasis.radiograph.phantom.spec import MAX_PIXELS, FilmSpec
from callotasis.worlds import Array

FILM_WIDTH_MM = 430.0
ABOVE_PELVIS_MM, BELOW_SOLE_MM = 45.0, 17.0
BESIDE_BALL_MM = 11.0
BESIDE_PELVIS_MM = 110.0
BEYOND_JOINT_MM, BESIDE_BONE_MM = 40.0, 75.0
PARALLEL_MM = 1e7  # a source so far away that nothing is magnified


def scene(spec: FilmSpec) -> tuple[Person, Beam]:
    """Stand the person of a specification before its beam.

    Parameters
    ----------
    spec : FilmSpec
        Person, stance and beam.

    Returns
    -------
    tuple of Person and Beam
        x to the patient's left, y anterior, z up; on a frontal film y is the distance
        in front of the detector [mm].

    Raises
    ------
    FilmRefusal
        If the film would be too large.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film".
    """
    person = stand(spec)
    if spec.view in LATERAL:
        return _from_the_side(person, spec)
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    shift = np.array(
        [0.0, spec.knee_to_detector_mm - np.mean([k[1] for k in knees]), 0.0]
    )
    placed = person.moved(lambda points: np.asarray(points + shift))
    return placed, _frontal_beam(placed, spec)


def _source_mm(spec: FilmSpec) -> float:
    return PARALLEL_MM if spec.true_scale else spec.source_mm


def _frontal_beam(person: Person, spec: FilmSpec) -> Beam:
    soles = [
        leg.points["sole"][2] - spec.block_mm.get(str(side), 0.0)
        for side, leg in person.legs.items()
    ]
    knees = [leg.points["knee_centre"] for leg in person.legs.values()]
    centre = (
        spec.beam_column_mm,
        float(np.mean([k[2] for k in knees])) + spec.beam_row_mm,
    )
    source = _source_mm(spec)
    grow = source / (source - spec.knee_to_detector_mm)
    top = centre[1] + (person.pelvis.vertices[:, 2].max() - centre[1]) * grow
    bottom = centre[1] + (min(soles) - BELOW_SOLE_MM - centre[1]) * grow
    left, right = _sides_of_field(person, spec, centre[0], source)
    rows = int((top + ABOVE_PELVIS_MM - bottom) / spec.pitch_mm)
    columns = int((right - left) / spec.pitch_mm)
    _check_size(rows, columns)
    top = float(top + ABOVE_PELVIS_MM)
    return Beam(source, centre, left, top, spec.pitch_mm, rows, columns)


def _check_size(rows: int, columns: int) -> None:
    if rows * columns > MAX_PIXELS:
        raise FilmRefusal(
            f"the film would have {rows} × {columns} pixels; allowed are {MAX_PIXELS}"
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


def _from_the_side(person: Person, spec: FilmSpec) -> tuple[Person, Beam]:
    """One leg, lateral side to the detector; the other one is held away."""
    side = Side(spec.lateral_of)
    bone = Bone.FEMUR if spec.view is View.LATERAL_FEMUR else Bone.TIBIA
    one = _only(person, Segment(side, bone))
    # Columns run backward past a right leg and forward past a left one, so that the
    # lateral side of either is the one that lies on the detector.
    forward = -1.0 if side is Side.RIGHT else 1.0
    points = one.legs[side].points
    middle = np.mean([points[end] for end in ENDS[bone]], axis=0)
    shift = np.array(
        [
            -forward * spec.knee_to_detector_mm - points["knee_centre"][0],
            -middle[1],
            0.0,
        ]
    )
    placed = one.moved(lambda p: np.asarray(p + shift))
    return placed, _lateral_beam(placed, spec, bone, forward)


def _only(person: Person, segment: Segment) -> Person:
    """One leg with its own half of the pelvis."""
    side = segment.side
    return Person(
        person.pelvis.moved(_own_half(person, side)),
        {side: person.legs[side]},
        {side: person.upright[side]},
        {s: p for s, p in person.apex.items() if s == segment},
        {s: p for s, p in person.standing_apex.items() if s == segment},
    )


def _own_half(person: Person, side: Side) -> Move:
    """Press the other half of the pelvis flat: it is left out, and nothing is open."""
    hips = {s: leg.points["hip_centre"] for s, leg in person.legs.items()}
    middle = np.mean([*hips.values()], axis=0)
    outward = (hips[side] - middle) / np.linalg.norm(hips[side] - middle)

    def move(points: Array) -> Array:
        beyond = np.minimum((points - middle) @ outward, 0.0)
        return np.asarray(points - beyond[:, None] * outward)

    return move


def _lateral_beam(person: Person, spec: FilmSpec, bone: Bone, forward: float) -> Beam:
    (leg,) = person.legs.values()
    upper, lower = (leg.points[end] for end in ENDS[bone])
    source = _source_mm(spec)
    height = float(upper[2] + lower[2]) / 2 + spec.beam_row_mm
    # On pixels of a millimetre whose corner is the origin, pixels are millimetres.
    aim = Beam(
        source,
        (forward * spec.beam_column_mm, height),
        0.0,
        0.0,
        1.0,
        0,
        0,
        (0.0, forward),
    )
    ends = -aim.film_points(np.array([upper, lower]))[:, 1]
    top, bottom = float(ends.max()), float(ends.min())
    left, right = _beside_bone(leg.bones[str(bone)].vertices, aim)
    for ball in ball_centres(person, spec):
        room = np.array([0.0, (spec.ball_mm or 0.0) / 2 + BESIDE_BALL_MM, 0.0])
        edges = aim.film_points(np.array([ball - room, ball + room]))[:, 0]
        left, right = min(left, *edges), max(right, *edges)
    top, bottom = top + BEYOND_JOINT_MM, bottom - BEYOND_JOINT_MM
    rows = int((top - bottom) / spec.pitch_mm)
    columns = int((right - left) / spec.pitch_mm)
    _check_size(rows, columns)
    return replace(
        aim,
        left_mm=float(left),
        top_mm=top,
        pitch_mm=spec.pitch_mm,
        rows=rows,
        columns=columns,
    )


def _beside_bone(vertices: Array, aim: Beam) -> tuple[float, float]:
    across = aim.film_points(vertices)[:, 0]
    return float(across.min()) - BESIDE_BONE_MM, float(across.max()) + BESIDE_BONE_MM

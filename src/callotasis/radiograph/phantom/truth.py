"""Everything that is true about a synthetic film, worked out from its solids."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from callotasis.pose import Bone, Side
from callotasis.radiograph.landmarks import Landmarks, View, names_on
from callotasis.radiograph.phantom.hardware import (
    ball_centres,
    implant_ends,
    implants_on,
    ruler_ends,
)
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.sagittal import angle_deg, sagittal_figures
from callotasis.radiograph.phantom.shape import ENDS
from callotasis.radiograph.phantom.skeleton import Person
from callotasis.radiograph.phantom.spec import FilmSpec
from callotasis.worlds import Array


def landmarks_on(person: Person, beam: Beam, view: View = View.FRONTAL) -> Landmarks:
    """Where the anatomical points lie on the film, shape (column, row) [px]."""
    return Landmarks(
        {
            side: {
                name: tuple(
                    beam.film_points(leg.points[name][None])[0].round(2).tolist()
                )
                for name in _seen(leg.points, view)
            }
            for side, leg in person.legs.items()
        },
        view=view,
    )


def _seen(points: dict[str, Array], view: View) -> list[str]:
    """Points of a leg that are landmarks of this view."""
    known = set(names_on(view))
    return [name for name in points if name in known]


def truth_of(person: Person, beam: Beam, spec: FilmSpec) -> dict[str, Any]:
    """Say everything that is true about a film.

    Parameters
    ----------
    person : Person
        As it stands before the detector [mm].
    beam : Beam
        Source and field.
    spec : FilmSpec
        What was asked for.

    Returns
    -------
    dict
        Plain data: lengths in space [mm], angles in the frontal plane of each leg
        [deg], points [mm, px], and what gives the scale.

    References
    ----------
    .. [1] Definitions: ``docs/conventions.md``.
    """
    sides = {str(s): _leg_truth(person, beam, spec, s) for s in person.legs}
    balls = [
        {
            "diameter_mm": spec.ball_mm,
            "centre_px": _rounded(beam.film_points(centre[None])[0]),
            "depth_mm": round(float(beam.before_detector(centre[None])[0, 1]), 3),
        }
        for centre in ball_centres(person, spec)
    ]
    frontal = spec.view is View.FRONTAL
    return {
        "synthetic": True,
        "view": str(spec.view),
        "spec": asdict(spec),
        "source_mm": beam.source_mm,
        "pixel_pitch_mm": spec.pitch_mm,
        "beam_centre_px": _rounded(np.array(beam.centre_px)),
        "ball": balls[0] if balls else None,
        "balls": balls,
        "known_lengths": _known_lengths(person, beam, spec),
        "frame": FRONTAL_FRAME if frontal else LATERAL_FRAME,
        "landmarks": landmarks_on(person, beam, spec.view).as_json(),
        "sides": sides,
        **(_discrepancy(sides) if frontal else {}),
        "cora": _cora(person, beam, spec),
    }


FRONTAL_FRAME = "x patient left, y in front of the detector, z up, mm"
LATERAL_FRAME = "x along the columns, y in front of the detector, z up, mm"


def _discrepancy(sides: dict[str, Any]) -> dict[str, float]:
    right, left = (sides[side]["leg_length_mm"] for side in ("R", "L"))
    return {"discrepancy_mm": round(right - left, 3)}


def _rounded(values: Array, digits: int = 2) -> list[float]:
    return [round(float(v), digits) for v in values]


def _known_lengths(person: Person, beam: Beam, spec: FilmSpec) -> list[dict[str, Any]]:
    """Ruler and implants: what lies between two points of the film [mm, px]."""
    found = []
    ruler = ruler_ends(person, spec)
    if ruler is not None and spec.ruler_mm is not None:
        found.append(("beside", spec.ruler_mm, ruler))
    for segment, implant in implants_on(person, spec).items():
        ends = implant_ends(person, segment, implant)
        found.append((segment, implant.length_mm, ends))
    return [
        {
            "lies": lies,
            "length_mm": mm,
            "from_px": _rounded(beam.film_points(upper[None])[0]),
            "to_px": _rounded(beam.film_points(lower[None])[0]),
        }
        for lies, mm, (upper, lower) in found
    ]


def _cora(person: Person, beam: Beam, spec: FilmSpec) -> dict[str, Any]:
    """Bends of each segment, the proximal one as the entry itself."""
    found: dict[str, Any] = {}
    for segment, points in person.apex.items():
        bends = sorted(spec.bends(str(segment)), key=lambda bend: bend.level)
        every = [
            {
                "varus_deg": bend.varus_deg,
                "procurvatum_deg": bend.procurvatum_deg,
                "apex_px": _rounded(beam.film_points(placed[None])[0]),
                "level_mm": _apex_level(person, segment.side, segment.bone, apex),
            }
            for bend, apex, placed in zip(
                bends, points, person.standing_apex[segment], strict=True
            )
        ]
        found[str(segment)] = every[0] | {"further": every[1:]}
    return found


def _apex_level(person: Person, side: Side, bone: Bone, apex: Array) -> float:
    """Distance of the apex below the proximal joint centre [mm]."""
    top = person.upright[side].points[ENDS[bone][0]]
    return round(float(np.linalg.norm(apex - top)), 2)


def _leg_truth(
    person: Person, beam: Beam, spec: FilmSpec, side: Side
) -> dict[str, Any]:
    """Lengths in space, angles in the leg's own frontal or sagittal plane."""
    points = person.upright[side].points
    if spec.view is View.FRONTAL:
        outward = -1.0 if side is Side.RIGHT else 1.0
        flat = _own_frame(points, outward)
        figures = _lengths(points, flat) | _frontal(flat)
    else:
        figures = sagittal_figures(points, spec.view)
    stands = person.legs[side].points
    return {
        **{name: round(value, 3) for name, value in figures.items()},
        "points_3d": {
            name: _rounded(beam.before_detector(stands[name][None])[0], 3)
            for name in _seen(stands, spec.view)
        },
    }


def _own_frame(points: dict[str, Array], outward: float) -> dict[str, Array]:
    """Lateral and proximal in the leg's frontal plane, which leans as the leg does."""
    hip, ankle = points["hip_centre"], points["ankle_centre"]
    _, back, down = ankle - hip
    lean = np.arctan2(back, -down)
    up = np.array([0.0, -np.sin(lean), np.cos(lean)])
    return {
        name: np.array([(p - hip)[0] * outward, (p - hip) @ up])
        for name, p in points.items()
    }


def _lengths(points: dict[str, Array], flat: dict[str, Array]) -> dict[str, float]:
    """Lengths in space, and how high the ankle stands above the sole."""

    def far(a: str, b: str) -> float:
        return float(np.linalg.norm(points[a] - points[b]))

    return {
        "femur_length_mm": far("hip_centre", "knee_centre"),
        "tibia_length_mm": far("knee_centre", "ankle_centre"),
        "leg_length_mm": far("hip_centre", "ankle_centre"),
        # A film shows the drop along the leg, not how far two points lie apart.
        "foot_height_mm": float((flat["ankle_centre"] - flat["sole"])[1]),
    }


def _frontal(flat: dict[str, Array]) -> dict[str, float]:
    """Angles between lines of the frontal plane, lateral and proximal positive."""
    hip, knee, ankle = (flat[f"{j}_centre"] for j in ("hip", "knee", "ankle"))
    condyles = flat["fem_condyle_lat"] - flat["fem_condyle_med"]
    plateau = flat["tib_plateau_lat"] - flat["tib_plateau_med"]
    plafond = flat["plafond_lat"] - flat["plafond_med"]
    shaft = flat["fem_shaft_prox"] - flat["fem_shaft_dist"]
    mldfa, mpta = angle_deg(hip - knee, condyles), angle_deg(ankle - knee, -plateau)
    rise = [np.degrees(np.arctan2(v[1], v[0])) for v in (condyles, plateau)]
    jlca = float(rise[0] - rise[1])
    axis = (ankle - hip) / np.linalg.norm(ankle - hip)
    aldfa = angle_deg(shaft, condyles)
    return {
        "mad_mm": float(axis[0] * (knee - hip)[1] - axis[1] * (knee - hip)[0]),
        "hka_deviation_deg": -(mldfa - mpta + jlca),
        "mldfa_deg": mldfa,
        "aldfa_deg": aldfa,
        "ama_deg": mldfa - aldfa,
        "mpta_deg": mpta,
        "jlca_deg": jlca,
        "mldta_deg": angle_deg(knee - ankle, plafond),
        "mlpfa_deg": angle_deg(knee - hip, flat["troch_tip"] - hip),
    }

"""One bone from the side: joint angles of the sagittal plane, and the shaft's bow.

A lateral film shows one bone. Its points lie near one plane, so one size serves all of
them; what is unknown is that size, the clicks, and how far the bone was rolled away
from a true lateral view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.alignment.frontal import angle_between
from callotasis.evidence import constant
from callotasis.findings import Finding, Level, by_urgency
from callotasis.pose import Side
from callotasis.radiograph.ball import Ball
from callotasis.radiograph.calibration import Method
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import KnownGeometry
from callotasis.radiograph.landmarks import Landmarks, View, click_spread_mm
from callotasis.radiograph.lateral import LateralScale, lateral_scale
from callotasis.radiograph.sides import check_on_film, forward_on
from callotasis.worlds import Array, Interval, Worlds, interval

Points = Mapping[str, Array]
Placed = Mapping[str, Array]

DEFINITION = (
    "anatomic, in the plane of the film: joint lines against the mid-shaft line; bow "
    "is how far the middle of the shaft lies before the line through its ends"
)


@dataclass(frozen=True)
class LateralQuantity:
    """One entry of the measurement of a lateral film.

    Attributes
    ----------
    name : str
        With its unit, as it is printed.
    words : str
        What it is, for tables.
    needs : tuple of str
        Landmarks without which it is not measured.
    measure : callable
        From points, (worlds, 2) forward and up [mm], to shape (worlds,).
    line : tuple of str
        Both ends of the joint line whose hidden tilt a roll shows; may be empty.
    normal : str
        Evidence row of the normal range; empty if there is none.
    """

    name: str
    words: str
    needs: tuple[str, ...]
    measure: Callable[[Points], Array]
    line: tuple[str, ...] = ()
    normal: str = ""


@dataclass(frozen=True)
class LateralMeasurement:
    """What ``callotasis measure`` prints for a lateral film."""

    view: View
    definition: str
    scale: Method
    mm_per_px: Interval | None
    sides: Mapping[Side, Mapping[str, Interval]]
    not_measured: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class MeasuredLateral:
    """A lateral measurement together with the worlds behind it."""

    film: Film
    landmarks: Landmarks
    scale: LateralScale
    samples: Mapping[str, Array]
    measurement: LateralMeasurement


def measure_lateral(
    film: Film,
    landmarks: Landmarks,
    known: KnownGeometry,
    worlds: Worlds | None = None,
    balls: tuple[Ball, ...] | None = None,
) -> MeasuredLateral:
    """Measure one bone on a lateral film.

    Parameters
    ----------
    film : Film
        As read from a file.
    landmarks : Landmarks
        Of one bone, as its view names them [px].
    known : KnownGeometry
        Ball, known length, magnification or true scale; may be nothing [mm].
    worlds : Worlds, optional
        How many draws.
    balls : tuple of Ball, optional
        If they were found on this film before [px].

    Returns
    -------
    MeasuredLateral
        Angles [deg], and the bow where the film has a scale [mm].

    Raises
    ------
    FilmRefusal, LandmarkRefusal
        If film, ball or landmarks cannot be right.

    References
    ----------
    .. [1] Paley 2002, chapter 6; evidence rows ``sagittal.*``.
    """
    worlds = worlds or Worlds()
    check_on_film(landmarks, film)
    scale = lateral_scale(film, landmarks, known, worlds, balls)
    ((side, _),) = landmarks.sides.items()
    points = _placed(landmarks, side, scale, film.aspect, worlds)
    quantities = LATERAL_QUANTITIES[landmarks.view]
    samples = {
        q.name: q.measure(points) + _by_roll(q, worlds)
        for q in quantities
        if all(name in points for name in q.needs)
        and (scale.method is not Method.NONE or q.name.endswith("_deg"))
    }
    if "bow_mm" in samples:
        samples |= _radius(points, samples["bow_mm"], landmarks.view)
    found = {name: interval(values, name) for name, values in samples.items()}
    missing = [f"{side}.{q.name}" for q in quantities if q.name not in found]
    measurement = LateralMeasurement(
        view=landmarks.view,
        definition=DEFINITION,
        scale=scale.method,
        mm_per_px=None
        if scale.method is Method.NONE
        else interval(scale.mm_per_px, "pixel size"),
        sides={side: found},
        not_measured=(*missing, "frontal plane", "torsion", "lengths of the leg"),
        findings=by_urgency((*film.findings, *scale.findings, *_findings(side, found))),
    )
    return MeasuredLateral(film, landmarks, scale, samples, measurement)


def _placed(
    landmarks: Landmarks, side: Side, scale: LateralScale, aspect: float, worlds: Worlds
) -> dict[str, Array]:
    """Clicked points as (worlds, 2), forward and up [mm]."""
    forward = forward_on(landmarks.sides[side])
    nominal = float(scale.mm_per_px[0])
    grown = np.stack([forward * scale.mm_per_px, -scale.mm_per_px * aspect], axis=1)
    placed = {}
    for name, clicked in landmarks.sides[side].items():
        spread = np.array(click_spread_mm(name)) / (nominal * np.array([1.0, aspect]))
        off = worlds.normal(f"lateral/{side}/{name}/click", 1.0, (2,)) * spread
        placed[name] = (np.array(clicked) + off) * grown
    return placed


def _by_roll(quantity: LateralQuantity, worlds: Worlds) -> Array:
    """What a rolled bone shows of a joint line's tilt in the hidden plane [deg].

    A line tilted by t there looks tilted by about t sin(roll) from the side.
    """
    if not quantity.line:
        return np.zeros(worlds.count + 1)
    name = quantity.line[0]
    roll, tilt = (
        worlds.normal(stream, constant(key).spread)
        for stream, key in (
            ("lateral/roll", "sagittal.roll"),
            (f"lateral/{name}/tilt", "sagittal.frontal_tilt"),
        )
    )
    return np.asarray(tilt * np.sin(np.radians(roll)))


def _angle(points: Placed, vertex: tuple[str, str], line: tuple[str, str]) -> Array:
    return angle_between(
        points[vertex[1]] - points[vertex[0]], points[line[1]] - points[line[0]]
    )


def _bow(points: Placed, bone: str) -> Array:
    top, middle, low = (points[f"{bone}_shaft_{p}"] for p in ("prox", "mid", "dist"))
    chord = low - top
    arm = middle - top
    cross = chord[:, 0] * arm[:, 1] - chord[:, 1] * arm[:, 0]
    # Down the shaft, forward lies to the left of the chord.
    return np.asarray(cross / np.linalg.norm(chord, axis=1))


def _radius(points: Placed, bow: Array, view: View) -> dict[str, Array]:
    """Radius of the circle through the three mid-shaft points, where a bow is proven.

    A shaft that may be straight has no radius: half of its worlds would say infinity.
    """
    found = interval(bow, "bow")
    if min(found.low, found.value) <= 0:
        return {}
    bone = "fem" if view is View.LATERAL_FEMUR else "tib"
    top, low = points[f"{bone}_shaft_prox"], points[f"{bone}_shaft_dist"]
    chord = np.linalg.norm(low - top, axis=1)
    curved = np.where(bow > 0, bow, np.nan)
    return {"bow_radius_mm": np.asarray(chord**2 / (8 * curved) + curved / 2)}


_FEMUR_JOINT = ("fem_joint_ant", "fem_joint_post")
_PLATEAU = ("tib_plateau_ant", "tib_plateau_post")
_PLAFOND = ("plafond_post", "plafond_ant")
_TIBIA = ("tib_shaft_prox", "tib_shaft_dist")

LATERAL_QUANTITIES = {
    View.LATERAL_FEMUR: (
        LateralQuantity(
            "pdfa_deg",
            "Posterior distal femoral angle, anatomic",
            ("fem_shaft_mid", "fem_shaft_dist", *_FEMUR_JOINT),
            lambda p: _angle(p, ("fem_shaft_dist", "fem_shaft_mid"), _FEMUR_JOINT),
            _FEMUR_JOINT,
            "sagittal.pdfa",
        ),
        LateralQuantity(
            "bow_mm",
            "Bow of the shaft, forward +",
            ("fem_shaft_prox", "fem_shaft_mid", "fem_shaft_dist"),
            lambda p: _bow(p, "fem"),
        ),
    ),
    View.LATERAL_TIBIA: (
        LateralQuantity(
            "ppta_deg",
            "Posterior proximal tibial angle, anatomic",
            (*_TIBIA, *_PLATEAU),
            lambda p: _angle(p, _TIBIA, _PLATEAU),
            _PLATEAU,
            "sagittal.ppta",
        ),
        LateralQuantity(
            "adta_deg",
            "Anterior distal tibial angle, anatomic",
            (*_TIBIA, *_PLAFOND),
            lambda p: _angle(p, ("tib_shaft_dist", "tib_shaft_prox"), _PLAFOND),
            _PLAFOND,
            "sagittal.adta",
        ),
        LateralQuantity(
            "bow_mm",
            "Bow of the shaft, forward +",
            ("tib_shaft_prox", "tib_shaft_mid", "tib_shaft_dist"),
            lambda p: _bow(p, "tib"),
        ),
    ),
}
"""Everything that is measured on a lateral film, by its view."""


def _findings(side: Side, found: Mapping[str, Interval]) -> list[Finding]:
    """Say which angle certainly lies outside its normal range."""
    said = []
    for quantities in LATERAL_QUANTITIES.values():
        for q in quantities:
            if not q.normal or q.name not in found:
                continue
            row, seen = constant(q.normal), found[q.name]
            if seen.low > row.high or seen.high < row.low:
                said.append(
                    Finding(
                        Level.NOTE,
                        "deformity.sagittal",
                        f"{q.words} of the {side.word} leg is {seen.value:.1f}° "
                        f"({seen.low:.1f} to {seen.high:.1f}); usual is {row.low:g} "
                        f"to {row.high:g}°.",
                        "Plan the sagittal plane too, or say why not.",
                        row.key,
                        str(side),
                    )
                )
    return said

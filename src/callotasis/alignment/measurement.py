"""The whole measurement of a film: both legs, their difference, what was not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from callotasis.alignment.advice import scale_advice
from callotasis.alignment.axes import normals_for
from callotasis.alignment.deformity import LegDeformity, deformity_of
from callotasis.alignment.frontal import QUANTITIES
from callotasis.alignment.limb import Limb, limbs_on
from callotasis.evidence import constant
from callotasis.findings import Finding, Level, by_urgency
from callotasis.pose import Side
from callotasis.radiograph.calibration import Calibration, Method, calibrate
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import FilmFacts, KnownGeometry
from callotasis.radiograph.landmarks import Landmarks
from callotasis.radiograph.sides import check_on_film, side_findings
from callotasis.worlds import (
    CAUTION_SHARE,
    Array,
    Interval,
    Worlds,
    failed_share,
    interval,
)

DEFINITION = (
    "mechanical: femur from hip centre to knee centre, tibia from knee centre to "
    "ankle centre, leg from hip centre to ankle centre"
)

Samples = Mapping[Side, Mapping[str, Array]]


class Longer(StrEnum):
    """Which leg is longer."""

    RIGHT = "R"
    LEFT = "L"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Discrepancy:
    """Right minus left, with the leg that is longer if the interval decides."""

    value: float
    low: float
    high: float
    level: float
    longer: Longer


@dataclass(frozen=True)
class Scale:
    """What gave the scale, and the pixel size in the plane of the knees [mm]."""

    method: Method
    mm_per_px: Interval | None = None


@dataclass(frozen=True)
class Measurement:
    """What ``callotasis measure`` prints."""

    definition: str
    scale: Scale
    sides: Mapping[Side, Mapping[str, Interval]]
    discrepancy_mm: Discrepancy | None
    split_mm: Mapping[str, Discrepancy]
    pelvis: Mapping[str, Interval]
    deformity: Mapping[Side, LegDeformity]
    not_measured: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class MeasuredFilm:
    """A measurement together with the worlds behind it."""

    film: Film
    landmarks: Landmarks
    calibration: Calibration
    worlds: Worlds
    limbs: Mapping[Side, Limb]
    samples: Samples
    measurement: Measurement


def measure_film(
    film: Film,
    landmarks: Landmarks,
    known: KnownGeometry,
    facts: FilmFacts,
    worlds: Worlds | None = None,
) -> MeasuredFilm:
    """Measure both legs on a standing film.

    Parameters
    ----------
    film : Film
        As read from a file.
    landmarks : Landmarks
        Of one or both legs [px].
    known : KnownGeometry
        What gives the scale [mm].
    facts : FilmFacts
        How the patient stood.
    worlds : Worlds, optional
        How many draws.

    Returns
    -------
    MeasuredFilm
        Lengths [mm] and angles [deg], each with its 95 % interval.

    Raises
    ------
    FilmRefusal, LandmarkRefusal
        If film, ball or landmarks cannot be right.

    References
    ----------
    .. [1] Paley 2002, chapters 1 and 2; evidence rows ``alignment.*``.
    """
    worlds = worlds or Worlds()
    check_on_film(landmarks, film)
    calibration = calibrate(film, landmarks, known, facts, worlds)
    limbs = limbs_on(landmarks, calibration, worlds)
    samples = {side: sample_limb(limb) for side, limb in limbs.items()}
    measurement = _summary(calibration, limbs, samples, worlds)
    return MeasuredFilm(
        film=film,
        landmarks=landmarks,
        calibration=calibration,
        worlds=worlds,
        limbs=limbs,
        samples=samples,
        measurement=_with_findings(
            measurement, (*film.findings, *side_findings(landmarks, film))
        ),
    )


def sample_limb(limb: Limb) -> dict[str, Array]:
    """Measure every quantity that the placed landmarks carry.

    Parameters
    ----------
    limb : Limb
        One leg.

    Returns
    -------
    dict of str to Array
        Shape (worlds,) each [mm or deg, as the name says].

    References
    ----------
    .. [1] Planning facts 1.2.
    """
    return {q.name: q.measure(limb) for q in QUANTITIES if limb.has(*q.needs)}


def summarised(samples: Mapping[str, Array]) -> dict[str, Interval]:
    """Every sampled quantity as an interval.

    Parameters
    ----------
    samples : dict of str to Array
        Shape (worlds,) each [mm or deg, as the name says].

    Returns
    -------
    dict of str to Interval
        In the same units.

    References
    ----------
    .. [1] The design of this library, "Worlds".
    """
    return {name: interval(values, name) for name, values in samples.items()}


def discrepancy(right: Array, left: Array) -> Discrepancy:
    """Right minus left, and which leg is longer.

    Parameters
    ----------
    right, left : Array
        Shape (worlds,) [mm].

    Returns
    -------
    Discrepancy
        ``undecided`` while the interval holds zero [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".

    Examples
    --------
    >>> ones = np.ones(11)
    >>> str(discrepancy(700 * ones, 690 * ones).longer)
    'R'
    """
    found = interval(right - left, "the discrepancy")
    longer = Longer.UNDECIDED
    if found.excludes(0.0):
        longer = Longer.RIGHT if found.value > 0 else Longer.LEFT
    return Discrepancy(found.value, found.low, found.high, found.level, longer)


def _summary(
    calibration: Calibration,
    limbs: Mapping[Side, Limb],
    samples: Samples,
    worlds: Worlds,
) -> Measurement:
    scaled = calibration.method is not Method.NONE
    sides = {
        side: summarised(
            {n: v for n, v in found.items() if scaled or n.endswith("_deg")}
        )
        for side, found in samples.items()
    }
    both = scaled and len(limbs) == 2  # noqa: PLR2004 - both legs
    split = {
        name: discrepancy(*(samples[s][f"{name}_length_mm"] for s in Side))
        for name in ("leg", "femur", "tibia")
        if both
    }
    pelvis = {"obliquity_deg": _obliquity(limbs)} if len(limbs) == 2 else {}  # noqa: PLR2004
    deformity = {
        side: deformity_of(
            limb, sides[side], normals_for(samples.get(side.other, {}), worlds), worlds
        )
        for side, limb in limbs.items()
    }
    if not scaled:  # an apex is a place in millimetres
        deformity = {s: replace(d, cora={}) for s, d in deformity.items()}
    return Measurement(
        definition=DEFINITION,
        scale=_scale(calibration),
        sides=sides,
        discrepancy_mm=split.pop("leg", None),
        split_mm=split,
        pelvis=pelvis,
        deformity=deformity,
        not_measured=_not_measured(sides, scaled=scaled, both=both),
        findings=by_urgency(
            (
                *calibration.findings,
                *scale_advice(samples, calibration),
                *_world_findings(samples),
                *_jlca_findings(sides),
                *(f for d in deformity.values() for f in d.findings),
            )
        ),
    )


def _scale(calibration: Calibration) -> Scale:
    if calibration.method is Method.NONE:
        return Scale(Method.NONE)
    return Scale(calibration.method, interval(calibration.mm_per_px, "pixel size"))


def _obliquity(limbs: Mapping[Side, Limb]) -> Interval:
    """Tilt of the line between the hip centres, right side higher positive [deg]."""
    right, left = (limbs[s]["hip_centre"] for s in Side)
    # The left leg is mirrored: its x points to the patient's left.
    apart = right[:, 0] + left[:, 0]
    return interval(
        np.degrees(np.arctan2(right[:, 2] - left[:, 2], apart)), "pelvic obliquity"
    )


def _not_measured(
    sides: Mapping[Side, Mapping[str, Interval]], *, scaled: bool, both: bool
) -> tuple[str, ...]:
    missing = [
        f"{side}.{q.name}"
        for side, found in sides.items()
        for q in QUANTITIES
        if q.name not in found
    ]
    if not scaled:
        missing.append("scale.mm_per_px")
    if not both:
        missing.append("discrepancy_mm")
    hidden = ("sagittal plane", "torsion", "foot height")
    return (*missing, *hidden)


def _world_findings(samples: Samples) -> list[Finding]:
    """Cautions for quantities that failed in some worlds."""
    found = []
    for side, quantities in samples.items():
        for name, values in quantities.items():
            share = failed_share(values)
            if share >= CAUTION_SHARE:
                found.append(
                    Finding(
                        Level.CAUTION,
                        "worlds.failed",
                        f"{name} failed in {share:.1%} of the worlds.",
                        "Look at the landmarks behind it.",
                        about=str(side),
                    )
                )
    return found


def _jlca_findings(sides: Mapping[Side, Mapping[str, Interval]]) -> list[Finding]:
    if not any("jlca_deg" in found for found in sides.values()):
        return []
    row = constant("alignment.jlca_reliability")
    return [
        Finding(
            Level.NOTE,
            "alignment.jlca",
            f"The joint line convergence angle repeats within {row.value:g}° at best.",
            "Do not let a decision rest on it alone.",
            row.key,
        )
    ]


def _with_findings(measurement: Measurement, more: tuple[Finding, ...]) -> Measurement:
    return replace(measurement, findings=by_urgency((*more, *measurement.findings)))

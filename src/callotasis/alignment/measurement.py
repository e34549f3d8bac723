"""The whole measurement of a film: both legs, their difference, what was not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from callotasis.alignment.advice import scale_advice
from callotasis.alignment.axes import normals_for
from callotasis.alignment.cpak import Cpak, cpak_of
from callotasis.alignment.deformity import LegDeformity, deformity_of
from callotasis.alignment.difference import Discrepancy, split_of
from callotasis.alignment.frontal import EXTRAS, QUANTITIES
from callotasis.alignment.limb import Limb, limbs_on
from callotasis.alignment.rotation import rotation_findings
from callotasis.evidence import constant
from callotasis.findings import Finding, Level, by_urgency
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.ball import Ball
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
    cpak: Mapping[Side, Cpak] = field(default_factory=dict)
    torsion_deg: Mapping[Segment, Interval] = field(default_factory=dict)


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
    balls: tuple[Ball, ...] | None = None,
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
    balls : tuple of Ball, optional
        If they were found on this film before [px].

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
    calibration = calibrate(film, landmarks, known, facts, worlds, balls)
    limbs = limbs_on(landmarks, calibration, worlds)
    samples = {side: sample_limb(limb) for side, limb in limbs.items()}
    measurement = _summary(
        calibration, limbs, samples, _torsions(facts, worlds), worlds
    )
    return MeasuredFilm(
        film=film,
        landmarks=landmarks,
        calibration=calibration,
        worlds=worlds,
        limbs=limbs,
        samples=samples,
        measurement=_with_findings(
            measurement,
            (
                *film.findings,
                *side_findings(landmarks, film),
                *rotation_findings(landmarks, calibration, worlds),
            ),
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
    every = (*QUANTITIES, *EXTRAS)
    return {q.name: q.measure(limb) for q in every if limb.has(*q.needs)}


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


def _summary(
    calibration: Calibration,
    limbs: Mapping[Side, Limb],
    samples: Samples,
    torsions: Mapping[Segment, Interval],
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
    split = split_of(samples) if both else {}
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
        cpak={
            side: cpak_of(found["mpta_deg"], found["mldfa_deg"])
            for side, found in samples.items()
            if "mpta_deg" in found and "mldfa_deg" in found
        },
        torsion_deg=torsions,
        not_measured=(
            *_not_measured(sides, scaled=scaled, both=both),
            *_hidden(torsions, limbs),
        ),
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


def _torsions(facts: FilmFacts, worlds: Worlds) -> dict[Segment, Interval]:
    """Typed torsions, each with the error of its reading [deg]."""
    spread = constant("sagittal.ct_torsion").spread
    return {
        segment: interval(
            turn + worlds.normal(f"torsion/{segment}", spread), f"torsion of {segment}"
        )
        for segment, turn in facts.torsion_deg.items()
    }


def _hidden(
    torsions: Mapping[Segment, Interval], limbs: Mapping[Side, Limb]
) -> tuple[str, ...]:
    """What a frontal film hides, and nobody told from elsewhere."""
    if not torsions:
        return ("sagittal plane", "torsion")
    every = (Segment(side, bone) for side in limbs for bone in Bone)
    return ("sagittal plane", *(f"torsion of {s}" for s in every if s not in torsions))


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
    if not any("foot_height_mm" in found for found in sides.values()):
        missing.append("foot height")
    return tuple(missing)


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

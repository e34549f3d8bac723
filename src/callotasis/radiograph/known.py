"""What people know about a film: its scale, its beam, and how the patient stood."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.film import Film


class Joint(StrEnum):
    """The levels of a leg whose depth is a separate unknown."""

    HIP = "hip"
    KNEE = "knee"
    ANKLE = "ankle"


ANYWHERE, DETECTOR = "beside", "detector"


@dataclass(frozen=True)
class KnownLength:
    """Two points of a film whose true distance is known.

    Attributes
    ----------
    length_mm : float
        [mm].
    from_px, to_px : tuple of float
        Column and row of both ends [px].
    lies : str
        Segment that it lies in (``R.femur``), joint that it lies beside (``R.ankle``),
        ``beside`` for the legs in general, or ``detector``.
    """

    length_mm: float
    from_px: tuple[float, float]
    to_px: tuple[float, float]
    lies: str = ANYWHERE


@dataclass(frozen=True)
class FilmFacts:
    """What somebody must say about how the film was taken; None is unknown.

    Attributes
    ----------
    patella_forward : bool or None
        Whether both patellae pointed forward.
    knee_flexion_deg : float or None
        Flexion of the knees while standing [deg].
    block_mm : dict of Side to float, or None
        Height of a block under each foot [mm]; empty where no block was used.
    rotation_deg : dict of Side to float
        Measured external rotation of a leg against the detector [deg].
    torsion_deg : dict of Segment to float
        External torsion of a bone from a CT: of the knee against the hip (the femur's
        retroversion), of the ankle against the knee [deg].
    """

    patella_forward: bool | None = None
    knee_flexion_deg: float | None = None
    block_mm: Mapping[Side, float] | None = None
    rotation_deg: Mapping[Side, float] = field(default_factory=dict)
    torsion_deg: Mapping[Segment, float] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownGeometry:
    """What was measured about the beam; None or absent is unknown.

    Attributes
    ----------
    ball_mm : float or None
        Diameter of the ball [mm].
    magnification, magnification_sd : float or None
        Typed magnification of the bones and its standard deviation [1].
    source_mm : float or None
        Source to detector distance [mm].
    beam_centre_px : tuple of float or None
        Column and row where the central ray meets the film [px].
    depth_mm : dict of (Side, str) to float
        Distance of a joint, or of one landmark, in front of the detector [mm].
    lengths : tuple of KnownLength
        Rulers, implants, blocks.
    true_scale : bool
        Whether the film shows the patient in true size, as slot scanners do.
    """

    ball_mm: float | None = None
    magnification: float | None = None
    magnification_sd: float | None = None
    source_mm: float | None = None
    beam_centre_px: tuple[float, float] | None = None
    depth_mm: Mapping[tuple[Side, str], float] = field(default_factory=dict)
    lengths: tuple[KnownLength, ...] = ()
    true_scale: bool = False


def check_known(film: Film, known: KnownGeometry, facts: FilmFacts) -> None:
    """Refuse what cannot be true of a standing film.

    Parameters
    ----------
    film : Film
        For its pixel spacing and source distance.
    known : KnownGeometry
        What gives the scale.
    facts : FilmFacts
        How the patient stood.

    Raises
    ------
    FilmRefusal
        With the value, what is allowed, and the source.

    References
    ----------
    .. [1] Evidence rows ``calibration.magnification_limits``,
       ``calibration.source_unknown``.
    """
    _check_magnification_given(film, known)
    _check_geometry(film, known)
    if known.true_scale:
        _check_true_scale(film, known)
    for length in known.lengths:
        _check_length(film, length)
    _check_facts(facts)


def _check_magnification_given(film: Film, known: KnownGeometry) -> None:
    limits = constant("calibration.magnification_limits")
    if known.ball_mm is not None and known.magnification is not None:
        raise FilmRefusal(
            f"a ball of {known.ball_mm:g} mm and a magnification of "
            f"{known.magnification:g} are given; allowed is one of the two"
        )
    if known.magnification is None and known.magnification_sd is not None:
        raise FilmRefusal("a deviation without a magnification; give both or none")
    if known.magnification is not None:
        if not limits.low <= known.magnification <= limits.high:
            raise FilmRefusal(
                f"magnification is {known.magnification:g}; allowed is {limits.low:g} "
                f"to {limits.high:g} ({limits.source})"
            )
        if not known.magnification_sd or not 0 < known.magnification_sd < 0.2:  # noqa: PLR2004
            raise FilmRefusal(
                "a typed magnification needs its standard deviation, "
                "more than 0 and less than 0.2"
            )
        if film.spacing_mm is None:
            raise FilmRefusal(
                "a typed magnification needs the detector's pixel spacing, "
                "and this file has none"
            )


def _check_geometry(film: Film, known: KnownGeometry) -> None:
    limits = constant("calibration.source_limits")
    said = film.source_mm if known.source_mm is None else known.source_mm
    if said is not None and not limits.low <= said <= limits.high:
        raise FilmRefusal(
            f"source distance is {said:g} mm; allowed is {limits.low:g} to "
            f"{limits.high:g} mm ({limits.locator})"
        )
    centre = known.beam_centre_px
    if centre is not None and not (
        abs(centre[0]) <= 2 * film.columns and abs(centre[1]) <= 2 * film.rows
    ):
        raise FilmRefusal(
            f"beam centre is {centre[0]:g}, {centre[1]:g}; allowed is up to two films "
            f"of {film.columns} × {film.rows} pixels away"
        )
    for (side, joint), depth in known.depth_mm.items():
        if not 0 <= depth <= 500:  # noqa: PLR2004 - no body is thicker
            raise FilmRefusal(
                f"depth of {side}.{joint} is {depth:g} mm; allowed is 0 to 500 mm "
                "in front of the detector"
            )


def _check_true_scale(film: Film, known: KnownGeometry) -> None:
    if film.spacing_mm is None:
        raise FilmRefusal(
            "a film of true scale needs pixel spacing; this file has none"
        )
    if known.magnification is not None:
        raise FilmRefusal(
            f"true scale and a magnification of {known.magnification:g} are given; "
            "allowed is one of the two"
        )


def _check_length(film: Film, length: KnownLength) -> None:
    row = constant("calibration.known_length_limits")
    if not row.low <= length.length_mm <= row.high:
        raise FilmRefusal(
            f"known length is {length.length_mm:g} mm; allowed is {row.low:g} to "
            f"{row.high:g} mm ({row.locator})"
        )
    for column, line in (length.from_px, length.to_px):
        if not (0 <= column <= film.columns and 0 <= line <= film.rows):
            raise FilmRefusal(
                f"an end of the known length lies at ({column:g}, {line:g}), outside "
                f"the film of {film.columns} × {film.rows} pixels"
            )
    (c1, r1), (c2, r2) = length.from_px, length.to_px
    px = math.hypot(c2 - c1, (r2 - r1) * film.aspect)
    if px < LEAST_LENGTH_PX:
        raise FilmRefusal(
            f"the ends of the known length lie {px:.0f} pixels apart; "
            f"needed are {LEAST_LENGTH_PX}"
        )
    if length.lies not in PLACES:
        raise FilmRefusal(
            f"the known length lies in '{length.lies:.20}'; allowed are "
            f"{', '.join(PLACES)}"
        )
    limits = constant("calibration.magnification_limits")
    if film.spacing_mm is not None:
        grown = px * film.spacing_mm[0] / length.length_mm
        if not 0.85 * limits.low <= grown <= limits.high:
            raise FilmRefusal(
                f"a known length of {length.length_mm:g} mm would be magnified "
                f"{grown:.3f} times; allowed is up to {limits.high:g}, and down to "
                f"{0.85 * limits.low:g} where it leans ({limits.locator}): check the "
                "length and both ends"
            )


PLACES = (
    ANYWHERE,
    DETECTOR,
    *(f"{side}.{part}" for side in Side for part in (*Bone, *Joint)),
)
LEAST_LENGTH_PX = 40


def _check_facts(facts: FilmFacts) -> None:
    flexion = facts.knee_flexion_deg
    if flexion is not None and not -20 <= flexion <= 60:  # noqa: PLR2004 - stands
        raise FilmRefusal(
            f"knee flexion is {flexion:g}°; allowed for a standing person is -20 to 60°"
        )
    for leg, turn in facts.rotation_deg.items():
        if not -60 <= turn <= 60:  # noqa: PLR2004 - more is a lateral film
            raise FilmRefusal(
                f"rotation of {leg} is {turn:g}°; allowed is -60 to 60° (external +)"
            )
    for segment, turn in facts.torsion_deg.items():
        if not -90 <= turn <= 90:  # noqa: PLR2004 - more than any bone ever had
            raise FilmRefusal(
                f"torsion of {segment} is {turn:g}°; allowed is -90 to 90° (external +)"
            )
    for side, height in (facts.block_mm or {}).items():
        if not 0 <= height <= 150:  # noqa: PLR2004 - higher blocks are not stood on
            raise FilmRefusal(
                f"block under {side} is {height:g} mm; allowed is 0 to 150 mm"
            )


def fact_findings(facts: FilmFacts) -> tuple[Finding, ...]:
    """Cautions for what nobody said about how the patient stood.

    Parameters
    ----------
    facts : FilmFacts
        Unknown is a caution, never a default.

    Returns
    -------
    tuple of Finding
        Empty where everything was looked at.

    References
    ----------
    .. [1] Evidence rows named in each finding.
    """
    found = []
    if facts.patella_forward is None and not facts.rotation_deg:
        found.append(
            Finding(
                Level.CAUTION,
                "film.patella_unknown",
                "Nobody said whether the patellae point forward.",
                "Look at the film and say so; angles of a turned leg are wrong.",
                "calibration.leg_rotation_unknown",
            )
        )
    elif facts.patella_forward is False:
        found.append(
            Finding(
                Level.CAUTION,
                "film.patella_turned",
                "A patella does not point forward: the leg is turned.",
                "Repeat the film before a decision rests on an angle.",
                "calibration.leg_rotation_unknown",
            )
        )
    row = constant("calibration.knee_flexion_limit")
    if facts.knee_flexion_deg is not None and abs(facts.knee_flexion_deg) > row.value:
        found.append(
            Finding(
                Level.CAUTION,
                "film.knee_flexed",
                f"The knees were bent by {facts.knee_flexion_deg:g}°: hip to ankle is "
                "shorter than femur and tibia together.",
                "Compare the bones, not the legs.",
                row.key,
            )
        )
    raised = {s: mm for s, mm in (facts.block_mm or {}).items() if mm > 0}
    if raised:
        said = ", ".join(f"{mm:g} mm under {s}" for s, mm in raised.items())
        found.append(
            Finding(
                Level.NOTE,
                "film.blocks",
                f"The patient stood on a block ({said}).",
                "The tilt of the pelvis is that on the block.",
            )
        )
    if facts.knee_flexion_deg is None:
        found.append(
            Finding(
                Level.CAUTION,
                "film.flexion_unknown",
                "Nobody said whether the knees were straight.",
                "Ask; a bent knee shortens the leg on the film.",
                "calibration.knee_depth_unknown_flexion",
            )
        )
    if facts.block_mm is None:
        found.append(
            Finding(
                Level.CAUTION,
                "film.blocks_unknown",
                "Nobody said whether a block stood under a foot.",
                "Ask; the tilt of the pelvis cannot be judged without it.",
            )
        )
    return tuple(found)

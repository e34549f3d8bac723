"""From pixels to millimetres, with everything about the film that nobody knows.

A point at depth *y* in front of the detector is magnified by *s / (s - y)*, *s*
being the distance from source to detector. One ball tells the magnification at its
own depth only; hip, knee and ankle lie elsewhere, on either side differently. Their
depths, the beam's centre and the source distance are separate uncertain inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.ball import Ball, find_balls
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import Landmarks
from callotasis.worlds import Array, Worlds


class Joint(StrEnum):
    """The levels of a leg whose depth is a separate unknown."""

    HIP = "hip"
    KNEE = "knee"
    ANKLE = "ankle"


class Method(StrEnum):
    """What gave the scale."""

    BALL = "ball"
    MAGNIFICATION = "magnification"
    DEPTHS = "depths"
    NONE = "none"


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
    """

    patella_forward: bool | None = None
    knee_flexion_deg: float | None = None
    block_mm: Mapping[Side, float] | None = None


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
    depth_mm : dict of (Side, Joint) to float
        Distance of a joint in front of the detector [mm].
    """

    ball_mm: float | None = None
    magnification: float | None = None
    magnification_sd: float | None = None
    source_mm: float | None = None
    beam_centre_px: tuple[float, float] | None = None
    depth_mm: Mapping[tuple[Side, Joint], float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Calibration:
    """A film's geometry in every world.

    Attributes
    ----------
    method : Method
        What gave the scale; with ``NONE`` only angles may leave the house.
    pitch_mm : tuple of float
        (column, row) pitch in the reference plane of world 0 [mm].
    reference_mm_per_px : Array
        Shape (worlds,), pixel size along columns in the reference plane [mm].
    source_to_reference_mm : Array
        Shape (worlds,) [mm].
    centre_px : Array
        Shape (worlds, 2), column and row of the beam's centre [px].
    depth_mm : dict of (Side, Joint) to Array
        Shape (worlds,), joint in front of the reference plane [mm].
    rotation_rad : dict of Side to Array
        Shape (worlds,), turn of the leg about its long axis [rad].
    findings : tuple of Finding
        What was unknown or odd.
    """

    method: Method
    aspect: float
    reference_mm_per_px: Array
    source_to_reference_mm: Array
    centre_px: Array
    depth_mm: Mapping[tuple[Side, Joint], Array]
    rotation_rad: Mapping[Side, Array]
    findings: tuple[Finding, ...] = ()

    def points(self, clicked_px: Array, depth_mm: Array) -> Array:
        """Place clicked points in space.

        Parameters
        ----------
        clicked_px : Array
            Shape (worlds, 2), column and row [px].
        depth_mm : Array
            Shape (worlds,), in front of the reference plane [mm].

        Returns
        -------
        Array
            Shape (worlds, 3): x to the patient's left, y anterior, z up [mm].

        References
        ----------
        .. [1] Similar triangles: planning facts 1.5.
        """
        shrink = 1 - depth_mm / self.source_to_reference_mm
        size = self.reference_mm_per_px * shrink
        offset = clicked_px - self.centre_px
        return np.stack(
            [offset[:, 0] * size, depth_mm, -offset[:, 1] * size * self.aspect], axis=1
        )


def calibrate(
    film: Film,
    landmarks: Landmarks,
    known: KnownGeometry,
    facts: FilmFacts,
    worlds: Worlds,
) -> Calibration:
    """Work out a film's geometry from everything that is known about it.

    Parameters
    ----------
    film : Film
        With its pixel spacing and source distance, where the file has them.
    landmarks : Landmarks
        For where each joint stands across the film [px].
    known : KnownGeometry
        Ball, typed magnification, or measured depths.
    facts : FilmFacts
        How the patient stood.
    worlds : Worlds
        How many draws.

    Returns
    -------
    Calibration
        With method ``NONE`` if nothing gives a scale.

    Raises
    ------
    FilmRefusal
        If no ball is found, balls disagree, or a typed value cannot be true.

    References
    ----------
    .. [1] Planning facts 1.5; evidence rows ``calibration.*``.
    """
    _check_magnification_given(film, known)
    _check_geometry(film, known)
    _check_facts(facts)
    source = _source(film, known, worlds)
    measured = _all_depths(known, landmarks) and film.spacing_mm is not None
    reference, to_reference, method, findings = (
        _by_depths(film, source)
        if measured
        else _reference(film, known, source, worlds)
    )
    if method is Method.NONE:
        reference = _stand_in_size(landmarks, worlds)
    spacing = film.spacing_mm or (1.0, 1.0)
    centre = _beam_centre(film, known, float(reference[0]), worlds)
    rough = _Rough(reference, centre, landmarks)
    depth = _depths(rough, facts, worlds, method)
    depth |= _typed_depths(depth, known, source - to_reference)
    return Calibration(
        method=method,
        aspect=spacing[1] / spacing[0],
        reference_mm_per_px=reference,
        source_to_reference_mm=to_reference,
        centre_px=centre,
        depth_mm=depth,
        rotation_rad=_rotations(facts, worlds),
        findings=(*findings, *_fact_findings(facts)),
    )


def _check_magnification_given(film: Film, known: KnownGeometry) -> None:
    limits = constant("calibration.magnification_limits")
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
    source = constant("calibration.source_unknown")
    said = film.source_mm if known.source_mm is None else known.source_mm
    if said is not None and not 800 <= said <= 5000:  # noqa: PLR2004
        raise FilmRefusal(
            f"source distance is {said:g} mm; allowed is 800 to 5000 mm "
            f"({source.locator})"
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


def _check_facts(facts: FilmFacts) -> None:
    flexion = facts.knee_flexion_deg
    if flexion is not None and not -20 <= flexion <= 60:  # noqa: PLR2004 - stands
        raise FilmRefusal(
            f"knee flexion is {flexion:g}°; allowed for a standing person is -20 to 60°"
        )
    for side, height in (facts.block_mm or {}).items():
        if not 0 <= height <= 150:  # noqa: PLR2004 - higher blocks are not stood on
            raise FilmRefusal(
                f"block under {side} is {height:g} mm; allowed is 0 to 150 mm"
            )


def _source(film: Film, known: KnownGeometry, worlds: Worlds) -> Array:
    """Source to detector distance in every world [mm]."""
    if known.source_mm is not None:
        return np.full(worlds.count + 1, float(known.source_mm))
    if film.source_mm is not None:
        sd = constant("calibration.source_known").spread
        return film.source_mm + worlds.normal("film/source", sd)
    row = constant("calibration.source_unknown")
    drawn = row.value + worlds.normal("film/source", row.spread)
    return np.clip(drawn, 1200.0, None)


_Reference = tuple[Array, Array, Method, tuple[Finding, ...]]


def _reference(
    film: Film, known: KnownGeometry, source: Array, worlds: Worlds
) -> _Reference:
    """Pixel size and distance of the reference plane, and what gave them."""
    if known.ball_mm is not None:
        return _by_ball(film, known.ball_mm, source, worlds)
    if known.magnification is not None and known.magnification_sd is not None:
        return _by_magnification(film, known, source, worlds)
    no_scale = Finding(
        Level.CAUTION,
        "film.no_scale",
        "The film has no scale: angles are measured, lengths are not.",
        "Give the diameter of a calibration ball or a magnification.",
    )
    distance = source - constant("calibration.detector_distance").value
    return np.ones(worlds.count + 1), distance, Method.NONE, (no_scale,)


def _all_depths(known: KnownGeometry, landmarks: Landmarks) -> bool:
    """Tell whether every joint of every leg on the film has a typed depth."""
    return all((s, j) in known.depth_mm for s in landmarks.sides for j in Joint)


def _by_depths(film: Film, source: Array) -> _Reference:
    """Reference plane in the detector: its pitch is the scale, depths do the rest."""
    pitch = (film.spacing_mm or (1.0, 1.0))[0]
    return np.full_like(source, pitch), source, Method.DEPTHS, ()


def _by_ball(film: Film, ball_mm: float, source: Array, worlds: Worlds) -> _Reference:
    balls = find_balls(film, ball_mm)
    _check_agreement(balls, ball_mm, float(source[0]))
    pitch = film.spacing_mm[0] if film.spacing_mm else None
    edge_mm = constant("calibration.ball_edge").spread
    edge_px = edge_mm / (pitch or ball_mm / balls[0].minor_px)
    seen = np.mean(
        [
            b.minor_px + worlds.normal(f"film/ball/{i}", edge_px)
            for i, b in enumerate(balls)
        ],
        axis=0,
    )
    if pitch is None:
        away = constant("calibration.detector_distance")
        depth = away.value + worlds.normal("film/ball/depth", away.spread)
        return ball_mm / seen, source - depth, Method.BALL, ()
    magnification = seen * pitch / ball_mm
    _check_magnification(float(magnification[0]), ball_mm)
    findings = () if len(balls) > 1 else (_ONE_BALL,)
    return ball_mm / seen, source / magnification, Method.BALL, findings


_ONE_BALL = Finding(
    Level.NOTE,
    "film.one_ball",
    "One ball gives the scale at its own depth only; the joints lie elsewhere.",
    "A second ball at the ankle narrows every length.",
    "calibration.ball_placement",
)


def _check_agreement(balls: tuple[Ball, ...], ball_mm: float, source: float) -> None:
    """Refuse balls whose sizes no difference in depth can explain."""
    row = constant("calibration.balls_agree")
    largest, smallest = balls[0].minor_px, balls[-1].minor_px
    apart = source * (1 - smallest / largest)
    if apart > row.high:
        raise FilmRefusal(
            f"{len(balls)} balls disagree: as balls of {ball_mm:g} mm their pictures "
            f"of {smallest:.1f} and {largest:.1f} pixels would lie {apart:.0f} mm "
            f"apart in depth; allowed is {row.high:g} mm ({row.locator})"
        )


def _check_magnification(magnification: float, ball_mm: float) -> None:
    row = constant("calibration.magnification_limits")
    if not row.low <= magnification <= row.high:
        raise FilmRefusal(
            f"a ball of {ball_mm:g} mm would be magnified {magnification:.3f} times; "
            f"allowed is {row.low:g} to {row.high:g} ({row.locator}): "
            "check the diameter of the ball"
        )


def _by_magnification(
    film: Film, known: KnownGeometry, source: Array, worlds: Worlds
) -> _Reference:
    spacing, typed, sd = film.spacing_mm, known.magnification, known.magnification_sd
    if spacing is None or typed is None or sd is None:
        raise FilmRefusal("a typed magnification needs pixel spacing and its deviation")
    magnification = typed + worlds.normal("film/magnification", sd)
    return spacing[0] / magnification, source / magnification, Method.MAGNIFICATION, ()


def _stand_in_size(landmarks: Landmarks, worlds: Worlds) -> Array:
    """Pixel size for depths only, where a film has no scale; prints no millimetre."""
    leg = next(iter(landmarks.sides.values()))
    rows = leg["ankle_centre"][1] - leg["hip_centre"][1]
    length = constant("calibration.leg_length_without_scale").value
    return np.full(worlds.count + 1, length / rows)


def _beam_centre(
    film: Film, known: KnownGeometry, mm_per_px: float, worlds: Worlds
) -> Array:
    if known.beam_centre_px is not None:
        return np.tile(np.array(known.beam_centre_px), (worlds.count + 1, 1))
    column = constant("calibration.beam_centre_column").spread / mm_per_px
    row = constant("calibration.beam_centre_row").spread / mm_per_px
    middle = np.array([film.columns / 2, film.rows / 2])
    return middle + np.stack(
        [
            worlds.normal("film/beam/column", column),
            worlds.normal("film/beam/row", row),
        ],
        axis=1,
    )


@dataclass(frozen=True, eq=False)
class _Rough:
    """Enough of the film to say how far each joint stands from the middle."""

    mm_per_px: Array
    centre_px: Array
    landmarks: Landmarks

    def across_mm(self, side: Side, joint: Joint) -> Array:
        """Distance of a joint to the patient's left of the middle of its pair [mm]."""
        name = f"{joint}_centre"
        columns = [leg[name][0] for leg in self.landmarks.sides.values()]
        own = self.landmarks.sides[side][name][0]
        if len(columns) == 2:  # noqa: PLR2004 - both legs
            return (own - sum(columns) / 2) * self.mm_per_px
        return (own - self.centre_px[:, 0]) * self.mm_per_px


def _depths(
    rough: _Rough,
    facts: FilmFacts,
    worlds: Worlds,
    method: Method,
) -> dict[tuple[Side, Joint], Array]:
    """Depth of each joint in front of the reference plane [mm].

    Both legs share where the ball stood and how the person stands; a turn of the
    pelvis or of the feet brings one side forward and the other back.
    """
    placement = constant("calibration.ball_placement").spread
    shared = worlds.normal("film/ball/placement", placement)
    if method is Method.MAGNIFICATION:
        shared = shared * 0.0  # the typed deviation already speaks for the plane
    pelvis = worlds.normal(
        "film/pelvis/turn", np.radians(constant("calibration.pelvis_turn").spread)
    )
    feet = worlds.normal(
        "film/feet/turn", np.radians(constant("calibration.feet_turn").spread)
    )
    turn = {Joint.HIP: pelvis, Joint.KNEE: (pelvis + feet) / 2, Joint.ANKLE: feet}
    profile = _profile(facts, worlds)
    own_sd = constant("calibration.joint_depth_own").spread
    flexed_sd = constant("calibration.knee_depth_unknown_flexion").spread
    depth = {}
    for side in rough.landmarks.sides:
        for joint in Joint:
            loose = joint is Joint.KNEE and facts.knee_flexion_deg is None
            own = worlds.normal(
                f"film/{side}/{joint}/depth", flexed_sd if loose else own_sd
            )
            forward = rough.across_mm(side, joint) * np.tan(turn[joint])
            depth[side, joint] = shared + profile[joint] + forward + own
    return depth


def _profile(facts: FilmFacts, worlds: Worlds) -> dict[Joint, Array]:
    """How a standing person leans: hip before knee, ankle behind [mm]."""
    hip = constant("calibration.hip_depth")
    ankle = constant("calibration.ankle_depth")
    # A flexed knee comes forward; half a leg of 400 mm carries it.
    flexion = np.radians(facts.knee_flexion_deg or 0.0)
    forward = constant("calibration.leg_length_without_scale").value / 4 * flexion
    zero = np.zeros(worlds.count + 1)
    return {
        Joint.HIP: hip.value + worlds.normal("film/posture/hip", hip.spread),
        Joint.KNEE: zero + forward,
        Joint.ANKLE: ankle.value + worlds.normal("film/posture/ankle", ankle.spread),
    }


def _typed_depths(
    depth: dict[tuple[Side, Joint], Array],
    known: KnownGeometry,
    reference_mm: Array,
) -> dict[tuple[Side, Joint], Array]:
    """Measured depths, given from the detector, to take the place of drawn ones."""
    return {
        key: known.depth_mm[key] - reference_mm
        for key in depth
        if key in known.depth_mm
    }


def _rotations(facts: FilmFacts, worlds: Worlds) -> dict[Side, Array]:
    checked = facts.patella_forward is True
    key = "calibration.leg_rotation_checked"
    sd = constant(key if checked else "calibration.leg_rotation_unknown").spread
    return {s: worlds.normal(f"film/{s}/rotation", np.radians(sd)) for s in Side}


def _fact_findings(facts: FilmFacts) -> tuple[Finding, ...]:
    """Cautions for what nobody said about how the patient stood."""
    found = []
    if facts.patella_forward is None:
        found.append(
            Finding(
                Level.CAUTION,
                "film.patella_unknown",
                "Nobody said whether the patellae point forward.",
                "Look at the film and say so; angles of a turned leg are wrong.",
                "calibration.leg_rotation_unknown",
            )
        )
    elif not facts.patella_forward:
        found.append(
            Finding(
                Level.CAUTION,
                "film.patella_turned",
                "A patella does not point forward: the leg is turned.",
                "Repeat the film before a decision rests on an angle.",
                "calibration.leg_rotation_unknown",
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

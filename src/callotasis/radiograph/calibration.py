"""From pixels to millimetres, with everything about the film that nobody knows.

A point at depth *y* in front of the detector is magnified by *s / (s - y)*, *s*
being the distance from source to detector. One ball tells the magnification at its
own depth only; hip, knee and ankle lie elsewhere, on either side differently. Their
depths, the beam's centre and the source distance are separate uncertain inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.ball import Ball, find_balls
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import (
    FilmFacts,
    Joint,
    KnownGeometry,
    check_known,
    fact_findings,
)
from callotasis.radiograph.landmarks import Landmarks
from callotasis.worlds import Array, Worlds


class Method(StrEnum):
    """What gave the scale."""

    BALL = "ball"
    MAGNIFICATION = "magnification"
    DEPTHS = "depths"
    NONE = "none"


@dataclass(frozen=True, eq=False)
class Calibration:
    """A film's geometry in every world.

    Attributes
    ----------
    method : Method
        What gave the scale; with ``NONE`` only angles may leave the house.
    aspect : float
        Row pitch divided by column pitch [1].
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
    check_known(film, known, facts)
    source = _source(film, known, worlds)
    measured = _all_depths(known, landmarks) and film.spacing_mm is not None
    reference, to_reference, method, findings = (
        _by_depths(film, source)
        if measured
        else _reference(film, known, source, worlds)
    )
    if method is Method.NONE:
        reference = _stand_in_size(landmarks, film.aspect, worlds)
    centre = _beam_centre(film, known, float(reference[0]), worlds)
    rough = _Rough(reference, centre, landmarks)
    depth = _depths(rough, facts, worlds, method)
    depth |= _typed_depths(depth, known, source - to_reference)
    return Calibration(
        method=method,
        aspect=film.aspect,
        reference_mm_per_px=reference,
        source_to_reference_mm=to_reference,
        centre_px=centre,
        depth_mm=depth,
        rotation_rad=_rotations(facts, worlds),
        findings=(*findings, *fact_findings(facts)),
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
    "Put the ball at the depth of the bones, or measure the depth of the joints.",
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


def _stand_in_size(landmarks: Landmarks, aspect: float, worlds: Worlds) -> Array:
    """Pixel size for depths only, where a film has no scale; prints no millimetre."""
    leg = next(iter(landmarks.sides.values()))
    rows = leg["ankle_centre"][1] - leg["hip_centre"][1]
    length = constant("calibration.leg_length_without_scale").value
    return np.full(worlds.count + 1, length / (rows * aspect))


def _beam_centre(
    film: Film, known: KnownGeometry, mm_per_px: float, worlds: Worlds
) -> Array:
    if known.beam_centre_px is not None:
        return np.tile(np.array(known.beam_centre_px), (worlds.count + 1, 1))
    column = constant("calibration.beam_centre_column").spread / mm_per_px
    row = constant("calibration.beam_centre_row").spread / (mm_per_px * film.aspect)
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
    # A flexed knee comes forward.
    flexion = np.radians(facts.knee_flexion_deg or 0.0)
    forward = constant("calibration.knee_lever").value * flexion
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

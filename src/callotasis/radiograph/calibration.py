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
from callotasis.radiograph.ball import Ball, balls_on
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import (
    FilmFacts,
    Joint,
    KnownGeometry,
    check_known,
    fact_findings,
)
from callotasis.radiograph.landmarks import Landmarks
from callotasis.radiograph.sightings import (
    Sighting,
    narrowed,
    of_balls,
    of_depth,
    of_length,
    of_magnification,
)
from callotasis.radiograph.stance import Posture, in_space
from callotasis.worlds import Array, Worlds


class Method(StrEnum):
    """What gave the scale."""

    BALL = "ball"
    MAGNIFICATION = "magnification"
    LENGTH = "known length"
    DEPTHS = "depths"
    TRUE_SCALE = "true scale"
    COMBINED = "combined"
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
    pitch_mm : Array
        Shape (worlds,), pixel size along columns on the detector [mm].
    source_mm : Array
        Shape (worlds,), source to detector [mm].
    centre_px : Array
        Shape (worlds, 2), column and row of the beam's centre [px].
    depth_mm : dict of (Side, Joint) to Array
        Shape (worlds,), joint in front of the detector [mm].
    rotation_rad : dict of Side to Array
        Shape (worlds,), external rotation of the leg about its long axis [rad].
    typed_depth_mm : dict of (Side, str) to float
        Landmarks whose own depth was measured [mm].
    ball_edge_mm, ball_off_mm : Array or float
        Shape (worlds,), what all balls of the film share: error of their diameter, and
        how far they lie in front of the bones beside them [mm].
    findings : tuple of Finding
        What was unknown or odd.
    """

    method: Method
    aspect: float
    pitch_mm: Array
    source_mm: Array
    centre_px: Array
    depth_mm: Mapping[tuple[Side, Joint], Array]
    rotation_rad: Mapping[Side, Array]
    typed_depth_mm: Mapping[tuple[Side, str], float]
    ball_edge_mm: Array | float = 0.0
    ball_off_mm: Array | float = 0.0
    findings: tuple[Finding, ...] = ()

    def size_at(self, depth_mm: Array) -> Array:
        """Millimetres for each pixel along columns at a depth, shape (worlds,)."""
        return np.asarray(self.pitch_mm * (1 - depth_mm / self.source_mm))

    @property
    def mm_per_px(self) -> Array:
        """Pixel size along columns at the mean depth of the knees, (worlds,) [mm]."""
        knees = [d for (_, joint), d in self.depth_mm.items() if joint is Joint.KNEE]
        return self.size_at(np.asarray(np.mean(knees, axis=0)))

    def points(self, clicked_px: Array, depth_mm: Array) -> Array:
        """Place clicked points in space.

        Parameters
        ----------
        clicked_px : Array
            Shape (worlds, 2), column and row [px].
        depth_mm : Array
            Shape (worlds,), in front of the detector [mm].

        Returns
        -------
        Array
            Shape (worlds, 3): x to the patient's left, y anterior, z up [mm].

        References
        ----------
        .. [1] Similar triangles: planning facts 1.5.
        """
        offset = clicked_px - self.centre_px
        return in_space(offset, self.size_at(depth_mm), depth_mm, self.aspect)


def calibrate(
    film: Film,
    landmarks: Landmarks,
    known: KnownGeometry,
    facts: FilmFacts,
    worlds: Worlds,
    balls: tuple[Ball, ...] | None = None,
) -> Calibration:
    """Work out a film's geometry from everything that is known about it.

    Parameters
    ----------
    film : Film
        With its pixel spacing and source distance, where the file has them.
    landmarks : Landmarks
        For where each joint stands across the film [px].
    known : KnownGeometry
        Balls, known lengths, typed magnification, measured depths, true scale.
    facts : FilmFacts
        How the patient stood.
    worlds : Worlds
        How many draws.
    balls : tuple of Ball, optional
        If they were found on this film before [px].

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
    .. [1] Planning facts 1.5; evidence rows ``calibration.*``;
       ``design/uncertainty-of-one-film.md``.
    """
    check_known(film, known, facts)
    balls = balls_on(film, known.ball_mm, balls)
    posture = Posture(
        film, landmarks, known, facts, _guess(film, landmarks, known, balls)
    )
    sightings = _sightings(film, landmarks, known, balls)
    method = _method(film, landmarks, known)
    stance = posture.stance(narrowed(posture, posture.drawn(worlds), sightings, worlds))
    if balls and known.ball_mm is not None:
        _check_agreement(balls, known.ball_mm, float(stance.source_mm[0]))
        _check_magnification(film, balls[0], known.ball_mm)
    typed = {k: v for k, v in known.depth_mm.items() if k in stance.depth_mm}
    depth = {
        k: np.full_like(d, typed[k]) if k in typed else d
        for k, d in stance.depth_mm.items()
    }
    return Calibration(
        method=method,
        aspect=film.aspect,
        pitch_mm=stance.pitch_mm,
        source_mm=stance.source_mm,
        centre_px=stance.centre_px,
        depth_mm=depth,
        rotation_rad=_rotations(facts, worlds),
        typed_depth_mm={k: v for k, v in known.depth_mm.items() if k not in typed},
        ball_edge_mm=stance.ball_edge,
        ball_off_mm=stance.ball_off_mm,
        findings=(*_scale_findings(method, balls), *fact_findings(facts)),
    )


def _guess(
    film: Film, landmarks: Landmarks, known: KnownGeometry, balls: tuple[Ball, ...]
) -> float:
    """A pitch to start from where the file has none [mm]."""
    if film.spacing_mm is not None:
        return film.spacing_mm[0]
    usual = constant("calibration.magnification_limits").value
    if balls and known.ball_mm is not None:
        return usual * known.ball_mm / balls[0].minor_px
    for length in known.lengths:
        (c1, r1), (c2, r2) = length.from_px, length.to_px
        return usual * length.length_mm / float(np.hypot(c2 - c1, r2 - r1))
    # A leg of usual length stands in, for depths only: it prints no millimetre.
    leg = next(iter(landmarks.sides.values()))
    rows = leg["ankle_centre"][1] - leg["hip_centre"][1]
    return usual * constant("calibration.leg_length_without_scale").value / rows


def _sightings(
    film: Film, landmarks: Landmarks, known: KnownGeometry, balls: tuple[Ball, ...]
) -> list[Sighting]:
    found = []
    if known.ball_mm is not None:
        found += of_balls(balls, known.ball_mm, landmarks)
    found += [
        of_length(i, length, film, landmarks) for i, length in enumerate(known.lengths)
    ]
    if known.magnification is not None and known.magnification_sd is not None:
        pitch = (film.spacing_mm or (1.0,))[0]
        found.append(
            of_magnification(known.magnification, known.magnification_sd, pitch)
        )
    joints = [(s, j) for s in landmarks.sides for j in Joint]
    found += [
        of_depth(*key, known.depth_mm[key]) for key in joints if key in known.depth_mm
    ]
    return found


def _method(film: Film, landmarks: Landmarks, known: KnownGeometry) -> Method:
    """What gives the scale; depths do only where every joint's is known."""
    every = all((s, j) in known.depth_mm for s in landmarks.sides for j in Joint)
    used = [
        method
        for method, given in (
            (Method.TRUE_SCALE, known.true_scale),
            (Method.BALL, known.ball_mm is not None),
            (Method.LENGTH, bool(known.lengths)),
            (Method.MAGNIFICATION, known.magnification is not None),
            (Method.DEPTHS, every and film.spacing_mm is not None),
        )
        if given
    ]
    if Method.DEPTHS in used:
        return Method.DEPTHS  # exact: what else was given can add nothing
    if not used:
        return Method.NONE
    return used[0] if len(used) == 1 else Method.COMBINED


def _scale_findings(method: Method, balls: tuple[Ball, ...]) -> tuple[Finding, ...]:
    if method is Method.NONE:
        return (_NO_SCALE,)
    if method is Method.BALL and len(balls) == 1:
        return (_ONE_BALL,)
    return ()


_NO_SCALE = Finding(
    Level.CAUTION,
    "film.no_scale",
    "The film has no scale: angles are measured, lengths are not.",
    "Give the diameter of a calibration ball or a magnification.",
)
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


def _check_magnification(film: Film, ball: Ball, ball_mm: float) -> None:
    if film.spacing_mm is None:
        return
    magnification = ball.minor_px * film.spacing_mm[0] / ball_mm
    row = constant("calibration.magnification_limits")
    if not row.low <= magnification <= row.high:
        raise FilmRefusal(
            f"a ball of {ball_mm:g} mm would be magnified {magnification:.3f} times; "
            f"allowed is {row.low:g} to {row.high:g} ({row.locator}): "
            "check the diameter of the ball"
        )


def _rotations(facts: FilmFacts, worlds: Worlds) -> dict[Side, Array]:
    """External rotation of each leg: measured, or spread about straight ahead."""
    checked = facts.patella_forward is True
    key = "calibration.leg_rotation_checked"
    sd = constant(key if checked else "calibration.leg_rotation_unknown").spread
    return {
        s: np.full(worlds.count + 1, np.radians(facts.rotation_deg[s]))
        if s in facts.rotation_deg
        else worlds.normal(f"film/{s}/rotation", np.radians(sd))
        for s in Side
    }

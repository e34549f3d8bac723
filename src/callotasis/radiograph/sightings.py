"""Things of known size on a film: balls, rulers, implants, typed magnification.

Whatever it is, it says one thing: so many pixels for each millimetre, there. Holding
all of them against the stance narrows what was unknown about it, each by its worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.ball import Ball
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import ANYWHERE, DETECTOR, Joint, KnownLength
from callotasis.radiograph.landmarks import Landmarks
from callotasis.radiograph.stance import (
    OWN_EDGE,
    OWN_PLACEMENT,
    Posture,
    Stance,
    Unknowns,
    bow_mm,
    shin_mm,
)
from callotasis.worlds import Array, Worlds

ROUNDS = 8  # of linearising and weighing again
TAILS = 3  # degrees of freedom of Student's t: some balls are not where they should be
NUDGE = 1e-3

Predicted = Callable[[Stance], Array]


@dataclass(frozen=True, eq=False)
class Sighting:
    """One observation.

    Attributes
    ----------
    name : str
        Names its stream of errors.
    seen : float
        What was read off the film or said of it, in the unit that ``predicted`` gives.
    spread : float
        Standard deviation of its error, in the same unit.
    predicted : callable
        From a stance to shape (worlds,).
    """

    name: str
    seen: float
    spread: float
    predicted: Predicted


def narrowed(
    posture: Posture,
    unknowns: Unknowns,
    sightings: list[Sighting],
    worlds: Worlds,
) -> dict[str, Array]:
    """Narrow the unknowns by what was seen.

    Every world keeps its own draw and sees the film with an error of its own
    (randomised maximum likelihood): exact where the stance follows the unknowns
    linearly, which it does within a percent over their spread. What the others
    contradict counts for less (Student's t, reweighted).

    Parameters
    ----------
    posture : Posture
        From unknowns to a stance.
    unknowns : dict of str to Array
        As drawn, standard normal, shape (worlds,) each [1].
    sightings : list of Sighting
        May be empty.
    worlds : Worlds
        Draws the error of each sighting.

    Returns
    -------
    dict of str to Array
        Shape (worlds,) each [1].

    References
    ----------
    .. [1] Kalman 1960, the gain; Oliver, He and Reynolds 1996, randomised maximum
       likelihood; Lange, Little and Taylor 1989, Student's t for errors with outliers.
    """
    if not sightings:
        return dict(unknowns)
    names = posture.names
    seen = np.array([s.seen for s in sightings])
    usual = np.array([s.spread for s in sightings])
    spread, nominal = usual, np.zeros(len(names))
    for _ in range(ROUNDS):
        here, slopes = _linearised(posture, nominal, sightings)
        gain = slopes.T @ np.linalg.inv(slopes @ slopes.T + np.diag(spread**2))
        nominal = gain @ (seen - here + slopes @ nominal)
        spread = usual * _doubted((seen - here) / usual)
    prior = np.stack([unknowns[n] for n in names])
    read = np.stack(
        [
            s.seen + worlds.normal(f"film/seen/{s.name}", float(own))
            for s, own in zip(sightings, spread, strict=True)
        ]
    )
    predicted = _predictions(posture, dict(zip(names, prior, strict=True)), sightings)
    after = prior + gain @ (read - predicted)
    after[:, 0] = nominal
    return dict(zip(names, after, strict=True))


def _doubted(off: Array) -> Array:
    """How much wider the error of a sighting is taken that the others contradict.

    A ball that was stuck to the wrong side of a thigh must not draw the rest along.
    """
    return np.asarray(np.sqrt(np.maximum(1.0, (TAILS + off**2) / (TAILS + 1))))


def _predictions(
    posture: Posture, unknowns: Unknowns, sightings: list[Sighting]
) -> Array:
    stance = posture.stance(unknowns)
    return np.stack([s.predicted(stance) for s in sightings])


def _linearised(
    posture: Posture, at: Array, sightings: list[Sighting]
) -> tuple[Array, Array]:
    """Predictions at a point and their slopes, shape (sightings, unknowns)."""
    count = len(at)
    points = np.tile(at[:, None], (1, count + 1))
    points[:, 1:] += NUDGE * np.eye(count)
    found = _predictions(
        posture, dict(zip(posture.names, points, strict=True)), sightings
    )
    return found[:, 0], (found[:, 1:] - found[:, :1]) / NUDGE


def of_balls(
    balls: tuple[Ball, ...], ball_mm: float, landmarks: Landmarks
) -> list[Sighting]:
    """Every ball says how large a millimetre is at the joint that it stands beside.

    Parameters
    ----------
    balls : tuple of Ball
        As found on the film [px].
    ball_mm : float
        Their diameter [mm].
    landmarks : Landmarks
        For which joint lies beside each ball [px].

    Returns
    -------
    list of Sighting
        One for each ball, in logarithms of pixels per millimetre.

    References
    ----------
    .. [1] Evidence rows ``calibration.ball_edge``, ``calibration.ball_placement``.
    """
    edge = OWN_EDGE * constant("calibration.ball_edge").spread / ball_mm
    off = OWN_PLACEMENT * constant("calibration.ball_placement").spread
    found = []
    for index, ball in enumerate(balls):
        place = _beside(landmarks, (ball.column, ball.row))

        def predicted(stance: Stance, place: Place = place) -> Array:
            depth = place(stance) + stance.ball_off_mm
            return stance.log_size(depth) + stance.ball_edge / ball_mm

        found.append(
            Sighting(
                f"ball/{index}",
                float(np.log(ball.minor_px / ball_mm)),
                float(np.hypot(edge, off / _REACH_MM)),
                predicted,
            )
        )
    return found


# A depth turns into a share of size by the distance to the source; 10 % of that
# distance change a spread by 10 %, which is less than what is known about it.
_REACH_MM = 2300.0

Place = Callable[[Stance], Array]


def _beside(landmarks: Landmarks, point: tuple[float, float]) -> Place:
    """Depth of the joint that a ball stands beside: the nearest one of its leg."""
    column, row = point
    side = min(
        landmarks.sides,
        key=lambda s: abs(_column_at(landmarks, s, row) - column),
    )
    leg = landmarks.sides[side]
    joint = min(Joint, key=lambda j: abs(leg[f"{j}_centre"][1] - row))
    return lambda stance: stance.depth_mm[side, joint]


def _column_at(landmarks: Landmarks, side: Side, row: float) -> float:
    points = [landmarks.sides[side][f"{j}_centre"] for j in Joint]
    return float(np.interp(row, [p[1] for p in points], [p[0] for p in points]))


def along_leg(landmarks: Landmarks, side: Side, row: float) -> Place:
    """Depth of a leg's bones at a row of the film.

    Parameters
    ----------
    landmarks : Landmarks
        For the rows of the joints [px].
    side : Side
        Which leg.
    row : float
        [px].

    Returns
    -------
    callable
        From a stance to shape (worlds,) [mm].

    References
    ----------
    .. [1] The line between the joints, and evidence rows ``calibration.shaft_bow`` and
       ``calibration.shin``.
    """
    rows = [landmarks.sides[side][f"{j}_centre"][1] for j in Joint]
    joints = [*Joint]
    above = 0 if row < rows[1] else 1
    share = float(np.clip((row - rows[above]) / (rows[above + 1] - rows[above]), 0, 1))
    bow = constant("calibration.shaft_bow").value
    forward = bow_mm(share, bow) if above == 0 else shin_mm(share)

    def depth(stance: Stance) -> Array:
        upper, lower = (stance.depth_mm[side, joints[k]] for k in (above, above + 1))
        return (1 - share) * upper + share * lower + forward

    return depth


def of_length(
    index: int, length: KnownLength, film: Film, landmarks: Landmarks
) -> Sighting:
    """Two clicked points a known length apart.

    Parameters
    ----------
    index : int
        Which of the known lengths of a film.
    length : KnownLength
        Points [px], length [mm], and what it lies in.
    film : Film
        For its aspect.
    landmarks : Landmarks
        For the depth of the bone that it lies in [px].

    Returns
    -------
    Sighting
        Logarithm of their distance in space.

    References
    ----------
    .. [1] Evidence rows ``calibration.ruler_placement``, ``calibration.implant_depth``
       and ``landmarks.mark``.
    """
    points = (length.from_px, length.to_px)
    places, own_mm = _places(length, landmarks)

    def predicted(stance: Stance) -> Array:
        # In space: what leans towards the beam is shorter on the film, or longer,
        # the more so the farther it lies from the beam's centre.
        upper, lower = (
            stance.placed(point, place(stance), film.aspect)
            for point, place in zip(points, places, strict=True)
        )
        return np.asarray(np.log(np.linalg.norm(upper - lower, axis=1)))

    click = np.sqrt(2) * constant("landmarks.mark").value / length.length_mm
    lean = (
        0.0 if length.lies == DETECTOR else constant("calibration.length_lean").spread
    )
    spread = float(np.sqrt(click**2 + (own_mm / _REACH_MM) ** 2 + lean**2))
    seen = float(np.log(length.length_mm))
    return Sighting(f"length/{index}", seen, spread, predicted)


def _places(length: KnownLength, landmarks: Landmarks) -> tuple[list[Place], float]:
    """Depth of both ends, and how far the whole may lie off [mm]."""
    if length.lies == DETECTOR:
        row = constant("calibration.on_detector")
        return [lambda s: row.value + 0 * s.source_mm] * 2, row.spread
    if length.lies == ANYWHERE:
        spread = constant("calibration.ruler_placement").spread
        return [lambda s: s.knees_mm] * 2, float(spread)
    name = str(length.lies)
    ends = (length.from_px[1], length.to_px[1])
    side, _, part = name.partition(".")
    if part in set(Bone):
        where = Segment.parse(name)
        spread = constant("calibration.implant_depth").spread
        return [along_leg(landmarks, where.side, r) for r in ends], float(spread)
    joint = (Side(side), Joint(part))
    spread = constant("calibration.ball_placement").spread
    return [lambda s: s.depth_mm[joint]] * 2, float(spread)


def of_magnification(magnification: float, spread: float, pitch_mm: float) -> Sighting:
    """A typed magnification of the bones; needs the detector's pitch [mm]."""

    def predicted(stance: Stance) -> Array:
        every = np.mean([*stance.depth_mm.values()], axis=0)
        return stance.log_size(np.asarray(every))

    seen = float(np.log(magnification / pitch_mm))
    return Sighting("magnification", seen, spread / magnification, predicted)


def of_depth(side: Side, joint: Joint, depth_mm: float) -> Sighting:
    """A depth that somebody measured, in front of the detector [mm]."""
    spread = constant("calibration.typed_depth").spread
    return Sighting(
        f"depth/{side}/{joint}",
        depth_mm,
        float(spread),
        lambda stance: stance.depth_mm[side, joint],
    )

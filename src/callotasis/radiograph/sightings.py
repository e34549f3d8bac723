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
)
from callotasis.worlds import Array, Worlds

ROUNDS = 5  # of linearising again; two bring the nominal world within 0.01 mm
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
        What was read off the film, in the unit that ``predicted`` gives.
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
    linearly, which it does within a percent over their spread.

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
       likelihood.
    """
    if not sightings:
        return dict(unknowns)
    names = posture.names
    noise = np.diag([s.spread**2 for s in sightings])
    seen = np.stack(
        [s.seen + worlds.normal(f"film/seen/{s.name}", s.spread) for s in sightings]
    )
    prior = np.stack([unknowns[n] for n in names])
    nominal = np.zeros(len(names))
    for _ in range(ROUNDS):
        here, slopes = _linearised(posture, nominal, sightings)
        gain = slopes.T @ np.linalg.inv(slopes @ slopes.T + noise)
        nominal = gain @ (seen[:, 0] - here + slopes @ nominal)
    predicted = _predictions(posture, dict(zip(names, prior, strict=True)), sightings)
    after = prior + gain @ (seen - predicted)
    after[:, 0] = nominal
    return dict(zip(names, after, strict=True))


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
    .. [1] Straight between the joints; evidence row ``calibration.shaft_bow``.
    """
    rows = [landmarks.sides[side][f"{j}_centre"][1] for j in Joint]
    joints = [*Joint]
    above = 0 if row < rows[1] else 1
    share = float(np.clip((row - rows[above]) / (rows[above + 1] - rows[above]), 0, 1))
    bow = constant("calibration.shaft_bow").value if above == 0 else 0.0
    forward = bow_mm(share, bow)

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
        In logarithms of pixels per millimetre.

    References
    ----------
    .. [1] Evidence rows ``calibration.ruler_placement``, ``calibration.implant_depth``
       and ``landmarks.mark``.
    """
    (c1, r1), (c2, r2) = length.from_px, length.to_px
    px = float(np.hypot(c2 - c1, (r2 - r1) * film.aspect))
    places, own_mm = _places(length, landmarks)

    def predicted(stance: Stance) -> Array:
        ends = [place(stance) for place in places]
        leaning = np.clip((ends[1] - ends[0]) / length.length_mm, -0.7, 0.7)
        size = stance.log_size((ends[0] + ends[1]) / 2)
        return np.asarray(size + np.log1p(-(leaning**2)) / 2)

    click = np.sqrt(2) * constant("landmarks.mark").value / length.length_mm
    lean = (
        0.0 if length.lies == DETECTOR else constant("calibration.length_lean").spread
    )
    spread = float(np.sqrt(click**2 + (own_mm / _REACH_MM) ** 2 + lean**2))
    seen = float(np.log(px / length.length_mm))
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

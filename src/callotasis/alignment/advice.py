"""What would narrow an interval most: one more ball, and where.

Every world is a film that could have given these pictures. How a ball at a joint
would look differs between them, and how a length comes out differs too; where both
differ together, seeing the ball would tell about the length.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import Calibration, Method
from callotasis.radiograph.known import Joint
from callotasis.radiograph.stance import OWN_EDGE, OWN_PLACEMENT
from callotasis.worlds import Array

WORTH_SAYING = 0.85  # of an interval that narrows to less than this share
UNKNOWABLE = (Method.NONE, Method.TRUE_SCALE, Method.DEPTHS)


def advice_on(
    quantity: str, samples: Array, calibration: Calibration
) -> tuple[Finding, ...]:
    """Say which ball would narrow the interval of a length most.

    Parameters
    ----------
    quantity : str
        In words, as in "the discrepancy".
    samples : Array
        Shape (worlds,), of that quantity [mm].
    calibration : Calibration
        Of the film, in the same worlds.

    Returns
    -------
    tuple of Finding
        One note, or nothing where no ball would help by much.

    References
    ----------
    .. [1] Kalman 1960: a sighting takes cov²/(var + noise) from the variance.
    """
    if calibration.method in UNKNOWABLE:
        return ()
    variance = float(np.var(samples[1:]))
    left = {
        place: variance - _told(samples, calibration, place)
        for place in calibration.depth_mm
    }
    (side, joint), best = min(left.items(), key=lambda item: item[1])
    share = float(np.sqrt(max(best, 0.0) / variance))
    if share > WORTH_SAYING:
        return ()
    half = 1.96 * float(np.sqrt(variance))
    return (
        Finding(
            Level.NOTE,
            "film.another_ball",
            f"Of all that is unknown, the depth of the {side.word} {joint} costs "
            f"{quantity} most: a ball there would narrow it from ±{half:.1f} to "
            f"±{half * share:.1f} mm.",
            "Put one more ball beside that joint when the film is taken again.",
            "calibration.ball_placement",
        ),
    )


def _told(samples: Array, calibration: Calibration, place: tuple[Side, Joint]) -> float:
    """Variance that a ball at a joint would take away [mm²].

    What it shares with the balls that stand there already tells nothing new.
    """
    ball_mm = constant("calibration.usual_ball").value
    depth = calibration.depth_mm[place] + calibration.ball_off_mm
    seen = calibration.ball_edge_mm / ball_mm - np.log(calibration.size_at(depth))
    edge = OWN_EDGE * constant("calibration.ball_edge").spread / ball_mm
    reach = float(np.mean(calibration.source_mm - calibration.depth_mm[place]))
    off = OWN_PLACEMENT * constant("calibration.ball_placement").spread / reach
    shared = np.cov(samples[1:], seen[1:])
    return float(shared[0, 1] ** 2 / (shared[1, 1] + edge**2 + off**2))


def scale_advice(
    lengths: Mapping[Side, Mapping[str, Array]], calibration: Calibration
) -> tuple[Finding, ...]:
    """Advice on the discrepancy, or on the one leg that the film shows.

    Parameters
    ----------
    lengths : dict of Side to dict of str to Array
        Samples of every quantity by side [mm or deg].
    calibration : Calibration
        Of the film.

    Returns
    -------
    tuple of Finding
        None, one or two notes.

    References
    ----------
    .. [1] As :func:`advice_on`.
    """
    name = "leg_length_mm"
    legs = {s: q[name] for s, q in lengths.items() if name in q}
    found: tuple[Finding, ...] = ()
    if len(legs) == 2:  # noqa: PLR2004 - both legs
        difference = legs[Side.RIGHT] - legs[Side.LEFT]
        found = advice_on("the discrepancy", difference, calibration)
    return found or next(
        (
            advice
            for side, samples in legs.items()
            if (
                advice := advice_on(
                    f"the length of the {side.word} leg", samples, calibration
                )
            )
        ),
        (),
    )

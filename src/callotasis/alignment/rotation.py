"""How a leg was turned before the film, told from where its patella stands."""

from __future__ import annotations

import numpy as np

from callotasis.alignment.limb import lateral_mm
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import Calibration
from callotasis.radiograph.known import Joint
from callotasis.radiograph.landmarks import Landmarks, click_spread_mm
from callotasis.worlds import Array, Worlds, interval

MOST_SINE = 0.95  # beyond it a patella has left its knee


def rotation_told(
    side: Side, landmarks: Landmarks, calibration: Calibration, worlds: Worlds
) -> Array:
    """External rotation of a leg, as its patella tells it.

    Parameters
    ----------
    side : Side
        Whose leg.
    landmarks : Landmarks
        With its ``patella_centre`` [px].
    calibration : Calibration
        Of the film.
    worlds : Worlds
        For where patellae usually stand, and the clicks.

    Returns
    -------
    Array
        Shape (worlds,), external positive [deg].

    References
    ----------
    .. [1] A patella stands before the knee's centre: as the leg turns outwards it
       goes aside by that distance times the sine; evidence rows
       ``calibration.patella_depth``, ``rotation.patella_lateral``.
    """
    before, usual = constant("calibration.patella_depth"), constant(_USUAL)
    lever = before.value + worlds.normal(f"rotation/{side}/lever", before.spread)
    clicks = np.hypot(
        click_spread_mm("patella_centre")[0], click_spread_mm("knee_centre")[0]
    )
    aside = lateral_mm(
        side, "patella_centre", landmarks.sides[side], calibration, Joint.KNEE
    )
    off = usual.value + worlds.normal(f"rotation/{side}/usual", usual.spread)
    off += worlds.normal(f"rotation/{side}/click", float(clicks))
    sine = np.clip((aside - off) / lever, -MOST_SINE, MOST_SINE)
    return np.asarray(np.degrees(np.arcsin(sine)))


_USUAL = "rotation.patella_lateral"


def rotation_findings(
    landmarks: Landmarks, calibration: Calibration, worlds: Worlds
) -> tuple[Finding, ...]:
    """Caution for each leg whose patella says that it was turned.

    Parameters
    ----------
    landmarks : Landmarks
        With or without patellae [px].
    calibration : Calibration
        Of the film; a rotation that was measured is believed instead.
    worlds : Worlds
        As :func:`rotation_told`.

    Returns
    -------
    tuple of Finding
        Where the interval of the rotation leaves out zero.

    References
    ----------
    .. [1] As :func:`rotation_told`.
    """
    found = []
    for side, points in landmarks.sides.items():
        measured = not np.ptp(calibration.rotation_rad[side])
        if "patella_centre" not in points or measured:
            continue
        told = interval(rotation_told(side, landmarks, calibration, worlds), "rotation")
        if told.excludes(0.0):
            way = "outwards" if told.value > 0 else "inwards"
            found.append(
                Finding(
                    Level.CAUTION,
                    "film.leg_turned",
                    f"By its patella the {side.word} leg is turned {way} by about "
                    f"{abs(told.value):.0f}° ({told.low:.0f} to {told.high:.0f}, "
                    "outwards +).",
                    "Repeat the film with the patella forward, or measure the rotation "
                    "and give it.",
                    _USUAL,
                    str(side),
                )
            )
    return tuple(found)

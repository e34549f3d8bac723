"""How a leg is built in the frontal plane: axes, joint angles, lengths.

All functions broadcast over a leading axis of worlds. Points are (worlds, 2):
lateral, proximal. Angles follow Paley: each is taken on the side its name says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from callotasis.alignment.limb import Limb
from callotasis.worlds import Array


def angle_between(u: Array, v: Array) -> Array:
    """Angle between two directions, from 0 to 180 degrees.

    Parameters
    ----------
    u, v : Array
        Shape (..., 2), lateral and proximal [mm].

    Returns
    -------
    Array
        Shape (...) [deg].

    References
    ----------
    .. [1] Planning facts 1.2, construction 3.

    Examples
    --------
    >>> float(angle_between(np.array([1.0, 0.0]), np.array([0.0, 2.0])))
    90.0
    """
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    dot = np.sum(u * v, axis=-1)
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, dot))))


def lateral_tilt(direction: Array) -> Array:
    """Angle of a direction from straight down, lateral positive.

    Parameters
    ----------
    direction : Array
        Shape (..., 2), lateral and proximal, pointing distally [mm].

    Returns
    -------
    Array
        Shape (...) [deg].

    References
    ----------
    .. [1] Plane geometry.
    """
    return np.asarray(np.degrees(np.arctan2(direction[..., 0], -direction[..., 1])))


def _line(limb: Limb, start: str, end: str) -> Array:
    return limb.frontal(end) - limb.frontal(start)


def _length(limb: Limb, start: str, end: str) -> Array:
    return np.asarray(np.linalg.norm(limb[end] - limb[start], axis=1))


def _mad(limb: Limb) -> Array:
    """Knee centre to mechanical axis, medial positive."""
    axis = _line(limb, "hip_centre", "ankle_centre")
    knee = _line(limb, "hip_centre", "knee_centre")
    cross = axis[:, 0] * knee[:, 1] - axis[:, 1] * knee[:, 0]
    return np.asarray(cross / np.linalg.norm(axis, axis=1))


def _hka_deviation(limb: Limb) -> Array:
    femur = _line(limb, "hip_centre", "knee_centre")
    tibia = _line(limb, "knee_centre", "ankle_centre")
    return lateral_tilt(tibia) - lateral_tilt(femur)


def _rise(line: Array) -> Array:
    """Angle by which the lateral end of a joint line stands higher."""
    return np.asarray(np.degrees(np.arctan2(line[:, 1], line[:, 0])))


def _jlca(limb: Limb) -> Array:
    femur = _line(limb, "fem_condyle_med", "fem_condyle_lat")
    tibia = _line(limb, "tib_plateau_med", "tib_plateau_lat")
    return _rise(femur) - _rise(tibia)


def _ama(limb: Limb) -> Array:
    """Positive where the anatomic axis runs lateral of the mechanical one above."""
    anatomic = _line(limb, "fem_shaft_prox", "fem_shaft_dist")
    mechanical = _line(limb, "hip_centre", "knee_centre")
    return lateral_tilt(mechanical) - lateral_tilt(anatomic)


@dataclass(frozen=True)
class Quantity:
    """One entry of the measurement.

    Attributes
    ----------
    name : str
        With its unit, as it is printed.
    words : str
        What it is, for tables.
    needs : tuple of str
        Landmarks without which it is not measured.
    measure : callable
        From a limb to shape (worlds,).
    normal : str
        Evidence row of the normal range; empty if there is none.
    """

    name: str
    words: str
    needs: tuple[str, ...]
    measure: Callable[[Limb], Array]
    normal: str = ""

    @property
    def is_angle(self) -> bool:
        """Whether it may be printed for a film without a scale."""
        return self.name.endswith("_deg")


_AXIS = ("hip_centre", "knee_centre", "ankle_centre")
_CONDYLES = ("fem_condyle_med", "fem_condyle_lat")
_PLATEAU = ("tib_plateau_med", "tib_plateau_lat")
_PLAFOND = ("plafond_med", "plafond_lat")
_SHAFT = ("fem_shaft_prox", "fem_shaft_dist")

QUANTITIES = (
    Quantity(
        "femur_length_mm",
        "Femur, hip centre to knee centre",
        _AXIS[:2],
        lambda b: _length(b, "hip_centre", "knee_centre"),
    ),
    Quantity(
        "tibia_length_mm",
        "Tibia, knee centre to ankle centre",
        _AXIS[1:],
        lambda b: _length(b, "knee_centre", "ankle_centre"),
    ),
    Quantity(
        "leg_length_mm",
        "Leg, hip centre to ankle centre",
        _AXIS,
        lambda b: _length(b, "hip_centre", "ankle_centre"),
    ),
    Quantity(
        "mad_mm",
        "Mechanical axis deviation, medial +",
        _AXIS,
        _mad,
        "alignment.mad_normal",
    ),
    Quantity(
        "hka_deviation_deg",
        "Hip-knee-ankle deviation, valgus +",
        _AXIS,
        _hka_deviation,
        "alignment.hka",
    ),
    Quantity(
        "mlpfa_deg",
        "Lateral proximal femoral angle, mechanical",
        ("hip_centre", "knee_centre", "troch_tip"),
        lambda b: angle_between(
            _line(b, "hip_centre", "knee_centre"), _line(b, "hip_centre", "troch_tip")
        ),
        "alignment.mlpfa",
    ),
    Quantity(
        "mldfa_deg",
        "Lateral distal femoral angle, mechanical",
        ("hip_centre", "knee_centre", *_CONDYLES),
        lambda b: angle_between(
            _line(b, "knee_centre", "hip_centre"), _line(b, *_CONDYLES)
        ),
        "alignment.mldfa",
    ),
    Quantity(
        "aldfa_deg",
        "Lateral distal femoral angle, anatomic",
        (*_SHAFT, *_CONDYLES),
        lambda b: angle_between(
            _line(b, "fem_shaft_dist", "fem_shaft_prox"), _line(b, *_CONDYLES)
        ),
        "alignment.aldfa",
    ),
    Quantity(
        "ama_deg",
        "Anatomic to mechanical axis of the femur",
        ("hip_centre", "knee_centre", *_SHAFT),
        _ama,
        "alignment.ama",
    ),
    Quantity(
        "jlca_deg",
        "Joint line convergence, lateral opening +",
        (*_CONDYLES, *_PLATEAU),
        _jlca,
        "alignment.jlca",
    ),
    Quantity(
        "mpta_deg",
        "Medial proximal tibial angle",
        ("knee_centre", "ankle_centre", *_PLATEAU),
        lambda b: angle_between(
            _line(b, "knee_centre", "ankle_centre"), -_line(b, *_PLATEAU)
        ),
        "alignment.mpta",
    ),
    Quantity(
        "mldta_deg",
        "Lateral distal tibial angle, mechanical",
        ("knee_centre", "ankle_centre", *_PLAFOND),
        lambda b: angle_between(
            _line(b, "ankle_centre", "knee_centre"), _line(b, *_PLAFOND)
        ),
        "alignment.mldta",
    ),
)
"""Everything that is measured on one leg, in the order in which it is printed."""


def _width(bone: str, edge: str) -> Quantity:
    word = "Femur" if bone == "fem" else "Tibia"
    what = "canal where it was clicked" if edge == "canal" else "outer width there"
    ends = (f"{bone}_{edge}_med", f"{bone}_{edge}_lat")
    name = {"canal": "canal", "cortex": "width"}[edge]
    return Quantity(
        f"{word.lower()}_{name}_mm",
        f"{word}, {what}",
        ends,
        lambda b: np.asarray(np.linalg.norm(_line(b, *ends), axis=1)),
    )


EXTRAS = (
    Quantity(
        "foot_height_mm",
        "Foot, ankle centre to sole",
        ("ankle_centre", "sole"),
        lambda b: np.asarray(b["ankle_centre"][:, 2] - b["sole"][:, 2]),
    ),
    *(_width(bone, edge) for bone in ("fem", "tib") for edge in ("canal", "cortex")),
)
"""What is measured where somebody clicked for it: feet, and room for an implant."""

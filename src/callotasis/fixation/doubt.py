"""How wrong a device's settings may be: what they leave in every world.

The settings are decided in world 0. In every other world the films were taken and read
a little otherwise, so the same settings leave the bone somewhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.pose import PARAMETERS, clinical_turn
from callotasis.worlds import (
    REFUSAL_SHARE,
    Array,
    Interval,
    failed_share,
    interval,
    shares_of,
)


@dataclass(frozen=True)
class Share:
    """How much of the residual's scatter comes from one reading [1]."""

    reading: str
    share: float


@dataclass(frozen=True)
class Doubt:
    """How wrong a program may be.

    Attributes
    ----------
    residual : dict of str to Interval
        What is left of each parameter of the distal fragment [mm, deg].
    residual_angulation_deg, residual_shift_mm : Interval
        Angle between the axes of both fragments, and the whole shift, that are left
        [deg, mm].
    chance_of_second_program : float
        That angulation, shift or rotation is beyond its limit [1].
    read_again : tuple of Share
        Readings by what they add to the residual, largest first.
    """

    residual: Mapping[str, Interval]
    residual_angulation_deg: Interval
    residual_shift_mm: Interval
    chance_of_second_program: float
    read_again: tuple[Share, ...]


@dataclass(frozen=True, eq=False)
class Left:
    """What a device leaves in every world.

    Attributes
    ----------
    residual : Array
        Shape (worlds, 6), in the order of ``PARAMETERS``, along and across the proximal
        part; NaN where a world gave no number [mm, deg].
    inputs : dict of str to Array
        Draws of each reading by its name.
    at_mm : Array
        Shape (3,), the point of the distal fragment that is meant: where it lies
        before surgery, seen from the cut centre in the limb frame [mm].
    axes : Array
        Shape (3, 3), lateral, anterior and distal of the proximal part, a row each [1].
    """

    residual: Array
    inputs: Mapping[str, Array]
    at_mm: Array
    axes: Array

    def doubt(self) -> Doubt:
        """The same in intervals."""
        return doubt_about(self.residual, self.inputs)


def doubt_about(residual: Array, inputs: Mapping[str, Array]) -> Doubt:
    """Put the residuals of all worlds into words that help.

    Parameters
    ----------
    residual : Array
        Shape (worlds, 6), in the order of ``PARAMETERS``; NaN where a world gave no
        number [mm, deg].
    inputs : dict of str to Array
        Draws of each reading by its name.

    Returns
    -------
    Doubt
        With intervals, the chance of a second program, and what to read again.

    Raises
    ------
    FrameRefusal
        If in too many worlds the struts fit no pose.

    References
    ----------
    .. [1] Evidence rows ``hexapod.second_program_*``; shares of variance with each
       parameter divided by its limit.
    """
    failed = failed_share(residual[:, 0])
    if failed >= REFUSAL_SHARE:
        raise FrameRefusal(
            f"within the scatter of its readings, {failed:.0%} of these frames could "
            f"not exist; allowed is less than {REFUSAL_SHARE:.0%}: read it again"
        )
    angulation, shift = sizes_of(residual)
    good = np.isfinite(angulation)
    drawn = good[1:]
    again = beyond_limits(residual)[1:][drawn].mean()
    explained = shares_of(
        (residual / _limits())[good], {name: x[good] for name, x in inputs.items()}
    )
    return Doubt(
        residual={n: interval(residual[:, i], n) for i, n in enumerate(PARAMETERS)},
        residual_angulation_deg=interval(angulation, "the angulation that is left"),
        residual_shift_mm=interval(shift, "the shift that is left"),
        chance_of_second_program=float(again),
        read_again=tuple(Share(name, share) for name, share in explained.items()),
    )


def beyond_limits(residual: Array) -> np.typing.NDArray[np.bool_]:
    """Tell where so much is left that another program is made.

    Parameters
    ----------
    residual : Array
        Shape (worlds, 6) [mm, deg].

    Returns
    -------
    Array of bool
        Shape (worlds,).

    References
    ----------
    .. [1] Evidence rows ``hexapod.second_program_*``.
    """
    angulation, shift = sizes_of(residual)
    limits = _limits()
    rotation = np.abs(residual[:, -1])
    return np.asarray(
        (angulation > limits[-2]) | (shift > limits[0]) | (rotation > limits[-1])
    )


def sizes_of(residual: Array) -> tuple[Array, Array]:
    """Whole angulation and whole shift of residuals.

    Parameters
    ----------
    residual : Array
        Shape (worlds, 6) [mm, deg].

    Returns
    -------
    tuple of Array
        Angle between the axes of both fragments [deg], and shift [mm], shape (worlds,).

    References
    ----------
    .. [1] The axis is the third column of the turn.
    """
    axis = clinical_turn(residual[:, 3:])[..., 2]
    angulation = np.arctan2(np.hypot(axis[:, 0], axis[:, 1]), axis[:, 2])
    return np.degrees(angulation), np.linalg.norm(residual[:, :3], axis=1)


def _limits() -> Array:
    """What asks for another program, in the order of ``PARAMETERS`` [mm, deg]."""
    shift = constant("hexapod.second_program_mm").value
    angulation = constant("hexapod.second_program_deg").value
    rotation = constant("hexapod.second_program_rotation").value
    return np.array([*[shift] * 3, *[angulation] * 2, rotation])

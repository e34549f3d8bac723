"""How a frame sits on a bone, and how the bone's motion becomes a ring's.

The frame of the bone has its origin where the proximal fragment shall meet the distal
one (the planned cut centre), and the axes of the limb frame. A frame of two rings that
lies square on the bone has x lateral, y posterior and z distal: frame and limb differ
by half a turn about x, here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.fixation.hexapod.frame import Placement
from callotasis.pose import clinical_angles, clinical_turn
from callotasis.worlds import Array

FRAME_TO_LIMB = np.diag([1.0, -1.0, -1.0])


class Reference(StrEnum):
    """The fragment on which the mounting was measured."""

    PROXIMAL = "proximal"
    DISTAL = "distal"


def motion_of(parameters: Array) -> Placement:
    """Six clinical parameters as a rigid motion about the origin of the bone.

    Parameters
    ----------
    parameters : Array
        Shape (..., 6), in the order of ``PARAMETERS`` [mm, deg].

    Returns
    -------
    Placement
        In the frame of the bone [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    return Placement(parameters[..., :3], clinical_turn(parameters[..., 3:]))


def parameters_of(motion: Placement) -> Array:
    """A rigid motion as six clinical parameters; undoes :func:`motion_of`.

    Parameters
    ----------
    motion : Placement
        In the frame of the bone [mm].

    Returns
    -------
    Array
        Shape (..., 6), in the order of ``PARAMETERS`` [mm, deg].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Signs".
    """
    return np.concatenate(
        [motion.translation_mm, clinical_angles(motion.rotation)], axis=-1
    )


def ring_on_bone(parameters: Array) -> Placement:
    """Where the reference ring sits on its fragment.

    Parameters
    ----------
    parameters : Array
        Shape (..., 6): centre of the ring's joints seen from the origin, and how the
        ring is turned from lying square on the bone [mm, deg].

    Returns
    -------
    Placement
        Carries points of the ring into the frame of the bone [mm].

    References
    ----------
    .. [1] ``docs/conventions.md``, "Frame files".
    """
    square = motion_of(parameters)
    return Placement(square.translation_mm, square.rotation @ FRAME_TO_LIMB)


@dataclass(frozen=True, eq=False)
class Mounting:
    """The reference ring on its fragment.

    Attributes
    ----------
    reference : Reference
        Which ring on which fragment.
    ring : Placement
        From the ring's frame into the frame of its fragment [mm].
    """

    reference: Reference
    ring: Placement

    def proximal_ring(self, fragment: Placement, frame: Placement) -> Placement:
        """Where the proximal ring sits on the proximal fragment.

        Parameters
        ----------
        fragment : Placement
            The distal fragment, from where it shall meet the proximal one [mm].
        frame : Placement
            The distal ring in the frame of the proximal one, at that time [mm].

        Returns
        -------
        Placement
            From the ring's frame into the frame of the bone [mm].

        References
        ----------
        .. [1] X·T = D·Y, with Y the distal ring on the distal fragment.
        """
        if self.reference is Reference.PROXIMAL:
            return self.ring
        return fragment @ self.ring @ frame.inverse()


def frame_after(
    ring: Placement, frame: Placement, before: Placement, after: Placement
) -> Placement:
    """Where the distal ring stands once the distal fragment has moved.

    Parameters
    ----------
    ring : Placement
        The proximal ring on the proximal fragment [mm].
    frame : Placement
        The distal ring in the frame of the proximal one, before [mm].
    before, after : Placement
        The distal fragment in the frame of the bone [mm].

    Returns
    -------
    Placement
        The distal ring in the frame of the proximal one, after [mm].

    References
    ----------
    .. [1] T' = X⁻¹·C·X·T with C = D'·D⁻¹: planning facts 5.2.
    """
    return ring.inverse() @ after @ before.inverse() @ ring @ frame


def fragment_after(
    ring: Placement, frame: Placement, before: Placement, moved: Placement
) -> Placement:
    """Where the distal fragment stands once the distal ring has moved.

    Parameters
    ----------
    ring : Placement
        The proximal ring on the proximal fragment [mm].
    frame, moved : Placement
        The distal ring in the frame of the proximal one, before and after [mm].
    before : Placement
        The distal fragment in the frame of the bone [mm].

    Returns
    -------
    Placement
        The distal fragment in the frame of the bone, after [mm].

    References
    ----------
    .. [1] The inverse of :func:`frame_after`.
    """
    return ring @ moved @ frame.inverse() @ ring.inverse() @ before

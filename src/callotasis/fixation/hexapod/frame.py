"""Two rings and six struts: geometry, and how firmly six lengths hold a pose.

Frame files: the origin is the centre of the proximal joints' circle, z runs from the
proximal to the distal ring, in millimetres. A pose carries points of the distal ring
into that frame: p = t + R d, with R = Rx·Ry·Rz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.pose import Side, angles_xyz, mirrored, rotation_xyz
from callotasis.worlds import Array

STRUTS = 6


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the struts are joined to the rings.

    Attributes
    ----------
    proximal_mm : Array
        Shape (6, 3), joints of the proximal ring in its own frame [mm].
    distal_mm : Array
        Shape (6, 3), joints of the distal ring in its own frame [mm].
    """

    proximal_mm: Array
    distal_mm: Array

    def on(self, side: Side) -> Frame:
        """The frame as a right leg would wear it, or back: twice is nothing."""
        return Frame(mirrored(self.proximal_mm, side), mirrored(self.distal_mm, side))

    def joints_of(self, ring: str) -> Array:
        """Joints of the ``proximal`` or of the ``distal`` ring, shape (6, 3) [mm]."""
        return self.proximal_mm if ring == "proximal" else self.distal_mm

    @property
    def distal_radius_mm(self) -> float:
        """Mean distance of the distal joints from their ring's axis [mm]."""
        return float(np.hypot(*self.distal_mm[:, :2].T).mean())


@dataclass(frozen=True, eq=False)
class Placement:
    """Where the distal ring stands, or any rigid motion; any number of them at once.

    Attributes
    ----------
    translation_mm : Array
        Shape (..., 3), where the origin goes; of a ring, where its centre stands [mm].
    rotation : Array
        Shape (..., 3, 3) [1].

    Examples
    --------
    >>> there = Placement.at((1, 2, 3), (10, 20, 30))
    >>> bool(np.allclose((there @ there.inverse()).translation_mm, 0))
    True
    """

    translation_mm: Array
    rotation: Array

    @classmethod
    def at(cls, translation_mm: object, rotation_deg: object) -> Placement:
        """From translation and turns about x, y, z (R = Rx·Ry·Rz) [mm, deg]."""
        return cls(
            np.asarray(translation_mm, float),
            rotation_xyz(np.radians(np.asarray(rotation_deg, float))),
        )

    def __matmul__(self, first: Placement) -> Placement:
        """Do another motion first, then this one."""
        carried = (self.rotation @ first.translation_mm[..., None])[..., 0]
        return Placement(self.translation_mm + carried, self.rotation @ first.rotation)

    def __getitem__(self, index: int) -> Placement:
        """One of many."""
        return Placement(self.translation_mm[index], self.rotation[index])

    def inverse(self) -> Placement:
        """The motion that undoes this one."""
        back = np.swapaxes(self.rotation, -1, -2)
        return Placement(-(back @ self.translation_mm[..., None])[..., 0], back)

    def on(self, side: Side) -> Placement:
        """The motion as a right leg would make it, or back: twice is nothing."""
        if side is Side.RIGHT:
            return self
        flip = np.diag([-1.0, 1.0, 1.0])
        turn = flip @ self.rotation @ flip
        return Placement(mirrored(self.translation_mm, side), turn)

    @property
    def rotation_deg(self) -> Array:
        """Turns about x, y and z, shape (..., 3) [deg]."""
        return np.asarray(np.degrees(angles_xyz(self.rotation)))

    def carried(self, points_mm: Array) -> Array:
        """Points of the distal ring in the proximal frame, shape (..., n, 3) [mm]."""
        turned = np.einsum("...ij,nj->...ni", self.rotation, points_mm)
        return np.asarray(self.translation_mm[..., None, :] + turned)


def struts_of(frame: Frame, placement: Placement) -> Array:
    """Lengths of the struts, joint to joint.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    placement : Placement
        Of the distal ring [mm].

    Returns
    -------
    Array
        Shape (..., 6) [mm].

    References
    ----------
    .. [1] Inverse kinematics of a Stewart-Gough platform: planning facts 5.2.
    """
    legs = placement.carried(frame.distal_mm) - frame.proximal_mm
    return np.asarray(np.linalg.norm(legs, axis=-1))


def jacobian_of(frame: Frame, placement: Placement) -> Array:
    """How strut lengths answer to a small motion of the distal ring.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    placement : Placement
        Of the distal ring [mm].

    Returns
    -------
    Array
        Shape (..., 6, 6): for each strut, change by translation [1] and by a turn
        about the proximal axes through the distal centre [mm/rad].

    References
    ----------
    .. [1] Row: u, (R d) × u, with u along the strut: planning facts 5.2.
    """
    arms = placement.carried(frame.distal_mm) - placement.translation_mm[..., None, :]
    legs = placement.translation_mm[..., None, :] + arms - frame.proximal_mm
    along = legs / np.linalg.norm(legs, axis=-1, keepdims=True)
    return np.concatenate([along, np.cross(arms, along)], axis=-1)


def condition_of(frame: Frame, placement: Placement) -> Array:
    """How badly an error of six lengths may be magnified into a pose.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    placement : Placement
        Of the distal ring [mm].

    Returns
    -------
    Array
        Shape (...), 2-norm condition of the Jacobian, its rotation columns divided by
        the mean radius of the distal joints; infinite where singular [1].

    References
    ----------
    .. [1] Planning facts 5.3, case H8.
    """
    scaled = jacobian_of(frame, placement)
    scaled[..., 3:] /= frame.distal_radius_mm
    values = np.linalg.svd(scaled, compute_uv=False)
    with np.errstate(divide="ignore"):
        return np.asarray(values[..., 0] / values[..., -1])


def check_placement(frame: Frame, placement: Placement, where: str = "pose") -> float:
    """Refuse a pose that six struts do not hold firmly.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    placement : Placement
        One pose of the distal ring [mm].
    where : str
        What it is, for the refusal.

    Returns
    -------
    float
        Its condition number [1].

    Raises
    ------
    FrameRefusal
        If the distal ring stands behind the proximal one, is turned too far, the frame
        is nearly singular there, or got there only through a singular pose.

    References
    ----------
    .. [1] Evidence rows ``hexapod.turn_limit`` and ``hexapod.condition_limit``.
    """
    if placement.translation_mm[2] <= 0:
        raise FrameRefusal(
            f"{where}: the distal ring stands at z = {placement.translation_mm[2]:g} "
            "mm; allowed is more than 0 (z runs from the proximal to the distal ring)"
        )
    turn = constant("hexapod.turn_limit")
    most = float(np.abs(placement.rotation_deg).max())
    if most > turn.value + 1e-9:
        raise FrameRefusal(
            f"{where}: a turn of {most:.1f}° between the rings; allowed is up to "
            f"{turn.value:g}° ({turn.locator})"
        )
    limit = constant("hexapod.condition_limit")
    found = float(condition_of(frame, placement))
    if not found <= limit.value:
        said = f"{found:.1f}" if np.isfinite(found) and found < 1e6 else "infinite"  # noqa: PLR2004
        raise FrameRefusal(
            f"{where}: the frame is nearly singular, its condition number is {said}; "
            f"allowed is up to {limit.value:g} ({limit.locator})"
        )
    _check_side(frame, placement, where)
    return found


def _check_side(frame: Frame, placement: Placement, where: str) -> None:
    """Refuse a pose on the other side of a singular one: no frame gets there.

    The determinant changes its sign on the way, seen from the straight frame of the
    same height; a frame that is singular when straight tells nothing.
    """
    height = np.array([0.0, 0.0, placement.translation_mm[2]])
    straight = Placement(height, np.eye(3))
    if not condition_of(frame, straight) <= constant("hexapod.condition_limit").value:
        return
    here, there = (np.linalg.det(jacobian_of(frame, p)) for p in (placement, straight))
    if here * there <= 0:
        turns = ", ".join(f"{a:.0f}°" for a in placement.rotation_deg)
        raise FrameRefusal(
            f"{where}: turns of {turns} lie beyond a singular pose; allowed is what "
            "the straight frame reaches without one"
        )

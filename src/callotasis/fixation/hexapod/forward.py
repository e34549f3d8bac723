"""The pose that six lengths hold: Newton's method, compiled, for one or many.

Six lengths can fit up to forty poses. Only one can be reached from the neutral frame
without passing a singular pose: a solution is taken when it fits within a millionth
of a millimetre, the rings are not turned beyond the limit, and the frame is as it was
assembled (the sign of the Jacobian's determinant is that of the neutral frame).
"""

from __future__ import annotations

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.frame import (
    STRUTS,
    Frame,
    Placement,
    check_placement,
    jacobian_of,
    struts_of,
)
from callotasis.fixation.hexapod.newton import solve_all
from callotasis.worlds import Array

FITS_MM = 1e-6


def neutral_of(frame: Frame, struts_mm: Array) -> Placement:
    """The straight frame from which a pose is looked for.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    struts_mm : Array
        Shape (n, 6) [mm].

    Returns
    -------
    Placement
        Rings parallel and over each other, as far apart as the mean strut says [mm].

    References
    ----------
    .. [1] Pythagoras.
    """
    aside = (frame.distal_mm - frame.proximal_mm)[:, :2]
    flat = float((aside**2).sum(axis=1).mean())
    square = (struts_mm**2).mean(axis=-1) - flat
    lifted = (frame.distal_mm - frame.proximal_mm)[:, 2].mean()
    height = np.sqrt(np.maximum(square, 1.0)) - lifted
    zeros = np.zeros_like(height)
    turn = np.broadcast_to(np.eye(3), (*height.shape, 3, 3)).copy()
    return Placement(np.stack([zeros, zeros, height], axis=-1), turn)


def poses_from_struts(
    frame: Frame, struts_mm: Array, near: Placement | None = None
) -> tuple[Placement, Array]:
    """Solve many frames at once; nothing is refused, misfits are told.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    struts_mm : Array
        Shape (n, 6) [mm].
    near : Placement, optional
        Where to begin, shape (n, ...); the neutral frame if unsaid [mm].

    Returns
    -------
    tuple of Placement and Array
        Poses, and the largest misfit of a strut in each, shape (n,) [mm].

    References
    ----------
    .. [1] Newton-Raphson on the Stewart-Gough platform: planning facts 5.2.
    """
    lengths = np.ascontiguousarray(struts_mm, dtype=np.float64)
    start = near or neutral_of(frame, lengths)
    count = len(lengths)
    at = np.broadcast_to(start.translation_mm, (count, 3)).copy()
    turn = np.broadcast_to(start.rotation, (count, 3, 3)).copy()
    misfit = np.empty(count)
    solve_all(
        np.ascontiguousarray(frame.proximal_mm, dtype=np.float64),
        np.ascontiguousarray(frame.distal_mm, dtype=np.float64),
        lengths,
        at,
        turn,
        misfit,
    )
    return Placement(at, turn), misfit


def pose_from_struts(
    frame: Frame, struts_mm: Array, near: Placement | None = None
) -> Placement:
    """The pose that six lengths hold.

    Parameters
    ----------
    frame : Frame
        Joints of both rings [mm].
    struts_mm : Array
        Shape (6,) [mm].
    near : Placement, optional
        Where the frame stood last [mm].

    Returns
    -------
    Placement
        One pose [mm].

    Raises
    ------
    FrameRefusal
        If no pose fits, or only one that the frame cannot reach or hold.

    References
    ----------
    .. [1] As :func:`poses_from_struts`.
    """
    lengths = np.asarray(struts_mm, float).reshape(1, STRUTS)
    start = neutral_of(frame, lengths)
    if near is not None:
        start = Placement(near.translation_mm[None], near.rotation[None])
    found, misfit = poses_from_struts(frame, lengths, start)
    pose = Placement(found.translation_mm[0], found.rotation[0])
    if not misfit[0] <= FITS_MM:
        off = struts_of(frame, pose) - lengths[0]
        worst = int(np.abs(off).argmax())
        raise FrameRefusal(
            f"no pose fits these struts: the nearest misses strut {worst + 1} by "
            f"{abs(off[worst]):.2f} mm ({lengths[0, worst]:.2f} read, "
            f"{lengths[0, worst] + off[worst]:.2f} fits); read the scales again"
        )
    _check_assembled(frame, pose, start)
    check_placement(frame, pose, "the pose of these struts")
    return pose


def _check_assembled(frame: Frame, pose: Placement, start: Placement) -> None:
    """Refuse a mirror assembly: it lies beyond a singular pose."""
    here, before = (
        float(np.linalg.det(jacobian_of(frame, p)).flat[0]) for p in (pose, start)
    )
    if here * before <= 0:
        turn = constant("hexapod.turn_limit")
        raise FrameRefusal(
            "these struts fit only a frame turned through a singular pose "
            f"(turns of {', '.join(f'{a:.0f}°' for a in pose.rotation_deg)}); allowed "
            f"is up to {turn.value:g}° ({turn.locator}): read the scales again"
        )

"""Where the hinges of a ring frame go: in the plane of the bend, on its bisector.

Hinges on the convex side open a wedge, hinges on the apex are neutral, hinges on the
concave side close one. Off the bisector they leave the axis translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from callotasis.alignment import Axes, Limb
from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation.catalogue import LONGEST_STROKE_MM
from callotasis.fixation.hinged.device import HingedDevice, Travel, turn_about
from callotasis.plan import cut_centre
from callotasis.pose import HIDDEN, Segment
from callotasis.worlds import Array

Point = tuple[float, float, float]
DOWN: Point = (0.0, 0.0, -1.0)
FORWARD = np.array([0.0, 1.0, 0.0])
NEAR = 1e-6
ROTATION = ("external_rotation_deg",)


class Wedge(StrEnum):
    """What the gap does when the hinges turn, by the side on which they lie."""

    OPENING = "opening"
    NEUTRAL = "neutral"
    CLOSING = "closing"


@dataclass(frozen=True)
class Angulation:
    """How the distal part of a bone stands against its proximal part.

    Attributes
    ----------
    frontal_deg : float
        On the frontal film, valgus positive [deg].
    sagittal_deg : float or None
        On the lateral film, apex anterior positive [deg]; None if there is no such
        film.
    apex_mm : tuple of float
        Its apex (CORA) seen from the cut centre, in the limb frame [mm].
    down : tuple of float
        Unit vector along the proximal part, distally, in the frontal plane [1].
    """

    frontal_deg: float
    sagittal_deg: float | None = None
    apex_mm: Point = (0.0, 0.0, 0.0)
    down: Point = DOWN

    def __post_init__(self) -> None:
        row = constant("hinges.turn_limit")
        x, _, z = self.down
        if not (np.isfinite(self.apex_mm).all() and abs(x * x + z * z - 1) < NEAR):
            raise DeviceRefusal(
                f"apex {self.apex_mm} and axis {self.down}; needed are an apex in "
                "millimetres and a unit vector in the frontal plane"
            )
        for angle in (self.frontal_deg, self.sagittal_deg or 0.0):
            if not abs(angle) <= row.high:
                raise DeviceRefusal(
                    f"a bend of {angle:g}° on a film; allowed is up to {row.high:g}° "
                    f"either way ({row.locator})"
                )

    @property
    def not_measured(self) -> tuple[str, ...]:
        """Components of a pose that these films hide."""
        return HIDDEN if self.sagittal_deg is None else ROTATION

    @property
    def axes(self) -> Array:
        """Lateral, anterior and distal of the proximal part, a row each (3, 3) [1]."""
        x, _, z = self.down
        return np.array([[-z, 0.0, x], FORWARD, self.down])


def oblique_plane(
    frontal_deg: float | Array, sagittal_deg: float | Array
) -> tuple[Array, Array]:
    """A bend in its own plane, from its angles on two films.

    Parameters
    ----------
    frontal_deg, sagittal_deg : float or Array
        Valgus and apex anterior positive [deg].

    Returns
    -------
    tuple of Array
        The true angle [deg], and the plane: where the concave side looks, from 0,
        laterally, to 90, back [deg].

    References
    ----------
    .. [1] tan A = hypot(tan a, tan l), plane = atan2(tan l, tan a): Paley 2002,
       chapter 8; planning facts 1.2, construction 11.

    Examples
    --------
    >>> angle, plane = oblique_plane(20.0, 15.0)
    >>> round(float(angle), 2), round(float(plane), 2)
    (24.32, 36.36)
    """
    across, back = (np.tan(np.radians(a)) for a in (frontal_deg, sagittal_deg))
    return (
        np.degrees(np.arctan(np.hypot(across, back))),
        np.degrees(np.arctan2(back, across)),
    )


def distal_axis(
    angulation: Angulation, frontal_deg: Array, sagittal_deg: Array
) -> Array:
    """Direction of the distal part, were the angles of a bend these.

    Parameters
    ----------
    angulation : Angulation
        Whose proximal part is taken.
    frontal_deg, sagittal_deg : Array
        Shape (...), valgus and apex anterior positive [deg].

    Returns
    -------
    Array
        Shape (..., 3), unit vectors [1].

    References
    ----------
    .. [1] Each film shows the direction without the component towards it.
    """
    across, back = (np.tan(np.radians(a)) for a in (frontal_deg, sagittal_deg))
    parts = np.stack(np.broadcast_arrays(across, -back, 1.0), axis=-1)
    return np.asarray(
        parts @ angulation.axes / np.linalg.norm(parts, axis=-1, keepdims=True)
    )


def angulation_of(
    limb: Limb,
    segment: Segment,
    axes: Axes,
    cut_mm: float,
    sagittal_deg: float | None = None,
) -> Angulation:
    """The bend of a bone as it was drawn on the film, in the nominal world.

    Parameters
    ----------
    limb : Limb
        One leg [mm].
    segment : Segment
        The bone.
    axes : Axes
        Of both parts of the bone [mm].
    cut_mm : float
        Level of the cut below the proximal joint [mm].
    sagittal_deg : float or None
        From a lateral film, apex anterior positive [deg].

    Returns
    -------
    Angulation
        Its apex lies as far forward as the cut centre [deg, mm].

    References
    ----------
    .. [1] Planning facts 1.2, construction 7.
    """
    centre = cut_centre(limb, segment.bone, cut_mm)[0]
    x, z = axes.apex[0]
    along_x, along_z = axes.proximal[0]
    return Angulation(
        float(axes.angle_deg[0]),
        sagittal_deg,
        (float(x - centre[0]), 0.0, float(z - centre[2])),
        (float(along_x), 0.0, float(along_z)),
    )


def hinge_effect(
    convex_mm: float | Array, along_mm: float | Array, angle_deg: float | Array
) -> tuple[Array, Array]:
    """What hinges away from the apex do besides turning.

    Parameters
    ----------
    convex_mm : float or Array
        From the apex along the bisector, towards the convex side [mm].
    along_mm : float or Array
        From the apex across the bisector, distally: off the bisector [mm].
    angle_deg : float or Array
        Of the correction [deg].

    Returns
    -------
    tuple of Array
        Lengthening, and translation of the distal axis towards the concave side [mm].

    References
    ----------
    .. [1] Two chords, 2·d·sin(A/2), square to each other; planning facts 1.2,
       constructions 8 and 10.

    Examples
    --------
    >>> [round(float(x), 2) for x in hinge_effect(0.0, 50.0, 20.0)]
    [0.0, 17.36]
    >>> [round(float(x), 2) for x in hinge_effect(30.0, 0.0, 15.0)]
    [7.83, 0.0]
    """
    chord = 2 * np.sin(np.radians(angle_deg) / 2)
    return np.asarray(convex_mm * chord), np.asarray(along_mm * chord)


def ring_frame(
    segment: Segment, angulation: Angulation, convex_mm: float, wedge: Wedge
) -> HingedDevice:
    """Put hinges on the bisector through the apex, in the plane of the bend.

    Parameters
    ----------
    segment : Segment
        The bone.
    angulation : Angulation
        As read on the films [deg].
    convex_mm : float
        From the apex to the hinges along the bisector, convex side positive [mm].
    wedge : Wedge
        What the gap shall do.

    Returns
    -------
    HingedDevice
        A positive turn straightens the bone; rods draw it out along its proximal axis.

    Raises
    ------
    DeviceRefusal
        If the bone is straight, bent too far, or the hinges lie on the wrong side for
        that wedge.

    References
    ----------
    .. [1] Planning facts 1.2, constructions 8, 9 and 11; evidence rows
       ``hinges.turn_limit`` and ``hinges.rod_step``.
    """
    limit, step = constant("hinges.turn_limit"), constant("hinges.rod_step")
    angle, plane = oblique_plane(angulation.frontal_deg, angulation.sagittal_deg or 0.0)
    if not 0 < angle <= limit.value:
        raise DeviceRefusal(
            f"{segment} is bent by {angle:.2f}°; hinges turn by more than 0 and up to "
            f"{limit.value:g}° ({limit.locator})"
        )
    _check_wedge(segment, convex_mm, wedge)
    across, forward, down = angulation.axes
    concave = across * np.cos(np.radians(plane)) - forward * np.sin(np.radians(plane))
    axis = np.cross(concave, down)
    bisector = turn_about(axis, -angle / 2) @ -concave
    travel = Travel(
        0.0,
        limit.value,
        LONGEST_STROKE_MM,
        step.value,
        f"hinges of a ring frame: {limit.locator}",
    )
    hinge = np.array(angulation.apex_mm) + convex_mm * bisector
    return HingedDevice(segment, hinge, axis, down, travel, angulation.not_measured)


def _check_wedge(segment: Segment, convex_mm: float, wedge: Wedge) -> None:
    if convex_mm == 0:
        found = Wedge.NEUTRAL
    else:
        found = Wedge.OPENING if convex_mm > 0 else Wedge.CLOSING
    if not np.isfinite(convex_mm) or found is not wedge:
        raise DeviceRefusal(
            f"hinges {convex_mm:g} mm towards the convex side of {segment} make the "
            f"wedge {found}; asked is {wedge}: opening needs the convex side, neutral "
            "the apex itself, closing the concave side"
        )

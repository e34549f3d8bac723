"""How wrong hinges may be: what their turns do in every world.

Hinges, rods and clamps are planned and turned in world 0. In every other world the
films were read a little otherwise, and the device sits and is turned a little beside
the plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.fixation.doubt import Doubt, Left
from callotasis.fixation.hinged.device import HingedDevice, HingeSettings, turn_about
from callotasis.fixation.hinged.hinges import Angulation, distal_axis, oblique_plane
from callotasis.fixation.hinged.rail import pin_angle
from callotasis.worlds import Array, Worlds


@dataclass(frozen=True)
class Scatter:
    """How far each reading and each setting is usually off: standard deviations.

    Attributes
    ----------
    film_deg, apex_mm : float
        Angle of a bend on one film, and its apex along the bone [deg, mm].
    hinge_mm, plane_deg : float
        Place of the axis along and across the bone, and its direction about the
        bone [mm, deg].
    turn_deg, extension_mm : float
        Of the device at the end, beside what was prescribed [deg, mm].
    line_deg : float
        Direction in which it is drawn out, in each plane [deg].
    """

    film_deg: float
    apex_mm: float
    hinge_mm: float
    plane_deg: float
    turn_deg: float
    extension_mm: float
    line_deg: float


def ring_scatter(angulation: Angulation, lever_mm: float) -> Scatter:
    """Usual scatter of a ring frame with hinges.

    Parameters
    ----------
    angulation : Angulation
        The less a bone is bent the worse its apex is seen [deg].
    lever_mm : float
        From the axis of the hinges to the rod that turns them [mm].

    Returns
    -------
    Scatter
        A rod that is read wrongly turns the bone by so much over its lever [deg, mm].

    Raises
    ------
    DeviceRefusal
        If the lever is too short to turn anything.

    References
    ----------
    .. [1] Evidence rows ``hinges.*``.
    """
    least = constant("hinges.least_lever")
    if not least.value <= lever_mm <= least.high:
        raise DeviceRefusal(
            f"a rod {lever_mm:g} mm from the hinges; allowed is {least.value:g} to "
            f"{least.high:g} mm ({least.locator})"
        )
    rod = constant("hinges.rod_read").value
    return Scatter(
        film_deg=constant("hinges.film_angle").value,
        apex_mm=_apex_scatter(angulation),
        hinge_mm=constant("hinges.placement").value,
        plane_deg=constant("hinges.plane").value,
        turn_deg=math.degrees(rod / lever_mm),
        extension_mm=rod,
        line_deg=constant("hinges.square").value,
    )


def rail_scatter(
    angulation: Angulation, device: HingedDevice, *pins_mm: tuple[float, ...]
) -> Scatter:
    """Usual scatter of a rail.

    Parameters
    ----------
    angulation : Angulation
        The less a bone is bent the worse its apex is seen [deg].
    device : HingedDevice
        A clamp that does not turn cannot be set wrongly.
    *pins_mm : tuple of float
        Levels of the pins of each fragment [mm]; none takes pins without slack.

    Returns
    -------
    Scatter
        With the slack of the pins in the turn [deg, mm].

    References
    ----------
    .. [1] Evidence rows ``hinges.film_angle``, ``hinges.axis_aside``,
       ``hinges.placement``, ``hinges.plane``, ``rail.*``.
    """
    turns = device.travel.high_deg > device.travel.low_deg
    set_deg = constant("rail.clamp_set").value if turns else 0.0
    return Scatter(
        film_deg=constant("hinges.film_angle").value,
        apex_mm=_apex_scatter(angulation),
        hinge_mm=constant("hinges.placement").value,
        plane_deg=constant("hinges.plane").value,
        turn_deg=math.hypot(set_deg, *(pin_angle(levels) for levels in pins_mm)),
        extension_mm=constant("rail.body_read").value,
        line_deg=constant("rail.body").value,
    )


def _apex_scatter(angulation: Angulation) -> float:
    """How far two axes that lie aside move their apex along the bone [mm]."""
    angle, _ = oblique_plane(angulation.frontal_deg, angulation.sagittal_deg or 0.0)
    slope = math.tan(math.radians(float(angle)))
    return constant("hinges.axis_aside").value / slope if slope else 0.0


def hinge_doubt(
    device: HingedDevice,
    angulation: Angulation,
    settings: HingeSettings,
    scatter: Scatter,
    worlds: Worlds,
) -> Doubt:
    """What is left of a bend when the device is set as prescribed.

    Parameters
    ----------
    device : HingedDevice
        As planned [mm].
    angulation : Angulation
        As read; a bone without any is not read, and its angle is taken as it is
        [deg, mm].
    settings : HingeSettings
        As prescribed [deg, mm].
    scatter : Scatter
        Of readings and settings [deg, mm].
    worlds : Worlds
        How many draws.

    Returns
    -------
    Doubt
        Residual of the distal axis at the apex, along and across the proximal part:
        angle, shift, and length beside what was prescribed [mm, deg]. What no film
        shows is left out by name; what the device itself turns or shifts there still
        counts in the whole angle and shift.

    Raises
    ------
    WorldsRefusal
        If too many worlds give no number.

    References
    ----------
    .. [1] Planning facts 1.2, constructions 8 to 11; evidence rows
       ``hexapod.second_program_deg`` and ``hexapod.second_program_mm``.
    """
    found = hinge_left(device, angulation, settings, scatter, worlds).doubt()
    hidden = {*device.not_measured, *angulation.not_measured}
    shown = {name: what for name, what in found.residual.items() if name not in hidden}
    return replace(found, residual=shown)


def hinge_left(
    device: HingedDevice,
    angulation: Angulation,
    settings: HingeSettings,
    scatter: Scatter,
    worlds: Worlds,
) -> Left:
    """What is left in every world, at the apex.

    Parameters
    ----------
    device : HingedDevice
        As planned [mm].
    angulation : Angulation
        As read [deg, mm].
    settings : HingeSettings
        As prescribed [deg, mm].
    scatter : Scatter
        Of readings and settings [deg, mm].
    worlds : Worlds
        How many draws.

    Returns
    -------
    Left
        [mm, deg].

    References
    ----------
    .. [1] As :func:`hinge_doubt`.
    """
    sizes = _sizes(angulation, settings, scatter)
    inputs = {
        name: worlds.normal(f"{device.segment}/hinges/{name}", size)
        for name, size in sizes.items()
    }
    residual = _residual(device, angulation, settings, inputs)
    scattered = {n: draws for n, draws in inputs.items() if sizes[n]}
    return Left(residual, scattered, np.array(angulation.apex_mm), angulation.axes)


def _sizes(
    angulation: Angulation, settings: HingeSettings, scatter: Scatter
) -> dict[str, float]:
    """Scatter of every reading and setting by its name; 0 where it plays no part."""
    bent = bool(angulation.frontal_deg or angulation.sagittal_deg)
    turned, drawn = bool(settings.turn_deg), bool(settings.extension_mm)
    return {
        "angle on the frontal film": bent * scatter.film_deg,
        "angle on the lateral film": (bent and angulation.sagittal_deg is not None)
        * scatter.film_deg,
        "level of the apex": turned * scatter.apex_mm,
        "hinge along the bone": turned * scatter.hinge_mm,
        "hinge across the bone": turned * scatter.hinge_mm,
        "direction of the axis about the bone": turned * scatter.plane_deg,
        "turn as set": scatter.turn_deg,
        "length as set": scatter.extension_mm,
        "line of lengthening, frontal": drawn * scatter.line_deg,
        "line of lengthening, sagittal": drawn * scatter.line_deg,
    }


def _residual(
    device: HingedDevice,
    angulation: Angulation,
    settings: HingeSettings,
    inputs: dict[str, Array],
) -> Array:
    """What is left in every world, in the order of the hexapod's parameters."""
    axes, down = angulation.axes, angulation.axes[2]
    plane = turn_about(down, inputs["direction of the axis about the bone"])
    rotation = turn_about(
        plane @ device.axis, settings.turn_deg + inputs["turn as set"]
    )
    after = np.einsum("wij,wj->wi", rotation, _true_axis(angulation, inputs)) @ axes.T
    across = np.cross(down, device.axis)
    arm = (
        device.hinge_mm
        - np.array(angulation.apex_mm)
        + np.outer(inputs["hinge along the bone"] - inputs["level of the apex"], down)
        + np.outer(inputs["hinge across the bone"], across)
    )
    out = settings.extension_mm + inputs["length as set"]
    shift = arm - np.einsum("wij,wj->wi", rotation, arm)
    shift = (shift + out[:, None] * _true_line(device, angulation, inputs)) @ axes.T
    lateral, anterior, distal = shift.T
    valgus = np.arcsin(np.clip(after[:, 0], -1, 1))
    apex_anterior = np.arctan2(-after[:, 1], after[:, 2])
    return np.stack(
        [
            lateral,
            anterior,
            distal[0] - distal,
            np.degrees(apex_anterior),
            np.degrees(valgus),
            np.zeros_like(valgus),
        ],
        axis=1,
    )


def _true_axis(angulation: Angulation, inputs: dict[str, Array]) -> Array:
    """Direction of the distal part before treatment, shape (worlds, 3) [1]."""
    return distal_axis(
        angulation,
        angulation.frontal_deg + inputs["angle on the frontal film"],
        (angulation.sagittal_deg or 0.0) + inputs["angle on the lateral film"],
    )


def _true_line(
    device: HingedDevice, angulation: Angulation, inputs: dict[str, Array]
) -> Array:
    """Direction in which the device is really drawn out, shape (worlds, 3) [1]."""
    lateral, anterior, _ = angulation.axes
    leaning = (
        device.line
        + np.outer(np.tan(np.radians(inputs["line of lengthening, frontal"])), lateral)
        + np.outer(
            np.tan(np.radians(inputs["line of lengthening, sagittal"])), anterior
        )
    )
    return np.asarray(leaning / np.linalg.norm(leaning, axis=1, keepdims=True))

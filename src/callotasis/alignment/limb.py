"""The leg in space: every landmark in the limb frame, in every world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.errors import LandmarkRefusal
from callotasis.evidence import constant
from callotasis.pose import Side, mirrored
from callotasis.radiograph.calibration import Calibration
from callotasis.radiograph.known import Joint
from callotasis.radiograph.landmarks import SCATTER, Landmarks, Point
from callotasis.worlds import Array, Worlds

_LEVELS = (("fem_", Joint.HIP, Joint.KNEE), ("tib_", Joint.KNEE, Joint.ANKLE))
_AT_KNEE = ("knee_centre", "fem_condyle", "tib_plateau", "tib_rim")


@dataclass(frozen=True, eq=False)
class Limb:
    """One leg in the limb frame, computed as a right leg.

    Attributes
    ----------
    side : Side
        Whose leg it is.
    points : dict of str to Array
        Shape (worlds, 3): x lateral, y anterior, z proximal [mm].
    """

    side: Side
    points: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.points[name]

    def has(self, *names: str) -> bool:
        """Tell whether all these landmarks were placed."""
        return all(name in self.points for name in names)

    def frontal(self, name: str) -> Array:
        """Lateral and proximal coordinate of a landmark, shape (worlds, 2) [mm]."""
        return self.points[name][:, [0, 2]]


def limbs_on(
    landmarks: Landmarks, calibration: Calibration, worlds: Worlds
) -> dict[Side, Limb]:
    """Place the landmarks of every leg in space.

    Parameters
    ----------
    landmarks : Landmarks
        Clicked points [px].
    calibration : Calibration
        Of their film.
    worlds : Worlds
        Scatters each click.

    Returns
    -------
    dict of Side to Limb
        In the limb frame, turned so that the knee faces forward [mm].

    References
    ----------
    .. [1] Evidence rows ``landmarks.*`` (scatter) and ``calibration.*`` (depth).
    """
    return {
        side: _limb(side, points, calibration, worlds)
        for side, points in landmarks.sides.items()
    }


def _limb(
    side: Side, points: Mapping[str, Point], calibration: Calibration, worlds: Worlds
) -> Limb:
    placed = {}
    for name, point in points.items():
        if name == "side_marker":
            continue
        clicked = np.array(point) + _scatter(side, name, calibration, worlds)
        depth = _depth(side, name, points, calibration, worlds)
        # Patient's left is +x on a film; a right leg needs x to the patient's right.
        space = calibration.points(clicked, depth) * np.array([-1.0, 1.0, 1.0])
        placed[name] = mirrored(space, side)
    return Limb(side, _faced_forward(placed, calibration.rotation_rad[side]))


def _scatter(side: Side, name: str, calibration: Calibration, worlds: Worlds) -> Array:
    sd_mm = constant(SCATTER[name]).value  # the row is a standard deviation
    sd_px = sd_mm / float(calibration.reference_mm_per_px[0])
    drawn = worlds.normal(f"film/{side}/{name}/click", sd_px, (2,))
    return np.asarray(drawn / np.array([1.0, calibration.aspect]))


def _depth(
    side: Side,
    name: str,
    points: Mapping[str, Point],
    calibration: Calibration,
    worlds: Worlds,
) -> Array:
    """Depth of a landmark: that of its joint, or between joints along a shaft."""
    joint = _joint_of(name)
    if joint is not None:
        own = constant("calibration.joint_line_depth").spread
        loose = 0.0 if name.endswith("_centre") else own
        drawn = worlds.normal(f"film/{side}/{name}/depth", loose)
        return calibration.depth_mm[side, joint] + drawn
    if name == "troch_tip":
        row = constant("calibration.trochanter_depth")
        behind = row.value + worlds.normal(f"film/{side}/{name}/depth", row.spread)
        return calibration.depth_mm[side, Joint.HIP] + behind
    upper, lower = next((u, w) for p, u, w in _LEVELS if name.startswith(p))
    top, bottom = (points[f"{j}_centre"][1] for j in (upper, lower))
    share = float(np.clip((points[name][1] - top) / (bottom - top), 0, 1))
    line = (1 - share) * calibration.depth_mm[side, upper] + share * (
        calibration.depth_mm[side, lower]
    )
    bow = constant("calibration.shaft_bow")
    # A femur bows forward most in its middle; the tibia is taken as straight.
    forward = bow.value + worlds.normal(f"film/{side}/bow", bow.spread)
    return line + (forward * np.sin(np.pi * share) if upper is Joint.HIP else 0.0)


def _joint_of(name: str) -> Joint | None:
    if name == "hip_centre":
        return Joint.HIP
    if name.startswith(_AT_KNEE):
        return Joint.KNEE
    if name == "ankle_centre" or name.startswith("plafond"):
        return Joint.ANKLE
    return None


def _faced_forward(points: Mapping[str, Array], turn_rad: Array) -> dict[str, Array]:
    """Turn the leg about the vertical through its hip by what it was turned."""
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    hip = points["hip_centre"]
    turned = {}
    for name, point in points.items():
        x, y = (point - hip)[:, 0], (point - hip)[:, 1]
        turned[name] = np.stack(
            [hip[:, 0] + x * cos - y * sin, hip[:, 1] + x * sin + y * cos, point[:, 2]],
            axis=1,
        )
    return turned


def need(limb: Limb, *names: str) -> None:
    """Refuse to go on where landmarks are missing.

    Raises
    ------
    LandmarkRefusal
        With the names that are missing.
    """
    missing = [name for name in names if not limb.has(name)]
    if missing:
        raise LandmarkRefusal(
            f"{limb.side}: {', '.join(missing)} needed and not placed on the film"
        )

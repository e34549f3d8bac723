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
from callotasis.radiograph.landmarks import Landmarks, Point, click_spread_mm
from callotasis.radiograph.stance import bow_mm, shin_mm
from callotasis.worlds import Array, Worlds

_LEVELS = (("fem_", Joint.HIP, Joint.KNEE), ("tib_", Joint.KNEE, Joint.ANKLE))


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
        side: _limb(side, points, landmarks.refined, calibration, worlds)
        for side, points in landmarks.sides.items()
    }


def _limb(
    side: Side,
    points: Mapping[str, Point],
    refined: Mapping[Side, frozenset[str]],
    calibration: Calibration,
    worlds: Worlds,
) -> Limb:
    placed = {}
    by_picture = refined.get(side, frozenset())
    for name, point in points.items():
        if name == "side_marker":
            continue
        spread = click_spread_mm(name, refined=name in by_picture)
        clicked = np.array(point) + _scatter(side, name, spread, calibration, worlds)
        depth = _depth(side, name, points, calibration, worlds)
        # Patient's left is +x on a film; a right leg needs x to the patient's right.
        space = calibration.points(clicked, depth) * np.array([-1.0, 1.0, 1.0])
        placed[name] = mirrored(space, side)
    return Limb(side, _faced_forward(placed, calibration.rotation_rad[side]))


def _scatter(
    side: Side,
    name: str,
    spread_mm: tuple[float, float],
    calibration: Calibration,
    worlds: Worlds,
) -> Array:
    drawn = worlds.normal(f"film/{side}/{name}/click", 1.0, (2,))
    size = float(calibration.mm_per_px[0]) * np.array([1.0, calibration.aspect])
    return np.asarray(drawn * np.array(spread_mm) / size)


def _depth(
    side: Side,
    name: str,
    points: Mapping[str, Point],
    calibration: Calibration,
    worlds: Worlds,
) -> Array:
    """Depth of a landmark: measured, or told by its joint and by how the leg turns."""
    typed = calibration.typed_depth_mm.get((side, name))
    if typed is not None:
        return np.full_like(calibration.source_mm, typed)
    if name in JOINT_CENTRES:
        return calibration.depth_mm[side, JOINT_CENTRES[name]]
    for start, joint, key in _RELIEF:
        if name.startswith(start):
            row = constant(key)
            own = worlds.normal(f"film/{side}/{name}/depth", row.spread)
            if name.startswith("tib_"):
                own = own - _setback(side, worlds)
            # The lateral end of a leg that is turned outwards lies farther back.
            aside = lateral_mm(side, name, points, calibration, joint)
            back = aside * np.tan(calibration.rotation_rad[side])
            return calibration.depth_mm[side, joint] + row.value + own - back
    return _depth_of_shaft(side, name, points, calibration, worlds)


def _setback(side: Side, worlds: Worlds) -> Array:
    """How much farther a plateau lies behind its femur than in the mean leg [mm]."""
    return worlds.normal(f"film/{side}/setback", constant("calibration.setback").spread)


JOINT_CENTRES = {f"{joint}_centre": joint for joint in Joint}
_RELIEF = (
    ("troch_tip", Joint.HIP, "calibration.trochanter_depth"),
    ("fem_condyle", Joint.KNEE, "calibration.joint_line_depth"),
    ("tib_plateau_med", Joint.KNEE, "calibration.plateau_medial_depth"),
    ("tib_plateau_lat", Joint.KNEE, "calibration.plateau_lateral_depth"),
    ("tib_rim", Joint.KNEE, "calibration.joint_line_depth"),
    ("patella", Joint.KNEE, "calibration.patella_depth"),
    ("plafond", Joint.ANKLE, "calibration.plafond_depth"),
    ("sole", Joint.ANKLE, "calibration.sole_depth"),
)
"""Landmarks beside a joint, and how far in front of its centre they lie."""


def lateral_mm(
    side: Side,
    name: str,
    points: Mapping[str, Point],
    calibration: Calibration,
    joint: Joint,
) -> Array:
    """A landmark lateral of a joint's centre, as clicked, shape (worlds,) [mm]."""
    outward = -1.0 if side is Side.RIGHT else 1.0
    columns = points[name][0] - points[f"{joint}_centre"][0]
    size = calibration.size_at(calibration.depth_mm[side, joint])
    return np.asarray(outward * columns * size)


def _depth_of_shaft(
    side: Side,
    name: str,
    points: Mapping[str, Point],
    calibration: Calibration,
    worlds: Worlds,
) -> Array:
    """Before the line between the joints, as far as the bone's shaft stands there."""
    upper, lower = next((u, w) for p, u, w in _LEVELS if name.startswith(p))
    top, bottom = (points[f"{j}_centre"][1] for j in (upper, lower))
    share = float(np.clip((points[name][1] - top) / (bottom - top), 0, 1))
    line = (1 - share) * calibration.depth_mm[side, upper] + share * (
        calibration.depth_mm[side, lower]
    )
    if upper is not Joint.HIP:
        return np.asarray(line + shin_mm(share) - (1 - share) * _setback(side, worlds))
    bow = constant("calibration.shaft_bow")
    forward = bow.value + worlds.normal(f"film/{side}/bow", bow.spread)
    return np.asarray(line + bow_mm(share, forward))


def _faced_forward(points: Mapping[str, Array], turn_rad: Array) -> dict[str, Array]:
    """Turn the leg back about its mechanical axis by what it was turned outwards.

    A right leg, x lateral: from above, an outward turn is clockwise.
    """
    hip = points["hip_centre"]
    axis = hip - points["ankle_centre"]
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    cos, sin = np.cos(turn_rad)[:, None], np.sin(turn_rad)[:, None]
    turned = {}
    for name, point in points.items():
        arm = point - hip
        along = np.sum(arm * axis, axis=1, keepdims=True) * axis
        turned[name] = hip + along + cos * (arm - along) + sin * np.cross(axis, arm)
    return _upright(turned)


def _upright(points: Mapping[str, Array]) -> dict[str, Array]:
    """Tilt the leg about the line across its hip until its ankle is not behind it.

    The frontal plane of a leg leans as the leg does.
    """
    hip = points["hip_centre"]
    down = points["ankle_centre"] - hip
    lean = np.arctan2(down[:, 1], -down[:, 2])
    cos, sin = np.cos(lean), np.sin(lean)
    placed = {}
    for name, point in points.items():
        x, y, z = (point - hip).T
        arm = np.stack([x, y * cos + z * sin, z * cos - y * sin], axis=1)
        placed[name] = hip + arm
    return placed


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

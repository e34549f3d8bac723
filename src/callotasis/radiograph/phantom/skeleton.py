"""A standing person: mean bones, parted at the joints, deformed as asked.

Frame: x to the patient's left, y anterior, z up, in millimetres; the floor of the
frame is arbitrary. Landmarks are carried along with the bones, so their truth is
exact whatever is done to the leg.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.phantom.foot import foot_bones
from callotasis.radiograph.phantom.spec import FilmSpec
from callotasis.worlds import Array

Faces = npt.NDArray[np.int64]
Move = Callable[[Array], Array]

JOINT_SPACE_MM = 4.5  # both layers of cartilage of an adult knee on a standing film
HIP_SPACE_MM = 3.5
HEAD_DIRECTION = np.array([0.80, 0.25, -0.55])  # out of the left acetabulum
STANCE_MM = 78.0  # ankle from the midline, so that the calves do not overlap
LEAN_DEG = 3.3  # the shape model lies on its back; standing, the ankle comes forward
PATELLA_MEDIAL_MM = 7.0
BEND_HALF_WIDTH_MM = 12.0
LOOKS_DOWN = -0.9  # cosine: a face that looks down within 26 deg


@dataclass(frozen=True, eq=False)
class Solid:
    """A closed surface.

    Attributes
    ----------
    vertices : Array
        Shape (n, 3) [mm].
    faces : array of int
        Shape (m, 3).
    """

    vertices: Array
    faces: Faces


@dataclass(frozen=True, eq=False)
class Leg:
    """Bones and landmarks of one leg, in one frame."""

    side: Side
    bones: dict[str, Solid]
    points: dict[str, Array]

    def moved(self, move: Move) -> Leg:
        """Carry bones and landmarks along."""
        return Leg(
            self.side,
            {n: Solid(move(s.vertices), s.faces) for n, s in self.bones.items()},
            {n: move(p[None])[0] for n, p in self.points.items()},
        )


@dataclass(frozen=True, eq=False)
class Person:
    """Pelvis and both legs, standing.

    Attributes
    ----------
    upright : dict of Side to Leg
        Before the body was turned: the patient's own coronal plane is y = const.
    """

    pelvis: Solid
    legs: dict[Side, Leg]
    upright: dict[Side, Leg] = field(repr=False)
    apex: dict[Segment, Array] = field(repr=False)


@cache
def _mean_bones() -> dict[str, Solid]:
    path = files("callotasis.radiograph.phantom").joinpath("bones", "llp26.npz")
    with path.open("rb") as file, np.load(file) as stored:
        names = [n.removesuffix("_v") for n in stored.files if n.endswith("_v")]
        return {
            # The model's y points to the back; turning it round turns the faces too.
            n: Solid(
                stored[f"{n}_v"].astype(float) * [1.0, -1.0, 1.0],
                stored[f"{n}_f"].astype(np.int64)[:, ::-1],
            )
            for n in names
        }


def stand(spec: FilmSpec) -> Person:
    """Build the person of a film specification.

    Parameters
    ----------
    spec : FilmSpec
        Deformities by segment, size and turn.

    Returns
    -------
    Person
        In the patient's frame [mm].

    References
    ----------
    .. [1] Mean bones of 26 adults: see ``bones/NOTICE``.
    """
    legs, apex = {}, {}
    for side in Side:
        deformed, apexes = _deformed(_template(), side, spec)
        for bone, point in apexes.items():
            deformed.points[f"apex_{bone}"] = point
        standing = deformed.moved(_postured(deformed)).moved(
            lambda p: p * spec.height_scale
        )
        legs[side] = standing if side is Side.LEFT else _right(standing)
        for bone in apexes:
            apex[Segment(side, bone)] = legs[side].points.pop(f"apex_{bone}")
    pelvis = _mean_bones()["pelvis"]
    turn = _turned(np.radians(spec.body_turn_deg))
    return Person(
        Solid(turn(pelvis.vertices * spec.height_scale), pelvis.faces),
        {side: leg.moved(turn) for side, leg in legs.items()},
        legs,
        apex,
    )


@cache
def _template() -> Leg:
    """The undeformed left leg, its joints parted, with all its landmarks."""
    bones = _mean_bones()
    head, radius = _femoral_head(bones["femur"].vertices)
    outward = _out_of_socket(bones["pelvis"].vertices, head, radius)
    femur = bones["femur"].vertices + outward
    down = np.array([0, 0, -_overlap(femur, bones["tibia"].vertices + outward)])
    below = outward + down
    patella = bones["patella"].vertices + outward - [PATELLA_MEDIAL_MM, 0, 0]
    solids = {
        "femur": Solid(femur, bones["femur"].faces),
        "patella": Solid(patella, bones["patella"].faces),
        "tibia": Solid(bones["tibia"].vertices + below, bones["tibia"].faces),
        "fibula": Solid(bones["fibula"].vertices + below, bones["fibula"].faces),
    }
    points = {
        "hip_centre": head + outward,
        **_femur_points(femur),
        **_tibia_points(solids["tibia"]),
    }
    points["knee_centre"] = (points["fem_condyle_med"] + points["fem_condyle_lat"]) / 2
    for name, (vertices, faces) in foot_bones(points["ankle_centre"]).items():
        solids[name] = Solid(vertices, faces)
    leg = Leg(Side.LEFT, solids, points)
    return leg.moved(_knee_forward(femur, points["hip_centre"]))


def _femoral_head(femur: Array) -> tuple[Array, float]:
    """Centre and radius of the best sphere on the femoral head."""
    top = femur[femur[:, 2] > femur[:, 2].max() - 50]
    seed = top[np.argmin(top[:, 0])]
    near = top[np.linalg.norm(top - seed, axis=1) < 30]  # noqa: PLR2004 - head only
    centre, radius = seed, 0.0
    for _ in range(30):
        design = np.c_[2 * near, np.ones(len(near))]
        solved = np.linalg.lstsq(design, (near**2).sum(axis=1), rcond=None)[0]
        centre, radius = solved[:3], float(np.sqrt(solved[3] + solved[:3] @ solved[:3]))
        off = np.abs(np.linalg.norm(top - centre, axis=1) - radius)
        near = top[(off < 1.5) & (np.linalg.norm(top - seed, axis=1) < 1.8 * radius)]  # noqa: PLR2004
    return centre, radius


def _out_of_socket(pelvis: Array, head: Array, radius: float) -> Array:
    """Shift that leaves a joint space between head and acetabulum."""
    direction = HEAD_DIRECTION / np.linalg.norm(HEAD_DIRECTION)
    for step in np.arange(0.0, 20.0, 0.25):
        gap = np.linalg.norm(pelvis - head - step * direction, axis=1).min() - radius
        if gap >= HIP_SPACE_MM:
            break
    return np.asarray(step * direction)


def _overlap(femur: Array, tibia: Array) -> float:
    """How far the tibia must go down to leave a joint space under both condyles."""
    low = femur[femur[:, 2] < femur[:, 2].min() + 25]
    high = tibia[tibia[:, 2] > tibia[:, 2].max() - 25]
    needed = [
        high[near, 2].max() - point[2]
        for point in low
        if (near := np.linalg.norm(high[:, :2] - point[:2], axis=1) < 4).any()  # noqa: PLR2004
    ]
    # The tallest spine may stand between the condyles: leave out the top tenth.
    return float(np.quantile(needed, 0.9)) + JOINT_SPACE_MM


def _slice_centre(bone: Array, share: float) -> Array:
    z = bone[:, 2].min() + share * np.ptp(bone[:, 2])
    ring = bone[np.abs(bone[:, 2] - z) < 8]  # noqa: PLR2004 - mesh rows are 8 mm apart
    middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
    return np.array([middle[0], middle[1], z])


def _femur_points(femur: Array) -> dict[str, Array]:
    low = femur[femur[:, 2] < femur[:, 2].min() + 40]
    middle = low[:, 0].mean()
    medial, lateral = low[low[:, 0] < middle - 6], low[low[:, 0] > middle + 6]
    outer = femur[(femur[:, 0] > femur[:, 0].max() - 30)]
    return {
        "fem_condyle_med": medial[np.argmin(medial[:, 2])],
        "fem_condyle_lat": lateral[np.argmin(lateral[:, 2])],
        "troch_tip": outer[np.argmax(outer[:, 2])],
        "fem_shaft_prox": _slice_centre(femur, 0.64),
        "fem_shaft_dist": _slice_centre(femur, 0.36),
    }


def _tibia_points(solid: Solid) -> dict[str, Array]:
    tibia = solid.vertices
    top = tibia[tibia[:, 2] > tibia[:, 2].max() - 18]
    x0, x1 = top[:, 0].min(), top[:, 0].max()
    share = (top[:, 0] - x0) / (x1 - x0)
    points = {
        "tib_rim_med": top[np.argmin(top[:, 0])],
        "tib_rim_lat": top[np.argmax(top[:, 0])],
        "tib_shaft_prox": _slice_centre(tibia, 0.72),
        "tib_shaft_dist": _slice_centre(tibia, 0.35),
    }
    for name, low, high in (("med", 0.12, 0.32), ("lat", 0.68, 0.88)):
        band = top[(share > low) & (share < high)]
        surface = band[band[:, 2] > np.quantile(band[:, 2], 0.5)]
        points[f"tib_plateau_{name}"] = np.median(surface, axis=0)
    return points | _plafond_points(solid)


def _plafond_points(tibia: Solid) -> dict[str, Array]:
    """Ends and middle of the plafond: a line through the faces that look down."""
    corners = tibia.vertices[tibia.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    steep = normal[:, 2] / np.linalg.norm(normal, axis=1)
    middle = corners.mean(axis=1)
    floor = middle[
        (steep < LOOKS_DOWN) & (middle[:, 2] < tibia.vertices[:, 2].min() + 40)
    ]
    floor = floor[np.abs(floor[:, 2] - np.median(floor[:, 2])) < 2]  # noqa: PLR2004
    slope, height = np.polyfit(floor[:, 0], floor[:, 2], 1)
    depth = float(np.median(floor[:, 1]))

    def on_line(x: float) -> Array:
        return np.array([x, depth, height + slope * x])

    low, high = np.quantile(floor[:, 0], [0.1, 0.9])
    return {
        "plafond_med": on_line(low),
        "plafond_lat": on_line(high),
        "ankle_centre": on_line((low + high) / 2),
    }


def _turned(angle: float, centre: Array | None = None) -> Move:
    """Turn about a vertical axis, the right side forward for a positive angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    origin = np.zeros(3) if centre is None else centre
    return lambda points: (points - origin) @ matrix.T + origin


def _knee_forward(femur: Array, hip: Array) -> Move:
    """Turn the leg until the backs of both condyles lie in one coronal plane."""
    low = femur[femur[:, 2] < femur[:, 2].min() + 40]
    middle = low[:, 0].mean()
    backs = [
        side[np.argmin(side[:, 1])]
        for side in (low[low[:, 0] < middle], low[low[:, 0] >= middle])
    ]
    across = backs[1] - backs[0]
    return _turned(float(np.arctan2(across[1], across[0])), hip)


def _deformed(leg: Leg, side: Side, spec: FilmSpec) -> tuple[Leg, dict[Bone, Array]]:
    """Shorten, then bend, the far bone first; every apex moves along with its leg."""
    apexes: dict[Bone, Array] = {}
    for bone in (Bone.TIBIA, Bone.FEMUR):
        segment = str(Segment(side, bone))
        ends = ENDS[bone]
        moves = []
        if segment in spec.shortening_mm:
            upper, lower = (leg.points[name] for name in ends)
            moves.append(_shortened(upper, lower, spec.shortening_mm[segment]))
        bend = spec.bend.get(segment)
        if bend is not None:
            upper, lower = (leg.moved(_all(moves)).points[name] for name in ends)
            apexes[bone] = upper + bend.level * (lower - upper)
            moves.append(_bent(apexes[bone], np.radians(bend.varus_deg)))
        leg = leg.moved(_all(moves))
        nearer = {b: a for b, a in apexes.items() if b is not bone}
        apexes |= {b: _all(moves)(a[None])[0] for b, a in nearer.items()}
    return leg, apexes


ENDS = {
    Bone.FEMUR: ("hip_centre", "knee_centre"),
    Bone.TIBIA: ("knee_centre", "ankle_centre"),
}


def _all(moves: list[Move]) -> Move:
    """One move after the other."""

    def move(points: Array) -> Array:
        for each in moves:
            points = each(points)
        return points

    return move


def _bent(apex: Array, varus: float) -> Move:
    """Turn what lies below the apex towards the midline, blended over a short arc."""

    def move(points: Array) -> Array:
        below = (apex[2] + BEND_HALF_WIDTH_MM - points[:, 2]) / (2 * BEND_HALF_WIDTH_MM)
        angle = varus * np.clip(below, 0, 1)
        x, z = points[:, 0] - apex[0], points[:, 2] - apex[2]
        # A left leg: medial is -x, so varus carries a distal point to smaller x.
        return np.stack(
            [
                apex[0] + x * np.cos(angle) + z * np.sin(angle),
                points[:, 1],
                apex[2] - x * np.sin(angle) + z * np.cos(angle),
            ],
            axis=1,
        )

    return move


def _shortened(upper: Array, lower: Array, mm: float) -> Move:
    """Take length out of the middle of the shaft, along the bone's axis."""
    axis = (lower - upper) / np.linalg.norm(lower - upper)
    top = upper[2] + 0.35 * (lower[2] - upper[2])
    bottom = upper[2] + 0.65 * (lower[2] - upper[2])

    def move(points: Array) -> Array:
        share = np.clip((top - points[:, 2]) / (top - bottom), 0, 1)
        return np.asarray(points - mm * share[:, None] * axis)

    return move


def _postured(leg: Leg) -> Move:
    """From lying to standing: ankle out to the stance and forward, about the hip."""
    hip, ankle = leg.points["hip_centre"], leg.points["ankle_centre"]
    reach = float(np.hypot(*(ankle - hip)[[0, 2]]))
    now = np.arctan2(ankle[0] - hip[0], hip[2] - ankle[2])
    out = np.arcsin((STANCE_MM - hip[0]) / reach) - now
    lean = np.radians(LEAN_DEG)

    def move(points: Array) -> Array:
        x, y, z = (points - hip).T
        x, z = x * np.cos(out) - z * np.sin(out), x * np.sin(out) + z * np.cos(out)
        y, z = y * np.cos(lean) - z * np.sin(lean), y * np.sin(lean) + z * np.cos(lean)
        return np.stack([x, y, z], axis=1) + hip

    return move


def _right(leg: Leg) -> Leg:
    """Mirror a left leg; the faces turn round with it."""
    flip = np.array([-1.0, 1.0, 1.0])
    return Leg(
        Side.RIGHT,
        {n: Solid(s.vertices * flip, s.faces[:, ::-1]) for n, s in leg.bones.items()},
        {n: p * flip for n, p in leg.points.items()},
    )

"""The mean left leg: bones of 26 adults, parted at the joints, with its landmarks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np

from callotasis.pose import Side
from callotasis.radiograph.phantom.foot import foot_bones
from callotasis.radiograph.phantom.solid import Leg, Move, Solid, turned_about
from callotasis.worlds import Array

JOINT_SPACE_MM = 4.5  # both layers of cartilage of an adult knee on a standing film
HIP_SPACE_MM = 3.5
HEAD_DIRECTION = np.array([0.80, 0.25, -0.55])  # out of the left acetabulum
SOCKET = np.array([72.1, 2.1, 1197.1])  # middle of the left one of the mean pelvis
ROOF_MM, CREST_MM = 1225.0, 1292.0  # heights: above the socket, below the crest
PATELLA_MEDIAL_MM = 7.0
LOOKS_DOWN = -0.9  # cosine: a face that looks down within 26 deg
SOLE_BELOW_ANKLE_MM = 78.0
# Above the lowest point of the condyles: in the hollow over the trochlea, and where
# the condyles leave the popliteal surface. A mean shape is too smooth to say it finer;
# within both hollows these heights give the published mean angle to the shaft.
PHYSIS_ABOVE_MM = (42.5, 51.0)  # in front, behind
PLAFOND_FLAT_MM = 0.7
UP = np.array([0.0, 0.0, 1.0])
KNEE_AXIS = "knee_axis"  # a point lateral of the knee centre; no landmark


@cache
def mean_bones() -> dict[str, Solid]:
    """The stored mean bones of the left leg, and the pelvis."""
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


@cache
def mean_leg() -> Leg:
    """The undeformed left leg, its joints parted, with all its landmarks.

    Returns
    -------
    Leg
        Knee forward, lying: x left, y anterior, z up [mm].

    References
    ----------
    .. [1] Mean bones of 26 adults: see ``bones/NOTICE``.
    """
    bones = mean_bones()
    head, radius = femoral_head(bones["femur"].vertices)
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
        "patella_centre": (patella.min(axis=0) + patella.max(axis=0)) / 2,
        **_femur_points(femur),
        **_tibia_points(solids["tibia"]),
    }
    points["knee_centre"] = (points["fem_condyle_med"] + points["fem_condyle_lat"]) / 2
    points["sole"] = points["ankle_centre"] - SOLE_BELOW_ANKLE_MM * UP
    for name, (vertices, faces) in foot_bones(points["ankle_centre"]).items():
        solids[name] = Solid(vertices, faces)
    leg = Leg(Side.LEFT, solids, points).moved(
        knee_forward(femur, points["hip_centre"])
    )
    leg.points.update(_profile_points(leg))
    # Carried along with the femur, it says where the knee faces whatever is done.
    leg.points[KNEE_AXIS] = leg.points["knee_centre"] + np.array([20.0, 0.0, 0.0])
    return leg


@cache
def seated_pelvis() -> Solid:
    """The mean pelvis, widened until its sockets lie around the heads of the legs.

    The mean shapes' sockets lie 40 mm closer together than the heads of femora that
    were parted from them. Only what lies below the iliac crests is moved.

    Returns
    -------
    Solid
        As wide and as high as the mean pelvis [mm].

    References
    ----------
    .. [1] Mean bones of 26 adults: see ``bones/NOTICE``.
    """
    bones = mean_bones()
    pelvis, head = bones["pelvis"], mean_leg().points["hip_centre"]
    _, radius = femoral_head(bones["femur"].vertices)
    x, y, z = pelvis.vertices.T
    share = np.clip((CREST_MM - z) / (CREST_MM - ROOF_MM), 0, 1)
    share = share * share * (3 - 2 * share)
    wide, forward, up = head - SOCKET
    widened = wide * np.clip(x / SOCKET[0], -1, 1)
    moved = np.stack([x + share * widened, y + share * forward, z + share * up], axis=1)
    for side in (1.0, -1.0):
        arm = moved - head * [side, 1.0, 1.0]
        far = np.linalg.norm(arm, axis=1, keepdims=True)
        moved += arm * (np.maximum(far, radius + HIP_SPACE_MM) / far - 1)
    return Solid(moved, pelvis.faces)


def femoral_head(femur: Array) -> tuple[Array, float]:
    """Fit a sphere to the head of a left femur.

    Parameters
    ----------
    femur : Array
        Shape (n, 3), vertices, z up, medial to smaller x [mm].

    Returns
    -------
    tuple of Array and float
        Centre, shape (3,), and radius [mm].

    References
    ----------
    .. [1] Least squares; points off the sphere by 1.5 mm are left out.
    """
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
    medial, lateral = condyles(femur)
    outer = femur[(femur[:, 0] > femur[:, 0].max() - 30)]
    return {
        "fem_condyle_med": medial[np.argmin(medial[:, 2])],
        "fem_condyle_lat": lateral[np.argmin(lateral[:, 2])],
        "troch_tip": outer[np.argmax(outer[:, 2])],
        "fem_shaft_prox": _slice_centre(femur, 0.64),
        "fem_shaft_dist": _slice_centre(femur, 0.36),
    }


def condyles(femur: Array) -> tuple[Array, Array]:
    """Vertices of the medial and the lateral condyle of a left femur, (n, 3) each."""
    low = femur[femur[:, 2] < femur[:, 2].min() + 40]
    middle = low[:, 0].mean()
    return low[low[:, 0] < middle - 6], low[low[:, 0] > middle + 6]


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
    floor = _floor_of(tibia)
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


def _floor_of(tibia: Solid) -> Array:
    """Middles of the faces that look down on the talus, shape (n, 3)."""
    corners = tibia.vertices[tibia.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    steep = normal[:, 2] / np.linalg.norm(normal, axis=1)
    middle = corners.mean(axis=1)
    floor = middle[
        (steep < LOOKS_DOWN) & (middle[:, 2] < tibia.vertices[:, 2].min() + 40)
    ]
    flat = np.abs(floor[:, 2] - np.median(floor[:, 2])) < 2  # noqa: PLR2004
    return np.asarray(floor[flat])


def _profile_points(leg: Leg) -> dict[str, Array]:
    """Points of lateral films: both ends of a line in the middle of the bone."""
    femur, tibia = leg.bones["femur"], leg.bones["tibia"]
    return {
        "fem_shaft_mid": _slice_centre(femur.vertices, 0.5),
        "tib_shaft_mid": _slice_centre(tibia.vertices, 0.535),
        **_physis_ends(femur),
        **_plateau_ends(leg),
        **_plafond_ends(tibia),
    }


def _physis_ends(femur: Solid) -> dict[str, Array]:
    """Ends of the closed growth plate: on the outline, where the condyles begin."""
    low = femur.vertices[:, 2].min()
    front, back = (_section(femur, low + up) for up in PHYSIS_ABOVE_MM)
    middle = (front[:, 0].min() + front[:, 0].max()) / 2
    return {
        "fem_joint_ant": np.array([middle, front[:, 1].max(), front[0, 2]]),
        "fem_joint_post": np.array([middle, back[:, 1].min(), back[0, 2]]),
    }


def _section(solid: Solid, height: float) -> Array:
    """Points where the edges of a surface cross a level, shape (n, 3)."""
    edges = np.vstack([solid.faces[:, [k, (k + 1) % 3]] for k in range(3)])
    lower, upper = (solid.vertices[edges[:, k]] for k in range(2))
    cut = (lower[:, 2] <= height) & (upper[:, 2] > height)
    lower, upper = lower[cut], upper[cut]
    share = (height - lower[:, 2]) / (upper[:, 2] - lower[:, 2])
    points = lower + share[:, None] * (upper - lower)
    points[:, 2] = height
    return np.asarray(points)


def _plateau_ends(leg: Leg) -> dict[str, Array]:
    """Ends of the medial plateau's line, as deep in the film as the knee."""
    tibia = leg.bones["tibia"].vertices
    top = tibia[tibia[:, 2] > tibia[:, 2].max() - 18]
    share = (top[:, 0] - top[:, 0].min()) / np.ptp(top[:, 0])
    band = top[(share > 0.12) & (share < 0.32)]  # noqa: PLR2004 - medial plateau
    surface = band[band[:, 2] > np.quantile(band[:, 2], 0.3)]
    middle = float(leg.points["knee_centre"][0])
    return _line_ends("tib_plateau", surface, middle, (0.0, 1.0))


def _plafond_ends(tibia: Solid) -> dict[str, Array]:
    """Ends of the plafond's line; the rounded lips of the mean shape are left out."""
    floor = _floor_of(tibia)
    flat = floor[np.abs(floor[:, 2] - np.median(floor[:, 2])) < PLAFOND_FLAT_MM]
    middle = float((flat[:, 0].min() + flat[:, 0].max()) / 2)
    return _line_ends("plafond", flat, middle, (0.05, 0.95))


def _line_ends(
    name: str, surface: Array, x: float, reach: tuple[float, float]
) -> dict[str, Array]:
    slope, height = np.polyfit(surface[:, 1], surface[:, 2], 1)
    back, front = np.quantile(surface[:, 1], reach)
    return {
        f"{name}_ant": np.array([x, front, height + slope * front]),
        f"{name}_post": np.array([x, back, height + slope * back]),
    }


def knee_forward(femur: Array, hip: Array) -> Move:
    """Turn a left leg until the backs of both condyles lie in one coronal plane.

    Parameters
    ----------
    femur : Array
        Shape (n, 3), vertices [mm].
    hip : Array
        Shape (3,), through which the vertical axis goes [mm].

    Returns
    -------
    callable
        From points to points [mm].

    References
    ----------
    .. [1] Posterior condylar line.
    """
    backs = [side[np.argmin(side[:, 1])] for side in condyles(femur)]
    across = backs[1] - backs[0]
    return turned_about(UP, -float(np.arctan2(across[1], across[0])), hip)

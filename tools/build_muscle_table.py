"""Derive the muscle table of ``callotasis.softtissue`` from an OpenSim gait model.

python tools/build_muscle_table.py MODEL.osim [--out src/callotasis/softtissue/tables]

Reads the model ``gait2392`` (Delp, Loan, Hoy, Zajac, Thelen, Anderson, Seth; Creative
Commons Attribution 3.0) with the standard library, puts its right leg into poses, and
writes for every muscle its path in standing, its resting length and a polynomial of
its length over hip, knee and ankle angle. Nothing of OpenSim is needed.

Handled: moving points (splines), conditional points (as OpenSim switches them). The
model has no wrapping surfaces; one that had would be refused. A conditional point that
is switched makes a muscle's length jump; the polynomial smooths that, and both the
largest jump and the error of the polynomial are written down.
"""
# ruff: noqa: D102, INP001, PLR2004, T201

from __future__ import annotations

import argparse
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np

MM = 1000.0
JOINTS = ("hip", "knee", "ankle")
COORDINATES = {
    "hip_flexion_r": ("hip", 1.0),
    "knee_angle_r": ("knee", -1.0),  # the model counts flexion negative
    "ankle_angle_r": ("ankle", 1.0),
}
GRID_DEG = {
    "hip": np.arange(-30.0, 121.0, 5.0),
    "knee": np.arange(-10.0, 120.1, 2.5),
    "ankle": np.arange(-50.0, 40.1, 2.5),
}
CHAIN = ("pelvis", "femur_r", "tibia_r", "talus_r", "calcn_r", "toes_r")
JOINT_BELOW = {
    "pelvis": "hip",
    "femur_r": "knee",
    "tibia_r": "ankle",
    "talus_r": "subtalar",
    "calcn_r": "mtp",
}
DEGREE = 6
GROUPS = {
    "gastrocnemius": ("med_gas", "lat_gas"),
    "soleus": ("soleus",),
    "deep plantar flexors": ("tib_post", "flex_dig", "flex_hal"),
    "peronei": ("per_brev", "per_long"),
    "dorsiflexors": ("tib_ant", "ext_dig", "ext_hal", "per_tert"),
    "rectus femoris": ("rect_fem",),
    "vasti": ("vas_med", "vas_int", "vas_lat"),
    "hamstrings": ("semimem", "semiten", "bifemlh"),
    "short biceps": ("bifemsh",),
    "tensor fasciae latae": ("tfl",),
    "sartorius": ("sar",),
    "gracilis": ("grac",),
    "adductors": ("add_long", "add_brev", "add_mag1", "add_mag2", "add_mag3", "pect"),
    "gluteus maximus": ("glut_max1", "glut_max2", "glut_max3"),
    "small gluteals": tuple(f"glut_{n}{k}" for n in ("med", "min") for k in (1, 2, 3)),
    "iliopsoas": ("iliacus", "psoas"),
    "hip rotators": ("quad_fem", "gem", "peri"),
}
LICENCE = "CC BY 3.0, http://creativecommons.org/licenses/by/3.0/"
CITATION = (
    "Delp SL, Loan JP, Hoy MG, Zajac FE, Topp EL, Rosen JM. An interactive graphics-"
    "based model of the lower extremity to study orthopaedic surgical procedures. IEEE "
    "Trans Biomed Eng 1990;37:757-767; with Yamaguchi & Zajac 1989 (knee), Anderson & "
    "Pandy 1999, 2001; model by Delp, Loan, Hoy, Zajac, Thelen, Anderson and Seth"
)

CHANGES = (
    f"right leg only; paths in standing; lengths as polynomials of degree {DEGREE} in "
    "hip flexion, knee flexion and dorsiflexion [rad]"
)


class Spline:
    """SIMM's cubic spline: third derivatives at the ends as of the four end points."""

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:
        self.x, self.y, n = x, y, len(x)
        if n < 3:
            self.second = np.zeros(n)
            return
        h, slope = np.diff(x), np.diff(y) / np.diff(x)
        matrix, right = np.zeros((n, n)), np.zeros(n)
        for k in range(1, n - 1):
            matrix[k, k - 1 : k + 2] = h[k - 1], 2 * (h[k - 1] + h[k]), h[k]
            right[k] = 6 * (slope[k] - slope[k - 1])
        # Jump of the second derivative over the first (last) gap is that of the cubic.
        for row, end in ((0, slice(0, 4)), (n - 1, slice(n - 4, n))):
            matrix[row, [row, row + (1 if row == 0 else -1)]] = -1.0, 1.0
            if n >= 4:
                third = 6 * _third_difference(x[end], y[end])
                right[row] = third * (h[0] if row == 0 else -h[-1])
        self.second = np.linalg.solve(matrix, right)

    def __call__(self, at: np.ndarray) -> np.ndarray:
        k = np.clip(np.searchsorted(self.x, at) - 1, 0, len(self.x) - 2)
        h = self.x[k + 1] - self.x[k]
        b = (at - self.x[k]) / h
        a = 1 - b
        bend = (a**3 - a) * self.second[k] + (b**3 - b) * self.second[k + 1]
        return a * self.y[k] + b * self.y[k + 1] + bend * h**2 / 6


def _third_difference(x: np.ndarray, y: np.ndarray) -> float:
    for order in range(1, 4):
        y = np.diff(y) / (x[order:] - x[:-order])
    return float(y[0])


def numbers(text: str | None) -> np.ndarray:
    """Numbers of one element."""
    return np.array([float(word) for word in (text or "").split()])


@dataclass(frozen=True)
class Function:
    """A number over one coordinate, in the model's radians."""

    coordinate: str
    spline: Spline | None
    constant: float = 0.0

    def __call__(self, q: Mapping[str, np.ndarray]) -> np.ndarray:
        if self.spline is None:
            return np.full_like(next(iter(q.values())), self.constant)
        return self.spline(q[self.coordinate])


def function_of(element: ET.Element | None, coordinate: str) -> Function:
    """A spline or constant; anything else of a translation is refused."""
    if element is not None and (spline := element.find("SimmSpline")) is not None:
        x, y = (numbers(spline.findtext(k)) for k in ("x", "y"))
        return Function(coordinate, Spline(x, y))
    if element is not None and (constant := element.find("Constant")) is not None:
        return Function("", None, float(constant.findtext("value") or 0))
    raise SystemExit("a joint or point moves by a function that is not handled")


class Leg:
    """The right leg of the model, put into poses."""

    def __init__(self, model: ET.Element) -> None:
        self.joints = {
            name: self._joint(model, f"{name}_r")
            for name in ("hip", "knee", "ankle", "subtalar", "mtp")
        }
        self.offset = {}

    @staticmethod
    def _joint(model: ET.Element, name: str) -> dict:
        joint = model.find(f".//JointSet/objects/CustomJoint[@name='{name}']")
        frames = joint.findall("frames/PhysicalOffsetFrame")
        if any(numbers(f.findtext("orientation")).any() for f in frames):
            raise SystemExit(f"{name}: turned frames are not handled")
        if numbers(frames[1].findtext("translation")).any():
            raise SystemExit(f"{name}: a shifted child frame is not handled")
        axes = {a.get("name"): a for a in joint.find("SpatialTransform")}
        return {
            "at": numbers(frames[0].findtext("translation")),
            "axis": numbers(axes["rotation1"].findtext("axis")),
            "coordinate": axes["rotation1"].findtext("coordinates"),
            "shift": [
                function_of(a, a.findtext("coordinates") or "")
                for a in (axes[f"translation{k}"] for k in (1, 2, 3))
            ],
        }

    def bodies(self, q: Mapping[str, np.ndarray]) -> dict[str, tuple]:
        """Turn and place of every body in the pelvis, for many poses."""
        n = len(q["knee_angle_r"])
        turn, place = np.broadcast_to(np.eye(3), (n, 3, 3)), np.zeros((n, 3))
        found = {"pelvis": (turn, place)}
        for body, child in pairwise(CHAIN):
            joint = self.joints[JOINT_BELOW[body]]
            shift = np.stack([f(q) for f in joint["shift"]], axis=-1)
            place = place + np.einsum("nij,nj->ni", turn, joint["at"] + shift)
            angle = q.get(joint["coordinate"], np.zeros(n))
            turn = turn @ about(joint["axis"], angle)
            found[child] = (turn, place)
        return found


def about(axis: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Turns about one axis, shape (n, 3, 3)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    s, c = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.eye(3) + s * cross + (1 - c) * cross @ cross


@dataclass(frozen=True)
class Point:
    """One point of a muscle's path."""

    body: str
    where: tuple[Function, ...]
    only: tuple[str, float, float] | None

    def inside(self, q: Mapping[str, np.ndarray]) -> np.ndarray:
        """In which poses the point is on the path."""
        if self.only is None:
            return np.ones(len(q["knee_angle_r"]), dtype=bool)
        name, low, high = self.only
        return (q[name] >= low) & (q[name] <= high)


def points_of(muscle: ET.Element) -> list[Point]:
    """Path of one muscle."""
    path = muscle.find("GeometryPath")
    if len(path.find("PathWrapSet/objects")):
        raise SystemExit(f"{muscle.get('name')} wraps; that is not handled")
    found = []
    for raw in path.find("PathPointSet/objects"):
        body = raw.findtext("socket_parent_frame").rsplit("/", 1)[1]
        only = None
        if raw.tag == "MovingPathPoint":
            name = raw.findtext("socket_x_coordinate").rsplit("/", 1)[1]
            where = [function_of(raw.find(f"{k}_location"), name) for k in "xyz"]
        else:
            where = [Function("", None, v) for v in numbers(raw.findtext("location"))]
        if raw.tag == "ConditionalPathPoint":
            low, high = sorted(numbers(raw.findtext("range")))
            only = (raw.findtext("socket_coordinate").rsplit("/", 1)[1], low, high)
        found.append(Point(body, tuple(where), only))
    return found


def positions(
    leg: Leg, points: list[Point], q: dict, cut: tuple[str, float, float] | None = None
) -> np.ndarray:
    """Where the points are, (poses, points, 3) [m]; ``cut``: bone, level, gain."""
    bodies = leg.bodies(q)
    found = []
    for point in points:
        turn, place = bodies[point.body]
        local = np.stack([f(q) for f in point.where], axis=-1)
        there = place + np.einsum("nij,nj->ni", turn, local)
        if cut is not None:
            bone, level, gain = cut
            below = CHAIN.index(point.body) > CHAIN.index(bone)
            on = (point.body == bone) & (-local[:, 1] > level)
            down = -bodies[bone][0][:, :, 1] * gain
            there = there + np.where((below | on)[..., None], down, 0.0)
        found.append(there)
    return np.stack(found, axis=1)


def length(leg: Leg, points: list[Point], q: dict, cut=None) -> np.ndarray:
    """Length of the path in every pose [mm]."""
    where = positions(leg, points, q, cut)
    total = np.zeros(len(where))
    last, have = where[:, 0].copy(), points[0].inside(q)
    if not have.all():
        raise SystemExit("a path begins with a conditional point")
    for k in range(1, len(points)):
        on = points[k].inside(q)
        total += np.where(on, np.linalg.norm(where[:, k] - last, axis=1), 0.0)
        last = np.where(on[:, None], where[:, k], last)
    return MM * total


def poses(joints: tuple[str, ...], grid: Mapping[str, np.ndarray] = GRID_DEG):
    """Every combination of angles of some joints, and the model's coordinates."""
    axes = [grid[j] if j in joints else np.zeros(1) for j in JOINTS]
    angles = np.array(list(product(*axes)))
    return angles, coordinates(angles)


def coordinates(angles_deg: np.ndarray) -> dict[str, np.ndarray]:
    """The model's coordinates [rad] for angles (hip, knee, ankle) [deg]."""
    return {
        name: sign * np.radians(angles_deg[:, JOINTS.index(joint)])
        for name, (joint, sign) in COORDINATES.items()
    }


def crossed(points: list[Point]) -> tuple[str, ...]:
    """Joints between the first and the last body of a path."""
    at = [CHAIN.index(p.body) for p in points]
    between = [JOINT_BELOW[CHAIN[k]] for k in range(min(at), max(at))]
    return tuple(j for j in JOINTS if j in between)


def powers_of(joints: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Exponents of (hip, knee, ankle), total degree at most DEGREE."""
    each = [range(DEGREE + 1) if j in joints else range(1) for j in JOINTS]
    return [p for p in product(*each) if sum(p) <= DEGREE]


def largest_jump(leg: Leg, points: list[Point]) -> float:
    """By how much the length jumps where a conditional point is switched [mm]."""
    jumps = [0.0]
    for point in points:
        if point.only is None:
            continue
        for edge in point.only[1:]:
            joint, sign = COORDINATES[point.only[0]]
            at = sign * np.degrees(edge)
            if not GRID_DEG[joint][0] < at < GRID_DEG[joint][-1]:
                continue
            angles = np.zeros((2, 3))
            angles[:, JOINTS.index(joint)] = at - 1e-4, at + 1e-4
            jumps.append(float(np.ptp(length(leg, points, coordinates(angles)))))
    return max(jumps)


def fitted(leg: Leg, points: list[Point]):
    """Polynomial of the length, its rms and largest error [mm]."""
    joints = crossed(points)
    angles, q = poses(joints)
    found = length(leg, points, q)
    powers = powers_of(joints)
    x = np.radians(angles)
    terms = np.stack([np.prod(x ** np.array(p), axis=1) for p in powers], axis=1)
    solved, *_ = np.linalg.lstsq(terms, found, rcond=None)
    error = terms @ solved - found
    return joints, powers, solved, float(np.sqrt(np.mean(error**2))), abs(error).max()


def written(value: float) -> str:
    """A number as short as it may be."""
    return f"{value:.7g}"


def entry(leg: Leg, muscle: ET.Element, group: str) -> list[str]:
    """One muscle as TOML."""
    name = muscle.get("name").removesuffix("_r")
    points = points_of(muscle)
    joints, powers, solved, rms, worst = fitted(leg, points)
    standing = coordinates(np.zeros((1, 3)))
    kept = [p for p in points if p.inside(standing)[0]]
    bodies = leg.bodies(standing)
    path = []
    for point, where in zip(kept, positions(leg, kept, standing)[0], strict=True):
        # Heights of pelvis and femur count from the hip centre, those of tibia and foot
        # from the knee centre; forward and lateral always from the hip centre.
        root = "femur_r" if CHAIN.index(point.body) < 2 else "tibia_r"
        (x, _, z), y = where - bodies["femur_r"][1][0], where[1]
        x, y, z = MM * np.array([x, y - bodies[root][1][0][1], z])
        body = point.body.removesuffix("_r")
        path.append(f'  {{ body = "{body}", xyz_mm = [{x:.1f}, {y:.1f}, {z:.1f}] }},')
    rest = float(length(leg, points, standing)[0])
    get = muscle.findtext
    return [
        f"[muscle.{name}]",
        f'group = "{group}"',
        f"joints = {list(joints)}".replace("'", '"'),
        f"standing_length_mm = {rest:.2f}",
        f"optimal_fibre_mm = {written(MM * float(get('optimal_fiber_length')))}",
        f"tendon_slack_mm = {written(MM * float(get('tendon_slack_length')))}",
        f"max_force_n = {written(float(get('max_isometric_force')))}",
        f"pennation_deg = {np.degrees(float(get('pennation_angle_at_optimal'))):.2f}",
        f"jump_mm = {largest_jump(leg, points):.2f}",
        f"fit_rms_mm = {rms:.2f}",
        f"fit_worst_mm = {worst:.2f}",
        "path = [",
        *path,
        "]",
        f"powers = {[list(p) for p in powers]}",
        f"length_mm = [{', '.join(written(c) for c in solved)}]",
        "",
    ]


def said_of_the_cuts(leg: Leg, muscles: dict[str, ET.Element]) -> None:
    """Print the share of lengthening that each muscle takes, over all poses."""
    coarse = {j: g[:: max(1, len(g) // 10)] for j, g in GRID_DEG.items()}
    for bone, level in [
        ("femur_r", 0.1),
        ("femur_r", 0.2),
        ("femur_r", 0.3),
        ("tibia_r", 0.07),
        ("tibia_r", 0.1),
        ("tibia_r", 0.16),
        ("tibia_r", 0.25),
    ]:
        print(f"cut of {bone} {MM * level:.0f} mm below its proximal joint")
        for name, muscle in muscles.items():
            points = points_of(muscle)
            _, q = poses(crossed(points), coarse)
            gain = 0.08
            more = length(leg, points, q, (bone, level, gain)) - length(leg, points, q)
            share = more / (MM * gain)
            standing = coordinates(np.zeros((1, 3)))
            c = float(
                length(leg, points, standing, (bone, level, gain))[0]
                - length(leg, points, standing)[0]
            ) / (MM * gain)
            if c > 0.05:
                off = np.abs(more - c * MM * gain).max()
                print(
                    f"  {name:10s} c {c:.3f} ({share.min():.3f} to {share.max():.3f}), "
                    f"off at 80 mm {off:.1f} mm"
                )


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    home = Path(__file__).parents[1] / "src/callotasis/softtissue/tables"
    parser.add_argument("--out", type=Path, default=home)
    parser.add_argument("--cuts", action="store_true", help="print shares by cut")
    asked = parser.parse_args()
    raw = asked.model.read_bytes()
    model = ET.fromstring(raw)[0]  # noqa: S314 - a file of our own choice
    leg = Leg(model)
    found = {
        m.get("name").removesuffix("_r"): m
        for m in model.iter("Millard2012EquilibriumMuscle")
        if m.get("name").endswith("_r")
    }
    muscles = {n: found[n] for names in GROUPS.values() for n in names}
    bodies = leg.bodies(coordinates(np.zeros((1, 3))))
    place = {b: MM * bodies[b][1][0] for b in ("femur_r", "tibia_r", "talus_r")}
    lines = [
        "# Derived by tools/build_muscle_table.py; do not edit.",
        "[model]",
        f'name = "{model.get("name")}"',
        f'sha256 = "{hashlib.sha256(raw).hexdigest()}"',
        f'licence = "{LICENCE}"',
        f'citation = "{CITATION}"',
        f'changes = "{CHANGES}"',
        f"femur_mm = {np.linalg.norm(place['tibia_r'] - place['femur_r']):.2f}",
        f"tibia_mm = {np.linalg.norm(place['talus_r'] - place['tibia_r']):.2f}",
        *(f"{j}_deg = [{g[0]:g}, {g[-1]:g}]" for j, g in GRID_DEG.items()),
        "",
    ]
    for group, names in GROUPS.items():
        for name in names:
            lines += entry(leg, muscles[name], group)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "gait2392.toml").write_text("\n".join(lines), "utf-8")
    if asked.cuts:
        said_of_the_cuts(leg, muscles)


if __name__ == "__main__":
    main()

"""A bone that is bent twice: both apexes, or an honest silence."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.alignment.apex import Apex
from callotasis.alignment.axes import normals_for
from callotasis.alignment.measurement import measure_film
from callotasis.alignment.multiapical import two_apexes
from callotasis.evidence import constant
from callotasis.pose import Bone, Side
from callotasis.radiograph.known import FilmFacts, KnownGeometry
from callotasis.worlds import Worlds
from crooked import (
    FEMUR_MM,
    STILL,
    TIBIA_MM,
    Drawn,
    loose,
    normals,
    on_film,
    still,
    straight,
    without,
)
from darkroom import bare_film

UPPER, LOWER = 0.3, 0.7
BENDS_DEG = (12.0, -15.0)
SHORT = {Bone.FEMUR: "fem", Bone.TIBIA: "tib"}
LENGTH = {Bone.FEMUR: FEMUR_MM, Bone.TIBIA: TIBIA_MM}
CLICKED = {
    "above_1": 0.12, "above_2": 0.24,
    "shaft_prox": 0.38, "shaft_dist": 0.62,
    "below_1": 0.76, "below_2": 0.9,
}  # fmt: skip
"""Six mid-shaft points by their share of the bone."""


def _at(bone: Bone, share: float) -> tuple[float, float]:
    """A point on the axis of a straight bone."""
    top = FEMUR_MM if bone is Bone.FEMUR else 0.0
    return 0.0, top - share * LENGTH[bone]


def _clicked(bone: Bone) -> Drawn:
    """A straight leg with six mid-shaft points on the axis of one bone."""
    six = {f"{SHORT[bone]}_{n}": _at(bone, share) for n, share in CLICKED.items()}
    return without(straight(), f"{SHORT[bone]}_shaft") | six


def _natural(bone: Bone) -> Drawn:
    """A straight leg whose two mid-shaft points lie on the shaft of one bone."""
    points, names = straight(), [f"{SHORT[bone]}_shaft_{e}" for e in ("prox", "dist")]
    start, end = (np.array(points[name]) for name in names)
    for name, share in zip(names, (0.42, 0.58), strict=True):
        z = _at(bone, share)[1]
        x = start[0] + (end[0] - start[0]) * (z - start[1]) / (end[1] - start[1])
        points[name] = (float(x), z)
    return points


def _turned(
    point: tuple[float, float], valgus_deg: float, apex: tuple[float, float]
) -> tuple[float, float]:
    turn = np.radians(valgus_deg)
    x, z = point[0] - apex[0], point[1] - apex[1]
    return (
        float(apex[0] + x * np.cos(turn) - z * np.sin(turn)),
        float(apex[1] + x * np.sin(turn) + z * np.cos(turn)),
    )


def _bent_at(points: Drawn, bone: Bone, share: float, valgus_deg: float) -> Drawn:
    """Turn all that lies below a level of a bone."""
    apex = _at(bone, share)
    return {
        n: _turned(p, valgus_deg, apex) if p[1] < apex[1] else p
        for n, p in points.items()
    }


def _twice(points: Drawn, bone: Bone) -> Drawn:
    lower = _bent_at(points, bone, LOWER, BENDS_DEG[1])
    return _bent_at(lower, bone, UPPER, BENDS_DEG[0])


def _apexes(bone: Bone) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where both apexes of :func:`_twice` lie."""
    upper = _at(bone, UPPER)
    return upper, _turned(_at(bone, LOWER), BENDS_DEG[0], upper)


def _level_of(points: Drawn, bone: Bone, apex: tuple[float, float]) -> float:
    ends = ("hip", "knee") if bone is Bone.FEMUR else ("knee", "ankle")
    top, bottom = (np.array(points[f"{j}_centre"]) for j in ends)
    return float((np.array(apex) - top) @ (bottom - top) / np.hypot(*(bottom - top)))


def _found(
    points: Drawn, bone: Bone, side: Side = Side.RIGHT
) -> tuple[Apex, Apex] | None:
    return two_apexes(still(points, side), bone, normals(), STILL)


@pytest.mark.parametrize("bone", Bone)
def test_both_apexes_are_found_from_six_mid_shaft_points(bone: Bone) -> None:
    points = _twice(_clicked(bone), bone)
    found = _found(points, bone)
    assert found is not None
    for apex, true, angle in zip(found, _apexes(bone), BENDS_DEG, strict=True):
        assert apex.angle_deg.value == pytest.approx(angle, abs=0.05)
        assert apex.level_mm.value == pytest.approx(
            _level_of(points, bone, true), abs=1.0
        )


@pytest.mark.parametrize(("bone", "bend"), [(Bone.FEMUR, 25.0), (Bone.TIBIA, 15.0)])
def test_both_apexes_are_found_with_lines_drawn_from_the_joints(
    bone: Bone, bend: float
) -> None:
    # Where a shaft passes the head of its femur differs much between people: only a
    # large bend is told from that.
    points = _bent_at(_bent_at(_natural(bone), bone, 0.8, -bend), bone, 0.2, bend)
    worlds = Worlds(count=500)
    limb = loose(points, Side.RIGHT, worlds, 0.7)
    found = two_apexes(limb, bone, normals_for({}, worlds), worlds)
    assert found is not None
    upper = _at(bone, 0.2)
    apexes = upper, _turned(_at(bone, 0.8), bend, upper)
    for apex, true, angle in zip(found, apexes, (bend, -bend), strict=True):
        assert apex.angle_deg.value == pytest.approx(angle, abs=1.0)
        assert apex.angle_deg.low < angle < apex.angle_deg.high
        level = _level_of(points, bone, true)
        assert apex.level_mm.low < level < apex.level_mm.high


@pytest.mark.parametrize("bone", Bone)
def test_both_apexes_are_proven_through_the_scatter_of_clicks(bone: Bone) -> None:
    worlds = Worlds(count=500)
    points = _twice(_clicked(bone), bone)
    limb = loose(points, Side.RIGHT, worlds, 0.5)
    found = two_apexes(limb, bone, normals_for({}, worlds), worlds)
    assert found is not None
    for apex, angle in zip(found, BENDS_DEG, strict=True):
        assert apex.angle_deg.low < angle < apex.angle_deg.high


@pytest.mark.parametrize("bone", Bone)
@pytest.mark.parametrize("share", [UPPER, LOWER])
def test_a_single_bend_has_no_two_apexes(bone: Bone, share: float) -> None:
    assert _found(_bent_at(_clicked(bone), bone, share, 14.0), bone) is None


@pytest.mark.parametrize("bone", Bone)
@pytest.mark.parametrize("share", [0.44, 0.5, 0.56])
@pytest.mark.parametrize("valgus", [14.0, -14.0])
def test_a_single_bend_between_the_middle_points_is_not_two(
    bone: Bone, share: float, valgus: float
) -> None:
    for points in (_clicked(bone), _natural(bone)):
        assert _found(_bent_at(points, bone, share, valgus), bone) is None


AXIS_BESIDE_JOINT = {
    Bone.FEMUR: "alignment.anatomic_axis_at_hip",
    Bone.TIBIA: "alignment.anatomic_axis_at_tibia",
}


@pytest.mark.parametrize("bone", Bone)
@pytest.mark.parametrize("drawn", [True, False])
def test_clicks_and_people_that_differ_do_not_make_two_bends_of_one(
    bone: Bone, drawn: bool
) -> None:
    rng = np.random.default_rng(7)
    usual = constant(AXIS_BESIDE_JOINT[bone]).spread if drawn else 0.0
    straight_leg = _natural(bone) if drawn else _clicked(bone)
    points = _bent_at(straight_leg, bone, 0.5, 14.0)
    shaft = f"{SHORT[bone]}_shaft"
    for seed in range(40):
        worlds = Worlds(count=300, seed=seed)
        aside = rng.normal(0, usual)
        near = {
            n: (
                float(p[0] + rng.normal(0, 1) + aside * n.startswith(shaft)),
                float(p[1] + rng.normal(0, 1)),
            )
            for n, p in points.items()
        }
        limb = loose(near, Side.RIGHT, worlds, 1.0)
        assert two_apexes(limb, bone, normals_for({}, worlds), worlds) is None


@pytest.mark.parametrize("bone", Bone)
def test_a_straight_bone_has_no_apex(bone: Bone) -> None:
    assert _found(_clicked(bone), bone) is None


MISSING = {
    Bone.FEMUR: (
        ("fem_shaft_prox",),
        ("fem_shaft_dist",),
        ("fem_above", "troch_tip"),
        ("fem_below", "fem_condyle"),
    ),
    Bone.TIBIA: (
        ("tib_shaft_prox",),
        ("tib_shaft_dist",),
        ("tib_above", "tib_plateau"),
        ("tib_below", "plafond"),
    ),
}


@pytest.mark.parametrize(
    ("bone", "names"), [(bone, names) for bone in Bone for names in MISSING[bone]]
)
def test_without_a_line_there_are_no_two_apexes(
    bone: Bone, names: tuple[str, ...]
) -> None:
    assert _found(without(_twice(_clicked(bone), bone), *names), bone) is None


@pytest.mark.parametrize("bone", Bone)
def test_the_left_leg_as_a_mirror_image_has_the_same_apexes(bone: Bone) -> None:
    points = _twice(_clicked(bone), bone)
    film = bare_film(2000, 1200, spacing_mm=(0.5, 0.5))
    measured = measure_film(
        film,
        on_film(points, points, columns=1200, px_per_mm=2.0),
        KnownGeometry(true_scale=True),
        FilmFacts(patella_forward=True),
        Worlds(count=500),
    )
    right, left = (
        two_apexes(measured.limbs[s], bone, normals_for({}, measured.worlds), _FEW)
        for s in Side
    )
    assert right is not None
    assert left is not None
    for one, other, angle in zip(right, left, BENDS_DEG, strict=True):
        assert one.angle_deg.value == pytest.approx(other.angle_deg.value, abs=1e-6)
        assert one.level_mm.value == pytest.approx(other.level_mm.value, abs=1e-6)
        assert one.angle_deg.value == pytest.approx(angle, abs=0.5)


_FEW = Worlds(count=500)

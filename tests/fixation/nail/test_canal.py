"""Where the canal runs: seen on two parts, on one shaft, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment import Limb
from callotasis.errors import DeviceRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import canal_findings, canals_of
from callotasis.fixation.nail.canal import Canal, Canals, CanalSeen
from callotasis.plan import Hinge, Osteotomy, Rule, Target, cut_centre, limb_after
from callotasis.pose import HIDDEN, Pose, Segment
from callotasis.worlds import Worlds
from dora import RIGHT_FEMUR, RIGHT_TIBIA
from legs import built_from, limb_of

FEMUR_MM, TIBIA_MM = 430.0, 370.0
ALONE = Worlds(1)
NOTHING = Pose(not_measured=HIDDEN)


def leg(**extra: tuple[float, float]) -> Limb:
    """Stand a straight leg of 430 and 370 mm, with more points marked."""
    points = built_from(88, 88, 0, femur_mm=FEMUR_MM, tibia_mm=TIBIA_MM)
    return limb_of(points | extra)


def cut(segment: Segment, level_mm: float, acute: Pose = NOTHING) -> Target:
    """Cut a bone; a turn makes it a correction."""
    length = FEMUR_MM if segment == RIGHT_FEMUR else TIBIA_MM
    at = Osteotomy(level_mm)
    if acute.valgus_deg:
        at = Osteotomy(level_mm, Rule.ANGULATION, Hinge.CORA)
    return Target(segment, at, acute, NOTHING, 0.0, length)


def lean_deg(canal: Canal) -> float:
    """How far a canal leans laterally going down, in world 0."""
    x, z = canal.distally[0]
    return float(np.degrees(np.arctan2(x, -z)))


SHAFT = {"fem_shaft_prox": (40.0, 350.0), "fem_shaft_dist": (10.0, 100.0)}
PARTS = {
    "fem_above_1": (40.0, 350.0),
    "fem_above_2": (20.0, 250.0),
    "fem_below_1": (10.0, 150.0),
    "fem_below_2": (10.0, 60.0),
}


def test_two_shaft_points_draw_one_canal_for_both_parts() -> None:
    found = canals_of(leg(**SHAFT), cut(RIGHT_FEMUR, 150.0), ALONE)
    assert found.seen is CanalSeen.SHAFT
    assert found.proximal is found.distal
    expected = np.array([-30, -250]) / np.hypot(30, 250)
    np.testing.assert_allclose(found.proximal.distally[0], expected)
    np.testing.assert_array_equal(found.at_cut, found.proximal.point)


@given(level=st.floats(90.0, 340.0))
def test_the_middle_of_the_bone_at_the_cut_lies_at_its_level(level: float) -> None:
    limb = leg(**SHAFT)
    found = canals_of(limb, cut(RIGHT_FEMUR, level), ALONE)
    centre = cut_centre(limb, RIGHT_FEMUR.bone, level)[0]
    assert found.at_cut[0, 1] == pytest.approx(centre[2])
    along = 40 + (found.at_cut[0, 1] - 350) * 30 / 250
    assert found.at_cut[0, 0] == pytest.approx(along)


def test_points_above_and_below_a_bend_draw_a_canal_each() -> None:
    found = canals_of(leg(**SHAFT, **PARTS), cut(RIGHT_FEMUR, 150.0), ALONE)
    assert found.seen is CanalSeen.PARTS
    assert lean_deg(found.proximal) == pytest.approx(np.degrees(np.arctan2(-20, 100)))
    assert lean_deg(found.distal) == pytest.approx(0)


@pytest.mark.parametrize(("level_mm", "above"), [(150.0, True), (330.0, False)])
def test_before_it_is_cut_a_bone_has_one_middle(
    level_mm: float, *, above: bool
) -> None:
    """The two lines meet 200 mm above the knee, 230 mm below the hip."""
    found = canals_of(leg(**PARTS), cut(RIGHT_FEMUR, level_mm), ALONE)
    own = found.proximal if above else found.distal
    np.testing.assert_array_equal(found.at_cut, own.point)


def carried(canal: Canal, limb: Limb, target: Target) -> Canal:
    """Carry a canal along with the acute part of a target."""
    one, other = canal.point[0], canal.point[0] + 100 * canal.distally[0]
    marked = {"knee_one": one, "knee_other": other}
    if target.segment == RIGHT_TIBIA:
        marked = {"ankle_one": one, "ankle_other": other}
    points = {n: np.array([[p[0], 0, p[1]]]) for n, p in marked.items()}
    seen = Limb(limb.side, {**limb.points, **points})
    after = limb_after(seen, target.segment, target.cut.level_mm, target.acute)
    start, end = (after.frontal(n) for n in points)
    return Canal(start, (end - start) / 100)


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, RIGHT_TIBIA])
@given(turn=st.floats(-15, 15), lateral=st.floats(-5, 5))
def test_a_correction_makes_one_line_of_both_canals(
    segment: Segment, turn: float, lateral: float
) -> None:
    """The shaft tells one canal; the other is told by what straightens the bone."""
    limb = leg(**SHAFT, tib_shaft_prox=(-4.0, -150.0), tib_shaft_dist=(-10.0, -260.0))
    acute = Pose(lateral, 0.3, turn or 1.0, not_measured=HIDDEN)
    target = cut(segment, 120.0, acute)
    found = canals_of(limb, target, ALONE)
    moved = carried(found.distal, limb, target)
    np.testing.assert_allclose(moved.distally, found.proximal.distally, atol=1e-9)
    apart = moved.point[0] - found.proximal.point[0]
    along = found.proximal.distally[0]
    assert apart[0] * along[1] - apart[1] * along[0] == pytest.approx(0, abs=1e-6)
    shaft = found.distal if segment == RIGHT_TIBIA else found.proximal
    np.testing.assert_array_equal(found.at_cut, shaft.point)


def test_an_unmarked_femur_has_the_usual_canal_with_its_spread() -> None:
    few = leg()
    many = Limb(
        few.side, {n: np.repeat(p, 2001, axis=0) for n, p in few.points.items()}
    )
    found = canals_of(many, cut(RIGHT_FEMUR, 150.0), Worlds())
    assert found.seen is CanalSeen.USUAL
    row = constant("alignment.ama")
    assert lean_deg(found.proximal) == pytest.approx(-row.value)
    leans = np.degrees(np.arctan2(*(found.proximal.distally * [1, -1]).T))
    assert np.std(leans) == pytest.approx(row.spread, rel=0.1)
    medial = constant("alignment.anatomic_axis_at_knee").value
    at_knee = found.proximal.point[0] + found.proximal.distally[0] * (
        -found.proximal.point[0, 1] / found.proximal.distally[0, 1]
    )
    assert at_knee[0] == pytest.approx(-medial)


def test_an_unmarked_tibia_has_a_canal_beside_its_mechanical_axis() -> None:
    found = canals_of(leg(), cut(RIGHT_TIBIA, 100.0), ALONE)
    medial = constant("alignment.anatomic_axis_at_tibia").value
    np.testing.assert_allclose(found.distal.distally[0], [0, -1], atol=1e-12)
    assert found.at_cut[0, 0] == pytest.approx(-medial)


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, RIGHT_TIBIA])
def test_a_bend_is_not_straightened_over_a_shaft_that_nobody_marked(
    segment: Segment,
) -> None:
    short = "fem" if segment == RIGHT_FEMUR else "tib"
    with pytest.raises(
        DeviceRefusal, match=rf"straighten {segment} .* mark {short}_shaft_prox"
    ):
        canals_of(leg(), cut(segment, 120.0, Pose(valgus_deg=5.0)), ALONE)


# What is said.


def seen_on(limb: Limb) -> Canals:
    """Draw the canals of a right femur."""
    return canals_of(limb, cut(RIGHT_FEMUR, 150.0), ALONE)


def test_an_unmarked_shaft_is_a_caution() -> None:
    limb = leg()
    (found,) = canal_findings(limb, RIGHT_FEMUR, seen_on(limb).seen)
    assert (found.level, found.reference) == (
        Level.CAUTION,
        "nail.canal_unseen@R.femur",
    )


def test_a_bent_shaft_is_a_caution_until_both_parts_are_marked() -> None:
    bent = leg(**SHAFT, fem_shaft_mid=(0.0, 0.0))
    off = leg(fem_shaft_prox=(90.0, 350.0), fem_shaft_dist=(10.0, 100.0))
    (found,) = canal_findings(off, RIGHT_FEMUR, seen_on(off).seen)
    assert found.key == "nail.canal_bent"
    assert canal_findings(bent, RIGHT_FEMUR, seen_on(bent).seen) == []
    both = leg(**PARTS)
    assert canal_findings(both, RIGHT_FEMUR, seen_on(both).seen) == []

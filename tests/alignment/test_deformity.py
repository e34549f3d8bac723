"""Deformity: which bone is to blame, by what angle, and where its apex lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment import (
    Axes,
    LegDeformity,
    Planning,
    Verdict,
    axes_of,
    measure_film,
    normals_for,
    sample_limb,
    summarised,
)
from callotasis.alignment.deformity import Blame, deformity_of, verdict_on
from callotasis.alignment.limb import Limb
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph import FilmFacts
from callotasis.radiograph.phantom import Bend, FilmSpec, make_film
from callotasis.worlds import Interval, Worlds
from crooked import (
    FEMUR_MM,
    NORMAL_DEG,
    STILL,
    TIBIA_MM,
    Drawn,
    bent,
    crooked,
    loose,
    normals,
    still,
    straight,
    without,
)
from darkroom import bare_film
from studio import everything_known

LENGTH = {Bone.FEMUR: FEMUR_MM, Bone.TIBIA: TIBIA_MM}
SHORT = {Bone.FEMUR: "fem", Bone.TIBIA: "tib"}

bones = st.sampled_from(list(Bone))
sides = st.sampled_from(list(Side))
angles = st.floats(-30, 30).filter(lambda deg: abs(deg) > 0.5)
shares = st.floats(0.2, 0.8)


def _apex_at(bone: Bone, share: float) -> tuple[float, float]:
    """Where :func:`crooked` bends a bone: (lateral, proximal) [mm]."""
    return 0.0, (1 - share) * FEMUR_MM if bone is Bone.FEMUR else -share * TIBIA_MM


def _drawn(points: Drawn, bone: Bone, way: Planning, side: Side = Side.RIGHT) -> Axes:
    return axes_of(still(points, side), bone, normals(), STILL)[way]


def _judged(limb: Limb, worlds: Worlds = STILL) -> LegDeformity:
    return deformity_of(limb, summarised(sample_limb(limb)), normals(), worlds)


# The apex, by mechanical planning.


@given(bones, angles, shares, sides)
def test_mechanical_axes_meet_where_the_bone_was_bent(
    bone: Bone, valgus: float, share: float, side: Side
) -> None:
    # Both joint lines of a bone serve any apex; shaft points serve one beside them.
    points = without(crooked(bone, valgus, share), "fem_shaft", "tib_shaft")
    axes = _drawn(points, bone, Planning.MECHANICAL, side)
    assert axes.angle_deg == pytest.approx(valgus, abs=1e-9)
    assert axes.apex[0] == pytest.approx(_apex_at(bone, share), abs=1e-5)


@given(angles, st.floats(0.2, 0.55))
def test_the_shaft_below_an_apex_gives_the_direction_of_a_tibia(
    valgus: float, share: float
) -> None:
    points = without(crooked(Bone.TIBIA, valgus, share), "plafond")
    axes = _drawn(points, Bone.TIBIA, Planning.MECHANICAL)
    assert axes.angle_deg == pytest.approx(valgus, abs=1e-9)
    assert axes.apex[0] == pytest.approx(_apex_at(Bone.TIBIA, share), abs=1e-5)


@given(angles, st.floats(0.75, 0.9))
def test_the_shaft_above_an_apex_gives_the_direction_of_a_femur(
    valgus: float, share: float
) -> None:
    points = without(crooked(Bone.FEMUR, valgus, share), "troch")
    axes = _drawn(points, Bone.FEMUR, Planning.MECHANICAL)
    assert axes.angle_deg == pytest.approx(valgus, abs=1e-9)
    assert axes.apex[0] == pytest.approx(_apex_at(Bone.FEMUR, share), abs=1e-5)


@given(bones, angles, shares)
def test_the_axes_are_the_same_in_every_world_of_a_limb_that_stands_still(
    bone: Bone, valgus: float, share: float
) -> None:
    points = without(crooked(bone, valgus, share), "fem_shaft", "tib_shaft")
    axes = _drawn(points, bone, Planning.MECHANICAL)
    assert np.ptp(axes.angle_deg) == 0
    assert np.ptp(axes.apex, axis=0).max() == 0


# The apex, by anatomic planning.


def _with_shaft_lines(points: Drawn, bone: Bone, share: float, lean: float) -> Drawn:
    """Add two points above and two below an apex, on a line that leans laterally."""
    x, z = _apex_at(bone, share)
    return points | {
        f"{SHORT[bone]}_{part}_{k}": (x + lean * mm, z + mm)
        for part, sign in (("above", 1), ("below", -1))
        for k, mm in (
            (1 if part == "above" else 2, sign * 45.0),
            (2 if part == "above" else 1, sign * 12.0),
        )
    }


@given(bones, angles, shares, st.floats(-0.1, 0.1), sides)
def test_shaft_lines_meet_where_the_bone_was_bent_and_need_no_normal(
    bone: Bone, valgus: float, share: float, lean: float, side: Side
) -> None:
    apex = _apex_at(bone, share)
    points = _with_shaft_lines(straight(), bone, share, lean)
    limb = still(bent(points, bone, valgus, apex), side)
    odd = {name: deg + 5 for name, deg in normals().items()}
    axes = axes_of(limb, bone, odd, STILL)
    assert axes[Planning.ANATOMIC].angle_deg == pytest.approx(valgus, abs=1e-9)
    assert axes[Planning.ANATOMIC].apex[0] == pytest.approx(apex, abs=1e-5)


@given(angles, st.floats(0.75, 0.9))
def test_anatomic_axes_of_a_femur_bent_below_its_shaft_points_have_its_angle(
    valgus: float, share: float
) -> None:
    apex = (15.0, (1 - share) * FEMUR_MM)
    points = bent(straight(), Bone.FEMUR, valgus, apex)
    axes = _drawn(points, Bone.FEMUR, Planning.ANATOMIC)
    assert axes.angle_deg[0] == pytest.approx(valgus, abs=1e-9)


@given(angles, st.floats(0.1, 0.55))
def test_anatomic_axes_of_a_tibia_bent_above_its_shaft_points_meet_at_the_apex(
    valgus: float, share: float
) -> None:
    # The anatomic axis runs 4 mm medial of the mechanical one and bends on itself.
    apex = (-4 * np.cos(np.radians(3.0)), -share * TIBIA_MM)
    points = bent(straight(), Bone.TIBIA, valgus, apex)
    axes = _drawn(points, Bone.TIBIA, Planning.ANATOMIC)
    assert axes.angle_deg[0] == pytest.approx(valgus, abs=1e-9)
    assert axes.apex[0] == pytest.approx(apex, abs=1e-5)


# Level and offset of the apex, as they are printed.


@pytest.mark.parametrize("bone", Bone)
@pytest.mark.parametrize("valgus", [-14.0, 14.0])
@pytest.mark.parametrize("share", [0.25, 0.5])
def test_an_apex_is_given_along_and_beside_the_mechanical_axis(
    bone: Bone, valgus: float, share: float
) -> None:
    points = without(crooked(bone, valgus, share), "fem_shaft", "tib_shaft")
    (apex,) = (
        found[Planning.MECHANICAL]
        for b, found in _judged(still(points)).cora.items()
        if b is bone
    )
    # The axis runs from the upper joint to the lower one past the apex: a triangle
    # of the two parts of the bone and the angle between them.
    upper, lower = share * LENGTH[bone], (1 - share) * LENGTH[bone]
    bend = np.radians(valgus)
    lean = np.arctan2(lower * np.sin(bend), upper + lower * np.cos(bend))
    assert apex.angle_deg.value == pytest.approx(valgus, abs=1e-9)
    assert apex.level_mm.value == pytest.approx(upper * np.cos(lean), abs=1e-6)
    assert apex.lateral_mm.value == pytest.approx(-upper * np.sin(lean), abs=1e-6)


def test_the_apex_of_a_varus_bone_lies_lateral_of_its_axis() -> None:
    cora = _judged(still(crooked(Bone.TIBIA, -14.0, 0.3))).cora[Bone.TIBIA]
    assert cora[Planning.MECHANICAL].lateral_mm.value > 0


@given(bones, angles, shares)
def test_both_sides_are_judged_alike(bone: Bone, valgus: float, share: float) -> None:
    points = crooked(bone, valgus, share)
    right, left = (_judged(still(points, side)) for side in Side)
    assert right.axis is left.axis
    assert right.to_blame == left.to_blame
    assert right.cora == left.cora
    assert len(right.findings) == len(left.findings)


# What axes cannot do.


def test_parallel_axes_have_no_apex_and_make_no_noise() -> None:
    down = np.array([[0.0, -1.0], [0.1, -0.99]])
    across = np.array([[5.0, -100.0], [0.0, -100.0]])
    axes = Axes(np.zeros((2, 2)), down, across, down)
    assert axes.angle_deg == pytest.approx([0, 0])
    assert np.isnan(axes.apex).all()


@pytest.mark.parametrize("bone", Bone)
def test_the_axes_of_a_straight_bone_meet_nowhere(bone: Bone) -> None:
    assert axes_of(still(straight()), bone, normals(), STILL) == {}


BENT_AT = {Bone.FEMUR: 0.8, Bone.TIBIA: 0.3}
BOTH_WAYS = set(Planning)


@pytest.mark.parametrize(
    ("bone", "missing", "left"),
    [
        (Bone.TIBIA, (), BOTH_WAYS),
        (Bone.TIBIA, ("tib_plateau",), set()),
        (Bone.TIBIA, ("tib_shaft", "plafond"), set()),
        (Bone.TIBIA, ("tib_shaft",), {Planning.MECHANICAL}),
        (Bone.TIBIA, ("plafond",), BOTH_WAYS),
        (Bone.FEMUR, (), BOTH_WAYS),
        (Bone.FEMUR, ("troch",), BOTH_WAYS),
        (Bone.FEMUR, ("fem_shaft",), {Planning.MECHANICAL}),
        (Bone.FEMUR, ("fem_shaft", "troch"), set()),
        (Bone.FEMUR, ("fem_condyle",), set()),
    ],
)
def test_axes_are_drawn_only_where_their_landmarks_are(
    bone: Bone, missing: tuple[str, ...], left: set[Planning]
) -> None:
    limb = still(without(crooked(bone, -10.0, BENT_AT[bone]), *missing))
    assert set(axes_of(limb, bone, normals(), STILL)) == left


# The normal angles.


def test_the_other_leg_lends_its_angles_where_they_are_normal() -> None:
    other = {name: np.full(3, deg + 1.0) for name, deg in NORMAL_DEG.items()}
    found = normals_for(other, STILL)
    for name in NORMAL_DEG:
        assert found[name] is other[name]


@pytest.mark.parametrize("name", NORMAL_DEG)
def test_a_crooked_other_leg_lends_nothing(name: str) -> None:
    key = f"alignment.{name.removesuffix('_deg')}"
    row = constant(key)
    other = {n: np.full(2001, deg) for n, deg in NORMAL_DEG.items()}
    other[name] = np.full(2001, row.high + 0.5)
    found = normals_for(other, Worlds(2000))
    assert found[name][0] == row.value
    assert found[name][1:].std() == pytest.approx(row.spread, rel=0.1)
    for another in set(NORMAL_DEG) - {name}:
        assert found[another] is other[another]


def test_without_another_leg_the_population_gives_mean_and_spread() -> None:
    found = normals_for({}, Worlds(2000))
    for name, deg in NORMAL_DEG.items():
        assert found[name][0] == deg
        assert found[name][1:].std() > 0.5


def test_the_population_widens_the_angle_of_a_bone_and_keeps_its_value() -> None:
    worlds = Worlds(500)
    points = without(crooked(Bone.TIBIA, 12.0, 0.3), "tib_shaft")
    limb = still(points, worlds=worlds)
    found = summarised(sample_limb(limb))
    known = {n: np.full(501, deg) for n, deg in NORMAL_DEG.items()}
    alone, with_other = (
        deformity_of(limb, found, given_normals, worlds).cora[Bone.TIBIA]
        for given_normals in (normals_for({}, worlds), known)
    )
    wide, narrow = (c[Planning.MECHANICAL].angle_deg for c in (alone, with_other))
    assert wide.value == pytest.approx(narrow.value) == pytest.approx(12)
    assert narrow.high - narrow.low < 1e-9
    assert wide.high - wide.low > 2


# The malalignment test.


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ((87.0, 86.0, 88.0), Verdict.NORMAL),
        ((89.0, 84.0, 94.0), Verdict.NORMAL),
        ((84.9, 83.0, 86.8), Verdict.SUSPECTED),
        ((84.9, 83.0, 84.99), Verdict.PROVEN),
        ((90.1, 89.0, 91.0), Verdict.SUSPECTED),
        ((92.0, 90.1, 94.0), Verdict.PROVEN),
        ((85.0, 85.0, 85.0), Verdict.NORMAL),
        ((90.0, 90.0, 90.0), Verdict.NORMAL),
    ],
)
def test_an_angle_is_proven_crooked_once_its_interval_leaves_the_normal_range(
    found: tuple[float, float, float], verdict: Verdict
) -> None:
    # The normal mLDFA is 85 to 90 deg.
    assert verdict_on(Interval(*found), "alignment.mldfa") is verdict


def test_a_straight_leg_blames_nobody() -> None:
    found = _judged(still(straight()))
    assert found == LegDeformity(Verdict.NORMAL, (), {})


def test_a_crooked_tibia_is_to_blame_by_its_upper_angle() -> None:
    found = _judged(still(crooked(Bone.TIBIA, -12.0, 0.3)))
    assert Blame("tibia", "mpta_deg", Verdict.PROVEN) in found.to_blame
    assert {blame.part for blame in found.to_blame} == {"tibia"}
    assert set(found.cora) == {Bone.TIBIA}
    assert found.axis is Verdict.PROVEN


@pytest.mark.parametrize("valgus", [-20.0, 20.0])
@pytest.mark.parametrize(
    ("bone", "share"), [(Bone.FEMUR, 0.5), (Bone.FEMUR, 0.6), (Bone.TIBIA, 0.72)]
)
def test_a_bend_between_the_shaft_points_is_not_halved(
    bone: Bone, share: float, valgus: float
) -> None:
    cora = _judged(still(crooked(bone, valgus, share), Side.LEFT)).cora[bone]
    for way, apex in cora.items():
        assert apex.angle_deg.value == pytest.approx(valgus), way


def _with_points_of_a_reader() -> Drawn:
    """Mid-shaft points where readers place them: at 28 and at 65 % of the tibia."""
    medial = straight()["tib_shaft_prox"][0]
    return straight() | {
        "tib_shaft_prox": (medial, -0.28 * TIBIA_MM),
        "tib_shaft_dist": (medial, -0.65 * TIBIA_MM),
    }


@pytest.mark.parametrize("valgus", [-12.0, 12.0])
@pytest.mark.parametrize("share", [0.2, 0.5])
def test_a_bend_clear_of_the_shaft_points_is_found_where_it_is(
    share: float, valgus: float
) -> None:
    points = _with_points_of_a_reader()
    limb = still(bent(points, Bone.TIBIA, valgus, _apex_at(Bone.TIBIA, share)))
    apex = _judged(limb).cora[Bone.TIBIA][Planning.MECHANICAL]
    assert apex.angle_deg.value == pytest.approx(valgus, abs=1.5)
    assert apex.level_mm.value == pytest.approx(share * TIBIA_MM, abs=20)


@pytest.mark.parametrize("valgus", [-12.0, 12.0])
def test_a_bend_just_inside_the_shaft_points_is_under_read_and_the_note_says_so(
    valgus: float,
) -> None:
    points = _with_points_of_a_reader()
    limb = still(bent(points, Bone.TIBIA, valgus, _apex_at(Bone.TIBIA, 0.4)))
    found = _judged(limb)
    apex = found.cora[Bone.TIBIA][Planning.MECHANICAL]
    assert abs(apex.angle_deg.value) == pytest.approx(8, abs=0.5)
    (note,) = (f for f in found.findings if f.key == "deformity.shaft_assumed")
    assert "12° just inside them would be read as 8°" in note.sentence


def test_shaft_points_that_lie_on_no_straight_shaft_are_a_caution() -> None:
    (caution,) = _judged(still(crooked(Bone.TIBIA, -20.0, 0.8), Side.LEFT)).findings
    assert caution.level is Level.CAUTION
    assert (caution.key, caution.about) == ("deformity.shaft", "L.tibia")
    assert "left tibia" in caution.sentence
    assert "tib_above_1" in caution.action


def test_a_crooked_femur_is_to_blame_by_its_lower_angle() -> None:
    found = _judged(still(crooked(Bone.FEMUR, 12.0, 0.8)))
    assert Blame("femur", "mldfa_deg", Verdict.PROVEN) in found.to_blame
    assert {blame.part for blame in found.to_blame} == {"femur"}
    assert set(found.cora) == {Bone.FEMUR}


def _gaping(valgus_deg: float) -> Drawn:
    """Turn a whole tibia about the knee: its joint gapes, no bone is crooked."""
    below = {n for n in straight() if n.startswith(("tib_", "plafond", "ankle"))}
    high = {n: p for n, p in straight().items() if n not in below}
    low = {n: p for n, p in straight().items() if n in below}
    lifted = {f"tib_below_{n}": p for n, p in low.items()}
    turned = bent(lifted, Bone.TIBIA, valgus_deg, (0.0, 0.0))
    return high | {n.removeprefix("tib_below_"): p for n, p in turned.items()}


def test_a_joint_that_gapes_puts_no_blame_on_a_bone() -> None:
    found = _judged(still(_gaping(-5.0)))
    assert found.axis is Verdict.PROVEN
    assert found.to_blame == ()
    assert found.cora == {}


def test_an_axis_that_is_off_for_no_reason_found_is_a_caution() -> None:
    (caution,) = _judged(still(_gaping(-5.0), Side.LEFT)).findings
    assert (caution.level, caution.key) == (Level.CAUTION, "deformity.unexplained")
    assert "left leg" in caution.sentence


def test_a_suspected_angle_without_proof_gives_no_apex() -> None:
    worlds = Worlds(1000)
    limb = loose(crooked(Bone.TIBIA, -3.0, 0.3), Side.LEFT, worlds, 2.0)
    found = deformity_of(
        limb, summarised(sample_limb(limb)), normals_for({}, worlds), worlds
    )
    assert Blame("tibia", "mpta_deg", Verdict.SUSPECTED) in found.to_blame
    assert found.cora == {}


def test_an_apex_is_given_once_the_interval_of_its_angle_leaves_out_zero() -> None:
    worlds = Worlds(1000)
    limb = loose(crooked(Bone.TIBIA, -14.0, 0.3), Side.LEFT, worlds, 1.0)
    found = deformity_of(
        limb, summarised(sample_limb(limb)), normals_for({}, worlds), worlds
    )
    apex = found.cora[Bone.TIBIA][Planning.MECHANICAL]
    assert apex.angle_deg.high < 0
    assert apex.angle_deg.low < -14 < apex.angle_deg.high
    assert apex.level_mm.low < apex.level_mm.value < apex.level_mm.high


# Synthetic films of a known bend.


def _on_synthetic_film(segment: Segment, level: float) -> tuple[LegDeformity, float]:
    spec = FilmSpec(pitch_mm=1.0, noise=False, bend={str(segment): Bend(12.0, level)})
    made = make_film(spec)
    film = bare_film(2000, 600, spacing_mm=(1.0, 1.0), source_mm=spec.source_mm)
    facts = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
    known = everything_known(made.truth)
    found = measure_film(film, made.landmarks, known, facts, Worlds(400)).measurement
    return found.deformity[segment.side], made.truth["cora"][str(segment)]["level_mm"]


@pytest.mark.parametrize("segment", ["R.tibia", "L.femur"])
def test_an_apex_that_is_given_holds_the_truth_wherever_the_bone_is_bent(
    segment: str,
) -> None:
    bent_bone = Segment.parse(segment)
    given_apexes = 0
    for level in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        found, level_mm = _on_synthetic_film(bent_bone, level)
        for way, apex in found.cora.get(bent_bone.bone, {}).items():
            given_apexes += 1
            where = (level, way, apex)
            assert apex.angle_deg.low <= -12 <= apex.angle_deg.high, where
            assert apex.level_mm.low <= level_mm <= apex.level_mm.high, where
    assert given_apexes >= 3

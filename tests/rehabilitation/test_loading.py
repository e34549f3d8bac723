"""The ladder of loading: femur and tibia have their own gates, devices their limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone
from callotasis.rehabilitation import (
    Callus,
    Loading,
    LoadLimit,
    Step,
    weight_bearing,
)
from callotasis.rehabilitation.ladder import CORTICES

LIMIT = LoadLimit(23.0, "Instructions of the example nail, 2026", "Ada")
GROWING = (Phase.LATENCY, Phase.DISTRACTION)
RATIO = st.floats(0.3, 1.3)
ORDER = {step: place for place, step in enumerate(Step)}


def four(*ratios: float, bridged: int | None = None) -> Callus:
    """Ratios of all four cortices: medial, lateral, anterior, posterior."""
    return Callus(dict(zip(CORTICES, ratios, strict=True)), bridged)


def femur(callus: Callus, **more: object) -> Loading:
    return weight_bearing(
        Bone.FEMUR,
        Kind.NAIL,
        Phase.CONSOLIDATION,
        callus,
        **more,  # type: ignore[arg-type]
    )


def tibia(callus: Callus, **more: object) -> Loading:
    return weight_bearing(
        Bone.TIBIA,
        Kind.NAIL,
        Phase.CONSOLIDATION,
        callus,
        **more,  # type: ignore[arg-type]
    )


# Femoral nails.


@pytest.mark.parametrize(
    ("ratios", "full"),
    [
        ((0.93, 0.93, 0.93, 0.93), True),
        ((0.96, 0.94, 0.92, 0.90), True),
        ((0.92, 0.92, 0.92, 0.92), False),
        ((1.00, 1.00, 1.00, 0.89), False),
    ],
)
def test_a_nailed_femur_needs_a_mean_and_every_cortex(
    ratios: tuple[float, ...], full: bool
) -> None:
    assert (femur(four(*ratios)).step is Step.FULL_WITH_AIDS) is full


def test_the_cortex_that_is_missing_is_named() -> None:
    found = femur(four(1.0, 1.0, 1.0, 0.89))
    assert "a ratio of 0.9 in every cortex" in found.missing
    assert "least 0.89 (posterior)" in found.why[0]


def test_three_good_cortices_and_one_that_nobody_read_are_not_enough() -> None:
    found = femur(Callus({"medial": 1.0, "lateral": 1.0, "anterior": 1.0}))
    assert found.step is Step.TOUCH
    assert "the ratio of the posterior cortex" in found.missing


def test_few_bridged_cortices_hold_back_what_ratios_allow() -> None:
    good = (0.95, 0.95, 0.95, 0.95)
    assert femur(four(*good, bridged=3)).step is Step.FULL_WITH_AIDS
    held = femur(four(*good, bridged=2))
    assert held.step is not Step.FULL_WITH_AIDS
    assert "3 bridged cortices; 2 were counted" in held.missing


def test_half_of_the_weight_needs_a_device_that_carries_it() -> None:
    half = four(0.85, 0.85, 0.85, 0.85)
    found = femur(half, limit=LoadLimit(40.0, "IFU", "Ada"), body_kg=70.0)
    assert (found.step, found.limit_kg) == (Step.HALF, 35.0)
    weak = femur(half, limit=LIMIT, body_kg=70.0)
    assert (weak.step, weak.limit_kg) == (Step.PARTIAL, 23.0)
    assert "half of 70 kg is more than the device carries" in weak.why
    light = femur(half, limit=LIMIT)
    assert (light.step, light.limit_kg) == (Step.PARTIAL, 23.0)
    assert "the person's weight" in light.missing
    assert femur(half).step is Step.TOUCH


# Tibial nails.


@pytest.mark.parametrize(
    ("ratios", "step"),
    [
        ((1.0, 1.0, 1.0, 0.7), Step.FULL_WITH_AIDS),
        ((1.0, 1.0, 0.99, 0.7), Step.PARTIAL),
        ((1.0, 0.99, 0.99, 0.7), Step.TOUCH),
    ],
)
def test_a_tibia_is_loaded_by_the_number_of_its_cortices(
    ratios: tuple[float, ...], step: Step
) -> None:
    found = tibia(four(*ratios))
    assert found.step is step
    assert "none of a motorised nail was found" in found.why[0]


def test_two_cortices_name_no_kilograms_without_a_confirmed_device() -> None:
    ratios = {"medial": 1.0, "lateral": 1.1}
    assert tibia(Callus(ratios)).limit_kg is None
    assert any("instructions" in m for m in tibia(Callus(ratios)).missing)
    assert tibia(Callus(ratios), limit=LIMIT).limit_kg == 23.0


def test_the_gates_of_femur_and_tibia_differ() -> None:
    callus = four(0.95, 0.95, 0.95, 0.95)
    assert femur(callus).step is Step.FULL_WITH_AIDS
    assert tibia(callus).step is Step.TOUCH


# While it grows, frames, and what a clinician said.


@pytest.mark.parametrize("phase", GROWING)
@pytest.mark.parametrize("bone", Bone)
def test_a_gap_that_grows_is_never_half_loaded_on_a_nail(
    bone: Bone, phase: Phase
) -> None:
    callus = four(1.0, 1.0, 1.0, 1.0)
    found = weight_bearing(bone, Kind.NAIL, phase, callus, LIMIT, 40.0)
    assert found.step in {Step.TOUCH, Step.PARTIAL}
    assert "the end of distraction" in found.missing


@pytest.mark.parametrize("phase", GROWING)
def test_no_kilogram_is_named_that_nobody_read(phase: Phase) -> None:
    found = weight_bearing(Bone.FEMUR, Kind.NAIL, phase)
    assert (found.step, found.limit_kg) == (Step.TOUCH, None)
    assert "no kilograms are named" in found.why[1]
    assert "maker's instructions" in found.missing[0]
    known = weight_bearing(Bone.FEMUR, Kind.NAIL, phase, limit=LIMIT)
    assert (known.step, known.limit_kg) == (Step.PARTIAL, 23.0)
    assert LIMIT.document in known.why[1]


@pytest.mark.parametrize("kind", [Kind.RING, Kind.HEXAPOD])
@pytest.mark.parametrize("bone", Bone)
def test_ring_frames_are_loaded_as_tolerated(bone: Bone, kind: Kind) -> None:
    found = weight_bearing(bone, kind, Phase.DISTRACTION)
    assert found.step is Step.FULL_WITH_AIDS
    assert found.evidence == ("rehabilitation.ring_loading",)
    after = weight_bearing(bone, kind, Phase.LOADING)
    assert "54 %" in after.why[0]


def test_a_rail_is_no_ring() -> None:
    found = weight_bearing(Bone.FEMUR, Kind.RAIL, Phase.DISTRACTION)
    assert found.step is Step.TOUCH
    assert "of rings, not of rails" in found.why[0]


def test_a_clinicians_word_stands_and_what_is_missing_is_still_said() -> None:
    found = weight_bearing(Bone.FEMUR, Kind.NAIL, Phase.LOADING)
    assert found.step is Step.FULL_WITH_AIDS
    assert found.limit_kg is None
    assert "a clinician allowed full loading" in found.why[0]
    assert any("cortex" in part for part in found.missing)
    solid = weight_bearing(
        Bone.FEMUR, Kind.NAIL, Phase.LOADING, four(1.0, 1.0, 1.0, 1.0)
    )
    assert (solid.step, solid.missing) == (Step.FULL, ())


@given(
    st.sampled_from(Bone),
    st.tuples(RATIO, RATIO, RATIO, RATIO),
    st.sampled_from(range(4)),
    st.floats(0, 0.5),
)
def test_a_better_cortex_never_lowers_the_step(
    bone: Bone, ratios: tuple[float, ...], which: int, more: float
) -> None:
    better = tuple(r + more * (n == which) for n, r in enumerate(ratios))
    steps = [
        ORDER[
            weight_bearing(
                bone,
                Kind.NAIL,
                Phase.CONSOLIDATION,
                four(*found),
                LoadLimit(60.0, "IFU", "Ada"),
                80.0,
            ).step
        ]
        for found in (ratios, better)
    ]
    assert steps[0] <= steps[1]


@given(
    st.sampled_from(Bone),
    st.sampled_from(Kind),
    st.sampled_from([p for p in Phase if p is not Phase.PLANNED]),
    st.tuples(RATIO, RATIO, RATIO, RATIO),
)
def test_every_step_is_a_proposal_with_its_reason(
    bone: Bone, kind: Kind, phase: Phase, ratios: tuple[float, ...]
) -> None:
    found = weight_bearing(bone, kind, phase, four(*ratios))
    assert found.status == "a proposal: a clinician decides"
    assert found.why
    assert found.missing or found.step is Step.FULL
    assert found.limit_kg is None


def test_a_bone_that_is_not_cut_has_no_ladder() -> None:
    with pytest.raises(PlanRefusal, match="the tibia is not cut yet"):
        weight_bearing(Bone.TIBIA, Kind.NAIL, Phase.PLANNED)


@pytest.mark.parametrize("weight", [5.0, 300.0, float("nan")])
def test_a_weight_that_nobody_has_is_refused(weight: float) -> None:
    with pytest.raises(PlanRefusal, match="body_kg is"):
        weight_bearing(Bone.FEMUR, Kind.NAIL, Phase.LATENCY, body_kg=weight)

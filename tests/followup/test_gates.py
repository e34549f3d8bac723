"""Steps after distraction: what is met, what is missing, what nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.distraction import Phase
from callotasis.evidence import constant
from callotasis.fixation import Kind
from callotasis.followup import FilmRead, Gate, Step, gates_of
from callotasis.followup.gates import Healed
from callotasis.pose import Bone

FOUR = ("medial", "lateral", "anterior", "posterior")
SOLID = FilmRead(ratio=dict.fromkeys(FOUR, 1.0), bridged_cortices=4, width_ratio=0.9)


def gates(**known: Any) -> dict[Step, Gate]:
    """Ask for the gates of a healed femur with a nail, but for what is said."""
    usual: dict[str, Any] = {
        "bone": Bone.FEMUR,
        "kind": Kind.NAIL,
        "phase": Phase.CONSOLIDATION,
        "day": 200,
        "film": SOLID,
    }
    return {gate.step: gate for gate in gates_of(Healed(**(usual | known)))}


def met(gate: Gate, words: str) -> bool | None:
    """Tell how one condition of a gate stands."""
    [condition] = [c for c in gate.conditions if words in c.words]
    return condition.met


def with_ratio(*ratios: float, **more: Any) -> FilmRead:
    """Read these cortices of a film."""
    return FilmRead(ratio=dict(zip(FOUR, ratios, strict=False)), **more)


@pytest.mark.parametrize("phase", [Phase.PLANNED, Phase.LATENCY, Phase.DISTRACTION])
def test_no_gate_stands_before_distraction_has_ended(phase: Phase) -> None:
    assert gates(phase=phase) == {}


def test_a_frame_has_the_gates_of_a_frame_and_a_nail_those_of_a_nail() -> None:
    nail = {Step.FULL_WEIGHT_BEARING, Step.SPORT, Step.NAIL_REMOVAL}
    assert gates().keys() == nail
    for kind in (Kind.RAIL, Kind.RING, Kind.HEXAPOD):
        assert gates(kind=kind).keys() == {
            *(Step.DYNAMISATION, Step.FRAME_REMOVAL),
            *(Step.FULL_WEIGHT_BEARING, Step.SPORT),
        }


@pytest.mark.parametrize(
    ("film", "mean", "least", "closed"),
    [
        (SOLID, True, True, True),
        (with_ratio(0.93, 0.93, 0.93, 0.93, bridged_cortices=3), True, True, True),
        (with_ratio(0.92, 0.92, 0.92, 0.92, bridged_cortices=2), False, True, False),
        (with_ratio(1.0, 1.0, 1.0, 0.89), True, False, None),
        (with_ratio(1.0, 1.0), None, None, None),
        (with_ratio(1.0, 0.8), None, False, None),
        (FilmRead(bridged_cortices=4), None, None, True),
        (None, None, None, None),
    ],
)
def test_a_femur_is_loaded_by_mean_least_and_closed_cortices(
    film: FilmRead | None, mean: bool | None, least: bool | None, closed: bool | None
) -> None:
    gate = gates(film=film)[Step.FULL_WEIGHT_BEARING]
    assert met(gate, "Mean pixel value ratio") is mean
    assert met(gate, "Every cortex") is least
    assert met(gate, "closed on two views") is closed
    assert gate.open is (mean is least is closed is True)


@pytest.mark.parametrize(
    ("ratios", "enough"),
    [
        ((1.0, 1.0, 1.0, 0.5), True),
        ((1.0, 1.0, 1.0), True),
        ((1.0, 1.0, 0.9, 0.9), False),
        ((1.0, 1.0), None),
        ((1.0, 0.9), None),
        ((0.9, 0.9), False),
        ((), None),
    ],
)
def test_a_tibia_is_loaded_by_three_cortices_like_bone(
    ratios: tuple[float, ...], enough: bool | None
) -> None:
    film = with_ratio(*ratios, callus_seen=True)
    gate = gates(bone=Bone.TIBIA, film=film)[Step.FULL_WEIGHT_BEARING]
    assert met(gate, "as dense as the bone beside them") is enough
    assert gate.open is (enough is True)


@pytest.mark.parametrize(("width", "wide"), [(0.8, True), (0.79, False), (None, None)])
def test_a_frame_comes_off_a_wide_closed_and_dense_bone(
    width: float | None, wide: bool | None
) -> None:
    film = with_ratio(1, 1, 1, 1, bridged_cortices=3, width_ratio=width)
    for bone in Bone:
        gate = gates(kind=Kind.RING, bone=bone, film=film)[Step.FRAME_REMOVAL]
        assert met(gate, "as wide as its neighbours") is wide
        assert gate.open is (wide is True)
        assert "54 %" in gate.note


@pytest.mark.parametrize(("ratio", "enough"), [(0.82, True), (0.81, False)])
def test_a_frame_is_made_less_stiff_from_half_the_density_on(
    ratio: float, enough: bool
) -> None:
    film = with_ratio(*(ratio,) * 4, bridged_cortices=3)
    gate = gates(kind=Kind.RAIL, film=film)[Step.DYNAMISATION]
    assert gate.open is enough


def test_a_framed_leg_bears_all_once_its_frame_may_come_off() -> None:
    gate = gates(kind=Kind.RING)[Step.FULL_WEIGHT_BEARING]
    assert met(gate, "The frame may come off") is None
    gate = gates(kind=Kind.RING, allowed={Step.FRAME_REMOVAL: 190})[
        Step.FULL_WEIGHT_BEARING
    ]
    assert gate.open


@pytest.mark.parametrize(
    ("day", "loaded", "days", "months"),
    [
        (200, 140, True, True),
        (200, 141, False, True),
        (182, 100, True, False),
        (183, 100, True, True),
        (200, None, None, True),
    ],
)
def test_sport_waits_for_full_loading_and_for_half_a_year(
    day: int, loaded: int | None, days: bool | None, months: bool
) -> None:
    allowed = {} if loaded is None else {Step.FULL_WEIGHT_BEARING: loaded}
    gate = gates(day=day, allowed=allowed)[Step.SPORT]
    assert met(gate, "days of full weight bearing") is days
    assert met(gate, "months since surgery") is months


@pytest.mark.parametrize(("day", "late"), [(364, False), (365, True), (900, True)])
def test_a_nail_comes_out_after_a_year_of_a_loaded_solid_bone(
    day: int, late: bool
) -> None:
    gate = gates(day=day, allowed={Step.FULL_WEIGHT_BEARING: 150})[Step.NAIL_REMOVAL]
    assert met(gate, "since surgery") is late
    assert gate.open is late
    waits = gates(day=day)[Step.NAIL_REMOVAL]
    assert met(waits, "Full weight bearing allowed") is None
    assert not waits.open


def test_a_stop_against_the_bone_keeps_every_gate_shut() -> None:
    for kind in (Kind.NAIL, Kind.RING):
        allowed = dict.fromkeys(Step, 100)
        free = gates(kind=kind, day=900, allowed=allowed)
        assert all(gate.open for gate in free.values())
        stopped = gates(
            kind=kind, day=900, allowed=allowed, findings=("infection.deep",)
        )
        assert not any(gate.open for gate in stopped.values())


def test_a_clinician_allows_whatever_the_gate_says() -> None:
    gate = gates(film=None, allowed={Step.SPORT: 210})[Step.SPORT]
    assert (gate.open, gate.allowed_day) == (False, 210)


def test_every_limit_names_its_row() -> None:
    for kind in (Kind.NAIL, Kind.RING):
        for bone in Bone:
            for gate in gates(kind=kind, bone=bone).values():
                *asked, clear = gate.conditions
                assert clear.evidence == ""  # a fact of this case alone
                assert all(constant(c.evidence).key == c.evidence for c in asked)

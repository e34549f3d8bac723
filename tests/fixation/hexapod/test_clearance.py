"""Room between struts, rings and limb: figures, laws, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FrameRefusal
from callotasis.findings import Level
from callotasis.fixation.hexapod import Placement
from callotasis.fixation.hexapod.clearance import (
    Capsule,
    Clearance,
    Fragments,
    clearance_findings,
    clearances,
    distal_body,
    proximal_body,
)
from callotasis.fixation.hexapod.distance import Washer
from callotasis.fixation.hexapod.hardware import Hardware, Mounted
from callotasis.fixation.hexapod.systems import every_system
from callotasis.worlds import Array
from hexapods import poses

EXAMPLE = every_system()["example"]


def built(name: str) -> Hardware:
    """Two rings alike, and their struts."""
    return Hardware(EXAMPLE.ring(name), EXAMPLE.ring(name), EXAMPLE.struts)


def limb(radius: float, aside: float = 0.0) -> Fragments:
    """A straight limb through a straight frame, perhaps beside its middle."""
    top, middle, bottom = (np.array([aside, 0, z]) for z in (-150.0, 75.0, 150.0))
    return Fragments(
        (Capsule(top, middle, radius),), (Capsule(-middle, bottom, radius),)
    )


def standing(*heights: float) -> Placement:
    """Straight frames, one a day."""
    return Placement.at([(0, 0, z) for z in heights], [(0, 0, 0)] * len(heights))


def room(found: Clearance, pair: str) -> Array:
    """Room of one pair by its name."""
    (place,) = (i for i, p in enumerate(found.pairs) if str(p) == pair)
    return np.asarray(found.room_mm[:, place])


def brute(start: Array, end: Array, other: Array, other_end: Array) -> float:
    """Least distance among many points of two segments."""
    share = np.linspace(0, 1, 201)[:, None]
    one, two = start + share * (end - start), other + share * (other_end - other)
    return float(np.linalg.norm(one[:, None] - two, axis=-1).min())


# Figures.


def test_neighbours_have_the_room_that_their_joints_leave() -> None:
    """Joints 16° apart on a circle of 90 mm, struts 16 mm thick."""
    found = clearances(built("full 160"), standing(150))
    expected = 2 * 90 * np.sin(np.radians(8)) - 16
    assert found.least_mm == pytest.approx([expected])
    assert {str(p) for p in found.closest} <= {
        f"strut {i} and strut {j}" for i, j in ((1, 2), (2, 3), (3, 4), (4, 5), (5, 6))
    } | {"strut 1 and strut 6"}


def test_a_limb_in_the_middle_has_the_rings_inner_radius_less_its_own() -> None:
    found = clearances(built("full 160"), standing(150, 170), limb(55))
    for part in ("limb above the cut", "limb below the cut"):
        ring = "proximal ring" if "above" in part else "distal ring"
        assert room(found, f"{ring} and {part}") == pytest.approx([25, 25], abs=0.02)


def test_a_thicker_strut_takes_its_radius_from_every_room() -> None:
    hardware, day = built("full 160"), standing(150)
    thin, thick = (clearances(hardware, day, limb(50), r) for r in (5.0, 8.0))
    lost = (thin.room_mm - thick.room_mm)[0]
    for pair, less in zip(thin.pairs, lost, strict=True):
        struts = str(pair).count("strut")
        assert less == pytest.approx(3.0 * struts, abs=1e-9)


def test_one_pose_is_one_day_and_worlds_of_days_stand_in_a_row() -> None:
    hardware = built("full 160")
    one = clearances(hardware, Placement.at((0, 0, 150), (0, 0, 0)))
    heights = np.array([[(0, 0, 150), (0, 0, 160), (0, 0, 170)]] * 2)
    many = clearances(hardware, Placement.at(heights, np.zeros((2, 3, 3))))
    assert many.room_mm.shape == (6, one.room_mm.shape[1])
    assert many.room_mm[0] == pytest.approx(one.room_mm[0])
    assert many.room_mm[3:] == pytest.approx(many.room_mm[:3])


def test_every_strut_is_checked_against_all_else() -> None:
    found = clearances(built("full 160"), standing(150), limb(50))
    kinds = [str(p) for p in found.pairs]
    assert len(kinds) == len(set(kinds)) == 15 + 12 + 12 + 4
    assert found.room_mm.shape == (1, 43)
    assert found.sharing == ()


def test_a_taper_is_as_near_as_its_widest_piece() -> None:
    hardware, day = built("full 160"), standing(150)
    slim = limb(40)
    calf = Capsule(np.array([0, 0, 20.0]), np.array([0, 0, 60.0]), 60.0)
    found = clearances(hardware, day, Fragments((*slim.proximal, calf), slim.distal))
    alone = clearances(hardware, day, Fragments((calf,), slim.distal))
    pair = "strut 2 and limb above the cut"
    assert room(found, pair) == room(alone, pair)


def test_bodies_of_rings_lie_behind_their_faces() -> None:
    ring = EXAMPLE.ring("full 160")
    upper, lower = proximal_body(ring), distal_body(ring)
    assert (upper.low_mm, upper.high_mm) == (-22, -14)
    assert (lower.low_mm, lower.high_mm) == (14, 22)
    assert upper == replace(upper, inner_mm=80, outer_mm=100, gap_rad=0.0)
    assert isinstance(upper, Washer)


def test_an_open_ring_gives_way_where_it_is_open() -> None:
    """A limb that hangs out of the opening behind touches only a full ring."""
    at = 95 * np.array([np.cos(np.radians(60)), np.sin(np.radians(60))])
    ends = [np.array([*at, z]) for z in (-150.0, 60.0)]
    thin = Capsule(ends[0], ends[1], 30)
    beside = Fragments((thin,), limb(30).distal)
    pair = "proximal ring and limb above the cut"
    full, partial = (
        room(clearances(built(name), standing(150), beside), pair)[0]
        for name in ("full 160", "partial 160")
    )
    assert full == -30
    to_the_end = np.sqrt(95**2 + 80**2 - 2 * 95 * 80 * np.cos(np.radians(48)))
    assert partial == pytest.approx(to_the_end - 30, abs=0.05)


# Laws.


@given(st.lists(poses(), min_size=1, max_size=3))
def test_struts_are_as_far_apart_as_sampling_says(many: list[Placement]) -> None:
    hardware = built("full 160")
    every = Placement(
        np.stack([p.translation_mm for p in many]), np.stack([p.rotation for p in many])
    )
    found = clearances(hardware, every)
    tops = hardware.frame.proximal_mm
    for day, bottoms in enumerate(every.carried(hardware.frame.distal_mm)):
        for i, j in ((0, 1), (0, 3), (2, 5)):
            sampled = brute(tops[i], bottoms[i], tops[j], bottoms[j]) - 16
            said = room(found, f"strut {i + 1} and strut {j + 1}")[day]
            assert said - 1e-6 <= sampled <= said + 2


@given(poses(), st.floats(-170, 170))
def test_turning_the_whole_frame_changes_no_room(pose: Placement, turn: float) -> None:
    """Rings and limb turned about the frame's axis together."""

    def turned(mounted: Mounted) -> Mounted:
        joints = tuple(a + turn for a in mounted.joints_deg)
        return Mounted(joints, mounted.gap_deg + turn)  # type: ignore[arg-type]

    ring = EXAMPLE.ring("partial 160")
    other = replace(ring, proximal=turned(ring.proximal), distal=turned(ring.distal))
    about_z = Placement.at((0, 0, 0), (0, 0, turn)).rotation
    day = Placement(pose.translation_mm[None], pose.rotation[None])
    again = Placement(
        day.translation_mm @ about_z.T, about_z @ day.rotation @ about_z.T
    )
    before = clearances(built("partial 160"), day, limb(45))
    after = clearances(Hardware(other, other, EXAMPLE.struts), again, limb(45))
    assert after.room_mm == pytest.approx(before.room_mm, abs=0.1)


@given(poses())
def test_days_do_not_disturb_each_other(pose: Placement) -> None:
    hardware, skin = built("full 160"), limb(45)
    both = Placement(
        np.stack([pose.translation_mm, [0, 0, 150]]),
        np.stack([pose.rotation, np.eye(3)]),
    )
    found = clearances(hardware, both, skin)
    alone = clearances(hardware, standing(150), skin)
    assert found.room_mm[1] == pytest.approx(alone.room_mm[0], abs=1e-9)


@given(st.floats(20, 70), st.floats(0.1, 20))
def test_a_wider_limb_never_has_more_room(radius: float, more: float) -> None:
    hardware, day = built("full 160"), standing(150)
    slim, wide = (clearances(hardware, day, limb(r)) for r in (radius, radius + more))
    assert (wide.room_mm <= slim.room_mm + 1e-9).all()


# What is said.


def said_of(hardware: Hardware, days: Placement, skin: Fragments) -> dict[str, str]:
    """Findings by what they are about."""
    found = clearance_findings(clearances(hardware, days, skin), "R.tibia")
    return {f.about: f"{f.level}: {f.sentence}" for f in found}


def test_a_frame_with_room_all_round_is_not_spoken_of() -> None:
    assert said_of(built("full 180"), standing(150, 160, 170), limb(55)) == {}


def test_a_ring_too_near_to_the_skin_is_a_caution_in_words() -> None:
    found = said_of(built("full 140"), standing(150), limb(55))
    assert found["R.tibia, proximal ring and limb above the cut"] == (
        "caution: Proximal ring and limb above the cut come within 15.0 mm of each "
        "other on day 0; wanted are 20 mm."
    )


def test_a_strut_that_runs_into_the_skin_is_a_stop_with_its_days() -> None:
    """The limb below the cut drifts sideways with its ring, into the struts."""
    drift = Placement.at([(x, 0, 150) for x in (0, 20, 40, 45)], [(0, 0, 0)] * 4)
    found = clearances(built("full 160"), drift, limb(55, aside=0))
    findings = clearance_findings(found, "R.tibia")
    stops = [f for f in findings if f.level is Level.STOP]
    assert stops
    for stop in stops:
        pair = stop.about.removeprefix("R.tibia, ")
        days = np.flatnonzero(room(found, pair) <= 0)
        assert f"from day {days[0]} to day {days[-1]}" in stop.sentence or (
            f"on day {days[0]}:" in stop.sentence
        )
        assert stop.evidence.startswith("clearance.")
    assert len({f.reference for f in findings}) == len(findings)


def test_struts_that_share_a_joint_are_named_and_left_out() -> None:
    ring = EXAMPLE.ring("full 160")
    shared = Mounted((0, 120, 120, 240, 240, 0))
    hardware = Hardware(replace(ring, proximal=shared), ring, EXAMPLE.struts)
    found = clearances(hardware, standing(150))
    assert found.sharing == (
        "strut 1 and strut 6",
        "strut 2 and strut 3",
        "strut 4 and strut 5",
    )
    assert found.room_mm.shape == (1, 12 + 12)
    (note,) = clearance_findings(found, "R.tibia")
    assert note.level is Level.NOTE
    assert "strut 2 and strut 3" in note.sentence


# Refusals and speed.


@pytest.mark.parametrize("radius", [0.0, -1.0, 31.0, float("nan")])
def test_a_strut_that_cannot_be_is_refused(radius: float) -> None:
    with pytest.raises(FrameRefusal, match=r"strut radius is .* up to 30 mm"):
        clearances(built("full 160"), standing(150), None, radius)


@pytest.mark.parametrize("radius", [0.0, 251.0, float("inf")])
def test_a_limb_that_cannot_be_is_refused(radius: float) -> None:
    with pytest.raises(FrameRefusal, match="a capsule of radius"):
        limb(radius)


def test_a_point_that_is_nowhere_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="finite points"):
        Capsule(np.array([0, 0, np.nan]), np.zeros(3), 10)


def test_a_limb_of_one_part_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="1 proximal and 0 distal capsules"):
        Fragments(limb(50).proximal, ())


def test_sixty_days_take_less_time_than_a_blink() -> None:
    """About 6 ms on one core; ten times that is allowed on a busy machine."""
    hardware, skin = built("partial 160"), limb(45)
    share = np.linspace(0, 1, 61)[:, None]
    path = Placement.at(
        (1 - share) * [5, -8, 160] + share * [0, 0, 200], (1 - share) * [10, -5, 7]
    )
    times = []
    for _ in range(5):
        start = perf_counter()
        found = clearances(hardware, path, skin)
        times.append(perf_counter() - start)
    assert found.least_mm.shape == (61,)
    assert min(times) < 0.06

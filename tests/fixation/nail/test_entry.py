"""Where a nail goes in, told from a landmark that the surgeon can feel or see."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.alignment import Limb
from callotasis.findings import Level
from callotasis.fixation import canals_of
from callotasis.fixation.nail.entry import (
    Entry,
    distance_to_knee,
    entry_findings,
    entry_of,
)
from callotasis.plan import Osteotomy, Target
from callotasis.pose import HIDDEN, Pose, Segment
from callotasis.worlds import Interval, Worlds
from dora import LEFT_FEMUR, RIGHT_FEMUR, RIGHT_TIBIA
from legs import built_from, limb_of

SHAFT = {"fem_shaft_prox": (40.0, 330.0), "fem_shaft_dist": (16.0, 130.0)}
"""A canal that leans by 0.12 and passes the knee 0.4 mm lateral of its middle."""
LEAN = np.hypot(1, 0.12)


def entry(
    segment: Segment, *, retrograde: bool = False, **extra: tuple[float, float]
) -> Entry:
    """Look for the entry of a nail in a leg of 430 and 370 mm, cut at 130 mm."""
    points = built_from(88, 88, 0, femur_mm=430.0, tibia_mm=370.0) | extra
    flat = limb_of(points, segment.side)
    limb = Limb(flat.side, {n: np.repeat(p, 3, axis=0) for n, p in flat.points.items()})
    nothing = Pose(not_measured=HIDDEN)
    target = Target(segment, Osteotomy(130.0), nothing, nothing, 0.0, 430.0)
    canals = canals_of(limb, target, Worlds(2))
    return entry_of(limb, target, canals, retrograde=retrograde)


@pytest.mark.parametrize("segment", [RIGHT_FEMUR, LEFT_FEMUR])
def test_a_nail_from_above_is_told_from_the_tip_of_the_trochanter(
    segment: Segment,
) -> None:
    """At the tip's height the canal runs at x = 0.4 + 0.12 z = 52."""
    found = entry(segment, troch_tip=(60.0, 430.0), **SHAFT)
    assert found.offset_mm is not None
    assert found.offset_mm.value == pytest.approx(-8 / LEAN, abs=1e-9)
    assert found.words == (
        f"8 mm medial of the tip of the greater trochanter, {segment.words}"
    )
    # The tip lies 130 mm above the cut, and 8 mm beside the canal.
    assert found.to_cut_mm == pytest.approx(130 * LEAN + 8 * 0.12 / LEAN, abs=0.01)


def test_lateral_of_the_tip_is_said_so() -> None:
    found = entry(RIGHT_FEMUR, troch_tip=(40.0, 430.0), **SHAFT)
    assert found.words.startswith("12 mm lateral of the tip")


def test_a_trochanter_that_nobody_marked_leaves_the_entry_unmeasured() -> None:
    found = entry(RIGHT_FEMUR, **SHAFT)
    assert found.offset_mm is None
    assert "not measured" in found.words
    # The hip's centre stands in for it; at the cut the canal lies 36.4 mm beside it.
    assert found.to_cut_mm == pytest.approx((130 - 36.4 * 0.12) / LEAN, abs=0.01)


def test_a_nail_from_the_knee_is_told_from_its_middle() -> None:
    found = entry(RIGHT_FEMUR, retrograde=True, **SHAFT)
    assert found.offset_mm is not None
    assert found.offset_mm.value == pytest.approx(0.4 / LEAN)
    assert found.to_cut_mm == pytest.approx(300 * LEAN, abs=0.1)
    assert "middle of the knee" in found.words


def test_a_tibia_is_entered_beside_the_middle_of_its_plateau() -> None:
    shaft = {"tib_shaft_prox": (-4.0, -120.0), "tib_shaft_dist": (-4.0, -250.0)}
    found = entry(RIGHT_TIBIA, **shaft)
    assert found.landmark == "middle of the plateau"
    assert found.offset_mm is not None
    assert found.offset_mm.value == pytest.approx(-4)
    assert found.to_cut_mm == pytest.approx(125)


def test_the_knee_lies_along_the_canal() -> None:
    points = built_from(88, 88, 0, femur_mm=430.0, tibia_mm=370.0)
    limb = limb_of(points | SHAFT)
    nothing = Pose(not_measured=HIDDEN)
    target = Target(RIGHT_FEMUR, Osteotomy(130.0), nothing, nothing, 0.0, 430.0)
    far = distance_to_knee(limb, canals_of(limb, target, Worlds(1)))
    assert far == pytest.approx(300 * LEAN, abs=0.1)


@pytest.mark.parametrize(
    ("segment", "retrograde", "offset_mm", "level"),
    [
        (RIGHT_FEMUR, False, -19.0, None),
        (RIGHT_FEMUR, False, 6.0, Level.NOTE),
        (RIGHT_FEMUR, False, 11.0, Level.CAUTION),
        (RIGHT_FEMUR, False, -26.0, Level.CAUTION),
        (RIGHT_FEMUR, True, -14.0, None),
        (RIGHT_FEMUR, True, 11.0, Level.CAUTION),
        (RIGHT_TIBIA, False, 9.0, None),
        (RIGHT_TIBIA, False, -11.0, Level.NOTE),
    ],
)
def test_an_entry_beside_any_usual_one_is_said_as_surely_as_it_is_known(
    segment: Segment, offset_mm: float, level: Level | None, *, retrograde: bool
) -> None:
    offset = Interval(offset_mm, offset_mm - 5, offset_mm + 5)
    found = entry_findings(
        segment, Entry("x", offset, "there", 100.0), retrograde=retrograde
    )
    assert [f.level for f in found] == ([level] if level else [])
    assert entry_findings(segment, Entry("x", None, "", 1.0), retrograde=False) == []

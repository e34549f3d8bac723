"""What is left when struts are turned, world by world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.errors import FrameRefusal
from callotasis.fixation.doubt import doubt_about, sizes_of
from callotasis.fixation.hexapod import Placement, struts_of
from callotasis.fixation.hexapod.mounting import (
    Mounting,
    Reference,
    frame_after,
    motion_of,
    ring_on_bone,
)
from callotasis.fixation.hexapod.reading import Reading
from callotasis.fixation.hexapod.residual import residuals
from callotasis.worlds import Array, Worlds
from hexapods import USUAL

DRAWS = Worlds(count=400)
NEUTRAL = Placement.at((0, 0, 160), (0, 0, 0))
BEND = np.array([0.0, 0, 0, 0, -20, 0])
RING = np.array([4.0, -6, 70, 2, -3, 5])
WANTED = Placement.at((0, 0, 0), (0, 0, 0))


def read(
    bend: Array | None = None, ring: Array | None = None, struts: Array | None = None
) -> Reading:
    """A reading whose parts scatter as told; the rest is certain."""
    count = DRAWS.count + 1
    nothing = np.zeros((count, 6))
    bend, ring, struts = (
        nothing if given is None else given for given in (bend, ring, struts)
    )
    inputs = {"bend": bend, "ring": ring, "struts": struts}
    return Reading(
        motion_of(BEND + bend),
        Mounting(Reference.PROXIMAL, ring_on_bone(RING + ring)),
        struts,
        {name: draws for name, draws in inputs.items() if draws.any()},
    )


def left_by(reading: Reading) -> Array:
    """Residuals of the program that the nominal reading asks for."""
    before = motion_of(BEND)
    start = frame_after(ring_on_bone(RING), NEUTRAL, WANTED, before)
    struts = struts_of(USUAL, start), struts_of(USUAL, NEUTRAL)
    return residuals(USUAL, reading, struts, (start, NEUTRAL), WANTED)


def normal(name: str, *columns: int, sd: float = 1.0) -> Array:
    """Draws in some of six columns."""
    draws = np.zeros((DRAWS.count + 1, 6))
    draws[:, list(columns)] = DRAWS.normal(name, sd, (len(columns),))
    return draws


def test_what_was_read_rightly_leaves_nothing() -> None:
    assert left_by(read()) == pytest.approx(0, abs=1e-6)


def test_a_misread_deformity_is_left_over_as_it_was_misread() -> None:
    shifts = normal("shift", 0, 1, 2)
    left = left_by(read(bend=shifts))
    assert left[0] == pytest.approx(0, abs=1e-6)
    sizes = np.linalg.norm(left[:, :3], axis=1)
    assert sizes == pytest.approx(np.linalg.norm(shifts[:, :3], axis=1), abs=1e-5)
    assert left[:, 3:] == pytest.approx(0, abs=1e-6)


def test_a_ring_misread_sideways_shifts_by_the_turn_it_makes() -> None:
    """The hinge lies elsewhere by d: the bone ends 2·d·sin(a/2) aside."""
    ring = np.zeros((DRAWS.count + 1, 6))
    ring[1:, 2] = 10.0
    left = left_by(read(ring=ring))
    shift = np.linalg.norm(left[1:, :3], axis=1)
    assert shift == pytest.approx(2 * 10 * np.sin(np.radians(10)), abs=1e-4)


def test_a_scale_that_is_off_all_the_way_does_less_than_a_misread_bone() -> None:
    left = left_by(read(struts=normal("struts", *range(6), sd=0.5)))
    angulation, shift = sizes_of(left)
    assert 0 < np.median(angulation) < 0.6
    assert 0 < np.median(shift) < 1.0


def test_struts_that_fit_no_pose_are_no_numbers() -> None:
    struts = np.zeros((DRAWS.count + 1, 6))
    struts[7] = [400, -100, 0, 0, 0, 0]
    left = left_by(read(struts=struts))
    assert np.isnan(left[7]).all()
    assert np.isfinite(np.delete(left, 7, axis=0)).all()
    found = doubt_about(left, {"struts": struts})
    assert 0 <= found.chance_of_second_program <= 1


def test_frames_that_could_not_exist_are_refused() -> None:
    struts = np.zeros((DRAWS.count + 1, 6))
    struts[1:40] = [400, -100, 0, 0, 0, 0]
    with pytest.raises(FrameRefusal, match=r"10% of these frames could not exist"):
        doubt_about(left_by(read(struts=struts)), {})


def test_the_worst_reading_comes_first() -> None:
    bend, ring = normal("bend", 4, sd=2.0), normal("ring", 0, sd=0.5)
    reading = read(bend=bend, ring=ring)
    found = doubt_about(left_by(reading), reading.inputs)
    assert [share.reading for share in found.read_again] == ["bend", "ring"]
    assert sum(share.share for share in found.read_again) == pytest.approx(1, abs=0.1)


def test_more_scatter_means_more_programs() -> None:
    chances = [
        doubt_about(left_by(read(bend=normal("bend", 3, 4, sd=sd))), {})
        for sd in (0.2, 1.0, 3.0)
    ]
    found = [chance.chance_of_second_program for chance in chances]
    assert found[0] == 0 < found[1] < found[2] < 1


def test_a_mounting_on_the_distal_ring_leaves_nothing_either() -> None:
    before = motion_of(BEND)
    start = frame_after(ring_on_bone(RING), NEUTRAL, WANTED, before)
    own = before.inverse() @ ring_on_bone(RING) @ start
    reading = replace(
        read(),
        mounting=Mounting(
            Reference.DISTAL,
            Placement(
                np.tile(own.translation_mm, (DRAWS.count + 1, 1)),
                np.tile(own.rotation, (DRAWS.count + 1, 1, 1)),
            ),
        ),
    )
    assert left_by(reading) == pytest.approx(0, abs=1e-6)
